"""The inside of a waist: where a garment ends above in a ring around the mannequin, its back follows from its front.

A ring seen from above is an ellipse (the projection of a circle). Its lower half is the front edge, which hangs below
the line between its ends; the upper half, which the mannequin hides, stands as far above. The mannequin hides the
ring's sides as well, so the ends are those of the part in front of it, and how much of the ring that is says how far
the whole reaches.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.interior.opening import OVERVIEW_PX, scaled_down
from studio.engine.stage import Mask

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

UPPER = 0.25
"""Share of the garment's height, from the top, in which its front edge meets the mannequin."""
AROUND = 0.7, 0.97
"""Share of the ring's width that the front edge before the mannequin has: less is a neck, more cannot be told apart."""
BROAD = 0.4
"""Least width of that edge as a share of the garment's; collars are narrower, and no plane rings."""
HIGHER = 0.2
"""How far the garment may reach above the ends of that edge, as a share of its length: the back does, straps more."""
ROUGH = 0.004
"""Greatest mean distance of the front edge from an ellipse, as a share of its length; true masks reach 0.003."""
TILTED = 0.01
"""Least half height of the ellipse, as a share of the same: under it a ring is seen from its side, or from below."""
SEEN = 0.94
"""Share of the front edge, around its middle, that is asked: at its ends the masks are soft, and the back begins."""
ROUNDS = 6
STEEPEST, CORNER = 1.0, 0.01
"""Greatest slope of the back edge from what is seen of it at its ends, and how much the corner there is rounded, as a
share of the edge's length."""
GAP_PX = 3
"""How far apart garment and mannequin may be where they meet, in pixels of the overview."""


@dataclass(frozen=True, kw_only=True)
class _Front:
    """The front edge before the mannequin, in pixels of the overview: x and y (n,), left to right; share: of the
    ring's width; sides: the rows that the garment reaches beside its ends."""

    x: Floats
    y: Floats
    share: float
    sides: tuple[float, float]


def with_waist(garment: Mask, mannequin: Mask, inner: Mask) -> Mask | None:
    """`inner` with the inside of the garment's waist drawn in place of what was guessed there; None = it has no waist,
    or one of which no inside is to be seen. All masks (H, W), 0..255."""
    scale = min(1.0, OVERVIEW_PX / max(garment.shape))
    size = max(1, round(garment.shape[1] * scale)), max(1, round(garment.shape[0] * scale))
    front = _front(scaled_down(garment, size) > 127, scaled_down(mannequin, size) > 127)
    back = None if front is None else _back(front)
    if front is None or back is None:
        return None
    edge, beyond = ((np.stack([front.x, rows], 1) + 0.5) / scale - 0.5 for rows in (front.y, back))
    under = edge + np.array([0, GAP_PX / scale])  # it ends at the garment, whose soft edge lies there
    return _drawn(np.concatenate([under, beyond[::-1]]), round(edge[:, 1].max()), garment, inner)


def _drawn(outline: Floats, bottom: int, garment: Mask, inner: Mask) -> Mask:
    """`inner` with what lies inside the `outline` (n, 2), x and y, and is not garment; above the row `bottom` nothing
    else is left of it between the outline's sides."""
    left, top = (max(0, int(least)) for least in outline.min(axis=0))
    right, below = (int(most) + 2 for most in outline.max(axis=0))
    drawn = inner.copy()
    drawn[:bottom, left:right] = 0
    place = drawn[top:below, left:right]
    lens = np.zeros_like(place)
    points = [np.rint((outline - (left, top)) * 16).astype(np.int32)]
    cv2.fillPoly(lens, points, 255, lineType=cv2.LINE_AA, shift=4)
    np.maximum(place, np.minimum(lens, 255 - garment[top:below, left:right]), out=place)
    return drawn


def _front(garment: Flags, mannequin: Flags) -> _Front | None:
    """Where the garment's upper edge runs before the mannequin from side to side; None = it is no waist."""
    rows, columns = np.flatnonzero(garment.any(1)), np.flatnonzero(garment.any(0))
    if not rows.size:
        return None
    top = cast("NDArray[np.intp]", np.where(garment.any(0), garment.argmax(0), garment.shape[0]))
    run = _longest_run(_meets(top, mannequin) & (top < rows[0] + UPPER * np.ptp(rows)))
    if len(run) < BROAD * len(columns):
        return None
    edge = top[run].astype(np.float64)
    below = min(garment.shape[0] - 1, int(edge.max() + 0.08 * len(run)) + 2)
    share = len(run) / max(1, len(_run_at(garment[below], int(run[len(run) // 2]))))
    stands_higher = rows[0] < min(float(np.median(edge[:3])), float(np.median(edge[-3:]))) - HIGHER * len(run)
    if share < AROUND[0] or stands_higher:
        return None
    sides = float(top[max(0, run[0] - GAP_PX) : run[0] + 1].min()), float(top[run[-1] : run[-1] + GAP_PX + 1].min())
    return _Front(x=run.astype(np.float64), y=edge, share=min(share, AROUND[1]), sides=sides)


def _back(front: _Front) -> Floats | None:
    """The rows (n,) of the ring's back edge above the front; None = the front is no such ellipse."""
    place = front.share * np.linspace(-1, 1, len(front.x))
    half = np.sqrt(1 - place**2)
    shapes = np.stack([np.ones_like(place), place, half], 1)
    seen = np.abs(place) < SEEN * front.share
    factors, distance = np.zeros(3), np.ones(np.count_nonzero(seen))
    for _ in range(ROUNDS):  # the sum of absolute distances: a button or a tag moves nothing
        weights = 1 / np.sqrt(np.maximum(1.0, distance))
        factors = np.linalg.lstsq(shapes[seen] * weights[:, None], front.y[seen] * weights, rcond=None)[0]
        distance = np.abs(front.y[seen] - shapes[seen] @ factors)
    height = float(factors[2])
    if height < TILTED * len(front.x) or distance.mean() > ROUGH * len(front.x):
        return None
    inward = front.x - front.x[0], front.x[-1] - front.x  # no steps where what is seen of the back is lower
    least = np.maximum(front.sides[0] - STEEPEST * inward[0], front.sides[1] - STEEPEST * inward[1])
    soft = CORNER * len(front.x)
    return soft * np.logaddexp(shapes @ (factors * (1, 1, -1)) / soft, least / soft)  # the lower one, without a corner


def _meets(top: NDArray[np.intp], mannequin: Flags) -> Flags:
    """In which columns the mannequin lies right above the row `top`."""
    columns = np.arange(len(top))
    above = [mannequin[np.clip(top - gap, 0, len(mannequin) - 1), columns] for gap in range(1, GAP_PX + 1)]
    return np.logical_or.reduce(above) & (top >= GAP_PX)


def _longest_run(flags: Flags) -> NDArray[np.intp]:
    """The columns of the longest run of `flags`, gaps of a few bridged."""
    closed = cv2.morphologyEx(np.pad(flags, 8).astype(np.uint8)[None], cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
    if len(stats) < 2:
        return np.empty(0, np.intp)
    return np.flatnonzero(labels[0, 8:-8] == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))


def _run_at(flags: Flags, place: int) -> NDArray[np.intp]:
    """The columns of the run of `flags` that holds `place`."""
    _, labels = cv2.connectedComponents(flags.astype(np.uint8)[None])
    return np.flatnonzero(labels[0] == labels[0, place]) if flags[place] else np.empty(0, np.intp)
