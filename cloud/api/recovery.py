"""A verified address and a forgotten password: asking for the mail, and using what came with it."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from cloud import audit, identity, mail, recovery
from cloud.api.auth import Password, language_of
from cloud.api.wiring import SignedIn, WithLimiter, WithServices, client_address
from cloud.kinds import MailKind
from cloud.problems import Problem, documented, unauthorized
from cloud.proofs import Purpose
from cloud.tables import User

router = APIRouter(tags=["sign-in"])
ProofText = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
AcceptLanguage = Annotated[str, Header(description="The language of the mail: en or ar.")]


class Forgotten(BaseModel):
    """The address of an account whose password was forgotten."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "amira@example.com"}]})
    email: Annotated[str, StringConstraints(min_length=3, max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Asked(BaseModel):
    """What everybody is told who asks for a mail, whether there is such an account or not."""

    message: str = Field(examples=["If this address has an account, a mail is on its way to it."])


class NewPassword(BaseModel):
    """A new password, and the token of the mail that lets it be set."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"token": "eyJ...", "password": "seven new mannequins"}]}
    )
    token: ProofText
    password: Password


class PasswordChange(BaseModel):
    """The password as it is and as it is to be."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"current_password": "six tall mannequins", "new_password": "seven new mannequins"}]
        },
    )
    current_password: Annotated[str, StringConstraints(max_length=200)]
    new_password: Password


class Verification(BaseModel):
    """The token of the mail that was sent to the address."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"token": "eyJ..."}]})
    token: ProofText


@router.post("/auth/password/forgot", status_code=202, responses=documented(422, 429, 503))
def forgot_password(
    body: Forgotten,
    request: Request,
    services: WithServices,
    limiter: WithLimiter,
    accept_language: AcceptLanguage = "",
) -> Asked:
    """Ask for a mail with which a new password can be chosen. The answer is the same for every address."""
    ask_for_reset(services, limiter, request, body.email, language_of(accept_language))
    return Asked(message="If this address has an account, a mail is on its way to it.")


@router.post("/auth/password/reset", status_code=204, responses=documented(400, 422, 429, 503))
def reset_password(body: NewPassword, request: Request, services: WithServices, limiter: WithLimiter) -> Response:
    """Choose a new password with the token of the mail, once. Every device of the account is signed out."""
    limiter.check(services.settings.device_limit, "proof", client_address(request))
    if not set_password(services, body.token, body.password):
        raise bad_proof()
    return Response(status_code=204)


@router.post("/account/password", status_code=204, responses=documented(401, 422, 429, 503))
def change_password(
    body: PasswordChange,
    principal: SignedIn,
    services: WithServices,
    limiter: WithLimiter,
    accept_language: AcceptLanguage = "",
) -> Response:
    """Change the password. This device stays signed in, every other one is signed out."""
    limiter.check(services.settings.sign_in_limit, "password", str(principal.user_id))
    with services.database.read() as session:
        user = session.get_one(User, principal.user_id)
    if not identity.password_fits(user.password_hash, body.current_password):
        raise unauthorized("This password does not fit.")
    password_hash = identity.hash_password(body.new_password)
    with services.database.write() as session:
        recovery.change_password(session, principal, password_hash, language_of(accept_language))
    return Response(status_code=204)


@router.post("/auth/email/verify", status_code=204, responses=documented(400, 422, 429, 503))
def verify_email(body: Verification, request: Request, services: WithServices, limiter: WithLimiter) -> Response:
    """Confirm an address with the token of the mail."""
    limiter.check(services.settings.device_limit, "proof", client_address(request))
    if not confirm_email(services, body.token):
        raise bad_proof()
    return Response(status_code=204)


@router.post("/account/email/verification", status_code=202, responses=documented(401, 422, 429, 503))
def ask_for_verification(
    principal: SignedIn, services: WithServices, limiter: WithLimiter, accept_language: AcceptLanguage = ""
) -> Asked:
    """Send the mail that confirms this account's address again; a confirmed address gets none."""
    limiter.check(services.settings.mail_limit, "verification", str(principal.user_id))
    with services.database.write() as session:
        user = session.get_one(User, principal.user_id)
        mail.note(session, MailKind.VERIFY_EMAIL, user.email, language_of(accept_language))
        audit.note(session, principal, "email.verification_asked")
    return Asked(message="A mail is on its way, unless this address is confirmed already.")


def ask_for_reset(services: WithServices, limiter: WithLimiter, request: Request, email: str, language: str) -> None:
    """Note that somebody forgot a password; alike for every address. Raises Problem (429)."""
    limiter.check(services.settings.device_limit, "forgot-client", client_address(request))
    address = identity.normal_email(email)
    limiter.check(services.settings.mail_limit, "forgot", address)
    with services.database.write() as session:
        mail.note(session, MailKind.RESET_PASSWORD, address, language)


def set_password(services: WithServices, token: str, password: str) -> bool:
    """Set a new password by the token of a mail; False = the token is not good (any more)."""
    proof = services.proofs.read(Purpose.RESET_PASSWORD, token)
    if proof is None:
        return False
    password_hash = identity.hash_password(password)
    with services.database.write() as session:
        return recovery.reset_password(session, proof, password_hash) is not None


def confirm_email(services: WithServices, token: str) -> bool:
    """Confirm an address by the token of a mail; False = the token is not good (any more)."""
    proof = services.proofs.read(Purpose.VERIFY_EMAIL, token)
    with services.database.write() as session:
        return recovery.verify_email(session, proof) is not None


def bad_proof() -> Problem:
    """The answer to a token that is wrong, expired or used."""
    return Problem(
        400, "invalid_token", "Bad request", "This link is not valid any more.", "Ask for a new mail and use its link."
    )
