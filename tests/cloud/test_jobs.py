"""The life of a job: submitted once, claimed once, finished once, and its credit with it."""

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import update

from cloud import jobs, ledger
from cloud.database import now
from cloud.kinds import JobStatus
from cloud.queues import Keeper
from cloud.tables import Job
from tests.cloud.building import House, Person, make_order
from tests.cloud.pictures import encoded


def submit(person: Person, *, key: str | None = None, **form: Any):
    headers = {"Idempotency-Key": key} if key else {}
    return person.post(
        "/process", files={"file": ("blouse.jpg", encoded("JPEG"), "image/jpeg")}, data=form, headers=headers
    )


def claimed(house: House, job_id: str) -> Job:
    with house.services.database.write() as session:
        job = jobs.claim(session, uuid.UUID(job_id), 45)
    assert job is not None
    return job


def output(*, needs_review: bool = False, name: str = "k") -> jobs.Output:
    return jobs.Output(
        key=f"{name}.png",
        preview_key=f"{name}.jpg",
        sha256="0" * 64,
        bytes=10,
        content_type="image/png",
        width=20,
        height=20,
        report={"confidence": 0.9},
        needs_review=needs_review,
        seconds=1.5,
    )


def expire_lease(house: House, job_id: str) -> None:
    with house.services.database.write() as session:
        session.execute(
            update(Job).where(Job.id == uuid.UUID(job_id)).values(lease_expires_at=now() - timedelta(seconds=1))
        )


def test_a_submitted_job_is_queued_and_sets_a_credit_aside(any_house: House):
    person = any_house.person(credits=2)
    answer = submit(person, priority="high")
    job = person.get(f"/jobs/{answer.json()['job_id']}").json()
    assert answer.status_code == 200
    assert (job["status"], job["progress"], job["priority"], job["output_url"]) == ("queued", 0, "high", None)
    assert job["task_id"] == answer.json()["task_id"]
    assert person.get("/credits/balance").json() == {"available": 1, "reserved": 1, "owed": 0}
    assert [str(sent) for sent in any_house.queue.sent] == [job["job_id"]]


def test_the_same_key_with_the_same_photo_queues_one_job_even_in_parallel(any_house: House):
    person = any_house.person(credits=5)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: submit(person, key="order-0001").json(), range(6)))
    assert len({answer["job_id"] for answer in answers}) == 1
    assert person.available == 4


def test_a_key_that_was_used_for_another_order_is_refused(house: House):
    person = house.person(credits=5)
    submit(person, key="order-0001")
    other = person.post(
        "/process", files={"file": ("b.png", encoded(seed=9), "image/png")}, headers={"Idempotency-Key": "order-0001"}
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/process", {"files": {"file": ("a.png", encoded(), "image/png")}}),
        ("/backgrounds", {"files": {"file": ("a.png", encoded(), "image/png")}}),
        ("/credits/checkout", {"json": {"package_id": "credits-10"}}),
        ("/credits/purchase", {"json": {"package_id": "credits-10", "payment_method_id": "pm_card_visa"}}),
        ("/credits/refund", {"json": {"transaction_id": str(uuid.uuid4())}}),
        ("/tenant/invitations", {"json": {"email": "guest@example.com"}}),
    ],
)
def test_what_would_be_done_twice_without_a_key_is_not_done_without_one(house: House, path: str, body: dict[str, Any]):
    person = house.person(credits=1)
    headers = {"Authorization": f"Bearer {person.token}"}
    answer = house.client.post(f"/api/v1{path}", headers=headers, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")
    assert answer.headers["content-type"] == "application/problem+json"
    assert person.available == 1


def test_a_backdrop_sent_again_with_its_key_is_one_backdrop(any_house: House):
    person, key = any_house.person(), {"Idempotency-Key": "backdrop-01"}
    sent = {"file": ("wall.png", encoded(), "image/png")}
    made = [person.post("/backgrounds", files=sent, headers=key).json()["id"] for _ in range(3)]
    assert len(set(made)) == 1
    assert [backdrop["own"] for backdrop in person.get("/backgrounds").json()].count(True) == 1


def test_a_heic_photo_is_taken_and_a_broken_one_is_refused_without_harm(house: House):
    pillow_heif = pytest.importorskip("pillow_heif")
    target = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), (200, 30, 40))).save(target, quality=90)
    content = target.getvalue()
    person = house.person(credits=9)
    answers = []
    for sent in (content, content[:-40], content[:40] + b"\xff" * 80 + content[120:], content[:12]):
        answers.append(person.post("/process", files={"file": ("a.heic", sent, "image/heic")}).status_code)
    assert answers == [200, 415, 415, 415]
    backdrop = person.post("/backgrounds", files={"file": ("a.heic", content, "image/heic")}).json()
    with Image.open(io.BytesIO(house.client.get(backdrop["preview_url"]).content)) as picture:
        shown = picture.convert("RGB").getpixel((30, 20))
    assert shown == pytest.approx((200, 30, 40), abs=12)


