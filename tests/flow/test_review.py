"""Doubtful results wait under _review until a person decides."""

import json
import time

import pytest

from studio.app import Studio
from studio.errors import OutputError
from studio.jobs.store import Store
from studio.model import JobStatus, ResultFile
from studio.settings import Home
from studio.sync.records import Records
from tests.flow.shoot import Shoot


def waiting(shoot: Shoot, *words: str) -> str:
    """Put one doubtful result into review; its job's id."""
    shoot.photo("day/a.jpg", review=True)
    run = shoot.process(*words)
    assert (run.status, run.photos("needs_review")) == (0, ["a.jpg"])
    return next(line["id"] for line in run.events if line["event"] == "needs_review")


def test_a_doubtful_result_stands_aside_until_it_is_approved(shoot: Shoot) -> None:
    job_id = waiting(shoot, "--layers")
    review = ["_review/day/a.layers/garment.png", "_review/day/a.png", "_review/day/a.report.json"]
    assert shoot.results() == review
    listed = shoot.run("review", "list", "--json").events
    assert [line["id"] for line in listed] == [job_id]
    assert shoot.process("--layers").photos("skipped") == ["a.jpg"]
    assert shoot.run("review", "approve", job_id[:6]).status == 0
    assert shoot.results() == ["day/a.layers/garment.png", "day/a.png", "day/a.report.json"]
    assert not (shoot.out / "_review").exists()
    assert all(shoot.ours(name) for name in shoot.results())
    assert json.loads((shoot.out / "day/a.report.json").read_text())["needs_review"] is False
    assert shoot.process("--layers").photos("skipped") == ["a.jpg"]


def test_what_waits_is_said_at_the_next_order_and_with_its_reason(shoot: Shoot) -> None:
    shoot.photo("a.jpg", review=True)
    recipe = shoot.photos.with_name("strict.json")
    recipe.write_text('{"extract": {"confidence_min": 0.95}}')
    words = ("process", shoot.photos, "--out", shoot.out, "--recipe", recipe)
    place = f"To review: {shoot.out / '_review'}\n"
    assert shoot.run(*words).out == f"1 to review (modamoda review list)\n{place}"
    assert shoot.run(*words).out == f"1 already done, 1 of them to review (modamoda review list)\n{place}"
    assert "outline: 0.90, where 0.95 is wanted" in shoot.run("review", "list").out


def test_a_rejected_result_goes_and_the_photo_may_be_done_again(shoot: Shoot) -> None:
    waiting(shoot)
    assert shoot.run("review", "reject", "--all").status == 0
    assert shoot.results() == []
    assert shoot.statuses() == {"cancelled": 1}
    assert shoot.process().photos("needs_review") == ["a.jpg"]


def test_approving_never_overwrites_a_strangers_file(shoot: Shoot) -> None:
    waiting(shoot)
    (shoot.out / "day").mkdir()
    (shoot.out / "day" / "a.png").write_text("somebody else's")
    assert shoot.run("review", "approve", "--all").status == 0
    assert shoot.results() == ["day/a-2.png", "day/a-2.report.json", "day/a.png"]
    assert (shoot.out / "day" / "a.png").read_text() == "somebody else's"


def test_a_result_retouched_under_review_is_approved_as_it_is(shoot: Shoot) -> None:
    waiting(shoot)
    (shoot.out / "_review/day/a.png").write_bytes(b"retouched")
    assert shoot.run("review", "approve", "--all").status == 0
    assert (shoot.out / "day/a.png").read_bytes() == b"retouched"
    assert shoot.ours("day/a.png")


def test_an_approval_broken_off_half_way_is_finished_by_the_next(shoot: Shoot) -> None:
    job_id = waiting(shoot)
    with Store(shoot.home / "jobs.sqlite3") as store:
        entry = store.get(job_id)
        assert entry
        picture = entry.files[0]
        target = shoot.out / "day" / "a.png"
        store.plan_move(job_id, [ResultFile(path=target, sha256=picture.sha256)])
    target.parent.mkdir()
    picture.path.rename(target)
    assert shoot.run("review", "approve", job_id).status == 0
    assert shoot.results() == ["day/a.png", "day/a.report.json"]
    assert all(shoot.ours(name) for name in shoot.results())


def test_a_result_that_is_gone_cannot_be_approved_and_says_so(shoot: Shoot) -> None:
    waiting(shoot)
    (shoot.out / "_review/day/a.png").unlink()
    run = shoot.run("review", "approve", "--all")
    assert run.status == 1
    assert "a.png" in run.err
    assert shoot.statuses() == {"needs_review": 1}


def test_what_was_decided_stays_decided(shoot: Shoot) -> None:
    job_id = waiting(shoot)
    with Studio(Home(folder=shoot.home)) as studio:
        entry = studio.history.entry(job_id)
        assert [decided.job.status for decided in studio.review.approve([entry])] == [JobStatus.DONE]
        assert studio.review.reject([entry]) == []
    run = shoot.run("review", "approve", job_id)
    assert run.status == 2
    assert "done" in run.err


