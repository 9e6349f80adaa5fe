"""A hundred people at a time, each with one photo, on two processors: all are served, none is lost or charged twice."""

import logging
import statistics
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from tests.cloud.live import FINISHED, LivePerson, OpenLive, port_of, small_sample
from tests.cloud.servers import running_service, running_worker

LOG = logging.getLogger(__name__)
T = TypeVar("T")
PEOPLE = 100
LIMIT_S = 300
POLL_S = 4


@pytest.mark.slow
@pytest.mark.timeout(LIMIT_S + 120)
def test_a_hundred_people_are_served_within_five_minutes(
    production: dict[str, str], open_live: OpenLive, tmp_path: Path
):
    log = tmp_path / "processes.log"
    photo = small_sample(256)
    with running_service(production, log, port_of(production)), running_worker(production, log, concurrency=2):
        live = open_live(production)
        people = [live.person(credits=2) for _ in range(PEOPLE)]
        started = time.monotonic()
        with ThreadPoolExecutor(PEOPLE) as pool:
            visits = list(pool.map(lambda person: visit(person, photo, started), people))
        statuses = [status for status, _, _ in visits]
        latencies = sorted(latency for _, _, timings in visits for latency in timings)
        LOG.info(
            "%d people: all served after %.0f s, half after %.0f s; %d calls, median %.0f, 95th %.0f, slowest %.0f ms",
            PEOPLE,
            max(seconds for _, seconds, _ in visits),
            statistics.median(seconds for _, seconds, _ in visits),
            len(latencies),
            1000 * statistics.median(latencies),
            1000 * latencies[int(0.95 * len(latencies))],
            1000 * latencies[-1],
        )
        assert set(statuses) <= {"done", "needs_review"}, Counter(statuses)
        assert sum(live.counts().values()) == PEOPLE
        assert live.faults() == []
        balances = [person.get("/credits/balance").json() for person in people]
        assert {balance["available"] for balance in balances} == {1}
        assert sum(balance["reserved"] for balance in balances) == statuses.count("needs_review")


def visit(person: LivePerson, photo: bytes, started: float) -> tuple[str, float, list[float]]:
    """Submit a photo and wait for it: its status, seconds since the start of all, and the seconds of every call."""
    timings: list[float] = []

    def timed(call: Callable[[], T]) -> T:
        begun = time.perf_counter()
        answer = call()
        timings.append(time.perf_counter() - begun)
        return answer

    job_id = timed(lambda: person.submit(photo))
    while time.monotonic() - started < LIMIT_S:
        job = timed(lambda: person.job(job_id))
        if job["status"] in FINISHED:
            return job["status"], time.monotonic() - started, timings
        time.sleep(POLL_S)
    return "not finished", LIMIT_S, timings
