"""Signed proofs that travel by mail: who holds one has read the mail. Each expires, and works once.

A proof carries a digest of what its use changes (the password's hash, whether the address is verified), so that using
it, or anything else that changes the same, ends every copy. Nothing of it is stored.
"""

import enum
import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta

import jwt

from cloud.database import now
from cloud.tables import Invitation, User


class Purpose(enum.StrEnum):
    """What a proof is good for; one made for another purpose is refused."""

    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"
    INVITATION = "invitation"


LIFETIMES = {
    Purpose.VERIFY_EMAIL: timedelta(days=3),
    Purpose.RESET_PASSWORD: timedelta(hours=1),
    Purpose.INVITATION: timedelta(days=7),
}


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A proof whose signature and expiry hold; whether it was used is seen by `state` alone."""

    subject: uuid.UUID
    state: str


class ProofMaker:
    """Makes and reads proofs (JWT, HS256, under a key of their own)."""

    def __init__(self, secret: str, *, issuer: str) -> None:
        self._key = hashlib.sha256(f"proofs:{secret}".encode()).hexdigest()
        self._issuer = issuer

    def make(self, purpose: Purpose, subject: User | Invitation) -> str:
        """A proof for a user or an invitation as it stands now."""
        claims = {
            "iss": self._issuer,
            "aud": f"modamoda-{purpose}",
            "sub": str(subject.id),
            "state": state_of(purpose, subject),
            "exp": now() + LIFETIMES[purpose],
        }
        return jwt.encode(claims, self._key, algorithm="HS256")

    def read(self, purpose: Purpose, token: str) -> Proof | None:
        """What a proof is about; None = changed, expired, or made for something else."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=["HS256"],
                audience=f"modamoda-{purpose}",
                issuer=self._issuer,
                options={"require": ["exp", "sub", "state"]},
            )
            return Proof(subject=uuid.UUID(claims["sub"]), state=claims["state"])
        except (jwt.InvalidTokenError, ValueError):
            return None


def state_of(purpose: Purpose, subject: User | Invitation) -> str:
    """The digest of what the use of a proof changes."""
    if isinstance(subject, Invitation):
        text = f"{subject.expires_at.isoformat()} {subject.accepted_at}"
    elif purpose is Purpose.RESET_PASSWORD:
        text = f"{subject.password_hash} {subject.is_active}"
    else:
        text = f"{subject.email} {subject.email_verified_at}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
