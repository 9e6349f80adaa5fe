"""Credits: packages, buying, balance, ledger, refunds, and Stripe's signed events."""

import uuid
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import stripe
from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from cloud import audit, idempotency, ledger, payments
from cloud.api.credit_views import (
    BalanceView,
    Checkout,
    CheckoutView,
    InvoiceView,
    LedgerLine,
    PackageView,
    Purchase,
    PurchaseView,
    Received,
    Refund,
    TransactionView,
)
from cloud.api.wiring import IdempotencyHeader, SignedIn, WithServices
from cloud.identity import Principal
from cloud.kinds import AccountKind, TransactionStatus, TransactionType
from cloud.payments import PACKAGES, Package
from cloud.problems import Problem, documented, not_found
from cloud.services import Services
from cloud.tables import LedgerTransfer, Transaction

router = APIRouter(tags=["credits"])
T = TypeVar("T")


@router.get("/credits/packages")
def list_packages() -> list[PackageView]:
    """What can be bought."""
    return [
        PackageView(id=package.id, credits=package.credits, price_cents=package.price_cents)
        for package in PACKAGES.values()
    ]


@router.get("/credits/balance", responses=documented(401, 503))
def get_balance(principal: SignedIn, services: WithServices) -> BalanceView:
    """The balance of this account, derived from its ledger."""
    with services.database.read() as session:
        balance = ledger.balance(session, principal.user_id)
    return BalanceView(available=balance.available, reserved=balance.reserved, owed=balance.owed)


