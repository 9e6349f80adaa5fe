"""The page of the shoot: browser, viewer, inspector, queue."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from studio.errors import StudioError
from studio.model import HistoryEntry
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import tr
from studio.ui.models.shots import Mark
from studio.ui.parts.browser import Browser
from studio.ui.parts.controls import on_screen
from studio.ui.parts.inspector import Inspector
from studio.ui.parts.mask_editor import MaskEditor
from studio.ui.parts.pose_editor import PoseEditor
from studio.ui.parts.queue_panel import QueuePanel
from studio.ui.parts.result_panel import ResultPanel
from studio.ui.parts.start_bar import StartBar
from studio.ui.parts.viewer import Viewer

VIEWER_WIDTH = 270
# The least widths of the browser and the side: on the smallest screens, and where there is room.
BROWSER_WIDTHS, SIDE_WIDTHS = (206, 282), (300, 330)
# The least height of a screen on which the queue is shown before anybody asked for it.
ROOM_FOR_QUEUE_PX = 620


class ShootPage(QWidget):
    """Left what there is, in the middle what is looked at, right what is made of it, below what is being done."""

    def __init__(self, desk: Desk, open_folder: object) -> None:
        super().__init__()
        self._desk = desk
        self.browser = Browser(desk, open_folder)
        self.search = self.browser.search
        self.viewer = Viewer(desk)
        self.inspector = Inspector(desk)
        self.editor = MaskEditor(desk, self.viewer)
        self.pose_editor = PoseEditor(desk, self.viewer, self.editor)
        self.viewer.add_bar(self.editor.bar)
        self.viewer.add_bar(self.pose_editor.bar)
        self.editor.opened.connect(self._on_mask_editor)
        for editor in (self.editor, self.pose_editor):
            editor.opened.connect(self._make_room)
        words = tr("Nothing was made of this shot yet. Press Start; what was measured on the result stands here.")
        self.result = ResultPanel(desk, nothing=(tr("No result yet"), words))
        self.side = QTabWidget()
        self.side.setDocumentMode(True)
        self.side.tabBar().setDrawBase(False)
        self.side.addTab(self.inspector, tr("Recipe"))
        self.side.addTab(self.result, tr("Result"))
        self.queue = QueuePanel(desk)
        self.browser.list.doubleClicked.connect(self.result.open_result)
        self.start_bar = StartBar(desk, self.browser.list)
        self.browser.setMinimumWidth(BROWSER_WIDTHS[1])
        self.side.setMinimumWidth(SIDE_WIDTHS[1])
        self.viewer.setMinimumWidth(VIEWER_WIDTH)
        self.columns = self._split(Qt.Orientation.Horizontal, self.browser, self.viewer, self.side)
        self.columns.setStretchFactor(1, 1)
        self.rows = self._split(Qt.Orientation.Vertical, self.columns, self.queue)
        self.rows.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.start_bar)
        self.start_bar.panel.toggled.connect(self._show_queue)
        self._to_fix: Path | None = None
        desk.shot_changed.connect(self._show_shot)
        self.viewer.changed.connect(self._open_to_fix)
        self._restore()

    @property
    def open_editor(self) -> MaskEditor | PoseEditor:
        """The editor whose strokes or bends are taken back."""
        return self.pose_editor if self.pose_editor.is_open else self.editor

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke or bend to take back."""
        return self.open_editor.can_undo

    def undo(self) -> None:
        """Take back the last stroke or bend."""
        self.open_editor.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.open_editor.redo()

    def step(self, by: int) -> None:
        """Look at the shot so many places further on in the browser."""
        places = self._desk.filtered
        here = self.browser.list.currentIndex().row()
        index = places.index(min(max(here + by, 0), places.rowCount() - 1), 0)
        if index.isValid():
            self.browser.list.setCurrentIndex(index)

    def mark(self, mark: Mark) -> None:
        """Star or reject the shots that are selected; the same mark on all of them takes it away."""
        self._desk.mark([row.shot.front for row in self.browser.list.chosen], mark)

    def again(self) -> None:
        """Do the shots that are selected once more."""
        photos = [row.shot.front for row in self.browser.list.chosen]
        if photos:
            # What is still being typed into the recipe counts.
            self.browser.list.setFocus()
            self._desk.start(photos, again=True)

    def fix(self, photo: Path) -> None:
        """Take the brush into the hand once this photo is shown."""
        self._to_fix = photo
        self._open_to_fix()

    @Slot()
    def _open_to_fix(self) -> None:
        if self._to_fix and self.viewer.photo == self._to_fix:
            self._to_fix = None
            self.editor.open()

    @Slot(bool)
    def _on_mask_editor(self, is_open: bool) -> None:
        if is_open:
            self.pose_editor.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    @Slot()
    def _make_room(self) -> None:
        """Give the bar of an open editor the width it needs; in a narrow window the side gives way to it."""
        room = self.width() - VIEWER_WIDTH - 2 * self.columns.handleWidth()
        self.browser.setMinimumWidth(min(max(room - SIDE_WIDTHS[1], BROWSER_WIDTHS[0]), BROWSER_WIDTHS[1]))
        self.side.setMinimumWidth(min(max(room - self.browser.minimumWidth(), SIDE_WIDTHS[0]), SIDE_WIDTHS[1]))
        bars = [editor.bar for editor in (self.editor, self.pose_editor) if editor.is_open]
        self.viewer.setMinimumWidth(max([VIEWER_WIDTH, *(bar.minimumSizeHint().width() for bar in bars)]))
        parts = (self.browser, self.viewer, self.side)
        needed = sum(part.minimumWidth() for part in parts) + 2 * self.columns.handleWidth()
        self.side.setVisible(not bars or needed <= self.width())

    def keep_layout(self) -> None:
        """Remember how wide and high the parts are."""
        self.browser.keep_layout()
        self._desk.state.keep_layout("columns", self.columns.saveState())
        self._desk.state.keep_layout("rows", self.rows.saveState())
        self._desk.state.keep_text("queue", "shown" if self.start_bar.panel.isChecked() else "hidden")

    def _restore(self) -> None:
        if not self.columns.restoreState(self._desk.state.layout("columns")):
            self.columns.setSizes([300, 800, 330])
        if not self.rows.restoreState(self._desk.state.layout("rows")):
            self.rows.setSizes([700, 190])
        has_room = on_screen(self, 0, ROOM_FOR_QUEUE_PX).height() == ROOM_FOR_QUEUE_PX
        shown = self._desk.state.text("queue", "shown" if has_room else "hidden") == "shown"
        self.start_bar.panel.setChecked(shown)
        self._show_queue(shown)

    def _split(self, direction: Qt.Orientation, *parts: QWidget) -> QSplitter:
        made = QSplitter(direction)
        made.setHandleWidth(1)
        made.setChildrenCollapsible(False)
        for part in parts:
            made.addWidget(part)
        return made

    @Slot()
    def _show_shot(self) -> None:
        row = self._desk.row
        self.viewer.show_row(row)
        if not (row and row.job_id):
            self.result.show_entry(None)
            return
        if not self.result.entry or self.result.entry.job.id != row.job_id:
            self.result.wait(row.job_id)
        self._desk.background.ask_anew(
            "result", partial(self._desk.studio.history.entry, row.job_id), self._show_result
        )

    def _show_result(self, found: object) -> None:
        """Show the job that was read, if it is still that of the shot that is looked at."""
        row = self._desk.row
        if isinstance(found, StudioError):
            self.result.show_entry(None)  # the words are those of the shot before
            self._desk.say(notice_of(found))
        elif isinstance(found, HistoryEntry) and row and row.job_id == found.job.id:
            self.result.show_entry(found)

    @Slot(bool)
    def _show_queue(self, shown: bool) -> None:
        self.queue.setVisible(shown)
