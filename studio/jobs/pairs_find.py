"""Finding the pairs of a shoot on the disk, and what an order will take before it is started."""

import concurrent.futures
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.errors import PhotoError
from studio.jobs.names import REPORT
from studio.jobs.pairs import CYCLE, Assigned, Pairing, Pairs, PhotoFact, Role, pair
from studio.jobs.pairs_store import Corrections
from studio.jobs.scan import Found, LeftOut
from studio.model import Failure, HistoryEntry, Recipe, Shot

_THREADS = 2
# Before anything was measured here: seconds and bytes for each megapixel, as on a small computer.
_SECONDS_A_MEGAPIXEL = 0.25
_BYTES_A_MEGAPIXEL = 1.2e6
_OF_USUAL_SIZE_MP = 24.0


@dataclass(frozen=True, kw_only=True)
class Request:
    """How the photos of an order are brought together. plate, bare: named for the whole order, None = as found."""

    how: Pairing = Pairing.NAME
    inside: str | None = None
    cycle: Sequence[Role] = CYCLE
    plate: Path | None = None
    bare: Path | None = None


def pairs_of(photos: Iterable[Path], request: Request, corrections: Corrections) -> dict[Path, Pairs]:
    """The pairs of each folder. Cards and times are only read where `request` asks for them; then it is slow.

    A plate or bare mannequin serves its own folder and those below it that have none of their own.
    """
    folders: dict[Path, list[Path]] = {}
    for photo in photos:
        folders.setdefault(photo.parent, []).append(photo)
    return {folder: _in_folder(found, request, corrections) for folder, found in folders.items()}


def regrouped(found: Iterable[Found], request: Request, corrections: Corrections) -> tuple[list[Found], list[LeftOut]]:
    """The photos of a scan as shots, and those that are of no use because what they belong to is missing."""
    trees = {each.shot.front: each.tree for each in found}
    folders = pairs_of(trees, request, corrections)
    shots = [
        Found(shot=_on_the_set(shot, folders, request), tree=trees[shot.front])
        for pairs in folders.values()
        for shot in pairs.shots()
    ]
    return shots, [_alone(path) for pairs in folders.values() for path in pairs.alone]


def as_found(pairs: Pairs) -> list[Assigned]:
    """Every photo of a folder with what it is, garment by garment."""
    of_set = [(pairs.plate, Role.PLATE), (pairs.bare, Role.BARE), *((card, Role.CARD) for card in pairs.cards)]
    rest = [*of_set, *((path, Role.NONE) for path in pairs.left)]
    return [each for garment in pairs.garments for each in garment.photos] + [
        Assigned(photo=path, role=role) for path, role in rest if path
    ]


def _in_folder(photos: Sequence[Path], request: Request, corrections: Corrections) -> Pairs:
    with_cards = request.how in (Pairing.AUTO, Pairing.CARDS)
    with_times = with_cards or request.how is Pairing.ORDER
    with concurrent.futures.ThreadPoolExecutor(_THREADS) as pool:
        times = pool.map(_taken_s, photos) if with_times else (None for _ in photos)
        codes = pool.map(_card, photos) if with_cards else (None for _ in photos)
        facts = [
            PhotoFact(path=path, taken_s=time, code=code) for path, time, code in zip(photos, times, codes, strict=True)
        ]
    return pair(facts, request.how, inside=request.inside, cycle=request.cycle, corrections=corrections)


def _taken_s(photo: Path) -> float | None:
    from studio.engine.cards import taken_s

    return taken_s(photo)


def _card(photo: Path) -> str | None:
    from studio.engine.cards import read_card

    try:
        return read_card(photo)
    except PhotoError:
        return None  # what is wrong with it is said when it is worked on


def _on_the_set(shot: Shot, folders: dict[Path, Pairs], request: Request) -> Shot:
    above = [folders[folder] for folder in shot.front.parents if folder in folders]
    plate = request.plate or next((pairs.plate for pairs in above if pairs.plate), None)
    bare = request.bare or next((pairs.bare for pairs in above if pairs.bare), None)
    return Shot(front=shot.front, inside=shot.inside, plate=plate, bare=bare, sku=shot.sku, view=shot.view)


def _alone(path: Path) -> LeftOut:
    message = f"{path} shows the inside of a garment whose front is not there."
    hint = "Add the front, or say what the photo is: modamoda shoot set PHOTO --role front"
    return LeftOut(path=path, why=Failure(title="Inside without a front", message=message, hint=hint), lost=False)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What an order will take. photos: to be worked on; bytes and seconds: about; free_bytes: where it goes.

    is_measured: from jobs of the same kind on this computer, rather than from a table.
    """

    photos: int
    bytes: int
    seconds: float
    free_bytes: int
    is_measured: bool

    @property
    def is_enough(self) -> bool:
        """Whether the disk has room for it."""
        return self.bytes < self.free_bytes


def estimate(
    shots: Sequence[Shot],
    recipe: Recipe,
    out: Path,
    history: Iterable[HistoryEntry],
    megapixels: Callable[[Shot], float],
    jobs_at_once: int,
) -> Estimate:
    """Look ahead, from headers of photos and from the newest jobs of this recipe; reads no picture."""
    sizes = [megapixels(shot) for shot in shots]
    whole_mp = sum(size or _OF_USUAL_SIZE_MP for size in sizes)
    rates = [rate for entry in history if (rate := _rate(entry, recipe, megapixels))]
    seconds = sum(rate[0] for rate in rates) / len(rates) if rates else _SECONDS_A_MEGAPIXEL
    each = sum(rate[1] for rate in rates) / len(rates) if rates else _BYTES_A_MEGAPIXEL
    existing = next(folder for folder in (out, *out.parents) if folder.is_dir())
    return Estimate(
        photos=len(shots),
        bytes=round(each * whole_mp),
        seconds=seconds * whole_mp / max(1, min(jobs_at_once, os.cpu_count() or 1)),
        free_bytes=shutil.disk_usage(existing).free,
        is_measured=bool(rates),
    )


def _rate(entry: HistoryEntry, recipe: Recipe, megapixels: Callable[[Shot], float]) -> tuple[float, float] | None:
    """Seconds and bytes for each megapixel that a finished job took; None = it tells nothing."""
    job = entry.job
    same = job.recipe.mode is recipe.mode and job.recipe.output.format is recipe.output.format
    if not (same and entry.files and job.recipe.engine is recipe.engine):
        return None
    size = megapixels(job.shot)
    seconds = _seconds(entry)
    try:
        written = sum(file.path.stat().st_size for file in entry.files)
    except OSError:
        return None
    return (seconds / size, written / size) if size and seconds else None


def _seconds(entry: HistoryEntry) -> float:
    """How long the stages took, from the report; 0 = it does not say."""
    report = next((file.path for file in entry.files if file.path.name.endswith(REPORT)), None)
    try:
        return float(sum(json.loads(report.read_bytes())["run"]["seconds"].values())) if report else 0.0
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0.0
