"""The stage `extract` of the studio engine: SAM looks where the starter network pointed, CLIP judges and names."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine import painting
from studio.engine.colour import to_srgb8
from studio.engine.gpu import clip, matte, sam
from studio.engine.gpu.runtime import Runtime, runtime_of
from studio.engine.painting import Picture
from studio.engine.stage import Frame, Mask, StageContext
from studio.engine.stages.extract import Extract
from studio.engine.starter.arrays import opposite, product
from studio.engine.starter.refine import locate_edge, middle_size, to_full_size
from studio.model import Region, Stroke

_LOOK_PX = 1024
_LEAST_AGREEMENT = 0.8  # IoU with the starter's mask under which SAM has taken something else
_CLICKS = 4
_GOOD = ("a product photo of a garment", "clothing on a white background")
_BAD = ("a mannequin", "a person's skin", "an empty studio backdrop", "a piece of cloth cut in half")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A mask for the garment, float32 0..1, and the score it was chosen for."""

    coverage: NDArray[np.float32]
    score: float
    from_sam: bool


class Sharpen:
    """The starter's extraction, its garment looked at again with the large networks."""

    name = "extract"

    def __init__(self, starter: Extract | None = None) -> None:
        self._starter = starter or Extract()

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Add what the starter's stage adds, with sharper masks and the garment's name. Raises what that raises."""
        frame = self._starter.run(frame, _first_half(context))
        if frame.garment is None or not frame.garment.any():
            return frame
        runtime = runtime_of(context)
        with runtime.turn(context.checkpoint):
            return runtime.by_itself(lambda: _sharpened(frame, context, runtime))


def _first_half(context: StageContext) -> StageContext:
    def progress(stage: str, fraction: float) -> None:
        context.progress(stage, fraction / 2)

    return replace(context, progress=progress)


def _sharpened(frame: Frame, context: StageContext, runtime: Runtime) -> Frame:
    assert frame.garment is not None
    picture = to_srgb8(frame.photo, _look_size(frame))
    starter = _small(frame.garment, picture)
    choice, used = _chosen(picture, starter, frame, context, runtime)
    context.checkpoint()
    context.progress("extract", 0.8)
    name = clip.name_garment(
        clip.load(runtime), painting.garment_alone(picture, np.rint(choice.coverage * 255).astype(np.uint8))
    )
    frame = frame.evolve(garment_name=name.words, models=frame.models + runtime.used(*used, clip.MODEL))
    said = (*frame.transforms, f"the garment was named {name.words} ({name.confidence:.2f})")
    return (_with_mask(frame, choice, context) if choice.from_sam else frame).evolve(transforms=said)


def _look_size(frame: Frame) -> tuple[int, int]:
    height, width = frame.photo.pixels.shape[:2]
    scale = min(1.0, _LOOK_PX / max(height, width))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _small(mask: Mask, picture: Picture) -> NDArray[np.float32]:
    size = picture.shape[1], picture.shape[0]
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA) / np.float32(255), np.float32)


def _chosen(
    picture: Picture,
    starter: NDArray[np.float32],
    frame: Frame,
    context: StageContext,
    runtime: Runtime,
) -> tuple[Choice, tuple[str, ...]]:
    """The best of the starter's mask and SAM's, and the models that took part."""
    model_id = runtime.first_of(*sam.MODELS)
    prompt = _prompt(starter, _small_or_none(frame.mannequin, picture), picture, frame, context.edits.strokes)
    proposed = sam.propose(sam.load(runtime, model_id), picture, prompt)
    limit, used = _foreground(picture, runtime)
    context.checkpoint()
    masks = [starter, *(np.minimum(one.coverage, limit) for one in proposed)]
    likely = [index == 0 or _agreement(mask, starter) >= _LEAST_AGREEMENT for index, mask in enumerate(masks)]
    # Loaded last: held in a variable it would stay in memory when the networks before it need the room.
    scores = _clip_scores(clip.load(runtime), picture, masks)
    choices = [
        Choice(coverage=mask, score=score, from_sam=index > 0)
        for index, (mask, score, holds) in enumerate(zip(masks, scores, likely, strict=True))
        if holds
    ]
    return max(choices, key=lambda choice: choice.score), (model_id, *used)


def _small_or_none(mask: Mask | None, picture: Picture) -> NDArray[np.float32] | None:
    return None if mask is None else _small(mask, picture)


def _foreground(picture: Picture, runtime: Runtime) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """What stands in front of the backdrop, from the matting network if it is here, else everything."""
    model_id = next((one for one in matte.MODELS if runtime.has(one)), None)
    if model_id is None:
        return np.ones(picture.shape[:2], np.float32), ()
    return matte.foreground(matte.load(runtime, model_id), model_id, picture), (model_id,)


def _prompt(
    garment: NDArray[np.float32],
    mannequin: NDArray[np.float32] | None,
    picture: Picture,
    frame: Frame,
    strokes: tuple[Stroke, ...],
) -> sam.Prompt:
    scale = picture.shape[1] / frame.photo.pixels.shape[1]
    clicks_on, clicks_off = _clicks(strokes, scale)
    rows, columns = np.flatnonzero((garment > 0.5).any(1)), np.flatnonzero((garment > 0.5).any(0))
    box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)) if rows.size else None
    off = [] if mannequin is None else deepest(mannequin, _CLICKS // 2)
    return sam.Prompt(on=(*deepest(garment, _CLICKS), *clicks_on), off=(*off, *clicks_off), box=box)


def _clicks(strokes: tuple[Stroke, ...], scale: float) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """A person's strokes as points on the garment and off it: the middle of each."""
    on, off = list[tuple[float, float]](), list[tuple[float, float]]()
    for stroke in strokes:
        x, y = stroke.points[len(stroke.points) // 2]
        (on if stroke.region is Region.GARMENT else off).append((x * scale, y * scale))
    return on, off


def deepest(mask: NDArray[np.float32], count: int) -> list[tuple[float, float]]:
    """Up to `count` points (x, y) that lie deep inside of `mask` and far from one another."""
    left = (mask > 0.5).astype(np.uint8)
    points = list[tuple[float, float]]()
    for _ in range(count):
        away = cv2.distanceTransform(left, cv2.DIST_L2, 3)
        row, column = np.unravel_index(int(away.argmax()), away.shape)
        if away[row, column] < 2:
            break
        points.append((float(column), float(row)))
        cv2.circle(left, (int(column), int(row)), round(float(away[row, column]) * 1.2), 0, -1)
    return points


def _agreement(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    together = float(np.minimum(first, second).sum())
    return together / max(1.0, float(np.maximum(first, second).sum()))


def _clip_scores(judge: clip.Clip, picture: Picture, masks: list[NDArray[np.float32]]) -> list[float]:
    """How much more each cut-out looks like a garment than like what it must not hold."""
    alone = [painting.garment_alone(picture, np.rint(mask * 255).astype(np.uint8)) for mask in masks]
    cosines = clip.similarities(judge, alone, [*_GOOD, *_BAD])
    return [float(row[: len(_GOOD)].mean() - row[len(_GOOD) :].mean()) for row in cosines]


def _with_mask(frame: Frame, choice: Choice, context: StageContext) -> Frame:
    """The frame with the chosen mask, its edge found anew at the photo's own resolution."""
    assert frame.mannequin is not None
    assert frame.inner is not None
    pixels = frame.photo.pixels
    size = middle_size(pixels.shape[1], pixels.shape[0])
    shrunk = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.float32)
    middle = shrunk * np.float32(255 / np.iinfo(pixels.dtype).max)
    located = locate_edge(middle, choice.coverage, max(choice.coverage.shape))
    garment = to_full_size(located, pixels, context.checkpoint)
    rest = opposite(garment)
    return frame.evolve(garment=garment, mannequin=product(rest, frame.mannequin), inner=product(rest, frame.inner))
