"""A training picture and the small tools that every change of it uses.

All pictures here are float32 RGB (H, W, 3), sRGB-encoded 0..1; coverages are float32 (H, W), 0..1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
Mask = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Rng = np.random.Generator


@dataclass(frozen=True, kw_only=True)
class Render:
    """One render as stored: uint8 RGB and coverages 0..255, (H, W, 3) each."""

    photo: Bytes
    masks: Bytes  # garment, mannequin, inner
    ghost: Bytes | None  # None: this look was rendered without its ghost


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A training picture. garment + mannequin <= 1, `inner` lies under `mannequin`; `ghost` is black where unknown."""

    photo: Image
    ghost: Image
    garment: Mask
    mannequin: Mask
    inner: Mask
    has_ghost: bool


@dataclass(frozen=True, kw_only=True)
class Library:
    """Pictures of real rooms and fabrics (CC0 photographs), any size."""

    photographs: Sequence[Image]


def blend(under: Image, over: Image, cover: Mask) -> Image:
    """`over` laid on `under` where `cover` says."""
    k = cover[..., None]
    return (under * (1 - k) + over * k).astype(np.float32)


def luminance(image: Image) -> Mask:
    """Encoded luma 0..1."""
    return image @ np.array([0.299, 0.587, 0.114], np.float32)


def mean_of(image: Image, weight: Mask) -> Image:
    """Weighted mean colour (3,)."""
    return ((image * weight[..., None]).sum((0, 1)) / weight.sum()).astype(np.float32)


def tinted(image: Image, where: Mask, colour: Image) -> Image:
    """`colour` (3,) or (H, W, 3) in the light that `image` has on what `where` covers."""
    light = luminance(image) / max(1e-3, float((luminance(image) * where).sum() / where.sum()))
    return np.clip(colour * np.clip(light, 0.3, 1.6)[..., None], 0, 1).astype(np.float32)


def small_blur(image: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Gaussian blur; a wide one runs on a smaller picture."""
    step = max(1, int(sigma / 3))
    h, w = image.shape[:2]
    small = cv2.resize(image, (max(2, w // step), max(2, h // step)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(sigma / step, 0.1))
    return cv2.resize(soft, (w, h), interpolation=cv2.INTER_LINEAR)


def coloured_noise(size: tuple[int, int], rng: Rng, scale: float) -> Image:
    """Blotches of about `scale` pixels around one colour."""
    h, w = size
    cells = (max(2, int(h / scale)), max(2, int(w / scale)))
    noise = rng.standard_normal((*cells, 3)).astype(np.float32)
    tied = noise[..., :1] * 0.7 + noise * 0.5
    grown = cv2.resize(tied, (w, h), interpolation=cv2.INTER_CUBIC)
    return (rng.uniform(0.1, 0.95, 3) + grown * rng.uniform(0.03, 0.25)).astype(np.float32)


def studio_colour(rng: Rng) -> Image:
    """A colour that sets are painted in: mostly white to grey, some dark, some tinted."""
    level = rng.choice([rng.uniform(0.85, 1.0), rng.uniform(0.4, 0.85), rng.uniform(0.02, 0.4)], p=[0.45, 0.35, 0.2])
    tint = rng.normal(0, 0.02 if rng.random() < 0.65 else 0.15, 3)
    return np.clip(level + tint, 0, 1).astype(np.float32)


def random_crop(image: Image, size: tuple[int, int], rng: Rng) -> Image:
    """A stretch of `size` (height, width), clipped to the picture."""
    h, w = (min(a, b) for a, b in zip(size, image.shape[:2], strict=True))
    y, x = int(rng.integers(image.shape[0] - h + 1)), int(rng.integers(image.shape[1] - w + 1))
    return image[y : y + h, x : x + w]


def mirrored(cut: Image) -> Image:
    """`cut` with its mirror images around it, so that it tiles."""
    row = np.concatenate([cut, cut[:, ::-1]], 1)
    return np.concatenate([row, row[::-1]], 0)


def resized(image: Image, size: tuple[int, int]) -> Image:
    """`image` at `size` (height, width)."""
    return cv2.resize(image, size[::-1], interpolation=cv2.INTER_LINEAR)