@router.get("/credits/ledger", responses=documented(401, 422, 503))
def list_ledger(
    principal: SignedIn,
    services: WithServices,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="Only lines with a smaller number.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[LedgerLine]:
    """The movements of this account's credits, the newest first."""
    accounts = [ledger.user_account(principal.user_id, kind) for kind in ledger.USER_KINDS]
    conditions: list[Any] = [or_(LedgerTransfer.source_id.in_(accounts), LedgerTransfer.target_id.in_(accounts))]
    conditions += [LedgerTransfer.number < before] if before else []
    with services.database.read() as session:
        found = session.scalars(
            select(LedgerTransfer).where(*conditions).order_by(LedgerTransfer.number.desc()).limit(limit)
        ).all()
    available = ledger.user_account(principal.user_id, AccountKind.AVAILABLE)
    return [_line(transfer, available) for transfer in found]


@router.get("/credits/transactions", responses=documented(401, 422, 503))
def list_transactions(
    principal: SignedIn, services: WithServices, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> list[TransactionView]:
    """Purchases, refunds and fees of this account, the newest first."""
    own = select(Transaction).where(Transaction.user_id == principal.user_id)
    with services.database.read() as session:
        found = session.scalars(own.order_by(Transaction.created_at.desc()).limit(limit)).all()
    return [_transaction(row) for row in found]


@router.get("/credits/transactions/{transaction_id}/invoice", responses=documented(401, 402, 404, 422, 502, 503))
def get_invoice(transaction_id: uuid.UUID, principal: SignedIn, services: WithServices) -> InvoiceView:
    """Where the invoice of a paid purchase is shown."""
    with services.database.read() as session:
        purchase = session.get(Transaction, transaction_id)
    is_paid_by_them = (
        purchase is not None
        and purchase.user_id == principal.user_id
        and purchase.type is TransactionType.CREDIT_PURCHASE
        and purchase.paid
    )
    if purchase is None or not is_paid_by_them:
        raise not_found("paid purchase")
    url = _answered(lambda: services.gateway.invoice(purchase))
    if not url:
        raise not_found("invoice")
    return InvoiceView(url=url)


@router.post("/credits/checkout", status_code=201, responses=documented(401, 402, 404, 422, 502, 503))
def open_checkout(
    body: Checkout, principal: SignedIn, services: WithServices, idempotency_key: IdempotencyHeader
) -> CheckoutView:
    """Open Stripe's payment page for a package."""
    package = _package(body.package_id)
    with services.database.write() as session:
        claim = idempotency.claim(session, principal.user_id, idempotency_key, ["checkout", package.id])
        if claim.answer is not None:
            return CheckoutView(**claim.answer)
        purchase = _find_or_open(session, principal, package, claim.resource_id)
    session_id, url = _ask(services, purchase, lambda: services.gateway.open_checkout(purchase, package))
    answer = CheckoutView(transaction_id=purchase.id, checkout_url=url)
    _keep(
        services,
        principal,
        idempotency_key,
        ["checkout", package.id],
        answer,
        purchase.id,
        stripe_session_id=session_id,
    )
    return answer


@router.post("/credits/purchase", status_code=201, responses=documented(401, 402, 404, 422, 502, 503))
def buy(
    body: Purchase, principal: SignedIn, services: WithServices, idempotency_key: IdempotencyHeader
) -> PurchaseView:
    """Charge a payment method for a package. The credits come when Stripe reports the payment, not before."""
    package = _package(body.package_id)
    request = ["purchase", package.id, body.payment_method_id]
    with services.database.write() as session:
        claim = idempotency.claim(session, principal.user_id, idempotency_key, request)
        if claim.answer is not None:
            return PurchaseView(**claim.answer)
        purchase = _find_or_open(session, principal, package, claim.resource_id)
    intent = _ask(services, purchase, lambda: services.gateway.pay(purchase, body.payment_method_id))
    secret = intent.client_secret if intent.status == "requires_action" else None
    answer = PurchaseView(transaction_id=purchase.id, payment_status=intent.status, client_secret=secret)
    _keep(services, principal, idempotency_key, request, answer, purchase.id, stripe_payment_id=intent.id)
    return answer


@router.post("/credits/refund", status_code=201, responses=documented(401, 402, 404, 409, 422, 502, 503))
def refund(
    body: Refund, principal: SignedIn, services: WithServices, idempotency_key: IdempotencyHeader
) -> TransactionView:
    """Give a purchase back whose credits are unused: they are taken at once, the money goes back where it came from."""
    request = ["refund", str(body.transaction_id)]
    with services.database.write() as session:
        claim = idempotency.claim(session, principal.user_id, idempotency_key, request)
        if claim.answer is not None:
            return TransactionView(**claim.answer)
        asked, payment_id = _find_or_open_refund(session, principal, body.transaction_id, claim.resource_id)
    refund_id = _ask(services, asked, lambda: services.gateway.refund(asked, payment_id))
    asked.status = TransactionStatus.SUCCEEDED
    answer = _transaction(asked)
    _keep(
        services,
        principal,
        idempotency_key,
        request,
        answer,
        asked.id,
        stripe_refund_id=refund_id,
        status=TransactionStatus.SUCCEEDED,
    )
    return answer


@router.post(
    "/webhooks/stripe",
    responses=documented(400, 422, 503),
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def receive_event(
    request: Request, services: WithServices, stripe_signature: Annotated[str, Header()]
) -> Received:
    """Take an event from Stripe. Only a right signature, not older than five minutes, moves credits."""
    payload = await request.body()
    try:
        event = payments.read_event(payload, stripe_signature, services.settings.secret("stripe_webhook_secret"))
        facts_are_readable = (
            isinstance(event, dict) and isinstance(event.get("id"), str) and isinstance(event.get("type"), str)
        )
    except (stripe.SignatureVerificationError, ValueError):
        facts_are_readable = False
        event = {}
    if not facts_are_readable:
        raise Problem(400, "bad_signature", "Bad request", "This is no signed event of the payment service.")
    return Received(applied=await run_in_threadpool(_apply, services, event))


def _apply(services: Services, event: dict[str, Any]) -> bool:
    for _ in range(2):
        try:
            with services.database.write() as session:
                return payments.receive(session, event)
        except IntegrityError:
            continue  # the same event was being applied at the same moment; look again
    return False


def _package(package_id: str) -> Package:
    if package_id not in PACKAGES:
        raise not_found("package")
    return PACKAGES[package_id]


def _find_or_open(session: Session, principal: Principal, package: Package, key: uuid.UUID) -> Transaction:
    """The purchase of an earlier try that got no answer, or a new one."""
    purchase = session.get(Transaction, key)
    if purchase is not None:
        return purchase
    purchase = Transaction(
        id=key,
        user_id=principal.user_id,
        tenant_id=principal.tenant_id,
        type=TransactionType.CREDIT_PURCHASE,
        amount_cents=package.price_cents,
        currency=payments.CURRENCY,
        credits_amount=package.credits,
        package_id=package.id,
    )
    session.add(purchase)
    audit.note(session, principal, "credits.ordered", key)
    session.flush()
    return purchase


def _find_or_open_refund(
    session: Session, principal: Principal, purchase_id: uuid.UUID, key: uuid.UUID
) -> tuple[Transaction, str]:
    """The refund and the payment it belongs to; its credits are taken in the caller's transaction."""
    purchase = payments.lock(session, purchase_id)
    if (
        purchase is None
        or purchase.user_id != principal.user_id
        or purchase.type is not TransactionType.CREDIT_PURCHASE
    ):
        raise not_found("purchase")
    earlier = session.get(Transaction, key)
    if earlier is not None:
        return earlier, purchase.stripe_payment_id or ""
    available = ledger.balance(session, principal.user_id).available
    if purchase.status is not TransactionStatus.SUCCEEDED or purchase.stripe_payment_id is None:
        raise Problem(409, "not_refundable", "Conflict", "This purchase is not paid, or was given back already.")
    if available < purchase.credits_amount:
        raise Problem(
            409,
            "credits_used",
            "Conflict",
            f"{purchase.credits_amount} unused credits are needed; {available} are available.",
        )
    asked = Transaction(
        id=key,
        user_id=principal.user_id,
        tenant_id=principal.tenant_id,
        type=TransactionType.REFUND,
        status=TransactionStatus.PENDING,
        amount_cents=purchase.amount_cents,
        currency=purchase.currency,
        credits_amount=-purchase.credits_amount,
        parent_id=purchase.id,
    )
    session.add(asked)
    session.flush()
    payments.settle(session, purchase)
    audit.note(session, principal, "credits.refund_asked", key)
    return asked, purchase.stripe_payment_id


def _ask(services: Services, transaction: Transaction, question: Callable[[], T]) -> T:
    """Ask Stripe; a final refusal fails the transaction, and a failed refund gives its credits back."""
    try:
        return _answered(question)
    except Problem as problem:
        if problem.document.code == "payment_refused":
            _fail(services, transaction.id)
        raise


def _answered(question: Callable[[], T]) -> T:
    """What Stripe answers. Raises Problem."""
    try:
        return question()
    except payments.PaymentRefused as error:
        raise Problem(402, "payment_refused", "Payment refused", str(error), "Try another way to pay.") from error
    except payments.PaymentUnavailable as error:
        raise Problem(
            502,
            "payment_unavailable",
            "Payment service unavailable",
            str(error),
            "Repeat with the same Idempotency-Key.",
        ) from error


def _fail(services: Services, key: uuid.UUID) -> None:
    with services.database.write() as session:
        transaction = payments.lock(session, key)
        if transaction is None or transaction.paid:
            return
        transaction.status = TransactionStatus.FAILED
        session.flush()
        purchase = payments.lock(session, transaction.parent_id) if transaction.parent_id else None
        if purchase is not None:
            payments.settle(session, purchase)


def _keep(
    services: Services,
    principal: Principal,
    key: str,
    request: list[str],
    answer: BaseModel,
    transaction_id: uuid.UUID,
    **known: Any,
) -> None:
    """Keep the answer for whoever repeats the call, and what Stripe called its part."""
    with services.database.write() as session:
        row = payments.lock(session, transaction_id)
        for name, value in known.items():
            setattr(row, name, value)
        idempotency.settle(idempotency.claim(session, principal.user_id, key, request), answer.model_dump(mode="json"))


def _line(transfer: LedgerTransfer, available: uuid.UUID) -> LedgerLine:
    sign = (transfer.target_id == available) - (transfer.source_id == available)
    return LedgerLine(
        number=transfer.number,
        kind=transfer.kind,
        amount=transfer.amount,
        change=sign * transfer.amount,
        job_id=transfer.job_id,
        transaction_id=transfer.transaction_id,
        created_at=transfer.created_at,
    )


def _transaction(row: Transaction) -> TransactionView:
    return TransactionView(**{name: getattr(row, name) for name in TransactionView.model_fields})
