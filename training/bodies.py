"""Mannequins of other builds and finishes than the renders have: short or narrow necks, plates, linen, chrome, lacquer.

The renders' necks fill the neckline, so that a network took whatever cloth stands behind a neck (the band at the back,
the inside of a hood) for mannequin, and what is left of a ghost mannequin's chest for cloth; their skins are matt and
smooth, so that it took the bright and dark bands on chrome and the weave of a dress form for cloth.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.picture import Image, Mask, Rng, Sample, blend, coloured_noise, small_blur, studio_colour, tinted

_LEAST = 150  # pixels of an opening from which it can be looked into
_UPPER = 0.45  # share of the garment's height in which a neck stands


def with_short_neck(sample: Sample, rng: Rng) -> Sample:
    """The neck cut off lower or made narrower, so that a part of the garment's inside is seen in the photograph: it is
    garment. What stands above the garment's back goes with it; another backdrop has to be laid behind."""
    neck = _neck_opening(sample) if sample.has_ghost else None
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


def with_plates(sample: Sample, rng: Rng) -> Sample:
    """A ghost mannequin: no neck, and of its chest two plates or little more than the shoulders, between which the
    garment's back is seen (it is garment) or, where it is open or cut low, what stands behind; another backdrop has to
    be laid there."""
    neck = _neck_opening(sample)
    if neck is None:
        return sample
    rows, columns = np.nonzero(neck)
    top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    y, x = np.mgrid[0 : neck.shape[0], 0 : neck.shape[1]].astype(np.float32)
    half = (right - left) / 2
    away = np.abs(x - (left + right) / 2 - rng.normal(0, 0.04) * half) / half
    up = (bottom - y) / max(1, bottom - top)
    narrow, wide = np.sort(rng.uniform(0.0, 0.95, 2))
    ends = float(rng.uniform(0.7, 1.1)) + away * float(rng.uniform(-0.1, 0.4))
    stays = (away > narrow + (wide - narrow) * np.clip(up, 0, 1)) & (up < ends)
    goes = small_blur(((away < 1.1) & (up > 0) & ~stays).astype(np.float32), 0.6) * sample.mannequin
    through = not sample.has_ghost or rng.random() < 0.6  # the set is seen, under a band of the back or none
    back = up > (float(rng.uniform(0.4, 1.5)) if through and sample.has_ghost else 2.0 if through else -1.0)
    shown = np.minimum(sample.inner, goes) * back
    behind = sample.ghost * _shade_of_neck(stays, half, rng)[..., None]
    mannequin = np.clip(sample.mannequin - goes, 0, 1)
    return replace(
        sample,
        photo=blend(sample.photo, np.clip(_labelled(behind, shown, rng), 0, 1), shown),
        garment=np.clip(sample.garment + shown, 0, 1),
        mannequin=mannequin,
        inner=np.minimum(sample.inner, mannequin) * (back | ~neck),
    )


def with_linen(sample: Sample, rng: Rng) -> Sample:
    """A dress form: the mannequin covered with woven cloth, undyed, grey or black, seamed and not quite clean."""
    if float(sample.mannequin.sum()) < _LEAST:
        return sample
    h, w = sample.mannequin.shape
    undyed = np.array([0.86, 0.80, 0.70]) * rng.uniform(0.75, 1.12) + rng.normal(0, 0.03, 3)
    colour = undyed if rng.random() < 0.7 else rng.uniform(0.05, 0.95) + rng.normal(0, 0.03, 3)
    stains = coloured_noise((h, w), rng, h * float(rng.uniform(0.05, 0.3)))
    cover = colour + (stains - stains.mean((0, 1))) * rng.uniform(0, 0.3)
    light = _weave((h, w), rng) * _seams(sample.mannequin, rng)
    look = tinted(sample.photo, sample.mannequin, np.clip(cover, 0.02, 0.98).astype(np.float32)) * light[..., None]
    return replace(sample, photo=blend(sample.photo, np.clip(look, 0, 1), sample.mannequin))


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
    """The largest opening at the top of the garment."""
    rows = np.flatnonzero((sample.garment > 0.5).any(1))
    if len(rows) < 20:
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


def _weave(size: tuple[int, int], rng: Rng) -> Mask:
    """Light (H, W) about 1 on crossing threads, each a little thicker or thinner than its neighbours in stretches."""
    h, w = size
    pitch = float(rng.uniform(1.0, 3.0))
    strength = float(rng.uniform(0.005, 0.04))
    runs = float(rng.uniform(4, 20)) * pitch
    down, across = max(2, int(h / pitch)), max(2, int(w / pitch))
    warp = rng.standard_normal((max(2, int(h / runs)), across)).astype(np.float32)
    weft = rng.standard_normal((down, max(2, int(w / runs)))).astype(np.float32)
    threads = cv2.resize(warp, (w, h)) + cv2.resize(weft, (w, h))
    return np.clip(1 + strength * threads, 0.5, 1.5).astype(np.float32)


def _seams(cover: Mask, rng: Rng) -> Mask:
    """Light (H, W) of up to three seams that run down the body `cover`."""
    h, w = cover.shape
    columns = np.flatnonzero((cover > 0.5).any(0))
    light = np.ones((h, w), np.float32)
    if not len(columns):
        return light
    down = np.arange(h, dtype=np.float32)[:, None] / h
    x = np.arange(w, dtype=np.float32)[None]
    for _ in range(int(rng.integers(0, 4))):
        middle = rng.uniform(columns[0], columns[-1]) + w * rng.normal(0, 0.05) * np.sin(6 * down + rng.uniform(0, 6))
        width = h * float(rng.uniform(0.0008, 0.003))
        away = (x - middle) / width
        light -= np.exp(-(away**2)) * np.float32(rng.uniform(0.03, 0.3))
        light += np.exp(-((np.abs(away) - 2) ** 2)) * np.float32(rng.uniform(0, 0.08))
    return np.clip(light, 0.4, 1.2).astype(np.float32)
