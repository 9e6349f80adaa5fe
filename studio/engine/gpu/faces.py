"""Face restoration of generated figures: found by YuNet or by the pose's head, aligned, restored, laid back.

RestoreFormer (Wang et al. 2022) or, where its licence was accepted, GFPGAN (Wang et al. 2021), both through spandrel
and on FFHQ's alignment at 512 pixels. YuNet: Wu et al. 2023.
"""

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.gpu import libraries, upscale
from studio.engine.gpu.runtime import Placement, Runtime
from studio.engine.skeleton import Pose

MODELS = ("gfpgan-1.4", "restoreformer")
DETECTOR = "yunet"
_SIDE = 512
_LEAST_PX = 24  # between the eyes; a smaller face holds nothing to restore

# Where FFHQ's crops at 512 pixels have the right eye, left eye, nose, and the corners of the mouth, as seen.
_TEMPLATE = np.array(
    [[192.98, 239.95], [318.90, 240.19], [256.63, 314.02], [201.26, 371.41], [313.09, 371.15]], np.float32
)


@dataclass(frozen=True, kw_only=True)
class Face:
    """Five points (5, 2) float32 in the picture: the eyes (picture's left first), nose, corners of the mouth.

    detected: whether a detector saw them; else they follow from the pose's head joints.
    """

    points: NDArray[np.float32]
    detected: bool


def load(runtime: Runtime, model_id: str) -> Any:
    """The spandrel descriptor of a face network, from memory or from its file. Raises EngineError."""
    folder = runtime.folder(model_id)

    def read(placement: Placement) -> Any:
        descriptor = upscale.describe(upscale.read_weights(folder))
        descriptor.to(placement.device.name, libraries.torch().float32)
        return descriptor.eval()

    return runtime.use((model_id,), read)


def find(runtime: Runtime, figure: NDArray[np.uint8], pose: Pose) -> Face | None:
    """The face of a generated figure (h, w, 3) uint8 sRGB; None = it is out of the picture, averted or too small."""
    face = _detected(runtime, figure) if runtime.has(DETECTOR) else None
    face = face or of_pose(pose)
    if face is None or float(np.linalg.norm(face.points[1] - face.points[0])) < _LEAST_PX:
        return None
    height, width = figure.shape[:2]
    inside = (face.points >= 0).all() and (face.points < [width, height]).all()
    return face if inside else None


def of_pose(pose: Pose) -> Face | None:
    """A face where the pose has eyes and nose; the mouth lies as far below the nose as the eyes' middle above it."""
    if not pose.knows("nose", "right_eye", "left_eye"):
        return None
    right, left, nose = (np.array([pose[name].x, pose[name].y]) for name in ("right_eye", "left_eye", "nose"))
    down = nose - (right + left) / 2
    points = np.array([right, left, nose, right + 2 * down, left + 2 * down], np.float32)
    points[3:] += (nose + down - points[3:]) * 0.12  # a mouth is a little narrower than the eyes are apart
    return Face(points=points, detected=False)


def _detected(runtime: Runtime, figure: NDArray[np.uint8]) -> Face | None:
    path = next(iter(sorted(runtime.folder(DETECTOR).glob("*.onnx"))))
    height, width = figure.shape[:2]
    detector = cv2.FaceDetectorYN.create(str(path), "", (width, height), 0.7)
    found = cast("NDArray[np.float32] | None", detector.detect(cv2.cvtColor(figure, cv2.COLOR_RGB2BGR))[1])
    if found is None or not len(found):
        return None
    largest = max(found, key=lambda row: float(row[2] * row[3]))
    return Face(points=np.asarray(largest[4:14], np.float32).reshape(5, 2), detected=True)


def restore(descriptor: Any, figure: NDArray[np.uint8], face: Face) -> NDArray[np.uint8]:
    """`figure` (h, w, 3) uint8 sRGB with its face restored, the rest untouched."""
    matrix = cv2.estimateAffinePartial2D(face.points, _TEMPLATE, method=cv2.LMEDS)[0]
    aligned = cv2.warpAffine(figure, matrix, (_SIDE, _SIDE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    restored = _restored(descriptor, cast(NDArray[np.uint8], aligned))
    size = figure.shape[1], figure.shape[0]
    back = cv2.warpAffine(restored, matrix, size, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
    share = cv2.warpAffine(_feather(), matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)[..., None]
    return np.rint(figure * (1 - share) + back * share).astype(np.uint8)


def _restored(descriptor: Any, aligned: NDArray[np.uint8]) -> NDArray[np.uint8]:
    torch = libraries.torch()
    given = torch.from_numpy(np.ascontiguousarray(aligned)).permute(2, 0, 1)[None].float() / 255
    given = given.to(descriptor.device, descriptor.dtype)
    with torch.inference_mode():
        answer = _by_gfpgan(descriptor.model, given) if descriptor.architecture.id == "GFPGAN" else descriptor(given)
    pixels: NDArray[np.float32] = answer[0].permute(1, 2, 0).float().clamp(0, 1).cpu().numpy()
    return np.rint(pixels * 255).astype(np.uint8)


def _by_gfpgan(network: Any, given: Any) -> Any:
    """GFPGAN's answer to a picture (1, 3, 512, 512) of 0..1, as 0..1.

    It was trained on -1..1, which spandrel 0.4.2 converts for RestoreFormer and not for it. The noise is the stored
    one: drawn anew, the same seed would not give the same figure.
    """
    return (network(2 * given - 1, randomize_noise=False)[0] + 1) / 2


def _feather() -> NDArray[np.float32]:
    """1 over the face, falling smoothly to 0 well inside of the crop's border."""
    rows, columns = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32)
    away = np.hypot((columns - _SIDE / 2) / (0.36 * _SIDE), (rows - 0.57 * _SIDE) / (0.40 * _SIDE))
    return np.asarray(np.clip((1.15 - away) / 0.3, 0, 1), np.float32)
