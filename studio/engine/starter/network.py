"""What the networks see in a picture, at their own working sizes: where the garment is, and whether there is any."""

import functools
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from studio.engine.starter.arrays import Bytes, Floats, scaled, shrunk
from studio.engine.starter.weights import as_input, card, session
from studio.model import ModelUsed

BACKGROUND, MANNEQUIN, GARMENT, INNER = range(4)

_COARSER = 0.75  # of the working size
_MARGIN = 0.1  # of the garment's longer side, on each side of it
_NEARER_SHARE = 0.7  # of the picture's longer side; a garment that takes more of it is seen well enough
_NEAREST_SHARE = 0.25  # likewise; nearer than that a speck would be looked at, in an enormous picture
_NEARER_SAY = 0.7
_CLOTHING_SIDE = 256  # pixels of the longer side; EfficientNet-lite0 was trained on crops of 224


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What the eyes made of a picture.

    classes: (4, h, w) float32, the probability of background, mannequin, garment, and inner (what appears when
    the mannequin goes, where it stands now); they add up to 1. confidence: the network's own estimate 0..1, None = it
    gives none.
    """

    classes: Floats
    confidence: float | None = None


class Eyes(Protocol):
    """Anything that tells garment from mannequin."""

    def look(self, picture: Bytes) -> Sight:
        """Look at `picture`, (H, W, 3) uint8 sRGB of any size. Raises EngineError."""
        ...

    def clothing(self, picture: Bytes) -> float:
        """How likely it is, 0..1, that `picture`, as above, shows clothing at all. Raises EngineError."""
        ...

    def models(self) -> tuple[ModelUsed, ...]:
        """The networks that took part."""
        ...


class Network:
    """The eyes of the starter engine: garment.onnx and clothing.onnx in resources/models."""

    def look(self, picture: Bytes) -> Sight:
        """Look at the picture and its mirror image at two sizes, and again from nearer where the garment is small."""
        model = _model()
        sight = _look_twice(model, picture)
        box = _box_of_interest(sight.classes[GARMENT], picture.shape[:2])
        return sight if box is None else _joined(sight, _look_twice(model, picture[box]), box, picture.shape[:2])

    def clothing(self, picture: Bytes) -> float:
        """What EfficientNet-lite0 (ImageNet) says of the picture: how much of it is worn, carried or cloth."""
        small = shrunk(picture, _working_size(picture, _CLOTHING_SIDE))
        return float(session("clothing").run(None, {"image": as_input(small)})[0][0])

    def models(self) -> tuple[ModelUsed, ...]:
        """Both networks as their cards name them."""
        return card("garment"), card("clothing")


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """The outputs of one run: classes (4, h, w), float32 0..1; confidence None = not given."""

    classes: Floats
    confidence: float | None


@dataclass(frozen=True, kw_only=True)
class _Model:
    """A loaded network. session: the onnxruntime session (untyped). long_side: pixels that it was trained for."""

    session: Any
    outputs: tuple[str, ...]
    long_side: int

    def infer(self, picture: Bytes) -> _Seen:
        """Run on `picture` (h, w, 3) sRGB."""
        height, width = picture.shape[:2]
        found = dict(zip(self.outputs, self.session.run(self.outputs, {"image": as_input(picture)}), strict=True))
        return _Seen(
            classes=found["classes"][0, :, :height, :width],
            confidence=float(found["confidence"].ravel()[0]) if "confidence" in found else None,
        )


def _look_twice(model: _Model, picture: Bytes) -> Sight:
    """The mean of two looks: the finer one tells ribs and straps, the coarser one what is what."""
    fine = _look_both_ways(model, picture, model.long_side)
    coarse = _look_both_ways(model, picture, round(_COARSER * model.long_side))
    size = fine.classes.shape[2], fine.classes.shape[1]
    other = np.stack([scaled(part, size) for part in coarse.classes])
    return Sight(classes=(fine.classes + other) / 2, confidence=fine.confidence)


def _look_both_ways(model: _Model, picture: Bytes, long_side: int) -> Sight:
    """The mean of what is seen in the picture and in its mirror image when the longer side has `long_side` pixels."""
    small = shrunk(picture, _working_size(picture, long_side))
    plain, mirrored = model.infer(small), model.infer(small[:, ::-1])
    other = mirrored.classes[..., ::-1]
    return Sight(
        classes=np.ascontiguousarray((plain.classes + other) / 2),
        confidence=plain.confidence,
    )


def _box_of_interest(garment: Floats, shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    """The part of a picture of `shape` in which the garment lies, with a margin; None if that is most of it."""
    rows, columns = (np.flatnonzero((garment > 0.5).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    scale = shape[0] / garment.shape[0], shape[1] / garment.shape[1]
    ends = [(seen[0] * factor, (seen[-1] + 1) * factor) for seen, factor in zip((rows, columns), scale, strict=True)]
    longest = max(high - low for low, high in ends)
    margin = max(_MARGIN * longest, (_NEAREST_SHARE * max(shape[:2]) - longest) / 2)
    box = [
        slice(max(0, int(low - margin)), min(side, int(high + margin) + 1))
        for (low, high), side in zip(ends, shape, strict=False)
    ]
    share = max(part.stop - part.start for part in box) / max(shape[:2])
    return (box[0], box[1]) if share < _NEARER_SHARE else None


def _joined(far: Sight, near: Sight, box: tuple[slice, slice], shape: tuple[int, ...]) -> Sight:
    """Both looks as one, as fine as the nearer: `box` is where that one looked in a picture of `shape`."""
    scale = max(near.classes.shape[1:]) / max(part.stop - part.start for part in box)
    size = max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))
    classes = np.stack([scaled(part, size) for part in far.classes])
    top, left = (round(part.start * scale) for part in box)
    height, width = near.classes.shape[1:]
    place = slice(top, min(top + height, size[1])), slice(left, min(left + width, size[0]))
    seen = near.classes[:, : place[0].stop - top, : place[1].stop - left]
    classes[:, *place] = (1 - _NEARER_SAY) * classes[:, *place] + _NEARER_SAY * seen
    return Sight(classes=classes, confidence=near.confidence)


def _working_size(picture: Bytes, long_side: int) -> tuple[int, int]:
    """Width and height of `picture` when its longer side is `long_side`."""
    height, width = picture.shape[:2]
    scale = long_side / max(height, width)
    return max(1, round(width * scale)), max(1, round(height * scale))


@functools.cache
def _model() -> _Model:
    loaded = session("garment")
    named = {str(output.name) for output in loaded.get_outputs()}
    return _Model(
        session=loaded,
        outputs=tuple(name for name in ("classes", "confidence") if name in named),
        long_side=int(loaded.get_modelmeta().custom_metadata_map.get("working_size", "512")),
    )
