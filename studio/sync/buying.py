"""Credits: packages, a purchase on the payment page, and whether the service says that it is paid."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from studio.errors import AccountError
from studio.model import Balance, Package, Purchase, PurchaseState
from studio.sync.client import Client
from studio.sync.records import Records
from studio.sync.session import Session
from studio.sync.wire import BalanceView, CheckoutView, InvoiceView, PackageView, TransactionView, read, read_all

# The payment page closes after a day; whoever has not paid by then does not pay any more.
GIVEN_UP_AFTER = timedelta(hours=48)
_ENDED = {"succeeded": PurchaseState.PAID, "failed": PurchaseState.FAILED, "refunded": PurchaseState.PAID}


async def packages(client: Client) -> list[Package]:
    """What can be bought; anybody may ask. Raises AccountError."""
    found = read_all(PackageView, await client.call("GET", "/credits/packages"))
    return [Package(**asdict(package)) for package in found]


async def open_page(session: Session, purchase: Purchase, records: Records) -> str:
    """The address of the payment page of a purchase; asking again with the same purchase opens no second one.

    Raises AccountError; a purchase that is refused for good is failed.
    """
    form = {"package_id": purchase.package_id}
    try:
        page = read(CheckoutView, await session.call("POST", "/credits/checkout", key=purchase.key, json=form))
    except AccountError as error:
        if not error.retryable and not error.is_of_sign_in:
            records.change_purchase(purchase.key, PurchaseState.FAILED)
        raise
    known = {"transaction_id": page.transaction_id, "checkout_url": page.checkout_url}
    records.change_purchase(purchase.key, PurchaseState.WAITING, **known)
    return page.checkout_url


async def look_after(session: Session, account: str, records: Records) -> bool:
    """Go on with the purchases that are open; True when one of them was settled. Raises AccountError."""
    waiting = records.purchases(account, open_only=True)
    for purchase in waiting:
        if purchase.state is PurchaseState.OPENING:
            await open_page(session, purchase, records)
    if not waiting:
        return False
    money = {row.id: row for row in await transactions(session)}
    return any([_settle(purchase, money, records) for purchase in records.purchases(account, open_only=True)])


async def transactions(session: Session) -> list[TransactionView]:
    """Purchases, refunds and fees, the newest first. Raises AccountError."""
    return read_all(TransactionView, await session.call("GET", "/credits/transactions"))


async def invoice(session: Session, transaction_id: str) -> str:
    """The address where the invoice of a paid purchase is shown in a browser. Raises AccountError."""
    return read(InvoiceView, await session.call("GET", f"/credits/transactions/{transaction_id}/invoice")).url


async def balance(session: Session, records: Records) -> Balance:
    """The balance as of now; kept, so that it can be shown with its age when the service is away."""
    view = read(BalanceView, await session.call("GET", "/credits/balance"))
    told = asdict(view) | {"told_at": datetime.now(UTC).isoformat()}
    records.keep(balance=told)
    return known_balance(told)


def known_balance(told: dict[str, Any]) -> Balance:
    """A balance as it was kept."""
    return Balance(
        available=told["available"],
        reserved=told["reserved"],
        owed=told["owed"],
        told_at=datetime.fromisoformat(told["told_at"]),
    )


def _settle(purchase: Purchase, money: dict[str, TransactionView], records: Records) -> bool:
    row = money.get(purchase.transaction_id or "")
    state = _ENDED.get(row.status) if row else None
    if state is None and datetime.now(UTC) - purchase.created_at > GIVEN_UP_AFTER:
        state = PurchaseState.GIVEN_UP
    return state is not None and records.change_purchase(purchase.key, state)
