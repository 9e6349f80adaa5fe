"""The viewer: the chosen shot on the canvas, before and after, with the bar that says how."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QColor, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QColorDialog,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.errors import StudioError
from studio.model import JobChanged
from studio.ui.canvas.canvas import Canvas
from studio.ui.canvas.pictures import PREVIEW_SIDE, Pictures
from studio.ui.canvas.pyramid import to_image
from studio.ui.canvas.scene import Backdrop, Compare, Ground, Overlay, Scene
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import percent, tr
from studio.ui.models.shots import ShotRow
from studio.ui.parts.controls import ElidedLabel, Segments, breakable, empty_state, label, tool
from studio.ui.phrases import status_name
from studio.ui.sentences import isolated, said

if TYPE_CHECKING:
    from studio.app import Preview

# The margins of the bar and the space before its tools.
_BAR_EDGES_PX = 28
_STATUS_PX = 90
# So much of a photo's name is to be read before tools have room.
_NAME_PX = 110
GROUND, GROUND_COLOUR, GROUND_PICTURE = "ground", "ground-colour", "ground-picture"
PICTURES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"}


class Viewer(QWidget):
    """Shows one shot at a time."""

    overlays_wanted = Signal()
    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.pictures = Pictures(desk.studio, desk.background, self)
        self.canvas = Canvas()
        self._shown: Path | None = None
        self._after: Path | None = None
        self._stack = QStackedWidget()
        self.bar = ViewBar(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        self._layout = layout
        layout.addWidget(self._stack, 1)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(
            empty_state("photo", tr("No shot chosen"), tr("Choose a shot on the side to look at it before and after."))
        )
        self._stack.setCurrentIndex(1)
        self.pictures.arrived.connect(self._arrived)
        self.pictures.failed.connect(self._failed)
        desk.bridge.job_changed.connect(self._on_job_changed)
        desk.folder_changed.connect(self._on_folder_changed)
        self._restore_ground()

    @property
    def photo(self) -> Path | None:
        """The photograph that is shown."""
        return self._shown

    def show_row(self, row: ShotRow | None) -> None:
        """Show a shot as it is now; None = nothing is chosen."""
        self.bar.show_row(row)
        if row is None:
            self._shown = self._after = None
            self._stack.setCurrentIndex(1)
            return
        fresh = row.shot.front != self._shown
        if fresh:
            self._stack.setCurrentIndex(0)
        self._shown, self._after = row.shot.front, result_picture(row.files)
        self._show(keep_view=not fresh)

    def show_result(self) -> None:
        """Show the result again where an editor showed something else."""
        if self._shown:
            self._show(keep_view=True)

    def change(self, **changes: object) -> None:
        """Show the same picture in another way (fields of `Scene`)."""
        self.canvas.show_scene(self.canvas.scene.evolve(**changes))
        self.bar.show_scene(self.canvas.scene)

    def use_ground(self, ground: Ground) -> None:
        """Look at transparent results on `ground`, here and the next time."""
        self._desk.state.keep_text(GROUND, ground.value)
        self.change(ground=ground)

    def use_colour(self, colour: str) -> None:
        """Look at transparent results on a colour, #rrggbb."""
        self._desk.state.keep_text(GROUND_COLOUR, colour)
        self._desk.state.keep_text(GROUND_PICTURE, "")
        self.change(own=Backdrop(colour=colour))
        self.use_ground(Ground.OWN)

    def use_picture(self, path: Path) -> None:
        """Look at transparent results on a picture of the photographer's."""

        def answer(found: object) -> None:
            if isinstance(found, StudioError):
                self._desk.say(notice_of(found))
                return
            picture = QPixmap.fromImage(to_image(cast("Preview", found).levels[0]))
            self._desk.state.keep_text(GROUND_PICTURE, str(path))
            self.change(own=replace(self.canvas.scene.own, picture=picture))
            self.use_ground(Ground.OWN)

        read = self._desk.studio.pictures.thumbnail
        self._desk.background.ask(("ground", path), lambda: read(path, PREVIEW_SIDE), answer)

    def _restore_ground(self) -> None:
        state = self._desk.state
        kept = state.text(GROUND, Ground.CHECKER.value)
        ground = Ground(kept) if kept in set(Ground) else Ground.CHECKER
        own = Backdrop(colour=state.text(GROUND_COLOUR, Backdrop().colour))
        self.canvas.show_scene(self.canvas.scene.evolve(ground=ground, own=own))
        picture = Path(state.text(GROUND_PICTURE))
        if ground is Ground.OWN and picture.is_file():
            self.use_picture(picture)

    def add_bar(self, bar: QWidget) -> None:
        """Put the bar of an editor under the viewer's own."""
        self._layout.insertWidget(1, bar)

    def toggle_overlay(self, overlay: Overlay, on: bool) -> None:
        """Show or hide a mask."""
        shown = self.canvas.scene.shown
        self.change(shown=shown | {overlay} if on else shown - {overlay})
        if on:
            self.overlays_wanted.emit()

    def _show(self, *, keep_view: bool) -> None:
        assert self._shown
        before = self.pictures.get(self._shown)
        after = self.pictures.get(self._after) if self._after else None
        old = self.canvas.scene
        scene = old.evolve(before=before, after=after)
        if not keep_view:
            scene = Scene(
                before=before, after=after, compare=old.compare, split=old.split, ground=old.ground, own=old.own,
                shown=old.shown,
            )  # fmt: skip
        self.canvas.show_scene(scene, keep_view=keep_view)
        self.bar.show_scene(scene)
        self.changed.emit()

    @Slot(JobChanged)
    def _on_job_changed(self, event: JobChanged) -> None:
        for path in event.files:
            self.pictures.forget(path)

    @Slot()
    def _on_folder_changed(self) -> None:
        """Another program may have made results anew since the folder was looked at: none of its jobs is told of."""
        for row in self._desk.shots.rows:
            for path in row.files:
                self.pictures.forget(path)

    @Slot(object)
    def _arrived(self, path: Path) -> None:
        if path in (self._shown, self._after) and self._shown:
            self._stack.setCurrentIndex(0)
            self._show(keep_view=True)

    @Slot(object, object)
    def _failed(self, path: Path, error: StudioError) -> None:
        if path != self._shown or self.canvas.scene.before:
            return
        words = breakable(f"{said(error.message)}\n{said(error.hint)}")
        page = empty_state("failed", said(error.title), words)
        if old := self._stack.widget(2):
            self._stack.removeWidget(old)
            old.deleteLater()
        self._stack.setCurrentIndex(self._stack.addWidget(page))


