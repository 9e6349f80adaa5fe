"""EXIF and XMP blocks: kept byte for byte but for what a new picture makes untrue."""

import re
import struct

_ORIENTATION = 0x0112


def upright_exif(exif: bytes | None) -> bytes | None:
    """The block (from its TIFF header on) with orientation 1; None for one that is no TIFF structure."""
    exif = (exif or b"").removeprefix(b"Exif\0\0")
    if not exif.startswith((b"II*\0", b"MM\0*")):
        return None
    order = "<" if exif.startswith(b"II") else ">"
    block = bytearray(exif)
    try:
        start = struct.unpack_from(f"{order}I", block, 4)[0]
        for place in range(start + 2, start + 2 + 12 * struct.unpack_from(f"{order}H", block, start)[0], 12):
            if struct.unpack_from(f"{order}HHI", block, place) == (_ORIENTATION, 3, 1):
                struct.pack_into(f"{order}H", block, place + 8, 1)
    except struct.error:
        return None
    return bytes(block)


def upright_xmp(xmp: bytes | None) -> bytes | None:
    """The packet with tiff:Orientation 1, as attribute or as element."""
    if not xmp:
        return None
    xmp = re.sub(rb"""(tiff:Orientation\s*=\s*["'])\d(["'])""", rb"\g<1>1\2", xmp)
    return re.sub(rb"(<tiff:Orientation>)\d(</tiff:Orientation>)", rb"\g<1>1\2", xmp)
