"""BMP, as scanners and old programs write it, decoded by Pillow: libvips' wheel has no reader for it."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import BmpImagePlugin, Image

from studio.engine.raster import DecodeError, Raster, split_alpha

_ERRORS = (ValueError, SyntaxError, EOFError, IndexError, Image.DecompressionBombError)


def header(path: Path) -> tuple[int, int, int]:
    """Width, height and bits (8), without decoding. Raises DecodeError or OSError."""
    with path.open("rb") as stream:
        width, height = _open(stream).size
    return width, height, 8


def read(path: Path) -> Raster:
    """The picture as 8 bit, taken for sRGB: profiles in BMP are as good as unknown. Raises DecodeError or OSError.

    Alpha is read where the header declares it. A file cut short is refused.
    """
    with path.open("rb") as stream:
        picture = _open(stream)
        try:
            picture.load()
        except (OSError, *_ERRORS) as error:  # Pillow calls a file cut short an OSError
            raise DecodeError(str(error)) from error
        pixels, alpha = split_alpha(np.array(picture.convert("RGBA" if picture.mode == "RGBA" else "RGB")))
    return Raster(pixels=pixels, alpha=alpha)


def _open(stream: Any) -> BmpImagePlugin.BmpImageFile:
    """By the reader of BMP itself: `Image.open` has a limit of pixels of its own."""
    try:
        return BmpImagePlugin.BmpImageFile(stream)
    except (OSError, *_ERRORS) as error:
        raise DecodeError(str(error)) from error
