"""How far a camera was rolled: a garment on a mannequin is nearly its own mirror image about an upright line.

The angle at which the mask agrees best with its mirror image. A known turn of a picture is found to a twentieth of a
degree; against the camera's own roll in rendered scenes the error is 0.3 degrees on average and below 1, because
garments hang a little askew. One too uneven to tell by says nothing.
"""

import cv2
import numpy as np

from studio.engine.starter.arrays import Floats

MOST_ROLL = 5.0  # degrees; more is no oversight
_STEP, _FINE_STEP, _FINE_REACH = 0.5, 0.1, 0.6
_LEAST_LIKENESS = 0.97
_LEAST_PEAK = 0.003  # likeness lost one degree off the best angle, under which the garment is too round to tell


def roll_of(mask: Floats) -> float | None:
    """Degrees clockwise by which a picture must be turned for the garment in `mask` (h, w, 0..1) to stand upright.

    None = it cannot be told, or lies beyond MOST_ROLL.
    """
    room = mask.shape[0] // 10 + 1
    padded = np.pad(mask.astype(np.float32), room)
    coarse = np.arange(-MOST_ROLL - 1, MOST_ROLL + 1 + _STEP / 2, _STEP)
    best = float(coarse[int(np.argmax([_likeness(padded, angle) for angle in coarse]))])
    fine = np.arange(best - _FINE_REACH, best + _FINE_REACH + _FINE_STEP / 2, _FINE_STEP)
    likeness = np.array([_likeness(padded, angle) for angle in fine])
    bend, slope, _ = np.polyfit(fine - best, likeness, 2)
    if likeness.max() < _LEAST_LIKENESS or bend > -_LEAST_PEAK:
        return None
    roll = best - slope / (2 * bend)
    return float(roll) if abs(roll) <= MOST_ROLL and abs(roll - best) <= _FINE_REACH else None


def _likeness(mask: Floats, angle: float) -> float:
    """How much the mask, turned clockwise by `angle` degrees, agrees with its mirror image, 0..1."""
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -angle, 1)
    turned = np.asarray(cv2.warpAffine(mask, matrix, (width, height)), np.float32)
    # A row against its mirror image at every shift is the row convolved with itself.
    length = 1 << int(np.ceil(np.log2(2 * width)))
    waves = np.fft.rfft(turned, length, axis=1)
    agreement = np.fft.irfft((waves * waves).sum(axis=0), length).max()
    return float(agreement / max(float((turned * turned).sum()), 1e-6))
