"""Correcting the masks of one photograph: what was found, the strokes over it, undo and redo without limit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from studio.model import Edits, Stroke
from studio.ui.background import Background
from studio.ui.canvas.pyramid import CutOut, Pyramid
from studio.ui.canvas.scene import Overlay

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.app import Box, Masks, Studio

    Levels = dict[Overlay, tuple[NDArray[np.uint8], ...]]

# So many bytes of masks are kept to undo steps by putting pixels back; those before them are undone by replaying.
PATCHES_KEPT_BYTES = 300_000_000


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
    edits = studio.corrections.of(photo)
    before = studio.corrections.find_masks(photo)
    after = studio.corrections.replay(before, picture.levels[0][..., :3], edits.strokes)
    return FoundMasks(
        before=before,
        after=after,
        edits=edits,
        levels=levels_of(studio, after),
        sees_regions=studio.asking.sees_regions(),
    )


def levels_of(studio: "Studio", masks: "Masks") -> "Levels":
    """The mip levels of the masks, by the overlay that shows them."""
    kinds = {
        Overlay.GARMENT: masks.garment,
        Overlay.MANNEQUIN: masks.mannequin,
        Overlay.INNER: masks.inner,
        Overlay.DOUBT: doubt_of(masks.garment),
    }
    return {kind: studio.pictures.mip_levels(mask) for kind, mask in kinds.items()}


def doubt_of(garment: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    """How undecided the mask is, 0..255: nothing where it says garment or not, all where it stands in the middle."""
    import numpy as np

    return (2 * np.minimum(garment, 255 - garment)).astype(np.uint8)


# A stroke; None = all strokes before it were taken back.
Step = Stroke | None


class MaskSession(QObject):
    """Holds strokes as data and the masks that they make; `changed` says that one or the other is another one now.

    What is done is among the `edits` at once. The masks follow from a thread: a wide brush that stops at edges takes
    seconds on a large photograph. The thread alone changes masks and levels, in place; one painted meanwhile shows a
    part of the stroke.
    """

    changed = Signal()

    def __init__(self, studio: "Studio", found: "FoundMasks", photo: Pyramid, background: Background) -> None:
        """photo: the whole photograph with its mip levels."""
        super().__init__()
        self._studio = studio
        self._background = background
        self._found = found.before
        self.sees_regions = found.sees_regions
        self._photo = photo
        self._saved = found.edits
        # The strokes that a result is, or will be, made with as far as a person was told.
        self._told = found.edits.strokes
        # What was done in its order.
        self._steps: list[Step] = list(found.edits.strokes)
        self._undone: list[Step] = []
        # The steps that the masks show, as far as is known here; and as the thread has them.
        self._shown: tuple[Step, ...] = tuple(self._steps)
        self._laid: list[Step] = list(self._steps)
        # What undoing a laid step puts back; None = the strokes that are left are replayed.
        self._patches: list[tuple[Box, Masks] | None] = [None for _ in self._laid]
        self._masks = found.after
        self.overlays = {kind: Pyramid(levels) for kind, levels in found.levels.items()}
        self.cut_out = CutOut(photo, self.overlays[Overlay.GARMENT])

    @property
    def edits(self) -> Edits:
        """All corrections of the photograph, the pose as it was."""
        return replace(self._saved, strokes=tuple(_strokes(self._steps)))

    @property
    def masks(self) -> "Masks":
        """The masks as they are now; not to be changed."""
        return self._masks

    @property
    def is_changed(self) -> bool:
        """Whether there are strokes that were not kept yet, or kept ones undone."""
        return self.edits != self._saved

    @property
    def is_ahead(self) -> bool:
        """Whether the strokes are others than those that a result is made with, and nobody was told."""
        return self.edits.strokes != self._told

    @property
    def is_behind(self) -> bool:
        """Whether the masks still follow what was done."""
        return self._shown != tuple(self._steps)

    @property
    def waiting(self) -> list[Stroke]:
        """The strokes that the masks do not show yet."""
        return _strokes(self._steps[_common(self._shown, self._steps) :])

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
        return len(_strokes(self._steps))

    def mark_kept(self) -> None:
        """The corrections stand in the store now."""
        self._saved = self.edits

    def mark_told(self) -> None:
        """A person knows by now what becomes of the strokes."""
        self._told = self.edits.strokes

    def add(self, stroke: Stroke) -> None:
        """Lay a stroke over the masks; one that lies outside the photograph changes nothing and is none."""
        if self._studio.corrections.box_of(stroke, self._masks):
            self._undone.clear()
            self._steps.append(stroke)
            self._follow()

    def undo(self) -> None:
        """Take the last step back."""
        if self._steps:
            self._undone.append(self._steps.pop())
            self._follow()

    def redo(self) -> None:
        """Take the step taken back last again."""
        if self._undone:
            self._steps.append(self._undone.pop())
            self._follow()

    def reset(self) -> None:
        """Take all strokes back, in one step that can be undone."""
        self._undone.clear()
        self._steps.append(None)
        self._follow()

    @property
    def _picture(self) -> "NDArray[np.uint8]":
        return self._photo.levels[0][..., :3]

    def _follow(self) -> None:
        steps = tuple(self._steps)
        self._background.ask_anew(("strokes", self), lambda: self._bring_to(steps), self._on_brought)
        self.changed.emit()

    def _on_brought(self, steps: object) -> None:
        self._shown = cast("tuple[Step, ...]", steps)
        self.changed.emit()

    def _bring_to(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        """In the thread: make the masks those of `steps`, by what is left to do; returns them."""
        shared = _common(self._laid, steps)
        while len(self._laid) > shared and (patch := self._patches[-1]):
            self._put_back(*patch)
            self._laid.pop()
            self._patches.pop()
        if len(self._laid) > shared or None in steps[shared:]:
            self._replay(steps)
        else:
            for step in steps[shared:]:
                assert step
                self._lay(step)
        return steps

    def _lay(self, stroke: Stroke) -> None:
        before = self._studio.corrections.box_of(stroke, self._masks)
        patch = (before, _cut(self._masks, before)) if before else None
        box = self._studio.corrections.apply_stroke(self._masks, self._picture, stroke)
        self._laid.append(stroke)
        self._patches.append(patch)
        self._drop_old_patches()
        if box:
            self._show(box)

    def _drop_old_patches(self) -> None:
        kept = 0
        for place in reversed(range(len(self._patches))):
            patch = self._patches[place]
            kept += 3 * patch[1].garment.nbytes if patch else 0
            if kept > PATCHES_KEPT_BYTES:
                self._patches[place] = None

    def _put_back(self, box: "Box", patch: "Masks") -> None:
        self._masks.garment[box.slices] = patch.garment
        self._masks.mannequin[box.slices] = patch.mannequin
        self._masks.inner[box.slices] = patch.inner
        self._show(box)

    def _replay(self, steps: tuple[Step, ...]) -> None:
        masks = self._studio.corrections.replay(self._found, self._picture, _strokes(steps))
        levels = levels_of(self._studio, masks)
        self._masks, self._laid = masks, list(steps)
        self._patches = [None for _ in steps]
        self.overlays = {kind: Pyramid(made) for kind, made in levels.items()}
        self.cut_out.garment = self.overlays[Overlay.GARMENT]

    def _show(self, box: "Box") -> None:
        self.overlays[Overlay.DOUBT].levels[0][box.slices] = doubt_of(self._masks.garment[box.slices])
        for pyramid in self.overlays.values():
            pyramid.changed(box.left, box.top, box.right, box.bottom)


def _strokes(steps: Sequence[Step]) -> list[Stroke]:
    """The strokes that count."""
    strokes: list[Stroke] = []
    for step in steps:
        if step:
            strokes.append(step)
        else:
            strokes.clear()
    return strokes


def _common(some: Sequence[Step], others: Sequence[Step]) -> int:
    """How many steps both begin with."""
    pairs = zip(some, others, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(some), len(others)))


def _cut(masks: "Masks", box: "Box") -> "Masks":
    return replace(
        masks,
        garment=masks.garment[box.slices].copy(),
        mannequin=masks.mannequin[box.slices].copy(),
        inner=masks.inner[box.slices].copy(),
    )
