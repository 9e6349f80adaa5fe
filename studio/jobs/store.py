"""The store of jobs: the queue and the history. Every change of a job's status goes through one guarded method."""

import json
import os
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, text, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from studio.files import real_place
from studio.jobs.db import Database
from studio.jobs.names import REVIEW_FOLDER
from studio.jobs.outgoing import ELSEWHERE, FactRow, report_results, sent_results, withdraw_results
from studio.jobs.rows import columns, entry_of, error_columns, file_row, now, path_of
from studio.jobs.searching import MODELS_USED, conditions, sort_key
from studio.jobs.tables import EditsRow, FileRow, JobRow, ModelUsedRow, OrderRow
from studio.model import Edits, Failure, HistoryEntry, HistoryOrder, HistoryQuery, Job, JobStatus, ResultFile

DEATHS_ALLOWED = 3
# A claimed job holds no names before it reserved them.
NO_COPY = 0

# From where each status can be reached. What is missing here is impossible.
ALLOWED: dict[JobStatus, tuple[JobStatus, ...]] = {
    JobStatus.RUNNING: (JobStatus.QUEUED,),
    JobStatus.QUEUED: (JobStatus.RUNNING, JobStatus.NEEDS_REVIEW),
    JobStatus.DONE: (JobStatus.RUNNING, JobStatus.NEEDS_REVIEW),
    JobStatus.NEEDS_REVIEW: (JobStatus.RUNNING,),
    JobStatus.FAILED: (JobStatus.RUNNING,),
    JobStatus.CANCELLED: (JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.NEEDS_REVIEW),
}
OPEN = (JobStatus.QUEUED, JobStatus.RUNNING)


