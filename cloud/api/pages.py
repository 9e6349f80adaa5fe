"""The few pages of the browser: sign up, sign in, connect a computer by its code, and back from the payment."""

import hashlib
import hmac
from html import escape
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Cookie, Form, Header, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import EmailStr, TypeAdapter, ValidationError
from sqlalchemy.exc import IntegrityError

from cloud import audit, identity
from cloud.api.auth import limit_sign_in
from cloud.api.wiring import WithLimiter, WithServices, client_address
from cloud.api.words import STYLE, WORDS
from cloud.identity import Principal
from cloud.problems import Problem
from cloud.services import Services

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
COOKIE = "modamoda_session"
Language = Annotated[str, Query(alias="lang", max_length=5)]
AcceptLanguage = Annotated[str, Header()]
Session = Annotated[str, Cookie(alias=COOKIE)]
Field = Annotated[str, Form(max_length=255)]
Next = Annotated[str, Query(alias="next", max_length=200)]


@router.get("/style.css")
def style() -> Response:
    """The pages' one style sheet."""
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/sign-in")
def show_sign_in(
    next_page: Next = "/device", lang: Language = "", accept_language: AcceptLanguage = ""
) -> HTMLResponse:
    """The form to sign in."""
    return _sign_in(_language(lang, accept_language), next_page)


@router.post("/sign-in")
def sign_in(
    request: Request,
    services: WithServices,
    limiter: WithLimiter,
    email: Field,
    password: Field,
    next_page: Annotated[str, Form(alias="next", max_length=200)] = "/device",
    lang: Language = "",
    accept_language: AcceptLanguage = "",
) -> Response:
    """Sign the browser in with a cookie for an hour."""
    language = _language(lang, accept_language)
    try:
        limit_sign_in(services, limiter, request, email)
    except Problem:
        return _sign_in(language, next_page, message="too_many", status=429)
    with services.database.read() as session:
        user = identity.find_user(session, email, password)
    if user is None:
        return _sign_in(language, next_page, message="bad_credentials", status=401)
    with services.database.write() as session:
        token = services.tokens.browser_token(session, user)
        audit.note(session, user, "browser.signed_in")
    response = RedirectResponse(_local(next_page, language), 303)
    secure = services.settings.public_url.startswith("https://")
    response.set_cookie(COOKIE, token, max_age=identity.BROWSER_S, httponly=True, secure=secure, samesite="lax")
    return response


@router.get("/sign-up")
def show_sign_up(lang: Language = "", accept_language: AcceptLanguage = "") -> HTMLResponse:
    """The form to make an account."""
    return _sign_up(_language(lang, accept_language))


@router.post("/sign-up")
def sign_up(
    request: Request,
    services: WithServices,
    limiter: WithLimiter,
    email: Field,
    password: Field,
    full_name: Field = "",
    lang: Language = "",
    accept_language: AcceptLanguage = "",
) -> HTMLResponse:
    """Make an account; the answer is the same for an address in use."""
    language = _language(lang, accept_language)
    try:
        limiter.check(services.settings.sign_up_limit, "sign-up", client_address(request))
        address = TypeAdapter(EmailStr).validate_python(email)
    except Problem:
        return _sign_up(language, message="too_many", status=429)
    except ValidationError:
        return _sign_up(language, message="bad_sign_up", status=422)
    if not 10 <= len(password) <= 200:
        return _sign_up(language, message="bad_sign_up", status=422)
    _make_account(services, address, password, full_name)
    return _sign_in(language, "/device", message="signed_up")


@router.get("/device")
def show_device(
    services: WithServices,
    code: Annotated[str, Query(max_length=20)] = "",
    cookie: Session = "",
    lang: Language = "",
    accept_language: AcceptLanguage = "",
) -> Response:
    """Ask for a computer's code, or whether the one given in the address is to be connected."""
    language = _language(lang, accept_language)
    if _who(services, cookie) is None:
        return RedirectResponse(f"/sign-in?lang={language}&next={quote(f'/device?code={quote(code)}')}", 303)
    if not code:
        return _ask_code(language)
    with services.database.read() as session:
        grant = identity.find_grant(session, code)
    if grant is None:
        return _ask_code(language, message="bad_code", status=404)
    return _ask_approval(language, grant.device_name, grant.user_code, _csrf(services, cookie))


@router.post("/device")
def decide_device(
    services: WithServices,
    limiter: WithLimiter,
    code: Field,
    decision: Annotated[Literal["approve", "deny"], Form()],
    csrf: Field,
    cookie: Session = "",
    lang: Language = "",
    accept_language: AcceptLanguage = "",
) -> Response:
    """Connect a computer to the account of this browser, or turn it down."""
    language = _language(lang, accept_language)
    principal = _who(services, cookie)
    if principal is None:
        return RedirectResponse(f"/sign-in?lang={language}", 303)
    if not hmac.compare_digest(csrf.encode(), _csrf(services, cookie).encode()):
        return _ask_code(language, message="stale", status=403)
    try:
        limiter.check("20/minute", "user-code", str(principal.user_id))
    except Problem:
        return _ask_code(language, message="too_many", status=429)
    with services.database.write() as session:
        grant = identity.find_grant(session, code)
        if grant is not None:
            grant.user_id, grant.denied = (principal.user_id, False) if decision == "approve" else (None, True)
            audit.note(
                session, principal, f"device.{decision}d" if decision == "approve" else "device.denied", grant.id
            )
    if grant is None:
        return _ask_code(language, message="bad_code", status=404)
    return _message(language, "device", "approved" if decision == "approve" else "denied")


