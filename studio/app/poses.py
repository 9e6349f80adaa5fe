"""Poses: presets, the photographer's own among them, and poses from files."""

from pathlib import Path
from typing import TYPE_CHECKING

from studio.errors import RecipeError
from studio.files import output_errors, write_atomically
from studio.model import Pose
from studio.recipes import check_name
from studio.settings import Home, resources

if TYPE_CHECKING:
    from studio.engine.edits import Masks


class PoseDesk:
    """The poses that can be chosen, and keeping one."""

    def __init__(self, home: Home) -> None:
        self._folder = home.folder / "poses"

    def all(self) -> dict[str, Path]:
        """The poses that can be chosen, by name, each with the file of its points; NAME.png beside it shows it."""
        built_in = {path.stem: path for path in sorted((resources() / "poses").glob("*.json"))}
        return built_in | self.own()

    def own(self) -> dict[str, Path]:
        """The photographer's own presets among `all`."""
        return {path.stem: path for path in sorted(self._folder.glob("*.json"))}

    def read(self, path: Path, photo: Path) -> Pose:
        """The pose in an OpenPose JSON file, laid into the frame of a photo. Raises PhotoError."""
        from studio.engine.image import probe
        from studio.engine.poses import to_edit
        from studio.engine.skeleton import read_json

        facts = probe(photo)
        return to_edit(read_json(path).scaled_to((facts.width, facts.height)))

    def fit(self, pose: Pose, masks: "Masks") -> Pose:
        """The pose moved and scaled into the garment that the masks show; itself where they show none."""
        from studio.engine.poses import fitted

        return fitted(pose, masks.garment, masks.inner)

    def keep(self, pose: Pose, name: str, size: tuple[int, int]) -> None:
        """Keep a pose among the photographer's own presets. size: of the photo it lies in.

        Raises RecipeError for a name that cannot be used, OutputError.
        """
        from studio.engine.poses import from_edit, names
        from studio.engine.skeleton import to_json

        if name in names():
            raise RecipeError("Name taken", f"{name} is a pose of the program.", "Give yours another name.")
        check_name(name)
        write_atomically(self._folder / f"{name}.json", to_json(from_edit(pose, size)).encode())

    def forget(self, name: str) -> None:
        """Remove one of the photographer's own presets; nothing happens when there is none. Raises OutputError."""
        if path := self.own().get(name):
            with output_errors(path):
                path.unlink(missing_ok=True)
