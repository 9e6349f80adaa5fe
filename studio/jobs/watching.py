"""Watched folders as the faces of the program use them: which there are, watching them, taking moves back."""

import contextlib
import itertools
import logging
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from studio.engine.templates.catalog import resolved
from studio.errors import OutputError, StudioError, UsageError
from studio.jobs.intake import frame_place
from studio.jobs.runner import Runner, recover
from studio.jobs.store import Store
from studio.jobs.watch import Limits, Watcher, is_watched
from studio.jobs.watch_run import REFRESH_S, WatchRun
from studio.jobs.watch_settling import PATIENCE_S
from studio.jobs.watch_store import WatchStore
from studio.jobs.watch_tidy import put_back
from studio.jobs.watched import Arrival, FolderState, WatchedFolder
from studio.model import Event, Job, JobChanged, Notice
from studio.settings import Home

log = logging.getLogger(__name__)

Tell = Callable[[Arrival | Notice], None]


class Watching:
    """Everything about watched folders. engine: dotted name of the module that checks and finishes photos.

    allowed: asked each time watching begins, how many folders may be watched at once; None = any number.
    """

    def __init__(
        self,
        store: Store,
        home: Home,
        engine: str,
        open_runner: Callable[[Callable[[Event], None]], Runner],
        allowed: Callable[[], int | None],
    ) -> None:
        self._store = store
        self._home = home
        self._engine = engine
        self._open_runner = open_runner
        self._allowed = allowed

    @cached_property
    def _memory(self) -> WatchStore:
        return WatchStore(self._home.database)

    def close(self) -> None:
        """Let go of the database."""
        if "_memory" in self.__dict__:
            self._memory.close()

    def folders(self) -> list[WatchedFolder]:
        """All folders that are set up, watched at the moment or not."""
        return self._memory.folders()

    def find(self, folder: Path) -> list[WatchedFolder]:
        """The watched folders at that place, whatever it is called: one for each output. Raises UsageError when there
        is none."""
        found = [watched for watched in self._memory.folders() if _is_same(watched.folder, folder)]
        if not found:
            raise UsageError("Not watched", f"{folder} is not a watched folder.", "See `modamoda watch --list`.")
        return found

    def is_paused(self, folder: Path, out: Path) -> bool:
        """Whether a person paused that folder with that output; False where it is not set up."""
        known = self._known(folder, out)
        return known is not None and known.is_paused

    def keep(self, watched: WatchedFolder) -> WatchedFolder:
        """Set a folder up, or change how it is watched; its output is made. Raises UsageError or OutputError.

        One that was set up under another name, through a link or without it, stays that one.
        """
        frames = {name: frame_place(getattr(watched, name)) for name in ("plate", "bare")}
        place = Path(os.path.abspath(watched.folder))
        if not place.is_dir():
            hint = "Check the name, or whether its disk is connected."
            raise UsageError("Not a folder", f"{watched.folder} is not a folder.", hint)
        out = Path(os.path.abspath(watched.out))
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            hint = "Choose another output folder."
            raise OutputError("Folder not writable", f"{out} cannot be made: {error.strerror}.", hint) from error
        if known := self._known(place, out):
            place, out = known.folder, known.out
        recipe = resolved(watched.recipe, self._home.templates)
        fields = {name: getattr(watched, name) for name in ("after", "inside", "settle_s", "is_paused")}
        return self._memory.keep(WatchedFolder(id="", folder=place, out=out, recipe=recipe, **frames, **fields))

    def _known(self, folder: Path, out: Path) -> WatchedFolder | None:
        """The folder that is set up at these places: of these very names, for which no disk is asked, or of others."""
        places, folders = (Path(os.path.abspath(folder)), Path(os.path.abspath(out))), self._memory.folders()
        of_these_names = (each for each in folders if (each.folder, each.out) == places)
        others = (each for each in folders if _is_same(each.folder, folder) and _is_same(each.out, out))
        return next(itertools.chain(of_these_names, others), None)

    def forget(self, watched_id: str) -> None:
        """Watch a folder no more; its photos, results and jobs stay."""
        self._memory.remove(watched_id)

    def set_paused(self, watched_id: str, paused: bool) -> None:
        """Take nothing more from a folder, or go on: heeded by whichever program watches it."""
        self._memory.set_paused(watched_id, paused)

    def state(self, watched: WatchedFolder) -> FolderState:
        """Whether it is watched now and can be reached, how many of its files stand where, and what happened last."""
        is_away = not (watched.folder.is_dir() and watched.out.is_dir())
        return replace(self._memory.state(watched), is_watched=is_watched(self._home, watched), is_away=is_away)

    def put_back(self, watched: WatchedFolder) -> tuple[list[Path], list[Path]]:
        """Move originals out of `done` and `failed` to where they were; those that are back, those that cannot.

        Raises OutputError.
        """
        if not watched.folder.is_dir():
            message = f"{watched.folder} is not there at the moment; nothing was moved."
            raise OutputError("Folder not reachable", message, "Connect its disk or share again.")
        return put_back(watched, self._memory)

    def run(
        self,
        watched: WatchedFolder,
        emit: Callable[[Event], None],
        tell: Tell,
        *,
        begun: Callable[[], None] = lambda: None,
        once: bool = False,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """Watch one folder and do what arrives, until it is forgotten or, with `once`, until all of it is done.

        May be left by an exception (KeyboardInterrupt too): what was not finished is queued again within two seconds.
        A paused folder is not watched before it goes on. begun: called once the folder is ours, or waits. patience_s:
        how long a file may rest undecodable. Raises UsageError when the folder is watched already, or when no more
        folders may be watched.
        """
        recover(self._store, self._home)
        run = WatchRun(watched.id, self._memory, self._open_runner, emit)
        watcher = self._watcher(tell, run.take, once=once, patience_s=patience_s)
        with contextlib.closing(watcher):
            if not watched.is_paused:
                watcher.add(watched)
            begun()
            run.run(watcher, once=once)

    def serve(self, give: Callable[[list[Job]], None], tell: Tell) -> "WatchService":
        """Watch all folders that are set up, in a thread; `give` and `tell` are called there."""
        return WatchService(self._watcher(tell, give), self._memory, tell)

    def _watcher(
        self, tell: Tell, give: Callable[[list[Job]], None], *, once: bool = False, patience_s: float = PATIENCE_S
    ) -> Watcher:
        limits = Limits(folders=self._allowed(), once=once, patience_s=patience_s)
        return Watcher(self._store, self._memory, self._home, self._engine, tell=tell, give=give, limits=limits)


def _is_same(first: Path, second: Path) -> bool:
    return os.path.realpath(first) == os.path.realpath(second)


class WatchService:
    """A thread that watches for a window. Methods are safe from any thread and return at once."""

    def __init__(self, watcher: Watcher, memory: WatchStore, tell: Tell) -> None:
        self._watcher = watcher
        self._memory = memory
        self._tell = tell
        self._events: queue.SimpleQueue[JobChanged] = queue.SimpleQueue()
        self._refresh = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="watching", daemon=True)
        self._refresh.set()
        self._thread.start()

    def refresh(self) -> None:
        """Heed at once what was changed about the folders."""
        self._refresh.set()
        self._watcher.wake()

    def on_job(self, event: JobChanged) -> None:
        """Hear what became of a job."""
        self._events.put(event)

    def close(self) -> None:
        """Watch nothing any more."""
        self._ending.set()
        self._watcher.wake()
        self._thread.join(5)

    def _serve(self) -> None:
        waited_s = 0.0
        while not self._ending.is_set():
            try:
                waited_s = self._turn(waited_s)
            except StudioError as error:
                log.warning("Watching paused: %s", error.title)
                self._tell(Notice(title=error.title, message=error.message, hint=error.hint))
                self._ending.wait(REFRESH_S)
        self._watcher.close()

    def _turn(self, waited_s: float) -> float:
        """One round; returns the seconds since the folders were read anew."""
        if self._refresh.is_set() or waited_s > REFRESH_S:
            self._refresh.clear()
            waited_s = 0.0
            self._watcher.sync(self._memory.folders())
        with contextlib.suppress(queue.Empty):
            while True:
                self._watcher.on_job(self._events.get_nowait())
        pause_s = self._watcher.turn()
        self._watcher.wait(pause_s)
        return waited_s + pause_s
