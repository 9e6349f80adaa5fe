"""The way to the service of whoever is signed in: the secrets, sessions, and an event loop for each call."""

import asyncio
import hashlib
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import httpx

from studio.errors import AccountError
from studio.settings import Home, Settings
from studio.sync.client import Address, Client, Sleep
from studio.sync.credentials import Credentials, Keyring, Vault
from studio.sync.device import Machine
from studio.sync.failing import SIGNED_OUT, signed_out
from studio.sync.licence import built_in_keys
from studio.sync.records import Records
from studio.sync.results import Pace
from studio.sync.rule import has_gpu
from studio.sync.session import Session

T = TypeVar("T")


def _no_passphrase() -> str:
    error = AccountError("Vault locked", "The vault's passphrase is needed.", "Press “Look again” on the account page.")
    error.code = "locked"
    raise error


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What an account meets: the service, this computer, time. Tests put their own in.

    credentials: None = the keyring, or the vault where one was chosen. transport: None = the network.
    """

    address: Address = field(default_factory=Address.of_environment)
    credentials: Credentials | None = None
    passphrase: Callable[[], str] = _no_passphrase
    keys: Mapping[str, str] = field(default_factory=built_in_keys)
    machine: Callable[[], Machine] = Machine.here
    clock: Callable[[], float] = time.time
    transport: Callable[[], httpx.AsyncBaseTransport] | None = None
    sleep: Sleep = asyncio.sleep
    has_gpu: Callable[[], bool] = has_gpu


class Connection:
    """Reaches the service. For any thread but a window's."""

    def __init__(self, home: Home, records: Records, settings: Callable[[], Settings], around: Surroundings) -> None:
        self.around = around
        self.folder = home.folder / "account"
        self._records = records
        self._settings = settings
        name = f"{around.address.host} {hashlib.sha256(os.fsencode(home.folder)).hexdigest()[:8]}"
        self.keyring = Keyring(name)
        self.vault = Vault(self.folder / "vault.json", self._ask_passphrase)
        self.is_stopped: Callable[[], bool] = lambda: False
        self.passphrase: Callable[[], str] = around.passphrase

    @property
    def user_id(self) -> str:
        """The service's id of whoever is signed in, "" = nobody."""
        known = self._records.fact("account")
        return known["user_id"] if known else ""

    @property
    def needs_passphrase(self) -> bool:
        """Whether a person must open the vault before the service can be asked anything."""
        return self.around.credentials is None and self.vault.path.exists() and not self.vault.is_open

    @property
    def credentials(self) -> Credentials:
        """Where the secrets are kept."""
        if self.around.credentials:
            return self.around.credentials
        return self.vault if self.vault.path.exists() else self.keyring

    @property
    def pace(self) -> Pace:
        """How fast files may go, and what stops them."""
        return Pace(self._settings().sync_kilobytes_a_second * 1000, self.is_stopped)

    def client(self) -> Client:
        """A new client of the service, to be used in one event loop."""
        transport = self.around.transport() if self.around.transport else None
        return Client(self.around.address, transport=transport, sleep=self.around.sleep)

    def session(self, client: Client) -> Session:
        """Calls of whoever is signed in. Raises AccountError when nobody is: no keyring is asked for that."""
        if not self.user_id:
            raise signed_out()
        return Session(client, self.credentials, self.folder / "tokens.lock", clock=self.around.clock)

    def run(self, work: Callable[[Client], Awaitable[T]]) -> T:
        """Do this in an event loop of its own; where the service ended the sign-in, that is forgotten here too."""

        async def whole() -> T:
            async with self.client() as client:
                return await work(client)

        try:
            return asyncio.run(whole())
        except AccountError as error:
            if error.code == SIGNED_OUT:
                self.forget()
            raise

    def forget(self) -> None:
        """Nobody is signed in any more; the licence, what waits to be sent and everything local stay."""
        self._records.keep(account=None, balance=None)

    def _ask_passphrase(self) -> str:
        return self.passphrase()
