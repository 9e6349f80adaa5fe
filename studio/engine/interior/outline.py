"""The outline of the inside, read from the photo that shows it.

Where the moved inside photo shows fabric and the front shows mannequin, the inside is to be seen: that is what
`inner` means, and here it can be read instead of guessed. Fabric and what lies behind it are told apart by colour
(GrabCut: Rother et al., 2004), seeded by what the front's masks are sure of. The new outline is taken only if it is
near the guessed one and fabric and backdrop differ along it.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.interior.opening import Field, Opening, signed_distance

ROUNDS = 4
LEAST_OVERLAP = 0.3
LEAST_CONTRAST = 0.07
"""Overlap (of union) with the guessed inside, and difference (of white) across the rim, that a new outline needs."""
GAP = 0.012
"""Half the width of gaps that are closed, as a share of the garment's width."""
SAME = 0.03
"""Difference (of white) under which both photos show the same mannequin."""

Flags = NDArray[np.bool_]


def read_outline(opening: Opening, front: Field, inside: Field, mannequin: Flags, seed: int) -> Field | None:
    """The inside's outline as signed distance in working pixels (h, w), positive inside; garment counts as inside.

    front, inside: (h, w, 3) encoded 0..1 at the opening's working resolution, `inside` moved and matched in tone.
    mannequin: (h, w). None = the inside photo does not show the outline clearly.
    """
    fabric = _fabric(opening, front, inside, mannequin, seed)
    shown = _near(fabric & ~opening.garment, opening)
    overlap = np.count_nonzero(shown & opening.hole) / max(1, np.count_nonzero(shown | opening.hole))
    if overlap < LEAST_OVERLAP or _contrast(shown, opening, inside) < LEAST_CONTRAST:
        return None
    return signed_distance(_closed(shown | opening.garment, opening.size), 0.004 * opening.size)


def _fabric(opening: Opening, front: Field, inside: Field, mannequin: Flags, seed: int) -> Flags:
    """Where the inside photo shows fabric."""
    margin = max(2, round(0.012 * opening.size))
    seeds = np.where(_dilated(opening.hole, margin), cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    seeds[_eroded(opening.garment, margin)] = cv2.GC_FGD
    backdrop = _eroded(~(opening.garment | opening.hole | mannequin), margin)
    seeds[backdrop] = cv2.GC_BGD
    unchanged = np.abs(front - inside).max(-1) < SAME
    seeds[_eroded(mannequin & unchanged & ~opening.hole, 2)] = cv2.GC_BGD
    if not ((seeds == cv2.GC_FGD).any() and (seeds == cv2.GC_BGD).any()):
        return opening.hole | opening.garment
    picture = np.rint(inside * 255).clip(0, 255).astype(np.uint8)
    cv2.setRNGSeed(seed % 2**31)  # GrabCut starts from random clusters, drawn from this thread's generator
    no_box, models = (0, 0, 1, 1), (np.zeros((1, 65)), np.zeros((1, 65)))
    cv2.grabCut(picture, seeds, no_box, *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    return _without_islands(np.isin(seeds, (cv2.GC_FGD, cv2.GC_PR_FGD)), backdrop)


def _without_islands(fabric: Flags, backdrop: Flags) -> Flags:
    """The fabric with every gap that has no way to the backdrop filled: labels have the backdrop's colours too."""
    count, labels = _pieces(~fabric, 4)
    open_gaps = np.isin(np.arange(count), np.unique(labels[backdrop & ~fabric]))
    return fabric | ~open_gaps[labels]


def _closed(region: Flags, size: float) -> Flags:
    """The region without the narrow gaps between the garment's soft edge and the fabric behind it."""
    reach = 2 * max(1, round(GAP * size)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_CLOSE, kernel) > 0


def _near(shown: Flags, opening: Opening) -> Flags:
    """The pieces of `shown` that touch the guessed inside, without specks and threads."""
    clean = cv2.morphologyEx(shown.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    clean = cv2.morphologyEx(clean, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, labels = _pieces(clean > 0, 8)
    keep = np.isin(np.arange(count), np.unique(labels[opening.hole])) & (np.arange(count) > 0)
    return keep[labels] & ~opening.garment


def _contrast(shown: Flags, opening: Opening, inside: Field) -> float:
    """Median difference between both sides of the back rim."""
    step = max(2, round(0.01 * opening.size))
    outside = ~(shown | opening.garment)
    away_from_front = ~_dilated(opening.garment, step)
    within = shown & _dilated(outside, step) & away_from_front
    beyond = outside & _dilated(shown, step) & away_from_front
    if not within.any() or not beyond.any():
        return 0.0
    return float(np.abs(np.median(inside[within], axis=0) - np.median(inside[beyond], axis=0)).max())


def _pieces(flags: Flags, connectivity: int) -> tuple[int, NDArray[np.int32]]:
    """How many labels there are, and the label of each pixel; label 0 is where `flags` is not set."""
    count, labels = cv2.connectedComponents(flags.astype(np.uint8), connectivity=connectivity)
    return count, cast(NDArray[np.int32], labels)


def _eroded(flags: Flags, radius: int) -> Flags:
    return cv2.erode(flags.astype(np.uint8), np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)) > 0


def _dilated(flags: Flags, radius: int) -> Flags:
    return cv2.dilate(flags.astype(np.uint8), np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)) > 0
