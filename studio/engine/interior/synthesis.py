"""The inside of an opening made from the garment's own fabric, where no photograph of it exists."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.interior.fabric import Cloth, Place, find_place
from studio.engine.interior.light import Light, encoded, light_of, luminance
from studio.engine.interior.opening import Box, Field, Opening, Patch
from studio.engine.interior.rim import carry_over, find_band, front_and_back
from studio.engine.interior.shading import shade
from studio.engine.raster import Pixels
from studio.engine.stage import Mask

EVEN_OUT = 0.25
"""Over which share of the opening's longer side the light of moved fabric is made even."""
SURELY_NO_BAND = 0.03
"""Beyond this share of the garment's width from an opening lies fabric rather than its band."""
REVERSE = 0.6
"""How much of its contrast a pattern keeps on the reverse of the fabric."""


def synthesise(photo: Pixels, garment: Mask, opening: Opening, cloth: Cloth, margin: int) -> Patch:
    """The inside of one opening, with `margin` pixels of the frame to spare on every side, to lie under the garment's
    rim."""
    box = opening.tight_box(margin, garment.shape)
    reference = _reference(photo, opening)
    albedo = _fabric(photo, garment, opening, cloth, box, reference)
    albedo = _with_rim(albedo, photo, opening, box)
    ratio = opening.enlarged(shade(opening, float(reference.mean())), box)
    return Patch(box=box, pixels=encoded(albedo * ratio[..., None], photo.dtype))


def _reference(photo: Pixels, opening: Opening) -> Light:
    """Mean light (3,) of the fabric around the opening."""
    away = cv2.distanceTransform((~opening.hole).astype(np.uint8), cv2.DIST_L2, 5)
    core = cv2.erode(opening.garment.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    ring = core & (away < 0.06 * opening.size)
    light = np.power(opening.look(photo), 2.2)
    return (
        light[ring if ring.any() else opening.garment].mean(0) if opening.garment.any() else np.full(3, 0.5, np.float32)
    )


def _fabric(photo: Pixels, garment: Mask, opening: Opening, cloth: Cloth, box: Box, reference: Light) -> Light:
    """Light (h, w, 3) of fabric moved into the box, evenly lit; plain where the garment is too small to cover the
    box."""
    place = find_place(cloth, opening, SURELY_NO_BAND * opening.size)
    plain = np.broadcast_to(reference, (box[1] - box[0], box[3] - box[2], 3))
    if place is None or place.cover < 0.5:
        return plain.astype(np.float32)
    rows, columns = _moved(box, place, garment.shape)
    light = light_of(photo[rows[:, None], columns[None]])
    cover = cv2.erode((garment[rows[:, None], columns[None]] > 250).astype(np.uint8), np.ones((5, 5), np.uint8))
    cover = cover.astype(np.float32)
    even = light * _evening(light, cover, reference)[..., None]
    weight = REVERSE * cv2.GaussianBlur(cv2.erode(cover, np.ones((5, 5), np.uint8)), (0, 0), 2)[..., None]
    return (even * weight + plain * (1 - weight)).astype(np.float32)


def _moved(box: Box, place: Place, shape: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    rows = np.clip(np.arange(box[0], box[1]) + place.dy, 0, shape[0] - 1)
    columns = np.clip(np.arange(box[2], box[3]) + place.dx, 0, shape[1] - 1)
    return rows, columns


def _evening(light: Light, cover: Field, reference: Light) -> Field:
    """Gain (h, w) that takes broad light and shade out of the fabric and brings it to the reference's lightness."""
    sigma = max(2.0, EVEN_OUT * max(light.shape[:2]))
    factor = min(1.0, 8 / sigma)
    size = (max(1, round(light.shape[1] * factor)), max(1, round(light.shape[0] * factor)))
    small = cv2.resize(luminance(light) * cover, size, interpolation=cv2.INTER_AREA)
    weight = cv2.resize(cover, size, interpolation=cv2.INTER_AREA)
    broad = cv2.GaussianBlur(small, (0, 0), sigma * factor) / np.maximum(
        1e-3, cv2.GaussianBlur(weight, (0, 0), sigma * factor)
    )
    gain = np.clip(float(luminance(reference)) / np.maximum(1e-4, broad), 0.5, 2.0)
    return cast(Field, cv2.resize(gain, (light.shape[1], light.shape[0]), interpolation=cv2.INTER_LINEAR))


def _with_rim(albedo: Light, photo: Pixels, opening: Opening, box: Box) -> Light:
    """The fabric with the garment's own band along the back rim."""
    arcs = front_and_back(opening)
    if arcs is None:
        return albedo
    front, back = arcs
    band = find_band(opening.look(photo), opening, front)
    x, y, amount = (opening.enlarged(each, box) for each in carry_over(opening, front, back, band))
    map_x, map_y = (x + 0.5) / opening.scale - 0.5, (y + 0.5) / opening.scale - 0.5
    y0, y1, x0, x1 = opening.box
    rim = light_of(
        cast(Pixels, cv2.remap(photo[y0:y1, x0:x1], map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))
    )
    return albedo + amount[..., None] * (rim - albedo)
