"""The inside of an opening from a photograph of it: moved into place, and matched in tone to the front."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.colour import convert
from studio.engine.interior.light import Light, encoded, light_of
from studio.engine.interior.opening import Box, Field, Opening, Patch, scaled_down
from studio.engine.interior.register import Matrix, Registration
from studio.engine.raster import Pixels, Raster
from studio.engine.stage import Mask

SAMPLE_PX = 512
STEEPEST = 1.25
DARK = 1e-3
"""Light added before logarithms: what lies below is noise."""


@dataclass(frozen=True, kw_only=True)
class Tone:
    """Per channel a line between logarithms of light: log(front + DARK) = offset + slope * log(inside + DARK); both
    (3,)."""

    offset: Field
    slope: Field

    def apply(self, light: Light) -> Light:
        """Light (..., 3) of the inside photo as the front's camera would have rendered it."""
        return np.exp(self.offset + self.slope * np.log(light + np.float32(DARK))) - np.float32(DARK)


def in_profile_of(front: Raster, inside: Raster) -> Pixels:
    """The inside photo's pixels in the front's profile and bit depth."""
    return convert(inside.pixels, inside.icc, front.icc, front.pixels.dtype.type)


def match_tone(front: Pixels, inside: Pixels, garment: Mask, registration: Registration) -> Tone:
    """Exposure, white balance and contrast of the front against the inside photo, from the garment that both show.

    The slope is held near 1 by a ridge: a garment of one colour says little about contrast.
    """
    scale = min(1.0, SAMPLE_PX / max(garment.shape))
    size = (max(1, round(garment.shape[1] * scale)), max(1, round(garment.shape[0] * scale)))
    first = scaled_down(front, size)
    second, seen = moved(inside, registration.matrix, (0, garment.shape[0], 0, garment.shape[1]), size)
    cover = cv2.erode((scaled_down(garment, size) > 250).astype(np.uint8), np.ones((5, 5), np.uint8))
    both = (cover > 0) & seen
    if np.count_nonzero(both) < 50:
        return Tone(offset=np.zeros(3, np.float32), slope=np.ones(3, np.float32))
    x, y = (np.log(light_of(each)[both] + np.float32(DARK)) for each in (second, first))
    x_mean, y_mean = np.median(x, 0), np.median(y, 0)
    ridge = np.float32(0.02)
    slope = (((x - x_mean) * (y - y_mean)).mean(0) + ridge) / (((x - x_mean) ** 2).mean(0) + ridge)
    slope = np.clip(slope, 1 / STEEPEST, STEEPEST)
    return Tone(offset=(y_mean - slope * x_mean).astype(np.float32), slope=slope.astype(np.float32))


def join(inside: Pixels, box: Box, registration: Registration, tone: Tone) -> tuple[Patch, NDArray[np.bool_]]:
    """The inside photo's pixels for a box of the frame, and where in it (h, w) the inside photo has any."""
    pixels, seen = moved(inside, registration.matrix, box, (box[3] - box[2], box[1] - box[0]))
    return Patch(box=box, pixels=encoded(tone.apply(light_of(pixels)), inside.dtype)), seen


def look(inside: Pixels, opening: Opening, registration: Registration, tone: Tone) -> Field:
    """The inside photo over an opening's crop at working resolution, matched in tone, (h, w, 3), encoded 0..1."""
    pixels, _ = moved(inside, registration.matrix, opening.box, (opening.hole.shape[1], opening.hole.shape[0]))
    toned = encoded(tone.apply(light_of(pixels)), inside.dtype)
    return toned.astype(np.float32) / np.float32(np.iinfo(inside.dtype).max)


def moved(inside: Pixels, matrix: Matrix, box: Box, size: tuple[int, int]) -> tuple[Pixels, NDArray[np.bool_]]:
    """The inside photo over a box of the frame, drawn at `size` (width, height), and where it has pixels.

    A picture much smaller than the box is made from a blurred one, so that nothing aliases.
    """
    steps = ((box[3] - box[2]) / size[0], (box[1] - box[0]) / size[1])
    place = np.array(
        [[steps[0], 0, box[2] + 0.5 * steps[0] - 0.5], [0, steps[1], box[0] + 0.5 * steps[1] - 0.5], [0, 0, 1]]
    )
    source, shrink = _shrunk(inside, max(1.0, float(np.sqrt(steps[0] * steps[1]))))
    whole = shrink @ matrix @ place
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    pixels = cv2.warpPerspective(source, whole, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    inside_of = np.full(source.shape[:2], 255, np.uint8)
    seen = cv2.warpPerspective(inside_of, whole, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return cast(Pixels, pixels), seen > 254


def _shrunk(picture: Pixels, step: float) -> tuple[Pixels, Matrix]:
    """The picture reduced for sampling every `step` pixels, and the matrix from its old pixels to its new ones."""
    if step < 1.5:
        return picture, np.eye(3)
    size = (max(1, round(picture.shape[1] / step)), max(1, round(picture.shape[0] / step)))
    factors = (size[0] / picture.shape[1], size[1] / picture.shape[0])
    matrix = np.array([[factors[0], 0, 0.5 * factors[0] - 0.5], [0, factors[1], 0.5 * factors[1] - 0.5], [0, 0, 1]])
    return cast(Pixels, cv2.resize(picture, size, interpolation=cv2.INTER_AREA)), matrix
