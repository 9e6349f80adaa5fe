"""What a stage is: a Frame goes in, a Frame comes out."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from studio.engine.raster import Pixels, Raster
from studio.engine.skeleton import Pose
from studio.errors import Cancelled
from studio.model import Edits, Fidelity, ModelUsed, Recipe, ResultFile, Shot

Mask = NDArray[np.uint8]

__all__ = ["Frame", "Mask", "Pixels", "Stage", "StageContext"]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A shot on its way through the pipeline; each stage adds what it made and leaves the rest as it is.

    All masks are uint8 soft coverage 0..255 of shape (H, W), in the geometry of `photo` (EXIF-oriented, full
    resolution). garment + inner (clipped) is the alpha of the finished garment; inner lies under the mannequin.
    None = the stage that makes it has not run, or had nothing to make.

    inside: the photo of the garment's inside. interior: (H, W, 3) pixels of the inside of the garment in the photo's
    profile and bit depth, meaningful where `inner` > 0. interior_source: "joined", "synthesised", "generated"
    or "none". master: (H, W, 4) straight alpha, photo's profile and bit depth. deliverable: the composed picture.
    garment_name: type and colours in words, "" = nobody named it. pose: the figure's skeleton. figure: (h, w, 3) uint8,
    sRGB-encoded, the generated person around the garment at the generator's size or enlarged, same field of view as
    the photo. enlarged_by: the network that made the deliverable larger, "" = none did. compiled: whether the networks
    that painted were compiled, or why not, in words; "" = that is not wanted, or none painted.
    """

    shot: Shot
    photo: Raster
    inside: Raster | None = None
    garment: Mask | None = None
    mannequin: Mask | None = None
    inner: Mask | None = None
    confidence: float = 0.0
    has_mannequin: bool = True
    interior: Pixels | None = None
    interior_source: str = "none"
    master: Pixels | None = None
    deliverable: Raster | None = None
    enlarged_by: str = ""
    compiled: str = ""
    garment_name: str = ""
    pose: Pose | None = None
    figure: NDArray[np.uint8] | None = None
    fidelity: Fidelity | None = None
    models: tuple[ModelUsed, ...] = ()
    transforms: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    review_reasons: tuple[str, ...] = ()
    files: tuple[ResultFile, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    def needs_review(self, recipe: Recipe) -> bool:
        """Whether a person should look before a shop does."""
        return bool(self.review_reasons) or self.confidence < recipe.extract.confidence_min

    def evolve(self, **changes: Any) -> "Frame":
        """A copy with some parts replaced."""
        return replace(self, **changes)


@dataclass(frozen=True, kw_only=True)
class StageContext:
    """What a stage may know besides its frame.

    destination, review_destination: absolute path of the result without suffix. copy: above 1, strangers' files hold
    the plain names; the destinations name it already. before_move is told the files that
    are about to get their final names (so that a killed program recognises its own). progress is called with the
    stage's name and 0..1. models: the folder of the studio engine's networks, None = there is no studio engine. device:
    where it works: "auto", "cuda:1", or "cpu" (never chosen unless named). compiled: the folder in which its compiled
    networks are kept, None = networks are not compiled. edits: what a person corrected on the photo. credentials: the
    folder of the key that finished files are signed with, None = they are not.
    """

    recipe: Recipe
    seed: int
    destination: Path
    review_destination: Path
    copy: int = 1
    progress: Callable[[str, float], None] = lambda stage, fraction: None
    cancelled: Callable[[], bool] = lambda: False
    before_move: Callable[[tuple[ResultFile, ...]], None] = lambda files: None
    models: Path | None = None
    device: str = "auto"
    compiled: Path | None = None
    edits: Edits = field(default_factory=Edits)
    credentials: Path | None = None

    def checkpoint(self) -> None:
        """Raise Cancelled if the work is to stop; call it between steps and tiles."""
        if self.cancelled():
            raise Cancelled


class Stage(Protocol):
    """One step of the pipeline."""

    name: str

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with this stage's layers added. Raises StudioError or Cancelled."""
        ...
