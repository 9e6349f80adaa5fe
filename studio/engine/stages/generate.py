"""The stage `interior` of the studio engine: openings painted where no photo shows the inside."""

from dataclasses import dataclass, replace
from typing import Any, cast

import cv2
import numpy as np

from studio.engine import painting
from studio.engine.colour import srgb8_to_profile, to_srgb8
from studio.engine.gpu import diffusion
from studio.engine.gpu.runtime import Runtime, Thrift, runtime_of
from studio.engine.interior.opening import Opening, find_openings
from studio.engine.painting import Picture
from studio.engine.raster import Pixels, Raster
from studio.engine.stage import Frame, Mask, StageContext
from studio.engine.stages.interior import Interior
from studio.model import InteriorSource

_MARGIN = 0.35  # of the opening's longer side: the cloth around it tells the painter what to go on with
_STRENGTH = 0.75  # the inside made from the garment's own fabric is a good beginning
_SMALLER = 0.75
_NEGATIVE = "mannequin, neck, skin, person, label, logo, text, hanger, hole in the fabric, blurry"


@dataclass(frozen=True, kw_only=True)
class Crop:
    """An opening with its surroundings: rows and columns of the frame; picture and masks at the painter's size."""

    window: tuple[slice, slice]
    picture: Picture
    hole: Mask
    kept: Mask


class Generate:
    """Joins a photographed inside as the starter engine does; without one SDXL paints inside of the inner mask only."""

    name = "interior"

    def __init__(self) -> None:
        self._starter = Interior()

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with `interior`. Raises EngineError, PhotoError or Cancelled."""
        source = context.recipe.interior.source
        wanted = source is InteriorSource.GENERATE or (source is InteriorSource.AUTO and frame.inside is None)
        if not wanted:
            return self._starter.run(frame, context)
        begun = self._starter.run(frame, _from_fabric(context))
        if begun.interior is None or begun.inner is None or begun.garment is None:
            return begun
        runtime = runtime_of(context)
        with runtime.turn(context.checkpoint):
            return _painted(begun, context, runtime)


def _from_fabric(context: StageContext) -> StageContext:
    step = replace(context.recipe.interior, source=InteriorSource.SYNTHESISE)
    return replace(context, recipe=replace(context.recipe, interior=step), progress=_untold)


def _untold(stage: str, fraction: float) -> None:
    """The beginning takes no time worth a bar."""


def _painted(frame: Frame, context: StageContext, runtime: Runtime) -> Frame:
    notes = list[str]()
    openings = find_openings(cast(Mask, frame.garment), cast(Mask, frame.inner))

    def attempt(thrift: Thrift) -> Pixels:
        pipeline = diffusion.load_interior(runtime, thrift)
        side = round(diffusion.side_of(pipeline) * (_SMALLER if thrift is Thrift.SMALLER else 1))
        interior = cast(Pixels, frame.interior).copy()
        for index, opening in enumerate(openings):
            _paint_opening(interior, pipeline, side, frame, opening, context, index, len(openings))
        return interior

    start = runtime.thrift_for(*diffusion.INTERIOR_MODELS)
    interior = runtime.stepping_down(start, attempt, notes.append)
    said = f"{len(openings)} openings were generated with seed {context.seed}"
    return frame.evolve(
        interior=interior,
        interior_source="generated" if openings else "none",
        compiled=runtime.compiled if openings else "",
        models=frame.models + (runtime.used(*diffusion.INTERIOR_MODELS) if openings else ()),
        warnings=(*frame.warnings, *notes),
        transforms=(*frame.transforms, said),
    )


def _paint_opening(
    interior: Pixels,
    pipeline: Any,
    side: int,
    frame: Frame,
    opening: Opening,
    context: StageContext,
    index: int,
    count: int,
) -> None:
    """Paint one opening into `interior`, in the photo's profile and depth."""
    crop = crop_of(frame, opening, side)

    def on_step(fraction: float) -> None:
        context.progress("interior", (index + fraction) / count)

    painted = diffusion.paint(
        pipeline,
        diffusion.Painting(
            picture=crop.picture,
            mask=crop.hole,
            garment=painting.garment_alone(crop.picture, crop.kept),
            prompt=_prompt(frame.garment_name, is_neck=opening.is_neck),
            negative=_NEGATIVE,
            seed=context.seed + index,
            strength=_STRENGTH,
        ),
        on_step,
        context.checkpoint,
    )
    true = painting.without_drift(painted, crop.picture, crop.kept > 250)
    target = interior[crop.window]
    back = painting.scaled(true, (target.shape[1], target.shape[0]))
    inner = cast(Mask, frame.inner)[crop.window]
    np.copyto(target, srgb8_to_profile(back, frame.photo), where=(inner > 0)[..., None])


def crop_of(frame: Frame, opening: Opening, side: int) -> Crop:
    """The opening and its surroundings at about `side` x `side` pixels: garment and begun inside on plain ground."""
    window = _around(opening, frame.photo.pixels.shape)
    garment, inner = cast(Mask, frame.garment)[window], cast(Mask, frame.inner)[window]
    size = painting.working_size((garment.shape[1], garment.shape[0]), side)
    seen = to_srgb8(Raster(pixels=frame.photo.pixels[window], icc=frame.photo.icc), size)
    begun = to_srgb8(Raster(pixels=cast(Pixels, frame.interior)[window], icc=frame.photo.icc), size)
    kept, hole = painting.scaled(garment, size), painting.scaled(inner, size)
    cover = kept.astype(np.float32)[..., None] / 255
    inside = hole.astype(np.float32)[..., None] / 255
    ground = np.clip(1 - cover - inside, 0, 1)
    picture = seen * cover + begun * np.minimum(inside, 1 - cover) + 235 * ground
    return Crop(
        window=window,
        picture=np.rint(np.clip(picture, 0, 255)).astype(np.uint8),
        hole=np.asarray(cv2.dilate((hole > 127).astype(np.uint8) * 255, np.ones((5, 5), np.uint8)), np.uint8),
        kept=kept,
    )


def _around(opening: Opening, shape: tuple[int, ...]) -> tuple[slice, slice]:
    y0, y1, x0, x1 = opening.box
    margin = round(_MARGIN * max(y1 - y0, x1 - x0))
    rows = slice(max(0, y0 - margin), min(shape[0], y1 + margin))
    return rows, slice(max(0, x0 - margin), min(shape[1], x1 + margin))


def _prompt(garment: str, *, is_neck: bool) -> str:
    place = "inside of the back neckline" if is_neck else "inside of the opening"
    return f"{place} of an empty {garment or 'garment'}, same fabric in soft shadow, invisible mannequin product photo"
