"""Running the service: health, metrics, headers, logs, secrets, limits of requests, backup and restore."""

import io
import json
import logging
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import SecretStr, ValidationError
from sqlalchemy import text

from cloud import backup as backups
from cloud import ledger
from cloud.cli import main
from cloud.database import Database
from cloud.middleware import ACCESS, JsonLines
from cloud.services import open_services
from cloud.settings import Settings
from tests.cloud.building import PASSWORD, House
from tests.cloud.servers import PostgreSQL
from tests.cloud.test_jobs import claimed, output, submit
from tests.cloud.test_recovery import mails, token_in
from tests.cloud.test_results import fetch, noise, upload_whole

APP = "ModamodaStudio/{} (Linux x86_64; Python 3.11.7)"
PRODUCTION: dict[str, Any] = {
    "environment": "production",
    "public_url": "https://account.example.com",
    "database_url": "postgresql://db/x",
    "redis_url": "redis://r",
    "s3_bucket": "b",
    "secret_key": SecretStr("k" * 40),
    "licence_key": SecretStr("1" * 64),
    "licence_key_id": "2026-11",
    "master_key": SecretStr("2" * 64),
    "stripe_secret_key": SecretStr("sk_live_1"),
    "stripe_webhook_secret": SecretStr("whsec_1"),
    "metrics_token": SecretStr("m"),
    "smtp_host": "smtp.example.com",
    "mail_from": "Modamoda Studio <studio@example.com>",
}


def test_the_service_is_alive_and_ready(any_house: House):
    assert any_house.client.get("/health/live").json() == {"status": "ok"}
    ready = any_house.client.get("/health")
    assert (ready.status_code, ready.json()["dependencies"]) == (
        200,
        {"database": "ok", "queue": "ok", "objects": "ok"},
    )


def test_a_neighbour_that_is_away_is_named_and_requests_get_503(open_house: Callable[..., House]):
    house = open_house(database_url="postgresql://studio@127.0.0.1:9/none")
    ready = house.client.get("/health/ready")
    assert (ready.status_code, ready.json()["dependencies"]["database"]) == (503, "unavailable")
    assert house.client.get("/health/live").status_code == 200
    answer = house.client.post("/api/v1/auth/sign-in", json={"email": "a@example.com", "password": "x"})
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["code"]) == (503, "5", "unavailable")
    assert "database_up 0.0" in house.client.get("/metrics").text


def test_the_metrics_count_requests_images_credits_and_the_queue(any_house: House):
    person = any_house.person(credits=3)
    job = claimed(any_house, submit(person).json()["job_id"])
    with any_house.services.database.write() as session:
        from cloud import jobs

        jobs.finish(session, job, output())
    submit(person, priority="high")
    person.get(f"/jobs/{job.id}")
    text = any_house.client.get("/metrics").text
    for line in (
        'images_processed_total{status="done"} 1.0',
        "credits_used_total 1.0",
        'queue_depth{priority="high"} 1.0',
        'image_processing_duration_seconds_bucket{le="2.0"} 1.0',
        'http_requests_total{endpoint="/api/v1/jobs/{job_id}",method="GET",status="200"} 1.0',
        "active_connections 1.0",
    ):
        assert line in text
    assert "http_request_duration_seconds_bucket" in text
    assert str(job.id) not in text


def test_the_metrics_need_their_token_where_one_is_set(open_house: Callable[..., House], sqlite_url: str):
    house = open_house(database_url=sqlite_url, metrics_token=SecretStr("for-prometheus"))
    assert house.client.get("/metrics").status_code == 401
    assert house.client.get("/metrics", headers={"Authorization": "Bearer for-prometheus"}).status_code == 200


def test_every_answer_carries_the_security_headers(open_house: Callable[..., House], sqlite_url: str):
    house = open_house(database_url=sqlite_url, public_url="https://account.example.com")
    for path in ("/health/live", "/api/v1/account", "/nothing-here", "/sign-in"):
        headers = house.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "max-age=63072000" in headers["strict-transport-security"]
    assert house.client.get("/nothing-here").headers["content-type"] == "application/problem+json"


def test_the_logs_are_json_and_know_no_person(house: House):
    target = io.StringIO()
    handler = logging.StreamHandler(target)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.INFO)
    try:
        person = house.person(credits=1)
        house.client.post("/api/v1/auth/sign-in", json={"email": person.email, "password": PASSWORD})
        house.client.post("/api/v1/auth/password/forgot", json={"email": person.email})
        proof = token_in(mails(house)[0])
        house.client.get("/reset-password", params={"token": proof})
        submit(person)
        person.get("/account?email=" + person.email)
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
    lines = [json.loads(line) for line in target.getvalue().splitlines()]
    access = [line for line in lines if line["logger"] == ACCESS.name]
    assert [line["endpoint"] for line in access] == [
        "/api/v1/auth/sign-in",
        "/api/v1/auth/password/forgot",
        "/reset-password",
        "/api/v1/process",
        "/api/v1/account",
    ]
    for secret in (person.email, proof, PASSWORD, person.token, "blouse", "testclient"):
        assert secret not in "\n".join(json.dumps(line) for line in lines if line["logger"].startswith("cloud"))


