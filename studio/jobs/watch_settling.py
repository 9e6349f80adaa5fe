"""When a file may be taken: pure bookkeeping of how long size and time have rested. No clock, no disk, no events.

Times are seconds of a clock that never goes back (`time.monotonic`); a file's own time is only compared for equality,
so that a computer's clock may be set as it likes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from studio.jobs.watch_listing import Stamp

PATIENCE_S = 600.0
_FIRST_RETRY_S = 1.0
_LONGEST_RETRY_S = 30.0


@dataclass(frozen=True, kw_only=True)
class _Resting:
    """A file that is not taken yet. since: when its stamp was first seen; due: when it is looked at next."""

    stamp: Stamp
    since: float
    due: float
    retry_s: float = _FIRST_RETRY_S
    is_out: bool = False


class Settling:
    """Which of the files that arrived have rested for `rest_s` seconds."""

    def __init__(self, rest_s: float, patience_s: float = PATIENCE_S) -> None:
        self._rest_s = rest_s
        self._patience_s = patience_s
        self._files: dict[str, _Resting] = {}

    @property
    def paths(self) -> list[str]:
        """The files that are waited for."""
        return list(self._files)

    def see(self, found: Mapping[str, Stamp], now: float) -> None:
        """Take over what a look at the folder gave: what is new or changed begins to rest, what is gone is dropped."""
        self._files = {path: self._seen(self._files.get(path), stamp, now) for path, stamp in found.items()}

    def _seen(self, before: _Resting | None, stamp: Stamp, now: float) -> _Resting:
        if before and before.stamp == stamp:
            return before
        # Still being looked at: what was found out about the old content will not be believed.
        return _Resting(stamp=stamp, since=now, due=now + self._rest_s, is_out=bool(before and before.is_out))

    def take_due(self, now: float, limit: int) -> list[tuple[str, Stamp]]:
        """Hand out up to `limit` rested files to be decoded; each is out until `taken` or `refused` is called."""
        due = [(path, file) for path, file in self._files.items() if not file.is_out and file.due <= now][:limit]
        for path, file in due:
            self._files[path] = replace(file, is_out=True)
        return [(path, file.stamp) for path, file in due]

    def taken(self, path: str, stamp: Stamp) -> bool:
        """A file decoded. True when it still is the file that was handed out; it is then not waited for any more."""
        if not self._is_same(path, stamp):
            return False
        del self._files[path]
        return True

    def refused(self, path: str, stamp: Stamp, now: float) -> bool:
        """A file did not decode. True when it had its time: it is then not waited for any more."""
        if not self._is_same(path, stamp):
            return False
        file = self._files[path]
        if now - file.since >= self._patience_s:
            del self._files[path]
            return True
        longer = min(2 * file.retry_s, _LONGEST_RETRY_S)
        self._files[path] = replace(file, is_out=False, due=now + file.retry_s, retry_s=longer)
        return False

    def next_due(self) -> float | None:
        """When the next file is to be looked at; None = there is none."""
        return min((file.due for file in self._files.values() if not file.is_out), default=None)

    def _is_same(self, path: str, stamp: Stamp) -> bool:
        file = self._files.get(path)
        if file is None:
            return False
        self._files[path] = replace(file, is_out=False)
        return file.stamp == stamp
