"""The stage `figure`: a person painted around the garment where it hangs."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.engine import figures, painting
from studio.engine.colour import to_srgb8
from studio.engine.gpu import clip, diffusion
from studio.engine.gpu.runtime import Runtime, Thrift, runtime_of
from studio.engine.painting import Picture
from studio.engine.skeleton import draw
from studio.engine.stage import Frame, Mask, StageContext
from studio.errors import EngineError
from studio.model import FigureStep

_INTO_PX = 3  # of the working size: how far the painter may work into the garment, so that no old outline remains
_SMALLER = 0.75
_SEAM_WEIGHT = 0.004  # per step of 8 bit: a seam of 25 steps outweighs 0.1 of CLIP's cosine


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A shot at the painter's working size: picture and garment alone uint8 sRGB, mask of what is painted, skeleton."""

    picture: Picture
    garment: Mask
    alone: Picture
    skeleton: Picture


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A painted figure and how good it is: the higher the score the better."""

    picture: Picture
    seed: int
    score: float


class Figure:
    """Paints everything but the garment, several times, and keeps the best."""

    name = "figure"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with `figure` at the painter's size. Raises EngineError, RecipeError or Cancelled."""
        step = context.recipe.figure or FigureStep()
        figures.check(step)
        runtime = runtime_of(context)
        with runtime.turn(context.checkpoint):
            return _painted(frame, context, step, runtime)


def _painted(frame: Frame, context: StageContext, step: FigureStep, runtime: Runtime) -> Frame:
    notes = list[str]()

    def attempt(thrift: Thrift) -> tuple[Candidate, ...]:
        pipeline = diffusion.load_figure(runtime, thrift)
        scene = scene_of(frame, diffusion.side_of(pipeline) * (_SMALLER if thrift is Thrift.SMALLER else 1))
        prompt = figures.prompt_of(step, frame.garment_name)
        return tuple(_candidate(pipeline, scene, prompt, index, step, context) for index in range(step.candidates))

    painters = diffusion.figure_models(runtime)
    start = runtime.thrift_for(*painters)
    candidates, compiled = runtime.stepping_down(start, attempt, notes.append), runtime.compiled
    judged = runtime.by_itself(lambda: _judged(candidates, frame, step, runtime))
    ranked = sorted(judged, key=lambda one: -one.score)
    best, models = ranked[0], painters + ((clip.MODEL,) if runtime.has(clip.MODEL) else ())
    return frame.evolve(
        figure=best.picture,
        compiled=compiled,
        models=frame.models + runtime.used(*models),
        warnings=(*frame.warnings, *notes),
        transforms=(*frame.transforms, _sentence(best, ranked)),
    )


def scene_of(frame: Frame, side: float) -> Scene:
    """The shot of `frame` at about `side` x `side` pixels. Raises EngineError where earlier stages are missing."""
    if frame.garment is None or frame.pose is None:
        raise EngineError("No pose", f"{frame.shot.front.name} has no garment or no pose yet.", "Run the whole recipe.")
    photo = frame.photo.pixels
    size = painting.working_size((photo.shape[1], photo.shape[0]), round(side))
    picture = to_srgb8(frame.photo, size)
    garment = painting.scaled(frame.garment, size)
    return Scene(
        picture=picture,
        garment=garment,
        alone=painting.garment_alone(picture, garment),
        skeleton=draw(frame.pose.scaled_to(size)),
    )


def _candidate(
    pipeline: Any, scene: Scene, prompt: str, index: int, step: FigureStep, context: StageContext
) -> Candidate:
    def on_step(fraction: float) -> None:
        context.progress("figure", (index + fraction) / step.candidates)

    wanted = painting_of(scene, prompt, context.seed + index)
    painted = diffusion.paint(pipeline, wanted, on_step, context.checkpoint)
    figure = painting.without_drift(painted, scene.picture, wanted.mask == 0)
    return Candidate(picture=figure, seed=wanted.seed, score=-_SEAM_WEIGHT * seam_of(figure, scene))


def painting_of(scene: Scene, prompt: str, seed: int) -> diffusion.Painting:
    """What the painter is asked for."""
    return diffusion.Painting(
        picture=scene.picture,
        mask=painting.to_paint(scene.garment, _INTO_PX),
        garment=scene.alone,
        skeleton=scene.skeleton,
        prompt=prompt,
        negative=figures.NEGATIVE,
        seed=seed,
        strength=1.0,
    )


def seam_of(figure: Picture, scene: Scene) -> float:
    """Mean difference in steps of 8 bit between figure and photo in the garment's outermost solid pixels."""
    ring = (scene.garment >= 250) & (painting.to_paint(scene.garment, 2 * _INTO_PX) > 0)
    if not ring.any():
        return 0.0
    return float(np.abs(figure[ring].astype(np.float32) - scene.picture[ring]).mean())


def _judged(
    candidates: tuple[Candidate, ...], frame: Frame, step: FigureStep, runtime: Runtime
) -> tuple[Candidate, ...]:
    """The candidates with CLIP's opinion added, where CLIP is here and there is a choice."""
    if len(candidates) < 2 or not runtime.has(clip.MODEL):
        return candidates
    text = figures.prompt_of(step, frame.garment_name)
    cosines = clip.similarities(clip.load(runtime), [one.picture for one in candidates], [text])[:, 0]
    return tuple(
        Candidate(picture=one.picture, seed=one.seed, score=one.score + float(cosine))
        for one, cosine in zip(candidates, cosines, strict=True)
    )


def _sentence(best: Candidate, ranked: list[Candidate]) -> str:
    others = ", ".join(f"seed {one.seed}: {one.score:.3f}" for one in ranked[1:])
    height, width = best.picture.shape[:2]
    chosen = f"the figure was generated at {width} x {height} pixels with seed {best.seed} (score {best.score:.3f})"
    return f"{chosen}; not chosen: {others}" if others else chosen
