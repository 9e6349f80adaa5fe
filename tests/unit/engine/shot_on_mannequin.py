"""A drawn shot: a shirt on a mannequin before a backdrop, with exact masks, and eyes that see it blurred."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.raster import Raster
from studio.engine.stage import Frame, StageContext
from studio.engine.starter.network import Sight
from studio.model import ModelUsed, Recipe, Shot

Masks = dict[str, NDArray[np.float32]]
COLOURS = {"background": (226, 228, 230), "mannequin": (150, 120, 100), "garment": (60, 90, 160)}
_DRAWN = 4  # subpixels a side


def draw(width: int, height: int, shift: tuple[float, float] = (0, 0)) -> Masks:
    """Coverage 0..1 of background, mannequin, garment and inner; they add up to 1."""

    def polygon(*points: tuple[float, float]) -> NDArray[np.float32]:
        canvas = np.zeros((height * _DRAWN, width * _DRAWN), np.uint8)
        at = [[(x + shift[0]) * width * _DRAWN, (y + shift[1]) * height * _DRAWN] for x, y in points]
        cv2.fillPoly(canvas, [np.int32(at)], 255)
        return cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255

    body = np.maximum(
        polygon((0.44, 0.05), (0.56, 0.05), (0.58, 0.3), (0.42, 0.3)),
        polygon((0.36, 0.6), (0.64, 0.6), (0.63, 0.95), (0.37, 0.95)),
    )
    shirt = polygon((0.38, 0.2), (0.62, 0.2), (0.8, 0.34), (0.72, 0.42), (0.66, 0.36), (0.66, 0.75), (0.34, 0.75),
                    (0.34, 0.36), (0.28, 0.42), (0.2, 0.34))  # fmt: skip
    opening = polygon((0.43, 0.2), (0.57, 0.2), (0.5, 0.28))
    garment = shirt * (1 - opening)
    inner = np.minimum(opening, 1 - garment)
    mannequin = np.minimum(np.maximum(body, opening), 1 - garment)
    return {
        "background": 1 - garment - mannequin,
        "mannequin": mannequin - inner,
        "garment": garment,
        "inner": inner,
    }


def photograph(masks: Masks, depth: type[np.uint8 | np.uint16] = np.uint8, noise: float = 1.5) -> Raster:
    """What a camera would make of it, sRGB."""
    carried = masks["mannequin"] + masks["inner"]
    light = np.linspace(1.05, 0.9, carried.shape[0], dtype=np.float32)[:, None, None]
    pixels = sum(
        part[..., None] * np.float32(COLOURS[name]) * light
        for name, part in (("background", masks["background"]), ("mannequin", carried), ("garment", masks["garment"]))
    )
    grain = np.random.default_rng(1).normal(0, noise, pixels.shape)
    most = np.iinfo(depth).max
    return Raster(pixels=((pixels + grain) * (most / 255)).clip(0, most).astype(depth))


@dataclass
class BlurredEyes:
    """Eyes that know the truth, but only blurred and at their own size."""

    masks: Masks
    long_side: int = 384
    blur: float = 1.5
    clothed: float = 1.0

    def look(self, picture: NDArray[np.uint8]) -> Sight:
        height, width = picture.shape[:2]
        scale = self.long_side / max(height, width)
        size = round(width * scale), round(height * scale)
        parts = [self.masks[name] for name in ("background", "mannequin", "garment", "inner")]
        small = [cv2.resize(part, size, interpolation=cv2.INTER_AREA) for part in parts]
        classes = np.stack([cv2.GaussianBlur(part, (0, 0), self.blur) for part in small])
        classes /= classes.sum(axis=0)
        return Sight(classes=classes)

    def clothing(self, picture: NDArray[np.uint8]) -> float:
        return self.clothed

    def models(self) -> tuple[ModelUsed, ...]:
        return (ModelUsed(id="blurred-eyes", version="1", sha256="0" * 64),)


def frame_of(photo: Raster) -> Frame:
    return Frame(shot=Shot(front=Path("shirt.jpg")), photo=photo)


def context() -> StageContext:
    there = Path("out")
    return StageContext(recipe=Recipe(), seed=1, destination=there, review_destination=there)


def overlap(first: NDArray[np.uint8], second: NDArray[np.float32]) -> float:
    a, b = first > 127, second > 0.5
    return float((a & b).sum() / (a | b).sum())
