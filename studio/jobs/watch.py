"""Watching folders: the scan is the truth, an event only means "look now"."""

import logging
import math
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from studio.errors import StudioError, UsageError
from studio.jobs.locks import Lock, alone
from studio.jobs.store import Store
from studio.jobs.watch_checker import Checked, Checker
from studio.jobs.watch_events import Ears, is_network
from studio.jobs.watch_folder import Desk, FolderWatch
from studio.jobs.watch_settling import PATIENCE_S
from studio.jobs.watch_store import WatchStore
from studio.jobs.watch_tidy import finish_moves
from studio.jobs.watched import Arrival, Queued, WatchedFolder
from studio.model import Job, JobChanged, JobStatus, Notice
from studio.settings import Home

log = logging.getLogger(__name__)

# A folder whose events are heard is listed so often all the same, because events get lost.
HEARD_EVERY_S = 30.0
POLLED_EVERY_S = 2.0
# Looking takes at most this share of the time, however large the folder.
LOOKING_SHARE = 0.02
AFTER_EVENT_S = 0.1
PRESENCE_EVERY_S = 0.5
TIDY_EVERY_S = 5.0
LONGEST_PAUSE_S = 0.5
_NEVER = -math.inf
# Titles of failures that say that a photo was not there.
_GONE = ("Photo gone", "Photograph missing")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How watching goes about it. folders: how many may be watched at once, by all programs, None = any number.

    once: take what is there when it has settled, and no more. patience_s: how long a file may rest undecodable.
    """

    folders: int | None = 1
    once: bool = False
    patience_s: float = PATIENCE_S


@dataclass(kw_only=True)
class _Post:
    """One folder being watched: its lock, its ears, and when it was looked at."""

    watch: FolderWatch
    lock: Lock
    ears: Ears | None = None
    heard: threading.Event = field(default_factory=threading.Event)
    due: float = 0.0
    looked: float = _NEVER
    took_s: float = 0.0
    tidied: float = 0.0
    identity: tuple[int, int] | None = None


class Watcher:
    """Watches several folders from one thread: whoever has it calls `turn` again and again.

    tell hears what arrives and notices, in the thread of `turn`; give gets the jobs to be done.
    """

    def __init__(
        self,
        store: Store,
        memory: WatchStore,
        home: Home,
        engine: str,
        *,
        tell: Callable[[Arrival | Notice], None],
        give: Callable[[list[Job]], None],
        limits: Limits,
    ) -> None:
        self._memory = memory
        self._home = home
        self._limits = limits
        self._tell = tell
        self._give = give
        self._checker = Checker(engine)
        self._desk = Desk(
            store=store, memory=memory, checker=self._checker, tell=self._arrived, patience_s=limits.patience_s
        )
        self._posts: dict[str, _Post] = {}
        self._asked: list[tuple[tuple[str, ...], str]] = []
        self._wake = threading.Event()
        self._presence = 0.0
        self._refused: set[str] = set()

    # --- which folders

    def add(self, watched: WatchedFolder) -> None:
        """Watch a folder from now on. Raises UsageError when another program does, or when no more are allowed."""
        with alone(_gate_of(self._home)):
            lock = Lock.take(_lock_of(self._home, watched.id))
            if lock is None:
                raise _is_watched(watched)
            others = sum(_is_held(self._home, other.id) for other in self._memory.folders() if other.id != watched.id)
            if self._limits.folders is not None and others >= self._limits.folders:
                lock.release(remove=True)
                raise _too_many(self._limits.folders)
        self._checker.start()
        self._begin(watched, lock)

    def _begin(self, watched: WatchedFolder, lock: Lock) -> None:
        post = self._posts[watched.id] = _Post(watch=FolderWatch(watched, self._desk), lock=lock)
        post.watch.check_presence()
        try:
            finish_moves(watched, self._memory)
        except StudioError as error:
            log.warning("A move could not be finished: %s", error.title)
        waiting = self._memory.job_ids(watched.id)
        jobs = [job for job in self._desk.store.queue() if job.id in waiting]
        if jobs:
            self._give(jobs)

    def drop(self, watched_id: str) -> None:
        """Watch a folder no more; what became a job stays one."""
        post = self._posts.pop(watched_id, None)
        if post:
            self._asked = [(paths, owner) for paths, owner in self._asked if owner != watched_id]
            if post.ears:
                post.ears.close()
            post.lock.release(remove=True)

    def sync(self, folders: Iterable[WatchedFolder]) -> None:
        """Watch exactly these folders as they are now, without those that are paused; says once which it may not."""
        wanted = {watched.id: watched for watched in folders if not watched.is_paused}
        for watched in self.watched:
            if wanted.get(watched.id) != watched:
                self.drop(watched.id)
        for watched in wanted.values():
            if watched.id not in self._posts:
                self._try_to_add(watched)
        self._refused &= set(wanted)

    def _try_to_add(self, watched: WatchedFolder) -> None:
        try:
            self.add(watched)
            self._refused.discard(watched.id)
        except UsageError as error:
            if watched.id not in self._refused:
                self._tell(Notice(title=error.title, message=error.message, hint=error.hint))
            self._refused.add(watched.id)

    @property
    def watched(self) -> list[WatchedFolder]:
        """The folders that are watched."""
        return [post.watch.watched for post in self._posts.values()]

    @property
    def away(self) -> list[WatchedFolder]:
        """The folders that cannot be reached at the moment."""
        return [post.watch.watched for post in self._posts.values() if post.watch.is_away]

    @property
    def is_settled(self) -> bool:
        """Whether every folder was looked at and nothing is waited for."""
        return not self._asked and all(
            post.watch.is_away or (post.watch.is_settled and post.looked != _NEVER) for post in self._posts.values()
        )

    def close(self) -> None:
        """Watch nothing any more."""
        for watched_id in list(self._posts):
            self.drop(watched_id)
        self._checker.close()

    # --- watching

    def turn(self) -> float:
        """Do what is to be done now; returns how many seconds there is nothing to do unless something happens."""
        self._wake.clear()
        for checked in self._checker.answers():
            self._hear(checked)
        self._check_presence()
        for post in self._posts.values():
            if not post.watch.is_away:
                self._attend(post)
        return self._pause()

    def tidy(self) -> None:
        """See to all originals whose work has ended, now."""
        for post in self._posts.values():
            if not post.watch.is_away:
                post.watch.tidy()

    def wait(self, pause_s: float) -> None:
        """Sleep until something happens, at most so long."""
        self._wake.wait(pause_s)

    def wake(self) -> None:
        """Have `wait` return; safe from any thread."""
        self._wake.set()

    def on_job(self, event: JobChanged) -> None:
        """Hear what became of a job: a photo that was away, or whose picture went, is taken again when it is there."""
        over = event.status in (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)
        for post in self._posts.values():
            if over and event.photo.is_relative_to(post.watch.watched.folder):
                post.tidied = 0.0
                if event.status is JobStatus.FAILED and _is_for_want_of_files(event, post.watch):
                    post.watch.lost(event.photo)
                if event.status is JobStatus.DONE and post.watch.release_doubles():
                    post.looked = _NEVER

    def _attend(self, post: _Post) -> None:
        now = time.monotonic()
        if self._is_look_due(post, now):
            post.heard.clear()
            post.watch.look(now)
            post.looked, post.took_s = now, time.monotonic() - now
        else:
            post.watch.glance(now)
        for paths in post.watch.hand_out(now):
            self._asked.append((paths, post.watch.watched.id))
        if now - post.tidied > TIDY_EVERY_S:
            post.watch.tidy()
            post.tidied = now

    def _is_look_due(self, post: _Post, now: float) -> bool:
        if self._limits.once:
            return post.looked == _NEVER
        gap = now - post.looked
        if post.heard.is_set():
            return gap > max(AFTER_EVENT_S, post.took_s / LOOKING_SHARE / 10)
        return gap > self._regularly(post)

    def _regularly(self, post: _Post) -> float:
        is_hearing = post.ears is not None and post.ears.is_hearing
        return max(HEARD_EVERY_S if is_hearing else POLLED_EVERY_S, post.took_s / LOOKING_SHARE)

    def _hear(self, checked: Checked) -> None:
        place = next((place for place, (paths, _) in enumerate(self._asked) if paths == checked.paths), None)
        if place is not None:
            _, owner = self._asked.pop(place)
            self._posts[owner].watch.hear(checked, time.monotonic(), is_last=self._limits.once)

    def _check_presence(self) -> None:
        now = time.monotonic()
        if now - self._presence < PRESENCE_EVERY_S:
            return
        self._presence = now
        for post in self._posts.values():
            post.watch.check_presence()
            identity = _identity(post.watch.watched.folder)
            if identity != post.identity:  # new, or another disk was mounted in its place
                post.identity = identity
                self._listen(post)
                post.looked = _NEVER

    def _listen(self, post: _Post) -> None:
        """Hear of changes from now on, in place of whatever was heard before."""
        if post.ears:
            post.ears.close()
        folder = post.watch.watched.folder
        is_deaf = self._limits.once or post.identity is None or is_network(folder)

        def changed() -> None:
            post.heard.set()
            self._wake.set()

        post.ears = None if is_deaf else Ears(folder, changed)

    def _pause(self) -> float:
        now = time.monotonic()
        turns = [turn for post in self._posts.values() if (turn := post.watch.next_turn()) is not None]
        looks = [post.looked + AFTER_EVENT_S for post in self._posts.values() if post.heard.is_set()]
        # An answer of the checker is polled for: it comes within milliseconds, and only while files arrive.
        soon = [now + 0.01] if self._asked else []
        return min(max(0.005, min([*turns, *looks, *soon], default=now + LONGEST_PAUSE_S) - now), LONGEST_PAUSE_S)

    def _arrived(self, arrival: Arrival | Notice) -> None:
        self._tell(arrival)
        if isinstance(arrival, Queued):
            self._give([arrival.job])


def _is_for_want_of_files(event: JobChanged, watch: FolderWatch) -> bool:
    """Whether a job failed because photo or output were away; by now they may be back."""
    said_so = event.error is not None and event.error.title in _GONE
    return said_so or watch.is_away or not event.photo.exists() or not watch.watched.out.is_dir()


def is_watched(home: Home, watched: WatchedFolder) -> bool:
    """Whether a program watches the folder at the moment, this one or another."""
    with alone(_gate_of(home)):
        return _is_held(home, watched.id)


def _gate_of(home: Home) -> Path:
    return home.workers / "watching.lock"


def _lock_of(home: Home, watched_id: str) -> Path:
    return home.workers / f"watch-{watched_id}.lock"


def _is_held(home: Home, watched_id: str) -> bool:
    lock = Lock.take(_lock_of(home, watched_id))
    if lock:
        lock.release(remove=True)
    return lock is None


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        state = os.stat(folder)
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _is_watched(watched: WatchedFolder) -> UsageError:
    message = f"{watched.folder} is watched by another program at the moment."
    return UsageError("Watched already", message, "Stop that one first, or pause the folder in the window.")


def _too_many(allowed: int) -> UsageError:
    message = f"Without a licence for more, {allowed} folder is watched at a time, and one is."
    return UsageError("One watched folder", message, "Stop watching the other one, or take a plan with more.")
