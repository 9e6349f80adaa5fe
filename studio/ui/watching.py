"""Watched folders behind the window: the thread that watches, and its news in the GUI thread."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app import Duplicate, FolderState, Queued, Service, Studio, Unreadable, WatchedFolder, WatchService
from studio.errors import StudioError
from studio.model import Job, JobChanged, JobStatus, Notice
from studio.ui.background import Background
from studio.ui.bridge import Bridge
from studio.ui.desk import notice_of

_GATHER_MS = 300


class WatchDesk(QObject):
    """Watches from `start` to `close`; `changed` says, at most a few times a second, that something is new."""

    changed = Signal()
    _arrived = Signal()

    def __init__(self, studio: Studio, service: Service, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._service = service
        self._bridge = bridge
        self._watching: WatchService | None = None
        # A folder may lie on a disk that does not answer.
        self._verbs = Background(self, threads=1, in_order=True)
        self._gather = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gather.timeout.connect(self.changed)
        self._arrived.connect(self._gather_news)
        bridge.job_changed.connect(self._on_job)

    def start(self) -> None:
        """Watch what is set up, if anything is."""
        if self._watching is None and self._studio.watching.folders():
            self._watching = self._studio.watching.serve(self._give, self._tell)

    def close(self) -> None:
        """Watch nothing any more."""
        self._gather.stop()
        self._verbs.close()
        watching, self._watching = self._watching, None
        if watching:
            watching.close()

    def states(self) -> list[FolderState]:
        """Every folder with its counts and last events; for any thread."""
        return [self._studio.watching.state(watched) for watched in self._studio.watching.folders()]

    @property
    def is_changing(self) -> bool:
        """Whether a change is still to be made; `changed` follows."""
        return not self._verbs.is_idle

    def keep(self, watched: WatchedFolder) -> None:
        """Set a folder up or change it; a notice says why where that cannot be."""
        self._do(lambda: self._studio.watching.keep(watched))

    def move_results(self, watched: WatchedFolder, out: Path) -> None:
        """Watch a folder with another one for its results; where that cannot be, it is watched as before."""

        def work() -> None:
            kept = self._studio.watching.keep(replace(watched, out=out))
            if kept.id != watched.id:
                self._studio.watching.forget(watched.id)

        self._do(work)

    def set_paused(self, watched: WatchedFolder, paused: bool) -> None:
        """Take nothing more from a folder, or go on."""
        self._do(lambda: self._studio.watching.set_paused(watched.id, paused))

    def forget(self, watched: WatchedFolder) -> None:
        """Watch a folder no more."""
        self._do(lambda: self._studio.watching.forget(watched.id))

    def _do(self, change: Callable[[], object]) -> None:
        """Change something off the GUI thread, in the order of the calls."""
        self._verbs.ask(object(), change, self._done)

    def _done(self, answer: object) -> None:
        if isinstance(answer, StudioError):
            self._bridge.noticed.emit(notice_of(answer))
        self.start()
        if self._watching:
            self._watching.refresh()
        self.changed.emit()

    def _give(self, jobs: list[Job]) -> None:
        """In the thread that watches."""
        self._service.take(jobs)
        for job in jobs:
            event = JobChanged(job_id=job.id, photo=job.shot.front, status=JobStatus.QUEUED)
            self._bridge.happened.emit(event)

    def _tell(self, news: Queued | Duplicate | Unreadable | Notice) -> None:
        """In the thread that watches."""
        if isinstance(news, Unreadable):
            why = news.failure
            self._bridge.happened.emit(Notice(title=why.title, message=why.message, hint=why.hint))
        elif isinstance(news, Notice):
            self._bridge.happened.emit(news)
        self._arrived.emit()

    @Slot(JobChanged)
    def _on_job(self, event: JobChanged) -> None:
        if self._watching:
            self._watching.on_job(event)
            self._gather_news()

    @Slot()
    def _gather_news(self) -> None:
        if not self._gather.isActive():
            self._gather.start()
