"""XMP packets: carried as they are, but for what a new picture makes untrue and for how it came about."""

import re

from studio.engine import colour, exif
from studio.engine.raster import Raster
from studio.model import Format

_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_EMPTY = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
_MIME = {
    Format.JPG: "image/jpeg",
    Format.PNG: "image/png",
    Format.TIFF: "image/tiff",
    Format.WEBP: "image/webp",
    Format.AVIF: "image/avif",
    Format.PSD: "application/vnd.adobe.photoshop",
}
# Pictures of the photograph as it was (Google's depth maps among them), the name of the profile it had, and pointers to
# what stood behind its pixels: the rest of a long packet, a film, a gain map.
_STALE = (
    "(?:xmp|xap):Thumbnails|photoshop:ICCProfile|xmpNote:HasExtendedXMP"
    "|(?:GCamera|Container|hdrgm|GDepth|GImage|GAudio):\\w+"
)
# What makes packets long: files that were ever pasted in, and steps of work.
_LONG = "photoshop:DocumentAncestors|xmpMM:History"


def upright(xmp: bytes | None) -> bytes | None:
    """The packet with tiff:Orientation 1, as attribute or as element; None = absent or no XMP."""
    return _saying(xmp, "tiff:Orientation", "1") if xmp and b"rdf:RDF" in xmp else None


def of_raster(raster: Raster, kind: Format) -> bytes | None:
    """The packet to be written with a picture of this size, profile and file type; None = its photo had none."""
    if raster.xmp is None:
        return None
    height, width = raster.pixels.shape[:2]
    facts = {"tiff:ImageWidth": width, "tiff:ImageLength": height}
    facts |= {"exif:PixelXDimension": width, "exif:PixelYDimension": height}
    if raster.icc is not None:
        facts["exif:ColorSpace"] = 1 if colour.is_srgb(raster.icc) else exif.UNCALIBRATED
    packet = _saying(_without(raster.xmp, _STALE), "dc:format", _MIME[kind])
    for name, value in facts.items():
        packet = _saying(packet, name, str(value))
    return packet


def shortened(xmp: bytes) -> bytes:
    """The packet without its lists of earlier files and steps of work."""
    return _without(xmp, _LONG)


def without_development(xmp: bytes) -> bytes:
    """The packet without the settings by which Camera Raw or Lightroom would develop the file."""
    return _without(xmp, r"crs:\w+")


def with_provenance(xmp: bytes | None, source_type: str) -> bytes:
    """The packet (None = a new one) that says, in IPTC's words, how the picture came about."""
    packet = _without(xmp or _EMPTY, "Iptc4xmpExt:DigitalSourceType")
    said = (
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{_SOURCE_TYPES}{source_type}</Iptc4xmpExt:DigitalSourceType></rdf:Description>"
    ).encode()
    return packet.replace(b"</rdf:RDF>", said + b"</rdf:RDF>", 1)


def _saying(packet: bytes, name: str, value: str) -> bytes:
    """The packet with another value of a simple property, where it has that property."""
    attribute = rf"""(\s{name}\s*=\s*)(?:"[^"]*"|'[^']*')""".encode()
    packet = re.sub(attribute, rf'\g<1>"{value}"'.encode(), packet)
    return re.sub(f"(<{name}>)[^<]*(</{name}>)".encode(), rf"\g<1>{value}\g<2>".encode(), packet)


def _without(packet: bytes, names: str) -> bytes:
    """The packet without properties (`names`: a pattern), as attributes or as elements with all that is in them."""
    packet = re.sub(rf"""\s(?:{names})\s*=\s*(?:"[^"]*"|'[^']*')""".encode(), b"", packet)
    kept, place, depth, outermost = b"", 0, 0, b""
    for tag in re.finditer(rf"<(/?)({names})\b[^<>]*?(/?)>".encode(), packet):
        if depth == 0:
            kept, outermost = kept + packet[place : tag.start()], tag[2]
        if tag[2] == outermost:
            depth += 0 if tag[3] else -1 if tag[1] else 1
            place = tag.end() if depth == 0 else place
    return kept + packet[place:]
