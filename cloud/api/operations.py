"""For those who run the service: is it alive, is it ready, what does it count."""

from collections.abc import Callable
from hmac import compare_digest
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import SQLAlchemyError

from cloud.api.wiring import WithQueue, WithServices
from cloud.problems import documented, unauthorized
from cloud.queues import QueueUnavailable

router = APIRouter(tags=["operations"])


class Live(BaseModel):
    """The process answers."""

    status: str = "ok"


class Health(BaseModel):
    """Whether each neighbour answers; status is `ok` when all of them do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"status": "ok", "dependencies": {"database": "ok", "queue": "ok", "objects": "ok"}}]
        }
    )
    status: str
    dependencies: dict[str, str]


@router.get("/health/live")
def live() -> Live:
    """The process answers; restart it when it does not."""
    return Live()


@router.get("/health", responses={503: {"model": Health, "description": "A neighbour does not answer."}})
@router.get("/health/ready", responses={503: {"model": Health, "description": "A neighbour does not answer."}})
def ready(response: Response, services: WithServices, queue: WithQueue) -> Health:
    """Whether every neighbour answers; send no requests here while one does not."""
    checks: dict[str, Callable[[], None]] = {
        "database": services.database.check,
        "queue": queue.check,
        "objects": services.objects.check,
    }
    found = {name: _state(check) for name, check in checks.items()}
    is_ready = all(state == "ok" for state in found.values())
    response.status_code = 200 if is_ready else 503
    return Health(status="ok" if is_ready else "unavailable", dependencies=found)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus' text format."}} | documented(401),
)
def metrics(request: Request, services: WithServices, authorization: Annotated[str, Header()] = "") -> Response:
    """The metrics; outside development only with `Authorization: Bearer <metrics_token>`."""
    token = services.settings.metrics_token.get_secret_value()
    if token and not compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        raise unauthorized("Metrics need their own token.")
    return Response(request.app.state.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except (SQLAlchemyError, QueueUnavailable, OSError):
        return "unavailable"
    return "ok"
