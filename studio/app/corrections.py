"""What a person corrects on photographs: kept with their content, and laid over the masks."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from studio.jobs import corrections
from studio.jobs.store import Store
from studio.model import Edits, Stroke

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.engine.edits import Box, Masks


class CorrectionDesk:
    """The corrections of photos, and masks with a person's strokes; slow, for any thread but a window's, where nothing
    else is said."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, photo: Path) -> Edits:
        """What a person corrected on a photo; quick after the first time, when it is hashed. Raises PhotoError."""
        return self._store.edits_of(corrections.content_hash(photo))

    def keep(self, photo: Path, edits: Edits) -> None:
        """Replace the corrections of a photo; they go with its content, whatever its name. As quick as `of`.

        Raises PhotoError.
        """
        self._store.keep_edits(corrections.content_hash(photo), edits)

    def teach(self, photo: Path, others: Iterable[Path]) -> list[Path]:
        """Take what a person painted as mannequin in `photo` over to `others`; returns those whose masks it changes.

        Slow (about a second a photo). A photo that cannot be read is left out. Raises PhotoError for `photo` itself.
        """
        return corrections.teach(self._store, photo, others)

    def find_masks(self, photo: Path) -> "Masks":
        """What the starter engine finds in a photo, before any correction. Raises PhotoError or EngineError."""
        from studio.engine.preview import find_masks

        return find_masks(photo)

    def replay(self, found: "Masks", picture: "NDArray[np.uint8]", strokes: Iterable[Stroke]) -> "Masks":
        """Masks after a person's strokes, as new arrays; picture as `Preview` level 0, three channels."""
        from studio.engine.edits import replay_strokes

        return replay_strokes(found, picture, strokes)

    def apply_stroke(self, masks: "Masks", picture: "NDArray[np.uint8]", stroke: Stroke) -> "Box | None":
        """Change masks in place by one stroke; returns the box that changed."""
        from studio.engine.edits import apply_stroke

        return apply_stroke(masks, picture, stroke)

    def box_of(self, stroke: Stroke, masks: "Masks") -> "Box | None":
        """The part of the masks that a stroke can change, None when it lies outside. Quick."""
        from studio.engine.edits import box_of

        height, width = masks.garment.shape
        return box_of(stroke, width, height)
