"""The few pages of the browser: sign up, sign in, connect a computer by its code, and back from the payment."""

import hmac
from html import escape
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import EmailStr, TypeAdapter, ValidationError

from cloud import audit, identity
from cloud.api.auth import SignUp, limit_sign_in, make_account
from cloud.api.html import (
    COOKIE,
    FROM_THIS_SITE,
    Field,
    SessionCookie,
    Visit,
    WithVisit,
    csrf_of,
    email_field,
    field,
    form,
    page,
    password_field,
    who,
)
from cloud.api.wiring import WithLimiter, WithServices, client_address
from cloud.api.words import STYLE
from cloud.identity import Principal
from cloud.problems import Problem
from cloud.services import Services
from cloud.tables import DeviceGrant, User

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Next = Annotated[str, Query(alias="next", max_length=200)]


@router.get("/style.css")
def style() -> Response:
    """The pages' one style sheet."""
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/sign-in")
def show_sign_in(visit: WithVisit, next_page: Next = "/device") -> HTMLResponse:
    """The form to sign in."""
    return sign_in_page(visit, next_page)


@router.post("/sign-in", dependencies=[FROM_THIS_SITE])
def sign_in(
    request: Request,
    visit: WithVisit,
    services: WithServices,
    limiter: WithLimiter,
    email: Field,
    password: Field,
    next_page: Annotated[str, Form(alias="next", max_length=200)] = "/device",
) -> Response:
    """Sign the browser in with a cookie for an hour."""
    try:
        limit_sign_in(services, limiter, request, email)
    except Problem:
        return sign_in_page(visit, next_page, email=email, message="too_many", status=429)
    with services.database.read() as session:
        user = identity.find_user(session, email, password)
    if user is None:
        return sign_in_page(visit, next_page, email=email, message="bad_credentials", status=401)
    with services.database.write() as session:
        identity.renew_hash(session, user, password)
        token = services.tokens.browser_token(session, user)
        audit.note(session, user, "browser.signed_in")
    response = RedirectResponse(_local(next_page, visit.language), 303)
    secure = services.settings.public_url.startswith("https://")
    response.set_cookie(COOKIE, token, max_age=identity.BROWSER_S, httponly=True, secure=secure, samesite="lax")
    return response


@router.post("/sign-out", dependencies=[FROM_THIS_SITE])
def sign_out(visit: WithVisit, services: WithServices, csrf: Field, cookie: SessionCookie = "") -> Response:
    """Sign the browser out."""
    principal = who(services, cookie)
    if principal is not None and _is_ours(services, csrf, cookie):
        with services.database.write() as session:
            identity.sign_out(session, principal.user_id, principal.device_id)
            audit.note(session, principal, "browser.signed_out")
    response = RedirectResponse(f"/sign-in?lang={visit.language}", 303)
    response.delete_cookie(COOKIE)
    return response


@router.get("/sign-up")
def show_sign_up(visit: WithVisit) -> HTMLResponse:
    """The form to make an account."""
    return _sign_up_page(visit)


@router.post("/sign-up", dependencies=[FROM_THIS_SITE])
def sign_up(
    request: Request,
    visit: WithVisit,
    services: WithServices,
    limiter: WithLimiter,
    email: Field,
    password: Field,
    full_name: Field = "",
) -> HTMLResponse:
    """Make an account; the answer is the same for an address in use, whose owner gets a mail."""
    try:
        limiter.check(services.settings.sign_up_limit, "sign-up", client_address(request))
        address = TypeAdapter(EmailStr).validate_python(email)
        wanted = SignUp(email=address, password=password, full_name=full_name.strip()[:100] or None)
    except Problem:
        return _sign_up_page(visit, message="too_many", status=429)
    except ValidationError:
        return _sign_up_page(visit, email=email, message="bad_sign_up", status=422)
    make_account(services, wanted, visit.language)
    return sign_in_page(visit, visit.query.get("next", "/device"), email=email, message="confirm_mail")


@router.get("/device")
def show_device(
    visit: WithVisit,
    services: WithServices,
    limiter: WithLimiter,
    code: Annotated[str, Query(max_length=20)] = "",
    cookie: SessionCookie = "",
) -> Response:
    """Ask for a computer's code, or whether the one given in the address is to be connected."""
    principal = who(services, cookie)
    if principal is None:
        return RedirectResponse(f"/sign-in?lang={visit.language}&next={quote(f'/device?code={quote(code)}')}", 303)
    who_line = _who_line(visit, services, principal, cookie)
    if not code:
        return _ask_code(visit, who_line)
    if not _may_try(limiter, principal):
        return _ask_code(visit, who_line, message="too_many", status=429)
    with services.database.read() as session:
        grant = identity.find_grant(session, code)
    if grant is None:
        return _ask_code(visit, who_line, message="bad_code", status=404)
    return _ask_approval(visit, grant, csrf_of(services, cookie), who_line)


