"""The commands that decide on doubtful results: review list, approve, reject."""

import json
from collections.abc import Callable, Iterable

import click

from studio.app import Studio
from studio.commands.look import described
from studio.commands.words import plain
from studio.errors import UsageError
from studio.model import HistoryEntry, JobStatus


def waiting(*, as_json: bool) -> int:
    """Print what waits for a decision."""
    with Studio() as studio:
        entries = studio.review.waiting()
    for entry in entries:
        if as_json:
            click.echo(json.dumps(described(entry)))
        else:
            click.echo(plain(f"{entry.job.id}  {entry.confidence or 0:.2f}  {entry.files[0].path}"))
            for warning in (*_doubt(entry), *entry.warnings):
                click.echo(f"{'':<14}{plain(warning)}")
    if not entries and not as_json:
        click.echo("Nothing waits for review.")
    return 0


def _doubt(entry: HistoryEntry) -> tuple[str, ...]:
    """The reason to look that stands in no warning."""
    wanted = entry.job.recipe.extract.confidence_min
    if entry.confidence is None or entry.confidence >= wanted:
        return ()
    return (f"The program is not sure of the garment's outline: {entry.confidence:.2f}, where {wanted:.2f} is wanted.",)


def approve(ids: tuple[str, ...], *, everything: bool, as_json: bool) -> int:
    """Move results out of _review."""
    with Studio() as studio:
        return _decide(studio, ids, everything, as_json, "approved", studio.review.approve)


def reject(ids: tuple[str, ...], *, everything: bool, as_json: bool) -> int:
    """Remove results that are not wanted."""
    with Studio() as studio:
        return _decide(studio, ids, everything, as_json, "rejected", studio.review.reject)


def _decide(
    studio: Studio,
    ids: tuple[str, ...],
    everything: bool,
    as_json: bool,
    word: str,
    decide: Callable[[Iterable[HistoryEntry]], list[HistoryEntry]],
) -> int:
    chosen = _chosen(studio, ids, everything)
    decided = decide(chosen)
    for entry in decided:
        click.echo(json.dumps(described(entry)) if as_json else plain(f"{word}: {entry.job.shot.front}"))
    return 0 if len(decided) == len(chosen) else 1


def _chosen(studio: Studio, ids: tuple[str, ...], everything: bool) -> list[HistoryEntry]:
    if everything == bool(ids):
        raise UsageError("Which results?", "Name the ids of results, or --all.", "See `modamoda review list`.")
    entries = studio.review.waiting() if everything else [studio.history.entry(job_id) for job_id in ids]
    for entry in entries:
        if entry.job.status is not JobStatus.NEEDS_REVIEW:
            message = f"{entry.job.shot.front} does not wait for review: it is {entry.job.status}."
            raise UsageError("Nothing to decide", message, "See `modamoda review list`.")
    return entries
