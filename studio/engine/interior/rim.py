"""The rim of an opening: the garment's own neckband, cuff or hem, carried over to the back rim.

The outline of an opening has a front part, where it meets the visible garment, and a back part, where it meets what
lies behind. The band along the front part is read as a straight strip (position along the rim, distance from it) and
laid along the back part at equal lengths, so that ribs and seams keep their scale.
"""

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.interior.opening import Field, Opening

SHORTEST_PX = 8
NARROWEST = 0.008
WIDEST = 0.07
USUAL = 0.022
TAPE = 0.02
"""Widths as shares of the garment's width: of the bands looked for, the band assumed for plain garments, and the
neck tape that covers the seam on the inside (about a centimetre)."""
CORNER = 0.02
"""Over which share of the garment's width to either side a rim is looked at to find its corners."""
PLAIN = 0.07
"""Difference (of white) from their median colour that three quarters of the pixels keep along the rim of plain
fabric."""
REGULAR = 0.5
"""Share of the rim, its corners aside, that has to look alike to be a band."""
BESIDE_BREAK = 0.012
"""How near to a break of the band, as a share of the garment's width, it is not read."""
CLEAN = 0.95
"""Share of a strip across the band that has to have its colour."""
SEAM, SEAM_TIMES = 0.02, 3.0
"""Difference (of white) from how the band usually looks at that distance from the rim beyond which a seam may run
there, and that many times the usual difference."""
EVEN, EVEN_SHARE = 0.9, 0.25
"""Share of a strip across the band that has to be free of that, and share of the places that has to be so."""
DIP = 0.015
"""How much darker (of white) than the fabric on both sides of it a seam is."""
MOST_SKIPPED = 2
"""Steps along a rim from one place to the next without a visible jump."""
SOFT_PX = 2.0
"""Working pixels along the front rim that may be mixed with what lies behind it."""


@dataclass(frozen=True, kw_only=True)
class Arc:
    """A smooth open curve at working resolution: points (n, 2) as x, y; normals (n, 2) into the garment; n points one
    pixel apart."""

    points: Field
    normals: Field


@dataclass(frozen=True, kw_only=True)
class Band:
    """The finish of an opening: width in working pixels, and the places along the front arc that show only it."""

    width: float
    places: NDArray[np.intp]


