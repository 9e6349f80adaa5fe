"""The account with the service: licence, credits, purchases, what is still to be sent."""

import enum
from dataclasses import dataclass
from datetime import datetime

from studio.model.job import Failure


class Entitlement(enum.StrEnum):
    """What a licence unlocks; the values are the service's words."""

    WATCHED_FOLDERS = "watched_folders"
    RESULTS_SYNC = "results_sync"
    FARM = "farm"


class LicenceState(enum.StrEnum):
    """How this computer's licence stands. In grace everything goes on; in the states after it nothing is unlocked."""

    VALID = "valid"
    GRACE = "grace"
    NONE = "none"
    EXPIRED = "expired"
    FOREIGN = "foreign"
    FORGED = "forged"
    CLOCK = "clock"


@dataclass(frozen=True, kw_only=True)
class Licence:
    """What this computer may do today. reason: a sentence on why nothing is unlocked, "" where something is.

    until: the last moment at which it unlocks anything, grace included; None = there is none.
    """

    state: LicenceState
    plan: str = "free"
    entitlements: frozenset[Entitlement] = frozenset()
    expires_at: datetime | None = None
    until: datetime | None = None
    reason: str = ""
    hint: str = ""

    @property
    def watched_folders(self) -> int | None:
        """How many folders may be watched: one for everybody, None = any number."""
        return None if Entitlement.WATCHED_FOLDERS in self.entitlements else 1


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Credits as the service last told. owed: taken back after their use; the next credits pay them first."""

    available: int
    reserved: int
    owed: int
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class CloudRule:
    """When the service renders photos without being asked for each, and for how many credits.

    without_gpu: all that wait, while this computer has no graphics card. over_queue: those beyond so many waiting ones,
    0 = however many wait. price: credits a photo. limit: credits that a person agreed to, 0 = none. used: those of them
    that are spent or set aside.
    """

    without_gpu: bool
    over_queue: int
    price: int
    limit: int
    used: int

    @property
    def is_on(self) -> bool:
        """Whether the rule sends anything at all."""
        return (self.without_gpu or self.over_queue > 0) and self.limit > 0


@dataclass(frozen=True, kw_only=True)
class Package:
    """Credits for money. price_cents: cents of `currency`, taxes included."""

    id: str
    credits: int
    price_cents: int
    currency: str


class PurchaseState(enum.StrEnum):
    """Where a purchase stands; only the service says that it is paid."""

    OPENING = "opening"
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """A purchase that was begun on this computer. checkout_url: None = the service has not opened the page yet."""

    key: str
    package_id: str
    credits: int
    transaction_id: str | None
    checkout_url: str | None
    state: PurchaseState
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class OutboxItem:
    """A message that the service has not taken yet. refusal: it does not want it; None = not asked yet, or away."""

    number: int
    key: str
    account: str
    kind: str
    payload: dict[str, str]
    job_id: str | None
    attempts: int
    not_before: float
    refusal: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class Account:
    """What is known of the account without asking the service.

    email: "" = nobody is signed in. waiting: messages and files that are still to be sent. refused: those that the
    service did not want.
    """

    email: str = ""
    licence: Licence
    balance: Balance | None = None
    purchase: Purchase | None = None
    waiting: int = 0
    refused: tuple[OutboxItem, ...] = ()
    is_sync_paused: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether this computer is signed in, as far as it knows."""
        return bool(self.email)
