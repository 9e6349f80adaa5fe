"""A contact sheet: every photo beside its result, so that a person sees a whole shoot at a glance."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.engine import vips
from studio.engine.preview import thumbnail
from studio.errors import OutputError
from studio.files import write_atomically

CELL_WIDTH_PX, CELL_HEIGHT_PX = 300, 380
GAP_PX = 12
PAIR_GAP_PX = 36
PAIRS_ACROSS = 3
# Neither white nor black: a white background of a result must be seen to be white.
PAPER = 200


def write_sheet(pairs: Sequence[tuple[Path, Path]], path: Path) -> None:
    """Write a JPEG (sRGB, 8 bit) with each photo of `pairs` left of its result, row by row.

    Raises OutputError, also when there is nothing to show; PhotoError for a picture that cannot be read.
    """
    if not pairs:
        raise OutputError("No contact sheet", "There is no result to show.", "Look at the failures above.")
    rows, across = -(-len(pairs) // PAIRS_ACROSS), min(len(pairs), PAIRS_ACROSS)
    step_down, step_across = CELL_HEIGHT_PX + PAIR_GAP_PX, 2 * CELL_WIDTH_PX + GAP_PX + PAIR_GAP_PX
    sheet = np.full((rows * step_down + PAIR_GAP_PX, across * step_across + PAIR_GAP_PX, 3), PAPER, np.uint8)
    for number, (photo, result) in enumerate(pairs):
        row, column = divmod(number, PAIRS_ACROSS)
        top, left = PAIR_GAP_PX + row * step_down, PAIR_GAP_PX + column * step_across
        _lay(sheet, _small(photo), top, left)
        _lay(sheet, _small(result), top, left + CELL_WIDTH_PX + GAP_PX)
    write_atomically(path, bytes(vips.image_of(sheet).jpegsave_buffer(Q=88)))


def _small(picture: Path) -> NDArray[np.uint8]:
    """The picture within a cell, uint8, sRGB-encoded RGB or straight RGBA."""
    small = thumbnail(picture, CELL_HEIGHT_PX).levels[0]
    if small.shape[1] > CELL_WIDTH_PX:
        small = thumbnail(picture, CELL_WIDTH_PX).levels[0]
    return small


def _lay(sheet: NDArray[np.uint8], picture: NDArray[np.uint8], top: int, left: int) -> None:
    """Lay `picture` (uint8 RGB, or RGBA with straight alpha) into the middle of the cell at `top`, `left`."""
    height, width = picture.shape[:2]
    top, left = top + (CELL_HEIGHT_PX - height) // 2, left + (CELL_WIDTH_PX - width) // 2
    cell = sheet[top : top + height, left : left + width]
    if picture.shape[2] == 3:
        cell[:] = picture
        return
    alpha = picture[..., 3:].astype(np.float32) / 255
    cell[:] = np.rint(picture[..., :3] * alpha + cell * (1 - alpha)).astype(np.uint8)
