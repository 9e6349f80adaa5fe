"""Parts of watching that need no program: what is debris, when a file rests, what a pattern means, what is moved."""

import os
import time
from pathlib import Path

import pytest

from studio.files import sha256_of
from studio.jobs.intake import hashes_in
from studio.jobs.pairs_names import NamePattern
from studio.jobs.store import Store
from studio.jobs.watch_checker import Checker, joint_stamp
from studio.jobs.watch_events import Ears, _mac_mount, _unescaped
from studio.jobs.watch_listing import FolderGone, is_debris, list_photos
from studio.jobs.watch_settling import Settling
from studio.jobs.watch_store import Known, WatchStore
from studio.jobs.watch_tidy import finish_moves, put_back, sidecar_of, tag
from studio.jobs.watched import After, Outcome, WatchedFolder
from studio.model import Recipe
from tests.unit.jobs.builders import make_job


def names(root: Path, left_out: str = "") -> list[str]:
    found = list_photos(root, lambda folder: Path(folder).name == left_out)
    return sorted(Path(path).relative_to(root).as_posix() for path in found)


def put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)


@pytest.mark.parametrize(
    "name",
    [
        "._a.jpg", ".DS_Store", ".syncthing.a.jpg.tmp", "~syncthing~a.jpg.tmp", "a.jpg.part", "a.jpg.crdownload",
        "a.jpg.tmp", ".a.jpg.Xy7", "~$a.jpg", "a.sync-conflict-20261124-101010-ABC.jpg", "shoot.cosessiondb",
    ],
)  # fmt: skip
def test_files_that_other_programs_leave_are_debris(name: str) -> None:
    assert is_debris(name, is_folder=False)


@pytest.mark.parametrize(
    "name", ["@eaDir", ".stfolder", ".dropbox.cache", "CaptureOne", "Catalog Previews.lrdata", "#recycle", "@Recycle"]
)
def test_folders_that_other_programs_keep_are_debris(name: str) -> None:
    assert is_debris(name, is_folder=True)


@pytest.mark.parametrize(
    "name", ["a.jpg", "CaptureOne.jpg", "dress @eaDir.jpg", "done.jpg", "part.jpg", "ümläut 裙.jpg"]
)
def test_photographs_are_no_debris(name: str) -> None:
    assert not is_debris(name, is_folder=False)


def test_a_listing_is_recursive_and_holds_photographs_only(tmp_path: Path) -> None:
    put(
        tmp_path,
        "a.jpg",
        "day 1/b.CR3",
        "day 1/look/c.tif",
        "notes.txt",
        "CaptureOne/Cache/d.jpg",
        "@eaDir/a.jpg/x.jpg",
    )
    put(tmp_path, "out/a.png", "day 1/._b.jpg")
    assert names(tmp_path, left_out="out") == ["a.jpg", "day 1/b.CR3", "day 1/look/c.tif"]


