"""The stage `enhance`: what was generated is enlarged to the photograph's geometry, and a generated face restored."""

from typing import cast

from studio.engine import painting
from studio.engine.gpu import faces, upscale
from studio.engine.gpu.runtime import runtime_of
from studio.engine.painting import Picture
from studio.engine.stage import Frame, StageContext
from studio.model import EnhanceMethod


class Enhance:
    """Works on the generated figure only; the garment is laid over it afterwards."""

    name = "enhance"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with `figure` at the photo's size. Raises EngineError or Cancelled."""
        if frame.figure is None:
            return frame
        size = frame.photo.pixels.shape[1], frame.photo.pixels.shape[0]
        frame = _with_face(frame, frame.figure, context)
        return _enlarged(frame, size, context)


def _with_face(frame: Frame, figure: Picture, context: StageContext) -> Frame:
    runtime = runtime_of(context)
    model_id = next((one for one in faces.MODELS if runtime.has(one)), None)
    if model_id is None or frame.pose is None:
        return frame
    pose = frame.pose.scaled_to((figure.shape[1], figure.shape[0]))
    with runtime.turn(context.checkpoint):
        face = faces.find(runtime, figure, pose)
        if face is None:
            return frame
        restored = runtime.by_itself(lambda: faces.restore(faces.load(runtime, model_id), figure, face))
    used = runtime.used(model_id, *((faces.DETECTOR,) if face.detected else ()))
    return frame.evolve(
        figure=restored,
        models=frame.models + used,
        transforms=(*frame.transforms, f"the generated face was restored with {model_id}"),
    )


def _enlarged(frame: Frame, size: tuple[int, int], context: StageContext) -> Frame:
    figure = frame.figure
    assert figure is not None
    times = size[0] / figure.shape[1]
    if times <= 1 or context.recipe.enhance.method is not EnhanceMethod.REAL_ESRGAN:
        sentence = f"the figure was scaled by {times:.3f} (Lanczos)"
        return frame.evolve(figure=painting.scaled(figure, size), transforms=(*frame.transforms, sentence))
    runtime = runtime_of(context)
    model_id = runtime.first_of(*upscale.MODELS)

    def on_tile(fraction: float) -> None:
        context.checkpoint()
        context.progress("enhance", fraction)

    with runtime.turn(context.checkpoint):
        grown = runtime.by_itself(lambda: upscale.enlarge(upscale.load(runtime, model_id), figure, on_tile))
    sentence = f"the figure was scaled by {times:.3f} ({model_id})"
    return frame.evolve(
        figure=painting.scaled(cast(Picture, grown), size),
        models=frame.models + runtime.used(model_id),
        transforms=(*frame.transforms, sentence),
    )