@router.post("/device", dependencies=[FROM_THIS_SITE])
def decide_device(
    visit: WithVisit,
    services: WithServices,
    limiter: WithLimiter,
    code: Field,
    decision: Annotated[Literal["approve", "deny"], Form()],
    csrf: Field,
    cookie: SessionCookie = "",
) -> Response:
    """Connect a computer to the account of this browser, or turn it down."""
    principal = who(services, cookie)
    if principal is None:
        return RedirectResponse(f"/sign-in?lang={visit.language}", 303)
    if not _is_ours(services, csrf, cookie):
        return _ask_code(visit, message="stale", status=403)
    if not _may_try(limiter, principal):
        return _ask_code(visit, message="too_many", status=429)
    if not _decide(services, principal, code, approved=decision == "approve"):
        return _ask_code(visit, message="bad_code", status=404)
    return page(visit, "device", message="approved" if decision == "approve" else "denied")


@router.get("/credits/success")
def show_paid(visit: WithVisit) -> HTMLResponse:
    """Back from a payment."""
    return page(visit, "paid_title", message="paid")


@router.get("/credits/cancelled")
def show_unpaid(visit: WithVisit) -> HTMLResponse:
    """Back without a payment."""
    return page(visit, "unpaid_title", message="unpaid")


def sign_in_page(
    visit: Visit, next_page: str, *, email: str = "", message: str = "", status: int = 200
) -> HTMLResponse:
    """The form to sign in, and the ways to an account and to a new password."""
    hidden = f'<input type="hidden" name="next" value="{escape(next_page)}">'
    fields = (hidden, email_field(visit, email), password_field(visit))
    action = visit.address("/sign-in", {"next": next_page})
    body = f"""<p>{visit.words["sign_in_lead"]}</p>
{form(visit, "sign_in", *fields, action=action)}
<p class="ways"><a href="{visit.address("/forgot-password")}">{visit.words["forgot"]}</a>
<a href="{visit.address("/sign-up", {"next": next_page})}">{visit.words["sign_up"]}</a></p>"""
    return page(visit, "sign_in", body, message=message, status=status)


def _sign_up_page(visit: Visit, *, email: str = "", message: str = "", status: int = 200) -> HTMLResponse:
    name = field(visit, "full_name", "full_name", required=False, autocomplete="name", maxlength=100)
    body = f"""<p>{visit.words["sign_up_lead"]}</p>
{form(visit, "sign_up", name, email_field(visit, email), password_field(visit, is_new=True))}
<p><a href="{visit.address("/sign-in", visit.query)}">{visit.words["have_account"]}</a></p>"""
    return page(visit, "sign_up", body, message=message, status=status)


def _ask_code(visit: Visit, who_line: str = "", *, message: str = "", status: int = 200) -> HTMLResponse:
    words = visit.words
    box = field(
        visit, "code", "code", maxlength=20, autocomplete="one-time-code", autocapitalize="characters", dir="ltr"
    ).replace("<input", '<input class="code"')
    body = f"""{who_line}<p>{words["device_lead"]}</p>
<form method="get" action="/device">
<input type="hidden" name="lang" value="{visit.language}">
{box}
<button>{words["continue"]}</button></form>"""
    return page(visit, "device", body, message=message, status=status)


def _ask_approval(visit: Visit, grant: DeviceGrant, csrf: str, who_line: str) -> HTMLResponse:
    words = visit.words
    code = escape(grant.user_code)
    body = f"""{who_line}<p><strong><bdi>{escape(grant.device_name)}</bdi></strong> {words["approve_lead"]}</p>
<p class="code">{code}</p>
<form method="post" action="{visit.address("/device")}">
<input type="hidden" name="code" value="{code}">
<input type="hidden" name="csrf" value="{csrf}">
<button name="decision" value="approve">{words["approve"]}</button>
<button name="decision" value="deny" class="quiet">{words["deny"]}</button></form>"""
    return page(visit, "device", body)


def _who_line(visit: Visit, services: Services, principal: Principal, cookie: str) -> str:
    """Whose account it is that a computer would be connected to, and the way out of it."""
    with services.database.read() as session:
        email = session.get_one(User, principal.user_id).email
    words = visit.words
    return f"""<div class="who"><span>{words["signed_in_as"]} <bdi>{escape(email)}</bdi></span>
<form method="post" action="{visit.address("/sign-out")}">
<input type="hidden" name="csrf" value="{csrf_of(services, cookie)}">
<button class="link">{words["sign_out"]}</button></form></div>
"""


def _may_try(limiter: WithLimiter, principal: Principal) -> bool:
    """Count a code that somebody entered: codes are short, and not to be found by trying."""
    try:
        limiter.check("20/minute", "user-code", str(principal.user_id))
    except Problem:
        return False
    return True


def _decide(services: Services, principal: Principal, code: str, *, approved: bool) -> bool:
    with services.database.write() as session:
        grant = identity.find_grant(session, code)
        if grant is None:
            return False
        grant.user_id, grant.denied = (principal.user_id, False) if approved else (None, True)
        audit.note(session, principal, "device.approved" if approved else "device.denied", grant.id)
    return True


def _is_ours(services: Services, csrf: str, cookie: str) -> bool:
    return hmac.compare_digest(csrf.encode(), csrf_of(services, cookie).encode())


def _local(target: str, language: str) -> str:
    """Only pages of this site: everything else would lead people away with our name on it."""
    if target != "/device" and not target.startswith("/device?"):
        target = "/device"
    return f"{target}{'&' if '?' in target else '?'}lang={language}"
