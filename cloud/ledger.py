"""The credit ledger: append-only transfers between accounts, the only truth about who has how many credits.

A user's accounts are locked (on PostgreSQL by their `available` row, on SQLite by the write lock) before anything is
decided on their balance. Every function here belongs into the caller's transaction and takes effect with it.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cloud.kinds import AccountKind, TransferKind
from cloud.tables import LedgerAccount, LedgerTransfer, Transaction

_SPACE = uuid.UUID("6f1d1a52-6a0e-4c59-9d0b-5b7c3c3a9b10")
HOUSE_KINDS = (AccountKind.SALES, AccountKind.USAGE, AccountKind.PROMOTION)
USER_KINDS = (AccountKind.AVAILABLE, AccountKind.RESERVED, AccountKind.OWED)


class InsufficientCredits(Exception):
    """A user has fewer credits than a job needs."""

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(f"{needed} credits needed, {available} available")
        self.needed = needed
        self.available = available


@dataclass(frozen=True, kw_only=True)
class Balance:
    """A user's credits: available and reserved are never below zero, owed is what was reversed after its use (>= 0)."""

    available: int
    reserved: int
    owed: int


def house_account(kind: AccountKind) -> uuid.UUID:
    """The key of an account of the house, the same in every database."""
    return uuid.uuid5(_SPACE, kind.value)


def user_account(user_id: uuid.UUID, kind: AccountKind) -> uuid.UUID:
    """The key of one of a user's three accounts."""
    return uuid.uuid5(user_id, kind.value)


def open_accounts(session: Session, user_id: uuid.UUID) -> None:
    """Make the accounts of a new user."""
    session.add_all(LedgerAccount(id=user_account(user_id, kind), kind=kind, user_id=user_id) for kind in USER_KINDS)


def balance(session: Session, user_id: uuid.UUID) -> Balance:
    """A user's balance, derived from the transfers."""
    return Balance(
        available=_sum(session, user_account(user_id, AccountKind.AVAILABLE)),
        reserved=_sum(session, user_account(user_id, AccountKind.RESERVED)),
        owed=-_sum(session, user_account(user_id, AccountKind.OWED)),
    )


def reserve(session: Session, user_id: uuid.UUID, job_id: uuid.UUID, credits: int) -> None:
    """Set credits aside for a job. Raises InsufficientCredits; a second reservation of one job breaks a constraint."""
    _lock(session, user_id)
    available = balance(session, user_id).available
    if available < credits:
        raise InsufficientCredits(credits, available)
    _move_for_job(
        session,
        user_id,
        job_id,
        TransferKind.RESERVE,
        AccountKind.AVAILABLE,
        user_account(user_id, AccountKind.RESERVED),
        credits,
    )


def spend(session: Session, user_id: uuid.UUID, job_id: uuid.UUID, credits: int) -> None:
    """Use the credits that were set aside for a job. Spending and releasing one reservation exclude each other."""
    _move_for_job(
        session, user_id, job_id, TransferKind.SPEND, AccountKind.RESERVED, house_account(AccountKind.USAGE), credits
    )


def release(session: Session, user_id: uuid.UUID, job_id: uuid.UUID, credits: int) -> None:
    """Give the credits that were set aside for a job back to their user (who pays a debt with them first)."""
    _lock(session, user_id)
    _move_for_job(
        session,
        user_id,
        job_id,
        TransferKind.RELEASE,
        AccountKind.RESERVED,
        user_account(user_id, AccountKind.AVAILABLE),
        credits,
    )
    _pay_debt(session, user_id)


def give(session: Session, user_id: uuid.UUID, credits: int) -> None:
    """Give a user credits that nobody paid for."""
    _lock(session, user_id)
    _move(
        session,
        TransferKind.PROMOTION,
        house_account(AccountKind.PROMOTION),
        user_account(user_id, AccountKind.AVAILABLE),
        credits,
    )
    _pay_debt(session, user_id)


def settle_purchase(session: Session, purchase: Transaction, credits: int) -> int:
    """Bring what a purchase has given its user to `credits`, and say by how much that changed.

    Idempotent, and the same whatever came before: what is too little is granted, what is too much is taken back, from
    the available credits first, then as a debt. The caller holds the lock on the purchase's row.
    """
    _lock(session, purchase.user_id)
    change = credits - given_by(session, purchase)
    if change > 0:
        available = user_account(purchase.user_id, AccountKind.AVAILABLE)
        _move_for_purchase(
            session, purchase, TransferKind.PURCHASE, house_account(AccountKind.SALES), available, change
        )
        _pay_debt(session, purchase.user_id)
    elif change < 0:
        _take_back(session, purchase, -change)
    return change


