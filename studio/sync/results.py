"""Results on both sides: sent in chunks that go on where they stopped, fetched to a file that is checked, then moved.

Nothing here deletes or overwrites a file of this computer.
"""

import asyncio
import contextlib
import itertools
import os
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from studio.errors import AccountError, Cancelled, NetworkError
from studio.files import TEMPORARY_PREFIX, output_errors, sha256_of
from studio.model import OutboxItem
from studio.sync.client import Client
from studio.sync.session import Session
from studio.sync.wire import ResultPage, ResultView, UploadView, read

LONGEST_NAME = 180
# With a limit, a chunk is what may be sent in so many seconds: pausing and stopping then take effect soon.
CHUNK_S = 2.0
SMALLEST_CHUNK = 16 * 1024
ROUNDS = 50
BEGINNINGS = 4


class Pace:
    """How fast files may be sent and fetched. limit: bytes a second, 0 = as fast as it goes. stopped: asked often."""

    def __init__(self, limit: int, is_stopped: Callable[[], bool]) -> None:
        self.limit = limit
        self._is_stopped = is_stopped

    def chunk(self, most: int) -> int:
        """How many bytes to send at once, `most` at most."""
        return min(most, max(int(self.limit * CHUNK_S), SMALLEST_CHUNK)) if self.limit else most

    async def rest(self, sent_bytes: int, client: Client) -> None:
        """Wait as the limit asks after so many bytes. Raises Cancelled when a person paused or the program ends."""
        self.check()
        if self.limit:
            await client.sleep(sent_bytes / self.limit)
        self.check()

    def check(self) -> None:
        """Raise Cancelled when it is to stop."""
        if self._is_stopped():
            raise Cancelled


async def send_file(session: Session, item: OutboxItem, pace: Pace) -> str:
    """Send the file of a message; returns the service's id of it. Raises AccountError, Cancelled."""
    path = Path(os.fsdecode(bytes.fromhex(item.payload["path"])))
    sha256 = item.payload["sha256"]
    await asyncio.to_thread(_check_unchanged, path, sha256)
    about = {"sha256": sha256, "bytes": path.stat().st_size, "name": path.name[-255:]}
    for attempt in range(BEGINNINGS):
        key = f"{item.key}-{item.attempts}-{attempt}"
        try:
            return await _send_once(session, path, about, key, pace)
        except AccountError as error:
            # The upload is over: completed, when only the answer was lost, or forgotten. Beginning again says which.
            if error.code != "not_found":
                raise
    raise damaged(path.name)


async def _send_once(session: Session, path: Path, about: dict[str, str | int], key: str, pace: Pace) -> str:
    upload = read(UploadView, await session.call("POST", "/results/uploads", key=key, json=about))
    if upload.result_id:
        return upload.result_id
    upload_id = await _send_chunks(session, path, upload, key, pace)
    done = await session.call("POST", f"/results/uploads/{upload_id}/complete", key=f"{key}-complete")
    return read(ResultView, done).id


async def _send_chunks(session: Session, path: Path, upload: UploadView, key: str, pace: Pace) -> str:
    assert upload.upload_id
    place = f"/results/uploads/{upload.upload_id}"
    size = upload.bytes
    offset, stuck = upload.received_bytes, 0
    while offset < size:
        pace.check()
        chunk = await asyncio.to_thread(_part, path, offset, pace.chunk(upload.chunk_bytes))
        if not chunk:
            raise _changed(path)
        try:
            headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
            # A content of its own gets a key of its own: the first answer to another offset would be a wrong one.
            sent = await session.call("PATCH", place, key=f"{key}-{offset}-{stuck}", headers=headers, content=chunk)
            offset = read(UploadView, sent).received_bytes
        except AccountError as error:
            # A chunk whose answer was lost is there already: the service says where to go on.
            if error.code != "wrong_offset" or stuck > ROUNDS:
                raise
            stuck += 1
            offset = read(UploadView, await session.call("GET", place)).received_bytes
        await pace.rest(len(chunk), session.client)
    return upload.upload_id


