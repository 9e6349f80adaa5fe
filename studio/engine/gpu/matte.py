"""BiRefNet: the foreground's matte from its ONNX file, on the card where onnxruntime can use it. Zheng et al. 2024."""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.gpu.runtime import Placement, Runtime

MODELS = ("birefnet-general", "birefnet-general-lite")
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_STD = np.array([0.229, 0.224, 0.225], np.float32)


def load(runtime: Runtime, model_id: str) -> Any:
    """The session of a BiRefNet, from memory or from its file. Raises EngineError."""
    folder = runtime.folder(model_id)

    def read(placement: Placement) -> Any:
        import onnxruntime

        path = next(iter(sorted(folder.glob("*.onnx"))))
        wanted = ["CUDAExecutionProvider"] if placement.device.is_cuda else []
        there = cast("list[str]", onnxruntime.get_available_providers())
        providers = [name for name in wanted if name in there] + ["CPUExecutionProvider"]
        return onnxruntime.InferenceSession(path, providers=providers)

    return runtime.use((model_id,), read)


def foreground(session: Any, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Coverage (h, w) float32 0..1 of whatever stands in front, in `picture` (h, w, 3) uint8 sRGB."""
    given = session.get_inputs()[0]
    side = int(given.shape[2])
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    answer = session.run(None, {given.name: ((small - _MEAN) / _STD).transpose(2, 0, 1)[None]})[-1]
    coverage = 1 / (1 + np.exp(-np.clip(answer.reshape(side, side), -30, 30)))
    size = picture.shape[1], picture.shape[0]
    grown = cv2.resize(np.asarray(coverage, np.float32), size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(grown, 0, 1), np.float32)
