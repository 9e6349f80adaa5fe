"""EXIF blocks: TIFF structures, patched where a new picture makes them untrue, carried into and out of TIFF files.

A block begins with its TIFF header ("II*\\0" or "MM\\0*"), without the "Exif\\0\\0" of JPEG. Patching leaves every
other byte where it is, makers' notes with their inner offsets included. Malformed blocks are left out, not an error.
"""

import contextlib
import mmap
import struct
from collections.abc import Callable, Generator
from pathlib import Path
from typing import BinaryIO

from studio.engine import colour
from studio.engine.raster import Raster
from studio.engine.tiff import MARKS, MARKS_OF_BIG, UNIT_BYTES, Block, Entry

_ORIENTATION, _EXIF, _GPS = 0x0112, 0x8769, 0x8825
_IMAGE_WIDTH, _IMAGE_HEIGHT, _PIXEL_X, _PIXEL_Y = 0x0100, 0x0101, 0xA002, 0xA003
_THUMBNAIL, _THUMBNAIL_BYTES = 0x0201, 0x0202
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
_INCH, _CENTIMETRE = 2, 3
_MM = {_INCH: 25.4, _CENTIMETRE: 10}
_INTEROPERABILITY, _MAKER_NOTE = 0xA005, 0x927C
_COLOUR_SPACE, _INTEROPERABILITY_INDEX = 0xA001, 0x0001
_ADOBE_RGB = b"R03"
UNCALIBRATED = 0xFFFF
SAID_ADOBE_RGB = "its colours are Adobe RGB (1998), as its EXIF data says"
_SWAPPED_BYTES = {3: 2, 4: 4, 5: 4, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4}
_ONLY_IN_BIG = (16, 17, 18)  # kinds of numbers that EXIF does not know
_EMPTY = b"II*\0\x08\0\0\0\0\0\0\0\0\0"

# Tags of the first directory that say something of the photograph, not of how a TIFF file stores its pixels: who made
# it with what and when, its resolution, Windows' ratings and texts.
_DESCRIPTIVE = frozenset(
    {0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x013C, 0x8298, _X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT}
    | {0x4746, 0x4749, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F}
)

Values = dict[int, tuple[int, bytes]]


def upright(exif: bytes | None) -> bytes | None:
    """The block with orientation 1; None = absent or no TIFF structure."""
    block = _block(exif)
    if block is None:
        return None
    try:
        entries, _ = block.first()
        if _ORIENTATION in entries:
            block.set_number(entries[_ORIENTATION], 1)
        block.below(entries, _EXIF)
    except struct.error:
        return None
    return bytes(block.data)


def is_adobe_rgb(exif: bytes) -> bool:
    """Whether a block (a sound one) says that the photo's colours are Adobe RGB (1998), as cameras do that embed no
    profile (DCF 2.0: interoperability R03)."""
    return _says_adobe_rgb(Block(data=bytearray(exif)))


def is_adobe_rgb_tiff(path: Path) -> bool:
    """The same of a TIFF file, whose block `of_tiff` leaves that rule out. Raises OSError."""
    with _mapped(path) as content:
        return content is not None and _says_adobe_rgb(Block(data=content))


def _says_adobe_rgb(block: Block) -> bool:
    try:
        entry = _interoperability(block)
    except struct.error:
        return False
    return entry is not None and block.data[entry.value : entry.value + 3] == _ADOBE_RGB


def _interoperability(block: Block) -> Entry | None:
    """The index of the interoperability rules that the picture follows."""
    details = block.below(block.first()[0], _EXIF)
    return block.below(details, _INTEROPERABILITY).get(_INTEROPERABILITY_INDEX)


def of_raster(raster: Raster) -> bytes | None:
    """The block to be written with a picture of this size and profile; None = its photo had none."""
    if raster.exif is None:
        return None
    height, width = raster.pixels.shape[:2]
    return for_picture(raster.exif, width, height, is_srgb=None if raster.icc is None else colour.is_srgb(raster.icc))


