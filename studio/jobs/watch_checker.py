"""A child process that decodes and hashes files before they are taken: a file that crashes a decoder harms nobody.

One line of JSON in (a list of paths), one line of JSON out.
"""

import contextlib
import dataclasses
import importlib
import json
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from studio.errors import PhotoError
from studio.files import sha256_of
from studio.jobs.child import end_child, open_child, pipes_to_parent
from studio.jobs.watch_listing import Stamp, stamp_of

AT_ONCE = 4


class Checks(Protocol):
    """A module that knows whether a photo decodes; the engine's pipeline does."""

    def check(self, photo: Path) -> None:
        """Decode a photo to its end and keep nothing. Raises PhotoError."""
        ...


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What came of the files of one shot. hashes: empty when one of them did not decode, which title.. then tell.

    stamp: sizes and times before they were read; None = one was gone, or changed while it was read.
    """

    paths: tuple[str, ...]
    stamp: Stamp | None
    hashes: tuple[str, ...] = ()
    title: str = ""
    message: str = ""
    hint: str = ""


def look_at(paths: tuple[str, ...], engine: Checks) -> Checked:
    """Decode and hash the files of one shot."""
    before = joint_stamp(paths)
    try:
        for path in paths:
            engine.check(Path(path))
        hashes = tuple(sha256_of(Path(path)) for path in paths)
    except PhotoError as error:
        stamp = _unchanged(paths, before)
        return Checked(paths=paths, stamp=stamp, title=error.title, message=error.message, hint=error.hint)
    except OSError as error:
        message = f"{paths[0]} cannot be read: {error.strerror}."
        return Checked(paths=paths, stamp=_unchanged(paths, before), title="Photograph not readable", message=message)
    return Checked(paths=paths, stamp=_unchanged(paths, before), hashes=hashes)


def joint_stamp(paths: tuple[str, ...]) -> Stamp | None:
    """The stamps of several files one after the other; None when one is gone."""
    stamps = [stamp_of(path) for path in paths]
    return tuple(part for stamp in stamps if stamp for part in stamp) if all(stamps) else None


def _unchanged(paths: tuple[str, ...], before: Stamp | None) -> Stamp | None:
    return before if joint_stamp(paths) == before else None


class Checker:
    """The parent's side. A child that dies refuses what it had in hand, and the next request starts another."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._answers: queue.SimpleQueue[Checked | None] = queue.SimpleQueue()
        self._asked: list[tuple[str, ...]] = []
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def free(self) -> int:
        """How many more shots may be asked for now."""
        return AT_ONCE - len(self._asked)

    def start(self) -> None:
        """Have the child at hand, so that the first photo does not wait for it."""
        if self._process is None:
            self._process = open_child("studio.jobs.watch_checker", self._engine)
            threading.Thread(target=self._listen, args=(self._process,), name="checker-listener", daemon=True).start()

    def ask(self, paths: tuple[str, ...]) -> None:
        """Have these files of one shot decoded and hashed."""
        self.start()
        assert self._process
        assert self._process.stdin
        self._asked.append(paths)
        with contextlib.suppress(OSError):  # a dead child is heard of by the listener
            self._process.stdin.write(json.dumps(paths).encode() + b"\n")
            self._process.stdin.flush()

    def answers(self) -> list[Checked]:
        """What came back since the last time."""
        found: list[Checked] = []
        with contextlib.suppress(queue.Empty):
            while True:
                answer = self._answers.get_nowait()
                found += self._heard(answer)
        return found

    def _heard(self, answer: Checked | None) -> list[Checked]:
        if answer:
            self._asked.remove(answer.paths)
            return [answer]
        self.close()
        asked, self._asked = self._asked, []
        # The first one in hand made the child die; those behind it are innocent and looked at again.
        return [_crashed(paths) for paths in asked[:1]] + [Checked(paths=paths, stamp=None) for paths in asked[1:]]

    def close(self) -> None:
        """End the child at once; it has nothing to lose."""
        process, self._process = self._process, None
        if process:
            end_child(process)

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout
        with contextlib.suppress(OSError, ValueError):  # closed under our hands: the end
            for line in process.stdout:
                self._answers.put(_decoded(line))
        if process is self._process:
            self._answers.put(None)


def _crashed(paths: tuple[str, ...]) -> Checked:
    return Checked(
        paths=paths,
        stamp=joint_stamp(paths),
        title="Damaged photograph",
        message=f"{paths[0]} makes the decoder crash.",
        hint="Export it again, or save it with another program.",
    )


def _decoded(line: bytes) -> Checked:
    data = json.loads(line)
    stamp = None if data["stamp"] is None else tuple(data["stamp"])
    lists = {"paths": tuple(data["paths"]), "stamp": stamp, "hashes": tuple(data["hashes"])}
    return Checked(**(data | lists))


def main() -> None:
    """Answer requests until the parent is gone."""
    reading, writing = pipes_to_parent()
    engine = cast("Checks", importlib.import_module(sys.argv[1]))
    _answer(reading, writing, engine)


def _answer(reading: IO[bytes], writing: IO[bytes], engine: Checks) -> None:
    for line in reading:
        checked = look_at(tuple(json.loads(line)), engine)
        writing.write(json.dumps(dataclasses.asdict(checked)).encode() + b"\n")
        writing.flush()


if __name__ == "__main__":
    main()
