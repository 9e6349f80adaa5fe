"""Licences: documents signed with Ed25519, which the desktop app verifies offline with the public key built into it."""

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.database import now
from cloud.settings import Settings
from cloud.tables import Licence, Tenant

TERM = timedelta(days=30)
GRACE_DAYS = 30
DOCUMENT_TYPE = "modamoda-licence+jwt"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a tenant has: what the desktop app unlocks, and on how many computers at a time."""

    name: str
    entitlements: tuple[str, ...]
    seats: int


PLANS = {
    plan.name: plan
    for plan in (
        Plan(name="free", entitlements=(), seats=2),
        Plan(name="pro", entitlements=("watched_folders", "results_sync"), seats=3),
        Plan(name="enterprise", entitlements=("watched_folders", "results_sync", "farm"), seats=50),
    )
}


class NoSeat(Exception):
    """Every seat of the plan is taken."""


class Signer:
    """Signs licences with the current key and knows the public half of the retired ones by their id."""

    def __init__(self, key: Ed25519PrivateKey, key_id: str, retired: dict[str, Ed25519PublicKey]) -> None:
        self._key = key
        self._key_id = key_id
        self._public = retired | {key_id: key.public_key()}

    def sign(self, claims: dict[str, Any]) -> str:
        """The document as a compact JWS (EdDSA); its header names the key."""
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self._key_id, "typ": DOCUMENT_TYPE})

    def public_keys(self) -> list[dict[str, str]]:
        """Every key that may have signed a licence, as JSON Web Keys."""
        return [
            {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key_id, "x": _raw(key)}
            for key_id, key in self._public.items()
        ]


def make_signer(settings: Settings) -> Signer:
    """The signer of these settings; keys are 32 bytes in hexadecimal, private the current one, public the retired."""
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.secret("licence_key")))
    retired = {
        key_id: Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
        for key_id, text in settings.retired_licence_keys.items()
    }
    return Signer(key, settings.licence_key_id, retired)


def new_key() -> tuple[str, str]:
    """A new key's private and public half, each 32 bytes in hexadecimal."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw().hex(), key.public_key().public_bytes_raw().hex()


def plan_of(tenant: Tenant) -> Plan:
    """The plan a tenant has today; a plan that ended is the free one."""
    ended = tenant.plan_until is not None and tenant.plan_until <= now()
    return PLANS["free" if ended else tenant.plan]


def activate(
    session: Session, *, tenant_id: uuid.UUID, user_id: uuid.UUID, installation: str, device_name: str
) -> Licence:
    """Give an installation a seat, or renew the one it has. Raises NoSeat."""
    tenant = session.scalars(select(Tenant).where(Tenant.id == tenant_id).with_for_update()).one()
    plan = plan_of(tenant)
    licence = session.scalar(
        select(Licence).where(Licence.tenant_id == tenant_id, Licence.installation == installation)
    )
    holds_seat = licence is not None and licence.released_at is None and licence.expires_at > now()
    if not holds_seat and _taken(session, tenant_id) >= plan.seats:
        raise NoSeat(f"All {plan.seats} seats of the plan {plan.name} are taken.")
    if licence is None:
        licence = Licence(id=uuid.uuid4(), tenant_id=tenant_id, installation=installation)
        session.add(licence)
    licence.user_id, licence.device_name = user_id, device_name
    _extend(licence, tenant)
    session.flush()
    return licence


def renew(session: Session, licence: Licence) -> Licence:
    """A new term for a licence. Raises NoSeat when its seat went to another computer meanwhile."""
    return activate(
        session,
        tenant_id=licence.tenant_id,
        user_id=licence.user_id,
        installation=licence.installation,
        device_name=licence.device_name,
    )


def document(signer: Signer, licence: Licence, issuer: str) -> str:
    """The signed licence: account, device, plan, entitlements, expiry, days of grace."""
    return signer.sign(
        {
            "iss": issuer,
            "jti": str(licence.id),
            "sub": str(licence.user_id),
            "tenant": str(licence.tenant_id),
            "installation": licence.installation,
            "plan": licence.plan,
            "entitlements": list(PLANS[licence.plan].entitlements),
            "iat": _seconds(licence.issued_at),
            "exp": _seconds(licence.expires_at),
            "grace_days": GRACE_DAYS,
        }
    )


def _extend(licence: Licence, tenant: Tenant) -> None:
    plan = plan_of(tenant)
    licence.plan = plan.name
    licence.issued_at = now()
    licence.expires_at = licence.issued_at + TERM
    if tenant.plan_until is not None and plan.name != "free":
        licence.expires_at = min(licence.expires_at, tenant.plan_until)
    licence.released_at = None


def _taken(session: Session, tenant_id: uuid.UUID) -> int:
    alive = (Licence.tenant_id == tenant_id, Licence.released_at.is_(None), Licence.expires_at > now())
    return session.scalar(select(func.count()).where(*alive)) or 0


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _raw(key: Ed25519PublicKey) -> str:
    return base64.urlsafe_b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode().rstrip("=")
