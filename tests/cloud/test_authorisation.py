"""Every route as nobody and as somebody else: nobody gets in, and nobody learns that what belongs to others exists."""

import uuid
from typing import Any

import pytest
from fastapi.routing import APIRoute

from cloud import jobs
from cloud.app import make_app
from cloud.database import now
from cloud.kinds import Role, UserType
from cloud.tables import Transaction, User
from tests.cloud.building import House, Person, make_order, make_user
from tests.cloud.pictures import encoded
from tests.cloud.test_jobs import output

OPEN_TO_ALL = {
    ("POST", "/auth/sign-up"),
    ("POST", "/auth/sign-in"),
    ("POST", "/auth/device"),
    ("POST", "/auth/token"),
    ("POST", "/auth/password/forgot"),
    ("POST", "/auth/password/reset"),
    ("POST", "/auth/email/verify"),
    ("POST", "/auth/invitations/accept"),
    ("GET", "/credits/packages"),
    ("GET", "/licences/keys"),
    ("POST", "/webhooks/stripe"),
    ("GET", "/objects/{key}"),
}
ONLY_FOR_OWNERS = ("/tenant/",)
PREFIX = "/api/v1"


def document(house: House) -> dict[str, Any]:
    return house.client.get(f"{PREFIX}/openapi.json").json()


def routes(house: House) -> list[tuple[str, str]]:
    return [
        (method.upper(), path.removeprefix(PREFIX))
        for path, methods in document(house)["paths"].items()
        if path.startswith(PREFIX)
        for method in methods
    ]


