"""An operator's commands on both databases, the probe of a worker, and serving behind proxies."""

import os
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from cloud import ledger
from cloud.cli import main
from cloud.database import Database
from tests.cloud.building import WEBHOOK_SECRET, House, Stripe
from tests.cloud.servers import PostgreSQL, free_port, running_service
from tests.cloud.test_payments import check_out


def run(words: list[str], environment: dict[str, str]) -> Result:
    return CliRunner().invoke(main, words, env=environment)


@pytest.fixture
def environment(database_url: str, stripe_standin: Stripe, tmp_path: Path) -> dict[str, str]:
    """The environment of an operator's shell."""
    return {
        "MODAMODA_CLOUD_HOME": str(tmp_path / "home"),
        "MODAMODA_CLOUD_DATABASE_URL": database_url,
        "MODAMODA_CLOUD_STRIPE_API_BASE": stripe_standin.url,
        "MODAMODA_CLOUD_STRIPE_SECRET_KEY": "sk_test_123",
        "MODAMODA_CLOUD_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }


def test_reconcile_names_a_lost_payment_exits_one_and_mends_it_on_request(
    open_house: Callable[..., House], database_url: str, stripe_standin: Stripe, environment: dict[str, str]
):
    house = open_house(database_url=database_url, stripe_api_base=stripe_standin.url)
    person = house.person()
    transaction, session = check_out(person)
    assert run(["reconcile"], environment).exit_code == 0
    stripe_standin.standin.pay(session)
    found = run(["reconcile"], environment)
    assert (found.exit_code, transaction in found.output, person.available) == (1, True, 0)
    mended = run(["reconcile", "--fix"], environment)
    assert (mended.exit_code, "agree" in mended.output, person.available) == (0, True, 10)
    away = run(["reconcile"], environment | {"MODAMODA_CLOUD_STRIPE_API_BASE": "http://127.0.0.1:9"})
    assert (away.exit_code, "does not answer" in away.output) == (1, True)


def test_backup_and_restore_carry_a_service_to_an_empty_place_and_to_no_other(
    open_house: Callable[..., House],
    database_url: str,
    environment: dict[str, str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
):
    house = open_house(database_url=database_url)
    person = house.person(credits=6)
    secret_key = house.services.settings.secret("secret_key")
    file = str(tmp_path / "backup.tar")
    assert run(["backup", file], environment).exit_code == 0
    if house.services.database.is_sqlite:
        url = f"sqlite:///{tmp_path / 'elsewhere' / 'new.db'}"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.make_database(f"elsewhere_{os.getpid()}_{time.time_ns()}")
    elsewhere = environment | {
        "MODAMODA_CLOUD_HOME": str(tmp_path / "elsewhere"),
        "MODAMODA_CLOUD_DATABASE_URL": url,
    }
    restored = run(["restore", file], elsewhere)
    assert (restored.exit_code, "sound" in restored.output) == (0, True), restored.output
    assert secret_key in (tmp_path / "elsewhere" / "secrets.json").read_text()
    assert (tmp_path / "elsewhere" / "secrets.json").stat().st_mode & 0o077 == 0
    database = Database(url.replace("postgresql://", "postgresql+psycopg://"))
    with database.read() as session:
        assert ledger.balance(session, person.id).available == 6
    database.close()
    again = run(["restore", file], elsewhere)
    assert (again.exit_code, "Error" in again.output) == (1, True)


def test_a_migration_asked_for_a_backup_writes_it_first_or_does_nothing(
    open_house: Callable[..., House], environment: dict[str, str], tmp_path: Path
):
    open_house()
    file = tmp_path / "before.tar"
    assert run(["migrate", "--backup", str(file)], environment).exit_code == 0
    with tarfile.open(file) as archive:
        assert any(name.startswith("database.") for name in archive.getnames())
    refused = run(["migrate", "--backup", str(tmp_path / "nowhere" / "before.tar")], environment)
    assert (refused.exit_code, "is not a folder" in refused.output, "up to date" in refused.output) == (1, True, False)


COMMANDS = (["give-credits", "a@b.de", "5"], ["set-plan", "a@b.de", "pro"], ["reconcile"], ["backup", "{folder}/x.tar"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_database_that_was_never_migrated_is_said_in_a_sentence(command: list[str], tmp_path: Path):
    said = run([word.format(folder=tmp_path) for word in command], {"MODAMODA_CLOUD_HOME": str(tmp_path / "home")})
    assert (said.exit_code, type(said.exception)) == (1, SystemExit)
    assert said.output.startswith("Error: The database is empty")
    assert not list(tmp_path.glob("*.tar"))


@pytest.mark.parametrize("command", [["migrate"], *COMMANDS], ids=lambda command: command[0])
def test_a_database_that_does_not_answer_is_said_in_a_sentence(command: list[str], tmp_path: Path):
    away = {"MODAMODA_CLOUD_DATABASE_URL": "postgresql://me:hidden@127.0.0.1:9/x"}
    words = [word.format(folder=tmp_path) for word in command]
    said = run(words, {"MODAMODA_CLOUD_HOME": str(tmp_path / "home")} | away)
    assert (said.exit_code, type(said.exception)) == (1, SystemExit)
    assert "The database cannot be used: " in said.output
    assert "hidden" not in said.output


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "mysql://me:hidden@host/x", "it must be an address such as postgresql://"),
        ("DATABASE_URL", "postgresql://me:hidden@host:port/x", "it must be an address such as postgresql://"),
        ("DATABASE_URL", "postgresql+hidden://host/x", "it must be an address such as postgresql://"),
        ("DATABASE_URL", "sqlite://", "it must be an address such as postgresql://"),
        ("REDIS_URL", "hidden", "it must be an address such as redis://"),
        ("REDIS_URL", "redis://:hidden@host:port/0", "it must be an address such as redis://"),
        ("PUBLIC_URL", "hidden", "it must be an address such as https://"),
        ("LICENCE_KEY", "hidden", "it must be 64 hexadecimal digits"),
        ("MASTER_KEY", "hidden", "it must be 64 hexadecimal digits"),
        ("RETIRED_LICENCE_KEYS", '{"old": "hidden"}', "it must be 64 hexadecimal digits for each name"),
        ("RETIRED_LICENCE_KEYS", "hidden", "it must be JSON"),
        ("SIGN_IN_LIMIT", "hidden", "it must be a limit such as 10/minute"),
        ("SMTP_PORT", "hidden", "Input should be a valid integer"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_its_value_is_not(
    name: str, value: str, sentence: str, tmp_path: Path
):
    said = run(["migrate"], {"MODAMODA_CLOUD_HOME": str(tmp_path / "home"), f"MODAMODA_CLOUD_{name}": value})
    assert (said.exit_code, type(said.exception)) == (1, SystemExit)
    assert f"MODAMODA_CLOUD_{name}: {sentence}" in said.output
    assert "hidden" not in said.output


def test_a_home_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    said = run(["migrate"], {"MODAMODA_CLOUD_HOME": str(tmp_path / "file" / "home")})
    assert (said.exit_code, type(said.exception)) == (1, SystemExit)
    assert "Not a directory" in said.output


def test_a_damaged_backup_leaves_the_empty_place_empty(tmp_path: Path):
    home = {"MODAMODA_CLOUD_HOME": str(tmp_path / "home")}
    (tmp_path / "database.sqlite").write_text("no database")
    with tarfile.open(tmp_path / "wrong.tar", "w") as archive:
        archive.add(tmp_path / "database.sqlite", "database.sqlite")
    (tmp_path / "database.sqlite").write_bytes(bytes(100_000))
    with tarfile.open(tmp_path / "short.tar", "w") as archive:
        archive.add(tmp_path / "database.sqlite", "database.sqlite")
    os.truncate(tmp_path / "short.tar", 30_000)
    for name in ("wrong.tar", "short.tar"):
        said = run(["restore", str(tmp_path / name)], home)
        assert (said.exit_code, "is damaged" in said.output) == (1, True), said.output
    assert not (tmp_path / "home").exists()


def test_a_first_migration_that_is_asked_for_a_backup_has_none_to_write(tmp_path: Path):
    home = {"MODAMODA_CLOUD_HOME": str(tmp_path / "home")}
    made = run(["migrate", "--backup", str(tmp_path / "before.tar")], home)
    assert (made.exit_code, "nothing to back up yet" in made.output) == (0, True), made.output
    assert not (tmp_path / "before.tar").exists()


def test_a_probe_sees_whether_a_worker_turns(tmp_path: Path):
    file = tmp_path / "alive"
    environment = {"MODAMODA_CLOUD_HOME": str(tmp_path), "MODAMODA_CLOUD_ALIVE_FILE": str(file)}
    assert run(["alive"], environment).exit_code == 1
    file.touch()
    assert run(["alive"], environment).exit_code == 0
    os.utime(file, (time.time() - 400, time.time() - 400))
    stale = run(["alive"], environment)
    assert (stale.exit_code, "400 s" in stale.output) == (1, True)


def test_behind_a_proxy_the_client_counts_and_what_it_claims_does_not(tmp_path: Path):
    port = free_port()
    environment = {
        "MODAMODA_CLOUD_HOME": str(tmp_path / "home"),
        "MODAMODA_CLOUD_DEVICE_LIMIT": "3/minute",
        "MODAMODA_CLOUD_TRUSTED_PROXIES": "127.0.0.1,10.0.0.0/8",
    }

    def status(claimed: str) -> int:
        headers = {"X-Forwarded-For": claimed}
        return requests.post(f"{address}/api/v1/auth/device", headers=headers, json={}, timeout=10).status_code

    with running_service(environment, tmp_path / "log", port) as address:
        answers = [status(f"6.6.6.{number}, 192.0.2.9, 10.1.2.3") for number in range(4)]
        assert answers == [200, 200, 200, 429], "the last address that is not a proxy's own is the client"
        assert status("192.0.2.10") == 200
