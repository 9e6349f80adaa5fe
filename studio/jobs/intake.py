"""Intake: from what a person ordered to jobs in the queue, each piece of work once."""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from studio.files import sha256_of
from studio.jobs.locks import Lock
from studio.jobs.names import Names
from studio.jobs.scan import Found, LeftOut, scan
from studio.jobs.store import Store
from studio.model import HistoryEntry, Job, JobStatus, Recipe, Shot

UNREADABLE = ""
NO_EDITS = 0


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for. paths: files and folders; inside: name pattern of inside photos, None = there are none;
    again: do finished work once more."""

    paths: tuple[Path, ...]
    out: Path
    recipe: Recipe
    inside: str | None = None
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A shot of an order, with the places of its result. source: its path relative to the root given."""

    shot: Shot
    source: Path
    destination: Path
    review_destination: Path


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An order looked up on the disk: its shots in a fixed order, and the folders not looked into."""

    order: Order
    shots: tuple[Wanted, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A shot that is in the queue, by this intake or already before it."""

    job: Job


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """A shot that needs nothing: the same work was done by `entry`, and its files still stand."""

    photo: Path
    entry: HistoryEntry


def plan(order: Order, store: Store) -> Plan:
    """Look up an order on the disk, without reading any photograph. Raises UsageError."""
    out = Path(os.path.abspath(order.out))
    ours = _OurOutput(out, [Path(os.path.abspath(path)) for path in order.paths], store)
    found = scan(order.paths, inside=order.inside, ours=ours)
    names = Names(out, order.recipe.output.name)
    return Plan(order=order, shots=tuple(_wanted(item, names) for item in found.shots), left_out=tuple(found.left_out))


class _OurOutput:
    """Whether a path met in a walk is our own output: the output folder inside an input folder, or a recorded file."""

    def __init__(self, out: Path, roots: list[Path], store: Store) -> None:
        self._out = out
        self._recorded = {path for root in roots if root.is_dir() for path in store.results_below(root)}

    def __call__(self, path: Path) -> bool:
        return path == self._out or path in self._recorded


def _wanted(found: Found, names: Names) -> Wanted:
    destination, review_destination = names.destination(found.tree, found.shot.front)
    return Wanted(
        shot=found.shot,
        source=found.tree / found.shot.front.name,
        destination=destination,
        review_destination=review_destination,
    )


def take_in(plan: Plan, store: Store, locks: Path) -> Iterator[Taken | Skipped]:
    """Hash the photos of a plan one by one and queue what is not done yet.

    Left before its end, the rest is taken in by `take_in_rest`. locks: the folder of the lock that says who is at it.
    """
    order_id = secrets.token_hex(6)
    lock = Lock.wait_for(locks / f"{order_id}.lock")
    try:
        store.open_order(order_id, encode(plan))
        for wanted in plan.shots:
            yield take_in_one(wanted, plan.order, store)
        store.close_order(order_id)
    finally:
        lock.release(remove=True)


def take_in_rest(store: Store, locks: Path) -> None:
    """Queue what orders left behind that were being taken in when their program died or was stopped."""
    for order_id, text, since in store.open_orders():
        if lock := Lock.take(locks / f"{order_id}.lock"):
            try:
                plan = decode(text)
                for wanted in plan.shots:
                    take_in_one(wanted, plan.order, store, since=since)
                store.close_order(order_id)
            finally:
                lock.release(remove=True)


def take_in_one(wanted: Wanted, order: Order, store: Store, *, since: datetime | None = None) -> Taken | Skipped:
    """Queue one shot, unless the same work is done and its files still stand as they were written.

    since: a job made after that time was made for this very order and is not made twice, whatever became of it.
    """
    job = _job(wanted, order.recipe, store)
    added = None
    while added is None:  # again, when the same work was finished by another program while we looked
        same = store.of_intake_key(job.intake_key)
        for entry in same:
            if since and entry.job.created_at >= since:
                return Taken(job=entry.job)
            if not order.again and entry.job.status in (JobStatus.DONE, JobStatus.NEEDS_REVIEW) and stands(entry):
                return Skipped(photo=wanted.shot.front, entry=entry)
        added = store.add_knowing(job, same)
    return Taken(job=added)


