"""Where jobs are rendered: one run of one job, called by a Celery worker or by a thread of the embedded service.

This is the only module of the service that knows the studio's engine.
"""

import contextlib
import json
import logging
import re
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from cloud import alive, jobs, pictures
from cloud.kinds import JobStatus, ModelType
from cloud.services import Services, open_services
from cloud.settings import Settings
from cloud.tables import Background, Job, Pose
from studio.errors import Cancelled, RecipeError, StudioError
from studio.farm import tasks
from studio.model import Format, Recipe, Shot

LOG = logging.getLogger(__name__)
HEARTBEATS_PER_LEASE = 5
PATIENCE_S = 180
FORMATS = (Format.PNG, Format.JPG, Format.TIFF, Format.WEBP)
PLAIN_WORDS = re.compile(r"#?[\w ,()+-]*")
T = TypeVar("T")


def queue_name(priority: str) -> str:
    """The name of the Celery queue for a priority."""
    return tasks.QUEUES[priority]


def make_client(settings: Settings) -> Any:
    """A Celery app that only sends."""
    return tasks.make_app(settings.redis_url, limit_s=settings.job_limit_s, with_results=False)


def send(app: Any, job_id: str, *, task_id: str, priority: str, delay_s: float) -> None:
    """Put a job into its Celery queue."""
    tasks.send(app, job_id, task_id=task_id, priority=priority, delay_s=delay_s)


def make_worker_app(settings: Settings) -> Any:
    """A Celery app whose workers render; each child process opens the services for itself."""
    app = tasks.make_app(settings.redis_url, limit_s=settings.job_limit_s)
    opened: list[Services] = []

    def work(job_id: str, report: tasks.ReportProgress) -> dict[str, Any]:
        if not opened:
            opened.append(contextlib.ExitStack().enter_context(open_services(settings)))
        return run(opened[0], job_id, _forgiving(report))

    tasks.register(app, work)
    alive.watch(app, settings.alive_file)
    return app


def run_once(services: Services, job_id: str) -> float | None:
    """Run a job; after how many seconds it is to be repeated, None = never."""
    try:
        run(services, job_id, lambda stage, fraction: None)
    except tasks.Again as again:
        return again.delay_s
    return None


def run(services: Services, job_id: str, report: tasks.ReportProgress) -> dict[str, Any]:
    """Run a job if it waits to be run, and say how it stands. Raises Again when it is to be repeated."""
    lease_s = services.settings.lease_s
    job = _patiently(services, lambda session: jobs.claim(session, uuid.UUID(job_id), lease_s))
    if job is None:
        return {"status": "not_queued"}
    LOG.info("job started", extra={"job_id": job_id, "attempt": job.attempts})
    status = _attempt(services, job, report)
    LOG.info("job ended", extra={"job_id": job_id, "status": status})
    if status is JobStatus.QUEUED:
        raise tasks.Again(_delay_s(services, job))
    return {"status": str(status)}


def _attempt(services: Services, job: Job, report: tasks.ReportProgress) -> JobStatus | None:
    """One run of a claimed job: the status it left behind, None = it had lost its job meanwhile."""
    pulse = _Pulse(services, job, report)
    try:
        with pulse, tempfile.TemporaryDirectory(prefix="modamoda-") as folder:
            output = _render(services, job, Path(folder), pulse)
        finished = _patiently(services, lambda session: jobs.finish(session, job, output))
        if not finished:
            return _discarded(services, job, output)
        return JobStatus.NEEDS_REVIEW if output.needs_review else JobStatus.DONE
    except Cancelled:
        return _stopped(services, job, pulse)
    except StudioError as error:
        fault = jobs.Fault(title=error.title, message=_public(error.message, job), hint=error.hint)
        retry_s = _delay_s(services, job) if error.retryable else None
    except pictures.BadPicture as error:
        fault, retry_s = jobs.Fault(title="Photo not readable", message=f"{job.photo_name}: {error}."), None
    except Exception:
        LOG.exception("A run failed", extra={"job_id": str(job.id)})
        if pulse.is_late:
            return _stopped(services, job, pulse)
        fault = jobs.Fault(
            title="Rendering failed",
            message=f"{job.photo_name} could not be rendered.",
            hint="Your credit was given back.",
        )
        retry_s = _delay_s(services, job)
    return _patiently(services, lambda session: jobs.give_up(session, job, fault, retry_s=retry_s))


