"""How the person in a reference photo stands: by OpenPose where its licence was accepted, ViTPose, or BlazePose."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

from studio.engine import blazepose, poses
from studio.engine.gpu import libraries, openpose, readiness, vitpose
from studio.engine.gpu.runtime import Runtime
from studio.engine.models.catalog import catalog_of
from studio.engine.models.store import ModelStore
from studio.engine.painting import Picture
from studio.engine.skeleton import Pose
from studio.errors import EngineError

BLAZEPOSE = "blazepose"


def of_photo(photo: Path, models: Path, runtime: Callable[[], Runtime]) -> tuple[Pose, str]:
    """The pose of the person (or mannequin) who fills a photo, in its coordinates, and the id of the model that saw it.

    models: the folder of models. runtime: asked for networks that need one. Raises PhotoError for the photo,
    EngineError where neither model is ready.
    """
    # As with faces: who accepted a licence by name and fetched the network wants it.
    if libraries.are_installed() and not readiness.missing(models, (openpose.MODEL,)):
        return poses.of_reference(photo, lambda picture, box: _by_openpose(runtime(), picture, box)), openpose.MODEL
    if libraries.are_installed() and not readiness.missing(models, (vitpose.MODEL,)):
        return poses.of_reference(photo, lambda picture, box: _by_vitpose(runtime(), picture, box)), vitpose.MODEL
    if importlib.util.find_spec("ai_edge_litert") and not readiness.missing(models, (BLAZEPOSE,)):
        interpreter = blazepose.load(ModelStore(models).require(catalog_of(models).find(BLAZEPOSE)))
        pose = poses.of_reference(photo, lambda picture, box: blazepose.find_pose(interpreter, picture, box))
        return pose, BLAZEPOSE
    raise EngineError(
        "No model for poses",
        "Finding a pose in a photo needs ViTPose or BlazePose, and neither is ready on this computer.",
        "Download one of them under Models, or import a file of OpenPose points.",
    )


def _by_openpose(runtime: Runtime, picture: Picture, box: poses.Box) -> Pose | None:
    return runtime.by_itself(lambda: openpose.find_pose(openpose.load(runtime), picture, box))


def _by_vitpose(runtime: Runtime, picture: Picture, box: poses.Box) -> Pose | None:
    return runtime.by_itself(lambda: vitpose.find_pose(vitpose.load(runtime), picture, box))