@router.get("/credits/success")
def show_paid(lang: Language = "", accept_language: AcceptLanguage = "") -> HTMLResponse:
    """Back from a payment."""
    return _message(_language(lang, accept_language), "paid_title", "paid")


@router.get("/credits/cancelled")
def show_unpaid(lang: Language = "", accept_language: AcceptLanguage = "") -> HTMLResponse:
    """Back without a payment."""
    return _message(_language(lang, accept_language), "unpaid_title", "unpaid")


def _make_account(services: Services, email: str, password: str, full_name: str) -> None:
    password_hash = identity.hash_password(password)
    try:
        with services.database.write() as session:
            user = identity.sign_up(
                session, email=email, password_hash=password_hash, full_name=full_name.strip()[:100] or None
            )
            if user is not None:
                audit.note(session, user, "account.created")
    except IntegrityError:
        return  # two sign-ups with one address at the same moment: the other one won


def _who(services: Services, cookie: str) -> Principal | None:
    if not cookie:
        return None
    with services.database.read() as session:
        return services.tokens.principal(session, cookie, "browser")


def _csrf(services: Services, cookie: str) -> str:
    """A token bound to the cookie: another site's form cannot know it."""
    return hmac.digest(services.settings.secret("secret_key").encode(), f"csrf:{cookie}".encode(), hashlib.sha256).hex()


def _language(asked: str, accepted: str) -> str:
    if asked in WORDS:
        return asked
    wanted = [part.split(";")[0].strip()[:2] for part in accepted.split(",")]
    return next((language for language in wanted if language in WORDS), "en")


def _local(page: str, language: str) -> str:
    """Only pages of this site: everything else would lead people away with our name on it."""
    if page != "/device" and not page.startswith("/device?"):
        page = "/device"
    return f"{page}{'&' if '?' in page else '?'}lang={language}"


def _sign_in(language: str, next_page: str, *, message: str = "", status: int = 200) -> HTMLResponse:
    words = WORDS[language]
    body = f"""<p>{words["sign_in_lead"]}</p>
<form method="post" action="/sign-in?lang={language}">
<input type="hidden" name="next" value="{escape(next_page)}">
<label for="email">{words["email"]}</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="255" dir="ltr">
<label for="password">{words["password"]}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="200" dir="ltr">
<button>{words["sign_in"]}</button></form>
<p><a href="/sign-up?lang={language}">{words["sign_up"]}</a></p>"""
    return _page(language, "sign_in", body, message=message, status=status)


def _sign_up(language: str, *, message: str = "", status: int = 200) -> HTMLResponse:
    words = WORDS[language]
    body = f"""<p>{words["sign_up_lead"]}</p>
<form method="post" action="/sign-up?lang={language}">
<label for="full_name">{words["full_name"]}</label>
<input id="full_name" name="full_name" autocomplete="name" maxlength="100">
<label for="email">{words["email"]}</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="255" dir="ltr">
<label for="password">{words["password"]}</label>
<input id="password" name="password" type="password" autocomplete="new-password" required minlength="10" maxlength="200"
 aria-describedby="password-hint" dir="ltr">
<p class="hint" id="password-hint">{words["password_hint"]}</p>
<button>{words["sign_up"]}</button></form>
<p><a href="/sign-in?lang={language}">{words["have_account"]}</a></p>"""
    return _page(language, "sign_up", body, message=message, status=status)


def _ask_code(language: str, *, message: str = "", status: int = 200) -> HTMLResponse:
    words = WORDS[language]
    body = f"""<p>{words["device_lead"]}</p>
<form method="get" action="/device">
<input type="hidden" name="lang" value="{language}">
<label for="code">{words["code"]}</label>
<input id="code" name="code" class="code" required maxlength="20" autocomplete="one-time-code"
 autocapitalize="characters" dir="ltr">
<button>{words["continue"]}</button></form>"""
    return _page(language, "device", body, message=message, status=status)


def _ask_approval(language: str, device_name: str, code: str, csrf: str) -> HTMLResponse:
    words = WORDS[language]
    body = f"""<p><strong><bdi>{escape(device_name)}</bdi></strong> {words["approve_lead"]}</p>
<p class="code">{escape(code)}</p>
<form method="post" action="/device?lang={language}">
<input type="hidden" name="code" value="{escape(code)}">
<input type="hidden" name="csrf" value="{csrf}">
<button name="decision" value="approve">{words["approve"]}</button>
<button name="decision" value="deny" class="quiet">{words["deny"]}</button></form>"""
    return _page(language, "device", body)


def _message(language: str, title: str, message: str) -> HTMLResponse:
    return _page(language, title, "", message=message)


def _page(language: str, title: str, body: str, *, message: str = "", status: int = 200) -> HTMLResponse:
    words = WORDS[language]
    note = f'<p class="message" role="status">{words[message]}</p>' if message else ""
    other = words["other"]
    html = f"""<!doctype html>
<html lang="{language}" dir="{words["direction"]}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{words[title]} · Modamoda Studio</title><link rel="stylesheet" href="/style.css"></head>
<body><main><h1>{words[title]}</h1>
{note}{body}
<nav><a href="?lang={other}" lang="{other}" hreflang="{other}">{words["other_name"]}</a></nav>
</main></body></html>
"""
    return HTMLResponse(html, status)
