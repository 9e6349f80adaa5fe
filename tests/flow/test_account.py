"""The account as its owner meets it: the service as a process, a window under Xvfb, a real browser."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.cloud.building import PASSWORD
from tests.cloud.conftest import *  # noqa: F403 -- fixtures are found by their names here
from tests.cloud.servers import free_port, running_service

PROJECT = Path(__file__).parents[2]
EMAIL = "amira@example.com"
NEEDED = ("xvfb-run", "chromium")
KEYRING = ("gnome-keyring-daemon", "dbus-run-session")
pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The service as a process, with payments that are played, on each database, and somebody's account there."""
    port = free_port()
    environment = {
        "MODAMODA_CLOUD_HOME": str(tmp_path / "cloud"),
        "MODAMODA_CLOUD_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    if request.param == "postgresql":
        postgresql = request.getfixturevalue("postgresql")
        environment["MODAMODA_CLOUD_DATABASE_URL"] = postgresql.make_database(f"account_{port}", "migrated")
    with running_service(environment, tmp_path / "cloud.log", port) as address:
        form = {"email": EMAIL, "password": PASSWORD}
        headers = {"Idempotency-Key": "the-first-account"}
        assert requests.post(f"{address}/api/v1/auth/sign-up", json=form, headers=headers, timeout=10).ok
        yield address


def environment_of(service: str, home: Path) -> dict[str, str]:
    return os.environ | {
        "MODAMODA_HOME": str(home),
        "MODAMODA_ACCOUNT_URL": service,
        "BROWSER": f"{sys.executable} -m tests.fakes.browser %s",
        "MODAMODA_TEST_EMAIL": EMAIL,
        "MODAMODA_TEST_PASSWORD": PASSWORD,
    }


@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason="needs xvfb-run and chromium (Debian: xvfb, chromium)")
def test_credits_are_bought_in_the_browser_and_appear_in_the_window(
    service: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    language = {"sqlite": "en", "postgresql": "ar"}[request.node.callspec.params["service"]]
    environment = environment_of(service, tmp_path / "home") | {"QT_QPA_PLATFORM": "xcb"}
    screen = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1000x24"]
    command = [*screen, sys.executable, "-m", "tests.flow.account_window", str(tmp_path / "home"), language]
    told = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=110)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "10 credits" in told.stdout
    assert len(list((tmp_path / "home").glob("*.png"))) == 4


@pytest.mark.skipif(not all(map(shutil.which, KEYRING)), reason="needs gnome-keyring and dbus-run-session (Debian)")
def test_the_command_line_signs_in_buys_and_signs_out_with_the_systems_keyring(
    service: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not shutil.which("chromium"):
        pytest.skip("needs chromium (Debian)")
    for folder in ("data", "run"):
        (tmp_path / folder).mkdir(mode=0o700)
    places = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_RUNTIME_DIR": str(tmp_path / "run"), "HOME": str(tmp_path)}
    modamoda = f"{sys.executable} -m tests.flow.modamoda account"
    script = f"""
        echo -n pass | gnome-keyring-daemon --unlock --components=secrets > /dev/null
        {modamoda} sign-in && {modamoda} buy credits-10 && {modamoda} status --json && {modamoda} ledger --json
        {modamoda} sign-out && {modamoda} status --json"""
    told = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", script],
        env=environment_of(service, tmp_path / "home") | places,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=110,
    )
    said = [json.loads(line) for line in told.stdout.splitlines() if line.startswith("{")]
    assert [row.get("email") for row in said] == [EMAIL, None, None], told.stdout + told.stderr
    assert said[0]["credits"]["available"] == 10
    assert (said[1]["type"], said[1]["status"], said[1]["credits"]) == ("credit_purchase", "succeeded", 10)
    assert said[2]["credits"] is None
