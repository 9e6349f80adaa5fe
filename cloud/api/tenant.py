"""The people of an enterprise tenant: members, invitations, and accepting one."""

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, ConfigDict, EmailStr
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud import audit, idempotency, identity, members
from cloud.api.auth import Password, Text, language_of
from cloud.api.recovery import ProofText, bad_proof
from cloud.api.wiring import IdempotencyHeader, SignedIn, WithLimiter, WithServices, client_address
from cloud.identity import Principal
from cloud.kinds import Role, UserType
from cloud.problems import Problem, documented, not_found, unauthorized
from cloud.proofs import Purpose
from cloud.services import Services
from cloud.tables import Invitation, User

router = APIRouter(tags=["tenant"])
_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


class MemberView(BaseModel):
    """Somebody of this tenant."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "user_id": _ID,
                    "email": "noor@example.com",
                    "full_name": "Noor Salem",
                    "role": "member",
                    "created_at": "2026-11-23T20:00:00Z",
                }
            ]
        }
    )
    user_id: uuid.UUID
    email: str
    full_name: str | None
    role: Role
    created_at: datetime


class NewInvitation(BaseModel):
    """The address to invite, and what it may do: an owner invites, removes, and keeps keys; a member does not."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"email": "noor@example.com", "role": "member"}]}
    )
    email: EmailStr
    role: Role = Role.MEMBER


class InvitationView(BaseModel):
    """An invitation that waits for its answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _ID,
                    "email": "noor@example.com",
                    "role": "member",
                    "created_at": "2026-11-23T20:00:00Z",
                    "expires_at": "2026-11-30T20:00:00Z",
                }
            ]
        }
    )
    id: uuid.UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime


class Acceptance(BaseModel):
    """The token of the mail; a password for the new account, or that of the account which the address has."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"token": "eyJ...", "password": "six tall mannequins", "full_name": "Noor Salem"}]
        },
    )
    token: ProofText
    password: Password
    full_name: Text | None = None


