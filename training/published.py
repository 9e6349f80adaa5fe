"""Starts a network from a published file: the weights of resources/models/garment.onnx, its batch normalisation undone.

At export every batch normalisation is folded into the convolution before it, whose file then has a weight and a bias.
Here the convolution gets that weight, and the normalisation after it becomes the identity with that bias. Its means and
variances are gone, so they must stay as they are while training goes on (`freeze`).
"""

from pathlib import Path

import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import nn

from training.net import GarmentNet

HALF = "_half"  # ends the name of a tensor in half precision
PREFIX = "net."  # of the exported module
SECOND = ("second.", "from_second.")  # the second trunk and what reads it


def load_published(net: GarmentNet, path: Path) -> bool:
    """Copies the weights of the ONNX file `path` into `net`, which then gives the file's outputs (in eval mode).

    False = the file is from before the second trunk (version 0.5 and older), which is then left as it is, as is what
    reads it and says nothing yet. Raises ValueError if another layer is missing in the file or has another shape.
    """
    stored = {
        tensor.name.removesuffix(HALF): numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer
    }
    modules = dict(net.named_modules())
    older = f"{PREFIX}{SECOND[0]}stem.weight" not in stored
    for name, module in modules.items():
        if not isinstance(module, nn.Conv2d) or (older and name.startswith(SECOND)):
            continue
        copy(module.weight, stored, f"{PREFIX}{name}.weight")
        head, _, number = name.rpartition(".")
        after = modules.get(f"{head}.{int(number) + 1}") if number.isdigit() else None
        if isinstance(after, nn.BatchNorm2d):
            as_identity(after)
            copy(after.bias, stored, f"{PREFIX}{name}.weight_bias")
        elif module.bias is not None:
            copy(module.bias, stored, f"{PREFIX}{name}.bias")
    return not older


def copy(parameter: torch.Tensor, stored: dict[str, NDArray], name: str) -> None:
    """`parameter` becomes the stored tensor `name`."""
    found = stored.get(name)
    if found is None or found.shape != tuple(parameter.shape):
        raise ValueError(f"{name}: {None if found is None else found.shape} instead of {tuple(parameter.shape)}")
    parameter.data.copy_(torch.from_numpy(found.copy()))


def as_identity(norm: nn.BatchNorm2d) -> None:
    """`norm` leaves its input as it is, in eval mode, once its bias is 0."""
    norm.weight.data.fill_(1)
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)


def freeze(net: GarmentNet) -> None:
    """Batch normalisation of `net` keeps its means and variances; call it after every `net.train()`."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
