"""The page of the settings, with a search; what is changed here is kept at once."""

import dataclasses
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from studio.errors import StudioError
from studio.ui import icons, theme
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import LANGUAGES, system_language, tr
from studio.ui.parts.controls import ElidedLabel, button, label, row
from studio.ui.parts.fields import Check, Choice, Field, Number
from studio.ui.sentences import isolated, said


class SettingsPage(QWidget):
    """Cards of a name, a sentence and a control. Language and theme make the window anew: `rebuild_wanted`."""

    rebuild_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.search = QLineEdit(placeholderText=tr("Search the settings"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._filter)
        self._cards: list[tuple[str, QFrame]] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.GAP)
        self._nothing = label(tr("No setting is called that."), "muted")
        self._nothing.hide()
        self._build()

    def _build(self) -> None:
        self._add_look()
        self._add_folders()
        self._add_engine()
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(28, 4, 28, 24)
        inner.addWidget(self._nothing)
        inner.addLayout(self._list)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.search.setMinimumWidth(260)
        self.search.setMaximumWidth(360)
        layout.addWidget(row(label(tr("Settings"), "title"), None, self.search, margins=(28, 20, 28, 6)))
        layout.addWidget(scroll, 1)

    def _add_look(self) -> None:
        self.language = Choice("", tuple(LANGUAGES.items()))
        self.language.set_value(self._desk.state.text("language") or system_language())
        self.language.changed.connect(self._on_language)
        self._add(tr("Language"), tr("Of the window; numbers and dates follow it."), self.language)
        themes = (("system", tr("As the system")), ("dark", tr("Dark")), ("light", tr("Light")))
        self.theme = Choice("", themes)
        self.theme.set_value(self._desk.state.text("theme", "system"))
        self.theme.changed.connect(self._on_theme)
        self._add(tr("Theme"), tr("Grey in both, so that colours are judged against a neutral ground."), self.theme)
        self.tray = Check(tr("Tell me when a batch has ended"))
        self.tray.set_value(self._desk.state.text("tray", "yes") == "yes")
        self.tray.changed.connect(self._on_tray)
        self._add(tr("Notification"), tr("Shown by the system when the window is not in front."), self.tray)

    def _add_folders(self) -> None:
        self._out = ElidedLabel()
        policy = self._out.sizePolicy()
        policy.setHorizontalStretch(255)  # room goes to the path first, and beside the buttons only then
        self._out.setSizePolicy(policy)
        self._desk.recipe_changed.connect(self._show_out)
        self._show_out()
        choose = button(tr("Choose…"), self._on_choose)
        beside = button(tr("Beside each shoot"), self._on_beside)
        self._add(
            tr("Results"),
            tr("The folder that results go to; the folders of the shoot are kept below it."),
            self._out,
            choose,
            beside,
        )

    def _add_engine(self) -> None:
        """The settings of the program below the window, made from their own labels and limits."""
        self.entries: dict[str, Field] = {}
        for entry in dataclasses.fields(self._desk.studio.settings):
            facts = entry.metadata
            is_switch = (facts["low"], facts["high"]) == (0, 1)
            field = Check(tr("Allow")) if is_switch else Number("", facts["low"], facts["high"])
            field.set_value(getattr(self._desk.studio.settings, entry.name))
            field.changed.connect(self._on_entry)
            self.entries[entry.name] = field
            self._add(said(facts["label"]), said(facts["help"]), field)

    def _add(self, name: str, help: str, *controls: QWidget) -> None:
        card = QFrame()
        card.setObjectName("card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(6)
        for control in controls:
            if isinstance(control, Field):
                control.setMinimumWidth(200)
                control.setMaximumWidth(320)
                control.name_control(name, help)
        layout.addWidget(label(name, "heading"))
        layout.addWidget(label(help, "muted", wrap=True))
        layout.addWidget(row(*controls, None))
        self._cards.append((f"{name} {help}".casefold(), card))
        self._list.addWidget(card)

    @Slot(str)
    def _filter(self, words: str) -> None:
        wanted = words.strip().casefold()
        for text, card in self._cards:
            card.setVisible(wanted in text)
        self._nothing.setVisible(not any(wanted in text for text, _ in self._cards))

    @Slot()
    def _on_language(self) -> None:
        self._desk.state.keep_text("language", self.language.value)
        self.rebuild_wanted.emit()

    @Slot()
    def _on_theme(self) -> None:
        self._desk.state.keep_text("theme", self.theme.value)
        self.rebuild_wanted.emit()

    @Slot()
    def _on_tray(self) -> None:
        self._desk.state.keep_text("tray", "yes" if self.tray.value else "no")

    @Slot()
    def _on_entry(self) -> None:
        settings = self._desk.studio.settings
        values = {name: int(field.value) for name, field in self.entries.items()}
        try:
            self._desk.studio.save_settings(dataclasses.replace(settings, **values))
        except StudioError as error:
            self._desk.say(notice_of(error))

    @Slot()
    def _on_choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Where results go"), str(self._desk.out))
        if name:
            self._desk.choose_out(Path(name))

    @Slot()
    def _on_beside(self) -> None:
        self._desk.choose_out(None)

    @Slot()
    def _show_out(self) -> None:
        chosen = self._desk.state.text("out")
        self._out.setText(isolated(chosen) if chosen else tr("Beside each shoot"))
        self._out.ensurePolished()
        self._out.setMaximumWidth(self._out.whole_px)