def test_a_trace_in_the_logs_quotes_no_row():
    said = "duplicate key\nDETAIL:  Key (email)=(amira@example.com) already exists."
    try:
        raise RuntimeError(said)
    except RuntimeError:
        record = logging.LogRecord("cloud", logging.ERROR, "", 1, "A fault", (), sys.exc_info())
    line = json.loads(JsonLines().format(record))
    assert "duplicate key" in line["trace"]
    assert "amira" not in line["trace"]


@pytest.mark.parametrize(
    "missing", [name for name in PRODUCTION if name not in ("environment", "public_url", "licence_key_id")]
)
def test_outside_development_nothing_starts_without_its_secrets(missing: str, tmp_path: Path):
    with pytest.raises(ValidationError, match=missing):
        Settings(home=tmp_path, **{name: value for name, value in PRODUCTION.items() if name != missing})


@pytest.mark.parametrize(
    "weak",
    [
        {"secret_key": SecretStr("short")},
        {"public_url": "http://x"},
        {"licence_key_id": "development-1"},
        {"trusted_proxies": "*"},
    ],
)
def test_outside_development_weak_settings_are_refused(weak: dict[str, Any], tmp_path: Path):
    with pytest.raises(ValidationError, match=next(iter(weak))):
        Settings(home=tmp_path, **(PRODUCTION | weak))


def test_in_production_no_stand_in_answers(tmp_path: Path):
    assert not Settings(home=tmp_path, **PRODUCTION).plays_payments
    assert Settings(home=tmp_path).plays_payments


def test_made_secrets_are_private_and_stay_the_same(tmp_path: Path):
    first, second = Settings(home=tmp_path).secret("secret_key"), Settings(home=tmp_path).secret("secret_key")
    assert first == second
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_the_home_is_for_its_user_alone(tmp_path: Path):
    with open_services(Settings(home=tmp_path / "home")):
        assert (tmp_path / "home").stat().st_mode & 0o077 == 0


def test_a_backup_restored_elsewhere_is_the_same_service(
    any_house: House, make_settings: Callable[..., Settings], tmp_path: Path, request: pytest.FixtureRequest
):
    person = any_house.person(credits=4)
    submit(person)
    content = noise(40)
    upload_whole(person, content)
    file = tmp_path / "nightly.tar"
    backups.backup(any_house.services.settings, file)
    assert file.stat().st_mode & 0o077 == 0
    server: PostgreSQL | None = None if any_house.services.database.is_sqlite else request.getfixturevalue("postgresql")
    url = server.make_database(f"restored_{tmp_path.name}") if server else f"sqlite:///{tmp_path / 'restored.db'}"
    elsewhere = make_settings(database_url=url, home=tmp_path / "elsewhere")
    backups.restore(elsewhere, file)
    assert rows_of(elsewhere.database) == rows_of(any_house.services.settings.database)
    assert content in [path.read_bytes() for path in (elsewhere.home / "objects").rglob("*") if path.is_file()]
    with pytest.raises(backups.BackupFailed):
        backups.restore(elsewhere, file)


def test_a_file_that_is_no_backup_is_refused(make_settings: Callable[..., Settings], tmp_path: Path):
    (tmp_path / "bad.tar").write_bytes(b"not a tar")
    with pytest.raises(backups.BackupFailed, match="no backup"):
        backups.restore(make_settings(), tmp_path / "bad.tar")


def rows_of(url: str) -> list[str]:
    """Every row of every table, sorted."""
    from cloud.tables import Base

    database = Database(url)
    with database.read() as session:
        assert ledger.find_faults(session) == []
        rows = sorted(
            f"{table}: {row}"
            for table in Base.metadata.tables
            for row in session.execute(text(f"SELECT * FROM {table}"))
        )
    database.close()
    return rows


def test_an_operator_gives_credits_and_plans_by_command(tmp_path: Path):
    home = {"MODAMODA_CLOUD_HOME": str(tmp_path)}
    runner = CliRunner()
    assert runner.invoke(main, ["migrate"], env=home).exit_code == 0
    assert "no account" in runner.invoke(main, ["give-credits", "a@example.com", "3"], env=home).output
    assert runner.invoke(main, ["set-plan", "a@example.com", "golden"], env=home).exit_code == 2
    assert re.search("MODAMODA_CLOUD_", runner.invoke(main, ["--help"], env=home).output)
    assert (
        "secret_key" in runner.invoke(main, ["migrate"], env=home | {"MODAMODA_CLOUD_ENVIRONMENT": "production"}).output
    )


def test_a_served_file_answers_ranges_as_http_says(house: House):
    url = upload_whole(house.person(), noise(40))["download_url"]
    assert fetch(house, url, Range="bytes=99999999-").status_code == 416
    assert fetch(house, url, Range="bytes=-5").status_code == 206


@pytest.mark.parametrize(("version", "status"), [("0.9.12", 426), ("0.10.0", 200), ("1.0", 200)])
def test_a_program_too_old_is_told_so_and_which_version_it_takes(
    open_house: Callable[..., House], sqlite_url: str, version: str, status: int
):
    house = open_house(database_url=sqlite_url, oldest_app="0.10")
    answer = house.client.get("/api/v1/credits/packages", headers={"User-Agent": APP.format(version)})
    assert answer.status_code == status
    if status == 426:
        assert (answer.json()["code"], answer.headers["Upgrade"]) == ("app_too_old", "ModamodaStudio/0.10")
        assert answer.headers["content-type"] == "application/problem+json"
