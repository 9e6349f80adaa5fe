"""Compare what Stripe knows with what the ledger says, and on request correct the ledger."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud import audit, ledger, payments
from cloud.kinds import DisputeStatus, TransactionType
from cloud.payments import Facts
from cloud.services import Services
from cloud.tables import Transaction


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing on which Stripe and the ledger do not agree."""

    transaction_id: str
    sentence: str


def reconcile(services: Services, *, fix: bool) -> list[Difference]:
    """Every difference that is left; with `fix` those are corrected that Stripe decides. Raises PaymentUnavailable."""
    told = {facts.transaction_id: facts for facts in services.gateway.payments() if facts.transaction_id}
    with services.database.read() as session:
        found = _differences(session, told)
    if not fix or not found:
        return found
    for difference in found:
        if difference.transaction_id in told:
            with services.database.write() as session:
                payments.correct(session, told[difference.transaction_id])
                audit.note(session, None, "credits.reconciled", difference.transaction_id)
    with services.database.read() as session:
        return _differences(session, told)


def _differences(session: Session, told: dict[str, Facts]) -> list[Difference]:
    found = [Difference(transaction_id="", sentence=fault) for fault in ledger.find_faults(session)]
    purchases = session.scalars(select(Transaction).where(Transaction.type == TransactionType.CREDIT_PURCHASE)).all()
    known = {str(purchase.id) for purchase in purchases}
    for purchase in purchases:
        sentence = _disagreement(session, purchase, told.get(str(purchase.id)))
        found += [Difference(transaction_id=str(purchase.id), sentence=sentence)] if sentence else []
    return found + [
        Difference(
            transaction_id=key, sentence=f"Stripe holds payment {facts.payment_id} for a purchase that is not here."
        )
        for key, facts in told.items()
        if facts.paid and key not in known
    ]


def _disagreement(session: Session, purchase: Transaction, facts: Facts | None) -> str | None:
    paid = bool(facts and facts.paid)
    if purchase.paid and not paid:
        return "The ledger counts it as paid, Stripe does not."
    if paid and not purchase.paid:
        return f"Stripe was paid {facts.amount_cents if facts else 0} cents, no credits were given."
    refunded = (facts.refunded_cents if facts else None) or 0
    if refunded != purchase.refunded_cents:
        return f"Stripe gave {refunded} cents back, the ledger counts {purchase.refunded_cents}."
    due = payments.credits_due(purchase, refunded)
    given = ledger.given_by(session, purchase)
    if due != given and purchase.dispute is DisputeStatus.NONE and not payments.is_refund_pending(session, purchase):
        return f"It should have given {due} credits and gave {given}."
    return None
