"""What a file says of its colours without an ICC profile: code points of ITU-T H.273 (HEIC, AVIF, PNG), gAMA and cHRM.

The curves of television (BT.709 and its like) are taken for sRGB's, as browsers do: a still picture that names them is
meant so.
"""

import struct
from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from studio.engine import colour, profiles
from studio.engine.profiles import XY, Primaries
from studio.engine.raster import Pixels
from studio.errors import PhotoError

_D65, _C = (0.3127, 0.3290), (0.310, 0.316)
_NTSC: Primaries = ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070))
_PRIMARIES: dict[int, tuple[str, Primaries, XY]] = {
    1: ("sRGB", profiles.SRGB_PRIMARIES, _D65),
    2: ("sRGB", profiles.SRGB_PRIMARIES, _D65),  # unsaid
    4: ("BT.470 M", ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08)), _C),
    5: ("BT.601, 625 lines", ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)), _D65),
    6: ("BT.601, 525 lines", _NTSC, _D65),
    7: ("SMPTE 240M", _NTSC, _D65),
    9: ("BT.2020", ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)), _D65),
    11: ("DCI-P3", profiles.P3_PRIMARIES, (0.314, 0.351)),
    12: ("Display P3", profiles.P3_PRIMARIES, _D65),
    22: ("EBU 3213", ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077)), _D65),
}
_HDR_CURVES, _CURVES_OF_SRGB = (16, 18), (1, 2, 6, 13, 14, 15)
_GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}
_BY_POINTS, _BY_CHUNKS = "as its colour code points say", "as its chunks gAMA and cHRM say"
_LONGEST = 64  # bytes of a chunk that says something here
_KNOWN = (
    ("sRGB", profiles.SRGB_PRIMARIES, None, profiles.srgb),
    ("Adobe RGB (1998)", profiles.ADOBE_PRIMARIES, profiles.ADOBE_GAMMA, profiles.adobe_rgb),
    ("Display P3", profiles.P3_PRIMARIES, None, profiles.display_p3),
)


@dataclass(frozen=True, kw_only=True)
class Said:
    """The colours that a file names. icc: the profile they have in memory; note: a sentence on it for a person.

    linear: the profile of the pixels as they stand, to be converted from into `icc`; None = they are not linear.
    outranks: whether it holds beside an ICC profile too.
    """

    icc: bytes
    note: str
    linear: bytes | None = None
    outranks: bool = False


def of_points(path: Path, primaries: int, curve: int) -> Said | None:
    """The colours of two code points; None = sRGB, or unsaid. Raises PhotoError for HDR and for what is unknown."""
    if curve in _HDR_CURVES:
        raise _too_bright(path)
    if primaries not in _PRIMARIES or (curve not in _CURVES_OF_SRGB and curve not in _GAMMAS):
        raise _unknown(path, (primaries, curve))
    name, chromaticities, white = _PRIMARIES[primaries]
    return _said(name, chromaticities, white, _GAMMAS.get(curve), _BY_POINTS)


def of_png(path: Path) -> Said | None:
    """The colours that the chunks of a PNG name; None = sRGB, or unsaid. Raises PhotoError as `of_points`, OSError.

    In the order of the specification: cICP, a profile, sRGB, gAMA with cHRM. A gamma of 1/2.2 and the primaries of sRGB
    stand for sRGB, whose curve no gAMA can name.
    """
    with path.open("rb") as stream:
        chunks = dict(_chunks(stream))
    if len(points := chunks.get(b"cICP", b"")) == 4:
        return _of_cicp(path, points)
    if b"iCCP" in chunks or b"sRGB" in chunks:
        return None
    return _of_gamma(chunks.get(b"gAMA", b""), chunks.get(b"cHRM", b""))


