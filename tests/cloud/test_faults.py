"""What breaks while jobs are under way: workers killed, Redis and PostgreSQL away for 20 seconds. No job is lost."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from cloud.database import Database
from cloud.migrate import migrate
from tests.cloud.live import FINISHED, Live, LivePerson, OpenLive, environment_of, port_of, small_sample
from tests.cloud.servers import (
    PostgreSQL,
    Redis,
    running_postgresql,
    running_redis,
    running_service,
    running_worker,
    wait_until,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
AWAY_S = 20


@pytest.fixture
def own_postgresql() -> Iterator[PostgreSQL]:
    with running_postgresql(keeps_commits=True) as server:
        database = Database(server.make_database("live").replace("postgresql://", "postgresql+psycopg://"))
        migrate(database)
        database.close()
        yield server


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    with running_redis() as server:
        yield server


def check(live: Live, person: LivePerson, jobs: list[str], credits: int) -> None:
    """Every job ended well, was charged once, and the ledger is sound."""
    wait_until(lambda: live.is_settled(len(jobs)), seconds=240, what="the end of all jobs")
    ended = [person.job(job)["status"] for job in jobs]
    assert set(ended) <= {"done", "needs_review"}, ended
    assert live.faults() == []
    balance = person.get("/credits/balance").json()
    assert balance["available"] == credits - len(jobs)
    assert balance["reserved"] == ended.count("needs_review")


def is_running(person: LivePerson, job: str) -> Callable[[], bool]:
    return lambda: person.job(job)["status"] in ("running", *FINISHED)


def test_a_worker_killed_in_the_middle_of_a_job_loses_nothing(
    production: dict[str, str], open_live: OpenLive, tmp_path: Path
):
    log = tmp_path / "processes.log"
    with running_service(production, log, port_of(production)):
        live = open_live(production)
        person = live.person(credits=5)
        with running_worker(production, log) as worker:
            jobs = [person.submit(small_sample(1200)) for _ in range(2)]
            wait_until(is_running(person, jobs[0]), what="the start")
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        assert person.job(jobs[0])["status"] == "running"
        with running_worker(production, log):
            check(live, person, jobs, 5)


def test_a_child_process_killed_in_the_middle_of_a_job_loses_nothing(
    production: dict[str, str], open_live: OpenLive, tmp_path: Path
):
    log = tmp_path / "processes.log"
    with running_service(production, log, port_of(production)), running_worker(production, log) as worker:
        live = open_live(production)
        person = live.person(credits=5)
        jobs = [person.submit(small_sample(1200)) for _ in range(2)]
        wait_until(is_running(person, jobs[0]), what="the start")
        for child in psutil.Process(worker.pid).children():
            child.kill()
        check(live, person, jobs, 5)


def test_redis_away_for_twenty_seconds_loses_nothing(
    production: dict[str, str], own_redis: Redis, open_live: OpenLive, tmp_path: Path
):
    environment = production | {"MODAMODA_CLOUD_REDIS_URL": own_redis.url}
    log = tmp_path / "processes.log"
    with running_service(environment, log, port_of(environment)), running_worker(environment, log):
        live = open_live(environment)
        person = live.person(credits=20)
        jobs = [person.submit(small_sample()) for _ in range(4)]
        own_redis.stop()
        gone_at = time.monotonic()
        jobs += [person.submit(small_sample()) for _ in range(3)]
        ready = requests.get(f"{person.address}/health/ready", timeout=10)
        assert (ready.status_code, ready.json()["dependencies"]["queue"]) == (503, "unavailable")
        time.sleep(max(0, AWAY_S - (time.monotonic() - gone_at)))
        own_redis.start()
        check(live, person, jobs, 20)


def test_postgresql_away_for_twenty_seconds_loses_nothing(
    own_postgresql: PostgreSQL, redis_server: Redis, bucket: dict[str, Any], open_live: OpenLive, tmp_path: Path
):
    environment = environment_of(tmp_path / "home", own_postgresql.url("live"), redis_server.url, bucket)
    log = tmp_path / "processes.log"
    with running_service(environment, log, port_of(environment)), running_worker(environment, log):
        live = open_live(environment)
        person = live.person(credits=20)
        jobs = [person.submit(small_sample(900)) for _ in range(4)]
        wait_until(is_running(person, jobs[0]), what="the start")
        own_postgresql.stop()
        answer = person.get("/credits/balance")
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert requests.get(f"{person.address}/health/live", timeout=10).status_code == 200
        time.sleep(AWAY_S)
        own_postgresql.start()
        wait_until(lambda: person.get("/credits/balance").status_code == 200, what="the answer")
        check(live, person, jobs, 20)
