"""What the studio engine's networks are asked while a photograph is edited, in a process of their own."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from studio.model import FigureStep, Pose
from studio.settings import Home

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.engine.edits import Masks
    from studio.jobs.asking import Asking


class AskingDesk:
    """Whether networks are here for a question, and their answers; these are slow, the first one very."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def sees_regions(self) -> bool:
        """Whether a network is here that understands a click; `region_at` asks it."""
        from studio.engine.asked import sees_regions

        return sees_regions(self._home.models)

    def region_at(self, photo: Path, x: float, y: float) -> tuple[tuple[float, float], ...]:
        """The outline of what lies under a point, photo coordinates, () where nothing does.

        Raises PhotoError or EngineError.
        """
        return self._process.region(photo, (x, y))

    def pose_in(self, reference: Path, photo: Path) -> Pose:
        """How the person in another photo stands, laid into the frame of `photo`.

        Raises PhotoError, and EngineError with the remedy where no network for it is here.
        """
        from studio.engine.image import probe
        from studio.engine.poses import to_edit
        from studio.engine.skeleton import from_json

        facts = probe(photo)
        found = from_json(self._process.pose(reference)).known_well()
        return to_edit(found.scaled_to((facts.width, facts.height)))

    def draws_figures(self) -> bool:
        """Whether the networks are here with which `draft_figure` draws."""
        from studio.engine.asked import draws_figures

        return draws_figures(self._home.models)

    def draft_figure(self, photo: Path, pose: Pose, masks: "Masks", step: FigureStep) -> "NDArray[np.uint8]":
        """A quick picture of the figure in `pose` around the garment, (h, w, 3) sRGB, the photo's whole frame, small.

        Raises PhotoError or EngineError, as without a graphics card.
        """
        from studio.engine.drafts import SIDE_PX
        from studio.engine.painting import scaled, working_size
        from studio.engine.poses import from_edit
        from studio.engine.preview import from_png, to_png
        from studio.engine.skeleton import to_json

        height, width = masks.garment.shape
        garment = scaled(masks.garment, working_size((width, height), SIDE_PX))
        drawn = self._process.figure(photo, to_json(from_edit(pose, (width, height))), to_png(garment), step)
        return from_png(drawn)

    def stop(self) -> None:
        """Give the memory of the networks back that clicks, poses and drafts of figures loaded."""
        if "_process" in self.__dict__:
            self._process.close()

    @cached_property
    def _process(self) -> "Asking":
        from studio.jobs.asking import Asking

        return Asking(self._home)
