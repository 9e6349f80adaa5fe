"""Shadows under a garment that hangs before a plain background."""

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.raster import Pixels
from studio.engine.stage import Mask
from studio.model import Shadow

_WORKING_SIDE = 1024
_CONTACT_OPACITY = 0.38
_DROP_OPACITY = 0.26


def shadow_of(alpha: Pixels, kind: Shadow) -> Mask | None:
    """The share of light (0..255 = none..all) that the garment of this alpha (H, W) takes away; None = no shadow.

    contact: the garment stands on the ground under its lowest point; a point of the ground is dark where the hem is
    close above it and lightens with the hem's height, spread sideways more than in depth. drop: the garment hangs
    close before a wall, lit from above: its outline, a little lower and soft. Both are computed at up to 1024 pixels a
    side and enlarged: they hold no finer detail. They lie under the garment: the caller lays it on top.
    """
    if kind is Shadow.NONE:
        return None
    height, width = alpha.shape
    factor = min(1.0, _WORKING_SIDE / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    share = np.asarray(small, np.float32) * np.float32(1 / np.iinfo(alpha.dtype).max)
    lines = np.flatnonzero(np.any(share > 0.5, axis=1))
    if lines.size == 0:
        return None
    taken = (_contact if kind is Shadow.CONTACT else _drop)(share, float(lines[-1] - lines[0] + 1))
    return np.asarray(cv2.resize(np.rint(taken * 255).astype(np.uint8), (width, height)), np.uint8)


def _contact(alpha: NDArray[np.float32], tall: float) -> NDArray[np.float32]:
    """tall: the garment's height in pixels, by which every length here is measured."""
    height = alpha.shape[0]
    solid = alpha > 0.5
    lowest = np.where(solid.any(axis=0), height - 1 - np.argmax(solid[::-1], axis=0), -np.inf)
    ground = lowest.max()
    near = np.asarray(np.exp((lowest - ground) / (0.03 * tall))[None, :], np.float32)
    sigma = max(0.5, 0.02 * tall)
    spread = cv2.GaussianBlur(near, (2 * round(3 * sigma) + 1, 1), sigma, borderType=cv2.BORDER_CONSTANT)
    rows = np.arange(height, dtype=np.float32)[:, None] - np.float32(ground)
    depth = np.exp(-0.5 * (rows / max(1.0, 0.012 * tall)) ** 2)
    return np.asarray(spread * (_CONTACT_OPACITY * depth), np.float32)


def _drop(alpha: NDArray[np.float32], tall: float) -> NDArray[np.float32]:
    shift = np.array([[1, 0, 0.006 * tall], [0, 1, 0.018 * tall]], np.float32)
    moved = cv2.warpAffine(alpha, shift, (alpha.shape[1], alpha.shape[0]))
    blurred = cv2.GaussianBlur(moved, (0, 0), max(0.5, 0.016 * tall), borderType=cv2.BORDER_CONSTANT)
    return np.asarray(_DROP_OPACITY * blurred, np.float32)
