"""Intake: from what a person ordered to jobs in the queue, each piece of work once."""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from studio import naming
from studio.errors import UsageError
from studio.files import RealNames, real_place, sha256_of
from studio.jobs.locks import Lock
from studio.jobs.names import Names, facts_of, first_names, out_folder, with_names
from studio.jobs.outputs import OurOutput
from studio.jobs.pairs import CYCLE, Pairing, Role
from studio.jobs.pairs_find import Request, regrouped
from studio.jobs.pairs_store import Corrections
from studio.jobs.scan import Found, LeftOut, scan
from studio.jobs.store import OPEN, Store
from studio.model import HistoryEntry, Job, JobStatus, LevelStep, Recipe, Shot

UNREADABLE = ""
NO_EDITS = 0


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for.

    paths: files and folders. inside: name pattern of inside photos, None = there are none. again: do finished work once
    more. pairs: how photos are brought together, None = by `inside` alone. cycle: the roles in which each garment was
    photographed. plate, bare: frames of the set, None = as the pairs say.
    """

    paths: tuple[Path, ...]
    out: Path
    recipe: Recipe
    inside: str | None = None
    again: bool = False
    pairs: Pairing | None = None
    cycle: tuple[Role, ...] = CYCLE
    plate: Path | None = None
    bare: Path | None = None

    def request(self) -> Request:
        """How the photos are brought together."""
        how = self.pairs or Pairing.NAME
        return Request(how=how, inside=self.inside, cycle=self.cycle, plate=self.plate, bare=self.bare)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A shot of an order, with the places of its result. source: its path relative to the root given.

    names: of its files for the recipe's sales channels, without endings; empty = they are still to be chosen. level:
    how it is brought in line with its shoot, None = it is not.
    """

    shot: Shot
    source: Path
    destination: Path
    review_destination: Path
    names: tuple[str, ...] = ()
    level: LevelStep | None = None


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


def plan(order: Order, store: Store, corrections: Corrections | None = None) -> Plan:
    """Look up an order on the disk; no photograph is read unless pairs are to be found in them. Raises UsageError.

    corrections: what a person said about photos; where there is something, the photos are brought together by it.
    """
    order = _with_places(order)
    out = order.out
    ours = OurOutput(out, store)
    is_paired = order.pairs is not None or bool(corrections)
    found = scan(order.paths, inside=None if is_paired else order.inside, ours=ours)
    if is_paired:
        found.shots, alone = regrouped(found.shots, order.request(), corrections or {})
        found.left_out += alone
    shots = [item if is_paired else _on_the_set(item, order) for item in found.shots if not _is_of_the_set(item, order)]
    return Plan(
        order=order, shots=_named(shots, order.recipe, out, store, ours.callings), left_out=tuple(found.left_out)
    )


def _named(shots: list[Found], recipe: Recipe, out: Path, store: Store, callings: Iterable[Path]) -> tuple[Wanted, ...]:
    """Every shot with its places below `out`. Photos that keep a place there choose before those that came since."""
    had = _places_had([each.shot.front for each in shots], out, callings, store)
    names = Names(out, recipe.output.name, recipe.channels, had=had)
    numbered = sorted(enumerate(shots, 1), key=lambda each: not names.keeps(each[1].tree, each[1].shot, each[0]))
    wanted = {number: _wanted(found, names, number) for number, found in numbered}
    return tuple(wanted[number] for number in sorted(wanted))


def _places_had(fronts: list[Path], out: Path, callings: Iterable[Path], store: Store) -> dict[Path, list[Path]]:
    """The places below `out` that each photo was ever given, the latest under its folder's present name last.

    However a photo was reached then, through a link or without it.
    """
    real, had = RealNames(), dict[Path, list[Path]]()
    for called in (*sorted(set(callings) - {out}), out) if fronts else ():
        for front, places in store.places_below(called).items():
            had.setdefault(real(front), []).extend(out / place.relative_to(called) for place in places)
    return {front: had[real(front)] for front in fronts if real(front) in had}


def _with_places(order: Order) -> Order:
    """The order with absolute paths of output and frames. Raises UsageError for a frame that does not exist."""
    out = Path(os.path.abspath(order.out))
    return replace(order, out=out, plate=frame_place(order.plate), bare=frame_place(order.bare))


def frame_place(frame: Path | None) -> Path | None:
    """The absolute path of a frame of the set, None = there is none. Raises UsageError for one that does not exist."""
    if frame and not os.path.isfile(frame):
        raise UsageError("Not found", f"{frame} does not exist.", "Check the name of the photo of the set.")
    return Path(os.path.abspath(frame)) if frame else None


def _is_of_the_set(found: Found, order: Order) -> bool:
    return found.shot.front in (order.plate, order.bare)


def _on_the_set(found: Found, order: Order) -> Found:
    return replace(found, shot=replace(found.shot, plate=order.plate, bare=order.bare))