def for_picture(exif: bytes, width: int, height: int, *, is_srgb: bool | None) -> bytes:
    """The block (a sound one) for a picture of this size: sizes corrected, the thumbnail of the photograph removed,
    the colours called what they are now.

    is_srgb: None = as the block says, as there is no profile.
    """
    block = Block(data=bytearray(exif))
    entries, following = block.first()
    for directory, tags in (
        (entries, (_IMAGE_WIDTH, _IMAGE_HEIGHT)),
        (block.below(entries, _EXIF), (_PIXEL_X, _PIXEL_Y)),
    ):
        for tag, number in zip(tags, (width, height), strict=True):
            if tag in directory and directory[tag].kind in (3, 4):
                block.set_number(directory[tag], number)
    if is_srgb is not None:
        _name_colours(block, block.below(entries, _EXIF), is_srgb=is_srgb)
    _drop_thumbnail(block, following)
    return bytes(block.data)


def without_orientation(exif: bytes) -> bytes:
    """The block (a sound, upright one) without its orientation; values stay where they are."""
    block = Block(data=bytearray(exif))
    entries, following = block.first()
    if _ORIENTATION not in entries:
        return exif
    place, end = entries[_ORIENTATION].place, following + 4
    block.data[place:end] = exif[place + 12 : end] + bytes(12)
    start = struct.unpack_from(f"{block.order}I", block.data, 4)[0]
    count = struct.unpack_from(f"{block.order}H", block.data, start)[0]
    struct.pack_into(f"{block.order}H", block.data, start, count - 1)
    return bytes(block.data)


def with_first_directory_last(exif: bytes) -> bytes:
    """The block (a sound one) with its first directory copied to the end, where it holds; values stay in place."""
    block = Block(data=bytearray(exif))
    start = struct.unpack_from(f"{block.order}I", block.data, 4)[0]
    _, following = block.first()
    padding = bytes(len(exif) % 2)
    struct.pack_into(f"{block.order}I", block.data, 4, len(exif) + len(padding))
    return bytes(block.data) + padding + exif[start : following + 4]


def _name_colours(block: Block, details: dict[int, Entry], *, is_srgb: bool) -> None:
    if _COLOUR_SPACE in details:
        block.set_number(details[_COLOUR_SPACE], 1 if is_srgb else UNCALIBRATED)
    if not is_srgb:
        return
    try:
        entry = _interoperability(block)
    except struct.error:
        return
    if entry is not None and block.data[entry.value : entry.value + 3] == _ADOBE_RGB:
        block.data[entry.value : entry.value + 3] = b"R98"


def pixels_per_mm(exif: bytes | None) -> float:
    """The resolution a block asks to be printed at; 72 to the inch if it does not say."""
    block = _block(exif)
    return (_resolution(block, block.first()[0]) if block else None) or 72 / 25.4


def says_resolution(exif: bytes | None) -> bool:
    """Whether a block (a sound one) says at which resolution the picture is to be printed."""
    block = _block(exif)
    return block is not None and _resolution(block, block.first()[0]) is not None


def _resolution(block: Block, entries: dict[int, Entry]) -> float | None:
    """Pixels to the millimetre; None where there is no sound number, or one without a unit, a mere proportion."""
    unit = block.number(entries[_RESOLUTION_UNIT]) if _RESOLUTION_UNIT in entries else _INCH
    if unit not in _MM or _X_RESOLUTION not in entries or entries[_X_RESOLUTION].kind != 5:
        return None
    over, under = struct.unpack_from(f"{block.order}II", block.data, entries[_X_RESOLUTION].value)
    return over / under / _MM[unit] if under and 1 <= over / under <= 10_000 else None


