"""The openings of a garment: each connected part of the `inner` mask, cut out of the frame with its surroundings."""

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.raster import Pixels
from studio.engine.stage import Mask

OVERVIEW_PX = 1024
WORKING_PX = 512
SMALLEST = 12e-6
"""Openings under this share of the frame are left out: they are rims of a mask, a few pixels wide."""

SHOWN = 100
"""Coverage 0..255 of `inner` from which an opening shows."""
SOLID = 200
"""Coverage that every opening reaches somewhere; what stays fainter is a doubtful guess, and would show as a fleck."""

NECK_HEIGHT = 0.3
"""Share of the garment's height, from the top, in which an opening is a neck."""
ROUNDED = 0.004
"""How much corners of an outline are rounded, as a share of the garment's width."""
NEAR = 0.01
LEAST_CONTACT = 0.35
"""Reach of an opening's surroundings as a share of the frame's longer side, and the share of them that must be
garment."""

Box = tuple[int, int, int, int]
Field = NDArray[np.floating[Any]]  # float32 wherever a picture is meant


@dataclass(frozen=True, kw_only=True)
class Opening:
    """One opening at working resolution: a crop of the frame, scaled down so that its longer side has WORKING_PX at
    most.

    box: y0, y1, x0, x1 of the crop in the frame. scale: working pixels per pixel of the frame, at most 1. hole: (h,
    w) bool, where the inside is to be shown. garment: (h, w) bool, the visible garment. size: the garment's width in
    working pixels, the yardstick for everything that scales with the garment. is_neck: near the upper end of the
    garment.
    """

    box: Box
    scale: float
    hole: NDArray[np.bool_]
    garment: NDArray[np.bool_]
    size: float
    is_neck: bool

    def distances(self) -> tuple[Field, Field]:
        """Distance in working pixels to the rim at the back (what lies outside), and to the garment in front.

        An opening that touches no outside has its back rim along the crop's top row.
        """
        outside = ~(self.hole | self.garment)
        if not (cv2.dilate(self.hole.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & outside).any():
            rows = np.arange(self.hole.shape[0], dtype=np.float32)[:, None] - np.argmax(self.hole.any(1))
            return np.maximum(np.broadcast_to(rows, self.hole.shape), 1).astype(np.float32), _distance_to(self.garment)
        return _distance_to(outside), _distance_to(self.garment)

    def outline(self) -> Field:
        """The outline as it was found, as signed distance in working pixels (h, w), positive inside; garment counts as
        inside."""
        return signed_distance(self.hole | self.garment, ROUNDED * self.size)

    def look(self, photo: Pixels) -> Field:
        """The crop of the photo at working resolution, (h, w, 3), encoded 0..1."""
        return self.shrunk(photo).astype(np.float32) / np.float32(np.iinfo(photo.dtype).max)

    def shrunk(self, picture: Pixels) -> Pixels:
        """The crop of a picture or mask of the frame at working resolution, areas averaged."""
        y0, y1, x0, x1 = self.box
        size = (self.hole.shape[1], self.hole.shape[0])
        return cast(Pixels, cv2.resize(picture[y0:y1, x0:x1], size, interpolation=cv2.INTER_AREA))

    def tight_box(self, margin: int, shape: tuple[int, ...]) -> Box:
        """The bounding box of the hole in a frame of `shape`, with `margin` pixels of the frame to spare on every
        side."""
        rows, columns = np.flatnonzero(self.hole.any(1)), np.flatnonzero(self.hole.any(0))
        top, left = self.box[0], self.box[2]
        return (
            max(0, top + int(rows[0] / self.scale) - margin),
            min(shape[0], top + int((rows[-1] + 1) / self.scale) + margin),
            max(0, left + int(columns[0] / self.scale) - margin),
            min(shape[1], left + int((columns[-1] + 1) / self.scale) + margin),
        )

    def enlarged(self, field: Field, box: Box) -> Field:
        """A field at working resolution, brought to the frame's resolution inside `box` of the frame."""
        shift = [
            self.scale * (box[at] - self.box[at] + 0.5) - 0.5
            for at in (2, 0)  # across, down
        ]
        matrix = np.array([[self.scale, 0, shift[0]], [0, self.scale, shift[1]]])
        size = (box[3] - box[2], box[1] - box[0])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cast(Field, cv2.warpAffine(field, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))

    def hole_in(self, box: Box) -> NDArray[np.bool_]:
        """The hole at the frame's resolution inside `box` of the frame."""
        return self.enlarged(self.hole.astype(np.float32), box) > 0.5


@dataclass(frozen=True, kw_only=True)
class Patch:
    """Pixels for one opening: their box in the frame, and the pixels (h, w, 3) in the photo's profile and bit depth."""

    box: Box
    pixels: Pixels


def signed_distance(region: NDArray[np.bool_], sigma: float) -> Field:
    """Distance to the edge of `region` in pixels, positive inside, its corners rounded by a Gaussian of `sigma`."""
    mask = region.astype(np.uint8)
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 5) - cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5)
    farthest = sum(region.shape)  # without an edge in the crop the distance has no bound
    bounded = np.clip(distance, -farthest, farthest).astype(np.float32)
    return cast(Field, cv2.GaussianBlur(bounded, (0, 0), max(0.8, sigma)))