def encoded(pixels: Pixels, said: Said) -> Pixels:
    """Pixels (H, W, 3) as they stand in a file, uint8 or uint16, in the profile `said.icc`; shape and depth stay."""
    return colour.convert(pixels, said.linear, said.icc, pixels.dtype.type) if said.linear else pixels


def _of_cicp(path: Path, points: bytes) -> Said:
    primaries, curve, matrix, is_full = points
    if (matrix, is_full) != (0, 1):
        raise _unknown(path, points)
    said = of_points(path, primaries, curve) or Said(icc=profiles.srgb(), note=f"its colours are sRGB, {_BY_POINTS}")
    return replace(said, outranks=True)


def _of_gamma(gamma: bytes, chromaticities: bytes) -> Said | None:
    exponent = int.from_bytes(gamma, "big") / 100_000 if len(gamma) == 4 else 0.0
    curve = 1 / exponent if 0.1 <= exponent <= 1.5 else None
    primaries, white = profiles.SRGB_PRIMARIES, _D65
    if len(chromaticities) == 32:
        numbers = [number / 100_000 for number in struct.unpack(">8I", chromaticities)]
        white, *rest = zip(numbers[::2], numbers[1::2], strict=True)
        primaries = rest[0], rest[1], rest[2]
    is_usual = curve is not None and abs(curve - 2.2) < 0.03
    if is_usual and _are_close(primaries, white, profiles.SRGB_PRIMARIES):
        curve = None
    try:
        said = _said("not sRGB", primaries, white, profiles.ADOBE_GAMMA if is_usual and curve else curve, _BY_CHUNKS)
    except ValueError:
        return None
    return said if said and colour.is_usable(said.icc) and colour.is_reversible(said.icc) else None


def _said(name: str, primaries: Primaries, white: XY, gamma: float | None, how: str) -> Said | None:
    """Raises ValueError for numbers that are no colours."""
    if gamma is not None and abs(gamma - 1) < 0.01:
        encoded = _said(name, primaries, white, None, how)
        linear = profiles.made_of(f"{name}, linear", primaries, white, 1.0)
        note = f"its linear values, {how}, were given the curve of sRGB"
        return Said(icc=encoded.icc if encoded else profiles.srgb(), note=note, linear=linear)
    for known, chromaticities, its_gamma, profile in _KNOWN:
        if gamma == its_gamma and _are_close(primaries, white, chromaticities):
            return None if profile is profiles.srgb else Said(icc=profile(), note=f"its colours are {known}, {how}")
    return Said(icc=profiles.made_of(name, primaries, white, gamma), note=f"its colours are {name}, {how}")


def _are_close(primaries: Primaries, white: XY, known: Primaries) -> bool:
    """Whether chromaticities are those known ones with white D65, but for rounding."""
    pairs = zip((*primaries, white), (*known, _D65), strict=True)
    return all(abs(one - other) < 0.002 for first, second in pairs for one, other in zip(first, second, strict=True))


def _chunks(stream: BinaryIO) -> Generator[tuple[bytes, bytes]]:
    """Kind and content of the chunks before a PNG's picture, of long ones nothing."""
    stream.seek(8)
    while len(head := stream.read(8)) == 8 and head[4:] != b"IDAT":
        size = int.from_bytes(head[:4], "big")
        content = stream.read(size) if size <= _LONGEST else b""
        yield head[4:], content
        stream.seek(size - len(content) + 4, 1)


def _too_bright(path: Path) -> PhotoError:
    return PhotoError(
        "Unusual picture",
        f"{path} is an HDR picture (PQ or HLG), whose brightness no finished file can hold.",
        "Export it as JPEG or TIFF without HDR, or use the camera's RAW.",
    )


def _unknown(path: Path, points: Iterable[int]) -> PhotoError:
    return PhotoError(
        "Unusual picture",
        f"{path} names its colours by code points ({'/'.join(map(str, points))}) that photographs are not finished in.",
        "Export it with a colour profile, such as sRGB or Adobe RGB.",
    )
