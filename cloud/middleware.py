"""What happens around every request: a name for it, its log line, its metrics, its size limit, its security headers."""

import json
import logging
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cloud.metrics import Metrics

ACCESS = logging.getLogger("cloud.access")
SMALL_BODY_BYTES = 2**20
LARGE_BODIES = ("/api/v1/process", "/api/v1/backgrounds", "/api/v1/results/uploads/")
_EXTRA_FIELDS = ("request_id", "method", "endpoint", "status", "seconds", "job_id", "attempt")
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Around:
    """The outermost layer of the application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        max_upload_bytes: int,
        secure: bool,
        is_known: Callable[[str], bool],
    ) -> None:
        """is_known: whether an access token is one of this service's; only with such a one a large body is read."""
        self._app = app
        self._is_known = is_known
        self._metrics = metrics
        self._max_upload_bytes = max_upload_bytes
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        started = time.perf_counter()
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(MutableHeaders(scope=message), request_id)
            await send(message)

        self._metrics.active.inc()
        try:
            await self._app(scope, self._limited(scope, receive), send_with_headers)
        finally:
            self._metrics.active.dec()
            self._note(scope, request_id, status, time.perf_counter() - started)

    def _add_headers(self, headers: MutableHeaders, request_id: str) -> None:
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Request-ID"] = request_id
        if self._secure:
            headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """`receive`, until more bytes have come than this path may take."""
        headers = Headers(scope=scope)
        is_large = scope["path"].startswith(LARGE_BODIES)
        # A body is read before anybody asks whose it is: nobody in particular may send no more than a small one.
        is_nobodys = is_large and not self._is_known(headers.get("authorization", "").removeprefix("Bearer "))
        limit = self._max_upload_bytes + SMALL_BODY_BYTES if is_large and not is_nobodys else SMALL_BODY_BYTES
        announced = headers.get("content-length", "")
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = {} if announced.isdigit() and int(announced) > limit else await receive()
            received += len(message.get("body", b""))
            if not message or received > limit:
                raise _too_large(limit, is_nobodys=is_nobodys)
            return message

        return limited

    def _note(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        """Count and log by the route's template: neither keys nor addresses of people get into labels and logs."""
        endpoint = _template(scope)
        self._metrics.requests.labels(scope["method"], endpoint, str(status)).inc()
        self._metrics.latency.labels(scope["method"], endpoint).observe(seconds)
        words = {
            "request_id": request_id,
            "method": scope["method"],
            "endpoint": endpoint,
            "status": status,
            "seconds": round(seconds, 4),
        }
        ACCESS.info("request", extra=words)


def _too_large(limit: int, *, is_nobodys: bool) -> HTTPException:
    if is_nobodys:
        return HTTPException(401, "Sign in first.", {"WWW-Authenticate": "Bearer"})
    return HTTPException(413, f"A request here may have {limit} bytes.")


def _template(scope: Scope) -> str:
    """The path with the names of its parameters instead of their values; `unknown` where no route answered."""
    if scope.get("route") is None and not scope.get("path_params"):
        return "unknown"
    path: str = scope["path"]
    for name, value in scope.get("path_params", {}).items():
        path = path.replace(f"/{value}", f"/{{{name}}}", 1)
    return path


class JsonLines(logging.Formatter):
    """One JSON object a line, with a fixed set of fields: what is not listed does not get into the logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line of JSON."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {
            name: str(value) if name == "job_id" else value
            for name in _EXTRA_FIELDS
            if (value := getattr(record, name, None)) is not None
        }
        if record.exc_info:
            line["trace"] = _impersonal(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _impersonal(trace: str) -> str:
    """A trace without PostgreSQL's details, which quote the values of a row."""
    return "\n".join(line for line in trace.splitlines() if not line.startswith("DETAIL:"))


def log_as_json(level: int = logging.INFO) -> None:
    """Send every log of this process to standard error as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("uvicorn.access", "botocore", "boto3", "urllib3", "stripe", "kombu", "alembic.runtime.plugins"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