class Store(Database):
    """Jobs in one database. Methods are short, safe from any thread and process, and raise StoreError."""

    # --- in

    def add(self, job: Job) -> Job:
        """Queue `job`; when the same work (intake_key) is already queued or running, return that job instead."""
        with self.writing() as session:
            return _add(session, job)

    def add_knowing(self, job: Job, known: Collection[HistoryEntry]) -> Job | None:
        """As `add`, unless the jobs of the same work stand elsewhere by now than in `known`; then None."""
        same = or_(JobRow.intake_key == job.intake_key, JobRow.id.in_([entry.job.id for entry in known]))
        query = select(JobRow.id, JobRow.status).where(same)
        with self.writing() as session:
            standing = {(found.id, found.status) for found in session.execute(query)}
            return _add(session, job) if standing == {(entry.job.id, entry.job.status) for entry in known} else None

    def correct(self, job_id: str, job: Job) -> Job | None:
        """Make of a job that waits what `job` is, in its place in the queue; None when it waits no more, or when that
        work waits or runs already."""
        other = aliased(JobRow)
        same = exists().where(other.intake_key == job.intake_key, other.id != job_id, other.status.in_(OPEN))
        kept = ("id", "status", "priority", "created_at")
        values = {name: value for name, value in columns(job).items() if name not in kept}
        change = update(JobRow).where(JobRow.id == job_id, JobRow.status == JobStatus.QUEUED, ~same).values(values)
        with self.writing() as session:
            row = session.scalar(change.returning(JobRow))
            return entry_of(row).job if row else None

    def open_order(self, order_id: str, plan: str) -> None:
        """Remember the plan of an order until all its photos are queued."""
        with self.writing() as session:
            session.add(OrderRow(id=order_id, plan=plan, created_at=now()))

    def close_order(self, order_id: str) -> None:
        """Forget an order: its photos are all queued."""
        with self.writing() as session:
            session.execute(delete(OrderRow).where(OrderRow.id == order_id))

    def open_orders(self) -> list[tuple[str, str, datetime]]:
        """Id, plan and time of the orders whose photos are not all queued, oldest first."""
        query = select(OrderRow).order_by(OrderRow.created_at)
        with self.reading() as session:
            return [(row.id, row.plan, datetime.fromisoformat(row.created_at)) for row in session.scalars(query)]

    # --- looking

    def get(self, job_id: str) -> HistoryEntry | None:
        """The job of that id, None when there is none."""
        found = self._entries(JobRow.id == job_id)
        return found[0] if found else None

    def starting_with(self, beginning: str) -> list[HistoryEntry]:
        """The jobs whose id begins so, two at most."""
        return self._entries(JobRow.id.startswith(beginning, autoescape=True), limit=2)

    def history(self, *, limit: int | None = None, status: JobStatus | None = None) -> list[HistoryEntry]:
        """The newest jobs, newest first."""
        return self._entries(*([JobRow.status == status] if status else []), limit=limit)

    def matching(self, query: HistoryQuery) -> list[int]:
        """The numbers of the jobs that match, in the order asked for; `numbered` reads those that are looked at."""
        found = select(JobRow.number).where(*conditions(query))
        if query.order is not HistoryOrder.ARRIVED:
            key = sort_key(query.order)
            first = key.asc() if query.is_rising else key.desc()
            found = found.order_by(first.nulls_last(), JobRow.number.desc())
        with self.reading() as session:
            numbers = list(session.scalars(found))
        # Sorted here: asked for this order, SQLite walks the wide rows instead of a narrow index.
        return sorted(numbers, reverse=not query.is_rising) if query.order is HistoryOrder.ARRIVED else numbers

    def models_used(self) -> list[str]:
        """The ids of the networks that took part in results of the history, in alphabetical order."""
        with self.reading() as session:
            return list(session.scalars(MODELS_USED))

    def numbered(self, numbers: Collection[int]) -> dict[int, HistoryEntry]:
        """The jobs of these numbers; one that was removed meanwhile is left out."""
        query = select(JobRow).where(JobRow.number.in_(numbers))
        with self.reading() as session:
            return {row.number: entry_of(row) for row in session.scalars(query)}

    def queue(self) -> list[Job]:
        """All jobs queued or running, in the order in which they are done."""
        query = select(JobRow).where(JobRow.status.in_(OPEN)).order_by(JobRow.status.desc(), *_ORDER)
        with self.reading() as session:
            return [entry_of(row).job for row in session.scalars(query)]

    def latest_below(self, folder: Path) -> dict[Path, HistoryEntry]:
        """The newest job of each photo below `folder`."""
        newest = select(func.max(JobRow.number)).where(*_below(JobRow.front, folder)).group_by(JobRow.front)
        return {entry.job.shot.front: entry for entry in self._entries(JobRow.number.in_(newest))}

    def places_below(self, out: Path) -> dict[Path, list[Path]]:
        """The destinations below `out` that each photo was ever given, the latest last."""
        query = select(JobRow.front, JobRow.destination).where(*_below(JobRow.destination, out)).order_by(JobRow.number)
        with self.reading() as session:
            places: dict[Path, list[Path]] = {}
            for front, destination in session.execute(query):
                places.setdefault(path_of(front), []).append(path_of(destination))
            return places

    def of_intake_keys(self, intake_keys: Collection[str]) -> list[HistoryEntry]:
        """Every job that was one of these pieces of work, newest first."""
        return self._entries(JobRow.intake_key.in_(intake_keys))

    def waiting(self, front: Path) -> list[HistoryEntry]:
        """The jobs of a photo that are queued, newest first."""
        return self._entries(JobRow.front == os.fsencode(front), JobRow.status == JobStatus.QUEUED)

    def settled(self, among: Collection[str]) -> list[str]:
        """Those of the jobs that are neither queued nor running any more."""
        query = select(JobRow.id).where(_among(among), JobRow.status.not_in(OPEN)).order_by(JobRow.finished_at)
        with self.reading() as session:
            return list(session.scalars(query))

    def next_queued(self, among: Collection[str]) -> Job | None:
        """The job to do next, of those named; None when none of them waits, or only such that are held."""
        waiting = (_among(among), JobRow.status == JobStatus.QUEUED, JobRow.held.is_(False))
        query = select(JobRow).where(*waiting).order_by(*_ORDER).limit(1)
        with self.reading() as session:
            row = session.scalar(query)
            return entry_of(row).job if row else None

    def workers(self) -> list[str]:
        """The workers of this computer that running jobs name."""
        query = select(JobRow.worker).where(JobRow.status == JobStatus.RUNNING).distinct()
        with self.reading() as session:
            return [worker for worker in session.scalars(query) if worker and worker not in ELSEWHERE]

    def running_under(self, worker: str) -> list[HistoryEntry]:
        """The running jobs of one worker."""
        return self._entries(JobRow.status == JobStatus.RUNNING, JobRow.worker == worker)

    def held(self, among: Collection[str]) -> set[str]:
        """Those of the jobs that wait for a person's word."""
        query = select(JobRow.id).where(_among(among), JobRow.status == JobStatus.QUEUED, JobRow.held.is_(True))
        with self.reading() as session:
            return set(session.scalars(query))

    def to_stop(self, worker: str) -> set[str]:
        """The running jobs of one worker that a person wants cancelled or held."""
        unwanted = or_(JobRow.cancel_asked.is_(True), JobRow.held.is_(True))
        query = select(JobRow.id).where(JobRow.status == JobStatus.RUNNING, JobRow.worker == worker, unwanted)
        with self.reading() as session:
            return set(session.scalars(query))

    def our_hashes(self, path: Path, front: Path) -> set[str]:
        """The hashes under which this program wrote, or was about to write, a result of the photo `front` at `path`.

        Whatever the folders of `path` and `front` were called then: both may have been reached through links.
        """
        query = select(FileRow.path, FileRow.sha256, JobRow.front).join(JobRow, JobRow.id == FileRow.job_id)
        place, photo = real_place(path), os.path.realpath(front)
        names = [os.fsencode(name) for name in {path, place}]
        # Two questions that have an index each: with "or" the whole history would be read.
        either = query.where(JobRow.front == os.fsencode(front)).union(query.where(FileRow.path.in_(names)))
        with self.reading() as session:
            found = session.execute(either).all()
        return {
            sha256
            for raw, sha256, of in found
            if real_place(path_of(raw)) == place and os.path.realpath(path_of(of)) == photo
        }

    def leavings(self, job_id: str, files: Iterable[ResultFile]) -> list[ResultFile]:
        """Files that earlier, interrupted attempts of the job planned elsewhere than `files` and that nobody owns."""
        other = aliased(FileRow)
        owned = exists().where(other.path == FileRow.path, other.planned.is_(False))
        paths = [os.fsencode(file.path) for file in files]
        query = select(FileRow).where(FileRow.job_id == job_id, FileRow.planned, FileRow.path.not_in(paths), ~owned)
        with self.reading() as session:
            return [ResultFile(path=path_of(row.path), sha256=row.sha256) for row in session.scalars(query)]

    def results_below(self, folder: Path) -> set[Path]:
        """Every file below `folder` that this program recorded as its own."""
        start = os.fsencode(folder) + os.fsencode(os.sep)
        query = select(FileRow.path).where(FileRow.path > start, FileRow.path < start[:-1] + bytes([start[-1] + 1]))
        with self.reading() as session:
            return {path_of(raw) for raw in session.scalars(query)}

    def output_folders(self) -> list[Path]:
        """Every folder that results were ever ordered into, as it was called then."""
        place = func.instr(JobRow.review_destination, os.fsencode(os.path.join(os.sep, REVIEW_FOLDER, "")))
        query = select(func.substr(JobRow.review_destination, 1, place - 1)).where(place > 1).distinct()
        with self.reading() as session:
            return [path_of(raw) for raw in session.scalars(query)]

    def has_fact(self, name: str) -> bool:
        """Whether the account keeps something under a name; whoever has no account asks no more than this."""
        with self.reading() as session:
            return session.get(FactRow, name) is not None

    # --- corrections

    def edits_of(self, source_hash: str) -> Edits:
        """What a person corrected on the photograph of that content."""
        with self.reading() as session:
            row = session.get(EditsRow, source_hash)
            return Edits.from_json(row.edits) if row else Edits()

    def keep_edits(self, source_hash: str, edits: Edits) -> None:
        """Replace what was corrected on the photograph of that content."""
        row = {"source_hash": source_hash, "edits": edits.to_json(), "changed_at": now()}
        change = insert(EditsRow).values(row).on_conflict_do_update(index_elements=["source_hash"], set_=row)
        with self.writing() as session:
            session.execute(change)

    def set_priorities(self, priorities: Mapping[str, int]) -> None:
        """Give jobs that still wait another place in the queue: the higher the sooner."""
        with self.writing() as session:
            for job_id, priority in priorities.items():
                waiting = (JobRow.id == job_id, JobRow.status == JobStatus.QUEUED)
                session.execute(update(JobRow).where(*waiting).values(priority=priority))

    # --- the life of a job

    def claim(self, job_id: str, worker: str) -> bool:
        """Take a queued job for `worker`; False when somebody else was faster."""
        with self.writing() as session:
            place = ELSEWHERE.get(worker, "")
            running = JobStatus.RUNNING
            return _move(session, job_id, running, worker=worker, started_at=now(), copy=NO_COPY, ran_on=place)

    def reserve(self, job_id: str, worker: str, copy: int) -> bool:
        """Hold the names of copy number `copy` for a running job; False while another running job holds them."""
        other, mine = aliased(JobRow), aliased(JobRow)
        held = exists().where(
            mine.id == job_id,
            other.id != job_id,
            other.status == JobStatus.RUNNING,
            other.destination == mine.destination,
            other.copy == copy,
        )
        change = update(JobRow).where(JobRow.id == job_id, JobRow.worker == worker, ~held).values(copy=copy)
        with self.writing() as session:
            return session.scalar(change.returning(JobRow.id)) is not None

    def plan(self, job_id: str, worker: str, files: Iterable[ResultFile]) -> bool:
        """Record files that are about to get their final names; False when the job is not this worker's any more."""
        mine = select(JobRow.id).where(JobRow.id == job_id, JobRow.worker == worker, JobRow.status == JobStatus.RUNNING)
        with self.writing() as session:
            if session.scalar(mine) is None:
                return False
            session.add_all(file_row(job_id, file, planned=True) for file in files)
            return True

    def finish(
        self,
        job_id: str,
        worker: str,
        *,
        files: Iterable[ResultFile],
        confidence: float,
        warnings: Iterable[str],
        needs_review: bool,
        models: Iterable[str] = (),
    ) -> bool:
        """Record the results and the end of a running job in one transaction; False when it is not ours any more.

        models: the ids of the networks that took part.
        """
        status = JobStatus.NEEDS_REVIEW if needs_review else JobStatus.DONE
        with self.writing() as session:
            won = _move(
                session, job_id, status, held_by=worker, confidence=confidence, warnings=json.dumps(list(warnings))
            )
            if won:
                _record(session, job_id, files)
                _record_models(session, job_id, models)
                if not needs_review:
                    report_results(session, job_id)
            return won

    def fail(self, job_id: str, worker: str, failure: Failure) -> bool:
        """End a running job that cannot be done."""
        with self.writing() as session:
            return _move(session, job_id, JobStatus.FAILED, held_by=worker, **error_columns(failure))

    def put_back(self, job_id: str, worker: str) -> bool:
        """Return a running job to the queue, or end it when a person asked for that meanwhile."""
        with self.writing() as session:
            return _put_back(session, job_id, worker)

    def cancel(self, *job_ids: str) -> set[str]:
        """End queued jobs at once; ask the workers of running ones to stop. Returns those not over already."""
        running = (_among(job_ids), JobRow.status == JobStatus.RUNNING)
        ask = update(JobRow).where(*running).values(cancel_asked=True).returning(JobRow.id)
        with self.writing() as session:
            ended = _move_all(session, _among(job_ids), JobStatus.CANCELLED, expected=JobStatus.QUEUED)
            return ended | set(session.scalars(ask))

    def hold(self, *job_ids: str) -> set[str]:
        """Keep open jobs waiting until `let_go`; running ones are stopped and queued again. Returns those not over."""
        return self._set_held(job_ids, held=True)

    def let_go(self, *job_ids: str) -> set[str]:
        """Let held jobs go on. Returns those not over already."""
        return self._set_held(job_ids, held=False)

    def _set_held(self, job_ids: Collection[str], *, held: bool) -> set[str]:
        change = update(JobRow).where(_among(job_ids), JobRow.status.in_(OPEN)).values(held=held)
        with self.writing() as session:
            return set(session.scalars(change.returning(JobRow.id)))

    def abandon(self, worker: str, *, counts: bool) -> None:
        """Free the running jobs of a dead worker: back to the queue.

        counts: the worker died while its parent lived, so that its jobs are suspect; a job that was on its last
        attempt fails. Otherwise (the parent died too, or ended the worker on purpose) nobody is to blame.
        """
        with self.writing() as session:
            query = select(JobRow).where(JobRow.status == JobStatus.RUNNING, JobRow.worker == worker)
            for row in session.scalars(query).all():
                attempts = row.attempts + counts
                if attempts >= DEATHS_ALLOWED and not row.cancel_asked:
                    _move(
                        session,
                        row.id,
                        JobStatus.FAILED,
                        held_by=worker,
                        attempts=attempts,
                        **error_columns(_crash(row)),
                    )
                else:
                    _put_back(session, row.id, worker, attempts=attempts)

    # --- review

    def plan_move(self, job_id: str, files: Iterable[ResultFile]) -> None:
        """Record where the files of a job in review are about to be moved."""
        with self.writing() as session:
            session.add_all(file_row(job_id, file, planned=True) for file in files)

    def approve(self, job_id: str, files: Iterable[ResultFile], *, copy: int) -> bool:
        """Record that a job in review is done and where its files stand now; False when somebody else decided."""
        with self.writing() as session:
            won = _move(session, job_id, JobStatus.DONE, expected=JobStatus.NEEDS_REVIEW, copy=copy)
            if won:
                _record(session, job_id, files)
                report_results(session, job_id)
            return won

    def reject(self, job_id: str) -> bool:
        """Record that the result of a job in review is not wanted; False when somebody else decided."""
        with self.writing() as session:
            return _move(session, job_id, JobStatus.CANCELLED, expected=JobStatus.NEEDS_REVIEW)

    def take_back(self, before: HistoryEntry, after: HistoryEntry, files: Iterable[ResultFile]) -> bool:
        """Put a job that was decided on back into review, as it was `before`; False when that is not safe any more.

        It is not when the job stands otherwise than `after`, its photo was ordered anew into the same place, its result
        stands in the stead of an earlier one, or was sent to an account. files: where they are about to stand; those of
        `after` stay planned, so that a move which is broken off is finished by the next approval.
        """
        review, ended = JobStatus.NEEDS_REVIEW, before.job.finished_at
        was: dict[str, Any] = {"copy": before.copy, "finished_at": ended.isoformat() if ended else None}
        with self.writing() as session:
            row = session.scalars(select(JobRow).where(JobRow.id == after.job.id)).one_or_none()
            if row is None or entry_of(row) != after or _is_outdated(session, row, after.files):
                return False
            won = _move(session, row.id, review, expected=after.job.status, **was)
            if won:
                _record(session, row.id, files)
                session.add_all(file_row(row.id, file, planned=True) for file in after.files)
                withdraw_results(session, row.id)
            return won

    def is_wanted(self, path: Path, besides: str) -> bool:
        """Whether a job other than `besides` counts on the file at `path`: it made it, or is about to."""
        query = select(FileRow.job_id).join(JobRow, JobRow.id == FileRow.job_id)
        theirs = (FileRow.path == os.fsencode(path), FileRow.job_id != besides, JobRow.status != JobStatus.CANCELLED)
        with self.reading() as session:
            return session.scalar(query.where(*theirs).limit(1)) is not None

    def _entries(
        self, *conditions: ColumnElement[bool], limit: int | None = None, offset: int = 0
    ) -> list[HistoryEntry]:
        query = select(JobRow).where(*conditions).order_by(JobRow.number.desc()).limit(limit).offset(offset)
        with self.reading() as session:
            return [entry_of(row) for row in session.scalars(query)]


