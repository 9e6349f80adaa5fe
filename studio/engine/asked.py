"""What the studio engine's networks say about a photo while a person edits it: what a click means, how somebody stands,
how a figure would look.

Everything here is slow at first (networks are loaded) and belongs into a process of its own: a window that stays
responsive cannot import torch.
"""

from pathlib import Path

import cv2
import numpy as np

from studio.engine import drafts, outlining, painting
from studio.engine.colour import to_srgb8
from studio.engine.gpu import device, libraries, posing, readiness, sam
from studio.engine.gpu.runtime import Runtime, runtime_of
from studio.engine.image import read_photo
from studio.engine.raster import Raster, on_white
from studio.engine.skeleton import Pose
from studio.engine.stage import Frame, Mask, StageContext
from studio.model import FigureStep, Recipe, Shot

_LOOK_PX = 1024
_OUTLINE_PX = 2048

Outline = tuple[tuple[float, float], ...]


def sees_regions(models: Path) -> bool:
    """Whether a network that understands clicks is here and may be used; nothing large is imported for the answer."""
    return libraries.are_installed() and any(not readiness.missing(models, (name,)) for name in sam.MODELS)


def draws_figures(models: Path) -> bool:
    """Whether the networks that paint a figure are here and may be used; nothing large is imported for the answer."""
    return libraries.are_installed() and not readiness.missing(models, readiness.figure_models(models))


class Eyes:
    """Looks at photos with the networks in `models`; keeps the photo that was asked about last.

    device: where figures are drawn: "auto" = on a graphics card, "cpu" only where it is named.
    """

    def __init__(self, models: Path, device: str = "auto") -> None:
        self._models = models
        self._device = device
        self._photo: Path | None = None
        self._picture = np.zeros((1, 1, 3), np.uint8)
        self._size = (1, 1)

    def region(self, photo: Path, at: tuple[float, float]) -> Outline:
        """The outline of what lies under `at`, in photo coordinates; empty where nothing hangs together there.

        Raises PhotoError for the photo, EngineError without a network.
        """
        self._look(photo)
        height, width = self._picture.shape[:2]
        scale = width / self._size[0]
        runtime = self._runtime()
        # Best first with a card; without one the small network answers in seconds, the large ones do not.
        names = tuple(reversed(sam.MODELS)) if runtime.device.name == device.CPU else sam.MODELS
        model_id, prompt = runtime.first_of(*names), sam.Prompt(on=((at[0] * scale, at[1] * scale),))
        found = runtime.by_itself(lambda: sam.propose(sam.load(runtime, model_id), self._picture, prompt))
        grown = min(_OUTLINE_PX / max(height, width), 1 / scale)
        size = (max(1, round(width * grown)), max(1, round(height * grown)))
        coverage = cv2.resize(found[0].coverage, size, interpolation=cv2.INTER_CUBIC)
        across, down = size[0] / self._size[0], size[1] / self._size[1]
        points = outlining.outline(coverage > 0.5, (at[0] * across, at[1] * down))
        return tuple((x / across, y / down) for x, y in points)

    def pose(self, photo: Path) -> Pose:
        """How the person (or mannequin) who fills a photo stands. Raises PhotoError, EngineError without a network."""
        return posing.of_photo(photo, self._models, self._runtime)[0]

    def figure(self, photo: Path, pose: Pose, garment: Mask, step: FigureStep) -> painting.Picture:
        """A quick draft of the figure in `pose` around the garment of a photo, (h, w, 3) uint8 sRGB, the whole frame.

        garment: soft coverage of the photo's shape at any size. Raises PhotoError, EngineError or RecipeError.
        """
        self._look(photo)
        size = (self._picture.shape[1], self._picture.shape[0])
        frame = Frame(
            shot=Shot(front=photo),
            photo=Raster(pixels=self._picture),
            garment=painting.scaled(garment, size),
            pose=pose.scaled_to(size),
        )
        return drafts.draft(frame, step, runtime_of(self._context(self._device)))

    def _look(self, photo: Path) -> None:
        if photo == self._photo:
            return
        raster = on_white(read_photo(photo))
        height, width = raster.pixels.shape[:2]
        scale = min(1.0, _LOOK_PX / max(height, width))
        self._picture = to_srgb8(raster, (max(1, round(width * scale)), max(1, round(height * scale))))
        self._photo, self._size = photo, (width, height)

    def _runtime(self) -> Runtime:
        """The networks on the best card, or on the processor: a few clicks are worth its seconds."""
        return runtime_of(self._context("auto" if device.graphics_cards() else device.CPU))

    def _context(self, wanted: str) -> StageContext:
        nowhere = self._models / "nothing is written"
        return StageContext(
            recipe=Recipe(), seed=0, destination=nowhere, review_destination=nowhere, models=self._models, device=wanted
        )
