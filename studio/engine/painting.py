"""What lies between a photograph and a generator: working sizes, the garment as image prompt, colour drift, joints.

Plain pictures in, plain pictures out; the networks stand in `gpu`.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.raster import Pixels
from studio.engine.stage import Mask

Picture = NDArray[np.uint8]

MULTIPLE = 8  # the VAE halves three times
_CROP_MARGIN = 0.06
_DRIFT_REACH = 0.06  # of the longer side: how far a local colour difference is believed beyond the garment
_DRIFT_MOST = 24.0  # steps of 8 bit; more is a painted fold or shadow, not drift
_LEVELS = 4
_TILE_PX = 1024


def working_size(size: tuple[int, int], side: int) -> tuple[int, int]:
    """(width, height) of the shape of `size` with about `side` x `side` pixels, multiples of eight."""
    width, height = size
    scale = side / (width * height) ** 0.5
    return _multiple(width * scale), _multiple(height * scale)


def _multiple(length: float) -> int:
    return max(MULTIPLE, round(length / MULTIPLE) * MULTIPLE)


def scaled(picture: Picture, size: tuple[int, int]) -> Picture:
    """A picture or mask, uint8, at `size` = (width, height): areas averaged when it shrinks, Lanczos when it grows."""
    if size == (picture.shape[1], picture.shape[0]):
        return picture
    grows = size[0] > picture.shape[1]
    return cast(Picture, cv2.resize(picture, size, interpolation=cv2.INTER_LANCZOS4 if grows else cv2.INTER_AREA))


def garment_alone(picture: Picture, garment: Mask) -> Picture:
    """The garment cut out on white with a small margin (h, w, 3): what the image prompt and CLIP are shown."""
    rows, columns = np.flatnonzero((garment > 127).any(1)), np.flatnonzero((garment > 127).any(0))
    if not rows.size:
        return picture
    margin = round(_CROP_MARGIN * max(rows[-1] - rows[0], columns[-1] - columns[0]))
    box = (
        slice(max(0, rows[0] - margin), rows[-1] + margin + 1),
        slice(max(0, columns[0] - margin), columns[-1] + margin + 1),
    )
    share = garment[box].astype(np.float32)[..., None] / 255
    return np.rint(picture[box] * share + 255 * (1 - share)).astype(np.uint8)


def to_paint(garment: Mask, into_px: int) -> Mask:
    """Where a figure is painted: everything but the garment, and `into_px` pixels of its edge; 0 or 255."""
    solid = (garment > 127).astype(np.uint8)
    kept = cv2.erode(solid, np.ones((2 * into_px + 1, 2 * into_px + 1), np.uint8))
    return np.where(kept > 0, 0, 255).astype(np.uint8)


def without_drift(painted: Picture, given: Picture, kept: NDArray[np.bool_]) -> Picture:
    """`painted` with the colours it would have if the generator had kept the garment's.

    The VAE returns what it was to keep a little off in colour; what is around it is off alike. The difference to
    `given` over the `kept` pixels, low-passed, is taken off everywhere: near the garment the local one, far from it
    the mean one (normalised convolution, Knutsson and Westin 1993). Both (h, w, 3) uint8 sRGB, same shape.
    """
    if not kept.any():
        return painted
    difference = np.where(kept[..., None], given.astype(np.float32) - painted, 0)
    mean = np.median(difference[kept], axis=0)
    sigma = max(1.0, _DRIFT_REACH * max(kept.shape))
    weight = cv2.GaussianBlur(kept.astype(np.float32), (0, 0), sigma)[..., None]
    local = cv2.GaussianBlur(difference, (0, 0), sigma)
    drift = (local + 0.05 * mean) / (weight + 0.05)
    return np.rint(np.clip(painted + np.clip(drift, -_DRIFT_MOST, _DRIFT_MOST), 0, 255)).astype(np.uint8)


def joined(figure: Picture, photo: Picture, garment: Mask, band_px: int) -> Picture:
    """The figure with the garment's colours running out into it over the joint band; elsewhere as it was.

    A multiband blend (Burt and Adelson 1983): the garment's own colours, continued outward past its edge so that
    nothing of the old surroundings comes along, are blended coarse structure broadly and fine structure sharply.
    """
    result = figure.copy()
    reach = 4 * band_px
    for top in range(0, garment.shape[0], _TILE_PX):
        for left in range(0, garment.shape[1], _TILE_PX):
            rows, columns = slice(top, top + _TILE_PX), slice(left, left + _TILE_PX)
            around = (
                slice(max(0, top - reach), top + _TILE_PX + reach),
                slice(max(0, left - reach), left + _TILE_PX + reach),
            )
            tile = _joined_tile(figure[around], photo[around], garment[around], band_px)
            if tile is not None:
                result[rows, columns] = tile[top - around[0].start :, left - around[1].start :][:_TILE_PX, :_TILE_PX]
    return result


def _joined_tile(figure: Picture, photo: Picture, garment: Mask, band_px: int) -> Picture | None:
    """The same for one tile; None = no joint runs through it."""
    solid = garment > 127
    if not solid.any() or solid.all():
        return None
    away = cv2.distanceTransform((~solid).astype(np.uint8), cv2.DIST_L2, 3)
    continued = _continued(photo.astype(np.float32), garment >= 250)
    blended = _multiband(continued, figure, (garment / 255).astype(np.float32))
    # Fades out over the band, so that it ends nowhere in particular.
    share = np.where(solid, 0, np.clip(1 - away / band_px, 0, 1))[..., None]
    return np.rint(figure * (1 - share) + blended * share).astype(np.uint8)


def continued_under(pixels: Pixels, alpha: Pixels) -> Pixels:
    """`pixels` (H, W, 3) with the colours of what shows carried on to where `alpha` (H, W) is 0.

    What looks at a pixel's surroundings then sees no black beside the edge.
    """
    result = pixels.copy()
    for top in range(0, alpha.shape[0], _TILE_PX):
        for left in range(0, alpha.shape[1], _TILE_PX):
            tile = slice(top, top + _TILE_PX), slice(left, left + _TILE_PX)
            shown = alpha[tile] > 0
            if shown.any() and not shown.all():
                result[tile] = np.rint(_continued(pixels[tile].astype(np.float32), shown)).astype(pixels.dtype)
    return result


def _continued(values: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The known values, and outward the nearest known ones, averaged ever wider (pull-push, Gortler et al. 1996)."""
    if known.all() or not known.any() or min(known.shape) < 2:
        return values
    half = (max(1, known.shape[1] // 2), max(1, known.shape[0] // 2))
    share = cv2.resize(known.astype(np.float32), half, interpolation=cv2.INTER_AREA)
    sums = cv2.resize(np.where(known[..., None], values, 0).astype(np.float32), half, interpolation=cv2.INTER_AREA)
    small = np.asarray(sums / np.maximum(share[..., None], 1e-6), np.float32)
    coarse = _continued(small, share > 1e-3)
    wide = cv2.resize(coarse, (known.shape[1], known.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.where(known[..., None], values, wide).astype(np.float32)


def _multiband(inside: NDArray[np.float32], outside: Picture, share: NDArray[np.float32]) -> Picture:
    first, second, weights = [inside], [outside.astype(np.float32)], [share]
    for _ in range(_LEVELS):
        if min(weights[-1].shape) < 8:
            break
        first.append(np.asarray(cv2.pyrDown(first[-1]), np.float32))
        second.append(np.asarray(cv2.pyrDown(second[-1]), np.float32))
        weights.append(np.asarray(cv2.pyrDown(weights[-1]), np.float32))
    result = _mixed(first[-1], second[-1], weights[-1])
    for level in range(len(weights) - 2, -1, -1):
        size = weights[level].shape[1], weights[level].shape[0]
        details = [one[level] - cv2.pyrUp(one[level + 1], dstsize=size) for one in (first, second)]
        result = cv2.pyrUp(result, dstsize=size) + _mixed(details[0], details[1], weights[level])
    return np.rint(np.clip(result, 0, 255)).astype(np.uint8)


def _mixed(first: NDArray[np.float32], second: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(first * weight[..., None] + second * (1 - weight[..., None]), np.float32)
