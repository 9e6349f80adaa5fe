"""Proving an address and getting back into an account: by signed proofs that were mailed, each good for one use."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud import audit, identity, mail
from cloud.database import now
from cloud.identity import Principal
from cloud.kinds import MailKind
from cloud.proofs import Proof, Purpose, state_of
from cloud.tables import User


def verify_email(session: Session, proof: Proof | None) -> User | None:
    """Note that the address of a proof is its user's; None = the proof is not good (any more)."""
    user = _user(session, Purpose.VERIFY_EMAIL, proof)
    if user is not None:
        user.email_verified_at = now()
        audit.note(session, user, "email.verified")
    return user


def reset_password(session: Session, proof: Proof | None, password_hash: str) -> User | None:
    """Set a new password and end every device; None = the proof is not good (any more). It proves the address too."""
    user = _user(session, Purpose.RESET_PASSWORD, proof)
    if user is not None:
        user.password_hash = password_hash
        user.email_verified_at = user.email_verified_at or now()
        identity.sign_out_everywhere(session, user.id)
        audit.note(session, user, "password.reset")
    return user


def change_password(session: Session, principal: Principal, password_hash: str, language: str) -> None:
    """Set a new password, end every other device, and tell the owner by mail."""
    user = session.get_one(User, principal.user_id, with_for_update=True)
    user.password_hash = password_hash
    identity.sign_out_everywhere(session, user.id, but=principal.device_id)
    mail.note(session, MailKind.PASSWORD_CHANGED, user.email, language)
    audit.note(session, principal, "password.changed")


def _user(session: Session, purpose: Purpose, proof: Proof | None) -> User | None:
    """The active user of a proof that was not used, locked: of two uses at one moment the second finds it used."""
    if proof is None:
        return None
    user = session.scalar(select(User).where(User.id == proof.subject, User.is_active.is_(True)).with_for_update())
    return user if user is not None and state_of(purpose, user) == proof.state else None