def given_by(session: Session, purchase: Transaction) -> int:
    """The credits a purchase has given, less those taken back."""
    sales = house_account(AccountKind.SALES)
    of_purchase = LedgerTransfer.transaction_id == purchase.id
    given = session.scalar(
        select(func.coalesce(func.sum(LedgerTransfer.amount), 0)).where(of_purchase, LedgerTransfer.source_id == sales)
    )
    taken = session.scalar(
        select(func.coalesce(func.sum(LedgerTransfer.amount), 0)).where(of_purchase, LedgerTransfer.target_id == sales)
    )
    return int(given or 0) - int(taken or 0)


def find_faults(session: Session) -> list[str]:
    """Everything wrong with the ledger, as sentences; empty when it is sound."""
    totals: dict[uuid.UUID, int] = {account: int(total) for account, total in session.execute(_balances())}
    faults = [] if sum(totals.values()) == 0 else [f"The accounts sum to {sum(totals.values())} instead of zero."]
    for account in session.scalars(select(LedgerAccount).where(LedgerAccount.user_id.is_not(None))):
        total = totals.get(account.id, 0)
        if (total > 0) if account.kind is AccountKind.OWED else (total < 0):
            faults.append(f"Account {account.id} ({account.kind}) of user {account.user_id} stands at {total}.")
    return faults


def total_used(session: Session) -> int:
    """The credits used by all users together."""
    return _sum(session, house_account(AccountKind.USAGE))


def _take_back(session: Session, purchase: Transaction, credits: int) -> None:
    sales = house_account(AccountKind.SALES)
    from_available = min(credits, balance(session, purchase.user_id).available)
    for kind, amount in ((AccountKind.AVAILABLE, from_available), (AccountKind.OWED, credits - from_available)):
        if amount:
            _move_for_purchase(
                session, purchase, TransferKind.REVERSAL, user_account(purchase.user_id, kind), sales, amount
            )


def _pay_debt(session: Session, user_id: uuid.UUID) -> None:
    current = balance(session, user_id)
    amount = min(current.available, current.owed)
    if amount:
        _move(
            session,
            TransferKind.DEBT,
            user_account(user_id, AccountKind.AVAILABLE),
            user_account(user_id, AccountKind.OWED),
            amount,
        )


def _move_for_purchase(
    session: Session, purchase: Transaction, kind: TransferKind, source: uuid.UUID, target: uuid.UUID, amount: int
) -> None:
    count = session.scalar(select(func.count()).where(LedgerTransfer.transaction_id == purchase.id))
    _move(session, kind, source, target, amount, transaction_id=purchase.id, settles=str(count))


def _move_for_job(
    session: Session,
    user_id: uuid.UUID,
    job_id: uuid.UUID,
    kind: TransferKind,
    source: AccountKind,
    target: uuid.UUID,
    amount: int,
) -> None:
    settles = "reserve" if kind is TransferKind.RESERVE else "settle"
    _move(session, kind, user_account(user_id, source), target, amount, job_id=job_id, settles=settles)


def _move(
    session: Session,
    kind: TransferKind,
    source: uuid.UUID,
    target: uuid.UUID,
    amount: int,
    *,
    job_id: uuid.UUID | None = None,
    transaction_id: uuid.UUID | None = None,
    settles: str | None = None,
) -> None:
    session.add(
        LedgerTransfer(
            kind=kind,
            source_id=source,
            target_id=target,
            amount=amount,
            job_id=job_id,
            transaction_id=transaction_id,
            settles=settles,
        )
    )
    session.flush()


def _lock(session: Session, user_id: uuid.UUID) -> None:
    account = user_account(user_id, AccountKind.AVAILABLE)
    session.execute(select(LedgerAccount.id).where(LedgerAccount.id == account).with_for_update()).one()


def _sum(session: Session, account: uuid.UUID) -> int:
    came = (
        select(func.coalesce(func.sum(LedgerTransfer.amount), 0))
        .where(LedgerTransfer.target_id == account)
        .scalar_subquery()
    )
    went = (
        select(func.coalesce(func.sum(LedgerTransfer.amount), 0))
        .where(LedgerTransfer.source_id == account)
        .scalar_subquery()
    )
    return int(session.scalar(select(came - went)) or 0)


def _balances() -> Select[uuid.UUID, int]:
    entries = (
        select(LedgerTransfer.target_id.label("account"), LedgerTransfer.amount.label("amount"))
        .union_all(select(LedgerTransfer.source_id, -LedgerTransfer.amount))
        .subquery()
    )
    return select(entries.c.account, func.sum(entries.c.amount)).group_by(entries.c.account)
