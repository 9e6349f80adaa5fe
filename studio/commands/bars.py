"""Progress bars: all photos with rate and time left, and one line for each photo that is being worked on."""

import contextlib
from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from studio.commands.words import error_text, plain
from studio.model import Event, JobChanged, JobStatus
from studio.model import Progress as JobProgress


@contextlib.contextmanager
def transfer(what: str) -> Generator[Callable[[int, int], None]]:
    """A bar of bytes on a terminal's error channel; what it gives takes the bytes that came and all of them."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(what, total=None)
        yield lambda came, total: bars.update(task, completed=came, total=total or None)


def _per_s(task: Task) -> float | None:
    """Photos a second that were worked on since the first began; None = not known yet.

    Rich's own rate is that from one end to the next, but photos end several at a time, and skipped ones at once.
    """
    since, worked = task.fields.get("since"), task.fields.get("worked")
    return worked / max(task.get_time() - since, 0.001) if since is not None and worked else None


class _Rate(ProgressColumn):
    """Photos a minute."""

    def render(self, task: Task) -> Text:
        """Draw the rate; nothing before it is known."""
        per_s = _per_s(task)
        return Text(f"{per_s * 60:.1f}/min" if per_s else "")


class _TimeLeft(TimeRemainingColumn):
    """The time left: of all photos by their rate, of one photo by its own progress."""

    def render(self, task: Task) -> Text:
        """Draw it as Rich does."""
        if "worked" not in task.fields:
            return super().render(task)
        per_s = _per_s(task)
        left = None if per_s is None or task.total is None else round((task.total - task.completed) / per_s)
        return Text("-:--:--" if left is None else str(timedelta(seconds=max(left, 0))), style="progress.remaining")


class BarFace:
    """Bars on the terminal's error channel, so that a redirected output stays clean."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            _TimeLeft(),
            console=Console(stderr=True),
        )
        self._whole = self._bars.add_task("Photos", total=None, worked=0)
        self._worked = 0
        self._tasks: dict[str, TaskID] = {}
        self._bars.start()

    def expect(self, photos: int) -> None:
        """Set the length of the first bar."""
        self._bars.update(self._whole, total=photos)

    def show(self, event: Event) -> None:
        """Move the bars."""
        if isinstance(event, JobProgress):
            self._bars.update(self._task(event.job_id, event.photo), completed=round(event.fraction * 100))
        elif isinstance(event, JobChanged):
            self._changed(event)

    def skipped(self, photo: Path, why: str, files: tuple[Path, ...]) -> None:
        """Count the photo."""
        self._bars.advance(self._whole)

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._bars.stop()

    def _changed(self, event: JobChanged) -> None:
        if event.status is JobStatus.RUNNING:
            self._task(event.job_id, event.photo)
            if "since" not in self._bars.tasks[0].fields:
                self._bars.update(self._whole, since=self._bars.get_time())
            return
        if (task := self._tasks.pop(event.job_id, None)) is not None:
            self._bars.remove_task(task)
        if event.status is not JobStatus.QUEUED:
            self._worked += 1
            self._bars.update(self._whole, advance=1, worked=self._worked)
        if event.error:
            words = error_text(event.error.title, event.error.message, "")
            self._bars.console.print(words, style="red", markup=False, highlight=False, soft_wrap=True)

    def _task(self, job_id: str, photo: Path) -> TaskID:
        if job_id not in self._tasks:
            self._tasks[job_id] = self._bars.add_task(f"  {plain(photo.name)[:40]}", total=100)
        return self._tasks[job_id]
