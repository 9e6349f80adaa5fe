"""The facade with a real worker: cancelling, retrying, what runs beside what."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.app import Order, Studio, Taken, WatchedFolder
from studio.errors import EngineError
from studio.model import Event, JobChanged, JobStatus, Notice, Progress, Recipe
from studio.settings import Home, Settings
from tests.flow.shoot import Shoot


@pytest.fixture
def studio(shoot: Shoot) -> Iterator[Studio]:
    with Studio(Home(folder=shoot.home), engine="tests.fakes.engine") as studio:
        yield studio


class Listener:
    """Keeps the events."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def ended(self) -> dict[str, JobStatus]:
        return {event.photo.name: event.status for event in self.events if isinstance(event, JobChanged)}


def process(studio: Studio, shoot: Shoot, heard: Listener | None = None) -> Listener:
    heard = heard or Listener()
    studio.work.process(studio.work.plan(Order(paths=(shoot.photos,), out=shoot.out, recipe=Recipe())), heard)
    return heard


def cancel_soon(studio: Studio, name: str, *, after: JobStatus) -> threading.Thread:
    """Cancel the job of a photo as soon as it stands at a status."""

    def watch() -> None:
        for _ in range(500):
            for entry in studio.history.newest():
                if entry.job.shot.front.name == name and entry.job.status is after:
                    assert studio.queue.cancel(entry.job.id)
                    return
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


@pytest.mark.parametrize("after", [JobStatus.QUEUED, JobStatus.RUNNING])
def test_a_cancelled_job_stops_and_the_others_go_on(studio: Studio, shoot: Shoot, after: JobStatus) -> None:
    shoot.photo("a.jpg", steps=5, step_s=0.1)
    shoot.photo("b.jpg", steps=600, step_s=0.1)
    watcher = cancel_soon(studio, "b.jpg", after=after)
    started = time.monotonic()
    heard = process(studio, shoot)
    watcher.join()
    assert heard.ended() == {"a.jpg": JobStatus.DONE, "b.jpg": JobStatus.CANCELLED}
    assert time.monotonic() - started < 20
    assert shoot.results() == ["a.png", "a.report.json"]


@pytest.mark.slow
def test_a_job_that_does_not_yield_is_cancelled_by_ending_the_worker(studio: Studio, shoot: Shoot) -> None:
    shoot.photo("deaf.jpg", deaf_s=60)
    shoot.photo("other.jpg", steps=30, step_s=0.1)
    watcher = cancel_soon(studio, "deaf.jpg", after=JobStatus.RUNNING)
    heard = process(studio, shoot)
    watcher.join()
    assert heard.ended() == {"deaf.jpg": JobStatus.CANCELLED, "other.jpg": JobStatus.DONE}
    assert all(entry.job.attempts == 0 for entry in studio.history.newest())


def test_progress_is_heard_between_start_and_end(studio: Studio, shoot: Shoot) -> None:
    shoot.photo("a.jpg", steps=4, step_s=0.15)
    heard = process(studio, shoot)
    kinds = [event.status if isinstance(event, JobChanged) else event.stage for event in heard.events]
    assert kinds[0] is JobStatus.RUNNING
    assert kinds[-1] is JobStatus.DONE
    fractions = [event.fraction for event in heard.events if isinstance(event, Progress)]
    assert len(fractions) >= 3
    assert fractions == sorted(fractions)


