"""The colour of the garment at its soft edge, without the backdrop or mannequin that shines through there.

    foreground_colours(pixels, coverage, band) -> pixels

A pixel of an edge is coverage · garment + (1 - coverage) · what is behind. Both colours are estimated from the pixels
around it, weighted by how much of them is garment, and the garment's is corrected until the mixture is the pixel
(M. Forte, Approximate Fast Foreground Colour Estimation, ICIP 2021). `coverage` is that of the garment *in the photo*,
the layer `garment`, not the alpha of the finished picture: where the garment meets the mannequin, the mannequin is
what is behind, although `inner` makes the finished picture opaque there.
"""

from collections.abc import Iterator

import numpy as np

from studio.engine.raster import Pixels
from studio.engine.stage import Mask
from studio.engine.starter.arrays import Flags, Floats, box_mean, threefold

_TILE = 512
_RADII = (16, 3)  # the wide window gives every pixel an answer, the narrow one a local answer
_LEAST_WEIGHT = np.float32(1e-4)


def foreground_colours(pixels: Pixels, coverage: Mask, band: Flags) -> Pixels:
    """`pixels` with the garment's own colour where `band` is set; everywhere else they are the same, bit for bit.

    pixels: (H, W, 3) uint8 or uint16, encoded RGB of any profile. coverage: (H, W) uint8, the garment in `pixels`.
    band: (H, W) bool, the soft edge. Returns a new array of the dtype of `pixels`. Works in tiles.
    """
    result = pixels.copy()
    for tile, around in _tiles_with(band):
        colours = _estimate(pixels[around].astype(np.float32), coverage[around].astype(np.float32) / np.float32(255))
        inner = tuple(slice(t.start - a.start, t.stop - a.start) for t, a in zip(tile, around, strict=True))
        most = np.iinfo(pixels.dtype).max
        estimated = np.rint(colours[inner]).clip(0, most).astype(pixels.dtype)
        np.copyto(result[tile], estimated, where=band[tile][..., None])
    return result


def _tiles_with(band: Flags) -> Iterator[tuple[tuple[slice, slice], tuple[slice, slice]]]:
    """Tiles in which `band` is set somewhere, each with the same tile widened by the largest radius."""
    height, width = band.shape
    margin = _RADII[0]
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            tile = slice(top, min(top + _TILE, height)), slice(left, min(left + _TILE, width))
            if band[tile].any():
                yield (
                    tile,
                    (
                        slice(max(0, top - margin), min(tile[0].stop + margin, height)),
                        slice(max(0, left - margin), min(tile[1].stop + margin, width)),
                    ),
                )


def _estimate(pixels: Floats, coverage: Floats) -> Floats:
    """The foreground colour of `pixels` (h, w, 3) for `coverage` 0..1 (h, w)."""
    front, back, part = pixels, pixels, threefold(coverage)
    # Pixels that are nearly all garment, or nearly none, know its colour best.
    sure_front, sure_back = coverage**3, (1 - coverage) ** 3
    for radius in _RADII:
        front = _weighted_blur(front, sure_front, radius)
        back = _weighted_blur(back, sure_back, radius)
        rest = pixels - part * front
        rest -= (1 - part) * back
        rest *= part
        front += rest
    return front


def _weighted_blur(colours: Floats, weight: Floats, radius: int) -> Floats:
    """The weighted mean of `colours` in the window, a new array; where nothing has weight, the colours as they are."""
    mean = box_mean(colours * threefold(weight), radius)
    share = threefold(box_mean(weight, radius))
    mean /= np.maximum(share, _LEAST_WEIGHT)
    np.copyto(mean, colours, where=share <= _LEAST_WEIGHT)
    return mean
