"""What crosses the pipe between the program and its worker: one line of JSON for each message."""

import dataclasses
import json
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Orders:
    """How a worker is started.

    parent: id of the lock its parent holds. engine: dotted name of the engine's module. compiles: whether the studio
    engine's networks are compiled.
    """

    home: str
    parent: str
    engine: str
    jobs_at_once: int
    megapixels_at_once: int
    compiles: bool = False


@dataclass(frozen=True)
class Take:
    """To the worker: these jobs are yours to claim, besides those named before."""

    jobs: list[str]


@dataclass(frozen=True)
class Stop:
    """To the worker: put everything back and end."""


@dataclass(frozen=True)
class Hello:
    """From the worker, before anything else: its id."""

    worker: str


@dataclass(frozen=True)
class Ready:
    """From the worker: the engine is loaded."""


@dataclass(frozen=True)
class Changed:
    """From the worker: it changed a job's status; the database says the rest."""

    job: str
    status: str


@dataclass(frozen=True)
class Working:
    """From the worker: how far a job is, 0..1."""

    job: str
    stage: str
    fraction: float


@dataclass(frozen=True)
class Broken:
    """From the worker, its last words: it can do no job at all, and why."""

    title: str
    message: str
    hint: str


Message = Take | Stop | Hello | Ready | Changed | Working | Broken
_KINDS: dict[str, type[Message]] = {
    kind.__name__: kind for kind in (Take, Stop, Hello, Ready, Changed, Working, Broken)
}


def encode(message: Message) -> bytes:
    """The message as one line. Pure ASCII: file names may hold bytes that are no text."""
    return json.dumps([type(message).__name__, dataclasses.asdict(message)]).encode() + b"\n"


def decode(line: bytes) -> Message:
    """The message of one line."""
    name, fields = json.loads(line)
    return _KINDS[name](**fields)