def front_and_back(opening: Opening) -> tuple[Arc, Arc] | None:
    """The front and the back part of the outline, running the same way (left to right as seen from inside the hole).

    None = one of them is too short to speak of.
    """
    contours, _ = cv2.findContours(opening.hole.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = cast(NDArray[np.int32], max(contours, key=len))[:, 0, :]
    reach = cv2.dilate(opening.garment.astype(np.uint8), np.ones((5, 5), np.uint8))
    is_front = _smooth_runs(reach[outline[:, 1], outline[:, 0]] > 0)
    front, back = _longest_run(outline, is_front), _longest_run(outline, ~is_front)
    if len(front) < SHORTEST_PX or len(back) < SHORTEST_PX:
        return None
    return _arc(front, opening), _arc(back[::-1], opening)


def strip_along(picture: Field, arc: Arc, start: float, width: int) -> Field:
    """The picture (h, w, 3) along an arc as a straight strip (n, width, 3), from `start` pixels beyond the arc
    outwards."""
    away = start + np.arange(width, dtype=np.float32)
    maps = arc.points[:, None, :] + arc.normals[:, None, :] * away[None, :, None]
    return cast(
        Field, cv2.remap(picture, maps[..., 0].astype(np.float32), maps[..., 1].astype(np.float32), cv2.INTER_LINEAR)
    )


def find_band(look: Field, opening: Opening, arc: Arc) -> Band | None:
    """The band along the front rim. look: (h, w, 3) encoded 0..1 at working resolution.

    A band is seen where its colour holds for most of the rim and then gives way to another one; on plain fabric a usual
    one is assumed. None = patterned fabric up to the edge, or too little of a rim.
    """
    widest = max(4, round(WIDEST * opening.size))
    strip, inside = _strip_in_garment(look, opening, arc, widest)
    near = max(3, widest // 3)
    straight = ~_is_corner(arc, opening.size)
    places = np.flatnonzero(_is_regular(strip[:, :near], inside[:, :near]) & straight)
    if len(places) < max(SHORTEST_PX, REGULAR * np.count_nonzero(straight)):
        return None
    strip, inside = strip[places], inside[places]
    nearest = strip[:, : max(2, widest // 8)]
    colour = np.median(nearest, axis=(0, 1))
    spread = float(np.quantile(np.abs(nearest - colour).max(-1), 0.75))
    alike = np.abs(strip - colour).max(-1) < 0.06 + 1.5 * spread
    share = (alike & inside).sum(0) / np.maximum(1, inside.sum(0))
    ends = np.flatnonzero(share < 0.6)
    if spread > PLAIN:
        return None
    seen = share[0] > 0.7 and ends.size and NARROWEST * opening.size <= ends[0] < widest - 1
    width = _up_to_seam(strip, NARROWEST * opening.size, float(ends[0] + 2) if seen else USUAL * opening.size)
    clean = _clean(places, alike | ~inside, width)
    unbroken = _unbroken(clean, max(1, round(BESIDE_BREAK * opening.size)))
    even = unbroken[_is_even(strip[np.isin(places, unbroken), : _carried(width)])]
    return Band(width=width, places=_longest_stretch(even if len(even) >= EVEN_SHARE * len(unbroken) else unbroken))


def _up_to_seam(strip: Field, narrowest: float, width: float) -> float:
    """How far from the rim of a strip (n, w, 3) a seam runs along it, if that is nearer than `width` working pixels: in
    the garment's own colour nothing else tells where its band ends."""
    row = np.median(strip.mean(-1), axis=0)
    for place in range(max(2, round(narrowest)), min(len(row) - 3, round(width) - 1)):
        beside = min(np.median(row[max(0, place - 4) : place - 1]), np.median(row[place + 2 : place + 4]))
        if row[place] == row[place - 1 : place + 2].min() and beside - row[place] > DIP:
            return place + SOFT_PX - 1
    return width


def _clean(places: NDArray[np.intp], alike: NDArray[np.bool_], width: float) -> NDArray[np.intp]:
    """The places whose strip is all band: where a stripe of the garment reaches under it, it would be carried along."""
    clean = places[alike[:, : _carried(width)].mean(1) > CLEAN]
    return clean if len(clean) >= SHORTEST_PX else places


def _unbroken(places: NDArray[np.intp], reach: int) -> NDArray[np.intp]:
    """The places with all the others up to `reach` away on both sides: a placket's shadow lies beside a break."""
    lone = np.flatnonzero(np.diff(places) > 1)
    breaks = np.concatenate([places[lone], places[lone + 1]])
    kept = places[(np.abs(places[:, None] - breaks) >= reach).all(1)]
    return kept if len(kept) >= SHORTEST_PX else places


def _is_even(strip: Field) -> NDArray[np.bool_]:
    """Which places of a strip (n, width, 3) look across the band as most of them do: no seam runs into it there."""
    apart = np.abs(strip - np.median(strip, axis=0)).max(-1)
    return (apart > max(SEAM, SEAM_TIMES * float(np.median(apart)))).mean(1) < 1 - EVEN


def _longest_stretch(places: NDArray[np.intp]) -> NDArray[np.intp]:
    """The longest stretch of places without a gap: where one side of a V follows on the other, light and seams jump."""
    stretches = np.split(places, np.flatnonzero(np.diff(places) > MOST_SKIPPED) + 1)
    longest = max(stretches, key=len)
    return longest if len(longest) >= SHORTEST_PX else places


def carry_over(opening: Opening, front: Arc, back: Arc, band: Band) -> tuple[Field, Field, Field]:
    """Where each pixel of the back rim takes its colour from: x and y at working resolution, and how much (0..1) it
    is rim."""
    from_back, _ = opening.distances()
    rows, columns = np.nonzero(cv2.dilate(opening.hole.astype(np.uint8), np.ones((7, 7), np.uint8)))
    nearest = _nearest(back.points, np.stack([columns, rows], 1).astype(np.float32))
    middle = _middle(band.places, len(front.points) / 2)
    index = band.places[_mirrored(middle + (nearest - len(back.points) / 2), len(band.places))]
    away = SOFT_PX + _there_and_half_back(from_back[rows, columns], _carried(band.width))
    source = front.points[index] + front.normals[index] * away[:, None]
    x, y, amount = (np.zeros(opening.hole.shape, np.float32) for _ in range(3))
    x[rows, columns], y[rows, columns] = source[:, 0], source[:, 1]
    amount[rows, columns] = np.clip(band.width + TAPE * opening.size + 0.5 - from_back[rows, columns], 0, 1)
    return x, y, amount


def _middle(places: NDArray[np.intp], middle: float) -> float:
    """Which of the places along the front rim comes to the middle of the back: the front's own `middle`, or that of the
    places where they are one side of a V."""
    inside = places[0] <= middle <= places[-1]
    return float(np.searchsorted(places, middle)) if inside else len(places) / 2


def _there_and_half_back(places: Field, count: int) -> Field:
    """Places from the rim on, folded into 0..count-1, but never back to the first half: nearest to the rim the photo is
    mixed with what lies behind, which would draw a line amid the inside."""
    half = count // 2
    beyond = half + _mirrored(places - half, count - half)
    return np.where(places < count, places, beyond).astype(np.float32)


def _carried(width: float) -> int:
    """How many pixels across a band are carried over: not its soft edge, nor the last one, where it ends."""
    return max(2, round(width - SOFT_PX - 1))


def _strip_in_garment(look: Field, opening: Opening, arc: Arc, width: int) -> tuple[Field, NDArray[np.bool_]]:
    """The strip beyond the rim's soft edge, and where in it there is garment."""
    fabric = np.repeat(opening.garment[..., None].astype(np.float32), 3, 2)
    return strip_along(look, arc, SOFT_PX, width), strip_along(fabric, arc, SOFT_PX, width)[..., 0] > 0.9


def _is_regular(strip: Field, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which places along the rim look like most of it: no button, no placket."""
    usual = np.median(strip, axis=0)
    strangeness = np.abs(strip - usual).max(-1).mean(1) + 0.2 * (~inside).mean(1)
    strangeness = _smoothed(strangeness[:, None], 3.0)[:, 0]
    return strangeness < max(0.03, 1.6 * float(np.median(strangeness)))


def _is_corner(arc: Arc, size: float) -> NDArray[np.bool_]:
    """Which places lie at a sharp bend, as at the tip of a V: strips across it overlap."""
    reach = max(2, round(CORNER * size))
    ahead = np.minimum(np.arange(len(arc.points)) + reach, len(arc.points) - 1)
    behind = np.maximum(np.arange(len(arc.points)) - reach, 0)
    return (arc.normals[ahead] * arc.normals[behind]).sum(1) < 0.75


def _smooth_runs(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Gaps of a few pixels in a circular row of flags closed by a majority vote."""
    width = 2 * max(2, len(flags) // 100) + 1
    padded = np.concatenate([flags[-width:], flags, flags[:width]]).astype(np.float32)
    return np.convolve(padded, np.ones(width) / width, "same")[width:-width] > 0.5


def _longest_run(points: NDArray[np.int32], flags: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The longest circular stretch of points whose flag is set."""
    if flags.all():
        return points
    start = int(np.flatnonzero(~flags)[0])
    flags, points = np.roll(flags, -start), np.roll(points, -start, axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    if not edges.size:
        return points[:0]
    first, last = max(zip(edges[::2], edges[1::2], strict=True), key=lambda run: run[1] - run[0])
    return points[first:last]


def _arc(points: NDArray[np.int32], opening: Opening) -> Arc:
    """A stretch of outline, smoothed, one pixel between points, with normals away from the hole."""
    smooth = _smoothed(points.astype(np.float64), max(1.0, 0.006 * opening.size))
    steps = np.linalg.norm(np.diff(smooth, axis=0), axis=1)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    places = np.linspace(0.0, float(length[-1]), max(2, round(float(length[-1]))))
    even = np.stack([np.interp(places, length, smooth[:, axis]) for axis in (0, 1)], 1)
    tangent = _smoothed(np.gradient(even, axis=0), max(1.0, 0.01 * opening.size))
    normals = np.stack([tangent[:, 1], -tangent[:, 0]], 1) / np.maximum(1e-6, np.linalg.norm(tangent, axis=1))[:, None]
    return Arc(points=even.astype(np.float32), normals=_outward(even, normals, opening).astype(np.float32))


def _smoothed(points: NDArray[Any], sigma: float) -> NDArray[np.float64]:
    """Points (n, d) smoothed along the line they make; beyond its ends the last point goes on."""
    radius = int(4 * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    padded = np.pad(points.astype(np.float64), ((radius, radius), (0, 0)), mode="edge")
    return cast(
        NDArray[np.float64],
        np.lib.stride_tricks.sliding_window_view(padded, len(weights), 0) @ (weights / weights.sum()),
    )


def _nearest(points: Field, places: Field) -> NDArray[np.int32]:
    """For each place (n, 2) the index of the point (m, 2) that lies nearest."""
    return cast(NDArray[np.int32], cv2.batchDistance(places, points, cv2.CV_32F, normType=cv2.NORM_L2SQR, K=1)[1])[:, 0]


def _outward(points: NDArray[np.float64], normals: NDArray[np.float64], opening: Opening) -> NDArray[np.float64]:
    """The normals, turned so that most of them leave the hole."""
    ahead = np.rint(points + 3 * normals).astype(int)
    ahead = np.clip(ahead, 0, np.array(opening.hole.shape)[::-1] - 1)
    return -normals if opening.hole[ahead[:, 1], ahead[:, 0]].mean() > 0.5 else normals


def _mirrored(places: Field, count: int) -> NDArray[np.intp]:
    """Places on a line folded back into 0..count-1 at both ends."""
    folded = np.mod(places, 2 * count)
    return np.clip(np.where(folded >= count, 2 * count - 1 - folded, folded), 0, count - 1).astype(np.intp)
