"""Secrets: in a vault that a wrong passphrase does not open, in a real Secret Service, and never in plain text."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.errors import AccountError
from studio.sync.credentials import Keyring, Secrets, Vault

HELD = Secrets(
    user_id="u-1", email="a@example.com", refresh_token="r-secret", access_token="a-secret", expires_at=time.time()
)
PROJECT = Path(__file__).parents[3]
NEEDED = ("gnome-keyring-daemon", "dbus-run-session")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A vault's file: making its key takes half a second, on purpose."""
    vault = Vault(tmp_path_factory.mktemp("sealed") / "vault.json", lambda: "six tall mannequins")
    vault.save(HELD)
    return vault.path.read_bytes()


def test_a_vault_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    Vault(path, lambda: "six tall mannequins").save(HELD)
    assert Vault(path, lambda: "six tall mannequins").load() == HELD
    with pytest.raises(AccountError, match="not that of") as caught:
        Vault(path, lambda: "seven tall mannequins").load()
    assert caught.value.hint
    written = path.read_bytes()
    assert b"secret" not in written
    assert b"a@example.com" not in written
    assert path.stat().st_mode & 0o077 == 0


def test_every_writing_has_a_salt_and_a_nonce_of_its_own(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault.json", lambda: "six tall mannequins")
    vault.save(HELD)
    first = json.loads(vault.path.read_bytes())
    vault.save(HELD)
    second = json.loads(vault.path.read_bytes())
    assert first["salt"] != second["salt"]
    assert first["nonce"] != second["nonce"]


@pytest.mark.parametrize("change", [{"n": 2**16}, {"nonce": "AAAAAAAAAAAAAAAA"}, {"version": 2}, {"sealed": "AAAA"}])
def test_a_vault_that_was_changed_does_not_open(tmp_path: Path, sealed: bytes, change: dict[str, object]) -> None:
    vault = Vault(tmp_path / "vault.json", lambda: "six tall mannequins")
    vault.path.write_text(json.dumps(json.loads(sealed) | change))
    with pytest.raises(AccountError):
        vault.load()


def test_a_vault_cut_short_is_said_to_be_damaged(tmp_path: Path, sealed: bytes) -> None:
    vault = Vault(tmp_path / "vault.json", lambda: "six tall mannequins")
    vault.path.write_bytes(sealed[:40])
    with pytest.raises(AccountError, match="cannot be read"):
        vault.load()


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AccountError, match="8 characters"):
        Vault(tmp_path / "vault.json", lambda: "short").save(HELD)


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"])
def test_without_a_safe_keyring_nothing_is_kept_and_the_remedy_is_said(backend: str) -> None:
    code = (
        "from studio.sync.credentials import Keyring\n"
        "from studio.errors import AccountError\n"
        "try:\n    Keyring('test').load()\n"
        "except AccountError as error:\n    print(error.code, error.hint)"
    )
    environment = os.environ | {"PYTHON_KEYRING_BACKEND": backend}
    told = subprocess.run([sys.executable, "-c", code], env=environment, cwd=PROJECT, capture_output=True, text=True)
    assert told.stdout.startswith("locked ")
    assert "--vault" in told.stdout


@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason="needs gnome-keyring and dbus-run-session (Debian)")
@pytest.mark.parametrize("unlocked", [True, False])
def test_a_real_secret_service_keeps_the_secrets_or_says_that_it_is_locked(tmp_path: Path, unlocked: bool) -> None:
    for folder in ("data", "run"):
        (tmp_path / folder).mkdir(mode=0o700)
    environment = {
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
    }
    start = "echo -n pass | gnome-keyring-daemon --unlock --components=secrets" if unlocked else "true"
    script = f"{start} >/dev/null 2>&1; exec {sys.executable} -m tests.unit.sync.keyring_user"
    told = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", script],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    said = told.stdout.strip().splitlines()
    assert said, told.stderr
    assert said[-1] == ("kept and forgotten" if unlocked else "locked"), told.stderr
    for path in (tmp_path / "data").rglob("*"):
        assert not path.is_file() or b"r-secret" not in path.read_bytes()


def test_a_keyring_is_only_touched_when_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    Keyring("test")
