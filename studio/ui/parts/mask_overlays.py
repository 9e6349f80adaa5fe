"""The masks of the photograph that a viewer shows, laid over it in colour where somebody wants to see them."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot

from studio.errors import StudioError
from studio.ui.canvas.mask_session import FoundMasks, MaskSession, look_up
from studio.ui.canvas.pyramid import Pyramid
from studio.ui.canvas.scene import Overlay, Scene
from studio.ui.desk import Desk, notice_of
from studio.ui.parts.viewer import Viewer

if TYPE_CHECKING:
    from studio.app import Masks


class MaskOverlays(QObject):
    """Finds the masks in the background once they are wanted, and forgets them with the photograph."""

    looking = Signal()
    found = Signal()

    def __init__(self, desk: Desk, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._desk = desk
        self._viewer = viewer
        self.session: MaskSession | None = None
        self.photo: Path | None = None
        viewer.overlays_wanted.connect(self.find)
        viewer.changed.connect(self._on_viewer)

    @property
    def masks(self) -> "Masks | None":
        """The masks of the photograph that is shown, with its corrections; None while they are not known."""
        return self.session.masks if self.session and self.photo == self._viewer.photo else None

    @property
    def is_wanted(self) -> bool:
        """Whether somebody looks at the masks."""
        return bool(self._viewer.canvas.scene.shown)

    @Slot()
    def find(self) -> None:
        """Find the masks of the photograph that is shown, unless they are known."""
        photo = self._viewer.photo
        if not photo or (self.session and self.photo == photo):
            return
        if not self._viewer.pictures.is_whole(photo):
            return
        self.looking.emit()
        studio = self._desk.studio
        picture = self._viewer.pictures.get(photo)
        assert picture
        self._desk.background.ask(
            ("masks", self, photo),
            lambda: look_up(studio, photo, picture),
            lambda answer: self._on_found(photo, picture, answer),
        )

    def forget(self) -> None:
        """Find the masks anew where they are wanted: the corrections may be others now."""
        self.session = None
        self._show_masks()
        if self.is_wanted:
            self.find()

    def _on_found(self, photo: Path, picture: Pyramid, answer: object) -> None:
        if photo != self._viewer.photo:
            return
        if isinstance(answer, StudioError):
            self._desk.say(notice_of(answer))
            return
        self.photo = photo
        self.session = MaskSession(self._desk.studio, cast("FoundMasks", answer), picture, self._desk.laying)
        self.session.changed.connect(self._show_masks)
        self._show_masks()
        self.found.emit()

    @Slot()
    def _on_viewer(self) -> None:
        """Another photograph, or more of this one, is shown."""
        if self._viewer.photo != self.photo and self.session:
            self.forget()
        elif self.is_wanted:
            self.find()

    @Slot()
    def _show_masks(self) -> None:
        scene = self._dressed(self._viewer.canvas.scene)
        self._viewer.canvas.show_scene(scene)
        self._viewer.bar.show_scene(scene)

    def _dressed(self, scene: Scene) -> Scene:
        """The scene with the masks that are known."""
        masks: dict[Overlay, Pyramid] = dict(self.session.overlays) if self.session else {}
        return scene.evolve(masks=masks)
