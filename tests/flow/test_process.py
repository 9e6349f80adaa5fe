"""The main way: a shoot goes in, results come out, each once."""

import json
import os
from pathlib import Path

import pytest

from tests.flow.shoot import Shoot, wait_until


def test_a_shoot_is_finished_and_its_tree_is_kept(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    shoot.photo("day two/b.tif", steps=2, step_s=0.05)
    run = shoot.process()
    assert run.status == 0
    assert shoot.results() == ["a.png", "a.report.json", "day two/b.png", "day two/b.report.json"]
    assert run.photos("started") == run.photos("done") == ["a.jpg", "b.tif"]
    assert {line["fraction"] for line in run.events if line["event"] == "progress"} <= {0.0, 0.5}


def test_the_same_shoot_again_is_skipped_until_a_result_is_gone(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    shoot.photo("b.jpg")
    shoot.process()
    run = shoot.process()
    assert (run.status, run.photos("skipped"), run.photos("done")) == (0, ["a.jpg", "b.jpg"], [])
    (shoot.out / "b.png").unlink()
    run = shoot.process()
    assert (run.photos("skipped"), run.photos("done")) == (["a.jpg"], ["b.jpg"])
    run = shoot.process("--again")
    assert run.photos("done") == ["a.jpg", "b.jpg"]
    assert shoot.results() == ["a.png", "a.report.json", "b.png", "b.report.json"]


def test_a_retouched_result_is_never_overwritten(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    shoot.process()
    (shoot.out / "a.png").write_bytes(b"retouched by hand")
    shoot.process("--again")
    assert (shoot.out / "a.png").read_bytes() == b"retouched by hand"
    assert shoot.results() == ["a-2.png", "a-2.report.json", "a.png", "a.report.json"]
    assert shoot.ours("a-2.png")
    assert shoot.process().photos("skipped") == ["a.jpg"]


def test_a_strangers_file_is_never_overwritten(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    shoot.out.mkdir()
    (shoot.out / "a.report.json").write_text("somebody else's report")
    shoot.process()
    assert (shoot.out / "a.report.json").read_text() == "somebody else's report"
    assert shoot.results() == ["a-2.png", "a-2.report.json", "a.report.json"]


def test_output_into_the_shoot_itself_never_touches_an_original(shoot: Shoot) -> None:
    original = shoot.photo("a.png")
    before = original.read_bytes()
    for _ in range(2):
        run = shoot.run("process", shoot.photos, "--out", shoot.photos, "--json")
        assert run.status == 0
    assert original.read_bytes() == before
    assert sorted(path.name for path in shoot.photos.iterdir()) == ["a-2.png", "a-2.report.json", "a.png"]
    assert run.photos("skipped") == ["a.png"]


def test_an_output_folder_inside_the_shoot_is_not_taken_for_photographs(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    out = shoot.photos / "finished"
    for _ in range(2):
        assert shoot.run("process", shoot.photos, "--out", out, "--json").status == 0
    other = shoot.run("process", shoot.photos, "--out", shoot.photos / "other", "--json")
    assert other.photos("done") == ["a.jpg"]
    assert sorted(path.name for path in out.iterdir()) == ["a.png", "a.report.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_shoot_costs_only_itself(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    os.mkfifo(shoot.photos / "b.jpg")
    with shoot.started_processing() as process:
        try:
            run = shoot.finished(process)
        finally:
            process.kill()
    assert (run.status, run.photos("done"), run.photos("failed")) == (1, ["a.jpg"], ["b.jpg"])


def test_photos_of_one_name_get_results_of_their_own(shoot: Shoot) -> None:
    for name in ("a.jpg", "a.tif", "A.jpg"):
        shoot.photo(name)
    assert shoot.process().status == 0
    pictures = [name for name in shoot.results() if name.endswith(".png")]
    assert sorted(pictures) == ["A.png", "a-jpg.png", "a-tif.png"]


def test_two_folders_keep_their_names_below_the_output(shoot: Shoot, tmp_path: Path) -> None:
    shoot.photo("monday/a.jpg")
    shoot.photo("tuesday/a.jpg", text="another")
    single = shoot.photo("single.jpg")
    run = shoot.run("process", shoot.photos / "monday", shoot.photos / "tuesday", single, "--out", shoot.out)
    assert run.status == 0
    pictures = [name for name in shoot.results() if name.endswith(".png")]
    assert pictures == ["monday/a.png", "single.png", "tuesday/a.png"]
    assert run.out == f"3 done\nResults: {shoot.out}\n"


def test_another_shoot_into_the_same_output_takes_new_names(shoot: Shoot) -> None:
    shoot.photo("monday/a.jpg")
    shoot.photo("tuesday/a.jpg", text="another")
    for day in ("monday", "tuesday"):
        assert shoot.run("process", shoot.photos / day, "--out", shoot.out).status == 0
    assert shoot.results() == ["a-2.png", "a-2.report.json", "a.png", "a.report.json"]
    assert b"a.jpg" in (shoot.out / "a.png").read_bytes()


def test_inside_photos_join_their_fronts(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    shoot.photo("a_inside.jpg")
    shoot.photo("b.jpg")
    run = shoot.process("--inside", "{stem}_inside.*")
    assert run.photos("done") == ["a.jpg", "b.jpg"]
    assert (shoot.out / "a.png").read_bytes() == b"png of a.jpg a_inside.jpg"
    assert (shoot.out / "b.png").read_bytes() == b"png of b.jpg None"


def test_names_that_trouble_disks_and_terminals_pass_through(shoot: Shoot) -> None:
    names = ["new\nline.jpg", "👗 dress.jpg", "\u202egpj.evil.jpg", " .jpg", "%(a)s.jpg"]
    names += ["ä" * 120 + ".jpg", "x" * 246 + ".jpg"]
    for name in names:
        shoot.photo(name)
    undecodable = os.fsencode(shoot.photos) + b"/caf\xe9.jpg"
    Path(os.fsdecode(undecodable)).write_text("{}")
    run = shoot.process()
    assert (run.status, len(run.photos("done"))) == (0, len(names) + 1)
    for line in run.events:
        if line["event"] == "done":
            assert all(Path(result).is_file() for result in line["results"])
    assert (shoot.out / "new\nline.png").is_file()
    assert len([name for name in shoot.results() if name.endswith(".png")]) == len(names) + 1
    assert shoot.process().photos("done") == []


def test_one_bad_photo_ends_nothing_and_is_listed_at_the_end(shoot: Shoot) -> None:
    shoot.photo("bad.jpg", error="No garment found")
    shoot.photo("bug.jpg", bug=True)
    shoot.photo("good.jpg")
    (shoot.photos / "text.jpg").write_text("no photo")
    run = shoot.run("process", shoot.photos, "--out", shoot.out)
    assert run.status == 1
    assert run.out == f"1 done, 3 failed\nResults: {shoot.out}\n"
    assert "No garment found" in run.err
    assert "fault of the program" in run.err
    assert str(shoot.home / "crashes" / "crash-") in run.err
    assert "Traceback" not in run.err
    assert "ZeroDivisionError" in (shoot.home / "logs" / "worker.log").read_text()
    assert shoot.results() == ["good.png", "good.report.json"]


def test_what_to_know_of_finished_photos_is_said_once_with_their_names(shoot: Shoot) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg"):
        shoot.photo(name, warnings=["Its profile is broken."])
    shoot.photo("seen.jpg", warnings=["A person looks at it."], review=True)
    run = shoot.run("process", shoot.photos, "--out", shoot.out)
    (said,) = run.err.splitlines()
    assert (run.status, said.count(".jpg")) == (0, 3)
    assert said.endswith(" and 1 more: Its profile is broken.")
    lines = shoot.process("--again").events
    assert {tuple(line["warnings"]) for line in lines if line["event"] == "done"} == {("Its profile is broken.",)}


def test_failures_carry_title_message_and_hint(shoot: Shoot) -> None:
    photo = shoot.photo("bad.jpg", error="No garment found")
    (failed,) = (line for line in shoot.process().events if line["event"] == "failed")
    assert failed["title"] == "No garment found"
    assert str(photo) in failed["message"]
    assert failed["hint"]


def test_an_unknown_path_is_a_usage_error(shoot: Shoot) -> None:
    run = shoot.run("process", shoot.photos / "nowhere", "--out", shoot.out)
    assert run.status == 2
    assert "nowhere" in run.err
    assert not shoot.out.exists()


def test_an_empty_folder_says_so(shoot: Shoot) -> None:
    (shoot.photos / "notes.txt").write_text("no photo")
    run = shoot.process()
    assert run.status == 2
    assert "no photographs" in run.err


def test_an_unwritable_output_fails_each_photo_and_says_why(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    shoot.photo("b.jpg")
    shoot.out.write_text("a file where the folder should be")
    run = shoot.run("process", shoot.photos, "--out", shoot.out / "deeper", "--json")
    assert run.status == 1
    assert run.photos("failed") == ["a.jpg", "b.jpg"]
    assert str(shoot.out) in run.events[-1]["message"]
    assert run.events[-1]["hint"]


def test_an_empty_or_unreadable_photo_is_a_failure_in_the_history(shoot: Shoot, is_root: bool) -> None:
    (shoot.photos / "empty.jpg").write_bytes(b"")
    (shoot.photos / "loop.jpg").symlink_to("loop.jpg")
    locked = shoot.photo("locked.jpg")
    locked.chmod(0)
    run = shoot.process()
    failed = ["empty.jpg", "loop.jpg"] + ([] if is_root else ["locked.jpg"])
    assert (run.status, run.photos("failed")) == (1, failed)
    errors = {entry.job.shot.front.name: entry.job.error for entry in shoot.history()}
    assert errors["loop.jpg"].title == "Link in a circle"


def test_linked_folders_are_walked_once(shoot: Shoot, tmp_path: Path) -> None:
    shoot.photo("real/a.jpg")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.jpg").write_text("{}")
    (shoot.photos / "linked").symlink_to(elsewhere)
    (shoot.photos / "again").symlink_to(shoot.photos / "real")
    (shoot.photos / "real" / "loop").symlink_to(shoot.photos)
    run = shoot.process()
    assert (run.status, run.photos("done")) == (0, ["a.jpg", "b.jpg"])
    assert run.photos("skipped") == ["again", "loop"]


def test_a_photo_changed_or_deleted_while_queued_fails_with_a_sentence(shoot: Shoot) -> None:
    shoot.photo("a.jpg", steps=20, step_s=0.1)
    shoot.photo("b.jpg", steps=20, step_s=0.1)
    changed, deleted = shoot.photo("y.jpg"), shoot.photo("z.jpg")
    with shoot.started_processing() as process:
        wait_until(lambda: (shoot.home / "jobs.sqlite3").exists() and len(shoot.history()) == 4)
        changed.write_text('{"text": "another picture"}')
        deleted.unlink()
        run = shoot.finished(process)
    assert run.status == 1
    words = {Path(line["photo"]).name: line["message"] for line in run.events if line["event"] == "failed"}
    assert "was changed" in words["y.jpg"]
    assert "moved or deleted" in words["z.jpg"]
    assert run.photos("done") == ["a.jpg", "b.jpg"]


def test_layers_stand_beside_the_result(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    shoot.process("--layers", "--format", "webp")
    assert shoot.results() == ["a.layers/garment.png", "a.report.json", "a.webp"]


def test_history_tells_what_the_contract_names(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    shoot.photo("b.jpg", error="Bad")
    shoot.process()
    jobs = shoot.run("history", "--json").events
    assert [Path(job["photo"]).name for job in jobs] == ["b.jpg", "a.jpg"]
    for job in jobs:
        assert {"id", "photo", "status", "recipe", "results", "created_at", "finished_at", "error"} <= set(job)
    assert jobs[1]["results"] == [str(shoot.out / "a.png"), str(shoot.out / "a.report.json")]
    assert len(shoot.run("history", "--json", "--limit", "1").events) == 1
    assert [job["status"] for job in shoot.run("history", "--json", "--status", "failed").events] == ["failed"]


@pytest.mark.slow
def test_a_reader_that_leaves_early_is_no_error(shoot: Shoot) -> None:
    for number in range(30):
        shoot.photo(f"{number}.jpg")
    shoot.process()
    with shoot.started("history", "--json") as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == ""
        process.wait(10)