class ViewBar(QWidget):
    """Zoom, compare, background and overlays of the viewer."""

    def __init__(self, viewer: Viewer) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._viewer = viewer
        self._name = ElidedLabel("heading", least_px=40)
        self._status = ElidedLabel("small", least_px=0)
        self._zoom = label("", "small")
        self._zoom.setMinimumWidth(48)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._compare = self._make_compare()
        self._ground = self._make_ground()
        self._overlays = {kind: self._make_overlay(kind, icon, name) for kind, icon, name in overlays()}
        canvas = viewer.canvas
        canvas.zoomed.connect(self._on_zoom)
        layout = self._parts = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(4)
        layout.addWidget(self._name, 3)
        layout.addWidget(self._status, 2)
        layout.addSpacing(8)
        out = tool("zoom-out", tr("Zoom out"), canvas.zoom_out, key="Ctrl+-")
        closer = tool("zoom-in", tr("Zoom in"), canvas.zoom_in, key="Ctrl++")
        fit = tool("fit", tr("Fit to the window"), canvas.fit, key="Ctrl+0")
        true = tool("one-to-one", tr("One photo pixel to one screen pixel"), canvas.one_to_one, key="Ctrl+1")
        masks = (*self._overlays.values(), self._ground)
        for part in (*masks, self._compare, out, self._zoom, closer, fit, true):
            layout.addWidget(part)
        # What goes first where there is no room for all; the menu and the keys have them too.
        self._dispensable: tuple[tuple[QWidget, ...], ...] = ((out, self._zoom, closer), (fit, true), masks)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Leave out what has no room beside the photo's name."""
        groups = self._dispensable
        hidden = next(
            (count for count in range(len(groups)) if self._width_without(count) <= self.width()), len(groups)
        )
        for place, group in enumerate(groups):
            for part in group:
                part.setVisible(place >= hidden)
        self._status.setVisible(self.width() - self._width_without(hidden) > _STATUS_PX)

    def _width_without(self, count: int) -> int:
        """What the bar needs when the first `count` groups of what is dispensable are not shown."""
        gone = {part for group in self._dispensable[:count] for part in group}
        layout = self._parts
        items = (layout.itemAt(place) for place in range(layout.count()))
        parts = [widget for item in items if item and (widget := item.widget())]
        shown = [part for part in parts if part not in gone]
        tools = [part for part in shown if part not in (self._name, self._status)]
        widths = sum(max(part.minimumWidth(), part.sizeHint().width()) for part in tools)
        name = min(self._name.whole_px, _NAME_PX)
        return name + widths + layout.spacing() * len(shown) + _BAR_EDGES_PX

    def press_overlay(self, kind: Overlay) -> None:
        """Show a mask, or hide it."""
        self._overlays[kind].click()

    def show_row(self, row: ShotRow | None) -> None:
        """Say which shot is shown and where it stands."""
        self._name.setText(isolated(row.shot.front.name) if row else "")
        self._status.setText(status_name(row.status) if row else "")
        if row and row.error:
            self._status.setToolTip(said(row.error.message))
        self._make_room()

    def show_scene(self, scene: Scene) -> None:
        """Show how the picture is shown."""
        self._compare.set_value(scene.compare)
        self._compare.setEnabled(scene.after is not None)
        for action in self._ground.menu().actions():
            action.setChecked(action.data() == scene.ground)
        for kind, button in self._overlays.items():
            button.setChecked(kind in scene.shown)

    def _make_compare(self) -> Segments:
        options = ((Compare.BEFORE, tr("Before")), (Compare.SPLIT, tr("Split")), (Compare.AFTER, tr("After")))
        made = Segments(tr("Compare"), options)
        made.setToolTip(tr("What is shown; hold the space bar to see the photograph"))
        made.chosen.connect(self._on_compare)
        return made

    def _make_ground(self) -> QToolButton:
        made = tool("checker", tr("Background under transparent results"), None)
        menu = QMenu(made)
        group = QActionGroup(menu)
        for ground, text in (
            (Ground.CHECKER, tr("Checkerboard")),
            (Ground.WHITE, tr("White")),
            (Ground.GREY, tr("Grey")),
            (Ground.BLACK, tr("Black")),
            (Ground.OWN, tr("My own")),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(ground)
            group.addAction(action)
        group.triggered.connect(self._on_ground)
        menu.addSeparator()
        menu.addAction(tr("Colour…"), self._ask_colour)
        menu.addAction(tr("Picture…"), self._ask_picture)
        made.setMenu(menu)
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return made

    def _make_overlay(self, kind: Overlay, icon: str, name: str) -> QToolButton:
        made = tool(icon, name, None, checkable=True)
        made.setProperty("overlay", kind.value)
        made.clicked.connect(self._on_overlay)
        return made

    @Slot()
    def _on_overlay(self) -> None:
        button = self.sender()
        self._viewer.toggle_overlay(Overlay(button.property("overlay")), button.property("checked"))

    @Slot(object)
    def _on_compare(self, compare: Compare) -> None:
        self._viewer.change(compare=compare)

    @Slot(QAction)
    def _on_ground(self, action: QAction) -> None:
        self._viewer.use_ground(Ground(action.data()))

    @Slot()
    def _ask_colour(self) -> None:
        before = QColor(self._viewer.canvas.scene.own.colour)
        chosen = QColorDialog.getColor(before, self, tr("Background under transparent results"))
        if chosen.isValid():
            self._viewer.use_colour(chosen.name())

    @Slot()
    def _ask_picture(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Background under transparent results"))
        if name:
            self._viewer.use_picture(Path(name))

    @Slot(float)
    def _on_zoom(self, scale: float) -> None:
        self._zoom.setText(percent(scale))


def give_keys_back(viewer: Viewer, bar: QWidget) -> None:
    """Before a bar is hidden: what has the keys in it would hand them on to whatever is next."""
    here = bar.window().focusWidget()
    if here and bar.isAncestorOf(here):
        viewer.canvas.setFocus()


def result_picture(files: tuple[Path, ...]) -> Path | None:
    """The finished picture among the files of a result; None when there is none."""
    found = [path for path in files if path.suffix.lower() in PICTURES and not path.parent.name.endswith(".layers")]
    return found[0] if found else None


def overlays() -> tuple[tuple[Overlay, str, str], ...]:
    """The masks that can be shown: icon, and what the button and the menu say."""
    return (
        (Overlay.GARMENT, "garment", tr("Show the garment in blue")),
        (Overlay.MANNEQUIN, "mannequin", tr("Show the mannequin in red")),
        (Overlay.INNER, "overlay", tr("Show the inside in violet")),
        (Overlay.DOUBT, "warning", tr("Show where the program is in doubt, in yellow")),
    )
