"""Pose editing over a viewer: presets, fit, mirror, import, keep; the pose belongs to the photograph."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QToolButton, QVBoxLayout, QWidget

from studio.errors import StudioError
from studio.model import Mode, Notice, Pose
from studio.ui import icons
from studio.ui.canvas.pose_tool import PoseTool
from studio.ui.canvas.scene import Compare
from studio.ui.canvas.skeleton import mirror
from studio.ui.canvas.tool import Hand
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import tr
from studio.ui.parts.controls import button, row, tool
from studio.ui.parts.figure_drafts import FigureDrafts
from studio.ui.parts.mask_editor import MaskEditor
from studio.ui.parts.notices import Step
from studio.ui.parts.viewer import Viewer, give_keys_back
from studio.ui.phrases import pose_name
from studio.ui.sentences import isolated

FIRST = "standing"
POSE_FILES = "*.json *.jpg *.jpeg *.png *.tif *.tiff *.webp *.heic *.avif"


class PoseEditor(QObject):
    """Connects the pose tool with its bar; uses the masks that the mask editor found."""

    opened = Signal(bool)

    def __init__(self, desk: Desk, viewer: Viewer, masks: MaskEditor) -> None:
        super().__init__(viewer)
        self._desk = desk
        self._viewer = viewer
        self._masks = masks
        self.tool = PoseTool(Pose(points=(None,) * 18), self._on_change, self._on_settled)
        self._opened: Pose | None = None
        self._past: list[Pose] = []
        self._future: list[Pose] = []
        self._kept: Pose = self.tool.pose
        self.photo: Path | None = None
        self.drafts = FigureDrafts(desk, self.tool, masks, viewer)
        self.bar = self._make_bar()
        self.bar.hide()
        masks.found.connect(self._show_garment)
        viewer.changed.connect(self._on_viewer)
        desk.closing.connect(self._on_closing)

    @property
    def is_open(self) -> bool:
        """Whether a pose is being bent."""
        return not self.bar.isHidden()

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return bool(self._future)

    @Slot()
    def open(self) -> None:
        """Lay the skeleton over the photograph: the one kept with it, or a preset fitted to the garment."""
        photo = self._viewer.photo
        if not photo:
            return
        self._masks.close()
        try:
            kept = self._desk.studio.corrections.of(photo).pose
            pose = kept or self._desk.studio.poses.read(self._desk.studio.poses.all()[FIRST], photo)
        except StudioError as error:
            self._desk.say(notice_of(error))
            return
        self.photo = photo
        self._start(pose)
        self.bar.show()
        self._viewer.change(compare=Compare.BEFORE)
        self._viewer.canvas.take_tool(self.tool)
        self._viewer.canvas.setFocus()
        self._masks.find()
        self._show_garment()
        self.opened.emit(True)

    @Slot()
    def close(self) -> None:
        """Put the skeleton away; the pose is kept with the photograph if it was changed."""
        if not self.is_open:
            return
        if self.save() and self.photo and self._desk.recipe.mode is Mode.HUMAN:
            self._desk.corrections.left(self.photo)
        self.drafts.stop()
        give_keys_back(self._viewer, self.bar)
        self.bar.hide()
        self._viewer.canvas.take_tool(Hand())
        self._viewer.change(compare=Compare.AFTER)
        self._desk.studio.asking.stop()
        self.opened.emit(False)

    @Slot()
    def _on_closing(self) -> None:
        if self.is_open:
            self.save()

    def save(self) -> bool:
        """Keep the pose with the photograph; True when it is another one now."""
        if not self.photo or self.tool.pose == self._opened:
            return False
        try:
            edits = self._desk.studio.corrections.of(self.photo)
            self._desk.studio.corrections.keep(self.photo, replace(edits, pose=self.tool.pose))
        except StudioError as error:
            self._desk.say(notice_of(error))
            return False
        return True

    def use(self, pose: Pose) -> None:
        """Bend this pose instead; the one before can be had back."""
        self._past.append(self._kept)
        self._future.clear()
        self._kept = pose
        self.tool.show(pose)
        self._refresh()

    def use_preset(self, path: Path) -> None:
        """Lay a preset over the photograph, fitted to the garment where its mask is known."""
        if not self.photo:
            return
        try:
            self.use(self._fitted(self._desk.studio.poses.read(path, self.photo)))
        except StudioError as error:
            self._desk.say(notice_of(error))

    def take_from(self, path: Path) -> None:
        """Take the pose out of a file of OpenPose points, or that of the person in a photo, which takes its time."""
        photo = self.photo
        if path.suffix.lower() == ".json" or not photo:
            self.use_preset(path)
            return
        studio = self._desk.studio
        self.import_button.setEnabled(False)
        self._desk.background.ask(
            ("pose", path), lambda: studio.asking.pose_in(path, photo), lambda found: self._on_found(photo, found)
        )

    def _on_found(self, photo: Path, found: object) -> None:
        self.import_button.setEnabled(True)
        if isinstance(found, StudioError):
            self._desk.say(notice_of(found))
        elif self.is_open and photo == self.photo:
            self.use(self._fitted(cast("Pose", found)))

    @Slot()
    def undo(self) -> None:
        """The pose before the last change."""
        if self._past:
            self._future.append(self._kept)
            self._take(self._past.pop())

    @Slot()
    def redo(self) -> None:
        """The change taken back last."""
        if self._future:
            self._past.append(self._kept)
            self._take(self._future.pop())

    @Slot()
    def fit(self) -> None:
        """Lay the pose into the garment."""
        self.use(self._fitted(self.tool.pose))

    @Slot()
    def mirror(self) -> None:
        """Exchange left and right."""
        self.use(mirror(self.tool.pose))

    @Slot()
    def reset(self) -> None:
        """The pose as it was when it was opened."""
        if self._opened:
            self.use(self._opened)

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("bar")
        bar.setToolTip(tr("Drag a joint, Shift moves all; or choose one with Tab and move it with the arrow keys"))
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.presets = QToolButton()
        self.presets.setIcon(icons.icon("pose"))
        self.presets.setText(tr("Presets"))
        self.presets.setAccessibleName(tr("Pose presets"))
        self.presets.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.presets.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.presets)
        self._deleting = QMenu(tr("Delete preset"), menu)
        menu.aboutToShow.connect(self._fill_presets)
        self.presets.setMenu(menu)
        self.symmetric = tool("check", tr("Snap to symmetry"), self._on_symmetric, checkable=True)
        self.symmetric.setChecked(True)
        self.body = tool("mannequin", tr("Show the body"), self._on_body, checkable=True)
        self.body.setChecked(True)
        self.import_button = tool("import", tr("Import a pose from a file or a photo"), self._on_import)
        self._undo = tool("undo", tr("Undo"), self.undo, key="Ctrl+Z")
        self._redo = tool("redo", tr("Redo"), self.redo, key="Ctrl+Shift+Z")
        keep = button(tr("Keep pose"), self.close, kind="primary", key="Esc")
        keep.setShortcut("Esc")
        keep.setToolTip(f"{tr('Keep pose')}  ({isolated('Esc')})")
        parts = row(
            self.presets,
            tool("fit", tr("Fit to the garment"), self.fit),
            tool("mirror", tr("Mirror"), self.mirror),
            tool("retry", tr("Reset"), self.reset),
            self.symmetric,
            self.body,
            self._undo,
            self._redo,
            None,
            self.import_button,
            tool("preset", tr("Save as preset"), self._on_save),
            keep,
            gap=4,
        )
        layout = QVBoxLayout(bar)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addWidget(parts)
        return bar

    def _start(self, pose: Pose) -> None:
        self._opened = self._kept = pose
        self._past.clear()
        self._future.clear()
        self.tool.show(pose)
        self._refresh()

    def _take(self, pose: Pose) -> None:
        self._kept = pose
        self.tool.show(pose)
        self._refresh()

    def _fitted(self, pose: Pose) -> Pose:
        masks = self._masks.masks
        return self._desk.studio.poses.fit(pose, masks) if masks else pose

    def _refresh(self) -> None:
        self._undo.setEnabled(self.can_undo)
        self._redo.setEnabled(self.can_redo)
        self._viewer.canvas.update()
        self._draw()

    def _draw(self) -> None:
        """Have the figure drawn in this pose, where its picture is wanted."""
        if self.photo and self.tool.silhouette and self.is_open:
            self.drafts.want(self.photo)

    def _on_change(self, _pose: Pose) -> None:
        self._viewer.canvas.update()

    def _on_settled(self, goes_on: bool) -> None:
        if self.tool.pose != self._kept:
            # What a key does while it is held down is taken back at once.
            if not (goes_on and self._past):
                self._past.append(self._kept)
            self._future.clear()
            self._kept = self.tool.pose
            self._refresh()

    @Slot()
    def _show_garment(self) -> None:
        if not self.is_open or not self.photo or self._masks.photo != self.photo or not self._masks.session:
            return
        self.tool.garment = self._masks.session.cut_out
        if self._desk.studio.corrections.of(self.photo).pose is None and not self._past:
            self._start(self._fitted(self.tool.pose))
        self._viewer.canvas.update()
        self._draw()

    @Slot()
    def _on_viewer(self) -> None:
        if self.is_open and self._viewer.photo != self.photo:
            self.tool.garment = None
            self.close()

    @Slot()
    def _fill_presets(self) -> None:
        menu = self.presets.menu()
        menu.clear()
        self._deleting.clear()
        own = self._desk.studio.poses.own()
        for name, path in self._desk.studio.poses.all().items():
            action = menu.addAction(QIcon(str(path.with_suffix(".png"))), pose_name(name))
            action.triggered.connect(partial(self.use_preset, path))
            if name in own:
                self._deleting.addAction(name).triggered.connect(partial(self.forget_preset, name))
        if own:
            menu.addSeparator()
            menu.addMenu(self._deleting)
        menu.setStyleSheet("QMenu { icon-size: 40px; }")

    @Slot(bool)
    def _on_symmetric(self, on: bool) -> None:
        self.tool.symmetric = on

    @Slot(bool)
    def _on_body(self, on: bool) -> None:
        self.tool.silhouette = on
        self._viewer.canvas.update()
        self._draw()

    @Slot()
    def _on_import(self) -> None:
        kinds = tr("Photos of a person and OpenPose points ({patterns})", patterns=POSE_FILES)
        name, _ = QFileDialog.getOpenFileName(self.bar, tr("Import a pose"), "", kinds)
        if name:
            self.take_from(Path(name))

    @Slot()
    def _on_save(self) -> None:
        name, sure = QInputDialog.getText(self.bar, tr("Save as preset"), tr("Name of the pose"))
        if sure and name.strip():
            self.keep_preset(name.strip())

    def keep_preset(self, name: str) -> None:
        """Keep the pose among the photographer's own presets; one that had the name can be had back."""
        before = self._own_preset(name)
        if self._keep(name, self.tool.pose, self._size) and before:
            self._offer_back(tr("Preset replaced"), name, before)

    def forget_preset(self, name: str) -> None:
        """Delete one of the photographer's own presets; it can be had back."""
        before = self._own_preset(name)
        try:
            self._desk.studio.poses.forget(name)
        except StudioError as error:
            self._desk.say(notice_of(error))
            return
        self._desk.poses_changed.emit()
        if before:
            self._offer_back(tr("Preset deleted"), name, before)

    @property
    def _size(self) -> tuple[int, int]:
        size: QSize = self._viewer.canvas.scene.size.toSize()
        return size.width(), size.height()

    def _own_preset(self, name: str) -> Pose | None:
        """One of the photographer's own presets as it lies in this photo; None = there is none that can be read."""
        path = self._desk.studio.poses.own().get(name)
        try:
            return self._desk.studio.poses.read(path, self.photo) if path and self.photo else None
        except StudioError:
            return None

    def _keep(self, name: str, pose: Pose, size: tuple[int, int]) -> bool:
        try:
            self._desk.studio.poses.keep(pose, name, size)
        except StudioError as error:
            self._desk.say(notice_of(error))
            return False
        self._desk.poses_changed.emit()
        return True

    def _offer_back(self, title: str, name: str, pose: Pose) -> None:
        step = Step(text=tr("Take back"), run=partial(self._keep, name, pose, self._size))
        self._desk.offer(Notice(title=title, message=name), step)
