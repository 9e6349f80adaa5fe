"""Verdicts on results in review: given one after the other, and taken back as long as nothing came of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app import Studio
from studio.errors import StudioError
from studio.model import HistoryEntry, JobChanged, JobStatus, Notice
from studio.ui.bridge import Bridge
from studio.ui.i18n import tr
from studio.ui.state import State

# How long a verdict can be taken back, if no other follows it.
UNDO_MS = 120_000
_ASIDE = "set aside"


class _Do(Protocol):
    """Work off the GUI thread, in the order of the calls; `then` hears what came of it, `after_all` follows anyway."""

    def __call__(
        self,
        verb: Callable[[], object],
        then: Callable[[object], None] = ...,
        after_all: Callable[[], None] = ...,
    ) -> None: ...


@dataclass(kw_only=True)
class _Verdict:
    """A decision about results in review. entries: as they were before it. decided: those it won, by job, as then."""

    status: JobStatus
    entries: list[HistoryEntry]
    decided: dict[str, HistoryEntry] = field(default_factory=dict[str, HistoryEntry])


class Verdicts(QObject):
    """What a person decided last; the part of the desk that the review works with."""

    decided = Signal()
    taken_back = Signal(object)
    noticed = Signal(Notice)
    failed = Signal(StudioError)

    def __init__(self, studio: Studio, state: State, bridge: Bridge, do: _Do, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._state = state
        self._bridge = bridge
        self._do = do
        self._last: _Verdict | None = None
        self._stands = QTimer(self, singleShot=True, interval=UNDO_MS)
        self._stands.timeout.connect(self.let_stand)
        if left := set(state.text(_ASIDE).split()):
            self._clear_away(left)

    def approve(self, entries: list[HistoryEntry]) -> None:
        """Say that results in review are good: they move to where a shop finds them."""
        self._decide(self._studio.review.approve, entries, JobStatus.DONE)

    def reject(self, entries: list[HistoryEntry]) -> None:
        """Say that results in review are not wanted: their files go once that stands, the photographs stay."""
        # Written down first: what a killed program leaves is cleared away by the next one.
        self._remember_aside({entry.job.id for entry in entries})
        self._decide(self._studio.review.set_aside, entries, JobStatus.CANCELLED)

    @property
    def can_take_back(self) -> bool:
        """Whether there is a decision about results that can be taken back."""
        return self._last is not None

    def take_back(self) -> None:
        """Put the results decided on last back into review, as far as nothing came of it; `taken_back` says which."""
        verdict, self._last = self._last, None
        if verdict is None:
            return
        back: list[HistoryEntry] = []
        failed: list[StudioError] = []

        def work() -> None:
            for before in verdict.entries:
                if before.job.id in verdict.decided:
                    try:
                        back.append(
                            self._studio.review.take_back(before, verdict.decided[before.job.id].job.finished_at)
                        )
                    except StudioError as error:
                        failed.append(error)

        self._stands.stop()
        self._do(work, lambda _: self._tell_taken_back(back, failed), self.decided.emit)

    def _decide(
        self, verb: Callable[[list[HistoryEntry]], list[HistoryEntry]], entries: list[HistoryEntry], status: JobStatus
    ) -> None:
        """Decide on one result after the other: one that cannot be moved keeps none of the others."""
        self.let_stand()
        self._last = verdict = _Verdict(status=status, entries=entries)
        failed: list[StudioError] = []

        def work() -> None:
            for entry in entries:
                try:
                    verdict.decided |= {each.job.id: each for each in verb([entry])}
                except StudioError as error:
                    failed.append(error)

        self._do(work, lambda _: self._tell_decided(verdict, failed), self.decided.emit)
        self._stands.start()

    @Slot()
    def let_stand(self) -> None:
        """Nothing takes back the last decision any more: what was set aside by it goes."""
        verdict, self._last = self._last, None
        self._stands.stop()
        if verdict and verdict.status is JobStatus.CANCELLED:
            self._clear_away({entry.job.id for entry in verdict.entries})

    def _clear_away(self, job_ids: set[str]) -> None:
        self._do(lambda: self._studio.review.clear_away(job_ids), lambda _: self._remember_aside(gone=job_ids))

    def _remember_aside(self, added: Collection[str] = (), *, gone: Collection[str] = ()) -> None:
        """Keep in mind whose files are to be cleared away."""
        kept = (set(self._state.text(_ASIDE).split()) | set(added)) - set(gone)
        self._state.keep_text(_ASIDE, " ".join(sorted(kept)))
        self._state.save()

    def _tell_failed(self, failed: list[StudioError], title: str) -> None:
        """title: of the one notice about several."""
        if len(failed) > 1:
            self.noticed.emit(Notice(title=title, message=failed[0].message, hint=failed[0].hint))
        elif failed:
            self.failed.emit(failed[0])

    def _tell_taken_back(self, back: list[HistoryEntry], failed: list[StudioError]) -> None:
        self._remember_aside(gone=[entry.job.id for entry in back])
        self.taken_back.emit({entry.job.id for entry in back})
        self._tell_failed(failed, tr("{n} decisions stay as they are", len(failed)))
        for entry in back:
            files = tuple(file.path for file in entry.files)
            self._bridge.job_changed.emit(
                JobChanged(job_id=entry.job.id, photo=entry.job.shot.front, status=entry.job.status, files=files)
            )

    def _tell_decided(self, verdict: _Verdict, failed: list[StudioError]) -> None:
        self._tell_failed(failed, tr("{n} results stay in review", len(failed)))
        if verdict is self._last and not verdict.decided:
            self.let_stand()
        status = verdict.status
        for entry in verdict.decided.values():
            files = tuple(file.path for file in entry.files) if status is JobStatus.DONE else ()
            self._bridge.job_changed.emit(
                JobChanged(job_id=entry.job.id, photo=entry.job.shot.front, status=status, files=files)
            )
