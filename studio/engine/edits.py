"""A person's corrections, replayed: strokes that say what is garment, mannequin or background.

A stroke has a coverage of its own (0..1); the mask of its region rises to it, the masks of the others give way to it.
Replaying the same strokes over the same masks gives the same masks, so strokes are all that is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.model import Edits, Region, Stroke, StrokeKind

Mask = NDArray[np.uint8]
Floats = NDArray[np.float32]

# How far (CIE76 over 8-bit Lab) a colour may lie from those under the brush and belong to them, and where that ends.
_ALIKE = 9.0
_UNLIKE = 22.0
_SAMPLES = 24
_GROW_TOLERANCE = 14
_LOOK_SIDE = 1024


@dataclass(frozen=True, kw_only=True)
class Masks:
    """Who is who in a photograph: uint8 soft coverage 0..255 of one shape (H, W), photo geometry."""

    garment: Mask
    mannequin: Mask
    inner: Mask


@dataclass(frozen=True, kw_only=True)
class Box:
    """A part of a photograph in whole pixels: left, top included, right, bottom not."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """The box as indices of an (H, W) array."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def replay(masks: Masks, picture: NDArray[np.uint8], edits: Edits) -> Masks:
    """The masks after all strokes of `edits`, as new arrays. picture: the photo, (H, W, 3) uint8, sRGB-encoded."""
    return replay_strokes(masks, picture, edits.strokes)


def replay_strokes(masks: Masks, picture: NDArray[np.uint8], strokes: Iterable[Stroke]) -> Masks:
    """The masks after `strokes`, in order, as new arrays."""
    made = Masks(garment=masks.garment.copy(), mannequin=masks.mannequin.copy(), inner=masks.inner.copy())
    for stroke in strokes:
        apply_stroke(made, picture, stroke)
    return made


def apply_stroke(masks: Masks, picture: NDArray[np.uint8], stroke: Stroke) -> Box | None:
    """Change `masks` in place by one stroke and return the box that changed, None when it lies outside the photo."""
    height, width = masks.garment.shape
    box = box_of(stroke, width, height)
    if box is None:
        return None
    look = stroke.kind is StrokeKind.LOOK
    coverage = _looked(stroke, masks, picture) if look else _coverage(stroke, box, picture)
    _lay(masks, box, stroke.region, coverage)
    return box


def look_of(picture: NDArray[np.uint8], strokes: Iterable[Stroke]) -> Stroke | None:
    """The look of what was painted as mannequin, as a stroke for other photographs of the shoot; None = nothing was."""
    height, width = picture.shape[:2]
    colours: list[NDArray[np.uint8]] = []
    for stroke in strokes:
        box = box_of(stroke, width, height)
        if stroke.region is Region.MANNEQUIN and stroke.kind is not StrokeKind.LOOK and box:
            taken = _coverage(stroke, box, picture) > 0.9
            colours.append(_lab(picture[box.slices])[taken])
    if not colours or not sum(map(len, colours)):
        return None
    found = np.concatenate(colours)
    # Sorted by lightness and evenly chosen: the same strokes give the same look.
    chosen = found[np.lexsort(found.T)][np.linspace(0, len(found) - 1, _SAMPLES).astype(int)]
    unique = tuple(dict.fromkeys((int(light), int(a), int(b)) for light, a, b in chosen))
    return Stroke(kind=StrokeKind.LOOK, region=Region.MANNEQUIN, points=(), colours=unique)


def box_of(stroke: Stroke, width: int, height: int) -> Box | None:
    """The part of a photo of that size which a stroke can change; None when it lies outside."""
    if stroke.kind is StrokeKind.LOOK:
        return Box(left=0, top=0, right=width, bottom=height)
    points = np.asarray(stroke.points, np.float32)
    margin = 2.0 if stroke.kind is StrokeKind.AREA else stroke.size_px / 2 + 2
    left, top = np.floor(points.min(0) - margin).astype(int)
    right, bottom = np.ceil(points.max(0) + margin).astype(int)
    box = Box(
        left=max(int(left), 0), top=max(int(top), 0), right=min(int(right), width), bottom=min(int(bottom), height)
    )
    return box if box.left < box.right and box.top < box.bottom else None


def _coverage(stroke: Stroke, box: Box, picture: NDArray[np.uint8]) -> Floats:
    """How much of each pixel of `box` the stroke takes, 0..1."""
    if stroke.kind is StrokeKind.GROW:
        return _grown(stroke, box, picture)
    drawn = _area(stroke, box) if stroke.kind is StrokeKind.AREA else _brushed(stroke, box)
    return drawn * _alike(stroke, box, picture, drawn) if stroke.snap else drawn


