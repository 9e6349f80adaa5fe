"""Which jobs of this computer the service renders: handed over and taken back without a moment in between."""

import secrets
from dataclasses import dataclass, replace

from sqlalchemy import delete, select, update

from studio.jobs.outgoing import CANCEL_CLOUD, CLOUD_WORKER, CloudJobRow
from studio.jobs.rows import now
from studio.jobs.store import Store
from studio.model import Job
from studio.sync.records import Records

PRICE_CREDITS = 1
IN_REVIEW = -1
STAYS = "stays_here"
_STAYS_KEPT = 1000


@dataclass(frozen=True, kw_only=True)
class CloudJob:
    """A job at the service. remote_id: None = not sent yet, "" = sent, but no answer came.

    progress: percent; IN_REVIEW = its result waits for the photographer's decision.
    """

    job: Job
    account: str
    key: str
    price: int
    remote_id: str | None
    progress: int

    @property
    def withdrawal(self) -> dict[str, str] | None:
        """What a message says to the service that the job is not wanted any more; None = it never heard of it."""
        if self.remote_id is None:
            return None
        return {"remote_id": self.remote_id} if self.remote_id else {"order": self.key}


class CloudJobs:
    """The jobs at the service, beside the store that they belong to. Raises StoreError."""

    def __init__(self, store: Store, records: Records) -> None:
        self.store = store
        self._records = records

    def hand_over(self, job_id: str, account: str) -> bool:
        """Let the service render a job that waits; False when somebody took it before."""
        # The row first: a job that runs under the service's name without one would run for ever.
        row_key = secrets.token_hex(16)
        row = CloudJobRow(job_id=job_id, account=account, key=row_key, price=PRICE_CREDITS, created_at=now())
        with self._records.writing() as session:
            # One that stands there still belongs to a program that was killed: its job never got there.
            session.execute(delete(CloudJobRow).where(CloudJobRow.job_id == job_id))
            session.add(row)
        won = self.store.claim(job_id, CLOUD_WORKER)
        if not won:
            self.forget(job_id, key=row_key)
        return won

    def under_way(self, account: str | None = None) -> list[CloudJob]:
        """The jobs at the service, the oldest first; a row whose job went another way counts for nothing.

        account: None = of every account that this computer was ever signed in to.
        """
        running = {entry.job.id: entry.job for entry in self.store.running_under(CLOUD_WORKER)}
        query = select(CloudJobRow).order_by(CloudJobRow.created_at)
        if account is not None:
            query = query.where(CloudJobRow.account == account)
        with self._records.reading() as session:
            rows = session.scalars(query)
            return [_cloud_job(row, running[row.job_id]) for row in rows if row.job_id in running]

    def note(self, cloud: CloudJob, *, remote_id: str | None = None, progress: int | None = None) -> bool:
        """Remember what the service said of a job; False when that was taken back meanwhile."""
        known = {"remote_id": remote_id, "progress": progress}
        values = {name: value for name, value in known.items() if value is not None}
        change = update(CloudJobRow).where(CloudJobRow.key == cloud.key).values(values).returning(CloudJobRow.key)
        with self._records.writing() as session:
            return session.scalar(change) is not None

    def has(self, cloud: CloudJob) -> bool:
        """Whether a job is still at the service by the same order."""
        query = select(CloudJobRow.key).where(CloudJobRow.key == cloud.key)
        with self._records.reading() as session:
            return session.scalar(query) is not None

    def take_back(self, cloud: CloudJob) -> None:
        """Put a job back into this computer's queue, where no rule sends it again, or end it where that was asked.

        An order that was sent only after `cloud` was read is withdrawn by the outbox.
        """
        self._records.append(STAYS, cloud.job.id, kept=_STAYS_KEPT)
        self.store.put_back(cloud.job.id, CLOUD_WORKER)
        withdrawal = replace(cloud, remote_id=self.forget(cloud.job.id, key=cloud.key)).withdrawal
        if cloud.withdrawal is None and withdrawal:
            self._records.post(cloud.account, CANCEL_CLOUD, withdrawal)

    def forget(self, job_id: str, *, key: str = "") -> str | None:
        """The service has nothing to do with a job any more; what was last known of its number there.

        key: only the hand-over of that key is meant.
        """
        meant = [CloudJobRow.job_id == job_id, *([CloudJobRow.key == key] if key else [])]
        with self._records.writing() as session:
            return session.scalar(delete(CloudJobRow).where(*meant).returning(CloudJobRow.remote_id))


def _cloud_job(row: CloudJobRow, job: Job) -> CloudJob:
    return CloudJob(
        job=job, account=row.account, key=row.key, price=row.price, remote_id=row.remote_id, progress=row.progress
    )
