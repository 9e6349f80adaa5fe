"""How dark the inside of a garment is: a formula fitted to rendered garments, from the rim at the back down into the
depth.

The ratio of light between the inside and the same fabric outside, as exp(weights @ features). Fitted by robust ridge
regression to the scenes of the training set that have a true picture without mannequin (`training/fit_shading.py`).
"""

import numpy as np

from studio.engine.interior.opening import Field, Opening

NECK = np.array([-1.2, -0.131, -0.095, 0.05, 0.07, 0.296, 0.898, 0.239, 0.678, 0.329], np.float32)
ELSEWHERE = np.array([-0.005, -0.22, 0.414, 0.173, 0.07, -0.65, 3.318, 0.571, -0.205, -0.805], np.float32)
DARKEST, LIGHTEST = 0.08, 1.1
WIDEST, TALLEST = 0.85, 0.66
"""Greatest width and height of a fitted neck, as shares of the garment's width: beyond them nothing is known."""
OPEN_FRONT, SHADOW = 0.3, -0.7
"""Height, in the same share, from which an opening below the neck is an open front (sleeves and hems reach 0.29), and
by what exponent it is darker than a neck: eight rendered vests have 0.07 to 0.4 of the light outside."""


def shade(opening: Opening, light: float) -> Field:
    """Ratio of light, (h, w) at the opening's working resolution; light: mean light 0..1 of the fabric outside."""
    is_open_front = not opening.is_neck and np.count_nonzero(opening.hole.any(1)) > OPEN_FRONT * opening.size
    weights = NECK if opening.is_neck or is_open_front else ELSEWHERE
    terms = zip(weights, _terms(opening, light), strict=True)
    start = np.full(opening.hole.shape, SHADOW if is_open_front else 0, np.float32)
    exponent = sum((weight * term for weight, term in terms), start)
    return np.clip(np.exp(exponent), DARKEST, LIGHTEST).astype(np.float32)


def features(opening: Opening, light: float) -> Field:
    """What the darkness depends on, (h, w, 10), float32; for fitting the weights."""
    shape = opening.hole.shape
    return np.stack([np.broadcast_to(np.float32(term), shape) for term in _terms(opening, light)], -1)


def _terms(opening: Opening, light: float) -> list[Field | np.float32]:
    """Depth, lightness of the fabric, width and height of the opening, distance from its middle, nearness of its rims:
    fields (h, w), or one number for all pixels."""
    from_back, from_front = opening.distances()
    depth = from_back / np.maximum(1e-3, from_back + from_front)
    rows, columns = np.flatnonzero(opening.hole.any(1)), np.flatnonzero(opening.hole.any(0))
    across = (np.arange(depth.shape[1], dtype=np.float32) - columns[0]) / max(1, columns[-1] - columns[0])
    lightness = np.float32(np.log(light + 0.01))
    reach = np.float32(0.03 * opening.size)
    return [
        np.float32(1),
        depth,
        depth * depth,
        lightness,
        lightness * depth,
        np.float32(min(WIDEST, len(columns) / max(1.0, opening.size))),
        np.float32(min(TALLEST, len(rows) / max(1.0, opening.size))),
        np.abs(np.clip(across, 0, 1) - np.float32(0.5)),
        np.exp(-from_back / reach),
        np.exp(-from_front / reach),
    ]
