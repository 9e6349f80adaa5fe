"""Finished pictures out: pixels, profile and metadata into a file of a given type."""

from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import pyvips

from studio.engine import exif, metadata, vips
from studio.engine.raster import Pixels, Raster
from studio.errors import OutputError
from studio.model import Format

_LONGEST_SIDE = {Format.JPG: 65_500, Format.WEBP: 16_383}

# Level 2 with the filter "average", both constant: on a 12-megapixel garment on white 0.25 s and 8.6 MB, where Pillow's
# level 6 takes 1.9 s for 7.8 MB. Choosing the filter line by line ("all") doubles the time for the same size.
_PNG = {"compression": 2, "filter": "avg"}


def write_picture(path: Path, raster: Raster, kind: Format, quality: int) -> tuple[str, ...]:
    """Write a finished picture with its profile and metadata under `path`; says what metadata found no place.

    PNG and TIFF keep 8 or 16 bit and are exact; JPEG (4:4:4, no chroma is thrown away) and WebP hold 8 bit and take
    `quality` 1..100. TIFF is deflated with horizontal differences, read by every program since the 1990s.
    Raises OSError as the disk does, OutputError for a picture that the type cannot hold.
    """
    _check_side(path, raster.pixels, kind)
    pixels = raster.pixels if raster.alpha is None else np.dstack([raster.pixels, raster.alpha])
    options: dict[Format, dict[str, Any]] = {
        Format.PNG: _PNG,
        Format.JPG: {"Q": quality, "subsample_mode": "off"},
        Format.TIFF: {"compression": "deflate", "predictor": "horizontal"},
        Format.WEBP: {"Q": quality, "effort": 3, "smart_subsample": True},
    }
    resolution = exif.pixels_per_mm(raster.exif)
    image = vips.image_of(pixels).copy(xres=resolution, yres=resolution)
    insertion = metadata.insertion(kind, raster)
    _write(path, _with_profile(image, raster.icc), f".{kind.value}", options[kind], insertion)
    metadata.append(path, kind, raster)
    return insertion.lost


def write_layer(path: Path, pixels: Pixels, icc: bytes | None = None) -> None:
    """Write a mask (H, W) or a master (H, W, 4) as PNG, exact, without metadata. Raises OSError."""
    _write(path, _with_profile(vips.image_of(pixels), icc), ".png", _PNG, metadata.Insertion())


def _check_side(path: Path, pixels: Pixels, kind: Format) -> None:
    side = max(pixels.shape[:2])
    if side > _LONGEST_SIDE.get(kind, side):
        raise OutputError(
            "Picture too large for its type",
            f"{path.name} would have {side} pixels on its long side; {kind.value.upper()} holds {_LONGEST_SIDE[kind]}.",
            "Choose PNG or TIFF, or a smaller size.",
        )


def _with_profile(image: vips.Image, icc: bytes | None) -> vips.Image:
    if icc is None:
        return image
    image = image.copy()
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    return image


def _write(path: Path, image: vips.Image, suffix: str, options: dict[str, Any], insertion: metadata.Insertion) -> None:
    with path.open("w+b", buffering=0) as stream:
        target = _Target(stream, insertion)
        try:
            image.write_to_target(target.vips, suffix, keep="icc", **options)
        except vips.ERRORS as error:
            raise target.error or OSError(str(error)) from error
        if target.error:
            raise target.error


class _Target:
    """Where libvips writes to: a Python file, so that a full disk is the OSError it is, with its number.

    What is to be inserted goes in on the way, so that no file is written twice.
    """

    def __init__(self, stream: BinaryIO, insertion: metadata.Insertion) -> None:
        self.error: OSError | None = None
        self._stream = stream
        self._insertion = insertion
        self.vips = cast(Any, pyvips.TargetCustom())
        self.vips.on_write(self._write)
        self.vips.on_read(stream.read)
        self.vips.on_seek(stream.seek)

    def _write(self, chunk: bytes) -> int:
        """Take all of a chunk; libvips' first holds the head of the file and more."""
        content = bytes(chunk)
        if self._insertion.content and self._stream.tell() == 0:
            place = self._insertion.place
            content = content[:place] + self._insertion.content + content[place:]
        try:
            while content:
                content = content[self._stream.write(content) :]
        except OSError as error:
            self.error = error
            return -1
        return len(chunk)
