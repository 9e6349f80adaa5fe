"""GDPR: everything known about a person in one document, and an erasure that leaves nothing personal."""

from sqlalchemy import text

from cloud import ledger
from cloud.queues import Keeper
from tests.cloud.building import PASSWORD, House
from tests.cloud.pictures import encoded
from tests.cloud.test_jobs import claimed, output, submit
from tests.cloud.test_licences import activate
from tests.cloud.test_results import noise, upload_whole


def test_the_export_holds_everything_and_no_secret(any_house: House):
    person = any_house.person(credits=2)
    job_id = submit(person).json()["job_id"]
    result = upload_whole(person, noise(40))
    export = person.get("/account/export").json()
    assert export["user"]["email"] == person.email
    assert [job["id"] for job in export["jobs"]] == [job_id]
    assert [row["id"] for row in export["results"]] == [result["id"]]
    assert [transfer["kind"] for transfer in export["ledger"]] == ["promotion", "reserve"]
    assert {file["name"] for file in export["files"]} == {"blouse.png", "blouse.jpg"}
    assert any_house.client.get(export["files"][0]["url"]).status_code == 200
    assert "password_hash" not in str(export)
    assert "$argon2" not in str(export)


def test_erasure_needs_the_password(house: House):
    person = house.person()
    assert person.post("/account/erase", json={"password": "a wrong one"}).status_code == 401
    assert person.get("/account").status_code == 200


def test_an_erased_person_is_nowhere_to_be_found_and_the_ledger_is_still_sound(any_house: House):
    person = any_house.person(credits=5)
    running, _ = (submit(person).json()["job_id"] for _ in range(2))
    job = claimed(any_house, running)
    upload_whole(person, noise(40))
    person.post("/backgrounds", files={"file": ("wall.png", encoded(), "image/png")})
    activate(person)
    assert person.post("/account/erase", json={"password": PASSWORD}).status_code == 204
    assert person.get("/account").status_code == 401
    assert (
        any_house.client.post("/api/v1/auth/sign-in", json={"email": person.email, "password": PASSWORD}).status_code
        == 401
    )
    with any_house.services.database.write() as session:
        from cloud import jobs

        assert not jobs.finish(session, job, output())
        assert jobs.stop(session, job)
    Keeper(any_house.services, any_house.queue).look()
    with any_house.services.database.read() as session:
        assert ledger.find_faults(session) == []
        assert ledger.balance(session, person.id) == ledger.Balance(available=5, reserved=0, owed=0)
    assert everything_in(any_house).count(person.email) == 0
    assert everything_in(any_house).count("blouse") == 0
    assert [path for path in (any_house.services.settings.home / "objects").rglob("*") if path.is_file()] == []


def everything_in(house: House) -> str:
    """Every row of every table as text."""
    from cloud.tables import Base

    with house.services.database.read() as session:
        return "\n".join(
            str(row) for table in Base.metadata.tables for row in session.execute(text(f"SELECT * FROM {table}"))
        )


def test_an_erased_address_can_sign_up_again(house: House):
    person = house.person()
    person.post("/account/erase", json={"password": PASSWORD})
    house.client.post("/api/v1/auth/sign-up", json={"email": person.email, "password": PASSWORD})
    assert (
        house.client.post("/api/v1/auth/sign-in", json={"email": person.email, "password": PASSWORD}).status_code == 200
    )
