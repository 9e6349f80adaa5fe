"""One file from one address, resumed where it broke, and never under its own name before its hash is right."""

import hashlib
import http.client
import json
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

from studio.engine.models.network import Dropped, Network, Refused, request
from studio.errors import OutputError
from studio.files import move_into_place, output_errors

BLOCK = 1 << 18
ATTEMPTS = 5
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
SPARE_BYTES = 200_000_000


class WrongBytes(Exception):
    """What the source gave is not the file: its length or its hash is another's."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The file to get: its final place, its size (0 = not known) and its hash (None = not known)."""

    final: Path
    bytes: int = 0
    sha256: str | None = None

    @property
    def part(self) -> Path:
        """Where the bytes gather until they are complete."""
        return self.final.with_name(self.final.name + ".part")

    @property
    def part_note(self) -> Path:
        """Says which version of the file the part belongs to."""
        return self.final.with_name(self.final.name + ".part.json")


@dataclass(frozen=True, kw_only=True)
class Attempting:
    """How patiently to try, and whom to tell.

    arrived: told the number of bytes that came (negative: that many were thrown away). checkpoint: raises to stop.
    sleep, jitter: the clock's and chance's part, replaceable. spare_bytes: room to leave on the disk.
    """

    arrived: Callable[[int], None] = lambda count: None
    checkpoint: Callable[[], None] = lambda: None
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = field(default=random.random)
    attempts: int = ATTEMPTS
    spare_bytes: int = SPARE_BYTES


def download(url: str, wanted: Wanted, network: Network, attempting: Attempting) -> str:
    """Bring the file at `url` to its final place and return its hexadecimal sha256.

    A broken connection is taken up again where it broke, with growing pauses; only attempts in a row that bring
    nothing count. Raises Refused, Dropped (all attempts used up), WrongBytes, OutputError, EngineError (offline), and
    what the checkpoint raises; the part then stays for the next time, except after WrongBytes.
    """
    fruitless = 0
    while True:
        before = _size(wanted.part)
        try:
            _fill(url, wanted, network, attempting)
            return _finish(wanted, attempting)
        except Dropped as dropped:
            fruitless = 0 if _size(wanted.part) > before else fruitless + 1
            if fruitless >= attempting.attempts:
                raise
            _wait(fruitless, dropped.wait_s, attempting)


def take(read: Callable[[int], bytes], wanted: Wanted, attempting: Attempting) -> str:
    """Put what `read` gives, block by block, in its final place if it is the file. Raises WrongBytes, OutputError."""
    with output_errors(wanted.final):
        wanted.part.parent.mkdir(parents=True, exist_ok=True)
        with wanted.part.open("wb") as stream:
            while block := read(BLOCK):
                stream.write(block)
                attempting.arrived(len(block))
                attempting.checkpoint()
    return _finish(wanted, attempting)


def _fill(url: str, wanted: Wanted, network: Network, attempting: Attempting) -> None:
    attempting.checkpoint()
    have = _size(wanted.part)
    if wanted.bytes and have == wanted.bytes:
        return
    try:
        with request(url, network, _range(wanted, have)) as response:
            _receive(response, wanted, have, attempting)
    except Refused as refused:
        if refused.status != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or not have:
            raise
        # The part is as long as the file, or longer than what the source now has. Only a hash can tell them apart.
        if not _is_complete(wanted, have):
            _throw_away(wanted, attempting)
            raise Dropped("the source has another version of the file") from refused


def _range(wanted: Wanted, have: int) -> dict[str, str]:
    if not have:
        return {}
    validator = _note(wanted).get("validator")
    if validator:
        return {"Range": f"bytes={have}-", "If-Range": validator}
    # Without a validator only a known hash can tell afterwards whether the halves belong together.
    return {"Range": f"bytes={have}-"} if wanted.sha256 else {}


