"""The one place where the libraries of the studio engine are imported, late and only when they are used.

What comes out of them is `Any`: their own types change from release to release, and the adapters around this module
give typed arrays back. No library may reach for a hub: every file comes from the models' folder.
"""

import importlib
import importlib.util
import os
from typing import Any

from studio.errors import EngineError

NEEDED = ("torch", "diffusers", "transformers", "spandrel", "segment_anything", "safetensors")


def are_installed() -> bool:
    """Whether the extra `studio-engine` or the add-on is here, told without importing it."""
    importlib.invalidate_caches()  # the add-on may have been installed since this process began
    return all(importlib.util.find_spec(name) is not None for name in NEEDED)


def torch() -> Any:
    """The package torch. Raises EngineError where it is missing or broken."""
    return _imported("torch")


def has_triton() -> bool:
    """Whether torch finds a Triton that makes code for a card that is here. Raises EngineError without torch."""
    return bool(_imported("torch.utils._triton").has_triton())


def diffusers() -> Any:
    """The package diffusers. Raises EngineError where it is missing or broken."""
    return _quiet(_imported("diffusers").utils.logging, _imported("diffusers"))


def transformers() -> Any:
    """The package transformers. Raises EngineError where it is missing or broken."""
    return _quiet(_imported("transformers").utils.logging, _imported("transformers"))


def spandrel() -> Any:
    """The package spandrel. Raises EngineError where it is missing or broken."""
    return _imported("spandrel")


def sam_modeling() -> Any:
    """The networks of segment-anything. Raises EngineError where it is missing or broken."""
    return _imported("segment_anything.modeling")


def sam_predictor() -> Any:
    """The predictor of segment-anything. Raises EngineError where it is missing or broken."""
    return _imported("segment_anything.predictor")


def _quiet(logging: Any, library: Any) -> Any:
    """The library without bars and warnings of its own: progress is told by the job, and faults are raised."""
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    return library


def _imported(name: str) -> Any:
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    try:
        return importlib.import_module(name)
    except (ImportError, OSError, RuntimeError) as error:
        # RuntimeError: a torchvision built for another torch fails so at import.
        raise EngineError(
            "Studio engine not installed",
            f"The Python package {name} cannot be loaded ({error}).",
            "Install it on the page System (in a terminal: modamoda addon install), or use the starter engine.",
        ) from error
