"""A figure for the eye while its pose is bent: few steps and few pixels, with the garment as it is laid over it."""

from dataclasses import replace

import numpy as np

from studio.engine import figures, painting
from studio.engine.gpu import diffusion
from studio.engine.gpu.runtime import Runtime, Thrift
from studio.engine.painting import Picture
from studio.engine.stage import Frame
from studio.engine.stages.figure import painting_of, scene_of
from studio.model import FigureStep

SIDE_PX = 512
STEPS = 8


def draft(frame: Frame, step: FigureStep, runtime: Runtime) -> Picture:
    """The figure around `frame`'s garment in `frame`'s pose, (h, w, 3) uint8 sRGB of about 512 x 512 pixels.

    Raises EngineError or RecipeError.
    """
    scene = scene_of(frame, SIDE_PX)
    wanted = replace(painting_of(scene, figures.prompt_of(step, frame.garment_name), seed=0), steps=STEPS)

    def attempt(thrift: Thrift) -> Picture:
        return diffusion.paint(diffusion.load_figure(runtime, thrift), wanted, lambda fraction: None)

    with runtime.turn():
        painted = runtime.stepping_down(runtime.thrift_for(*diffusion.figure_models(runtime)), attempt)
    figure = painting.without_drift(painted, scene.picture, wanted.mask == 0)
    share = scene.garment.astype(np.float32)[..., None] / 255
    return np.rint(scene.picture * share + figure * (1 - share)).astype(np.uint8)
