"""What the pixels of a finished picture show: its ground, where the garment stands, what should not be there.

All is measured on 8-bit sRGB, for channels speak of "255 white" in it; sRGB of 8 bit is looked at as it is.
"""

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine import colour
from studio.engine.raster import Raster

NOISE = 0.0005
"""The share of the rim that may differ from the ground: what JPEG leaves around a garment that stands close to it."""

LOSS = 3
"""Levels that a plain colour may be off: of 60, JPEG left them off by 1, AVIF by 2, WebP by 3. White stays white."""

_WHITE = (255, 255, 255)
_RIM = 0.02
_EDGE = 0.005
_OFF = 3
_SOLID = 20
_NEAR_PX = 20
_SPECK_PX = 6
_PART = 0.05
_RAMP = 0.0003
_PATCH = 0.0002
_Mask = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was measured. ground: RGB, the commonest colour of the rim (the outer 2 % of each side).

    off_ground: the share of the rim that is not that colour; off_white_share: that is not white and yet near to it;
    off_near_share: that is near to the ground and yet not it. On any ground but white, LOSS levels are no difference.
    fill: the garment's bounding box, its longer share of the frame, None = nothing stands out. specks: spots apart from
    the garment. stray_alpha: half-transparent pixels away from it.
    """

    ground: tuple[int, int, int]
    is_transparent: bool
    off_ground: float
    off_white_share: float
    off_near_share: float
    fill: float | None
    specks: int
    stray_alpha: int
    has_shadow: bool
    shadow_at_edge: bool
    garment_at_edge: bool


def look(raster: Raster) -> Look:
    """Measure a picture."""
    pixels = colour.to_srgb8(raster)
    if raster.alpha is not None and int(raster.alpha.min()) < np.iinfo(raster.alpha.dtype).max:
        alpha = colour.as_depth(raster.alpha, np.uint8)
        return _look_at(pixels, cast(_Mask, alpha), _WHITE, is_transparent=True, alpha=cast(_Mask, alpha))
    ground = _ground(pixels)
    apart = _distance(pixels, ground)
    if ground != _WHITE:
        apart[apart <= LOSS] = 0
    return _look_at(pixels, apart, ground, is_transparent=False, alpha=None)


def _look_at(
    pixels: _Mask, apart: _Mask, ground: tuple[int, int, int], *, is_transparent: bool, alpha: _Mask | None
) -> Look:
    """apart: how far each pixel (H, W) is from the ground, 0..255."""
    main, specks = _parts(apart)
    ramp = _ramp(apart)
    edge = _frame(apart.shape, _EDGE)
    rim = _frame(apart.shape, _RIM)
    to_white = _distance(pixels, _WHITE)
    at_edge = (apart > _OFF) & edge
    return Look(
        ground=ground,
        is_transparent=is_transparent,
        off_ground=_share(apart > 0, rim),
        off_white_share=0.0 if is_transparent else _share((to_white > 0) & (to_white <= _SOLID), rim),
        off_near_share=_share((apart > 0) & (apart <= _SOLID), rim),
        fill=_fill(apart, main),
        specks=specks,
        stray_alpha=0 if alpha is None else _stray(alpha),
        has_shadow=float(np.count_nonzero(ramp)) > _RAMP * ramp.size,
        shadow_at_edge=bool(np.any(at_edge & (ramp | _is_soft(apart)))),
        garment_at_edge=bool(np.any((apart > _SOLID) & edge & ~_is_soft(apart))),
    )


def _ground(pixels: _Mask) -> tuple[int, int, int]:
    rim = pixels[_frame(pixels.shape[:2], _RIM)].astype(np.uint32)
    values, counts = np.unique(rim[:, 0] << 16 | rim[:, 1] << 8 | rim[:, 2], return_counts=True)
    commonest = int(values[int(np.argmax(counts))])
    return commonest >> 16, commonest >> 8 & 255, commonest & 255


def _distance(pixels: _Mask, colour_rgb: tuple[int, int, int]) -> _Mask:
    """The largest difference of a channel, (H, W)."""
    apart = cv2.absdiff(pixels, cast(Any, (*colour_rgb, 0)))
    red, green, blue = cv2.split(apart)
    return cast(_Mask, cv2.max(cv2.max(red, green), blue))


def _frame(shape: tuple[int, ...], share: float) -> NDArray[np.bool_]:
    """The outer part of a picture, as a mask; at least two pixels wide."""
    height, width = shape[:2]
    across, down = max(2, round(width * share)), max(2, round(height * share))
    outer = np.ones((height, width), np.bool_)
    outer[down : height - down, across : width - across] = False
    return outer


def _share(hits: NDArray[np.bool_], within: NDArray[np.bool_]) -> float:
    return float(np.count_nonzero(hits & within)) / max(1, int(np.count_nonzero(within)))


def _parts(apart: _Mask) -> tuple[NDArray[np.bool_], int]:
    """Where the garment stands, and how many spots lie apart from it; a part as large as a sleeve belongs to it."""
    near = cv2.dilate((apart > 0).astype(np.uint8), np.ones((_NEAR_PX + 1, _NEAR_PX + 1), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(near, connectivity=8, ltype=cv2.CV_32S)
    own = np.where(apart > 0, labels, 0)
    areas = np.bincount(own.reshape(-1), minlength=count)
    areas[0] = 0
    is_main = areas >= max(1.0, _PART * float(areas.max(initial=0)))
    steps = cast(_Mask, cv2.morphologyEx(apart, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
    apart_ones = np.flatnonzero((areas >= _SPECK_PX) & ~is_main).tolist()
    specks = sum(_is_speck(own, apart, steps, part, boxes[part].tolist()) for part in apart_ones)
    return is_main[own] & (apart > _OFF), specks


def _is_speck(own: NDArray[Any], apart: _Mask, steps: _Mask, part: int, box: list[int]) -> bool:
    """Whether a part has an edge, or is a flat patch: a shadow fades, and JPEG leaves single levels somewhere.

    box: left, top, width, height.
    """
    left, top, width, height = box[:4]
    window = slice(top, top + height), slice(left, left + width)
    within = own[window] == part
    step, most = int(steps[window][within].max()), int(apart[window][within].max())
    is_patch = step >= most and int(np.count_nonzero(within)) > _PATCH * apart.size
    return step >= 3 or is_patch


def _fill(apart: _Mask, main: NDArray[np.bool_]) -> float | None:
    """The longer share of the frame that what is solid takes; of a garment near to the ground, all that differs."""
    solid = main & (apart > _SOLID)
    garment = solid if np.count_nonzero(solid) > 0.5 * np.count_nonzero(main) else main
    rows, columns = np.flatnonzero(garment.any(axis=1)), np.flatnonzero(garment.any(axis=0))
    if not rows.size:
        return None
    height, width = apart.shape
    return max((int(rows[-1] - rows[0]) + 1) / height, (int(columns[-1] - columns[0]) + 1) / width)


def _ramp(apart: _Mask) -> NDArray[np.bool_]:
    """Where a picture fades slowly into its ground: what differs a little and lies far from all that differs much."""
    solid = cv2.dilate((apart > _SOLID).astype(np.uint8), np.ones((25, 25), np.uint8))
    return (apart > _OFF) & (solid == 0)


def _is_soft(apart: _Mask) -> NDArray[np.bool_]:
    """Where the picture hardly changes from one pixel to the next and is no darker than a shadow."""
    steps = cv2.morphologyEx(apart, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
    return (apart > _OFF) & (apart < 120) & (cast(Any, steps) < 12)


def _stray(alpha: _Mask) -> int:
    """Half-transparent pixels farther from the solid garment than its edge is soft."""
    solid = (alpha == 255).astype(np.uint8)
    near = cv2.dilate(solid, np.ones((2 * _NEAR_PX + 1, 2 * _NEAR_PX + 1), np.uint8))
    return int(np.count_nonzero((alpha > 0) & (alpha < 255) & (near == 0)))
