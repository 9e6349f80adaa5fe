"""What every browser page is made of: its language, its frame, its forms, and who looks at it."""

import hashlib
import hmac
from dataclasses import dataclass
from html import escape
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Cookie, Depends, Form, Header, Query, Request
from fastapi.responses import HTMLResponse

from cloud.api.auth import language_of
from cloud.api.words import WORDS
from cloud.identity import Principal
from cloud.problems import Problem
from cloud.services import Services

COOKIE = "modamoda_session"
SessionCookie = Annotated[str, Cookie(alias=COOKIE)]
Field = Annotated[str, Form(max_length=255)]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A page as it was asked for. query: what stood in its address, language apart."""

    language: str
    path: str
    query: dict[str, str]

    @property
    def words(self) -> dict[str, str]:
        """The texts of its language."""
        return WORDS[self.language]

    def address(self, path: str, query: dict[str, str] | None = None) -> str:
        """The address of a page in this language, escaped for HTML."""
        return escape(f"{path}?{urlencode({'lang': self.language} | (query or {}))}")

    @property
    def here(self) -> str:
        """This page's own address, for its form."""
        return self.address(self.path, self.query)


def _visit(
    request: Request,
    lang: Annotated[str, Query(max_length=5)] = "",
    accept_language: Annotated[str, Header()] = "",
) -> Visit:
    language = lang if lang in WORDS else language_of(accept_language)
    query = {name: value for name, value in request.query_params.items() if name != "lang"}
    return Visit(language=language, path=request.url.path, query=query)


def _from_this_site(sec_fetch_site: Annotated[str, Header()] = "") -> None:
    """Refuse a form that another site's page sent; browsers say so, and what says nothing carries no cookie of ours."""
    if sec_fetch_site in ("cross-site", "same-site"):
        raise Problem(403, "other_site", "Not allowed", "This form was sent by a page of another site.")


WithVisit = Annotated[Visit, Depends(_visit)]
FROM_THIS_SITE = Depends(_from_this_site)


def who(services: Services, cookie: str) -> Principal | None:
    """Who is signed in with this browser; None = nobody."""
    if not cookie:
        return None
    with services.database.read() as session:
        return services.tokens.principal(session, cookie, "browser")


def csrf_of(services: Services, cookie: str) -> str:
    """A token bound to the cookie: another site's form cannot know it."""
    return hmac.digest(services.settings.secret("secret_key").encode(), f"csrf:{cookie}".encode(), hashlib.sha256).hex()


def form(visit: Visit, button: str, *fields: str, action: str | None = None) -> str:
    """A form that posts its fields to its own page, or to `action` (an escaped address)."""
    inside = "\n".join((*fields, f"<button>{visit.words[button]}</button>"))
    return f'<form method="post" action="{action or visit.here}">\n{inside}</form>'


def field(visit: Visit, name: str, label: str, *, hint: str = "", required: bool = True, **attributes: object) -> str:
    """A labelled input; the names of attributes are written with `-` for `_`."""
    known = attributes | ({"aria_describedby": f"{name}-hint"} if hint else {})
    written = "".join(f' {key.replace("_", "-")}="{escape(str(value))}"' for key, value in known.items())
    box = f'<input id="{name}" name="{name}"{written}{" required" if required else ""}>'
    note = f'\n<p class="hint" id="{name}-hint">{visit.words[hint]}</p>' if hint else ""
    return f'<label for="{name}">{visit.words[label]}</label>\n{box}{note}'


def email_field(visit: Visit, value: str = "") -> str:
    """The address of an account."""
    known = {"type": "email", "autocomplete": "username", "maxlength": 255, "dir": "ltr", "value": value}
    return field(visit, "email", "email", **known)


def password_field(visit: Visit, label: str = "password", *, is_new: bool = False) -> str:
    """A password: the one that an account has, or a new one with its rule."""
    known = {"type": "password", "dir": "ltr", "maxlength": 200}
    if not is_new:
        return field(visit, "password", label, autocomplete="current-password", **known)
    return field(visit, "password", label, hint="password_hint", autocomplete="new-password", minlength=10, **known)


def page(visit: Visit, title: str, body: str = "", *, message: str = "", status: int = 200) -> HTMLResponse:
    """A whole page. message: a word's name; one that comes with an error status is announced at once."""
    words = visit.words
    role = "alert" if status >= 400 else "status"
    note = f'<p class="message" role="{role}">{words[message]}</p>' if message else ""
    other = words["other"]
    link = escape(f"{visit.path}?{urlencode({'lang': other} | visit.query)}")
    html = f"""<!doctype html>
<html lang="{visit.language}" dir="{words["direction"]}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{words[title]} · {words["brand"]}</title><link rel="stylesheet" href="/style.css"></head>
<body><header>{words["brand"]}</header>
<main><h1>{words[title]}</h1>
{note}{body}
</main>
<footer><a href="{link}" lang="{other}" hreflang="{other}">{words["other_name"]}</a></footer>
</body></html>
"""
    return HTMLResponse(html, status)
