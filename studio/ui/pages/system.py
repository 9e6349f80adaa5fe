"""The page of the system: what this computer can do, and what to do about what it cannot."""

from typing import cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.app import Finding
from studio.ui import icons, theme
from studio.ui.desk import Desk
from studio.ui.i18n import tr
from studio.ui.parts.addon_card import AddonCard
from studio.ui.parts.controls import button, label, row
from studio.ui.sentences import said


class SystemPage(QWidget):
    """A card for each thing that was looked at; the looking happens off the GUI thread."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._cards = QVBoxLayout()
        self._cards.setSpacing(theme.GAP)
        self.findings: list[Finding] = []
        again = button(tr("Look again"), self.look, icon="retry")
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(28, 4, 28, 24)
        self.addon = AddonCard(desk)
        self.addon.changed.connect(self.look)
        inner.addWidget(self.addon)
        inner.addLayout(self._cards)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row(label(tr("System"), "title"), None, again, margins=(28, 20, 28, 6)))
        layout.addWidget(scroll, 1)
        self.look()

    @Slot()
    def look(self) -> None:
        """Look at the computer anew."""
        self._desk.background.ask("doctor", self._desk.studio.doctor, self._show)

    def _show(self, found: object) -> None:
        if not isinstance(found, list):
            return
        self.findings = cast("list[Finding]", found)
        while item := self._cards.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        for finding in self.findings:
            self._cards.addWidget(_card(finding))


def _card(finding: Finding) -> QFrame:
    look = theme.current()
    name, colour = {True: ("approve", look.good), False: ("failed", look.bad), None: ("info", look.muted)}[
        finding.works
    ]
    mark = QLabel()
    mark.setPixmap(icons.pixmap(name, 22, colour, 2.0))
    card = QFrame()
    card.setObjectName("card")
    layout = QHBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.setSpacing(14)
    words = QVBoxLayout()
    words.setSpacing(3)
    words.addWidget(label(said(finding.name), "heading"))
    state = label(said(finding.state), wrap=True)
    state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    words.addWidget(state)
    if finding.advice:
        words.addWidget(label(said(finding.advice), "muted", wrap=True))
    layout.addWidget(mark, alignment=Qt.AlignmentFlag.AlignTop)
    layout.addLayout(words, 1)
    card.setAccessibleName(f"{said(finding.name)}: {said(finding.state)}. {said(finding.advice)}")
    return card
