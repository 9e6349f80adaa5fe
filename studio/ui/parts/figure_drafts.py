"""Quick pictures of the figure while its pose is bent, where the studio engine is there."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Slot

from studio.errors import StudioError
from studio.model import FigureStep, Pose
from studio.ui.canvas.pose_tool import PoseTool
from studio.ui.canvas.pyramid import Pyramid
from studio.ui.desk import Desk
from studio.ui.parts.mask_editor import MaskEditor
from studio.ui.parts.viewer import Viewer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class FigureDrafts(QObject):
    """Has the figure drawn when the hands rest, one picture at a time, the newest pose next."""

    def __init__(self, desk: Desk, tool: PoseTool, masks: MaskEditor, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._desk = desk
        self._tool = tool
        self._masks = masks
        self._viewer = viewer
        self._photo: Path | None = None
        self._drawing: Pose | None = None
        self._is_able = True
        self._rest = QTimer(self, singleShot=True, interval=250)
        self._rest.timeout.connect(self._draw)
        desk.closed.connect(self._rest.stop)

    def want(self, photo: Path) -> None:
        """Draw the pose of the tool on this photo soon, if that can be done here."""
        self._photo = photo
        if self._is_able:
            self._rest.start()

    def stop(self) -> None:
        """Draw nothing more; what is in work is not shown."""
        self._rest.stop()
        self._photo = None
        self._is_able = True

    @Slot()
    def _draw(self) -> None:
        photo, pose, masks = self._photo, self._tool.pose, self._masks.masks
        if self._drawing or photo is None or masks is None or self._masks.photo != photo:
            return
        self._drawing = pose
        studio, step = self._desk.studio, self._desk.recipe.figure or FigureStep()

        def work() -> "NDArray[np.uint8] | None":
            return studio.asking.draft_figure(photo, pose, masks, step) if studio.asking.draws_figures() else None

        self._desk.background.ask("figure", work, lambda drawn: self._drawn(photo, pose, drawn))

    def _drawn(self, photo: Path, pose: Pose, drawn: object) -> None:
        self._drawing = None
        if photo != self._photo:
            return
        if drawn is None or isinstance(drawn, StudioError):
            # Asked once a photo: without a card the body's outline does, and one sentence says why.
            self._is_able = False
            if drawn:
                self._desk.tell_of(drawn)
            return
        size = self._viewer.canvas.scene.size.toSize()
        picture = Pyramid((cast("NDArray[np.uint8]", drawn),), (size.width(), size.height()))
        self._tool.show_figure(pose, picture)
        self._viewer.canvas.update()
        if self._tool.pose != pose:
            self._draw()
