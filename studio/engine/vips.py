"""The one seam to libvips: arrays in and out, its errors, its habits."""

import logging
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyvips
from numpy.typing import NDArray

from studio.engine import cielab

VipsError = cast(type[Exception], pyvips.Error)  # type: ignore[attr-defined]
ERRORS = (VipsError, UnicodeDecodeError)
"""What to catch: pyvips takes libvips' message for text, but it may quote the tags of a damaged file."""
Image = Any

_FORMATS = {"uint8": "uchar", "uint16": "ushort", "float32": "float"}
_TYPES = {"uchar": np.uint8, "ushort": np.uint16, "float": np.float32}

# What libvips warns of comes as an error too where it matters.
logging.getLogger("pyvips").setLevel(logging.ERROR)
# Every picture is used once: the cache of operations would only hold on to its pixels and to files that changed since.
pyvips.cache_set_max(0)  # type: ignore[attr-defined]


def image_of(pixels: NDArray[Any]) -> Image:
    """A libvips image over the memory of `pixels`: (H, W) or (H, W, C), uint8, uint16 or float32; nothing is copied.

    Three and four channels are marked as encoded RGB, one and two as grey.
    """
    array = np.ascontiguousarray(pixels)
    height, width, *rest = array.shape
    bands = rest[0] if rest else 1
    image = cast(Image, pyvips.Image.new_from_memory(array.data, width, height, bands, _FORMATS[array.dtype.name]))
    return image.copy(interpretation=_interpretation(bands, array.dtype.itemsize))


def array_of(image: Image) -> NDArray[Any]:
    """The pixels of `image`, computed now: (H, W, C), C = 1 included; the array owns libvips' memory and is writable.

    Raises VipsError when a loader at the start of the chain fails.
    """
    kind = _TYPES[image.format]
    return np.frombuffer(image.write_to_memory(), kind).reshape(image.height, image.width, image.bands)


def thumbnail(encoded: bytes, side: int) -> NDArray[np.uint8]:
    """A picture file in memory as (h, w, 3) RGB or (h, w, 4) straight RGBA, sRGB-encoded, oriented.

    No side is above `side`. JPEG is decoded only as far as that needs. Raises VipsError.
    """
    small = cast(Image, pyvips.Image.thumbnail_buffer(encoded, side, height=side, size="down", output_profile="srgb"))
    rgb = small.colourspace("srgb").cast("uchar")
    return cast("NDArray[np.uint8]", array_of(rgb if rgb.bands >= 3 else rgb[0].bandjoin([rgb[0], rgb[0]])))


def open_source(path: Path, fail_on: str) -> Image:
    """The picture in a file, its header read, to be decoded once from top to bottom.

    fail_on: "none", "truncated", "error" or "warning": what ends the decoding with a VipsError. A TIFF in Lab passes
    for one in RGB: its samples come as they stand. Raises VipsError.
    """
    if not os.path.isfile(path):
        raise VipsError(f"{path} is no file")  # libvips would wait at a pipe for ever
    return cast(Image, pyvips.Image.new_from_source(_source(path), "", access="sequential", fail_on=fail_on))


class _LabAsRgb:
    """The bytes of a TIFF in Lab, but for the two that say so; open as long as libvips may ask for them."""

    def __init__(self, path: Path, lab: cielab.LabFile) -> None:
        self._stream = path.open("rb")
        self._lab = lab

    def __del__(self) -> None:
        self._stream.close()

    def read(self, size: int) -> bytes:
        start = self._stream.tell()
        content = bytearray(self._stream.read(size))
        for index, value in enumerate(self._lab.as_rgb, self._lab.place - start):
            if 0 <= index < len(content):
                content[index] = value
        return bytes(content)

    def seek(self, offset: int, whence: int) -> int:
        """The new place; -1 = there is none, which a damaged file may ask for."""
        try:
            return self._stream.seek(offset, whence)
        except (OSError, ValueError):
            return -1


def _source(path: Path) -> Any:
    try:
        lab = cielab.lab_file(path)
        if lab is None:
            # A source takes the name as bytes and literally; new_from_file would read "a[1].jpg" as options.
            return pyvips.Source.new_from_file(cast(str, os.fsencode(path)))
        content = _LabAsRgb(path, lab)
    except OSError as error:
        raise VipsError(str(error)) from error
    source = pyvips.SourceCustom()
    source.on_read(content.read)
    source.on_seek(content.seek)
    return source


def open_encoded(encoded: bytes) -> Image:
    """The same of a picture file in memory, for its header. Raises VipsError."""
    return cast(Image, pyvips.Image.new_from_buffer(encoded, "", fail_on="none"))


def strips_of(image: Image, rows: int) -> Generator[tuple[int, NDArray[Any]]]:
    """First row and pixels (up to `rows`, W, C) of strip after strip, decoded one at a time. Raises VipsError."""
    region = cast(Any, pyvips.Region.new(image))
    for top in range(0, image.height, rows):
        height = min(rows, image.height - top)
        content = region.fetch(0, top, image.width, height)
        yield top, np.frombuffer(content, _TYPES[image.format]).reshape(height, image.width, image.bands)


def field(image: Image, name: str) -> bytes | None:
    """A block of bytes attached to `image`, such as "exif-data"; None = it has none."""
    return bytes(image.get(name)) if image.get_typeof(name) else None


def _interpretation(bands: int, itemsize: int) -> str:
    wide = itemsize == 2
    if bands >= 3:
        return "rgb16" if wide else "srgb"
    return "grey16" if wide else "b-w"
