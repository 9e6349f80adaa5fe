"""The account of this computer: what is known without a network, and the verbs that talk to the service.

Every verb may be called from any thread but a window's; each talks in an event loop of its own.
"""

import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from studio.errors import AccountError, Cancelled
from studio.jobs.store import Store
from studio.model import (
    Account,
    AccountChanged,
    Balance,
    Entitlement,
    Event,
    Licence,
    LicenceState,
    Notice,
    Package,
    Purchase,
    PurchaseState,
)
from studio.settings import Home, Settings
from studio.sync import buying
from studio.sync.client import Client
from studio.sync.cloud import CloudDesk
from studio.sync.connection import Connection, Surroundings
from studio.sync.failing import signed_out
from studio.sync.keeping import LicenceKeeper
from studio.sync.outbox import send_due
from studio.sync.records import Records
from studio.sync.results import Pace, all_results, fetch_file
from studio.sync.session import Session
from studio.sync.signing_in import Prompt, sign_in
from studio.sync.wire import AccountView, SeatView, TransactionView, read, read_all


class AccountDesk:
    """Everything about the account that a window or a command asks for. Raises StudioError."""

    def __init__(
        self,
        home: Home,
        store: Store,
        settings: Callable[[], Settings],
        *,
        surroundings: Surroundings | None = None,
    ) -> None:
        around = surroundings or Surroundings()
        self.records = Records(home.database)
        self.connection = Connection(home, self.records, settings, around)
        self.keeper = LicenceKeeper(self.records, around.address, around.keys, around.machine, around.clock)
        self.cloud = CloudDesk(self.connection, store, self.records, settings)

    def close(self) -> None:
        """Let go of the database."""
        self.records.close()

    # --- without a network

    def snapshot(self) -> Account:
        """What is known of the account without asking the service."""
        known = self.records.fact("account")
        licence = self.licence()
        if not known:
            return Account(licence=licence)
        user_id = known["user_id"]
        told = self.records.fact("balance")
        waiting = [row for row in self.records.purchases(user_id) if row.state is PurchaseState.WAITING]
        return Account(
            email=known["email"],
            licence=licence,
            balance=buying.known_balance(told) if told else None,
            purchase=waiting[0] if waiting else None,
            waiting=self.records.waiting(user_id),
            refused=tuple(self.records.refused(user_id)),
            is_sync_paused=self._is_paused(),
        )

    def licence(self) -> Licence:
        """What this computer may do today, verified anew."""
        return self.keeper.licence()

    def require(self, entitlement: Entitlement) -> None:
        """Raise AccountError, with what to do, unless the licence unlocks this."""
        licence = self.licence()
        if entitlement in licence.entitlements:
            return
        if licence.state in (LicenceState.VALID, LicenceState.GRACE):
            message, hint = f"The plan {licence.plan} does not hold this.", "Ask the account service for a larger plan."
        else:
            message, hint = licence.reason, licence.hint or "Sign in to an account whose plan holds it."
        raise AccountError("Not in this licence", message, hint)

    def synced_shoots(self) -> list[Path]:
        """The shoots whose results go to the account."""
        return self.records.consents(self.connection.user_id)

    def sync_shoot(self, folder: Path, wanted: bool) -> None:
        """Send the results of a shoot to the account from now on, or stop that. Raises AccountError."""
        if not wanted:
            self.records.withdraw(self.connection.user_id, folder)
            return
        if not self.connection.user_id:
            raise signed_out()
        self.require(Entitlement.RESULTS_SYNC)
        self.records.consent(self.connection.user_id, folder)

    def fetch_into(self, folder: Path | None) -> None:
        """Fetch the account's results into a folder from now on; None = fetch nothing. Raises AccountError."""
        if folder is not None:
            self.require(Entitlement.RESULTS_SYNC)
        self.records.keep(fetch_into=str(folder) if folder else None)

    @property
    def fetches_into(self) -> Path | None:
        """Where the account's results are fetched to, None = nowhere."""
        known = self.records.fact("fetch_into")
        return Path(known) if known else None

    def pause_sync(self, paused: bool) -> None:
        """Send and fetch no files, or go on where that stopped."""
        self.records.keep(sync_paused=paused or None)

    def dismiss(self, numbers: list[int]) -> None:
        """Forget refused messages: a person has seen them."""
        self.records.dismiss(numbers)

    # --- signing in and out

    def sign_in(self, show: Callable[[Prompt], None], *, is_stopped: Callable[[], bool], with_vault: bool) -> Account:
        """Sign in through the browser; `show` gets what is to be opened there. Raises AccountError, Cancelled."""
        place = self.connection.around.credentials or (self.connection.vault if with_vault else self.connection.keyring)
        if not with_vault:
            place.load()  # a keyring that cannot keep the secrets is said before a person goes to the browser

        async def work(client: Client) -> None:
            held = await sign_in(client, _device_name(), show, is_stopped)
            place.save(held)
            self.records.keep(account={"user_id": held.user_id, "email": held.email}, balance=None)

        self.connection.run(work)
        if not with_vault and not self.connection.around.credentials:
            self.connection.vault.delete()
        self.refresh()
        return self.snapshot()

    def sign_out(self) -> None:
        """End this computer's sign-in. Everything here stays: results, history, queue, licence, what waits to be sent.

        Jobs that the service renders come back into this computer's queue.
        Without a network the secrets are forgotten all the same; the service ends the sign-in by itself later.
        """

        account = self.connection.user_id

        async def work(client: Client) -> None:
            session = self.connection.session(client)
            clock = self.connection.around.clock
            await send_due(session, account, self.records, self.connection.pace, may_upload=False, clock=clock)
            await session.call("POST", "/auth/sign-out")

        if not account:
            raise signed_out()
        kept = self.connection.credentials
        if kept is not self.connection.vault:  # whose secrets are forgotten without its passphrase
            kept.load()  # a keyring out of reach is said before anything is taken back
        for cloud in self.cloud.jobs.under_way(account):
            self.cloud.take_back(cloud)
        try:
            self.connection.run(work)
        except AccountError:
            pass
        finally:
            self.connection.credentials.delete()
            self.connection.forget()

    # --- asking the service

    def refresh(self) -> Account:
        """Ask who is signed in, the balance, the purchases under way; renew the licence when that is due."""
        self.connection.run(self._refresh)
        return self.snapshot()

    def renew_licence(self) -> Licence:
        """Get this computer's licence anew. Raises AccountError."""

        async def work(client: Client) -> None:
            await self.keeper.renew(self.connection.session(client), _device_name())

        self.connection.run(work)
        return self.licence()

    def seats(self) -> list[SeatView]:
        """The computers that hold the plan's licences, the newest first. Raises AccountError."""

        async def work(client: Client) -> list[SeatView]:
            return read_all(SeatView, await self.connection.session(client).call("GET", "/licences"))

        return self.connection.run(work)

    def free_seat(self, seat_id: str) -> None:
        """Let another computer have a seat; what its holder has stays valid until it ends. Raises AccountError."""

        async def work(client: Client) -> None:
            await self.connection.session(client).call("DELETE", f"/licences/{seat_id}")

        self.connection.run(work)

    def packages(self) -> list[Package]:
        """What can be bought. Raises AccountError."""
        return self.connection.run(buying.packages)

    def buy(self, package_id: str) -> Purchase:
        """Begin to buy; the payment page is at `checkout_url`. Closing the program loses nothing."""
        found = [package for package in self.packages() if package.id == package_id]
        if not found:
            raise AccountError(
                "No such package",
                f"{package_id} cannot be bought.",
                "The page Account lists what can be bought, in a terminal: modamoda account buy",
            )
        if not self.connection.user_id:
            raise signed_out()
        begun = self.records.begin_purchase(self.connection.user_id, package_id, found[0].credits)
        url = self.connection.run(lambda client: buying.open_page(self.connection.session(client), begun, self.records))
        return replace(begun, checkout_url=url, state=PurchaseState.WAITING)

    def transactions(self) -> list[TransactionView]:
        """Purchases, refunds and fees, the newest first. Raises AccountError."""
        return self.connection.run(lambda client: buying.transactions(self.connection.session(client)))

    def invoice(self, transaction_id: str) -> str:
        """The address of a paid purchase's invoice, to be opened in a browser. Raises AccountError."""
        return self.connection.run(lambda client: buying.invoice(self.connection.session(client), transaction_id))

    def balance(self) -> Balance:
        """The balance as of now. Raises AccountError."""
        return self.connection.run(lambda client: buying.balance(self.connection.session(client), self.records))

    # --- what the loop does

    async def round(self, client: Client, emit: Callable[[Event], None]) -> bool:
        """Send, fetch and follow everything that is due; True when it should be looked at again soon.

        Raises AccountError, Cancelled.
        """
        self.cloud.say_where(emit)
        session, rendering = self.connection.session(client), self.cloud.rendering(client, emit)
        await rendering.heed_stops(self.connection.user_id, self.connection.pace)
        account = (await session.secrets()).user_id
        if await buying.look_after(session, account, self.records):
            await buying.balance(session, self.records)
            emit(Notice(title="Credits have arrived", message="The payment is confirmed.", is_news=True))
            emit(AccountChanged())
        if self.keeper.is_renewal_due():
            await self.keeper.renew_if_there_is_a_seat(session, _device_name())
        await self.cloud.send_by_rule(session, emit)
        self.cloud.say_where(emit)
        is_busy = await rendering.step(account, self.connection.pace)
        await self._follow_balance(session, account, emit)
        await self._sync(session, account, emit)
        return is_busy or bool(self.records.purchases(account, open_only=True))

    def sync_now(self, emit: Callable[[Event], None]) -> bool:
        """Do one round now; True when there is something to wait for. Raises AccountError."""
        return self.connection.run(lambda client: self.round(client, emit))

    async def _follow_balance(self, session: Session, account: str, emit: Callable[[Event], None]) -> None:
        """Ask for the balance when a credit was set aside, spent or given back since it was told."""
        at_stake = {cloud.key: cloud.price for cloud in self.cloud.jobs.under_way(account) if cloud.remote_id}
        known = self.records.fact("balance")
        # A rendering that is stopped gives its credit back when its step ends; other computers set credits aside too.
        if known and at_stake == self.records.fact("at_stake") and known["reserved"] == sum(at_stake.values()):
            return
        told = await buying.balance(session, self.records)
        self.records.keep(at_stake=at_stake)
        if known is None or told != replace(buying.known_balance(known), told_at=told.told_at):
            emit(AccountChanged())

    async def _sync(self, session: Session, account: str, emit: Callable[[Event], None]) -> None:
        may_sync = Entitlement.RESULTS_SYNC in self.licence().entitlements and not self._is_paused()
        connection = self.connection
        pace = Pace(connection.pace.limit, lambda: connection.is_stopped() or (may_sync and self._is_paused()))
        known = len(self.records.refused(account))
        try:
            left = await send_due(
                session, account, self.records, pace, may_upload=may_sync, clock=connection.around.clock
            )
            fetched = await self._fetch_results(session, account, pace) if may_sync and self.fetches_into else 0
        except Cancelled:
            if connection.is_stopped():
                raise
            left = fetched = 1  # paused in the middle of a file: it goes on from there
        if len(self.records.refused(account)) > known:
            last = self.records.refused(account)[-1].refusal
            if last:
                emit(Notice(title=last.title, message=last.message, hint=last.hint))
        if left or fetched:
            emit(AccountChanged())

    async def _fetch_results(self, session: Session, account: str, pace: Pace) -> int:
        folder, fetched = self.fetches_into, 0
        async for result in all_results(session):
            if folder is None or self.records.is_synced(account, result.sha256):
                continue
            path = await fetch_file(session.client, result, folder, pace)
            self.records.note_synced(account, result.sha256, path, result.id)
            fetched += 1
        return fetched

    async def _refresh(self, client: Client) -> None:
        session = self.connection.session(client)
        view = read(AccountView, await session.call("GET", "/account"))
        self.records.keep(account={"user_id": view.user_id, "email": view.email})
        await buying.look_after(session, view.user_id, self.records)
        await buying.balance(session, self.records)
        if self.keeper.is_renewal_due() or {*view.entitlements} != {*map(str, self.licence().entitlements)}:
            await self.keeper.renew_if_there_is_a_seat(session, _device_name())

    def _is_paused(self) -> bool:
        return bool(self.records.fact("sync_paused"))


def _device_name() -> str:
    return platform.node() or "Modamoda Studio"
