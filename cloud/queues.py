"""How a job gets to whoever renders it: threads of this process, or Celery workers behind Redis.

The queue only wakes somebody up. What is to be done stands in the database, and the keeper finds what was forgotten.
"""

import heapq
import itertools
import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import func, or_, select, update

from cloud import jobs, mail, payments, retention
from cloud.database import Database, now
from cloud.kinds import JobStatus, Priority
from cloud.services import Services
from cloud.settings import Settings
from cloud.tables import Job, Upload

LOG = logging.getLogger(__name__)
_RANKS = {Priority.HIGH: 0, Priority.DEFAULT: 1, Priority.LOW: 2}
FORGOTTEN_S = 60
TIDY_S = 600


class QueueUnavailable(Exception):
    """The queue does not answer; the job stands in the database and is sent later."""


class Queue(Protocol):
    """Wakes a worker up for a job."""

    def send(self, job_id: uuid.UUID, *, task_id: str, priority: Priority, delay_s: float = 0) -> None:
        """Tell a worker of a job. Raises QueueUnavailable."""
        ...

    def is_waiting(self, priority: Priority) -> bool:
        """Whether jobs of this priority are known to wait in the queue. Raises QueueUnavailable."""
        ...

    def check(self) -> None:
        """Raise QueueUnavailable when the queue does not answer."""
        ...

    def close(self) -> None:
        """Stop whatever this queue runs."""
        ...


class EmbeddedQueue:
    """Threads of this process that render, the most urgent job first."""

    def __init__(self, work: Callable[[str], float | None], *, workers: int) -> None:
        """work: renders a job by its id and answers after how many seconds it is to be repeated, None = never."""
        self._work = work
        self._waiting: list[tuple[float, int, int, uuid.UUID]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._run, name=f"render-{index}", daemon=True) for index in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def send(self, job_id: uuid.UUID, *, task_id: str, priority: Priority, delay_s: float = 0) -> None:
        """Wake a thread up for a job."""
        with self._changed:
            heapq.heappush(
                self._waiting,
                (time.monotonic() + delay_s if delay_s else 0, _RANKS[priority], next(self._order), job_id),
            )
            self._changed.notify()

    def is_waiting(self, priority: Priority) -> bool:
        """Whether jobs of this priority wait."""
        with self._changed:
            return any(rank == _RANKS[priority] for _, rank, _, _ in self._waiting)

    def check(self) -> None:
        """Never fails: the threads are this process."""

    def close(self) -> None:
        """Take no more jobs; what runs goes on for at most two seconds here, and is found again at the next start."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=2)

    def _run(self) -> None:
        while (entry := self._next()) is not None:
            job_id, rank = entry
            try:
                delay_s = self._work(str(job_id))
            except Exception:
                LOG.exception("A job could not be worked on", extra={"job_id": str(job_id)})
                continue
            if delay_s is not None:
                self.send(job_id, task_id="", priority=list(_RANKS)[rank], delay_s=delay_s)

    def _next(self) -> tuple[uuid.UUID, int] | None:
        with self._changed:
            while not self._closed:
                wait_s = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait_s is not None and wait_s <= 0:
                    _, rank, _, job_id = heapq.heappop(self._waiting)
                    return job_id, rank
                self._changed.wait(wait_s)
        return None


class CeleryQueue:
    """Celery's queues on Redis."""

    def __init__(self, settings: Settings) -> None:
        import redis

        from cloud.worker import make_client

        self._app: Any = make_client(settings)
        self._redis = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=2, socket_timeout=2)

    def send(self, job_id: uuid.UUID, *, task_id: str, priority: Priority, delay_s: float = 0) -> None:
        """Put a job into Celery's queue of its priority. Raises QueueUnavailable."""
        from celery.exceptions import OperationalError as CeleryError
        from kombu.exceptions import OperationalError
        from redis import RedisError

        from cloud.worker import send

        try:
            send(self._app, str(job_id), task_id=task_id, priority=priority.value, delay_s=delay_s)
        except (CeleryError, OperationalError, RedisError, OSError) as error:
            raise QueueUnavailable("Redis does not answer") from error

    def is_waiting(self, priority: Priority) -> bool:
        """Whether Celery's list for this priority holds anything. Raises QueueUnavailable."""
        from redis import RedisError

        from cloud.worker import queue_name

        try:
            return bool(self._redis.llen(queue_name(priority.value)))
        except RedisError as error:
            raise QueueUnavailable("Redis does not answer") from error

    def check(self) -> None:
        """Raise QueueUnavailable when Redis does not answer."""
        from redis import RedisError

        try:
            self._redis.ping()
        except RedisError as error:
            raise QueueUnavailable("Redis does not answer") from error

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()
        self._app.close()