def _brushed(stroke: Stroke, box: Box) -> Floats:
    """The distance to the path, cut off softly between the hard core and the brush's edge."""
    away = np.full((box.bottom - box.top, box.right - box.left), 255, np.uint8)
    path = _inside(stroke, box)
    # Twice the first point: of a single one polylines draws nothing.
    cv2.polylines(away, [np.concatenate([path[:1], path])], isClosed=False, color=0, thickness=1)
    distance = cast(Floats, cv2.distanceTransform(away, cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
    radius = stroke.size_px / 2
    soft = max(radius * (1 - stroke.hardness), 1.0)
    return np.clip((radius - distance) / soft + 0.5 * (soft <= 1.0), 0, 1).astype(np.float32)


def _area(stroke: Stroke, box: Box) -> Floats:
    filled = np.zeros((box.bottom - box.top, box.right - box.left), np.uint8)
    fixed = np.round((np.asarray(stroke.points, np.float32) - (box.left, box.top)) * 16).astype(np.int32)
    cv2.fillPoly(filled, [fixed], 255, lineType=cv2.LINE_AA, shift=4)
    return (filled / np.float32(255)).astype(np.float32)


def _inside(stroke: Stroke, box: Box) -> NDArray[np.int32]:
    points = np.floor(np.asarray(stroke.points, np.float32)).astype(np.int32) - (box.left, box.top)
    return points.astype(np.int32)


def _alike(stroke: Stroke, box: Box, picture: NDArray[np.uint8], drawn: Floats) -> Floats:
    """1 where the colour is one of those along the middle of the stroke, falling to 0 where it is another."""
    lab = _lab(picture[box.slices])
    samples = _samples(stroke, box, lab, drawn)
    touched = drawn > 0
    colours = lab[touched].astype(np.float32)
    nearest = np.full(len(colours), np.inf, np.float32)
    for sample in samples:
        np.minimum(nearest, np.square(colours - sample).sum(1), out=nearest)
    alike = np.zeros(drawn.shape, np.float32)
    alike[touched] = np.clip((_UNLIKE - np.sqrt(nearest)) / (_UNLIKE - _ALIKE), 0, 1)
    return cast(Floats, cv2.GaussianBlur(alike, (0, 0), 0.7))


def _samples(stroke: Stroke, box: Box, lab: NDArray[np.uint8], drawn: Floats) -> Floats:
    """Colours met along the path of a brush, or in the middle of an area; evenly chosen, so always the same."""
    if stroke.kind is StrokeKind.AREA:
        rows, columns = np.nonzero(drawn > 0.99)
    else:
        columns, rows = _inside(stroke, box).T
        height, width = drawn.shape
        rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    chosen = np.linspace(0, max(len(rows) - 1, 0), min(_SAMPLES, len(rows))).astype(int)
    return lab[rows[chosen], columns[chosen]].astype(np.float32)


def _grown(stroke: Stroke, box: Box, picture: NDArray[np.uint8]) -> Floats:
    """What looks like the pixel clicked and hangs together with it, within reach of the click."""
    seed = _inside(stroke, box)[0]
    lab = _lab(picture[box.slices])
    height, width = lab.shape[:2]
    at = (int(np.clip(seed[0], 0, width - 1)), int(np.clip(seed[1], 0, height - 1)))
    taken = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | (255 << 8)
    tolerance = (_GROW_TOLERANCE * 2, _GROW_TOLERANCE, _GROW_TOLERANCE)
    cv2.floodFill(lab, taken, at, 0, tolerance, tolerance, flags)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    whole = cv2.morphologyEx(taken[1:-1, 1:-1], cv2.MORPH_CLOSE, kernel)
    return (cv2.GaussianBlur(whole, (0, 0), 0.8) / np.float32(255)).astype(np.float32)


def _looked(stroke: Stroke, masks: Masks, picture: NDArray[np.uint8]) -> Floats:
    """Where garment looks like the mannequin of another photo and hangs together with the mannequin of this one.

    What would take more than a quarter of the garment is the garment's own colour and stays.
    """
    height, width = masks.garment.shape
    scale = min(1.0, _LOOK_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    lab = _lab(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)).astype(np.float32)
    garment = cv2.resize(masks.garment, size, interpolation=cv2.INTER_AREA) > 127
    mannequin = cv2.resize(masks.mannequin, size, interpolation=cv2.INTER_AREA) > 127
    nearest = np.min([np.square(lab - np.asarray(colour, np.float32)).sum(2) for colour in stroke.colours], axis=0)
    alike = ((nearest < _ALIKE**2) & garment).astype(np.uint8)
    alike = cv2.morphologyEx(alike, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, pieces = cv2.connectedComponents(alike)
    beside = cv2.dilate(mannequin.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    taken = np.isin(pieces, np.setdiff1d(np.unique(pieces[beside]), [0]))
    if taken.sum() > garment.sum() / 4:
        taken[:] = False
    whole = cv2.resize(taken.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip((whole - 0.25) * 2, 0, 1).astype(np.float32)


def _lab(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """8-bit Lab of a part of the picture, weave and noise smoothed away."""
    return np.asarray(cv2.cvtColor(cv2.medianBlur(np.ascontiguousarray(part), 5), cv2.COLOR_RGB2LAB), np.uint8)


def _lay(masks: Masks, box: Box, region: Region, coverage: Floats) -> None:
    rise = np.round(coverage * 255).astype(np.uint8)
    leave = 255 - rise
    for kind, mask in ((Region.GARMENT, masks.garment), (Region.MANNEQUIN, masks.mannequin)):
        part = mask[box.slices]
        np.maximum(part, rise, out=part) if kind is region else np.minimum(part, leave, out=part)
    # `inner` appears where the mannequin was and is never the garment itself; on bare background nothing appears.
    inner = masks.inner[box.slices]
    if region is Region.MANNEQUIN:
        return
    np.minimum(inner, leave, out=inner)
