"""Segment Anything, whichever of its networks is here: masks of a picture from clicks and a box."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.gpu import sam2, sam_original
from studio.engine.gpu.prompts import Prompt, Segmenter
from studio.engine.gpu.runtime import Placement, Runtime

SECOND = "sam2-hiera-large"
MODELS = (SECOND, "sam-vit-h", "sam-vit-l", "sam-vit-b")
"""Best first; the first that is here is taken."""

__all__ = ["MODELS", "Candidate", "Prompt", "load", "propose"]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A mask that SAM proposes: coverage (h, w) float32 0..1 in the picture's size, and its estimate of its own IoU."""

    coverage: NDArray[np.float32]
    score: float


def load(runtime: Runtime, model_id: str) -> Segmenter:
    """One of `MODELS`, from memory or from its files. Raises EngineError."""
    folder = runtime.folder(model_id)

    def read(placement: Placement) -> Segmenter:
        return sam2.load(folder, placement) if model_id == SECOND else sam_original.load(folder, placement)

    return runtime.use((model_id,), read)


def propose(segmenter: Segmenter, picture: NDArray[np.uint8], prompt: Prompt) -> tuple[Candidate, ...]:
    """The masks SAM proposes for `prompt` in `picture` (h, w, 3) uint8 sRGB, best first by its own estimate."""
    logits, scores = segmenter.answer(picture, prompt)
    found = [_candidate(one, float(score), picture.shape) for one, score in zip(logits, scores, strict=True)]
    return tuple(sorted(found, key=lambda candidate: -candidate.score))


def _candidate(logits: NDArray[np.float32], score: float, shape: tuple[int, ...]) -> Candidate:
    grown = cv2.resize(logits, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    coverage = 1 / (1 + np.exp(-np.clip(grown, -30, 30)))
    return Candidate(coverage=np.asarray(coverage, np.float32), score=score)
