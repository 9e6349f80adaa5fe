"""EXIF, IPTC and XMP of a photograph: out of its file, into the finished one.

EXIF and XMP are carried byte for byte but for what the new picture makes untrue (`exif`, `xmp`), IPTC as its records
(IIM). A file type has its own place for each; what has none is named.
"""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from studio.engine import exif, extended_xmp, psd, xmp
from studio.engine.extended_xmp import PACKET_MARK
from studio.engine.raster import Raster
from studio.model import Format

_PHOTOSHOP = b"Photoshop 3.0\0"
_LONGEST_SEGMENT = 65_533
_NO_IPTC = "WebP has no place for the photo's IPTC, which was left out"
_NO_HISTORY = "the photo's XMP is too long for a JPEG: its lists of earlier files and edits were left out"
# Where metadata goes in what libvips writes: a JPEG without a JFIF segment, a PNG whose header chunk is 25 bytes long.
_AFTER_START, _AFTER_IHDR, _FLAGS_OF_WEBP = 2, 33, 20
IPTC_IN_TIFF, XMP_IN_TIFF = 0x83BB, 0x02BC
_LAYERS_IN_TIFF, _IPTC_RESOURCE = 0x935C, 0x0404


def upright_exif(block: bytes | None) -> bytes | None:
    """An EXIF block as found in a file: from its TIFF header on, orientation 1; None = absent or broken."""
    return exif.upright(block.removeprefix(b"Exif\0\0")) if block else None


def is_broken_exif(block: bytes | None, kept: bytes | None) -> bool:
    """Whether a file's EXIF block could not be `kept`; one without content does not count."""
    return kept is None and len((block or b"").removeprefix(b"Exif\0\0")) > 0


def iptc_records(block: bytes | None) -> bytes | None:
    """The IPTC records of a block as found in a file: bare, or among the resources of Photoshop; None = none."""
    if not block:
        return None
    if block.startswith(b"\x1c"):
        return block
    resources = block.removeprefix(_PHOTOSHOP)
    place = 0
    while resources[place : place + 4] == b"8BIM" and place + 12 <= len(resources):
        name_bytes = (resources[place + 6] + 2) // 2 * 2
        kind = struct.unpack_from(">H", resources, place + 4)[0]
        start = place + 10 + name_bytes
        size = int.from_bytes(resources[start - 4 : start], "big")
        if kind == _IPTC_RESOURCE:
            return resources[start : start + size] or None
        place = start + size + size % 2
    return None


def block_of_png_text(text: str) -> bytes:
    """The block in the text of a "Raw profile", as ImageMagick, ExifTool and this program write it; empty if broken."""
    try:
        return bytes.fromhex("".join(text.split()[2:]))
    except ValueError:
        return b""


@dataclass(frozen=True, kw_only=True)
class Insertion:
    """Metadata as bytes to slip into a file while it is written: `content` at the offset `place`.

    lost: sentences that say what has no place in the file's type.
    """

    place: int = 0
    content: bytes = b""
    lost: tuple[str, ...] = ()


def insertion(kind: Format, raster: Raster) -> Insertion:
    """What goes into a JPEG or PNG near its beginning; nothing for other types."""
    if kind is Format.JPG:
        return _into_jpeg(exif.of_raster(raster), raster.iptc, xmp.of_raster(raster, kind))
    if kind is Format.PNG:
        return _into_png(exif.of_raster(raster), raster.iptc, xmp.of_raster(raster, kind))
    return Insertion(lost=(_NO_IPTC,) if kind is Format.WEBP and raster.iptc else ())


def append(path: Path, kind: Format, raster: Raster) -> None:
    """Add the blocks at the end of a WebP or TIFF written without them; nothing for other types. Raises OSError."""
    if kind is Format.WEBP:
        _append_to_webp(path, exif.of_raster(raster), xmp.of_raster(raster, kind))
    if kind is Format.TIFF:
        with path.open("r+b") as stream:
            layers = psd.tiff_block(raster) if raster.layers else b""
            more = {IPTC_IN_TIFF: (7, raster.iptc or b""), XMP_IN_TIFF: (1, xmp.of_raster(raster, kind) or b"")}
            more[_LAYERS_IN_TIFF] = (7, layers)
            exif.append_to_tiff(stream, exif.of_raster(raster), more)


