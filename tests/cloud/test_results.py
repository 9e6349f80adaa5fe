"""Results: sent in chunks, resumed, checked, kept once, fetched by signed addresses; in a folder and in S3."""

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from cloud.queues import Keeper
from cloud.tables import Tenant
from tests.cloud.building import House, Person
from tests.cloud.pictures import encoded


@pytest.fixture(params=["folder", "s3"])
def stored(request: pytest.FixtureRequest, open_house: Callable[..., House], sqlite_url: str) -> House:
    """The application with each kind of object store."""
    bucket: dict[str, Any] = request.getfixturevalue("bucket") if request.param == "s3" else {}
    return open_house(database_url=sqlite_url, **bucket)


def noise(size: int = 300) -> bytes:
    """A picture of some hundred kilobytes: noise does not compress."""
    from io import BytesIO

    from PIL import Image

    target = BytesIO()
    Image.frombytes("RGB", (size, size), os.urandom(3 * size * size)).save(target, "PNG")
    return target.getvalue()


def announce(person: Person, content: bytes, name: str = "blouse.png"):
    return person.post(
        "/results/uploads", json={"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "name": name}
    )


def send(person: Person, upload: dict[str, Any], content: bytes, *, until: int | None = None) -> None:
    """Send what is missing, chunk by chunk."""
    offset = upload["received_bytes"]
    while offset < (until or len(content)):
        chunk = content[offset : offset + upload["chunk_bytes"]]
        answer = person.call(
            "PATCH", f"/results/uploads/{upload['upload_id']}", content=chunk, headers={"Upload-Offset": str(offset)}
        )
        assert answer.status_code == 200, answer.text
        offset = answer.json()["received_bytes"]


def fetch(house: House, url: str, **headers: str):
    return (
        house.client.get(url, headers=headers)
        if url.startswith("http://testserver")
        else requests.get(url, headers=headers, timeout=10)
    )


def test_a_file_is_sent_in_chunks_resumed_after_a_break_and_comes_back_bit_for_bit(stored: House):
    person, content = stored.person(), noise()
    upload = announce(person, content).json()
    send(person, upload, content, until=100_000)
    again = announce(person, content).json()
    assert again["upload_id"] == upload["upload_id"]
    assert 100_000 <= again["received_bytes"] < len(content)
    send(person, again, content)
    result = person.post(f"/results/uploads/{upload['upload_id']}/complete")
    assert result.status_code == 201
    assert fetch(stored, result.json()["download_url"]).content == content
    listed = person.get("/results").json()["items"]
    assert [(row["width"], row["height"], row["content_type"]) for row in listed] == [(300, 300, "image/png")]


def test_a_part_of_a_file_can_be_fetched(stored: House):
    person, content = stored.person(), noise(80)
    url = upload_whole(person, content)["download_url"]
    part = fetch(stored, url, Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, content[10:20])
    assert "attachment" in part.headers["content-disposition"]


def test_what_is_shown_to_people_is_encoded_anew(stored: House):
    person = stored.person()
    secret = b"<script>alert(1)</script>"
    content = encoded("JPEG", exif=b"Exif\x00\x00" + b"II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00" + secret)
    assert secret in content
    preview = fetch(stored, upload_whole(person, content)["preview_url"])
    assert preview.headers["content-type"] == "image/jpeg"
    assert preview.content.startswith(b"\xff\xd8")
    assert secret not in preview.content


def test_content_that_is_there_already_is_not_sent_again(stored: House):
    person, content = stored.person(), noise(50)
    result = upload_whole(person, content)
    again = announce(person, content).json()
    assert (again["upload_id"], again["result_id"], again["received_bytes"]) == (None, result["id"], len(content))


def test_a_chunk_that_comes_twice_or_too_early_changes_nothing(house: House):
    person, content = house.person(), noise(200)
    upload = announce(person, content).json()
    path = f"/results/uploads/{upload['upload_id']}"
    assert (
        person.call("PATCH", path, content=content[:1000], headers={"Upload-Offset": "0"}).json()["received_bytes"]
        == 1000
    )
    assert (
        person.call("PATCH", path, content=content[:1000], headers={"Upload-Offset": "0"}).json()["code"]
        == "wrong_offset"
    )
    assert person.call("PATCH", path, content=content[5000:6000], headers={"Upload-Offset": "5000"}).status_code == 409
    assert person.post(f"{path}/complete").json()["code"] == "incomplete"
    assert person.get(path).json()["received_bytes"] == 1000


def test_an_upload_that_nobody_goes_on_with_is_thrown_away(open_house: Callable[..., House], sqlite_url: str):
    house = open_house(database_url=sqlite_url, abandoned_upload_s=0)
    person, content = house.person(), noise(200)
    upload = announce(person, content).json()
    send(person, upload, content, until=1)
    Keeper(house.services, house.queue).look()
    assert person.get(f"/results/uploads/{upload['upload_id']}").status_code == 404
    assert [path for path in (house.services.settings.home / "objects").rglob("*") if path.is_file()] == []


def test_a_file_with_another_content_than_announced_is_thrown_away(house: House):
    person, content = house.person(), noise(50)
    upload = announce(person, content).json()
    changed = content[:-20] + bytes(20)
    send(person, upload, changed)
    answer = person.post(f"/results/uploads/{upload['upload_id']}/complete")
    assert (answer.status_code, "hash" in answer.json()["detail"]) == (415, True)
    assert announce(person, content).json()["received_bytes"] == 0


def test_a_file_that_is_no_picture_is_thrown_away(house: House):
    person, content = house.person(), b"MZ" + os.urandom(500)
    upload = announce(person, content).json()
    send(person, upload, content)
    assert person.post(f"/results/uploads/{upload['upload_id']}/complete").status_code == 415
    assert person.get("/results").json()["items"] == []


def test_too_many_bytes_or_pixels_are_refused(open_house: Callable[..., House], sqlite_url: str):
    house = open_house(database_url=sqlite_url, max_upload_bytes=10_000, max_pixels=10_000)
    person = house.person(credits=1)
    assert announce(person, bytes(10_001)).status_code == 413
    large = person.post("/process", files={"file": ("a.png", encoded(size=(200, 200)), "image/png")})
    assert (large.status_code, "megapixels" in large.json()["detail"]) == (415, True)
    assert person.post("/process", files={"file": ("a.png", bytes(2_000_000), "image/png")}).status_code == 413
    assert person.post("/auth/sign-in", content=bytes(2_000_000)).status_code == 413


@pytest.mark.parametrize(
    "change",
    [{"name": "evil.html"}, {"type": "text/html"}, {"inline": "1"}, {"expires": "99999999999"}, {"signature": "x"}],
)
def test_a_signed_address_cannot_be_changed(house: House, change: dict[str, str]):
    address = urlsplit(upload_whole(house.person(), noise(50))["download_url"])
    words = {name: values[0] for name, values in parse_qs(address.query).items()} | change
    assert house.client.get(f"{address.path}?{urlencode(words)}").status_code == 403


def test_a_signed_address_expires_and_leads_nowhere_else(open_house: Callable[..., House], sqlite_url: str):
    house = open_house(database_url=sqlite_url, download_url_s=-1)
    url = upload_whole(house.person(), noise(50))["download_url"]
    assert house.client.get(url).status_code == 403
    assert house.client.get(url.replace("tenants/", "%2e%2e/%2e%2e/etc/")).status_code == 403


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "a\nb\u202e.png", "." * 255])
def test_a_name_that_leads_elsewhere_is_only_a_name(house: House, name: str):
    person, content = house.person(), noise(20)
    upload = announce(person, content, name).json()
    send(person, upload, content)
    result = person.post(f"/results/uploads/{upload['upload_id']}/complete").json()
    assert "/" not in result["name"]
    assert result["name"].isprintable()
    answer = fetch(house, result["download_url"])
    assert answer.content == content
    assert "\n" not in answer.headers["content-disposition"]
    root = house.services.settings.home
    outside = [path for path in root.parent.rglob("*.png") if not path.is_relative_to(root / "objects")]
    assert outside == []


