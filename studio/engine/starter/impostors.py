"""What the network takes for a garment though the picture shows none: a bare wall, noise, a page of text.

The limits stand well apart from what garments give. Over 416 pictures of garments (rendered, on mannequins, hangers,
people, laid flat) at most 0.30 of the frame was garment and the edge was never less clear than 0.08; empty sets, noise
and plain surfaces give 0.92 and more, pages of text an edge of 0.02 at most.
"""

import cv2
import numpy as np

from studio.engine.starter.arrays import Bytes, Floats
from studio.engine.starter.discriminant import Edge
from studio.engine.starter.subject import Subject
from studio.model import Mode

_ALL_ROUND = {Mode.CUTOUT: 0.9}  # a detail may be cut on three sides
_MOST_ROUND = 0.6
_NO_EDGE = 0.03
_BUSY_SPREAD = 24.0  # 8-bit steps
_BUSY_SIDE = 0.012  # of the longer side
_BUSY_SHARE = 0.3


def fills_the_frame(subject: Subject, mode: Mode) -> bool:
    """Whether hardly any of the frame's border is free of what was taken for the garment: a surface, not a garment."""
    return subject.border > _ALL_ROUND.get(mode, _MOST_ROUND)


def is_all_pattern(picture: Bytes, coverage: Floats, edge: Edge) -> bool:
    """Whether what was taken for the garment is full of contrast, and its edge has none: text, not a garment.

    picture: (h, w, 3). coverage: (h, w).
    """
    if edge.clarity >= _NO_EDGE:
        return False
    covered = coverage > 0.5
    return bool(covered.any()) and float(np.mean(_spread(picture)[covered] > _BUSY_SPREAD)) > _BUSY_SHARE


def _spread(picture: Bytes) -> Floats:
    """The standard deviation of brightness around each pixel."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    side = max(5, round(_BUSY_SIDE * max(grey.shape)))
    mean, square = cv2.blur(grey, (side, side)), cv2.blur(grey * grey, (side, side))
    return np.sqrt(np.maximum(np.asarray(square - mean * mean, np.float32), 0))
