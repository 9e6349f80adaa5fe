"""Figures of one picture against its ground truth; the definitions are GhostBench's own."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.data import read_mask, read_rgb

Plane = NDArray[np.float32]
LEAST_INNER = 200  # pixels of inside under which its figures say nothing


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Coverages 0..1 (H, W); the ghost's colour sRGB 0..1 (H, W, 3), None where it was not rendered."""

    garment: Plane
    mannequin: Plane
    inner: Plane
    ghost: Plane | None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`iou` and `inner_iou` 0..1, `alpha_mae` 0..1, `leak` in garments, `inner_de` CIE76; nan: none here."""

    iou: float
    alpha_mae: float
    leak: float
    inner_iou: float
    inner_de: float


def read_truth(scene: Path) -> Truth:
    """The masks beside a rendered photo."""
    garment, mannequin, inner = (
        read_mask(scene / f"{name}.png").astype(np.float32) / 255 for name in ("garment", "mannequin", "inner")
    )
    path = scene / "ghost.png"
    ghost = read_rgb(path).astype(np.float32) / 255 if path.exists() else None
    return Truth(garment=garment, mannequin=mannequin, inner=inner, ghost=ghost)


def figures(truth: Truth, garment: Plane, inner: Plane | None = None, inner_colour: Plane | None = None) -> Figures:
    """Predicted coverages (H, W) and inside colour (H, W, 3) against the truth."""
    inside = truth.inner > 0.5
    says = int(inside.sum()) > LEAST_INNER
    on_mannequin = (truth.mannequin > 0.5) & (truth.garment + truth.inner < 0.1)
    return Figures(
        iou=iou(garment, truth.garment),
        alpha_mae=float(np.abs(garment - truth.garment).mean()),
        leak=float(garment[on_mannequin].sum() / max(1, int((truth.garment > 0.5).sum()))),
        inner_iou=iou(inner, truth.inner) if says and inner is not None else float("nan"),
        inner_de=colour_difference(inner_colour, truth.ghost, inside) if says else float("nan"),
    )


def iou(a: Plane, b: Plane) -> float:
    """Intersection over union of the halves above 0.5."""
    union = int(((a > 0.5) | (b > 0.5)).sum())
    return 1.0 if union == 0 else int(((a > 0.5) & (b > 0.5)).sum()) / union


def colour_difference(found: Plane | None, ghost: Plane | None, where: NDArray[np.bool_]) -> float:
    """Mean CIE76 difference inside `where`."""
    if found is None or ghost is None:
        return float("nan")
    labs = (cv2.cvtColor(np.ascontiguousarray(image, np.float32), cv2.COLOR_RGB2LAB) for image in (found, ghost))
    a, b = labs
    return float(np.linalg.norm(a - b, axis=-1)[where].mean())