async def all_results(session: Session) -> AsyncGenerator[ResultView]:
    """Every file that the service keeps for the account, the newest first."""
    before: dict[str, str] = {}
    while True:
        page = read(ResultPage, await session.call("GET", "/results", params={"limit": "200"} | before))
        for result in page.items:
            yield result
        if page.next is None:
            return
        before = {"before": page.next}


async def fetch_file(client: Client, result: ResultView, folder: Path, pace: Pace) -> Path:
    """Fetch a file into a folder; returns where it stands. A file of that name with other content stays beside it.

    Raises AccountError, OutputError, Cancelled.
    """
    target = folder / safe_name(result.name)
    with output_errors(target):
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{TEMPORARY_PREFIX}fetch-{result.sha256}"
        await fetch_part(client, result.download_url, part, result.bytes, pace)
        if await asyncio.to_thread(sha256_of, part) != result.sha256:
            part.unlink()
            raise damaged(result.name)
        return await asyncio.to_thread(place, part, target, result.sha256)


async def fetch_part(client: Client, url: str, part: Path, size: int | None, pace: Pace) -> None:
    """Fetch an address into a temporary file, going on where an earlier try stopped. Raises NetworkError."""
    begun = part.stat().st_size if part.exists() else 0
    if size is not None and begun >= size:
        if begun == size:
            return
        part.unlink()
        begun = 0
    async with client.download(url, first_byte=begun) as response:
        mode = "ab" if response.status_code == 206 else "wb"
        with part.open(mode) as stream:
            async for block in response.aiter_bytes(256 * 1024):
                stream.write(block)
                await pace.rest(len(block), client)
            stream.flush()
            os.fsync(stream.fileno())
    if size is not None and part.stat().st_size != size:
        raise damaged(part.name)


def place(part: Path, target: Path, sha256: str) -> Path:
    """Give a checked temporary file its name, or the next free one; the same content under that name is enough."""
    for number in itertools.count(1):
        name = target if number == 1 else target.with_name(f"{target.stem} ({number}){target.suffix}")
        if _moved(part, name):
            return name
        if name.is_file() and not name.is_symlink() and sha256_of(name) == sha256:
            part.unlink()
            return name
    raise AssertionError("itertools.count does not end")


def _moved(part: Path, name: Path) -> bool:
    """Move without ever replacing: a link fails where a name is taken, at the very moment of the move."""
    try:
        os.link(part, name)
    except FileExistsError:
        return False
    except OSError:  # a disk that knows no links, such as a card's
        if os.path.lexists(name):
            return False
        part.rename(name)
        return True
    part.unlink()
    return True


def safe_name(name: str) -> str:
    """A file name that stays in its folder on every system, whatever the service calls the file."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join("_" if letter in '<>:"|?*' or not letter.isprintable() else letter for letter in last).strip(" .")
    stem, dot, suffix = (plain or "result").rpartition(".")
    short = stem.encode()[:LONGEST_NAME].decode(errors="ignore") if dot else ""
    whole = f"{short}.{suffix[:10]}" if short else f"{suffix}"
    reserved = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
    return f"_{whole}" if whole.split(".")[0].lower() in reserved else whole


def _part(path: Path, offset: int, most: int) -> bytes:
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            return stream.read(most)
    except OSError as error:
        raise _changed(path) from error


def _check_unchanged(path: Path, sha256: str) -> None:
    with contextlib.suppress(OSError):
        if not path.is_symlink() and sha256_of(path) == sha256:
            return
    raise _changed(path)


def _changed(path: Path) -> AccountError:
    return AccountError(
        "Result not sent",
        f"{path} was changed, moved or deleted after it was finished, so it was not sent.",
        "Process the photo again if the account should have it.",
    )


def damaged(name: str) -> NetworkError:
    """What came is not what the service keeps; it is fetched again."""
    return NetworkError(
        "File arrived damaged",
        f"{name} did not arrive as the account keeps it; nothing of it was kept here.",
        "It is fetched again by itself.",
        retryable=True,
    )
