"""The poses that come with the program, and any other that a recipe names."""

from pathlib import Path

from studio.engine import fitting, skeleton
from studio.engine.skeleton import Point, Pose
from studio.engine.stage import Mask
from studio.errors import RecipeError
from studio.model import Pose as EditedPose

FOLDER = Path(__file__).parents[2] / "resources" / "poses"


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
    landmarks = fitting.find_landmarks(garment, inner)
    return to_edit(fitting.fit(from_edit(edited, size), landmarks, size)) if landmarks else edited
