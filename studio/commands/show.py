"""What a terminal shows: events as JSON lines, as progress bars, or not at all; errors in plain words."""

import json
import os
import sys
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any, Protocol

import click

from studio.app import REVIEW_FOLDER, Skipped
from studio.commands.words import error_text, plain
from studio.model import Event, Failure, JobChanged, JobStatus, Notice, Progress

_NAMED = 3


class Face(Protocol):
    """Whoever shows how an order goes."""

    def expect(self, photos: int) -> None:
        """So many photos are ordered."""
        ...

    def show(self, event: Event) -> None:
        """Something happened."""
        ...

    def skipped(self, photo: Path, why: str, files: tuple[Path, ...]) -> None:
        """A photo needs nothing."""
        ...

    def close(self) -> None:
        """Nothing more will happen."""
        ...


class Tally:
    """Counts how an order went and passes everything on to a face.

    out: where all results go, None = they may go to several folders.
    """

    def __init__(self, face: Face, out: Path | None = None) -> None:
        self._face = face
        self._out = out
        self._results: dict[Path, None] = {}
        self._to_review: dict[Path, None] = {}
        self.done = 0
        self.in_review = 0
        self.skipped_before = 0
        self.waited_before = 0
        self.failures: list[tuple[Path, Failure]] = []
        self._warned: dict[str, list[str]] = {}

    def expect(self, photos: int) -> None:
        """So many photos are ordered."""
        self._face.expect(photos)

    def show(self, event: Event) -> None:
        """Count what ended."""
        if isinstance(event, JobChanged):
            self.done += event.status is JobStatus.DONE
            self.in_review += event.status is JobStatus.NEEDS_REVIEW
            self._place(event.files, to_review=event.status is JobStatus.NEEDS_REVIEW)
            if event.status is JobStatus.DONE:  # of what is to be looked at, the review says it
                for sentence in event.warnings:
                    self._warned.setdefault(sentence, []).append(event.photo.name)
            if event.status is JobStatus.FAILED and event.error:
                self.failures.append((event.photo, event.error))
        if isinstance(event, Notice):
            click.echo(error_text(event.title, event.message, event.hint), err=True)
        self._face.show(event)

    def skip(self, outcome: Skipped) -> None:
        """Count a photo whose result stands already."""
        self.skipped_before += 1
        waits = outcome.entry.job.status is JobStatus.NEEDS_REVIEW
        self.waited_before += waits
        files = tuple(file.path for file in outcome.entry.files)
        why = "Already done; it waits for review." if waits else "Already done; its files stand unchanged."
        self._place(files, to_review=waits)
        self._face.skipped(outcome.photo, why, files)

    def leave_out(self, path: Path, why: Failure, *, lost: bool) -> None:
        """Count a folder that was not looked into."""
        if lost:
            self.show(JobChanged(job_id="", photo=path, status=JobStatus.FAILED, error=why))
        else:
            self._face.skipped(path, why.message, ())

    def close(self) -> None:
        """End the face."""
        self._face.close()

    @property
    def status(self) -> int:
        """The exit status."""
        return 1 if self.failures else 0

    def places(self) -> list[str]:
        """Where the results lie, and those that are to be looked at first."""
        found = (("Results", self._results), ("To review", self._to_review))
        return [plain(f"{what}: {_some(_outermost(folders))}") for what, folders in found if folders]

    def warnings(self) -> list[str]:
        """What to know of finished pictures: each sentence once, with the first photos that it concerns."""
        return [plain(f"{_some(photos)}: {sentence}") for sentence, photos in self._warned.items()]

    def complaints(self) -> list[str]:
        """Why photos failed: each sentence once, with the first photos that it concerns where it names none itself."""
        named: dict[str, list[str]] = {}
        for photo, why in self.failures:
            named.setdefault(error_text(why.title, why.message, why.hint), []).append(photo.name)
        return [
            text if len(photos) == 1 and plain(photos[0]) in text else f"{plain(_some(photos))}: {text}"
            for text, photos in named.items()
        ]

    def _place(self, files: Iterable[Path], *, to_review: bool) -> None:
        """Remember the folders of finished files; of those to review the one that all of its order lie in."""
        for path in files:
            if to_review:
                review = next((parent for parent in path.parents if parent.name == REVIEW_FOLDER), path.parent)
                self._to_review[review] = None
            else:
                self._results[self._out or path.parent] = None

    def summary(self) -> str:
        """One sentence."""
        waiting = f", {self.waited_before} of them to review (modamoda review list)" if self.waited_before else ""
        parts = (
            (self.done, "done"),
            (self.skipped_before, f"already done{waiting}"),
            (self.in_review, "to review (modamoda review list)"),
            (len(self.failures), "failed"),
        )
        return ", ".join(f"{count} {what}" for count, what in parts if count) or "Nothing to do"


def _outermost(folders: Collection[Path]) -> list[str]:
    """Those folders that lie in none of the others."""
    return [str(folder) for folder in folders if not any(parent in folders for parent in folder.parents)]


def _some(names: list[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def face(*, as_json: bool) -> Face:
    """The face that fits: JSON lines when asked for, bars on a terminal, else none."""
    if as_json:
        return JsonFace(click.echo)
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        from studio.commands.bars import BarFace

        return BarFace()
    return QuietFace()


class QuietFace:
    """Shows nothing: the output is no terminal, and the summary says what counts."""

    def expect(self, photos: int) -> None:
        """Not shown."""

    def show(self, event: Event) -> None:
        """Not shown."""

    def skipped(self, photo: Path, why: str, files: tuple[Path, ...]) -> None:
        """Not shown."""

    def close(self) -> None:
        """Nothing to close."""


class JsonFace:
    """One JSON object a line, for scripts. Pure ASCII, so that every file name survives every terminal."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def expect(self, photos: int) -> None:
        """Not part of the contract."""

    def show(self, event: Event) -> None:
        """Write an event that the contract knows."""
        if isinstance(event, Progress):
            self._line("progress", event.photo, id=event.job_id, stage=event.stage, fraction=event.fraction)
        elif isinstance(event, JobChanged):
            self._changed(event)

    def skipped(self, photo: Path, why: str, files: tuple[Path, ...]) -> None:
        """Write that a photo needs nothing."""
        self._line("skipped", photo, message=why, results=[str(file) for file in files])

    def close(self) -> None:
        """Nothing to close."""

    def _changed(self, event: JobChanged) -> None:
        if event.status is JobStatus.RUNNING:
            self._line("started", event.photo, id=event.job_id)
        elif event.status in (JobStatus.DONE, JobStatus.NEEDS_REVIEW):
            files = [str(file) for file in event.files]
            found = {"confidence": event.confidence, "warnings": event.warnings}
            self._line(event.status, event.photo, id=event.job_id, results=files, **found)
        elif event.status is JobStatus.FAILED and event.error:
            words = {"title": event.error.title, "message": event.error.message, "hint": event.error.hint}
            self._line("failed", event.photo, id=event.job_id, **words)
        elif event.status is JobStatus.CANCELLED:
            self._line("skipped", event.photo, id=event.job_id, message="Cancelled.")

    def _line(self, event: str, photo: Path, **more: Any) -> None:
        self._write(json.dumps({"event": event, "photo": str(photo)} | more))
