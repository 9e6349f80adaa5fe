import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from studio.files import sha256_of
from studio.jobs import intake
from studio.jobs.intake import Order, Plan, Skipped, Taken, decode, encode, plan, take_in, take_in_rest
from studio.jobs.pairs import Role
from studio.jobs.store import Store
from studio.model import ChannelFile, Format, Job, JobStatus, OutputStep, Recipe, Template
from tests.unit.jobs.builders import make_report, result_file


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    folder = tmp_path / "shoot"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg"):
        (folder / name).write_text(name)
    return folder


def ordered(store: Store, shoot: Path, **changes: object) -> Plan:
    order = Order(paths=(shoot,), out=shoot.parent / "out", recipe=Recipe())
    return plan(replace(order, **changes), store)


def taken(store: Store, wanted: Plan) -> list[Job]:
    return [outcome.job for outcome in take_in(wanted, store, wanted.order.out / "locks") if isinstance(outcome, Taken)]


def finish(store: Store, job: Job) -> Path:
    picture = job.destination.with_name(f"{job.destination.name}.png")
    picture.parent.mkdir(exist_ok=True)
    picture.write_text(job.id)
    store.claim(job.id, "w")
    files = [result_file(picture, sha256_of(picture))]
    store.finish(job.id, "w", files=files, confidence=1, warnings=[], needs_review=False)
    return picture


def test_the_identity_is_content_recipe_place_and_destination(store: Store, shoot: Path, tmp_path: Path) -> None:
    def key(**changes: object) -> str:
        return taken(store, ordered(store, shoot, **changes))[0].intake_key

    first = key()
    assert key() == first
    assert key(recipe=Recipe(name="another name")) == first
    others = {
        key(recipe=Recipe(output=OutputStep(format=Format.JPG))),
        key(out=tmp_path / "other"),
        key(paths=(tmp_path,)),
    }
    (shoot / "a.jpg").write_text("retouched")
    others.add(key())
    (shoot / "a_inside.jpg").write_text("inside")
    others.add(key(inside="{stem}_inside.*"))
    assert len(others | {first}) == 6


def test_what_is_done_is_skipped_while_its_files_stand(store: Store, shoot: Path) -> None:
    picture = finish(store, taken(store, ordered(store, shoot))[0])
    outcomes = list(take_in(ordered(store, shoot), store, shoot / "locks"))
    assert [type(outcome) for outcome in outcomes] == [Skipped, Taken]
    picture.write_text("changed by hand")
    assert len(taken(store, ordered(store, shoot))) == 2


def test_a_number_that_was_corrected_is_done_anew_in_its_place(store: Store, shoot: Path) -> None:
    def numbered(sku: str) -> Plan:
        wanted = ordered(store, shoot)
        return replace(wanted, shots=tuple(replace(each, shot=replace(each.shot, sku=sku)) for each in wanted.shots))

    def outcomes(sku: str) -> list[type]:
        return [type(outcome) for outcome in take_in(numbered(sku), store, shoot / "locks")]

    for job in taken(store, ordered(store, shoot)):
        finish(store, job)
    assert outcomes("") == [Skipped, Skipped]
    assert outcomes("a") == [Skipped, Taken], "the number that its name tells is nothing new"
    (corrected,) = store.queue()
    assert (corrected.shot.sku, corrected.destination.name) == ("a", "b")
    finish(store, corrected)
    assert outcomes("a") == [Skipped, Skipped]


@pytest.mark.parametrize("pattern", ["{stem}", "{sku}_{view}"])
def test_a_job_that_waits_takes_the_number_that_was_corrected(store: Store, shoot: Path, pattern: str) -> None:
    channel = Template(name="shop", title="Shop", output=OutputStep(name="{sku}"))
    order = Order(
        paths=(shoot / "a.jpg",),
        out=shoot.parent / "out",
        recipe=Recipe(output=OutputStep(name=pattern), channels=(channel,)),
    )

    def numbered(sku: str) -> list[Job]:
        return taken(store, plan(order, store, {shoot / "a.jpg": (Role.FRONT, sku)}))

    (first,) = numbered("4711")
    (second,) = numbered("4712")
    assert (second.id, second.shot.sku, second.recipe.channels[0].output.name) == (first.id, "4712", "4712")
    assert second.destination.name == {"{stem}": "a"}.get(pattern, "4712_front")
    assert store.queue() == [second]
    store.claim(first.id, "w")
    numbered("4713")
    assert store.get(first.id).job.shot.sku == "4712", "what runs is left alone"