def _stopped(services: Services, job: Job, pulse: "_Pulse") -> JobStatus | None:
    if pulse.is_late:
        fault = jobs.Fault(
            title="Rendering took too long",
            message=f"{job.photo_name} was not finished in {services.settings.job_limit_s} s.",
        )
        return _patiently(services, lambda session: jobs.give_up(session, job, fault, retry_s=None))
    return JobStatus.CANCELLED if _patiently(services, lambda session: jobs.stop(session, job)) else None


def _discarded(services: Services, job: Job, output: jobs.Output) -> JobStatus | None:
    """Throw away what nobody wants any more.

    Not what this very run recorded: a database that goes away may have committed before it could say so.
    """
    stopped = _patiently(services, lambda session: jobs.stop(session, job))
    recorded = _patiently(services, lambda session: session.get_one(Job, job.id, populate_existing=True))
    if recorded.output_key == output.key:
        return recorded.status
    services.objects.delete(output.key)
    services.objects.delete(output.preview_key)
    return JobStatus.CANCELLED if stopped else None


def _render(services: Services, job: Job, folder: Path, pulse: "_Pulse") -> jobs.Output:
    started = time.monotonic()
    photo = folder / _photo_name(job)
    services.objects.fetch(job.input_key, photo)
    recipe = _recipe(services, job, folder)
    _refuse_others(recipe)
    _refuse_giants(services, recipe, photo)
    made = tasks.render(
        Shot(front=photo), recipe, folder, seed=_seed(job), progress=pulse.report, cancelled=pulse.is_over
    )
    return _store(services, job, made, folder, started)


def _store(services: Services, job: Job, made: tasks.Rendered, folder: Path, started: float) -> jobs.Output:
    max_pixels = max(services.settings.max_made_pixels, services.settings.max_pixels)
    picture = pictures.inspect(made.file.path, max_pixels=max_pixels)
    preview = folder / "preview.jpg"
    pictures.write_preview(made.file.path, preview, max_pixels=max_pixels)
    # Of this run alone: another one with the same content may be thrown away at any moment.
    place = f"tenants/{job.tenant_id}/results/{job.user_id}/{job.id}-{uuid.uuid4().hex[:12]}"
    output = jobs.Output(
        key=f"{place}{made.file.path.suffix}",
        preview_key=f"{place}.preview.jpg",
        sha256=made.file.sha256,
        bytes=made.file.path.stat().st_size,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        report=made.report | {"photo": job.photo_name},
        needs_review=made.needs_review,
        seconds=round(time.monotonic() - started, 3),
    )
    services.objects.put(output.key, made.file.path, output.content_type)
    services.objects.put(output.preview_key, preview, "image/jpeg")
    return output


def _recipe(services: Services, job: Job, folder: Path) -> Recipe:
    """The job's recipe with its pose and background; nothing in it may name a file of this machine."""
    wanted = dict(job.recipe)
    wanted["mode"] = wanted.get("mode", "invisible") if job.model_type is ModelType.INVISIBLE else "human"
    with services.database.read() as session:
        if job.model_type is ModelType.HUMAN:
            pose = session.get(Pose, job.pose_id) if job.pose_id else None
            wanted["figure"] = (wanted.get("figure") or {}) | ({"pose": pose.name} if pose else {})
        background = session.get(Background, job.background_id) if job.background_id else None
    compose = wanted.get("compose") or {}
    wanted["output"] = (wanted.get("output") or {}) | {"name": "result", "layers": False}
    _refuse_paths(wanted, compose)
    if background is not None:
        wanted["compose"] = compose | {"background": background.colour or _backdrop(services, background, folder)}
    return Recipe.from_json(json.dumps(wanted))


def _refuse_paths(recipe: dict[str, Any], compose: dict[str, Any]) -> None:
    """Raise RecipeError for a text that could name a file: on a photographer's computer several fields take paths."""
    background = str(compose.get("background", "transparent"))
    is_colour = background == "transparent" or background.startswith("#")
    if is_colour and all(PLAIN_WORDS.fullmatch(text) for text in _texts(recipe)):
        return
    raise RecipeError(
        "Recipe not understood",
        "A cloud recipe cannot name files, neither as background nor as pose.",
        "Upload the picture as a background and send its background_id; choose a pose by its pose_id.",
    )


