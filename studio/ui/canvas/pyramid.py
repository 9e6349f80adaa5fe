"""A picture of any size, painted in the time its visible part takes: mip levels, and the piece that is in sight."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter, qRgba

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Pyramid:
    """Mip levels of one picture: level 0 is the picture, each next one half the size.

    Levels are uint8 arrays, (h, w, 3) RGB, (h, w, 4) straight RGBA, or (h, w) coverage; pictures are sRGB-encoded.
    """

    def __init__(self, levels: "Sequence[NDArray[np.uint8]]", size: tuple[int, int] | None = None) -> None:
        """`size` is the width and height that level 0 stands for, where level 0 itself is a smaller preview."""
        self.levels = levels
        height, width = levels[0].shape[:2]
        self.width, self.height = size or (width, height)
        self._level_0_scale = width / self.width

    @property
    def size(self) -> QSizeF:
        """Width and height in photo pixels."""
        return QSizeF(self.width, self.height)

    def paint(self, painter: QPainter, target: QRectF, part: QRectF, tint: tuple[int, int, int] | None = None) -> None:
        """Draw `part` (photo coordinates) into `target`; coverage takes the colour `tint`."""
        if part.isEmpty():
            return
        wanted = target.width() * painter.device().devicePixelRatioF() / part.width()
        level = self._level_for(wanted)
        array = self.levels[level]
        scale_x, scale_y = array.shape[1] / self.width, array.shape[0] / self.height
        left, top = max(0, math.floor(part.left() * scale_x) - 1), max(0, math.floor(part.top() * scale_y) - 1)
        right = min(array.shape[1], math.ceil(part.right() * scale_x) + 1)
        bottom = min(array.shape[0], math.ceil(part.bottom() * scale_y) + 1)
        image = to_image(self._piece(level, top, bottom, left, right), tint)
        source = QRectF(
            part.left() * scale_x - left, part.top() * scale_y - top, part.width() * scale_x, part.height() * scale_y
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, wanted < 2)
        painter.drawImage(target, image, source)

    @property
    def has_alpha(self) -> bool:
        """Whether something under the picture can show through."""
        return self.levels[0].ndim == 3 and self.levels[0].shape[2] == 4

    def changed(self, left: int, top: int, right: int, bottom: int) -> None:
        """Bring the smaller levels up to date after level 0 changed inside this box (photo pixels)."""
        for upper, lower in zip(self.levels, self.levels[1:], strict=False):
            left, top = left // 2, top // 2
            right, bottom = min(-(-right // 2) + 1, lower.shape[1]), min(-(-bottom // 2) + 1, lower.shape[0])
            lower[top:bottom, left:right] = upper[top * 2 : bottom * 2 : 2, left * 2 : right * 2 : 2]

    def _piece(self, level: int, top: int, bottom: int, left: int, right: int) -> "NDArray[np.uint8]":
        return self.levels[level][top:bottom, left:right]

    def _level_for(self, wanted: float) -> int:
        """The smallest level that has about as many pixels as the screen shows (0.8 of them at least)."""
        level = math.floor(math.log2(max(self._level_0_scale / max(wanted, 1e-6), 1.0)) + 0.35)
        return min(level, len(self.levels) - 1)


class CutOut(Pyramid):
    """A photograph seen through a mask: what would be cut out, as it is now."""

    def __init__(self, photo: Pyramid, garment: Pyramid) -> None:
        super().__init__(photo.levels, (photo.width, photo.height))
        self.garment = garment

    @property
    def has_alpha(self) -> bool:
        """A cut-out always lies on some ground."""
        return True

    def _piece(self, level: int, top: int, bottom: int, left: int, right: int) -> "NDArray[np.uint8]":
        import numpy as np

        rows, columns = slice(top, bottom), slice(left, right)
        return np.dstack([self.levels[level][rows, columns, :3], self.garment.levels[level][rows, columns]])


def to_image(array: "NDArray[np.uint8]", tint: tuple[int, int, int] | None = None) -> QImage:
    """A QImage of its own memory; coverage (h, w) becomes `tint` at that opacity, or grey without a tint."""
    import numpy as np

    array = np.ascontiguousarray(array)
    height, width = array.shape[:2]
    if array.ndim == 2:
        image = _image(array, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable([_shade(value, tint) for value in range(256)])
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    if array.shape[2] == 4:
        image = _image(array, width, height, width * 4, QImage.Format.Format_RGBA8888)
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return _image(array, width, height, width * 3, QImage.Format.Format_RGB888).convertToFormat(
        QImage.Format.Format_RGB32
    )


def _image(array: Any, width: int, height: int, stride: int, kind: QImage.Format) -> QImage:
    return QImage(array.data, width, height, stride, kind)


def _shade(value: int, tint: tuple[int, int, int] | None) -> int:
    return qRgba(value, value, value, 255) if tint is None else qRgba(*tint, value)
