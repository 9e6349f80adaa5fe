"""What the account remembers between two starts, in the database of the jobs."""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from studio.jobs.db import Database
from studio.jobs.outgoing import (
    UPLOAD,
    ConsentRow,
    FactRow,
    OutboxRow,
    PurchaseRow,
    SyncedRow,
    message,
    report_files,
)
from studio.jobs.rows import now
from studio.jobs.tables import JobRow
from studio.model import Failure, JobStatus, OutboxItem, Purchase, PurchaseState
from studio.sync.licence import Mark

OPEN_PURCHASES = (PurchaseState.OPENING, PurchaseState.WAITING)


class Records(Database):
    """Facts, purchases, consents, the outbox. Methods are short, safe from any thread and process; raise StoreError."""

    # --- facts

    def fact(self, name: str) -> Any:
        """What was kept under a name, None when nothing was."""
        with self.reading() as session:
            row = session.get(FactRow, name)
            return json.loads(row.value) if row else None

    def keep(self, **facts: Any) -> None:
        """Keep plain data under these names, all of it at once; None forgets."""
        with self.writing() as session:
            for name, value in facts.items():
                session.execute(delete(FactRow).where(FactRow.name == name))
                if value is not None:
                    session.add(FactRow(name=name, value=json.dumps(value), changed_at=now()))

    def append(self, name: str, value: str, *, kept: int) -> None:
        """Put a text at the end of the list that is kept under a name, which holds the newest `kept`."""
        with self.writing() as session:
            row = session.get(FactRow, name)
            known: list[str] = json.loads(row.value) if row else []
            session.merge(FactRow(name=name, value=json.dumps([*known, value][-kept:]), changed_at=now()))

    def mark(self, seal: bytes) -> Mark | None:
        """The mark of time, None when there is none or a hand has changed it."""
        kept: Any = self.fact("mark")
        try:
            mark = Mark(latest_s=float(kept["latest_s"]), newest_issue_s=int(kept["newest_issue_s"]))
            return mark if hmac.compare_digest(kept["seal"], _sealed(mark, seal)) else None
        except (KeyError, TypeError, ValueError):
            return None

    def keep_licence(self, document: str, mark: Mark, seal: bytes) -> None:
        """Keep a licence together with the mark of time that it goes with."""
        self.keep(licence=document, mark=asdict(mark) | {"seal": _sealed(mark, seal)})

    def keep_mark(self, mark: Mark, seal: bytes) -> None:
        """Keep the mark of time."""
        self.keep(mark=asdict(mark) | {"seal": _sealed(mark, seal)})

    # --- purchases

    def begin_purchase(self, account: str, package_id: str, credits: int) -> Purchase:
        """Note that a package is about to be bought, under a key of its own."""
        row = PurchaseRow(
            key=secrets.token_hex(16),
            account=account,
            package_id=package_id,
            credits=credits,
            state=PurchaseState.OPENING,
            created_at=now(),
        )
        with self.writing() as session:
            session.add(row)
            return _purchase(row)

    def change_purchase(self, key: str, state: PurchaseState, **known: str) -> bool:
        """Move a purchase that is open; False when it was settled before."""
        values = {"state": state} | known | ({} if state in OPEN_PURCHASES else {"settled_at": now()})
        mine = (PurchaseRow.key == key, PurchaseRow.state.in_(OPEN_PURCHASES))
        change = update(PurchaseRow).where(*mine).values(values).returning(PurchaseRow.key)
        with self.writing() as session:
            return session.scalar(change) is not None

    def purchases(self, account: str, *, open_only: bool = False) -> list[Purchase]:
        """The purchases begun here, the newest first."""
        query = select(PurchaseRow).where(PurchaseRow.account == account).order_by(PurchaseRow.created_at.desc())
        if open_only:
            query = query.where(PurchaseRow.state.in_(OPEN_PURCHASES))
        with self.reading() as session:
            return [_purchase(row) for row in session.scalars(query)]

    # --- consent

    def consents(self, account: str) -> list[Path]:
        """The shoots whose results go to this account."""
        query = select(ConsentRow.folder).where(ConsentRow.account == account)
        with self.reading() as session:
            return [Path(os.fsdecode(folder)) for folder in session.scalars(query)]

    def consent(self, account: str, folder: Path) -> None:
        """Send the results of a shoot from now on, and those that are finished already."""
        raw = os.fsencode(folder)
        with self.writing() as session:
            row = {"folder": raw, "account": account, "given_at": now()}
            if not session.scalar(insert(ConsentRow).values(row).on_conflict_do_nothing().returning(ConsentRow.folder)):
                return
            done = select(JobRow.id).where(JobRow.status == JobStatus.DONE, _is_below(raw)).order_by(JobRow.number)
            for job_id in session.scalars(done).all():
                report_files(session, job_id, account)

    def withdraw(self, account: str, folder: Path) -> None:
        """Send nothing of a shoot any more, not even what waits already; what is there stays there."""
        raw = os.fsencode(folder)
        with self.writing() as session:
            session.execute(delete(ConsentRow).where(ConsentRow.account == account, ConsentRow.folder == raw))
            waiting = select(JobRow.id).where(_is_below(raw))
            session.execute(
                delete(OutboxRow).where(
                    OutboxRow.account == account, OutboxRow.kind == UPLOAD, OutboxRow.job_id.in_(waiting)
                )
            )

    # --- the outbox

    def post(self, account: str, kind: str, payload: dict[str, str], *, job_id: str | None = None) -> None:
        """Put a message into the outbox."""
        with self.writing() as session:
            session.add(message(account, kind, payload, job_id=job_id))

    def next_message(self, account: str, now_s: float, kinds: Sequence[str]) -> OutboxItem | None:
        """The oldest message of these kinds that is due."""
        due = (
            OutboxRow.account == account,
            OutboxRow.kind.in_(kinds),
            OutboxRow.refused_title.is_(None),
            OutboxRow.not_before <= now_s,
        )
        with self.reading() as session:
            row = session.scalar(select(OutboxRow).where(*due).order_by(OutboxRow.number).limit(1))
            return _item(row) if row else None

    def refused(self, account: str) -> list[OutboxItem]:
        """The messages that the service did not want, until a person has seen that."""
        query = select(OutboxRow).where(OutboxRow.account == account, OutboxRow.refused_title.is_not(None))
        with self.reading() as session:
            return [_item(row) for row in session.scalars(query.order_by(OutboxRow.number))]

    def waiting(self, account: str) -> int:
        """How many files are still to be sent."""
        mine = (OutboxRow.account == account, OutboxRow.kind == UPLOAD, OutboxRow.refused_title.is_(None))
        with self.reading() as session:
            return session.scalar(select(func.count()).select_from(OutboxRow).where(*mine)) or 0

    def sent(self, item: OutboxItem, *, sha256: str = "", path: Path | None = None, result_id: str = "") -> None:
        """Forget a message that arrived; with a file, remember that it stands on both sides."""
        with self.writing() as session:
            session.execute(delete(OutboxRow).where(OutboxRow.number == item.number))
            if path is not None:
                session.execute(_synced(item.account, sha256, path, result_id))

    def defer(self, item: OutboxItem, not_before: float) -> None:
        """Try a message again later."""
        values = {"attempts": item.attempts + 1, "not_before": not_before}
        with self.writing() as session:
            session.execute(update(OutboxRow).where(OutboxRow.number == item.number).values(values))

    def refuse(self, item: OutboxItem, why: Failure) -> None:
        """Keep a message that the service does not want for a person to see."""
        values = {f"refused_{name}": getattr(why, name) for name in ("title", "message", "hint")}
        with self.writing() as session:
            session.execute(update(OutboxRow).where(OutboxRow.number == item.number).values(values))

    def dismiss(self, numbers: Iterable[int]) -> None:
        """Forget refused messages: a person has seen them."""
        seen = (OutboxRow.number.in_(list(numbers)), OutboxRow.refused_title.is_not(None))
        with self.writing() as session:
            session.execute(delete(OutboxRow).where(*seen))

    # --- files on both sides

    def is_synced(self, account: str, sha256: str) -> bool:
        """Whether a content was sent from here or fetched to here before."""
        with self.reading() as session:
            return session.get(SyncedRow, (account, sha256)) is not None

    def note_synced(self, account: str, sha256: str, path: Path, result_id: str) -> None:
        """Remember that a content stands on both sides."""
        with self.writing() as session:
            session.execute(_synced(account, sha256, path, result_id))


