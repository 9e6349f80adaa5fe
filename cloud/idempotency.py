"""Calls that are made once: the same key with the same request gets the first answer again, however often it comes."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cloud.database import now
from cloud.problems import Problem
from cloud.tables import IdempotencyKey

# In place of a request's fingerprint: the key was closed before any request came with it.
_CLOSED = ""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to make a call: what it makes gets the key `resource_id`. answer: None = not finished before."""

    resource_id: uuid.UUID
    answer: dict[str, Any] | None
    row: IdempotencyKey


def claim(session: Session, user_id: uuid.UUID, key: str, request: Any) -> Claim:
    """Claim `key` for `request` (plain data).

    A second caller waits here until the first has committed or rolled back. Raises Problem when the key was used
    for another request, or closed before this one came.
    """
    fingerprint = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
    session.execute(_insert(session, {"user_id": user_id, "key": key, "fingerprint": fingerprint}))
    found = select(IdempotencyKey).where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key).with_for_update()
    row = session.scalars(found).one()
    if row.fingerprint == _CLOSED:
        raise Problem(
            422,
            "order_withdrawn",
            "Order withdrawn",
            "This order was withdrawn before it arrived; nothing was made of it, and no credit set aside.",
            "Make a new key to order anew.",
        )
    if row.fingerprint != fingerprint:
        raise Problem(
            422,
            "idempotency_key_reused",
            "Key used before",
            "This Idempotency-Key was sent with another request.",
            "Make a new key for every new order; keep the key only when you repeat the very same request.",
        )
    return Claim(resource_id=row.resource_id, answer=row.answer, row=row)


def close(session: Session, user_id: uuid.UUID, key: str) -> uuid.UUID:
    """Let no call with `key` make anything from now on; the key of what one made before, or would have made."""
    session.execute(_insert(session, {"user_id": user_id, "key": key, "fingerprint": _CLOSED}))
    found = select(IdempotencyKey).where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key).with_for_update()
    return session.scalars(found).one().resource_id


def is_known(session: Session, user_id: uuid.UUID, key: str) -> bool:
    """Whether a call with this key was begun before."""
    known = select(IdempotencyKey.id).where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
    return session.scalar(known) is not None


def settle(claimed: Claim, answer: dict[str, Any]) -> None:
    """Keep the answer for whoever repeats the call."""
    claimed.row.answer = answer


def _insert(session: Session, values: dict[str, Any]) -> Insert:
    made = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = values | {"id": uuid.uuid4(), "resource_id": uuid.uuid4(), "created_at": now()}
    return made.insert(IdempotencyKey).values(**row).on_conflict_do_nothing()