def test_uploads_under_way_count_against_the_storage(open_house: Callable[..., House], sqlite_url: str):
    house = open_house(database_url=sqlite_url, storage_quota_bytes=1000)
    person = house.person()
    sizes = [(index, person.post("/results/uploads", json=announced(index, 400)).status_code) for index in range(3)]
    assert sizes == [(0, 200), (1, 200), (2, 413)]


def test_a_plan_that_does_not_sync_has_the_storage_that_renderings_need(
    open_house: Callable[..., House], sqlite_url: str
):
    house = open_house(database_url=sqlite_url, small_storage_quota_bytes=1000)
    person = house.person()
    assert person.post("/results/uploads", json=announced(0, 1001)).status_code == 413
    with house.services.database.write() as session:
        session.get_one(Tenant, person.tenant_id).plan = "pro"
    assert person.post("/results/uploads", json=announced(0, 1001)).status_code == 200


def test_calls_made_twice_at_the_same_moment_keep_one_result(any_house: House):
    person, content = any_house.person(), noise(60)
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: announce(person, content), range(8)))
        assert {answer.status_code for answer in begun} == {200}
        uploads = {answer.json()["upload_id"] for answer in begun}
        assert len(uploads) == 1
        send(person, begun[0].json(), content)
        place = f"/results/uploads/{uploads.pop()}/complete"
        ended = list(pool.map(lambda _: person.post(place).status_code, range(8)))
    assert set(ended) <= {201, 404}, ended
    kept = person.get("/results").json()["items"]
    assert [any_house.client.get(result["download_url"]).content for result in kept] == [content]


def announced(index: int, size: int) -> dict[str, Any]:
    return {"sha256": f"{index:064x}", "bytes": size, "name": "a.png"}


def test_a_deleted_result_is_gone(stored: House):
    person = stored.person()
    result = upload_whole(person, noise(50))
    assert person.call("DELETE", f"/results/{result['id']}").status_code == 204
    assert person.get(f"/results/{result['id']}").status_code == 404
    assert fetch(stored, result["download_url"]).status_code in (403, 404)


def test_one_photo_of_two_people_is_kept_for_each(stored: House):
    content = noise(50)
    first, second = stored.person(), stored.person()
    gone = upload_whole(first, content)
    kept = upload_whole(second, content)
    first.call("DELETE", f"/results/{gone['id']}")
    assert fetch(stored, kept["download_url"]).content == content


def test_a_backdrop_is_encoded_anew_and_belongs_to_its_tenant(stored: House):
    person = stored.person()
    tail = b"hidden after the end"
    made = person.post(
        "/backgrounds", files={"file": ("wall.png", encoded() + tail, "image/png")}, data={"name": "Wall"}
    ).json()
    shown = fetch(stored, made["preview_url"])
    assert (made["name"], made["own"], shown.headers["content-type"]) == ("Wall", True, "image/png")
    assert tail not in shown.content
    assert person.call("DELETE", f"/backgrounds/{made['id']}").status_code == 204
    assert fetch(stored, made["preview_url"]).status_code in (403, 404)


def upload_whole(person: Person, content: bytes) -> dict[str, Any]:
    upload = announce(person, content).json()
    send(person, upload, content)
    answer = person.post(f"/results/uploads/{upload['upload_id']}/complete")
    assert answer.status_code == 201, answer.text
    return answer.json()
