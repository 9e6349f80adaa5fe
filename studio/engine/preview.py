"""Pictures for the eye: thumbnails without reading a whole photograph, and mip levels to look at one closely."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine import decode, profiles, psd, vips
from studio.engine.colour import convert, to_srgb8
from studio.engine.edits import Masks, apply_stroke
from studio.engine.image import probe, read_photo
from studio.engine.raster import DecodeError, Raster, on_white
from studio.engine.stage import Frame, StageContext
from studio.errors import PhotoError
from studio.model import Mode, Recipe, Shot, Stroke

SMALLEST_LEVEL = 256
_JUDGED_SIDE = 1024


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A picture to show. levels: level 0 and its halves, (h, w, 3) RGB or (h, w, 4) straight RGBA, uint8, sRGB-encoded.

    width, height: pixels of the whole picture (oriented), which level 0 stands for; level 0 may be smaller.
    """

    levels: tuple[NDArray[np.uint8], ...]
    width: int
    height: int


def thumbnail(path: Path, side: int) -> Preview:
    """A picture with its longer side `side` pixels at most, decoded only as far as that needs. Raises PhotoError."""
    try:
        facts = probe(path)
        if decode.needs_reading(path, facts.type):
            return _scaled(_read(path), side)
        small = vips.thumbnail(path.read_bytes(), side)
        if decode.is_adobe_rgb(path, facts.type):
            small[..., :3] = convert(small[..., :3], profiles.adobe_rgb(), None, np.uint8)
    except (*vips.ERRORS, OSError, DecodeError, PhotoError):
        return _scaled(_read(path), side)
    width, height = facts.width, facts.height
    if (width > height) != (small.shape[1] > small.shape[0]):
        width, height = height, width
    return Preview(levels=(small,), width=width, height=height)


def full(path: Path) -> Preview:
    """The whole picture with its mip levels. Raises PhotoError."""
    photo = _read(path)
    height, width = photo.pixels.shape[:2]
    return Preview(levels=mip_levels(_shown(photo)), width=width, height=height)


def _read(path: Path) -> Raster:
    """A photograph, or a PSD of ours, which is a result and never a photograph. Raises PhotoError."""
    if path.suffix.lower() != ".psd":
        return read_photo(path)
    try:
        return psd.read_merged(path)
    except DecodeError as error:
        hint = "Open it in the program that wrote it."
        raise PhotoError("Picture not shown", f"{path} is not a PSD of this program.", hint) from error


def find_masks(path: Path) -> Masks:
    """What the stage `extract` finds in a photo, without a result being made. Raises PhotoError or EngineError."""
    return _found(path, on_white(read_photo(path)))


def change_by(path: Path, stroke: Stroke) -> float:
    """How much of the garment a stroke would take away, 0..1, judged on a small copy. Raises StudioError."""
    small = thumbnail(path, _JUDGED_SIDE).levels[0][..., :3]
    masks = _found(path, Raster(pixels=np.ascontiguousarray(small)))
    before = int(masks.garment.sum(dtype=np.int64))
    apply_stroke(masks, small, stroke)
    return (before - int(masks.garment.sum(dtype=np.int64))) / max(before, 1)


def to_png(picture: NDArray[np.uint8]) -> bytes:
    """A picture (h, w, 3) uint8 RGB, or a mask (h, w), as PNG: what goes to another process."""
    shown = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".png", shown)[1].tobytes()


def from_png(data: bytes) -> NDArray[np.uint8]:
    """What `to_png` was given."""
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert found is not None
    return np.asarray(found if found.ndim == 2 else cv2.cvtColor(found, cv2.COLOR_BGR2RGB), np.uint8)


def mip_levels(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """`pixels` (h, w) or (h, w, c) and its halves, each the mean of four pixels, down to 256 on the longer side."""
    levels = [np.ascontiguousarray(pixels)]
    while max(levels[-1].shape[:2]) > SMALLEST_LEVEL:
        height, width = levels[-1].shape[:2]
        half = (max(width // 2, 1), max(height // 2, 1))
        levels.append(np.asarray(cv2.resize(levels[-1], half, interpolation=cv2.INTER_AREA), np.uint8))
    return tuple(levels)


def _scaled(photo: Raster, side: int) -> Preview:
    height, width = photo.pixels.shape[:2]
    shrink = min(1.0, side / max(height, width))
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    small = np.asarray(cv2.resize(_shown(photo), size, interpolation=cv2.INTER_AREA), np.uint8)
    return Preview(levels=(small,), width=width, height=height)


def _shown(photo: Raster) -> NDArray[np.uint8]:
    rgb = to_srgb8(photo)
    if photo.alpha is None:
        return rgb
    alpha = photo.alpha if photo.alpha.dtype == np.uint8 else (photo.alpha >> 8).astype(np.uint8)
    return cast("NDArray[np.uint8]", np.dstack([rgb, alpha]))


def _found(path: Path, photo: Raster) -> Masks:
    from studio.engine.pipeline import STAGES  # the networks: only this needs them here

    context = StageContext(recipe=Recipe(), seed=0, destination=path, review_destination=path)
    frame = STAGES[Mode.CUTOUT][0].run(Frame(shot=Shot(front=path), photo=photo), context)
    nothing = np.zeros(photo.pixels.shape[:2], np.uint8)
    return Masks(
        garment=nothing if frame.garment is None else frame.garment,
        mannequin=nothing.copy() if frame.mannequin is None else frame.mannequin,
        inner=nothing.copy() if frame.inner is None else frame.inner,
    )
