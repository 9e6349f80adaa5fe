"""The poses that come with the program, and any other that a recipe names."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.engine import fitting, skeleton
from studio.engine.colour import to_srgb8
from studio.engine.image import read_photo
from studio.engine.skeleton import Point, Pose
from studio.engine.stage import Mask
from studio.errors import PhotoError, RecipeError
from studio.model import Pose as EditedPose

FOLDER = Path(__file__).parents[2] / "resources" / "poses"
_REFERENCE_PX = 1024

Box = tuple[float, float, float, float]


def names() -> tuple[str, ...]:
    """The presets, in alphabetical order; `FOLDER/NAME.png` is the thumbnail."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def find(name: str) -> Pose | None:
    """The preset of that name or the pose in that JSON file; None = it names another kind of file (a photo).

    Raises RecipeError where there is neither, PhotoError for a JSON file that is no pose.
    """
    preset = FOLDER / f"{name}.json"
    if name in names():
        return skeleton.read_json(preset)
    path = Path(name)
    if not path.is_file():
        hint = f"Presets: {', '.join(names())}. Or name a file with OpenPose's 18 points, or a photo of a person."
        raise RecipeError("Pose not found", f"There is no pose {name}.", hint)
    return skeleton.read_json(path) if path.suffix.lower() == ".json" else None


def of_reference(path: Path, find: Callable[[NDArray[np.uint8], Box], Pose | None]) -> Pose:
    """The pose of the person who fills a reference photo, as a network finds it. Raises PhotoError.

    find: given the photo, (h, w, 3) uint8 sRGB, and the box of the person in it; None = nobody is there.
    """
    photo = read_photo(path)
    height, width = photo.pixels.shape[:2]
    scale = min(1.0, _REFERENCE_PX / max(height, width))
    picture = to_srgb8(photo, (max(1, round(width * scale)), max(1, round(height * scale))))
    found = find(picture, (0.0, 0.0, float(picture.shape[1]), float(picture.shape[0])))
    if found is None or not found.knows("right_shoulder", "left_shoulder"):
        hint = "Use a photo of one person whose shoulders can be seen, or a preset."
        raise PhotoError("No pose found", f"{path.name} shows no shoulders of a person.", hint)
    return found


def from_edit(edited: EditedPose, size: tuple[int, int]) -> Pose:
    """A pose that a person laid on the photo of `size`; points that were not set are unknown."""
    points = tuple(Point(x=place[0], y=place[1]) if place else skeleton.UNKNOWN for place in edited.points)
    return Pose(points=points, size=size)


def to_edit(pose: Pose) -> EditedPose:
    """A pose as a person can bend it; points that are unknown are not set."""
    return EditedPose(points=tuple((point.x, point.y) if point.confidence > 0 else None for point in pose.points))


def fitted(edited: EditedPose, garment: Mask, inner: Mask) -> EditedPose:
    """The pose laid into the garment of the masks (uint8 coverage, photo geometry); itself where they show none."""
    size = garment.shape[1], garment.shape[0]
    # Every n-th pixel says as much: landmarks are found in far fewer, and a window waits for the answer.
    step = max(1, max(size) // _REFERENCE_PX)
    small = garment[::step, ::step]
    seen = small.shape[1], small.shape[0]
    landmarks = fitting.find_landmarks(small, inner[::step, ::step])
    if not landmarks:
        return edited
    return to_edit(fitting.fit(from_edit(edited, size).scaled_to(seen), landmarks, seen).scaled_to(size))