_ORDER = (JobRow.priority.desc(), JobRow.number)


def _move(
    session: Session,
    job_id: str,
    to: JobStatus,
    *,
    expected: JobStatus | None = None,
    held_by: str | None = None,
    **changes: Any,
) -> bool:
    """Change a job's status if that is allowed from where it stands; say whether this call did it.

    expected narrows the statuses it may come from; held_by is the worker that must still hold it.
    """
    return bool(_move_all(session, JobRow.id == job_id, to, expected=expected, held_by=held_by, **changes))


def _move_all(
    session: Session,
    which: ColumnElement[bool],
    to: JobStatus,
    *,
    expected: JobStatus | None = None,
    held_by: str | None = None,
    **changes: Any,
) -> set[str]:
    """As `_move`, for all jobs that `which` says; returns those that this call changed."""
    guard = [which, JobRow.status.in_([expected] if expected else ALLOWED[to])]
    if held_by is not None:
        guard.append(JobRow.worker == held_by)
    if to is JobStatus.RUNNING:
        guard.append(JobRow.held.is_(False))
    values: dict[str, Any] = {"worker": None, "cancel_asked": False, "status": to}
    if to not in OPEN:
        values |= {"finished_at": now(), "held": False}
    values |= changes
    return set(session.scalars(update(JobRow).where(*guard).values(values).returning(JobRow.id)))


