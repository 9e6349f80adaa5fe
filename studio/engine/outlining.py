"""The outline of a region as one closed path, holes included, so that a mask can be kept and replayed as a stroke."""

import math
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

# In pixels of the mask: how far the path may stray from the edge, and what is too small to be meant.
_STRAY_PX = 0.7
_SMALLEST_HOLE_PX = 64

Path = list[tuple[float, float]]


def outline(region: NDArray[np.bool_], at: tuple[float, float]) -> Path:
    """The path around the part of `region` (h, w) that holds `at` (x, y), pixel edges integral; [] where none does.

    Holes are joined to the path by cuts that are walked twice, so that filling it by the even-odd rule leaves them out.
    """
    height, width = region.shape
    x, y = min(max(int(at[0]), 0), width - 1), min(max(int(at[1]), 0), height - 1)
    if not region[y, x]:
        return []
    _, parts = cv2.connectedComponents(region.astype(np.uint8), connectivity=4)
    part = (parts == parts[y, x]).astype(np.uint8)
    outer, holes = _rings(part)
    path = max(outer, key=len)
    wanted = [ring for ring in holes if len(ring) > 2 and _area(ring) >= _SMALLEST_HOLE_PX]
    if len(path) < 3:
        return []
    return [(float(px) + 0.5, float(py) + 0.5) for px, py in _joined(path, wanted)]


def _rings(part: NDArray[np.uint8]) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    """The outer rings of a mask, and those of its holes."""
    found, tree = cv2.findContours(part, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    rings = [_ring(cast("NDArray[np.int32]", contour)) for contour in found]
    parents = cast("NDArray[np.int32]", tree)[0, :, 3]
    outer = [ring for ring, parent in zip(rings, parents, strict=True) if parent < 0]
    return outer, [ring for ring, parent in zip(rings, parents, strict=True) if parent >= 0]


def _ring(contour: NDArray[np.int32]) -> NDArray[np.float64]:
    """The corners of a contour of pixel centres (n, 2), those on nearly straight lines left out."""
    simple = cast("NDArray[np.int32]", cv2.approxPolyDP(contour, _STRAY_PX, closed=True))
    return simple.reshape(-1, 2).astype(np.float64)


def _area(ring: NDArray[np.float64]) -> float:
    return float(cv2.contourArea(ring.astype(np.float32)))


def _joined(path: NDArray[np.float64], holes: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """One path through all rings. The nearest hole is joined first: the shortest cut crosses no other hole."""
    left = list(holes)
    while left:
        cuts = [(*_shortest(path, ring), place) for place, ring in enumerate(left)]
        _, here, there, place = min(cuts)
        ring = left.pop(place)
        turned = np.concatenate([ring[there:], ring[: there + 1]])
        path = np.concatenate([path[: here + 1], turned, path[here:]])
    return path


def _shortest(path: NDArray[np.float64], ring: NDArray[np.float64]) -> tuple[float, int, int]:
    """The distance between the nearest corners of two rings, and which corners those are."""
    apart = np.square(path[:, None] - ring[None]).sum(2)
    here, there = np.unravel_index(int(apart.argmin()), apart.shape)
    return math.sqrt(float(apart[here, there])), int(here), int(there)
