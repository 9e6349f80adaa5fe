"""Rendering for real: the studio's engine behind the embedded queue, and behind Redis, Celery, PostgreSQL and S3."""

import io
import logging
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from cloud import jobs
from cloud.queues import EmbeddedQueue, Keeper, dispatch
from cloud.worker import run, run_once
from studio.errors import PhotoError
from studio.farm import tasks
from studio.farm.tasks import QUEUES, Again, make_app
from studio.model import Shot
from tests.cloud.building import House, Person, make_order
from tests.cloud.live import FINISHED, OpenLive, port_of, small_sample
from tests.cloud.pictures import encoded
from tests.cloud.servers import running_service, running_worker, wait_until


def submit(person: Person, content: bytes, **form: Any) -> str:
    answer = person.post("/process", files={"file": ("dress.jpg", content, "image/jpeg")}, data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()["job_id"]


def test_a_photo_is_rendered_and_its_picture_can_be_fetched(house: House):
    person = house.person(credits=1)
    job_id = submit(person, small_sample())
    seen: list[str] = []
    run(house.services, job_id, lambda stage, fraction: seen.append(stage))
    job = person.get(f"/jobs/{job_id}").json()
    assert job["status"] in ("done", "needs_review")
    if job["status"] == "needs_review":
        job = person.post(f"/jobs/{job_id}/approve").json()
    with Image.open(io.BytesIO(house.client.get(job["output_url"]).content)) as picture:
        assert picture.format == "PNG"
        assert max(picture.size) == 480
    assert {"extract", "export"} <= set(seen)
    assert job["report"]["photo"] == "dress.jpg"
    assert "/tmp" not in str(job["report"])
    assert person.get("/credits/balance").json() == {"available": 0, "reserved": 0, "owed": 0}


def test_what_the_engine_cannot_do_fails_with_a_sentence_and_costs_nothing(house: House):
    person = house.person(credits=1)
    wanted = '{"engine": "starter", "figure": {"pose": "standing"}}'
    job_id = submit(person, small_sample(), model_type="human", recipe=wanted)
    run(house.services, job_id, lambda stage, fraction: None)
    job = person.get(f"/jobs/{job_id}").json()
    assert job["status"] == "failed"
    assert job["error"]["message"]
    assert job["error"]["title"] != "Rendering failed", "a plain sentence, not our own fault"
    assert "/tmp" not in str(job["error"])
    assert person.available == 1


def test_a_photo_that_fails_is_called_what_its_owner_calls_it(house: House, monkeypatch: pytest.MonkeyPatch):
    def fail(shot: Shot, *_about: Any, **_words: Any) -> None:
        raise PhotoError("No garment found", f"{shot.front.name} shows no garment; {shot.front} holds nothing.")

    monkeypatch.setattr(tasks, "render", fail)
    person = house.person(credits=1)
    job_id = submit(person, encoded("JPEG"))
    run(house.services, job_id, lambda stage, fraction: None)
    message = person.get(f"/jobs/{job_id}").json()["error"]["message"]
    assert message == "dress.jpg shows no garment; dress.jpg holds nothing."


@pytest.mark.parametrize(
    "recipe",
    [
        '{"compose": {"background": "/etc/passwd"}}',
        '{"compose": {"background": "../x.png"}}',
        '{"compose": {"background": "http://169.254.169.254/latest/meta-data"}}',
        '{"compose": {"background": "#fff/../../etc/passwd"}}',
        '{"compose": {"template": "../../secrets"}}',
        '{"figure": {"pose": "/etc/passwd"}}',
        '{"figure": {"pose": "secrets.json"}}',
        '{"unknown": 1}',
        '{"output": {"quality": 900}}',
    ],
)
def test_a_recipe_that_names_a_file_of_the_server_or_nonsense_fails(house: House, recipe: str):
    person = house.person(credits=1)
    job_id = submit(person, encoded(), recipe=recipe)
    assert run(house.services, job_id, lambda stage, fraction: None) == {"status": "failed"}
    assert person.get(f"/jobs/{job_id}").json()["error"]["title"] == "Recipe not understood"
    assert person.available == 1


@pytest.mark.parametrize(
    "recipe",
    [
        '{"compose": {"size": [30000, 30000]}}',
        '{"compose": {"size": [5000, 5000]}, "enhance": {"method": "lanczos", "scale": 4}}',
        '{"output": {"format": "psd"}}',
        '{"output": {"format": "tiff", "layered": true}}',
        '{"output": {"templates": ["zalando"]}}',
    ],
)
def test_what_is_too_large_or_not_handed_over_fails_with_a_sentence_before_it_is_made(house: House, recipe: str):
    person = house.person(credits=1)
    job_id = submit(person, encoded(), recipe=recipe)
    assert run(house.services, job_id, lambda stage, fraction: None) == {"status": "failed"}
    assert person.get(f"/jobs/{job_id}").json()["error"]["title"] in ("Picture too large", "Not made here")
    assert person.available == 1


def test_a_photo_is_not_enlarged_beyond_what_a_worker_can_hold(open_house: Callable[..., House], sqlite_url: str):
    house = open_house(database_url=sqlite_url, max_made_pixels=10_000)
    person = house.person(credits=1)
    job_id = submit(person, small_sample(), recipe='{"enhance": {"method": "lanczos", "scale": 2}}')
    assert run(house.services, job_id, lambda stage, fraction: None) == {"status": "failed"}
    assert person.get(f"/jobs/{job_id}").json()["error"]["title"] == "Picture too large"


def test_a_lost_object_is_tried_again_and_then_fails(
    open_house: Callable[..., House], sqlite_url: str, caplog: pytest.LogCaptureFixture
):
    house = open_house(database_url=sqlite_url, retry_delay_s=0)
    person = house.person(credits=1)
    with house.services.database.write() as session:
        job = jobs.submit(session, make_order(person), uuid.uuid4())
    with caplog.at_level(logging.CRITICAL):
        delays = [run_once(house.services, str(job.id)) for _ in range(5)]
    assert delays == [0, 0, 0, None, None]
    assert person.get(f"/jobs/{job.id}").json()["status"] == "failed"
    assert person.available == 1


def test_a_run_whose_end_was_recorded_before_the_database_went_away_keeps_its_picture(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    """The commit came through, its acknowledgement did not: the step is repeated and finds the job finished."""
    person = house.person(credits=1)
    job_id = submit(person, small_sample(), recipe='{"extract": {"confidence_min": 1}}')
    real = jobs.finish

    def finish_twice(*words: Any) -> bool:
        real(*words)
        return real(*words)

    monkeypatch.setattr(jobs, "finish", finish_twice)
    assert run(house.services, job_id, lambda stage, fraction: None)["status"] in ("done", "needs_review")
    job = person.get(f"/jobs/{job_id}").json()
    assert house.client.get(job["preview_url"]).status_code == 200


def test_a_job_that_is_not_waiting_is_left_alone(house: House):
    person = house.person(credits=1)
    job_id = submit(person, encoded())
    person.post(f"/jobs/{job_id}/cancel")
    assert run(house.services, job_id, lambda stage, fraction: None) == {"status": "not_queued"}
    assert run(house.services, str(uuid.uuid4()), lambda stage, fraction: None) == {"status": "not_queued"}


def test_a_run_that_takes_too_long_fails_and_gives_its_credit_back(open_house: Callable[..., House], sqlite_url: str):
    house = open_house(database_url=sqlite_url, job_limit_s=0)
    person = house.person(credits=1)
    job_id = submit(person, small_sample())
    run(house.services, job_id, lambda stage, fraction: None)
    assert person.get(f"/jobs/{job_id}").json()["error"]["title"] == "Rendering took too long"
    assert person.available == 1


def test_a_tenants_own_backdrop_stands_behind_the_garment(house: House):
    person = house.person(credits=1)
    wall = io.BytesIO()
    Image.new("RGB", (480, 480), (10, 200, 30)).save(wall, "PNG")
    backdrop = person.post("/backgrounds", files={"file": ("wall.png", wall.getvalue(), "image/png")}).json()
    job_id = submit(person, small_sample(), background_id=backdrop["id"], recipe='{"extract": {"confidence_min": 0}}')
    run(house.services, job_id, lambda stage, fraction: None)
    job = person.get(f"/jobs/{job_id}").json()
    if job["status"] == "needs_review":
        job = person.post(f"/jobs/{job_id}/approve").json()
    with Image.open(io.BytesIO(house.client.get(job["output_url"]).content)) as picture:
        assert picture.convert("RGB").getpixel((2, 2)) == (10, 200, 30)


def test_the_embedded_queue_takes_the_most_urgent_first_and_repeats_what_asks_for_it():
    from cloud.kinds import Priority

    done: list[str] = []
    gate: list[bool] = []
    first, low, high, again = (uuid.uuid4() for _ in range(4))

    def work(job_id: str) -> float | None:
        while not gate:
            time.sleep(0.01)
        done.append(job_id)
        return 0.05 if job_id == str(again) and done.count(job_id) < 3 else None

    queue = EmbeddedQueue(work, workers=1)
    for job_id, priority in ((first, Priority.DEFAULT), (low, Priority.LOW), (high, Priority.HIGH)):
        queue.send(job_id, task_id="", priority=priority)
        if job_id == first:
            time.sleep(0.1)
    gate.append(True)
    wait_until(lambda: len(done) == 3, what="the queue")
    assert done == [str(first), str(high), str(low)]
    queue.send(again, task_id="", priority=Priority.LOW)
    wait_until(lambda: done.count(str(again)) == 3, what="the repetitions")
    queue.close()


def test_the_celery_app_takes_json_only_one_at_a_time_and_gives_lost_tasks_back():
    app = make_app("redis://localhost:1/0", limit_s=60)
    conf = app.conf
    assert (
        [queue.name for queue in conf.task_queues]
        == ["high_priority", "default", "low_priority"]
        == list(QUEUES.values())
    )
    assert (conf.accept_content, conf.task_serializer, conf.result_serializer) == (["json"], "json", "json")
    assert (conf.worker_prefetch_multiplier, conf.task_acks_late, conf.task_reject_on_worker_lost) == (1, True, True)
    assert (conf.task_soft_time_limit, conf.task_time_limit) == (60, 90)
    assert Again(3).delay_s == 3


@pytest.mark.slow
def test_a_photo_goes_through_redis_to_a_celery_worker_and_back_by_s3(
    production: dict[str, str], open_live: OpenLive, tmp_path: Path
):
    log = tmp_path / "processes.log"
    with running_service(production, log, port_of(production)), running_worker(production, log):
        live = open_live(production)
        person = live.person(credits=1)
        job_id = person.submit(small_sample(), priority="high")
        wait_until(lambda: person.job(job_id)["status"] in FINISHED, seconds=60, what="the job")
        job = person.job(job_id)
        assert job["status"] in ("done", "needs_review"), job
        assert "X-Amz-Signature" in job["preview_url"]
        assert requests.get(job["preview_url"], timeout=10).content.startswith(b"\xff\xd8")
        alive = Path(production["MODAMODA_CLOUD_ALIVE_FILE"])
        born = alive.stat().st_mtime
        wait_until(lambda: alive.stat().st_mtime > born, what="another sign of the worker's life")


def test_what_the_queue_was_told_of_is_not_sent_again(house: House):
    person = house.person(credits=1)
    with house.services.database.write() as session:
        job = jobs.submit(session, make_order(person), uuid.uuid4())
    assert dispatch(house.services.database, house.queue, job)
    Keeper(house.services, house.queue).look()
    assert house.queue.sent == [job.id]


def test_the_poses_that_are_offered_are_those_that_the_engine_knows(house: House):
    known = {path.stem for path in (Path(__file__).parents[2] / "resources" / "poses").glob("*.json")}
    assert {pose["name"] for pose in house.person().get("/poses").json()} == known