def _is_outdated(session: Session, row: JobRow, files: Iterable[ResultFile]) -> bool:
    """Whether something else came of a decided job's photo or files meanwhile."""
    other = aliased(JobRow)
    anew = select(other.id).where(other.destination == row.destination, other.number > row.number)
    paths = [os.fsencode(file.path) for file in files]
    earlier = select(FileRow.job_id).join(JobRow, JobRow.id == FileRow.job_id)
    earlier = earlier.where(FileRow.path.in_(paths), FileRow.job_id != row.id, JobRow.status == JobStatus.DONE)
    queries = (anew, earlier, sent_results(file.path for file in files))
    return any(session.scalar(query.limit(1)) is not None for query in queries)


def _add(session: Session, job: Job) -> Job:
    if session.scalar(insert(JobRow).values(columns(job)).on_conflict_do_nothing().returning(JobRow.id)):
        return job
    same = select(JobRow).where(JobRow.intake_key == job.intake_key, JobRow.status.in_(OPEN))
    return entry_of(session.scalars(same).one()).job


def _put_back(session: Session, job_id: str, worker: str, **changes: Any) -> bool:
    asked = session.scalar(select(JobRow.cancel_asked).where(JobRow.id == job_id))
    to = JobStatus.CANCELLED if asked else JobStatus.QUEUED
    return _move(session, job_id, to, held_by=worker, ran_on="", **changes)


