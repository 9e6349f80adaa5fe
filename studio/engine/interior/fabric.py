"""Fabric for the inside: which part of the photographed garment continues into an opening.

The fabric is moved, never scaled or turned, so that its weave, its pattern and the photograph's grain stay as they
are. Of all places on the garment that could cover the opening, the one is taken whose surroundings repeat the fabric
around the opening best: stripes and checks then go on behind it, and a print or a row of buttons is not copied. All
places are compared at once by correlation (sums of squared differences, as in template matching), on a picture of
OVERVIEW_PX.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.interior.opening import Field, Opening, scaled_down
from studio.engine.raster import Pixels
from studio.engine.stage import Mask

OVERVIEW_PX = 512
FULL_COVER = 0.97
DETAIL = 4.0
"""What a place costs whose every pixel is a detail that the fabric around the opening has not."""
CONTRAST, FAINTEST, TIMES_USUAL = 0.03, 0.012, 4.0
"""Difference (of white) from what is around it, from which something small is a detail; on smooth fabric; and that many
times what half of the fabric differs."""
PLAIN, PLAINEST = 0.08, 0.1
"""Share of details under which the plainest tenth of all places on the garment lies if its fabric is plain."""
BEHIND = 0.04
"""How much nearer to the frame's middle row the back of a neck appears than its front, as a share of the distance to
that row: the camera stands about level with the middle of the garment, the back is some 4 % farther away."""


@dataclass(frozen=True, kw_only=True)
class Cloth:
    """The garment as an overview: scale (overview pixels per pixel of the frame), look (h, w, 3) encoded 0..1, cover
    (h, w) 0..1."""

    scale: float
    look: Field
    cover: Field


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where fabric is taken from: the move in pixels of the frame, and the share (0..1) of the opening that it
    covers."""

    dy: int
    dx: int
    cover: float


def overview(photo: Pixels, garment: Mask) -> Cloth:
    """The garment small enough to search in."""
    scale = min(1.0, OVERVIEW_PX / max(garment.shape))
    size = (max(1, round(garment.shape[1] * scale)), max(1, round(garment.shape[0] * scale)))
    look = scaled_down(photo, size).astype(np.float32) / np.float32(np.iinfo(photo.dtype).max)
    return Cloth(scale=scale, look=look, cover=(scaled_down(garment, size) > 240).astype(np.float32))


def seen_back(cloth: Cloth, shape: tuple[int, ...]) -> Mask:
    """The pieces of the garment's back that are seen apart from its front, the largest piece: a mask of `shape`."""
    labels = cv2.connectedComponents((cloth.cover > 0).astype(np.uint8), connectivity=8)[1]
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    apart = ((labels > 0) & (labels != np.argmax(areas))).astype(np.uint8) * 255
    return cast(Mask, cv2.resize(apart, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR))


def find_place(cloth: Cloth, opening: Opening, band: float) -> Place | None:
    """The best place for the fabric of `opening`; band: width of its rim in working pixels, which is not fabric.

    None = the opening is larger than the garment's picture, nothing can be said.
    """
    ratio = cloth.scale / opening.scale
    hole, ring = _template(opening, band, ratio)
    if min(hole.shape) < 1 or hole.shape[0] > cloth.cover.shape[0] or hole.shape[1] > cloth.cover.shape[1]:
        return None
    y0, x0 = round(opening.box[0] * cloth.scale), round(opening.box[2] * cloth.scale)
    here = cloth.look[y0 : y0 + hole.shape[0], x0 : x0 + hole.shape[1]]
    hole, ring = hole[: here.shape[0], : here.shape[1]], ring[: here.shape[0], : here.shape[1]]
    details = _details(cloth)
    details_here = details[y0 : y0 + hole.shape[0], x0 : x0 + hole.shape[1]]
    margin = max(1, round(band * ratio))
    safe = cast(Field, cv2.erode(cloth.cover, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8)))
    cover = _sums(safe, hole) / max(1.0, float(hole.sum()))
    cost = (
        _strangeness(cloth.look, here, hole, ring)
        + _intrusion(details, details_here, (hole, ring), cover > FULL_COVER)
        + 3 * np.maximum(0, FULL_COVER - cover)
        + _farness(cover.shape, y0, x0, cloth)
    )
    y, x = np.unravel_index(int(np.argmin(cost)), cost.shape)
    nearer = BEHIND * (cloth.cover.shape[0] / 2 - y0 - hole.shape[0] / 2) if opening.is_neck else 0.0
    return Place(dy=round((y - y0 - nearer) / cloth.scale), dx=round((x - x0) / cloth.scale), cover=float(cover[y, x]))


