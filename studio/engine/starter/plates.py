"""Frames of the set as evidence: what looks as it does on the empty set, or on the bare mannequin, is no garment.

    on_the_set(sight, picture, shot) -> sight

`plate` shows the empty set, `bare` the bare mannequin on it, both with the camera and light of the photo. Each is laid
over the photo (ECC: Evangelidis and Psarakis, 2008; a shift and turn of a few pixels) and brought to its exposure where
the network is sure that both show the same. Then every pixel is asked how likely it is as noise over that frame, as a
shadow that falls on it (Bayesian, with the noise measured in the same pictures), or as something else, and the
network's probabilities are multiplied by the answer.
"""

import functools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from studio.engine.colour import to_srgb8
from studio.engine.image import read_photo
from studio.engine.starter.arrays import Bytes, Flags, Floats, gaussian_mean_of_bins, shrunk
from studio.engine.starter.network import BACKGROUND, GARMENT, INNER, MANNEQUIN, Sight
from studio.engine.starter.refine import middle_size
from studio.errors import PhotoError
from studio.model import Shot

_SURE = 0.9  # probability from which the network's word is good enough to lay frames over each other by
_LEAST_SURE = 0.02  # share of the picture that must be sure
_FARTHEST = 0.03  # of the longer side: a frame that lies farther off was not taken with the same camera
_LEAST_NOISE = 1.5  # steps of 8 bit
_MOST_NOISE = 12.0
_ANYTHING = 80.0  # steps of 8 bit in each channel over which the colours of a garment are spread
_BINS = 32
_DARKEST_SHADOW = 0.65
_SHADOW_SHARE = 0.2
_SAY = 0.4  # neighbouring pixels are no independent witnesses
_MOST_SAY = 2.0  # natural logarithm: a frame may be wrong too
_CALM_PX = 2.0  # of the network: a colour that happens to fit is no evidence, an area that fits is
_BELIEVED = 0.8  # probability of garment from which on the frames are heard less and less
_DOUBT = 0.005  # probability that the network is wrong where it is certain


def on_the_set(sight: Sight, picture: Bytes, shot: Shot) -> tuple[Sight, tuple[str, ...]]:
    """What the network saw, corrected by the frames of the set that the shot names, and what a person should know.

    Raises PhotoError for a frame that cannot be read.
    """
    plate, bare = (_frame_of(path) if path else None for path in (shot.plate, shot.bare))
    found = _likenesses(sight, picture, plate, bare)
    return _heard(sight, *found), _warnings(shot, *found)


def _frame_of(path: Path) -> Bytes:
    try:
        state = path.stat()
    except OSError as error:
        hint = "Put it back, or work without it."
        raise PhotoError("Photo of the set gone", f"{path} cannot be read any more.", hint) from error
    return _read(path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=4)
def _read(path: Path, modified_ns: int, size_bytes: int) -> Bytes:
    """A frame of the set at the middle size: read once, for all photos of a shoot."""
    photo = read_photo(path)
    height, width = photo.pixels.shape[:2]
    return to_srgb8(photo, middle_size(width, height))


def with_frames_of_the_set(sight: Sight, picture: Bytes, plate: Bytes | None, bare: Bytes | None) -> Sight:
    """What the network saw, corrected by the frames of the set; `sight` itself where none of them fits.

    picture: (H, W, 3) uint8 sRGB. plate, bare: the same of any size with the same sides' ratio, None = there is none.
    """
    return _heard(sight, *_likenesses(sight, picture, plate, bare))


def _warnings(shot: Shot, of_plate: Floats | None, of_bare: Floats | None) -> tuple[str, ...]:
    found = (
        (shot.plate and of_plate is None, "The photo of the empty set does not fit this photo and was not used."),
        (shot.bare and of_bare is None, "The photo of the bare mannequin does not fit this photo and was not used."),
    )
    return tuple(sentence for holds, sentence in found if holds)


