"""Which of what the network saw is the garment to be cut out, and what a person should know about the picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from studio.engine.placement import CUT_BORDER, border_share
from studio.engine.starter.arrays import Flags, Floats, gaussian_mean, pieces
from studio.engine.starter.network import BACKGROUND, GARMENT, INNER, MANNEQUIN

_LEAST_AREA = 0.004  # share of the picture; less is no garment
_LEAST_CERTAINTY = 0.7  # mean probability of a part that is the garment's
_SMALL_PART = 0.15  # share of the largest part under which a part is a stray
_LEAST_BACK = 0.002  # share of the largest part from which a piece in an opening is a part of the garment's back
_IN_OPENING = 0.3  # mean probability of `inner` around such a piece
_FLANKED = 0.5  # share of such a piece that stands between two parts of the garment
_SECOND_GARMENT = 0.3  # share of the largest part from which a part is a garment of its own
_LEAST_MANNEQUIN = 0.01  # share of the garment's area; less is no mannequin
_FILLED_HOLE = 0.0005  # share of the garment's area under which a hole is a button, not an opening
_INNER_SIGMA = 2.5  # pixels of the network
_LEAST_INNER = 0.0004  # share of the garment's area
_INNER_HOLE = 0.002


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The garment and what carries it, at the network's size; all float32 (h, w), 0..1.

    garment: coverage. mannequin: coverage of mannequin or limbs among what is not garment. inner: the share of
    what is not garment that shows the inside of the garment once the mannequin is gone. parts: connected pieces of
    garment. garments: those of them large enough to be one. strays: area of what was dropped, as a share of the
    garment. border: share of the frame's length on which the garment lies. cut: the garment leaves the frame.
    """

    garment: Floats
    mannequin: Floats
    inner: Floats
    parts: int
    garments: int
    strays: float
    border: float
    cut: bool
    has_mannequin: bool


def find_subject(classes: Floats) -> Subject | None:
    """The subject in `classes` (4, h, w), or None if there is no garment in the picture."""
    seen = classes[GARMENT]
    kept = _garment_parts(seen, classes[INNER])
    if np.count_nonzero(kept) < _LEAST_AREA * seen.size:
        return None
    garment = _filled(np.where(_grown(kept), seen, 0).astype(np.float32))
    area = float(garment.sum())
    carried = classes[MANNEQUIN] + classes[INNER]
    joined = kept | (classes[INNER] > 0.5)  # the halves of an open front are one garment
    border = border_share(garment > 0.5)
    return Subject(
        garment=garment,
        mannequin=_share(carried, classes[BACKGROUND]),
        inner=_inside(_share(classes[INNER], classes[MANNEQUIN] + classes[BACKGROUND]), garment),
        parts=_count_parts(joined, _SMALL_PART),
        garments=_count_parts(joined, _SECOND_GARMENT),
        strays=float(np.count_nonzero((seen > 0.5) & ~kept)) / area,
        border=border,
        cut=border > CUT_BORDER,
        has_mannequin=float(carried.sum()) > _LEAST_MANNEQUIN * area,
    )


def _garment_parts(seen: Floats, inner: Floats) -> Flags:
    """The connected pieces that belong to the garment: seen with certainty, and large, or lying in its opening or
    between its straps, as the band at its back does."""
    labels, areas = pieces(seen > 0.5, 8)
    certainty = np.bincount(labels.ravel(), weights=seen.ravel()) / np.maximum(areas, 1)
    largest = areas[1:].max(initial=0)
    good = (areas >= _SMALL_PART * largest) & (certainty >= _LEAST_CERTAINTY)
    small = (areas >= _LEAST_BACK * largest) & ~good & (certainty >= _LEAST_CERTAINTY)
    flanked = _between(good[labels] & (labels > 0))
    for label in np.flatnonzero(small[1:]) + 1:
        around = _grown(labels == label) & (labels == 0)
        between = float(flanked[labels == label].mean())
        good[label] = between > _FLANKED or float(inner[around].mean()) > _IN_OPENING
    good[0] = False
    return good[labels]


def _between(flags: Flags) -> Flags:
    """Where (h, w) `flags` are set both to the left and to the right in the same row."""
    return np.logical_or.accumulate(flags, 1) & np.logical_or.accumulate(flags[:, ::-1], 1)[:, ::-1]


def _grown(flags: Flags) -> Flags:
    return cv2.dilate(flags.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0


def _filled(garment: Floats) -> Floats:
    """Small holes are closed: buttons, labels and prints in the colour of the mannequin or the backdrop."""
    labels, areas = pieces(garment <= 0.5, 8)
    border = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    small = areas < max(4.0, _FILLED_HOLE * float(garment.sum()))
    small[border] = False
    small[0] = False
    return np.where(small[labels], np.float32(1), garment)


def _count_parts(kept: Flags, least: float) -> int:
    """How many pieces have at least the share `least` of the largest one's area."""
    _, areas = pieces(kept, 8)
    return int(np.count_nonzero(areas[1:] >= least * areas[1:].max(initial=1)))


def _share(part: Floats, rest: Floats) -> Floats:
    """part / (part + rest), carried on smoothly to where neither was seen."""
    near, wide = (_ratio(part, rest, sigma) for sigma in (1.0, 4.0))
    weight = np.minimum(1, (part + rest) * 2)
    return weight * near + (1 - weight) * wide


def _inside(share: Floats, garment: Floats) -> Floats:
    """The share of `inner` with a smooth outline, only where it borders on the garment, and without holes."""
    smooth = gaussian_mean(share, _INNER_SIGMA)
    shown = (smooth > 0.5) & (garment <= 0.5)
    labels, areas = pieces(shown, 8)
    stray = areas < _LEAST_INNER * float(garment.sum())
    stray[np.setdiff1d(labels, labels[_grown(garment > 0.5)])] = True
    stray[0] = False
    smooth = np.where(_grown(stray[labels]) & ~_grown(shown & ~stray[labels]), np.float32(0), smooth)
    holes = _enclosed((smooth > 0.5) | (garment > 0.5), float(garment.sum()))
    return np.where(_grown(holes), np.float32(1), smooth)


def _enclosed(cover: Flags, area: float) -> Flags:
    """The small holes of `cover`."""
    labels, areas = pieces(~cover, 4)
    small = areas < _INNER_HOLE * area
    small[0] = False
    return small[labels]


def _ratio(part: Floats, rest: Floats, sigma: float) -> Floats:
    above = gaussian_mean(part, sigma)
    below = above + gaussian_mean(rest, sigma)
    return above / np.maximum(below, 1e-6)
