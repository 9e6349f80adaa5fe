"""An enterprise's people: invited by mail, joining with a new account or their own, leaving with what is theirs."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from cloud import ledger
from cloud.database import now
from cloud.kinds import UserType
from cloud.tables import Invitation, Tenant, User
from tests.cloud.building import PASSWORD, House, Person
from tests.cloud.test_recovery import link_in, mails, sign_in, token_in
from tests.cloud.test_results import noise, upload_whole

ACCEPT = "/api/v1/auth/invitations/accept"
GUEST = "guest@example.com"


@pytest.fixture
def owner(any_house: House) -> Person:
    return enterprise(any_house)


def enterprise(house: House) -> Person:
    """The owner of an enterprise tenant whose address is confirmed."""
    person = house.person(user_type=UserType.ENTERPRISE)
    with house.services.database.write() as session:
        session.get_one(User, person.id).email_verified_at = now()
        session.get_one(Tenant, person.tenant_id).plan = "enterprise"
    return person


def invite(house: House, owner: Person, address: str = GUEST, **words: str) -> str:
    """Invite an address; the token of its mail."""
    answer = owner.post("/tenant/invitations", json={"email": address} | words)
    assert answer.status_code == 201, answer.text
    (message,) = mails(house)
    assert message["To"] == address
    assert owner.email in message.get_content()
    return token_in(message)


def accept(house: House, token: str, password: str = PASSWORD):
    return house.client.post(ACCEPT, json={"token": token, "password": password, "full_name": "Noor"})


def member_emails(owner: Person) -> dict[str, str]:
    return {member["email"]: member["role"] for member in owner.get("/tenant/members").json()}


def signed_in(house: House, owner: Person, address: str) -> Person:
    """Somebody who has an account, signed in anew."""
    tokens = house.client.post("/api/v1/auth/sign-in", json={"email": address, "password": PASSWORD}).json()
    with house.services.database.read() as session:
        user = session.query(User).filter_by(email=address).one()
    return Person(user.id, user.tenant_id, address, house.client, tokens["access_token"])


def test_somebody_without_an_account_joins_and_belongs_to_the_tenant(any_house: House, owner: Person):
    token = invite(any_house, owner)
    joined = accept(any_house, token)
    assert (joined.status_code, joined.json()["tenant_id"]) == (201, str(owner.tenant_id))
    guest = signed_in(any_house, owner, GUEST)
    account = guest.get("/account").json()
    assert (account["role"], account["plan"], account["email_verified"]) == ("member", "enterprise", True)
    assert member_emails(owner) == {owner.email: "owner", GUEST: "member"}
    assert guest.get("/tenant/members").status_code == 403
    assert owner.get("/tenant/invitations").json() == []
    assert accept(any_house, token).status_code == 400, "once"


def test_somebody_with_an_account_joins_with_its_password_and_keeps_what_is_theirs(any_house: House, owner: Person):
    guest = any_house.person(credits=3)
    result = upload_whole(guest, noise(20))
    token = invite(any_house, owner, guest.email)
    assert accept(any_house, token, "a wrong password").status_code == 401
    assert accept(any_house, token).status_code == 201
    assert guest.get("/account").json()["tenant_id"] == str(owner.tenant_id)
    assert guest.get(f"/results/{result['id']}").status_code == 200
    assert owner.get(f"/results/{result['id']}").status_code == 404
    assert guest.available == 3


def test_an_invitation_answers_alike_whether_the_address_has_an_account(house: House):
    owner, known = enterprise(house), house.person()
    answers = [owner.post("/tenant/invitations", json={"email": address}) for address in (known.email, GUEST)]
    assert {answer.status_code for answer in answers} == {201}
    assert {frozenset(answer.json()) for answer in answers} == {
        frozenset({"id", "email", "role", "created_at", "expires_at"})
    }


def test_an_invitation_ends_when_it_is_withdrawn_sent_again_or_old(house: House):
    owner = enterprise(house)
    first = invite(house, owner)
    second = invite(house, owner)
    assert accept(house, first).status_code == 400
    (waiting,) = owner.get("/tenant/invitations").json()
    with house.services.database.write() as session:
        session.execute(update(Invitation).values(expires_at=now() - timedelta(seconds=1)))
    assert accept(house, second).status_code == 400
    third = invite(house, owner)
    assert owner.call("DELETE", f"/tenant/invitations/{waiting['id']}").status_code == 204
    assert accept(house, third).status_code == 400
    assert sign_in(house, GUEST, PASSWORD) == 401


def test_only_a_confirmed_owner_of_an_enterprise_invites(house: House):
    unconfirmed = house.person(user_type=UserType.ENTERPRISE)
    for person, code in ((unconfirmed, "email_not_verified"), (house.person(), "enterprise_only")):
        answer = person.post("/tenant/invitations", json={"email": GUEST})
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert mails(house) == []


def test_a_repeated_invitation_with_one_key_sends_one_mail(house: House):
    owner, key = enterprise(house), {"Idempotency-Key": "invite-0001"}
    answers = [owner.post("/tenant/invitations", json={"email": GUEST}, headers=key).json() for _ in range(3)]
    assert len({answer["id"] for answer in answers}) == 1
    assert len(mails(house)) == 1


def test_a_removed_member_is_signed_out_and_keeps_their_own(any_house: House, owner: Person):
    accept(any_house, invite(any_house, owner))
    guest = signed_in(any_house, owner, GUEST)
    result = upload_whole(guest, noise(20))
    guest.post("/licences/activate", json={"installation": "installation-9", "device_name": "iMac"})
    assert owner.call("DELETE", f"/tenant/members/{owner.id}").status_code == 409
    assert owner.call("DELETE", f"/tenant/members/{guest.id}").status_code == 204
    assert guest.get("/account").status_code == 401
    alone = signed_in(any_house, owner, GUEST)
    assert alone.get("/account").json()["plan"] == "free"
    assert alone.get(f"/results/{result['id']}").status_code == 200
    assert member_emails(owner) == {owner.email: "owner"}
    assert owner.get("/licences").json() == []


def test_an_owner_with_members_does_not_leave_them_alone(house: House):
    first, second = enterprise(house), enterprise(house)
    accept(house, invite(house, first))
    answer = accept(house, invite(house, second, first.email))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")


def test_an_erased_owner_leaves_the_tenant_to_the_longest_member(any_house: House, owner: Person):
    accept(any_house, invite(any_house, owner))
    assert owner.post("/account/erase", json={"password": PASSWORD}).status_code == 204
    guest = signed_in(any_house, owner, GUEST)
    assert member_emails(guest) == {GUEST: "owner"}
    with any_house.services.database.read() as session:
        assert ledger.find_faults(session) == []


def test_the_page_of_an_invitation_joins(house: House):
    owner = enterprise(house)
    owner.post("/tenant/invitations", json={"email": GUEST}, headers={"Accept-Language": "ar"})
    link = link_in(mails(house)[0])
    assert 'dir="rtl"' in house.client.get(link).text
    assert house.client.post(link, data={"password": "short"}).status_code == 422
    assert house.client.post(link, data={"password": PASSWORD, "full_name": "نور"}).status_code == 200
    assert GUEST in member_emails(owner)
