"""One scale, one line, one horizon and, if asked for, one light for all garments of a kind in a shoot.

Measured on every photo before the work, coarsely; what follows is a number or two in the recipe of each job, so that a
deliverable stays one recorded transform of its master. The master itself is never levelled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from studio.engine.colour import to_srgb8
from studio.engine.horizon import roll_of
from studio.engine.image import read_photo
from studio.engine.raster import Pixels
from studio.engine.starter.arrays import Bytes, Flags, Floats, shrunk
from studio.engine.starter.network import BACKGROUND, GARMENT, INNER, Eyes, Network
from studio.model import Align, ComposeStep, LevelStep

_SIDE = 1024
_SURE = 0.95
_LEAST_BACKDROP = 0.02  # share of the picture
_WIDE, _LONG = 0.8, 1.45  # height over width: below it trousers laid across and capes, above it dresses and coats
_MOST_GAIN = 1.5
_LEAST_TURN = 0.3  # degrees; hardly anybody sees less, and every turn costs a little sharpness
_OWN_ROLL = 0.8  # degrees from the shoot's median; nearer, it is rather the garment that hangs a little askew


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What levelling knows of a photo. width, height: of the photo. left, top, wide, high: the garment's box, in pixels
    of the photo. backdrop: (red, green, blue) in light linear by the sRGB curve, 0..1; None = too little of it is seen.
    roll: degrees clockwise that would set the garment upright, None = unknown. outline: corners of its hull (x, y).
    """

    width: int
    height: int
    left: float
    top: float
    wide: float
    high: float
    backdrop: tuple[float, float, float] | None
    roll: float | None = None
    outline: tuple[tuple[float, float], ...] = ()

    def turned(self, degrees: float) -> "Measured":
        """The same, the photo turned clockwise about its middle."""
        if not degrees or not self.outline:
            return self
        angle = np.radians(degrees)
        x, y = np.array(self.outline).T - np.array([[self.width / 2], [self.height / 2]])
        across, down = x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)
        return replace(self, wide=float(np.ptp(across)), high=float(np.ptp(down)))

    @property
    def kind(self) -> str:
        """Garments of one kind have about the same proportions."""
        ratio = self.high / self.wide
        return "wide" if ratio < _WIDE else "long" if ratio > _LONG else "usual"


def measure(photo: Path, eyes: Eyes | None = None) -> Measured | None:
    """Measure one photo; None = it shows no garment. Raises PhotoError or EngineError."""
    raster = read_photo(photo)
    height, width = raster.pixels.shape[:2]
    scale = min(1.0, _SIDE / max(width, height))
    picture = to_srgb8(raster, (max(1, round(width * scale)), max(1, round(height * scale))))
    classes = (eyes or Network()).look(picture).classes
    shown = classes[GARMENT] + classes[INNER]
    solid = shown > 0.5
    if not solid.any():
        return None
    across, down = (np.flatnonzero(solid.any(axis=axis)) for axis in (0, 1))
    x, y = width / solid.shape[1], height / solid.shape[0]
    return Measured(
        width=width,
        height=height,
        left=float(across[0] * x),
        top=float(down[0] * y),
        wide=float((across[-1] - across[0] + 1) * x),
        high=float((down[-1] - down[0] + 1) * y),
        backdrop=_backdrop(picture, classes[BACKGROUND] > _SURE),
        roll=roll_of(shown),
        outline=_hull(solid, x, y),
    )


def levels(measured: Sequence[Measured | None], step: ComposeStep, *, place: bool, light: bool) -> list[LevelStep]:
    """How each photo of a shoot is levelled, in their order.

    place: the photos are turned upright, garments of a kind get the scale of the one that needs the smallest, and their
    upper edges (their lower ones where the recipe aligns at the bottom) lie on one line. Scale and line only where the
    recipe gives a size or a fill: otherwise the garment keeps its place in the photo. light: the backdrop of each gets
    the light of the shoot's median backdrop.
    """
    gains = (
        _gains([each.backdrop if each else None for each in measured]) if light else [(1.0, 1.0, 1.0)] * len(measured)
    )
    turns = _turns([each.roll if each else None for each in measured]) if place else [0.0] * len(measured)
    upright = [each.turned(turn) if each else None for each, turn in zip(measured, turns, strict=True)]
    places = _places(upright, step) if place and (step.size or step.fill) else [(None, None)] * len(measured)
    return [
        LevelStep(scale=scale, line=line, turn=turn if each else 0.0, red=red, green=green, blue=blue)
        for each, (scale, line), turn, (red, green, blue) in zip(measured, places, turns, gains, strict=True)
    ]


