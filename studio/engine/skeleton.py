"""A body pose as eighteen points in OpenPose's order, its JSON, and its picture as ControlNet knows it.

"Left" and "right" are the person's own: in a frontal photo the right shoulder stands left in the picture.
"""

import colorsys
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.errors import PhotoError

NAMES = (
    "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
    "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
    "right_eye", "left_eye", "right_ear", "left_ear",
)  # fmt: skip
INDEX = {name: index for index, name in enumerate(NAMES)}
HEAD = ("nose", "right_eye", "left_eye", "right_ear", "left_ear")

# The seventeen limbs that ControlNet's training pictures show, in their order of drawing.
LIMBS = (
    ("neck", "right_shoulder"), ("neck", "left_shoulder"), ("right_shoulder", "right_elbow"),
    ("right_elbow", "right_wrist"), ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
    ("neck", "right_hip"), ("right_hip", "right_knee"), ("right_knee", "right_ankle"), ("neck", "left_hip"),
    ("left_hip", "left_knee"), ("left_knee", "left_ankle"), ("neck", "nose"), ("nose", "right_eye"),
    ("right_eye", "right_ear"), ("nose", "left_eye"), ("left_eye", "left_ear"),
)  # fmt: skip

_COCO17 = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Point:
    """A joint: x to the right, y down, in pixels; confidence 0..1, 0 = not known."""

    x: float
    y: float
    confidence: float = 1.0


UNKNOWN = Point(x=0.0, y=0.0, confidence=0.0)


@dataclass(frozen=True, kw_only=True)
class Pose:
    """Eighteen joints in OpenPose's order (`NAMES`), in the pixels of a picture of `size` = (width, height)."""

    points: tuple[Point, ...]
    size: tuple[int, int]

    def __getitem__(self, name: str) -> Point:
        return self.points[INDEX[name]]

    def knows(self, *names: str, least: float = 0.3) -> bool:
        """Whether all these joints are known with at least this confidence."""
        return all(self[name].confidence >= least for name in names)

    def known_well(self, least: float = 0.3) -> "Pose":
        """The pose with the joints that are known with less confidence than `least` not known at all."""
        sure = tuple(point if point.confidence >= least else UNKNOWN for point in self.points)
        return Pose(points=sure, size=self.size)

    def moved(self, change: Callable[[float, float], tuple[float, float]], size: tuple[int, int]) -> "Pose":
        """The pose with every known joint's (x, y) changed, in a picture of `size`."""
        return Pose(points=tuple(_changed(point, change) for point in self.points), size=size)

    def scaled_to(self, size: tuple[int, int]) -> "Pose":
        """The pose in the same picture at another size."""
        across, down = size[0] / self.size[0], size[1] / self.size[1]
        return self.moved(lambda x, y: (x * across, y * down), size)

    def with_points(self, **points: Point) -> "Pose":
        """The pose with some joints replaced, by name."""
        return Pose(points=tuple(points.get(name, self[name]) for name in NAMES), size=self.size)


def _changed(point: Point, change: Callable[[float, float], tuple[float, float]]) -> Point:
    if point.confidence <= 0:
        return point
    x, y = change(point.x, point.y)
    return Point(x=x, y=y, confidence=point.confidence)


def to_json(pose: Pose) -> str:
    """The pose in OpenPose's own JSON, with the canvas as pose editors write it."""
    flat = [round(value, 2) for point in pose.points for value in (point.x, point.y, point.confidence)]
    return json.dumps(
        {
            "version": 1.3,
            "canvas_width": pose.size[0],
            "canvas_height": pose.size[1],
            "people": [{"pose_keypoints_2d": flat}],
        }
    )


def read_json(path: Path) -> Pose:
    """The first person of an OpenPose JSON file with 18 points and its canvas. Raises PhotoError."""
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise _not_a_pose(path, str(error)) from error


def from_json(text: str) -> Pose:
    """The pose in what `to_json` made. Raises ValueError, KeyError, IndexError or TypeError for anything else."""
    data: dict[str, Any] = json.loads(text)
    flat = [float(value) for value in data["people"][0]["pose_keypoints_2d"]]
    size = int(data["canvas_width"]), int(data["canvas_height"])
    if len(flat) != 3 * len(NAMES) or min(size) < 1 or not all(map(math.isfinite, flat)):
        raise ValueError(f"it has {len(flat) // 3} points, not {len(NAMES)}")
    triples = zip(flat[0::3], flat[1::3], flat[2::3], strict=True)
    return Pose(points=tuple(Point(x=x, y=y, confidence=confidence) for x, y, confidence in triples), size=size)


def _not_a_pose(path: Path, reason: str) -> PhotoError:
    hint = "Use a pose of the program's own, a JSON file with OpenPose's 18 body points, or a photo of a person."
    return PhotoError("Pose not understood", f"{path} is not a pose ({reason}).", hint)


def from_coco17(points: Sequence[Point], size: tuple[int, int]) -> Pose:
    """A pose from COCO's seventeen points; the neck, which COCO lacks, is the middle of the shoulders."""
    by_name: dict[str, Point] = dict(zip(_COCO17, points, strict=True))
    by_name["neck"] = _middle(by_name["left_shoulder"], by_name["right_shoulder"])
    return Pose(points=tuple(by_name[name] for name in NAMES), size=size)


def _middle(first: Point, second: Point) -> Point:
    confidence = min(first.confidence, second.confidence)
    return Point(x=(first.x + second.x) / 2, y=(first.y + second.y) / 2, confidence=confidence)


def draw(pose: Pose, least: float = 0.3) -> NDArray[np.uint8]:
    """The skeleton as ControlNet's OpenPose networks were shown it: (h, w, 3) uint8 RGB on black.

    Limbs are ellipses in rainbow colours at 0.6 of their brightness, joints full dots; widths grow with the picture so
    that they keep the proportion they have at 512 pixels.
    """
    width, height = pose.size
    thickness = max(1.0, 4 * min(width, height) / 512)
    canvas = np.zeros((height, width, 3), np.uint8)
    for index, (start, end) in enumerate(LIMBS):
        if pose.knows(start, end, least=least):
            _draw_limb(canvas, pose[start], pose[end], thickness, _colour(index))
    canvas = (canvas * 0.6).astype(np.uint8)
    for index, point in enumerate(pose.points):
        if point.confidence >= least:
            _draw_joint(canvas, point, thickness, _colour(index))
    return canvas


def _draw_limb(canvas: NDArray[np.uint8], start: Point, end: Point, thickness: float, colour: tuple[int, ...]) -> None:
    centre = round((start.x + end.x) / 2), round((start.y + end.y) / 2)
    length = math.hypot(end.x - start.x, end.y - start.y)
    angle = round(math.degrees(math.atan2(end.y - start.y, end.x - start.x)))
    outline = cv2.ellipse2Poly(centre, (round(length / 2), round(thickness)), angle, 0, 360, 1)
    cv2.fillConvexPoly(canvas, np.asarray(outline, np.int32), colour)


def _draw_joint(canvas: NDArray[np.uint8], point: Point, thickness: float, colour: tuple[int, ...]) -> None:
    cv2.circle(canvas, (round(point.x), round(point.y)), round(thickness), colour, thickness=-1)


def _colour(index: int) -> tuple[int, ...]:
    return tuple(round(255 * part) for part in colorsys.hsv_to_rgb(index / len(NAMES), 1.0, 1.0))