def without_strays(garment: Mask, inner: Mask) -> Mask:
    """`inner` without the pieces that hardly touch the garment: nothing of it can show there."""
    scale = min(1.0, OVERVIEW_PX / max(inner.shape))
    fabric = _shrunk(garment, scale) > 127
    count, labels = cv2.connectedComponents((_shrunk(inner, scale) > 20).astype(np.uint8), connectivity=8)
    return _without(inner, labels, [k for k in range(1, count) if _contact(labels == k, fabric) < LEAST_CONTACT])


def without_flecks(inner: Mask) -> Mask:
    """`inner` without the pieces that are nowhere solid: faint guesses, and rests of those drawn anew."""
    small = _shrunk(inner, min(1.0, OVERVIEW_PX / max(inner.shape)))
    count, labels = cv2.connectedComponents((small > 4).astype(np.uint8), connectivity=8)
    solid = np.unique(labels[small > SOLID])
    return _without(inner, labels, [k for k in range(1, count) if k not in solid])


def _without(inner: Mask, labels: NDArray[Any], chosen: list[int]) -> Mask:
    """`inner` without the `chosen` pieces of its overview."""
    if not chosen:
        return inner
    there = cv2.dilate(np.isin(labels, chosen).astype(np.uint8), np.ones((3, 3), np.uint8))
    size = (inner.shape[1], inner.shape[0])
    return np.where(cv2.resize(there, size, interpolation=cv2.INTER_NEAREST) > 0, np.uint8(0), inner)


def _contact(part: NDArray[np.bool_], fabric: NDArray[np.bool_]) -> float:
    """The share of the pixels around a part that are garment."""
    reach = 2 * max(2, round(NEAR * max(part.shape))) + 1
    around = (cv2.dilate(part.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0) & ~part
    return np.count_nonzero(around & fabric) / max(1, np.count_nonzero(around))


def find_openings(garment: Mask, inner: Mask) -> list[Opening]:
    """Every opening in `inner`, largest first; `garment` and `inner` are masks 0..255 of the whole frame."""
    scale = min(1.0, OVERVIEW_PX / max(inner.shape))
    small = _shrunk(inner, scale)
    extent = _extent(_shrunk(garment, scale) > 127)
    count, labels, stats, centroids = cv2.connectedComponentsWithStats((small > SHOWN).astype(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    chosen = [label for label in range(1, count) if areas[label] >= max(6, SMALLEST * small.size)]
    openings: list[Opening] = []
    for label in sorted(chosen, key=lambda each: -int(areas[each])):
        part = cast(NDArray[np.bool_], labels == label)
        height = (centroids[label][1] - extent[0]) / max(1, extent[1] - extent[0])
        box = _box_of(stats[label], scale, (extent[3] - extent[2]) / scale, inner.shape)
        openings.append(_opening(garment, inner, box, (extent[3] - extent[2]) / scale, bool(height < NECK_HEIGHT)))
        _keep_part(openings[-1], part, scale)
    return [opening for opening in openings if opening.hole.any()]


def _box_of(stats: NDArray[np.int32], overview: float, width: float, shape: tuple[int, ...]) -> Box:
    """A part's bounding box in the frame with its surroundings; width: the garment's, in pixels of the frame."""
    left, top, w, h = (int(value / overview) for value in stats[:4])
    pad = round(0.25 * max(w, h) + 0.06 * width) + 4
    return max(0, top - pad), min(shape[0], top + h + pad), max(0, left - pad), min(shape[1], left + w + pad)


def _opening(garment: Mask, inner: Mask, box: Box, width: float, is_neck: bool) -> Opening:
    scale = min(1.0, WORKING_PX / max(box[1] - box[0], box[3] - box[2]))
    hole = _shrunk(inner[box[0] : box[1], box[2] : box[3]], scale) > 127
    fabric = _shrunk(garment[box[0] : box[1], box[2] : box[3]], scale) > 127
    return Opening(box=box, scale=scale, hole=hole, garment=fabric & ~hole, size=width * scale, is_neck=is_neck)


def _keep_part(opening: Opening, part: NDArray[np.bool_], overview: float) -> None:
    """Take out of the hole what belongs to another opening that reaches into the same crop."""
    y0, y1, x0, x1 = (int(value * overview) for value in opening.box)
    grown = cv2.dilate(part[y0 : y1 + 1, x0 : x1 + 1].astype(np.uint8), np.ones((5, 5), np.uint8))
    size = (opening.hole.shape[1], opening.hole.shape[0])
    opening.hole[cv2.resize(grown, size, interpolation=cv2.INTER_NEAREST) == 0] = False


def _extent(mask: NDArray[np.bool_]) -> Box:
    """First and last row, first and last column of a mask; zeros if it is empty."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not rows.size:
        return (0, 0, 0, 0)
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def scaled_down(picture: Pixels, size: tuple[int, int]) -> Pixels:
    """A picture or mask at `size` (width, height), for an overview.

    Of a large one only two by two pixels for each pixel of the overview are averaged: many times faster, and as good.
    """
    double = 2 * size[0], 2 * size[1]
    if double[0] < picture.shape[1] and double[1] < picture.shape[0]:
        picture = cast(Pixels, cv2.resize(picture, double, interpolation=cv2.INTER_NEAREST_EXACT))
    return cast(Pixels, cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def _shrunk(mask: Mask, scale: float) -> Mask:
    if scale >= 1:
        return mask
    return cast(Mask, scaled_down(mask, (max(1, round(mask.shape[1] * scale)), max(1, round(mask.shape[0] * scale)))))


def _distance_to(target: NDArray[np.bool_]) -> Field:
    return cast(Field, cv2.distanceTransform((~target).astype(np.uint8), cv2.DIST_L2, 5))
