"""Sign-up, sign-in, the desktop's sign-in by code, refreshing, signing out."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cloud import audit, identity, mail
from cloud.api.wiring import OptionalIdempotencyHeader, SignedIn, WithLimiter, WithServices, client_address
from cloud.kinds import MailKind, UserType
from cloud.letters import LANGUAGES
from cloud.problems import Problem, documented, not_found, unauthorized
from cloud.tables import Device

router = APIRouter(prefix="/auth", tags=["sign-in"])
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Password = Annotated[str, StringConstraints(min_length=10, max_length=200)]
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_EMAIL = "amira@example.com"


class SignUp(BaseModel):
    """A new account."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "email": _EMAIL,
                    "password": "six tall mannequins",
                    "full_name": "Amira Haddad",
                    "user_type": "individual",
                }
            ]
        },
    )
    email: EmailStr
    password: Password
    full_name: Text | None = None
    company_name: Text | None = None
    user_type: UserType = UserType.INDIVIDUAL


class SignedUp(BaseModel):
    """What everybody is told who signs up, whether the address was free or not."""

    message: str = Field(
        examples=["Sign in with this address and password. If it does not work, the address was in use already."]
    )


class SignIn(BaseModel):
    """An address and a password."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"email": _EMAIL, "password": "six tall mannequins", "device_name": "Studio iMac"}]
        },
    )
    email: Annotated[str, StringConstraints(max_length=255)]
    password: Annotated[str, StringConstraints(max_length=200)]
    device_name: Text = "API"


class TokenPair(BaseModel):
    """An access token for a few minutes and the refresh token that is exchanged, once, for the next pair."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"access_token": "eyJ...", "refresh_token": "dW5...", "token_type": "Bearer", "expires_in": 600}
            ]
        }
    )
    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int = Field(description="Seconds until the access token ends.")


class NewDevice(BaseModel):
    """A desktop that wishes to be signed in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"device_name": "Studio iMac"}]})
    device_name: Text = "Modamoda Studio"


class DeviceCode(BaseModel):
    """What a desktop shows and polls with (RFC 8628)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "device_code": "kT9...",
                    "user_code": "WDJB-MJHT",
                    "verification_uri": "https://account.example.com/device",
                    "verification_uri_complete": "https://account.example.com/device?code=WDJB-MJHT",
                    "expires_in": 600,
                    "interval": 5,
                }
            ]
        }
    )
    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int = Field(description="Seconds to wait between two polls.")


