"""The back neckline: a plain curve from shoulder to shoulder in place of a guessed, wavering one."""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.interior.opening import Field, Opening, signed_distance
from studio.engine.interior.rim import Arc, front_and_back

Floats = NDArray[np.float64]
ROUNDS = 8
STIFFNESS = 0.05
LEAST_OVERLAP = 0.6
"""Overlap (of union) of the new opening with the guessed one, under which the guess is no plain curve."""
WIDE, WIDEST = 0.4, 0.5
DROP = 0.14
"""Wide necks hang lower at the back than the network guesses: from WIDE to WIDEST (the neck's width as a share of the
garment's) the middle of the line is lowered by up to DROP of the neck's width. Where it begins is read off the training
set's true masks (tanks are 0.51 wide); how far it goes was tried on 48 renders of dresses, tanks and V-necks."""

LEAST_AREA, FARTHEST = 0.008, 0.015
"""Of an opening that is looked at, in squares of the garment's width, and the distance from a curve, as a share of that
width, at which its line is none; 78 rendered garments reach 0.009."""

STRAP, REACH, APART = 0.06, 0.08, 0.15
"""Greatest mean width of two straps, how far from the ends of the back line they are looked for, and how far apart they
are at least, as shares of the garment's width; a tee's straps would be 3 cm. At the necks of 639 rendered garments
without straps the ends are 0.062 broad on average or more."""

STEP, ASIDE, BELOW = 0.042, 0.04, 0.02
"""How far the garment rises above both ends of the back line at most, in which reach beside them, and how far below
them it is looked for, as shares of the garment's width; 490 rendered necks reach 0.037."""

FLECK = 0.03
"""Side of a square, as a share of the garment's width, under which a gap between garment and inside is a flaw."""

BESIDE, END = 0.15, 0.25
"""How far from a piece of the back the garment's front may be to which it runs, as a share of the garment's width, and
how much of the piece, from its tip, is its end, as a share of the piece's width."""

COLLAR = 0.03, 0.06
"""Between which rises, in the same shares, both sides are a standing collar, whose back is as high; more is a hood."""


def straighten(opening: Opening) -> Field | None:
    """The opening with a plain back line as signed distance in working pixels (h, w), positive inside; garment counts
    as inside.

    The line is an arch or a hollow between the two points where the guessed line meets the garment: that is how a
    neckline hangs. None = the guessed line is nothing of the kind.
    """
    arcs = front_and_back(opening)
    if arcs is None:
        return None
    front, back = arcs
    line = _lowered(_fitted(back.points.astype(np.float64)), opening.size)
    hole = _between(front, line, opening)
    overlap = np.count_nonzero(hole & opening.hole) / max(1, np.count_nonzero(hole | opening.hole))
    if overlap < LEAST_OVERLAP:
        return None
    cover = _between(front, _raised(line, opening), opening) | opening.garment
    return signed_distance(_without_small_holes(cover, opening), 0.8)


def _without_small_holes(cover: NDArray[np.bool_], opening: Opening) -> NDArray[np.bool_]:
    """`cover` (h, w) with its small holes filled: where garment and inside meet nothing shines through."""
    labels = np.asarray(cv2.connectedComponents((~cover).astype(np.uint8), connectivity=4)[1], np.intp)
    small = np.bincount(labels.ravel()) < (FLECK * opening.size) ** 2
    small[0] = False
    return cover | small[labels]


def _between(front: Arc, line: Floats, opening: Opening) -> NDArray[np.bool_]:
    """What lies between the front's rim and the line (n, 2), and is not garment: (h, w)."""
    region = np.zeros(opening.hole.shape, np.uint8)
    outline = np.concatenate([front.points, line[::-1]])
    cv2.fillPoly(region, [np.rint(outline * 16).astype(np.int32)], 1, shift=4)
    return (region > 0) & ~opening.garment


def hangs_on_straps(opening: Opening) -> bool:
    """Whether the garment is a narrow strap at both ends of the back line: a camisole's back ends lower than its
    straps, and between them nothing shows."""
    arcs = front_and_back(opening)
    if arcs is None:
        return False
    ends = arcs[1].points[[0, -1]]
    depth = cast(Field, cv2.distanceTransform(opening.garment.astype(np.uint8), cv2.DIST_L2, 5))
    broad = sum(_breadth(depth, end, round(REACH * opening.size)) for end in ends) / 2
    return broad < STRAP * opening.size and abs(float(ends[1, 0] - ends[0, 0])) > APART * opening.size


def with_back_joined(opening: Opening) -> NDArray[np.bool_]:
    """The garment (h, w) with the pieces of its back that are seen amid the opening, as the band of a strap is, carried
    on sideways to where the front hides them."""
    labels = np.asarray(cv2.connectedComponents(opening.garment.astype(np.uint8), connectivity=8)[1], np.intp)
    front = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    joined = opening.garment.copy()
    for label in np.setdiff1d(labels, [0, *front]):
        piece = labels == label
        for way in (1, -1):  # to the left as it is, to the right in the mirror
            _carry_on(joined[:, ::way], piece[:, ::way], BESIDE * opening.size)
    return joined


def _carry_on(garment: NDArray[np.bool_], piece: NDArray[np.bool_], reach: float) -> None:
    """Fill what lies between the left end of `piece` (h, w) and the garment to its left, no farther than `reach`."""
    columns = np.flatnonzero(piece.any(0))
    inner_end = columns[0] + END * (columns[-1] - columns[0])
    for row in np.flatnonzero(piece.any(1)):
        tip = int(np.argmax(piece[row]))
        before = np.flatnonzero(garment[row, :tip])
        if tip <= inner_end and len(before) and tip - before[-1] <= reach:
            garment[row, before[-1] : tip] = True


