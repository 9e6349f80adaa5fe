"""Real-ESRGAN as published for ncnn, read back into the names that its original checkpoint has.

The `.param` file lists the layers in order, the `.bin` file holds their numbers: for a convolution a flag, the weights
(in half precision behind the flag 0x01306B47) and the biases; see ncnn's wiki, "param and model file structure".
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.engine.gpu import libraries
from studio.errors import EngineError

_HALF = 0x01306B47
_FULL = 0

Layer = tuple[NDArray[np.float32], NDArray[np.float32]]


def read_esrgan(param: Path, weights: Path) -> dict[str, Any]:
    """The state dict of an RRDB network (Real-ESRGAN x4plus and its kin). Raises EngineError."""
    layers = _convolutions(param, weights)
    names = _rrdb_names(len(layers))
    torch = libraries.torch()
    state: dict[str, Any] = {}
    for name, (kernel, bias) in zip(names, layers, strict=True):
        state[f"{name}.weight"] = torch.from_numpy(kernel)
        state[f"{name}.bias"] = torch.from_numpy(bias)
    return state


def _rrdb_names(count: int) -> list[str]:
    blocks, rest = divmod(count - 6, 15)
    if rest or blocks < 1:
        raise _not_esrgan(f"it has {count} convolutions")
    dense = [
        f"body.{block}.rdb{rdb}.conv{conv}" for block in range(blocks) for rdb in (1, 2, 3) for conv in range(1, 6)
    ]
    return ["conv_first", *dense, "conv_body", "conv_up1", "conv_up2", "conv_hr", "conv_last"]


def _convolutions(param: Path, weights: Path) -> list[Layer]:
    content, offset, layers = weights.read_bytes(), 0, list[Layer]()
    for line in param.read_text().splitlines()[2:]:
        words = line.split()
        if words[0] == "Convolution":
            layer, offset = _convolution(_facts(words), content, offset)
            layers.append(layer)
    if offset != len(content):
        raise _not_esrgan(f"{len(content) - offset} of its bytes are of other layers")
    return layers


def _facts(words: list[str]) -> dict[int, int]:
    """The numbers of a layer: "type name inputs outputs input... output... key=value..."."""
    pairs = (word.split("=") for word in words[4 + int(words[2]) + int(words[3]) :])
    return {int(key): int(float(value)) for key, value in pairs if not value.startswith("-") and "," not in value}


def _convolution(facts: dict[int, int], content: bytes, offset: int) -> tuple[Layer, int]:
    channels, side, count = facts[0], facts[1], facts[6]
    flag = int.from_bytes(content[offset : offset + 4], "little")
    if flag not in (_HALF, _FULL):
        raise _not_esrgan(f"its numbers are in the unknown format {flag:#x}")
    kind = np.dtype(np.float16 if flag == _HALF else np.float32)
    start = offset + 4
    kernel = np.frombuffer(content, kind, count, start).astype(np.float32)
    end = start + (count * kind.itemsize + 3) // 4 * 4
    bias = np.frombuffer(content, np.float32, channels, end).copy()
    return (kernel.reshape(channels, -1, side, side), bias), end + 4 * channels


def _not_esrgan(reason: str) -> EngineError:
    message = f"The ncnn file is not Real-ESRGAN: {reason}."
    return EngineError("Model damaged", message, "Verify it under Models, or with: modamoda models verify")
