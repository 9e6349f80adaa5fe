"""BlazePose: the body points of one person or mannequin, on the processor. Bazarevsky et al. 2020.

The landmark network sees a square around the body, 256 pixels wide. It is run twice: on the square around the given
box, and on the one that the first answer draws around the body, as MediaPipe does from frame to frame.
"""

import importlib
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.skeleton import INDEX, NAMES, UNKNOWN, Point, Pose
from studio.errors import EngineError

FILE = "pose_landmark_full.tflite"
_SIDE = 256
_POINTS, _VALUES = 39, 5
_AROUND = 1.25

# BlazePose's numbers of OpenPose's joints; the neck is the middle of the shoulders.
_JOINTS = {
    "nose": 0, "left_eye": 2, "right_eye": 5, "left_ear": 7, "right_ear": 8, "left_shoulder": 11, "right_shoulder": 12,
    "left_elbow": 13, "right_elbow": 14, "left_wrist": 15, "right_wrist": 16, "left_hip": 23, "right_hip": 24,
    "left_knee": 25, "right_knee": 26, "left_ankle": 27, "right_ankle": 28,
}  # fmt: skip

Box = tuple[float, float, float, float]


def load(folder: Path) -> Any:
    """The interpreter of the landmark network in a model's folder. Raises EngineError without the library."""
    try:
        library = importlib.import_module("ai_edge_litert.interpreter")
    except ImportError as error:
        hint = "Install it under System, or with: modamoda addon install"
        raise EngineError("BlazePose not installed", f"ai-edge-litert cannot be loaded ({error}).", hint) from error
    interpreter = library.Interpreter(model_path=str(folder / FILE), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter


def find_pose(interpreter: Any, picture: NDArray[np.uint8], box: Box | None = None) -> Pose | None:
    """The pose of whoever stands in `box` (left, top, right, bottom; None = the whole picture); None = nobody does.

    picture: (h, w, 3) uint8 sRGB. Confidence is the network's visibility.
    """
    height, width = picture.shape[:2]
    left, top, right, bottom = box or (0.0, 0.0, float(width), float(height))
    centre, side = ((left + right) / 2, (top + bottom) / 2), max(right - left, bottom - top)
    points, presence = _look(interpreter, picture, centre, side)
    if presence < 0.5:
        return None
    body = points[[_JOINTS[name] for name in NAMES if name in _JOINTS], :2]
    low, high = body.min(0), body.max(0)
    again, presence = _look(interpreter, picture, tuple((low + high) / 2), float((high - low).max()) * _AROUND)
    return _pose(again if presence >= 0.5 else points, (width, height))


def _look(
    interpreter: Any, picture: NDArray[np.uint8], centre: tuple[float, ...], side: float
) -> tuple[NDArray[np.float32], float]:
    """Points (39, 3) of the picture as x, y, visibility, and the probability that a body is in the square."""
    scale = _SIDE / max(side, 1.0)
    matrix = np.array([[scale, 0, _SIDE / 2 - scale * centre[0]], [0, scale, _SIDE / 2 - scale * centre[1]]])
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    crop = cv2.warpAffine(_shrunk(picture, scale), _rescaled(matrix, scale), (_SIDE, _SIDE), flags=flags)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], crop[None].astype(np.float32) / 255)
    interpreter.invoke()
    answers = [interpreter.get_tensor(one["index"]) for one in interpreter.get_output_details()]
    values = next(cast(NDArray[np.float32], one) for one in answers if one.size == _POINTS * _VALUES)
    presence = next(float(one.ravel()[0]) for one in answers if one.size == 1)
    table = values.reshape(_POINTS, _VALUES)
    places = (table[:, :2] - matrix[:, 2]) / scale
    visible = 1 / (1 + np.exp(-np.clip(table[:, 3:4], -30, 30)))
    return np.hstack([places, visible]).astype(np.float32), presence


def _shrunk(picture: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """The picture at no more than twice the crop's resolution: warping alone would skip pixels of a large photo."""
    if scale >= 0.5:
        return picture
    return cast(NDArray[np.uint8], cv2.resize(picture, None, fx=2 * scale, fy=2 * scale, interpolation=cv2.INTER_AREA))


def _rescaled(matrix: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    if scale >= 0.5:
        return matrix
    return np.array([[0.5, 0, matrix[0, 2]], [0, 0.5, matrix[1, 2]]])


def _pose(points: NDArray[np.float32], size: tuple[int, int]) -> Pose:
    found = [UNKNOWN] * len(NAMES)
    for name, number in _JOINTS.items():
        x, y, visible = (float(value) for value in points[number])
        found[INDEX[name]] = Point(x=x, y=y, confidence=visible)
    right, left = found[INDEX["right_shoulder"]], found[INDEX["left_shoulder"]]
    middle = (right.x + left.x) / 2, (right.y + left.y) / 2
    found[INDEX["neck"]] = Point(x=middle[0], y=middle[1], confidence=min(right.confidence, left.confidence))
    return Pose(points=tuple(found), size=size)
