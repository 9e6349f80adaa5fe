"""The page of doubtful results: one after the other, approve, fix or reject, by key."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.errors import StudioError
from studio.model import HistoryEntry, JobChanged
from studio.ui.canvas.scene import Compare
from studio.ui.desk import Desk
from studio.ui.i18n import percent, tr
from studio.ui.models.shots import ShotRow
from studio.ui.parts.context_menu import ContextMenu, Line
from studio.ui.parts.controls import button, column, empty_state, label, row
from studio.ui.parts.mask_overlays import MaskOverlays
from studio.ui.parts.result_panel import ResultPanel
from studio.ui.parts.viewer import Viewer
from studio.ui.sentences import isolated

ENTRY = Qt.ItemDataRole.UserRole + 1
_Flag = QItemSelectionModel.SelectionFlag


class ReviewPage(QWidget):
    """Left the results that wait, in the middle before and after, right the report and the verdict."""

    fix_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.list = QListWidget()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setAccessibleName(tr("Results to review"))
        self.viewer = Viewer(desk)
        self.viewer.change(compare=Compare.SPLIT)
        self.overlays = MaskOverlays(desk, self.viewer)
        self.panel = ResultPanel(desk)
        self._title = label(tr("Review"), "heading")
        self._stack = QStackedWidget()
        self._build()
        self.list.setIconSize(QSize(44, 56))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        desk.thumbnails.arrived.connect(self._on_thumbnail)
        self.list.currentItemChanged.connect(self._on_current)
        desk.verdicts.taken_back.connect(self._on_taken_back)
        # The jobs whose verdict was taken back, until the list shows them.
        self._returning: set[str] = set()
        self.menu = ContextMenu(self.list, self._menu_lines)
        self.list.itemSelectionChanged.connect(self._on_selection)
        # A batch sends many events; the list is read once they rest.
        self._soon = QTimer(self, singleShot=True, interval=100)
        self._soon.timeout.connect(self.reload)
        for signal in (desk.bridge.job_changed, desk.decided):
            signal.connect(self._soon.start)
        desk.closed.connect(self._soon.stop)
        desk.bridge.job_changed.connect(self._on_job_changed)
        self.reload()

    @property
    def current(self) -> HistoryEntry | None:
        """The result that is looked at."""
        item = self.list.currentItem()
        return item.data(ENTRY) if item else None

    @property
    def chosen(self) -> list[HistoryEntry]:
        """The results that a verdict concerns: those selected, in their order, or else the one looked at."""
        items = [item for place in range(self.list.count()) if (item := self.list.item(place)).isSelected()]
        return [item.data(ENTRY) for item in items] or ([self.current] if self.current else [])

    @Slot()
    def reload(self) -> None:
        """Read what waits anew; the one looked at stays in sight, and all selected stay so, if they still wait."""
        self._desk.background.ask_anew("review", self._desk.studio.review.waiting, self._show)

    def _show(self, answer: object) -> None:
        if isinstance(answer, StudioError):
            self._desk.tell_of(answer)
            return
        kept = self.current
        chosen = {entry.job.id for entry in self.chosen}
        place = self.list.currentRow()
        self.list.clear()
        for entry in cast("list[HistoryEntry]", answer):
            confidence = "" if entry.confidence is None else f"   {percent(entry.confidence)}"
            item = QListWidgetItem(f"{isolated(entry.job.shot.front.name)}{confidence}")
            item.setData(ENTRY, entry)
            item.setToolTip(str(entry.job.shot.front))
            self._draw(item)
            self.list.addItem(item)
            item.setSelected(entry.job.id in chosen)
            if kept and entry.job.id == kept.job.id:
                self.list.setCurrentItem(item, _Flag.NoUpdate)
        if not self.list.currentItem():
            self._look_at(place)
        self._choose_returned()
        self._count()

    def _choose_returned(self) -> None:
        """Select what came back into review, and look at the first of it, once all of it is listed."""
        items = [self.list.item(place) for place in range(self.list.count())]
        back = [item for item in items if item.data(ENTRY).job.id in self._returning]
        if len(back) < len(self._returning):  # read while they came back one by one
            return
        self._returning = set()
        if back:
            self.list.setCurrentItem(back[0], _Flag.ClearAndSelect)
        for item in back:
            item.setSelected(True)

    def _count(self) -> None:
        self._stack.setCurrentIndex(0 if self.list.count() else 1)
        self._title.setText(tr("{n} results to review", self.list.count()) if self.list.count() else tr("Review"))

    def _build(self) -> None:
        self.approve_button = button(tr("Approve"), self.approve, icon="approve", kind="primary", key="A")
        self.fix_button = button(tr("Fix the mask"), self.fix, icon="brush", key="F")
        self.reject_button = button(tr("Reject"), self.reject, icon="reject", key="X")
        keys = label(tr("A approve   F fix   X reject   ← → next   Ctrl+Z undo"), "small", wrap=True)
        verdict = column(self.approve_button, row(self.fix_button, self.reject_button), keys, margins=(14, 10, 14, 14))
        side = QWidget()
        side.setObjectName("panel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.panel, 1)
        right.addWidget(verdict)
        left = column(self._title, self.list, margins=(12, 12, 8, 8))
        left.setObjectName("panel")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        split = QSplitter()
        split.setHandleWidth(1)
        for part, width in ((left, 240), (self.viewer, 260), (side, 340)):
            part.setMinimumWidth(width)
            split.addWidget(part)
        split.setStretchFactor(1, 1)
        split.setSizes([260, 760, 350])
        self._stack.addWidget(split)
        words = tr("Results that the program is not sure of wait here until you have looked at them. None waits now.")
        self._stack.addWidget(empty_state("approve", tr("Nothing to review"), words))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        for keys, slot in (
            ("A", self.approve),
            ("X", self.reject),
            ("F", self.fix),
            ("Right", self.next),
            ("Left", self.previous),
        ):
            QShortcut(QKeySequence(keys), self, slot, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _menu_lines(self) -> Sequence[Line]:
        verdict = (self.approve_button, self.fix_button, self.reject_button)
        return (*verdict, None, self.panel.open, self.panel.reveal, self.panel.export, None, self.panel.again)

    @Slot()
    def approve(self) -> None:
        """The results are good."""
        if entries := self.chosen:
            self._desk.verdicts.approve(entries)
            self._take_away(entries)

    @Slot()
    def reject(self) -> None:
        """The results are not wanted."""
        if entries := self.chosen:
            self._desk.verdicts.reject(entries)
            self._take_away(entries)

    @property
    def can_undo(self) -> bool:
        """Whether the last verdict can be taken back."""
        return self._desk.verdicts.can_take_back

    @Slot()
    def undo(self) -> None:
        """Take the last verdict back, and look at what it concerned."""
        self._desk.verdicts.take_back()

    @Slot(object)
    def _on_taken_back(self, job_ids: set[str]) -> None:
        self._returning = job_ids

    @Slot()
    def fix(self) -> None:
        """Open the photograph with the brush in hand."""
        if entry := self.current:
            self.fix_wanted.emit(entry.job.shot.front)

    @Slot()
    def next(self) -> None:
        """The result after this one."""
        self._look_at(self.list.currentRow() + 1)

    @Slot()
    def previous(self) -> None:
        """The result before this one."""
        self._look_at(self.list.currentRow() - 1)

    def _look_at(self, place: int) -> None:
        """Look at the result of a row, or the nearest there is, and select no other."""
        if self.list.count():
            self.list.setCurrentRow(min(max(place, 0), self.list.count() - 1), _Flag.ClearAndSelect)

    def _take_away(self, entries: list[HistoryEntry]) -> None:
        """Go on to the next one at once; what was decided comes back if it could not be recorded."""
        gone = {entry.job.id for entry in entries}
        places = [place for place in range(self.list.count()) if self.list.item(place).data(ENTRY).job.id in gone]
        left = [place for place in range(self.list.count()) if place not in places]
        if left:  # first of all, so that none of those that go is shown on the way
            self._look_at(next((place for place in left if place > places[0]), left[-1]))
        for place in reversed(places):
            self.list.takeItem(place)
        self._count()

    @Slot()
    def _on_selection(self) -> None:
        """Say on the buttons how many results they decide on."""
        many = len(self.chosen)
        several = many > 1
        for made, text in (
            (self.approve_button, tr("Approve {n} results", many) if several else tr("Approve")),
            (self.reject_button, tr("Reject {n} results", many) if several else tr("Reject")),
        ):
            made.setText(text)
            made.setAccessibleName(text)

    @Slot()
    def _on_current(self) -> None:
        entry = self.current
        self.panel.show_entry(entry)
        self.viewer.show_row(shot_row(entry) if entry else None)

    @Slot(JobChanged)
    def _on_job_changed(self, event: JobChanged) -> None:
        """A photo that was done again may have been corrected before."""
        if event.photo == self.overlays.photo:
            self.overlays.forget()

    def _draw(self, item: QListWidgetItem) -> None:
        entry: HistoryEntry = item.data(ENTRY)
        if picture := self._desk.thumbnails.get(entry.job.shot.front):
            item.setIcon(QIcon(picture))

    @Slot(object)
    def _on_thumbnail(self, path: Path) -> None:
        for place in range(self.list.count()):
            if self.list.item(place).data(ENTRY).job.shot.front == path:
                self._draw(self.list.item(place))


def shot_row(entry: HistoryEntry) -> ShotRow:
    """A job of the history as the viewer shows a shot."""
    return ShotRow(
        shot=entry.job.shot,
        job_id=entry.job.id,
        status=entry.job.status,
        files=tuple(file.path for file in entry.files),
        confidence=entry.confidence,
        error=entry.job.error,
    )
