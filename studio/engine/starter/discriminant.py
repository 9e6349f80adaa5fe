"""Where an edge runs, judged by the colours at either side of it.

At every pixel of a narrow band the sure pixels around it, inside and outside, give two mean colours and one common
spread; Fisher's linear discriminant between the two, scaled so that the one mean maps to 1 and the other to 0, is the
coverage of a pixel that mixes them (Levin, Lischinski, Weiss 2008 show that coverage is locally such a linear function
of colour; He, Sun, Tang 2010 estimate it by box filters, as is done here). Where the two sides look alike the pixel
keeps what it was expected to be.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from studio.engine.starter.arrays import Flags, Floats, box_mean

_NOISE = np.float32(2.5**2)  # variance of a plain surface in 8-bit steps: sensor, JPEG
_LEAST_SHARE = 0.01  # of the window, on either side; less gives no colours
_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
_TRUST_DISTANCE = np.float32(9.0)  # squared Mahalanobis distance at which colour and expectation weigh the same


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Coverage as a local linear function of colour: slope · pixel + offset, clipped to 0..1.

    slope: (h, w, 3), per 8-bit step; offset: (h, w); both float32. band: (h, w) where colour has a say;
    elsewhere slope is 0 and offset the expected coverage. clarity: 0..1, how much of a say it has on average.
    """

    slope: Floats
    offset: Floats
    band: Flags
    clarity: float

    def coverage(self, pixels: Floats) -> Floats:
        """The coverage 0..1 of `pixels` (h, w, 3), float32 on the scale 0..255."""
        return np.clip(np.einsum("hwc,hwc->hw", self.slope, pixels) + self.offset, 0, 1)


def find_edge(pixels: Floats, expected: Floats, *, width: int, radius: int) -> Edge:
    """Locate the edge of `expected` by colour.

    pixels: (h, w, 3) float32 0..255, encoded RGB of any profile. expected: (h, w) float32 coverage 0..1.
    width: pixels at either side of the expected edge that are in doubt. radius: half side of the window of sure
    pixels, larger than `width`.
    """
    band = doubtful(expected, width)
    slope = np.zeros_like(pixels)
    offset = expected.copy()
    if not band.any():
        return Edge(slope=slope, offset=offset, band=band, clarity=0.0)
    box = _bounds(band, radius)
    local = _judge(pixels[box], expected[box], band[box], radius)
    slope[band] = local.slope
    offset[band] = local.offset
    return Edge(slope=slope, offset=offset, band=band, clarity=float(local.trust.mean()))


def _judge(pixels: Floats, expected: Floats, band: Flags, radius: int) -> "_Local":
    inside = ((expected > 0.5) & ~band).astype(np.float32)
    outside = ((expected <= 0.5) & ~band).astype(np.float32)
    return _Statistics.gather(pixels, inside, outside, radius, band).solve(expected[band])


def _bounds(band: Flags, margin: int) -> tuple[slice, slice]:
    """The smallest box around `band`, widened by `margin`."""
    rows, columns = np.flatnonzero(band.any(axis=1)), np.flatnonzero(band.any(axis=0))
    return (
        slice(max(0, int(rows[0]) - margin), int(rows[-1]) + margin + 1),
        slice(max(0, int(columns[0]) - margin), int(columns[-1]) + margin + 1),
    )


def doubtful(expected: Floats, width: int) -> Flags:
    """Pixels up to `width` from the edge of `expected`, and those of undecided coverage."""
    inside = (expected > 0.5).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    near = cv2.dilate(inside, kernel) != cv2.erode(inside, kernel)
    return near | ((expected > 0.1) & (expected < 0.9))


@dataclass(frozen=True, kw_only=True)
class _Statistics:
    """At n band pixels: mean colours (n, 3) of both sides, their common spread (n, 6), and whether both are there."""

    inside: Floats
    outside: Floats
    spread: Floats
    known: Flags

    @classmethod
    def gather(cls, pixels: Floats, inside: Floats, outside: Floats, radius: int, band: Flags) -> "_Statistics":
        """Around each pixel of `band`, of the sure pixels `inside` and `outside` in the window."""
        planes = [np.ascontiguousarray(pixels[..., channel]) for channel in range(3)]
        mean_in, count_in = _weighted_means(planes, inside, radius, band)
        mean_out, count_out = _weighted_means(planes, outside, radius, band)
        moments, count = _weighted_means(_products(planes), inside + outside, radius, band)
        share = (count_in / np.maximum(count, 1e-6))[:, None]
        spread = moments - share * _outer(mean_in) - (1 - share) * _outer(mean_out)
        return cls(
            inside=mean_in,
            outside=mean_out,
            spread=spread,
            known=(count_in > _LEAST_SHARE) & (count_out > _LEAST_SHARE),
        )

    def solve(self, expected: Floats) -> "_Local":
        """The colours' verdict, blended with the expectation (n) by how far the two sides differ."""
        apart = self.inside - self.outside
        direction = _solve_symmetric(self.spread, apart)
        distance = np.einsum("nc,nc->n", direction, apart)
        trust = np.where(self.known, distance / (distance + _TRUST_DISTANCE), 0)
        gain = trust * (1 + 2 / np.sqrt(np.maximum(distance, 1))) / np.maximum(distance, 1e-6)
        slope = direction * gain[:, None]
        middle = (self.inside + self.outside) / 2
        offset = trust * 0.5 - np.einsum("nc,nc->n", slope, middle) + (1 - trust) * expected
        return _Local(slope=slope, offset=offset, trust=trust)


@dataclass(frozen=True, kw_only=True)
class _Local:
    """At n band pixels: slope (n, 3), offset (n), and the say of colour (n), 0..1."""

    slope: Floats
    offset: Floats
    trust: Floats


def _products(planes: list[Floats]) -> Iterator[Floats]:
    for first, second in _PAIRS:
        yield planes[first] * planes[second]


def _outer(colour: Floats) -> Floats:
    return np.stack([colour[:, first] * colour[:, second] for first, second in _PAIRS], axis=1)


def _weighted_means(planes: Iterable[Floats], weight: Floats, radius: int, band: Flags) -> tuple[Floats, Floats]:
    """At the n pixels of `band`: weighted mean (n, c) of each plane in the window, and the weight's share (n) of it."""
    share = box_mean(weight, radius)[band]
    totals = np.stack([box_mean(plane * weight, radius)[band] for plane in planes], axis=1)
    return totals / np.maximum(share, 1e-6)[:, None], share


def _solve_symmetric(spread: Floats, right: Floats) -> Floats:
    """(spread + noise)⁻¹ · right for n symmetric 3x3 matrices given as xx, xy, xz, yy, yz, zz."""
    xx, xy, xz, yy, yz, zz = spread.T
    xx, yy, zz = np.maximum(xx, 0) + _NOISE, np.maximum(yy, 0) + _NOISE, np.maximum(zz, 0) + _NOISE
    c00, c01, c02 = yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy
    c11, c12, c22 = xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy
    determinant = np.maximum(xx * c00 + xy * c01 + xz * c02, 1e-3)
    r, g, b = right.T
    solution = np.stack([c00 * r + c01 * g + c02 * b, c01 * r + c11 * g + c12 * b, c02 * r + c12 * g + c22 * b], axis=1)
    return solution / determinant[:, None]
