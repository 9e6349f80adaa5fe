"""A watched folder, a real program, real files, real time: nothing missed, nothing doubled, nothing overwritten."""

import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio.app import Studio, WatchedFolder
from studio.files import sha256_of
from studio.jobs.watch_store import WatchStore
from studio.model import Event, Format, JobStatus, Notice, Recipe
from studio.settings import Home
from tests.flow.shoot import Shoot, wait_until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

SETTLE = 0.4


class Watching:
    """`modamoda watch SHOOT --out OUT --json` as a process, and what it has said so far."""

    def __init__(self, shoot: Shoot, *words: object) -> None:
        self.shoot = shoot
        settle = () if "--settle" in words else ("--settle", SETTLE)
        self.process = shoot.started("watch", shoot.photos, "--out", shoot.out, "--json", *settle, *words)
        self.lines: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(json.loads(line))

    def said(self, event: str) -> list[str]:
        return sorted(Path(line["photo"]).name for line in list(self.lines) if line["event"] == event)

    def notices(self) -> list[str]:
        return [line["title"] for line in list(self.lines) if line["event"] == "notice"]

    def until(self, condition: Callable[[], bool], within_s: float = 20) -> None:
        wait_until(lambda: self.process.poll() is not None or condition(), within_s)
        assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()

    def until_done(self, *names: str, within_s: float = 20) -> None:
        self.until(lambda: set(names) <= set(self.said("done")), within_s)

    def stop(self) -> float:
        """Ctrl-C; returns the seconds until the program ended."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(10)
        took = time.monotonic() - started
        self._reader.join(5)
        return took

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(5)


@pytest.fixture
def watch(shoot: Shoot) -> Iterator[Callable[..., Watching]]:
    running: list[Watching] = []

    def start(*words: object) -> Watching:
        running.append(Watching(shoot, *words))
        started = running[-1]
        started.until(lambda: bool(started.lines))
        return started

    yield start
    for watching in running:
        watching.kill()
        for pipe in (watching.process.stdout, watching.process.stderr):
            if pipe:
                pipe.close()


def content(name: str, **script: Any) -> bytes:
    return json.dumps({"text": name} | script).encode()


def test_what_lies_there_and_what_arrives_is_done_and_ctrl_c_ends_it(
    shoot: Shoot, watch: Callable[..., Watching]
) -> None:
    shoot.photo("there/before.jpg")
    shoot.photo("@eaDir/before.jpg/thumb.jpg")
    watching = watch()
    watching.until_done("before.jpg")
    shoot.photo("day 2/later.jpg")
    shoot.photo("day 2/._later.jpg")
    watching.until_done("later.jpg")
    assert watching.stop() < 2
    assert watching.process.returncode == 130
    shoot.assert_finished_once(["there/before", "day 2/later"])


def test_files_that_come_slowly_late_by_rename_or_are_replaced_are_taken_whole(
    shoot: Shoot, watch: Callable[..., Watching]
) -> None:
    watching = watch("--settle", 1.0)
    slow, late, renamed, replaced = (content(name, pad="x" * 400_000) for name in "abcd")
    places = {name: shoot.photos / f"{name}.jpg" for name in ("slow", "late", "renamed", "replaced", "deleted")}
    places["late"].write_bytes(bytes(len(late)))  # room made in advance, filled later
    places["replaced"].write_bytes(content("the first version"))
    places["deleted"].write_bytes(content("nobody will see this"))
    hidden = shoot.photos / ".renamed.part"
    hidden.write_bytes(renamed)
    with places["slow"].open("wb", buffering=0) as stream:
        for start in range(0, len(slow), 65_536):
            stream.write(slow[start : start + 65_536])
            time.sleep(0.25)
            if start == 0:
                places["deleted"].unlink(missing_ok=True)
                places["replaced"].write_bytes(replaced)
    hidden.rename(places["renamed"])
    time.sleep(1.5)
    assert "late.jpg" not in watching.said("queued")
    with places["late"].open("r+b") as stream:
        stream.write(late)
    watching.until_done("slow.jpg", "late.jpg", "renamed.jpg", "replaced.jpg")
    watching.stop()
    shoot.assert_finished_once(["slow", "late", "renamed", "replaced"])
    assert watching.said("failed") == []
    with Studio(Home(folder=shoot.home)) as studio:
        taken = {entry.job.shot.front.name: entry.job.source_hash for entry in studio.history.newest()}
    from studio.files import sha256_of

    assert taken == {path.name: sha256_of(path) for path in places.values() if path.exists()}


@pytest.mark.slow
def test_renamed_and_copied_again_is_already_done_and_changed_content_is_new(
    shoot: Shoot, watch: Callable[..., Watching]
) -> None:
    photo = shoot.photo("a.jpg")
    watching = watch()
    watching.until_done("a.jpg")
    shutil.copy(photo, shoot.photos / "copy.jpg")
    photo.rename(shoot.photos / "renamed.jpg")
    watching.until(lambda: watching.said("skipped") == ["copy.jpg", "renamed.jpg"])
    assert {line["duplicate_of"] for line in watching.lines if line["event"] == "skipped"} == {str(photo)}
    shoot.photo("copy.jpg", version=2)
    watching.until_done("copy.jpg")
    watching.stop()
    shoot.assert_finished_once(["a", "copy"])


@pytest.mark.slow
def test_a_new_photo_under_an_old_name_leaves_no_renamed_or_copied_one_without_its_picture(shoot: Shoot) -> None:
    once = ("watch", shoot.photos, "--out", shoot.out, "--once", "--json", "--settle", SETTLE)
    photo = shoot.photo("DSC_0001.jpg")
    assert shoot.run(*once).photos("done") == ["DSC_0001.jpg"]
    shutil.copy(photo, shoot.photos / "copy.jpg")
    photo.rename(shoot.photos / "red-dress.jpg")
    assert shoot.run(*once).photos("skipped") == ["copy.jpg", "red-dress.jpg"]
    shoot.photo("DSC_0001.jpg", version=2)
    run = shoot.run(*once)
    assert len(run.photos("done")) == 2  # the new one, and one of the two that are the same
    assert run.photos("skipped") == [{"copy.jpg": "red-dress.jpg"}.get(run.photos("done")[1], "copy.jpg")]
    assert shoot.run(*once).photos("done") == []
    assert all(shoot.ours(name) for name in shoot.results())


@pytest.mark.slow
def test_a_photo_that_is_again_what_it_was_is_done_again(shoot: Shoot) -> None:
    once = ("watch", shoot.photos, "--out", shoot.out, "--once", "--json", "--settle", SETTLE)
    for text in ("one", "another", "one"):
        photo = shoot.photo("a.jpg", text=text)
        assert shoot.run(*once).photos("done") == ["a.jpg"]
    assert len(shoot.history()) == 3
    assert shoot.history()[0].job.source_hash == sha256_of(photo)
    assert shoot.run(*once).photos("done") == []


@pytest.mark.slow
def test_two_photos_of_one_stem_keep_their_names_over_a_restart(shoot: Shoot, watch: Callable[..., Watching]) -> None:
    shoot.photo("a.jpg")
    watching = watch()
    watching.until_done("a.jpg")
    watching.stop()
    shoot.photo("a.tif")
    again = watch()
    again.until_done("a.tif")
    assert again.said("done") == ["a.tif"]
    again.stop()
    shoot.assert_finished_once(["a", "a-tif"])


@pytest.mark.slow
def test_results_taken_away_are_not_made_again(shoot: Shoot, watch: Callable[..., Watching]) -> None:
    shoot.photo("a.jpg")
    first = watch()
    first.until_done("a.jpg")
    first.stop()
    shutil.rmtree(shoot.out)
    second = watch()
    shoot.photo("b.jpg")
    second.until_done("b.jpg")
    second.stop()
    assert shoot.results() == ["b.png", "b.report.json"]


@pytest.mark.slow
@pytest.mark.parametrize("out", ["out", "."])
def test_own_output_inside_the_folder_is_ignored(shoot: Shoot, watch: Callable[..., Watching], out: str) -> None:
    shoot.out = shoot.photos / out
    shoot.photo("a.jpg")
    watching = watch()
    watching.until_done("a.jpg")
    shoot.photo("b.jpg")
    watching.until_done("b.jpg")
    time.sleep(3 * SETTLE)
    watching.stop()
    assert [entry.job.shot.front.name for entry in shoot.history()] == ["b.jpg", "a.jpg"]


def test_an_inside_photo_joins_its_front_even_when_it_comes_later(shoot: Shoot, watch: Callable[..., Watching]) -> None:
    shoot.photo("a.jpg")
    shoot.photo("a_inside.jpg")
    shoot.photo("b.jpg")
    watching = watch("--inside", "{stem}_inside.*")
    watching.until_done("a.jpg", "b.jpg")
    assert (shoot.out / "a.png").read_bytes().endswith(b"a_inside.jpg")
    shoot.photo("b_inside.jpg")
    watching.until(lambda: watching.said("done").count("b.jpg") == 2)
    watching.stop()
    assert (shoot.out / "b.png").read_bytes().endswith(b"b_inside.jpg")
    assert shoot.results() == ["a.png", "a.report.json", "b.png", "b.report.json"]


def test_what_is_made_is_asked_for_as_with_process(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    asked = ("--format", "jpg", "--background", "#101010", "--template", "zalando", "--template", "ajio")
    run = shoot.run("watch", shoot.photos, "--out", shoot.out, "--once", "--json", "--settle", SETTLE, *asked)
    assert run.photos("done") == ["a.jpg"]
    (entry,) = shoot.history()
    assert (entry.job.recipe.output.format, entry.job.recipe.compose.background) == (Format.JPG, "#101010")
    assert [channel.name for channel in entry.job.recipe.channels] == ["zalando", "ajio"]


@pytest.mark.slow
def test_frames_of_the_set_serve_every_photo_and_are_none_themselves(shoot: Shoot) -> None:
    plate, bare = shoot.photo("plate.jpg"), shoot.photo("bare.jpg")
    shoot.photo("a.jpg")
    words = ("watch", shoot.photos, "--out", shoot.out, "--once", "--json", "--settle", SETTLE)
    first = shoot.run(*words, "--plate", plate, "--bare", bare)
    again = shoot.run(*words, "--plate", plate, "--bare", bare)
    assert (first.photos("done"), again.photos("done")) == (["a.jpg"], [])
    (entry,) = shoot.history()
    assert (entry.job.shot.plate, entry.job.shot.bare) == (plate, bare)
    assert (entry.job.plate_hash, entry.job.bare_hash) == (sha256_of(plate), sha256_of(bare))
    shoot.photo("b.jpg", text="other")
    shoot.photo("plate.jpg", text="another set")
    later = shoot.run(*words, "--plate", plate)
    assert later.photos("done") == ["b.jpg", "bare.jpg"]
    assert {entry.job.plate_hash for entry in shoot.history()} == {sha256_of(plate), entry.job.plate_hash}
    gone = shoot.run(*words, "--plate", shoot.photos / "gone.jpg")
    assert (gone.status, "gone.jpg does not exist" in gone.err) == (2, True)


@pytest.mark.slow
def test_originals_move_after_work_and_come_back(shoot: Shoot, watch: Callable[..., Watching]) -> None:
    shoot.photo("day/good.jpg")
    shoot.photo("bad.jpg", error="No garment found")
    watching = watch("--after", "move")
    watching.until(lambda: (shoot.photos / "done/day/good.jpg").exists() and (shoot.photos / "failed/bad.jpg").exists())
    time.sleep(2 * SETTLE)
    watching.stop()
    assert {entry.job.shot.front.relative_to(shoot.photos).as_posix() for entry in shoot.history()} == {
        "done/day/good.jpg",
        "failed/bad.jpg",
    }
    run = shoot.run("watch", shoot.photos, "--put-back")
    assert (run.status, run.out) == (0, f"2 photos are back in {shoot.photos}.\n")
    assert (shoot.photos / "day/good.jpg").exists()
    again = watch("--after", "move")
    time.sleep(4 * SETTLE)
    again.stop()
    assert again.said("queued") == []
    assert (shoot.photos / "bad.jpg").exists()


def test_a_tag_says_what_became_of_a_photo_and_the_photo_stays_as_it_was(shoot: Shoot) -> None:
    photo = shoot.photo("a.jpg")
    before = photo.read_bytes(), photo.stat().st_mtime_ns
    shoot.run("watch", shoot.photos, "--out", shoot.out, "--once", "--settle", SETTLE, "--after", "tag")
    assert b'modamoda:Status="done"' in (shoot.photos / "a.jpg.xmp").read_bytes()
    assert (photo.read_bytes(), photo.stat().st_mtime_ns) == before


def test_once_finishes_what_is_there_and_says_what_failed(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    (shoot.photos / "half.jpg").write_text('{"cut')
    run = shoot.run("watch", shoot.photos, "--out", shoot.out, "--once", "--json", "--settle", SETTLE)
    assert (run.status, run.photos("done"), run.photos("failed")) == (1, ["a.jpg"], ["half.jpg"])
    shoot.photo("half.jpg")
    run = shoot.run("watch", shoot.photos, "--out", shoot.out, "--once", "--json", "--settle", SETTLE)
    assert (run.status, run.photos("done"), run.photos("failed")) == (0, ["half.jpg"], [])


@pytest.mark.slow
def test_a_paused_folder_takes_nothing_until_it_goes_on(shoot: Shoot, watch: Callable[..., Watching]) -> None:
    watching = watch()
    assert shoot.run("watch", shoot.photos, "--pause").status == 0
    time.sleep(2.5)
    shoot.photo("a.jpg")
    time.sleep(4 * SETTLE)
    assert watching.said("queued") == []
    assert shoot.run("watch", shoot.photos, "--resume").status == 0
    watching.until_done("a.jpg")
    watching.stop()


@pytest.mark.slow
def test_a_pause_outlives_the_program_until_a_person_ends_it(shoot: Shoot) -> None:
    once = ("watch", shoot.photos, "--out", shoot.out, "--once", "--settle", SETTLE)
    shoot.photo("a.jpg")
    shoot.run(*once)
    shoot.photo("day/b.jpg")
    shoot.run("watch", shoot.photos, "--pause")
    paused = shoot.run(*once)
    assert "is paused" in paused.out
    assert "b.jpg" not in paused.out
    assert shoot.run(*once, "--json").events == [
        {"event": "watching", "folder": str(shoot.photos), "out": str(shoot.out), "paused": True}
    ]
    shoot.run("watch", shoot.photos, "--resume")
    assert "day/b.jpg  done" in shoot.run(*once).out


def test_a_folder_is_forgotten_on_request_and_its_photos_and_results_stay(shoot: Shoot) -> None:
    once = ("watch", shoot.photos, "--out", shoot.out, "--once", "--settle", SETTLE)
    shoot.photo("a.jpg")
    shoot.run(*once)
    both = shoot.run("watch", shoot.photos, "--forget", "--pause")
    assert (both.status, both.out) == (2, "")
    assert str(shoot.photos) in shoot.run("watch", "--list").out
    assert shoot.run("watch", shoot.photos, "--forget").status == 0
    assert shoot.run("watch", "--list").out == ""
    shoot.assert_finished_once(["a"])
    assert "a.jpg  already done\n" in shoot.run(*once).out


def test_one_folder_is_watched_without_a_licence_and_one_program_watches_it(
    shoot: Shoot, watch: Callable[..., Watching], tmp_path: Path
) -> None:
    watching = watch()
    same = shoot.run("watch", shoot.photos, "--out", shoot.out, "--once")
    (tmp_path / "second").mkdir()
    other = shoot.run("watch", tmp_path / "second", "--out", tmp_path / "out 2", "--once")
    assert (same.status, other.status) == (2, 2)
    assert (same.out, other.out) == ("", "")
    assert "watched by another program" in same.err
    assert "licence" in other.err
    watching.stop()
    assert shoot.run("watch", tmp_path / "second", "--out", tmp_path / "out 2", "--once").status == 0


@pytest.mark.slow
def test_a_folder_that_vanishes_is_waited_for_and_nothing_is_done_twice(
    shoot: Shoot, watch: Callable[..., Watching]
) -> None:
    shoot.photo("a.jpg")
    watching = watch()
    watching.until_done("a.jpg")
    elsewhere = shoot.photos.with_name("unplugged")
    shoot.photos.rename(elsewhere)
    watching.until(lambda: watching.notices() == ["Folder not reachable"])
    (elsewhere / "b.jpg").write_bytes(content("b"))
    elsewhere.rename(shoot.photos)
    watching.until_done("b.jpg")
    watching.stop()
    assert watching.notices() == ["Folder not reachable", "Folder is back"]
    shoot.assert_finished_once(["a", "b"])


@contextmanager
def mounted(place: Path) -> Iterator[None]:
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "modamoda-test", place], capture_output=True)
    if done.returncode:
        pytest.skip("mounting takes the rights of root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", place], capture_output=True)


@pytest.mark.slow
def test_a_share_unplugged_in_the_middle_of_the_work_loses_nothing(
    shoot: Shoot, watch: Callable[..., Watching]
) -> None:
    stems = [f"p{number:02}" for number in range(12)]
    photos = {f"{stem}.jpg": content(stem, steps=3, step_s=0.05) for stem in stems}

    def plug_in() -> None:
        for name, data in photos.items():
            (shoot.photos / name).write_bytes(data)
            os.utime(shoot.photos / name, (1_700_000_000, 1_700_000_000))

    with mounted(shoot.photos):
        plug_in()
        watching = watch()
        watching.until_done("p00.jpg")
        subprocess.run(["umount", "-l", shoot.photos], check=True)
        watching.until(lambda: "Folder not reachable" in watching.notices())
        time.sleep(1)
        with mounted(shoot.photos):
            plug_in()
            watching.until_done(*photos, within_s=60)
            watching.stop()
    assert shoot.results() == sorted(f"{stem}.{end}" for stem in stems for end in ("png", "report.json"))
    done = [entry.job.shot.front.name for entry in shoot.history() if entry.job.status is JobStatus.DONE]
    assert sorted(done) == sorted(photos)


@pytest.mark.slow
def test_a_clock_set_back_changes_nothing(shoot: Shoot, watch: Callable[..., Watching]) -> None:
    os.utime(shoot.photo("future.jpg"), (4_000_000_000, 4_000_000_000))
    watching = watch()
    watching.until_done("future.jpg")
    os.utime(shoot.photo("past.jpg"), (1000, 1000))
    watching.until_done("past.jpg")
    os.utime(shoot.photos / "future.jpg", (500, 500))  # touched, the same content
    watching.until(lambda: watching.said("skipped") == ["future.jpg"])
    watching.stop()
    shoot.assert_finished_once(["future", "past"])


def test_an_undecodable_file_fails_with_a_notice_when_its_time_is_over(shoot: Shoot) -> None:
    (shoot.photos / "bad.jpg").write_text("{")
    heard: list[object] = []

    def tell(news: object) -> None:
        heard.append(news)
        raise KeyboardInterrupt

    with Studio(Home(folder=shoot.home), engine="tests.fakes.engine") as studio:
        given = WatchedFolder(id="", folder=shoot.photos, out=shoot.out, recipe=Recipe(), settle_s=0.2)
        watched = studio.watching.keep(given)
        with pytest.raises(KeyboardInterrupt):
            studio.watching.run(watched, lambda event: None, tell, patience_s=1.0)
        assert "damaged" in heard[0].failure.message
        state = studio.watching.state(watched)
    assert state.counts == {"failed": 1}
    assert "damaged" in state.last[0].message


def test_a_watched_folder_is_one_folder_by_its_name_and_through_a_link(shoot: Shoot) -> None:
    link, out = shoot.photos.with_name("link"), shoot.out.with_name("out link")
    link.symlink_to(shoot.photos)
    out.symlink_to(shoot.out)
    with Studio(Home(folder=shoot.home), engine="tests.fakes.engine") as studio:
        watched = studio.watching.keep(WatchedFolder(id="", folder=shoot.photos, out=shoot.out, recipe=Recipe()))
        assert studio.watching.find(link) == [watched]
        studio.watching.set_paused(watched.id, True)
        assert studio.watching.is_paused(link, out)
        assert studio.watching.keep(WatchedFolder(id="", folder=link, out=out, recipe=Recipe())) == watched


def test_a_folder_is_changed_while_the_disk_of_another_hangs(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    with Studio(Home(folder=shoot.home), engine="tests.fakes.engine") as studio:
        elsewhere = shoot.photos.parent / "share"
        elsewhere.mkdir()
        watched = WatchedFolder(id="", folder=elsewhere, out=shoot.out, recipe=Recipe())
        studio.watching.keep(watched)
        known = studio.watching.keep(replace(watched, folder=shoot.photos))
        monkeypatch.setattr(os.path, "realpath", lambda path, **_words: pytest.fail(f"{path} was asked for"))
        assert studio.watching.keep(replace(known, settle_s=9)).settle_s == 9


def test_a_window_watches_in_a_thread_and_hears_of_it(shoot: Shoot) -> None:
    given: list[str] = []
    told: list[Event | object] = []
    with Studio(Home(folder=shoot.home), engine="tests.fakes.engine") as studio:
        service = studio.watching.serve(lambda jobs: given.extend(job.shot.front.name for job in jobs), told.append)
        folder = WatchedFolder(id="", folder=shoot.photos, out=shoot.out, recipe=Recipe(), settle_s=0.1)
        watched = studio.watching.keep(folder)
        other = shoot.photos.with_name("other")
        other.mkdir()
        studio.watching.keep(WatchedFolder(id="", folder=other, out=shoot.out, recipe=Recipe()))
        service.refresh()
        shoot.photo("a.jpg")
        wait_until(lambda: given == ["a.jpg"])
        wait_until(lambda: any(isinstance(news, Notice) and "licence" in news.message for news in told))
        studio.watching.set_paused(watched.id, True)
        service.refresh()
        wait_until(lambda: not list((shoot.home / "workers").glob(f"watch-{watched.id}.lock")))
        service.close()


@pytest.mark.slow
def test_many_files_dropped_at_once_are_each_taken_once(shoot: Shoot, watch: Callable[..., Watching]) -> None:
    drop(shoot, watch, 150)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_thousand_files_dropped_at_once_are_each_taken_once(shoot: Shoot, watch: Callable[..., Watching]) -> None:
    drop(shoot, watch, 2000)


def drop(shoot: Shoot, watch: Callable[..., Watching], count: int) -> None:
    watching = watch()
    outside = shoot.photos.with_name("dropped")
    outside.mkdir()
    for number in range(count):
        (outside / f"f{number:04}.jpg").write_bytes(content(str(number)))
    outside.rename(shoot.photos / "dropped")
    watching.until(lambda: len(watching.said("done")) >= count, within_s=20 + count / 5)
    watching.stop()
    assert watching.said("queued") == watching.said("done") == [f"f{number:04}.jpg" for number in range(count)]
    shoot.assert_finished_once([f"dropped/f{number:04}" for number in range(count)])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_fifty_times_the_watcher_does_each_of_three_hundred_files_once(
    shoot: Shoot, watch: Callable[..., Watching]
) -> None:
    """Killed at any moment, most often while it works; the next one goes on."""
    chance = random.Random(6)
    stems = [f"p{number:03}" for number in range(300)]
    feeder = threading.Thread(target=feed, args=(shoot, stems))
    feeder.start()
    for _ in range(50):
        watching = watch("--settle", "0.1")
        time.sleep(chance.uniform(0.3, 2.5))
        watching.kill()
    feeder.join()
    watching = watch("--settle", "0.1")
    wait_until(lambda: shoot.statuses().get("done") == len(stems), within_s=200)
    time.sleep(1)
    watching.stop()
    shoot.assert_finished_once(stems)
    with WatchStore(shoot.home / "jobs.sqlite3") as memory:
        (watched,) = memory.folders()
        assert memory.state(watched).counts == {"done": len(stems)}


def feed(shoot: Shoot, stems: list[str]) -> None:
    for stem in stems:
        shoot.photo(f"{stem}.jpg", steps=2, step_s=0.05)
        time.sleep(0.2)


@pytest.mark.parametrize("through", ["folder", "out"])
def test_an_output_in_the_watched_folder_is_known_through_a_link_to_either(shoot: Shoot, through: str) -> None:
    shoot.photo("a.jpg", fill_bytes=10)
    out = shoot.photos / "results"
    out.mkdir()
    link = shoot.photos.parent / "link"
    link.symlink_to(shoot.photos if through == "folder" else out)
    places = (link, "--out", out) if through == "folder" else (shoot.photos, "--out", link)
    once = ("watch", *places, "--once", "--json", "--settle", SETTLE)
    assert shoot.run(*once).photos("done") == ["a.jpg"]
    run = shoot.run(*once)
    assert (run.photos("done"), run.photos("failed")) == ([], [])


def test_another_orders_results_are_no_photos_of_a_watched_folder(shoot: Shoot) -> None:
    other = shoot.photos.parent / "other"
    other.mkdir()
    (other / "b.jpg").write_text('{"text": "b"}')
    link = shoot.photos.parent / "link"
    link.symlink_to(shoot.photos)
    assert shoot.run("process", other, "--out", link / "sub").status == 0
    (shoot.photos / "linked.png").symlink_to(link / "sub" / "b.png")
    shoot.photo("a.jpg")
    run = shoot.run("watch", shoot.photos, "--out", shoot.out, "--once", "--json", "--settle", SETTLE)
    assert (run.photos("queued"), run.photos("failed")) == (["a.jpg"], [])
