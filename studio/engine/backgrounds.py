"""Backgrounds that come with the program: colours, gradients and studio sweeps, drawn at any size without banding."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.errors import RecipeError
from studio.recipes import COLOURS

FOLDER = Path(__file__).parents[2] / "resources" / "backgrounds"


@dataclass(frozen=True, kw_only=True)
class Background:
    """A backdrop that runs from `top` to `bottom` (sRGB, 0..255).

    horizon: 0..1 from the top, where a sweep bends from wall to floor; None = an even gradient. softness: share of the
    height over which it bends. glow: steps of 8 bit that the middle is brighter than the corners.
    """

    top: tuple[int, int, int]
    bottom: tuple[int, int, int]
    horizon: float | None = None
    softness: float = 0.25
    glow: float = 0.0


def names() -> tuple[str, ...]:
    """The presets, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def find(name: str) -> Background:
    """The preset of that name. Raises RecipeError."""
    if name not in names():
        known = ", ".join((*COLOURS, *names()))
        hint = f"Give #rrggbb, {known}, transparent, or the path of a picture."
        raise RecipeError("Background not found", f"There is no background {name or repr(name)}.", hint)
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return Background(
        top=_colour(data["top"]),
        bottom=_colour(data["bottom"]),
        horizon=data.get("horizon"),
        softness=data.get("softness", 0.25),
        glow=data.get("glow", 0.0),
    )


def check(background: str) -> None:
    """Raise RecipeError now rather than with each photo, when a recipe's background can be neither found nor drawn."""
    if background.startswith("#") or background == "transparent" or os.path.isfile(os.path.expanduser(background)):
        return
    find(background)


def draw(background: Background, size: tuple[int, int]) -> NDArray[np.uint16]:
    """The backdrop at `size` = (width, height): (H, W, 3) uint16, sRGB-encoded."""
    width, height = size
    share = _share(background, height)[:, None, None]
    top, bottom = np.array(background.top, np.float32), np.array(background.bottom, np.float32)
    column = top * (1 - share) + bottom * share
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    glow = background.glow * (1 - np.minimum(1, (across**2 + rows**2) / 2))
    return np.rint(np.clip(column + glow[..., None], 0, 255) * 257).astype(np.uint16)


def _share(background: Background, height: int) -> NDArray[np.float32]:
    """How much of the lower colour each row has: straight, or an S around the horizon."""
    down = (np.arange(height, dtype=np.float32) + 0.5) / height
    if background.horizon is None:
        return np.asarray(down, np.float32)
    ramp = np.clip((down - background.horizon) / max(background.softness, 1e-3) + 0.5, 0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp), np.float32)


def _colour(text: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue
