"""What an account meets in tests: a person with a browser, secrets in memory, a computer, a clock, a faulty network."""

import random
from dataclasses import dataclass, field

import httpx

from studio.sync.credentials import Secrets
from studio.sync.device import Machine

HERE = Machine(system="a1b2c3", network="001122334455", name="studio", processor="model name: one")
ELSEWHERE = Machine(system="ffffff", network="aabbccddeeff", name="studio", processor="model name: one")


class Memory:
    """Credentials that live as long as the test; the real keyring has tests of its own."""

    def __init__(self) -> None:
        self.held: Secrets | None = None

    def load(self) -> Secrets | None:
        return self.held

    def save(self, secrets: Secrets) -> None:
        self.held = secrets

    def delete(self) -> None:
        self.held = None


async def no_waiting(_seconds: float) -> None:
    """Sleep for no time: tests do not wait for back-off."""


FAULTS = ("lost-request", "lost-answer", "twice", "cut", "late", "unavailable")


@dataclass
class Faults:
    """Which request of a flow meets which fault; counted over all connections. at: None = none does."""

    kind: str = "lost-answer"
    at: int | None = None
    every: bool = False
    chance: float = 0.0
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    seen: int = 0
    held: list[httpx.Request] = field(default_factory=list[httpx.Request])

    def strike(self) -> str:
        """The fault of the next request, "" = none."""
        place, self.seen = self.seen, self.seen + 1
        if self.every or self.at == place:
            return self.kind
        if self.chance and self.dice.random() < self.chance:
            return self.dice.choice(FAULTS)
        return ""


class Faulty(httpx.AsyncBaseTransport):
    """A network between the app and the service that loses, repeats, cuts and reorders."""

    def __init__(self, beyond: httpx.AsyncBaseTransport, faults: Faults) -> None:
        self._beyond = beyond
        self._faults = faults

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        fault = self._faults.strike()
        if fault == "lost-request":
            raise httpx.ConnectError("lost on its way there", request=request)
        if fault == "unavailable":
            return httpx.Response(503, json={"code": "unavailable", "title": "", "detail": ""}, request=request)
        body = await request.aread()
        if fault == "late":  # its sender gives up; it arrives after the next one
            self._faults.held.append(_copy(request, body))
            raise httpx.ReadTimeout("late", request=request)
        response = await self._answer(request, body)
        if fault == "twice":
            response = await self._answer(request, body)
        for held in self._take_held():
            await (await self._beyond.handle_async_request(held)).aread()
        if fault == "lost-answer":
            raise httpx.ReadError("lost on its way back", request=request)
        if fault == "cut":
            content = response.content[: len(response.content) // 2]
            if not content:
                raise httpx.RemoteProtocolError("cut short", request=request)
            headers = {name: value for name, value in response.headers.items() if name != "content-length"}
            return httpx.Response(response.status_code, headers=headers, content=content, request=request)
        return response

    async def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        response = await self._beyond.handle_async_request(_copy(request, body))
        await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=response.content)

    def _take_held(self) -> list[httpx.Request]:
        held, self._faults.held = self._faults.held, []
        return held


def _copy(request: httpx.Request, body: bytes) -> httpx.Request:
    return httpx.Request(request.method, request.url, headers=request.headers, content=body)
