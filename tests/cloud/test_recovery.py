"""Addresses are confirmed and forgotten passwords replaced by mailed links: signed, expiring, good for one use."""

import email
import email.policy
import re
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from cloud import mail, proofs
from cloud.database import now
from cloud.kinds import MailKind
from cloud.mailers import Outbox
from cloud.proofs import Purpose
from cloud.tables import Mail, User
from tests.cloud.building import PASSWORD, House, Person
from tests.cloud.servers import free_port

FORGOT = "/api/v1/auth/password/forgot"
RESET = "/api/v1/auth/password/reset"
VERIFY = "/api/v1/auth/email/verify"
SIGN_IN = "/api/v1/auth/sign-in"
SIGN_UP = "/api/v1/auth/sign-up"
NEW = "seven new mannequins"


def mails(house: House) -> list[EmailMessage]:
    """What the keeper sends now, the oldest first; the outbox is empty afterwards."""
    mail.send_waiting(house.services)
    outbox = cast(Outbox, house.services.mailer).folder
    files = sorted(outbox.glob("*.eml"))
    read = [
        cast(EmailMessage, email.message_from_bytes(path.read_bytes(), policy=email.policy.default)) for path in files
    ]
    for path in files:
        path.unlink()
    return read


def link_in(message: EmailMessage) -> str:
    found = re.search(r"http://testserver\S+", message.get_content())
    assert found, message
    return found[0]


def token_in(message: EmailMessage) -> str:
    return parse_qs(urlsplit(link_in(message)).query)["token"][0]


def reset_token(house: House, person: Person) -> str:
    assert house.client.post(FORGOT, json={"email": person.email}).status_code == 202
    (message,) = mails(house)
    assert message["To"] == person.email
    return token_in(message)


def sign_in(house: House, address: str, password: str) -> int:
    return house.client.post(SIGN_IN, json={"email": address, "password": password}).status_code


def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail_once(any_house: House):
    person = any_house.person()
    token = reset_token(any_house, person)
    assert any_house.client.post(RESET, json={"token": token, "password": NEW}).status_code == 204
    assert person.get("/account").status_code == 401, "every device is signed out"
    assert (sign_in(any_house, person.email, PASSWORD), sign_in(any_house, person.email, NEW)) == (401, 200)
    again = any_house.client.post(RESET, json={"token": token, "password": "another new one"})
    assert (again.status_code, again.json()["code"]) == (400, "invalid_token")
    assert sign_in(any_house, person.email, NEW) == 200


def test_one_link_used_many_times_at_one_moment_sets_one_password(any_house: House):
    token = reset_token(any_house, any_house.person())
    tries = [{"token": token, "password": f"new password {number}"} for number in range(5)]
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda body: any_house.client.post(RESET, json=body).status_code, tries))
    assert sorted(answers) == [204, 400, 400, 400, 400]


def test_asking_for_a_new_password_says_nothing_about_an_address(house: House):
    known, answers = house.person(), []
    for address in (known.email, "nobody@example.com", "no address at all"):
        answers.append(house.client.post(FORGOT, json={"email": address}))
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert [message["To"] for message in mails(house)] == [known.email]
    with house.services.database.read() as session:
        assert session.scalars(select(Mail)).all() == []


def test_signing_up_mails_the_address_whether_it_was_in_use_or_not(house: House):
    known = house.person()
    for address in (known.email, "fresh@example.com"):
        house.client.post(SIGN_UP, json={"email": address, "password": NEW}, headers={"Accept-Language": "ar, en"})
    in_use, fresh = mails(house)
    assert (in_use["To"], fresh["To"]) == (known.email, "fresh@example.com")
    assert "لديك حساب" in in_use["Subject"]
    assert "/forgot-password" in link_in(in_use)
    assert "/verify-email?lang=ar" in link_in(fresh)


def test_an_address_is_confirmed_by_the_link_of_its_mail_once(any_house: House):
    person = any_house.person()
    assert person.get("/account").json()["email_verified"] is False
    assert person.post("/account/email/verification").status_code == 202
    token = token_in(mails(any_house)[0])
    assert any_house.client.post(VERIFY, json={"token": token}).status_code == 204
    assert person.get("/account").json()["email_verified"] is True
    assert any_house.client.post(VERIFY, json={"token": token}).status_code == 400
    person.post("/account/email/verification")
    assert mails(any_house) == [], "a confirmed address gets no more"


@pytest.mark.parametrize("harm", ["changed", "expired", "other purpose", "other service", "nonsense"])
def test_a_link_that_is_not_what_was_mailed_opens_nothing(house: House, monkeypatch: pytest.MonkeyPatch, harm: str):
    person = house.person()
    with house.services.database.read() as session:
        user = session.get_one(User, person.id)
    maker = house.services.proofs
    if harm == "expired":
        monkeypatch.setitem(proofs.LIFETIMES, Purpose.RESET_PASSWORD, timedelta(seconds=-1))
    if harm == "other service":
        maker = proofs.ProofMaker("another secret", issuer="http://testserver")
    token = maker.make(Purpose.VERIFY_EMAIL if harm == "other purpose" else Purpose.RESET_PASSWORD, user)
    token = {"changed": token[:-4] + "AAAA", "nonsense": "nonsense"}.get(harm, token)
    answer = house.client.post(RESET, json={"token": token, "password": NEW})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_token")
    assert sign_in(house, person.email, PASSWORD) == 200


