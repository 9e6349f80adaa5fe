"""How a shot in the browser and a job in the queue are painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.model import JobStatus
from studio.ui import icons, theme
from studio.ui.i18n import duration, percent, tr
from studio.ui.models.jobs import JobListModel, JobRow, standing
from studio.ui.models.shots import Mark, ShotListModel, ShotRow
from studio.ui.phrases import preset_name, stage_name, status_name
from studio.ui.sentences import isolated, said
from studio.ui.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
STATUS_ICONS = {
    JobStatus.DONE: "approve",
    JobStatus.NEEDS_REVIEW: "review",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "reject",
    JobStatus.QUEUED: "queue",
    JobStatus.RUNNING: "retry",
}


class ShotDelegate(QStyledItemDelegate):
    """A card: the thumbnail, the name, where the shot stands, its star."""

    def __init__(self, thumbnails: Thumbnails, *, side: int = 128) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self.side = side

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self.side, self.side + 10 + _words_px(option.fontMetrics))  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ShotRow = index.data(ShotListModel.ROW)
        look = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        card = QRectF(option.rect).adjusted(3, 3, -3, -3)  # type: ignore[attr-defined]
        self._paint_card(painter, card, option.state)  # type: ignore[attr-defined]
        picture = QRectF(card.left() + 4, card.top() + 4, card.width() - 8, self.side - 8)
        painter.setOpacity(0.35 if row.mark is Mark.REJECT else 1.0)
        _paint_picture(painter, picture, self._thumbnails.get(row.shot.front), look)
        painter.setOpacity(1.0)
        words = QRectF(card.left() + 6, picture.bottom() + 2, card.width() - 12, _words_px(painter.fontMetrics()))
        self._paint_words(painter, words, row)
        if row.mark is not Mark.NONE:
            _paint_badge(painter, QPointF(picture.right() - 11, picture.top() + 11), row.mark, look)
        if row.status is JobStatus.RUNNING:
            bar = QRectF(picture.left(), picture.bottom() - 4, picture.width(), 4)
            painter.fillRect(bar, QColor(look.border))
            bar.setWidth(bar.width() * row.fraction)
            if option.direction is Qt.LayoutDirection.RightToLeft:  # type: ignore[attr-defined]
                bar.moveRight(picture.right())
            painter.fillRect(bar, QColor(look.accent))
        painter.restore()

    def _paint_card(self, painter: QPainter, card: QRectF, state: QStyle.StateFlag) -> None:
        look = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(look.selection))
            painter.setPen(QPen(QColor(look.accent), 1.5))
            painter.drawRoundedRect(card, 7, 7)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(look.raised))
            painter.drawRoundedRect(card, 7, 7)

    def _paint_words(self, painter: QPainter, area: QRectF, row: ShotRow) -> None:
        look = theme.current()
        metrics = painter.fontMetrics()
        painter.setPen(QColor(look.text))
        name = metrics.elidedText(isolated(row.shot.front.stem), Qt.TextElideMode.ElideMiddle, int(area.width()))
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter, name)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        painter.setPen(QColor(look.status(row.status)))
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, status_name(row.status))


def _words_px(metrics: QFontMetrics) -> int:
    """Room for a name and, smaller, what stands below it."""
    return max(34, round(1.85 * metrics.height()))


class JobDelegate(QStyledItemDelegate):
    """A line: thumbnail, name, what is being done, progress, time left."""

    def __init__(self, thumbnails: Thumbnails, now_s: "Clock") -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._now_s = now_s

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(320, 52)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: JobRow = index.data(JobListModel.ROW)
        look = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = QRectF(option.rect)  # type: ignore[attr-defined]
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(whole, QColor(look.selection))
        mirrored = option.direction is Qt.LayoutDirection.RightToLeft  # type: ignore[attr-defined]
        picture, name, bar, words = _columns(whole, mirrored)
        _paint_picture(painter, picture, self._thumbnails.get(row.photo), look)
        self._paint_name(painter, name, row, mirrored)
        _paint_bar(painter, bar, row, mirrored)
        _paint_text(painter, words, self._words(row), look.status(row.status), mirrored)
        painter.restore()

    def _paint_name(self, painter: QPainter, area: QRectF, row: JobRow, mirrored: bool) -> None:
        look = theme.current()
        top = QRectF(area.left(), area.top(), area.width(), area.height() / 2)
        below = QRectF(area.left(), area.center().y(), area.width(), area.height() / 2)
        _paint_text(painter, top, isolated(row.photo.name), look.text, mirrored)
        doing = (
            stage_name(row.stage)
            if row.status is JobStatus.RUNNING
            else said(row.error.title)
            if row.error
            else preset_name(row.recipe)
        )
        _paint_text(painter, below, doing, look.muted, mirrored)

    def _words(self, row: JobRow) -> str:
        if row.status is not JobStatus.RUNNING or row.held:
            return standing(row)
        left = row.seconds_left(self._now_s())
        if left is None:
            return percent(row.fraction)
        return tr("{percent} · {time} left", percent=percent(row.fraction), time=duration(left))


class Clock:
    """The seconds that `started_s` of a job counts in."""

    def __call__(self) -> float:
        import time

        return time.monotonic()


def _columns(whole: QRectF, mirrored: bool) -> tuple[QRectF, QRectF, QRectF, QRectF]:
    """Picture, name, bar and words of a job's line, from the reading side on."""
    words_width, bar_width = 150.0, min(220.0, whole.width() * 0.25)
    x = whole.left() + 8
    places: list[QRectF] = []
    name_width = max(whole.width() - 46 - words_width - bar_width - 40, 60)
    for width in (38.0, name_width, bar_width, words_width):
        places.append(QRectF(x, whole.top() + 4, width, whole.height() - 8))
        x += width + 10
    if mirrored:
        places = [QRectF(whole.right() - (p.right() - whole.left()), p.top(), p.width(), p.height()) for p in places]
    return places[0], places[1], places[2], places[3]


def _paint_picture(painter: QPainter, area: QRectF, picture: QPixmap | None, look: theme.Theme) -> None:
    if picture is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.raised))
        painter.drawRoundedRect(area, 5, 5)
        side = min(28.0, area.height() * 0.6)
        drawn = icons.pixmap("photo", round(side), look.muted, 2.0)
        painter.drawPixmap(area.center() - QPointF(side / 2, side / 2), drawn)
        return
    size = picture.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(area.center())
    painter.drawPixmap(target, picture, QRectF(picture.rect()))


def _paint_badge(painter: QPainter, centre: QPointF, mark: Mark, look: theme.Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawEllipse(centre, 10, 10)
    name, colour = ("star-filled", "#f3c65b") if mark is Mark.STAR else ("cancel", "#ff9a90")
    painter.drawPixmap(centre - QPointF(7, 7), icons.pixmap(name, 14, colour, 2.0))


def _paint_bar(painter: QPainter, area: QRectF, row: JobRow, mirrored: bool) -> None:
    look = theme.current()
    if row.status not in (JobStatus.RUNNING, JobStatus.QUEUED):
        return
    track = QRectF(area.left(), area.center().y() - 3, area.width(), 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.border))
    painter.drawRoundedRect(track, 3, 3)
    done = QRectF(track.left(), track.top(), track.width() * row.fraction, 6)
    if mirrored:
        done.moveRight(track.right())
    painter.setBrush(QColor(look.accent))
    painter.drawRoundedRect(done, 3, 3)


def _paint_text(painter: QPainter, area: QRectF, text: str, colour: str, mirrored: bool) -> None:
    painter.setPen(QColor(colour))
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(area.width()))
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute, elided)
