"""Licences: verified offline with the public keys that came with the program, bound to this computer and to time.

A document is a compact JWS (RFC 7515) with EdDSA (RFC 8037); its header names the key, so that keys can be rotated.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from studio.model import Entitlement, Failure, Licence, LicenceState
from studio.settings import resources
from studio.sync.device import Machine

DOCUMENT_TYPE = "modamoda-licence+jwt"
DAY_S = 86_400
MOST_GRACE_DAYS = 30
# A clock that was set for another zone, or a computer with two systems, is not a clock that was turned back.
CLOCK_TOLERANCE_S = 26 * 3600
DEVELOPMENT = "development"


@dataclass(frozen=True, kw_only=True)
class Document:
    """What a licence with a right signature says. Times are seconds since 1970."""

    account: str
    installation: str
    plan: str
    entitlements: frozenset[Entitlement]
    issued_at: int
    expires_at: int
    grace_days: int


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What was seen last: the latest time on this computer's clock, and when the newest document was issued."""

    latest_s: float
    newest_issue_s: int


class Forged(Exception):
    """A document was not signed by the account service, or not as it stands."""


def built_in_keys() -> dict[str, str]:
    """The public keys that came with the program: id to 64 hexadecimal digits."""
    return json.loads((resources() / "licence-keys.json").read_text(encoding="utf-8"))


def verify(text: str, keys: Mapping[str, str]) -> Document:
    """The content of a signed document. Raises Forged."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        head, payload, signature = text.split(".")
        header = _object(head)
        if header.get("alg") != "EdDSA" or header.get("typ") != DOCUMENT_TYPE:
            raise Forged
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[header["kid"]]))
        public.verify(_raw(signature), f"{head}.{payload}".encode())
        return _document(_object(payload))
    except (InvalidSignature, KeyError, TypeError, ValueError) as error:
        raise Forged from error


def judge(text: str | None, mark: Mark | None, *, keys: Mapping[str, str], machine: Machine, now_s: float) -> Licence:
    """What this computer may do at `now_s` with the document it keeps.

    mark: None = there is none, or it was changed by hand; with a document there must be one.
    """
    if text is None:
        return _nothing(LicenceState.NONE)
    try:
        document = verify(text, keys)
    except Forged:
        return _nothing(LicenceState.FORGED)
    if not machine.fits(document.installation):
        return _nothing(LicenceState.FOREIGN)
    if mark is None or document.issued_at < mark.newest_issue_s:
        return _nothing(LicenceState.FORGED)
    if now_s < max(mark.latest_s, document.issued_at) - CLOCK_TOLERANCE_S:
        return _nothing(LicenceState.CLOCK)
    return _in_time(document, now_s)


def _in_time(document: Document, now_s: float) -> Licence:
    until_s = document.expires_at + document.grace_days * DAY_S
    if now_s > until_s:
        return _nothing(LicenceState.EXPIRED)
    return Licence(
        state=LicenceState.VALID if now_s <= document.expires_at else LicenceState.GRACE,
        plan=document.plan,
        entitlements=document.entitlements,
        expires_at=_moment(document.expires_at),
        until=_moment(until_s),
    )


def _nothing(state: LicenceState) -> Licence:
    why = _WHY[state]
    return Licence(state=state, reason=why.message, hint=why.hint)


_WHY = {
    LicenceState.NONE: Failure(
        title="No licence", message="This computer holds no licence; everything local works without one."
    ),
    LicenceState.EXPIRED: Failure(
        title="Licence ended",
        message="The licence and its days of grace have ended.",
        hint="Connect to the internet and renew the licence. Photos, queue, history and results are not touched.",
    ),
    LicenceState.FOREIGN: Failure(
        title="Licence of another computer",
        message="This licence belongs to another computer.",
        hint="Connect to the internet and renew the licence. Photos, queue, history and results are not touched.",
    ),
    LicenceState.FORGED: Failure(
        title="Licence not genuine",
        message="This licence is not as the account service signed it, or an older one was put in its place.",
        hint="Connect to the internet and renew the licence. Photos, queue, history and results are not touched.",
    ),
    LicenceState.CLOCK: Failure(
        title="Clock turned back",
        message="This computer's clock has gone back since the licence was last used.",
        hint="Set the clock right, or connect to the internet and renew the licence.",
    ),
}


def _document(claims: dict[str, Any]) -> Document:
    known = {entry.value for entry in Entitlement}
    grace_days = int(claims["grace_days"])
    return Document(
        account=str(claims["sub"]),
        installation=str(claims["installation"]),
        plan=str(claims["plan"]),
        entitlements=frozenset(Entitlement(name) for name in claims["entitlements"] if name in known),
        issued_at=int(claims["iat"]),
        expires_at=int(claims["exp"]),
        grace_days=min(max(grace_days, 0), MOST_GRACE_DAYS),
    )


def _object(part: str) -> dict[str, Any]:
    data: object = json.loads(_raw(part))
    if not isinstance(data, dict):
        raise Forged
    return cast("dict[str, Any]", data)


def _raw(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
