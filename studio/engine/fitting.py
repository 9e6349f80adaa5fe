"""Where a body would be inside a garment: landmarks from its outline, and a pose laid into them.

The garment hung on a mannequin that may have had no head, arms or legs, so nothing is asked of a detector of people:
the shoulder line, the neck, the sleeves and the hem of the cloth itself say where the joints are. Proportions of the
body are means of adults (Drillis and Contini 1966): with the distance of the shoulder joints as unit, the upper arm
is 0.72 long, the forearm 0.57, the trunk from shoulders to hips 1.11, thigh and shank 0.95 each.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.skeleton import Point, Pose
from studio.engine.stage import Mask

UPPER_ARM = 0.72
FOREARM = 0.57
TRUNK = 1.11
THIGH = 0.95
SHANK = 0.95
_UNITS_PER_WAIST = 1.2
_UNITS_PER_TRUNK = 0.88
_WORK_PX = 512
_JOINT_INSET = 0.09  # a shoulder joint lies this share of the shoulder line inside and below its tip
_STEEP = 1.0  # where the upper outline falls faster than this the shoulder ends and the sleeve or armhole begins

Place = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a garment, named as the wearer's. sleeve: middle of the cuff, None = there is no sleeve."""

    shoulder: Place
    sleeve: Place | None


@dataclass(frozen=True, kw_only=True)
class Landmarks:
    """A garment's landmarks in photo pixels.

    neck: base of the neck. right, left: the wearer's sides, None = trousers, shorts or a skirt. hem: middle of the
    lower edge. legs: middles of the two leg ends (wearer's right, left), None = no legs. waist: middle of the upper
    edge of what has no shoulders, None = it has. width: of the trunk, or of the waistband, in pixels.
    """

    neck: Place
    right: Side | None
    left: Side | None
    hem: Place
    legs: tuple[Place, Place] | None
    waist: Place | None
    width: float


def find_landmarks(garment: Mask, inner: Mask | None = None, *, is_bottom: bool | None = None) -> Landmarks | None:
    """The landmarks of a garment from its masks (H, W); None = there is no garment.

    is_bottom: whether it is worn on hips and legs; None = told from its outline, which is unsure for skirts.
    """
    shape, visible = _Outline.of(garment, inner), _Outline.of(garment, None)
    if shape is None or visible is None:
        return None
    legs = shape.legs()
    bottom = is_bottom if is_bottom is not None else legs is not None or visible.has_waistband()
    return shape.bottom(legs) if bottom else shape.top()


