"""Whether the studio engine can do a job on this computer, and what is missing if not."""

import functools
from pathlib import Path

from studio.engine.gpu import clip, diffusion, libraries, sam
from studio.engine.gpu import device as devices
from studio.engine.models.catalog import catalog_of
from studio.engine.models.store import ModelStore, State
from studio.engine.stage import StageContext
from studio.errors import EngineError
from studio.model import InteriorSource, Mode


def is_ready(context: StageContext) -> bool:
    """Whether `context`'s recipe can be made by the studio engine here and now; nothing large is imported for a no."""
    if context.models is None or not libraries.are_installed():
        return False
    return not missing(context.models, _needed(context)) and _has_device(context.device)


def missing(folder: Path, model_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the models that are not complete in `folder` or may not be used."""
    store, catalog = ModelStore(folder), catalog_of(folder)
    entries = [catalog.find(model_id) for model_id in model_ids]
    return tuple(entry.id for entry in entries if not store.is_accepted(entry) or store.state(entry) is not State.READY)


def figure_models(folder: Path) -> tuple[str, ...]:
    """What paints figures with the models in `folder`, as `diffusion.figure_models` tells it of a runtime."""
    small = missing(folder, diffusion.FIGURE_MODELS) and not missing(folder, diffusion.SMALL_FIGURE_MODELS)
    return diffusion.SMALL_FIGURE_MODELS if small else diffusion.FIGURE_MODELS


def starter_cannot(mode: Mode) -> EngineError:
    """The error for a recipe that asks the starter engine for what only the studio engine makes."""
    what = "a person around the garment" if mode is Mode.HUMAN else "a generated inside"
    return EngineError(
        "The studio engine is needed",
        f"The recipe asks for {what}, which the starter engine cannot make.",
        "Use --engine studio on a computer with an NVIDIA card, after: modamoda models fetch human",
    )


def _needed(context: StageContext) -> tuple[str, ...]:
    recipe = context.recipe
    seeing = (_any_sam(context), clip.MODEL)
    if recipe.mode is Mode.HUMAN:
        assert context.models is not None
        return (*seeing, *figure_models(context.models))
    paints = recipe.interior.source in (InteriorSource.AUTO, InteriorSource.GENERATE)
    if recipe.mode is Mode.INVISIBLE and paints:
        return (*seeing, *diffusion.INTERIOR_MODELS)
    return seeing


def _any_sam(context: StageContext) -> str:
    assert context.models is not None
    here = [model_id for model_id in sam.MODELS if not missing(context.models, (model_id,))]
    return here[0] if here else sam.MODELS[-1]


def _has_device(wanted: str) -> bool:
    try:
        _tested(wanted)
    except EngineError:
        return False
    return True


@functools.lru_cache(maxsize=4)
def _tested(wanted: str) -> None:
    """Choose and test a device. Only success is remembered: a card that was too full may be free later."""
    devices.self_test(devices.choose(wanted))