def _likenesses(
    sight: Sight, picture: Bytes, plate: Bytes | None, bare: Bytes | None
) -> tuple[Floats | None, Floats | None]:
    """For each frame how much likelier every pixel shows it than the garment; None = there is none that fits."""
    if plate is None and bare is None:
        return None, None
    classes = sight.classes
    size = classes.shape[2], classes.shape[1]
    photo = shrunk(picture, size)
    as_garment = _as_garment(photo, classes[GARMENT])
    on_set = classes[BACKGROUND]
    of_plate = _likeness(photo, plate, on_set > _SURE, as_garment)
    return of_plate, _likeness(photo, bare, on_set + classes[MANNEQUIN] > _SURE, as_garment)


def _heard(sight: Sight, of_plate: Floats | None, of_bare: Floats | None) -> Sight:
    classes = sight.classes
    if of_plate is None and of_bare is None:
        return sight
    none = np.zeros(classes.shape[1:], np.float32)
    on_set = _mean([each for each in (of_plate, of_bare) if each is not None])
    body = none if of_bare is None else of_bare
    evidence = {BACKGROUND: on_set, MANNEQUIN: body, INNER: body, GARMENT: none}
    heard = 1 - ((classes[GARMENT] - _BELIEVED) / (1 - _BELIEVED)).clip(0, 1)
    score = np.stack([np.log(classes[part] + _DOUBT) + heard * evidence[part] for part in range(len(classes))])
    chance = np.exp(score - score.max(axis=0))
    return replace(sight, classes=(chance / chance.sum(axis=0)).astype(np.float32))


def _mean(parts: Sequence[Floats]) -> Floats:
    return cast(Floats, np.mean(np.stack(parts), axis=0))


def _as_garment(photo: Bytes, garment: Floats) -> Floats:
    """(h, w): how likely each pixel's colour is in the garment, by a coarse histogram of where the network is sure.

    A garment of the backdrop's colour is as likely as the backdrop: the frame then says nothing.
    """
    bins = (photo >> 3).astype(np.int64)
    index = (bins[..., 0] * _BINS + bins[..., 1]) * _BINS + bins[..., 2]
    weight = np.clip((garment - _SURE) / (1 - _SURE), 0, 1).ravel()
    counts = np.bincount(index.ravel(), weights=weight, minlength=_BINS**3).reshape(_BINS, _BINS, _BINS)
    smooth = gaussian_mean_of_bins(counts, 1.0).ravel()
    known = smooth / max(1.0, float(smooth.sum())) * (_BINS / 256) ** 3
    return np.asarray(0.5 * known[index] + 0.5 / _ANYTHING**3, np.float64)


def _likeness(photo: Bytes, frame: Bytes | None, same: Flags, as_garment: Floats) -> Floats | None:
    """(h, w) float32, natural logarithm: how much likelier each pixel is to show the frame than the garment.

    same: where the photo certainly shows what the frame does. None = there is no frame, or it does not fit.
    """
    if frame is None or np.count_nonzero(same) < _LEAST_SURE * same.size or not _has_same_ratio(photo, frame):
        return None
    laid = _laid_over(photo, shrunk(frame, (photo.shape[1], photo.shape[0])), same)
    if laid is None:
        return None
    here = photo.astype(np.float32)
    there = np.asarray(laid * _gain(here, laid, same), np.float32)
    # The frame may lie a fraction of a pixel off: the nearest of what is around each pixel is what it is compared with.
    difference = here - _nearest(here, there)
    noise = _noise(difference, same)
    as_noise = np.exp(-0.5 * (difference / noise) ** 2).prod(axis=2) / (float(np.prod(noise)) * (2 * np.pi) ** 1.5)
    as_shadow = _as_shadow(here, there, noise)
    as_frame = (1 - _SHADOW_SHARE) * as_noise + _SHADOW_SHARE * as_shadow
    ratio = np.log(as_frame + 1e-12) - np.log(as_garment)
    calm = cast(Floats, cv2.GaussianBlur(ratio.clip(-8, 8).astype(np.float32), (0, 0), _CALM_PX))
    return np.asarray((_SAY * calm).clip(-_MOST_SAY, _MOST_SAY), np.float32)


