"""The stage `enlarge`: the finished picture made larger where the recipe asks, the garment in it included.

The master stays what it is; the report says that the larger file's garment is no longer the photograph's pixels.
"""

from dataclasses import replace

import cv2
import numpy as np

from studio.engine import painting, scaling
from studio.engine.gpu import device as devices
from studio.engine.gpu import upscale
from studio.engine.gpu.runtime import runtime_of
from studio.engine.placement import Placement
from studio.engine.raster import Pixels, Raster, split_alpha
from studio.engine.stage import Frame, StageContext
from studio.model import EnhanceMethod


class Enlarge:
    """Enlarges the deliverable by Lanczos or by Real-ESRGAN; at scale 1 the frame passes as it is."""

    name = "enlarge"

    def __init__(self, *, on_processor: bool) -> None:
        """on_processor: whether the network works there, as the starter engine does; else on the context's device."""
        self._on_processor = on_processor

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with a larger `deliverable`. Raises EngineError or Cancelled."""
        times = context.recipe.enhance.scale
        if times == 1 or frame.deliverable is None:
            return frame
        if context.recipe.enhance.method is EnhanceMethod.LANCZOS:
            said = f"the finished picture was enlarged {times} times (Lanczos, in linear light); the master was not"
            return frame.evolve(deliverable=_by_lanczos(frame.deliverable, times), transforms=(*frame.transforms, said))
        if self._on_processor:
            context = replace(context, device=devices.CPU)
        return _by_network(frame, frame.deliverable, times, context)


def _by_lanczos(picture: Raster, times: int) -> Raster:
    height, width = picture.pixels.shape[:2]
    full = np.full((height, width), np.iinfo(picture.pixels.dtype).max, picture.pixels.dtype)
    layered = np.dstack([picture.pixels, full if picture.alpha is None else picture.alpha])
    grown = scaling.place(layered, Placement(width=width * times, height=height * times, scale=float(times)))
    pixels, alpha = split_alpha(grown)
    return replace(picture, pixels=pixels, alpha=None if picture.alpha is None else alpha)


def _by_network(frame: Frame, picture: Raster, times: int, context: StageContext) -> Frame:
    runtime = runtime_of(context)
    model_id = runtime.first_of(*upscale.MODELS)

    def on_tile(fraction: float) -> None:
        context.checkpoint()
        context.progress("enlarge", fraction)

    with runtime.turn(context.checkpoint):
        pixels = picture.pixels if picture.alpha is None else painting.continued_under(picture.pixels, picture.alpha)
        grown = runtime.by_itself(
            lambda: upscale.enlarge(upscale.load(runtime, model_id), pixels, on_tile, times=times)
        )
    said = (
        f"the finished picture was enlarged {times} times by {model_id} on the {runtime.device.title}: every pixel of "
        "it, the garment's included, is the network's; the master is untouched"
    )
    alpha = None if picture.alpha is None else _enlarged_alpha(picture.alpha, times)
    return frame.evolve(
        deliverable=replace(picture, pixels=grown, alpha=alpha),
        enlarged_by=model_id,
        models=frame.models + runtime.used(model_id),
        transforms=(*frame.transforms, said),
    )


def _enlarged_alpha(alpha: Pixels, times: int) -> Pixels:
    size = alpha.shape[1] * times, alpha.shape[0] * times
    return np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_CUBIC), alpha.dtype)
