"""The account itself: who it is, all of its data, its end, and an enterprise tenant's keys for foreign providers."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud import audit, identity, licences, privacy
from cloud.api.tenant import owner_of_enterprise
from cloud.api.wiring import SignedIn, WithLimiter, WithServices
from cloud.identity import Principal
from cloud.kinds import Role, UserType
from cloud.problems import documented, not_found, unauthorized
from cloud.tables import ApiKey, Tenant, User

router = APIRouter(tags=["account"])
_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
Provider = Annotated[str, Path(pattern=r"^[a-z0-9-]{2,60}$", description="The provider's name, such as stability-ai.")]


class AccountView(BaseModel):
    """Who is signed in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "user_id": _ID,
                    "tenant_id": _ID,
                    "email": "amira@example.com",
                    "full_name": "Amira Haddad",
                    "company_name": None,
                    "user_type": "individual",
                    "role": "owner",
                    "plan": "free",
                    "entitlements": [],
                    "email_verified": True,
                    "created_at": "2026-11-23T20:00:00Z",
                }
            ]
        }
    )
    user_id: uuid.UUID
    tenant_id: uuid.UUID
    email: str
    email_verified: bool
    full_name: str | None
    company_name: str | None
    user_type: UserType
    role: Role
    plan: str
    entitlements: list[str]
    created_at: datetime


class Erasure(BaseModel):
    """The password, once more: an erased account does not come back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"password": "six tall mannequins"}]})
    password: Annotated[str, StringConstraints(max_length=200)]


class NewApiKey(BaseModel):
    """A key of a foreign provider."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"api_key": "sk-your-own-key"}]})
    api_key: Annotated[SecretStr, Field(min_length=8, max_length=4000)]


class ApiKeyView(BaseModel):
    """A stored key; nobody sees more of it than its last four characters."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": _ID, "provider": "stability-ai", "last_four": "x9Qz", "created_at": "2026-11-23T20:00:00Z"}
            ]
        }
    )
    id: uuid.UUID
    provider: str
    last_four: str
    created_at: datetime


@router.get("/account", responses=documented(401, 503))
def get_account(principal: SignedIn, services: WithServices) -> AccountView:
    """Who is signed in, and what the tenant's plan unlocks."""
    with services.database.read() as session:
        user = session.get_one(User, principal.user_id)
        plan = licences.plan_of(session.get_one(Tenant, principal.tenant_id))
    return AccountView(
        user_id=user.id,
        plan=plan.name,
        email_verified=user.email_verified_at is not None,
        entitlements=list(plan.entitlements),
        **{name: getattr(user, name) for name in AccountView.model_fields if name in User.__table__.columns},
    )


@router.get("/account/export", responses=documented(401, 503))
def export_account(principal: SignedIn, services: WithServices) -> dict[str, Any]:
    """Everything the service knows about this account, with addresses of its files (GDPR, articles 15 and 20)."""
    with services.database.write() as session:
        audit.note(session, principal, "account.exported")
        session.flush()
        return privacy.export(session, services.objects, principal.user_id)


@router.post("/account/erase", status_code=204, responses=documented(401, 422, 429, 503))
def erase_account(body: Erasure, principal: SignedIn, services: WithServices, limiter: WithLimiter) -> Response:
    """Erase everything personal and every file (GDPR, article 17). What tax law wants kept stays, without a name."""
    limiter.check(services.settings.sign_in_limit, "erase", str(principal.user_id))
    with services.database.read() as session:
        user = session.get_one(User, principal.user_id)
    if not identity.password_fits(user.password_hash, body.password):
        raise unauthorized("This password does not fit.")
    with services.database.write() as session:
        keys = privacy.erase(session, principal.user_id)
        audit.note(session, principal, "account.erased")
    for key in keys:
        services.objects.delete(key)
    return Response(status_code=204)


@router.get("/tenant/api-keys", responses=documented(401, 403, 503))
def list_api_keys(principal: SignedIn, services: WithServices) -> list[ApiKeyView]:
    """The providers this tenant has stored a key for."""
    owner_of_enterprise(principal)
    with services.database.read() as session:
        found = session.scalars(
            select(ApiKey).where(ApiKey.tenant_id == principal.tenant_id).order_by(ApiKey.provider)
        ).all()
    return [_view(row) for row in found]


@router.put("/tenant/api-keys/{provider}", responses=documented(401, 403, 422, 503))
def store_api_key(provider: Provider, body: NewApiKey, principal: SignedIn, services: WithServices) -> ApiKeyView:
    """Store or replace this tenant's key for a provider, under envelope encryption."""
    owner_of_enterprise(principal)
    secret = body.api_key.get_secret_value()
    sealed = services.vault.seal(secret, {"tenant": str(principal.tenant_id), "provider": provider})
    with services.database.write() as session:
        session.scalars(select(Tenant).where(Tenant.id == principal.tenant_id).with_for_update()).one()
        row = _find(session, principal, provider) or ApiKey(
            id=uuid.uuid4(), tenant_id=principal.tenant_id, provider=provider
        )
        row.wrapper, row.wrapped_key, row.nonce, row.ciphertext = (
            sealed.wrapper,
            sealed.wrapped_key,
            sealed.nonce,
            sealed.ciphertext,
        )
        row.last_four = secret[-4:]
        session.add(row)
        audit.note(session, principal, "api_key.stored", provider)
        session.flush()
    return _view(row)


@router.delete("/tenant/api-keys/{provider}", status_code=204, responses=documented(401, 403, 404, 422, 503))
def delete_api_key(provider: Provider, principal: SignedIn, services: WithServices) -> Response:
    """Forget this tenant's key for a provider."""
    owner_of_enterprise(principal)
    with services.database.write() as session:
        row = _find(session, principal, provider)
        if row is None:
            raise not_found("key")
        session.delete(row)
        audit.note(session, principal, "api_key.deleted", provider)
    return Response(status_code=204)


def _find(session: Session, principal: Principal, provider: str) -> ApiKey | None:
    return session.scalar(select(ApiKey).where(ApiKey.tenant_id == principal.tenant_id, ApiKey.provider == provider))


def _view(row: ApiKey) -> ApiKeyView:
    return ApiKeyView(id=row.id, provider=row.provider, last_four=row.last_four, created_at=row.created_at)