def is_sunk(opening: Opening) -> bool:
    """Whether the garment stands higher on both sides than the back line between: the back of a hood or of a standing
    collar is missing."""
    arcs = _arcs_of_some_size(opening)
    if arcs is None:
        return False
    left, right = sorted(arcs[1].points[[0, -1]].tolist())
    return min(_rise(opening, left, -1), _rise(opening, right, 1)) > STEP * opening.size


def _raised(line: Floats, opening: Opening) -> Floats:
    """The line (n, 2) of a standing collar, whose garment rises above both ends: it runs from tip to tip."""
    ends = (0, -1) if line[0, 0] < line[-1, 0] else (-1, 0)
    moved = [_tip(opening, line[end].tolist(), aside) - line[end] for end, aside in zip(ends, (-1, 1), strict=True)]
    rises = [-float(shift[1]) for shift in moved]
    if not COLLAR[0] * opening.size < min(rises) <= max(rises) < COLLAR[1] * opening.size:
        return line
    share = np.linspace(0, 1, len(line))[:, None]
    left = 1 - share if ends[0] == 0 else share
    return line + left * moved[0] + (1 - left) * moved[1]


def _rise(opening: Opening, end: list[float], aside: int) -> float:
    """How far the garment beside `end` (x, y), to the left (-1) or right (1), reaches above it, in working pixels."""
    return end[1] - float(_tip(opening, end, aside)[1])


def _tip(opening: Opening, end: list[float], aside: int) -> Floats:
    """The highest point (x, y) of the garment beside `end`, to the left (-1) or right (1); `end` if none is higher."""
    height, width = opening.garment.shape
    x, y = (round(at) for at in end)
    columns = np.clip(x + aside * np.arange(1, max(2, int(ASIDE * opening.size)) + 1), 0, width - 1)
    lowest = min(y + int(BELOW * opening.size), height - 1)
    above = opening.garment[lowest::-1, columns]
    upward = above | (np.arange(lowest + 1)[:, None] < above.argmax(axis=0))
    tops = np.where(upward.all(axis=0), 0, lowest - np.argmin(upward, axis=0) + 1)
    tops[~above.any(axis=0)] = height
    highest = int(tops.argmin())
    return np.array([columns[highest], tops[highest]], float) if tops[highest] < y else np.array(end)


def _breadth(depth: Field, end: NDArray[np.floating[Any]], reach: int) -> float:
    """The garment's greatest breadth up to `reach` from `end` (2,), x and y; all in working pixels. depth: (h, w),
    distance to the garment's edge."""
    x, y = (round(float(at)) for at in end)
    return 2 * float(depth[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1].max(initial=0))


def is_no_curve(opening: Opening) -> bool:
    """Whether the back line of an opening of some size strays far from any arch or hollow: it then has corners, where
    the inside stands away from the garment."""
    arcs = _arcs_of_some_size(opening)
    if arcs is None:
        return False
    points = arcs[1].points.astype(np.float64)
    apart = np.linalg.norm(points[:, None] - _fitted(points)[None], axis=2).min(axis=1)
    return bool(apart.max() > FARTHEST * opening.size)


def _arcs_of_some_size(opening: Opening) -> tuple[Arc, Arc] | None:
    return front_and_back(opening) if np.count_nonzero(opening.hole) > LEAST_AREA * opening.size**2 else None


def _fitted(points: Floats) -> Floats:
    """A symmetrical curve through the first and the last point, nearest to all (n, 2) in the sum of absolute distances.

    In the frame of the chord its height is 4 t (1 - t) (a + b (2 t - 1)^2), t = 0..1 along the chord; b is held small.
    """
    start, chord = points[0], points[-1] - points[0]
    length = max(1e-6, float(np.hypot(*chord)))
    along = chord / length
    across = np.array([-along[1], along[0]])
    t, height = (points - start) @ along / length, (points - start) @ across
    shapes = _shapes(t)
    weights, stiffness = np.ones(len(t)), np.diag([0.0, STIFFNESS * len(t)])
    factors = np.zeros(2)
    for _ in range(ROUNDS):
        weighted = shapes * weights[:, None]
        normal, moments = weighted.T @ shapes + stiffness * weights.mean(), weighted.T @ height
        factors = cast(Floats, np.linalg.solve(normal, moments))
        weights = 1 / np.maximum(1.0, np.abs(height - shapes @ factors))
    even = np.linspace(0, 1, len(points))
    return start + even[:, None] * chord + (_shapes(even) @ factors)[:, None] * across


def _lowered(line: Floats, size: float) -> Floats:
    """The line (n, 2) of a wide neck hanging lower between its ends; size: the garment's width in working pixels."""
    width = float(np.hypot(*(line[-1] - line[0])))
    share = np.clip((width / max(1e-6, size) - WIDE) / (WIDEST - WIDE), 0, 1)
    lowered = line.copy()
    lowered[:, 1] += DROP * share * width * _shapes(np.linspace(0, 1, len(line)))[:, 0]
    return lowered


def _shapes(t: Floats) -> Floats:
    arch = 4 * t * (1 - t)
    return np.stack([arch, arch * (2 * t - 1) ** 2], 1)
