"""The exported network on a photograph of any size."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]
STRIDE = 32


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """At the photo's own size; `classes` in the order background, mannequin, garment, inner."""

    classes: Plane  # (H, W, 4), sum 1
    inner_colour: Plane  # (H, W, 3), sRGB-encoded 0..1
    confidence: float  # 0..1


class Predictor:
    """One loaded ONNX file."""

    def __init__(self, path: Path, *, flip: bool = False) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.facts: dict[str, str] = self.session.get_modelmeta().custom_metadata_map
        self.working_size = int(self.facts.get("working_size", "384"))
        self.flip = flip

    def __call__(self, photo: Pixels) -> Prediction:
        """`photo`: RGB (H, W, 3), sRGB-encoded 0..255."""
        first = self.look(photo)
        if not self.flip:
            return first
        second = self.look(np.ascontiguousarray(photo[:, ::-1]))
        return Prediction(
            classes=(first.classes + second.classes[:, ::-1]) / 2,
            inner_colour=(first.inner_colour + second.inner_colour[:, ::-1]) / 2,
            confidence=min(first.confidence, second.confidence),
        )

    def look(self, photo: Pixels) -> Prediction:
        height, width = photo.shape[:2]
        scale = self.working_size / max(height, width)
        h, w = round(height * scale), round(width * scale)
        small = cv2.resize(photo, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        padded = cv2.copyMakeBorder(small, 0, -h % STRIDE, 0, -w % STRIDE, cv2.BORDER_REPLICATE)
        image = (padded.astype(np.float32) / 255).transpose(2, 0, 1)[None]
        outputs = self.session.run(["classes", "inner_colour", "confidence"], {"image": np.ascontiguousarray(image)})
        classes, colour, confidence = (np.asarray(output, np.float32) for output in outputs)
        return Prediction(
            classes=native(classes[0], (h, w), (height, width)),
            inner_colour=native(colour[0], (h, w), (height, width)),
            confidence=float(confidence[0, 0]),
        )


def native(planes: Plane, used: tuple[int, int], size: tuple[int, int]) -> Plane:
    """Planes (C, h, w) without their padding, enlarged to `size`: (H, W, C)."""
    cut = np.ascontiguousarray(planes[:, : used[0], : used[1]].transpose(1, 2, 0))
    return np.asarray(cv2.resize(cut, size[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


class Saliency:
    """U2-Net-p as published: the salient object, here garment and mannequin together."""

    def __init__(self, path: Path) -> None:
        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def __call__(self, photo: Pixels) -> Plane:
        """Saliency 0..1, (H, W)."""
        small = cv2.resize(photo, (320, 320), interpolation=cv2.INTER_AREA).astype(np.float32)
        image = (small / max(small.max(), 1) - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
        name = self.session.get_inputs()[0].name
        found = np.asarray(self.session.run(None, {name: image.transpose(2, 0, 1)[None].astype(np.float32)})[0])[0, 0]
        spread = (found - found.min()) / max(float(np.ptp(found)), 1e-6)
        return np.asarray(cv2.resize(spread, photo.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def grabcut(photo: Pixels, saliency: Plane) -> Plane:
    """The colour-model baseline: garment 0 or 1, seeded by the salient object's middle, its top and its foot."""
    mask = np.where(saliency > 0.5, cv2.GC_PR_FGD, cv2.GC_BGD).astype(np.uint8)
    ys, xs = np.nonzero(saliency > 0.5)
    if len(ys) < 100:
        return np.zeros(saliency.shape, np.float32)
    top, bottom, left, right = ys.min(), ys.max(), xs.min(), xs.max()
    tall, wide = bottom - top, right - left
    mask[top : top + tall * 6 // 100 + 1] = cv2.GC_BGD
    mask[bottom - tall * 4 // 100 :] = cv2.GC_BGD
    middle = (slice(top + tall * 35 // 100, top + tall * 60 // 100), slice(left + wide * 2 // 5, left + wide * 3 // 5))
    mask[middle] = cv2.GC_FGD
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(np.ascontiguousarray(photo[..., ::-1]), mask, None, *models, 4, cv2.GC_INIT_WITH_MASK)
    return np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
