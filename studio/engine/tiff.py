"""TIFF structures, of a file or of an EXIF block: directories and their entries, read where they lie and patched there.

BigTIFF differs in the width of its numbers only; it is read, never patched.
"""

import contextlib
import mmap
import struct
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

MARKS = (b"II*\0", b"MM\0*")
MARKS_OF_BIG = (b"II+\0", b"MM\0+")
UNIT_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_NUMBERS = {3: "H", 16: "Q", 18: "Q"}
_LONGEST = 1 << 20


def short_numbers(path: Path) -> dict[int, tuple[int, ...]]:
    """The tags of short numbers in a TIFF file's first directory; empty = it is none. Raises OSError."""
    with mapped(path) as block:
        if block is None:
            return {}
        try:
            entries, _ = block.first()
        except struct.error:
            return {}
        shorts = [entry for entry in entries.values() if entry.kind == 3]
        return {each.tag: struct.unpack(f"{block.order}{each.count}H", block.bytes_of(each)) for each in shorts}


@contextlib.contextmanager
def mapped(path: Path) -> Generator["Block | None"]:
    """A TIFF file as a block, as long as it is open; None = it is none. Raises OSError."""
    with path.open("rb") as stream:
        if stream.read(4) not in (*MARKS, *MARKS_OF_BIG):
            yield None
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield Block(data=content)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a directory: where its 12 bytes (20 in BigTIFF) and its value lie in the block."""

    tag: int
    kind: int
    count: int
    place: int
    value: int


@dataclass(kw_only=True)
class Block:
    """A TIFF structure in memory."""

    data: bytearray | mmap.mmap
    order: str = field(init=False)
    is_big: bool = field(init=False)

    def __post_init__(self) -> None:
        self.order = "<" if self.data[:2] == b"II" else ">"
        self.is_big = self.data[:4] in MARKS_OF_BIG

    def number(self, entry: Entry) -> int:
        return self._unpack(_NUMBERS.get(entry.kind, "I"), entry.value)

    def set_number(self, entry: Entry, number: int) -> None:
        if entry.kind == 4 or number <= 0xFFFF:
            struct.pack_into(f"{self.order}{'H' if entry.kind == 3 else 'I'}", self.data, entry.value, number)

    def bytes_of(self, entry: Entry) -> bytes:
        return bytes(self.data[entry.value : entry.value + UNIT_BYTES[entry.kind] * entry.count])

    def directory(self, start: int) -> tuple[dict[int, Entry], int]:
        """The entries by tag, and where the pointer to the next directory lies. Raises struct.error when cut short."""
        head, step = (8, 20) if self.is_big else (2, 12)
        count = self._unpack("Q" if self.is_big else "H", start)
        if start + head + step * count > len(self.data):
            raise struct.error("more entries than there is room for")
        entries = [self._entry(start + head + step * index) for index in range(count)]
        return {entry.tag: entry for entry in entries if entry}, start + head + step * count

    def first(self) -> tuple[dict[int, Entry], int]:
        return self.directory(self._unpack("Q", 8) if self.is_big else self._unpack("I", 4))

    def below(self, parent: dict[int, Entry], tag: int) -> dict[int, Entry]:
        """The directory that an entry of `parent` points to; empty = none."""
        return self.directory(self.number(parent[tag]))[0] if tag in parent else {}

    def _entry(self, place: int) -> Entry | None:
        wide = "Q" if self.is_big else "I"
        width = struct.calcsize(f"<{wide}")
        tag, kind, count = struct.unpack_from(f"{self.order}HH{wide}", self.data, place)
        size = UNIT_BYTES.get(kind, 0) * count
        inline = place + 4 + width
        value = inline if size <= width else self._unpack(wide, inline)
        fits = 0 < size <= _LONGEST and value + size <= len(self.data)
        return Entry(tag=tag, kind=kind, count=count, place=place, value=value) if fits else None

    def _unpack(self, number: str, place: int) -> int:
        if place > len(self.data):  # struct has an error of its own for offsets beyond any memory
            raise struct.error("an offset beyond the end")
        return struct.unpack_from(f"{self.order}{number}", self.data, place)[0]
