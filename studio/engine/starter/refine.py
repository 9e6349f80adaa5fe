"""From what the network saw at its working size to masks at the photo's own resolution.

Two steps. At a middle size the edge is found by colour (discriminant), first in a wide band, then in a narrow one. At
the photo's size the same linear functions of colour, interpolated, are applied to the photo's own pixels, tile by tile
and only where an edge runs: memory and time grow with the length of the edges.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from studio.engine.raster import Pixels
from studio.engine.stage import Mask
from studio.engine.starter.arrays import Flags, Floats, as_coverage, pieces, scaled, scaled_down, scaled_mask
from studio.engine.starter.discriminant import Edge, find_edge, find_side

MIDDLE_SIDE = 1536
COARSE_SIDE = 768
_DOUBT = 2.5  # pixels of the network by which an edge may be off
_TILE = 512


def middle_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the middle size: the long side at most MIDDLE_SIDE."""
    scale = min(1.0, MIDDLE_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


@dataclass(frozen=True, kw_only=True)
class Located:
    """An edge found at the middle size, and the (h, w) float32 coverage 0..1 that it gives there."""

    edge: Edge
    coverage: Floats


def locate_edge(middle: Floats, expected: Floats, seen_side: int) -> Located:
    """The edge at the middle size, without the crumbs and pinholes that noise makes beside it.

    middle: (h, w, 3) float32 0..255. expected: (h', w') float32 coverage at the network's size, whose long side is
    `seen_side`: an edge seen there may lie about two of its pixels off.
    """
    height, width = middle.shape[:2]
    coarse = scaled_down(middle, COARSE_SIDE)
    at_coarse = scaled(expected, (coarse.shape[1], coarse.shape[0]))
    doubt = max(2, round(_DOUBT * max(coarse.shape) / seen_side))
    side = find_side(coarse, at_coarse, width=doubt, radius=2 * doubt + 2)
    at_middle = scaled(_without_crumbs(side, at_coarse), (width, height))
    step = round(max(middle.shape) / max(coarse.shape))
    edge = find_edge(middle, at_middle, width=step, radius=2 * step + 2)
    return Located(edge=edge, coverage=edge.coverage(middle))


def _without_crumbs(found: Floats, expected: Floats) -> Floats:
    """Islands that nobody expected are taken away, and holes that nobody expected are filled."""
    clean = np.where(_unexpected(found > 0.5, expected > 0.5), np.float32(0), found)
    return np.where(_unexpected(clean <= 0.5, expected <= 0.5), np.float32(1), clean)


def _unexpected(found: Flags, expected: Flags) -> Flags:
    """The connected parts of `found` that nowhere meet `expected`."""
    labels, areas = pieces(found, 4)
    meets = np.bincount(labels[expected], minlength=len(areas)) > 0
    meets[0] = True
    return ~meets[labels]


def to_full_size(located: Located, pixels: Pixels, checkpoint: Callable[[], None]) -> Mask:
    """The coverage of `pixels` (H, W, 3), the photo the edge was located in, as (H, W) uint8 0..255."""
    height, width = pixels.shape[:2]
    edge = located.edge
    full = scaled_mask(as_coverage(located.coverage), (width, height))
    function = np.dstack([edge.slope, edge.offset])
    band = edge.band.astype(np.float32)
    for tile in _tiles(height, width):
        checkpoint()
        place = _Placing.of(tile, (height, width), edge.offset.shape)
        if place.touches(band):
            _fill_tile(full[tile.rows, tile.columns], pixels[tile.rows, tile.columns], function, band, place)
    return full


@dataclass(frozen=True, kw_only=True)
class _Tile:
    rows: slice
    columns: slice


def _tiles(height: int, width: int) -> Iterator[_Tile]:
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            yield _Tile(
                rows=slice(top, min(top + _TILE, height)),
                columns=slice(left, min(left + _TILE, width)),
            )


@dataclass(frozen=True, kw_only=True)
class _Placing:
    """Where a tile of the photo lies in the middle size: x' = scale·x + shift, pixel centres at whole numbers."""

    shape: tuple[int, int]
    scale: tuple[float, float]
    shift: tuple[float, float]

    @classmethod
    def of(cls, tile: _Tile, full: tuple[int, ...], middle: tuple[int, ...]) -> "_Placing":
        scale_y, scale_x = middle[0] / full[0], middle[1] / full[1]
        return cls(
            shape=(tile.rows.stop - tile.rows.start, tile.columns.stop - tile.columns.start),
            scale=(scale_x, scale_y),
            shift=((tile.columns.start + 0.5) * scale_x - 0.5, (tile.rows.start + 0.5) * scale_y - 0.5),
        )

    def touches(self, band: Floats) -> bool:
        left, top = (max(0, int(shift) - 1) for shift in self.shift)
        right, bottom = (
            int(shift + scale * side) + 2
            for shift, scale, side in zip(self.shift, self.scale, self.shape[::-1], strict=True)
        )
        return bool(band[top:bottom, left:right].any())

    def sample(self, values: Floats, interpolation: int) -> Floats:
        """`values` at the middle size, interpolated at the tile's pixels."""
        matrix = np.array([[self.scale[0], 0, self.shift[0]], [0, self.scale[1], self.shift[1]]])
        flags = interpolation | cv2.WARP_INVERSE_MAP
        sampled = cv2.warpAffine(values, matrix, self.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return cast(Floats, sampled)


def _fill_tile(target: Mask, pixels: Pixels, function: Floats, band: Floats, place: _Placing) -> None:
    inside = place.sample(band, cv2.INTER_NEAREST) > 0
    local = place.sample(function, cv2.INTER_LINEAR)
    scale = np.float32(255 / np.iinfo(pixels.dtype).max)
    coverage = local[..., 3]
    for channel in range(3):
        coverage = coverage + local[..., channel] * (pixels[..., channel] * scale)
    np.copyto(target, as_coverage(coverage), where=inside)
