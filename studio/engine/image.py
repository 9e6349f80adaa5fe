"""Photographs in: one way for all types, from a file to pixels with profile, bit depth and metadata.

The type is told by the content. JPEG, PNG, TIFF, WebP, GIF and AVIF are decoded by libvips, HEIC by libheif, camera RAW
by LibRaw, BMP by Pillow. JPEG pixels are those of libjpeg-turbo with its default (accurate) settings, bit for bit what
Pillow gives.
Transparent, palette, grey and CMYK pictures become RGB (with alpha); 8 bit stay 8 and 16 bit stay 16.
"""

import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from studio.engine import bmp, decode, heif, raw, vips
from studio.engine.filetype import HEAD_BYTES, FileType, filetype_of, is_animated_png, is_sequence
from studio.engine.raster import DecodeError, Raster
from studio.errors import PhotoError

__all__ = ["MAX_PIXELS", "PhotoFacts", "Raster", "day_taken", "probe", "read_photo"]

MAX_PIXELS = 250_000_000
MAX_SIDE = 65_535
# What decoders say of a sound file that they do not know how to read.
_RARE = re.compile(
    r"not configured|not supported|not a whole number of bytes|data precision|JPEG process|conversion request|BMP bitf"
)
_TAKEN = "exif-ifd2-DateTimeOriginal"


@dataclass(frozen=True, kw_only=True)
class PhotoFacts:
    """What is known of a photo without decoding it. width, height: pixels as stored, before orientation.

    bits: per channel, as it will be in memory (8 or 16).
    """

    type: FileType
    width: int
    height: int
    bits: int


def read_photo(path: Path) -> Raster:
    """Read any photograph the program knows. Raises PhotoError, never returns half a picture."""
    before = _state(path)
    kind = _type(path)
    facts = _facts(path, kind)
    _check_size(path, facts)
    try:
        raster = _decode(path, kind)
    except DecodeError as error:
        if _state(path) != before:
            raise _changed(path) from error
        raise _refused(path, kind, error) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if _state(path) != before:
        raise _changed(path)
    return raster


def probe(path: Path) -> PhotoFacts:
    """Type and size of a photograph from its header: what it will need in memory. Raises PhotoError."""
    _state(path)
    return _facts(path, _type(path))


def day_taken(path: Path) -> str | None:
    """The day a photo was taken (YYYY-MM-DD) as its EXIF says it; None = it does not say, or cannot be read."""
    try:
        image = vips.open_source(path, "none")
        said = str(image.get(_TAKEN)) if image.get_typeof(_TAKEN) else ""
    except vips.ERRORS:
        return None
    day = re.match(r"(\d{4}):(\d\d):(\d\d)\b", said)
    return "-".join(day.groups()) if day else None


def _decode(path: Path, kind: FileType) -> Raster:
    if kind is FileType.RAW:
        return raw.develop(path)
    if kind is FileType.HEIC:
        return heif.read(path)
    if kind is FileType.BMP:
        return bmp.read(path)
    return decode.read(path, kind)


def _facts(path: Path, kind: FileType) -> PhotoFacts:
    others = {FileType.RAW: raw.header, FileType.HEIC: heif.header, FileType.BMP: bmp.header}
    header = others.get(kind, decode.header)
    try:
        width, height, bits = header(path)
    except DecodeError as error:
        raise _refused(path, kind, error) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    return PhotoFacts(type=kind, width=width, height=height, bits=bits)


def _state(path: Path) -> tuple[int, int, int]:
    """What changes when a file is written to or replaced. Raises PhotoError for what is no readable file."""
    try:
        state = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(state.st_mode):
        raise PhotoError("Not a photograph", f"{path} is a folder.", "Name the photographs in it.")
    if not stat.S_ISREG(state.st_mode):
        raise PhotoError("Not a photograph", f"{path} is not an ordinary file.", "Copy the photograph to a disk first.")
    if state.st_size == 0:
        raise PhotoError("Empty file", f"{path} holds no bytes at all.", "Copy it again from the camera or the card.")
    return state.st_size, state.st_mtime_ns, state.st_ino


def _type(path: Path) -> FileType:
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as error:
        raise _unreadable(path, error) from error
    kind = filetype_of(head, path.suffix)
    if kind is None:
        raise PhotoError(
            "Not a photograph",
            f"{path} is not a picture of a type this program reads, whatever its name says.",
            "It reads JPEG, PNG, TIFF, WebP, HEIC, AVIF, BMP and camera RAW; export the photograph as one of them.",
        )
    if kind is FileType.PNG and is_animated_png(head):
        raise decode.animated(path)
    return kind


def _check_size(path: Path, facts: PhotoFacts) -> None:
    if facts.width * facts.height > MAX_PIXELS or max(facts.width, facts.height) > MAX_SIDE:
        raise PhotoError(
            "Picture too large",
            f"{path} says it has {facts.width} x {facts.height} pixels; this program reads up to "
            f"{MAX_PIXELS // 1_000_000} megapixels and {MAX_SIDE} pixels a side.",
            "Scale it down first, or check whether the file is what it says.",
        )


def _refused(path: Path, kind: FileType, error: DecodeError) -> PhotoError:
    """What a decoder's failure means: a file of a rare kind, several frames, or damage."""
    if _RARE.search(str(error)):
        return PhotoError(
            "Unusual picture",
            f"{path} is {kind.value} of a rare kind (compression, bits per channel, layout) that cannot be read here.",
            "Export it as JPEG, or as TIFF or PNG with 8 or 16 bit per channel.",
        )
    if kind in (FileType.AVIF, FileType.HEIC) and is_sequence(path):
        return decode.animated(path)
    return PhotoError(
        "Damaged photograph",
        f"{path} begins as {kind.value} but cannot be read to its end: it is cut short, damaged or of a rare kind.",
        "Copy it again from the camera or the card; if it opens in another program, export it as JPEG or TIFF there.",
    )


def _changed(path: Path) -> PhotoError:
    return PhotoError(
        "Photograph changed",
        f"{path} was written to while it was being read.",
        "Wait until it is copied or saved completely, then run the program again.",
        retryable=True,
    )


def _unreadable(path: Path, error: OSError) -> PhotoError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return PhotoError("Photograph missing", f"{path} does not exist (any more).", "It may have moved.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return PhotoError(
            "Photograph not readable", f"{path} may not be read by this user.", "Change the file's permissions."
        )
    if error.errno == errno.ELOOP:
        return PhotoError(
            "Link in a circle", f"{path} is a link that leads back to itself.", "Point the link at the photograph."
        )
    reason = os.strerror(error.errno) if error.errno else str(error)
    return PhotoError("Photograph not readable", f"{path} cannot be read: {reason}.", "Check the disk or the card.")
