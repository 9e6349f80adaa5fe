"""Licences: signed documents that anybody can verify offline, seats, rotation of the key."""

import re
from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from cloud.cli import main
from cloud.database import now
from cloud.tables import Tenant
from tests.cloud.building import House, Person


def activate(person: Person, number: int = 1):
    return person.post(
        "/licences/activate", json={"installation": f"installation-{number}", "device_name": f"iMac {number}"}
    )


def set_plan(house: House, person: Person, plan: str, days: float | None = None) -> None:
    with house.services.database.write() as session:
        tenant = session.get_one(Tenant, person.tenant_id)
        tenant.plan, tenant.plan_until = plan, now() + timedelta(days=days) if days is not None else None


def verify(house: House, document: str) -> dict[str, object]:
    """As the desktop app does: with the public key that the header names, offline."""
    keys = {key["kid"]: jwt.PyJWK(key) for key in house.client.get("/api/v1/licences/keys").json()["keys"]}
    key = keys[jwt.get_unverified_header(document)["kid"]]
    return jwt.decode(document, key, algorithms=["EdDSA"])


def test_a_licence_names_its_computer_and_plan_and_is_verified_with_the_public_key(any_house: House):
    person = any_house.person()
    set_plan(any_house, person, "pro")
    made = activate(person)
    claims = verify(any_house, made.json()["document"])
    assert made.status_code == 201
    assert (claims["installation"], claims["plan"], claims["sub"]) == ("installation-1", "pro", str(person.id))
    assert claims["entitlements"] == ["watched_folders", "results_sync"]
    assert claims["exp"] - claims["iat"] == 30 * 86_400
    assert claims["grace_days"] == 30


def test_a_changed_licence_is_not_believed(house: House):
    document = activate(house.person()).json()["document"]
    header, claims, signature = document.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        verify(house, f"{header}.{claims[:-4]}AAAA.{signature}")


def test_seats_are_counted_freed_and_not_taken_twice_by_one_computer(any_house: House):
    person = any_house.person()
    first, second = activate(person, 1), activate(person, 2)
    assert activate(person, 1).json()["id"] == first.json()["id"]
    full = activate(person, 3)
    assert (full.status_code, full.json()["code"]) == (409, "no_seat")
    assert person.call("DELETE", f"/licences/{second.json()['id']}").status_code == 204
    assert activate(person, 3).status_code == 201
    assert person.post(f"/licences/{second.json()['id']}/renew").status_code == 404
    assert activate(person, 2).status_code == 409
    renewed = person.post(f"/licences/{first.json()['id']}/renew").json()
    assert renewed["expires_at"] > first.json()["expires_at"]
    assert {licence["installation"] for licence in person.get("/licences").json()} == {
        "installation-1",
        "installation-3",
    }


def test_a_licence_ends_with_the_plan_and_an_ended_plan_unlocks_nothing(house: House):
    person = house.person()
    set_plan(house, person, "enterprise", days=3)
    claims = verify(house, activate(person).json()["document"])
    assert claims["exp"] - claims["iat"] <= 3 * 86_400
    set_plan(house, person, "enterprise", days=-1)
    assert activate(person).json()["entitlements"] == []
    assert person.get("/account").json()["plan"] == "free"


def test_a_licence_of_a_retired_key_is_still_verified(open_house: Callable[..., House], sqlite_url: str):
    old_key = Ed25519PrivateKey.generate()
    before = open_house(
        database_url=sqlite_url, licence_key=SecretStr(old_key.private_bytes_raw().hex()), licence_key_id="2026-a"
    )
    document = activate(before.person()).json()["document"]
    retired = {"2026-a": old_key.public_key().public_bytes_raw().hex()}
    after = open_house(database_url=sqlite_url, licence_key_id="2026-b", retired_licence_keys=retired)
    assert jwt.get_unverified_header(document)["kid"] == "2026-a"
    assert verify(after, document)["plan"] == "free"
    assert jwt.get_unverified_header(activate(after.person()).json()["document"])["kid"] == "2026-b"


def test_a_key_made_by_command_signs_licences_that_an_app_with_its_public_half_believes(
    open_house: Callable[..., House], sqlite_url: str
):
    from studio.sync.licence import verify as verified_by_the_app

    told = CliRunner().invoke(main, ["make-licence-key", "2027-01"]).output
    secret = re.search(r"LICENCE_KEY=(\w{64})\n", told)
    public = re.search(r'"2027-01": "(\w{64})"', told)
    assert secret
    assert public
    house = open_house(database_url=sqlite_url, licence_key=SecretStr(secret[1]), licence_key_id="2027-01")
    document = activate(house.person()).json()["document"]
    assert verified_by_the_app(document, {"2027-01": public[1]}).plan == "free"