def test_a_number_that_was_corrected_by_mistake_is_not_worked_on_once_it_is_put_right(
    store: Store, shoot: Path
) -> None:
    def numbered(sku: str) -> list[Job]:
        return taken(store, plan(order, store, {shoot / "a.jpg": (Role.FRONT, sku)}))

    order = Order(paths=(shoot / "a.jpg",), out=shoot.parent / "out", recipe=Recipe(output=OutputStep(name="{sku}")))
    finish(store, numbered("4711")[0])
    (mistaken,) = numbered("4712")
    assert numbered("4711") == []
    assert store.queue() == []
    assert store.get(mistaken.id).job.status is JobStatus.CANCELLED


def test_the_seed_depends_on_the_photo_and_the_recipe_alone(store: Store, shoot: Path, tmp_path: Path) -> None:
    seeds = [job.seed for job in taken(store, ordered(store, shoot))]
    again = [job.seed for job in taken(store, ordered(store, shoot, out=tmp_path / "elsewhere"))]
    assert seeds == again
    assert len(set(seeds)) == 2


def test_an_unreadable_photo_becomes_a_job(store: Store, shoot: Path) -> None:
    (shoot / "c.jpg").symlink_to("nowhere")
    assert [job.source_hash == "" for job in taken(store, ordered(store, shoot))] == [False, False, True]


def test_an_intake_broken_off_is_ended_by_the_next_start(store: Store, shoot: Path) -> None:
    locks = shoot / "locks"
    interrupted = take_in(ordered(store, shoot), store, locks)
    next(interrupted)
    take_in_rest(store, locks)
    assert len(store.queue()) == 1, "an order that somebody is at was taken over"
    interrupted.close()
    take_in_rest(store, locks)
    assert [job.shot.front.name for job in store.queue()] == ["a.jpg", "b.jpg"]
    assert store.open_orders() == []


def test_the_rest_of_an_order_does_not_repeat_what_the_order_did_already(store: Store, shoot: Path) -> None:
    finish(store, taken(store, ordered(store, shoot))[0])
    again = take_in(ordered(store, shoot, again=True), store, shoot / "locks")
    outcome = next(again)
    assert isinstance(outcome, Taken)
    store.claim(outcome.job.id, "w")
    store.put_back(outcome.job.id, "w")
    finish(store, outcome.job)
    again.close()
    take_in_rest(store, shoot / "locks")
    assert [entry.job.status for entry in store.of_intake_keys([outcome.job.intake_key])] == [JobStatus.DONE] * 2


def test_a_plan_survives_being_written_down(store: Store, shoot: Path) -> None:
    (shoot / "caf\udce9.jpg").write_text("a name that is no text")
    wanted = ordered(store, shoot, again=True)
    kept = decode(encode(wanted))
    assert kept.shots == wanted.shots
    assert (kept.order.recipe, kept.order.again) == (wanted.order.recipe, True)


def test_doing_a_job_again_takes_the_photo_as_it_is_now(store: Store, shoot: Path) -> None:
    job = taken(store, ordered(store, shoot))[0]
    finish(store, job)
    second = intake.again(job, store)
    assert (second.intake_key, second.status) == (job.intake_key, JobStatus.QUEUED)
    store.cancel(second.id)
    job.shot.front.write_text("retouched")
    third = intake.again(job, store)
    assert third.source_hash == sha256_of(job.shot.front)
    assert third.intake_key != job.intake_key


def test_a_photo_that_comes_later_takes_no_name_from_one_that_is_done(store: Store, shoot: Path) -> None:
    finish(store, taken(store, ordered(store, shoot))[0])
    (shoot / "a.CR3").write_text("raw")
    places = {job.shot.front.name: job.destination.name for job in taken(store, ordered(store, shoot))}
    assert places == {"a.CR3": "a-cr3", "b.jpg": "b"}


