"""The queue: what waits, runs and ended, with what can be done about it."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QListView, QStackedWidget, QVBoxLayout, QWidget

from studio.errors import StudioError
from studio.model import JobStatus
from studio.ui import icons
from studio.ui.desk import Desk
from studio.ui.i18n import tr
from studio.ui.models.jobs import OPEN, JobListModel, JobRow
from studio.ui.parts.context_menu import ContextMenu, Line
from studio.ui.parts.controls import empty_state, label, name_tool, row, tool
from studio.ui.parts.delegates import Clock, JobDelegate

_PAGE_KEYS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class _QueueList(QListView):
    """Keys that turn its pages are its own, whatever the window does with them elsewhere."""

    def event(self, event: QEvent) -> bool:
        turns = event.type() is QEvent.Type.ShortcutOverride and cast("QKeyEvent", event).key() in _PAGE_KEYS
        if turns and cast("QKeyEvent", event).modifiers() in (_NO_MODIFIER, Qt.KeyboardModifier.ShiftModifier):
            event.accept()
            return True
        return super().event(event)


class QueuePanel(QWidget):
    """The list of jobs and its buttons; they act on the lines that are selected."""

    look_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self.list = _QueueList()
        self.list.setModel(desk.jobs)
        self.list.setItemDelegate(JobDelegate(desk.thumbnails, Clock()))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(tr("Queue"))
        # Only a person's scrolling does this, not scrollTo.
        self.list.verticalScrollBar().actionTriggered.connect(self._on_scrolled)
        self._follows = True
        self.list.doubleClicked.connect(self._on_double_click)
        self.look_at = QAction(icons.icon("shoot"), tr("Show in its shoot"), self)
        self.look_at.triggered.connect(self._on_look)
        self.open = QAction(icons.icon("photo"), tr("Open"), self)
        self.open.triggered.connect(self._on_open)
        self.reveal = QAction(icons.icon("reveal"), tr("Show in folder"), self)
        self.reveal.triggered.connect(self._on_reveal)
        self.menu = ContextMenu(self.list, self._menu_lines)
        self._stack = QStackedWidget()
        self._build()
        # The time left is counted down between two events.
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._count_down)
        desk.closed.connect(self._tick.stop)
        # Once for all of a flood of events, as when thousands of jobs are stopped.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._refresh)
        desk.closed.connect(self._soon.stop)
        for changed in (desk.jobs.counted, desk.busy_changed):
            changed.connect(self._soon.start)
        self.list.selectionModel().selectionChanged.connect(self._refresh)
        self._refresh()

    def _build(self) -> None:
        self.pause = tool("pause", tr("Pause the queue"), None, checkable=True)
        self.pause.clicked.connect(self._on_pause)
        self.sooner = tool("up", tr("Do sooner"), self._on_sooner, key="Alt+Up")
        self.later = tool("down", tr("Do later"), self._on_later, key="Alt+Down")
        self.first = tool("chevron-right", tr("Do next of all"), self._on_first)
        self.hold = tool("hold", tr("Hold"), self._on_hold, key="H")
        self.retry = tool("retry", tr("Do again"), self._on_retry)
        self.cancel = tool("cancel", tr("Cancel"), self._on_cancel, key="Del")
        self.clear = tool("trash", tr("Clear what has ended"), self._desk.jobs.clear_ended)
        self.farm = tool("export", tr("Send to the farm"), self._on_farm)
        self.from_farm = tool("import", tr("Take back from the farm"), self._desk.take_back_from_farm)
        for button in (self.farm, self.from_farm):
            button.setVisible(self._desk.studio.knows_farm)
        for key, slot in (
            ("Alt+Up", self._on_sooner),
            ("Alt+Down", self._on_later),
            ("H", self._on_hold),
            ("Del", self._on_cancel),
        ):
            QShortcut(QKeySequence(key), self, slot, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        buttons = (self.pause, self.sooner, self.later, self.first, self.hold, self.retry, self.cancel, self.clear)
        farm = (self.farm, self.from_farm)
        head = row(label(tr("Queue"), "heading"), None, *farm, *buttons, margins=(12, 6, 8, 4), gap=2)
        self._stack.addWidget(self.list)
        self._stack.addWidget(
            empty_state(
                "queue", tr("Nothing in the queue"), tr("Press Start: each photo shows its stage and progress here.")
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._stack, 1)

    def _menu_lines(self) -> Sequence[Line]:
        only = self.chosen[0] if len(self.chosen) == 1 else None
        self.look_at.setEnabled(only is not None)
        for action in (self.open, self.reveal):
            action.setEnabled(only is not None and only.is_finished)
        result = (self.look_at, self.open, self.reveal)
        order = (self.sooner, self.later, self.first)
        return (*result, None, *order, None, self.hold, self.retry, self.cancel, None, self.farm, self.from_farm)

    @property
    def chosen(self) -> list[JobRow]:
        """The lines that are selected, in their order."""
        return [self._desk.jobs.at(place) for place in sorted(each.row() for each in self.list.selectedIndexes())]

    @Slot()
    def _refresh(self) -> None:
        self._stack.setCurrentIndex(0 if self._desk.jobs.rowCount() else 1)
        chosen = self.chosen
        waiting = [line for line in chosen if line.status is JobStatus.QUEUED]
        for button in (self.sooner, self.later, self.first):
            button.setEnabled(bool(waiting))
        self.farm.setEnabled(any(line.status is JobStatus.QUEUED for line in self._desk.jobs.rows))
        self.hold.setEnabled(any(line.status in OPEN for line in chosen))
        name_tool(self.hold, *(("play", tr("Let go on")) if self._lets_go else ("hold", tr("Hold"))), key="H")
        self.cancel.setEnabled(any(line.status in OPEN for line in chosen))
        self.retry.setEnabled(any(line.status not in OPEN for line in chosen))
        self.clear.setEnabled(any(line.status not in OPEN for line in self._desk.jobs.rows))
        self.pause.setChecked(self._desk.service.is_paused)
        if self._desk.is_counting != self._tick.isActive():
            self._tick.start() if self._desk.is_counting else self._tick.stop()
        self._follow()

    def _follow(self) -> None:
        """Keep what runs in sight, until a person looks elsewhere in this batch."""
        if not self._desk.is_busy:
            self._follows = True
        running = next((line for line in self._desk.jobs.rows if line.status is JobStatus.RUNNING), None)
        if running and self._follows and not self.chosen:
            self.list.scrollTo(self._desk.jobs.find(running.job_id))

    @Slot(QModelIndex)
    def _on_double_click(self, index: QModelIndex) -> None:
        self.look_wanted.emit(index.data(JobListModel.ROW).photo)

    @Slot()
    def _on_look(self) -> None:
        self.look_wanted.emit(self.chosen[0].photo)

    @Slot()
    def _on_open(self) -> None:
        if path := self._result():
            self._desk.open_outside(path)

    @Slot()
    def _on_reveal(self) -> None:
        if path := self._result():
            self._desk.open_outside(path.parent)

    def _result(self) -> Path | None:
        """Where the finished picture of the line that is selected lies now."""
        try:
            files = self._desk.studio.history.entry(self.chosen[0].job_id).files
        except StudioError as error:
            self._desk.tell_of(error)
            return None
        return files[0].path if files else None

    @Slot()
    def _on_scrolled(self) -> None:
        self._follows = False

    @Slot()
    def _count_down(self) -> None:
        self.list.viewport().update()

    @Slot(bool)
    def _on_pause(self, paused: bool) -> None:
        self._desk.set_paused(paused)

    @Slot()
    def _on_cancel(self) -> None:
        self._desk.cancel([line.job_id for line in self.chosen if line.status in OPEN])

    @property
    def _lets_go(self) -> bool:
        """Whether all that is selected and not over is held already."""
        return not any(line.is_going for line in self.chosen) and any(line.held for line in self.chosen)

    @Slot()
    def _on_hold(self) -> None:
        verb = self._desk.let_go if self._lets_go else self._desk.hold
        verb([line.job_id for line in self.chosen if line.status in OPEN])

    @Slot()
    def _on_retry(self) -> None:
        self._desk.retry([line.job_id for line in self.chosen if line.status not in OPEN])

    @Slot()
    def _on_farm(self) -> None:
        """The lines that are selected, or all that wait where none is."""
        lines = self.chosen or self._desk.jobs.rows
        self._desk.send_to_farm([line.job_id for line in lines if line.status is JobStatus.QUEUED])

    @Slot()
    def _on_sooner(self) -> None:
        self._move(-1)

    @Slot()
    def _on_later(self) -> None:
        self._move(+1)

    @Slot()
    def _on_first(self) -> None:
        self._move(-len(self._desk.jobs.rows))

    def _move(self, by: int) -> None:
        """Move the selected lines that wait by so many places among those that wait."""
        waiting = [line.job_id for line in self._desk.jobs.rows if line.status is JobStatus.QUEUED]
        chosen = [line.job_id for line in self.chosen if line.status is JobStatus.QUEUED]
        for job_id in chosen if by < 0 else reversed(chosen):
            place = waiting.index(job_id)
            waiting.remove(job_id)
            waiting.insert(max(0, place + by), job_id)
        self._desk.reorder(waiting)
