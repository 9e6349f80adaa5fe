"""Updates: asked only when allowed, believed only when signed, read only after that."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from installer import manifest
from studio import __version__, cli
from studio.app import Home, Studio
from studio.errors import StudioError
from studio.settings import Settings, resources
from studio.updates import DAY_S, Forged, built_in_keys, is_due, verify

PRIVATE = Ed25519PrivateKey.generate()
KEYS = {"test": PRIVATE.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()}
PAGE = "https://modamoda.studio/download"


@pytest.fixture
def site(monkeypatch):
    """A server whose only page is `site.content`; `site.asked` counts requests."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked += 1
            self.send_response(200)
            self.send_header("Content-Length", str(len(server.content)))
            self.end_headers()
            self.wfile.write(server.content)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.content = 0, b""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("MODAMODA_UPDATES", f"http://127.0.0.1:{server.server_address[1]}/updates.json")
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MODAMODA_HOME", str(tmp_path))
    monkeypatch.setattr("studio.updates.built_in_keys", lambda folder: KEYS)
    return Home(folder=tmp_path)


def test_a_newer_version_is_told_with_its_page(site, home, capsys):
    site.content = manifest.signed("test", PRIVATE, "99.0.1", PAGE).encode()
    assert cli.main(["updates"]) == 0
    assert f"Version 99.0.1 is out; this is {__version__}. Get it from {PAGE}" in capsys.readouterr().out
    site.content = manifest.signed("test", PRIVATE, __version__, PAGE).encode()
    assert cli.main(["updates"]) == 0
    assert "newest version" in capsys.readouterr().out


def test_nothing_is_asked_until_it_is_allowed_and_then_as_often_as_allowed(site, home):
    site.content = manifest.signed("test", PRIVATE, "99.0.0", PAGE).encode()
    with Studio(home) as studio:
        assert not studio.may_look_for_updates
        studio.save_settings(Settings(days_between_update_checks=7))
        assert studio.may_look_for_updates
        assert studio.look_for_updates().is_newer
        assert not studio.may_look_for_updates
    assert site.asked == 1


@pytest.mark.parametrize(("age_days", "due"), [(0.5, False), (6.9, False), (7.1, True), (-3, True)])
def test_it_is_due_after_its_days_or_when_the_clock_went_back(tmp_path, age_days, due):
    (tmp_path / "updates.json").write_text(json.dumps({"looked_s": 1e9}))
    assert is_due(tmp_path / "updates.json", 7, 1e9 + age_days * DAY_S) is due


def test_a_changed_manifest_is_not_believed():
    right = json.loads(manifest.signed("test", PRIVATE, "99.0.0", PAGE))
    assert verify(json.dumps(right).encode(), KEYS).version == "99.0.0"
    evil = base64.b64encode(base64.b64decode(right["signed"]).replace(b"modamoda.studio/", b"evil.example.org/"))
    stranger = json.loads(manifest.signed("test", Ed25519PrivateKey.generate(), "99.0.0", PAGE))
    for wrong in (
        right | {"signed": evil.decode()},
        right | {"signature": base64.b64encode(bytes(64)).decode()},
        right | {"key": "unknown"},
        {"signed": right["signed"]},
        stranger,
        json.loads(manifest.signed("test", PRIVATE, "99.0.0", "http://modamoda.studio/download")),
        json.loads(manifest.signed("test", PRIVATE, "ninety", PAGE)),
    ):
        with pytest.raises(Forged):
            verify(json.dumps(wrong).encode(), KEYS)
    for noise in (b"", b"[]", b"\xff", b"{}" + b" " * 70_000):
        with pytest.raises(Forged):
            verify(noise, KEYS)


def test_unsigned_content_is_never_read(monkeypatch):
    """What stands under a wrong signature does not reach the reader of JSON, which thus cannot be attacked by it."""
    read: list[bytes] = []
    loads = json.loads
    monkeypatch.setattr("studio.updates.json.loads", lambda text: read.append(text) or loads(text))
    text = manifest.signed("test", Ed25519PrivateKey.generate(), "99.0.0", PAGE).encode()
    with pytest.raises(Forged):
        verify(text, KEYS)
    assert read == [text]


def test_no_server_and_a_stranger_are_told_apart(site, home, tmp_path):
    site.content = manifest.signed("test", Ed25519PrivateKey.generate(), "99.0.0", PAGE).encode()
    with Studio(home) as studio:
        with pytest.raises(StudioError) as met:
            studio.look_for_updates()
        assert met.value.title == "Updates not believed"
        assert not home.updates.exists()


def test_a_new_key_is_kept_by_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "KEYS", tmp_path / "update-keys.json")
    private_file = tmp_path / "private.hex"
    manifest.keep_new_key("a", private_file)
    assert private_file.stat().st_mode & 0o077 == 0
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private_file.read_text()))
    keys = json.loads((tmp_path / "update-keys.json").read_text())
    assert verify(manifest.signed("a", private, "99.0.0", PAGE).encode(), keys).is_newer
    with pytest.raises(FileExistsError):
        manifest.keep_new_key("b", private_file)


def test_the_program_came_with_a_key():
    assert all(len(bytes.fromhex(key)) == 32 for key in built_in_keys(resources()).values())