def test_review_without_a_name_is_a_usage_error(shoot: Shoot) -> None:
    assert shoot.run("review", "approve").status == 2
    assert shoot.run("review", "approve", "nosuch").status == 2


def test_a_decision_that_is_taken_back_leaves_everything_as_it_was(shoot: Shoot) -> None:
    job_id = waiting(shoot, "--layers")
    report = shoot.out / "_review/day/a.report.json"
    with Studio(Home(folder=shoot.home)) as studio:
        before, said, stood = studio.history.entry(job_id), json.loads(report.read_text()), shoot.results()
        for decide in (studio.review.approve, studio.review.set_aside):
            (decided,) = decide([before])
            assert studio.review.take_back(before, decided.job.finished_at).job == before.job
            assert shoot.results() == stood
            assert all(shoot.ours(name) for name in stood)
            assert json.loads(report.read_text()) == said
    assert not (shoot.out / "day").exists()
    assert shoot.run("review", "approve", job_id).status == 0
    assert shoot.results() == ["day/a.layers/garment.png", "day/a.png", "day/a.report.json"]


def test_an_approval_whose_photo_was_ordered_anew_is_not_taken_back(shoot: Shoot) -> None:
    with Studio(Home(folder=shoot.home)) as studio:
        before = studio.history.entry(waiting(shoot))
        (done,) = studio.review.approve([before])
        studio.queue.retry(before.job.id)
        with pytest.raises(OutputError, match="replaced"):
            studio.review.take_back(before, done.job.finished_at)
    assert shoot.results() == ["day/a.png", "day/a.report.json"]


def test_an_approval_that_replaced_an_earlier_result_is_not_taken_back(shoot: Shoot) -> None:
    waiting(shoot)
    assert shoot.run("review", "approve", "--all").status == 0
    with Studio(Home(folder=shoot.home)) as studio:
        before = studio.history.entry(waiting(shoot, "--again"))
        (done,) = studio.review.approve([before])
        with pytest.raises(OutputError, match="replaced"):
            studio.review.take_back(before, done.job.finished_at)
    assert shoot.results() == ["day/a.png", "day/a.report.json"]


def test_an_approval_is_taken_back_before_its_result_is_sent_and_not_after(shoot: Shoot) -> None:
    with Studio(Home(folder=shoot.home)) as studio:
        records = Records(studio.home.database)
        records.consent("me", shoot.photos)
        before = studio.history.entry(waiting(shoot))
        (done,) = studio.review.approve([before])
        assert records.next_message("me", time.time(), ["upload"])
        studio.review.take_back(before, done.job.finished_at)
        assert records.next_message("me", time.time(), ["upload"]) is None
        (done,) = studio.review.approve([before])
        picture = done.files[0]
        records.note_synced("me", picture.sha256, picture.path, "result-1")
        with pytest.raises(OutputError, match="sent"):
            studio.review.take_back(before, done.job.finished_at)
        records.close()
    assert shoot.results() == ["day/a.png", "day/a.report.json"]


def test_taking_back_never_overwrites_a_strangers_file(shoot: Shoot) -> None:
    with Studio(Home(folder=shoot.home)) as studio:
        before = studio.history.entry(waiting(shoot))
        (done,) = studio.review.approve([before])
        stranger = shoot.out / "_review" / "day" / "a.png"
        stranger.parent.mkdir(parents=True)
        stranger.write_text("somebody else's")
        with pytest.raises(OutputError, match=r"a\.png"):
            studio.review.take_back(before, done.job.finished_at)
    assert stranger.read_text() == "somebody else's"
    assert shoot.statuses() == {"done": 1}


def test_taking_back_that_is_broken_off_half_way_is_finished_by_the_next_approval(
    shoot: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(move: object) -> None:
        raise KeyboardInterrupt

    with Studio(Home(folder=shoot.home)) as studio:
        before = studio.history.entry(waiting(shoot))
        (done,) = studio.review.approve([before])
        monkeypatch.setattr("studio.jobs.review._carry_out", killed)
        with pytest.raises(KeyboardInterrupt):
            studio.review.take_back(before, done.job.finished_at)
        monkeypatch.undo()
        assert studio.review.waiting() == [studio.history.entry(before.job.id)]
        assert [each.job.status for each in studio.review.approve(studio.review.waiting())] == [JobStatus.DONE]
    assert shoot.results() == ["day/a.png", "day/a.report.json"]
    assert all(shoot.ours(name) for name in shoot.results())


def test_what_was_set_aside_is_cleared_away_unless_another_job_counts_on_it(shoot: Shoot) -> None:
    first = waiting(shoot)
    with Studio(Home(folder=shoot.home)) as studio:
        studio.review.set_aside([studio.history.entry(first)])
        second = waiting(shoot)  # the same photo once more: the same file
        studio.review.clear_away([first])
        assert shoot.results() == ["_review/day/a.png", "_review/day/a.report.json"]
        studio.review.set_aside([studio.history.entry(second)])
        studio.review.clear_away([first, second])
        assert shoot.results() == []
