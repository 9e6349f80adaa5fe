"""Fits how dark the inside of a garment is: prints the weights that stand in studio/engine/interior/shading.py.

    python -m training.fit_shading ../shared/ghostbench/train

For every opening of every scene that has a true picture without mannequin, the inside is made without shading, and the
weights are sought that bring it nearest to the truth: the mean CIE76 difference, each opening counting once, large
differences (labels, another phase of a pattern) counting less. Started from and held near the weights that stand.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from studio.engine.colour import lab_of
from studio.engine.interior import shading, synthesis
from studio.engine.interior.fabric import overview
from studio.engine.interior.light import encoded
from studio.engine.interior.opening import Opening, find_openings

PIXELS = 150
LARGE = 25.0
HOLD = {True: 0.05, False: 2.0}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Pixels of one opening: features (n, 10), light of the unshaded inside (n, 3), true Lab (n, 3)."""

    is_neck: bool
    features: NDArray[np.float32]
    light: NDArray[np.float32]
    truth: NDArray[np.float32]


def main(folder: Path) -> None:
    """Print both sets of weights and what they reach."""
    samples = [sample for scene in sorted(folder.iterdir()) for sample in _samples(scene)]
    for is_neck, start in ((True, shading.NECK), (False, shading.ELSEWHERE)):
        chosen = [sample for sample in samples if sample.is_neck is is_neck]
        method = {"method": "L-BFGS-B", "options": {"eps": 1e-3}}
        found = minimize(_loss, start.astype(float), args=(chosen, start, HOLD[is_neck]), **method)
        name = "NECK" if is_neck else "ELSEWHERE"
        print(name, [round(float(weight), 3) for weight in found.x])
        before, after = _difference(start, chosen), _difference(found.x, chosen)
        print(f"  {len(chosen)} openings, mean difference {before:.2f} -> {after:.2f}")


def _samples(scene: Path) -> Iterator[Sample]:
    if not (scene / "ghost.png").exists():
        return
    photo = _rgb(scene / "photo.jpg")
    ghost = _rgb(scene / "ghost.png")
    garment, inner = (cv2.imread(str(scene / name), cv2.IMREAD_GRAYSCALE) for name in ("garment.png", "inner.png"))
    cloth = overview(photo, garment)
    for opening in find_openings(garment, inner):
        unshaded = synthesis.unshaded(photo, garment, opening, cloth, 0)
        y0, y1, x0, x1 = unshaded.box
        where = (inner[y0:y1, x0:x1] > 127) & opening.hole_in(unshaded.box)
        if np.count_nonzero(where) >= 40:
            yield _sample(opening, unshaded, where, ghost[y0:y1, x0:x1])


def _sample(
    opening: Opening, unshaded: synthesis.Unshaded, where: NDArray[np.bool_], ghost: NDArray[np.uint8]
) -> Sample:
    fields = np.moveaxis(shading.features(opening, unshaded.lightness), -1, 0)
    enlarged = np.stack([opening.enlarged(np.ascontiguousarray(field), unshaded.box)[where] for field in fields], -1)
    chosen = np.random.default_rng(0).permutation(len(enlarged))[:PIXELS]
    return Sample(
        is_neck=opening.is_neck,
        features=enlarged[chosen],
        light=unshaded.light[where][chosen],
        truth=lab_of(ghost[where][chosen]),
    )


def _loss(weights: NDArray[np.float64], samples: list[Sample], start: NDArray[np.float32], hold: float) -> float:
    robust = [np.where(d < LARGE, d, LARGE + 0.3 * (d - LARGE)).mean() for d in _differences(weights, samples)]
    return float(np.mean(robust) + hold * ((weights - start) ** 2).sum())


def _difference(weights: NDArray[np.floating], samples: list[Sample]) -> float:
    return float(np.mean([d.mean() for d in _differences(weights, samples)]))


def _differences(weights: NDArray[np.floating], samples: list[Sample]) -> Iterator[NDArray[np.float32]]:
    for sample in samples:
        ratio = np.clip(np.exp(sample.features @ weights), shading.DARKEST, shading.LIGHTEST)
        made = encoded(sample.light * ratio[:, None], np.dtype(np.uint16))
        yield np.linalg.norm(lab_of(made) - sample.truth, axis=-1)


def _rgb(path: Path) -> NDArray[np.uint8]:
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