def make_queue(services: Services) -> Queue:
    """The queue of these settings: Celery where Redis is named, else threads of this process."""
    if services.settings.redis_url:
        return CeleryQueue(services.settings)
    from cloud.worker import run_once

    return EmbeddedQueue(lambda job_id: run_once(services, job_id), workers=services.settings.embedded_workers)


def dispatch(database: Database, queue: Queue, job: Job) -> bool:
    """Send a committed job to the queue; False = the queue is away, and the keeper sends it later."""
    delay_s = max((job.not_before - now()).total_seconds(), 0) if job.not_before else 0
    try:
        queue.send(job.id, task_id=job.task_id, priority=job.priority, delay_s=delay_s)
    except QueueUnavailable:
        LOG.warning("The queue is away; a job waits in the database", extra={"job_id": str(job.id)})
        return False
    with database.write() as session:
        session.execute(update(Job).where(Job.id == job.id).values(dispatched_at=now()))
    return True


class Keeper:
    """Looks every few seconds for what was forgotten: untold jobs, dead runs, early events, abandoned uploads."""

    def __init__(self, services: Services, queue: Queue) -> None:
        self._services = services
        self._queue = queue
        self._tidied_at = -TIDY_S
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopped.set()
        self._thread.join(timeout=5)

    def look(self) -> None:
        """Look once."""
        database = self._services.database
        with database.write() as session:
            jobs.rescue(session)
            payments.apply_waiting(session)
        for job in self._forgotten():
            if not dispatch(database, self._queue, job):
                break
        mail.send_waiting(self._services)
        self._forget_abandoned_uploads()
        self._tidy()

    def _tidy(self) -> None:
        """Delete what was kept long enough, every ten minutes; at once again while there is more."""
        if time.monotonic() - self._tidied_at >= TIDY_S and not retention.tidy(self._services):
            self._tidied_at = time.monotonic()

    def _forget_abandoned_uploads(self) -> None:
        """Throw away the chunks of uploads that nobody has gone on with for days."""
        long_ago = now() - timedelta(seconds=self._services.settings.abandoned_upload_s)
        with self._services.database.write() as session:
            abandoned = session.scalars(select(Upload).where(Upload.touched_at < long_ago).limit(100)).all()
            for upload in abandoned:
                session.delete(upload)
        for part in (part for upload in abandoned for part in upload.parts):
            self._services.objects.delete(part)

    def _forgotten(self) -> list[Job]:
        """Queued jobs nobody was told of, and those told of long ago whose queue is empty: the word was lost."""
        long_ago = now() - timedelta(seconds=FORGOTTEN_S)
        untold = or_(Job.dispatched_at.is_(None), Job.dispatched_at < long_ago)
        due = or_(Job.not_before.is_(None), Job.not_before < now())
        with self._services.database.read() as session:
            found = session.scalars(
                select(Job).where(Job.status == JobStatus.QUEUED, untold, due).order_by(Job.created_at).limit(500)
            ).all()
        return [job for job in found if job.dispatched_at is None or not self._queue.is_waiting(job.priority)]

    def _run(self) -> None:
        while not self._stopped.wait(self._services.settings.keeper_interval_s):
            try:
                self.look()
            except Exception:
                LOG.exception("The keeper could not look")


def depths(database: Database) -> dict[Priority, int]:
    """How many jobs wait, by priority."""
    with database.read() as session:
        counted = session.execute(
            select(Job.priority, func.count()).where(Job.status == JobStatus.QUEUED).group_by(Job.priority)
        )
        return dict.fromkeys(Priority, 0) | dict(counted.all())