def _into_jpeg(block: bytes | None, iptc: bytes | None, packet: bytes | None) -> Insertion:
    packet, extension, lost = _short_enough(packet)
    wanted = (
        ("EXIF", 0xE1, b"Exif\0\0", block),
        ("XMP", 0xE1, PACKET_MARK, packet),
        ("IPTC", 0xED, _PHOTOSHOP, _resource(iptc) if iptc else None),
    )
    dots = round(exif.pixels_per_mm(block) * 25.4)
    segments = b"\xff\xe0" + struct.pack(">H5sHBHHBB", 16, b"JFIF\0", 0x0101, 1, dots, dots, 0, 0)
    for name, marker, prefix, content in wanted:
        if content and len(prefix + content) <= _LONGEST_SEGMENT:
            segments += struct.pack(">BBH", 0xFF, marker, len(prefix + content) + 2) + prefix + content
        elif content:
            lost.append(f"the photo's {name} is too long for a JPEG and was left out")
    return Insertion(place=_AFTER_START, content=segments + extended_xmp.segments(extension), lost=tuple(lost))


def _short_enough(packet: bytes | None) -> tuple[bytes | None, bytes, list[str]]:
    """The packet as it fits into a JPEG's segment, and its extension; and a sentence on what was left out for that.

    Parted if it can be, else without its longest lists.
    """
    longest = _LONGEST_SEGMENT - len(PACKET_MARK)
    if packet is None or len(packet) <= longest:
        return packet, b"", []
    for shorter, lost in ((packet, []), (xmp.shortened(packet), [_NO_HISTORY])):
        if len(shorter) <= longest:
            return shorter, b"", lost
        if parts := extended_xmp.parted(shorter, longest):
            return *parts, lost
    return packet, b"", []


def _resource(iptc: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", _IPTC_RESOURCE, 0, len(iptc)) + iptc + b"\0" * (len(iptc) % 2)


def _into_png(block: bytes | None, iptc: bytes | None, packet: bytes | None) -> Insertion:
    # WORKAROUND for ExifTool (12.57): it takes a place within a chunk for one in the file, so that a directory at 8
    # passes for the one at 8 in the chunk of content credentials before it, and is not shown. To go when it knows.
    chunks = _chunk(b"eXIf", exif.with_first_directory_last(block)) if block else b""
    chunks += _chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet) if packet else b""
    chunks += _chunk(b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(_as_hex(iptc))) if iptc else b""
    return Insertion(place=_AFTER_IHDR, content=chunks)


def _as_hex(iptc: bytes) -> bytes:
    """A block as the text of a PNG, which has no other place for IPTC; see block_of_png_text."""
    resource = _resource(iptc)
    lines = (resource[place : place + 36].hex() for place in range(0, len(resource), 36))
    return f"\niptc\n{len(resource):8d}\n{chr(10).join(lines)}\n".encode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _append_to_webp(path: Path, block: bytes | None, packet: bytes | None) -> None:
    added, flags = b"", 0
    for name, flag, content in ((b"EXIF", 0x08, block), (b"XMP ", 0x04, packet)):
        if content:
            added += name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
            flags |= flag
    with path.open("r+b") as stream:
        size = stream.seek(0, 2) + stream.write(added)
        # A deliverable has a profile, so that the file is in the extended form with its flags at a fixed place.
        stream.seek(_FLAGS_OF_WEBP)
        flags |= stream.read(1)[0]
        for place, content in ((4, struct.pack("<I", size - 8)), (_FLAGS_OF_WEBP, bytes([flags]))):
            stream.seek(place)
            stream.write(content)
