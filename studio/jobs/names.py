"""Names of results: what a disk takes, and never two results under one name."""

import hashlib
import itertools
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from studio import naming
from studio.model import Job, Recipe, Shot, Template

REPORT = ".report.json"
"""What a result's report has behind the result's name."""

# What is written behind a destination's name: the longest ending, and room for a number when the name is taken.
_ENDINGS = len(REPORT) + len("-9999")
_USUAL_LIMIT = 255
REVIEW_FOLDER = "_review"


def with_copy(destination: Path, copy: int) -> Path:
    """The destination's name for copy number `copy`; the first copy has the plain name."""
    return destination if copy == 1 else destination.with_name(f"{destination.name}-{copy}")


def out_folder(job: Job) -> Path:
    """The output folder of the order a job came from: what its `_review` stands in."""
    parents = job.review_destination.parents
    return next((parent.parent for parent in parents if parent.name == REVIEW_FOLDER), job.destination.parent)


def name_limit(folder: Path) -> int:
    """How many bytes a file's name may have in `folder`, or in its nearest parent that exists."""
    existing = next(parent for parent in (folder, *folder.parents) if os.path.exists(parent))
    try:
        return min(_USUAL_LIMIT, os.pathconf(existing, "PC_NAME_MAX"))
    except (AttributeError, OSError, ValueError):
        return _USUAL_LIMIT


def shortened(name: str, limit: int) -> str:
    """`name` in at most `limit` bytes: cut at a character, with a mark made of the whole name at its end."""
    if len(os.fsencode(name)) <= limit:
        return name
    mark = "~" + hashlib.sha256(os.fsencode(name)).hexdigest()[:8]
    cut = name
    while len(os.fsencode(cut)) > limit - len(mark):
        cut = cut[:-1]
    return cut + mark


class Names:
    """Gives every photo of one order its destination below `out`, in the order of the calls.

    had: where photos had their results before, the latest last: there they have them again if the pattern gives it.
    """

    def __init__(
        self,
        out: Path,
        pattern: str,
        channels: tuple[Template, ...] = (),
        *,
        had: Mapping[Path, Sequence[Path]] | None = None,
    ) -> None:
        naming.check(pattern)
        self._out = out
        self._pattern = pattern
        self._channels = channels
        self._limit = name_limit(out)
        self._had = had or {}
        self._taken: set[tuple[str, ...]] = set()

    def keeps(self, tree: Path, shot: Shot, number: int) -> bool:
        """Whether a photo has a place below `out` that it may keep."""
        return self._kept(tree, shot, number) is not None

    def destination(self, tree: Path, front: Path, shot: Shot | None = None, number: int = 1) -> tuple[Path, Path]:
        """The destination and the review destination, both without suffix, of a photo found in folder `tree`.

        shot: what it belongs to, where more is known than its name says. number: of the photo in its order.

        Names that differ only in case or in their Unicode form count as one, because some disks think so: `a.tif`
        beside `a.jpg` becomes `a-tif`, then numbers follow.
        """
        shot = shot or Shot(front=front)
        plain, with_suffix = self._first_names(shot, number)
        names = itertools.chain((plain, with_suffix), (f"{plain}-{copy}" for copy in itertools.count(2)))
        kept = self._kept(tree, shot, number)
        place = self._first_free(itertools.chain(() if kept is None else (kept,), self._places(tree, names)))
        return self._out / place, self._out / REVIEW_FOLDER / place

    def channels(self, tree: Path, shot: Shot, number: int = 1) -> tuple[str, ...]:
        """The file's name, without ending, for each sales channel; to be called after `destination` of the same photo.

        Two photos of one order never get one name in one channel: the channel's rule for the next name is followed.
        """
        facts = self._facts(shot, number)
        return tuple(self._channel(tree, facts, template) for template in self._channels)

    def _channel(self, tree: Path, facts: naming.Facts, template: Template) -> str:
        names = (naming.channel_name(facts, template, copy) for copy in itertools.count())
        return self._first_free(self._places(tree / template.name, names)).name

    def _first_names(self, shot: Shot, number: int) -> tuple[str, str]:
        name = named(self._pattern, self._facts(shot, number))
        return name, f"{name}-{shot.front.suffix.removeprefix('.').lower()}"

    def _kept(self, tree: Path, shot: Shot, number: int) -> Path | None:
        """The latest of a photo's earlier places that the pattern gives it in this folder of the tree."""
        had = self._had.get(shot.front, ())
        if not had:
            return None
        names = self._first_names(shot, number)
        plain, with_suffix = self._places(tree, names)
        copies = re.compile(re.escape(names[0]) + r"-\d+")
        for destination in reversed(had):
            place = destination.relative_to(self._out)
            is_copy = place.parent == plain.parent and copies.fullmatch(place.name)
            if place in (plain, with_suffix) or is_copy:
                return place
        return None

    def _places(self, tree: Path, names: Iterable[str]) -> Iterator[Path]:
        folders = Path(*(shortened(part, self._limit) for part in tree.parts))
        return (folders / shortened(name, self._limit - _ENDINGS) for name in names)

    def _first_free(self, places: Iterator[Path]) -> Path:
        place = next(place for place in places if _key(place) not in self._taken)
        self._taken.add(_key(place))
        return place

    def _facts(self, shot: Shot, number: int) -> naming.Facts:
        patterns = (self._pattern, *(template.output.name for template in self._channels))
        return facts_of(shot, number, with_date=any("{date" in pattern for pattern in patterns))


