"""One body's joints from OpenPose's two kinds of maps: how likely a joint is where, and which way a limb runs there.

Cao et al. 2017, "Realtime multi-person 2D pose estimation using part affinity fields": peaks are joints, two of them
are a limb where the field between them points from one to the other, and limbs that share joints are a body.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.skeleton import INDEX, LIMBS, NAMES, UNKNOWN, Point

Floats = NDArray[np.float32]

# The channels of each limb's field, x before y, in the order of `LIMBS`; the two limbs after them tie the ears to the
# shoulders, which no picture shows but which tells whose head it is.
_LIMBS = (*LIMBS, ("right_shoulder", "right_ear"), ("left_shoulder", "left_ear"))
_CHANNELS = (
    (12, 13), (20, 21), (14, 15), (16, 17), (22, 23), (24, 25), (0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 11),
    (28, 29), (30, 31), (34, 35), (32, 33), (36, 37), (18, 19), (26, 27),
)  # fmt: skip
_SMOOTH_PX = 3.0
_LEAST_PEAK = 0.1
_SAMPLES = 10  # of the field along a limb
_LEAST_ALONG = 0.05  # of the field, at a sample that speaks for the limb
_LEAST_SHARE = 0.8  # of samples that must
_LEAST_JOINTS = 4
_LEAST_MEAN = 0.4  # of a body's score for each of its joints


@dataclass(kw_only=True)
class _Body:
    """Joints by their number, each as the number of its peak; score: the sum of its joints' and limbs'."""

    joints: dict[int, int] = field(default_factory=dict[int, int])
    score: float = 0.0


def find_body(maps: Floats, fields: Floats) -> tuple[Point, ...] | None:
    """The eighteen joints of the body that is largest and seen best, in pixels of the maps; None = there is none.

    maps: (18 or more, h, w) float32, 0..1, in the order of `skeleton.NAMES`. fields: (38, h, w) float32, unit vectors.
    """
    peaks = [_peaks(maps[joint]) for joint in range(len(NAMES))]
    bodies = list[_Body]()
    for limb, (start, end) in enumerate(_LIMBS):
        first, second = INDEX[start], INDEX[end]
        for one, other, score in _limbs(peaks[first], peaks[second], fields[list(_CHANNELS[limb])], maps.shape[1]):
            _join(bodies, (first, one), (second, other), score, peaks, begins=limb < len(LIMBS))
    whole = [body for body in bodies if len(body.joints) >= _LEAST_JOINTS]
    sure = [body for body in whole if body.score / len(body.joints) >= _LEAST_MEAN]
    if not sure:
        return None
    best = max(sure, key=lambda body: body.score * _extent(body, peaks))
    return tuple(_point(peaks[joint][best.joints[joint]]) if joint in best.joints else UNKNOWN for joint in range(18))


def _peaks(heat: Floats) -> Floats:
    """The local maxima of a map, (n, 3): x, y to fractions of a pixel, and the map's value there."""
    smooth = np.asarray(cv2.GaussianBlur(heat, (0, 0), _SMOOTH_PX), np.float32)
    around = cv2.dilate(smooth, np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.uint8))
    places = np.argwhere((smooth >= around) & (smooth > _LEAST_PEAK)).tolist()
    found = [(*_between(smooth, row, column), float(heat[row, column])) for row, column in places]
    return np.array(found, np.float32).reshape(-1, 3)


def _between(smooth: Floats, row: int, column: int) -> tuple[float, float]:
    """Where a parabola through the peak and its neighbours is highest, as x, y."""
    height, width = smooth.shape
    across, down = 0.0, 0.0
    if 0 < column < width - 1:
        across = _vertex(smooth[row, column - 1], smooth[row, column], smooth[row, column + 1])
    if 0 < row < height - 1:
        down = _vertex(smooth[row - 1, column], smooth[row, column], smooth[row + 1, column])
    return column + across, row + down


def _vertex(before: float, here: float, after: float) -> float:
    bend = float(before) - 2 * float(here) + float(after)
    return 0.0 if bend >= 0 else float(np.clip((before - after) / (2 * bend), -0.5, 0.5))


def _limbs(first: Floats, second: Floats, towards: Floats, height: int) -> list[tuple[int, int, float]]:
    """Which joints of two kinds are tied by the field, best first and each but once: their numbers and the score."""
    found = list[tuple[int, int, float]]()
    for one, start in enumerate(first):
        for other, end in enumerate(second):
            score = _along(start[:2], end[:2], towards, height)
            if score > 0:
                found.append((one, other, score))
    taken, tied = set[tuple[str, int]](), list[tuple[int, int, float]]()
    for one, other, score in sorted(found, key=lambda limb: -limb[2]):
        if not taken & {("first", one), ("second", other)}:
            taken |= {("first", one), ("second", other)}
            tied.append((one, other, score))
    return tied


def _along(start: Floats, end: Floats, towards: Floats, height: int) -> float:
    """How far the field agrees with a limb from `start` to `end`, 0 = it does not; long limbs must agree better."""
    way = end - start
    length = float(np.hypot(way[0], way[1]))
    if length < 1e-3:
        return 0.0
    places = np.rint(start + np.linspace(0, 1, _SAMPLES)[:, None] * way).astype(int)
    columns = np.clip(places[:, 0], 0, towards.shape[2] - 1)
    rows = np.clip(places[:, 1], 0, towards.shape[1] - 1)
    agreement = (towards[0, rows, columns] * way[0] + towards[1, rows, columns] * way[1]) / length
    if np.count_nonzero(agreement > _LEAST_ALONG) <= _LEAST_SHARE * _SAMPLES:
        return 0.0
    return float(agreement.mean()) + min(0.5 * height / length - 1, 0.0)


def _join(
    bodies: list[_Body],
    start: tuple[int, int],
    end: tuple[int, int],
    score: float,
    peaks: list[Floats],
    *,
    begins: bool,
) -> None:
    """Add a limb to the body that has one of its joints, make one body of two, or begin a new one."""
    having = [body for body in bodies if start in body.joints.items() or end in body.joints.items()]
    if not having and begins:
        having = [_Body()]
        bodies.append(having[0])
    if not having:
        return
    body = having[0]
    if len(having) > 1 and not body.joints.keys() & having[1].joints.keys():
        body.joints |= having[1].joints
        body.score += having[1].score
        bodies.remove(having[1])
    for joint, peak in (start, end):
        if joint not in body.joints:
            body.joints[joint] = peak
            body.score += float(peaks[joint][peak, 2])
    body.score += score


def _extent(body: _Body, peaks: list[Floats]) -> float:
    """The diagonal of the box around a body, in pixels."""
    places = np.array([peaks[joint][peak, :2] for joint, peak in body.joints.items()])
    return float(np.linalg.norm(places.max(0) - places.min(0)))


def _point(peak: Floats) -> Point:
    return Point(x=float(peak[0]), y=float(peak[1]), confidence=float(np.clip(peak[2], 0, 1)))
