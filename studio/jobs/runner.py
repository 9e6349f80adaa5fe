"""The parent's side of the worker: starts it, hears it, starts it again when it dies, ends it when it must."""

import contextlib
import dataclasses
import json
import queue
import secrets
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Self

from studio import crash
from studio.errors import EngineError
from studio.jobs.child import end_child, open_child
from studio.jobs.locks import Lock
from studio.jobs.places import sweep
from studio.jobs.store import Store
from studio.jobs.wire import Broken, Changed, Hello, Message, Orders, Ready, Stop, Take, Working, decode, encode
from studio.model import Event, Job, JobChanged, JobStatus, Progress
from studio.settings import Home

TEND_EVERY_S = 0.5
# How long a worker may take to stop, or a job to be cancelled, before the worker is ended.
YIELD_S = 1.0
IDLE_DEATHS_ALLOWED = 3
# What workers print (traces of crashes, warnings of libraries) is kept up to about this length.
WORDS_BYTES = 1_000_000
# What faulthandler prints before a process ends for a fault in machine code.
CRASH_SIGNS = ("Fatal Python error", "Windows fatal exception")


class Runner:
    """Gets jobs done by one worker process. All events are emitted in the thread that calls.

    Use as a context; leaving it puts unfinished jobs back into the queue within two seconds.
    """

    def __init__(self, store: Store, home: Home, orders: Orders, emit: Callable[[Event], None]) -> None:
        self._store = store
        self._home = home
        self._orders = orders
        self._emit = emit
        self._pending: dict[str, Job] = {}
        self._running: set[str] = set()
        self._inbox: queue.SimpleQueue[tuple[_Child, Message | None]] = queue.SimpleQueue()
        self._child: _Child | None = None
        self._idle_deaths = 0
        self._tended = 0.0
        self._late_since: dict[str, float] = {}
        self._lock: Lock | None = Lock.wait_for(home.workers / f"{orders.parent}.lock")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pending(self) -> list[Job]:
        """The jobs taken that are not settled yet."""
        return list(self._pending.values())

    def take(self, jobs: list[Job]) -> None:
        """Have these jobs done."""
        self._pending.update({job.id: job for job in jobs})
        if jobs:
            if self._child is None:
                self._start()
            else:
                self._child.say(Take([job.id for job in jobs]))

    def pump(self, wait_s: float = 0.0) -> None:
        """Handle what the worker said, waiting at most `wait_s` for it to speak. Raises EngineError."""
        with contextlib.suppress(queue.Empty):
            while True:
                child, message = self._inbox.get(timeout=wait_s) if wait_s else self._inbox.get_nowait()
                if child is self._child:
                    self._hear(child, message)
                wait_s = 0.0
        if time.monotonic() - self._tended > TEND_EVERY_S:
            self._tend()
            self._tended = time.monotonic()

    def run(self) -> None:
        """Return when every job taken is settled, by this worker or another program's, or held. Raises EngineError."""
        self._announce(self._store.settled(self._pending))
        while self._pending.keys() - self._store.held(self._pending):
            self.pump(TEND_EVERY_S / 2)

    def put_back(self) -> None:
        """End the worker and say what became of the jobs it had in work; `pending` are those that wait again."""
        self.close()
        self._announce(self._store.settled(self._pending))
        for job_id in self._running & self._pending.keys():
            self._tell(self._pending[job_id], JobStatus.QUEUED)

    def close(self) -> None:
        """End the worker; what it had not finished is queued again, by `recover` if the store is out of reach now."""
        child, self._child = self._child, None
        try:
            if child:
                child.end(YIELD_S if child.is_ready else 0)  # one that is still loading holds no job and hears nothing
                self._bury(child, counts=False)
        finally:
            # Else the dead worker's jobs would look like those of a program that lives.
            if self._lock:
                self._lock.release(remove=True)
                self._lock = None

    def _start(self) -> None:
        self._child = _Child(self._orders, self._home, self._inbox)
        self._child.say(Take(list(self._pending)))

    def _hear(self, child: "_Child", message: Message | None) -> None:
        if message is None:
            self._on_death(child)
        elif isinstance(message, Working):
            if job := self._pending.get(message.job):
                event = Progress(job_id=job.id, photo=job.shot.front, stage=message.stage, fraction=message.fraction)
                self._emit(event)
        elif isinstance(message, Changed):
            self._idle_deaths = 0
            self._on_change(message)
        elif isinstance(message, Broken):
            raise EngineError(message.title, message.message, message.hint)

    def _on_change(self, message: Changed) -> None:
        job = self._pending.get(message.job)
        if message.status in (JobStatus.RUNNING, JobStatus.QUEUED):
            if job:
                self._tell(job, JobStatus(message.status))
        else:
            self._announce([message.job])

    def _tell(self, job: Job, status: JobStatus) -> None:
        """Say that a job that is not settled runs, or waits again."""
        if status is JobStatus.RUNNING:
            self._running.add(job.id)
        else:
            self._running.discard(job.id)
        self._emit(JobChanged(job_id=job.id, photo=job.shot.front, status=status))

    def _announce(self, settled: list[str]) -> None:
        self._running.difference_update(settled)
        for job_id in settled:
            entry = self._store.get(job_id)
            if self._pending.pop(job_id, None) and entry:
                self._emit(JobChanged.of(entry))

    def _on_death(self, child: "_Child") -> None:
        self._child = None  # first: whatever fails from here on, nobody speaks to the dead
        child.end(0)
        self._report(child)
        self._idle_deaths += 1
        self._bury(child, counts=True)
        self._announce(self._store.settled(self._pending))
        if self._idle_deaths > IDLE_DEATHS_ALLOWED:
            raise EngineError(
                "Worker not usable",
                f"The worker ends as soon as it starts; the jobs stay queued. Its last words are in {child.words}.",
                "The page System says what is missing; in a terminal: modamoda doctor",
            )
        if self._pending:
            self._start()

    def _report(self, child: "_Child") -> None:
        """Keep a crash report of a worker that the operating system ended for a fault in a library's machine code."""
        words = child.last_words()
        if any(sign in words for sign in CRASH_SIGNS):
            private = [job.shot.front for job in self._pending.values()]
            crash.keep(self._home.crashes, words, where="worker, in a library", logs=self._home.logs, private=private)

    def _bury(self, child: "_Child", *, counts: bool) -> None:
        if child.worker:
            abandon(child.worker, self._store, self._home, counts=counts)

    def _tend(self) -> None:
        """What must be looked after: orphans of dead programs, jobs others finished, a worker deaf to a cancel."""
        recover(self._store, self._home)
        self._announce(self._store.settled(self._pending))
        child = self._child
        if child and child.worker and self._is_deaf(child.worker):
            self._child = None
            child.end(0)
            self._bury(child, counts=False)
            self._announce(self._store.settled(self._pending))
            if self._pending:
                self._start()

    def _is_deaf(self, worker: str) -> bool:
        now = time.monotonic()
        self._late_since = {job: self._late_since.get(job, now) for job in self._store.to_stop(worker)}
        return any(now - since > YIELD_S for since in self._late_since.values())