def _has_same_ratio(photo: Bytes, frame: Bytes) -> bool:
    ratios = [picture.shape[0] / picture.shape[1] for picture in (photo, frame)]
    return abs(ratios[0] / ratios[1] - 1) < 0.02


def _laid_over(photo: Bytes, frame: Bytes, same: Flags) -> Floats | None:
    """The frame (h, w, 3) float32 moved over the photo; as it is where nothing can be held on to; None = too far."""
    here, there = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (photo, frame))
    mask = cv2.erode(same.astype(np.uint8), np.ones((3, 3), np.uint8))
    start = np.eye(2, 3, dtype=np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-5)
    try:
        _, found = cv2.findTransformECC(here, there, start, cv2.MOTION_EUCLIDEAN, criteria, mask, 3)
        move = np.asarray(found, np.float32)
    except cv2.error:  # raised where it does not converge: an even backdrop looks the same wherever it lies
        move = start
    if np.abs(_corner_moves(move, photo.shape)).max() > _FARTHEST * max(photo.shape):
        return None
    moved = _moved(frame, move)
    return (
        moved if _distance(photo, moved, same) <= _distance(photo, _moved(frame, start), same) else _moved(frame, start)
    )


def _moved(frame: Bytes, move: Floats) -> Floats:
    size = frame.shape[1], frame.shape[0]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(frame.astype(np.float32), move, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return cast(Floats, laid)


def _corner_moves(move: Floats, shape: tuple[int, ...]) -> Floats:
    """How far the four corners of the frame are moved, in pixels."""
    corners = np.array([(x, y, 1) for x in (0, shape[1]) for y in (0, shape[0])], np.float32)
    return cast(Floats, corners @ move.T - corners[:, :2])


def _distance(photo: Bytes, frame: Floats, same: Flags) -> float:
    return float(np.abs(photo.astype(np.float32) - frame)[same].mean())


def _gain(here: Floats, there: Floats, same: Flags) -> Floats:
    """(3,): the exposure of the photo over that of the frame, channel by channel."""
    shares = here[same] / np.maximum(there[same], 1.0)
    return np.asarray(np.median(shares, axis=0), np.float32).clip(0.5, 2.0)


def _nearest(here: Floats, there: Floats) -> Floats:
    """Of the values that `there` takes around each pixel, those that are nearest to `here`."""
    around = np.ones((3, 3), np.uint8)
    return np.clip(here, cast(Floats, cv2.erode(there, around)), cast(Floats, cv2.dilate(there, around)))


def _noise(difference: Floats, same: Flags) -> Floats:
    """(3,): standard deviation of what differs though it is the same, from the median, which shadows do not move."""
    usual = np.asarray(np.median(np.abs(difference[same]), axis=0), np.float32)
    return (usual / 0.6745).clip(_LEAST_NOISE, _MOST_NOISE)


def _as_shadow(here: Floats, there: Floats, noise: Floats) -> Floats:
    """The likelihood of each pixel as the frame made evenly darker: a shadow keeps the colour."""
    share = (here * there).sum(axis=2) / np.maximum((there * there).sum(axis=2), 1.0)
    rest = here - share.clip(_DARKEST_SHADOW, 1.0)[..., None] * there
    off = (rest / noise) ** 2
    spread = np.maximum(1.0, (1 - _DARKEST_SHADOW) * np.linalg.norm(there, axis=2))
    return np.exp(-0.5 * off.sum(axis=2)) / (2 * np.pi * float(np.prod(noise)) ** (2 / 3) * spread)