def test_changing_the_password_ends_other_devices_and_open_links_and_tells_the_owner(any_house: House):
    person = any_house.person()
    other = any_house.client.post(SIGN_IN, json={"email": person.email, "password": PASSWORD}).json()["access_token"]
    token = reset_token(any_house, person)
    wrong = person.post("/account/password", json={"current_password": "wrong", "new_password": NEW})
    right = person.post("/account/password", json={"current_password": PASSWORD, "new_password": NEW})
    assert (wrong.status_code, right.status_code) == (401, 204)
    assert person.get("/account").status_code == 200
    assert any_house.client.get("/api/v1/account", headers={"Authorization": f"Bearer {other}"}).status_code == 401
    assert any_house.client.post(RESET, json={"token": token, "password": "yet another"}).status_code == 400
    assert [message["Subject"] for message in mails(any_house)] == ["Your password for Modamoda Studio was changed"]


def test_a_sixth_wish_within_an_hour_is_refused_for_known_and_unknown_addresses(house: House):
    for address in (house.person().email, "nobody@example.com"):
        answers = [house.client.post(FORGOT, json={"email": address}).status_code for _ in range(6)]
        assert answers == [202] * 5 + [429]


def test_the_pages_of_a_forgotten_password_work_and_a_link_alone_changes_nothing(house: House):
    person = house.person()
    page = house.client.post("/forgot-password", data={"email": person.email})
    assert "on its way" in page.text
    link = link_in(mails(house)[0])
    shown = house.client.get(link)
    assert shown.status_code == 200
    assert sign_in(house, person.email, PASSWORD) == 200
    done = house.client.post(link, data={"password": NEW})
    assert "Your password is set" in done.text
    assert sign_in(house, person.email, NEW) == 200
    assert house.client.post(link, data={"password": NEW}).status_code == 400


def test_the_page_that_confirms_an_address_does_so_when_its_button_is_pressed(house: House):
    person = house.person()
    person.post("/account/email/verification")
    link = link_in(mails(house)[0])
    house.client.get(link)
    assert person.get("/account").json()["email_verified"] is False
    assert "confirmed" in house.client.post(link).text
    assert person.get("/account").json()["email_verified"] is True


class Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as a client needs to hand a mail over."""

    received: list[bytes]
    is_full = False

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().strip():
            verb = line.split()[0].upper()
            if verb == b"DATA" and not Smtp.is_full:
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                Smtp.received.append(b"".join(lines))
                self.say("250 taken")
            elif verb == b"DATA":
                self.say("452 no room")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 well")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def smtp_port() -> Iterator[int]:
    Smtp.received, Smtp.is_full = [], False
    port = free_port()
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Smtp) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield port
        server.shutdown()
        thread.join()


def test_a_mail_that_the_server_does_not_take_waits_and_is_sent_later_once(
    open_house: Callable[..., House], sqlite_url: str, smtp_port: int
):
    known: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": smtp_port, "smtp_security": "none"}
    house = open_house(database_url=sqlite_url, smtp_password=SecretStr("unused"), **known)
    person = house.person()
    house.client.post(FORGOT, json={"email": person.email})
    Smtp.is_full = True
    assert mail.send_waiting(house.services) == 0
    Smtp.is_full = False
    assert mail.send_waiting(house.services) == 0, "not before its time"
    with house.services.database.write() as session:
        session.scalars(select(Mail)).one().not_before = now()
    assert [mail.send_waiting(house.services) for _ in range(2)] == [1, 0]
    (content,) = Smtp.received
    message = cast(EmailMessage, email.message_from_bytes(content, policy=email.policy.default))
    assert message["To"] == person.email
    assert token_in(message)


def test_a_mail_that_is_never_taken_is_given_up(
    open_house: Callable[..., House], sqlite_url: str, caplog: pytest.LogCaptureFixture
):
    house = open_house(database_url=sqlite_url, smtp_host="127.0.0.1", smtp_port=free_port())
    person = house.person()
    with house.services.database.write() as session:
        mail.note(session, MailKind.RESET_PASSWORD, person.email)
    started = time.monotonic()
    for _ in range(mail.MAX_ATTEMPTS + 1):
        mail.send_waiting(house.services)
        with house.services.database.write() as session:
            for waiting in session.scalars(select(Mail)):
                waiting.not_before = now()
    with house.services.database.read() as session:
        assert session.scalars(select(Mail)).all() == []
    assert time.monotonic() - started < 10
    assert person.email not in caplog.text
