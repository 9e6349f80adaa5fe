"""XMP too long for one segment of a JPEG: a packet with the most important, and an extension in pieces (XMP, part 3).

Read, the two are one packet; written, one packet is parted again between its descriptions.
"""

import hashlib
import re
import struct
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

PACKET_MARK = b"http://ns.adobe.com/xap/1.0/\0"
_MARK = b"http://ns.adobe.com/xmp/extension/\0"
_PIECE_BYTES = 65_000
_RDF = re.compile(rb"<rdf:RDF\b[^<>]*>")
_NAMESPACE = re.compile(rb"""\sxmlns:([\w.-]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_HAS_MORE = re.compile(rb"""xmpNote:HasExtendedXMP\s*(?:=\s*["']|>)\s*([0-9A-Fa-f]{32})""")
_DESCRIPTION = re.compile(rb"<(/?)rdf:Description\b[^<>]*?(/?)>")
_NOTE = b'<rdf:Description rdf:about="" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="{}"/>'
_APP1, _PICTURE = b"\xe1", (b"\xda", b"\xd9")
_WITHOUT_CONTENT = (b"", b"\0", b"\x01", *(bytes([marker]) for marker in range(0xD0, 0xD9)))


def of_jpeg(path: Path) -> bytes | None:
    """A JPEG's packet, with the properties of its extension where there is a sound one; None = it has none.

    Read here, as libvips takes an extension that comes first for the packet. Raises OSError.
    """
    with path.open("rb") as stream:
        segments = list(_app1(stream))
    packet = next((each[len(PACKET_MARK) :] for each in segments if each.startswith(PACKET_MARK)), None)
    said = _HAS_MORE.search(packet or b"")
    if packet is None or said is None:
        return packet
    extension = _extension(segments, said[1])
    whole = _with(packet, extension)
    return whole if extension and _is_sound(extension) and _is_sound(whole) else packet


def parted(packet: bytes, longest: int) -> tuple[bytes, bytes] | None:
    """The packet in `longest` bytes at most, and its extension; None = none of its descriptions can be left out of it.

    The descriptions that come first stay.
    """
    start = _RDF.search(packet)
    end = packet.rfind(b"</rdf:RDF>")
    if start is None or end < 0:
        return None
    head, tail = packet[: start.end()], packet[end:]
    kept, moved = b"", b""
    for description in _descriptions(packet[start.end() : end]):
        fits = len(head + kept + description + _note(b"") + tail) <= longest
        kept, moved = (kept + description, moved) if fits and not moved else (kept, moved + description)
    if not kept or not moved:
        return None
    extension = head[max(head.find(b"<x:xmpmeta"), 0) :] + moved + re.sub(rb"<\?xpacket.*", b"", tail, flags=re.DOTALL)
    parts = head + _note(extension) + kept + tail, extension
    # A value may hold what looks like the end of a tag.
    return parts if all(map(_is_sound, parts)) else None


def segments(extension: bytes) -> bytes:
    """An extension as segments of a JPEG."""
    written = b""
    for place in range(0, len(extension), _PIECE_BYTES):
        piece = extension[place : place + _PIECE_BYTES]
        content = _MARK + _guid(extension) + struct.pack(">II", len(extension), place) + piece
        written += b"\xff" + _APP1 + struct.pack(">H", len(content) + 2) + content
    return written


def _extension(segments: list[bytes], guid: bytes) -> bytes:
    """The pieces of a GUID put together; empty if some are missing."""
    pieces, size = dict[int, bytes](), 0
    for content in segments:
        if content.startswith(_MARK + guid) and len(content) >= len(_MARK) + 40:
            size, place = struct.unpack_from(">II", content, len(_MARK) + 32)
            pieces[place] = content[len(_MARK) + 40 :]
    whole = b"".join(pieces[place] for place in sorted(pieces))
    return whole if len(whole) == size else b""


def _app1(stream: BinaryIO) -> Generator[bytes]:
    """The contents of the APP1 segments before a JPEG's picture; stray bytes between segments are read over."""
    while byte := stream.read(1):
        if byte != b"\xff":
            continue
        while byte == b"\xff":
            byte = stream.read(1)
        if byte in _PICTURE:
            return
        if byte in _WITHOUT_CONTENT:
            continue
        size = max(int.from_bytes(stream.read(2), "big") - 2, 0)
        if byte == _APP1:
            yield stream.read(size)
        else:
            stream.seek(size, 1)


def _with(packet: bytes, extension: bytes) -> bytes:
    """The packet with the descriptions of an extension, and with the namespaces that stand outside of them."""
    ours, theirs = _RDF.search(packet), _RDF.search(extension)
    if ours is None or theirs is None:
        return packet
    known = {name[1] for name in _NAMESPACE.finditer(packet[: ours.end()])}
    outer = {name[1]: name[0] for name in _NAMESPACE.finditer(extension[: theirs.end()])}
    more = b"".join(text for name, text in outer.items() if name not in known)
    inner = extension[theirs.end() : max(extension.rfind(b"</rdf:RDF>"), 0)]
    end = packet.rfind(b"</rdf:RDF>")
    return packet[: ours.end() - 1] + more + packet[ours.end() - 1 : end] + inner + packet[end:]


def _descriptions(content: bytes) -> list[bytes]:
    """The outermost descriptions, each with what follows it up to the next."""
    starts, depth = list[int](), 0
    for tag in _DESCRIPTION.finditer(content):
        if depth == 0 and not tag[1]:
            starts.append(tag.start())
        depth += 0 if tag[2] else -1 if tag[1] else 1
    return [content[start:end] for start, end in zip(starts, [*starts[1:], len(content)], strict=True)]


def _is_sound(packet: bytes) -> bool:
    """Whether it is XML, of the harmless kind."""
    if b"<!" in packet:
        return False
    try:
        ElementTree.fromstring(packet.strip(b"\0 \t\r\n"))
    except (ElementTree.ParseError, ValueError):
        return False
    return True


def _note(extension: bytes) -> bytes:
    return _NOTE.replace(b"{}", _guid(extension))


def _guid(extension: bytes) -> bytes:
    return hashlib.md5(extension, usedforsecurity=False).hexdigest().upper().encode()