def _receive(response: http.client.HTTPResponse, wanted: Wanted, have: int, attempting: Attempting) -> None:
    start, total = _extent(response)
    if start not in (0, have):
        raise WrongBytes(f"asked for the bytes from {have}, got those from {start}")
    if wanted.bytes and total is not None and total != wanted.bytes:
        raise WrongBytes(f"the source's file has {total} bytes, expected {wanted.bytes}")
    if start < have:
        _throw_away(wanted, attempting)
    with output_errors(wanted.final):
        wanted.part.parent.mkdir(parents=True, exist_ok=True)
        wanted.part_note.write_text(json.dumps({"validator": _validator(response), "total": total}))
    _require_room(wanted, (total or wanted.bytes) - start, attempting)
    _copy(response, wanted, attempting)
    arrived = _size(wanted.part)
    if total is not None and arrived < total:
        raise Dropped(f"the connection ended after {arrived} of {total} bytes")


def _extent(response: http.client.HTTPResponse) -> tuple[int, int | None]:
    """First byte of the answer and length of the whole file; None = the source does not say."""
    if response.status == HTTPStatus.PARTIAL_CONTENT:
        span, _, total = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        first = span.partition("-")[0]
        if not first.isdigit():
            raise WrongBytes("a part of the file came without saying which")
        return int(first), int(total) if total.isdigit() else None
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _copy(response: http.client.HTTPResponse, wanted: Wanted, attempting: Attempting) -> None:
    with output_errors(wanted.final), wanted.part.open("ab") as stream:
        while block := response.read(BLOCK):
            stream.write(block)
            attempting.arrived(len(block))
            attempting.checkpoint()
            if wanted.bytes and stream.tell() > wanted.bytes:
                break


def _finish(wanted: Wanted, attempting: Attempting) -> str:
    size = _size(wanted.part)
    found = _hash(wanted.part, attempting)
    if (wanted.bytes and size != wanted.bytes) or (wanted.sha256 and found != wanted.sha256):
        _throw_away(wanted, attempting)
        raise WrongBytes(
            f"{wanted.final.name} came with {size} bytes and the hash {found[:12]}…, which is not the file"
        )
    move_into_place(wanted.part, wanted.final)
    wanted.part_note.unlink(missing_ok=True)
    return found


def _hash(path: Path, attempting: Attempting) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK * 16):
            digest.update(block)
            attempting.checkpoint()
    return digest.hexdigest()


def _is_complete(wanted: Wanted, have: int) -> bool:
    total = wanted.bytes or _note(wanted).get("total")
    return have == total


def _validator(response: http.client.HTTPResponse) -> str | None:
    etag = response.headers.get("ETag")
    # A weak validator may stay while bytes change, so it is no ground to join two halves (RFC 9110, 13.1.5).
    return etag if etag and not etag.startswith("W/") else None


def _require_room(wanted: Wanted, missing: int, attempting: Attempting) -> None:
    free = shutil.disk_usage(wanted.part.parent).free
    if missing + attempting.spare_bytes > free:
        raise OutputError(
            "Disk full",
            f"{wanted.final.name} needs {missing / 1e6:.0f} MB in {wanted.final.parent}, {free / 1e6:.0f} MB are free.",
            "Free some space or move the models' folder, then fetch again: it goes on where it stopped.",
            retryable=True,
        )


def _wait(fruitless: int, asked_s: float | None, attempting: Attempting) -> None:
    pause = min(asked_s if asked_s is not None else FIRST_WAIT_S * 2 ** max(fruitless - 1, 0), LONGEST_WAIT_S)
    remaining = pause * (1 + 0.25 * attempting.jitter())
    while remaining > 0:
        attempting.checkpoint()
        attempting.sleep(min(remaining, 0.25))
        remaining -= 0.25


def _throw_away(wanted: Wanted, attempting: Attempting) -> None:
    attempting.arrived(-_size(wanted.part))
    wanted.part.unlink(missing_ok=True)
    wanted.part_note.unlink(missing_ok=True)


def _note(wanted: Wanted) -> dict[str, Any]:
    try:
        data = json.loads(wanted.part_note.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return cast(dict[str, Any], data) if isinstance(data, dict) else {}


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
