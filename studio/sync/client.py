"""The client of the account service: one HTTP connection, one way to call, every answer checked."""

import asyncio
import os
import platform
import random
import secrets
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from studio import __version__
from studio.errors import NetworkError, UsageError
from studio.sync.failing import check, service_errors
from studio.sync.wire import not_understood

SERVICE_URL = "https://account.modamoda.studio"
API = "/api/v1"
TIMEOUT = httpx.Timeout(20.0, connect=10.0)
LIMITS = httpx.Limits(max_connections=4, max_keepalive_connections=2)
TRIES = 4
FIRST_PAUSE_S = 0.4
LONGEST_PAUSE_S = 5.0
LARGEST_ANSWER_BYTES = 16 * 2**20
LOOPBACK = ("127.0.0.1", "::1", "localhost")

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the service is and how it is reached. proxy: None = what the environment says. ca_file: trusted besides."""

    url: str = SERVICE_URL
    proxy: str | None = None
    ca_file: Path | None = None

    @classmethod
    def of_environment(cls) -> Self:
        """MODAMODA_ACCOUNT_URL, MODAMODA_PROXY (else HTTPS_PROXY and its kin) and MODAMODA_CA_FILE."""
        ca_file = os.environ.get("MODAMODA_CA_FILE")
        return cls(
            url=os.environ.get("MODAMODA_ACCOUNT_URL", SERVICE_URL).rstrip("/"),
            proxy=os.environ.get("MODAMODA_PROXY"),
            ca_file=Path(ca_file) if ca_file else None,
        )

    @property
    def host(self) -> str:
        """The service's host, for sentences."""
        return httpx.URL(self.url).host

    @property
    def is_local(self) -> bool:
        """Whether it is a service of this very computer, for development: that one needs no encryption."""
        return self.host in LOOPBACK


class Client:
    """Calls the service. Raises AccountError and NetworkError, never anything of httpx.

    transport: what carries the requests, None = the network. sleep: how to wait between two tries.
    """

    def __init__(
        self, address: Address, *, transport: httpx.AsyncBaseTransport | None = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self.address = address
        self.sleep = sleep
        _check_address(address)
        self._http = httpx.AsyncClient(
            base_url=address.url,
            transport=transport,
            proxy=None if transport else address.proxy,
            verify=True if transport or address.url.startswith("http:") else _trust(address.ca_file),
            timeout=TIMEOUT,
            limits=LIMITS,
            follow_redirects=False,
            headers={"User-Agent": user_agent(), "Accept": "application/json"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        **words: Any,
    ) -> Any:
        """The JSON of an answer, None where there is none; tried again with the same key while the network fails.

        key: the Idempotency-Key; a call that changes something gets one of its own where none is given.
        """
        sent = dict(headers or {})
        if method != "GET":
            sent["Idempotency-Key"] = key or secrets.token_hex(16)
        if token:
            sent["Authorization"] = f"Bearer {token}"
        for attempt in range(TRIES):
            try:
                return await self._once(method, f"{API}{path}", headers=sent, **words)
            except NetworkError as error:
                if not error.retryable or attempt == TRIES - 1:
                    raise
            await self.sleep(pause_s(attempt))
        raise AssertionError("the last try returns or raises")

    @asynccontextmanager
    async def download(self, url: str, *, first_byte: int = 0) -> AsyncGenerator[httpx.Response]:
        """An open answer of a signed address; no secret of the account is sent there. Raises NetworkError."""
        place = httpx.URL(url)
        if place.scheme != "https" and not (self.address.is_local and place.host in LOOPBACK):
            raise NetworkError(
                "Connection not safe",
                f"The file is offered by {place.host} over a connection that is not encrypted.",
                "Try again later.",
            )
        headers = {"Range": f"bytes={first_byte}-"} if first_byte else {}
        with service_errors(place.host):
            async with self._http.stream("GET", url, headers=headers) as response:
                if not response.is_success:
                    await response.aread()
                check(response, place.host)
                yield response

    async def _once(self, method: str, path: str, **words: Any) -> Any:
        host = self.address.host
        with service_errors(host):
            async with self._http.stream(method, path, **words) as response:
                body = await _read(response)
        # The answer once more, with its body: one that was streamed cannot be asked for its JSON.
        answer = httpx.Response(response.status_code, headers=_plain(response.headers), content=body)
        check(answer, host)
        if response.status_code == 204 or not body:
            return None
        try:
            return answer.json()
        except ValueError as error:
            raise not_understood() from error


def user_agent() -> str:
    """What the service is told of this program: its version, the system, nothing of the person."""
    return (
        f"ModamodaStudio/{__version__} ({platform.system()} {platform.machine()}; Python {platform.python_version()})"
    )


def pause_s(attempt: int) -> float:
    """How long to wait before the try after number `attempt` (from 0): doubling, and never two programs in step."""
    return random.uniform(0.5, 1.0) * min(FIRST_PAUSE_S * 2**attempt, LONGEST_PAUSE_S)


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for block in response.aiter_bytes():
        body += block
        if len(body) > LARGEST_ANSWER_BYTES:
            raise not_understood()
    return bytes(body)


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """Headers of a body that has been decoded already."""
    return {name: value for name, value in headers.items() if name not in ("content-encoding", "content-length")}


def _check_address(address: Address) -> None:
    try:
        url = httpx.URL(address.url)
        fine = bool(url.host) and (url.scheme == "https" or (url.scheme == "http" and address.is_local))
    except httpx.InvalidURL:
        fine = False
    if not fine:
        raise UsageError(
            "Address not usable",
            f"{address.url} is not an https address of an account service.",
            "Correct MODAMODA_ACCOUNT_URL, or remove it.",
        )


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """What the system trusts, what browsers trust, and one's own."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise UsageError(
                "Certificate not readable", f"{ca_file} holds no certificate.", "Correct MODAMODA_CA_FILE."
            ) from error
    return context
