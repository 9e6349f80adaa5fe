"""The Celery task that renders one shot: queues, limits, and the call of the engine. Shared by farm and cloud."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.model import Recipe, ResultFile, Shot

TASK_NAME = "modamoda.render"
QUEUES = {"high": "high_priority", "default": "default", "low": "low_priority"}
MAX_RETRIES = 3
ReportProgress = Callable[[str, float], None]
Work = Callable[[str, ReportProgress], dict[str, Any]]


class Again(Exception):
    """A run failed in a way that another one may not; it is to be repeated after `delay_s` seconds."""

    def __init__(self, delay_s: float) -> None:
        super().__init__(f"again in {delay_s} s")
        self.delay_s = delay_s


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What a run made: the deliverable, its measured report, and whether a person should look at it first."""

    file: ResultFile
    report: dict[str, Any]
    needs_review: bool


def make_app(broker_url: str, *, limit_s: int, with_results: bool = True) -> Any:
    """A Celery app that sends and runs this task. A run is ended softly after `limit_s` seconds, hard 30 s later.

    The task is acknowledged after it ended and given to another worker when its own dies, so it must be idempotent:
    whoever runs it decides by the job's own state whether there is anything to do.

    with_results: progress and answers go through the broker too. A sender that never reads them does without, and so
    without a connection that must not break.
    """
    from celery import Celery
    from kombu.entity import Queue

    app = Celery("modamoda", broker=broker_url, backend=broker_url if with_results else None)
    app.conf.update(
        task_queues=[Queue(name, routing_key=name) for name in QUEUES.values()],
        task_default_queue=QUEUES["default"],
        task_serializer="json",
        result_serializer="json",
        accept_content=["json"],
        result_expires=86_400,
        worker_prefetch_multiplier=1,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_track_started=True,
        task_soft_time_limit=limit_s,
        task_time_limit=limit_s + 30,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "queue_order_strategy": "priority",
            "visibility_timeout": limit_s + 60,
            "socket_connect_timeout": 3,
            "socket_timeout": 30,
        },
        redis_socket_connect_timeout=3,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_hijack_root_logger=False,
    )
    return app


def register(app: Any, work: Work, **options: Any) -> Any:
    """Make `work(job_id, report_progress)` the app's task; its plain-data answer is the task's result.

    options: further attributes of the Celery task.
    """

    def run(task: Any, job_id: str) -> dict[str, Any]:
        def report(stage: str, fraction: float) -> None:
            task.update_state(state="PROGRESS", meta={"progress": round(100 * fraction), "stage": stage})

        try:
            return work(job_id, report)
        except Again as again:
            raise task.retry(exc=again, countdown=again.delay_s) from again

    return app.task(run, name=TASK_NAME, bind=True, max_retries=MAX_RETRIES, **options)


def send(app: Any, job_id: str, *, task_id: str, priority: str, delay_s: float = 0) -> None:
    """Put a job into its queue; priority is a key of QUEUES. Fails at once when the broker is away."""
    send_to(app, job_id, task_id=task_id, queue=QUEUES[priority], delay_s=delay_s)


def send_to(app: Any, job_id: str, *, task_id: str, queue: str, delay_s: float = 0) -> None:
    """Put a job into a queue by its name. Fails at once when the broker is away."""
    app.send_task(
        TASK_NAME,
        (job_id,),
        task_id=task_id,
        queue=queue,
        countdown=delay_s or None,
        retry=False,
        ignore_result=False,
    )


def render(
    shot: Shot, recipe: Recipe, folder: Path, *, seed: int, progress: ReportProgress, cancelled: Callable[[], bool]
) -> Rendered:
    """Run the engine on a shot; the files stand in `folder`. Raises StudioError or Cancelled."""
    from studio.engine import pipeline
    from studio.engine.stage import StageContext

    context = StageContext(
        recipe=recipe,
        seed=seed,
        destination=folder / "result",
        review_destination=folder / "review",
        progress=progress,
        cancelled=cancelled,
    )
    frame = pipeline.run(shot, context)
    files = {file.path.name.split(".", 1)[1]: file for file in frame.files}
    report = json.loads(files["report.json"].path.read_text(encoding="utf-8"))
    return Rendered(file=files[recipe.output.format.value], report=report, needs_review=frame.needs_review(recipe))