class TokenRequest(BaseModel):
    """An exchange: a device code that a person approved, or a refresh token, for a pair of tokens."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"grant_type": "refresh_token", "refresh_token": "dW5..."},
                {"grant_type": DEVICE_GRANT, "device_code": "kT9..."},
            ]
        },
    )
    grant_type: Literal["refresh_token", "urn:ietf:params:oauth:grant-type:device_code"]
    refresh_token: Annotated[str, StringConstraints(max_length=200)] | None = None
    device_code: Annotated[str, StringConstraints(max_length=200)] | None = None


class DeviceView(BaseModel):
    """A signed-in computer or browser."""

    id: uuid.UUID
    name: str
    created_at: datetime
    last_seen_at: datetime
    current: bool = Field(description="Whether this request comes from it.")


@router.post("/sign-up", status_code=201, responses=documented(422, 429, 503))
def sign_up(
    body: SignUp,
    request: Request,
    services: WithServices,
    limiter: WithLimiter,
    accept_language: Annotated[str, Header(description="The language of the mail: en or ar.")] = "",
) -> SignedUp:
    """Make an account. The answer does not say whether the address was in use; a mail to the address does."""
    limiter.check(services.settings.sign_up_limit, "sign-up", client_address(request))
    make_account(services, body, language_of(accept_language))
    return SignedUp(
        message="Sign in with this address and password. If it does not work, the address was in use already."
    )


@router.post("/sign-in", responses=documented(401, 422, 429, 503))
def sign_in(body: SignIn, request: Request, services: WithServices, limiter: WithLimiter) -> TokenPair:
    """Sign in with address and password. A wrong address and a wrong password get the same answer."""
    limit_sign_in(services, limiter, request, body.email)
    with services.database.read() as session:
        user = identity.find_user(session, body.email, body.password)
    if user is None:
        raise unauthorized("This address and password do not fit.")
    with services.database.write() as session:
        identity.renew_hash(session, user, body.password)
        audit.note(session, user, "device.signed_in")
        return _pair(services.tokens.sign_in(session, user, body.device_name))


@router.post("/device", responses=documented(422, 429, 503))
def start_device(
    request: Request, services: WithServices, limiter: WithLimiter, body: NewDevice | None = None
) -> DeviceCode:
    """Begin to sign a desktop in: show user_code and open verification_uri_complete, then poll POST /auth/token."""
    limiter.check(services.settings.device_limit, "device", client_address(request))
    with services.database.write() as session:
        grant = identity.open_grant(session, (body or NewDevice()).device_name)
    page = f"{services.settings.public_url}/device"
    return DeviceCode(
        device_code=grant.device_code,
        user_code=grant.user_code,
        verification_uri=page,
        verification_uri_complete=f"{page}?code={grant.user_code}",
        expires_in=identity.GRANT_S,
        interval=identity.POLL_INTERVAL_S,
    )


@router.post("/token", responses=documented(400, 422, 429, 503))
def exchange(
    body: TokenRequest,
    request: Request,
    services: WithServices,
    limiter: WithLimiter,
    idempotency_key: OptionalIdempotencyHeader = None,
) -> TokenPair:
    """Exchange a device code or a refresh token for tokens.

    Errors are 400 with the OAuth code in `code`: authorization_pending, slow_down, access_denied, expired_token,
    invalid_grant. A refresh token that is seen twice ends its device: somebody has copied it. The one exception: whose
    answer was lost repeats the exchange with the same Idempotency-Key within two minutes and gets the same answer.
    """
    limiter.check("240/minute", "token", client_address(request))
    pair = (
        _redeem(services, body.device_code or "")
        if body.grant_type == DEVICE_GRANT
        else _refresh(services, body.refresh_token or "", idempotency_key)
    )
    return _pair(pair)


@router.post("/sign-out", status_code=204, responses=documented(401, 503))
def sign_out(principal: SignedIn, services: WithServices) -> Response:
    """End this device: its tokens stop working at once."""
    with services.database.write() as session:
        identity.sign_out(session, principal.user_id, principal.device_id)
        audit.note(session, principal, "device.signed_out", principal.device_id)
    return Response(status_code=204)


@router.post("/sign-out-everywhere", status_code=204, responses=documented(401, 503))
def sign_out_everywhere(principal: SignedIn, services: WithServices) -> Response:
    """End every device of the account, this one too."""
    with services.database.write() as session:
        identity.sign_out_everywhere(session, principal.user_id)
        audit.note(session, principal, "device.all_signed_out")
    return Response(status_code=204)


@router.get("/devices", responses=documented(401, 503))
def list_devices(principal: SignedIn, services: WithServices) -> list[DeviceView]:
    """The signed-in devices, the newest first."""
    alive = (Device.user_id == principal.user_id, Device.revoked_at.is_(None))
    with services.database.read() as session:
        found = session.scalars(select(Device).where(*alive).order_by(Device.created_at.desc())).all()
    return [DeviceView(current=device.id == principal.device_id, **_columns(device)) for device in found]


@router.delete("/devices/{device_id}", status_code=204, responses=documented(401, 404, 422, 503))
def end_device(device_id: uuid.UUID, principal: SignedIn, services: WithServices) -> Response:
    """End one device of the account."""
    with services.database.write() as session:
        if not identity.sign_out(session, principal.user_id, device_id):
            raise not_found("device")
        audit.note(session, principal, "device.signed_out", device_id)
    return Response(status_code=204)


def make_account(services: WithServices, body: SignUp, language: str) -> None:
    """Make an account, and mail its address: to confirm it, or that it has an account already."""
    password_hash = identity.hash_password(body.password)
    try:
        with services.database.write() as session:
            user = identity.sign_up(session, password_hash=password_hash, **body.model_dump(exclude={"password"}))
            if user is not None:
                audit.note(session, user, "account.created")
            kind = MailKind.ADDRESS_IN_USE if user is None else MailKind.VERIFY_EMAIL
            mail.note(session, kind, identity.normal_email(body.email), language)
    except IntegrityError:
        return  # two sign-ups with one address at the same moment: the other one won


def language_of(accepted: str) -> str:
    """The first language of an Accept-Language header that mails and pages are written in; else English."""
    wanted = [part.split(";")[0].strip()[:2].lower() for part in accepted.split(",")]
    return next((language for language in wanted if language in LANGUAGES), "en")


def limit_sign_in(services: WithServices, limiter: WithLimiter, request: Request, email: str) -> None:
    """Count a try to sign in, by address of the client and by account. Raises Problem (429)."""
    limiter.check(services.settings.sign_in_limit, "sign-in-account", identity.normal_email(email))
    limiter.check(services.settings.device_limit, "sign-in-client", client_address(request))


def _redeem(services: WithServices, device_code: str) -> identity.Tokens:
    with services.database.write() as session:
        outcome = identity.redeem_grant(session, device_code)
        if not isinstance(outcome, str):
            user, name = outcome
            audit.note(session, user, "device.signed_in")
            return services.tokens.sign_in(session, user, name)
    raise Problem(400, outcome, "Not signed in yet", _GRANT_ERRORS[outcome])


def _refresh(services: WithServices, refresh_token: str, key: str | None) -> identity.Tokens:
    with services.database.write() as session:
        tokens = services.tokens.refresh(session, refresh_token, key)
    if tokens is None:
        raise Problem(400, "invalid_grant", "Signed out", "This refresh token is not valid any more.", "Sign in again.")
    return tokens


def _pair(tokens: identity.Tokens) -> TokenPair:
    return TokenPair(
        access_token=tokens.access_token, refresh_token=tokens.refresh_token, expires_in=tokens.expires_in_s
    )


def _columns(device: Device) -> dict[str, Any]:
    return {name: getattr(device, name) for name in ("id", "name", "created_at", "last_seen_at")}


_GRANT_ERRORS = {
    "authorization_pending": "Nobody has approved the code yet; go on polling.",
    "slow_down": "Nobody has approved the code yet; poll more slowly.",
    "access_denied": "The code was turned down.",
    "expired_token": "The code has expired; begin again.",
    "invalid_grant": "There is no such code, or it was used already.",
}
