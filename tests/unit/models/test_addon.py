"""The add-on against a real server and real, tiny wheels: fetched, resumed, verified, unpacked, used, removed."""

import base64
import hashlib
import io
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from studio.bundled import ADDON_PACKAGES
from studio.engine.models.addon import (
    DEVICES,
    Lock,
    Wheel,
    gather,
    install,
    installed,
    lock_for,
    remove,
    verify,
)
from studio.engine.models.network import Network
from studio.errors import Cancelled, EngineError
from studio.settings import resources

NETWORK = Network(timeout_s=5)


def wheel_of(name: str, files: dict[str, bytes], version: str = "1.0") -> tuple[str, bytes]:
    """A wheel's file name and bytes, with a RECORD as PEP 376 wants it."""
    stream, record = io.BytesIO(), []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(content)}")
        archive.writestr(f"{name}-{version}.dist-info/RECORD", "\n".join(record))
    return f"{name}-{version}-py3-none-any.whl", stream.getvalue()


TINY = wheel_of("tiny", {"tiny/__init__.py": b"size = 3\n", "tiny/data.bin": bytes(range(256)) * 2000})
OTHER = wheel_of("other", {"other.py": b"import tiny\nsize = tiny.size\n", "other-1.0.data/scripts/run": b"#!python\n"})


@pytest.fixture
def lock(hub) -> Lock:
    wheels = []
    for name, content in (TINY, OTHER):
        hub.put(f"/files/{name}", content)
        known = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        wheels.append(Wheel(name=name.split("-")[0], version="1.0", url=f"{hub.url}/files/{name}", **known))
    return Lock(python="3.11", kind="test-cpu", wheels=tuple(wheels))


def test_what_is_installed_can_be_imported_by_a_process_that_uses_it(lock, tmp_path):
    told: list[tuple[int, int]] = []
    done = install(tmp_path, lock, NETWORK, lambda came, total: told.append((came, total)))
    assert installed(tmp_path) == done
    assert set(done.wheels) == {TINY[0], OTHER[0]}
    assert told[-1] == (lock.bytes, lock.bytes)
    assert not (tmp_path / "wheels").exists()
    code = "import sys, pathlib; from studio.bundled import use_addon; use_addon(pathlib.Path(sys.argv[1]));"
    code += "import other; print(other.size)"
    assert (
        subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, check=True).stdout.strip() == b"3"
    )
    assert not list(tmp_path.rglob("run"))


def test_a_cancelled_installation_goes_on_where_it_stopped(lock, hub, tmp_path):
    stops = iter([False] * 4)

    def checkpoint() -> None:
        if next(stops, True):
            raise Cancelled

    with pytest.raises(Cancelled):
        install(tmp_path, lock, NETWORK, checkpoint=checkpoint)
    assert installed(tmp_path) is None
    hub.asked.clear()
    install(tmp_path, lock, NETWORK)
    assert verify(tmp_path) == []
    assert len(hub.asked) <= 2


def test_a_dropped_connection_is_taken_up_again(lock, hub, tmp_path):
    hub.pages[f"/files/{TINY[0]}"].drops_after = [900]
    install(tmp_path, lock, NETWORK)
    assert [asked.range for asked in hub.asked][:2] == [None, "bytes=900-"]
    assert verify(tmp_path) == []


def test_a_file_that_is_not_the_locked_one_is_refused(lock, hub, tmp_path):
    hub.put(f"/files/{TINY[0]}", wheel_of("tiny", {"tiny/__init__.py": b"size = 4\n"})[1])
    with pytest.raises(EngineError, match="tiny"):
        install(tmp_path, lock, NETWORK)
    assert not (tmp_path / ADDON_PACKAGES).exists()


def test_a_failed_renewal_leaves_the_old_one_usable(lock, hub, tmp_path):
    before = install(tmp_path, lock, NETWORK)
    hub.put(f"/files/{OTHER[0]}", b"no wheel")
    with pytest.raises(EngineError):
        install(tmp_path, lock, NETWORK)
    assert installed(tmp_path) == before
    assert verify(tmp_path) == []


