"""Signing in through the browser (RFC 8628): a code is shown there and approved, and the tokens come here."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from studio.errors import AccountError, Cancelled, NetworkError
from studio.model import Failure
from studio.sync.client import Client
from studio.sync.credentials import Secrets
from studio.sync.failing import account_error
from studio.sync.wire import AccountView, DeviceCode, TokenPair, read

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER_S = 5
LOOK_S = 0.25

_ENDED = {
    "access_denied": Failure(
        title="Sign-in turned down",
        message="The sign-in was turned down in the browser.",
        hint="If that was a mistake, sign in again.",
    ),
    "expired_token": Failure(
        title="Sign-in took too long",
        message="Nobody approved the sign-in in the browser in time.",
        hint="Sign in again.",
    ),
    "invalid_grant": Failure(
        title="Sign-in not finished",
        message="The code of this sign-in is used up; the answer may have been lost on its way.",
        hint="Sign in again.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a person needs to approve: the page to open, and the code that it must show."""

    url: str
    code: str


async def sign_in(
    client: Client, device_name: str, show: Callable[[Prompt], None], is_stopped: Callable[[], bool]
) -> Secrets:
    """Sign this computer in; `show` is called once, with what is to be approved. Raises AccountError or Cancelled.

    Whoever gives up is heard at once, also while the service takes its time to answer.
    """
    work = asyncio.ensure_future(_signed_in(client, device_name, show))
    try:
        while not work.done():
            if is_stopped():
                raise Cancelled
            await asyncio.wait({work}, timeout=LOOK_S)
        return work.result()
    finally:
        work.cancel()
        await asyncio.wait({work})


async def _signed_in(client: Client, device_name: str, show: Callable[[Prompt], None]) -> Secrets:
    grant = read(DeviceCode, await client.call("POST", "/auth/device", json={"device_name": device_name[:100]}))
    show(Prompt(url=grant.verification_uri_complete, code=grant.user_code))
    pair = await _wait(client, grant)
    who = read(AccountView, await client.call("GET", "/account", token=pair.access_token))
    return Secrets(
        user_id=who.user_id,
        email=who.email,
        refresh_token=pair.refresh_token,
        access_token=pair.access_token,
        expires_at=time.time() + pair.expires_in,
    )


async def _wait(client: Client, grant: DeviceCode) -> TokenPair:
    interval, until = float(grant.interval), time.monotonic() + grant.expires_in
    while time.monotonic() < until:
        await client.sleep(interval)
        try:
            form = {"grant_type": GRANT, "device_code": grant.device_code}
            return read(TokenPair, await client.call("POST", "/auth/token", json=form))
        except NetworkError as error:
            if not error.retryable:
                raise
        except AccountError as error:
            if error.code in _ENDED:
                raise account_error(_ENDED[error.code], error.code) from error
            if error.code not in ("authorization_pending", "slow_down"):
                raise
            interval += SLOWER_S * (error.code == "slow_down")
    raise account_error(_ENDED["expired_token"], "expired_token")
