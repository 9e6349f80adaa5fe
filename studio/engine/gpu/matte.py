"""What stands in front, from networks in ONNX files: on the card where an onnxruntime for CUDA is installed, on the
processor with the one that comes with the program.

BiRefNet (Zheng et al. 2024) gives a matte. U²-Net-P (Qin et al. 2020), a four-hundredth of its size, tells no more than
whereabouts it is.
"""

import importlib
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.gpu.device import Device
from studio.engine.gpu.runtime import Placement, Runtime

COARSE = "u2netp"
MODELS = ("birefnet-general", "birefnet-general-lite", COARSE)
"""Best first; the first that is here is taken."""

_LEAST = 0.15  # of U²-Net-P's answer, so low that hardly anything of a garment is lost
_ROOM = 0.01  # of the longer side, around what it found
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_STD = np.array([0.229, 0.224, 0.225], np.float32)


def load(runtime: Runtime, model_id: str) -> Any:
    """The session of one of `MODELS`, from memory or from its file. Raises EngineError."""
    folder = runtime.folder(model_id)
    onnxruntime = importlib.import_module("onnxruntime")
    providers = providers_for(runtime.device, cast("list[str]", onnxruntime.get_available_providers()))

    def read(_placement: Placement) -> Any:
        return onnxruntime.InferenceSession(next(iter(sorted(folder.glob("*.onnx")))), providers=providers)

    return runtime.use((model_id,), read, on_device=len(providers) > 1 or not runtime.device.is_cuda)


def providers_for(device: Device, there: list[str]) -> list[Any]:
    """What onnxruntime is to compute with, best first, of the providers that are `there`."""
    processor = ["CPUExecutionProvider"]
    if not device.is_cuda or "CUDAExecutionProvider" not in there:
        return processor
    # Its arena doubles whenever it grows, unless told: beside torch's allocator that is memory for nothing.
    card = {"device_id": device.index, "arena_extend_strategy": "kSameAsRequested"}
    return [("CUDAExecutionProvider", card), *processor]


def foreground(session: Any, model_id: str, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Coverage (h, w) float32 0..1 of whatever stands in front, in `picture` (h, w, 3) uint8 sRGB.

    Of U²-Net-P it is 0 or 1, with room around what it found: fit to keep other masks from the background, and no more.
    """
    return _whereabouts(session, picture) if model_id == COARSE else _matte(session, picture)


def _matte(session: Any, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    given = session.get_inputs()[0]
    side = int(given.shape[2])
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    pixels = np.asarray((small - _MEAN) / _STD, np.float32).transpose(2, 0, 1)[None]
    answer = _run(session, {given.name: pixels}, which=-1)
    coverage = 1 / (1 + np.exp(-np.clip(answer.reshape(side, side), -30, 30)))
    size = picture.shape[1], picture.shape[0]
    grown = cv2.resize(np.asarray(coverage, np.float32), size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(grown, 0, 1), np.float32)


def _whereabouts(session: Any, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    given = session.get_inputs()[0]
    side = int(given.shape[2])
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    # Brightness is told against the brightest pixel, and the answer stretched to 0..1, as in its own code.
    pixels = np.asarray((small / max(float(small.max()), 1) - _MEAN) / _STD, np.float32).transpose(2, 0, 1)[None]
    answer = _run(session, {given.name: pixels}, which=0).reshape(side, side)
    lowest, highest = float(answer.min()), float(answer.max())
    share = np.asarray((answer - lowest) / max(highest - lowest, 1e-6), np.float32)
    grown = cv2.resize(share, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    room = 2 * round(_ROOM * max(picture.shape[:2]) / 2) + 1
    return np.asarray(cv2.dilate((grown > _LEAST).astype(np.float32), np.ones((room, room), np.uint8)), np.float32)


def _run(session: Any, given: dict[str, NDArray[np.float32]], which: int) -> NDArray[np.float32]:
    """One of the network's answers. Raises RuntimeError as torch does; onnxruntime's own are no kind of it."""
    errors = importlib.import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    try:
        return cast(NDArray[np.float32], session.run(None, given)[which])
    except (errors.Fail, errors.RuntimeException) as error:
        raise RuntimeError(str(error)) from error
