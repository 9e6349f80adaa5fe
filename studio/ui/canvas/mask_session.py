"""Correcting the masks of one photograph: what was found, the strokes over it, undo and redo without limit."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.model import Edits, Region, Stroke
from studio.ui.canvas.pyramid import CutOut, Pyramid
from studio.ui.canvas.scene import Overlay

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.app import Box, Masks, Studio

    Levels = dict[Overlay, tuple[NDArray[np.uint8], ...]]

# So many strokes are undone by putting pixels back; those before them by replaying.
PATCHES_KEPT = 40


@dataclass(frozen=True, kw_only=True)
class FoundMasks:
    """What is known of a photograph's masks. before: as the engine found them; after: with the strokes of `edits`.

    levels: the mip levels of `after`, level 0 being its very arrays. sees_regions: a network understands clicks here.
    """

    before: "Masks"
    after: "Masks"
    edits: Edits
    levels: "Levels"
    sees_regions: bool = False


def look_up(studio: "Studio", photo: Path, picture: Pyramid) -> FoundMasks:
    """Find the masks of a photograph and lay its strokes over them. Slow: for a thread. Raises StudioError."""
    edits = studio.edits_of(photo)
    before = studio.masks(photo)
    after = studio.replay(before, picture.levels[0][..., :3], edits.strokes)
    return FoundMasks(
        before=before, after=after, edits=edits, levels=levels_of(studio, after), sees_regions=studio.sees_regions()
    )


def levels_of(studio: "Studio", masks: "Masks") -> "Levels":
    """The mip levels of the masks, by the overlay that shows them."""
    kinds = {
        Overlay.GARMENT: masks.garment,
        Overlay.MANNEQUIN: masks.mannequin,
        Overlay.INNER: masks.inner,
        Overlay.DOUBT: doubt_of(masks.garment),
    }
    return {kind: studio.mip_levels(mask) for kind, mask in kinds.items()}


def doubt_of(garment: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    """How undecided the mask is, 0..255: nothing where it says garment or not, all where it stands in the middle."""
    import numpy as np

    return (2 * np.minimum(garment, 255 - garment)).astype(np.uint8)


class MaskSession(QObject):
    """Holds strokes as data and the masks that they make; `changed` says that both are other ones now."""

    changed = Signal()

    def __init__(self, studio: "Studio", found: "FoundMasks", photo: Pyramid, parent: QObject | None = None) -> None:
        """photo: the whole photograph with its mip levels."""
        super().__init__(parent)
        self._studio = studio
        self._found = found.before
        self.sees_regions = found.sees_regions
        self._photo = photo
        self._saved = found.edits
        # What was done in its order; None = all strokes before it were taken back.
        self._steps: list[Stroke | None] = list(found.edits.strokes)
        self._undone: list[Stroke | None] = []
        # What undoing a step puts back; None = the strokes that are left are replayed.
        self._patches: list[tuple[Box, Masks] | None] = [None] * len(self._steps)
        self._masks = found.after
        self.overlays = {kind: Pyramid(levels) for kind, levels in found.levels.items()}
        self.cut_out = CutOut(photo, self.overlays[Overlay.GARMENT])

    @property
    def edits(self) -> Edits:
        """All corrections of the photograph, the pose as it was."""
        return replace(self._saved, strokes=tuple(self._strokes))

    @property
    def _strokes(self) -> list[Stroke]:
        """The strokes that count."""
        strokes: list[Stroke] = []
        for step in self._steps:
            if step:
                strokes.append(step)
            else:
                strokes.clear()
        return strokes

    @property
    def masks(self) -> "Masks":
        """The masks as they are now; not to be changed."""
        return self._masks

    @property
    def is_changed(self) -> bool:
        """Whether there are strokes that were not kept yet, or kept ones undone."""
        return self.edits != self._saved

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._steps)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return bool(self._undone)

    @property
    def count(self) -> int:
        """How many strokes there are."""
        return len(self._strokes)

    def mark_kept(self) -> None:
        """The corrections stand in the store now."""
        self._saved = self.edits

    def add(self, stroke: Stroke) -> None:
        """Lay a stroke over the masks."""
        self._undone.clear()
        self._lay(stroke)

    def undo(self) -> None:
        """Take the last step back."""
        if not self._steps:
            return
        self._undone.append(self._steps.pop())
        patch = self._patches.pop()
        if patch:
            self._put_back(*patch)
        else:
            self._replay()
        self.changed.emit()

    def redo(self) -> None:
        """Take the step taken back last again."""
        if not self._undone:
            return
        if step := self._undone.pop():
            self._lay(step)
        else:
            self._clear()

    def reset(self) -> None:
        """Take all strokes back, in one step that can be undone."""
        self._undone.clear()
        self._clear()

    def region_at(self, x: float, y: float) -> Region:
        """What the masks say about a point of the photograph."""
        height, width = self._masks.garment.shape
        at = (min(max(int(y), 0), height - 1), min(max(int(x), 0), width - 1))
        if self._masks.garment[at] >= 128:
            return Region.GARMENT
        return Region.MANNEQUIN if self._masks.mannequin[at] >= 128 else Region.BACKGROUND

    @property
    def _picture(self) -> "NDArray[np.uint8]":
        return self._photo.levels[0][..., :3]

    def _lay(self, stroke: Stroke) -> None:
        before = self._studio.box_of(stroke, self._masks)
        patch = (before, _cut(self._masks, before)) if before else None
        box = self._studio.apply_stroke(self._masks, self._picture, stroke)
        self._steps.append(stroke)
        self._patches.append(patch)
        if len(self._patches) > PATCHES_KEPT:
            self._patches[-PATCHES_KEPT - 1] = None
        if box:
            self._show(box)
        self.changed.emit()

    def _clear(self) -> None:
        self._steps.append(None)
        self._patches.append(None)
        self._replay()
        self.changed.emit()

    def _put_back(self, box: "Box", patch: "Masks") -> None:
        self._masks.garment[box.slices] = patch.garment
        self._masks.mannequin[box.slices] = patch.mannequin
        self._masks.inner[box.slices] = patch.inner
        self._show(box)

    def _replay(self) -> None:
        self._masks = self._studio.replay(self._found, self._picture, self._strokes)
        levels = levels_of(self._studio, self._masks)
        self.overlays.update({kind: Pyramid(made) for kind, made in levels.items()})
        self.cut_out.garment = self.overlays[Overlay.GARMENT]

    def _show(self, box: "Box") -> None:
        self.overlays[Overlay.DOUBT].levels[0][box.slices] = doubt_of(self._masks.garment[box.slices])
        for pyramid in self.overlays.values():
            pyramid.changed(box.left, box.top, box.right, box.bottom)


def _cut(masks: "Masks", box: "Box") -> "Masks":
    return replace(
        masks,
        garment=masks.garment[box.slices].copy(),
        mannequin=masks.mannequin[box.slices].copy(),
        inner=masks.inner[box.slices].copy(),
    )
