"""TIFFs in CIE Lab, as Photoshop and ImageMagick write them.

libvips 8.18 reads neither kind rightly: CIELab of 8 bit not at all, ICCLab as if it were RGB. `vips.open_source` gives
the samples as they stand; what they mean is told here.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from studio.engine import profiles
from studio.engine.tiff import Block, mapped

_PHOTOMETRIC, _WHITE_POINT, _RATIONAL = 0x0106, 0x013E, 5
_RGB, _CIE_LAB, _ICC_LAB = 2, 8, 9


@dataclass(frozen=True, kw_only=True)
class LabFile:
    """How a TIFF holds its Lab. place: where the two bytes lie that say so; as_rgb: those that would say RGB.

    is_icc: a and b are offset, and L = 100 is 0xFF00 in 16 bit (ICC version 2); else they are signed, and L fills its
    range. white: the chromaticity that L = 100 with a = b = 0 has, D50 where the file does not say.
    """

    place: int
    as_rgb: bytes
    is_icc: bool
    white: tuple[float, float]


def lab_file(path: Path) -> LabFile | None:
    """How a file holds Lab; None = it is no TIFF in Lab. Raises OSError."""
    with mapped(path) as block:
        try:
            return _told(block) if block else None
        except struct.error:
            return None


def to_lab(image: Any, how: LabFile) -> Any:
    """Lab D50 in floating point, as Little CMS takes it, from the three samples of a file as they stand.

    image: of libvips, 8 or 16 bit; so is what comes back.
    """
    top = 255 if image.format == "uchar" else 65535
    step, white = (top + 1) // 256, top if top == 255 or not how.is_icc else 0xFF00
    # Signed to offset: the highest bit turned.
    samples = image if how.is_icc else image ^ [0, 128 * step, 128 * step]
    lab = samples.linear([100 / white, 1 / step, 1 / step], [0, -128, -128]).cast("float").copy(interpretation="lab")
    xyz, d50 = profiles.xyz_of(how.white), profiles.D50
    if np.abs(np.subtract(xyz, d50)).max() < 0.002:
        return lab
    relative = lab.Lab2XYZ(temp=[100 * value for value in xyz])
    adapted = relative.recomb(profiles.adaptation(xyz, d50).tolist())
    return adapted.XYZ2Lab(temp=[100 * value for value in d50])


def _told(block: Block) -> LabFile | None:
    entries, _ = block.first()
    photometric = entries.get(_PHOTOMETRIC)
    if photometric is None or photometric.kind != 3 or block.number(photometric) not in (_CIE_LAB, _ICC_LAB):
        return None
    said = entries.get(_WHITE_POINT)
    white = profiles.chromaticity(profiles.D50)
    if said and said.kind == _RATIONAL and said.count == 2:
        x_over, x_under, y_over, y_under = struct.unpack(f"{block.order}4I", block.bytes_of(said))
        if x_under and y_under and 0.2 < x_over / x_under < 0.5 and 0.2 < y_over / y_under < 0.5:
            white = x_over / x_under, y_over / y_under
    is_icc = block.number(photometric) == _ICC_LAB
    as_rgb = struct.pack(f"{block.order}H", _RGB)
    return LabFile(place=photometric.value, as_rgb=as_rgb, is_icc=is_icc, white=white)