def with_resolution(exif: bytes | None, dots_per_inch: int) -> bytes:
    """The block asking to be printed at a resolution: its own numbers changed or added, or a new block."""
    block = _block(exif) or Block(data=bytearray(_EMPTY))
    ratio = struct.pack(f"{block.order}II", dots_per_inch, 1)
    entries, _ = block.first()
    missing = Values()
    for tag in (_X_RESOLUTION, _Y_RESOLUTION):
        if tag in entries and entries[tag].kind == 5:
            block.data[entries[tag].value : entries[tag].value + 8] = ratio
        else:
            missing[tag] = 5, ratio
    if _RESOLUTION_UNIT in entries:
        block.set_number(entries[_RESOLUTION_UNIT], _INCH)
    else:
        missing[_RESOLUTION_UNIT] = 3, struct.pack(f"{block.order}H", _INCH)
    return _with_tags(block, missing) if missing else bytes(block.data)


def _with_tags(block: Block, values: Values) -> bytes:
    """The block with more tags in its first directory, which then stands at its end; values in the block's order."""
    entries, following = block.first()
    table = {entry.tag: bytes(block.data[entry.place : entry.place + 12]) for entry in entries.values()}
    data = bytes(block.data) + b"\0" * (len(block.data) % 2)
    place, body = len(data) + 2 + 12 * len(table.keys() | values.keys()) + 4, b""
    for tag, (kind, raw) in values.items():
        inline = raw.ljust(4, b"\0") if len(raw) <= 4 else struct.pack(f"{block.order}I", place + len(body))
        table[tag] = struct.pack(f"{block.order}HHI", tag, kind, len(raw) // UNIT_BYTES[kind]) + inline
        body += b"" if len(raw) <= 4 else raw
    first = struct.pack(f"{block.order}H", len(table)) + b"".join(table[tag] for tag in sorted(table))
    start = struct.pack(f"{block.order}I", len(data))
    return data[:4] + start + data[8:] + first + data[following : following + 4] + body


def of_tiff(path: Path) -> bytes | None:
    """An EXIF block from the descriptive tags of a TIFF file, or of a RAW built like one; None = there are none.

    The maker's notes are left out: what they point to lies elsewhere in the file. Raises OSError.
    """
    with _mapped(path) as content:
        return None if content is None else _described(lambda: _values(Block(data=content)))


def of_directories(first: bytes, details: bytes, gps: bytes) -> bytes | None:
    """The same from three TIFF structures of one directory each, as Canon's CR3 keeps them; empty = absent."""

    def values_of(content: bytes) -> Values:
        block = _block(content)
        return _little(block, block.first()[0]) if block else {}

    def values() -> tuple[Values, Values, Values]:
        described = {tag: value for tag, value in values_of(first).items() if tag in _DESCRIPTIVE}
        return described, values_of(details), values_of(gps)

    return _described(values)


def tiff_tag(path: Path, tag: int) -> bytes | None:
    """The bytes of a tag of a TIFF file's first directory, or of a RAW built like one. Raises OSError."""
    with _mapped(path) as content:
        if content is None:
            return None
        try:
            block = Block(data=content)
            entry = block.first()[0].get(tag)
        except struct.error:
            return None
        return block.bytes_of(entry) if entry else None


def _described(values: Callable[[], tuple[Values, Values, Values]]) -> bytes | None:
    """A new block of values; None = there are none, or what they are read from is damaged."""
    try:
        first, details, gps = values()
    except struct.error:
        return None
    details.pop(_MAKER_NOTE, None)
    if not (first or details or gps):
        return None
    return b"II*\0" + struct.pack("<I", 8) + _written(first, details, gps, 8)


@contextlib.contextmanager
def _mapped(path: Path) -> Generator[mmap.mmap | None]:
    """The bytes of a TIFF file, or of a RAW built like one (Olympus and Panasonic have marks of their own); None = it
    is none."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield content if content[:4] in (*MARKS, *MARKS_OF_BIG, b"IIRO", b"IIRS", b"MMOR", b"IIU\0") else None


def append_to_tiff(stream: BinaryIO, exif: bytes | None, more: Values) -> None:
    """Give the little-endian TIFF in `stream` the tags of the block and `more`, in a new first directory at its end."""
    first, exif_values, gps = _values(Block(data=bytearray(exif))) if exif else ({}, {}, {})
    first = first | {tag: value for tag, value in more.items() if value[1]}
    stream.seek(4)
    old_start = struct.unpack("<I", stream.read(4))[0]
    stream.seek(old_start)
    count = struct.unpack("<H", stream.read(2))[0]
    old = {struct.unpack("<H", raw[:2])[0]: raw for raw in (stream.read(12) for _ in range(count))}
    end = stream.seek(0, 2)
    end += stream.write(b"\0" * (end % 2))
    stream.write(_written({tag: value for tag, value in first.items() if tag not in old}, exif_values, gps, end, old))
    stream.seek(4)
    stream.write(struct.pack("<I", end))


def _block(exif: bytes | None) -> Block | None:
    return Block(data=bytearray(exif)) if exif and len(exif) >= 8 and exif[:4] in MARKS else None


def _drop_thumbnail(block: Block, following: int) -> None:
    """Forget the second directory, and overwrite the picture of the photograph as it was."""
    second = struct.unpack_from(f"{block.order}I", block.data, following)[0]
    struct.pack_into(f"{block.order}I", block.data, following, 0)
    if not 0 < second < len(block.data) - 2:
        return
    try:
        entries, _ = block.directory(second)
    except struct.error:
        return
    if _THUMBNAIL in entries and _THUMBNAIL_BYTES in entries:
        place, size = block.number(entries[_THUMBNAIL]), block.number(entries[_THUMBNAIL_BYTES])
        if place + size >= len(block.data):
            block.data[place:] = b""
        else:
            block.data[place : place + size] = bytes(size)


def _values(block: Block) -> tuple[Values, Values, Values]:
    """The tags that describe the photograph: of the first directory, EXIF and GPS; values in little-endian order."""
    first, _ = block.first()
    exif = {tag: entry for tag, entry in block.below(first, _EXIF).items() if tag != _INTEROPERABILITY}
    described = {tag: entry for tag, entry in first.items() if tag in _DESCRIPTIVE}
    if _resolution(block, first) is None:
        for tag in (_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT):
            described.pop(tag, None)
    return _little(block, described), _little(block, exif), _little(block, block.below(first, _GPS))


def _little(block: Block, entries: dict[int, Entry]) -> Values:
    values = Values()
    for tag, entry in entries.items():
        if entry.kind in _ONLY_IN_BIG:
            continue
        raw = block.bytes_of(entry)
        step = _SWAPPED_BYTES.get(entry.kind, 1) if block.order == ">" else 1
        values[tag] = entry.kind, b"".join(raw[at : at + step][::-1] for at in range(0, len(raw), step))
    return values


def _written(first: Values, exif: Values, gps: Values, start: int, old: dict[int, bytes] | None = None) -> bytes:
    """A first directory for offset `start` with `old` entries taken over as they are, and the two it points to."""
    old = {tag: raw for tag, raw in (old or {}).items() if tag not in (_EXIF, _GPS)}
    pointers = {tag: (4, b"\0\0\0\0") for tag, values in ((_EXIF, exif), (_GPS, gps)) if values}
    place = start + len(_directory(first | pointers, start, old))
    body = b""
    for tag, values in ((_EXIF, exif), (_GPS, gps)):
        if values:
            pointers[tag] = 4, struct.pack("<I", place + len(body))
            body += _directory(values, place + len(body), {})
    return _directory(first | pointers, start, old) + body


def _directory(values: Values, start: int, old: dict[int, bytes]) -> bytes:
    tags = sorted(values.keys() | old.keys())
    place, table, body = start + 2 + 12 * len(tags) + 4, struct.pack("<H", len(tags)), b""
    for tag in tags:
        if tag in old:
            table += old[tag]
            continue
        kind, raw = values[tag]
        table += struct.pack("<HHI", tag, kind, len(raw) // UNIT_BYTES[kind])
        table += raw.ljust(4, b"\0") if len(raw) <= 4 else struct.pack("<I", place + len(body))
        body += b"" if len(raw) <= 4 else raw + b"\0" * (len(raw) % 2)
    return table + b"\0\0\0\0" + body
