"""The joint band: the few pixels along the garment's edge that may differ from the photograph, and nothing else may."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.stage import Mask

SOLID = 252
"""Coverage from which a pixel is garment and nothing else (99 %)."""
WIDEST_PX = 12
SHARE = 0.0025
"""The band's width as a share of the photo's shorter side."""

_HARDENED = np.where(np.arange(256) >= SOLID, 255, np.arange(256)).astype(np.uint8)


def band_width(shape: tuple[int, ...]) -> int:
    """Width of the joint band in pixels for a photo of (H, W, ...): grows with the photo, never over WIDEST_PX."""
    return int(np.clip(round(SHARE * min(shape[:2])), 2, WIDEST_PX))


def hardened(garment: Mask, band_px: int) -> Mask:
    """Coverage with 255 where it is solid, or too far from anything that is not garment to be an edge.

    Softness in the midst of a garment is doubt of whoever drew the mask, or a fabric one sees through: in both cases
    the photograph shows the product there, and is to be kept.
    """
    midst = eroded((garment > 127).view(np.uint8), min(WIDEST_PX, 2 * band_px)) * np.uint8(255)
    return cast(Mask, cv2.LUT(cv2.max(garment, midst), _HARDENED))


def core_of(garment: Mask, band_px: int) -> NDArray[np.bool_]:
    """The garment away from the joint band: more than `band_px` pixels (in a row or column) from any pixel that is not
    solid in the hardened mask. Beyond the frame the garment counts as going on.
    """
    return eroded((hardened(garment, band_px) == 255).astype(np.uint8), band_px).view(np.bool_)


def eroded(mask: NDArray[np.uint8], radius: int) -> NDArray[np.uint8]:
    """`mask` less everything within `radius` pixels of a zero, measured in squares."""
    return np.asarray(cv2.erode(mask, _square(radius)), np.uint8)


def dilated(mask: NDArray[np.uint8], radius: int) -> NDArray[np.uint8]:
    """`mask` and everything within `radius` pixels of it, measured in squares."""
    return np.asarray(cv2.dilate(mask, _square(radius)), np.uint8)


def _square(radius: int) -> NDArray[np.uint8]:
    return np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
