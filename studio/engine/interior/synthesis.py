"""The inside of an opening made from the garment's own fabric, where no photograph of it exists."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.interior.fabric import Cloth, Place, find_place
from studio.engine.interior.light import EXPONENT, Light, encoded, light_of, luminance
from studio.engine.interior.opening import Box, Field, Opening, Patch
from studio.engine.interior.rim import carry_over, find_band, front_and_back
from studio.engine.interior.shading import shade
from studio.engine.raster import Pixels
from studio.engine.stage import Mask

EVEN_OUT = 0.25
"""Over which share of the opening's longer side the light of moved fabric is made even."""
SURELY_NO_BAND = 0.05
"""Beyond this share of the garment's width from an opening lies fabric rather than its band or the seam of that."""
LEAST_COVER = 0.5
ADJUSTMENT = 1.2
"""Shares (0..1) of an opening that fabric has to cover, and factor by which its light may be adjusted."""
BESIDE, LEAST_SEEN, FINE = 0.02, 12, 0.08
"""How near the piece of the back lies that is carried on, as a share of the garment's width; its least pixels; up to
which share of the continuation's shorter side light and shade are texture."""
REVERSE = 0.5
"""How much of its contrast a pattern keeps on the reverse of the fabric."""
STRANGE, SMALL = 0.06, 0.04
"""Difference (of white) from the usual colour beyond which a pixel is strange, and share of the fabric up to which a
strange piece is a detail rather than pattern."""


@dataclass(frozen=True, kw_only=True)
class Unshaded:
    """The inside as it would look in the light outside: box in the frame, light (h, w, 3), and the mean light of the
    fabric around the opening."""

    box: Box
    light: Light
    lightness: float


def synthesise(photo: Pixels, garment: Mask, opening: Opening, cloth: Cloth, margin: int) -> Patch:
    """The inside of one opening, with `margin` pixels of the frame to spare on every side, to lie under the garment's
    rim."""
    made = unshaded(photo, garment, opening, cloth, margin)
    ratio = opening.enlarged(shade(opening, made.lightness), made.box)
    return Patch(box=made.box, pixels=encoded(made.light * ratio[..., None], photo.dtype))


