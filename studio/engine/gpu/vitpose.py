"""ViTPose: seventeen body points of one person. Xu et al. 2022; decoding by quarter-pixel shift, Xiao et al. 2018."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine import skeleton
from studio.engine.gpu import libraries
from studio.engine.gpu.runtime import Placement, Runtime
from studio.engine.skeleton import Point, Pose

MODEL = "vitpose-base"
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_STD = np.array([0.229, 0.224, 0.225], np.float32)
_AROUND = 1.25  # the share of surroundings that the network was trained with

Box = tuple[float, float, float, float]


def load(runtime: Runtime) -> Any:
    """The network, from memory or from its folder. Raises EngineError."""
    folder = runtime.folder(MODEL)

    def read(placement: Placement) -> Any:
        kind = libraries.transformers().VitPoseForPoseEstimation
        network = kind.from_pretrained(folder, local_files_only=True, dtype=placement.dtype)
        return network.eval().to(placement.device.name)

    return runtime.use((MODEL,), read)


def find_pose(network: Any, picture: NDArray[np.uint8], box: Box) -> Pose:
    """The pose of the person in `box` (left, top, right, bottom; pixels) of `picture` (h, w, 3) uint8 sRGB."""
    torch = libraries.torch()
    height, width = network.config.backbone_config.image_size
    matrix = _framing(box, width, height)
    crop = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR).astype(np.float32) / 255
    pixels = torch.from_numpy(((crop - _MEAN) / _STD).transpose(2, 0, 1)[None])
    with torch.inference_mode():
        answer = network(pixel_values=pixels.to(network.device, network.dtype))
    heatmaps: NDArray[np.float32] = answer.heatmaps[0].float().cpu().numpy()
    points = [_placed(_peak(heatmap), heatmap.shape, (width, height), matrix) for heatmap in heatmaps]
    return skeleton.from_coco17(points, (picture.shape[1], picture.shape[0]))


def _framing(box: Box, width: int, height: int) -> NDArray[np.float64]:
    """The affine map from the picture to the network's input: the box, widened, centred, undistorted."""
    left, top, right, bottom = box
    scale = min(width / max(right - left, 1), height / max(bottom - top, 1)) / _AROUND
    across = width / 2 - scale * (left + right) / 2
    down = height / 2 - scale * (top + bottom) / 2
    return np.array([[scale, 0, across], [0, scale, down]])


def _peak(heatmap: NDArray[np.float32]) -> tuple[float, float, float]:
    row, column = np.unravel_index(int(heatmap.argmax()), heatmap.shape)
    x, y = float(column), float(row)
    if 0 < column < heatmap.shape[1] - 1:
        x += 0.25 * float(np.sign(heatmap[row, column + 1] - heatmap[row, column - 1]))
    if 0 < row < heatmap.shape[0] - 1:
        y += 0.25 * float(np.sign(heatmap[row + 1, column] - heatmap[row - 1, column]))
    return x, y, float(np.clip(heatmap.max(), 0, 1))


def _placed(
    peak: tuple[float, float, float], shape: tuple[int, ...], size: tuple[int, int], matrix: NDArray[np.float64]
) -> Point:
    x, y, confidence = peak
    across, down = (x + 0.5) * size[0] / shape[1] - 0.5, (y + 0.5) * size[1] / shape[0] - 0.5
    scale = matrix[0, 0]
    place = float((across - matrix[0, 2]) / scale), float((down - matrix[1, 2]) / scale)
    return Point(x=place[0], y=place[1], confidence=confidence)
