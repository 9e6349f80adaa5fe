"""The sheet of pairs: which photos of the shoot belong together, found in one of four ways and corrected by hand."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.app import Assigned, Pairing, Pairs, Request, Role, as_found
from studio.errors import StudioError
from studio.ui.desk import INSIDE_PATTERN, Desk, notice_of
from studio.ui.i18n import tr
from studio.ui.parts.controls import button, label, on_screen, row
from studio.ui.parts.fields import Choice
from studio.ui.sentences import isolated


class PairsSheet(QDialog):
    """One line a photo: its role and its garment, both to be changed; `keep` makes them hold for the shoot."""

    def __init__(self, desk: Desk, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self._folder = folder
        self.setWindowTitle(tr("Photos that belong together"))
        self.resize(on_screen(self, 720, 640))
        self.how = Choice(tr("Told by"), _ways(), tr("How front, inside and back of a garment are found."))
        self.how.changed.connect(self.look)
        self.turn = Choice(tr("In turn"), _turns(), tr("In which order the photos of each garment were taken."))
        self.turn.changed.connect(self.look)
        self.level = Choice(tr("Levelled"), _levels(), tr("Whether all photos of the shoot are brought in line."))
        self.level.set_value(desk.level)
        self.words = label("", "muted", wrap=True)
        self.table = self._make_table()
        self._shown: list[Assigned] = []
        self.roles: list[Choice] = []
        layout = QVBoxLayout(self)
        layout.addWidget(self.how)
        layout.addWidget(self.turn)
        layout.addWidget(self.level)
        layout.addWidget(self.words)
        layout.addWidget(self.table, 1)
        forget = button(tr("Forget corrections"), self.forget)
        keep = button(tr("Use these pairs"), self.keep, kind="primary")
        layout.addWidget(row(forget, None, button(tr("Close"), self.reject), keep))
        keep.setDefault(True)
        self.look()

    @Slot()
    def look(self) -> None:
        """Look for pairs in the way that is chosen; reading cards takes a moment."""
        self.words.setText(tr("Looking at the photographs…"))
        self.turn.setVisible(self.how.value != Pairing.NAME)
        cycle = tuple(Role(role) for role in self.turn.value.split(","))
        request = Request(how=Pairing(self.how.value), inside=INSIDE_PATTERN, cycle=cycle)
        work = partial(self._desk.studio.shoots.pairs, self._folder, request)
        self._desk.background.ask(("pairs", request.how, cycle), work, self._show)

    @Slot()
    def forget(self) -> None:
        """Forget what was said about this shoot before."""
        self._desk.studio.shoots.forget(self._folder)
        self._desk.reload()
        self.look()

    @Slot()
    def keep(self) -> None:
        """Make what is shown hold for this shoot."""
        said: dict[Path, tuple[Role, str]] = {}
        for place, each in enumerate(self._shown):
            item = self.table.item(place, 2)
            said[each.photo] = (Role(self.roles[place].value), item.text().strip() if item else each.garment)
        try:
            self._desk.studio.shoots.correct(said)
        except StudioError as error:
            self._desk.say(notice_of(error))
            return
        self._desk.choose_level(self.level.value)
        self._desk.reload()
        self.accept()

    def _make_table(self) -> QTableWidget:
        table = _Table(0, 3)
        table.setHorizontalHeaderLabels([tr("Photo"), tr("What it shows"), tr("Garment or SKU")])
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().hide()
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setAccessibleName(tr("Photos that belong together"))
        return table

    def _show(self, found: object) -> None:
        if isinstance(found, StudioError):
            self._desk.say(notice_of(found))
            return
        folders = cast("dict[Path, Pairs]", found)
        self._fill([each for pairs in folders.values() for each in as_found(pairs)])
        garments = sum(len(pairs.garments) for pairs in folders.values())
        alone = sum(len(pairs.alone) for pairs in folders.values())
        words = tr("{n} garments", garments)
        if alone:
            words += " · " + tr("{n} photos of an inside have no front", alone)
        self.words.setText(words)

    def _fill(self, found: Sequence[Assigned]) -> None:
        self._shown = list(found)
        self.roles = []
        self.table.setRowCount(len(found))
        for place, each in enumerate(found):
            name = QTableWidgetItem(isolated(each.photo.name))
            name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            role = Choice("", _roles())
            role.name_control(tr("What {photo} shows", photo=each.photo.name), "")
            role.set_value(each.role)
            self.roles.append(role)
            self.table.setItem(place, 0, name)
            self.table.setCellWidget(place, 1, role)
            self.table.setItem(place, 2, QTableWidgetItem(each.sku or each.garment))
        # Made after the buttons of the sheet, they would come after them under Tab.
        for before, after in pairwise([self.table, *(role.control for role in self.roles)]):
            self.setTabOrder(before, after)


class _Table(QTableWidget):
    """Enter takes over what is typed into a cell, and ends there: the sheet's main button does not hear it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


def _ways() -> list[tuple[Pairing, str]]:
    return [
        (Pairing.NAME, tr("Names of the files")),
        (Pairing.ORDER, tr("Order and time")),
        (Pairing.CARDS, tr("Cards with a code between garments")),
    ]


def _turns() -> list[tuple[str, str]]:
    names = dict(_roles())
    turns = [
        (Role.FRONT, Role.INSIDE),
        (Role.FRONT, Role.INSIDE, Role.BACK),
        (Role.FRONT, Role.BACK),
        (Role.FRONT, Role.BACK, Role.INSIDE),
        (Role.FRONT,),
    ]
    return [(",".join(turn), tr(", ").join(names[role] for role in turn)) for turn in turns]


def _levels() -> list[tuple[str, str]]:
    return [
        ("", tr("Every photo for itself")),
        ("place", tr("Upright, one scale and line for garments of a kind")),
        ("light", tr("One light of the backdrop")),
        ("both", tr("Upright, one scale, line and light")),
    ]


def _roles() -> list[tuple[Role, str]]:
    return [
        (Role.FRONT, tr("Front")),
        (Role.INSIDE, tr("Inside")),
        (Role.BACK, tr("Back")),
        (Role.PLATE, tr("Empty set")),
        (Role.BARE, tr("Bare mannequin")),
        (Role.CARD, tr("Card")),
        (Role.NONE, tr("Left out")),
    ]
