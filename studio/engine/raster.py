"""A picture in memory."""

from dataclasses import dataclass, replace
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8 | np.uint16]


# Strips of this height keep the sums for a picture of a hundred megapixels small.
_STRIP_ROWS = 512


class DecodeError(Exception):
    """A decoder could not read a file to its end; the text says what the decoder said."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer of a picture, as large as it: pixels (H, W, 3) as the raster's, straight, under a mask (H, W).

    Both are of the raster's dtype; mask: coverage 0..full, None = opaque everywhere.
    """

    name: str
    pixels: Pixels
    mask: Pixels | None = None


@dataclass(frozen=True, kw_only=True)
class Raster:
    """A picture in memory, EXIF orientation already applied.

    pixels: (H, W, 3) uint8 or uint16, RGB, encoded by the transfer curve of `icc` (never linear).
    alpha: (H, W) of the same dtype, straight; None = opaque. icc: the ICC profile that describes `pixels`,
    None = sRGB. exif, iptc, xmp: the raw metadata blocks (orientation reset to 1; EXIF starts with its TIFF header,
    without "Exif\\0\\0"), None = absent.
    conversions: sentences that say what was converted when it was read (RAW development, CMYK, grey). warnings: what
    was broken in the file and done without, for a person to read.
    layers: what the picture was laid together from, the lowest first, blended in encoded values; empty = not kept.
    """

    pixels: Pixels
    alpha: Pixels | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    iptc: bytes | None = None
    xmp: bytes | None = None
    conversions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()


def on_white(raster: Raster) -> Raster:
    """An opaque picture: what is transparent is laid on white, blended in encoded values; opaque pixels stay exact.

    A conversion says so, unless every pixel was opaque. The raster's own array is changed.
    """
    if raster.alpha is None:
        return raster
    full = int(np.iinfo(raster.alpha.dtype).max)
    seen = False
    for top in range(0, raster.alpha.shape[0], _STRIP_ROWS):
        pixels, alpha = raster.pixels[top : top + _STRIP_ROWS], raster.alpha[top : top + _STRIP_ROWS]
        open_to_white = alpha < full
        if open_to_white.any():
            seen = True
            share = alpha[open_to_white].astype(np.uint32)[:, None]
            dark = full - pixels[open_to_white].astype(np.uint32)
            pixels[open_to_white] = full - (dark * share + full // 2) // full
    notes = (*raster.conversions, "its transparent parts were laid on white") if seen else raster.conversions
    return replace(raster, alpha=None, conversions=notes)


def reading_warnings(*, broken_profile: bool, broken_exif: bool) -> tuple[str, ...]:
    """What a person should know of a file that was read without these parts of it."""
    found = (
        (broken_profile, "The photo's colour profile is broken: its colours were read as sRGB and may be wrong."),
        (
            broken_exif,
            "The photo's EXIF data is broken and was left out: if the picture lies on its side, turn it first.",
        ),
    )
    return tuple(sentence for holds, sentence in found if holds)


def split_alpha(array: NDArray[Any]) -> tuple[Pixels, Pixels | None]:
    """(H, W, 3) and (H, W), each contiguous, from (H, W, 3 or 4) uint8 or uint16; None = no fourth channel."""
    array = np.ascontiguousarray(array)
    if array.shape[2] == 3:
        return array, None
    return cast(Pixels, cv2.cvtColor(array, cv2.COLOR_RGBA2RGB)), cast(Pixels, cv2.extractChannel(array, 3))
