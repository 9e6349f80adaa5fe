"""The trunk: encoder and deep decoder of U2-Net-p (Apache-2.0), rebuilt so that its published ONNX weights load."""

from pathlib import Path
from typing import NamedTuple

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
MID = 16
WIDTH = 64


def upsample(x: Tensor, like: Tensor) -> Tensor:
    """`x` enlarged bilinearly to the height and width of `like`."""
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)


def pool(x: Tensor) -> Tensor:
    """Halved by maximum, odd sides rounded up."""
    return F.max_pool2d(x, 2, 2, ceil_mode=True)


class ConvRelu(nn.Sequential):
    """3x3 convolution and ReLU; batch normalisation of the published weights is folded into the convolution."""

    def __init__(self, inputs: int, outputs: int, dilation: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, padding=dilation, dilation=dilation),
            nn.ReLU(inplace=True),
        )


class PooledBlock(nn.Module):
    """Residual U-block of `depth` levels that halves its resolution on the way down (RSU7 to RSU4)."""

    def __init__(self, depth: int, inputs: int) -> None:
        super().__init__()
        self.enter = ConvRelu(inputs, WIDTH)
        self.down = nn.ModuleList([ConvRelu(WIDTH if i == 0 else MID, MID) for i in range(depth - 1)])
        self.bottom = ConvRelu(MID, MID, dilation=2)
        self.up = nn.ModuleList([ConvRelu(2 * MID, WIDTH if i == depth - 2 else MID) for i in range(depth - 1)])

    def forward(self, x: Tensor) -> Tensor:
        entered = self.enter(x)
        levels: list[Tensor] = []
        y = entered
        for i, down in enumerate(self.down):
            y = down(y if i == 0 else pool(y))
            levels.append(y)
        y = self.bottom(y)
        for i, up in enumerate(self.up):
            level = levels[-1 - i]
            y = up(torch.cat([y if i == 0 else upsample(y, level), level], 1))
        return y + entered


class DilatedBlock(nn.Module):
    """Residual U-block that keeps its resolution and widens by dilation instead (RSU4F)."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.enter = ConvRelu(inputs, WIDTH)
        self.down = nn.ModuleList([ConvRelu(WIDTH, MID), ConvRelu(MID, MID, 2), ConvRelu(MID, MID, 4)])
        self.bottom = ConvRelu(MID, MID, 8)
        self.up = nn.ModuleList([ConvRelu(2 * MID, MID, 4), ConvRelu(2 * MID, MID, 2), ConvRelu(2 * MID, WIDTH)])

    def forward(self, x: Tensor) -> Tensor:
        entered = self.enter(x)
        levels: list[Tensor] = []
        y = entered
        for down in self.down:
            y = down(y)
            levels.append(y)
        y = self.bottom(y)
        for up in self.up:
            y = up(torch.cat([y, levels.pop()], 1))
        return y + entered


class Features(NamedTuple):
    """Feature maps (B, 64, h, w) of the trunk; the number is the stride against the trunk's own input."""

    s1: Tensor
    s2: Tensor
    s4: Tensor


class Trunk(nn.Module):
    """U2-Net-p without its last two decoder stages and without its saliency outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.ModuleList(
            [
                PooledBlock(7, 3),
                PooledBlock(6, WIDTH),
                PooledBlock(5, WIDTH),
                PooledBlock(4, WIDTH),
                DilatedBlock(WIDTH),
                DilatedBlock(WIDTH),
            ]
        )
        self.decoder = nn.ModuleList([DilatedBlock(2 * WIDTH), PooledBlock(4, 2 * WIDTH), PooledBlock(5, 2 * WIDTH)])
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1))

    def forward(self, image: Tensor) -> Features:
        """`image`: (B, 3, h, w), RGB, sRGB-encoded 0..1."""
        levels: list[Tensor] = []
        y = (image - self.mean) / self.std
        for i, block in enumerate(self.encoder):
            y = block(y if i == 0 else pool(y))
            levels.append(y)
        for block, level in zip(self.decoder, levels[4:1:-1], strict=True):
            y = block(torch.cat([upsample(y, level), level], 1))
        return Features(levels[0], levels[1], y)

    def load_onnx(self, path: Path) -> None:
        """Copies the published weights; both models list their convolutions in the order they run."""
        graph = onnx.load(path).graph
        stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        source = [n for n in graph.node if n.op_type == "Conv"]
        own = [m for m in self.modules() if isinstance(m, nn.Conv2d)]
        for conv, node in zip(own, source, strict=False):
            weight, bias = (torch.from_numpy(stored[name].copy()) for name in node.input[1:3])
            if conv.weight.shape != weight.shape:
                raise ValueError(f"{node.name}: {tuple(weight.shape)} does not fit {tuple(conv.weight.shape)}")
            conv.weight.data.copy_(weight)
            conv.bias.data.copy_(bias)