def test_a_linked_folder_is_not_walked_and_cannot_lead_in_a_circle(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert names(tmp_path) == ["a.jpg"]


def test_a_missing_folder_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(FolderGone):
        list_photos(tmp_path / "away", lambda folder: False)


# --- resting; times are seconds of a clock that the test holds


def due(settling: Settling, now: float) -> list[str]:
    return [path for path, _ in settling.take_due(now, 10)]


def test_a_file_is_due_when_size_and_time_have_rested() -> None:
    settling = Settling(2.0)
    settling.see({"a": (10, 1)}, now=0.0)
    assert due(settling, 1.9) == []
    settling.see({"a": (20, 1)}, now=1.9)
    assert due(settling, 3.8) == []
    assert due(settling, 3.9) == ["a"]


def test_a_file_present_at_the_start_waits_like_the_others() -> None:
    settling = Settling(2.0)
    settling.see({"old": (10, 1)}, now=100.0)
    assert due(settling, 101.0) == []
    assert settling.next_due() == 102.0


def test_a_files_own_time_may_lie_in_the_future_or_go_back() -> None:
    settling = Settling(1.0)
    settling.see({"a": (10, 10**19)}, now=0.0)
    settling.see({"a": (10, 5)}, now=0.5)
    assert due(settling, 1.4) == []
    assert due(settling, 1.5) == ["a"]


def test_a_file_replaced_while_it_is_looked_at_is_not_taken_for_what_it_was() -> None:
    settling = Settling(1.0)
    settling.see({"a": (10, 1)}, now=0.0)
    assert due(settling, 1.0) == ["a"]
    settling.see({"a": (10, 2)}, now=1.1)
    assert not settling.taken("a", (10, 1))
    assert due(settling, 2.0) == []
    assert due(settling, 2.1) == ["a"]
    assert settling.taken("a", (10, 2))


def test_a_file_that_vanishes_is_forgotten_and_waits_anew_when_it_returns() -> None:
    settling = Settling(1.0)
    settling.see({"a": (10, 1)}, now=0.0)
    settling.see({}, now=0.5)
    settling.see({"a": (10, 1)}, now=0.6)
    assert due(settling, 1.5) == []
    assert due(settling, 1.6) == ["a"]


def test_a_file_that_does_not_decode_is_tried_again_and_given_up_after_ten_minutes() -> None:
    settling = Settling(1.0, patience_s=600)
    settling.see({"a": (10, 1)}, now=0.0)
    tries, now, is_over = 0, 0.0, False
    while not is_over and now < 700:
        now += 1.0
        if due(settling, now):
            tries += 1
            is_over = settling.refused("a", (10, 1), now)
    assert 600 <= now <= 632
    assert 10 < tries < 40
    assert settling.paths == []


def test_a_file_that_goes_on_growing_after_a_failed_try_has_its_ten_minutes_anew() -> None:
    settling = Settling(1.0, patience_s=600)
    settling.see({"a": (10, 1)}, now=0.0)
    assert due(settling, 500.0) == ["a"]
    settling.see({"a": (11, 2)}, now=590.0)
    assert not settling.refused("a", (10, 1), 601.0)
    assert due(settling, 602.0) == ["a"]
    assert not settling.refused("a", (11, 2), 602.0)


# --- patterns


@pytest.mark.parametrize(
    ("pattern", "name", "stem"),
    [
        ("{stem}_inside.*", "Dress 01_INSIDE.jpg", "dress 01"),
        ("{stem}_inside.*", "dress.jpg", None),
        ("in-{stem}.tif", "in-a.tif", "a"),
        ("{stem}[ab].*", "x[ab].jpg", None),
        ("{stem}_[0-9].*", "x_7.jpg", "x"),
        ("inside.*", "inside.jpg", None),
    ],
)
def test_a_pattern_turned_round_gives_the_stem(pattern: str, name: str, stem: str | None) -> None:
    assert NamePattern(pattern).stem_of(name) == stem


# --- decoding in a child


def answers(checker: Checker, count: int) -> list[object]:
    from tests.flow.shoot import wait_until

    found: list[object] = []

    def look() -> bool:
        found.extend(checker.answers())
        return len(found) >= count

    wait_until(look)
    return found


def test_the_checker_decodes_hashes_and_refuses(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.jpg", tmp_path / "b.jpg"
    good.write_text("{}")
    bad.write_text("{")
    checker = Checker("tests.fakes.engine")
    checker.ask((str(good),))
    checker.ask((str(good), str(bad)))
    checker.ask((str(tmp_path / "gone.jpg"),))
    first, second, third = answers(checker, 3)
    checker.close()
    assert (first.hashes, first.stamp) == ((sha256_of(good),), joint_stamp((str(good),)))
    assert (second.hashes, second.title) == ((), "Damaged photograph")
    assert third.stamp is None


def test_a_checker_that_dies_refuses_what_it_had_in_hand_and_the_next_one_goes_on(tmp_path: Path) -> None:
    good = tmp_path / "a.jpg"
    good.write_text("{}")
    checker = Checker("tests.fakes.engine")
    os.mkfifo(tmp_path / "stuck.jpg")  # it waits for ever in opening this
    checker.ask((str(tmp_path / "stuck.jpg"),))
    checker.ask((str(good),))
    assert checker._process
    checker._process.kill()
    stuck, behind = answers(checker, 2)
    assert "crash" in stuck.message
    assert (behind.hashes, behind.stamp) == ((), None)
    checker.ask((str(good),))
    assert answers(checker, 1)[0].hashes
    checker.close()


# --- originals after work


@pytest.fixture
def memory(tmp_path: Path):
    with WatchStore(tmp_path / "home" / "jobs.sqlite3") as memory:
        yield memory


def kept(memory: WatchStore, folder: Path, after: After = After.MOVE) -> WatchedFolder:
    folder.mkdir(exist_ok=True)
    return memory.keep(WatchedFolder(id="", folder=folder, out=folder / "out", recipe=Recipe(), after=after))


def test_a_folder_set_up_twice_is_one_folder_with_the_newer_recipe(memory: WatchStore, tmp_path: Path) -> None:
    first = kept(memory, tmp_path / "in")
    second = memory.keep(WatchedFolder(id="", folder=first.folder, out=first.out, recipe=Recipe(name="other")))
    assert second.id == first.id
    assert [watched.recipe.name for watched in memory.folders()] == ["other"]


def test_what_is_known_of_files_survives(memory: WatchStore, tmp_path: Path) -> None:
    watched = kept(memory, tmp_path / "in")
    known = Known(path=os.fsdecode(b"/in/\xff.jpg"), stamp=(1, 2, 3, 4), recipe="r", outcome=Outcome.FAILED)
    memory.record(watched.id, known, message="not good")
    assert memory.known(watched.id) == [known]
    assert memory.state(watched).counts == {"failed": 1}
    memory.remove(watched.id)
    assert memory.known(watched.id) == []


def test_what_was_done_through_a_link_to_the_output_is_the_same_work(memory: WatchStore, tmp_path: Path) -> None:
    watched = kept(memory, tmp_path / "in")
    watched.out.mkdir()
    (tmp_path / "link").symlink_to(watched.out)
    with Store(tmp_path / "home" / "jobs.sqlite3") as store:
        job = store.add(make_job(out=tmp_path / "link"))
    entry = memory.same_work(hashes_in(job), job.recipe, watched.out)
    assert entry
    assert entry.job.id == job.id
    assert memory.same_work(hashes_in(job), job.recipe, watched.folder / "elsewhere") is None


def test_a_move_that_was_cut_short_is_finished_at_the_next_start(memory: WatchStore, tmp_path: Path) -> None:
    watched = kept(memory, tmp_path / "in")
    put(watched.folder, "a.jpg", "done/b.jpg")
    done = watched.folder / "done"
    memory.plan_move(watched.id, watched.folder / "a.jpg", done / "a.jpg", sha256_of(watched.folder / "a.jpg"))
    memory.plan_move(watched.id, watched.folder / "b.jpg", done / "b.jpg", sha256_of(done / "b.jpg"))
    memory.plan_move(watched.id, watched.folder / "c.jpg", done / "c.jpg", "0" * 64)
    finish_moves(watched, memory)
    assert sorted(path.name for path in done.iterdir()) == ["a.jpg", "b.jpg"]
    assert memory.moves(watched.id, "planned") == []
    assert len(memory.moves(watched.id, "moved")) == 2


def test_originals_go_back_unless_their_name_was_taken_meanwhile(memory: WatchStore, tmp_path: Path) -> None:
    watched = kept(memory, tmp_path / "in")
    put(watched.folder, "day/a.jpg", "b.jpg")
    for name in ("day/a.jpg", "b.jpg"):
        source = watched.folder / name
        memory.plan_move(watched.id, source, watched.folder / "done" / name, sha256_of(source))
    finish_moves(watched, memory)
    (watched.folder / "b.jpg").write_text("another")
    back, left = put_back(watched, memory)
    assert back == [watched.folder / "day" / "a.jpg"]
    assert left == [watched.folder / "done" / "b.jpg"]
    assert (watched.folder / "b.jpg").read_text() == "another"
    assert not (watched.folder / "done" / "day").exists()


def test_a_tag_is_written_beside_and_leaves_what_stands_there(tmp_path: Path) -> None:
    raw, jpeg = tmp_path / "a.cr3", tmp_path / "a.jpg"
    assert [sidecar_of(raw).name, sidecar_of(jpeg).name] == ["a.xmp", "a.jpg.xmp"]
    theirs = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmp:Rating="5" xmlns:xmp="http://ns.adobe.com/xap/1.0/"/></rdf:RDF></x:xmpmeta>'
    )
    sidecar_of(raw).write_bytes(theirs)
    tag(raw, "failed")
    tag(raw, "done")
    tagged = sidecar_of(raw).read_bytes()
    assert tagged.count(b"modamoda:Status") == 1
    assert b'modamoda:Status="done"' in tagged
    assert b'xmp:Rating="5"' in tagged
    assert b"xmp:Label" not in tagged
    tag(jpeg, "done")
    assert b'xmp:Label="Modamoda done"' in sidecar_of(jpeg).read_bytes()


def test_a_sidecar_that_is_no_xmp_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.jpg.xmp").write_bytes(b"something else")
    tag(tmp_path / "a.jpg", "done")
    assert (tmp_path / "a.jpg.xmp").read_bytes() == b"something else"


def test_mount_tables_are_read() -> None:
    assert _mac_mount("//anna@nas/shoots on /Volumes/shoots (smbfs, nodev, nosuid)") == (
        Path("/Volumes/shoots"),
        "smbfs",
    )
    assert _unescaped("/media/my\\040disk") == "/media/my disk"


def test_ears_say_once_that_they_hear_and_then_what_changes(tmp_path: Path) -> None:
    from tests.flow.shoot import wait_until

    calls: list[bool] = []
    ears = Ears(tmp_path, lambda: calls.append(ears.is_hearing))
    try:
        wait_until(lambda: len(calls) == 1, 10)
        time.sleep(2.5)
        assert calls == [True]
        (tmp_path / "a.jpg").write_bytes(b"a")
        wait_until(lambda: len(calls) > 1, 10)
    finally:
        ears.close()
    assert not ears.is_hearing