def test_verify_names_what_was_changed_or_lost(lock, tmp_path):
    install(tmp_path, lock, NETWORK)
    (tmp_path / ADDON_PACKAGES / "tiny" / "__init__.py").write_bytes(b"size = 5\n")
    (tmp_path / ADDON_PACKAGES / "other.py").unlink()
    assert verify(tmp_path) == ["other.py", "tiny/__init__.py"]


def test_removing_gives_everything_back(lock, tmp_path):
    folder = tmp_path / "studio-engine"
    install(folder, lock, NETWORK)
    assert remove(folder) > 500_000
    assert not folder.exists()
    assert installed(folder) is None
    assert remove(folder) == 0


def test_a_folder_of_wheels_serves_a_computer_without_a_network(lock, hub, tmp_path):
    stick = tmp_path / "stick"
    assert set(gather(stick, lock, NETWORK)) == {TINY[0], OTHER[0]}
    hub.asked.clear()
    install(tmp_path / "engine", lock, Network(offline=True), source=stick)
    assert verify(tmp_path / "engine") == []
    assert not hub.asked
    (stick / OTHER[0]).unlink()
    with pytest.raises(EngineError, match="does not hold"):
        install(tmp_path / "another", lock, Network(offline=True), source=stick)


def test_offline_means_no_connection(lock, hub, tmp_path):
    with pytest.raises(EngineError, match="offline"):
        install(tmp_path, lock, Network(offline=True))
    assert not hub.asked


def test_a_wheel_without_a_locked_hash_is_found_in_its_index_and_held_to_the_hash_there(hub, tmp_path):
    name, content = TINY
    hub.put(f"/whl/cpu/{name}", content)
    right, wrong = hashlib.sha256(content).hexdigest(), "0" * 64
    one = Wheel(name="tiny", version="1.0", index=f"{hub.url}/whl/cpu")
    lock = Lock(python="3.11", kind="test-cpu", wheels=(one,))
    hub.put("/whl/cpu/tiny/", f'<a href="/whl/cpu/{name}#sha256={wrong}">{name}</a>'.encode())
    with pytest.raises(EngineError):
        install(tmp_path, lock, NETWORK)
    hub.put("/whl/cpu/tiny/", f'<a href="/whl/cpu/{name}#sha256={right}">{name}</a>'.encode())
    assert install(tmp_path, lock, NETWORK).wheels == {name: right}
    hub.put("/whl/cpu/tiny/", f'<a href="/whl/cpu/{name}">{name}</a>'.encode())
    with pytest.raises(EngineError, match="hash"):
        install(tmp_path, lock, NETWORK)


def test_a_wheel_that_reaches_out_of_its_folder_is_refused(hub, lock, tmp_path):
    name, content = wheel_of("tiny", {"../escaped.py": b"harm = True\n"})
    hub.put(f"/files/{name}", content)
    known = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    evil = replace(lock, wheels=(Wheel(name="tiny", version="1.0", url=f"{hub.url}/files/{name}", **known),))
    with pytest.raises(EngineError, match="no sound package"):
        install(tmp_path / "engine", evil, NETWORK)
    assert not list(tmp_path.rglob("escaped.py"))


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the lock is for the bundle's Python")
@pytest.mark.parametrize(
    ("system", "machine", "devices"),
    [("linux", "x86_64", ("cuda", "cpu")), ("win32", "AMD64", ("cuda", "cpu")), ("darwin", "arm64", ("mps",))],
)
def test_the_lock_knows_torch_for_every_kind_of_computer(monkeypatch, system, machine, devices):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    for device in devices:
        lock = lock_for(resources() / "addon.json", device)
        torch = next(wheel for wheel in lock.wheels if wheel.name == "torch")
        assert torch.version.startswith("2.13.")
        assert all(
            wheel.url.startswith("https://files.pythonhosted.org/") and wheel.sha256
            for wheel in lock.wheels
            if not wheel.index
        )
        assert {wheel.name for wheel in lock.wheels if wheel.index} <= {"torch", "torchvision"}
    for device in set(DEVICES) - set(devices):
        with pytest.raises(EngineError):
            lock_for(resources() / "addon.json", device)
