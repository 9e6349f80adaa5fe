"""Enlarging by Real-ESRGAN (Wang et al. 2021) through spandrel, tile by tile with overlap, at any memory."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.gpu import device as devices
from studio.engine.gpu import libraries
from studio.engine.gpu.ncnn import read_esrgan
from studio.engine.gpu.runtime import Placement, Runtime
from studio.engine.raster import Pixels
from studio.errors import EngineError

MODELS = ("real-esrgan-x4plus", "real-esrgan-x4plus-ncnn", "real-esrgan-general-x4v3")
TILE_PX = 384
PROCESSOR_TILE_PX = 128  # seconds each, so that a cancelled job ends soon
LEAST_TILE_PX = 64
OVERLAP_PX = 16  # what x4plus sees of its surroundings fades out within a dozen pixels
_COARSE_PX = 0.7  # of the given picture

Floats = NDArray[np.float32]


def load(runtime: Runtime, model_id: str) -> Any:
    """The spandrel descriptor of an enlarging network, from memory or from its file. Raises EngineError."""
    folder = runtime.folder(model_id)

    def read(placement: Placement) -> Any:
        descriptor = describe(read_weights(folder))
        dtype = placement.dtype if descriptor.supports_half else libraries.torch().float32
        descriptor.to(placement.device.name, dtype)
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
        raise EngineError(
            "Model damaged", message, "Verify it under Models, or with: modamoda models verify"
        ) from error


def enlarge(
    descriptor: Any,
    picture: Pixels,
    on_tile: Callable[[float], None] = lambda fraction: None,
    tile_px: int | None = None,
    times: int | None = None,
) -> Pixels:
    """`picture` (h, w, 3), sRGB or near it, 8 or 16 bit, enlarged `times`, at most the network's factor (None = that).

    Tiles overlap; of each only the middle is kept, so no seam shows. When memory runs out the tiles are halved, down to
    LEAST_TILE_PX. on_tile: told the fraction 0..1 after each tile; what it raises ends the work.
    Raises what torch raises when the smallest tiles are too large.
    """
    tile_px = tile_px or (PROCESSOR_TILE_PX if str(descriptor.device) == "cpu" else TILE_PX)
    while True:
        try:
            return _in_tiles(descriptor, picture, tile_px, times or int(descriptor.scale), on_tile)
        except RuntimeError as error:
            if not devices.is_out_of_memory(error) or tile_px // 2 < LEAST_TILE_PX:
                raise
        tile_px //= 2


def _in_tiles(descriptor: Any, picture: Pixels, tile_px: int, times: int, on_tile: Callable[[float], None]) -> Pixels:
    height, width = picture.shape[:2]
    grown = np.empty((height * times, width * times, 3), picture.dtype)
    corners = [(top, left) for top in range(0, height, tile_px) for left in range(0, width, tile_px)]
    for index, (top, left) in enumerate(corners):
        bottom, right = min(top + tile_px, height), min(left + tile_px, width)
        first_row, first_column = max(top - OVERLAP_PX, 0), max(left - OVERLAP_PX, 0)
        around = picture[first_row : bottom + OVERLAP_PX, first_column : right + OVERLAP_PX]
        size = around.shape[1] * times, around.shape[0] * times
        tile = _encoded(_faithful(_enlarged(descriptor, around), around), size, picture.dtype)
        rows = slice((top - first_row) * times, (bottom - first_row) * times)
        columns = slice((left - first_column) * times, (right - first_column) * times)
        grown[top * times : bottom * times, left * times : right * times] = tile[rows, columns]
        on_tile((index + 1) / len(corners))
    return grown


def _enlarged(descriptor: Any, picture: Pixels) -> Floats:
    """The tile enlarged by the network's factor, 0..1."""
    torch = libraries.torch()
    given = torch.from_numpy(_as_floats(picture)).permute(2, 0, 1)[None]
    with torch.inference_mode():
        answer = descriptor(given.to(descriptor.device, descriptor.dtype))
        if not torch.isfinite(answer).all():
            # Half precision overflowed, which would be a black tile: single from here on.
            descriptor.to(torch.float32)
            answer = descriptor(given.to(descriptor.device, descriptor.dtype))
    return answer[0].permute(1, 2, 0).float().clamp(0, 1).cpu().numpy()


def _faithful(grown: Floats, given: Pixels) -> Floats:
    """The enlarged tile with the colours and the coarse shading of the given one.

    The network draws sharp structure but shifts tones. Shrunk back it must be what it was made from (back-projection,
    Irani and Peleg 1991); only what is coarse of the difference is laid on, so that no noise comes back.
    """
    size = given.shape[1], given.shape[0]
    off = _as_floats(given) - cv2.resize(grown, size, interpolation=cv2.INTER_AREA)
    coarse = cv2.GaussianBlur(off, (0, 0), _COARSE_PX)
    back = cv2.resize(coarse, (grown.shape[1], grown.shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown + back, np.float32)


def _encoded(grown: Floats, size: tuple[int, int], dtype: Any) -> Pixels:
    """The tile at `size` (width, height), shrunk by averaging areas, in whole numbers."""
    wanted = cv2.resize(grown, size, interpolation=cv2.INTER_AREA) if size != grown.shape[1::-1] else grown
    full = np.iinfo(dtype).max
    return np.rint(np.clip(wanted, 0, 1) * full).astype(dtype)


def _as_floats(picture: Pixels) -> Floats:
    return np.asarray(picture / np.float32(np.iinfo(picture.dtype).max), np.float32)
