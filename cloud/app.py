"""The application: everything wired together, and the OpenAPI document."""

import contextlib
import functools
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from cloud import problems
from cloud.api import (
    account,
    auth,
    catalogue,
    credits,
    jobs,
    licences,
    operations,
    pages,
    recovery,
    recovery_pages,
    results,
    tenant,
)
from cloud.api.wiring import served_app
from cloud.limiting import Limiter
from cloud.metrics import Metrics
from cloud.middleware import Around
from cloud.queues import Keeper, Queue, make_queue
from cloud.services import Services
from cloud.standin import StandIn

VERSION = "1.0.0"
DESCRIPTION = """The account service of Modamoda Studio: sign-in, credits, payments, licences, results, cloud rendering.

Errors are problem documents (RFC 9457) whose `code` is stable. Calls that change something take an `Idempotency-Key`:
repeated with the same key and content they are not done twice and get the first answer again."""


def make_app(services: Services, queue: Queue | None = None) -> FastAPI:
    """The application on these services. queue: None = the one of the settings; it is closed with the application."""
    app = FastAPI(
        title="Modamoda account service",
        version=VERSION,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lambda _: _lifespan(app, services, queue),
    )
    app.state.services = services
    app.state.limiter = Limiter(services.settings.redis_url)
    app.state.metrics = Metrics(services.database)
    app.router.routes.extend(_routes())
    problems.install(app)
    app.add_middleware(
        Around,
        metrics=app.state.metrics,
        max_upload_bytes=services.settings.max_upload_bytes,
        secure=services.settings.public_url.startswith("https://"),
        is_known=services.tokens.is_ours,
    )
    app.openapi = lambda: _openapi(app)
    if services.settings.plays_payments:
        app.mount("/development/stripe", _standin(services).app)
    return app


@functools.cache
def _routes() -> list[BaseRoute]:
    """The routes, made once: they know nothing of the services, and making them takes longer than most requests."""
    router = APIRouter()
    served = {"dependencies": [Depends(served_app)], "responses": problems.documented(426)}
    for part in (auth, recovery, account, tenant, credits, jobs, results, catalogue, licences):
        router.include_router(part.router, prefix="/api/v1", **served)
    router.include_router(operations.router)
    router.include_router(operations.router, prefix="/api/v1", include_in_schema=False)
    router.include_router(pages.router)
    router.include_router(recovery_pages.router)
    return router.routes


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI, services: Services, queue: Queue | None) -> AsyncIterator[None]:
    app.state.queue = queue or make_queue(services)
    keeper = Keeper(services, app.state.queue)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()
        app.state.queue.close()


def _standin(services: Services) -> StandIn:
    here = services.settings.public_url
    return StandIn(
        base_url=f"{here}/development/stripe",
        webhook_url=f"{here}/api/v1/webhooks/stripe",
        webhook_secret=services.settings.secret("stripe_webhook_secret"),
        file=services.settings.home / "payments.json",
    )


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The document, with problem documents where FastAPI would put its own errors."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for path in document["paths"].values():
            for operation in path.values():
                if "requestBody" in operation:
                    operation["responses"] |= {str(status): _problem(status) for status in (400, 413)}
                _retype_errors(operation["responses"])
        for name in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(name, None)
        app.openapi_schema = document
    return app.openapi_schema


def _problem(status: int) -> dict[str, Any]:
    """What any call with a body may be answered: a body that is no JSON or form, or too large a one."""
    return {
        "description": HTTPStatus(status).phrase,
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }


def _retype_errors(responses: dict[str, Any]) -> None:
    for response in responses.values():
        content = response.get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if schema.get("$ref", "").endswith(("/ProblemDocument", "/HTTPValidationError")):
            del content["application/json"]
            content[problems.MEDIA_TYPE] = {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