def _synced(account: str, sha256: str, path: Path, result_id: str) -> Any:
    row = {"account": account, "sha256": sha256, "path": os.fsencode(path), "result_id": result_id, "at": now()}
    return insert(SyncedRow).values(row).on_conflict_do_update(index_elements=["account", "sha256"], set_=row)


def _is_below(folder: bytes) -> Any:
    start = folder + os.fsencode(os.sep)
    return (JobRow.front > start) & (JobRow.front < start[:-1] + bytes([start[-1] + 1]))


def _sealed(mark: Mark, seal: bytes) -> str:
    """Keeps hands off, not burglars: whoever reads this program can make the seal."""
    return hmac.new(seal, f"{float(mark.latest_s)!r}:{mark.newest_issue_s}".encode(), hashlib.sha256).hexdigest()


def _purchase(row: PurchaseRow) -> Purchase:
    return Purchase(
        key=row.key,
        package_id=row.package_id,
        credits=row.credits,
        transaction_id=row.transaction_id,
        checkout_url=row.checkout_url,
        state=PurchaseState(row.state),
        created_at=datetime.fromisoformat(row.created_at).astimezone(UTC),
    )


def _item(row: OutboxRow) -> OutboxItem:
    refusal = None
    if row.refused_title is not None:
        refusal = Failure(title=row.refused_title, message=row.refused_message or "", hint=row.refused_hint or "")
    return OutboxItem(
        number=row.number,
        key=row.key,
        account=row.account,
        kind=row.kind,
        payload=json.loads(row.payload),
        job_id=row.job_id,
        attempts=row.attempts,
        not_before=row.not_before,
        refusal=refusal,
    )
