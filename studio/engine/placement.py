"""Where the garment stands in the finished picture: size, fill, alignment and level of a recipe as numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.engine.raster import Pixels
from studio.engine.templates.catalog import dressed
from studio.engine.templates.files import separate_channels
from studio.engine.turning import turned_mask
from studio.model import Align, ComposeStep, LevelStep, Recipe

CUT_BORDER = 0.02
"""Share of the frame's length on which the garment may lie without being cut by it."""


@dataclass(frozen=True, kw_only=True)
class Placement:
    """One turn, one scaling and one shift from the photo's frame to the deliverable's.

    width, height: pixels of the deliverable. turn: degrees clockwise, about the photo's middle, in a frame grown so
    that nothing is cut. scale: deliverable pixels per photo pixel. left, top: where the upper left corner of the photo,
    turned, comes to lie, in whole deliverable pixels (negative = outside).
    """

    width: int
    height: int
    turn: float = 0.0
    scale: float = 1.0
    left: int = 0
    top: int = 0
    is_identity: bool = False

    def sentence(self) -> str:
        """What is done, in numbers, for the report."""
        way = "clockwise" if self.turn > 0 else "anticlockwise"
        turned = f"turned upright by {abs(self.turn):.2f} degrees {way} (bicubic), " if self.turn else ""
        return (
            f"the master was {turned}scaled by {self.scale:.4f} (Lanczos, in linear light, alpha premultiplied) and "
            f"placed at {self.left}, {self.top} in a frame of {self.width} x {self.height} pixels"
        )


def placement_of(alpha: Pixels, step: ComposeStep, level: LevelStep | None = None) -> Placement:
    """Where a garment with this alpha (H, W) goes.

    Without size and fill everything stays where it is. Otherwise the garment's bounding box (half coverage and more) is
    centred across; `fill` scales it so that it takes that share of the frame in the direction where it is tighter,
    without `fill` the photo's whole frame is scaled to fit. Up and down it is centred, or keeps to the top or the
    bottom the distance it has at its tightest side. level: scale and line of its shoot outrank all of that; its turn
    comes first, and without size and fill it leaves the photo's middle in the middle.
    """
    height, width = alpha.shape
    turn = level.turn if level else 0.0
    if turn:
        alpha = turned_mask(alpha, turn)
    if step.size is None and step.fill is None:
        left, top = (width - alpha.shape[1]) // 2, (height - alpha.shape[0]) // 2
        return Placement(width=width, height=height, turn=turn, left=left, top=top, is_identity=not turn)
    frame_width, frame_height = step.size or (width, height)
    x, y, box_width, box_height = _box(alpha)
    tight = min(frame_width / width, frame_height / height)
    if step.fill is not None:
        tight = step.fill * min(frame_width / box_width, frame_height / box_height)
    if level and level.scale is not None:
        tight = level.scale
    across = (frame_width - box_width * tight) / 2
    down = _down(step.align, across, frame_height - box_height * tight)
    if level and level.line is not None:
        down = level.line * frame_height - (box_height * tight if step.align is Align.BOTTOM else 0)
    return Placement(
        width=frame_width,
        height=frame_height,
        turn=turn,
        scale=tight,
        left=round(across - x * tight),
        top=round(down - y * tight),
    )


def border_share(garment: NDArray[np.bool_]) -> float:
    """Share 0..1 of the frame's length on which the garment (H, W) lies."""
    border = np.concatenate([garment[0], garment[-1], garment[:, 0], garment[:, -1]])
    return np.count_nonzero(border) / border.size


def is_cut(alpha: Pixels) -> bool:
    """Whether the photo's frame cuts a garment of this alpha (H, W), uint8 or uint16."""
    return border_share(alpha > np.iinfo(alpha.dtype).max // 2) > CUT_BORDER


def cut_stands_amid(alpha: Pixels, recipe: Recipe) -> bool:
    """Whether a garment of this alpha (H, W), cut by the photo's frame, ends in a straight line amid one of the files
    that `recipe` makes; on the edge of the file a cut is the crop that the photographer chose."""
    files = (recipe, *(dressed(recipe, template) for template in separate_channels(recipe)))
    return any(leaves_a_cut(alpha, each) for each in files)


def leaves_a_cut(alpha: Pixels, recipe: Recipe) -> bool:
    """Whether a side of the photo that the garment touches comes to lie inside the recipe's own file, or is turned."""
    placement = placement_of(alpha, recipe.compose, recipe.level)
    height, width = alpha.shape
    right, bottom = placement.left + width * placement.scale, placement.top + height * placement.scale
    sides = (
        (alpha[:, 0], placement.left > 0),
        (alpha[0], placement.top > 0),
        (alpha[:, -1], round(right) < placement.width),
        (alpha[-1], round(bottom) < placement.height),
    )
    solid = np.iinfo(alpha.dtype).max // 2
    return any((is_inside or placement.turn != 0) and bool((line > solid).any()) for line, is_inside in sides)


def _down(align: Align, across: float, free: float) -> float:
    """How far under the frame's upper edge the garment begins, with `free` pixels to share."""
    margin = max(0.0, min(across, free / 2))
    return {Align.CENTER: free / 2, Align.TOP: margin, Align.BOTTOM: free - margin}[align]


def _box(alpha: Pixels) -> tuple[int, int, int, int]:
    """x, y, width, height of what is at least half covered; the whole frame if nothing is."""
    solid = alpha > np.iinfo(alpha.dtype).max // 2
    x, width = _extent(np.any(solid, axis=0))
    y, height = _extent(np.any(solid, axis=1))
    return x, y, width, height


def _extent(line: NDArray[Any]) -> tuple[int, int]:
    hits = np.flatnonzero(line)
    return (int(hits[0]), int(hits[-1] - hits[0]) + 1) if hits.size else (0, line.size)
