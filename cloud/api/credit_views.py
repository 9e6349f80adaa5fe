"""What is asked and answered about credits and money."""

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from cloud import payments
from cloud.kinds import TransactionStatus, TransactionType, TransferKind

_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
PackageId = Annotated[str, StringConstraints(max_length=40)]


class PackageView(BaseModel):
    """Credits for money. price_cents: cents of EUR, taxes included."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "credits-50", "credits": 50, "price_cents": 3900, "currency": "EUR"}]}
    )
    id: str
    credits: int
    price_cents: int
    currency: str = payments.CURRENCY


class Checkout(BaseModel):
    """A package to pay for on Stripe's page."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"package_id": "credits-50"}]})
    package_id: PackageId


class CheckoutView(BaseModel):
    """Where to pay. The credits come when Stripe reports the payment, not before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"transaction_id": _ID, "checkout_url": "https://checkout.stripe.com/c/pay/cs_..."}]
        }
    )
    transaction_id: uuid.UUID
    checkout_url: str


class Purchase(BaseModel):
    """A package and the Stripe payment method (pm_...) to charge."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"package_id": "credits-10", "payment_method_id": "pm_1Nv0..."}]},
    )
    package_id: PackageId
    payment_method_id: Annotated[str, StringConstraints(pattern=r"^(pm|card|src)_[A-Za-z0-9_]{1,200}$")]


class PurchaseView(BaseModel):
    """How a purchase stands at Stripe. client_secret: for Stripe's own page when the bank asks the buyer something."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"transaction_id": _ID, "payment_status": "succeeded", "client_secret": None}]}
    )
    transaction_id: uuid.UUID
    payment_status: str
    client_secret: str | None


class BalanceView(BaseModel):
    """Credits: available, reserved for jobs under way, and owed (reversed after they had been used)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"available": 49, "reserved": 1, "owed": 0}]})
    available: int = Field(ge=0)
    reserved: int = Field(ge=0)
    owed: int = Field(ge=0)


class LedgerLine(BaseModel):
    """One movement of this account's credits. change: of the available credits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": 7,
                    "kind": "reserve",
                    "amount": 1,
                    "change": -1,
                    "job_id": _ID,
                    "transaction_id": None,
                    "created_at": "2026-11-23T20:00:00Z",
                }
            ]
        }
    )
    number: int
    kind: TransferKind
    amount: int
    change: int
    job_id: uuid.UUID | None
    transaction_id: uuid.UUID | None
    created_at: datetime


class TransactionView(BaseModel):
    """Money: a purchase, a refund, a job's fee."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _ID,
                    "type": "credit_purchase",
                    "status": "succeeded",
                    "amount_cents": 3900,
                    "currency": "EUR",
                    "credits_amount": 50,
                    "package_id": "credits-50",
                    "job_id": None,
                    "parent_id": None,
                    "created_at": "2026-11-23T20:00:00Z",
                }
            ]
        }
    )
    id: uuid.UUID
    type: TransactionType
    status: TransactionStatus
    amount_cents: int
    currency: str
    credits_amount: int
    package_id: str | None
    job_id: uuid.UUID | None
    parent_id: uuid.UUID | None
    created_at: datetime


class InvoiceView(BaseModel):
    """Where the invoice of a purchase, or its receipt, is shown. The address may end after some weeks: ask anew."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://invoice.stripe.com/i/acct_.../test_..."}]}
    )
    url: str


class Refund(BaseModel):
    """The purchase to give back; its credits must be unused."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"transaction_id": _ID}]})
    transaction_id: uuid.UUID


class Received(BaseModel):
    """The answer to Stripe. applied: False = the event came before, or concerns nothing here."""

    applied: bool
