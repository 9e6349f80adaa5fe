"""The render farm against the local queue, and what one job costs sender, broker and storage.

    python -m tests.bench.farm [--jobs 60] [--seconds 1.0] [--workers 1,2,4] [--only speed|costs]

Prints one JSON object. `speed`: the scriptable engine waits --seconds for each photo, so that the computer's cores do
not limit it; efficiency is the time of the local queue, one photo at a time, over that of the farm times its worker
processes. `costs`: what `tests.bench.farm_planning` calculates with.
"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import redis

from studio.app import Home, Order, Studio
from studio.farm.bench import Bench
from studio.farm.board import Board
from studio.farm.client import Farm
from studio.farm.node import Node
from studio.farm.place import Place
from studio.farm.storage import Storage
from studio.farm.tasks import make_app
from studio.jobs.store import Store
from studio.model import JobStatus
from tests.cloud.servers import Redis, running_process, running_redis, wait_until
from tests.flow.shoot import Shoot

PROGRAM = [sys.executable, "-m", "tests.flow.farm_modamoda"]
PHOTO_BYTES, RESULT_BYTES = 6_000_000, 20_000_000
COSTED_JOBS = 20
WATCHED_JOBS = 200


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--only", choices=["speed", "costs"])
    options = parser.parse_args()
    figures: dict[str, Any] = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
    if options.only != "costs":
        figures["speed"] = speed(options.jobs, options.seconds, [int(word) for word in options.workers.split(",")])
    if options.only != "speed":
        figures["costs"] = costs()
    print(json.dumps(figures, indent=1))


def speed(jobs: int, seconds: float, workers: list[int]) -> dict[str, Any]:
    """Seconds for the same shoot by the local queue and by a farm of so many worker processes."""
    local = _timed(jobs, seconds, 0)
    found: dict[str, Any] = {"jobs": jobs, "seconds_a_job": seconds, "local_s": round(local, 1)}
    for count in workers:
        took = _timed(jobs, seconds, count)
        found[f"farm_of_{count}_s"] = round(took, 1)
        found[f"efficiency_of_{count}"] = round(local / took / count, 3)
    return found


def _timed(jobs: int, seconds: float, workers: int) -> float:
    with tempfile.TemporaryDirectory() as name, running_redis() as broker:
        shoot = Shoot(Path(name))
        for number in range(jobs):
            shoot.photo(f"{number:04}.jpg", steps=10, step_s=seconds / 10)
        with Studio(Home(folder=shoot.home)) as studio:
            studio.save_settings(replace(studio.settings, jobs_at_once=1))
        environment = {"MODAMODA_HOME": str(shoot.home)}
        log = Path(name) / "log"
        with _farm(shoot, broker, workers, environment, log):
            words = ["process", str(shoot.photos), "--out", str(shoot.out), "--json", *(["--farm"] if workers else [])]
            begun = time.monotonic()
            with running_process([*PROGRAM, *words], environment, log) as process:
                assert process.wait(timeout=3600) == 0, log.read_text()[-2000:]
            took = time.monotonic() - begun
        shoot.assert_finished_once([f"{number:04}" for number in range(jobs)])
    return took


@contextlib.contextmanager
def _farm(shoot: Shoot, broker: Redis, workers: int, environment: dict[str, str], log: Path) -> Iterator[None]:
    if not workers:
        yield
        return
    store = shoot.photos.parent / "store"
    shoot.run("farm", "set-up", "--broker", broker.url, "--storage", store)
    with running_process([*PROGRAM, "farm", "worker", "--concurrency", str(workers)], environment, log):
        wait_until(lambda: bool(Board(broker.url).workers()), seconds=60, what="the worker")
        yield


def costs() -> dict[str, Any]:
    """Seconds and broker commands that one job costs, and a look at one that is under way."""
    with tempfile.TemporaryDirectory() as name, running_redis() as broker:
        folder = Path(name)
        place = Place(broker=broker.url, storage=folder / "store")
        Storage(place.storage).set_up()
        watched = _under_way(folder / "watched", place, WATCHED_JOBS)
        return _one_by_one(folder / "costed", place) | watched | {"broker_commands_a_second": _rate(broker)}


def _one_by_one(folder: Path, place: Place) -> dict[str, Any]:
    shoot = _ordered(folder, COSTED_JOBS, text="x" * PHOTO_BYTES, fill_bytes=RESULT_BYTES)
    client = redis.Redis.from_url(place.broker)
    with contextlib.closing(client), Store(shoot.home / "jobs.sqlite3") as store:
        before = client.info("stats")["total_commands_processed"]
        farm = Farm(place, store, lambda event: None)
        farm.hand_over([job for job in store.queue() if job.status is JobStatus.QUEUED])
        order_s = _seconds(farm.step)
        bench = Bench(_node(place, shoot), Board(place.broker), make_app(place.broker, limit_s=60, with_results=False))
        runs = [
            run.id for run in Storage(place.storage).runs().values() if run.job_id in {j.id for j in farm.under_way}
        ]
        work_s = _seconds(lambda: [bench.run(run_id) for run_id in runs])
        collect_s = _seconds(farm.step)
        assert not farm.under_way
        commands = client.info("stats")["total_commands_processed"] - before
    return {
        "photo_bytes": PHOTO_BYTES,
        "result_bytes": RESULT_BYTES,
        "order_s": round(order_s / COSTED_JOBS, 4),
        "worker_s": round(work_s / COSTED_JOBS, 4),
        "collect_s": round(collect_s / COSTED_JOBS, 4),
        "broker_commands": round(commands / COSTED_JOBS, 1),
    }


def _under_way(folder: Path, place: Place, count: int) -> dict[str, Any]:
    """What looking after a job costs that nobody has finished yet."""
    shoot = _ordered(folder, count)
    with Store(shoot.home / "jobs.sqlite3") as store:
        farm = Farm(place, store, lambda event: None)
        farm.hand_over([job for job in store.queue() if job.status is JobStatus.QUEUED])
        farm.step()
        look_s = min(_seconds(farm.step) for _ in range(5))
        farm.take_back()
    return {"look_s": round(look_s / count, 6)}


def _ordered(folder: Path, count: int, **script: Any) -> Shoot:
    """A shoot whose photos wait in the queue."""
    folder.mkdir()
    shoot = Shoot(folder)
    for number in range(count):
        shoot.photo(f"{number:04}.jpg", **({"text": str(number)} | script), number=number)
    with Studio(Home(folder=shoot.home), engine="tests.fakes.engine") as studio:
        studio.work.submit(
            studio.work.plan(Order(paths=(shoot.photos,), out=shoot.out, recipe=studio.recipes.find("invisible")))
        )
    return shoot


def _node(place: Place, shoot: Shoot) -> Node:
    return Node(
        place=place,
        home=Home(folder=shoot.home),
        name="bench",
        engine="tests.fakes.engine",
        concurrency=1,
        memory_mb=16_000,
        abilities=("",),
        facts={},
        limit_s=60,
        queues=(),
        device="auto",
    )


def _rate(broker: Redis) -> int:
    """Commands a second that the broker answers to one client that sends a hundred at a time."""
    client = redis.Redis.from_url(broker.url)
    with contextlib.closing(client):

        def ask() -> None:
            pipe = client.pipeline(transaction=False)
            for _ in range(100):
                pipe.get("nothing")
            pipe.execute()

        return round(100 / min(_seconds(ask) for _ in range(50)))


def _seconds(act: Any) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
