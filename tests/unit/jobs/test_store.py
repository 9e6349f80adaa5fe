import itertools
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from studio import interrupts
from studio.jobs.store import ALLOWED, DEATHS_ALLOWED, Store
from studio.model import Failure, HistoryOrder, HistoryQuery, JobStatus
from tests.unit.jobs.builders import make_job, result_file

FAILURE = Failure(title="Bad", message="/shoot/a.jpg is bad.", hint="Take another.")


def bring(store: Store, status: JobStatus) -> str:
    """A job that stands at `status`, running ones held by worker w."""
    job_id = store.add(make_job()).id
    if status is JobStatus.CANCELLED:
        store.cancel(job_id)
    if status not in (JobStatus.QUEUED, JobStatus.CANCELLED):
        store.claim(job_id, "w")
    if status is JobStatus.FAILED:
        store.fail(job_id, "w", FAILURE)
    if status in (JobStatus.DONE, JobStatus.NEEDS_REVIEW):
        finish(store, job_id, needs_review=status is JobStatus.NEEDS_REVIEW)
    assert status_of(store, job_id) is status
    return job_id


def finish(store: Store, job_id: str, *, worker: str = "w", needs_review: bool = False) -> bool:
    files = [result_file(f"/out/{job_id}.png")]
    return store.finish(job_id, worker, files=files, confidence=0.7, warnings=["dim"], needs_review=needs_review)


def status_of(store: Store, job_id: str) -> JobStatus:
    entry = store.get(job_id)
    assert entry
    return entry.job.status


MOVES = {
    JobStatus.RUNNING: lambda store, job_id: store.claim(job_id, "w"),
    JobStatus.DONE: finish,
    JobStatus.FAILED: lambda store, job_id: store.fail(job_id, "w", FAILURE),
    JobStatus.QUEUED: lambda store, job_id: store.put_back(job_id, "w"),
}


@pytest.mark.parametrize(("start", "to"), list(itertools.product(JobStatus, MOVES)))
def test_only_allowed_moves_win_and_others_change_nothing(store: Store, start: JobStatus, to: JobStatus) -> None:
    job_id = bring(store, start)
    expected = start in ALLOWED[to] and start is not JobStatus.NEEDS_REVIEW  # review has verbs of its own
    assert MOVES[to](store, job_id) is expected
    assert status_of(store, job_id) is (to if expected else start)


@pytest.mark.parametrize("status", [status for status in JobStatus if status.is_terminal])
def test_a_final_status_stays(store: Store, status: JobStatus) -> None:
    job_id = bring(store, status)
    assert not store.cancel(job_id)
    assert not store.reject(job_id)
    assert not store.approve(job_id, [], copy=1)
    store.abandon("w", counts=True)
    assert status_of(store, job_id) is status


def test_an_interrupt_amid_a_transaction_waits_for_its_end_and_leaves_no_lock(store: Store) -> None:
    job_id = store.add(make_job()).id
    event.listen(store._engine, "commit", lambda _: signal.raise_signal(signal.SIGINT), once=True)
    with pytest.raises(KeyboardInterrupt), interrupts.heeded():
        store.claim(job_id, "w")
    started = time.monotonic()
    assert status_of(store, job_id) is JobStatus.RUNNING
    assert store.put_back(job_id, "w")
    assert time.monotonic() - started < 2


