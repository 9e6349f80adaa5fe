"""Sign-up, sign-in, refresh tokens, the desktop's sign-in by code, and the pages for it."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from argon2 import PasswordHasher
from fastapi import Request
from fastapi.testclient import TestClient
from sqlalchemy import update

from cloud import identity
from cloud.api.wiring import client_address
from cloud.database import now
from cloud.tables import DeviceGrant, User
from tests.cloud.building import PASSWORD, House

SIGN_UP = "/api/v1/auth/sign-up"
SIGN_IN = "/api/v1/auth/sign-in"
TOKEN = "/api/v1/auth/token"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def refresh(client: TestClient, token: str, key: str | None = None):
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return client.post(TOKEN, json=form, headers={"Idempotency-Key": key} if key else {})


def test_a_new_account_signs_in_and_sees_itself(any_house: House):
    client = any_house.client
    made = client.post(SIGN_UP, json={"email": "New@Example.com", "password": PASSWORD, "user_type": "business"})
    tokens = client.post(SIGN_IN, json={"email": "new@example.com ", "password": PASSWORD}).json()
    account = client.get("/api/v1/account", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
    assert made.status_code == 201
    assert account["email"] == "new@example.com"
    assert account["user_type"] == "business"


def test_sign_up_and_sign_in_do_not_say_whether_an_address_is_in_use(house: House):
    known = house.person()
    again = house.client.post(SIGN_UP, json={"email": known.email, "password": "another password"})
    fresh = house.client.post(SIGN_UP, json={"email": "fresh@example.com", "password": "another password"})
    wrong_password = house.client.post(SIGN_IN, json={"email": known.email, "password": "wrong"})
    wrong_address = house.client.post(SIGN_IN, json={"email": "nobody@example.com", "password": "wrong"})
    assert (again.status_code, again.json()) == (fresh.status_code, fresh.json())
    assert (wrong_password.status_code, wrong_password.json()) == (wrong_address.status_code, wrong_address.json())
    assert wrong_password.status_code == 401
    assert house.client.post(SIGN_IN, json={"email": known.email, "password": PASSWORD}).status_code == 200


def test_the_eleventh_try_in_a_minute_is_refused_and_says_when_to_come_back(
    open_house: Callable[..., House], sqlite_url: str
):
    house = open_house(database_url=sqlite_url, sign_in_limit="3/minute")
    tries = [house.client.post(SIGN_IN, json={"email": "a@example.com", "password": "x"}) for _ in range(4)]
    assert [answer.status_code for answer in tries] == [401, 401, 401, 429]
    assert 1 <= int(tries[-1].headers["Retry-After"]) <= 60
    assert tries[-1].headers["content-type"] == "application/problem+json"


def test_a_refresh_token_works_once_and_its_reuse_ends_the_device(any_house: House):
    person = any_house.person()
    first = any_house.client.post(SIGN_IN, json={"email": person.email, "password": PASSWORD}).json()
    second = refresh(any_house.client, first["refresh_token"]).json()
    stolen = refresh(any_house.client, first["refresh_token"])
    assert stolen.status_code == 400
    assert stolen.json()["code"] == "invalid_grant"
    assert refresh(any_house.client, second["refresh_token"]).status_code == 400
    assert (
        any_house.client.get(
            "/api/v1/account", headers={"Authorization": f"Bearer {second['access_token']}"}
        ).status_code
        == 401
    )


def test_whose_answer_was_lost_gets_the_same_pair_again_and_only_lately(
    any_house: House, monkeypatch: pytest.MonkeyPatch
):
    person = any_house.person()
    first = any_house.client.post(SIGN_IN, json={"email": person.email, "password": PASSWORD}).json()["refresh_token"]
    lost = refresh(any_house.client, first, key="exchange-1").json()
    again = refresh(any_house.client, first, key="exchange-1")
    assert again.json()["refresh_token"] == lost["refresh_token"]
    monkeypatch.setattr(identity, "REPEATED_WITHIN_S", -1)
    assert refresh(any_house.client, first, key="exchange-1").json()["code"] == "invalid_grant"
    assert refresh(any_house.client, lost["refresh_token"]).status_code == 400


@pytest.mark.parametrize("key", [None, "exchange-2"])
def test_a_refresh_token_repeated_without_its_key_ends_the_device(any_house: House, key: str | None):
    person = any_house.person()
    first = any_house.client.post(SIGN_IN, json={"email": person.email, "password": PASSWORD}).json()["refresh_token"]
    second = refresh(any_house.client, first, key="exchange-1").json()["refresh_token"]
    assert refresh(any_house.client, first, key=key).json()["code"] == "invalid_grant"
    assert refresh(any_house.client, second).status_code == 400


def test_a_refresh_token_whose_successor_was_used_is_stolen_even_with_its_key(any_house: House):
    person = any_house.person()
    first = any_house.client.post(SIGN_IN, json={"email": person.email, "password": PASSWORD}).json()["refresh_token"]
    second = refresh(any_house.client, first, key="exchange-1").json()["refresh_token"]
    third = refresh(any_house.client, second, key="exchange-2").json()["refresh_token"]
    assert refresh(any_house.client, first, key="exchange-1").json()["code"] == "invalid_grant"
    assert refresh(any_house.client, third).status_code == 400


def test_signing_out_everywhere_ends_every_token_at_once(house: House):
    person = house.person()
    other = house.client.post(SIGN_IN, json={"email": person.email, "password": PASSWORD}).json()
    assert len(person.get("/auth/devices").json()) == 2
    assert person.post("/auth/sign-out-everywhere").status_code == 204
    assert person.get("/account").status_code == 401
    assert refresh(house.client, other["refresh_token"]).status_code == 400


def test_a_desktop_is_signed_in_by_the_code_that_a_person_approves_in_the_browser(any_house: House):
    person = any_house.person()
    grant = any_house.client.post("/api/v1/auth/device", json={"device_name": "<b>Studio</b>"}).json()
    poll = {"grant_type": DEVICE_GRANT, "device_code": grant["device_code"]}
    assert any_house.client.post(TOKEN, json=poll).json()["code"] == "authorization_pending"
    assert any_house.client.post(TOKEN, json=poll).json()["code"] == "slow_down"
    page = browse_to_approval(any_house.client, person.email, grant["user_code"])
    assert "&lt;b&gt;Studio&lt;/b&gt;" in page
    csrf = re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[0]
    done = any_house.client.post("/device", data={"code": grant["user_code"], "decision": "approve", "csrf": csrf})
    assert "Connected" in done.text
    tokens = any_house.client.post(TOKEN, json=poll).json()
    account = any_house.client.get("/api/v1/account", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert account.json()["email"] == person.email
    assert any_house.client.post(TOKEN, json=poll).json()["code"] == "invalid_grant"


def test_a_code_is_not_approved_by_a_form_of_another_site(house: House):
    person = house.person()
    grant = house.client.post("/api/v1/auth/device").json()
    browse_to_approval(house.client, person.email, grant["user_code"])
    forged = house.client.post("/device", data={"code": grant["user_code"], "decision": "approve", "csrf": "0" * 64})
    poll = {"grant_type": DEVICE_GRANT, "device_code": grant["device_code"]}
    assert forged.status_code == 403
    assert house.client.post(TOKEN, json=poll).json()["code"] == "authorization_pending"


def test_a_denied_or_expired_code_signs_nobody_in(house: House):
    person = house.person()
    denied = house.client.post("/api/v1/auth/device").json()
    page = browse_to_approval(house.client, person.email, denied["user_code"])
    csrf = re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[0]
    house.client.post("/device", data={"code": denied["user_code"], "decision": "deny", "csrf": csrf})
    expired = house.client.post("/api/v1/auth/device").json()
    with house.services.database.write() as session:
        late = update(DeviceGrant).where(DeviceGrant.user_code == expired["user_code"])
        session.execute(late.values(expires_at=now() - timedelta(seconds=1)))
    codes = [
        house.client.post(TOKEN, json={"grant_type": DEVICE_GRANT, "device_code": grant["device_code"]}).json()["code"]
        for grant in (denied, expired)
    ]
    assert codes == ["access_denied", "expired_token"]


def test_the_pages_lead_nobody_to_another_site(house: House):
    person = house.person()
    form = {"email": person.email, "password": PASSWORD, "next": "https://evil.example/device"}
    answer = house.client.post("/sign-in", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/device?lang=en"
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=lax" in answer.headers["set-cookie"].lower()


def test_an_address_with_a_character_that_no_database_holds_is_only_wrong(any_house: House):
    wrong = {"email": "a\0@example.com", "password": "x"}
    assert any_house.client.post(SIGN_IN, json=wrong).status_code == 401
    assert any_house.client.post("/sign-in", data=wrong).status_code == 401


def test_a_code_is_not_found_by_trying(house: House):
    person = house.person()
    house.client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    tries = [house.client.get("/device", params={"code": f"BBBB-BBB{letter}"}).status_code for letter in "B" * 21]
    assert tries == [404] * 20 + [429]


def test_a_form_of_another_site_is_not_taken(house: House):
    person = house.person()
    form = {"email": person.email, "password": PASSWORD}
    answer = house.client.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/device?code=WDJB-MJHT", "/sign-in?next=/device", "/reset-password?token=a.b-c"])
def test_the_other_language_is_the_same_page(house: House, path: str):
    page = house.client.get(path + "&path=x&self=y&lang=ar").text
    (link,) = re.findall(r'<footer><a href="([^"]+)"', page)
    asked, offered = (parse_qs(urlsplit(address).query) for address in (path, unescape(link)))
    assert offered["lang"] == ["en"]
    if "code" not in asked:
        assert asked.items() <= offered.items()
    assert house.client.get(unescape(link)).status_code == 200


def test_what_an_address_carries_is_shown_as_text(house: House):
    page = house.client.get("/sign-in", params={"next": '"><script>alert(1)</script>', "x": "<b>"}).text
    assert "<script>" not in page
    assert "<b>" not in page


def test_a_browser_sees_whose_account_it_is_and_signs_out(house: House):
    person = house.person()
    grant = house.client.post("/api/v1/auth/device").json()
    page = browse_to_approval(house.client, person.email, grant["user_code"])
    assert person.email in page
    csrf = re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[0]
    house.client.post("/sign-out", data={"csrf": csrf})
    assert "/sign-in" in str(house.client.get("/device").url)


def test_passwords_are_hashed_with_argon2id_and_renewed_when_the_rule_grows(house: House):
    person = house.person()
    with house.services.database.write() as session:
        user = session.get_one(User, person.id)
        assert user.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        user.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    assert house.client.post(SIGN_IN, json={"email": person.email, "password": PASSWORD}).status_code == 200
    with house.services.database.read() as session:
        assert "m=65536,t=3,p=4" in session.get_one(User, person.id).password_hash


@pytest.mark.parametrize(
    "claims", [{"exp": None}, {"aud": "modamoda-browser"}, {"iss": "http://elsewhere"}, {"sid": "x"}]
)
def test_an_access_token_with_other_claims_lets_nobody_in(house: House, claims: dict[str, str | None]):
    person = house.person()
    known = jwt.decode(person.token, options={"verify_signature": False})
    key = hashlib.sha256(f"tokens:{house.services.settings.secret('secret_key')}".encode()).hexdigest()
    for change in ({}, claims):
        changed = {name: value for name, value in (known | change).items() if value is not None}
        token = jwt.encode(changed, key, algorithm="HS256")
        answer = house.client.get("/api/v1/account", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == (401 if change else 200)


def test_a_network_of_ipv6_counts_as_one_client():
    def address(host: str) -> str:
        return client_address(Request({"type": "http", "client": (host, 1), "headers": []}))

    assert address("2001:db8:1:2:aaaa::1") == address("2001:db8:1:2:bbbb::7") != address("2001:db8:1:3::1")
    assert address("192.0.2.7") == "192.0.2.7"


def test_the_pages_speak_arabic_from_right_to_left(house: House):
    page = house.client.get("/sign-in", headers={"Accept-Language": "ar-SA,ar;q=0.9"}).text
    assert '<html lang="ar" dir="rtl">' in page
    assert "تسجيل الدخول" in page


def browse_to_approval(client: TestClient, email: str, code: str) -> str:
    """Follow the desktop's address as a person who is not signed in would."""
    shown = client.get("/device", params={"code": code})
    assert "/sign-in" in str(shown.url)
    return client.post("/sign-in", data={"email": email, "password": PASSWORD, "next": f"/device?code={code}"}).text
