"""Whether the set is seen through a neck: then no back of the garment stands behind it.

Ghost mannequins have a gap in the chest, or no chest at all.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.interior.opening import Field, Opening
from studio.engine.raster import Pixels
from studio.engine.stage import Mask

LEAST_GAP = 0.03
"""Width, as a share of the garment's, from which the backdrop amid an opening is no chain and no flaw of the mask."""

WIDTH_PX = 200
"""Width of the garment at which steps of colour are measured."""
CALM = 0.4
"""Step of colour (CIE Lab, a pixel) up to which a surface goes on; a neck before a backdrop of its own colour still
makes stronger ones."""
BURNT_OUT = 0.965
"""Share of white from which a photo shows no edges any more."""
LEAST_SEEN, LEAST_BACKDROP, LEAST_BEYOND = 0.3, 0.3, 0.3
"""Of an opening: the share in which the backdrop goes on; of a surface in it: the share that is backdrop of what lies
beyond the opening, and the area that lies there, as a share of the area within. At the necks of 171 rendered garments
on mannequins one such surface is found, whether 0.1 or 0.5 of it has to be backdrop."""


def shows_the_set(opening: Opening, photo: Pixels, inner: Mask, mannequin: Mask) -> bool:
    """Whether the set is seen amid the opening.

    photo: (H, W, 3), uint8 or uint16, the frame's, in its own profile. inner, mannequin: (H, W), 0..255, the frame's;
    inner holds other openings too.
    """
    return _has_a_gap(opening, inner) or _backdrop_goes_on(opening, photo, mannequin)


def _has_a_gap(opening: Opening, inner: Mask) -> bool:
    """Whether the opening lies around a piece of the backdrop."""
    bare = (~(opening.hole | opening.garment | (opening.shrunk(inner) > 127))).astype(np.uint8)
    labels = cv2.connectedComponents(bare)[1]
    wide = np.unique(labels[cv2.distanceTransform(bare, cv2.DIST_L2, 5) > LEAST_GAP / 2 * opening.size])
    beyond = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1], [0]])
    beside = labels[cv2.dilate(opening.hole.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0]
    return bool(np.isin(np.setdiff1d(wide, beyond), beside).any())


def _backdrop_goes_on(opening: Opening, photo: Pixels, mannequin: Mask) -> bool:
    """Whether a surface that is backdrop around the opening goes on into it without an edge."""
    look = opening.look(photo)
    factor = min(1.0, WIDTH_PX / max(1.0, opening.size))
    size = max(1, round(look.shape[1] * factor)), max(1, round(look.shape[0] * factor))

    def small(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return cv2.resize(flags.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0

    hole = small(opening.hole)
    free = cv2.dilate(small(opening.garment).astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    calm = free & _is_calm(cast(Field, cv2.resize(look, size, interpolation=cv2.INTER_AREA)))
    surfaces = cv2.erode(calm.astype(np.uint8), np.ones((5, 5), np.uint8))  # nothing goes on through a bridge
    labels = np.asarray(cv2.connectedComponents(surfaces, connectivity=4)[1], np.intp)
    backdrop = ~hole & ~small(opening.shrunk(mannequin) > 127)
    within, beyond, bare = (np.bincount(labels[where], minlength=labels.max() + 1) for where in (hole, ~hole, backdrop))
    goes_on = (beyond > LEAST_BEYOND * within) & (bare > LEAST_BACKDROP * beyond)
    return bool(within[1:][goes_on[1:]].sum() > LEAST_SEEN * max(1, np.count_nonzero(hole & free)))


def _is_calm(look: Field) -> NDArray[np.bool_]:
    """Where (h, w) neither an edge runs nor the photo is burnt out; look: (h, w, 3), encoded 0..1."""
    lab = cv2.GaussianBlur(cv2.cvtColor(look, cv2.COLOR_RGB2LAB), (0, 0), 1.0)
    across, down = (cv2.Sobel(lab, cv2.CV_32F, x, 1 - x, ksize=3) / 8 for x in (1, 0))
    step = np.sqrt((across**2 + down**2).sum(-1))
    return cast(NDArray[np.bool_], (step < CALM) & (look.min(-1) < BURNT_OUT))