@pytest.mark.parametrize(
    "recipe",
    [
        "[" * 20_000,
        '{"a":' * 300 + "1" + "}" * 300,
        '{"x": NaN}',
        '{"x": 1e999}',
        '{"x": "\\ud800"}',
        '{"x": "\\u0000"}',
        "[]",
        "null",
        "{",
    ],
)
def test_a_recipe_that_no_database_holds_is_refused(any_house: House, recipe: str):
    answer = submit(any_house.person(credits=1), recipe=recipe)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_recipe")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-23T20:00:00"])
def test_a_moment_that_is_none_is_refused(any_house: House, moment: str):
    assert any_house.person().get("/jobs", params={"before": moment}).status_code == 422


def test_what_cannot_be_paid_for_is_not_even_decoded_but_a_repeated_order_gets_its_answer(house: House):
    assert house.person().post("/process", files={"file": ("a.jpg", b"words", "image/jpeg")}).status_code == 402
    person = house.person(credits=1)
    first = submit(person, key="one-order-twice")
    assert person.available == 0
    assert submit(person, key="one-order-twice").json() == first.json()


@pytest.mark.parametrize("token", ["", "Bearer made-up"])
def test_a_large_body_is_not_read_from_nobody(house: House, token: str):
    file = {"file": ("a.jpg", bytes(3 * 2**20), "image/jpeg")}
    headers = {"Authorization": token, "Idempotency-Key": "a-key-of-nobody"}
    answer = house.client.post("/api/v1/process", files=file, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_without_credits_nothing_is_queued(house: House):
    person = house.person()
    answer = submit(person)
    assert (answer.status_code, answer.json()["code"]) == (402, "insufficient_credits")
    assert person.get("/jobs").json()["items"] == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jpg", b"just words", "not a JPEG"),
        ("a.jpg", b"", "not a JPEG"),
        ("a.png", encoded()[:110], "damaged"),
        ("a.png", encoded(size=(8, 8)), "16 pixels"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a JPEG"),
    ],
)
def test_what_is_no_whole_photo_is_refused_with_a_reason(house: House, name: str, content: bytes, reason: str):
    answer = house.person(credits=1).post("/process", files={"file": (name, content, "image/jpeg")})
    assert (answer.status_code, answer.json()["code"]) == (415, "bad_picture")
    assert reason in answer.json()["detail"]


def test_a_finished_job_has_its_result_and_has_spent_its_credit_once(any_house: House):
    person = any_house.person(credits=2)
    job_id = submit(person).json()["job_id"]
    job = claimed(any_house, job_id)
    with any_house.services.database.write() as session:
        assert jobs.claim(session, job.id, 45) is None
        assert jobs.finish(session, job, output())
        assert not jobs.finish(session, job, output())
    view = person.get(f"/jobs/{job_id}").json()
    assert (view["status"], view["progress"], view["processing_time"], view["credits_used"]) == ("done", 100, 1.5, 1)
    assert view["output_url"]
    assert person.get("/credits/balance").json() == {"available": 1, "reserved": 0, "owed": 0}
    assert [result["job_id"] for result in person.get("/results").json()["items"]] == [job_id]
    fees = [row for row in person.get("/credits/transactions").json() if row["type"] == "processing_fee"]
    assert [(fee["job_id"], fee["credits_amount"]) for fee in fees] == [(job_id, -1)]


def test_a_failed_job_says_why_and_gives_its_credit_back(any_house: House):
    person = any_house.person(credits=1)
    job = claimed(any_house, submit(person).json()["job_id"])
    with any_house.services.database.write() as session:
        assert (
            jobs.give_up(session, job, jobs.Fault(title="No garment", message="Nothing there"), retry_s=None)
            is JobStatus.FAILED
        )
    assert person.get(f"/jobs/{job.id}").json()["error"] == {
        "title": "No garment",
        "message": "Nothing there",
        "hint": "",
    }
    assert person.available == 1


def test_a_job_is_tried_four_times_then_fails_and_gives_its_credit_back(house: House):
    person = house.person(credits=1)
    job_id = submit(person).json()["job_id"]
    fault = jobs.Fault(title="Lost", message="lost")
    for expected in (JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.FAILED):
        job = claimed(house, job_id)
        with house.services.database.write() as session:
            assert jobs.give_up(session, job, fault, retry_s=0) is expected
    assert person.available == 1


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_when_it_can(any_house: House):
    person = any_house.person(credits=2)
    waiting, running = (submit(person).json()["job_id"] for _ in range(2))
    job = claimed(any_house, running)
    assert person.post(f"/jobs/{waiting}/cancel").json()["status"] == "cancelled"
    assert person.post(f"/jobs/{running}/cancel").json()["status"] == "running"
    with any_house.services.database.write() as session:
        assert not jobs.beat(session, job, progress=10, stage="extract", lease_s=45)
        assert not jobs.finish(session, job, output())
        assert jobs.stop(session, job)
    assert person.get(f"/jobs/{running}").json()["status"] == "cancelled"
    assert person.post(f"/jobs/{waiting}/cancel").json()["status"] == "cancelled"
    assert person.available == 2


