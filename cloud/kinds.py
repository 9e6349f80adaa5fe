"""The kinds and states of things, as the database and the wire name them."""

import enum


class UserType(enum.StrEnum):
    """Who holds an account."""

    INDIVIDUAL = "individual"
    BUSINESS = "business"
    ENTERPRISE = "enterprise"


class Role(enum.StrEnum):
    """What a user may do in the tenant: the owner keeps its keys and members."""

    OWNER = "owner"
    MEMBER = "member"


class JobStatus(enum.StrEnum):
    """Where a cloud job stands; done, failed and cancelled are final."""

    QUEUED = "queued"
    RUNNING = "running"
    NEEDS_REVIEW = "needs_review"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ModelType(enum.StrEnum):
    """What is made of a garment on a mannequin."""

    INVISIBLE = "invisible"
    HUMAN = "human"


class Priority(enum.StrEnum):
    """How soon a job's turn comes."""

    HIGH = "high"
    DEFAULT = "default"
    LOW = "low"


class TransactionType(enum.StrEnum):
    """Why money or credits moved."""

    CREDIT_PURCHASE = "credit_purchase"
    PROCESSING_FEE = "processing_fee"
    REFUND = "refund"


class TransactionStatus(enum.StrEnum):
    """What is known of a payment or refund."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


class DisputeStatus(enum.StrEnum):
    """What is known of a dispute; won and lost are final."""

    NONE = "none"
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class AccountKind(enum.StrEnum):
    """A ledger account: three of each user, three of the house.

    available: credits to use. reserved: set aside for jobs under way. owed: zero or below; credits that were
    reversed after they had been used. sales: where bought credits come from. usage: where used credits go.
    promotion: where given credits come from.
    """

    AVAILABLE = "available"
    RESERVED = "reserved"
    OWED = "owed"
    SALES = "sales"
    USAGE = "usage"
    PROMOTION = "promotion"


class TransferKind(enum.StrEnum):
    """Why credits moved between two ledger accounts."""

    PURCHASE = "purchase"
    REVERSAL = "reversal"
    PROMOTION = "promotion"
    RESERVE = "reserve"
    SPEND = "spend"
    RELEASE = "release"
    DEBT = "debt"


class MailKind(enum.StrEnum):
    """What a mail is for."""

    VERIFY_EMAIL = "verify_email"
    ADDRESS_IN_USE = "address_in_use"
    RESET_PASSWORD = "reset_password"
    PASSWORD_CHANGED = "password_changed"
    INVITATION = "invitation"
