"""Light and encoded pixels: the few conversions that joining and shading need.

Light is approximated as encoded value to the power 2.2, whatever the photo's profile: within a few percent of the
transfer curves of sRGB, Adobe RGB and Display P3. Only ratios of light within one picture are taken, and the way back
inverts the same curve exactly, so that an unchanged colour comes back unchanged.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.engine.raster import Pixels

Light = NDArray[np.floating[Any]]  # float32 wherever a picture is meant
EXPONENT = 2.2


def light_of(pixels: Pixels) -> Light:
    """Encoded pixels of any shape, uint8 or uint16, as light 0..1, float32, same shape."""
    return _table(pixels.dtype.itemsize)[pixels]


def encoded(light: Light, dtype: np.dtype[np.uint8 | np.uint16]) -> Pixels:
    """Light as encoded pixels of `dtype`, rounded to nearest, clipped to 0..white."""
    white = np.iinfo(dtype).max
    values = np.power(np.clip(light, 0, 1), np.float32(1 / EXPONENT)) * white
    return np.rint(values).astype(dtype)


def luminance(light: Light) -> Light:
    """Luminance (..., 1 channel dropped) of light (..., 3), with the weights of ITU-R BT.709."""
    return light @ np.array([0.2126, 0.7152, 0.0722], np.float32)


@lru_cache(maxsize=2)
def _table(itemsize: int) -> Light:
    return (np.linspace(0, 1, 256**itemsize) ** EXPONENT).astype(np.float32)