def _refuse_others(recipe: Recipe) -> None:
    """Raise RecipeError for files that are not handed over: other kinds, and those of sales channels."""
    output = recipe.output
    if output.format not in FORMATS or output.layered or output.templates:
        raise RecipeError(
            "Not made here",
            "A cloud recipe makes one PNG, JPEG, TIFF or WebP file without layers.",
            "Render files for sales channels, PSD and AVIF on your own computer.",
        )


def _refuse_giants(services: Services, recipe: Recipe, photo: Path) -> None:
    """Raise RecipeError for a picture too large to be made here: it would end the worker, and others' jobs with it."""
    most, times = services.settings.max_made_pixels, recipe.enhance.scale
    if recipe.compose.size is None and times == 1:
        return
    width, height = recipe.compose.size or _size(photo, services.settings.max_pixels)
    if width * height * times**2 > most:
        raise RecipeError(
            "Picture too large",
            f"{width * times} x {height * times} pixels are more than the {most // 10**6} megapixels made here.",
            "Ask for a smaller picture, or render it on your own computer.",
        )


def _size(photo: Path, max_pixels: int) -> tuple[int, int]:
    picture = pictures.inspect(photo, max_pixels=max_pixels)
    return picture.width, picture.height


def _texts(value: Any) -> Iterator[str]:
    """Every text in plain data."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)


def _backdrop(services: Services, background: Background, folder: Path) -> str:
    target = folder / "backdrop.png"
    services.objects.fetch(background.object_key or "", target)
    return str(target)


def _seed(job: Job) -> int:
    return job.id.int % 2**31


def _delay_s(services: Services, job: Job) -> float:
    return services.settings.retry_delay_s * 2 ** (job.attempts - 1)


def _public(message: str, job: Job) -> str:
    """A message without the paths of this machine: the photo is called what its owner calls it."""
    ours = re.escape(_photo_name(job))
    return re.sub(rf"\S*modamoda-\S*|(?<!\S){ours}\b", lambda _: job.photo_name, message)


def _photo_name(job: Job) -> str:
    """What a photo is called while it is worked on."""
    return f"photo{Path(job.input_key).suffix}"


def _forgiving(report: tasks.ReportProgress) -> tasks.ReportProgress:
    """Progress that is lost with the result backend rather than a run: the database has it too."""
    from kombu.exceptions import OperationalError as QueueError
    from redis import RedisError

    def tell(stage: str, fraction: float) -> None:
        with contextlib.suppress(RedisError, QueueError, OSError):
            report(stage, fraction)

    return tell


def _patiently(services: Services, step: Callable[[Session], T]) -> T:
    """Run `step` in a transaction, again for minutes while the database is away: finished work is not lost."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            with services.database.write() as session:
                return step(session)
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            time.sleep(2)


class _Pulse:
    """Says from a thread that a run is alive and how far it is, and learns whether it should stop."""

    def __init__(self, services: Services, job: Job, report: tasks.ReportProgress) -> None:
        self._services = services
        self._job = job
        self._tell = report
        self._deadline = time.monotonic() + services.settings.job_limit_s
        self._stage, self._fraction = "", 0.0
        self._ended = threading.Event()
        self._unwanted = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse-{job.id}", daemon=True)

    def __enter__(self) -> "_Pulse":
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._ended.set()
        self._thread.join(timeout=30)

    @property
    def is_late(self) -> bool:
        """Whether the run has used up its time."""
        return time.monotonic() > self._deadline

    def report(self, stage: str, fraction: float) -> None:
        """Note how far the run is, 0..1."""
        if stage != self._stage:
            self._tell(stage, fraction)
        self._stage, self._fraction = stage, fraction

    def is_over(self) -> bool:
        """Whether the run should stop: cancelled, taken over, or out of time."""
        return self._unwanted.is_set() or self.is_late

    def _beat(self) -> None:
        lease_s = self._services.settings.lease_s
        while not self._ended.wait(min(lease_s / HEARTBEATS_PER_LEASE, 2)):
            progress = min(round(100 * self._fraction), 99)
            with contextlib.suppress(OperationalError, InterfaceError), self._services.database.write() as session:
                if not jobs.beat(session, self._job, progress=progress, stage=self._stage, lease_s=lease_s):
                    self._unwanted.set()
