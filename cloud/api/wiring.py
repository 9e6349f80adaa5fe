"""What routes ask for: the services, the limiter, the queue, and who is behind the request."""

import ipaddress
import re
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from cloud.identity import Principal
from cloud.limiting import Limiter
from cloud.problems import Problem, unauthorized
from cloud.queues import Queue
from cloud.services import Services

_APP = re.compile(r"\bModamodaStudio/(\d{1,9}(?:\.\d{1,9}){0,5})")
_bearer = HTTPBearer(
    auto_error=False, description="The access token of POST /api/v1/auth/sign-in or /api/v1/auth/token."
)


def _services(request: Request) -> Services:
    return request.app.state.services


def _limiter(request: Request) -> Limiter:
    return request.app.state.limiter


def _queue(request: Request) -> Queue:
    return request.app.state.queue


def _principal(
    services: Annotated[Services, Depends(_services)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Principal:
    if credentials is None:
        raise unauthorized()
    with services.database.read() as session:
        principal = services.tokens.principal(session, credentials.credentials)
    if principal is None:
        raise unauthorized("The access token is invalid, expired or signed out; refresh it or sign in again.")
    return principal


def served_app(request: Request, services: Annotated[Services, Depends(_services)]) -> None:
    """Refuse versions of the desktop app that this service does not speak with any more; others are not asked."""
    oldest = services.settings.oldest_app
    told = _APP.search(request.headers.get("user-agent", ""))
    if told is not None and _numbers(told[1]) < _numbers(oldest):
        raise Problem(
            426,
            "app_too_old",
            "Program too old",
            f"This service speaks with Modamoda Studio {oldest} and newer; this is {told[1]}.",
            "Update the program.",
            headers={"Upgrade": f"ModamodaStudio/{oldest}"},
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def client_address(request: Request) -> str:
    """The address of the client, as the trusted proxies tell it; of IPv6 its /64 network."""
    host = request.client.host if request.client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network(f"{host}/64", strict=False))


WithServices = Annotated[Services, Depends(_services)]
WithLimiter = Annotated[Limiter, Depends(_limiter)]
WithQueue = Annotated[Queue, Depends(_queue)]
SignedIn = Annotated[Principal, Depends(_principal)]
_KEY = Header(
    min_length=8,
    max_length=255,
    pattern=r"^[\x21-\x7e]+$",
    description="A key you make for each order. The same key with the same request gets the first answer again.",
)
IdempotencyHeader = Annotated[str, _KEY]
OptionalIdempotencyHeader = Annotated[str | None, _KEY]
