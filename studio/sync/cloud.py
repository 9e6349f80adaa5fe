"""Rendering at the service, as the program's faces see it: what it costs, sending, taking back, deciding, the rule."""

from collections.abc import Callable

from studio.errors import AccountError
from studio.jobs.locks import Lock
from studio.jobs.outgoing import CANCEL_CLOUD
from studio.jobs.store import Store
from studio.model import AccountChanged, CloudRule, Event, HistoryEntry, JobStatus, Notice
from studio.settings import Settings
from studio.sync import buying
from studio.sync.client import Client
from studio.sync.cloud_jobs import PRICE_CREDITS, CloudJob, CloudJobs
from studio.sync.connection import Connection
from studio.sync.failing import signed_out
from studio.sync.records import Records
from studio.sync.rendering import Rendering, obstacle, told_of
from studio.sync.rule import RuleBook
from studio.sync.session import Session
from studio.sync.wire import JobView, read


class CloudDesk:
    """The verbs of cloud rendering. Raises StudioError."""

    def __init__(
        self, connection: Connection, store: Store, records: Records, settings: Callable[[], Settings]
    ) -> None:
        self.jobs = CloudJobs(store, records)
        self._connection = connection
        self._store = store
        self._records = records
        self._settings = settings
        self._rules = RuleBook(records, store, self.jobs)
        # The jobs of which this program told that they are at the service.
        self._placed: set[str] = set()

    def price(self, entries: list[HistoryEntry]) -> int:
        """Credits for rendering these jobs at the service. Raises AccountError for a job that it cannot render."""
        if not self._connection.user_id:
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

    def send(self, entries: list[HistoryEntry]) -> int:
        """Let the service render these waiting jobs; how many it got. Raises AccountError."""
        self.price(entries)
        # What could not be sent now is done here meanwhile.
        self._connection.run(lambda client: self._connection.session(client).secrets())
        return sum(self.jobs.hand_over(entry.job.id, self._connection.user_id) for entry in entries)

    def rule(self) -> CloudRule:
        """When the service renders by itself, and for how many credits."""
        return self._rules.rule(self._connection.user_id, self._settings())

    def agree_to_rule(self, limit: int) -> None:
        """Let cloud rendering by rule use so many credits from now on; 0 ends it. Raises AccountError."""
        if limit and not self._connection.user_id:
            raise signed_out()
        self._rules.agree(self._connection.user_id, limit)

    def render_here(self, job_id: str, emit: Callable[[Event], None]) -> None:
        """Take a job back from the service, which releases its credit, and queue it here. Raises AccountError.

        A result that the service had finished by then is fetched instead: its credit is spent. A service that is away
        holds nobody up: it hears of it later, which `emit` hears too.
        """
        cloud, host = self._cloud_job(job_id), self._connection.around.address.host
        if cloud.account != self._connection.user_id:
            self.take_back(cloud)
        elif not self._connection.run(lambda client: self.rendering(client, emit).recall(cloud, self._connection.pace)):
            emit(
                Notice(
                    title="Rendered on this computer",
                    message=f"{host} could not be asked to give {cloud.job.shot.front.name} back; "
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
            return read(JobView, await self._connection.session(client).call("GET", f"/jobs/{cloud.remote_id}"))

        url = self._connection.run(work).preview_url
        if not url:
            raise _not_rendered(cloud)
        return url

    def decide(self, job_id: str, emit: Callable[[Event], None], *, approved: bool) -> None:
        """Take a doubtful result of the service, or turn it down. Raises AccountError."""
        cloud = self._sent_job(job_id)
        pace = self._connection.pace
        self._connection.run(lambda client: self.rendering(client, emit).decide(cloud, pace, approved=approved))

    def say_where(self, emit: Callable[[Event], None]) -> None:
        """Tell once of each job that it is at the service, which may be away: it waits for no turn here."""
        under_way = self.jobs.under_way()
        for cloud in under_way:
            if cloud.job.id not in self._placed:
                emit(told_of(cloud, "", cloud.progress))
        self._placed = {cloud.job.id for cloud in under_way}

    async def send_by_rule(self, session: Session, emit: Callable[[Event], None]) -> None:
        """Hand over what the rule sends, as far as its limit and the balance reach."""
        rule = self.rule()
        if not rule.is_on or (lock := Lock.take(self._connection.folder / "rule.lock")) is None:
            return
        try:
            account = self._connection.user_id
            self._rules.settle(account)
            due = self._rules.due(rule, has_gpu=self._connection.around.has_gpu())
            if not due:
                return
            known = await buying.balance(session, self._records)
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

    def rendering(self, client: Client, emit: Callable[[Event], None]) -> Rendering:
        """What follows the jobs at the service. Raises AccountError when nobody is signed in."""
        return Rendering(self._connection.session(client), self.jobs, self._records, emit)

    def take_back(self, cloud: CloudJob) -> None:
        """Queue a job here without asking the service now; it hears of it when its account talks to it next."""
        if cloud.withdrawal:
            self._records.post(cloud.account, CANCEL_CLOUD, cloud.withdrawal)
        self.jobs.take_back(cloud)

    def _obstacle(self, entry: HistoryEntry) -> str:
        return obstacle(entry.job, bool(self._store.edits_of(entry.job.source_hash).revision))

    def _cloud_job(self, job_id: str) -> CloudJob:
        found = [cloud for cloud in self.jobs.under_way() if cloud.job.id == job_id]
        if not found:
            raise AccountError("Not at the service", f"The job {job_id} is not rendered by the service.")
        return found[0]

    def _sent_job(self, job_id: str) -> CloudJob:
        cloud = self._cloud_job(job_id)
        if not cloud.remote_id:
            raise _not_rendered(cloud)
        return cloud


def _not_rendered(cloud: CloudJob) -> AccountError:
    return AccountError("Not rendered yet", f"{cloud.job.shot.front.name} is not rendered yet.")
