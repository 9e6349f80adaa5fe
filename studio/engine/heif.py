"""HEIC, as telephones write it, decoded by libheif (pi-heif: pillow-heif without its GPL encoder)."""

from pathlib import Path
from typing import Any, cast

import numpy as np
import pi_heif
from numpy.typing import NDArray

from studio.engine import colour, exif, metadata, profiles, xmp
from studio.engine.raster import DecodeError, Raster, reading_warnings, split_alpha
from studio.errors import PhotoError

# Code points of ITU-T H.273: the primaries of Display P3, the curves of PQ and HLG.
_P3_PRIMARIES, _HDR_CURVES = 12, (16, 18)
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
    points = cast(dict[str, Any], picture.info.get("nclx_profile") or {})
    if icc is None and points.get("transfer_characteristics") in _HDR_CURVES:
        raise _too_bright(path)
    try:
        # A copy: the decoder's memory goes with `picture`.
        pixels, alpha = split_alpha(_filled(np.array(picture, copy=True), int(picture.info.get("bit_depth", 16))))
    except _ERRORS as error:
        raise DecodeError(str(error)) from error
    is_broken = icc is not None and not colour.is_usable(icc)
    block = picture.info.get("exif")
    kept = metadata.upright_exif(block)
    icc, notes = _named_colours(icc, kept, points) if not is_broken else (None, ())
    return Raster(
        pixels=pixels,
        alpha=alpha,
        icc=icc,
        exif=kept,
        xmp=xmp.upright(picture.info.get("xmp")),
        conversions=notes,
        warnings=reading_warnings(broken_profile=is_broken, broken_exif=metadata.is_broken_exif(block, kept)),
    )


def _named_colours(
    icc: bytes | None, block: bytes | None, points: dict[str, Any]
) -> tuple[bytes | None, tuple[str, ...]]:
    """The profile of the colours, and a sentence where the file names them otherwise than by one."""
    if icc is None and block is not None and exif.is_adobe_rgb(block):
        return profiles.adobe_rgb(), (exif.SAID_ADOBE_RGB,)
    if icc is None and points.get("color_primaries") == _P3_PRIMARIES:
        return profiles.display_p3(), ("its colours are Display P3, as its colour code points say",)
    return icc, ()


def _too_bright(path: Path) -> PhotoError:
    return PhotoError(
        "Unusual picture",
        f"{path} is an HDR picture (PQ or HLG), whose brightness no finished file can hold.",
        "Export it as JPEG or TIFF without HDR, or use the camera's RAW.",
    )


def _filled(array: NDArray[Any], bits: int) -> NDArray[Any]:
    """Values of 10 or 12 bit, which come shifted up to 16, spread over the whole range, so that white is white."""
    return array | array >> bits if array.dtype == np.uint16 else array


def _open(path: Path) -> Any:
    content = path.read_bytes()
    try:
        pictures = cast(Any, pi_heif.open_heif(content, convert_hdr_to_8bit=False))
        return pictures[pictures.primary_index]
    except _ERRORS as error:
        raise DecodeError(str(error)) from error
