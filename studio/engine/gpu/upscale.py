"""Enlarging by Real-ESRGAN (Wang et al. 2021) through spandrel, tile by tile with overlap, at any memory."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.engine.gpu import libraries
from studio.engine.gpu.ncnn import read_esrgan
from studio.engine.gpu.runtime import Placement, Runtime
from studio.errors import EngineError

MODELS = ("real-esrgan-x4plus", "real-esrgan-x4plus-ncnn", "real-esrgan-general-x4v3")
TILE_PX = 384
LEAST_TILE_PX = 64
OVERLAP_PX = 16  # what x4plus sees of its surroundings fades out within a dozen pixels


def load(runtime: Runtime, model_id: str) -> Any:
    """The spandrel descriptor of an enlarging network, from memory or from its file. Raises EngineError."""
    folder = runtime.folder(model_id)

    def read(placement: Placement) -> Any:
        descriptor = describe(read_weights(folder))
        half = placement.device.is_cuda and descriptor.supports_half
        descriptor.to(placement.device.name, placement.dtype if half else libraries.torch().float32)
        return descriptor.eval()

    return runtime.use((model_id,), read)


def read_weights(folder: Path) -> dict[str, Any]:
    """The state dict of the one network in `folder`: a `.pth` checkpoint, or ncnn's pair of files."""
    checkpoints = sorted([*folder.glob("*.pth"), *folder.glob("*.ckpt")])
    if checkpoints:
        # weights_only: a checkpoint is a pickle, and nothing in it may run.
        loaded = libraries.torch().load(checkpoints[0], map_location="cpu", weights_only=True)
        return next((loaded[key] for key in ("params_ema", "params", "state_dict") if key in loaded), loaded)
    param = next(iter(sorted(folder.glob("*.param"))))
    return read_esrgan(param, param.with_suffix(".bin"))


def describe(weights: dict[str, Any]) -> Any:
    """The network that `weights` are of, ready to use. Raises EngineError if spandrel does not know it."""
    spandrel = libraries.spandrel()
    try:
        return spandrel.ModelLoader(device="cpu").load_from_state_dict(weights)
    except spandrel.UnsupportedModelError as error:
        message = f"The file holds no network that is known ({error})."
        raise EngineError("Model damaged", message, "Check it with: modamoda models verify") from error


def enlarge(
    descriptor: Any,
    picture: NDArray[np.uint8],
    on_tile: Callable[[float], None] = lambda fraction: None,
    tile_px: int = TILE_PX,
) -> NDArray[np.uint8]:
    """`picture` (h, w, 3) uint8 sRGB enlarged by the network's factor.

    Tiles overlap; of each only the middle is kept, so no seam shows. When memory runs out the tiles are halved, down to
    LEAST_TILE_PX. on_tile: told the fraction 0..1 after each tile; what it raises ends the work.
    Raises torch.OutOfMemoryError when the smallest tiles are too large.
    """
    out_of_memory = libraries.torch().OutOfMemoryError
    while True:
        try:
            return _in_tiles(descriptor, picture, tile_px, on_tile)
        except out_of_memory:
            if tile_px // 2 < LEAST_TILE_PX:
                raise
        tile_px //= 2


def _in_tiles(
    descriptor: Any, picture: NDArray[np.uint8], tile_px: int, on_tile: Callable[[float], None]
) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    scale = int(descriptor.scale)
    grown = np.empty((height * scale, width * scale, 3), np.uint8)
    corners = [(top, left) for top in range(0, height, tile_px) for left in range(0, width, tile_px)]
    for index, (top, left) in enumerate(corners):
        bottom, right = min(top + tile_px, height), min(left + tile_px, width)
        first_row, first_column = max(top - OVERLAP_PX, 0), max(left - OVERLAP_PX, 0)
        around = picture[first_row : bottom + OVERLAP_PX, first_column : right + OVERLAP_PX]
        tile = _enlarged(descriptor, around)
        rows = slice((top - first_row) * scale, (bottom - first_row) * scale)
        columns = slice((left - first_column) * scale, (right - first_column) * scale)
        grown[top * scale : bottom * scale, left * scale : right * scale] = tile[rows, columns]
        on_tile((index + 1) / len(corners))
    return grown


def _enlarged(descriptor: Any, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    torch = libraries.torch()
    given = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None]
    with torch.inference_mode():
        answer = descriptor(given.to(descriptor.device, descriptor.dtype) / 255)
    pixels: NDArray[np.float32] = answer[0].permute(1, 2, 0).float().clamp(0, 1).cpu().numpy()
    return np.rint(pixels * 255).astype(np.uint8)