def _crash(row: JobRow) -> Failure:
    return Failure(
        title="The program crashed on this photo",
        message=f"{path_of(row.front)} made the program crash {DEATHS_ALLOWED} times; it was set aside.",
        hint="It may need more memory than there is, or be damaged: try a smaller copy saved by another program.",
    )


def _record(session: Session, job_id: str, files: Iterable[ResultFile]) -> None:
    session.execute(delete(FileRow).where(FileRow.job_id == job_id))
    session.add_all(file_row(job_id, file, planned=False) for file in files)


def _record_models(session: Session, job_id: str, models: Iterable[str]) -> None:
    number = session.scalars(select(JobRow.number).where(JobRow.id == job_id)).one()
    session.execute(delete(ModelUsedRow).where(ModelUsedRow.job_number == number))
    session.add_all(ModelUsedRow(model=model, job_number=number) for model in set(models))


def _below(column: InstrumentedAttribute[bytes], folder: Path) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    start = os.fsencode(folder) + os.fsencode(os.sep)
    return column > start, column < start[:-1] + bytes([start[-1] + 1])


def _among(ids: Collection[str]) -> ColumnElement[bool]:
    # One parameter however many ids: SQLite limits the number of parameters.
    return JobRow.id.in_(text("SELECT value FROM json_each(:ids)").bindparams(ids=json.dumps(list(ids))))
