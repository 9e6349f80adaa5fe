"""Whether a newer version exists: asked only when allowed, believed only when signed, never downloaded by itself.

The manifest at `ADDRESS` is one JSON object: `key` names a public key of `resources/update-keys.json`, `signature` is
Ed25519's over the bytes that `signed` holds in base64, and these bytes are JSON again (`Newest`). They are read only
after the signature is found right. `installer/manifest.py` makes it.
"""

import base64
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from studio.engine.models.network import Dropped, Network, Refused, request
from studio.errors import StudioError
from studio.files import write_atomically
from studio.model import Newest

ADDRESS = "https://modamoda.studio/updates.json"
PROGRAM = "modamoda-studio"
LARGEST_BYTES = 65_536
DAY_S = 86_400


class Forged(Exception):
    """The manifest is not signed by a key that came with the program, or not as it stands."""


def built_in_keys(folder: Path) -> dict[str, str]:
    """The public keys that came with the program, from the folder of resources: id to 64 hexadecimal digits."""
    return json.loads((folder / "update-keys.json").read_text(encoding="utf-8"))


def is_due(record: Path, every_days: int, now_s: float | None = None) -> bool:
    """Whether it is time to look again; every_days 0 = it was not allowed."""
    if every_days <= 0:
        return False
    age_s = (time.time() if now_s is None else now_s) - _last_look(record)
    return not 0 <= age_s < every_days * DAY_S


def look(record: Path, keys: Mapping[str, str], network: Network) -> Newest:
    """Ask for the newest version and note when. Raises StudioError."""
    address = os.environ.get("MODAMODA_UPDATES", ADDRESS)
    try:
        with request(address, network, {}) as response:
            text = response.read(LARGEST_BYTES + 1)
        newest = verify(text, keys)
    except (Refused, Dropped) as error:
        raise StudioError(
            "Updates not known",
            f"The list of versions could not be read: {error}.",
            "Try again later; nothing else needs it.",
            retryable=True,
        ) from error
    except Forged as error:
        raise StudioError(
            "Updates not believed",
            "The list of versions is not signed by the makers of this program, so nothing of it is used.",
            "Do not install anything that it names; try again from another network.",
        ) from error
    write_atomically(record, json.dumps({"looked_s": time.time()}).encode())
    return newest


def verify(text: bytes, keys: Mapping[str, str]) -> Newest:
    """The content of a signed manifest. Raises Forged."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        if len(text) > LARGEST_BYTES:
            raise Forged
        envelope = _object(text)
        signed = base64.b64decode(envelope["signed"], validate=True)
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[envelope["key"]]))
        public.verify(base64.b64decode(envelope["signature"], validate=True), signed)
        said = _object(signed)
        if said["program"] != PROGRAM or not str(said["page"]).startswith("https://"):
            raise Forged
        newest = Newest(version=str(said["version"]), page=str(said["page"]), issued_s=int(said["issued_s"]))
        _ = newest.is_newer  # a version that is none is refused here
    except (InvalidSignature, KeyError, TypeError, ValueError) as error:
        raise Forged from error
    return newest


def _last_look(record: Path) -> float:
    try:
        return float(_object(record.read_bytes())["looked_s"])
    except (OSError, KeyError, TypeError, ValueError, Forged):
        return 0.0


def _object(text: bytes) -> dict[str, Any]:
    data: object = json.loads(text)
    if not isinstance(data, dict):
        raise Forged
    return cast("dict[str, Any]", data)
