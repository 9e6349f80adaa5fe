"""Where a studio's farm is: its broker and its shared folder. A broker's password stands in the keyring alone."""

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from studio.errors import AccountError, UsageError
from studio.files import write_atomically
from studio.settings import Home

BROKER_VARIABLE = "MODAMODA_FARM_BROKER"
STORAGE_VARIABLE = "MODAMODA_FARM_STORAGE"
SCHEMES = ("redis", "rediss", "unix", "redis+socket")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A farm. broker: the URL of its Redis, which may hold a password. storage: the folder that all computers see."""

    broker: str
    storage: Path

    def __repr__(self) -> str:
        return f"Place({without_password(self.broker)})"


def known_place(home: Home, broker: str = "", storage: Path | None = None) -> Place | None:
    """The farm of this computer: what is given, else the environment, else what was kept; None = there is none.

    Raises UsageError for a broker that is no Redis, AccountError when the keyring with its password is out of reach.
    """
    kept = _read(home)
    place = storage or _path(os.environ.get(STORAGE_VARIABLE)) or _path(kept.get("storage"))
    url = broker or os.environ.get(BROKER_VARIABLE, "")
    if not url and kept.get("broker"):
        url = str(kept["broker"])
        if kept.get("has_password"):
            from studio.sync.credentials import kept_word

            url = kept_word(_entry(home)) or url
    return Place(broker=_checked(url), storage=place) if url and place else None


def keep_place(home: Home, broker: str, storage: Path | None) -> None:
    """Remember a farm, or forget it where `broker` is "". Raises UsageError, AccountError, OutputError."""
    from studio.sync.credentials import keep_word

    if broker:
        _checked(broker)
    bare = without_password(broker)
    if bare != broker:
        try:
            keep_word(_entry(home), broker)
        except AccountError as error:
            raise AccountError(
                error.title,
                error.message,
                "Set the farm up with the address without its password, and give the whole address in "
                "MODAMODA_FARM_BROKER at each start.",
            ) from error
    elif _read(home).get("has_password"):
        with contextlib.suppress(AccountError):  # a keyring that is gone keeps nothing either
            keep_word(_entry(home), "")
    facts = {"broker": bare, "storage": str(storage or ""), "has_password": bare != broker}
    write_atomically(_file(home), json.dumps(facts).encode())


def with_password(broker: str) -> str:
    """A broker that was named without its password, with the one that the environment gives it."""
    whole = os.environ.get(BROKER_VARIABLE, "")
    return whole if whole and without_password(whole) == broker else broker


def shown_place(home: Home) -> tuple[str, str]:
    """Broker without its password and shared folder, as they were kept; "" where there is none."""
    kept = _read(home)
    return str(kept.get("broker", "")), str(kept.get("storage", ""))


def is_kept(home: Home) -> bool:
    """Whether a farm is kept; the keyring is not asked."""
    return all(shown_place(home))


def without_password(url: str) -> str:
    """A broker's URL as it may be shown and written down."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return parts._replace(netloc=f"{name}@{host}" if name else host).geturl()


def _checked(url: str) -> str:
    if urlsplit(url).scheme not in SCHEMES:
        raise UsageError(
            "Broker not understood",
            "A farm's broker is the address of a Redis server.",
            "Write it as redis://COMPUTER:6379/0, or rediss:// for one that encrypts.",
        )
    return url


def _path(text: Any) -> Path | None:
    return Path(os.path.abspath(Path(text).expanduser())) if text else None


def _file(home: Home) -> Path:
    return home.folder / "farm.json"


def _entry(home: Home) -> str:
    return f"farm-{hashlib.sha256(os.fsencode(home.folder)).hexdigest()[:12]}"


def _read(home: Home) -> dict[str, Any]:
    try:
        data: Any = json.loads(_file(home).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}
