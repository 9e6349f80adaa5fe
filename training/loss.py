"""What training minimises."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from training.classes import GARMENT, INNER
from training.net import Raw

CLASS_WEIGHT = (1.0, 1.2, 1.0, 1.3)  # background, mannequin, garment, inner; with 2.5 the back neck came out too high


@dataclass(frozen=True, kw_only=True)
class Losses:
    """Scalar parts of the loss."""

    cross: Tensor
    coarse: Tensor
    overlap: Tensor
    alpha: Tensor
    colour: Tensor

    def total(self) -> Tensor:
        return self.cross + 0.4 * self.coarse + 0.5 * self.overlap + 2.0 * self.alpha + 3.0 * self.colour

    def line(self) -> str:
        parts = (self.cross, self.coarse, self.overlap, self.alpha, self.colour)
        names = ("cross", "coarse", "overlap", "alpha", "colour")
        return " ".join(f"{name} {float(part.detach()):.4f}" for name, part in zip(names, parts, strict=True))


def losses(raw: Raw, target: Tensor, ghost: Tensor, has_ghost: Tensor) -> Losses:
    """`target` (B, 4, H, W) coverages summing to 1; `ghost` (B, 3, H, W) where `has_ghost` (B,) is 1."""
    probability = raw.logits.softmax(1)
    small = F.avg_pool2d(target, 2)
    return Losses(
        cross=cross_entropy(raw.logits, target, edge_weight(target)),
        coarse=cross_entropy(raw.coarse, small, edge_weight(small)),
        overlap=overlap(probability[:, GARMENT], target[:, GARMENT]) + overlap(probability[:, INNER], target[:, INNER]),
        alpha=(probability[:, GARMENT] - target[:, GARMENT]).abs().mean(),
        colour=colour(raw.inner_colour, ghost, target[:, INNER], has_ghost),
    )


def cross_entropy(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Soft cross entropy, weighted by class and by `weight` (B, H, W)."""
    by_class = torch.tensor(CLASS_WEIGHT, dtype=logits.dtype).view(1, -1, 1, 1)
    each = -(target * by_class * logits.log_softmax(1)).sum(1)
    return (each * weight).sum() / weight.sum()


def edge_weight(target: Tensor) -> Tensor:
    """4 within two pixels of a border between classes, 1 elsewhere: (B, H, W)."""
    spread = F.max_pool2d(target, 5, 1, 2) + F.max_pool2d(-target, 5, 1, 2)
    return 1 + 3 * spread.amax(1).clamp(0, 1)


def overlap(probability: Tensor, target: Tensor) -> Tensor:
    """1 - soft Jaccard index per picture (B, H, W), averaged; pictures with nearly none of the class count little."""
    both = torch.minimum(probability, target).sum((1, 2))
    either = torch.maximum(probability, target).sum((1, 2))
    return (1 - (both + 20) / (either + 20)).mean()


def colour(predicted: Tensor, ghost: Tensor, inner: Tensor, has_ghost: Tensor) -> Tensor:
    """Mean absolute difference to the true inside where it is seen once the mannequin is gone."""
    weight = inner * has_ghost.view(-1, 1, 1)
    return ((predicted - ghost).abs().mean(1) * weight).sum() / (weight.sum() + 50)
