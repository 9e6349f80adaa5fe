"""The account of this computer: what is known without a network, and the verbs that talk to the service.

Every verb may be called from any thread but a window's; each talks in an event loop of its own.
"""

import asyncio
import hashlib
import os
import platform
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import httpx

from studio.errors import AccountError, Cancelled
from studio.jobs.locks import Lock
from studio.jobs.outgoing import CANCEL_CLOUD
from studio.jobs.store import Store
from studio.model import (
    Account,
    AccountChanged,
    Balance,
    CloudRule,
    Entitlement,
    Event,
    HistoryEntry,
    JobStatus,
    Licence,
    LicenceState,
    Notice,
    Package,
    Purchase,
    PurchaseState,
)
from studio.settings import Home, Settings
from studio.sync import buying
from studio.sync.client import Address, Client, Sleep
from studio.sync.cloud_jobs import PRICE_CREDITS, CloudJob, CloudJobs
from studio.sync.credentials import Credentials, Keyring, Vault
from studio.sync.device import Machine
from studio.sync.failing import SIGNED_OUT, signed_out
from studio.sync.keeping import LicenceKeeper
from studio.sync.licence import built_in_keys
from studio.sync.outbox import send_due
from studio.sync.records import Records
from studio.sync.rendering import Rendering, obstacle
from studio.sync.results import Pace, all_results, fetch_file
from studio.sync.rule import RuleBook, has_gpu
from studio.sync.session import Session
from studio.sync.signing_in import Prompt, sign_in
from studio.sync.wire import AccountView, JobView, SeatView, TransactionView, read, read_all

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
        self.around = surroundings or Surroundings()
        self.folder = home.folder / "account"
        self._settings = settings
        self._store = store
        self.records = Records(home.database)
        around = self.around
        self.keeper = LicenceKeeper(self.records, around.address, around.keys, around.machine, around.clock)
        self.jobs = CloudJobs(store, self.records)
        self._rules = RuleBook(self.records, store, self.jobs)
        name = f"{self.around.address.host} {hashlib.sha256(os.fsencode(home.folder)).hexdigest()[:8]}"
        self._keyring = Keyring(name)
        self._vault = Vault(self.folder / "vault.json", self._ask_passphrase)
        self.is_stopped: Callable[[], bool] = lambda: False
        self.passphrase: Callable[[], str] = self.around.passphrase

    def close(self) -> None:
        """Let go of the database."""
        self.records.close()

    # --- without a network

    @property
    def user_id(self) -> str:
        """The service's id of whoever is signed in, "" = nobody."""
        known = self.records.fact("account")
        return known["user_id"] if known else ""

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

    @property
    def needs_passphrase(self) -> bool:
        """Whether a person must open the vault before the service can be asked anything."""
        return self.around.credentials is None and self._vault.path.exists() and not self._vault.is_open

    def synced_shoots(self) -> list[Path]:
        """The shoots whose results go to the account."""
        return self.records.consents(self.user_id)

    def sync_shoot(self, folder: Path, wanted: bool) -> None:
        """Send the results of a shoot to the account from now on, or stop that. Raises AccountError."""
        if not wanted:
            self.records.withdraw(self.user_id, folder)
            return
        if not self.user_id:
            raise signed_out()
        self.require(Entitlement.RESULTS_SYNC)
        self.records.consent(self.user_id, folder)

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
        place = self.around.credentials or (self._vault if with_vault else self._keyring)
        if not with_vault:
            place.load()  # a keyring that cannot keep the secrets is said before a person goes to the browser

        async def work(client: Client) -> None:
            held = await sign_in(client, _device_name(), show, is_stopped)
            place.save(held)
            self.records.keep(account={"user_id": held.user_id, "email": held.email}, balance=None)

        self._run(work)
        if not with_vault and not self.around.credentials:
            self._vault.delete()
        self.refresh()
        return self.snapshot()

    def forget(self) -> None:
        """Nobody is signed in any more; the licence, what waits to be sent and everything local stay."""
        self.records.keep(account=None, balance=None)

    def sign_out(self) -> None:
        """End this computer's sign-in. Everything here stays: results, history, queue, licence, what waits to be sent.

        Jobs that the service renders come back into this computer's queue.
        Without a network the secrets are forgotten all the same; the service ends the sign-in by itself later.
        """

        account = self.user_id

        async def work(client: Client) -> None:
            session = self.session(client)
            clock = self.around.clock
            await send_due(session, account, self.records, self._pace(), may_upload=False, clock=clock)
            await session.call("POST", "/auth/sign-out")

        if not account:
            raise signed_out()
        if self._credentials is not self._vault:  # whose secrets are forgotten without its passphrase
            self._credentials.load()  # a keyring out of reach is said before anything is taken back
        for cloud in self.jobs.under_way(account):
            self._take_back(cloud)
        try:
            self._run(work)
        except AccountError:
            pass
        finally:
            self._credentials.delete()
            self.forget()

    # --- asking the service

    def refresh(self) -> Account:
        """Ask who is signed in, the balance, the purchases under way; renew the licence when that is due."""
        self._run(self._refresh)
        return self.snapshot()

    def renew_licence(self) -> Licence:
        """Get this computer's licence anew. Raises AccountError."""

        async def work(client: Client) -> None:
            await self.keeper.renew(self.session(client), _device_name())

        self._run(work)
        return self.licence()

    def seats(self) -> list[SeatView]:
        """The computers that hold the plan's licences, the newest first. Raises AccountError."""

        async def work(client: Client) -> list[SeatView]:
            return read_all(SeatView, await self.session(client).call("GET", "/licences"))

        return self._run(work)

    def free_seat(self, seat_id: str) -> None:
        """Let another computer have a seat; what its holder has stays valid until it ends. Raises AccountError."""

        async def work(client: Client) -> None:
            await self.session(client).call("DELETE", f"/licences/{seat_id}")

        self._run(work)

    def packages(self) -> list[Package]:
        """What can be bought. Raises AccountError."""
        return self._run(buying.packages)

    def buy(self, package_id: str) -> Purchase:
        """Begin to buy; the payment page is at `checkout_url`. Closing the program loses nothing."""
        found = [package for package in self.packages() if package.id == package_id]
        if not found:
            raise AccountError(
                "No such package",
                f"{package_id} cannot be bought.",
                "The page Account lists what can be bought, in a terminal: modamoda account buy",
            )
        if not self.user_id:
            raise signed_out()
        begun = self.records.begin_purchase(self.user_id, package_id, found[0].credits)
        url = self._run(lambda client: buying.open_page(self.session(client), begun, self.records))
        return replace(begun, checkout_url=url, state=PurchaseState.WAITING)

    def transactions(self) -> list[TransactionView]:
        """Purchases, refunds and fees, the newest first. Raises AccountError."""
        return self._run(lambda client: buying.transactions(self.session(client)))

    def invoice(self, transaction_id: str) -> str:
        """The address of a paid purchase's invoice, to be opened in a browser. Raises AccountError."""
        return self._run(lambda client: buying.invoice(self.session(client), transaction_id))

    def balance(self) -> Balance:
        """The balance as of now. Raises AccountError."""
        return self._run(lambda client: buying.balance(self.session(client), self.records))

    # --- rendering at the service

    def cloud_price(self, entries: list[HistoryEntry]) -> int:
        """Credits for rendering these jobs at the service. Raises AccountError for a job that it cannot render."""
        if not self.user_id:
            raise signed_out()
        for entry in entries:
            if entry.job.status is not JobStatus.QUEUED:
                raise AccountError(
                    "Does not wait", f"{entry.job.shot.front.name} does not wait here: only what waits can be sent."
                )
            if reason := self._obstacle(entry):
                raise AccountError("Only on this computer", f"{entry.job.shot.front.name}: {reason}")
        return PRICE_CREDITS * len(entries)

    def renderable(self, entries: list[HistoryEntry]) -> list[HistoryEntry]:
        """Those of these jobs that the service can render."""
        return [entry for entry in entries if not self._obstacle(entry)]

    def send_to_cloud(self, entries: list[HistoryEntry]) -> int:
        """Let the service render these waiting jobs; how many it got. Raises AccountError."""
        self.cloud_price(entries)
        self._run(lambda client: self.session(client).secrets())  # what could not be sent now is done here meanwhile
        return sum(self.jobs.hand_over(entry.job.id, self.user_id) for entry in entries)

    def cloud_rule(self) -> CloudRule:
        """When the service renders by itself, and for how many credits."""
        return self._rules.rule(self.user_id, self._settings())

    def agree_to_rule(self, limit: int) -> None:
        """Let cloud rendering by rule use so many credits from now on; 0 ends it. Raises AccountError."""
        if limit and not self.user_id:
            raise signed_out()
        self._rules.agree(self.user_id, limit)

    def cloud_jobs(self) -> list[CloudJob]:
        """The jobs at the service, the oldest first; those of an account that is signed out too."""
        return self.jobs.under_way()

    def render_here(self, job_id: str, emit: Callable[[Event], None]) -> None:
        """Take a job back from the service, which releases its credit, and queue it here. Raises AccountError.

        A result that the service had finished by then is fetched instead: its credit is spent. A service that is away
        holds nobody up: it hears of it later, which `emit` hears too.
        """
        cloud = self._cloud_job(job_id)
        if cloud.account != self.user_id:
            self._take_back(cloud)
        elif not self._run(lambda client: self._rendering(client, emit).recall(cloud, self._pace())):
            emit(
                Notice(
                    title="Rendered on this computer",
                    message=f"{self.around.address.host} could not be asked to give {cloud.job.shot.front.name} back; "
                    "it hears of it as soon as it can be reached.",
                    hint="Its credit comes back then, unless the service finished it before.",
                    is_news=True,
                )
            )

    def preview(self, job_id: str) -> str:
        """The address of a small copy of a doubtful result, for some minutes, to be opened in a browser.

        Raises AccountError.
        """
        cloud = self._sent_job(job_id)

        async def work(client: Client) -> JobView:
            return read(JobView, await self.session(client).call("GET", f"/jobs/{cloud.remote_id}"))

        url = self._run(work).preview_url
        if not url:
            raise _not_rendered(cloud)
        return url

    def decide(self, job_id: str, emit: Callable[[Event], None], *, approved: bool) -> None:
        """Take a doubtful result of the service, or turn it down. Raises AccountError."""
        cloud = self._sent_job(job_id)
        self._run(lambda client: self._rendering(client, emit).decide(cloud, self._pace(), approved=approved))

    # --- what the loop does

    async def round(self, client: Client, emit: Callable[[Event], None]) -> bool:
        """Send, fetch and follow everything that is due; True when it should be looked at again soon.

        Raises AccountError, Cancelled.
        """
        session, rendering = self.session(client), self._rendering(client, emit)
        await rendering.heed_stops(self.user_id, self._pace())
        account = (await session.secrets()).user_id
        if await buying.look_after(session, account, self.records):
            await buying.balance(session, self.records)
            emit(Notice(title="Credits have arrived", message="The payment is confirmed.", is_news=True))
            emit(AccountChanged())
        if self.keeper.is_renewal_due():
            await self.keeper.renew_if_there_is_a_seat(session, _device_name())
        await self._send_by_rule(session, emit)
        is_busy = await rendering.step(account, self._pace())
        await self._follow_balance(session, account, emit)
        await self._sync(session, account, emit)
        return is_busy or bool(self.records.purchases(account, open_only=True))

    def sync_now(self, emit: Callable[[Event], None]) -> bool:
        """Do one round now; True when there is something to wait for. Raises AccountError."""
        return self._run(lambda client: self.round(client, emit))

    def client(self) -> Client:
        """A new client of the service, to be used in one event loop."""
        transport = self.around.transport() if self.around.transport else None
        return Client(self.around.address, transport=transport, sleep=self.around.sleep)

    def session(self, client: Client) -> Session:
        """Calls of whoever is signed in. Raises AccountError when nobody is: no keyring is asked for that."""
        if not self.user_id:
            raise signed_out()
        return Session(client, self._credentials, self.folder / "tokens.lock", clock=self.around.clock)

    async def _follow_balance(self, session: Session, account: str, emit: Callable[[Event], None]) -> None:
        """Ask for the balance when a credit was set aside, spent or given back since it was told."""
        at_stake = {cloud.key: cloud.price for cloud in self.jobs.under_way(account) if cloud.remote_id}
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
        pace = Pace(self._pace().limit, lambda: self.is_stopped() or (may_sync and self._is_paused()))
        known = len(self.records.refused(account))
        try:
            left = await send_due(session, account, self.records, pace, may_upload=may_sync, clock=self.around.clock)
            fetched = await self._fetch_results(session, account, pace) if may_sync and self.fetches_into else 0
        except Cancelled:
            if self.is_stopped():
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

    async def _send_by_rule(self, session: Session, emit: Callable[[Event], None]) -> None:
        """Hand over what the rule sends, as far as its limit and the balance reach."""
        rule = self.cloud_rule()
        if not rule.is_on or (lock := Lock.take(self.folder / "rule.lock")) is None:
            return
        try:
            account = self.user_id
            self._rules.settle(account)
            due = self._rules.due(rule, has_gpu=self.around.has_gpu())
            if not due:
                return
            known = await buying.balance(session, self.records)
            unsent = sum(cloud.price for cloud in self.jobs.under_way(account) if not cloud.remote_id)
            payable = max(known.available - unsent, 0) // rule.price
            sent = self._rules.send(account, due[:payable])
            if sent:
                emit(AccountChanged())
            if sent < len(due) and self._rules.tell_end(account):
                emit(
                    Notice(
                        title="Credits agreed to are used",
                        message=f"The {rule.limit} credits for cloud rendering by rule are spent or set aside.",
                        hint="The rest is rendered on this computer. Agree to more on the account page.",
                    )
                )
        finally:
            lock.release()

    async def _refresh(self, client: Client) -> None:
        session = self.session(client)
        view = read(AccountView, await session.call("GET", "/account"))
        self.records.keep(account={"user_id": view.user_id, "email": view.email})
        await buying.look_after(session, view.user_id, self.records)
        await buying.balance(session, self.records)
        if self.keeper.is_renewal_due() or {*view.entitlements} != {*map(str, self.licence().entitlements)}:
            await self.keeper.renew_if_there_is_a_seat(session, _device_name())

    @property
    def _credentials(self) -> Credentials:
        if self.around.credentials:
            return self.around.credentials
        return self._vault if self._vault.path.exists() else self._keyring

    def _ask_passphrase(self) -> str:
        return self.passphrase()

    def _rendering(self, client: Client, emit: Callable[[Event], None]) -> Rendering:
        return Rendering(self.session(client), self.jobs, self.records, emit)

    def _obstacle(self, entry: HistoryEntry) -> str:
        return obstacle(entry.job, bool(self._store.edits_of(entry.job.source_hash).revision))

    def _take_back(self, cloud: CloudJob) -> None:
        """Queue a job here without asking the service now; it hears of it when its account talks to it next."""
        if cloud.withdrawal:
            self.records.post(cloud.account, CANCEL_CLOUD, cloud.withdrawal)
        self.jobs.take_back(cloud)

    def _cloud_job(self, job_id: str) -> CloudJob:
        found = [cloud for cloud in self.cloud_jobs() if cloud.job.id == job_id]
        if not found:
            raise AccountError("Not at the service", f"The job {job_id} is not rendered by the service.")
        return found[0]

    def _sent_job(self, job_id: str) -> CloudJob:
        cloud = self._cloud_job(job_id)
        if not cloud.remote_id:
            raise _not_rendered(cloud)
        return cloud

    def _is_paused(self) -> bool:
        return bool(self.records.fact("sync_paused"))

    def _pace(self) -> Pace:
        return Pace(self._settings().sync_kilobytes_a_second * 1000, self.is_stopped)

    def _run(self, work: Callable[[Client], Awaitable[T]]) -> T:
        async def whole() -> T:
            async with self.client() as client:
                return await work(client)

        try:
            return asyncio.run(whole())
        except AccountError as error:
            if error.code == SIGNED_OUT:
                self.forget()
            raise


def _not_rendered(cloud: CloudJob) -> AccountError:
    return AccountError("Not rendered yet", f"{cloud.job.shot.front.name} is not rendered yet.")


def _device_name() -> str:
    return platform.node() or "Modamoda Studio"
