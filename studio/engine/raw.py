"""Camera RAW, developed once by LibRaw with the camera's own white balance."""

import contextlib
from collections.abc import Generator
from pathlib import Path

import numpy as np
import rawpy

from studio.engine import exif, profiles
from studio.engine.raster import DecodeError, Raster


def header(path: Path) -> tuple[int, int, int]:
    """Width, height and bits (16) of the developed picture. Raises DecodeError or OSError."""
    with _open(path) as photo:
        return photo.sizes.width, photo.sizes.height, 16


def develop(path: Path) -> Raster:
    """The photograph as 16 bit in Adobe RGB (1998) primaries and curve, upright. Raises DecodeError or OSError.

    White balance as the camera set it, no automatic brightness, highlights clipped, AHD demosaicing: LibRaw's ways.
    A camera without colours gives three equal channels.
    """
    with _open(path) as photo:
        pixels = photo.postprocess(
            use_camera_wb=True,
            no_auto_bright=True,
            output_bps=16,
            output_color=rawpy.ColorSpace.Adobe,
            gamma=(profiles.ADOBE_GAMMA, 0),
        )
    return Raster(
        pixels=np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3))),
        icc=profiles.adobe_rgb(),
        exif=exif.of_tiff(path),
        conversions=("the RAW was developed with the camera's white balance into 16 bit Adobe RGB (1998) colours",),
    )


@contextlib.contextmanager
def _open(path: Path) -> Generator[rawpy.RawPy]:
    try:
        with path.open("rb") as stream, rawpy.imread(stream) as photo:
            yield photo
    except (rawpy.LibRawError, rawpy.NotSupportedError) as error:
        raise DecodeError(str(error)) from error
