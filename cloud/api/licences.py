"""Licences: give a computer a seat, renew it, free it, list them, and the public keys that verify them."""

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud import audit, licences
from cloud.api.auth import Text
from cloud.api.wiring import SignedIn, WithServices
from cloud.database import now
from cloud.identity import Principal
from cloud.kinds import Role
from cloud.problems import Problem, documented, not_found
from cloud.services import Services
from cloud.tables import Licence

router = APIRouter(prefix="/licences", tags=["licences"])
_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


class Activation(BaseModel):
    """The computer that is to hold a licence. installation: a name the desktop app made for its own installation."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"installation": "b7d1c2a4-2f0e-4d6a-9b1c", "device_name": "Studio iMac"}]},
    )
    installation: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
    device_name: Text


class LicenceView(BaseModel):
    """A computer's licence. document: only when it was issued just now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _ID,
                    "installation": "b7d1c2a4-2f0e-4d6a-9b1c",
                    "device_name": "Studio iMac",
                    "plan": "pro",
                    "entitlements": ["watched_folders", "results_sync"],
                    "issued_at": "2026-11-23T20:00:00Z",
                    "expires_at": "2026-12-23T20:00:00Z",
                    "grace_days": 30,
                    "document": "eyJ...",
                }
            ]
        }
    )
    id: uuid.UUID
    installation: str
    device_name: str
    plan: str
    entitlements: list[str]
    issued_at: datetime
    expires_at: datetime
    grace_days: int = licences.GRACE_DAYS
    document: str | None = Field(description="The signed licence: a compact JWS (EdDSA) whose header names the key.")


class PublicKeys(BaseModel):
    """Every key that may have signed a licence (a JSON Web Key Set)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "keys": [
                        {
                            "kty": "OKP",
                            "crv": "Ed25519",
                            "use": "sig",
                            "alg": "EdDSA",
                            "kid": "2026-11",
                            "x": "11qYAY...",
                        }
                    ]
                }
            ]
        }
    )
    keys: list[dict[str, str]]


@router.get("/keys")
def list_keys(services: WithServices) -> PublicKeys:
    """The public keys, retired ones included."""
    return PublicKeys(keys=services.signer.public_keys())


@router.get("", responses=documented(401, 503))
def list_licences(principal: SignedIn, services: WithServices) -> list[LicenceView]:
    """The licences that hold a seat: the owner of a tenant sees all of them, a member their own."""
    with services.database.read() as session:
        found = session.scalars(
            _own(principal).where(Licence.released_at.is_(None)).order_by(Licence.issued_at.desc())
        ).all()
    return [_view(licence, None) for licence in found]


@router.post("/activate", status_code=201, responses=documented(401, 409, 422, 503))
def activate(body: Activation, principal: SignedIn, services: WithServices) -> LicenceView:
    """Give this computer a seat and a licence; a computer that has one gets it renewed."""
    try:
        with services.database.write() as session:
            licence = licences.activate(
                session, tenant_id=principal.tenant_id, user_id=principal.user_id, **body.model_dump()
            )
            audit.note(session, principal, "licence.activated", licence.id)
    except licences.NoSeat as error:
        raise _full(error) from error
    except IntegrityError:
        return activate(body, principal, services)  # two activations of one computer at the same moment
    return _issue(services, licence)


@router.post("/{licence_id}/renew", responses=documented(401, 404, 409, 422, 503))
def renew(licence_id: uuid.UUID, principal: SignedIn, services: WithServices) -> LicenceView:
    """A new term for a licence that was not released."""
    try:
        with services.database.write() as session:
            licence = licences.renew(session, _find(session, principal, licence_id))
            audit.note(session, principal, "licence.renewed", licence_id)
    except licences.NoSeat as error:
        raise _full(error) from error
    return _issue(services, licence)


@router.delete("/{licence_id}", status_code=204, responses=documented(401, 404, 422, 503))
def release(licence_id: uuid.UUID, principal: SignedIn, services: WithServices) -> Response:
    """Free a computer's seat. What it holds stays valid until it expires."""
    with services.database.write() as session:
        _find(session, principal, licence_id).released_at = now()
        audit.note(session, principal, "licence.released", licence_id)
    return Response(status_code=204)


def _own(principal: Principal) -> Select[Licence]:
    own = select(Licence).where(Licence.tenant_id == principal.tenant_id)
    return own if principal.role is Role.OWNER else own.where(Licence.user_id == principal.user_id)


def _find(session: Session, principal: Principal, licence_id: uuid.UUID) -> Licence:
    licence = session.scalar(_own(principal).where(Licence.id == licence_id, Licence.released_at.is_(None)))
    if licence is None:
        raise not_found("licence")
    return licence


def _full(error: licences.NoSeat) -> Problem:
    return Problem(
        409, "no_seat", "Conflict", str(error), "Release the licence of a computer that is not used any more."
    )


def _issue(services: Services, licence: Licence) -> LicenceView:
    return _view(licence, licences.document(services.signer, licence, services.settings.public_url))


def _view(licence: Licence, document: str | None) -> LicenceView:
    return LicenceView(
        entitlements=list(licences.PLANS[licence.plan].entitlements),
        document=document,
        **{name: getattr(licence, name) for name in LicenceView.model_fields if name in Licence.__table__.columns},
    )