def encode(plan: Plan) -> str:
    """A plan as JSON: what `take_in` needs of it, nothing about folders left out."""
    order = {"recipe": plan.order.recipe.to_json(), "out": str(plan.order.out), "again": plan.order.again}
    return json.dumps({"order": order, "shots": [_encoded(wanted) for wanted in plan.shots]})


def decode(text: str) -> Plan:
    """The plan that `encode` wrote."""
    data = json.loads(text)
    words = data["order"]
    order = Order(paths=(), out=Path(words["out"]), recipe=Recipe.from_json(words["recipe"]), again=words["again"])
    return Plan(order=order, shots=tuple(_decoded(fields) for fields in data["shots"]), left_out=())


def _encoded(wanted: Wanted) -> dict[str, str | None]:
    places = {"source": wanted.source, "destination": wanted.destination, "review": wanted.review_destination}
    photos = {"front": wanted.shot.front, "inside": wanted.shot.inside}
    return {name: str(path) if path else None for name, path in (places | photos).items()}


def _decoded(fields: dict[str, str]) -> Wanted:
    return Wanted(
        shot=Shot(front=Path(fields["front"]), inside=Path(fields["inside"]) if fields["inside"] else None),
        source=Path(fields["source"]),
        destination=Path(fields["destination"]),
        review_destination=Path(fields["review"]),
    )


def again(job: Job, store: Store) -> Job:
    """Queue the work of a finished job once more, on the photos as they are now."""
    source_hash, inside_hash = hashes = _hashes(job.shot)
    same = hashes == (job.source_hash, job.inside_hash)
    key = job.intake_key if same else hashlib.sha256(f"{job.intake_key}{hashes}".encode()).hexdigest()
    fresh = {"id": secrets.token_hex(6), "status": JobStatus.QUEUED, "attempts": 0, "created_at": datetime.now(UTC)}
    changes = {
        "source_hash": source_hash,
        "inside_hash": inside_hash,
        "intake_key": key,
        "finished_at": None,
        "error": None,
    }
    return store.add(replace(job, **fresh, **changes))


def stands(entry: HistoryEntry) -> bool:
    """Whether every result file of a job still stands with the content that was recorded."""
    return bool(entry.files) and all(hash_or_none(file.path) == file.sha256 for file in entry.files)


def hash_or_none(path: Path) -> str | None:
    """The sha256 of a file, None when it cannot be read."""
    try:
        return sha256_of(path)
    except OSError:
        return None


def _job(wanted: Wanted, recipe: Recipe, store: Store) -> Job:
    source_hash, inside_hash = _hashes(wanted.shot)
    edits_revision = store.edits_of(source_hash).revision
    identity = (source_hash, inside_hash, recipe.fingerprint, edits_revision or NO_EDITS)
    identity += (os.fsencode(wanted.source).hex(), os.fsencode(wanted.destination).hex())
    return Job(
        id=secrets.token_hex(6),
        shot=wanted.shot,
        source_hash=source_hash,
        inside_hash=inside_hash,
        recipe=recipe,
        seed=int(hashlib.sha256(f"{source_hash}{recipe.fingerprint}".encode()).hexdigest()[:8], 16),
        destination=wanted.destination,
        review_destination=wanted.review_destination,
        intake_key=hashlib.sha256(json.dumps(identity).encode()).hexdigest(),
        created_at=datetime.now(UTC),
    )


def _hashes(shot: Shot) -> tuple[str, str | None]:
    """The photos' hashes; a photo that cannot be read becomes a job too, and the worker says what is wrong with it."""
    inside_hash = (hash_or_none(shot.inside) or UNREADABLE) if shot.inside else None
    return hash_or_none(shot.front) or UNREADABLE, inside_hash
