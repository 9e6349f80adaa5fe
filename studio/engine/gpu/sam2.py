"""Segment Anything 2 as transformers lays it out, one picture at a time. Ravi et al. 2024."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.gpu import libraries
from studio.engine.gpu.prompts import Answer, LastLook, Prompt
from studio.engine.gpu.runtime import Placement
from studio.errors import EngineError

_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_STD = np.array([0.229, 0.224, 0.225], np.float32)


class Second:
    """The network with what it last saw, so that a further click on the same picture costs next to nothing."""

    def __init__(self, network: Any) -> None:
        self._network = network
        self._looks: LastLook[Any] = LastLook()

    def answer(self, picture: NDArray[np.uint8], prompt: Prompt) -> Answer:
        """The logits (n, h, w) float32 and scores (n,) of the masks that it proposes."""
        torch = libraries.torch()
        # Other than the first network it sees the picture stretched to a square, not padded.
        side = int(self._network.config.prompt_encoder_config.image_size)
        scale = np.array([side / picture.shape[1], side / picture.shape[0]], np.float32)
        labels = list(prompt.labels)
        points = np.array([*prompt.on, *prompt.off], np.float32).reshape(1, 1, -1, 2) * scale
        box = np.array(prompt.box or (), np.float32).reshape(1, -1, 4) * np.tile(scale, 2)
        with torch.inference_mode():
            answer = self._network(
                image_embeddings=self._looks.at(picture, lambda: self._look(picture, side)),
                input_points=self._there(points) if labels else None,
                input_labels=torch.tensor([[labels]], device=self._network.device) if labels else None,
                input_boxes=self._there(box) if prompt.box else None,
                multimask_output=True,
            )
        logits: NDArray[np.float32] = answer.pred_masks[0, 0].float().cpu().numpy()
        scores: NDArray[np.float32] = answer.iou_scores[0, 0].float().cpu().numpy()
        return logits, scores

    def _look(self, picture: NDArray[np.uint8], side: int) -> Any:
        small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
        pixels = np.asarray((small - _MEAN) / _STD, np.float32).transpose(2, 0, 1)
        return self._network.get_image_embeddings(self._there(pixels[None]))

    def _there(self, values: NDArray[np.float32]) -> Any:
        return libraries.torch().from_numpy(np.ascontiguousarray(values)).to(self._network.device, self._network.dtype)


def load(folder: Path, placement: Placement) -> Second:
    """The network in a model's folder; of the published files, which hold the network for films, the part for pictures.

    Raises EngineError.
    """
    kind = libraries.transformers().Sam2Model
    try:
        # Missing weights would be filled with chance, silently.
        network, told = kind.from_pretrained(
            folder, local_files_only=True, dtype=libraries.torch().float32, output_loading_info=True
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise _damaged(folder, str(error).splitlines()[0]) from error
    if told["missing_keys"]:
        raise _damaged(folder, f"it lacks {len(told['missing_keys'])} of its weights")
    return Second(network.eval().to(placement.device.name))


def _damaged(folder: Path, reason: str) -> EngineError:
    message = f"{folder.name} holds no Segment Anything 2 network ({reason})."
    return EngineError("Model damaged", message, "Verify it under Models, or with: modamoda models verify")
