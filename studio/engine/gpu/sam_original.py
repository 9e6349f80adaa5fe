"""The original Segment Anything, read from its `.pth` files of any size. Kirillov et al. 2023.

The shape of the network is read off its weights, so the three published files and any other of the same construction
load by the same code.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.gpu import libraries
from studio.engine.gpu.prompts import Answer, LastLook, Prompt
from studio.engine.gpu.runtime import Placement
from studio.errors import EngineError

_PATCH = 16
_PIXEL_MEAN = (123.675, 116.28, 103.53)
_PIXEL_STD = (58.395, 57.12, 57.375)


class Original:
    """A predictor of the original network that looks at a picture once, however often it is asked about it."""

    def __init__(self, predictor: Any) -> None:
        self._predictor = predictor
        self._looks: LastLook[None] = LastLook()

    def answer(self, picture: NDArray[np.uint8], prompt: Prompt) -> Answer:
        """The logits (n, h, w) float32 and scores (n,) of the masks that it proposes."""
        side = self._predictor.model.image_encoder.img_size
        scale = side / max(picture.shape[:2])
        with libraries.torch().inference_mode():
            self._looks.at(picture, lambda: self._look(picture, scale))
            points = np.array([*prompt.on, *prompt.off], np.float32).reshape(-1, 2) * scale
            logits, scores, _ = self._predictor.predict(
                point_coords=points if len(points) else None,
                point_labels=np.array(prompt.labels) if len(points) else None,
                box=None if prompt.box is None else np.array(prompt.box, np.float32) * scale,
                multimask_output=True,
                return_logits=True,
            )
        return np.asarray(logits, np.float32), np.asarray(scores, np.float32)

    def _look(self, picture: NDArray[np.uint8], scale: float) -> None:
        size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
        self._predictor.set_image(cast(NDArray[np.uint8], cv2.resize(picture, size, interpolation=cv2.INTER_AREA)))


def load(folder: Path, placement: Placement) -> Original:
    """The network in a model's folder. Raises EngineError."""
    network = build(_weights(folder)).eval().to(placement.device.name, libraries.torch().float32)
    return Original(libraries.sam_predictor().SamPredictor(network))


def _weights(folder: Path) -> dict[str, Any]:
    path = next(iter(sorted(folder.glob("*.pth"))))
    # weights_only: a checkpoint is a pickle, and nothing in it may run.
    return cast("dict[str, Any]", libraries.torch().load(path, map_location="cpu", weights_only=True))


def build(weights: dict[str, Any]) -> Any:
    """A Sam network of the shape that `weights` have, with them in it. Raises EngineError if they are not SAM's."""
    modeling = libraries.sam_modeling()
    try:
        shape = _Shape.of(weights)
        network = modeling.Sam(
            image_encoder=modeling.ImageEncoderViT(**shape.encoder()),
            prompt_encoder=modeling.PromptEncoder(**shape.prompts()),
            mask_decoder=_decoder(modeling, weights, shape.channels),
            pixel_mean=list(_PIXEL_MEAN),
            pixel_std=list(_PIXEL_STD),
        )
        network.load_state_dict(weights)
    except (KeyError, RuntimeError) as error:
        reason = f"The file is not a Segment Anything network ({str(error).splitlines()[0]})."
        raise EngineError("Model damaged", reason, "Verify it under Models, or with: modamoda models verify") from error
    return network


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """The sizes of the image encoder. global_blocks: those whose attention sees the whole picture."""

    side: int
    width: int
    depth: int
    heads: int
    ratio: float
    window: int
    global_blocks: tuple[int, ...]
    channels: int

    @classmethod
    def of(cls, weights: dict[str, Any]) -> "_Shape":
        blocks = _count(weights, r"image_encoder\.blocks\.(\d+)\.")
        width = weights["image_encoder.patch_embed.proj.weight"].shape[0]
        tokens = weights["image_encoder.pos_embed"].shape[1]
        reaches = [weights[f"image_encoder.blocks.{index}.attn.rel_pos_h"].shape for index in range(blocks)]
        return cls(
            side=tokens * _PATCH,
            width=width,
            depth=blocks,
            heads=width // reaches[0][1],
            ratio=weights["image_encoder.blocks.0.mlp.lin1.weight"].shape[0] / width,
            window=min(((reach[0] + 1) // 2 for reach in reaches), default=14),
            global_blocks=tuple(index for index, reach in enumerate(reaches) if reach[0] == 2 * tokens - 1),
            channels=weights["image_encoder.neck.0.weight"].shape[0],
        )

    def encoder(self) -> dict[str, Any]:
        from functools import partial

        torch = libraries.torch()
        return {
            "depth": self.depth,
            "embed_dim": self.width,
            "img_size": self.side,
            "mlp_ratio": self.ratio,
            "norm_layer": partial(torch.nn.LayerNorm, eps=1e-6),
            "num_heads": self.heads,
            "patch_size": _PATCH,
            "qkv_bias": True,
            "use_rel_pos": True,
            "global_attn_indexes": self.global_blocks,
            "window_size": self.window,
            "out_chans": self.channels,
        }

    def prompts(self) -> dict[str, Any]:
        grid = self.side // _PATCH
        return {
            "embed_dim": self.channels,
            "image_embedding_size": (grid, grid),
            "input_image_size": (self.side, self.side),
            "mask_in_chans": 16,
        }


def _decoder(modeling: Any, weights: dict[str, Any], channels: int) -> Any:
    transformer = modeling.TwoWayTransformer(
        depth=_count(weights, r"mask_decoder\.transformer\.layers\.(\d+)\."),
        embedding_dim=channels,
        mlp_dim=weights["mask_decoder.transformer.layers.0.mlp.lin1.weight"].shape[0],
        num_heads=8,
    )
    return modeling.MaskDecoder(
        num_multimask_outputs=3,
        transformer=transformer,
        transformer_dim=channels,
        iou_head_depth=3,
        iou_head_hidden_dim=weights["mask_decoder.iou_prediction_head.layers.0.weight"].shape[0],
    )


def _count(weights: dict[str, Any], pattern: str) -> int:
    return 1 + max((int(found[1]) for name in weights if (found := re.match(pattern, name))), default=-1)
