"""How sure the engine may be of a garment's mask: from what can be seen without the truth to a probability.

The coefficients stand in resources/models/confidence.json: {"coefficients": {feature: factor}, "intercept": number};
the result is the probability, by logistic regression, that the mask's overlap (IoU) with the truth is over 0.95. They
are fitted on rendered garments that the network was not trained on.
"""

import dataclasses
import functools
import json
import math
from dataclasses import dataclass

import numpy as np

from studio.engine.starter.arrays import Floats
from studio.engine.starter.network import MODELS_FOLDER


@dataclass(frozen=True, kw_only=True)
class Features:
    """What speaks for or against a mask; every figure lies within 0..1.

    doubt: share of the garment's area that the network left undecided. agreement: overlap of what it saw in the
    picture and in its mirror image. own: the overlap with the truth that the network promises, 0.5 = no promise.
    promised: the same, by the probabilities after the colours of the picture spoke. moved: area that colour changed
    against the network, foreign: area in colours far commoner around the garment, strays: dropped area, all as shares
    of the garment. clarity: how much garment and surroundings differ in colour along the edge. size: the garment's
    share of the picture. cut: 1 if the garment leaves the frame.
    """

    doubt: float
    agreement: float
    own: float
    promised: float
    moved: float
    foreign: float
    strays: float
    clarity: float
    size: float
    cut: float


def promised_overlap(probability: Floats) -> float:
    """The overlap (IoU) with the truth of the area where `probability` > 0.5, if the probabilities are right."""
    inside = probability > 0.5
    right, missed = float(probability[inside].sum()), float(probability[~inside].sum())
    return right / max(1.0, float(np.count_nonzero(inside)) + missed)


def confidence_of(features: Features) -> float:
    """The probability 0..1 that the garment's mask is right (IoU over 0.95)."""
    intercept, coefficients = _fitted()
    values = dataclasses.asdict(features)
    score = intercept + sum(factor * values[name] for name, factor in coefficients.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@functools.cache
def _fitted() -> tuple[float, dict[str, float]]:
    fitted = json.loads((MODELS_FOLDER / "confidence.json").read_text(encoding="utf-8"))
    return float(fitted["intercept"]), {str(name): float(value) for name, value in fitted["coefficients"].items()}
