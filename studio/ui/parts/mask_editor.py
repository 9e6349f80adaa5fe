"""Mask editing over a viewer: keeps the strokes, shows the cut-out as it changes."""

from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QTimer, Signal, Slot

from studio.errors import StudioError
from studio.model import Stroke, StrokeKind
from studio.ui.canvas.mask_tools import MaskTool
from studio.ui.canvas.pyramid import Pyramid
from studio.ui.canvas.scene import Compare, Overlay, Scene
from studio.ui.canvas.tool import Hand, Tool
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import tr
from studio.ui.parts.mask_bar import MaskBar
from studio.ui.parts.mask_overlays import MaskOverlays
from studio.ui.parts.viewer import Viewer, give_keys_back

# So long after a stroke all are kept with the photograph: a program that is killed loses no more.
KEEP_MS = 5000


class MaskEditor(MaskOverlays):
    """Connects bar, session and canvas for the photograph that the viewer shows."""

    opened = Signal(bool)

    def __init__(self, desk: Desk, viewer: Viewer) -> None:
        super().__init__(desk, viewer)
        self.bar = MaskBar(self._add)
        self.bar.hide()
        self._tool: Tool = Hand()
        self._keeping = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._keeping.timeout.connect(self.save)
        desk.closed.connect(self._keeping.stop)
        self.bar.tool_chosen.connect(self._take)
        self.bar.undo_wanted.connect(self.undo)
        self.bar.redo_wanted.connect(self.redo)
        self.bar.reset_wanted.connect(self.reset)
        self.bar.close_wanted.connect(self.close)
        self.bar.run_wanted.connect(self.save_and_run)
        self.bar.shoot_wanted.connect(self.apply_to_shoot)
        self.looking.connect(self._on_looking)
        desk.closing.connect(self._on_closing)

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
        if self.save():
            self._offer_work()
        give_keys_back(self._viewer, self.bar)
        self.bar.hide()
        self._take(Hand())
        self._viewer.change(shown=frozenset[Overlay](), compare=Compare.AFTER)
        self._viewer.show_result()
        self._desk.studio.asking.stop()
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

    @Slot()
    def save(self) -> bool:
        """Keep the strokes with the photograph; True when there is nothing left to keep."""
        self._keeping.stop()
        if not self.session or not self.photo or not self.session.is_changed:
            return True
        try:
            kept = self._desk.studio.corrections.of(self.photo)
            self._desk.studio.corrections.keep(self.photo, replace(kept, strokes=self.session.edits.strokes))
        except StudioError as error:
            self._desk.say(notice_of(error))
            return False
        self.session.mark_kept()
        return True

    def _offer_work(self) -> None:
        """Say that a result is older than the corrections, once the photograph is left."""
        if self.session and self.photo and self.session.is_ahead:
            self.session.mark_told()
            self._desk.corrections.left(self.photo)

    @Slot()
    def _on_closing(self) -> None:
        self.save()
        self._desk.studio.asking.stop()

    @Slot()
    def save_and_run(self) -> None:
        """Keep the strokes and do the photograph again."""
        if self.save() and self.photo:
            photo = self.photo
            if self.session:
                self.session.mark_told()
            self.close()
            self._desk.redo_photo(photo)

    @Slot()
    def apply_to_shoot(self) -> None:
        """Teach the shoot what was painted as mannequin here."""
        if self.save() and self.photo:
            self._desk.teach(self.photo)

    @Slot(object)
    def _take(self, tool: Tool) -> None:
        """Work with this tool; while the masks are not known there is nothing to work on."""
        self._tool = tool
        self._viewer.canvas.take_tool(tool if self.session else Hand())

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
            lambda: studio.asking.region_at(photo, x, y),
            lambda answer: self._on_region(photo, click, answer),
        )

    def _on_region(self, photo: Path, click: Stroke, answer: object) -> None:
        if not self.session or photo != self.photo:
            return
        if isinstance(answer, StudioError):
            self._desk.say(notice_of(answer))
        outline = () if isinstance(answer, StudioError) else cast("tuple[tuple[float, float], ...]", answer)
        self.session.add(replace(click, kind=StrokeKind.AREA, points=rounded(outline)) if outline else click)

    @property
    def is_wanted(self) -> bool:
        return self.is_open or super().is_wanted

    @Slot()
    def _on_looking(self) -> None:
        self.bar.show_looking()

    def forget(self) -> None:
        if self.save():
            self._offer_work()
        super().forget()
        if self.is_open:
            self._take(self._tool)

    def _on_found(self, photo: Path, picture: Pyramid, answer: object) -> None:
        if photo == self._viewer.photo:
            self.bar.words.setText("")
        super()._on_found(photo, picture, answer)
        if self.is_open:
            self._take(self._tool)

    def _dressed(self, scene: Scene) -> Scene:
        session, scene = self.session, super()._dressed(scene)
        if session:
            self.bar.show_counts(can_undo=session.can_undo, can_redo=session.can_redo, strokes=session.count)
            if isinstance(self._tool, MaskTool):
                self._tool.waiting = session.waiting
            if session.is_changed and not self._keeping.isActive():
                self._keeping.start()
            if session.is_behind and not session.waiting:
                self.bar.words.setText(tr("Taking it back…"))
        return scene.evolve(after=session.cut_out) if session and self.is_open else scene


def rounded(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Points as strokes keep them: hundredths of a pixel."""
    return tuple((round(x, 2), round(y, 2)) for x, y in points)
