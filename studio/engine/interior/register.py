"""Where the photo of the inside lies over the front: found by matching points of the garment, refined, and checked.

Points are SIFT features (Lowe, 2004) on luminance evened out locally, so that dark and pale garments have some too; the
move is a similarity found by RANSAC, refined by maximising the correlation over the garment (ECC: Evangelidis and
Psarakis, 2008). It is accepted only if the garment, where both photos show it, looks the same afterwards.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.colour import to_srgb8
from studio.engine.raster import Raster
from studio.engine.stage import Mask

WORKING_PX = 1024
MOST_POINTS = 4000
NEAREST_RATIO = 0.8
REACH_PX = 3.0
FEWEST_MATCHES = 8
SCALES = (0.5, 2.0)
LEAST_LIKENESS = 0.6
"""Correlation of local structure over the garment under which two photos are not of the same garment, or do not fit."""

Bytes = NDArray[np.uint8]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Registration:
    """matrix: 3 x 3, from pixels of the front to pixels of the inside photo. likeness: correlation over the garment,
    0..1."""

    matrix: Matrix
    likeness: float

    @property
    def sentence(self) -> str:
        """What was done to the inside photo, for the report."""
        scale = float(np.sqrt(abs(np.linalg.det(self.matrix[:2, :2]))))
        turn = float(np.degrees(np.arctan2(self.matrix[1, 0], self.matrix[0, 0])))
        return f"inside photo scaled by {1 / scale:.4f} and turned by {-turn:.2f} degrees onto the front"


def register(front: Raster, inside: Raster, garment: Mask) -> Registration | None:
    """Find the inside photo's place over the front; None = it does not fit."""
    first, first_scale = _evened(front)
    second, second_scale = _evened(inside)
    cover = cast(Mask, cv2.resize(garment, (first.shape[1], first.shape[0]), interpolation=cv2.INTER_AREA))
    start = _matched(first, second, cover)
    if start is None:
        return None
    matrix, likeness = _refined(first, second, cover, start)
    if likeness < LEAST_LIKENESS:
        return None
    return Registration(matrix=_scaled(1 / second_scale) @ matrix @ _scaled(first_scale), likeness=likeness)


def _evened(raster: Raster) -> tuple[Bytes, float]:
    """Luminance at working size with its contrast evened out locally, and working pixels per pixel."""
    height, width = raster.pixels.shape[:2]
    scale = min(1.0, WORKING_PX / max(height, width))
    small = to_srgb8(raster, (max(1, round(width * scale)), max(1, round(height * scale))))
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.createCLAHE(3.0, (8, 8)).apply(grey), np.uint8), scale


def _matched(first: Bytes, second: Bytes, cover: Mask) -> Matrix | None:
    """A similarity (2 x 3) from matched points; None = too few agree, or it is no plausible second frame."""
    sift = cv2.SIFT.create(MOST_POINTS, contrastThreshold=0.015)
    near_garment = cv2.dilate((cover > 127).astype(np.uint8), np.ones((9, 9), np.uint8))
    points, marks = sift.detectAndCompute(first, near_garment)
    others, other_marks = sift.detectAndCompute(second, None)
    if min(len(points), len(others)) < FEWEST_MATCHES:
        return None
    pairs = [
        best
        for best, next_best in cv2.BFMatcher().knnMatch(marks, other_marks, k=2)
        if best.distance < NEAREST_RATIO * next_best.distance
    ]
    if len(pairs) < FEWEST_MATCHES:
        return None
    here = np.array([points[pair.queryIdx].pt for pair in pairs], np.float32)
    there = np.array([others[pair.trainIdx].pt for pair in pairs], np.float32)
    matrix, agree = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=REACH_PX, maxIters=5000, confidence=0.999
    )
    similarity = cast(Matrix | None, matrix)
    if similarity is None or int(agree.sum()) < FEWEST_MATCHES or not _is_plausible(similarity):
        return None
    return similarity


def _is_plausible(matrix: Matrix) -> bool:
    """Whether a similarity is one between two frames of one shoot: no wild scale, hardly turned."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    return SCALES[0] < scale < SCALES[1] and abs(float(np.arctan2(matrix[1, 0], matrix[0, 0]))) < 0.35


def _refined(first: Bytes, second: Bytes, cover: Mask, start: Matrix) -> tuple[Matrix, float]:
    """The matrix (3 x 3) after ECC, and the correlation over the garment; the start where ECC finds nothing better."""
    mask = cast(Mask, cv2.erode((cover > 250).astype(np.uint8), np.ones((5, 5), np.uint8)))
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-5)
    before = _likeness(first, second, mask, start)
    try:
        _, found = cv2.findTransformECC(first, second, start.astype(np.float32), cv2.MOTION_AFFINE, criteria, mask, 5)
    except cv2.error:  # raised where it does not converge
        return _square(start), before
    moved = np.asarray(found, np.float64)
    after = _likeness(first, second, mask, moved)
    return (_square(moved), after) if after > before else (_square(start), before)


def _likeness(first: Bytes, second: Bytes, mask: Mask, matrix: Matrix) -> float:
    """Correlation of both pictures over the mask, each evened out locally, with `second` moved over `first`."""
    size = (first.shape[1], first.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(second, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    inside = mask > 0
    if np.count_nonzero(inside) < 100:
        return 0.0
    a, b = (cv2.GaussianBlur(each, (0, 0), 1.5).astype(np.float32)[inside] for each in (first, moved))
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / max(1e-6, float(np.sqrt((a * a).sum() * (b * b).sum()))))


def _square(matrix: Matrix) -> Matrix:
    return np.vstack([matrix, [0, 0, 1]])


def _scaled(factor: float) -> Matrix:
    """Pixel centres scaled: pixel edges are what falls together."""
    shift = 0.5 * factor - 0.5
    return np.array([[factor, 0, shift], [0, factor, shift], [0, 0, 1]])
