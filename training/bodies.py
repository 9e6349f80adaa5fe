"""Mannequins of other builds and finishes than the renders have: short or narrow necks, chrome and lacquer.

The renders' necks fill the neckline, so that a network took whatever cloth stands behind a neck (the band at the back,
the inside of a hood) for mannequin; their skins are matt, so that it took the bright and dark bands on chrome for
cloth.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.picture import Image, Mask, Rng, Sample, blend, small_blur, studio_colour

_LEAST = 150  # pixels of an opening from which it can be looked into
_UPPER = 0.45  # share of the garment's height in which a neck stands


def with_short_neck(sample: Sample, rng: Rng) -> Sample:
    """The neck cut off lower or made narrower, so that a part of the garment's inside is seen in the photograph: it is
    garment. What stands above the garment's back goes with it; another backdrop has to be laid behind."""
    neck = _neck_opening(sample)
    if neck is None:
        return sample
    rows, columns = np.nonzero(neck)
    top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    y, x = np.mgrid[0 : neck.shape[0], 0 : neck.shape[1]].astype(np.float32)
    middle = (left + right) / 2 + rng.normal(0, 0.03) * (right - left)
    half = (right - left) / 2 * float(rng.uniform(0.45, 1.1) if rng.random() < 0.6 else 1.1)
    level = top + (bottom - top) * float(rng.uniform(-0.1, 0.9) if rng.random() < 0.7 else -9)
    lid = half * float(rng.uniform(0.1, 0.35))
    round_lid = np.sqrt(np.clip(1 - ((x - middle) / half) ** 2, 0, 1)) * lid
    stays = (np.abs(x - middle) < half) & (y > level - round_lid)
    column = (x > left - 0.1 * (right - left)) & (x < right + 0.1 * (right - left)) & (y < bottom + 1)
    goes = small_blur((column & ~stays).astype(np.float32), 0.6) * sample.mannequin
    shown = np.minimum(sample.inner, goes)
    mannequin = np.clip(sample.mannequin - goes, 0, 1)
    behind = sample.ghost * _shade_of_neck(stays, half, rng)[..., None]
    photo = blend(sample.photo, np.clip(_labelled(behind, shown, rng), 0, 1), shown)
    on_lid = stays & (y < level + round_lid) & (level > 0)
    cap = np.broadcast_to(studio_colour(rng) * np.float32(rng.uniform(0.7, 1.1)), photo.shape)
    return replace(
        sample,
        photo=blend(photo, np.clip(cap, 0, 1), on_lid * mannequin * float(rng.random() < 0.7)),
        garment=np.clip(sample.garment + shown, 0, 1),
        mannequin=mannequin,
        inner=np.minimum(np.clip(sample.inner - shown, 0, 1), mannequin),
    )


def with_chrome(sample: Sample, rng: Rng) -> Sample:
    """A mannequin of chrome or lacquer: it mirrors a room instead of having a colour of its own."""
    if float(sample.mannequin.sum()) < _LEAST:
        return sample
    normal = normals(sample.mannequin, sample.mannequin.shape[0] * float(rng.uniform(0.02, 0.08)))
    room = rng.standard_normal((int(rng.integers(3, 9)), int(rng.integers(3, 9)), 1)) * rng.uniform(0.15, 0.5)
    room = cv2.resize(room.astype(np.float32), (64, 64), interpolation=cv2.INTER_CUBIC)[..., None]
    room = np.clip(rng.uniform(0.15, 0.7) + room + rng.normal(0, 0.02, 3), 0, 1).astype(np.float32)
    at = (normal[..., :2] * 0.5 + 0.5) * 63
    mirrored = cv2.remap(room, at[..., 0], at[..., 1], cv2.INTER_LINEAR)
    gloss = np.float32(rng.uniform(0.4, 1.0))
    look = np.clip(sample.photo * (1 - gloss) + mirrored * gloss, 0, 1).astype(np.float32)
    return replace(sample, photo=blend(sample.photo, look, sample.mannequin))


def normals(cover: Mask, radius: float) -> NDArray[np.float32]:
    """Unit normals (H, W, 3) of a rounded body that fills `cover`; radius: how far its edge is round, in pixels."""
    depth = cv2.distanceTransform((cover > 0.5).astype(np.uint8), cv2.DIST_L2, 5) / max(1.0, radius)
    height = np.sqrt(np.clip(1 - (1 - np.clip(depth, 0, 1)) ** 2, 0, 1)).astype(np.float32)
    height = small_blur(height, max(0.6, radius / 4))
    slope = np.stack([cv2.Sobel(height, cv2.CV_32F, *axes, ksize=3) for axes in ((1, 0), (0, 1))], -1) * radius / 8
    normal = np.concatenate([-slope, np.ones_like(slope[..., :1])], -1)
    return (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32)


def _neck_opening(sample: Sample) -> NDArray[np.bool_] | None:
    """The largest opening at the top of a garment whose true inside is known."""
    rows = np.flatnonzero((sample.garment > 0.5).any(1))
    if not sample.has_ghost or len(rows) < 20:
        return None
    _, labels, stats, middles = cv2.connectedComponentsWithStats((sample.inner > 0.5).astype(np.uint8))
    limit = rows[0] + _UPPER * (rows[-1] - rows[0])
    areas = [
        int(stats[label, cv2.CC_STAT_AREA]) if label and middles[label][1] < limit else 0 for label in range(len(stats))
    ]
    largest = int(np.argmax(areas))
    return labels == largest if areas[largest] >= _LEAST else None


def _shade_of_neck(stays: NDArray[np.bool_], half: float, rng: Rng) -> Mask:
    """How much light (0..1) the neck leaves to the cloth around it."""
    near = small_blur(stays.astype(np.float32), max(1.0, half * float(rng.uniform(0.1, 0.5))))
    return (1 - float(rng.uniform(0, 0.5)) * near).astype(np.float32)


def _labelled(inside: Image, shown: Mask, rng: Rng) -> Image:
    """The inside with a maker's label at the back, now and then."""
    rows, columns = np.nonzero(shown > 0.5)
    if len(rows) < 40 or rng.random() < 0.5:
        return inside
    width = (columns.max() - columns.min()) * float(rng.uniform(0.1, 0.3))
    height = width * float(rng.uniform(0.3, 0.9))
    x, y = (columns.min() + columns.max() - width) / 2, rows.min() + float(rng.uniform(0, 1.2)) * height
    corners = np.rint([(x, y), (x + width, y), (x + width, y + height), (x, y + height)]).astype(np.int32)
    label = cv2.fillPoly(np.zeros_like(shown), [corners], 1.0, cv2.LINE_AA)
    colour = studio_colour(rng) if rng.random() < 0.7 else rng.uniform(0, 1, 3).astype(np.float32)
    return blend(inside, np.broadcast_to(colour, inside.shape), label)
