"""Files for sales channels from finished results: done in the background, told step by step, stopped when asked."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.app import Studio
from studio.errors import StudioError
from studio.model import Failure, HistoryEntry, JobStatus, RuleKind

REPORT = ".report.json"


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What came of an export. written: files that keep the rules of their channel, broken: files under `_review`.

    rules: those that were broken, each once, with the channel's name. without: results of which no master was kept.
    failures: of results that could not be exported, with the reason.
    """

    written: int = 0
    broken: int = 0
    rules: tuple[tuple[str, RuleKind], ...] = ()
    without: int = 0
    failures: tuple[Failure, ...] = ()
    is_stopped: bool = False


def can_export(entry: HistoryEntry) -> bool:
    """Whether a result is finished and approved, so that channels may have it."""
    return entry.job.status is JobStatus.DONE and bool(entry.files)


def without_master(studio: Studio, entries: Sequence[HistoryEntry]) -> list[HistoryEntry]:
    """Those of the results of which no master was kept: no channel can have them. Reads folders: for a thread."""
    return [entry for entry in entries if not _masters(studio, entry)]


def export(
    studio: Studio,
    entries: Sequence[HistoryEntry],
    channels: Sequence[str],
    out: Path,
    tell: Callable[[int], None],
    stop: threading.Event,
) -> Exported:
    """Make the files of `channels` for each result; `tell` hears how many results are through. Slow: for a thread.

    Raises StudioError when a channel's own rules cannot be read; what concerns one result is in the answer.
    """
    templates = [studio.channels.find(name) for name in channels]
    written = broken = without = through = 0
    failures: list[Failure] = []
    rules: dict[tuple[str, RuleKind], None] = {}
    for entry in entries:
        if stop.is_set():
            break
        masters = _masters(studio, entry)
        without += not masters
        for master in masters:
            try:
                made = studio.channels.export(master, templates, out)
            except StudioError as error:
                failures.append(Failure(title=error.title, message=error.message, hint=error.hint))
                continue
            breaking = sum(bool(file.broken) for file in made)
            written, broken = written + len(made) - breaking, broken + breaking
            rules |= dict.fromkeys((file.template, check.rule) for file in made for check in file.broken)
        through += 1
        tell(through)
    return Exported(
        written=written,
        broken=broken,
        rules=tuple(rules),
        without=without,
        failures=tuple(failures),
        is_stopped=through < len(entries),
    )


def _masters(studio: Studio, entry: HistoryEntry) -> list[Path]:
    """The folder of layers beside the report of a result, if layers were kept."""
    report = next((file.path for file in entry.files if file.path.name.endswith(REPORT)), None)
    if report is None:
        return []
    return studio.channels.masters_in(report.with_name(report.name.removesuffix(REPORT) + ".layers"))
