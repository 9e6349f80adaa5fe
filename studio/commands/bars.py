"""Progress bars: all photos with rate and time left, and one line for each photo that is being worked on."""

import contextlib
from collections.abc import Callable, Generator
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

from studio.commands.show import error_text, plain
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


class _Rate(ProgressColumn):
    """Photos a minute."""

    def render(self, task: Task) -> Text:
        """Draw the rate; nothing before it is known."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed * 60:.1f}/min" if speed and task.total is not None and task.fields.get("whole") else "")


class BarFace:
    """Bars on the terminal's error channel, so that a redirected output stays clean."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            speed_estimate_period=120,
        )
        self._whole = self._bars.add_task("Photos", total=None, whole=True)
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
            return
        if (task := self._tasks.pop(event.job_id, None)) is not None:
            self._bars.remove_task(task)
        if event.status is not JobStatus.QUEUED:
            self._bars.advance(self._whole)
        if event.error:
            words = error_text(event.error.title, event.error.message, "")
            self._bars.console.print(words, style="red", markup=False, highlight=False, soft_wrap=True)

    def _task(self, job_id: str, photo: Path) -> TaskID:
        if job_id not in self._tasks:
            self._tasks[job_id] = self._bars.add_task(f"  {plain(photo.name)[:40]}", total=100)
        return self._tasks[job_id]
