"""How sure the engine may be of a garment's mask: from what can be seen without the truth to a probability.

The coefficients stand in resources/models/confidence.json: {"coefficients": {feature: factor}, "intercept": number};
the result is the probability, by logistic regression, that the mask's overlap (IoU) with the truth is over 0.95,
shifted so that the recipe's limit stands for the one from which a result is called confident. They are fitted by
training/calibrate.py on rendered garments that the network was not trained on, as they are and drawn upon.
"""

import dataclasses
import functools
import json
import math
from dataclasses import dataclass

import cv2
import numpy as np

from studio.engine.starter.arrays import Floats
from studio.engine.starter.weights import MODELS_FOLDER

_EDGE = 3  # pixels of the network on each side of the outline
_LEAST = 1e-3  # share of the garment: contradictions far under it are alike


@dataclass(frozen=True, kw_only=True)
class Features:
    """What speaks against a mask.

    contradiction: natural logarithm of the area, as a share of the garment's, in which the mask contradicts what the
    network saw, away from the outline, and a thousandth. colour_doubt: how undecided the picture's colours left it, in
    pixels of the network across the outline.
    """

    contradiction: float
    colour_doubt: float


def features_of(seen: Floats, weighed: Floats, coverage: Floats) -> Features:
    """The features of a mask. seen, weighed: (h, w), the probability of the garment as the network saw it and as the
    colours left it; coverage: (H, W), the mask, of any size; all float32, 0..1."""
    height, width = seen.shape
    found = np.asarray(cv2.resize(coverage, (width, height), interpolation=cv2.INTER_AREA)) > 0.5
    flags = found.astype(np.uint8)
    away = cv2.distanceTransform(flags, cv2.DIST_L2, 5) + cv2.distanceTransform(1 - flags, cv2.DIST_L2, 5)
    edge = away <= _EDGE
    length = max(1.0, float(np.count_nonzero(away <= 1)) / 2)
    contradicted = float(np.abs(seen - found)[~edge].sum()) / max(1, np.count_nonzero(found))
    return Features(
        contradiction=math.log(_LEAST + contradicted),
        colour_doubt=float((1 - np.abs(2 * weighed - 1)).sum()) / length,
    )


def confidence_of(features: Features) -> float:
    """The probability 0..1 that the garment's mask is right (IoU over 0.95), shifted as said above."""
    intercept, coefficients = _fitted()
    values = dataclasses.asdict(features)
    score = intercept + sum(factor * values[name] for name, factor in coefficients.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@functools.cache
def _fitted() -> tuple[float, dict[str, float]]:
    fitted = json.loads((MODELS_FOLDER / "confidence.json").read_text(encoding="utf-8"))
    return float(fitted["intercept"]), {str(name): float(value) for name, value in fitted["coefficients"].items()}