def test_of_many_claims_exactly_one_wins(store: Store) -> None:
    job_id = store.add(make_job()).id
    wins: list[str] = []

    def claim(worker: str) -> None:
        if store.claim(job_id, worker):
            wins.append(worker)

    threads = [threading.Thread(target=claim, args=(f"w{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wins) == 1
    assert [entry.job.id for entry in store.running_under(wins[0])] == [job_id]


def test_a_worker_that_lost_its_job_can_neither_finish_nor_plan(store: Store) -> None:
    job_id = bring(store, JobStatus.RUNNING)
    store.abandon("w", counts=False)
    store.claim(job_id, "another")
    assert not finish(store, job_id)
    assert not store.plan(job_id, "w", [result_file("/out/a.png")])
    assert not store.fail(job_id, "w", FAILURE)
    assert finish(store, job_id, worker="another")


def test_the_same_work_is_queued_once_and_may_be_queued_again_when_it_is_over(store: Store) -> None:
    first = store.add(make_job(intake_key="k"))
    assert store.add(make_job(intake_key="k")).id == first.id
    store.claim(first.id, "w")
    assert store.add(make_job(intake_key="k")).id == first.id
    finish(store, first.id)
    assert store.add(make_job(intake_key="k")).id != first.id
    assert len(store.of_intake_keys(["k"])) == 2


def test_results_stand_with_the_job_that_is_done(store: Store) -> None:
    job_id = bring(store, JobStatus.RUNNING)
    store.plan(job_id, "w", [result_file("/out/a.png"), result_file("/out/old.png")])
    entry = store.get(job_id)
    assert entry
    assert entry.files == ()
    finish(store, job_id)
    entry = store.get(job_id)
    assert entry
    assert [file.path for file in entry.files] == [Path(f"/out/{job_id}.png")]
    assert (entry.confidence, entry.warnings) == (0.7, ("dim",))
    assert entry.job.finished_at
    assert entry.job.finished_at >= entry.job.created_at


def test_planned_files_are_recognised_as_ours_and_only_for_their_photo(store: Store) -> None:
    job_id = bring(store, JobStatus.RUNNING)
    for sha256 in ("first", "second"):
        store.plan(job_id, "w", [result_file("/out/a.png", sha256)])
    assert store.our_hashes(Path("/out/a.png"), Path("/shoot/a.jpg")) == {"first", "second"}
    assert store.our_hashes(Path("/out/a.png"), Path("/shoot/b.jpg")) == set()


def test_what_an_interrupted_attempt_wrote_elsewhere_is_a_leaving(store: Store) -> None:
    job_id = bring(store, JobStatus.RUNNING)
    store.plan(job_id, "w", [result_file("/out/a.png"), result_file("/out/a.report.json")])
    assert store.leavings(job_id, [result_file("/out/a.png")]) == [result_file("/out/a.report.json")]


def test_deaths_count_until_the_job_fails_with_a_sentence(store: Store) -> None:
    job_id = store.add(make_job("/shoot/poison.jpg")).id
    for death in range(DEATHS_ALLOWED):
        assert store.claim(job_id, f"w{death}")
        store.abandon(f"w{death}", counts=True)
    entry = store.get(job_id)
    assert entry
    assert (entry.job.status, entry.job.attempts) == (JobStatus.FAILED, DEATHS_ALLOWED)
    assert entry.job.error
    assert "/shoot/poison.jpg" in entry.job.error.message
    assert entry.job.error.hint


def test_a_death_with_the_parent_costs_no_attempt(store: Store) -> None:
    job_id = store.add(make_job()).id
    for death in range(DEATHS_ALLOWED + 1):
        assert store.claim(job_id, f"w{death}")
        store.abandon(f"w{death}", counts=False)
    entry = store.get(job_id)
    assert entry
    assert (entry.job.status, entry.job.attempts) == (JobStatus.QUEUED, 0)


def test_a_running_job_is_asked_to_stop_and_then_cancelled_rather_than_queued(store: Store) -> None:
    job_id = bring(store, JobStatus.RUNNING)
    assert store.cancel(job_id)
    assert status_of(store, job_id) is JobStatus.RUNNING
    assert store.to_stop("w") == {job_id}
    assert store.put_back(job_id, "w")
    assert status_of(store, job_id) is JobStatus.CANCELLED


def test_many_jobs_are_stopped_held_and_let_go_in_one_transaction_each(store: Store) -> None:
    at = {status: bring(store, status) for status in JobStatus}
    waiting = [store.add(make_job()).id for _ in range(20)]
    open_ = {at[JobStatus.QUEUED], at[JobStatus.RUNNING], *waiting}
    commits: list[object] = []
    event.listen(store._engine, "commit", commits.append)
    for verb in (store.hold, store.let_go, store.cancel):
        assert verb(*at.values(), *waiting) == open_
    assert len(commits) == 3
    assert {status_of(store, job_id) for job_id in waiting} == {JobStatus.CANCELLED}
    assert store.to_stop("w") == {at[JobStatus.RUNNING]}
    unchanged = set(JobStatus) - {JobStatus.QUEUED}
    assert all(status_of(store, at[status]) is status for status in unchanged)


def test_a_job_asked_to_stop_is_cancelled_when_its_worker_dies(store: Store) -> None:
    job_id = bring(store, JobStatus.RUNNING)
    store.cancel(job_id)
    store.abandon("w", counts=True)
    assert status_of(store, job_id) is JobStatus.CANCELLED


def test_a_held_job_is_claimed_by_nobody_until_it_is_let_go(store: Store) -> None:
    held, free = (store.add(make_job()).id for _ in range(2))
    assert store.hold(held)
    assert (store.held([held, free]), [job.held for job in store.queue()]) == ({held}, [True, False])
    assert not store.claim(held, "w")
    assert store.next_queued([held, free]) == store.queue()[1]
    assert store.let_go(held)
    assert store.next_queued([held, free]) == store.queue()[0]


def test_a_running_job_that_is_held_is_stopped_and_waits_in_the_queue(store: Store) -> None:
    job_id = bring(store, JobStatus.RUNNING)
    assert store.hold(job_id)
    assert store.to_stop("w") == {job_id}
    assert store.put_back(job_id, "w")
    assert status_of(store, job_id) is JobStatus.QUEUED
    assert store.next_queued([job_id]) is None
    assert store.cancel(job_id)
    assert not store.let_go(job_id)


def test_a_job_that_ends_before_it_hears_that_it_is_held_is_over(store: Store) -> None:
    job_id = bring(store, JobStatus.RUNNING)
    store.hold(job_id)
    finish(store, job_id)
    assert (status_of(store, job_id), store.held([job_id])) == (JobStatus.DONE, set())
    assert not store.hold(job_id)


def test_the_history_is_searched_by_model_and_between_two_times(store: Store) -> None:
    for models in (["starter"], ["starter", "sdxl"], []):
        job_id = bring(store, JobStatus.RUNNING)
        assert store.finish(job_id, "w", files=[], confidence=1, warnings=[], needs_review=False, models=models)
    assert store.models_used() == ["sdxl", "starter"]
    assert store.matching(HistoryQuery(model="starter")) == [2, 1]
    assert store.matching(HistoryQuery(model="sdxl")) == [2]
    assert store.matching(HistoryQuery(model="unheard of")) == []
    now, hour = datetime.now(UTC), timedelta(hours=1)
    assert store.matching(HistoryQuery(since=now - hour, until=now + hour)) == [3, 2, 1]
    assert store.matching(HistoryQuery(until=now - hour)) == []
    assert store.matching(HistoryQuery(since=now + hour)) == []


def test_the_history_is_sorted_by_what_is_asked_for(store: Store) -> None:
    ids = [store.add(make_job(f"/shoot/{name}.jpg")).id for name in ("look-10", "Look-9", "hat")]
    for job_id in ids:
        store.claim(job_id, "w")
    store.fail(ids[2], "w", FAILURE)
    for job_id, name, confidence in ((ids[1], "2", 0.9), (ids[0], "10", 0.5)):
        files = [result_file(f"/out/{name}/look.png")]
        assert store.finish(job_id, "w", files=files, confidence=confidence, warnings=[], needs_review=False)

    def sorted_by(order: HistoryOrder) -> tuple[list[int], list[int]]:
        rising, falling = (HistoryQuery(order=order, is_rising=is_rising) for is_rising in (True, False))
        return store.matching(rising), store.matching(falling)

    assert sorted_by(HistoryOrder.ARRIVED) == ([1, 2, 3], [3, 2, 1])
    assert sorted_by(HistoryOrder.NAME) == ([3, 2, 1], [1, 2, 3])
    assert sorted_by(HistoryOrder.STATUS) == ([2, 1, 3], [3, 2, 1])
    assert sorted_by(HistoryOrder.RECIPE) == ([3, 2, 1], [3, 2, 1])
    assert sorted_by(HistoryOrder.CONFIDENCE) == ([1, 2, 3], [2, 1, 3])
    assert sorted_by(HistoryOrder.WHEN) == ([3, 2, 1], [1, 2, 3])
    assert sorted_by(HistoryOrder.WHERE) == ([2, 1, 3], [1, 2, 3])


def test_next_is_by_priority_then_arrival_among_those_named(store: Store) -> None:
    jobs = [store.add(make_job(priority=priority)) for priority in (0, 5, 5)]
    ids = [job.id for job in jobs]
    order: list[str] = []
    while job := store.next_queued(ids):
        order.append(job.id)
        store.claim(job.id, "w")
    assert order == [ids[1], ids[2], ids[0]]
    store.add(make_job())
    assert store.next_queued(ids) is None


def test_thousands_of_ids_are_no_trouble(store: Store) -> None:
    job = store.add(make_job())
    ids = [f"none{number}" for number in range(50_000)]
    assert store.next_queued([*ids, job.id]) == job
    assert store.settled(ids) == []


def test_names_that_are_no_text_survive(store: Store) -> None:
    front = "/shoot/caf\udce9\n.jpg"
    job = store.add(make_job(front))
    store.claim(job.id, "w")
    store.fail(job.id, "w", Failure(title="Bad", message=f"{front} is bad."))
    entry = store.get(job.id)
    assert entry
    assert entry.job.shot.front == Path(front)
    assert entry.job.error
    assert "caf\\udce9" in entry.job.error.message


def test_two_jobs_never_hold_the_same_names(store: Store) -> None:
    first, second = store.add(make_job("/one/a.jpg")), store.add(make_job("/two/a.jpg"))
    for job in (first, second):
        store.claim(job.id, job.id)
    assert store.reserve(first.id, first.id, 1)
    assert not store.reserve(second.id, second.id, 1)
    assert store.reserve(second.id, second.id, 2)
    finish(store, first.id, worker=first.id)
    assert store.reserve(second.id, second.id, 1)


def test_our_files_below_a_folder_are_found_and_its_neighbours_are_not(store: Store) -> None:
    job_id = bring(store, JobStatus.RUNNING)
    store.plan(job_id, "w", [result_file(path) for path in ("/out/a.png", "/out/b/c.png", "/outer/d.png", "/out")])
    assert store.results_below(Path("/out")) == {Path("/out/a.png"), Path("/out/b/c.png")}


def test_an_id_may_be_shortened(store: Store) -> None:
    for job_id in ("abc1", "abd2", "x%y"):
        store.add(make_job(id=job_id))
    assert [entry.job.id for entry in store.starting_with("abc")] == ["abc1"]
    assert len(store.starting_with("ab")) == 2
    assert store.starting_with("%") == []


def test_a_job_is_not_queued_on_stale_knowledge(store: Store) -> None:
    first = store.add_knowing(make_job(intake_key="k"), [])
    assert first
    known = store.of_intake_keys(["k"])
    store.claim(first.id, "w")
    finish(store, first.id)
    assert store.add_knowing(make_job(intake_key="k"), known) is None
    assert store.add_knowing(make_job(intake_key="k"), store.of_intake_keys(["k"]))
