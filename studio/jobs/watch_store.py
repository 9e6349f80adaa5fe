"""What the program remembers of watched folders, in the database of the jobs."""

import json
import os
import secrets
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from studio.files import real_place
from studio.jobs.db import Database
from studio.jobs.intake import Hashes, hashes_in
from studio.jobs.names import with_names
from studio.jobs.rows import entry_of, now, path_of
from studio.jobs.tables import FileRow, JobRow
from studio.jobs.watch_listing import Stamp
from studio.jobs.watch_tables import MoveRow, WatchedFileRow, WatchedRow
from studio.jobs.watched import After, FolderState, LastEvent, Move, Outcome, WatchedFolder
from studio.model import HistoryEntry, JobStatus, Recipe

_FINAL = (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A file that was dealt with; recipe: fingerprint of the recipe that it was dealt with."""

    path: str
    stamp: Stamp
    recipe: str
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Untidied:
    """A file whose work has ended, while what happens to originals after work did not happen to it.

    entry: its job, None = it never decoded. outcome: see `Outcome`.
    """

    path: Path
    stamp: Stamp
    outcome: Outcome
    entry: HistoryEntry | None

    @property
    def is_good(self) -> bool:
        """Whether the work came to a good end; a rejected result counts, for a person decided on it."""
        return self.entry is not None and self.entry.job.status is not JobStatus.FAILED


class WatchStore(Database):
    """Watched folders and their files. Methods are short, safe from any thread and process, and raise StoreError."""

    # --- folders

    def folders(self) -> list[WatchedFolder]:
        """All watched folders, the oldest first."""
        with self.reading() as session:
            return [_watched(row) for row in session.scalars(select(WatchedRow).order_by(WatchedRow.created_at))]

    def find(self, watched_id: str) -> WatchedFolder | None:
        """The watched folder of that id, None when there is none (any more)."""
        with self.reading() as session:
            row = session.get(WatchedRow, watched_id)
            return _watched(row) if row else None

    def keep(self, watched: WatchedFolder) -> WatchedFolder:
        """Remember a folder, or how it is watched from now on: folder and output name it; returns it with its id."""
        values = _columns(watched) | {"id": secrets.token_hex(6), "created_at": now()}
        changes = {name: value for name, value in values.items() if name not in ("id", "folder", "out", "created_at")}
        upsert = insert(WatchedRow).values(values).on_conflict_do_update(index_elements=["folder", "out"], set_=changes)
        with self.writing() as session:
            return replace(watched, id=session.scalars(upsert.returning(WatchedRow.id)).one())

    def remove(self, watched_id: str) -> None:
        """Forget a folder and what arrived in it; its jobs and files stay."""
        with self.writing() as session:
            session.execute(delete(WatchedRow).where(WatchedRow.id == watched_id))

    def set_paused(self, watched_id: str, paused: bool) -> None:
        """Take nothing more from a folder, or go on."""
        with self.writing() as session:
            session.execute(update(WatchedRow).where(WatchedRow.id == watched_id).values(is_paused=paused))

    def state(self, watched: WatchedFolder, *, last: int = 20) -> FolderState:
        """How many files of a folder stand where, by status or outcome, and what happened last."""
        query = (
            select(WatchedFileRow, JobRow.status, JobRow.finished_at, JobRow.error_message)
            .outerjoin(JobRow, JobRow.id == WatchedFileRow.job_id)
            .where(WatchedFileRow.watched_id == watched.id)
        )
        newest = query.order_by(func.coalesce(JobRow.finished_at, WatchedFileRow.at).desc()).limit(last)
        with self.reading() as session:
            counts = Counter(_standing(row, status) for row, status, *_ in session.execute(query))
            events = tuple(_event(*found) for found in session.execute(newest))
        return FolderState(watched=watched, counts=dict(counts), last=events)

    # --- files

    def known(self, watched_id: str) -> list[Known]:
        """Every file that was dealt with, in the order of arrival."""
        columns = WatchedFileRow.path, WatchedFileRow.stamp, WatchedFileRow.recipe, WatchedFileRow.outcome
        query = select(*columns).where(WatchedFileRow.watched_id == watched_id).order_by(WatchedFileRow.number)
        with self.reading() as session:
            return [
                Known(path=os.fsdecode(path), stamp=tuple(json.loads(stamp)), recipe=recipe, outcome=Outcome(outcome))
                for path, stamp, recipe, outcome in session.execute(query)
            ]

    def record(self, watched_id: str, known: Known, *, job_id: str | None = None, message: str = "") -> None:
        """Remember what became of a file."""
        values = {
            "watched_id": watched_id,
            "path": os.fsencode(known.path),
            "stamp": json.dumps(known.stamp),
            "recipe": known.recipe,
            "outcome": known.outcome,
            "job_id": job_id,
            "message": message.encode(errors="backslashreplace").decode(),
            "is_tidied": False,
            "at": now(),
        }
        changes = {name: value for name, value in values.items() if name not in ("watched_id", "path")}
        upsert = insert(WatchedFileRow).values(values)
        with self.writing() as session:
            session.execute(upsert.on_conflict_do_update(index_elements=["watched_id", "path"], set_=changes))

    def job_ids(self, watched_id: str) -> set[str]:
        """The jobs that files of a folder became and that wait or run."""
        waiting = JobRow.status.in_((JobStatus.QUEUED, JobStatus.RUNNING))
        query = select(JobRow.id).join(WatchedFileRow, WatchedFileRow.job_id == JobRow.id)
        with self.reading() as session:
            return set(session.scalars(query.where(WatchedFileRow.watched_id == watched_id, waiting)))

    def set_gone(self, watched_id: str, path: Path) -> None:
        """A file was away when its turn came: it is taken again when it is back."""
        change = update(WatchedFileRow).where(*_file(watched_id, path)).values(outcome=Outcome.GONE, at=now())
        with self.writing() as session:
            session.execute(change)

    def untidied(self, watched_id: str) -> list[Untidied]:
        """Files whose work has ended and whose originals were not seen to."""
        over = or_(JobRow.status.in_(_FINAL), WatchedFileRow.outcome == Outcome.FAILED)
        here = WatchedFileRow.watched_id == watched_id, WatchedFileRow.outcome != Outcome.GONE
        query = (
            select(WatchedFileRow, JobRow)
            .outerjoin(JobRow, JobRow.id == WatchedFileRow.job_id)
            .where(*here, WatchedFileRow.is_tidied.is_(False), over)
            .order_by(WatchedFileRow.number)
        )
        with self.reading() as session:
            return [
                Untidied(
                    path=path_of(file.path),
                    stamp=tuple(json.loads(file.stamp)),
                    outcome=Outcome(file.outcome),
                    entry=entry_of(job) if job else None,
                )
                for file, job in session.execute(query)
            ]

    def doubles_written_over(self, watched_id: str) -> set[str]:
        """Files that were done under another name, whose picture another photo of that name has written over since."""
        double = WatchedFileRow.watched_id == watched_id, WatchedFileRow.outcome == Outcome.DUPLICATE
        query = select(WatchedFileRow.path).where(*double, _is_written_over(WatchedFileRow.job_id))
        with self.reading() as session:
            return {os.fsdecode(path) for path in session.scalars(query)}

    def set_tidied(self, watched_id: str, path: Path) -> None:
        """What happens to originals after work happened to this one."""
        with self.writing() as session:
            session.execute(update(WatchedFileRow).where(*_file(watched_id, path)).values(is_tidied=True))

    # --- jobs

    def same_work(self, hashes: Hashes, recipe: Recipe, out: Path) -> HistoryEntry | None:
        """The newest job on that content with that recipe into `out` that was not failed, cancelled or rejected.

        One whose files another job wrote over since does not count: what it made stands nowhere any more.
        """
        live = JobRow.status.not_in((JobStatus.FAILED, JobStatus.CANCELLED)) & ~_is_written_over(JobRow.id)
        query = select(JobRow).where(JobRow.source_hash == hashes.front, live).order_by(JobRow.number.desc())
        with self.reading() as session:
            entries = [entry_of(row) for row in session.scalars(query)]
        return next(
            (
                entry
                for entry in entries
                if hashes_in(entry.job) == hashes
                and _is_same_recipe(entry.job.recipe, recipe)
                and real_place(entry.job.destination).is_relative_to(os.path.realpath(out))
            ),
            None,
        )

    def is_ours(self, path: str) -> bool:
        """Whether this program wrote the file of that name, or is about to."""
        query = select(FileRow.number).where(FileRow.path == os.fsencode(path)).limit(1)
        with self.reading() as session:
            return session.scalar(query) is not None

    # --- moves

    def plan_move(self, watched_id: str, source: Path, target: Path, sha256: str) -> int:
        """Remember an original that is about to be moved; returns the move's number."""
        values = {"watched_id": watched_id, "source": os.fsencode(source), "target": os.fsencode(target)}
        change = insert(MoveRow).values(**values, sha256=sha256, state="planned")
        with self.writing() as session:
            return session.scalars(change.returning(MoveRow.number)).one()

    def finish_move(self, move: Move, *, back: bool = False) -> None:
        """An original lies at its new place: jobs that name it go with it."""
        here, there = (move.target, move.source) if back else (move.source, move.target)
        state = update(MoveRow).where(MoveRow.number == move.number).values(state="back" if back else "moved")
        with self.writing() as session:
            session.execute(state)
            _rename(session, os.fsencode(here), os.fsencode(there))

    def moves(self, watched_id: str, state: str) -> list[Move]:
        """The moves of a folder that are `planned`, `moved` or `back`, the newest first."""
        query = select(MoveRow).where(MoveRow.watched_id == watched_id, MoveRow.state == state)
        with self.reading() as session:
            return [
                Move(number=row.number, source=path_of(row.source), target=path_of(row.target), sha256=row.sha256)
                for row in session.scalars(query.order_by(MoveRow.number.desc()))
            ]

    def is_moved(self, path: str) -> bool:
        """Whether a file is an original that was moved to that place."""
        query = select(MoveRow.number).where(MoveRow.target == os.fsencode(path), MoveRow.state != "back").limit(1)
        with self.reading() as session:
            return session.scalar(query) is not None


def _is_written_over(job_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    mine, other = aliased(FileRow), aliased(FileRow)
    return exists().where(
        mine.job_id == job_id,
        mine.planned.is_(False),
        other.path == mine.path,
        other.number > mine.number,
        other.planned.is_(False),
        other.job_id != mine.job_id,
    )


def _rename(session: Session, here: bytes, there: bytes) -> None:
    for column in (JobRow.front, JobRow.inside):
        session.execute(update(JobRow).where(column == here).values({column: there}))


def _file(watched_id: str, path: Path) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return WatchedFileRow.watched_id == watched_id, WatchedFileRow.path == os.fsencode(path)


def _columns(watched: WatchedFolder) -> dict[str, Any]:
    return {
        "folder": os.fsencode(watched.folder),
        "out": os.fsencode(watched.out),
        "recipe": watched.recipe.to_json(),
        "after": watched.after,
        "inside": watched.inside,
        "plate": os.fsencode(watched.plate) if watched.plate else None,
        "bare": os.fsencode(watched.bare) if watched.bare else None,
        "settle_s": watched.settle_s,
        "is_paused": watched.is_paused,
    }


def _watched(row: WatchedRow) -> WatchedFolder:
    return WatchedFolder(
        id=row.id,
        folder=path_of(row.folder),
        out=path_of(row.out),
        recipe=Recipe.from_json(row.recipe),
        after=After(row.after),
        inside=row.inside,
        plate=path_of(row.plate) if row.plate else None,
        bare=path_of(row.bare) if row.bare else None,
        settle_s=row.settle_s,
        is_paused=row.is_paused,
    )


def _is_same_recipe(of_job: Recipe, recipe: Recipe) -> bool:
    """Whether a job was made by `recipe`; in a job the naming rules of channels are filled in."""
    names = tuple(channel.output.name for channel in recipe.channels)
    is_alike = len(of_job.channels) == len(names)
    return is_alike and with_names(of_job, names).fingerprint == recipe.fingerprint


def _standing(row: WatchedFileRow, status: str | None) -> str:
    """What a file counts as: its job's status where it became one, else what was made of it."""
    return status if row.outcome == Outcome.QUEUED and status else row.outcome


def _event(row: WatchedFileRow, status: str | None, finished_at: str | None, error: str | None) -> LastEvent:
    is_own = row.outcome == Outcome.QUEUED
    return LastEvent(
        photo=path_of(row.path),
        outcome=Outcome(row.outcome),
        status=JobStatus(status) if status and is_own else None,
        at=(finished_at if is_own else None) or row.at,
        message=row.message or (error or "" if is_own else ""),
    )