def lit(pixels: Pixels, level: LevelStep) -> Pixels:
    """(H, W, 3) encoded colours in another light: each channel's light, linear by the sRGB curve, times its gain.

    uint8 or uint16, dtype kept; what would be brighter than white is white.
    """
    most = np.iinfo(pixels.dtype).max
    light = _linear(np.arange(most + 1, dtype=np.float64) / most)
    gains = (level.red, level.green, level.blue)
    tables = [np.rint(_encoded((light * gain).clip(0, 1)) * most).astype(pixels.dtype) for gain in gains]
    return np.stack([table[pixels[..., channel]] for channel, table in enumerate(tables)], axis=2)


def sentence(level: LevelStep) -> str:
    """What was done to the light, for the report."""
    return (
        f"the light was levelled over the shoot: red x {level.red:.4f}, green x {level.green:.4f}, blue x "
        f"{level.blue:.4f} in light linear by the sRGB curve (asked for; the master is as it was photographed)"
    )


def _backdrop(picture: Bytes, seen: Flags) -> tuple[float, float, float] | None:
    if np.count_nonzero(seen) < _LEAST_BACKDROP * seen.size:
        return None
    colours = shrunk(picture, (seen.shape[1], seen.shape[0]))[seen]
    red, green, blue = _linear(np.median(colours, axis=0) / 255)
    return float(red), float(green), float(blue)


def _hull(solid: Flags, x: float, y: float) -> tuple[tuple[float, float], ...]:
    """Corners of the convex hull of `solid`, in pixels of the photo; x, y: photo pixels per pixel of it."""
    points = cv2.findNonZero(solid.astype(np.uint8))
    corners = cast(Floats, cv2.convexHull(points)).reshape(-1, 2) + 0.5
    return tuple((float(across * x), float(down * y)) for across, down in corners)


def _turns(rolls: Sequence[float | None]) -> list[float]:
    """By how much each photo is turned: as its shoot, whose camera stood still, unless it is clearly rolled itself."""
    known = [roll for roll in rolls if roll is not None]
    usual = float(np.median(known)) if known else 0.0
    turns = [usual if roll is None or abs(roll - usual) < _OWN_ROLL else roll for roll in rolls]
    return [round(turn, 2) if abs(turn) >= _LEAST_TURN else 0.0 for turn in turns]


def _gains(backdrops: Sequence[tuple[float, float, float] | None]) -> list[tuple[float, float, float]]:
    known = [backdrop for backdrop in backdrops if backdrop]
    usual = np.median(np.array(known), axis=0) if known else np.ones(3)
    found: list[tuple[float, float, float]] = []
    for backdrop in backdrops:
        own = np.array(backdrop) if backdrop else usual
        red, green, blue = (usual / np.maximum(own, 1e-4)).clip(1 / _MOST_GAIN, _MOST_GAIN)
        found.append((round(float(red), 4), round(float(green), 4), round(float(blue), 4)))
    return found


def _places(measured: Sequence[Measured | None], step: ComposeStep) -> list[tuple[float | None, float | None]]:
    kinds = {each.kind for each in measured if each}
    shared = {kind: _shared([each for each in measured if each and each.kind == kind], step) for kind in kinds}
    found: list[tuple[float | None, float | None]] = []
    for each in measured:
        scale, line = shared[each.kind] if each else (None, None)
        found.append((None if scale is None or each is None else scale / max(each.width, each.height), line))
    return found


def _shared(kind: Sequence[Measured], step: ComposeStep) -> tuple[float, float]:
    """The scale of a kind, in deliverable pixels for the photo's longer side, and its line as a share of the frame."""
    scale = min(_own_scale(each, step) * max(each.width, each.height) for each in kind)
    shares = [_high_share(each, step, scale / max(each.width, each.height)) for each in kind]
    tallest = min(1.0, max(shares))
    widest = min(1.0, max(each.wide * scale / max(each.width, each.height) / _frame(each, step)[0] for each in kind))
    free, side = 1 - tallest, (1 - widest) / 2
    margin = free / 2 if step.align is Align.CENTER else min(side, free / 2)
    return scale, 1 - margin if step.align is Align.BOTTOM else margin


def _own_scale(each: Measured, step: ComposeStep) -> float:
    wide, high = _frame(each, step)
    if step.fill is None:
        return min(wide / each.width, high / each.height)
    return step.fill * min(wide / each.wide, high / each.high)


def _high_share(each: Measured, step: ComposeStep, scale: float) -> float:
    return each.high * scale / _frame(each, step)[1]


def _frame(each: Measured, step: ComposeStep) -> tuple[int, int]:
    return step.size or (each.width, each.height)


def _linear(encoded: Floats) -> Floats:
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def _encoded(linear: Floats) -> Floats:
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
