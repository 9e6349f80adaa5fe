"""A signed-in computer's calls: access tokens that are renewed in time, by one program at a time."""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.errors import AccountError, NetworkError
from studio.jobs.locks import Lock
from studio.sync.client import Client
from studio.sync.credentials import Credentials, Secrets
from studio.sync.failing import SIGNED_OUT, signed_out
from studio.sync.wire import TokenPair, read

# A token that ends within so many seconds is renewed before it is used.
AHEAD_S = 30.0
LOCK_POLL_S = 0.05
LOCK_WAIT_S = 90.0


class Session:
    """Calls in the name of whoever is signed in. Raises AccountError with the code `signed_out` when nobody is.

    lock: a file; whoever holds it may renew the tokens. A refresh token works once, so that two programs that renewed
    with the same one would end the sign-in.
    """

    def __init__(
        self, client: Client, credentials: Credentials, lock: Path, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.client = client
        self._credentials = credentials
        self._lock = lock
        self._clock = clock
        self._held: Secrets | None = None

    async def call(self, method: str, path: str, **words: Any) -> Any:
        """As `Client.call`, with an access token; one that is refused is renewed once."""
        token = await self._token()
        try:
            return await self.client.call(method, path, token=token, **words)
        except AccountError as error:
            if error.code != "unauthorized":
                raise
        return await self.client.call(method, path, token=await self._token(refused=token), **words)

    async def secrets(self) -> Secrets:
        """The secrets that are held. Raises AccountError when nobody is signed in."""
        self._held = self._held or await asyncio.to_thread(self._credentials.load)
        if self._held is None:
            raise signed_out()
        return self._held

    async def _token(self, refused: str = "") -> str:
        held = await self.secrets()
        if self._is_good(held, refused):
            return held.access_token
        async with exclusively(self._lock):
            self._held = None  # another program may have renewed them while we waited
            held = await self.secrets()
            if not self._is_good(held, refused):
                held = await self._renew(held)
        return held.access_token

    def _is_good(self, held: Secrets, refused: str) -> bool:
        return held.access_token != refused and held.expires_at - AHEAD_S > self._clock()

    async def _renew(self, held: Secrets) -> Secrets:
        # The key follows from the token: after a crash the repetition is known as one.
        key = hashlib.sha256(f"refresh:{held.refresh_token}".encode()).hexdigest()
        form = {"grant_type": "refresh_token", "refresh_token": held.refresh_token}
        try:
            pair = read(TokenPair, await self.client.call("POST", "/auth/token", key=key, json=form))
        except AccountError as error:
            if error.code == "invalid_grant":
                await asyncio.to_thread(self._credentials.delete)
                self._held = None
                error.code = SIGNED_OUT
            raise
        self._held = renewed(held, pair, self._clock())
        await asyncio.to_thread(self._credentials.save, self._held)
        return self._held


def renewed(held: Secrets, pair: TokenPair, now_s: float) -> Secrets:
    """The same person's secrets with new tokens."""
    return replace(
        held, refresh_token=pair.refresh_token, access_token=pair.access_token, expires_at=now_s + pair.expires_in
    )


@asynccontextmanager
async def exclusively(path: Path) -> AsyncGenerator[None]:
    """Run the block while no other program and no other task is in it. Raises NetworkError after 90 s."""
    until = time.monotonic() + LOCK_WAIT_S
    while (lock := Lock.take(path)) is None:
        if time.monotonic() > until:
            raise NetworkError(
                "Account busy",
                "Another Modamoda Studio has been talking to the account service for long.",
                "Try again in a moment.",
                retryable=True,
            )
        await asyncio.sleep(LOCK_POLL_S)
    try:
        yield
    finally:
        lock.release()
