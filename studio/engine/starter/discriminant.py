"""Where an edge runs, judged by the colours at either side of it.

At every pixel of a band around the expected edge, the sure pixels inside and outside give two normal distributions of
colour. Two verdicts follow from them:

- which side the pixel is on (quadratic discriminant): finds an edge that the expectation has a few pixels off, also
  where a patterned garment meets a plain surface;
- how far it is covered (linear discriminant, scaled so that the one mean maps to 1 and the other to 0): locally,
  coverage is such a linear function of colour (Levin, Lischinski, Weiss 2008), which holds at any resolution.

The sums run over square windows by box filters (as in He, Sun, Tang 2010). Where the two sides look alike, the pixel
keeps what it was expected to be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from studio.engine.starter.arrays import Flags, Floats, box_mean, gaussian_mean

_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
_LEAST_SHARE = 0.01  # of the window; less gives no colours
_SIDE_NOISE = 16.0  # variance in 8-bit steps that any surface is granted: sensor, JPEG, unsharp edges
_COVERAGE_NOISE = 6.0
_COLOUR_SAY = 0.3  # the neighbouring pixels of one surface are no independent witnesses
_MOST_EVIDENCE = 20.0
_EXPECTED_DOUBT = 0.02
_VAGUE = 0.35  # trust under which an edge is not seen but only expected
_OUTLINE_ROUNDS = 5
_OUTLINE_SIGMA = 1.5  # pixels
_OUTLINE_SAY = 5.0
_TRUST_DISTANCE = 20.0  # squared Mahalanobis distance at which colour and expectation weigh the same


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Coverage as a local linear function of colour: slope · pixel + offset, clipped to 0..1.

    slope: (h, w, 3), per 8-bit step; offset: (h, w); both float32. band: (h, w) where colour has a say;
    elsewhere slope is 0 and offset the expected coverage. trust: (h, w) float32 0..1, how much of a say it has.
    """

    slope: Floats
    offset: Floats
    band: Flags
    trust: Floats

    @property
    def clarity(self) -> float:
        """The say of colour on average, 0..1; 0 if there is no edge."""
        return float(self.trust[self.band].mean()) if self.band.any() else 0.0

    def vague_share(self, where: Flags) -> float:
        """The share 0..1 of the edge in `where` (h, w) on whose two sides the colours hardly differ."""
        there = self.band & where
        return float(np.mean(self.trust[there] < _VAGUE)) if there.any() else 0.0

    def coverage(self, pixels: Floats) -> Floats:
        """The coverage 0..1 of `pixels` (h, w, 3), float32 on the scale 0..255."""
        return np.clip(np.einsum("hwc,hwc->hw", self.slope, pixels) + self.offset, 0, 1)


def find_side(pixels: Floats, expected: Floats, *, width: int, radius: int) -> Floats:
    """The probability 0..1 that each pixel is inside, (h, w) float32; arguments as for `find_edge`."""
    band = doubtful(expected, width)
    if not band.any():
        return expected
    box = _bounds(band, radius)
    inside, outside = _both_sides(pixels[box], expected[box], band[box], radius)
    colours = pixels[band]
    evidence = outside.distance(colours) - inside.distance(colours)
    evidence = np.where(inside.known & outside.known, evidence.clip(-_MOST_EVIDENCE, _MOST_EVIDENCE), 0)
    before = expected[band].clip(_EXPECTED_DOUBT, 1 - _EXPECTED_DOUBT)
    found = expected.copy()
    found[box] = _smooth_outline(expected[box], band[box], _COLOUR_SAY * evidence + np.log(before / (1 - before)))
    return found


def _smooth_outline(expected: Floats, band: Flags, score: Floats) -> Floats:
    """Probabilities from the scores (n, logarithms of odds) in `band`, each pixel heeding its neighbours.

    Mean field of a Potts model with a Gaussian neighbourhood: where colours say little the outline becomes smooth.
    """
    found = (expected > 0.5).astype(np.float32)
    found[band] = 1 / (1 + np.exp(-score))
    for _ in range(_OUTLINE_ROUNDS):
        near = gaussian_mean(found, _OUTLINE_SIGMA)[band]
        found[band] = 1 / (1 + np.exp(-score - _OUTLINE_SAY * (2 * near - 1)))
    return np.where(band, found, expected)


def find_edge(pixels: Floats, expected: Floats, *, width: int, radius: int) -> Edge:
    """Locate the edge of `expected` by colour.

    pixels: (h, w, 3) float32 0..255, encoded RGB of any profile. expected: (h, w) float32 coverage 0..1.
    width: pixels at either side of the expected edge that are in doubt. radius: half side of the window of sure
    pixels, larger than `width`.
    """
    band = doubtful(expected, width)
    slope = np.zeros_like(pixels)
    offset, trust = expected.copy(), np.zeros_like(expected)
    if not band.any():
        return Edge(slope=slope, offset=offset, band=band, trust=trust)
    box = _bounds(band, radius)
    inside, outside = _both_sides(pixels[box], expected[box], band[box], radius)
    local = _mixture(inside, outside, expected[band])
    slope[band] = local.slope
    offset[band] = local.offset
    trust[band] = local.trust
    return Edge(slope=slope, offset=offset, band=band, trust=trust)


