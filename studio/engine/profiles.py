"""ICC profiles made from published numbers, and questions to ask of any profile."""

import struct
from functools import cache

import numpy as np
from numpy.typing import NDArray

from studio.model import Profile

XY = tuple[float, float]
XYZ = tuple[float, float, float]
Primaries = tuple[XY, XY, XY]

D50 = (0.9642, 1.0, 0.8249)
D65 = (0.95046, 1.0, 1.08906)
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
SRGB_PRIMARIES: Primaries = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
ADOBE_PRIMARIES: Primaries = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
P3_PRIMARIES: Primaries = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
ADOBE_GAMMA = 563 / 256


def profile_for(wanted: Profile, source: bytes | None) -> bytes | None:
    """The ICC profile of a deliverable; never None but for a photo without one."""
    if wanted is Profile.SOURCE:
        return source
    return {Profile.SRGB: srgb, Profile.ADOBE_RGB: adobe_rgb, Profile.DISPLAY_P3: display_p3}[wanted]()


@cache
def srgb() -> bytes:
    """sRGB, IEC 61966-2-1: BT.709 primaries, D65, the piecewise curve sampled at 1024 points."""
    return _matrix_profile("sRGB", SRGB_PRIMARIES, _srgb_curve())


@cache
def adobe_rgb() -> bytes:
    """A profile compatible with Adobe RGB (1998): its published primaries, D65, gamma 563/256."""
    return _matrix_profile("Compatible with Adobe RGB (1998)", ADOBE_PRIMARIES, _gamma_curve(ADOBE_GAMMA))


@cache
def display_p3() -> bytes:
    """Display P3: DCI-P3 primaries, D65, the sRGB curve."""
    return _matrix_profile("Display P3", P3_PRIMARIES, _srgb_curve())


@cache
def made_of(name: str, primaries: Primaries, white: XY, gamma: float | None) -> bytes:
    """A profile of chromaticities (x, y) of red, green, blue and white. gamma: of its curve, None = the curve of sRGB.

    Raises ValueError for what no colours are made of.
    """
    curve = _srgb_curve() if gamma is None else _gamma_curve(gamma)
    try:
        return _matrix_profile(name, primaries, curve, xyz_of(white))
    except (ArithmeticError, np.linalg.LinAlgError, struct.error) as error:
        raise ValueError(f"no colours: {primaries}, {white}, {gamma}") from error


def colour_space(icc: bytes) -> str:
    """The device colour space that a profile's header names: "RGB", "GRAY", "CMYK" ...; "" = it is no ICC profile."""
    if len(icc) < 132 or icc[36:40] != b"acsp" or struct.unpack(">I", icc[:4])[0] > len(icc):
        return ""
    return icc[16:20].decode("latin-1").strip()


@cache
def d50_to_d65() -> NDArray[np.float64]:
    """The Bradford matrix (3, 3) that adapts XYZ from white D50 to white D65."""
    return adaptation(D50, D65)


def adaptation(source: XYZ, target: XYZ) -> NDArray[np.float64]:
    """The Bradford matrix (3, 3) that adapts XYZ from one white to another."""
    gains = (_BRADFORD @ np.array(target)) / (_BRADFORD @ np.array(source))
    return np.asarray(np.linalg.solve(_BRADFORD, gains[:, None] * _BRADFORD), np.float64)


def xyz_of(chromaticity: XY) -> XYZ:
    """XYZ with Y = 1 of a chromaticity (x, y)."""
    x, y = chromaticity
    return x / y, 1.0, (1 - x - y) / y


def chromaticity(xyz: XYZ) -> XY:
    """The chromaticity (x, y) of XYZ."""
    return xyz[0] / sum(xyz), xyz[1] / sum(xyz)


def _matrix_profile(name: str, primaries: Primaries, curve: bytes, white: XYZ = D65) -> bytes:
    """An ICC version 2.4 display profile of a matrix and one curve; version 2 is read by every program."""
    columns = _to_d50(primaries, white).T
    tags = {b"desc": _description(name), b"cprt": _text("No copyright, use freely"), b"wtpt": _xyz(D50)}
    tags |= {key: _xyz(tuple(column)) for key, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)}
    tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    return _assemble(tags)


def _assemble(tags: dict[bytes, bytes]) -> bytes:
    offset = 128 + 4 + 12 * len(tags)
    table, body, places = struct.pack(">I", len(tags)), b"", dict[bytes, int]()
    for signature, data in tags.items():
        if data not in places:
            places[data] = offset + len(body)
            body += data + b"\0" * (-len(data) % 4)
        table += signature + struct.pack(">II", places[data], len(data))
    return _header(offset + len(body)) + table + body


def _header(size: int) -> bytes:
    date = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    head = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02400000, b"mntr", b"RGB ", b"XYZ ") + date + b"acsp"
    return (head + b"\0" * 28 + b"".join(_fixed(value) for value in D50)).ljust(128, b"\0")


def _to_d50(primaries: Primaries, white: XYZ) -> NDArray[np.float64]:
    """The matrix from linear RGB to XYZ relative to D50, whose rows sum to D50 exactly."""
    chromatic = np.array([xyz_of(primary) for primary in primaries]).T
    return adaptation(white, D50) @ (chromatic * np.linalg.solve(chromatic, np.array(white)))


def _srgb_curve() -> bytes:
    x = np.linspace(0, 1, 1024)
    linear = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    return b"curv\0\0\0\0" + struct.pack(">I", 1024) + np.round(linear * 65535).astype(">u2").tobytes()


def _gamma_curve(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _text(text: str) -> bytes:
    return b"text\0\0\0\0" + text.encode("ascii") + b"\0"


def _description(text: str) -> bytes:
    ascii_text = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(ascii_text)) + ascii_text + b"\0" * (4 + 4 + 2 + 1 + 67)
