"""Photographs in and out: pixels, colour profile, bit depth, metadata, orientation."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Raster:
    """A picture in memory, EXIF orientation already applied.

    pixels: (H, W, 3) uint8 or uint16, RGB, encoded by the transfer curve of `icc` (never linear).
    alpha: (H, W) of the same dtype, straight; None = opaque. icc: the ICC profile that describes `pixels`,
    None = sRGB. exif, iptc, xmp: the raw metadata blocks (orientation reset to 1), None = absent.
    conversions: sentences that say what was converted when it was read (RAW development, CMYK, grey).
    """

    pixels: NDArray[np.uint8] | NDArray[np.uint16]
    alpha: NDArray[np.uint8] | NDArray[np.uint16] | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    iptc: bytes | None = None
    xmp: bytes | None = None
    conversions: tuple[str, ...] = ()


def read_photo(path: Path) -> Raster:
    """Read any photograph the program knows. Raises PhotoError, never returns half a picture."""
    raise NotImplementedError
