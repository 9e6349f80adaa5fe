"""The way of one job through the engine: the visible list of stages, and the loop over them."""

import time
from dataclasses import replace

from studio.engine.image import probe, read_photo
from studio.engine.stage import Frame, Stage, StageContext
from studio.engine.stages import compose, correct, export, extract, interior, restore
from studio.errors import PhotoError
from studio.model import Mode, Shot

STAGES: dict[Mode, tuple[Stage, ...]] = {
    Mode.INVISIBLE: (extract.Extract(), correct.Correct(), interior.Interior(), restore.Restore(), compose.Compose(), export.Export()),
    Mode.CUTOUT: (extract.Extract(), correct.Correct(), restore.Restore(), compose.Compose(), export.Export()),
}


def run(shot: Shot, context: StageContext) -> Frame:
    """Read the photos of `shot` and run the stages of the recipe's mode over them.

    The returned frame holds what the stages made, the files written and the seconds each stage took ("read" included).
    Raises StudioError or Cancelled; then no file stands under a final name that did not stand there before.
    """
    stages = STAGES[context.recipe.mode]
    started = time.perf_counter()
    frame = Frame(shot=shot, photo=read_photo(shot.front), inside=read_photo(shot.inside) if shot.inside else None)
    frame = frame.evolve(seconds={"read": _since(started)})
    for index, stage in enumerate(stages):
        frame = _run_stage(stage, frame, context, index / len(stages), 1 / len(stages))
    return frame


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
    within = replace(context, progress=lambda name, fraction: context.progress(name, before + share * fraction))
    started = time.perf_counter()
    frame = stage.run(frame, within)
    return frame.evolve(seconds=frame.seconds | {stage.name: _since(started)})


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)