class _Child:
    """One worker process and the thread that listens to it."""

    def __init__(self, orders: Orders, home: Home, inbox: "queue.SimpleQueue[tuple[_Child, Message | None]]") -> None:
        self.worker: str | None = None
        self.is_ready = False
        self.words = home.logs / "worker.err"
        self.words.parent.mkdir(parents=True, exist_ok=True)
        with self.words.open("wb" if self._words_are_many() else "ab") as errors:
            self._words_begin = errors.tell()
            self._process = _spawn(orders, errors)
        self._listener = threading.Thread(target=self._listen, args=(inbox,), name="worker-listener", daemon=True)
        self._listener.start()

    def _words_are_many(self) -> bool:
        return self.words.exists() and self.words.stat().st_size > WORDS_BYTES

    def last_words(self) -> str:
        """What this worker, or another at the same time, printed since it was started."""
        try:
            with self.words.open("rb") as stream:
                stream.seek(self._words_begin)
                return stream.read(WORDS_BYTES).decode(errors="replace")
        except OSError:
            return ""

    def say(self, message: Message) -> None:
        """Send a message; a dead worker hears nothing, and its death is heard by the listener."""
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.write(encode(message))
            self._process.stdin.flush()

    def end(self, patience_s: float) -> None:
        """Ask the process to stop, wait, and kill it when it does not."""
        try:
            if patience_s:
                self.say(Stop())
                self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            pass
        finally:
            end_child(self._process, self._listener)

    def _listen(self, inbox: "queue.SimpleQueue[tuple[_Child, Message | None]]") -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            message = decode(line)
            if isinstance(message, Hello):
                self.worker = message.worker  # at once: whoever ends the worker must know whose jobs to free
            self.is_ready = self.is_ready or isinstance(message, Ready)
            inbox.put((self, message))
        inbox.put((self, None))


def _spawn(orders: Orders, errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    return open_child(
        "studio.jobs.worker",
        json.dumps(dataclasses.asdict(orders)),
        errors=errors,
        # glibc's arenas, one a thread, would each keep the memory of the largest photo they ever held.
        MALLOC_ARENA_MAX="2",
        # OpenBLAS's threads wait for work by spinning, on processors that the photo beside needs.
        OPENBLAS_NUM_THREADS="1",
        PYTHONUNBUFFERED="1",
    )


def recover(store: Store, home: Home) -> None:
    """Queue again what dead programs left running: jobs whose worker and whose worker's parent hold no lock."""
    for worker in store.workers():
        parent = Lock.take(_parent_lock(home, worker))
        if parent is None:
            continue
        own = Lock.take(_worker_lock(home, worker))
        if own:
            own.release()
            abandon(worker, store, home, counts=False)
        parent.release(remove=own is not None)


def abandon(worker: str, store: Store, home: Home, *, counts: bool) -> None:
    """Free the jobs of a dead worker, remove its temporary files and its lock."""
    for entry in store.running_under(worker):
        sweep(entry.job, _owner(worker))
    store.abandon(worker, counts=counts)
    with contextlib.suppress(OSError):
        _worker_lock(home, worker).unlink(missing_ok=True)


def _owner(worker: str) -> str:
    return worker.rpartition(".")[2]


def _parent_lock(home: Home, worker: str) -> Path:
    return home.workers / f"{worker.partition('.')[0]}.lock"


def _worker_lock(home: Home, worker: str) -> Path:
    return home.workers / f"{_owner(worker)}.lock"


def new_parent_id() -> str:
    """An id for the lock that a parent holds while it has a worker."""
    return secrets.token_hex(6)
