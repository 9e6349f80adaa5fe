"""The poses that come with the program, and any other that a recipe names."""

from pathlib import Path

from studio.engine import skeleton
from studio.engine.skeleton import Point, Pose
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
