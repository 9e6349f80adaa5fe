"""Deciding on doubtful results: approved files move to where a shop finds them, rejected ones go."""

import hashlib
import itertools
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from studio.engine.templates.files import channel_file
from studio.errors import OutputError
from studio.files import in_folder, output_errors, sha256_of, write_atomically
from studio.jobs.names import REPORT, out_folder, with_copy
from studio.jobs.places import is_free, remove_empty_folders, remove_ours
from studio.jobs.store import Store
from studio.model import HistoryEntry, JobStatus, ResultFile

_STAYS = "The decision stays as it is."


@dataclass(frozen=True, kw_only=True)
class _Move:
    """A file on its way. source: where it is read now (the target itself, if an interrupted approval moved it before).

    content: what is written at the target instead of moving the source, None = the source moves as it is.
    """

    source: Path
    target: Path
    content: bytes | None

    @property
    def result(self) -> ResultFile:
        sha256 = sha256_of(self.source) if self.content is None else hashlib.sha256(self.content).hexdigest()
        return ResultFile(path=self.target, sha256=sha256)


def approve(entry: HistoryEntry, store: Store) -> bool:
    """Move the files of a job in review to their destination and record it as done; False when it was decided before.

    A file that was retouched under review is taken as it is now. Killed at any point, the next approval goes on where
    this one stopped. Raises OutputError when a file is missing or cannot be moved.
    """
    with output_errors(entry.job.destination):
        copy = _free_copy(entry, store)
        moves = [_move(file.path, _target(file.path, entry, copy)) for file in entry.files]
        results = [move.result for move in moves]
        store.plan_move(entry.job.id, results)
        for move in moves:
            _carry_out(move)
        won = store.approve(entry.job.id, results, copy=copy)
        for file in entry.files:
            remove_empty_folders(file.path.parent, below=out_folder(entry.job))
    return won


def reject(entry: HistoryEntry, store: Store) -> bool:
    """Record that a result is not wanted and remove its files, unless they were changed; False when decided before."""
    won = store.reject(entry.job.id)
    if won:
        remove_ours(entry.files, below=out_folder(entry.job))
    return won


def set_aside(entry: HistoryEntry, store: Store) -> bool:
    """As `reject`, but the files stay until `clear_away`, so that it can be taken back."""
    return store.reject(entry.job.id)


def clear_away(job_id: str, store: Store) -> None:
    """Remove the files of a job that was set aside, unless they were changed or another job counts on them."""
    entry = store.get(job_id)
    if entry and entry.job.status is JobStatus.CANCELLED:
        files = [file for file in entry.files if not store.is_wanted(file.path, besides=job_id)]
        remove_ours(files, below=out_folder(entry.job))


def take_back(before: HistoryEntry, decided_at: datetime | None, store: Store) -> bool:
    """Put a result that was approved or set aside back into review, as it was `before`; False when it is not as then.

    decided_at: when. Nothing changes unless all its files are as they were left and no other stands where they return
    to. Killed amid it, the job is in review, and its next approval finds its files. Raises OutputError.
    """
    after = store.get(before.job.id)
    if after is None or after.job.finished_at != decided_at or after.job.shot != before.job.shot:
        return False
    with output_errors(before.job.review_destination):
        moves = _moves_back(before, after)
        if not store.take_back(before, after, [move.result for move in moves]):
            return False
        for move in moves:
            _carry_out(move)
            remove_empty_folders(move.source.parent, below=out_folder(before.job))
    return True


def _moves_back(before: HistoryEntry, after: HistoryEntry) -> list[_Move]:
    """What puts the files back; both entries name the same files in the same order. Raises OutputError."""
    moves: list[_Move] = []
    for old, now in zip(before.files, after.files, strict=True):
        if not now.path.is_file() or sha256_of(now.path) != now.sha256:
            raise OutputError("Result changed", f"{now.path} was changed, moved or deleted since.", _STAYS)
        if now.path != old.path and os.path.lexists(old.path):
            raise OutputError("Name taken", f"Another file stands at {old.path} by now.", _STAYS)
        is_report = now.path != old.path and now.path.name.endswith(REPORT)
        moves.append(_Move(source=now.path, target=old.path, content=_doubtful(now.path) if is_report else None))
    return moves


def _free_copy(entry: HistoryEntry, store: Store) -> int:
    for copy in itertools.count(entry.copy):
        if all(is_free(_target(file.path, entry, copy), entry.job, store) for file in entry.files):
            return copy
    raise AssertionError("itertools.count does not end")


def _target(path: Path, entry: HistoryEntry, copy: int) -> Path:
    here = with_copy(entry.job.review_destination, entry.copy)
    there = with_copy(entry.job.destination, copy)
    first, *rest = path.relative_to(here.parent).parts
    channel = next((each for each in entry.job.recipe.channels if first == each.name), None)
    if channel and rest:
        return there.parent / channel_file(channel, copy)
    return there.parent.joinpath(there.name + first.removeprefix(here.name), *rest)


def _move(path: Path, target: Path) -> _Move:
    source = next((place for place in (path, target) if place.is_file()), None)
    if source is None:
        raise OutputError("Result gone", f"{path} was moved or deleted.", "Reject it, then process the photo again.")
    content = _approved(source) if path.name.endswith(REPORT) else None
    return _Move(source=source, target=target, content=content)


def _approved(report: Path) -> bytes:
    """The report's content once a person has looked."""
    data = json.loads(report.read_bytes())
    data["needs_review"] = False
    data.setdefault("run", {})["approved_at"] = datetime.now(UTC).isoformat()
    return _json(data)


def _doubtful(report: Path) -> bytes:
    """The report's content as it was before a person had looked."""
    data = json.loads(report.read_bytes())
    data["needs_review"] = True
    data.get("run", {}).pop("approved_at", None)
    return _json(data)


def _json(data: object) -> bytes:
    return json.dumps(data, indent=1, ensure_ascii=False).encode(errors="backslashreplace")


def _carry_out(move: _Move) -> None:
    if move.content is not None:
        write_atomically(move.target, move.content)
        if move.source != move.target:
            move.source.unlink()
    elif move.source != move.target:
        in_folder(move.target, lambda: move.source.replace(move.target))