def doubtful(expected: Floats, width: int) -> Flags:
    """Pixels up to `width` from the edge of `expected`, and those of undecided coverage."""
    inside = (expected > 0.5).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    near = cv2.dilate(inside, kernel) != cv2.erode(inside, kernel)
    return near | ((expected > 0.1) & (expected < 0.9))


def _bounds(band: Flags, margin: int) -> tuple[slice, slice]:
    """The smallest box around `band`, widened by `margin`."""
    rows, columns = np.flatnonzero(band.any(axis=1)), np.flatnonzero(band.any(axis=0))
    return (
        slice(max(0, int(rows[0]) - margin), int(rows[-1]) + margin + 1),
        slice(max(0, int(columns[0]) - margin), int(columns[-1]) + margin + 1),
    )


@dataclass(frozen=True, kw_only=True)
class _Side:
    """The colours of one side around each of n band pixels.

    mean: (n, 3). spread: (n, 6), the covariance as xx, xy, xz, yy, yz, zz. share: (n), of the window that is this side.
    """

    mean: Floats
    spread: Floats
    share: Floats

    @property
    def known(self) -> Flags:
        """Where the side has colours at all."""
        return self.share > _LEAST_SHARE

    def distance(self, colours: Floats) -> Floats:
        """Minus twice the logarithm of the density of `colours` (n, 3), up to a constant."""
        apart = colours - self.mean
        solution, determinant = _solve_symmetric(self.spread, apart, _SIDE_NOISE)
        return (np.einsum("nc,nc->n", solution, apart) + np.log(determinant)) / 2


def _both_sides(pixels: Floats, expected: Floats, band: Flags, radius: int) -> tuple[_Side, _Side]:
    """Inside and outside, as the sure pixels in the window around each pixel of `band` show them."""
    planes = [np.ascontiguousarray(pixels[..., channel]) for channel in range(3)]
    inside = ((expected > 0.5) & ~band).astype(np.float32)
    outside = ((expected <= 0.5) & ~band).astype(np.float32)
    return _gather(planes, inside, radius, band), _gather(planes, outside, radius, band)


def _gather(planes: Sequence[Floats], weight: Floats, radius: int, band: Flags) -> _Side:
    share = box_mean(weight, radius)[band]
    least = np.maximum(share, 1e-6)[:, None]
    weighted = [plane * weight for plane in planes]
    mean = np.stack([box_mean(plane, radius)[band] for plane in weighted], axis=1) / least
    moments = np.stack([box_mean(product, radius)[band] for product in _products(weighted, planes)], axis=1) / least
    return _Side(mean=mean, spread=moments - _outer(mean), share=share)


def _products(first: Sequence[Floats], second: Sequence[Floats]) -> Iterator[Floats]:
    for a, b in _PAIRS:
        yield first[a] * second[b]


def _outer(colour: Floats) -> Floats:
    return np.stack([colour[:, a] * colour[:, b] for a, b in _PAIRS], axis=1)


@dataclass(frozen=True, kw_only=True)
class _Local:
    """At n band pixels: slope (n, 3), offset (n), and the say of colour (n), 0..1."""

    slope: Floats
    offset: Floats
    trust: Floats


def _mixture(inside: _Side, outside: _Side, expected: Floats) -> _Local:
    """Coverage as a function of colour, blended with the expectation (n) by how far the two sides differ."""
    share = (inside.share / np.maximum(inside.share + outside.share, 1e-6))[:, None]
    spread = share * inside.spread + (1 - share) * outside.spread
    apart = inside.mean - outside.mean
    direction, _ = _solve_symmetric(spread, apart, _COVERAGE_NOISE)
    distance = np.einsum("nc,nc->n", direction, apart)
    trust = np.where(inside.known & outside.known, distance**2 / (distance**2 + _TRUST_DISTANCE**2), 0)
    # Spread of the colours blurs the verdict; the gain makes up for it.
    gain = trust * (1 + 2 / np.sqrt(np.maximum(distance, 1))) / np.maximum(distance, 1e-6)
    slope = direction * gain[:, None]
    middle = (inside.mean + outside.mean) / 2
    offset = trust * 0.5 - np.einsum("nc,nc->n", slope, middle) + (1 - trust) * expected
    return _Local(slope=slope, offset=offset, trust=trust)


def _solve_symmetric(spread: Floats, right: Floats, noise: float) -> tuple[Floats, Floats]:
    """(spread + noise)⁻¹ · right for n symmetric 3x3 matrices, and their determinants."""
    xx, xy, xz, yy, yz, zz = spread.T
    xx, yy, zz = np.maximum(xx, 0) + noise, np.maximum(yy, 0) + noise, np.maximum(zz, 0) + noise
    c00, c01, c02 = yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy
    c11, c12, c22 = xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy
    determinant = np.maximum(xx * c00 + xy * c01 + xz * c02, 1e-3)
    r, g, b = right.T
    solution = np.stack([c00 * r + c01 * g + c02 * b, c01 * r + c11 * g + c12 * b, c02 * r + c12 * g + c22 * b], axis=1)
    return solution / determinant[:, None], determinant