@dataclass(frozen=True, kw_only=True)
class _Outline:
    """A garment with its inside at working size: full (h, w) bool; scale = pixels of the photo for one of these."""

    full: NDArray[np.bool_]
    top_row: int
    bottom_row: int
    scale: float

    @classmethod
    def of(cls, garment: Mask, inner: Mask | None) -> "_Outline | None":
        cover = garment if inner is None else np.asarray(cv2.add(garment, inner), np.uint8)
        scale = max(1.0, max(cover.shape) / _WORK_PX)
        size = max(1, round(cover.shape[1] / scale)), max(1, round(cover.shape[0] / scale))
        full = np.asarray(cv2.resize(cover, size, interpolation=cv2.INTER_AREA), np.uint8) > 127
        rows = np.flatnonzero(full.any(1))
        if rows.size < 8:
            return None
        return cls(full=full, top_row=int(rows[0]), bottom_row=int(rows[-1]), scale=scale)

    @property
    def height(self) -> int:
        return self.bottom_row - self.top_row + 1

    def place(self, x: float, y: float) -> Place:
        """A point of the photo."""
        return (x + 0.5) * self.scale, (y + 0.5) * self.scale

    def run(self, row: int, through: float) -> tuple[int, int]:
        """First and last column of the stretch of cloth in `row` that lies nearest to column `through`."""
        edges = np.flatnonzero(np.diff(np.concatenate(([0], self.full[row].view(np.int8), [0]))))
        stretches = edges.reshape(-1, 2)
        if not len(stretches):
            return round(through), round(through)
        distances = np.maximum(stretches[:, 0] - through, through - stretches[:, 1] + 1).clip(0)
        first, past = stretches[int(distances.argmin())]
        return int(first), int(past) - 1

    def axis(self) -> float:
        """The column of symmetry: the median middle of the trunk's rows, robust against one raised sleeve."""
        rows = range(self.top_row + self.height // 3, self.bottom_row - self.height // 8)
        guess = float(np.median(np.flatnonzero(self.full.any(0))))
        return float(np.median([sum(self.run(row, guess)) / 2 for row in rows] or [guess]))

    def has_waistband(self) -> bool:
        """Whether the upper edge is one wide stretch; a neckline is narrow, straps are two."""
        axis = self.axis()
        first, last = self.run(self.top_row + self.height // 25, axis)
        return first <= axis <= last and last - first + 1 > 0.6 * self._trunk_width(axis)

    def legs(self) -> tuple[Place, Place] | None:
        """The middles of the two leg ends, picture's left first; None = the lower part is one piece."""
        rows = np.arange(self.bottom_row - self.height // 10, self.bottom_row - self.height // 40)
        pairs = [edges for row in rows if (edges := self._two_stretches(int(row))) is not None]
        if len(pairs) < len(rows) * 0.7:
            return None
        middle = np.median(np.array(pairs), axis=0)
        return self.place(middle[0], self.bottom_row), self.place(middle[1], self.bottom_row)

    def _two_stretches(self, row: int) -> Place | None:
        edges = np.flatnonzero(np.diff(np.concatenate(([0], self.full[row].view(np.int8), [0])))).reshape(-1, 2)
        long = edges[(edges[:, 1] - edges[:, 0]) > 0.05 * self.height]
        if len(long) != 2:
            return None
        return float(long[0].mean()), float(long[1].mean())

    def bottom(self, legs: tuple[Place, Place] | None) -> Landmarks:
        axis = self.axis()
        first, last = self.run(min(self.top_row + self.height // 50 + 1, self.bottom_row), axis)
        waist = self.place((first + last) / 2, self.top_row)
        hem = self.place(axis, self.bottom_row)
        width = (last - first + 1) * self.scale
        return Landmarks(neck=waist, right=None, left=None, hem=hem, legs=legs, waist=waist, width=width)

    def top(self) -> Landmarks:
        axis = self.axis()
        neck_row, neck_half = self._neck(axis)
        left_in_picture = self._side(axis, -1, neck_half)
        right_in_picture = self._side(axis, 1, neck_half)
        return Landmarks(
            neck=self.place(axis, neck_row),
            right=left_in_picture,
            left=right_in_picture,
            hem=self.place(axis, self.bottom_row),
            legs=None,
            waist=None,
            width=self._chest_width(axis) * self.scale,
        )

    def _upper(self, column: int) -> int:
        """The row where the cloth of a column begins."""
        rows = np.flatnonzero(self.full[:, column])
        return int(rows[0]) if rows.size else self.bottom_row

    def _neck(self, axis: float) -> tuple[float, float]:
        """The row of the neck's base, and half the width of the neck opening, at its highest points."""
        reach = max(2, round(0.22 * self._trunk_width(axis)))
        middle = round(axis)
        columns = range(max(0, middle - reach), min(self.full.shape[1], middle + reach + 1))
        uppers = {column: self._upper(column) for column in columns}
        highest = min(uppers.values())
        peaks = [column for column, row in uppers.items() if row <= highest + max(1, self.height // 60)]
        half = max(abs(column - axis) for column in peaks)
        return highest + 0.25 * half, half

    def _trunk_width(self, axis: float) -> float:
        rows = range(self.top_row + self.height // 2, self.bottom_row - self.height // 8)
        widths = [last - first + 1 for first, last in (self.run(row, axis) for row in rows)]
        return float(np.median(widths or [self.full.any(0).sum()]))

    def _chest_width(self, axis: float) -> float:
        """The narrowest of the trunk's rows: loose cloth and sleeves that hang beside it only add to it."""
        rows = range(self.top_row + self.height * 2 // 5, self.top_row + self.height * 7 // 10)
        return min((last - first + 1 for first, last in (self.run(row, axis) for row in rows)), default=1)

    def _side(self, axis: float, sign: int, neck_half: float) -> Side:
        tip = self._shoulder_tip(axis, sign, neck_half)
        span = abs(tip[0] - axis)
        shoulder = tip[0] - sign * _JOINT_INSET * span, tip[1] + 2 * _JOINT_INSET * span
        sleeve = self._sleeve(axis, sign, tip)
        return Side(shoulder=self.place(*shoulder), sleeve=self.place(*sleeve) if sleeve else None)

    def _shoulder_tip(self, axis: float, sign: int, neck_half: float) -> Place:
        """Walk outward from the neck along the upper outline until it falls steeply for good."""
        half_trunk = self._trunk_width(axis) / 2
        start = round(axis + sign * max(neck_half, 0.3 * half_trunk))
        stride = max(2, round(0.08 * half_trunk))
        column = start
        while abs(column - axis) < 1.25 * half_trunk and 0 <= column + sign * stride < self.full.shape[1]:
            fall = self._upper(column + sign * stride) - self._upper(column)
            # A collar's edge is steep too, but stands nearer to the neck and is no cliff as a strap's end is.
            far_out = abs(column - axis) > 0.68 * half_trunk
            if (fall > _STEEP * stride and far_out) or fall > 0.35 * half_trunk:
                break
            column += sign
        return float(column), float(self._upper(column))

    def _sleeve(self, axis: float, sign: int, tip: Place) -> Place | None:
        """The middle of the cuff: of the cloth beyond the line from shoulder to hem, what is farthest from the neck."""
        half_trunk = self._trunk_width(axis) / 2
        rows, columns = np.nonzero(self.full)
        outside = (columns - axis) * sign > self._trunk_line(axis, sign, tip, rows) + 0.1 * half_trunk
        if np.count_nonzero(outside) < 0.006 * rows.size:
            return None
        rows, columns = rows[outside], columns[outside]
        away = np.hypot(columns - axis, rows - tip[1])
        cuff = away > away.max() - max(2.0, 0.15 * half_trunk)
        end = float(columns[cuff].mean()), float(rows[cuff].mean())
        return end if math.dist(end, tip) > 0.3 * half_trunk else None

    def _trunk_line(self, axis: float, sign: int, tip: Place, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """How far the trunk reaches from the axis at `rows`: a straight line from the shoulder to the hem."""
        first, last = self.run(self.bottom_row - self.height // 16, axis)
        hem = max((last - axis) * sign, (first - axis) * sign)
        down = np.clip((rows - tip[1]) / max(1.0, self.bottom_row - tip[1]), 0, 1)
        return abs(tip[0] - axis) * (1 - down) + hem * down


def fit(pose: Pose, landmarks: Landmarks, size: tuple[int, int]) -> Pose:
    """`pose` laid into a garment's landmarks, in a photo of `size` = (width, height).

    The trunk takes its place and scale from the garment, arms inside sleeves follow the sleeves, legs inside trousers
    follow the legs; everything else keeps the angles of the pose. Joints that fall outside of the photo stay where
    they are: the figure goes on beyond its frame.
    """
    if landmarks.right is None or landmarks.left is None:
        return _fit_bottom(pose, landmarks, size)
    # Straps stand nearer to the neck than the joints; the trunk says how wide the body under them is.
    found = math.dist(landmarks.right.shoulder, landmarks.left.shoulder)
    unit = max(found, _UNITS_PER_TRUNK * landmarks.width)
    laid = _laid(pose, landmarks.neck, unit, size)
    laid = _shouldered(laid, landmarks.right.shoulder, landmarks.left.shoulder, unit / max(found, 1e-6))
    laid = _with_arm(laid, "right", landmarks.right, unit)
    laid = _with_arm(laid, "left", landmarks.left, unit)
    return _below_hem(laid, landmarks.hem, unit)


def _laid(pose: Pose, neck: Place, unit: float, size: tuple[int, int]) -> Pose:
    """The pose scaled so that its shoulders are `unit` apart, its neck on `neck`."""
    right, left, base = pose["right_shoulder"], pose["left_shoulder"], pose["neck"]
    # The trunk's length keeps the scale of a pose seen from the side, whose shoulders are close together.
    trunk = abs(pose["right_hip"].y + pose["left_hip"].y - 2 * base.y) / 2
    own = max(math.dist((right.x, right.y), (left.x, left.y)), trunk / TRUNK * 0.9, 1e-6)
    scale = unit / own
    return pose.moved(lambda x, y: (neck[0] + (x - base.x) * scale, neck[1] + (y - base.y) * scale), size)


def _shouldered(pose: Pose, right: Place, left: Place, wider: float) -> Pose:
    """The pose with its shoulders in the garment's, that much wider apart, and the neck between them."""
    middle = (right[0] + left[0]) / 2, (right[1] + left[1]) / 2
    shift = middle[0] - pose["neck"].x, middle[1] - pose["neck"].y
    moved = pose.moved(lambda x, y: (x + shift[0], y + shift[1]), pose.size)
    for side, place in (("right", right), ("left", left)):
        apart = (place[0] - middle[0]) * wider, (place[1] - middle[1]) * wider
        moved = _carrying(moved, side, (middle[0] + apart[0], middle[1] + apart[1]))
    return moved


def _carrying(pose: Pose, side: str, shoulder: Place) -> Pose:
    """The pose with one shoulder moved, the arm with it."""
    old = pose[f"{side}_shoulder"]
    shift = shoulder[0] - old.x, shoulder[1] - old.y
    names = (f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist")
    return pose.with_points(**{name: _shifted(pose[name], shift) for name in names})


def _shifted(point: Point, shift: Place) -> Point:
    return Point(x=point.x + shift[0], y=point.y + shift[1], confidence=point.confidence)


def _with_arm(pose: Pose, side: str, garment: Side, unit: float) -> Pose:
    """The arm in its sleeve: as far as the sleeve reaches it goes its way, beyond it keeps the pose's bend."""
    if garment.sleeve is None:
        return pose
    shoulder, elbow, wrist = (pose[f"{side}_{joint}"] for joint in ("shoulder", "elbow", "wrist"))
    along = math.atan2(garment.sleeve[1] - shoulder.y, garment.sleeve[0] - shoulder.x)
    reach = math.dist(garment.sleeve, (shoulder.x, shoulder.y))
    if reach > (UPPER_ARM + 0.5 * FOREARM) * unit:
        # A sleeve over most of the forearm shows the whole arm: it is straight within it, the wrist in the cuff.
        new_elbow = _along(shoulder, along, reach * UPPER_ARM / (UPPER_ARM + FOREARM))
        return pose.with_points(**{f"{side}_elbow": _at(elbow, new_elbow), f"{side}_wrist": _at(wrist, garment.sleeve)})
    new_elbow = _along(shoulder, along, UPPER_ARM * unit)
    turn = along + _angle(elbow, wrist) - _angle(shoulder, elbow)
    new_wrist = _along(_at(elbow, new_elbow), turn, FOREARM * unit)
    return pose.with_points(**{f"{side}_elbow": _at(elbow, new_elbow), f"{side}_wrist": _at(wrist, new_wrist)})


def _along(start: Point, angle: float, length: float) -> Place:
    return start.x + length * math.cos(angle), start.y + length * math.sin(angle)


def _angle(start: Point, end: Point) -> float:
    return math.atan2(end.y - start.y, end.x - start.x)


def _below_hem(pose: Pose, hem: Place, unit: float) -> Pose:
    """The pose with legs long enough to stand out of a dress: cloth that reaches the floor hides no feet."""
    hips, feet = pose["right_hip"].y, max(pose["right_ankle"].y, pose["left_ankle"].y)
    wanted = hem[1] + 0.2 * unit
    if feet >= wanted or feet <= hips:
        return pose
    longer = (wanted - hips) / (feet - hips)
    names = ("right_knee", "right_ankle", "left_knee", "left_ankle")
    return pose.with_points(
        **{name: _at(pose[name], (pose[name].x, hips + (pose[name].y - hips) * longer)) for name in names}
    )


def _fit_bottom(pose: Pose, landmarks: Landmarks, size: tuple[int, int]) -> Pose:
    """The pose hung on a waist; legs go where the garment's legs go."""
    assert landmarks.waist
    hips = (pose["right_hip"].x + pose["left_hip"].x) / 2, (pose["right_hip"].y + pose["left_hip"].y) / 2
    ends = landmarks.legs
    reach = ((ends[0][1] + ends[1][1]) / 2 if ends else landmarks.hem[1]) - landmarks.waist[1]
    own_leg = max(abs(pose["right_ankle"].y - hips[1]), 1e-6)
    # Cloth as long as a leg measures it; what ends above the shin leaves the waistband as the only measure.
    by_width = (THIGH + SHANK) * _UNITS_PER_WAIST * landmarks.width
    is_long = ends is not None and reach > 0.7 * by_width
    scale = max(reach / 1.1 if is_long else by_width, 1.0) / own_leg
    base = landmarks.waist[0], landmarks.waist[1] + 0.1 * own_leg * scale
    laid = pose.moved(lambda x, y: (base[0] + (x - hips[0]) * scale, base[1] + (y - hips[1]) * scale), size)
    if ends is None:
        return laid
    laid = _with_leg(laid, "right", ends[0], is_long=is_long)
    return _with_leg(laid, "left", ends[1], is_long=is_long)


def _with_leg(pose: Pose, side: str, end: Place, *, is_long: bool) -> Pose:
    """The leg in its trouser leg: down to the ankle in long ones, the thigh's way in short ones."""
    hip, knee, ankle = (pose[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
    if is_long:
        middle = (hip.x + end[0]) / 2, (hip.y + end[1]) / 2
        return pose.with_points(**{f"{side}_knee": _at(knee, middle), f"{side}_ankle": _at(ankle, end)})
    thigh, way = math.dist((hip.x, hip.y), (knee.x, knee.y)), math.atan2(end[1] - hip.y, end[0] - hip.x)
    place = hip.x + thigh * math.cos(way), hip.y + thigh * math.sin(way)
    below = _shifted(ankle, (place[0] - knee.x, place[1] - knee.y))
    return pose.with_points(**{f"{side}_knee": _at(knee, place), f"{side}_ankle": below})


def _at(point: Point, place: Place) -> Point:
    return Point(x=place[0], y=place[1], confidence=point.confidence)
