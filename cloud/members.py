"""The people of an enterprise tenant: invited by mail, joined, and leaving with what is their own."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cloud import audit, identity, mail
from cloud.database import now
from cloud.identity import Principal
from cloud.kinds import MailKind, Role, UserType
from cloud.proofs import LIFETIMES, Proof, Purpose, state_of
from cloud.tables import Invitation, Job, Licence, Result, Tenant, Upload, User

MAX_OPEN_INVITATIONS = 200
_GOES_ALONG = (Job, Result, Upload)


class NotNow(Exception):
    """Somebody cannot join or leave as things stand; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How somebody accepts: with a name and password for a new account, or the password of the one they have."""

    password: str
    password_hash: str
    full_name: str | None


def invite(session: Session, principal: Principal, email: str, role: Role, language: str) -> Invitation:
    """Invite an address, or again. Whether it has an account does not show. Raises NotNow."""
    address = identity.normal_email(email)
    tenant = session.scalars(select(Tenant).where(Tenant.id == principal.tenant_id).with_for_update()).one()
    own = select(Invitation).where(Invitation.tenant_id == tenant.id)
    invitation = session.scalar(own.where(Invitation.email == address))
    if invitation is None:
        if len(session.scalars(own.where(Invitation.accepted_at.is_(None))).all()) >= MAX_OPEN_INVITATIONS:
            raise NotNow(f"A tenant may have {MAX_OPEN_INVITATIONS} open invitations.")
        invitation = Invitation(id=uuid.uuid4(), tenant_id=tenant.id, email=address)
        session.add(invitation)
    invitation.invited_by, invitation.role, invitation.accepted_at = principal.user_id, role, None
    invitation.expires_at = now() + LIFETIMES[Purpose.INVITATION]
    mail.note(session, MailKind.INVITATION, address, language, about=invitation.id)
    audit.note(session, principal, "invitation.sent", invitation.id)
    session.flush()
    return invitation


def find(session: Session, proof: Proof | None) -> Invitation | None:
    """The open invitation of a proof, locked; None = used, expired, withdrawn."""
    if proof is None:
        return None
    found = session.scalar(select(Invitation).where(Invitation.id == proof.subject).with_for_update())
    if found is None or found.accepted_at is not None or found.expires_at <= now():
        return None
    return found if state_of(Purpose.INVITATION, found) == proof.state else None


def accept(session: Session, invitation: Invitation, answer: Answer) -> User | None:
    """Join the tenant with a new account or the one of this address; None = a wrong password. Raises NotNow."""
    user = session.scalar(select(User).where(User.email == invitation.email).with_for_update())
    tenant = session.get_one(Tenant, invitation.tenant_id)
    if user is None:
        user = _new(session, invitation, answer, tenant)
    elif not user.is_active or not identity.password_fits(user.password_hash, answer.password):
        return None
    elif user.tenant_id != tenant.id:
        _leave_behind(session, user)
    join(session, user, tenant, invitation.role)
    user.email_verified_at = user.email_verified_at or now()
    invitation.accepted_at = now()
    audit.note(session, user, "invitation.accepted", invitation.id)
    return user


def remove(session: Session, principal: Principal, user: User) -> None:
    """Take a member out: signed out, without a seat, with their own jobs and results in a tenant of their own."""
    if user.id == principal.user_id:
        raise NotNow("The owner cannot remove themselves; another owner can.")
    session.execute(
        update(Licence).where(Licence.user_id == user.id, Licence.released_at.is_(None)).values(released_at=now())
    )
    identity.sign_out_everywhere(session, user.id)
    tenant = Tenant(id=uuid.uuid4(), kind=UserType.INDIVIDUAL)
    session.add(tenant)
    session.flush()
    join(session, user, tenant, Role.OWNER)
    audit.note(session, principal, "member.removed", user.id)


def join(session: Session, user: User, tenant: Tenant, role: Role) -> None:
    """Move somebody and what is theirs alone into a tenant; money, licences and audit stay where they happened."""
    user.tenant_id, user.role, user.user_type = tenant.id, role, tenant.kind
    for table in _GOES_ALONG:
        session.execute(update(table).where(table.user_id == user.id).values(tenant_id=tenant.id))


def hand_over(session: Session, user: User) -> None:
    """Let the longest member own a tenant whose last owner goes."""
    others = select(User).where(User.tenant_id == user.tenant_id, User.id != user.id, User.erased_at.is_(None))
    left = session.scalars(others.order_by(User.created_at)).all()
    if left and not any(other.role is Role.OWNER for other in left):
        left[0].role = Role.OWNER
        audit.note(session, None, "tenant.handed_over", left[0].id)


def _new(session: Session, invitation: Invitation, answer: Answer, tenant: Tenant) -> User:
    user = identity.sign_up(
        session,
        email=invitation.email,
        password_hash=answer.password_hash,
        full_name=answer.full_name,
        tenant=tenant,
    )
    assert user is not None, "the address was looked up in this transaction"
    audit.note(session, user, "account.created")
    return user


def _leave_behind(session: Session, user: User) -> None:
    """Refuse to leave a company without its owner; free the seats held in the tenant that is left."""
    others = (User.tenant_id == user.tenant_id, User.id != user.id, User.erased_at.is_(None))
    if user.role is Role.OWNER and session.scalar(select(func.count()).where(*others)):
        raise NotNow("This account owns a tenant that has other members.")
    session.execute(
        update(Licence).where(Licence.user_id == user.id, Licence.released_at.is_(None)).values(released_at=now())
    )