class Joined(BaseModel):
    """Who belongs to the tenant now; sign in with the address and the password."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "noor@example.com", "tenant_id": _ID, "role": "member"}]}
    )
    email: str
    tenant_id: uuid.UUID
    role: Role


@router.get("/tenant/members", responses=documented(401, 403, 503))
def list_members(principal: SignedIn, services: WithServices) -> list[MemberView]:
    """The people of this tenant, the first one first."""
    owner_of_enterprise(principal)
    own = select(User).where(User.tenant_id == principal.tenant_id, User.erased_at.is_(None))
    with services.database.read() as session:
        found = session.scalars(own.order_by(User.created_at)).all()
    return [
        MemberView(
            user_id=user.id, email=user.email, full_name=user.full_name, role=user.role, created_at=user.created_at
        )
        for user in found
    ]


@router.delete("/tenant/members/{user_id}", status_code=204, responses=documented(401, 403, 404, 409, 422, 503))
def remove_member(user_id: uuid.UUID, principal: SignedIn, services: WithServices) -> Response:
    """Take somebody out of this tenant: signed out, without a seat. Their account, jobs and results stay theirs."""
    owner_of_enterprise(principal)
    with services.database.write() as session:
        user = session.get(User, user_id, with_for_update=True)
        if user is None or user.tenant_id != principal.tenant_id or user.erased_at is not None:
            raise not_found("member")
        try:
            members.remove(session, principal, user)
        except members.NotNow as error:
            raise conflict(error) from error
    return Response(status_code=204)


@router.get("/tenant/invitations", responses=documented(401, 403, 503))
def list_invitations(principal: SignedIn, services: WithServices) -> list[InvitationView]:
    """The invitations that were not accepted yet, expired ones included, the newest first."""
    owner_of_enterprise(principal)
    own = select(Invitation).where(Invitation.tenant_id == principal.tenant_id, Invitation.accepted_at.is_(None))
    with services.database.read() as session:
        found = session.scalars(own.order_by(Invitation.created_at.desc())).all()
    return [_view(row) for row in found]


@router.post("/tenant/invitations", status_code=201, responses=documented(401, 403, 409, 422, 429, 503))
def invite(
    body: NewInvitation,
    principal: SignedIn,
    services: WithServices,
    limiter: WithLimiter,
    idempotency_key: IdempotencyHeader,
    accept_language: Annotated[str, Header(description="The language of the mail: en or ar.")] = "",
) -> InvitationView:
    """Invite somebody by mail; inviting an address again sends a new link and ends the old one."""
    owner_of_enterprise(principal)
    limiter.check(services.settings.sign_up_limit, "invite", str(principal.tenant_id))
    with services.database.write() as session:
        request = ["invitation", body.email, body.role]
        claim = idempotency.claim(session, principal.user_id, idempotency_key, request)
        if claim.answer is not None:
            return InvitationView(**claim.answer)
        if session.get_one(User, principal.user_id).email_verified_at is None:
            raise Problem(
                403,
                "email_not_verified",
                "Not allowed",
                "Only a confirmed address can invite.",
                "Ask for the mail under /api/v1/account/email/verification.",
            )
        try:
            answer = _view(members.invite(session, principal, body.email, body.role, language_of(accept_language)))
        except members.NotNow as error:
            raise conflict(error) from error
        idempotency.settle(claim, answer.model_dump(mode="json"))
    return answer


@router.delete("/tenant/invitations/{invitation_id}", status_code=204, responses=documented(401, 403, 404, 422, 503))
def withdraw_invitation(invitation_id: uuid.UUID, principal: SignedIn, services: WithServices) -> Response:
    """Withdraw an invitation: its link stops working."""
    owner_of_enterprise(principal)
    with services.database.write() as session:
        found = session.get(Invitation, invitation_id)
        if found is None or found.tenant_id != principal.tenant_id or found.accepted_at is not None:
            raise not_found("invitation")
        session.delete(found)
        audit.note(session, principal, "invitation.withdrawn", invitation_id)
    return Response(status_code=204)


@router.post("/auth/invitations/accept", status_code=201, responses=documented(400, 401, 409, 422, 429, 503))
def accept_invitation(body: Acceptance, request: Request, services: WithServices, limiter: WithLimiter) -> Joined:
    """Join a tenant with the token of the mail: as a new account, or with the one that the address has."""
    limiter.check(services.settings.sign_in_limit, "invitation", client_address(request))
    return join(services, body.token, body.password, body.full_name)


def join(services: Services, token: str, password: str, full_name: str | None) -> Joined:
    """Join the tenant of an invitation. Raises Problem (400, 401, 409)."""
    proof = services.proofs.read(Purpose.INVITATION, token)
    if proof is None:
        raise bad_proof()
    answer = members.Answer(password=password, password_hash=identity.hash_password(password), full_name=full_name)
    try:
        with services.database.write() as session:
            return _joined(session, members.find(session, proof), answer)
    except IntegrityError:
        return join(services, token, password, full_name)  # the address signed up at the same moment; look again
    except members.NotNow as error:
        raise conflict(error) from error


def owner_of_enterprise(principal: Principal) -> None:
    """Raise Problem (403) for everybody but the owner of an enterprise tenant."""
    if principal.user_type is not UserType.ENTERPRISE or principal.role is not Role.OWNER:
        raise Problem(403, "enterprise_only", "Not allowed", "Only the owner of an enterprise tenant may do this.")


def conflict(error: members.NotNow) -> Problem:
    """The answer to what cannot be done as things stand."""
    return Problem(409, "not_now", "Conflict", str(error))


def _joined(session: Session, invitation: Invitation | None, answer: members.Answer) -> Joined:
    if invitation is None:
        raise bad_proof()
    user = members.accept(session, invitation, answer)
    if user is None:
        raise unauthorized("This address has an account, and this is not its password.")
    return Joined(email=user.email, tenant_id=user.tenant_id, role=user.role)


def _view(row: Invitation) -> InvitationView:
    return InvitationView(**{name: getattr(row, name) for name in InvitationView.model_fields})