def test_a_retry_is_a_new_job_and_replaces_our_own_result(studio: Studio, shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    process(studio, shoot)
    (first,) = studio.history.newest()
    again = studio.queue.retry(first.job.id)
    assert again.id != first.job.id
    studio.work.resume(lambda event: None)
    assert [entry.job.status for entry in studio.history.newest()] == [JobStatus.DONE] * 2
    assert shoot.results() == ["a.png", "a.report.json"]


def overlaps(heard: Listener) -> int:
    """How many jobs ran at once, at most."""
    running, most = 0, 0
    for event in heard.events:
        if isinstance(event, JobChanged):
            running += 1 if event.status is JobStatus.RUNNING else -1
            most = max(most, running)
    return most


@pytest.mark.parametrize(("megapixels", "expected"), [(12, 2), (45, 1)])
def test_photos_run_side_by_side_within_the_budget_of_megapixels(
    studio: Studio, shoot: Shoot, megapixels: int, expected: int
) -> None:
    for number in range(4):
        shoot.photo(f"{number}.jpg", steps=3, step_s=0.1, megapixels=megapixels)
    assert overlaps(process(studio, shoot)) == expected


def test_a_photo_larger_than_the_budget_still_runs(studio: Studio, shoot: Shoot) -> None:
    shoot.photo("huge.jpg", megapixels=10 * Settings().megapixels_at_once)
    assert process(studio, shoot).ended() == {"huge.jpg": JobStatus.DONE}


def statuses(heard: Listener, name: str) -> list[JobStatus]:
    return [event.status for event in heard.events if isinstance(event, JobChanged) and event.photo.name == name]


def test_what_a_runner_puts_back_is_told_and_so_is_what_ends_meanwhile(studio: Studio, shoot: Shoot) -> None:
    shoot.photo("ends.jpg", move_s=0.3)
    shoot.photo("runs.jpg", steps=200, step_s=0.05)
    shoot.photo("waits.jpg")
    heard = Listener()
    order = Order(paths=(shoot.photos,), out=shoot.out, recipe=Recipe())
    with studio.work.runner(heard) as runner:
        runner.take([taken.job for taken in studio.work.submit(studio.work.plan(order)) if isinstance(taken, Taken)])
        while not (shoot.out / "ends.png").exists() or not statuses(heard, "runs.jpg"):
            runner.pump(0.05)
        runner.put_back()
        assert statuses(heard, "ends.jpg") == [JobStatus.RUNNING, JobStatus.DONE]
        assert statuses(heard, "runs.jpg") == [JobStatus.RUNNING, JobStatus.QUEUED]
        assert statuses(heard, "waits.jpg") == []
        assert [job.shot.front.name for job in runner.pending] == ["runs.jpg", "waits.jpg"]
    assert shoot.statuses() == {"done": 1, "queued": 2}


def test_what_runs_while_a_watched_folder_vanishes_is_told_as_put_back(studio: Studio, shoot: Shoot) -> None:
    shoot.photo("a.jpg", steps=20, step_s=0.05)
    aside = shoot.photos.with_name("aside")
    heard = Listener()

    def hear(event: Event) -> None:
        heard(event)
        if isinstance(event, Progress) and statuses(heard, "a.jpg") == [JobStatus.RUNNING] and shoot.photos.exists():
            shoot.photos.rename(aside)

    def tell(news: object) -> None:
        if isinstance(news, Notice) and aside.exists():
            aside.rename(shoot.photos)

    folder = WatchedFolder(id="", folder=shoot.photos, out=shoot.out, recipe=Recipe(), settle_s=0.05)
    studio.watching.run(studio.watching.keep(folder), hear, tell, once=True)
    assert statuses(heard, "a.jpg") == [JobStatus.RUNNING, JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.DONE]


def test_an_engine_that_cannot_load_is_said_once_and_the_jobs_stay_queued(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    with Studio(Home(folder=shoot.home), engine="tests.fakes.missing") as studio:
        with pytest.raises(EngineError, match=r"tests\.fakes\.missing"):
            process(studio, shoot)
        assert [entry.job.status for entry in studio.history.newest()] == [JobStatus.QUEUED]


@pytest.mark.slow
def test_a_worker_that_dies_at_its_start_is_not_started_for_ever(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    with Studio(Home(folder=shoot.home), engine="tests.fakes.stillborn") as studio:
        with pytest.raises(EngineError, match="as soon as it starts"):
            process(studio, shoot)
        assert [entry.job.attempts for entry in studio.history.newest()] == [0]


def test_the_setting_that_networks_are_compiled_reaches_the_engine(studio: Studio, shoot: Shoot) -> None:
    for compiles in (False, True):
        studio.save_settings(replace(studio.settings, compile_networks=int(compiles)))
        shoot.photo(f"{compiles}.jpg")
        process(studio, shoot)
        run = json.loads((shoot.out / f"{compiles}.report.json").read_text())["run"]
        assert run.get("compiled") == (str(shoot.home / "compiled") if compiles else None)
