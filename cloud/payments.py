"""Payments: what Stripe is asked, and what its signed events do to the ledger.

A purchase row gathers facts that only grow (paid, cents refunded, dispute). After every fact the credits that it
should have given are computed anew and the ledger is brought there, so events may come late, twice and in any order.
"""

import contextlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import stripe
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud import ledger
from cloud.kinds import DisputeStatus, TransactionStatus, TransactionType
from cloud.settings import Settings
from cloud.tables import Transaction, WebhookEvent

CURRENCY = "EUR"
API_VERSION = "2024-06-20"


@dataclass(frozen=True, kw_only=True)
class Package:
    """Credits for money: a number of credits, a price in cents of EUR."""

    id: str
    credits: int
    price_cents: int


PACKAGES = {
    package.id: package
    for package in (
        Package(id="credits-10", credits=10, price_cents=900),
        Package(id="credits-50", credits=50, price_cents=3900),
        Package(id="credits-200", credits=200, price_cents=12900),
        Package(id="credits-1000", credits=1000, price_cents=54900),
    )
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What one event says about a payment; None = nothing.

    transaction_id: ours, from the metadata. payment_id, session_id: Stripe's. refunded_cents: the sum so far.
    """

    transaction_id: str | None = None
    payment_id: str | None = None
    session_id: str | None = None
    paid: bool | None = None
    failed: bool | None = None
    amount_cents: int | None = None
    currency: str | None = None
    refunded_cents: int | None = None
    dispute: str | None = None


class PaymentRefused(Exception):
    """Stripe refused a payment or refund, finally; the text is for its user."""


class PaymentUnavailable(Exception):
    """Stripe does not answer, or not as it should; trying again may help."""


class Gateway:
    """What is asked of Stripe. Every call carries our transaction's id, also as Stripe's idempotency key."""

    def __init__(self, settings: Settings, api_base: str, secret_key: str) -> None:
        self._settings = settings
        options: dict[str, Any] = {"base_addresses": {"api": api_base}} if api_base else {}
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=API_VERSION,
            http_client=stripe.RequestsClient(timeout=20),
            max_network_retries=2,
            **options,
        )

    def open_checkout(self, transaction: Transaction, package: Package) -> tuple[str, str]:
        """Open a hosted payment page; its session id and address. Raises PaymentUnavailable."""
        metadata = {"transaction_id": str(transaction.id)}
        product = {"name": f"{package.credits} credits"}
        price = {
            "currency": transaction.currency.lower(),
            "unit_amount": transaction.amount_cents,
            "product_data": product,
        }
        with _translated():
            opened = self._client.v1.checkout.sessions.create(
                {
                    "mode": "payment",
                    "line_items": [{"quantity": 1, "price_data": price}],  # pyright: ignore[reportArgumentType]
                    "metadata": metadata,
                    "payment_intent_data": {"metadata": metadata},
                    "client_reference_id": str(transaction.id),
                    "invoice_creation": {"enabled": True},
                    "success_url": f"{self._settings.public_url}/credits/success",
                    "cancel_url": f"{self._settings.public_url}/credits/cancelled",
                },
                {"idempotency_key": f"checkout-{transaction.id}"},
            )
        return opened.id, opened.url or ""

    def pay(self, transaction: Transaction, payment_method: str) -> stripe.PaymentIntent:
        """Charge a payment method. Raises PaymentRefused or PaymentUnavailable."""
        with _translated():
            return self._client.v1.payment_intents.create(
                {
                    "amount": transaction.amount_cents,
                    "currency": transaction.currency.lower(),
                    "payment_method": payment_method,
                    "payment_method_types": ["card"],  # pyright: ignore[reportArgumentType] -- named so in API_VERSION
                    "confirm": True,
                    "metadata": {"transaction_id": str(transaction.id)},
                },
                {"idempotency_key": f"pay-{transaction.id}"},
            )

    def invoice(self, purchase: Transaction) -> str:
        """The address of the invoice of a paid page, or of the receipt of a charged payment method; "" = none yet.

        Raises PaymentRefused or PaymentUnavailable.
        """
        with _translated():
            if purchase.stripe_session_id:
                opened = self._client.v1.checkout.sessions.retrieve(purchase.stripe_session_id, {"expand": ["invoice"]})
                return (opened.to_dict().get("invoice") or {}).get("hosted_invoice_url") or ""
            paid = self._client.v1.payment_intents.retrieve(
                purchase.stripe_payment_id or "", {"expand": ["latest_charge"]}
            )
        return (paid.to_dict().get("latest_charge") or {}).get("receipt_url") or ""

    def refund(self, refund: Transaction, payment_id: str) -> str:
        """Give money back; Stripe's refund id. Raises PaymentRefused or PaymentUnavailable."""
        with _translated():
            made = self._client.v1.refunds.create(
                {
                    "payment_intent": payment_id,
                    "amount": refund.amount_cents,
                    "metadata": {"transaction_id": str(refund.id)},
                },
                {"idempotency_key": f"refund-{refund.id}"},
            )
        return made.id

    def payments(self) -> list[Facts]:
        """What Stripe knows of every payment that carries a transaction of ours. Raises PaymentUnavailable."""
        with _translated():
            listed = self._client.v1.payment_intents.list({"limit": 100, "expand": ["data.latest_charge"]})
            return [
                facts
                for payment in listed.auto_paging_iter()
                if (facts := _facts_of_payment(payment.to_dict())).transaction_id
            ]


def read_event(payload: bytes, signature: str, secret: str) -> dict[str, Any]:
    """An event whose signature holds, as plain data. Raises stripe.SignatureVerificationError or ValueError."""
    stripe.WebhookSignature.verify_header(payload.decode(), signature, secret, tolerance=300)
    return json.loads(payload)


def receive(session: Session, event: dict[str, Any]) -> bool:
    """Apply an event once; False = it was received before or is about nothing of ours."""
    facts = facts_of(event)
    if facts is None or session.get(WebhookEvent, event["id"]) is not None:
        return False
    row = WebhookEvent(id=event["id"], type=event["type"], facts=asdict(facts), payment_id=facts.payment_id)
    session.add(row)
    session.flush()
    purchase = _find_purchase(session, facts)
    if purchase is not None:
        _apply(session, purchase, facts)
        row.applied = True
    return True


def apply_waiting(session: Session) -> int:
    """Apply the events that came before their payment was known; how many found it now."""
    applied = 0
    for waiting in session.scalars(
        select(WebhookEvent).where(WebhookEvent.applied.is_(False), WebhookEvent.payment_id.is_not(None))
    ):
        purchase = _find_purchase(session, Facts(**waiting.facts))
        if purchase is not None:
            _apply(session, purchase, Facts(**waiting.facts))
            waiting.applied = True
            applied += 1
    return applied


def facts_of(event: dict[str, Any]) -> Facts | None:
    """What an event says about a payment; None = it is of no interest."""
    thing = event["data"]["object"]
    match event["type"]:
        case "checkout.session.completed" | "checkout.session.async_payment_succeeded":
            return _facts_of_session(thing)
        case "payment_intent.succeeded":
            return _facts_of_payment(thing)
        case "payment_intent.payment_failed" | "checkout.session.async_payment_failed" | "checkout.session.expired":
            return Facts(transaction_id=_ours(thing), failed=True)
        case "charge.refunded":
            return Facts(
                transaction_id=_ours(thing), payment_id=thing["payment_intent"], refunded_cents=thing["amount_refunded"]
            )
        case "charge.dispute.created" | "charge.dispute.closed" | "charge.dispute.updated":
            return Facts(payment_id=thing["payment_intent"], dispute=_dispute(thing["status"]))
        case _:
            return None


def correct(session: Session, facts: Facts) -> None:
    """Set a purchase to what Stripe says of it now, down as well as up; for reconciliation."""
    purchase = _find_purchase(session, facts)
    if purchase is None:
        return
    purchase.refunded_cents = facts.refunded_cents or 0
    _apply(session, purchase, facts)


def settle(session: Session, purchase: Transaction) -> int:
    """Bring the ledger to what the purchase's facts say; by how many credits that changed it. Caller holds its lock."""
    refunded = max(purchase.refunded_cents, _refunds_asked(session, purchase))
    purchase.status = _status(purchase, refunded)
    return ledger.settle_purchase(session, purchase, credits_due(purchase, refunded))


def credits_due(purchase: Transaction, refunded_cents: int) -> int:
    """The credits a purchase should have given: none before it is paid or while disputed, less the refunded share."""
    if not purchase.paid or purchase.dispute in (DisputeStatus.OPEN, DisputeStatus.LOST):
        return 0
    kept_cents = max(purchase.amount_cents - refunded_cents, 0)
    return purchase.credits_amount * kept_cents // purchase.amount_cents


def is_refund_pending(session: Session, purchase: Transaction) -> bool:
    """Whether a refund was asked for that Stripe has not answered yet."""
    pending = (Transaction.parent_id == purchase.id, Transaction.status == TransactionStatus.PENDING)
    return session.scalar(select(Transaction.id).where(*pending).limit(1)) is not None


def lock(session: Session, transaction_id: uuid.UUID) -> Transaction | None:
    """A transaction's row, locked and fresh."""
    return session.scalar(
        select(Transaction)
        .where(Transaction.id == transaction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _apply(session: Session, purchase: Transaction, facts: Facts) -> None:
    if facts.paid and (facts.amount_cents, (facts.currency or "").upper()) == (
        purchase.amount_cents,
        purchase.currency,
    ):
        purchase.paid = True
    purchase.stripe_payment_id = purchase.stripe_payment_id or facts.payment_id
    purchase.stripe_session_id = purchase.stripe_session_id or facts.session_id
    purchase.refunded_cents = max(purchase.refunded_cents, facts.refunded_cents or 0)
    if facts.dispute is not None and purchase.dispute not in (DisputeStatus.WON, DisputeStatus.LOST):
        purchase.dispute = DisputeStatus(facts.dispute)
    settle(session, purchase)
    if facts.failed and not purchase.paid:
        purchase.status = TransactionStatus.FAILED


def _find_purchase(session: Session, facts: Facts) -> Transaction | None:
    columns = ((Transaction.stripe_payment_id, facts.payment_id), (Transaction.stripe_session_id, facts.session_id))
    key = _uuid(facts.transaction_id) or next(
        (
            found
            for column, value in columns
            if value and (found := session.scalar(select(Transaction.id).where(column == value)))
        ),
        None,
    )
    purchase = lock(session, key) if key else None
    return purchase if purchase is not None and purchase.type is TransactionType.CREDIT_PURCHASE else None


def _refunds_asked(session: Session, purchase: Transaction) -> int:
    standing = (Transaction.parent_id == purchase.id, Transaction.status != TransactionStatus.FAILED)
    return session.scalar(select(func.coalesce(func.sum(Transaction.amount_cents), 0)).where(*standing)) or 0


def _status(purchase: Transaction, refunded_cents: int) -> TransactionStatus:
    if not purchase.paid:
        return TransactionStatus.PENDING
    if purchase.dispute in (DisputeStatus.OPEN, DisputeStatus.LOST):
        return TransactionStatus.DISPUTED
    if refunded_cents >= purchase.amount_cents:
        return TransactionStatus.REFUNDED
    return TransactionStatus.PARTIALLY_REFUNDED if refunded_cents else TransactionStatus.SUCCEEDED


def _facts_of_session(thing: dict[str, Any]) -> Facts:
    return Facts(
        transaction_id=_ours(thing),
        payment_id=thing.get("payment_intent"),
        session_id=thing["id"],
        paid=thing["payment_status"] == "paid",
        amount_cents=thing["amount_total"],
        currency=thing["currency"],
    )


def _facts_of_payment(thing: dict[str, Any]) -> Facts:
    charge = thing.get("latest_charge")
    return Facts(
        transaction_id=_ours(thing),
        payment_id=thing["id"],
        paid=thing["status"] == "succeeded",
        amount_cents=thing["amount"],
        currency=thing["currency"],
        refunded_cents=charge.get("amount_refunded") if isinstance(charge, dict) else None,
    )


def _ours(thing: dict[str, Any]) -> str | None:
    return (thing.get("metadata") or {}).get("transaction_id")


def _dispute(status: str) -> str:
    if status in ("won", "warning_closed"):
        return DisputeStatus.WON
    return DisputeStatus.LOST if status == "lost" else DisputeStatus.OPEN


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise PaymentRefused(error.user_message or "The payment was refused.") from error
    except stripe.StripeError as error:
        raise PaymentUnavailable("The payment service does not answer.") from error
