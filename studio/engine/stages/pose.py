"""The stage `pose`: how the figure stands, fitted to the garment that hangs in the photo."""

from pathlib import Path

from studio.engine import fitting, poses
from studio.engine.gpu import posing
from studio.engine.gpu.clip import BOTTOMS
from studio.engine.gpu.runtime import runtime_of
from studio.engine.skeleton import Pose
from studio.engine.stage import Frame, StageContext
from studio.model import FigureStep


class FitPose:
    """Takes the pose a person drew, else the recipe's, and lays it into the garment."""

    name = "pose"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with `pose`. Raises RecipeError, PhotoError, EngineError or Cancelled."""
        size = frame.photo.pixels.shape[1], frame.photo.pixels.shape[0]
        if context.edits.pose is not None:
            drawn = poses.from_edit(context.edits.pose, size)
            return frame.evolve(pose=drawn, transforms=(*frame.transforms, "the pose was drawn by hand"))
        step = context.recipe.figure or FigureStep()
        pose, frame = _wanted(step.pose, frame, context)
        context.checkpoint()
        return frame.evolve(pose=_fitted(pose, frame, size))


def _wanted(name: str, frame: Frame, context: StageContext) -> tuple[Pose, Frame]:
    pose = poses.find(name)
    if pose is not None:
        return pose, frame
    runtime = runtime_of(context)
    with runtime.turn(context.checkpoint):
        pose, model_id = posing.of_photo(Path(name), runtime.store.folder, lambda: runtime)
    return pose, frame.evolve(models=frame.models + runtime.used(model_id))


def _fitted(pose: Pose, frame: Frame, size: tuple[int, int]) -> Pose:
    if frame.garment is None:
        return pose.scaled_to(size)
    named = frame.garment_name.rpartition(" ")[2]
    landmarks = fitting.find_landmarks(frame.garment, frame.inner, is_bottom=named in BOTTOMS if named else None)
    return fitting.fit(pose, landmarks, size) if landmarks else pose.scaled_to(size)