def _template(opening: Opening, band: float, ratio: float) -> tuple[Field, Field]:
    """The hole, and the ring of fabric around it beyond its rim, as weights at overview scale over the opening's
    box."""
    away = cast(Field, cv2.distanceTransform((~opening.hole).astype(np.uint8), cv2.DIST_L2, 5))
    ring = opening.garment & (away > band) & (away < band + 0.08 * opening.size)
    size = (round(opening.hole.shape[1] * ratio), round(opening.hole.shape[0] * ratio))
    small = [cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) for mask in (opening.hole, ring)]
    return cast(Field, small[0]), cast(Field, small[1])


def _strangeness(look: Field, here: Field, hole: Field, ring: Field) -> Field:
    """How badly each place suits: difference in the ring, strange colours or strange contrast in the hole, 0..1 or
    more."""
    cost = np.zeros((look.shape[0] - hole.shape[0] + 1, look.shape[1] - hole.shape[1] + 1), np.float32)
    in_ring, in_hole = max(1e-3, float(ring.sum())), max(1e-3, float(hole.sum()))
    for channel in range(3):
        known, there = ring * here[..., channel], np.ascontiguousarray(look[..., channel])
        squares, power = there * there, float((known * here[..., channel]).sum())
        usual = float(known.sum()) / in_ring
        contrast = power / in_ring - usual**2
        cost += (power - 2 * _sums(there, known) + _sums(squares, ring)) / in_ring
        mean = _sums(there, hole) / in_hole
        cost += (mean - usual) ** 2 + np.abs(_sums(squares, hole) / in_hole - mean**2 - contrast)
    return cost


def _intrusion(details: Field, details_here: Field, template: tuple[Field, Field], covered: NDArray[np.bool_]) -> Field:
    """What each place costs for buttons, seams and letters that would come into the hole.

    Around the opening stands how many the fabric itself has. Of a plain fabric the places on the garment tell it, since
    the edges of its collar stand around the opening too.
    """
    hole, ring = template
    share = _sums(details, hole) / max(1e-3, float(hole.sum()))
    own = float((ring * details_here).sum()) / max(1e-3, float(ring.sum()))
    usual = float(np.quantile(share[covered], PLAINEST)) if covered.any() else own
    if usual < PLAIN:
        own = min(own, usual)
    return DETAIL * np.maximum(0, share - own)


def _details(cloth: Cloth) -> Field:
    """1 where something small stands out from the fabric around it, as a button, a seam or a letter does; else 0.

    On a smooth fabric a fainter seam shows than amid a coarse weave.
    """
    grey = cloth.look.mean(-1)
    apart = np.abs(grey - cast(Field, cv2.GaussianBlur(grey, (0, 0), 4)))
    usual = float(np.median(apart[cloth.cover > 0])) if cloth.cover.any() else CONTRAST
    return (apart > np.clip(TIMES_USUAL * usual, FAINTEST, CONTRAST)).astype(np.float32)


def _farness(shape: tuple[int, ...], y0: int, x0: int, cloth: Cloth) -> Field:
    """A little more for places far away, sideways above all: light and folds differ there."""
    rows = np.abs(np.arange(shape[0], dtype=np.float32) - y0)[:, None]
    columns = np.abs(np.arange(shape[1], dtype=np.float32) - x0)[None]
    return (rows + 2 * columns) * np.float32(0.004 / max(cloth.cover.shape))


def _sums(picture: Field, weights: Field) -> Field:
    """Weighted sums of `picture` under `weights` at every place."""
    return cast(Field, cv2.matchTemplate(np.ascontiguousarray(picture), np.ascontiguousarray(weights), cv2.TM_CCORR))
