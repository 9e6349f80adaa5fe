"""Names for the arrays that the starter engine works with, and the picture operations it needs on them, typed."""

import functools
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.stage import Mask

Floats = NDArray[np.floating[Any]]  # float32 wherever a picture is meant
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]


def scaled(values: Floats, size: tuple[int, int]) -> Floats:
    """`values` (h, w) or (h, w, c) at `size` = (width, height), linear; float32 stays float32."""
    return cast(Floats, cv2.resize(values, size, interpolation=cv2.INTER_LINEAR))


def scaled_down(values: Floats, long_side: int) -> Floats:
    """`values` (h, w, c) with its longer side at most `long_side`, areas averaged."""
    height, width = values.shape[:2]
    scale = long_side / max(height, width)
    if scale >= 1:
        return values
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cast(Floats, cv2.resize(values, size, interpolation=cv2.INTER_AREA))


def scaled_mask(mask: Mask, size: tuple[int, int]) -> Mask:
    """A soft mask uint8 at `size` = (width, height), linear."""
    return cast(Mask, cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR))


def shrunk(pixels: Bytes, size: tuple[int, int]) -> Bytes:
    """A picture (h, w, 3) uint8 at `size` = (width, height): areas averaged, or interpolated where it grows."""
    grows = size[0] > pixels.shape[1] or size[1] > pixels.shape[0]
    return cast(Bytes, cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC if grows else cv2.INTER_AREA))


def box_mean(values: Floats, radius: int) -> Floats:
    """The mean over a square window of side 2 · radius + 1, mirrored at the border."""
    window = (2 * radius + 1, 2 * radius + 1)
    return cast(Floats, cv2.boxFilter(values, -1, window, borderType=cv2.BORDER_REFLECT))


def threefold(values: Floats) -> Floats:
    """`values` (h, w) for each of three channels, (h, w, 3): NumPy multiplies arrays of one shape six times as fast."""
    return cast(Floats, cv2.cvtColor(values, cv2.COLOR_GRAY2RGB))


def gaussian_mean(values: Floats, sigma: float) -> Floats:
    """The mean weighted by a Gaussian of `sigma` pixels."""
    return cast(Floats, cv2.GaussianBlur(values, (0, 0), sigma))


def gaussian_mean_of_bins(counts: NDArray[Any], sigma: float) -> NDArray[np.float64]:
    """A histogram (n, n, n) smoothed along its three axes by a Gaussian of `sigma` bins, mirrored at its faces."""
    spread = _gaussian_of_bins(len(counts), sigma)
    for _ in range(3):  # each turn smooths the first axis and makes it the last
        counts = np.tensordot(counts, spread, (0, 1))
    return counts


@functools.cache
def _gaussian_of_bins(places: int, sigma: float) -> NDArray[np.float64]:
    """(n, n): how much of each bin goes to each bin."""
    radius = int(4 * sigma + 0.5)
    offsets = np.arange(-radius, radius + 1)
    weights = np.exp(-0.5 * (offsets / sigma) ** 2)
    mirrored = np.mod(np.arange(places)[:, None] + offsets, 2 * places)
    spread = np.zeros((places, places))
    np.add.at(
        spread,
        (np.arange(places)[:, None], np.minimum(mirrored, 2 * places - 1 - mirrored)),
        weights / weights.sum(),
    )
    return spread


def pieces(flags: Flags, connectivity: int) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Labels (h, w) of the connected pieces of `flags` (0 = not set) and their areas in pixels, index 0 included."""
    labels = cast(NDArray[np.int32], cv2.connectedComponents(flags.astype(np.uint8), connectivity=connectivity)[1])
    return labels, np.bincount(labels.ravel())


def as_coverage(mask: Floats) -> Mask:
    """Coverage 0..1 as uint8 0..255."""
    return np.rint(mask * np.float32(255)).clip(0, 255).astype(np.uint8)


def product(first: Mask, second: Mask) -> Mask:
    """The product of two coverages, uint8 0..255."""
    return cast(Mask, cv2.multiply(first, second, scale=1 / 255))


def opposite(mask: Mask) -> Mask:
    """255 minus the coverage."""
    return cast(Mask, cv2.bitwise_not(mask))
