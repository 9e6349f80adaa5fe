"""A drawn training picture that the tests of what is drawn onto renders share."""

import cv2
import numpy as np

from training.picture import Sample

RED, DARK_RED, GREY = (0.8, 0.1, 0.1), (0.4, 0.05, 0.05), 0.5


def make_sample(*, with_shoulders: bool) -> Sample:
    """A red garment with a wide neck on a grey mannequin before white; its inside is dark red in the ghost."""
    h, w = 192, 144
    garment, mannequin, inner = (np.zeros((h, w), np.float32) for _ in range(3))
    garment[60:170, 30:114] = 1
    cv2.circle(garment, (72, 55), 22, 0, -1)
    mannequin[10:80, 52:92] = 1
    if with_shoulders:
        mannequin[54:120, 20:124] = 1
    mannequin *= 1 - garment
    inner[52:80, 50:94] = 1
    inner = np.minimum(inner, mannequin)
    photo = np.full((h, w, 3), 0.95, np.float32)
    ghost = photo.copy()
    photo[mannequin > 0] = GREY
    photo[garment > 0] = ghost[garment > 0] = RED
    ghost[inner > 0] = DARK_RED
    return Sample(photo=photo, ghost=ghost, garment=garment, mannequin=mannequin, inner=inner, has_ghost=True)
