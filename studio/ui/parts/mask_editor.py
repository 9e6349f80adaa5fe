"""Mask editing over a viewer: finds the masks in the background, keeps the strokes, shows the cut-out as it changes."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot

from studio.errors import StudioError
from studio.model import Stroke, StrokeKind
from studio.ui.canvas.mask_session import FoundMasks, MaskSession, look_up
from studio.ui.canvas.pyramid import Pyramid
from studio.ui.canvas.scene import Compare, Overlay
from studio.ui.canvas.tool import Hand
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import tr
from studio.ui.parts.mask_bar import MaskBar
from studio.ui.parts.viewer import Viewer

if TYPE_CHECKING:
    from studio.app import Masks


class MaskEditor(QObject):
    """Connects bar, session and canvas for the photograph that the viewer shows."""

    opened = Signal(bool)
    found = Signal()

    def __init__(self, desk: Desk, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._desk = desk
        self._viewer = viewer
        self.session: MaskSession | None = None
        self.photo: Path | None = None
        self.bar = MaskBar(self._add)
        self.bar.hide()
        self.bar.tool_chosen.connect(viewer.canvas.take_tool)
        self.bar.undo_wanted.connect(self.undo)
        self.bar.redo_wanted.connect(self.redo)
        self.bar.reset_wanted.connect(self.reset)
        self.bar.close_wanted.connect(self.close)
        self.bar.run_wanted.connect(self.save_and_run)
        self.bar.shoot_wanted.connect(self.apply_to_shoot)
        viewer.overlays_wanted.connect(self.find)
        viewer.changed.connect(self._on_viewer)
        desk.closing.connect(desk.studio.stop_asking)

    @property
    def is_open(self) -> bool:
        """Whether masks are being edited."""
        return not self.bar.isHidden()

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke in sight to take back."""
        return self.is_open and self.session is not None and self.session.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a stroke to lay again."""
        return self.is_open and self.session is not None and self.session.can_redo

    @Slot()
    def open(self) -> None:
        """Take the brush into the hand."""
        if not self._viewer.photo:
            return
        self.bar.show()
        self.bar.choose(0)
        self._viewer.canvas.setFocus()
        shown = self._viewer.canvas.scene.shown or frozenset({Overlay.GARMENT, Overlay.MANNEQUIN})
        self._viewer.change(shown=shown, compare=Compare.BEFORE)
        self.opened.emit(True)
        self.find()

    @Slot()
    def close(self) -> None:
        """Put the brush away; what was painted is kept with the photograph."""
        if not self.is_open:
            return
        self.save()
        self.bar.hide()
        self._viewer.canvas.take_tool(Hand())
        self._viewer.change(shown=frozenset[Overlay](), compare=Compare.AFTER)
        self._viewer.show_result()
        self._desk.studio.stop_asking()
        self.opened.emit(False)

    @Slot()
    def undo(self) -> None:
        """Take the last stroke back."""
        if self.session:
            self.session.undo()

    @Slot()
    def redo(self) -> None:
        """Lay it again."""
        if self.session:
            self.session.redo()

    @Slot()
    def reset(self) -> None:
        """Take all strokes back."""
        if self.session:
            self.session.reset()

    def save(self) -> bool:
        """Keep the strokes with the photograph; True when there is nothing left to keep."""
        if not self.session or not self.photo or not self.session.is_changed:
            return True
        try:
            kept = self._desk.studio.edits_of(self.photo)
            self._desk.studio.keep_edits(self.photo, replace(kept, strokes=self.session.edits.strokes))
        except StudioError as error:
            self._desk.say(notice_of(error))
            return False
        self.session.mark_kept()
        return True

    @Slot()
    def save_and_run(self) -> None:
        """Keep the strokes and do the photograph again."""
        if self.save() and self.photo:
            photo = self.photo
            self.close()
            self._desk.redo_photo(photo)

    @Slot()
    def apply_to_shoot(self) -> None:
        """Teach the shoot what was painted as mannequin here."""
        if self.save() and self.photo:
            self._desk.teach(self.photo)

    def _add(self, stroke: Stroke) -> None:
        if not self.session:
            return
        if stroke.kind is StrokeKind.GROW and self.session.sees_regions:
            self._ask_region(stroke)
        else:
            self.session.add(stroke)

    def _ask_region(self, click: Stroke) -> None:
        """Let the network say what was clicked; the click grows over what looks alike where it cannot."""
        assert self.photo
        photo, (x, y) = self.photo, click.points[0]
        studio = self._desk.studio
        self.bar.words.setText(tr("Looking at what you clicked…"))
        self._desk.background.ask(
            ("region", photo, x, y),
            lambda: studio.region_at(photo, x, y),
            lambda answer: self._on_region(photo, click, answer),
        )

    def _on_region(self, photo: Path, click: Stroke, answer: object) -> None:
        if not self.session or photo != self.photo:
            return
        if isinstance(answer, StudioError):
            self._desk.say(notice_of(answer))
        outline = () if isinstance(answer, StudioError) else cast("tuple[tuple[float, float], ...]", answer)
        self.session.add(replace(click, kind=StrokeKind.AREA, points=rounded(outline)) if outline else click)

    @Slot()
    def _on_viewer(self) -> None:
        """Another photograph, or more of this one, is shown."""
        if self._viewer.photo != self.photo and self.session:
            self.save()
            self.session = None
            self._show_masks()
        if self.is_open or self._viewer.canvas.scene.shown:
            self.find()

    @property
    def masks(self) -> "Masks | None":
        """The masks of the photograph that is shown, with its corrections; None while they are not known."""
        return self.session.masks if self.session and self.photo == self._viewer.photo else None

    @Slot()
    def find(self) -> None:
        """Find the masks of the photograph that is shown, unless they are known."""
        photo = self._viewer.photo
        if not photo or (self.session and self.photo == photo):
            return
        if not self._viewer.pictures.is_whole(photo):
            return
        self.bar.words.setText(tr("Finding the garment…"))
        studio = self._desk.studio

        picture = self._viewer.pictures.get(photo)
        assert picture
        self._desk.background.ask(
            ("masks", photo),
            lambda: look_up(studio, photo, picture),
            lambda answer: self._on_found(photo, picture, answer),
        )

    def _on_found(self, photo: Path, picture: Pyramid, answer: object) -> None:
        if photo != self._viewer.photo:
            return
        if isinstance(answer, StudioError):
            self.bar.words.setText("")
            self._desk.say(notice_of(answer))
            return
        self.photo = photo
        self.session = MaskSession(self._desk.studio, cast("FoundMasks", answer), picture, self)
        self.session.changed.connect(self._show_masks)
        self._show_masks()
        self.found.emit()

    @Slot()
    def _show_masks(self) -> None:
        session = self.session
        masks: dict[Overlay, Pyramid] = dict(session.overlays) if session else {}
        scene = self._viewer.canvas.scene.evolve(masks=masks)
        if session and self.is_open:
            scene = scene.evolve(after=session.cut_out)
        self._viewer.canvas.show_scene(scene)
        self._viewer.bar.show_scene(scene)
        if session:
            self.bar.show_counts(can_undo=session.can_undo, can_redo=session.can_redo, strokes=session.count)


def rounded(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Points as strokes keep them: hundredths of a pixel."""
    return tuple((round(x, 2), round(y, 2)) for x, y in points)