def body_of(house: House, method: str, path: str) -> dict[str, Any]:
    """A body that this operation understands, made of the examples in the document."""
    known = document(house)
    content = known["paths"][PREFIX + path][method.lower()].get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return {"files": {"file": ("a.png", encoded(), "image/png")}}
    if "application/octet-stream" in content:
        return {"content": b"x", "headers": {"Upload-Offset": "0"}}
    if "application/json" not in content:
        return {}
    schema = content["application/json"]["schema"]
    schema = schema.get("anyOf", [schema])[0]
    model = known["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], {})
    return {"json": model.get("examples", [{}])[0]}


def test_nobody_gets_into_any_route_that_is_not_open_to_all(house: House):
    closed = [route for route in routes(house) if route not in OPEN_TO_ALL]
    assert len(closed) > 30
    for method, path in closed:
        for token in (None, "nonsense", "eyJhbGciOiJub25lIn0.e30."):
            words = body_of(house, method, path)
            headers = words.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
            filled = path.replace("{provider}", "stability-ai").replace("{", "").replace("}", "")
            answer = house.client.request(method, f"{PREFIX}{filled}", headers=headers, **words)
            assert answer.status_code == 401, f"{method} {path} let nobody in with {answer.status_code}"
            assert answer.json()["code"] == "unauthorized"


def test_the_application_has_no_route_outside_of_its_document(house: House):
    documented = {path for _, path in routes(house)}
    hidden = [
        route.path
        for route in make_app(house.services).routes
        if isinstance(route, APIRoute) and route.path.startswith("/api/v1")
    ]
    assert documented
    assert [
        path
        for path in hidden
        if path.removeprefix("/api/v1") not in documented and "health" not in path and "metrics" not in path
    ] == []


@pytest.fixture
def belongings(any_house: House) -> tuple[Person, dict[str, str]]:
    """Somebody with one of everything, by the name of its parameter in a path."""
    owner = any_house.person(credits=3, user_type=UserType.ENTERPRISE)
    with any_house.services.database.write() as session:
        for needs_review in (False, True):
            job = jobs.submit(session, make_order(owner), uuid.uuid4())
            running = jobs.claim(session, job.id, 45)
            assert running is not None
            jobs.finish(session, running, output(needs_review=needs_review))
    owner.call("PUT", "/tenant/api-keys/stability-ai", json={"api_key": "sk-12345678"})
    with any_house.services.database.write() as session:
        session.get_one(User, owner.id).email_verified_at = now()
        member = make_user(session, f"member-of-{owner.email}", user_type=UserType.ENTERPRISE)
        member.tenant_id, member.role = owner.tenant_id, Role.MEMBER
    invitation = owner.post("/tenant/invitations", json={"email": "guest@example.com"}).json()
    licence = owner.post("/licences/activate", json={"installation": "installation-1", "device_name": "iMac"}).json()
    upload = owner.post("/results/uploads", json={"sha256": "1" * 64, "bytes": 10, "name": "a.png"}).json()
    return owner, {
        "job_id": owner.get("/jobs").json()["items"][0]["job_id"],
        "result_id": owner.get("/results").json()["items"][0]["id"],
        "upload_id": upload["upload_id"],
        "licence_id": licence["id"],
        "background_id": owner.post("/backgrounds", files={"file": ("wall.png", encoded(), "image/png")}).json()["id"],
        "device_id": owner.get("/auth/devices").json()[0]["id"],
        "provider": "stability-ai",
        "user_id": str(member.id),
        "invitation_id": invitation["id"],
        "transaction_id": str(paid_purchase(any_house, owner)),
    }


def paid_purchase(house: House, owner: Person) -> uuid.UUID:
    """A purchase of somebody that Stripe has reported as paid."""
    key = uuid.uuid4()
    with house.services.database.write() as session:
        session.add(
            Transaction(
                id=key,
                user_id=owner.id,
                tenant_id=owner.tenant_id,
                type="credit_purchase",
                amount_cents=900,
                paid=True,
            )
        )
    return key


def as_others(house: House, owner: Person) -> list[Person]:
    """A stranger, a stranger of another enterprise, and a colleague of the owner's own tenant."""
    colleague = house.person(user_type=UserType.ENTERPRISE)
    with house.services.database.write() as session:
        row = session.get_one(User, colleague.id)
        row.tenant_id, row.role = owner.tenant_id, Role.MEMBER
    return [house.person(), house.person(user_type=UserType.ENTERPRISE), colleague]


SHARED_IN_A_TENANT = {("DELETE", "/backgrounds/{background_id}")}


def test_every_route_to_a_thing_of_somebody_else_answers_as_if_there_were_none(
    any_house: House, belongings: tuple[Person, dict[str, str]]
):
    owner, things = belongings
    with_things = [
        (method, path) for method, path in routes(any_house) if "{" in path and (method, path) not in OPEN_TO_ALL
    ]
    stranger, other_owner, colleague = as_others(any_house, owner)
    assert len(with_things) >= 14
    for person in (stranger, other_owner, colleague):
        for method, path in with_things:
            if person is colleague and (method, path) in SHARED_IN_A_TENANT:
                continue
            if person is other_owner and "api-keys" in path:
                continue  # that is their own key of the same provider
            answer = person.call(method, path.format(**things), **body_of(any_house, method, path))
            allowed = {403, 404} if path.startswith(ONLY_FOR_OWNERS) else {404}
            assert answer.status_code in allowed, f"{method} {path} answered {answer.status_code}: {answer.text}"
    assert owner.get(f"/jobs/{things['job_id']}").json()["status"] == "needs_review"
    assert owner.get("/tenant/api-keys").json()[0]["last_four"] == "5678"


def test_no_list_shows_anything_of_somebody_else(any_house: House, belongings: tuple[Person, dict[str, str]]):
    owner, things = belongings
    secrets = [owner.email, str(owner.id), *(value for name, value in things.items() if name != "provider")]
    lists = [
        path
        for method, path in routes(any_house)
        if method == "GET" and "{" not in path and ("GET", path) not in OPEN_TO_ALL
    ]
    assert len(lists) >= 14
    assert all(any(secret in owner.get(path).text for path in lists) for secret in secrets), "the owner sees them"
    stranger, other_owner, _ = as_others(any_house, owner)
    for person in (stranger, other_owner):
        for path in lists:
            answer = person.get(path)
            assert answer.status_code in (200, 403), f"{path} answered {answer.status_code}"
            assert not [secret for secret in secrets if secret in answer.text], path


def test_somebody_elses_purchase_cannot_be_given_back_nor_their_picture_processed(
    any_house: House, belongings: tuple[Person, dict[str, str]]
):
    _, things = belongings
    stranger = any_house.person(credits=1)
    form = {"transaction_id": things["transaction_id"]}
    assert stranger.post("/credits/refund", json=form).status_code == 404
    assert stranger.post("/process", data={"result_id": things["result_id"]}).status_code == 404


def test_only_the_owner_of_an_enterprise_keeps_keys_and_sees_all_licences(
    any_house: House, belongings: tuple[Person, dict[str, str]]
):
    owner, _ = belongings
    _, _, colleague = as_others(any_house, owner)
    individual = any_house.person()
    assert colleague.get("/tenant/api-keys").status_code == 403
    assert individual.get("/tenant/api-keys").status_code == 403
    assert colleague.get("/licences").json() == []
    assert len(owner.get("/licences").json()) == 1


def test_an_inactive_account_is_out_at_once(any_house: House):
    person = any_house.person()
    with any_house.services.database.write() as session:
        session.get_one(User, person.id).is_active = False
    assert person.get("/account").status_code == 401


def test_two_people_may_use_one_idempotency_key(any_house: House):
    first, second = any_house.person(credits=1), any_house.person(credits=1)
    form = {"files": {"file": ("a.png", encoded(), "image/png")}, "headers": {"Idempotency-Key": "the-same-key"}}
    made = {person.post("/process", **form).json()["job_id"] for person in (first, second)}
    assert len(made) == 2
    with any_house.services.database.read() as session:
        assert session.get_one(User, first.id).tenant_id != second.tenant_id
