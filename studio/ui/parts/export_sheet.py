"""The sheet that makes files for sales channels out of the results that are selected."""

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from studio.errors import StudioError
from studio.model import HistoryEntry, Notice, RuleKind
from studio.ui.desk import Desk, notice_of
from studio.ui.exporting import Exported, can_export, export, without_master
from studio.ui.i18n import tr
from studio.ui.parts.controls import ElidedLabel, button, label, line, on_screen, row
from studio.ui.parts.notices import Step
from studio.ui.parts.several import Several
from studio.ui.phrases import channel_name, rule_name
from studio.ui.sentences import isolated

CHANNELS, FOLDER = "export-channels", "export-folder"


class ExportSheet(QDialog):
    """Which channels, into which folder; then progress, and a notice at the end."""

    came = Signal(int)

    def __init__(self, desk: Desk, entries: Sequence[HistoryEntry], parent: QWidget, *, unmade: int = 0) -> None:
        """entries: the results selected; those that are not finished and approved are left out.

        unmade: so many more shots were selected that have no result at all.
        """
        super().__init__(parent)
        self.setWindowTitle(tr("Export for sales channels"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(on_screen(self, 520, 560))
        self._desk = desk
        self._entries = [entry for entry in entries if can_export(entry)]
        self._left_out = len(entries) - len(self._entries) + unmade
        self._without: list[HistoryEntry] | None = None  # None = not known yet
        self._stop = threading.Event()
        self._running = False
        self._titles = self._templates()
        self.channels = Several(tr("Sales channels"), self._titles)
        self.channels.set_value(desk.state.text(CHANNELS).split())
        self.folder = Path(desk.state.text(FOLDER) or desk.out / "channels")
        self._folder_words = ElidedLabel("muted", stretches=True)
        self._choose = button(tr("Choose…"), self._on_choose)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, max(len(self._entries), 1))
        self.bar.setAccessibleName(tr("Progress of the export"))
        self.words = label("", "muted", wrap=True)
        self.go = button(tr("Export"), self.start, icon="export", kind="primary")
        self.again = button("", self._on_again, icon="retry")
        self.cancel = button(tr("Cancel"), self.reject)
        self._build()
        self.channels.changed.connect(self._refresh)
        self.came.connect(self._on_came)
        desk.closing.connect(self._stop.set)
        self._show_folder()
        self._refresh()
        studio, finished = desk.studio, self._entries
        desk.background.ask(object(), lambda: without_master(studio, finished), self._on_masters)

    def start(self) -> None:
        """Make the files."""
        chosen = self.channels.value
        self._desk.state.keep_text(CHANNELS, " ".join(chosen))
        self._desk.state.keep_text(FOLDER, str(self.folder))
        self._running = True
        self._refresh()
        studio, entries, folder = self._desk.studio, self._entries, self.folder
        # Not `self` alone: the thread may end after the sheet is gone.
        tell, stop = self.came.emit, self._stop
        self._desk.background.ask(
            ("export", folder), lambda: export(studio, entries, chosen, folder, tell, stop), self._ended
        )

    def reject(self) -> None:
        """Leave the sheet; what is being exported is stopped after the result in hand."""
        if self._running:
            self._stop.set()
            self.cancel.setEnabled(False)
            self.words.setText(tr("Stopping after this photo…"))
        else:
            super().reject()

    def _templates(self) -> list[tuple[str, str]]:
        for error in self._desk.studio.channels.unusable():
            self._desk.say(notice_of(error))
        return [(name, channel_name(name, each.title)) for name, each in self._desk.studio.channels.all().items()]

    def _build(self) -> None:
        inside = QWidget()
        inside.setObjectName("sheet")
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(14, 10, 14, 10)
        inner.addWidget(self.channels)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        words = tr("Each channel gets a file of its own, made from the master and checked against the channel's rules.")
        layout.addWidget(label(tr("{n} results", len(self._entries)), "title"))
        layout.addWidget(label(words, "muted", wrap=True))
        layout.addWidget(scroll, 1)
        layout.addWidget(row(label(tr("Folder")), self._folder_words, self._choose))
        layout.addWidget(line())
        layout.addWidget(self.words)
        layout.addWidget(self.bar)
        layout.addWidget(row(self.again, None, self.cancel, self.go))
        self.go.setDefault(True)

    def _refresh(self) -> None:
        chosen = bool(self.channels.value)
        self.bar.setVisible(self._running)
        without = len(self._without or ())
        can_start = self._without is not None and without < len(self._entries)
        self.go.setEnabled(chosen and can_start and not self._running)
        self.again.setVisible(bool(without) and not self._running)
        self.again.setText(tr("Process {n} again, keeping the masters", without))
        self.channels.setEnabled(not self._running)
        self._choose.setEnabled(not self._running)
        if not self._running:
            self.words.setText(self._advice(chosen))

    def _advice(self, chosen: bool) -> str:
        if not self._entries:
            return tr("None of these results is finished and approved yet.")
        if self._without is None:
            return tr("Looking for the masters…")
        words: list[str] = []
        if self._left_out:
            words.append(
                tr("{n} of those selected are not finished and approved yet and are left out.", self._left_out)
            )
        if len(self._without) == len(self._entries):
            return " ".join([*words, no_master(len(self._without)).message])
        if self._without:
            words.append(tr("{n} results have no master and are left out.", len(self._without)))
        return " ".join(words if chosen else [*words, tr("Choose at least one channel.")])

    def _show_folder(self) -> None:
        # Isolated: a path reads from left to right in every language.
        self._folder_words.setText(f"\u2066{self.folder}\u2069")

    def _on_masters(self, without: object) -> None:
        self._without = cast("list[HistoryEntry]", without)
        self._refresh()

    @Slot()
    def _on_again(self) -> None:
        self._desk.retry([entry.job.id for entry in self._without or ()], keeping_masters=True)
        self.accept()

    @Slot()
    def _on_choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Where the files go"), str(self.folder))
        if name:
            self.folder = Path(name)
            self._show_folder()

    @Slot(int)
    def _on_came(self, through: int) -> None:
        self.bar.setValue(through)
        if not self._stop.is_set():
            self.words.setText(tr("{done} of {n} done", len(self._entries), done=through))

    def _ended(self, answer: object) -> None:
        self._running = False
        if isinstance(answer, StudioError):
            self._desk.say(notice_of(answer))
        else:
            self._say(cast("Exported", answer))
        self.accept()

    def _say(self, done: Exported) -> None:
        for failure in done.failures[:1]:
            self._desk.say(notice_of(failure))
        if not done.written + done.broken:
            if done.without:
                self._desk.say(no_master(done.without))
            return
        parts = [tr("{n} files stand in {folder}.", done.written, folder=self.folder)]
        if done.broken:
            parts.append(tr("{n} break a rule of their channel and stand under _review.", done.broken))
            parts.append(tr("Broken: {rules}.", rules=self._in_words(done.rules)))
        if done.without:
            parts.append(tr("{n} results have no master and were left out.", done.without))
        title = tr("Export stopped") if done.is_stopped else tr("Exported")
        show = Step(text=tr("Show"), run=partial(self._desk.open_outside, self.folder))
        is_news = not done.broken + done.without
        self._desk.offer(Notice(title=title, message=" ".join(parts), is_news=is_news), show)

    def _in_words(self, rules: Sequence[tuple[str, RuleKind]]) -> str:
        """The rules by channel, as in "Zalando (width, background); Square (size of the file)"."""
        titles = dict(self._titles)
        named = {channel: [rule_name(kind) for each, kind in rules if each == channel] for channel, _ in rules}
        return tr("; ").join(
            f"{isolated(titles[channel])} ({tr(', ').join(names)})" for channel, names in named.items()
        )


def no_master(results: int) -> Notice:
    """Nothing could be exported, because layers were not kept."""
    return Notice(
        title=tr("No masters"),
        message=tr("Of {n} results no master was kept, from which files for channels are made.", results),
        hint=tr("Choose “Keep masks and master” in the recipe and process them again."),
    )
