"""The account as its owner meets it: the service as a process, a window under Xvfb, a real browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.cloud.building import PASSWORD
from tests.cloud.servers import free_port, running_service

PROJECT = Path(__file__).parents[2]
EMAIL = "amira@example.com"
NEEDED = ("xvfb-run", "chromium")
pytestmark = pytest.mark.slow


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    """The service on this computer with payments that are played, and somebody who has an account there."""
    port = free_port()
    environment = {
        "MODAMODA_CLOUD_HOME": str(tmp_path / "cloud"),
        "MODAMODA_CLOUD_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
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
@pytest.mark.parametrize("language", ["en", "ar"])
def test_credits_are_bought_in_the_browser_and_appear_in_the_window(
    service: str, tmp_path: Path, language: str
) -> None:
    environment = environment_of(service, tmp_path / "home") | {"QT_QPA_PLATFORM": "xcb"}
    screen = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1000x24"]
    command = [*screen, sys.executable, "-m", "tests.flow.account_window", str(tmp_path / "home"), language]
    told = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=110)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "10 credits" in told.stdout
    assert len(list((tmp_path / "home").glob("*.png"))) == 4
