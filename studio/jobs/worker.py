"""The worker: a child process that claims jobs and does up to a few at a time, in threads.

It talks over its standard input and output (`wire`), and ends when its parent does.
"""

import contextlib
import ctypes
import faulthandler
import gc
import importlib
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

if __name__ == "__main__":
    gc.disable()  # until the engine is imported: looking for garbage takes a fifth of the start

from studio import crash, files, log
from studio.bundled import use_addon
from studio.errors import StudioError
from studio.jobs.child import pipes_to_parent
from studio.jobs.doing import Bench, Engine, do
from studio.jobs.locks import Lock
from studio.jobs.store import Store
from studio.jobs.wire import Broken, Changed, Hello, Message, Orders, Ready, Stop, Take, Working, decode, encode
from studio.model import Job, JobStatus
from studio.settings import Home

POLL_S = 0.2
PROGRESS_EVERY_S = 0.1
# After its parent's death a worker tidies up for so long and no longer.
LAST_BREATH_S = 1.5

logger = logging.getLogger(__name__)


class Worker:
    """Claims jobs of those it was told to take, while they fit beside one another, until it is told to stop."""

    def __init__(self, bench: Bench, orders: Orders, say: Callable[[Message], None]) -> None:
        self._bench = bench
        self._orders = orders
        self._say = say
        self._wanted: dict[str, None] = {}
        self._running: dict[str, _Running] = {}
        self._next: _Running | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._broken: StudioError | None = None

    def take(self, jobs: list[str]) -> None:
        """Claim these jobs too; safe from any thread."""
        self._wanted.update(dict.fromkeys(jobs))
        self._wake.set()

    def stop(self) -> None:
        """Put the running jobs back and end `run`; safe from any thread."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        """Work until told to stop. Raises StudioError when no job can be done at all."""
        while not self._stopping.is_set():
            self._heed_cancels()
            if not self._start_next():
                self._wake.wait(POLL_S)
                self._wake.clear()
        for running in list(self._running.values()):
            running.thread.join()
        if self._broken:
            raise self._broken

    def _heed_cancels(self) -> None:
        if self._running:
            for job_id in self._bench.store.to_stop(self._bench.worker):
                if running := self._running.get(job_id):
                    running.cancelled.set()

    def _start_next(self) -> bool:
        """Claim and start the next job if it may run beside those that run; False when there is nothing to start."""
        if len(self._running) >= self._orders.jobs_at_once or not self._wanted:
            return False
        job = self._bench.store.next_queued(list(self._wanted))
        if job is None:
            return False
        if self._next is None or self._next.job != job:  # the size of a job that has to wait is looked up once
            self._next = _Running(job, self._bench.engine.megapixels(job.shot))
        if not self._fits(self._next):
            return False
        if self._bench.store.claim(job.id, self._bench.worker):
            self._start(self._next)
        return True

    def _fits(self, new: "_Running") -> bool:
        """One job always fits. A job that was running when a worker died runs alone, so that it harms no other."""
        beside = list(self._running.values())
        if not beside:
            return True
        if any(running.job.attempts for running in (new, *beside)):
            return False
        return sum(running.megapixels for running in (new, *beside)) <= self._orders.megapixels_at_once

    def _start(self, running: "_Running") -> None:
        self._running[running.job.id] = running
        self._say(Changed(running.job.id, JobStatus.RUNNING))
        running.thread = threading.Thread(target=self._do, args=(running,), name=f"job-{running.job.id}")
        running.thread.start()

    def _do(self, running: "_Running") -> None:
        job_id = running.job.id
        try:
            progress = _throttled(lambda stage, fraction: self._say(Working(job_id, stage, round(fraction, 3))))
            status = do(running.job, self._bench, progress, lambda: self._is_cancelled(running))
            if status is not JobStatus.QUEUED:
                self._wanted.pop(job_id, None)
            self._say(Changed(job_id, status))
        except StudioError as error:  # the store is out of reach: nothing can be recorded, so nothing can be done
            self._broken = error
            self._stopping.set()
        except Exception:
            # Not even its failure could be recorded. Dying counts against the job, so that it cannot loop.
            logger.exception("Job %s could not be ended", job_id)
            os._exit(1)
        finally:
            del self._running[job_id]
            give_memory_back()
            self._wake.set()

    def _is_cancelled(self, running: "_Running") -> bool:
        return self._stopping.is_set() or running.cancelled.is_set()


class _Running:
    """A job that is being done."""

    def __init__(self, job: Job, megapixels: float) -> None:
        self.job = job
        self.megapixels = megapixels
        self.cancelled = threading.Event()
        self.thread = threading.Thread()


def _throttled(progress: Callable[[str, float], None]) -> Callable[[str, float], None]:
    last = 0.0

    def sometimes(stage: str, fraction: float) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_EVERY_S:
            last = time.monotonic()
            progress(stage, fraction)

    return sometimes


def give_memory_back() -> None:
    """Return freed memory to the operating system; glibc keeps large freed pictures otherwise."""
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


class _Pipe:
    """The worker's end of the pipe; a parent that is gone hears nothing and that is no error."""

    def __init__(self, reading: IO[bytes], writing: IO[bytes]) -> None:
        self._reading = reading
        self._writing = writing
        self._lock = threading.Lock()

    def say(self, message: Message) -> None:
        """Send one message; safe from any thread."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._writing.write(encode(message))
            self._writing.flush()

    def listen(self, worker: Worker) -> None:
        """Obey until the pipe closes, which means that the parent is gone."""
        for line in self._reading:
            message = decode(line)
            if isinstance(message, Take):
                worker.take(message.jobs)
            elif isinstance(message, Stop):
                worker.stop()
        worker.stop()
        time.sleep(LAST_BREATH_S)
        os._exit(1)


def main() -> None:
    """Run a worker by the orders on the command line (JSON)."""
    orders = Orders(**json.loads(sys.argv[1]))
    pipe = _Pipe(*pipes_to_parent())
    faulthandler.enable()
    home = Home(folder=Path(orders.home))
    log.set_up(home.logs, name="worker")
    worker_id = f"{orders.parent}.{files.OWNER}"
    lock = Lock.wait_for(home.workers / f"{files.OWNER}.lock")
    status = 1
    pipe.say(Hello(worker_id))
    try:
        _work(orders, home, worker_id, pipe)
        status = 0
    except StudioError as error:
        pipe.say(Broken(error.title, error.message, error.hint))
    except Exception as error:
        report = crash.keep(home.crashes, error, where="worker", logs=home.logs)
        logger.exception("The worker met a fault of the program")
        hint = f"Please report it with the file {report or home.logs}."
        pipe.say(Broken("Worker not usable", f"The worker ended: {type(error).__name__}: {error}", hint))
    lock.release(remove=True)
    logging.shutdown()
    os._exit(status)  # no waiting for library threads: everything is recorded


def _work(orders: Orders, home: Home, worker_id: str, pipe: _Pipe) -> None:
    use_addon(home.addon)
    with Store(home.database) as store:
        engine = cast("Engine", importlib.import_module(orders.engine))
        gc.enable()
        bench = Bench(
            store=store,
            engine=engine,
            worker=worker_id,
            home=home,
            models=home.models,
            device=os.environ.get("MODAMODA_DEVICE", "auto"),
            compiled=home.compiled if orders.compiles else None,
            credentials=home.credentials,
        )
        worker = Worker(bench, orders, pipe.say)
        threading.Thread(target=pipe.listen, args=(worker,), name="listener", daemon=True).start()
        pipe.say(Ready())
        worker.run()


if __name__ == "__main__":
    main()
