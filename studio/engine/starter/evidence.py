"""The colours of this one picture as evidence: what has the garment's colours is garment, whatever the network thought.

Histograms of Lab colours, gathered where the network is sure, say for every pixel how common its colour is in backdrop,
mannequin and garment. A colour that two of them share says nothing, and the network's word stands. As in GrabCut
(Rother, Kolmogorov, Blake 2004) colours and labels are found in turns; neighbours of like brightness are held together
by a guided filter (He, Sun, Tang 2010) instead of a graph cut.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.starter.arrays import Bytes, Flags, Floats, box_mean, gaussian_mean_of_bins, pieces
from studio.engine.starter.network import BACKGROUND, GARMENT, INNER, MANNEQUIN

_BINS = 32
_ROUNDS = 3
_COLOUR_SAY = 0.7  # neighbouring pixels are no independent witnesses
_NEIGHBOUR_SAY = 2.5
_SURE = 0.85  # probability from which a pixel lends its colour
_SMOOTHING = 0.5  # bins
_LEAST_SEEN = 20.0  # pixels; fewer give no histogram
_MOST = 0.9  # share of the mannequin that its common colours make up
_LEAST_PATCH = 8  # pixels
_LIKELIER = 2.5  # natural logarithm: twelve times as common on the mannequin
_SUSPECTED = 0.08  # mean probability; of ribs and trims in the mannequin's colour the network says 0.06, specks apart
_ALONGSIDE = 0.25  # share of a patch's outline
_MOST_TAKEN = 0.2  # of the garment; more is a garment in the mannequin's colour, and the rest of it a trim
_MOST_TURNS = 4  # what is given back uncovers what lay behind it
_HALF_SEEN = 0.15  # mean probability of garment in a piece of it that was taken for the mannequin
_BORDERED = 0.4  # share of its outline that is the garment's
_LEAST_PIECE, _MOST_MISSED = 4, 0.1  # pixels; share of the garment
_RARE = 1e-4  # share of a histogram that any colour is granted
_DOUBT = 0.03  # probability that the network is wrong where it is certain
_RADIUS = 1
_FLATNESS = 30.0  # variance of brightness (8-bit steps) that the guided filter evens out


@dataclass(frozen=True, kw_only=True)
class Patch:
    """A piece of the garment in colours of the mannequin.

    area: (h, w), where it lies. share: of the garment's area. likelier: mean logarithm of how much commoner its colours
    are on the mannequin than in the rest of the garment. contact: share of its outline that is outline of the garment.
    alongside: share of its outline along which the mannequin goes on.
    """

    area: Flags
    share: float
    likelier: float
    contact: float
    alongside: float


def weigh_colours(picture: Bytes, classes: Floats) -> Floats:
    """`classes` (4, h, w; probabilities) corrected by the colours of `picture` (h, w, 3), uint8 sRGB.

    A patch that the network took for garment lends the garment its colour and so speaks for itself. Where the rest of
    the garment speaks against it, the mannequin goes on beside it and the network was in doubt, it is the mannequin's.
    A shaded rib that was taken for the mannequin becomes the garment's for the same reasons the other way round.
    """
    weighed, corrected = _weighed(picture, classes), classes
    for wrong, put_right in ((_taken_for_garment, _given_to_mannequin), (_taken_for_mannequin, _given_to_garment)):
        for _ in range(_MOST_TURNS):
            taken = wrong(picture, classes, weighed)
            if not taken.any():
                break
            corrected = put_right(corrected, taken)
            weighed = _weighed(picture, corrected)
    return weighed


def _taken_for_garment(picture: Bytes, seen: Floats, weighed: Floats) -> Flags:
    """Where a piece of the mannequin was taken for the garment: `seen` by the network, `weighed` by colours."""
    body = seen[MANNEQUIN] + seen[INNER]
    taken = np.zeros(body.shape, bool)
    for patch in mannequins_patches(picture, weighed, weighed[GARMENT] > 0.5, _LEAST_PATCH):
        suspected = float(body[patch.area].mean()) > _SUSPECTED and patch.share < _MOST_TAKEN
        if suspected and patch.likelier > _LIKELIER and patch.alongside > _ALONGSIDE:
            taken |= patch.area
    return taken


def _given_to_mannequin(classes: Floats, taken: Flags) -> Floats:
    """`classes` with the garment of `taken` (h, w) given to mannequin and inner, in the proportion they have there."""
    under = classes[INNER] / np.maximum(classes[MANNEQUIN] + classes[INNER], 1e-6)
    moved = np.where(taken, classes[GARMENT], 0)
    changed = classes.copy()
    changed[GARMENT] -= moved
    changed[MANNEQUIN] += moved * (1 - under)
    changed[INNER] += moved * under
    return changed


def _taken_for_mannequin(picture: Bytes, seen: Floats, weighed: Floats) -> Flags:
    """Where a piece of the garment was taken for the mannequin: `seen` by the network, `weighed` by colours."""
    index = _bins_of(_lab(picture))
    garment = weighed[GARMENT] > 0.5
    body = (weighed[MANNEQUIN] + weighed[INNER] > 0.5) & ~garment
    own, mannequins = (_histogram(index, part.astype(np.float32)) for part in (weighed[GARMENT], body))
    taken = np.zeros(garment.shape, bool)
    if own is None or mannequins is None:
        return taken
    for piece in _half_seen_pieces(body & (own > mannequins)[index], garment, seen[GARMENT]):
        rest = _histogram(index, (body & ~_widened(piece)).astype(np.float32))
        if rest is not None and _likelier(index[piece], own, rest) > _LIKELIER:
            taken |= piece
    return taken


def _half_seen_pieces(doubted: Flags, garment: Flags, seen: Floats) -> Iterator[Flags]:
    """The pieces of `doubted` (h, w) that lie along `garment` and that the network half took for garment, which is
    `seen` (h, w; probability) there."""
    labels, areas = pieces(doubted & (seen > _HALF_SEEN / 2), 4)
    outlines = np.where(_rim(labels > 0), labels, 0)
    half_seen = _means(labels, seen, len(areas)) > _HALF_SEEN
    alongside = _means(outlines, _widened(garment), len(areas)) > _BORDERED
    fits = (areas >= _LEAST_PIECE) & (areas < _MOST_MISSED * np.count_nonzero(garment))
    return (labels == label for label in np.flatnonzero(fits & half_seen & alongside))


def _means(labels: NDArray[np.int32], values: Floats | Flags, count: int) -> NDArray[np.float64]:
    """The mean of `values` (h, w) over each of the `count` pieces of `labels` (h, w); 0 for what is labelled 0."""
    labelled = labels > 0
    which = labels[labelled]
    sums = np.bincount(which, weights=values[labelled], minlength=count)
    return sums / np.maximum(np.bincount(which, minlength=count), 1)


def _given_to_garment(classes: Floats, missed: Flags) -> Floats:
    """`classes` with mannequin and inner of `missed` (h, w) given to the garment."""
    changed = classes.copy()
    changed[GARMENT] += np.where(missed, classes[MANNEQUIN] + classes[INNER], 0)
    changed[MANNEQUIN] = np.where(missed, 0, classes[MANNEQUIN])
    changed[INNER] = np.where(missed, 0, classes[INNER])
    return changed


def _weighed(picture: Bytes, classes: Floats) -> Floats:
    lab = _lab(picture)
    index, guide = _bins_of(lab), _Guide.of(lab[..., 0].astype(np.float32))
    body = classes[MANNEQUIN] + classes[INNER]
    seen = np.stack([classes[BACKGROUND], body, classes[GARMENT]])
    said, belief = np.log(seen + _DOUBT), seen
    for _ in range(_ROUNDS):
        near = np.stack([guide.smoothed(part) for part in belief])
        # In place: new arrays of this size cost as much as what is computed into them.
        np.clip(near, 0, 1, out=near)
        near += _DOUBT
        np.log(near, out=near)
        near *= _NEIGHBOUR_SAY
        score = _commonness(index, belief)
        score *= _COLOUR_SAY
        score += said
        score += near
        belief = _normalised(score)
    under = classes[INNER] / np.maximum(body, 1e-6)
    return np.stack([belief[0], belief[1] * (1 - under), belief[2], belief[1] * under]).astype(np.float32)


def mannequins_patches(picture: Bytes, classes: Floats, garment: Flags, least: float) -> list[Patch]:
    """The pieces of at least `least` pixels at the edge of `garment` (h, w) whose colours are common on the mannequin
    of `classes` (4, h, w; probabilities); picture: (h, w, 3) uint8 sRGB.

    Each is judged by the colours of the rest of the garment: speaking for itself it would make any colour the garment's
    own.
    """
    index = _hues_of(picture)
    body = ((classes[MANNEQUIN] + classes[INNER]) * ~garment).astype(np.float32)
    table = _histogram(index, body)
    if table is None:
        return []
    labels, areas = pieces(_without_threads(garment & (table[index] >= _common_share(table))), 4)
    large = [label for label in range(1, len(areas)) if areas[label] >= least]
    beyond = _widened(body > 0.5)
    judged = (_judged(labels == label, garment, index, table, beyond) for label in large)
    return [patch for patch in judged if patch is not None]


def likelier_on_mannequin(picture: Bytes, classes: Floats, garment: Flags, piece: Flags) -> float:
    """Mean logarithm of how much commoner the colours of `piece` (h, w) are on the mannequin than in the rest of
    `garment` (h, w); 0 if too little of either is seen. picture: (h, w, 3) uint8 sRGB; classes: (4, h, w)."""
    if not piece.any():
        return 0.0
    index = _hues_of(picture)
    mannequins = _histogram(index, ((classes[MANNEQUIN] + classes[INNER]) * ~garment).astype(np.float32))
    own = _histogram(index, (garment & ~_widened(piece)).astype(np.float32))
    return 0.0 if mannequins is None or own is None else _likelier(index[piece], mannequins, own)


def _likelier(index: NDArray[np.intp], here: NDArray[np.float64], there: NDArray[np.float64]) -> float:
    """Mean logarithm of how much commoner the colours of `index` are in the histogram `here` than in `there`."""
    return float(np.mean(np.log(here[index] + _RARE) - np.log(there[index] + _RARE)))


def _hues_of(picture: Bytes) -> NDArray[np.intp]:
    """(h, w): the number of each pixel's colour in a histogram to which lightness says less than hue: bodies are
    shaded."""
    return _bins_of(_lab(picture), lightness_bits=4)


def _lab(picture: Bytes) -> Bytes:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB), np.uint8)


def _judged(
    piece: Flags, garment: Flags, index: NDArray[np.intp], mannequins: NDArray[np.float64], beyond: Flags
) -> Patch | None:
    """A piece of the garment beside the rest of it; None = it lies amid the garment, or there is no rest.

    index: (h, w), the number of each pixel's colour in `mannequins`, the histogram of the mannequin. beyond: (h, w),
    the mannequin outside the garment and what is next to it.
    """
    outline = _rim(piece)
    contact = float(np.mean(_widened(~garment)[outline]))
    own = _histogram(index, (garment & ~_widened(piece)).astype(np.float32)) if contact else None
    if own is None:
        return None
    return Patch(
        area=piece,
        share=np.count_nonzero(piece) / np.count_nonzero(garment),
        likelier=_likelier(index[piece], mannequins, own),
        contact=contact,
        alongside=float(np.mean(beyond[outline])),
    )


def _rim(flags: Flags) -> Flags:
    """The pixels of `flags` that lie beside others."""
    return flags & ~(cv2.erode(flags.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _widened(flags: Flags) -> Flags:
    return cv2.dilate(flags.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0


def _common_share(table: NDArray[np.float64]) -> float:
    """The least share of a colour among those, the commonest first, that make up nine tenths of a histogram."""
    falling = np.sort(table)[::-1]
    return float(falling[np.searchsorted(np.cumsum(falling), _MOST)])


def _without_threads(flags: Flags) -> Flags:
    return cv2.morphologyEx(flags.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0


def _commonness(index: NDArray[np.intp], belief: Floats) -> Floats:
    """(n, h, w): logarithm of the share of each pixel's colour among the sure pixels of each of the n parts."""
    tables = [_histogram(index, part) for part in belief]
    known = [table for table in tables if table is not None]
    # A part of which too little is seen has no colours of its own: it gets the least that any other offers.
    least = np.min(known, axis=0) if known else np.zeros(_BINS**3)
    logs = [np.log((least if table is None else table) + _RARE) for table in tables]
    return np.stack([np.take(table.astype(np.float32), index) for table in logs])


