"""HEIC, as telephones write it, decoded by libheif (pi-heif: pillow-heif without its GPL encoder)."""

from pathlib import Path
from typing import Any, cast

import numpy as np
import pi_heif
from numpy.typing import NDArray

from studio.engine import codepoints, colour, exif, metadata, profiles, xmp
from studio.engine.codepoints import Said
from studio.engine.raster import DecodeError, Raster, reading_warnings, split_alpha

_ERRORS = (ValueError, RuntimeError, EOFError, SyntaxError, IndexError)


def header(path: Path) -> tuple[int, int, int]:
    """Width, height (upright) and bits of the main picture, without decoding it. Raises DecodeError or OSError."""
    picture = _open(path)
    width, height = picture.size
    return width, height, 16 if ";16" in picture.mode else 8


def read(path: Path) -> Raster:
    """The main picture, upright; 10 and 12 bit become 16. Raises DecodeError, PhotoError or OSError."""
    picture = _open(path)
    icc = cast(bytes | None, picture.info.get("icc_profile"))
    named = _said(path, picture)
    try:
        # A copy: the decoder's memory goes with `picture`.
        pixels, alpha = split_alpha(filled(np.array(picture, copy=True), int(picture.info.get("bit_depth", 16))))
    except _ERRORS as error:
        raise DecodeError(str(error)) from error
    is_broken = icc is not None and not colour.is_usable(icc)
    block = picture.info.get("exif")
    kept = metadata.upright_exif(block)
    icc, notes = None if is_broken else icc, list[str]()
    if icc is None and not is_broken and kept is not None and exif.is_adobe_rgb(kept):
        icc, notes = profiles.adobe_rgb(), [exif.SAID_ADOBE_RGB]
    elif icc is None and not is_broken and named:
        pixels, icc, notes = codepoints.encoded(pixels, named), named.icc, [named.note]
    return Raster(
        pixels=pixels,
        alpha=alpha,
        icc=icc,
        exif=kept,
        xmp=xmp.upright(picture.info.get("xmp")),
        conversions=tuple(notes),
        warnings=reading_warnings(broken_profile=is_broken, broken_exif=metadata.is_broken_exif(block, kept)),
    )


def said(path: Path) -> Said | None:
    """The colours that the code points of a HEIC or AVIF name; None = sRGB, or unsaid, or a profile stands for them.

    Raises PhotoError for HDR, DecodeError or OSError.
    """
    return _said(path, _open(path))


def _said(path: Path, picture: Any) -> Said | None:
    points = cast(dict[str, int], picture.info.get("nclx_profile") or {})
    if picture.info.get("icc_profile") or not points:
        return None
    return codepoints.of_points(path, points["color_primaries"], points["transfer_characteristics"])


def filled(array: NDArray[Any], bits: int) -> NDArray[Any]:
    """Values of 10 or 12 bit, which come shifted up to 16, spread over the whole range, so that white is white."""
    return array | array >> bits if array.dtype == np.uint16 else array


def _open(path: Path) -> Any:
    content = path.read_bytes()
    try:
        pictures = cast(Any, pi_heif.open_heif(content, convert_hdr_to_8bit=False))
        return pictures[pictures.primary_index]
    except _ERRORS as error:
        raise DecodeError(str(error)) from error
