"""What this computer can do for a farm, found by a process of its own: a card that a parent opened cannot be inherited.

Prints one JSON object: abilities, gpu, gpu_memory_mb, models.
"""

import contextlib
import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from studio.bundled import use_addon
from studio.farm.needs import ANY, FIGURE, STUDIO
from studio.model import Engine, Mode, Recipe
from studio.settings import Home


def main() -> None:
    """Look, and print what was found."""
    words = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # libraries that print must not spoil the answer
    home = Home(folder=Path(sys.argv[1]))
    use_addon(home.addon)
    words.write(json.dumps(_found(home, os.environ.get("MODAMODA_DEVICE", "auto"))))
    words.close()


def _found(home: Home, device: str) -> dict[str, Any]:
    from studio.engine.models.catalog import catalog_of
    from studio.engine.models.store import ModelStore, State

    store = ModelStore(home.models)
    models = [entry.id for entry in catalog_of(home.models).models.values() if store.state(entry) is State.READY]
    abilities = [ANY]
    if _is_ready(home, device, Mode.CUTOUT):
        abilities.append(STUDIO)
    if _is_ready(home, device, Mode.HUMAN):
        abilities.append(FIGURE)
    gpu, memory_mb = _gpu()
    return {"abilities": abilities, "gpu": gpu, "gpu_memory_mb": memory_mb, "models": models}


def _is_ready(home: Home, device: str, mode: Mode) -> bool:
    from studio.engine.gpu.readiness import is_ready
    from studio.engine.stage import StageContext

    recipe = dataclasses.replace(Recipe(name="probe"), mode=mode, engine=Engine.STUDIO)
    place = home.folder / "probe"
    context = StageContext(
        recipe=recipe, seed=0, destination=place, review_destination=place, models=home.models, device=device
    )
    return is_ready(context)


def _gpu() -> tuple[str, int]:
    """Name and memory of the first NVIDIA card, "" and 0 where there is none."""
    tool = shutil.which("nvidia-smi")
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        if tool:
            words = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
            told = subprocess.run(words, capture_output=True, text=True, timeout=10, check=True).stdout.splitlines()
            name, _, memory = told[0].rpartition(",") if told else ("", "", "0")
            return name.strip(), int(memory)
    return "", 0


if __name__ == "__main__":
    main()
