"""EXIF, IPTC and XMP of a photograph: out of its file, into the finished one.

EXIF is carried byte for byte but for orientation, size and thumbnail; XMP but for tiff:Orientation and the provenance;
IPTC as its records (IIM). A file type has its own place for each; what has none is named.
"""

import re
import struct
import zlib
from pathlib import Path

from studio.engine import exif
from studio.engine.raster import Raster
from studio.model import Format

_PHOTOSHOP = b"Photoshop 3.0\0"
_XMP_OF_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
_LONGEST_SEGMENT = 65_533
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_EMPTY_XMP = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
_SOURCE_TYPE = re.compile(
    rb"""\s*Iptc4xmpExt:DigitalSourceType\s*=\s*(["']).*?\1|"""
    rb"<Iptc4xmpExt:DigitalSourceType\b[^>]*?(/>|>.*?</Iptc4xmpExt:DigitalSourceType>)",
    re.DOTALL,
)


def upright_exif(block: bytes | None) -> bytes | None:
    """An EXIF block as found in a file: from its TIFF header on, orientation 1; None = absent or broken."""
    return exif.upright(block.removeprefix(b"Exif\0\0")) if block else None


def upright_xmp(xmp: bytes | None) -> bytes | None:
    """The packet with tiff:Orientation 1, as attribute or as element; None = absent or no XMP."""
    if not xmp or b"rdf:RDF" not in xmp:
        return None
    xmp = re.sub(rb"""(tiff:Orientation\s*=\s*["'])\d(["'])""", rb"\g<1>1\2", xmp)
    return re.sub(rb"(<tiff:Orientation>)\d(</tiff:Orientation>)", rb"\g<1>1\2", xmp)


def with_provenance(xmp: bytes | None, source_type: str) -> bytes:
    """The packet (None = a new one) that says, in IPTC's words, how the picture came about."""
    packet = _SOURCE_TYPE.sub(b"", xmp or _EMPTY_XMP)
    said = (
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{_SOURCE_TYPES}{source_type}</Iptc4xmpExt:DigitalSourceType></rdf:Description>"
    ).encode()
    return packet.replace(b"</rdf:RDF>", said + b"</rdf:RDF>", 1)


def iptc_records(block: bytes | None) -> bytes | None:
    """The IPTC records of a block as found in a file: bare, or among the resources of Photoshop; None = none."""
    if not block:
        return None
    if not block.startswith(_PHOTOSHOP):
        return block if block.startswith(b"\x1c") else None
    place = len(_PHOTOSHOP)
    while block[place : place + 4] == b"8BIM" and place + 12 <= len(block):
        name_bytes = (block[place + 6] + 2) // 2 * 2
        kind, size = (
            struct.unpack_from(">H", block, place + 4)[0],
            struct.unpack_from(">I", block, place + 6 + name_bytes)[0],
        )
        start = place + 10 + name_bytes
        if kind == 0x0404:
            return block[start : start + size] or None
        place = start + size + size % 2
    return None


def embed(path: Path, kind: Format, raster: Raster) -> tuple[str, ...]:
    """Write the blocks of `raster` into a file just written without them; says what found no place. Raises OSError."""
    height, width = raster.pixels.shape[:2]
    block = exif.for_picture(raster.exif, width, height) if raster.exif else None
    writer = {Format.JPG: _into_jpeg, Format.PNG: _into_png, Format.WEBP: _into_webp, Format.TIFF: _into_tiff}[kind]
    return writer(path, block, raster.iptc, raster.xmp)


def _into_jpeg(path: Path, block: bytes | None, iptc: bytes | None, xmp: bytes | None) -> tuple[str, ...]:
    wanted = (
        ("EXIF", 0xE1, b"Exif\0\0", block),
        ("XMP", 0xE1, _XMP_OF_JPEG, xmp),
        ("IPTC", 0xED, _PHOTOSHOP, _resource(iptc) if iptc else None),
    )
    segments, lost = b"", list[str]()
    for name, marker, prefix, content in wanted:
        if content and len(prefix + content) <= _LONGEST_SEGMENT:
            segments += struct.pack(">BBH", 0xFF, marker, len(prefix + content) + 2) + prefix + content
        elif content:
            lost.append(f"the photo's {name} is too long for a JPEG and was left out")
    if segments:
        whole = path.read_bytes()
        # After JFIF's own segment, which must come first.
        place = 4 + struct.unpack_from(">H", whole, 4)[0] if whole[2:4] == b"\xff\xe0" else 2
        path.write_bytes(whole[:place] + segments + whole[place:])
    return tuple(lost)


def _resource(iptc: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(iptc)) + iptc + b"\0" * (len(iptc) % 2)


def _into_png(path: Path, block: bytes | None, iptc: bytes | None, xmp: bytes | None) -> tuple[str, ...]:
    chunks = _chunk(b"eXIf", block) if block else b""
    chunks += _chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp) if xmp else b""
    chunks += _chunk(b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(_as_hex(iptc))) if iptc else b""
    with path.open("r+b") as stream:
        stream.seek(-12, 2)
        end = stream.read()
        stream.seek(-12, 2)
        stream.write(chunks + end)
    return ()


def _as_hex(iptc: bytes) -> bytes:
    """How ImageMagick, ExifTool and libvips write a block into a PNG's text."""
    resource = _resource(iptc)
    lines = (resource[place : place + 36].hex() for place in range(0, len(resource), 36))
    return f"\niptc\n{len(resource):8d}\n{chr(10).join(lines)}\n".encode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _into_webp(path: Path, block: bytes | None, iptc: bytes | None, xmp: bytes | None) -> tuple[str, ...]:
    added, flags = b"", 0
    for name, flag, content in ((b"EXIF", 0x08, block), (b"XMP ", 0x04, xmp)):
        if content:
            added += name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
            flags |= flag
    with path.open("r+b") as stream:
        size = stream.seek(0, 2) + stream.write(added)
        # A deliverable has a profile, so that the file is in the extended form with its flags at a fixed place.
        stream.seek(20)
        flags |= stream.read(1)[0]
        for place, content in ((4, struct.pack("<I", size - 8)), (20, bytes([flags]))):
            stream.seek(place)
            stream.write(content)
    return ("WebP has no place for the photo's IPTC, which was left out",) if iptc else ()


def _into_tiff(path: Path, block: bytes | None, iptc: bytes | None, xmp: bytes | None) -> tuple[str, ...]:
    with path.open("r+b") as stream:
        exif.append_to_tiff(stream, block, {0x83BB: (7, iptc or b""), 0x02BC: (1, xmp or b"")})
    return ()
