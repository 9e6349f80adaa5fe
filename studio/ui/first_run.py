"""The first run: language, folder for results, engine, and the sample shoot to try."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QVBoxLayout, QWidget

from studio.ui import icons
from studio.ui.desk import Desk
from studio.ui.i18n import LANGUAGES, system_language, tr
from studio.ui.parts.controls import ElidedLabel, button, label, line, row
from studio.ui.parts.fields import Choice

SEEN = "first-run"


class FirstRun(QDialog):
    """Four questions on one sheet, each with an answer that is right for most."""

    language_chosen = Signal()
    samples_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self.setWindowTitle(tr("Welcome"))
        self.setFixedWidth(540)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("modamoda", 64, "#000000", 2.0))
        self.language = Choice(tr("Language"), tuple(LANGUAGES.items()))
        self.language.set_value(desk.state.text("language") or system_language())
        self.language.changed.connect(self._on_language)
        self._out = ElidedLabel("muted", stretches=True)
        self._show_out()
        folder = row(label(tr("Results")), self._out, button(tr("Choose…"), self._on_choose))
        engine = tr("The starter engine works on this computer at once; nothing is downloaded.")
        self.samples = button(tr("Try the sample shoot"), self._on_samples, icon="play", kind="primary")
        self.begin = button(tr("Start with my own photographs"), self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 26, 28, 22)
        layout.setSpacing(14)
        layout.addWidget(row(mark, 10, label(tr("Welcome to Modamoda Studio"), "title"), None))
        layout.addWidget(
            label(
                tr("The mannequin goes, every pixel of the garment stays. In batches, offline, on this computer."),
                wrap=True,
            )
        )
        for part in (line(), self.language, folder, label(engine, "muted", wrap=True), line()):
            layout.addWidget(part)
        layout.addWidget(row(None, self.begin, self.samples))
        self.samples.setDefault(True)
        self.finished.connect(self._on_end)

    def _show_out(self) -> None:
        self._out.setText(self._desk.state.text("out") or tr("Beside each shoot"))

    @Slot()
    def _on_language(self) -> None:
        self._desk.state.keep_text("language", self.language.value)
        self.language_chosen.emit()

    @Slot()
    def _on_choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Where results go"), str(Path.home()))
        if name:
            self._desk.choose_out(Path(name))
            self._show_out()

    @Slot()
    def _on_samples(self) -> None:
        self.samples_wanted.emit()
        self.accept()

    @Slot()
    def _on_end(self) -> None:
        self._desk.state.keep_text(SEEN, "yes")
