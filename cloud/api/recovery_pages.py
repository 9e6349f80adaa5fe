"""The pages behind the links of mails: a new password, a confirmed address, an accepted invitation.

A link only shows a page; what it is for happens when its button is pressed. Programs that look into mails follow links.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from cloud.api.html import (
    FROM_THIS_SITE,
    Field,
    Visit,
    WithVisit,
    email_field,
    field,
    form,
    page,
    password_field,
)
from cloud.api.pages import sign_in_page
from cloud.api.recovery import ask_for_reset, confirm_email, set_password
from cloud.api.tenant import join
from cloud.api.wiring import WithLimiter, WithServices, client_address
from cloud.problems import Problem

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Token = Annotated[str, Query(max_length=2000)]
_JOIN_FAULTS = {"invalid_token": "bad_link", "unauthorized": "wrong_existing", "not_now": "not_now"}


@router.get("/forgot-password")
def show_forgotten(visit: WithVisit) -> HTMLResponse:
    """Ask for the address of an account whose password was forgotten."""
    return _forgotten(visit)


@router.post("/forgot-password", dependencies=[FROM_THIS_SITE])
def forgotten(
    request: Request, visit: WithVisit, services: WithServices, limiter: WithLimiter, email: Field
) -> HTMLResponse:
    """Note the wish for a mail; the answer is the same for every address."""
    if "@" not in email or not email.isprintable():
        return _forgotten(visit, message="bad_address", status=422)
    try:
        ask_for_reset(services, limiter, request, email, visit.language)
    except Problem:
        return _forgotten(visit, message="too_many", status=429)
    return page(visit, "forgot_title", message="forgot_sent")


@router.get("/reset-password")
def show_reset(visit: WithVisit) -> HTMLResponse:
    """Ask for a new password."""
    return _reset(visit)


@router.post("/reset-password", dependencies=[FROM_THIS_SITE])
def reset(
    request: Request, visit: WithVisit, services: WithServices, limiter: WithLimiter, password: Field, token: Token = ""
) -> HTMLResponse:
    """Set a new password with the token of the mail, once."""
    if not _may_try(services, limiter, request):
        return _reset(visit, message="too_many", status=429)
    if not 10 <= len(password) <= 200:
        return _reset(visit, message="bad_password", status=422)
    if not set_password(services, token, password):
        return _forgotten(visit, message="bad_link", status=400)
    return sign_in_page(visit, "/device", message="reset_done")


@router.get("/verify-email")
def show_verification(visit: WithVisit) -> HTMLResponse:
    """Ask whether an address is to be confirmed."""
    return page(visit, "verify_title", f"<p>{visit.words['verify_lead']}</p>{form(visit, 'verify')}")


@router.post("/verify-email", dependencies=[FROM_THIS_SITE])
def verify(
    request: Request, visit: WithVisit, services: WithServices, limiter: WithLimiter, token: Token = ""
) -> HTMLResponse:
    """Confirm an address with the token of the mail."""
    if not _may_try(services, limiter, request):
        return page(visit, "verify_title", message="too_many", status=429)
    if not confirm_email(services, token):
        return page(visit, "verify_title", message="bad_link", status=400)
    return page(visit, "verify_title", message="verified")


@router.get("/invitation")
def show_invitation(visit: WithVisit) -> HTMLResponse:
    """Ask for name and password of somebody who was invited."""
    return _invitation(visit)


@router.post("/invitation", dependencies=[FROM_THIS_SITE])
def accept(
    request: Request,
    visit: WithVisit,
    services: WithServices,
    limiter: WithLimiter,
    password: Field,
    full_name: Field = "",
    token: Token = "",
) -> HTMLResponse:
    """Join a tenant with the token of the mail."""
    if not _may_try(services, limiter, request):
        return _invitation(visit, message="too_many", status=429)
    if not 10 <= len(password) <= 200:
        return _invitation(visit, message="bad_password", status=422)
    try:
        joined = join(services, token, password, full_name.strip()[:100] or None)
    except Problem as problem:
        return _invitation(visit, message=_JOIN_FAULTS[problem.document.code], status=problem.document.status)
    return sign_in_page(visit, "/device", email=joined.email, message="joined")


def _may_try(services: WithServices, limiter: WithLimiter, request: Request) -> bool:
    try:
        limiter.check(services.settings.device_limit, "proof", client_address(request))
    except Problem:
        return False
    return True


def _forgotten(visit: Visit, *, message: str = "", status: int = 200) -> HTMLResponse:
    action = visit.address("/forgot-password")
    body = f"<p>{visit.words['forgot_lead']}</p>{form(visit, 'forgot_send', email_field(visit), action=action)}"
    return page(visit, "forgot_title", body, message=message, status=status)


def _reset(visit: Visit, *, message: str = "", status: int = 200) -> HTMLResponse:
    fields = password_field(visit, "new_password", is_new=True)
    body = f"<p>{visit.words['reset_lead']}</p>{form(visit, 'reset', fields)}"
    return page(visit, "forgot_title", body, message=message, status=status)


def _invitation(visit: Visit, *, message: str = "", status: int = 200) -> HTMLResponse:
    name = field(visit, "full_name", "full_name", required=False, autocomplete="name", maxlength=100)
    fields = (name, password_field(visit, "invitation_password", is_new=True))
    body = f"<p>{visit.words['invitation_lead']}</p>{form(visit, 'join', *fields)}"
    return page(visit, "invitation_title", body, message=message, status=status)