def named(pattern: str, facts: naming.Facts) -> str:
    """The name by a pattern. The photo's own name alone stays as this disk holds it; any other is legal everywhere."""
    if pattern == "{stem}" and os.name != "nt":
        return facts.stem
    return naming.legal(naming.filled(pattern, facts))


def facts_of(shot: Shot, index: int, *, with_date: bool) -> naming.Facts:
    """What a photo's results can be named by. with_date: the day is looked up in the file."""
    return naming.Facts(
        stem=shot.front.stem,
        index=index,
        date=_day(shot.front) if with_date else "",
        shoot=shot.front.parent.name,
        sku=shot.sku or None,
        view=shot.view if shot.view != "front" else None,
    )


def example_names(recipe: Recipe, photo: Path) -> dict[str, str]:
    """What the files of a photo that comes alone are called, by channel; "" = the result itself. Raises RecipeError."""
    with_date = "{date" in recipe.output.name
    own = named(recipe.output.name, facts_of(Shot(front=photo), 1, with_date=with_date))
    names = first_names(recipe, Shot(front=photo))
    files = {each.name: f"{name}.{each.output.format}" for each, name in zip(recipe.channels, names, strict=True)}
    return {"": f"{own}.{recipe.output.format}"} | files


def first_names(recipe: Recipe, shot: Shot) -> tuple[str, ...]:
    """The file's name for each sales channel, for a photo that comes alone."""
    with_date = any("{date" in template.output.name for template in recipe.channels)
    facts = facts_of(shot, 1, with_date=with_date)
    return tuple(naming.channel_name(facts, template) for template in recipe.channels)


def with_names(recipe: Recipe, names: Sequence[str]) -> Recipe:
    """The recipe of one job: the naming rule of each channel is the name itself."""
    if not names:
        return recipe
    pairs = zip(recipe.channels, names, strict=True)
    return replace(
        recipe,
        channels=tuple(replace(each, output=replace(each.output, name=name)) for each, name in pairs),
    )


def _day(photo: Path) -> str:
    """The day a photo was taken, as its file says, or else the day the file was last written to; "" = unreadable."""
    from studio.engine.image import day_taken

    try:
        return day_taken(photo) or date.fromtimestamp(photo.stat().st_mtime).isoformat()
    except OSError:
        return ""


def _key(place: Path) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", part).casefold() for part in place.parts)