def test_an_order_is_withdrawn_whether_it_arrived_or_not(any_house: House):
    person, other = any_house.person(credits=2), any_house.person(credits=2)
    submit(person, key="order-0001")
    assert other.post("/process/withdraw", json={"order": "order-0001"}).json() is None
    for _ in range(2):
        assert person.post("/process/withdraw", json={"order": "order-0001"}).json()["status"] == "cancelled"
    assert person.post("/process/withdraw", json={"order": "order-0002"}).json() is None
    late = submit(person, key="order-0002")
    assert (late.status_code, late.json()["code"]) == (422, "order_withdrawn"), "it arrived late, and nobody awaits it"
    assert person.available == 2


def test_orders_are_withdrawn_no_faster_than_they_are_made(open_house, sqlite_url: str):
    person = open_house(database_url=sqlite_url, submit_limit="2/minute").person()
    answers = [person.post("/process/withdraw", json={"order": f"order-000{number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_a_doubtful_result_that_is_cancelled_gives_its_credit_back(any_house: House):
    person = any_house.person(credits=1)
    job_id = submit(person).json()["job_id"]
    job = claimed(any_house, job_id)
    with any_house.services.database.write() as session:
        jobs.finish(session, job, output(needs_review=True))
    assert person.post(f"/jobs/{job_id}/cancel").json()["status"] == "cancelled"
    assert person.available == 1


def test_a_doubtful_result_is_paid_for_only_when_its_owner_takes_it(any_house: House):
    person = any_house.person(credits=2)
    taken, turned_down = (submit(person).json()["job_id"] for _ in range(2))
    for job_id in (taken, turned_down):
        job = claimed(any_house, job_id)
        with any_house.services.database.write() as session:
            jobs.finish(session, job, output(needs_review=True))
    shown = person.get(f"/jobs/{taken}").json()
    assert (shown["status"], shown["output_url"]) == ("needs_review", None)
    assert shown["preview_url"]
    assert person.get("/credits/balance").json() == {"available": 0, "reserved": 2, "owed": 0}
    assert person.post(f"/jobs/{taken}/approve").json()["output_url"]
    assert person.post(f"/jobs/{turned_down}/reject").json()["status"] == "cancelled"
    assert person.post(f"/jobs/{turned_down}/approve").status_code == 409
    assert person.get("/credits/balance").json() == {"available": 1, "reserved": 0, "owed": 0}


def test_a_job_whose_worker_died_is_queued_again_and_the_dead_run_cannot_finish_it(any_house: House):
    person = any_house.person(credits=1)
    job_id = submit(person).json()["job_id"]
    dead = claimed(any_house, job_id)
    expire_lease(any_house, job_id)
    Keeper(any_house.services, any_house.queue).look()
    assert [str(sent) for sent in any_house.queue.sent] == [job_id, job_id]
    second = claimed(any_house, job_id)
    with any_house.services.database.write() as session:
        assert not jobs.finish(session, dead, output())
        assert jobs.finish(session, second, output())
        assert ledger.find_faults(session) == []
    assert person.get("/credits/balance").json() == {"available": 0, "reserved": 0, "owed": 0}


def test_a_job_submitted_while_the_queue_was_away_is_sent_later(house: House):
    person = house.person(credits=1)
    house.queue.is_away = True
    answer = submit(person)
    assert answer.status_code == 200
    keeper = Keeper(house.services, house.queue)
    keeper.look()
    assert house.queue.sent == []
    house.queue.is_away = False
    keeper.look()
    keeper.look()
    assert [str(sent) for sent in house.queue.sent] == [answer.json()["job_id"]]


def test_a_pose_or_background_of_another_tenant_cannot_be_used(house: House):
    owner, other = house.person(), house.person(credits=1)
    backdrop = owner.post("/backgrounds", files={"file": ("wall.png", encoded(), "image/png")}).json()
    assert submit(other, background_id=backdrop["id"]).status_code == 404
    assert submit(other, pose_id=str(uuid.uuid4())).status_code == 404
    assert other.available == 1


def test_jobs_are_listed_page_by_page(house: House):
    person = house.person(credits=5)
    made = [submit(person).json()["job_id"] for _ in range(5)]
    first = person.get("/jobs", params={"limit": 3}).json()
    second = person.get("/jobs", params={"limit": 3, "before": first["next"]}).json()
    assert [job["job_id"] for job in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


def test_a_job_can_be_made_of_an_uploaded_picture_with_a_recipe(house: House):
    person = house.person(credits=2)
    with house.services.database.write() as session:
        job = jobs.submit(
            session,
            make_order(person),
            uuid.uuid4(),
        )
        running = jobs.claim(session, job.id, 45)
        assert running is not None
        jobs.finish(session, running, output())
    result = person.get("/results").json()["items"][0]
    made = person.post("/process", data={"result_id": result["id"], "recipe": '{"output": {"format": "jpg"}}'})
    assert made.status_code == 200
    assert person.post("/process", data={"result_id": result["id"], "recipe": "[1]"}).status_code == 422
    assert person.post("/process").status_code == 422
