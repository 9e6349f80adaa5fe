"""Errors as RFC 9457 problem documents: what is wrong, which part, and what to do."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"


class ProblemDocument(BaseModel):
    """The body of every error. code is stable and for programs, title and detail are for people."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not enough credits",
                    "status": 402,
                    "code": "insufficient_credits",
                    "detail": "This job needs 1 credit; 0 are available.",
                    "hint": "Buy a package under /api/v1/credits/packages.",
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    hint: str = ""
    errors: list[dict[str, Any]] | None = None


class Problem(Exception):
    """An answer that is an error."""

    def __init__(
        self, status: int, code: str, title: str, detail: str, hint: str = "", *, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.document = ProblemDocument(title=title, status=status, code=code, detail=detail, hint=hint)
        self.headers = headers


def not_found(what: str) -> Problem:
    """The answer for what does not exist and for what belongs to somebody else: nobody learns which."""
    return Problem(404, "not_found", "Not found", f"There is no such {what} in your account.")


def unauthorized(detail: str = "Sign in first.") -> Problem:
    """The answer to nobody."""
    return Problem(401, "unauthorized", "Not signed in", detail, headers={"WWW-Authenticate": "Bearer"})


_TITLES = {
    400: "Bad request",
    401: "Not signed in",
    402: "Not enough credits",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported file",
    416: "Range not satisfiable",
    422: "Not understood",
    426: "Program too old",
    429: "Too many requests",
    502: "Payment service unavailable",
    503: "Unavailable for a moment",
}


_KEY_MISSING = ProblemDocument(
    title="Bad request",
    status=400,
    code="idempotency_key_required",
    detail="This call makes or moves something and needs the header Idempotency-Key.",
    hint="Make a key for each order (a UUID will do) and send the same one when you repeat the same order.",
)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can answer with these problems."""
    return {status: {"description": _TITLES[status], "model": ProblemDocument} for status in statuses}


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""
    app.add_exception_handler(Problem, _answer_problem)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_validation)
    app.add_exception_handler(Exception, _answer_fault)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(kind, _answer_database)


def answer(document: ProblemDocument, headers: dict[str, str] | None = None) -> JSONResponse:
    """The document as a response."""
    return JSONResponse(document.model_dump(exclude_none=True), document.status, headers, MEDIA_TYPE)


def _answer_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return answer(error.document, error.headers)


def _answer_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    title = _TITLES.get(error.status_code, "Error")
    code = "unauthorized" if error.status_code == 401 else title.lower().replace(" ", "_")
    return answer(
        ProblemDocument(title=title, status=error.status_code, code=code, detail=str(error.detail)),
        dict(error.headers or {}),
    )


def _answer_validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    if any(entry["loc"] == ("header", "idempotency-key") and entry["type"] == "missing" for entry in error.errors()):
        return answer(_KEY_MISSING)
    errors = [
        {"where": ".".join(str(part) for part in entry["loc"]), "message": entry["msg"]} for entry in error.errors()
    ]
    detail = "; ".join(f"{entry['where']}: {entry['message']}" for entry in errors[:5])
    return answer(ProblemDocument(title="Not understood", status=422, code="invalid", detail=detail, errors=errors))


def _answer_fault(request: Request, error: Exception) -> JSONResponse:
    """Our own fault; the trace goes to the log, past this answer."""
    return answer(
        ProblemDocument(title="Our fault", status=500, code="fault", detail="Something went wrong here. It was logged.")
    )


def _answer_database(request: Request, error: Exception) -> JSONResponse:
    document = ProblemDocument(
        title="Unavailable for a moment",
        status=503,
        code="unavailable",
        detail="The database does not answer.",
        hint="Try again in a few seconds.",
    )
    return answer(document, {"Retry-After": "5"})
