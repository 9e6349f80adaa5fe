"""Where the photograph lies in the widget: scale, offset, and the moves of zoom and pan. No painting."""

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

MAX_SCALE = 32.0
MARGIN = 36.0


@dataclass(frozen=True, kw_only=True)
class Viewport:
    """A photograph of `photo` pixels shown in a widget of `widget` logical pixels.

    scale: widget pixels for one photo pixel. origin: where the photo's top left corner lies in the widget.
    """

    photo: QSizeF
    widget: QSizeF
    scale: float = 1.0
    origin: QPointF = field(default_factory=QPointF)

    @property
    def fit_scale(self) -> float:
        """The scale that shows the whole photograph with a margin."""
        if self.photo.isEmpty():
            return 1.0
        room_x = max(self.widget.width() - 2 * MARGIN, 32)
        room_y = max(self.widget.height() - 2 * MARGIN, 32)
        return min(room_x / self.photo.width(), room_y / self.photo.height())

    @property
    def is_fitted(self) -> bool:
        """Whether the whole photograph is shown, as large as it goes."""
        return abs(self.scale - self.fit_scale) < 1e-6

    def fitted(self) -> "Viewport":
        """The whole photograph in the middle."""
        scale = self.fit_scale
        origin = QPointF(
            (self.widget.width() - self.photo.width() * scale) / 2,
            (self.widget.height() - self.photo.height() * scale) / 2,
        )
        return replace(self, scale=scale, origin=origin)

    def zoomed(self, scale: float, at: QPointF) -> "Viewport":
        """Another scale, with the point of the photograph under `at` (widget) staying there."""
        scale = min(max(scale, min(self.fit_scale, 1.0) / 2), MAX_SCALE)
        point = self.to_photo(at)
        return replace(self, scale=scale, origin=at - point * scale)._held()

    def panned(self, by: QPointF) -> "Viewport":
        """Moved by widget pixels; a part of the photograph always stays in sight."""
        return replace(self, origin=self.origin + by)._held()

    def showing(self, point: QPointF) -> "Viewport":
        """Moved by as little as brings a point of the photograph into sight."""
        at = self.to_widget(point)
        x = min(max(at.x(), MARGIN), self.widget.width() - MARGIN)
        y = min(max(at.y(), MARGIN), self.widget.height() - MARGIN)
        return self if at == QPointF(x, y) else self.panned(QPointF(x, y) - at)

    def resized(self, widget: QSizeF) -> "Viewport":
        """The widget took another size: a fitted photograph stays fitted, else the middle stays in the middle."""
        if self.is_fitted:
            return replace(self, widget=widget).fitted()
        grown = QPointF(widget.width() - self.widget.width(), widget.height() - self.widget.height())
        return replace(self, widget=widget, origin=self.origin + grown / 2)

    def to_photo(self, point: QPointF) -> QPointF:
        """Photo coordinates (pixel edges integral) of a widget point."""
        return (point - self.origin) / self.scale

    def to_widget(self, point: QPointF) -> QPointF:
        """Widget coordinates of a photo point."""
        return point * self.scale + self.origin

    @property
    def photo_rect(self) -> QRectF:
        """Where the whole photograph lies in the widget."""
        return QRectF(self.origin, QSizeF(self.photo.width() * self.scale, self.photo.height() * self.scale))

    @property
    def visible(self) -> QRectF:
        """The part of the photograph in sight, in photo coordinates; empty when none is."""
        top_left = self.to_photo(QPointF(0, 0))
        seen = QRectF(top_left, self.widget / self.scale)
        return seen.intersected(QRectF(QPointF(0, 0), self.photo))

    def _held(self) -> "Viewport":
        keep = 60.0
        rect = self.photo_rect
        x = min(max(rect.left(), keep - rect.width()), self.widget.width() - keep)
        y = min(max(rect.top(), keep - rect.height()), self.widget.height() - keep)
        return replace(self, origin=QPointF(x, y))
