"""A result in plain words, and what can be done with it."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.model import HistoryEntry, JobStatus
from studio.ui import theme
from studio.ui.desk import Desk
from studio.ui.exporting import can_export
from studio.ui.i18n import moment, tr
from studio.ui.parts.controls import ElidedLabel, button, column, label, line
from studio.ui.phrases import place_name, preset_name, status_name
from studio.ui.report import Line, in_words, read_report
from studio.ui.sentences import isolated, said


class ResultPanel(QWidget):
    """Shows a job: where it stands, its report, its files."""

    def __init__(self, desk: Desk, *, nothing: tuple[str, str] | None = None) -> None:
        """nothing: title and text of what stands here while there is no job to show."""
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._nothing = nothing or (tr("No result chosen"), tr("Choose a result to see what was measured on it."))
        self.entry: HistoryEntry | None = None
        self._awaited: str | None = None
        self._opens_awaited = False
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.GAP)
        self.reveal = button(tr("Show in folder"), self._on_reveal, icon="reveal")
        self.open = button(tr("Open"), self.open_result, icon="photo")
        self.again = button(tr("Process again"), self._on_again, icon="retry")
        self.export = button(tr("Export for sales channels…"), self._on_export, icon="export")
        self._actions = column(self.open, self.reveal, self.export, self.again, margins=(14, 8, 14, 14))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._lines.setContentsMargins(14, 14, 14, 8)
        layout.addLayout(self._lines)
        layout.addStretch(1)
        layout.addWidget(line())
        layout.addWidget(self._actions)
        self.show_entry(None)

    def show_entry(self, entry: HistoryEntry | None) -> None:
        """Show a job; None = there is none."""
        opens, self._awaited, self._opens_awaited = self._opens_awaited, None, False
        self.entry = entry
        while item := self._lines.takeAt(0):
            if widget := item.widget():
                # The layout shows new parts a moment later: one that went before would become a window of its own.
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        for part in self._parts(entry):
            self._lines.addWidget(part)
        self._actions.setVisible(entry is not None)
        has_files = bool(entry and entry.files)
        self.reveal.setEnabled(has_files)
        self.open.setEnabled(has_files)
        self.export.setVisible(bool(entry and can_export(entry)))
        if opens:
            self.open_result()

    def wait(self, job_id: str) -> None:
        """Offer nothing until this job is shown; the words stay that long, so that nothing flickers."""
        if self._awaited != job_id:
            self._awaited, self._opens_awaited = job_id, False
        self.entry = None
        for action in (self.open, self.reveal):
            action.setEnabled(False)

    def _parts(self, entry: HistoryEntry | None) -> list[QWidget]:
        if entry is None:
            title, words = self._nothing
            return [label(title, "heading"), label(words, "muted", wrap=True)]
        job = entry.job
        kinds = {JobStatus.DONE: "good", JobStatus.NEEDS_REVIEW: "doubt", JobStatus.FAILED: "bad"}
        name = ElidedLabel("heading")
        name.setText(isolated(job.shot.front.name))
        parts: list[QWidget] = [name]
        parts.append(label(status_name(job.status), kinds.get(job.status, "muted")))
        made = tr(
            "{recipe}, {when}", recipe=preset_name(job.recipe.name), when=moment(job.finished_at or job.created_at)
        )
        parts.append(label(made, "small", wrap=True))
        if place := place_name(entry.ran_on):
            parts.append(label(place, "small", wrap=True))
        parts.append(line())
        return parts + [label(said.text, said.tone, wrap=True) for said in _words(entry)]

    @Slot()
    def _on_reveal(self) -> None:
        if path := self._first():
            self._desk.open_outside(path.parent)

    @Slot()
    def open_result(self) -> None:
        """Open the finished picture in the program that the system has for it, once its job is here."""
        if self._awaited:
            self._opens_awaited = True
        elif path := self._first():
            self._desk.open_outside(path)

    @Slot()
    def _on_export(self) -> None:
        from studio.ui.parts.export_sheet import ExportSheet

        if self.entry:
            ExportSheet(self._desk, [self.entry], self.window()).open()

    @Slot()
    def _on_again(self) -> None:
        if self.entry:
            self._desk.rerun(self.entry.job.id)

    def _first(self) -> Path | None:
        return self.entry.files[0].path if self.entry and self.entry.files else None


def _words(entry: HistoryEntry) -> list[Line]:
    if entry.job.error:
        failure = entry.job.error
        return [Line(text=said(text), tone=tone) for text, tone in (
            (failure.title, "bad"), (failure.message, ""), (failure.hint, "")) if text]  # fmt: skip
    report = read_report(tuple(file.path for file in entry.files))
    if report is None:
        return [Line(text=tr("The report of this result is not there."))] if entry.files else []
    return in_words(report)
