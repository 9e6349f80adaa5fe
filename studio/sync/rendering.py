"""Rendering at the service: a job is sent with its photo, followed, fetched, and recorded like one that ran here."""

import asyncio
import dataclasses
import json
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.errors import AccountError, Cancelled, PhotoError, StudioError
from studio.files import move_into_place, output_errors, sha256_of, temporary_beside, write_atomically
from studio.jobs.names import with_copy
from studio.jobs.outgoing import CANCEL_CLOUD, CLOUD, CLOUD_WORKER
from studio.jobs.places import choose_copy, refuse_taken
from studio.model import (
    Engine,
    Event,
    Failure,
    Format,
    Job,
    JobChanged,
    Mode,
    Notice,
    Progress,
    Recipe,
    ResultFile,
)
from studio.sync.cloud_jobs import IN_REVIEW, CloudJob, CloudJobs
from studio.sync.failing import ORDER_WITHDRAWN
from studio.sync.records import Records
from studio.sync.results import Pace, all_results, damaged, fetch_part
from studio.sync.session import Session
from studio.sync.wire import JobView, Submitted, read

FORMATS = (Format.PNG, Format.JPG, Format.TIFF, Format.WEBP)
# A service that does not answer by then hears from the outbox that a job is not wanted.
CANCEL_S = 5.0


def told_of(cloud: CloudJob, stage: str, percent: int) -> Progress:
    """How far a job is at the service, whose own stage may be none yet."""
    job = cloud.job
    return Progress(job_id=job.id, photo=job.shot.front, stage=stage or CLOUD, fraction=max(percent, 0) / 100)


def obstacle(job: Job, has_edits: bool) -> str:
    """Why the service cannot render a job, "" when it can."""
    reason = ""
    if job.shot.inside or job.shot.plate or job.shot.bare:
        reason = "The service takes one photo a job; this one has more."
    elif has_edits:
        reason = "The service does not know the corrections made by hand on this photo."
    elif not job.recipe.compose.background.startswith("#") and job.recipe.compose.background != "transparent":
        reason = "The service does not have the picture that this recipe puts behind the garment."
    elif job.recipe.output.layers or job.recipe.output.layered:
        reason = "The service sends the finished picture only, without layers."
    elif job.recipe.output.format not in FORMATS:
        reason = "The service makes PNG, JPEG, TIFF and WebP files."
    elif job.recipe.output.templates or job.recipe.compose.template:
        reason = "Files for sales channels are made on this computer."
    return reason


