"""Who carries mails: a mail server, or in development a folder."""

import logging
import smtplib
import ssl
import time
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol
from urllib.parse import urlsplit

from cloud.settings import Settings

LOG = logging.getLogger(__name__)
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


def _message(letter: Letter, sender: str, *, encoding: str = "base64") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.recipient, letter.subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="modamoda")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte=encoding)
    return message