def test_a_photo_named_alone_keeps_the_name_that_it_got_among_others(store: Store, shoot: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.jpg").write_text("another")
    both = (shoot / "a.jpg", tmp_path / "other" / "a.jpg")
    first, second = taken(store, ordered(store, shoot, paths=both))
    assert (first.destination.name, second.destination.name) == ("a", "a-jpg")
    (alone,) = taken(store, ordered(store, shoot, paths=both[1:]))
    assert alone.id == second.id


def test_numbers_go_by_the_order_of_the_photos_whoever_came_first(store: Store, shoot: Path) -> None:
    recipe = Recipe(output=OutputStep(name="{index:03}"))
    taken(store, ordered(store, shoot, recipe=recipe))
    (shoot / "a0.jpg").write_text("between")
    places = [job.destination.name for job in taken(store, ordered(store, shoot, recipe=recipe, again=True))]
    assert sorted(places) == ["001", "002", "003"]


@pytest.mark.parametrize("through", ["out", "in"])
def test_output_inside_the_input_is_known_through_a_link(store: Store, shoot: Path, through: str) -> None:
    link = shoot.parent / "link"
    out = shoot / "results"
    out.mkdir()
    link.symlink_to(out if through == "out" else shoot)
    words = {"out": link} if through == "out" else {"paths": (link,), "out": out}
    finish(store, taken(store, ordered(store, shoot, **words))[0])
    assert {job.shot.front.name for job in taken(store, ordered(store, shoot, **words))} == {"b.jpg"}


def test_results_recorded_under_a_folders_real_name_are_known_through_a_link_to_it(store: Store, shoot: Path) -> None:
    finish(store, taken(store, ordered(store, shoot, out=shoot / "results"))[0])
    (shoot.parent / "link").symlink_to(shoot)
    jobs = taken(store, ordered(store, shoot, paths=(shoot.parent / "link",), out=shoot.parent / "elsewhere"))
    assert {job.shot.front.name for job in jobs} == {"a.jpg", "b.jpg"}


@pytest.mark.parametrize("amid", [False, True])
def test_results_recorded_through_a_link_are_known_by_their_real_name(store: Store, shoot: Path, amid: bool) -> None:
    (shoot / "day").mkdir()
    (shoot / "day" / "c.jpg").write_text("c")
    link = shoot.parent / "link"
    link.symlink_to(shoot / "day" if amid else shoot)
    finish(store, taken(store, ordered(store, shoot, paths=(link,), out=link / "results"))[0])
    jobs = taken(store, ordered(store, shoot, out=shoot.parent / "elsewhere"))
    assert {job.shot.front.name for job in jobs} == {"a.jpg", "b.jpg", "c.jpg"}


def test_results_are_known_in_a_folder_linked_into_the_shoot(store: Store, shoot: Path) -> None:
    other = shoot.parent / "other"
    other.mkdir()
    finish(store, taken(store, ordered(store, shoot, out=other))[0])
    (shoot / "linked").symlink_to(other)
    jobs = taken(store, ordered(store, shoot, out=shoot.parent / "elsewhere"))
    assert {job.shot.front.name for job in jobs} == {"a.jpg", "b.jpg"}


def test_results_of_another_computer_are_known_by_the_reports_beside_them(store: Store, shoot: Path) -> None:
    out = shoot / "finished"
    (out / "a.layers").mkdir(parents=True)
    for name in ("a.png", "a.jpg", "shop_1.jpg", "a.layers/garment.png", "a.webp", "c.jpg"):
        (out / name).write_text(name)
    channel = ChannelFile(template="shop", file="shop_1.jpg", transforms=(), checks=())
    recipe = Recipe(output=OutputStep(format=Format.PNG))
    (out / "a.report.json").write_text(make_report(recipe=recipe, channels=(channel,)).to_json())
    (out / "c.report.json").write_text('{"recipe": []}')
    found = [wanted.shot.front for wanted in ordered(store, shoot).shots]
    assert [path.relative_to(shoot).as_posix() for path in found] == [
        "a.jpg", "b.jpg", "finished/a.jpg", "finished/a.webp", "finished/c.jpg",
    ]  # fmt: skip


def test_a_pipe_with_a_photos_name_is_left_for_the_worker_to_refuse(store: Store, shoot: Path) -> None:
    os.mkfifo(shoot / "c.jpg")
    assert [job.source_hash == "" for job in taken(store, ordered(store, shoot))] == [False, False, True]


def test_a_photo_keeps_its_name_under_each_pattern(store: Store, shoot: Path) -> None:
    cut = Recipe(output=OutputStep(name="{stem}-cut"))
    taken(store, ordered(store, shoot))
    (shoot / "a.CR3").write_text("raw")
    first = {job.shot.front.name: job.destination.name for job in taken(store, ordered(store, shoot))}
    taken(store, ordered(store, shoot, recipe=cut))
    last = {job.shot.front.name: job.destination.name for job in taken(store, ordered(store, shoot))}
    assert first == last == {"a.jpg": "a", "b.jpg": "b", "a.CR3": "a-cr3"}


def test_a_place_of_another_pattern_takes_no_name_from_who_has_it(store: Store, shoot: Path) -> None:
    (shoot / "a-2.jpg").write_text("two")
    taken(store, ordered(store, shoot))
    plain = Recipe(output=OutputStep(name="{shoot}"))
    taken(store, ordered(store, shoot, paths=(shoot / "b.jpg",), recipe=plain))
    places = {job.shot.front.name: job.destination.name for job in taken(store, ordered(store, shoot, recipe=plain))}
    assert places["b.jpg"] == "shoot"


@pytest.fixture
def two_names(tmp_path: Path) -> tuple[Path, Path]:
    """An output folder by its real name, and through a link to the folder it stands in."""
    (tmp_path / "disk" / "out").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    return tmp_path / "disk" / "out", tmp_path / "link" / "out"


@pytest.mark.parametrize("link_first", [False, True])
def test_an_output_folder_is_the_same_by_its_real_name_and_through_a_link(
    store: Store, shoot: Path, two_names: tuple[Path, Path], link_first: bool
) -> None:
    first, second = reversed(two_names) if link_first else two_names
    done, waiting = taken(store, ordered(store, shoot, out=first))
    finish(store, done)
    outcomes = list(take_in(ordered(store, shoot, out=second), store, shoot / "locks"))
    assert [type(outcome) for outcome in outcomes] == [Skipped, Taken]
    assert [job.id for job in store.queue()] == [waiting.id]
    assert waiting.destination == first / "b", "the folder is shown as it was called"


def test_work_recorded_by_an_output_folders_called_name_is_known(
    store: Store, shoot: Path, two_names: tuple[Path, Path]
) -> None:
    real, link = two_names
    job = taken(store, ordered(store, shoot, out=link))[0]
    identity = (job.source_hash, None, job.recipe.fingerprint, 0, os.fsencode("a.jpg").hex())
    identity += (os.fsencode(link / "a").hex(),)
    store.cancel(job.id)
    earlier = replace(job, id="earlier", intake_key=hashlib.sha256(json.dumps(identity).encode()).hexdigest())
    assert store.add(earlier) == earlier
    for out in (real, link):
        assert taken(store, ordered(store, shoot, out=out))[0].id == "earlier"
    finish(store, earlier)
    for out in (real, link):
        assert isinstance(next(take_in(ordered(store, shoot, out=out), store, shoot / "locks")), Skipped)


def test_a_photo_keeps_its_name_whatever_the_output_folder_is_called(
    store: Store, shoot: Path, two_names: tuple[Path, Path]
) -> None:
    real, link = two_names
    taken(store, ordered(store, shoot, out=link))
    (shoot / "a.CR3").write_text("raw")
    places = {job.shot.front.name: job.destination for job in taken(store, ordered(store, shoot, out=real, again=True))}
    assert places["a.CR3"] == real / "a-cr3"


def test_a_photo_keeps_its_name_through_whichever_link_it_is_reached(store: Store, shoot: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(shoot)
    finish(store, taken(store, ordered(store, shoot))[0])
    (shoot / "a.CR3").write_text("raw")
    through = ordered(store, shoot, paths=(tmp_path / "link",), again=True)
    places = {job.shot.front.name: job.destination.name for job in taken(store, through)}
    assert places == {"a.CR3": "a-cr3", "a.jpg": "a", "b.jpg": "b"}