def toned(patch: Patch, photo: Pixels, opening: Opening, back: Mask) -> Patch:
    """The patch in the colour and the even light of the piece of the garment's `back` (H, W) that it carries on, if
    there is one."""
    reach = 2 * max(2, round(BESIDE * opening.size)) + 1
    whole = opening.shrunk(back) > 127
    labels = cv2.connectedComponents(whole.astype(np.uint8), connectivity=8)[1]
    near = cv2.dilate(opening.hole.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    piece = whole & np.isin(labels, labels[near & whole])
    core = cv2.erode(piece.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if np.count_nonzero(core) < LEAST_SEEN:
        return patch
    colour = np.median(np.power(opening.look(photo)[core], EXPONENT), axis=0).astype(np.float32)
    light = light_of(patch.pixels)
    even = light / np.maximum(1e-4, cv2.GaussianBlur(light, (0, 0), max(2.0, FINE * min(light.shape[:2]))))
    return Patch(box=patch.box, pixels=encoded(colour * even, photo.dtype))


def unshaded(photo: Pixels, garment: Mask, opening: Opening, cloth: Cloth, margin: int) -> Unshaded:
    """The reverse of the fabric with the garment's band along the back rim, before it is darkened."""
    box = opening.tight_box(margin, garment.shape)
    colour = _colour_around(photo, opening)
    place = find_place(cloth, opening, SURELY_NO_BAND * opening.size)
    if place is None or place.cover < LEAST_COVER:
        light = np.broadcast_to(colour, (box[1] - box[0], box[3] - box[2], 3)).astype(np.float32)
    else:
        light = _reverse(photo, garment, box, place, float(luminance(colour)))
    return Unshaded(box=box, light=_with_rim(light, photo, opening, box), lightness=float(colour.mean()))


def _colour_around(photo: Pixels, opening: Opening) -> Light:
    """Mean light (3,) of the fabric around the opening."""
    away = cv2.distanceTransform((~opening.hole).astype(np.uint8), cv2.DIST_L2, 5)
    core = cv2.erode(opening.garment.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    ring = core & (away < 0.06 * opening.size)
    if not ring.any():
        ring = opening.garment if opening.garment.any() else np.ones_like(ring)
    return np.power(opening.look(photo)[ring], EXPONENT).mean(0)


def _reverse(photo: Pixels, garment: Mask, box: Box, place: Place, lightness: float) -> Light:
    """Light (h, w, 3) of the fabric's reverse: fabric moved into the box, evenly lit at about `lightness`, its pattern
    paler; plain where the fabric does not reach."""
    rows, columns = _moved(box, place, garment.shape)
    light = light_of(photo[rows[:, None], columns[None]])
    solid = (garment[rows[:, None], columns[None]] > 250).astype(np.uint8)
    cover = cv2.erode(solid, np.ones((5, 5), np.uint8)).astype(np.float32)
    mean = (light * cover[..., None]).sum((0, 1)) / max(1.0, float(cover.sum()))
    mean = mean * np.clip(lightness / max(1e-4, float(luminance(mean))), 1 / ADJUSTMENT, ADJUSTMENT)
    even = light * _evening(light, cover, float(luminance(mean)))[..., None]
    usual = cv2.erode(cover * ~_details(even, cover > 0), np.ones((5, 5), np.uint8))
    weight = REVERSE * cv2.GaussianBlur(usual.astype(np.float32), (0, 0), 2)[..., None]
    return (mean + weight * (even - mean)).astype(np.float32)


def _details(even: Light, solid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where evenly lit fabric (h, w, 3) shows buttons, eyelets and the like: small pieces far from its usual colour."""
    if not solid.any():
        return solid
    look = np.power(even, np.float32(1 / EXPONENT))
    apart = np.abs(look - np.median(look[solid], axis=0)).max(-1)
    strange = solid & (apart > STRANGE + 2 * np.median(apart[solid]))
    grown = cv2.dilate(strange.astype(np.uint8), np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    areas = cast(NDArray[np.int32], stats)[:, cv2.CC_STAT_AREA]
    small = np.flatnonzero(areas < SMALL * np.count_nonzero(solid))
    return np.isin(labels, small) & (grown > 0)


def _moved(box: Box, place: Place, shape: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    rows = np.clip(np.arange(box[0], box[1]) + place.dy, 0, shape[0] - 1)
    columns = np.clip(np.arange(box[2], box[3]) + place.dx, 0, shape[1] - 1)
    return rows, columns


def _evening(light: Light, cover: Field, lightness: float) -> Field:
    """Gain (h, w) that takes broad light and shade out of the fabric and brings its luminance to `lightness`."""
    sigma = max(2.0, EVEN_OUT * max(light.shape[:2]))
    factor = min(1.0, 8 / sigma)
    size = (max(1, round(light.shape[1] * factor)), max(1, round(light.shape[0] * factor)))
    small = cv2.resize(luminance(light) * cover, size, interpolation=cv2.INTER_AREA)
    weight = cv2.resize(cover, size, interpolation=cv2.INTER_AREA)
    broad = cv2.GaussianBlur(small, (0, 0), sigma * factor) / np.maximum(
        1e-3, cv2.GaussianBlur(weight, (0, 0), sigma * factor)
    )
    gain = np.clip(lightness / np.maximum(1e-4, broad), 0.5, 2.0)
    return cast(Field, cv2.resize(gain, (light.shape[1], light.shape[0]), interpolation=cv2.INTER_LINEAR))


def _with_rim(albedo: Light, photo: Pixels, opening: Opening, box: Box) -> Light:
    """The fabric with the garment's own band along the back rim."""
    arcs = front_and_back(opening)
    if arcs is None:
        return albedo
    front, back = arcs
    band = find_band(opening.look(photo), opening, front)
    if band is None:
        return albedo
    x, y, amount = (opening.enlarged(each, box) for each in carry_over(opening, front, back, band))
    map_x, map_y = (x + 0.5) / opening.scale - 0.5, (y + 0.5) / opening.scale - 0.5
    y0, y1, x0, x1 = opening.box
    rim = light_of(
        cast(Pixels, cv2.remap(photo[y0:y1, x0:x1], map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))
    )
    return albedo + amount[..., None] * (rim - albedo)
