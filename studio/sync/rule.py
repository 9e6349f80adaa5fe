"""Rendering at the service by rule: when it may take photos by itself, and how many credits a person agreed to.

The settings say when, the consent says how much; without a consent of the account that is signed in nothing is sent by
rule. What the consent paid for is counted before a job is handed over and given back when its credit came back.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, Self

from studio.jobs.outgoing import CLOUD, CLOUD_WORKER
from studio.jobs.store import Store
from studio.model import CloudRule, Job, JobStatus
from studio.settings import Settings
from studio.sync.cloud_jobs import PRICE_CREDITS, STAYS, CloudJobs
from studio.sync.records import Records
from studio.sync.rendering import obstacle

_CONSENT = "cloud_consent"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a person agreed to: `limit` credits of `account` at `price` a photo.

    spent: credits of renderings that are done. sent: ids of the jobs that may still cost theirs. is_told: whether the
    end of the limit was said.
    """

    account: str
    price: int
    limit: int
    spent: int = 0
    sent: tuple[str, ...] = ()
    is_told: bool = False

    @classmethod
    def read(cls, kept: Any) -> Self | None:
        """What was kept of a consent, None = there is none."""
        return cls(**(kept | {"sent": tuple(kept["sent"])})) if kept else None

    @property
    def used(self) -> int:
        """Credits that are spent or may still be."""
        return self.spent + self.price * len(self.sent)


class RuleBook:
    """The rule of this computer. One program at a time sends by it: the caller holds a lock. Raises StoreError."""

    def __init__(self, records: Records, store: Store, jobs: CloudJobs) -> None:
        self._records = records
        self._store = store
        self._jobs = jobs

    def rule(self, account: str, settings: Settings) -> CloudRule:
        """How the rule stands for an account; a consent of another one, or to another price, counts for nothing."""
        consent = self._consent(account)
        return CloudRule(
            without_gpu=bool(settings.cloud_without_gpu),
            over_queue=settings.cloud_over_queue,
            price=PRICE_CREDITS,
            limit=consent.limit if consent else 0,
            used=consent.used if consent else 0,
        )

    def agree(self, account: str, limit: int) -> None:
        """Let the rule spend `limit` credits from now on, counted anew; 0 = none."""
        consent = Consent(account=account, price=PRICE_CREDITS, limit=limit)
        self._records.keep(**{_CONSENT: asdict(consent) if limit else None})

    def due(self, rule: CloudRule, *, has_gpu: bool) -> list[Job]:
        """The waiting jobs that the rule sends, in the order of the queue; those that came back once stay here."""
        waiting = [job for job in self._store.queue() if job.status is JobStatus.QUEUED]
        if not (rule.without_gpu and not has_gpu):
            waiting = waiting[rule.over_queue :] if rule.over_queue else []
        stays: list[str] = self._records.fact(STAYS) or []
        return [job for job in waiting if job.id not in stays and not self._obstacle(job)]

    def settle(self, account: str) -> None:
        """Look what became of the jobs that were sent by rule."""
        consent = self._consent(account)
        if consent is None:
            return
        under_way = [job_id for job_id in consent.sent if self._is_at_the_service(job_id)]
        done = sum(self._was_done_there(job_id) for job_id in consent.sent if job_id not in under_way)
        self._keep(replace(consent, sent=tuple(under_way), spent=consent.spent + done * consent.price))

    def send(self, account: str, jobs: Iterable[Job]) -> int:
        """Hand jobs over for as long as the limit lasts; how many went."""
        went = 0
        for job in jobs:
            consent = self._consent(account)
            if consent is None or consent.used + consent.price > consent.limit:
                break
            self._keep(replace(consent, sent=(*consent.sent, job.id)))  # first: what is killed here is counted
            if self._jobs.hand_over(job.id, account):
                went += 1
            else:  # it was begun here in that moment: it costs nothing
                self._keep(consent)
        return went

    def tell_end(self, account: str) -> bool:
        """Whether it is time to say that the limit is used up; True once."""
        consent = self._consent(account)
        if consent is None or consent.is_told or consent.used + consent.price <= consent.limit:
            return False
        self._keep(replace(consent, is_told=True))
        return True

    def _consent(self, account: str) -> Consent | None:
        consent = Consent.read(self._records.fact(_CONSENT))
        return consent if consent and (consent.account, consent.price) == (account, PRICE_CREDITS) else None

    def _keep(self, consent: Consent) -> None:
        self._records.keep(**{_CONSENT: asdict(consent)})

    def _is_at_the_service(self, job_id: str) -> bool:
        return job_id in {entry.job.id for entry in self._store.running_under(CLOUD_WORKER)}

    def _was_done_there(self, job_id: str) -> bool:
        entry = self._store.get(job_id)  # one that was deleted from the history is counted as paid
        return entry is None or (entry.ran_on == CLOUD and entry.job.status is JobStatus.DONE)

    def _obstacle(self, job: Job) -> str:
        return obstacle(job, bool(self._store.edits_of(job.source_hash).revision))


@cache
def has_gpu() -> bool:
    """Whether this computer has a graphics card that the studio engine can use."""
    from studio.engine.models.addon import device_found

    return device_found() != "cpu"