def _bins_of(lab: Bytes, lightness_bits: int = 5) -> NDArray[np.intp]:
    """(h, w): the number of each pixel's colour in a histogram. lightness_bits: how many of lightness count."""
    lightness, a, b = (lab[..., channel].astype(np.uint16) for channel in range(3))
    return (((lightness >> (8 - lightness_bits)) * _BINS + (a >> 3)) * _BINS + (b >> 3)).astype(np.intp)


def _histogram(index: NDArray[np.intp], part: Floats) -> NDArray[np.float64] | None:
    """Shares of the colours where `part` is sure, smoothed; None if there are too few pixels."""
    sure = part > _SURE
    weight = np.minimum((part[sure] - _SURE) / (1 - _SURE), 1)
    if weight.sum() < _LEAST_SEEN:
        return None
    counts = np.bincount(index[sure], weights=weight, minlength=_BINS**3).reshape(_BINS, _BINS, _BINS)
    smooth = gaussian_mean_of_bins(counts, _SMOOTHING).ravel()
    return smooth / smooth.sum()


def _normalised(score: Floats) -> Floats:
    """The probabilities (n, h, w) of n parts from their logarithms up to a sum; `score` is overwritten with them."""
    score -= score.max(axis=0)
    chance = np.exp(score, out=score)
    chance /= chance.sum(axis=0)
    return cast(Floats, chance)


@dataclass(frozen=True, kw_only=True)
class _Guide:
    """A grey picture by which others are smoothed (guided filter), with its mean and variance; all (h, w) float32."""

    picture: Floats
    mean: Floats
    variance: Floats

    @classmethod
    def of(cls, picture: Floats) -> "_Guide":
        mean = _mean(picture)
        return cls(picture=picture, mean=mean, variance=_mean(picture * picture) - mean * mean)

    def smoothed(self, values: Floats) -> Floats:
        """`values` smoothed where the guide is smooth."""
        mean = _mean(values)
        common = _mean(self.picture * values) - self.mean * mean
        slope = common / (self.variance + np.float32(_FLATNESS))
        return _mean(slope) * self.picture + _mean(mean - slope * self.mean)


def _mean(values: Floats) -> Floats:
    return box_mean(values, _RADIUS)
