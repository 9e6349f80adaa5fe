"""PackBits, the run-length code of Photoshop and TIFF, for whole pictures at once."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

_LONGEST = 128
_Ints = NDArray[np.int64]


def pack(rows: NDArray[np.uint8]) -> tuple[NDArray[np.int64], bytes]:
    """The bytes (H, n) row by row in PackBits, and how many bytes each row takes (H,).

    Three equal bytes and more become a run, everything else is kept as it is; no packet crosses a row.
    """
    row_bytes = rows.shape[1]
    flat = np.ascontiguousarray(rows).reshape(-1)
    starts, lengths, is_run = _packets(flat, row_bytes)
    sizes = cast(_Ints, np.where(is_run, 2, lengths + 1))
    places = np.cumsum(sizes) - sizes
    packed = np.empty(int(sizes.sum()), np.uint8)
    # A run of one, the rest of a long one, is kept as a byte: a run's head cannot say it.
    packed[places] = np.where(is_run & (lengths > 1), 257 - lengths, lengths - 1).astype(np.uint8)
    packed[places[is_run] + 1] = flat[starts[is_run]]
    kept = ~is_run
    source = np.flatnonzero(np.repeat(kept, lengths))
    packed[source + np.repeat((places + 1 - starts)[kept], lengths[kept])] = flat[source]
    row_starts = np.arange(rows.shape[0], dtype=np.int64) * row_bytes
    first_of_rows = cast(_Ints, np.searchsorted(starts, row_starts))
    return cast(_Ints, np.add.reduceat(sizes, first_of_rows)), packed.tobytes()


def _packets(flat: NDArray[np.uint8], row_bytes: int) -> tuple[_Ints, _Ints, NDArray[np.bool_]]:
    """Start, length (1..128) and kind of every packet, in the order of the bytes."""
    begins = np.empty(flat.size, np.bool_)
    np.not_equal(flat[1:], flat[:-1], out=begins[1:])
    begins[::row_bytes] = True
    starts = np.flatnonzero(begins)
    is_run = np.diff(starts, append=flat.size) >= 3
    # Short runs that follow one another in a row are kept together.
    opens = is_run | np.concatenate([[True], is_run[:-1]]) | (starts % row_bytes == 0)
    starts, is_run = starts[opens], is_run[opens]
    lengths = np.diff(starts, append=flat.size)
    pieces = -(-lengths // _LONGEST)
    number = np.arange(int(pieces.sum())) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    cut = cast(_Ints, np.repeat(starts, pieces) + number * _LONGEST)
    return cut, cast(_Ints, np.diff(cut, append=flat.size)), cast("NDArray[np.bool_]", np.repeat(is_run, pieces))