def _wanted(found: Found, names: Names, number: int) -> Wanted:
    destination, review_destination = names.destination(found.tree, found.shot.front, found.shot, number)
    return Wanted(
        shot=found.shot,
        source=found.tree / found.shot.front.name,
        destination=destination,
        review_destination=review_destination,
        names=names.channels(found.tree, found.shot, number),
    )


def take_in(plan: Plan, store: Store, locks: Path) -> Iterator[Taken | Skipped]:
    """Hash the photos of a plan one by one and queue what is not done yet.

    Left before its end, the rest is taken in by `take_in_rest`. locks: the folder of the lock that says who is at it.
    """
    order_id = secrets.token_hex(6)
    lock = Lock.wait_for(locks / f"{order_id}.lock")
    try:
        store.open_order(order_id, encode(plan))
        callings = OurOutput(plan.order.out, store).callings
        for wanted in plan.shots:
            yield take_in_one(wanted, plan.order, store, callings)
        store.close_order(order_id)
    finally:
        lock.release(remove=True)


def take_in_rest(store: Store, locks: Path) -> None:
    """Queue what orders left behind that were being taken in when their program died or was stopped."""
    for order_id, text, since in store.open_orders():
        if lock := Lock.take(locks / f"{order_id}.lock"):
            try:
                plan = decode(text)
                callings = OurOutput(plan.order.out, store).callings
                for wanted in plan.shots:
                    take_in_one(wanted, plan.order, store, callings, since=since)
                store.close_order(order_id)
            finally:
                lock.release(remove=True)


def take_in_one(
    wanted: Wanted, order: Order, store: Store, callings: Iterable[Path], *, since: datetime | None = None
) -> Taken | Skipped:
    """Queue one shot, unless the same work is done and its files still stand as they were written.

    Work that waits under a number or view that was corrected since becomes the work asked for now; where that is done
    already, it ends.

    callings: every name by which the output folder was ordered into before. since: a job made after that time was made
    for this very order and is not made twice, whatever became of it.
    """
    job, keys = _job_and_keys(wanted, order, store, callings)
    added = None
    while added is None:  # again, when the same work was finished by another program while we looked
        same = store.of_intake_keys(keys)
        outdated = None if since else _waiting_otherwise(job, store)
        for entry in same:
            if outdated and entry.job.id == outdated.id:
                continue
            if entry.job.status in OPEN or (since and entry.job.created_at >= since):
                return Taken(job=entry.job)
            if not order.again and _is_done(entry, wanted.shot):
                if outdated:
                    store.cancel(outdated.id)
                return Skipped(photo=wanted.shot.front, entry=entry)
        added = store.correct(outdated.id, job) if outdated else store.add_knowing(job, same)
    return Taken(job=added)


def _waiting_otherwise(job: Job, store: Store) -> Job | None:
    """A job that waits to make the same of the same photo, in the same folder, but under another number or view."""

    def work(of: Job) -> tuple[Hashes, str, str]:
        return (
            hashes_in(of),
            os.path.realpath(out_folder(of)),
            with_names(of.recipe, [""] * len(of.recipe.channels)).fingerprint,
        )

    waiting = (entry.job for entry in store.waiting(job.shot.front))
    return next((each for each in waiting if _told(each.shot) != _told(job.shot) and work(each) == work(job)), None)


def to_do(plan: Plan, store: Store) -> Plan:
    """The shots of a plan that an intake would not skip."""
    callings = OurOutput(plan.order.out, store).callings
    if plan.order.again or not callings:
        return plan  # nothing was ever ordered into that folder: no photo need be read
    return replace(plan, shots=tuple(each for each in plan.shots if not _is_skipped(each, plan.order, store, callings)))


def _is_skipped(wanted: Wanted, order: Order, store: Store, callings: Iterable[Path]) -> bool:
    _, keys = _job_and_keys(wanted, order, store, callings)
    return any(_is_done(entry, wanted.shot) for entry in store.of_intake_keys(keys))


def _job_and_keys(wanted: Wanted, order: Order, store: Store, callings: Iterable[Path]) -> tuple[Job, set[str]]:
    """The job that a shot would become, and every key under which the same work may stand in the history."""
    job = job_for(wanted, order.recipe, store, hashes_of(wanted.shot))
    return job, {job.intake_key, *_keys_by_name(job, wanted.source, store, callings)}


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


def _encoded(wanted: Wanted) -> dict[str, Any]:
    places = {"source": wanted.source, "destination": wanted.destination, "review": wanted.review_destination}
    shot = wanted.shot
    photos = {"front": shot.front, "inside": shot.inside, "plate": shot.plate, "bare": shot.bare}
    paths = {name: str(path) if path else None for name, path in (places | photos).items()}
    level = asdict(wanted.level) if wanted.level else None
    return paths | {"sku": shot.sku, "view": shot.view, "names": wanted.names, "level": level}


