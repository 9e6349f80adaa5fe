"""Finished pictures out: pixels, profile and metadata into a file of a given type."""

import io
import struct
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import PIL.Image
import pyvips

from studio.engine import colour, exif, metadata, profiles, psd, vips, xmp
from studio.engine.raster import Pixels, Raster
from studio.errors import OutputError
from studio.model import Format, Profile

_LONGEST_SIDE = {Format.JPG: 65_500, Format.WEBP: 16_383, Format.AVIF: 16_383, Format.PSD: psd.LONGEST_SIDE}
_LOSSY = (Format.JPG, Format.WEBP, Format.AVIF)
# Colour primaries and transfer curve by the code points of ITU-T H.273, for programs that look at these before the ICC.
_CODE_POINTS = {Profile.SRGB: (1, 13), Profile.DISPLAY_P3: (12, 13)}

# Level 2 with the filter "average", both constant: on a 12-megapixel garment on white 0.25 s and 8.6 MB, where Pillow's
# level 6 takes 1.9 s for 7.8 MB. Choosing the filter line by line ("all") doubles the time for the same size.
_PNG = {"compression": 2, "filter": "avg"}


def write_picture(path: Path, raster: Raster, kind: Format, quality: int) -> tuple[str, ...]:
    """Write a finished picture with its profile and metadata under `path`; says what metadata found no place.

    PNG, TIFF and PSD keep 8 or 16 bit and are exact; JPEG and AVIF (4:4:4, no chroma is thrown away) and WebP hold 8
    bit and take `quality` 1..100. TIFF is deflated with horizontal differences, read by every program since the 1990s,
    and carries the raster's layers, if it has any, as Photoshop does. Raises OSError as the disk does, OutputError for
    a picture that the type cannot hold.
    """
    _check_side(path, raster.pixels, kind)
    if kind is Format.PSD:
        return _write_psd(path, raster)
    if kind is Format.AVIF:
        return _write_avif(path, raster, quality)
    options: dict[Format, dict[str, Any]] = {
        Format.PNG: _PNG,
        Format.JPG: {"Q": quality, "subsample_mode": "off"},
        Format.TIFF: {"compression": "deflate", "predictor": "horizontal"},
        Format.WEBP: {"Q": quality, "effort": 3, "smart_subsample": True},
    }
    resolution = exif.pixels_per_mm(raster.exif)
    image = vips.image_of(raster.pixels)
    if raster.alpha is not None:
        image = image.bandjoin(vips.image_of(raster.alpha))  # while it is written: a copy of 100 MP takes 800 MB
    image = image.copy(xres=resolution, yres=resolution)
    insertion = metadata.insertion(kind, raster)
    _write(path, _with_profile(image, raster.icc), f".{kind.value}", options[kind], insertion)
    metadata.append(path, kind, raster)
    return insertion.lost


def write_within(path: Path, raster: Raster, kind: Format, limits: "Limits") -> tuple[str, ...]:
    """Write a finished picture with a size in bytes inside `limits`, at the best quality for that from its own on.

    A file that is too large loses quality step by step, down to the least allowed; one that is too small gains. Where
    no allowed quality keeps the limits, the file breaks them: it is for pre-flight to say so, and no reason to lose it.
    Says what metadata found no place. Raises OSError, OutputError as `write_picture` does.
    """
    lost = write_picture(path, raster, kind, limits.quality)
    size = path.stat().st_size
    if kind in _LOSSY and not limits.allow(size):
        quality = _fitting_quality(path, raster, kind, limits, is_too_large=size > (limits.high or size))
        lost = write_picture(path, raster, kind, quality)
    return lost


def _fitting_quality(path: Path, raster: Raster, kind: Format, limits: "Limits", *, is_too_large: bool) -> int:
    """The highest quality whose file is small enough, or the lowest whose file is large enough; else the last one."""

    def is_large_enough(quality: int) -> bool:
        write_picture(path, raster, kind, quality)
        size = path.stat().st_size
        return size > (limits.high or size) if is_too_large else size >= (limits.low or 0)

    qualities = range(101)
    if is_too_large:
        first = bisect_left(qualities, True, limits.quality_min, limits.quality, key=is_large_enough)
        return max(limits.quality_min, first - 1)
    return min(100, bisect_left(qualities, True, limits.quality + 1, 101, key=is_large_enough))


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many bytes a file may have, None = no limit; and the quality to begin with and never to go below."""

    low: float | None = None
    high: float | None = None
    quality: int = 92
    quality_min: int = 70

    def allow(self, size: int) -> bool:
        """Whether a file of this size keeps the limits."""
        return (self.low is None or size >= self.low) and (self.high is None or size <= self.high)


def write_layer(path: Path, pixels: Pixels, icc: bytes | None = None) -> None:
    """Write a mask (H, W) or a master (H, W, 4) as PNG, exact, without metadata. Raises OSError."""
    _write(path, _with_profile(vips.image_of(pixels), icc), ".png", _PNG, metadata.Insertion())


def _write_psd(path: Path, raster: Raster) -> tuple[str, ...]:
    with path.open("w+b") as stream:
        psd.write(stream, raster)
        size = stream.seek(0, 2)
    if size > psd.MOST_BYTES:
        hint = "Choose TIFF, or a smaller size."
        raise OutputError("Picture too large for its type", f"{path.name} would be larger than a PSD may be.", hint)
    return ()


def _write_avif(path: Path, raster: Raster, quality: int) -> tuple[str, ...]:
    """By libavif through Pillow, which keeps XMP byte for byte, and EXIF that says no orientation: other EXIF it writes
    anew, breaking letters beyond ASCII. AVIF has no place for IPTC."""
    block = exif.of_raster(raster)
    pixels = raster.pixels if raster.alpha is None else np.dstack([raster.pixels, raster.alpha])
    picture = PIL.Image.fromarray(pixels)
    blocks: dict[str, Any] = {
        "icc_profile": raster.icc,
        "xmp": xmp.of_raster(raster, Format.AVIF),
        "exif": block and exif.without_orientation(block),
    }
    encoded = io.BytesIO()
    wanted = {name: block for name, block in blocks.items() if block}
    # One encoder thread and no tiles: the same picture gives the same bytes on every computer.
    picture.save(encoded, "AVIF", quality=quality, subsampling="4:4:4", speed=7, max_threads=1, **wanted)
    path.write_bytes(_with_code_points(encoded.getvalue(), raster.icc))
    return ("AVIF has no place for the photo's IPTC, which was left out",) if raster.iptc else ()


def _with_code_points(content: bytes, icc: bytes | None) -> bytes:
    """The file with its colours named by code points too, where the profile has some; libavif leaves them open."""
    profile = next((name for name in _CODE_POINTS if colour.same_colours(icc, profiles.profile_for(name, None))), None)
    place = content.find(b"colrnclx")
    if profile is None or place < 0:
        return content
    points = struct.pack(">HH", *_CODE_POINTS[profile])
    return content[: place + 8] + points + content[place + 12 :]


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
