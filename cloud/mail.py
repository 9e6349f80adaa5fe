"""Mails: noted in the transaction they belong to, written and sent afterwards by the keeper, again when it fails.

A request notes that somebody asked; whether there is such an account is seen when the mail is sent, so that nobody can
tell known addresses from unknown ones by an answer or by how long it took.
"""

import logging
import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud import letters
from cloud.database import now
from cloud.kinds import MailKind
from cloud.mailers import Letter, MailUnavailable
from cloud.proofs import Purpose
from cloud.services import Services
from cloud.tables import Invitation, Mail, User

LOG = logging.getLogger(__name__)
BATCH = 20
MAX_ATTEMPTS = 8
CLAIM_S = 120


def note(
    session: Session, kind: MailKind, recipient: str, language: str = "en", *, about: uuid.UUID | None = None
) -> None:
    """Note a mail in the caller's transaction; the keeper sends it. recipient: also an address without an account."""
    session.add(Mail(id=uuid.uuid4(), kind=kind, recipient=recipient, language=language, about=about))


def send_waiting(services: Services) -> int:
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


def _claim(services: Services) -> Mail | None:
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


def _write(services: Services, mail: Mail) -> Letter | None:
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


def _invitation(services: Services, session: Session, mail: Mail) -> Letter | None:
    invitation = session.get(Invitation, mail.about)
    if invitation is None or invitation.accepted_at is not None or invitation.expires_at <= now():
        return None
    link = _link(services, mail, "invitation", services.proofs.make(Purpose.INVITATION, invitation))
    return _letter(mail, link=link, inviter=session.get_one(User, invitation.invited_by).email)


def _letter(mail: Mail, **words: str) -> Letter:
    subject, text = letters.write(mail.kind, mail.language, **words)
    return Letter(recipient=mail.recipient, subject=subject, text=text)


def _link(services: Services, mail: Mail, page: str, token: str) -> str:
    return f"{services.settings.public_url}/{page}?lang={mail.language}&token={token}"