class Rendering:
    """The jobs of one account at the service; `step` moves each of them on by as much as is possible now."""

    def __init__(self, session: Session, jobs: CloudJobs, records: Records, emit: Callable[[Event], None]) -> None:
        self._session = session
        self._jobs = jobs
        self._records = records
        self._emit = emit

    async def step(self, account: str, pace: Pace) -> bool:
        """Send, follow and fetch; True while the service works on a job. Raises AccountError, Cancelled."""
        for cloud in self._jobs.under_way(account):
            pace.check()
            await self._move_on(cloud, pace)
        return any(cloud.progress != IN_REVIEW for cloud in self._jobs.under_way(account))

    async def heed_stops(self, account: str, pace: Pace) -> None:
        """Take back what a person stopped, also while the service is away. Raises AccountError for a result that is
        done there and cannot be fetched now; one that can never be fetched is given up.
        """
        unwanted = self._jobs.store.to_stop(CLOUD_WORKER)
        is_there = True
        for cloud in self._jobs.under_way(account) if unwanted else ():
            if cloud.job.id not in unwanted:
                continue
            try:
                is_there = await self.recall(cloud, pace, ask=is_there)
            except StudioError as error:
                if error.retryable or (isinstance(error, AccountError) and error.is_of_sign_in):
                    raise
                self._jobs.take_back(cloud)
                self._emit(Notice(title=error.title, message=error.message, hint=error.hint))
                self._tell(cloud.job)

    async def recall(self, cloud: CloudJob, pace: Pace, *, ask: bool = True) -> bool:
        """Take a job back: cancelled where a person asked for that, else queued here. Its credit is released.

        What the service had finished by then costs its credit, so that its result is fetched. False when the service
        could not be asked, or was not to be: it hears of it later.
        """
        try:
            view = await self._withdraw(cloud) if ask else None
            is_heard = ask or cloud.withdrawal is None
        except (AccountError, TimeoutError):
            view, is_heard = None, False
        if view and view.status == "done":
            await self._fetch(dataclasses.replace(cloud, remote_id=view.job_id), view, pace)
            return True
        if cloud.withdrawal and not is_heard:
            self._records.post(cloud.account, CANCEL_CLOUD, cloud.withdrawal)
        self._jobs.take_back(cloud)
        self._tell(cloud.job)
        return is_heard

    async def decide(self, cloud: CloudJob, pace: Pace, *, approved: bool) -> None:
        """Take a doubtful result, which spends the credit, or turn it down, which gives it back."""
        verb = "approve" if approved else "reject"
        answer = await self._session.call("POST", f"/jobs/{cloud.remote_id}/{verb}", key=f"{cloud.key}-{verb}")
        if approved:
            await self._fetch(cloud, read(JobView, answer), pace)
            return
        self._jobs.store.cancel(cloud.job.id)
        self._jobs.take_back(cloud)
        self._tell(cloud.job)

    async def _withdraw(self, cloud: CloudJob) -> JobView | None:
        """How a job stands after it was cancelled; None = the service never had it. Nobody waits for it long.

        Raises AccountError, TimeoutError.
        """
        if cloud.remote_id is None:
            return None
        async with asyncio.timeout(CANCEL_S):
            if cloud.remote_id:
                return read(JobView, await self._session.call("POST", f"/jobs/{cloud.remote_id}/cancel"))
            answer = await self._session.call("POST", "/process/withdraw", json={"order": cloud.key})
            return read(JobView, answer) if answer is not None else None

    async def _move_on(self, cloud: CloudJob, pace: Pace) -> None:
        try:
            if not cloud.remote_id:
                await self._submit(cloud)
                return
            view = read(JobView, await self._session.call("GET", f"/jobs/{cloud.remote_id}"))
            await self._heed(cloud, view, pace)
        except AccountError as error:
            if error.retryable or error.is_of_sign_in:
                raise
            if not self._jobs.has(cloud):
                return  # it was taken back meanwhile, and the service refused it for that
            if error.code == ORDER_WITHDRAWN:  # by a program that was ended before it could put the job back
                self._jobs.take_back(cloud)
                self._tell(cloud.job)
            else:
                self._return_with(cloud, error)
        except StudioError as error:
            failure = Failure(title=error.title, message=error.message, hint=error.hint)
            self._jobs.store.fail(cloud.job.id, CLOUD_WORKER, failure)
            self._jobs.forget(cloud.job.id)
            self._tell(cloud.job)

    async def _submit(self, cloud: CloudJob) -> None:
        photo = cloud.job.shot.front
        await asyncio.to_thread(_check_photo, cloud.job)
        if not self._jobs.note(cloud, remote_id=""):
            return  # it was taken back while others were sent
        kind = mimetypes.guess_type(photo.name)[0] or "application/octet-stream"
        model_type = "human" if cloud.job.recipe.mode is Mode.HUMAN else "invisible"
        form = {"model_type": model_type, "recipe": _recipe(cloud.job.recipe)}
        with photo.open("rb") as stream:
            files = {"file": (photo.name, stream, kind)}
            answer = await self._session.call("POST", "/process", key=cloud.key, data=form, files=files)
        self._jobs.note(cloud, remote_id=read(Submitted, answer).job_id)
        self._tell(cloud.job)

    async def _heed(self, cloud: CloudJob, view: JobView, pace: Pace) -> None:
        if view.status == "done":
            await self._fetch(cloud, view, pace)
        elif view.status == "failed":
            error = view.error
            failure = Failure(
                title=error.title if error else "Cloud rendering failed",
                message=error.message if error else f"The service could not render {cloud.job.shot.front}.",
                hint=(error.hint if error else "") or "No credit was spent. Do it again on this computer.",
            )
            self._jobs.store.fail(cloud.job.id, CLOUD_WORKER, failure)
            self._jobs.forget(cloud.job.id)
            self._tell(cloud.job)
        elif view.status == "cancelled":
            self._jobs.take_back(cloud)
            self._tell(cloud.job)
        elif view.status == "needs_review":
            self._await_decision(cloud)
        else:
            self._progress(cloud, view)

    def _progress(self, cloud: CloudJob, view: JobView) -> None:
        if view.progress != cloud.progress:
            self._jobs.note(cloud, progress=view.progress)
        self._emit(told_of(cloud, view.stage, view.progress))

    def _await_decision(self, cloud: CloudJob) -> None:
        if cloud.progress == IN_REVIEW:
            return
        self._jobs.note(cloud, progress=IN_REVIEW)
        self._emit(
            Notice(
                title="A cloud result is doubtful",
                message=f"{cloud.job.shot.front.name} was rendered by the service, which is not sure of it.",
                hint="Look at it on the page Account: taking it spends the credit, turning it down gives it back. "
                "In a terminal: modamoda account render ID --look, --take or --here",
            )
        )

    async def _fetch(self, cloud: CloudJob, view: JobView, pace: Pace) -> None:
        job = cloud.job
        copy = choose_copy(job, CLOUD_WORKER, self._jobs.store)
        target = with_copy(job.destination, copy)
        final = target.with_name(f"{target.name}.{job.recipe.output.format}")
        report = target.with_name(f"{target.name}.report.json")
        with output_errors(final):
            final.parent.mkdir(parents=True, exist_ok=True)
            part = temporary_beside(final)
            await fetch_part(self._session.client, view.output_url or "", part, None, pace)
            await self._check(cloud, part)
            words = (view.report or {}) | {"ran_on": "cloud"}
            text = json.dumps(words, indent=1, ensure_ascii=False).encode()
            draft = temporary_beside(report)
            write_atomically(draft, text)
            files = (
                ResultFile(path=final, sha256=sha256_of(part)),
                ResultFile(path=report, sha256=sha256_of(draft)),
            )
            refuse_taken(files, job, self._jobs.store)
            if not self._jobs.store.plan(job.id, CLOUD_WORKER, files):
                raise Cancelled
            move_into_place(part, final)
            move_into_place(draft, report)
        self._record(job, files, view.report or {})

    async def _check(self, cloud: CloudJob, part: Path) -> None:
        """Compare what came with what the service keeps, where it still keeps it under this job."""
        async for result in all_results(self._session):
            if result.job_id == cloud.remote_id:
                if await asyncio.to_thread(sha256_of, part) != result.sha256:
                    part.unlink()
                    raise damaged(cloud.job.shot.front.name)
                return

    def _record(self, job: Job, files: tuple[ResultFile, ...], report: dict[str, Any]) -> None:
        confidence = report.get("confidence")
        self._jobs.store.finish(
            job.id,
            CLOUD_WORKER,
            files=files,
            confidence=float(confidence) if isinstance(confidence, int | float) else 0.0,
            warnings=[str(warning) for warning in report.get("warnings", [])],
            needs_review=False,
            models=[str(used["id"]) for used in report.get("models", [])],
        )
        self._jobs.forget(job.id)
        self._tell(job)

    def _return_with(self, cloud: CloudJob, error: AccountError) -> None:
        """The service does not want the job: it is done here, and its owner hears why."""
        self._jobs.take_back(cloud)
        message = f"{cloud.job.shot.front.name} is done on this computer: {error.message}"
        self._emit(Notice(title=error.title, message=message, hint=error.hint))
        self._tell(cloud.job)

    def _tell(self, job: Job) -> None:
        if entry := self._jobs.store.get(job.id):
            self._emit(JobChanged.of(entry))


def _recipe(recipe: Recipe) -> str:
    """The recipe for a computer that has none of this one's files and names."""
    plain = dataclasses.replace(recipe, name="cloud", engine=Engine.AUTO)
    return json.dumps(dataclasses.asdict(plain))


def _check_photo(job: Job) -> None:
    try:
        unchanged = sha256_of(job.shot.front) == job.source_hash
    except OSError as error:
        raise PhotoError(
            "Photo gone", f"{job.shot.front} cannot be read any more.", "Put it back, then do it again."
        ) from error
    if not unchanged:
        raise PhotoError(
            "Photo changed",
            f"{job.shot.front} was changed after it was queued, so that its result would not be the one ordered.",
            "Process it again to work on the photo as it is now.",
        )
