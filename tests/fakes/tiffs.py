"""TIFFs of kinds that Pillow does not write."""

import struct
from pathlib import Path

import numpy as np


def write_tiff(
    path: Path,
    samples: np.ndarray,
    photometric: int,
    *,
    order: str = "<",
    big: bool = False,
    white: tuple[float, float] | None = None,
    extras: tuple[int, ...] = (),
) -> Path:
    """An uncompressed TIFF of `samples` (H, W, C), uint8 or uint16, of one strip.

    order: "<" or ">". white: the white point it names. extras: the kinds of its channels after those of colour.
    """
    height, width, count = samples.shape
    pixels = samples.astype(samples.dtype.newbyteorder(order)).tobytes()
    numbers = {256: [width], 257: [height], 258: [8 * samples.itemsize] * count, 259: [1], 262: [photometric]}
    numbers |= {277: [count], 278: [height], 284: [1]} | ({338: list(extras)} if extras else {})
    head, wide = (16, "Q") if big else (8, "I")
    values = {tag: (3, len(each), struct.pack(f"{order}{len(each)}H", *each)) for tag, each in numbers.items()}
    values |= {273: (4, 1, struct.pack(f"{order}I", head)), 279: (4, 1, struct.pack(f"{order}I", len(pixels)))}
    values[306] = (2, 20, b"2026:01:02 03:04:05\0")
    if white:
        ratios = [round(white[0] * 10_000), 10_000, round(white[1] * 10_000), 10_000]
        values[318] = (5, 2, struct.pack(f"{order}4I", *ratios))
    inline = struct.calcsize(f"={wide}")
    start = head + len(pixels) + len(pixels) % 2
    place = start + (8 if big else 2) + (4 + 2 * inline) * len(values) + inline
    table, rest = struct.pack(f"{order}{'Q' if big else 'H'}", len(values)), b""
    for tag, (kind, number, raw) in sorted(values.items()):
        field = raw.ljust(inline, b"\0") if len(raw) <= inline else struct.pack(order + wide, place + len(rest))
        rest += b"" if len(raw) <= inline else raw + b"\0" * (len(raw) % 2)
        table += struct.pack(f"{order}HH{wide}", tag, kind, number) + field
    mark = {"<": b"II", ">": b"MM"}[order]
    first = struct.pack(f"{order}HHHQ", 43, 8, 0, start) if big else struct.pack(f"{order}HI", 42, start)
    path.write_bytes(mark + first + pixels + b"\0" * (len(pixels) % 2) + table + bytes(inline) + rest)
    return path
