"""Mails: noted in the transaction they belong to, written and sent afterwards by the keeper, again when it fails.

A request notes that somebody asked; whether there is such an account is seen when the mail is sent, so that nobody can
tell known addresses from unknown ones by an answer or by how long it took.
"""

import logging
import smtplib
import ssl
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud import letters
from cloud.database import now
from cloud.kinds import MailKind
from cloud.proofs import Purpose
from cloud.settings import Settings
from cloud.tables import Invitation, Mail, User

if TYPE_CHECKING:
    from cloud.services import Services

LOG = logging.getLogger(__name__)
BATCH = 20
MAX_ATTEMPTS = 8
CLAIM_S = 120
SMTP_LIMIT_S = 10


class MailUnavailable(Exception):
    """The mail server does not take mails now."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail as it is sent."""

    recipient: str
    subject: str
    text: str


class Mailer(Protocol):
    """Sends mails."""

    def send(self, letter: Letter) -> None:
        """Hand a mail over. Raises MailUnavailable."""
        ...


class Outbox:
    """Mails as files in a folder, for development: nothing leaves the computer."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.home / "outbox"
        self._sender = sender_of(settings)

    def send(self, letter: Letter) -> None:
        """Write a mail as `<moment>-<number>.eml`, readable by its user alone."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = self.folder / f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.eml"
        target.touch(mode=0o600)
        target.write_bytes(bytes(_message(letter, self._sender, encoding="8bit")))
        LOG.info("a mail lies in the outbox of the home")


class Smtp:
    """Mails by a server that takes them with a password, over an encrypted connection unless told otherwise."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> None:
        """Send a mail. Raises MailUnavailable."""
        try:
            with self._connected() as server:
                server.send_message(_message(letter, sender_of(self._settings)))
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnavailable(f"the mail server answered with {type(error).__name__}") from error

    def _connected(self) -> smtplib.SMTP:
        known = self._settings
        context = ssl.create_default_context()
        if known.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                known.smtp_host, known.smtp_port, timeout=SMTP_LIMIT_S, context=context
            )
        else:
            server = smtplib.SMTP(known.smtp_host, known.smtp_port, timeout=SMTP_LIMIT_S)
        if known.smtp_security == "starttls":
            server.starttls(context=context)
        if known.smtp_user:
            server.login(known.smtp_user, known.smtp_password.get_secret_value())
        return server


def make_mailer(settings: Settings) -> Mailer:
    """The mail server of the settings; in development without one, a folder."""
    return Smtp(settings) if settings.smtp_host else Outbox(settings)


def sender_of(settings: Settings) -> str:
    """The address that mails come from."""
    return settings.mail_from or f"Modamoda Studio <studio@{urlsplit(settings.public_url).hostname}>"


def note(
    session: Session, kind: MailKind, recipient: str, language: str = "en", *, about: uuid.UUID | None = None
) -> None:
    """Note a mail in the caller's transaction; the keeper sends it. recipient: also an address without an account."""
    session.add(Mail(id=uuid.uuid4(), kind=kind, recipient=recipient, language=language, about=about))


def send_waiting(services: "Services") -> int:
    """Send the mails that wait, how many; stops at the first that the server does not take."""
    sent = 0
    while sent < BATCH and (mail := _claim(services)) is not None:
        letter = _write(services, mail)
        try:
            if letter is not None:
                services.mailer.send(letter)
        except MailUnavailable as error:
            LOG.warning("A mail waits: %s", error)
            return sent
        with services.database.write() as session:
            session.delete(session.get_one(Mail, mail.id))
        sent += letter is not None
    return sent


def _claim(services: "Services") -> Mail | None:
    """The next mail, out of reach of other replicas for a while; one tried too often is given up."""
    with services.database.write() as session:
        mail = session.scalar(
            select(Mail)
            .where(Mail.not_before <= now())
            .order_by(Mail.not_before)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if mail is None:
            return None
        if mail.attempts >= MAX_ATTEMPTS:
            LOG.error("A mail was given up after %d attempts", mail.attempts)
            session.delete(mail)
            return None
        mail.attempts += 1
        mail.not_before = now() + timedelta(seconds=CLAIM_S * 2 ** (mail.attempts - 1))
        return mail


def _write(services: "Services", mail: Mail) -> Letter | None:
    """The mail's text with a fresh proof; None = there is nobody to tell."""
    with services.database.read() as session:
        if mail.kind is MailKind.INVITATION:
            return _invitation(services, session, mail)
        user = session.scalar(select(User).where(User.email == mail.recipient, User.is_active.is_(True)))
    if user is None or (mail.kind is MailKind.VERIFY_EMAIL and user.email_verified_at is not None):
        return None
    if mail.kind is MailKind.VERIFY_EMAIL:
        link = _link(services, mail, "verify-email", services.proofs.make(Purpose.VERIFY_EMAIL, user))
    elif mail.kind is MailKind.RESET_PASSWORD:
        link = _link(services, mail, "reset-password", services.proofs.make(Purpose.RESET_PASSWORD, user))
    else:
        link = f"{services.settings.public_url}/forgot-password?lang={mail.language}"
    return _letter(mail, link=link)


def _invitation(services: "Services", session: Session, mail: Mail) -> Letter | None:
    invitation = session.get(Invitation, mail.about)
    if invitation is None or invitation.accepted_at is not None or invitation.expires_at <= now():
        return None
    link = _link(services, mail, "invitation", services.proofs.make(Purpose.INVITATION, invitation))
    return _letter(mail, link=link, inviter=session.get_one(User, invitation.invited_by).email)


def _letter(mail: Mail, **words: str) -> Letter:
    subject, text = letters.write(mail.kind, mail.language, **words)
    return Letter(recipient=mail.recipient, subject=subject, text=text)


def _link(services: "Services", mail: Mail, page: str, token: str) -> str:
    return f"{services.settings.public_url}/{page}?lang={mail.language}&token={token}"


def _message(letter: Letter, sender: str, *, encoding: str = "base64") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.recipient, letter.subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="modamoda")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte=encoding)
    return message
