"""The starter network: which pixel is background, mannequin, garment or inside-to-be-shown, and the inside's colour."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.classes import CLASSES, GARMENT
from training.second import WIDTHS, SecondTrunk, Taps
from training.trunk import WIDTH, Trunk, upsample


class Raw(NamedTuple):
    """What the loss needs: logits before softmax and the inside's colour."""

    logits: Tensor  # (B, 4, H, W)
    coarse: Tensor  # (B, 4, H/2, W/2), an earlier look at the same classes
    inner_colour: Tensor  # (B, 3, H, W), sRGB-encoded 0..1


class Output(NamedTuple):
    """What the exported model returns."""

    classes: Tensor  # (B, 4, H, W) probabilities, sum 1
    inner_colour: Tensor  # (B, 3, H, W), sRGB-encoded 0..1
    confidence: Tensor  # (B, 1), the IoU of the garment mask that the probabilities themselves promise


class Block(nn.Sequential):
    """3x3 convolution, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


def narrow(inputs: int, outputs: int) -> nn.Sequential:
    """1x1 convolution and ReLU, so that the wide maps are not met by 3x3 kernels."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1), nn.ReLU(inplace=True))


class InnerColour(nn.Module):
    """The inside's colour: the garment's own colour nearby, darkened and tinted by a learned amount."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.shade = nn.Sequential(Block(inputs + 9, 32), Block(32, 32), nn.Conv2d(32, 3, 1))

    def forward(self, features: Tensor, image: Tensor, garment: Tensor) -> Tensor:
        """`features` (B, C, h, w), `image` (B, 3, H, W) and garment probability (B, 1, h, w) -> (B, 3, h, w)."""
        small = F.interpolate(image, size=features.shape[2:], mode="bilinear", align_corners=False)
        whole = (small * garment).sum((2, 3), keepdim=True) / (garment.sum((2, 3), keepdim=True) + 1e-3)
        near = self.spread(small, garment, 9, whole)
        wide = self.spread(small, garment, 25, whole)
        base = torch.logit(near.clamp(0.02, 0.98))
        return torch.sigmoid(base + self.shade(torch.cat([features, small, near, wide], 1)))

    @staticmethod
    def spread(colour: Tensor, weight: Tensor, size: int, fallback: Tensor) -> Tensor:
        """Weighted mean of `colour` in a `size` x `size` window, `fallback` (B, 3, 1, 1) where no weight is near."""
        mean = F.avg_pool2d(colour * weight, size, 1, size // 2)
        mass = F.avg_pool2d(weight, size, 1, size // 2)
        return (mean + 1e-3 * fallback) / (mass + 1e-3)


class FromSecond(nn.Module):
    """What the second trunk saw, as something to add to the decoder: nothing, before it has learnt."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        fine, middle, deep = WIDTHS
        self.meaning = nn.Sequential(narrow(middle + deep, 64), Block(64, 64))
        self.at_fine = narrow(fine + 64, 64)
        self.say = nn.Conv2d(64, outputs, 1)
        nn.init.zeros_(self.say.weight)
        nn.init.zeros_(self.say.bias)

    def forward(self, taps: Taps, like: Tensor) -> Tensor:
        """Maps (B, outputs, h, w) of the height and width of `like`."""
        meaning = self.meaning(torch.cat([taps.s8, upsample(taps.s16, taps.s8)], 1))
        fine = self.at_fine(torch.cat([taps.s4, upsample(meaning, taps.s4)], 1))
        return upsample(self.say(fine), like)


class GarmentNet(nn.Module):
    """Two trunks at half the working size, decoder up to it, a light look at full resolution."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = Trunk()
        self.second = SecondTrunk()
        self.from_second = FromSecond(64)
        self.at_quarter = nn.Sequential(narrow(2 * WIDTH, 64), Block(64, 64))
        self.stem = Block(3, 16, stride=2)
        self.at_half = nn.Sequential(narrow(64 + WIDTH + 16, 40), Block(40, 40))
        self.coarse = nn.Conv2d(40, len(CLASSES), 1)
        self.carry = nn.Conv2d(40, 8, 1)
        self.look = Block(3, 8)
        self.at_full = nn.Sequential(Block(8 + 8 + 4, 12), nn.Conv2d(12, len(CLASSES), 1))
        self.colour = InnerColour(64 + WIDTH)

    def forward(self, image: Tensor) -> Raw:
        """`image`: (B, 3, H, W), RGB, sRGB-encoded 0..1, H and W multiples of 32."""
        half_size = F.avg_pool2d(image, 2)
        features = self.trunk(half_size)
        quarter = self.at_quarter[0](torch.cat([upsample(features.s4, features.s2), features.s2], 1))
        quarter = self.at_quarter[1](quarter + self.from_second(self.second(half_size), quarter))
        stem = self.stem(image)
        half = self.at_half(torch.cat([upsample(quarter, stem), features.s1, stem], 1))
        coarse = self.coarse(half)
        grown = upsample(torch.cat([self.carry(half), coarse], 1), image)
        logits = grown[:, 8:] + self.at_full(torch.cat([grown, self.look(image)], 1))
        seen = upsample(coarse.detach().softmax(1)[:, GARMENT : GARMENT + 1], features.s4)
        deep = torch.cat([F.avg_pool2d(quarter, 2), features.s4], 1)
        return Raw(logits, coarse, upsample(self.colour(deep, image, seen), image))


class Exported(nn.Module):
    """GarmentNet with the outputs that the product reads."""

    def __init__(self, net: GarmentNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor) -> Output:
        raw = self.net(image)
        classes = raw.logits.softmax(1)
        return Output(classes, raw.inner_colour, promised_iou(classes[:, GARMENT]))


def promised_iou(garment: Tensor) -> Tensor:
    """IoU of the mask `garment` > 0.5 expected under the probabilities `garment` (B, H, W): (B, 1), 0..1."""
    inside = (garment > 0.5).to(garment.dtype)
    hit = (garment * inside).sum((1, 2))
    return (hit / (inside.sum((1, 2)) + (garment * (1 - inside)).sum((1, 2)) + 1e-6)).unsqueeze(1)