def _decoded(fields: dict[str, Any]) -> Wanted:
    photos = {name: Path(fields[name]) for name in ("inside", "plate", "bare") if fields.get(name)}
    return Wanted(
        shot=Shot(front=Path(fields["front"]), **photos, sku=fields.get("sku", ""), view=fields.get("view", "front")),
        source=Path(fields["source"]),
        destination=Path(fields["destination"]),
        review_destination=Path(fields["review"]),
        names=tuple(fields.get("names", ())),
        level=LevelStep(**fields["level"]) if fields.get("level") else None,
    )


def again(job: Job, store: Store) -> Job:
    """Queue the work of a finished job once more, on the photos as they are now."""
    hashes = hashes_of(job.shot)
    same = hashes == hashes_in(job)
    key = job.intake_key if same else hashlib.sha256(f"{job.intake_key}{hashes}".encode()).hexdigest()
    fresh = {"id": secrets.token_hex(6), "status": JobStatus.QUEUED, "attempts": 0, "created_at": datetime.now(UTC)}
    changes = {
        **hashes.fields(),
        "intake_key": key,
        "finished_at": None,
        "error": None,
    }
    return store.add(replace(job, **fresh, **changes))


def _is_done(entry: HistoryEntry, shot: Shot) -> bool:
    """Whether a job is the finished work on a shot: its files stand, and its report says the same number and view.

    These are no part of the key, for most photos never get any; but files for channels are named by the report.
    """
    is_over = entry.job.status in (JobStatus.DONE, JobStatus.NEEDS_REVIEW)
    return is_over and _told(entry.job.shot) == _told(shot) and stands(entry)


def _told(shot: Shot) -> str:
    return naming.filled("{sku} {view}", facts_of(shot, 1, with_date=False))


def stands(entry: HistoryEntry) -> bool:
    """Whether every result file of a job still stands with the content that was recorded."""
    return bool(entry.files) and all(hash_or_none(file.path) == file.sha256 for file in entry.files)


def hash_or_none(path: Path) -> str | None:
    """The sha256 of a file, None when it cannot be read."""
    try:
        return sha256_of(path)
    except OSError:
        return None


def job_for(wanted: Wanted, recipe: Recipe, store: Store, hashes: "Hashes") -> Job:
    """The job that a shot becomes; hashes are those of its photos."""
    seed_text = f"{hashes.front}{recipe.fingerprint}"
    recipe = replace(recipe, level=wanted.level or recipe.level)
    recipe = with_names(recipe, wanted.names or first_names(recipe, wanted.shot))
    return Job(
        id=secrets.token_hex(6),
        shot=wanted.shot,
        **hashes.fields(),
        recipe=recipe,
        seed=int(hashlib.sha256(seed_text.encode()).hexdigest()[:8], 16),
        destination=wanted.destination,
        review_destination=wanted.review_destination,
        intake_key=_key(hashes, recipe, wanted.source, real_place(wanted.destination), store),
        created_at=datetime.now(UTC),
    )


def _key(hashes: "Hashes", recipe: Recipe, source: Path, destination: Path, store: Store) -> str:
    """What two jobs that are the same work have in common."""
    identity = (hashes.front, hashes.inside, recipe.fingerprint, store.edits_of(hashes.front).revision or NO_EDITS)
    identity += (os.fsencode(source).hex(), os.fsencode(destination).hex())
    if hashes.plate or hashes.bare:
        identity += (hashes.plate, hashes.bare)
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()


def _keys_by_name(job: Job, source: Path, store: Store, callings: Iterable[Path]) -> Iterator[str]:
    """The keys that earlier versions gave the same work: they took the output folder by what it was called."""
    place = job.destination.relative_to(out_folder(job))
    for destination in {called / place for called in callings} - {real_place(job.destination)}:
        yield _key(hashes_in(job), job.recipe, source, destination, store)


@dataclass(frozen=True)
class Hashes:
    """Hexadecimal sha256 of the photos of a shot, None = there is no such photo, UNREADABLE = it cannot be read."""

    front: str
    inside: str | None = None
    plate: str | None = None
    bare: str | None = None

    def fields(self) -> dict[str, Any]:
        """As the fields of a job."""
        names = ("source_hash", "inside_hash", "plate_hash", "bare_hash")
        return dict(zip(names, (self.front, self.inside, self.plate, self.bare), strict=True))


def hashes_in(job: Job) -> Hashes:
    """Those of the photos that a job was made for."""
    return Hashes(job.source_hash, job.inside_hash, job.plate_hash, job.bare_hash)


def hashes_of(shot: Shot) -> Hashes:
    """The photos' hashes; a photo that cannot be read becomes a job too, and the worker says what is wrong with it."""
    rest = [(hash_or_none(path) or UNREADABLE) if path else None for path in (shot.inside, shot.plate, shot.bare)]
    return Hashes(hash_or_none(shot.front) or UNREADABLE, *rest)
