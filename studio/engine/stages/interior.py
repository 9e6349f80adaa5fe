"""The stage `interior`: what appears inside neck, sleeves and hem when the mannequin goes."""

import numpy as np

from studio.engine.interior.fabric import overview
from studio.engine.interior.opening import find_openings
from studio.engine.interior.synthesis import Patch, synthesise
from studio.engine.joint import band_width
from studio.engine.raster import Pixels
from studio.engine.stage import Frame, Mask, StageContext
from studio.errors import EngineError
from studio.model import InteriorSource


class Interior:
    """Joins the photographed inside behind the garment, or makes it from the garment's own fabric."""

    name = "interior"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with `interior`. Raises EngineError for what this engine cannot make, Cancelled."""
        source = context.recipe.interior.source
        if source is InteriorSource.GENERATE:
            raise EngineError(
                "The studio engine is needed",
                f"The inside of {frame.shot.front.name} is to be generated, which the starter engine cannot do.",
                "Set interior.source to auto in the recipe, or install the studio engine.",
            )
        if source is InteriorSource.NONE or frame.inner is None or frame.garment is None or not frame.inner.any():
            return frame.evolve(interior_source="none")
        return _synthesised(frame, frame.garment, frame.inner, context)


def _synthesised(frame: Frame, garment: Mask, inner: Mask, context: StageContext) -> Frame:
    """The frame with every opening filled from the garment's own fabric."""
    interior: Pixels = np.zeros_like(frame.photo.pixels)
    cloth = overview(frame.photo.pixels, garment)
    openings = find_openings(garment, inner)
    for index, opening in enumerate(openings):
        context.checkpoint()
        context.progress("interior", index / len(openings))
        _lay(interior, synthesise(frame.photo.pixels, garment, opening, cloth, 2 * band_width(garment.shape)), inner)
    return frame.evolve(interior=interior, interior_source="synthesised")


def _lay(interior: Pixels, patch: Patch, inner: Mask) -> None:
    """Write a patch into the interior, where nothing of another opening stands yet."""
    y0, y1, x0, x1 = patch.box
    target = interior[y0:y1, x0:x1]
    np.copyto(target, patch.pixels, where=~target.any(-1, keepdims=True))
