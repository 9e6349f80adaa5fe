"""Names of results: what a disk takes, and never two results under one name."""

import hashlib
import itertools
import os
import unicodedata
from pathlib import Path

from studio.model import Job

# What is written behind a destination's name: the longest ending, and room for a number when the name is taken.
_ENDINGS = len(".report.json") + len("-9999")
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
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
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
    """Gives every photo of one order its destination below `out`, in the order of the calls."""

    def __init__(self, out: Path, template: str) -> None:
        self._out = out
        self._template = template
        self._limit = name_limit(out)
        self._taken: set[tuple[str, ...]] = set()

    def destination(self, tree: Path, front: Path) -> tuple[Path, Path]:
        """The destination and the review destination, both without suffix, of a photo found in folder `tree`.

        Names that differ only in case or in their Unicode form count as one, because some disks think so: `a.tif`
        beside `a.jpg` becomes `a-tif`, then numbers follow.
        """
        stem = self._template.replace("{stem}", front.stem)
        suffix = front.suffix.removeprefix(".").lower()
        folders = Path(*(shortened(part, self._limit) for part in tree.parts))
        candidates = itertools.chain((stem, f"{stem}-{suffix}"), (f"{stem}-{number}" for number in itertools.count(2)))
        places = (folders / shortened(name, self._limit - _ENDINGS) for name in candidates)
        place = next(place for place in places if _key(place) not in self._taken)
        self._taken.add(_key(place))
        return self._out / place, self._out / REVIEW_FOLDER / place


def _key(place: Path) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", part).casefold() for part in place.parts)
