"""The way of one job through the engine: the visible list of stages, and the loop over them."""

import time
from dataclasses import replace
from pathlib import Path

from studio.engine.gpu.readiness import is_ready, starter_cannot
from studio.engine.image import probe, read_photo
from studio.engine.raster import on_white
from studio.engine.stage import Frame, Stage, StageContext
from studio.engine.stages import (
    compose,
    correct,
    enhance,
    enlarge,
    export,
    extract,
    figure,
    generate,
    interior,
    lay,
    pose,
    restore,
    sharpen,
)
from studio.errors import PhotoError
from studio.model import Engine, InteriorSource, Mode, Shot

STAGES: dict[Mode, tuple[Stage, ...]] = {
    Mode.INVISIBLE: (
        extract.Extract(),
        correct.Correct(),
        interior.Interior(),
        restore.Restore(),
        compose.Compose(),
        enlarge.Enlarge(on_processor=True),
        export.Export(),
    ),
    Mode.CUTOUT: (
        extract.Extract(),
        correct.Correct(),
        restore.Restore(),
        compose.Compose(),
        enlarge.Enlarge(on_processor=True),
        export.Export(),
    ),
}
STUDIO_STAGES: dict[Mode, tuple[Stage, ...]] = {
    Mode.INVISIBLE: (
        sharpen.Sharpen(),
        correct.Correct(),
        generate.Generate(),
        restore.Restore(),
        compose.Compose(),
        enlarge.Enlarge(on_processor=False),
        export.Export(),
    ),
    Mode.CUTOUT: (
        sharpen.Sharpen(),
        correct.Correct(),
        restore.Restore(),
        compose.Compose(),
        enlarge.Enlarge(on_processor=False),
        export.Export(),
    ),
    Mode.HUMAN: (
        sharpen.Sharpen(),
        correct.Correct(),
        pose.FitPose(),
        figure.Figure(),
        enhance.Enhance(),
        lay.LayGarment(),
        compose.Compose(),
        enlarge.Enlarge(on_processor=False),
        export.Export(),
    ),
}


def run(shot: Shot, context: StageContext) -> Frame:
    """Read the photos of `shot` and run the stages of the recipe's mode over them.

    The returned frame holds what the stages made, the files written and the seconds each stage took ("read" included).
    Raises StudioError or Cancelled; then no file stands under a final name that did not stand there before.
    """
    stages = stages_for(context)
    started = time.perf_counter()
    inside = on_white(read_photo(shot.inside)) if shot.inside else None
    photo = on_white(read_photo(shot.front))
    frame = Frame(shot=shot, photo=photo, inside=inside, warnings=photo.warnings, seconds={"read": _since(started)})
    for index, stage in enumerate(stages):
        frame = _run_stage(stage, frame, context, index / len(stages), 1 / len(stages))
    return frame


def stages_for(context: StageContext) -> tuple[Stage, ...]:
    """The stages of the recipe's mode on its engine.

    `auto` takes the starter engine for all that it can make, unless the studio engine is ready: models, libraries and a
    graphics card here. What only the studio engine can make goes to it either way, and says what is missing.
    """
    recipe = context.recipe
    generates = recipe.mode is Mode.INVISIBLE and recipe.interior.source is InteriorSource.GENERATE
    only_studio = recipe.mode not in STAGES or generates
    if recipe.engine is Engine.STARTER and only_studio:
        raise starter_cannot(recipe.mode)
    if recipe.engine is Engine.STUDIO or only_studio or (recipe.engine is Engine.AUTO and is_ready(context)):
        return STUDIO_STAGES[recipe.mode]
    return STAGES[recipe.mode]


def check(photo: Path) -> None:
    """Decode a photo to its end and keep nothing of it. Raises PhotoError."""
    read_photo(photo)


def megapixels(shot: Shot) -> float:
    """How many million pixels the photos of `shot` hold together, from their headers; 0 when one cannot be read."""
    try:
        facts = [probe(photo) for photo in (shot.front, shot.inside) if photo]
    except PhotoError:
        return 0.0
    return sum(fact.width * fact.height for fact in facts) / 1e6


def _run_stage(stage: Stage, frame: Frame, context: StageContext, before: float, share: float) -> Frame:
    context.checkpoint()
    context.progress(stage.name, before)

    def progress(name: str, fraction: float) -> None:
        context.progress(name, before + share * fraction)

    within = replace(context, progress=progress)
    started = time.perf_counter()
    frame = stage.run(frame, within)
    return frame.evolve(seconds=frame.seconds | {stage.name: _since(started)})


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)
