from pathlib import Path

import pytest
from sqlalchemy import event

from studio.errors import Cancelled, OutputError
from studio.files import TEMPORARY_PREFIX, sha256_of
from studio.jobs.places import check_writable, choose_copy, is_free, refuse_taken, remove_ours, sweep
from studio.jobs.store import Store
from studio.model import Job, OutputStep, Recipe
from tests.unit.jobs.builders import make_job, result_file


@pytest.fixture
def job(store: Store, tmp_path: Path) -> Job:
    job = store.add(make_job(out=tmp_path / "out", recipe=Recipe(output=OutputStep(layers=True))))
    store.claim(job.id, "w")
    return job


def put(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def test_free_names_are_taken_as_they_are(job: Job, store: Store) -> None:
    assert choose_copy(job, "w", store) == 1


@pytest.mark.parametrize("name", ["a.png", "a.report.json", "a.layers/result_full.png", "_review/a.png"])
def test_a_strangers_file_moves_the_whole_result_to_the_next_name(job: Job, store: Store, name: str) -> None:
    put(job.destination.parent / name)
    assert choose_copy(job, "w", store) == 2


def test_a_link_is_never_written_through(job: Job, store: Store, tmp_path: Path) -> None:
    original = put(tmp_path / "precious.png")
    job.destination.parent.mkdir()
    (job.destination.parent / "a.png").symlink_to(original)
    assert choose_copy(job, "w", store) == 2


def test_our_own_planned_file_is_replaced_and_one_changed_since_is_not(job: Job, store: Store) -> None:
    picture = put(job.destination.parent / "a.png")
    store.plan(job.id, "w", [result_file(picture, sha256_of(picture))])
    assert choose_copy(job, "w", store) == 1
    put(picture, "retouched")
    assert choose_copy(job, "w", store) == 2


def test_no_name_is_looked_for_when_the_job_went_to_another_worker(job: Job, store: Store) -> None:
    store.put_back(job.id, "w")
    store.claim(job.id, "another")
    with pytest.raises(Cancelled):
        choose_copy(job, "w", store)


def test_a_name_taken_while_the_job_ran_is_refused(job: Job, store: Store) -> None:
    choose_copy(job, "w", store)
    picture = put(job.destination.parent / "a.png")
    with pytest.raises(OutputError, match="taken meanwhile"):
        refuse_taken([result_file(picture)], job, store)
    assert picture.read_text() == "x"


def test_an_output_that_takes_no_files_is_found_out_before_the_work(tmp_path: Path) -> None:
    put(tmp_path / "file")
    with pytest.raises(OutputError, match="file"):
        check_writable(make_job(out=tmp_path / "file" / "deeper"))
    check_writable(make_job(out=tmp_path / "new" / "folder"))
    assert not (tmp_path / "new").exists()


def test_only_the_dead_ones_temporary_files_are_swept(job: Job) -> None:
    dead = [
        put(job.destination.parent / f"{TEMPORARY_PREFIX}dead-1.png"),
        put(job.review_destination.parent / f"{TEMPORARY_PREFIX}dead-2.json"),
        put(job.destination.parent / "a-2.layers" / f"{TEMPORARY_PREFIX}dead-3.png"),
    ]
    alive = put(job.destination.parent / f"{TEMPORARY_PREFIX}alive-1.png")
    sweep(job, "dead")
    assert [path.exists() for path in (*dead, alive)] == [False, False, False, True]


def test_removing_our_files_spares_changed_ones_and_clears_empty_folders(tmp_path: Path) -> None:
    ours, changed = put(tmp_path / "out" / "deep" / "a.png"), put(tmp_path / "out" / "b.png")
    remove_ours([result_file(ours, sha256_of(ours)), result_file(changed, "0" * 64)], below=tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["b.png"]


def test_our_own_file_is_known_through_a_link_to_its_folder(job: Job, store: Store, tmp_path: Path) -> None:
    picture = put(job.destination.parent / "a.png")
    (tmp_path / "link").symlink_to(picture.parent)
    through = tmp_path / "link" / "a.png"
    store.plan(job.id, "w", [result_file(through, sha256_of(picture))])
    assert choose_copy(job, "w", store) == 1


def test_our_own_file_is_found_without_reading_the_whole_history(store: Store, tmp_path: Path) -> None:
    asked = list[tuple[str, tuple[object, ...]]]()
    event.listen(store._engine, "before_cursor_execute", lambda _1, _2, sql, words, *_: asked.append((sql, words)))
    store.our_hashes(tmp_path / "a.png", tmp_path / "a.jpg")
    sql, words = asked[-1]
    with store.reading() as session:
        steps = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", words).all()
    assert not [step for *_, step in steps if step in ("SCAN files", "SCAN jobs")]
    assert [step for *_, step in steps if "SEARCH files" in step]


@pytest.mark.parametrize("links", ["folder", "file"])
def test_our_own_file_is_known_through_a_link_to_its_photo(store: Store, tmp_path: Path, links: str) -> None:
    photo = put(tmp_path / "shoot" / "a.jpg")
    linked = tmp_path / "link" / "a.jpg"
    if links == "folder":
        linked.parent.symlink_to(photo.parent)
    else:
        linked.parent.mkdir()
        linked.symlink_to(photo)
    first = store.add(make_job(photo, out=tmp_path / "out"))
    store.claim(first.id, "w")
    picture = put(first.destination.parent / "a.png")
    store.plan(first.id, "w", [result_file(picture, sha256_of(picture))])
    assert is_free(picture, make_job(linked), store)
    assert not is_free(picture, make_job(put(tmp_path / "other" / "a.jpg")), store)
