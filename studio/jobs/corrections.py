"""Corrections of photographs: by which content they are found, and how one photo's go over to the others of a shoot."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from studio.errors import PhotoError
from studio.files import sha256_of
from studio.jobs.store import Store
from studio.model import Edits, Stroke, StrokeKind

# Of the garment's area; what changes less is not worth another run.
LEAST_CHANGE = 0.001


def content_hash(photo: Path) -> str:
    """Hexadecimal sha256 of the photo's bytes. Raises PhotoError when it cannot be read."""
    try:
        state = photo.stat()
        return _hash(photo, state.st_mtime_ns, state.st_size)
    except OSError as error:
        hint = "Put it back, or open its folder again."
        raise PhotoError("Photo gone", f"{photo} cannot be read any more.", hint) from error


@lru_cache(maxsize=256)
def _hash(photo: Path, modified_ns: int, size_bytes: int) -> str:
    return sha256_of(photo)


def teach(store: Store, photo: Path, others: Iterable[Path]) -> list[Path]:
    """Give the look of what was painted as mannequin in `photo` to `others`; returns those whose masks it changes.

    Raises PhotoError for `photo` itself; another photo that cannot be read is left out.
    """
    from studio.engine.edits import look_of
    from studio.engine.preview import full

    strokes = store.edits_of(content_hash(photo)).strokes
    look = look_of(full(photo).levels[0][..., :3], strokes)
    return [other for other in others if look and other != photo and _learn(store, other, look)]


def _learn(store: Store, photo: Path, look: Stroke) -> bool:
    from studio.engine.preview import change_by

    try:
        key = content_hash(photo)
        edits = store.edits_of(key)
        own = tuple(stroke for stroke in edits.strokes if stroke.kind is not StrokeKind.LOOK)
        taught: Edits = replace(edits, strokes=(look, *own))
        if taught == edits or change_by(photo, look) < LEAST_CHANGE:
            return False
    except PhotoError:
        return False
    store.keep_edits(key, taught)
    return True
