"""What is kept for a time is deleted after it, and nothing before."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from cloud import jobs, ledger, retention
from cloud.database import now
from cloud.kinds import JobStatus
from cloud.queues import Keeper
from cloud.tables import IdempotencyKey, Job, RefreshToken, Result
from tests.cloud.building import House, Person
from tests.cloud.pictures import encoded
from tests.cloud.test_jobs import claimed, output, submit
from tests.cloud.test_results import noise, upload_whole


def files(house: House, kind: str) -> list[Path]:
    """The files of a kind (inputs, results) in the folder of objects."""
    return [
        path for path in (house.services.settings.home / "objects").rglob("*") if path.is_file() and kind in str(path)
    ]


def finish(house: House, person: Person, *, needs_review: bool = False, name: str = "k") -> str:
    """A job of this person that ended just now, its picture in the store."""
    job_id = submit(person).json()["job_id"]
    job = claimed(house, job_id)
    made = output(needs_review=needs_review, name=name)
    for key in (made.key, made.preview_key):
        house.services.objects.put(key, *_picture(house), "image/png")
    with house.services.database.write() as session:
        assert jobs.finish(session, job, made)
    return job_id


def _picture(house: House) -> tuple[Path]:
    path = house.services.settings.home / "picture.png"
    path.write_bytes(encoded())
    return (path,)


def age(house: House, days: float) -> None:
    """Let this much time have gone by since every job ended and every result was made."""
    then = now() - timedelta(days=days)
    with house.services.database.write() as session:
        session.execute(update(Job).where(Job.completed_at.is_not(None)).values(completed_at=then))
        session.execute(update(Result).values(created_at=then))


def is_stored(house: House, key: str) -> bool:
    return (house.services.settings.home / "objects" / key).exists()


def test_a_photo_goes_when_its_job_ended_long_ago_and_its_result_stays(any_house: House):
    person = any_house.person(credits=3)
    job_id = finish(any_house, person)
    waiting = submit(person, key="another-one").json()["job_id"]
    retention.tidy(any_house.services)
    assert len(files(any_house, "inputs")) == 2
    age(any_house, 31)
    retention.tidy(any_house.services)
    assert len(files(any_house, "inputs")) == 1, "the waiting job still needs its photo"
    assert person.get(f"/jobs/{waiting}").json()["status"] == "queued"
    assert person.get(f"/jobs/{job_id}").json()["output_url"]
    assert len(person.get("/results").json()["items"]) == 1


def test_a_result_goes_after_its_time_and_its_job_says_so(any_house: House):
    person = any_house.person(credits=3)
    job_id = finish(any_house, person)
    uploaded = upload_whole(person, noise(20))
    age(any_house, 366)
    retention.tidy(any_house.services)
    assert person.get("/results").json()["items"] == []
    assert person.get(f"/results/{uploaded['id']}").status_code == 404
    job = person.get(f"/jobs/{job_id}").json()
    assert (job["status"], job["output_url"], job["credits_used"]) == ("done", None, 1)
    assert files(any_house, "objects") == []


def test_a_result_that_was_made_again_lately_stays_and_goes_with_all_its_copies(house: House):
    person = house.person(credits=3)
    finish(house, person)
    age(house, 366)
    job_id = finish(house, person, name="again")
    retention.tidy(house.services)
    assert person.get(f"/jobs/{job_id}").json()["output_url"]
    assert is_stored(house, "again.png")
    assert len(person.get("/results").json()["items"]) == 1
    age(house, 366)
    retention.tidy(house.services)
    assert files(house, ".png") == []


def test_a_result_deleted_by_its_owner_leaves_no_copy_behind(any_house: House):
    person = any_house.person(credits=3)
    jobs_done = [finish(any_house, person, name=name) for name in ("first", "second")]
    (result,) = person.get("/results").json()["items"]
    assert person.call("DELETE", f"/results/{result['id']}").status_code == 204
    assert files(any_house, ".png") == []
    assert [person.get(f"/jobs/{job}").json()["output_url"] for job in jobs_done] == [None, None]


def test_a_doubtful_result_that_nobody_looked_at_gives_its_credit_back(any_house: House):
    person = any_house.person(credits=1)
    job_id = finish(any_house, person, needs_review=True)
    age(any_house, 366)
    retention.tidy(any_house.services)
    assert person.get(f"/jobs/{job_id}").json()["status"] == "cancelled"
    assert person.get("/credits/balance").json() == {"available": 1, "reserved": 0, "owed": 0}
    retention.tidy(any_house.services)
    assert not is_stored(any_house, output().key)


def test_a_picture_that_was_turned_down_is_deleted_at_the_next_look(any_house: House):
    person = any_house.person(credits=2)
    job_id = finish(any_house, person, needs_review=True)
    person.post(f"/jobs/{job_id}/reject")
    assert is_stored(any_house, output().key)
    Keeper(any_house.services, any_house.queue).look()
    assert not is_stored(any_house, output().key)


@pytest.mark.parametrize("name", ["keep_photos_days", "keep_results_days"])
def test_zero_days_means_for_ever(open_house: Callable[..., House], sqlite_url: str, name: str):
    house = open_house(database_url=sqlite_url, **{name: 0})
    person = house.person(credits=1)
    finish(house, person)
    age(house, 5000)
    retention.tidy(house.services)
    kept = {"keep_photos_days": "inputs", "keep_results_days": "k.png"}[name]
    assert len(files(house, kept)) == 1


def test_a_stop_between_the_file_and_its_row_is_made_good_by_the_next_look(house: House):
    person = house.person(credits=1)
    finish(house, person)
    age(house, 366)
    for path in files(house, "objects"):
        path.unlink()
    assert retention.tidy(house.services) == 2
    assert retention.tidy(house.services) == 0
    with house.services.database.read() as session:
        assert ledger.find_faults(session) == []
        assert session.scalars(select(Job.status)).all() == [JobStatus.DONE]


def test_rows_that_have_done_their_work_go(house: House):
    person = house.person(credits=2)
    submit(person, key="an-old-order")
    with house.services.database.write() as session:
        session.execute(update(RefreshToken).values(expires_at=now() - timedelta(seconds=1)))
        session.execute(update(IdempotencyKey).values(created_at=now() - timedelta(days=91)))
    retention.tidy(house.services)
    with house.services.database.read() as session:
        assert session.scalars(select(RefreshToken)).all() == []
        assert session.scalars(select(IdempotencyKey)).all() == []


def test_an_order_that_is_refused_or_repeated_leaves_no_photo_behind(any_house: House):
    poor, rich = any_house.person(), any_house.person(credits=5)
    assert submit(poor).status_code == 402
    assert files(any_house, "inputs") == []
    for _ in range(3):
        submit(rich, key="order-0001")
    assert len(files(any_house, "inputs")) == 1
    other = rich.post(
        "/process",
        files={"file": ("b.png", io.BytesIO(encoded(seed=9)), "image/png")},
        headers={"Idempotency-Key": "order-0001"},
    )
    assert other.status_code == 422
    assert len(files(any_house, "inputs")) == 1
