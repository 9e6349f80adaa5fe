"""What is looked for in the history: words, status, model, and a period or two days of the calendar."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import cast

from PySide6.QtCore import QDate, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QVBoxLayout, QWidget

from studio.model import HistoryQuery, JobStatus
from studio.ui import icons
from studio.ui.i18n import tr
from studio.ui.parts.controls import label, row
from studio.ui.phrases import model_name, status_name

ALL_TIME_DAYS = 0
TWO_DAYS = -1
FIRST_RANGE_DAYS = 30


class HistorySearch(QWidget):
    """The fields above the table; `changed` says that something else is looked for."""

    changed = Signal()

    def __init__(self, *, beside: tuple[QWidget, ...]) -> None:
        super().__init__()
        self.search = QLineEdit(placeholderText=tr("Search by file name or recipe"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.status = _choice(
            tr("Status"), [(tr("Every status"), None), *((status_name(each), each) for each in JobStatus)]
        )
        self.model = _choice(tr("Model"), [(tr("Every model"), None)])
        self.period = _choice(tr("Period"), _periods())
        self.first, self.last = _day(tr("From")), _day(tr("To"))
        self.first.setDate(QDate.currentDate().addDays(-FIRST_RANGE_DAYS))
        self.days = row(
            label(tr("From"), "small"), self.first, label(tr("To"), "small"), self.last, None, margins=(16, 0, 16, 12)
        )
        self.days.hide()
        self._lay_out(beside)
        # Typing asks once, when the fingers rest.
        self._rest = QTimer(self, singleShot=True, interval=200)
        self._rest.timeout.connect(self.changed)
        self.search.textChanged.connect(self._rest.start)
        for choice in (self.status, self.model):
            choice.activated.connect(self.changed)
        self.period.activated.connect(self._on_period)
        for day in (self.first, self.last):
            day.dateChanged.connect(self._rest.start)

    @property
    def query(self) -> HistoryQuery:
        """What the fields ask for."""
        since, until = self._times()
        return HistoryQuery(
            text=self.search.text().strip(),
            status=self.status.currentData(),
            since=since,
            until=until,
            model=self.model.currentData(),
        )

    def offer_models(self, used: list[str], titles: Mapping[str, str]) -> None:
        """Let one of these networks be chosen; the choice stays what it was."""
        known = [self.model.itemData(place) for place in range(1, self.model.count())]
        if known == used:
            return
        chosen = self.model.currentData()
        while self.model.count() > 1:
            self.model.removeItem(1)
        for model in used:
            self.model.addItem(model_name(model, titles), model)
        self.model.setCurrentIndex(max(0, self.model.findData(chosen)))

    def stop(self) -> None:
        """Ask nothing any more."""
        self._rest.stop()

    def _times(self) -> tuple[datetime | None, datetime | None]:
        days = int(self.period.currentData())
        if days == TWO_DAYS:
            first, last = sorted(cast("date", day.date().toPython()) for day in (self.first, self.last))
            return _midnight(first), _midnight(last + timedelta(days=1))
        return (datetime.now(UTC) - timedelta(days=days) if days else None), None

    def _lay_out(self, beside: tuple[QWidget, ...]) -> None:
        head = row(
            label(tr("History"), "title"),
            12,
            self.search,
            self.status,
            self.model,
            self.period,
            *beside,
            margins=(16, 12, 16, 12),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self.days)

    @Slot()
    def _on_period(self) -> None:
        self.days.setVisible(self.period.currentData() == TWO_DAYS)
        self.changed.emit()


def _periods() -> list[tuple[str, object]]:
    return [
        (tr("All time"), ALL_TIME_DAYS),
        (tr("Last day"), 1),
        (tr("Last week"), 7),
        (tr("Last month"), 31),
        (tr("Between two days"), TWO_DAYS),
    ]


def _choice(name: str, options: list[tuple[str, object]]) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    for text, value in options:
        made.addItem(text, value)
    return made


def _day(name: str) -> QDateEdit:
    made = QDateEdit(QDate.currentDate())
    made.setCalendarPopup(True)
    made.setMinimumWidth(130)
    made.setAccessibleName(name)
    return made


def _midnight(day: date) -> datetime:
    """The beginning of a day where the computer stands."""
    return datetime(day.year, day.month, day.day).astimezone()
