"""Changes that bring a clean render nearer to what photographers deliver.

All pictures here are float32 RGB (H, W, 3), sRGB-encoded 0..1; coverages are float32 (H, W), 0..1.
Every function draws from the generator it is given, so a seed fixes the result.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.bodies import with_chrome, with_linen, with_plates, with_short_neck
from training.config import AugmentConfig
from training.drawn import with_bare_shoulders, with_cutouts, with_leg_openings, with_limbs, with_straps
from training.picture import (
    Bytes,
    Image,
    Library,
    Mask,
    Render,
    Rng,
    Sample,
    blend,
    coloured_noise,
    luminance,
    mean_of,
    mirrored,
    random_crop,
    resized,
    small_blur,
    studio_colour,
    tinted,
)


def augment(render: Render, size: tuple[int, int], library: Library, config: AugmentConfig, rng: Rng) -> Sample:
    """`render` as another photographer would have shot it, at `size` (height, width)."""
    sample = move(render, size, rng)
    if rng.random() < config.empty:
        return photograph(empty_set(sample, library, rng), rng)
    if rng.random() < config.retexture:
        sample = retexture(sample, library, rng)
    if rng.random() < config.recolour:
        sample = recolour(sample, rng)
    if sample.has_ghost and rng.random() < config.ghosted:
        return photograph(ghosted(sample, library, rng), rng)
    whole = sample
    for share, change in ((config.short_neck, with_short_neck), (config.plates, with_plates)):
        if sample is whole and rng.random() < share:
            sample = change(sample, rng)
    if sample is not whole or rng.random() < config.new_backdrop:
        sample = new_backdrop(sample, library, rng)
    changes = (
        (config.match, match),
        (config.bleach, bleach),
        (config.linen, with_linen),
        (config.chrome, with_chrome),
        (config.leg_openings, with_leg_openings),
        (config.limbs, with_limbs),
        (config.bare_shoulders, with_bare_shoulders),
        (config.cutouts, with_cutouts),
        (config.straps, with_straps),
        (config.joints, with_joints),
        (config.trim, trim),
        (config.occluder, occlude),
        (config.photograph, photograph),
    )
    for share, change in changes:
        if rng.random() < share:
            sample = change(sample, rng)
    return sample


def beside(first: Sample, second: Sample) -> Sample:
    """Two pictures of one height as one: sheets of several garments are photographed and put together so."""

    def joined(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.concatenate([a, b], axis=1)

    return Sample(
        photo=joined(first.photo, second.photo),
        ghost=joined(first.ghost, second.ghost),
        garment=joined(first.garment, second.garment),
        mannequin=joined(first.mannequin, second.mannequin),
        inner=joined(first.inner, second.inner),
        has_ghost=first.has_ghost and second.has_ghost,
    )


# --- geometry


def move(render: Render, size: tuple[int, int], rng: Rng) -> Sample:
    """Scaled, turned, shifted, mirrored, stretched; what the frame does not hold is continued from its edge."""
    matrix = placement(render.photo.shape[:2], size, rng)
    shrink = min(1.0, 1.2 * float(np.sqrt(abs(np.linalg.det(matrix[:, :2])))))
    matrix = matrix @ np.diag([1 / shrink, 1 / shrink, 1])

    def warp(a: Bytes) -> NDArray[np.float32]:
        small = cv2.resize(a, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA) if shrink < 1 else a
        moved = cv2.warpAffine(small, matrix, size[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return moved.astype(np.float32) / 255

    masks = warp(render.masks)
    return Sample(
        photo=warp(render.photo),
        ghost=np.zeros((*size, 3), np.float32) if render.ghost is None else warp(render.ghost),
        garment=masks[..., 0].copy(),
        mannequin=np.minimum(masks[..., 1], 1 - masks[..., 0]),
        inner=np.minimum(masks[..., 2], masks[..., 1]),
        has_ghost=render.ghost is not None,
    )


def placement(source: tuple[int, ...], size: tuple[int, int], rng: Rng) -> NDArray[np.float64]:
    """A random similarity (2, 3), x before y, from the source frame into the frame of `size`."""
    (h, w), (th, tw) = source[:2], size
    fit = min(th / h, tw / w)
    scale = fit * float(np.exp(rng.normal(0.05, 0.18)))
    stretch = float(np.exp(rng.normal(0, 0.04)))
    angle = float(np.deg2rad(rng.normal(0, 4)))
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ np.diag([scale * mirror * stretch, scale / stretch])
    room = np.array([tw, th]) - scale * np.array([w, h])
    shift = np.array([tw, th]) / 2 + rng.uniform(-0.5, 0.5, 2) * np.abs(room) * 0.7
    return np.hstack([linear, (shift - linear @ (np.array([w, h]) / 2))[:, None]])


# --- fabric


def recolour(sample: Sample, rng: Rng) -> Sample:
    """Garment and mannequin each in another colour; texture and shading stay."""
    photo, ghost = sample.photo, sample.ghost
    if rng.random() < 0.75:
        change = lab_change(rng, strong=True)
        photo = blend(photo, change(photo), sample.garment)
        ghost = change(ghost)
    if rng.random() < 0.5:
        change = lab_change(rng, strong=rng.random() < 0.3)
        photo = blend(photo, change(photo), sample.mannequin)
    return replace(sample, photo=photo, ghost=ghost)


@dataclass(frozen=True, kw_only=True)
class LabChange:
    """A turn and scale of the colour plane and a curve of lightness, the same for every pixel."""

    turn: float  # radians
    chroma: float
    shift: tuple[float, float]
    gamma: float
    gain: float

    def __call__(self, image: Image) -> Image:
        lab = cv2.cvtColor(np.clip(image, 0, 1), cv2.COLOR_RGB2LAB)
        c, s = np.cos(self.turn) * self.chroma, np.sin(self.turn) * self.chroma
        a, b = lab[..., 1].copy(), lab[..., 2].copy()
        lab[..., 1] = c * a - s * b + self.shift[0]
        lab[..., 2] = s * a + c * b + self.shift[1]
        lab[..., 0] = np.clip(100 * self.gain * (np.clip(lab[..., 0], 0, 100) / 100) ** self.gamma, 0, 100)
        return np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1)


def lab_change(rng: Rng, *, strong: bool) -> LabChange:
    """A random change of colour; `strong` reaches any hue."""
    spread = 18.0 if strong else 5.0
    return LabChange(
        turn=float(rng.uniform(-np.pi, np.pi)) if strong else float(rng.normal(0, 0.2)),
        chroma=float(rng.uniform(0.2, 1.5)),
        shift=(float(rng.normal(0, spread)), float(rng.normal(0, spread))),
        gamma=float(np.exp(rng.normal(0, 0.5 if strong else 0.2))),
        gain=float(rng.uniform(0.75, 1.0)),
    )


def retexture(sample: Sample, library: Library, rng: Rng) -> Sample:
    """The garment in a fabric cut out of a photograph or made of noise, shaded like the old one."""
    height, width = sample.garment.shape
    fabric = fabric_patch(library, (height, width), rng)
    strength = float(rng.uniform(0.4, 1.0))

    def cover(image: Image) -> Image:
        light = luminance(image)[..., None]
        return np.clip(image * (1 - strength) + strength * fabric * (0.35 + 0.9 * light), 0, 1)

    photo = blend(sample.photo, cover(sample.photo), sample.garment)
    return replace(sample, photo=photo, ghost=cover(sample.ghost) if sample.has_ghost else sample.ghost)


def fabric_patch(library: Library, size: tuple[int, int], rng: Rng) -> Image:
    """Cloth-like texture of `size` (height, width)."""
    if library.photographs and rng.random() < 0.6:
        source = library.photographs[int(rng.integers(len(library.photographs)))]
        side = int(min(source.shape[:2]) * rng.uniform(0.08, 0.25))
        cut = random_crop(source, (side, side), rng)
        times = int(rng.integers(1, 4))
        tile = np.tile(mirrored(cut), (times, times, 1))
        return resized(tile, size)
    return np.clip(coloured_noise(size, rng, float(rng.uniform(1, 12))), 0, 1)


def match(sample: Sample, rng: Rng) -> Sample:
    """The garment brought to nearly the mean colour of the mannequin or of the backdrop."""
    other = sample.mannequin if rng.random() < 0.6 else 1 - sample.garment - sample.mannequin
    if min(float(other.sum()), float(sample.garment.sum())) < 200:
        return sample
    lab = cv2.cvtColor(np.clip(sample.photo, 0, 1), cv2.COLOR_RGB2LAB)
    source, target = mean_of(lab, sample.garment), mean_of(lab, other)
    shift = (target - source + rng.normal(0, 4, 3)).astype(np.float32)
    keep = np.float32(rng.uniform(0.5, 1.0))

    def change(image: Image) -> Image:
        moved = (cv2.cvtColor(np.clip(image, 0, 1), cv2.COLOR_RGB2LAB) - source) * keep + source + shift
        moved[..., 0] = np.clip(moved[..., 0], 0, 100)
        return np.clip(cv2.cvtColor(moved.astype(np.float32), cv2.COLOR_LAB2RGB), 0, 1)

    photo = blend(sample.photo, change(sample.photo), sample.garment)
    return replace(sample, photo=photo, ghost=change(sample.ghost) if sample.has_ghost else sample.ghost)


def bleach(sample: Sample, rng: Rng) -> Sample:
    """A white, flatly lit mannequin, often before white: the commonest studio, with hardly an edge in it."""
    photo = blend(sample.photo, whitened(sample.photo, sample.mannequin, rng), sample.mannequin)
    if rng.random() < 0.6:
        rest = np.clip(1 - sample.garment - sample.mannequin, 0, 1)
        photo = blend(photo, whitened(sample.photo, rest, rng), rest)
    return replace(sample, photo=photo)


def whitened(image: Image, where: Mask, rng: Rng) -> Image:
    """`image` with the lightness of `where` brought near white and little of its contrast and colour left."""
    lab = cv2.cvtColor(np.clip(image, 0, 1), cv2.COLOR_RGB2LAB)
    middle = mean_of(lab, where + 1e-6)[0]
    lab[..., 0] = np.clip(rng.uniform(80, 99) + (lab[..., 0] - middle) * rng.uniform(0.25, 0.9), 0, 100)
    lab[..., 1:] = lab[..., 1:] * rng.uniform(0, 0.4) + rng.normal(0, 2, 2)
    return np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1)


def trim(sample: Sample, rng: Rng) -> Sample:
    """A band or rib of another colour along the openings, along all that borders on the mannequin, or along the whole
    outline: mostly the mannequin's own colour."""
    solid = sample.garment > 0.5
    openings = sample.inner > 0.3
    draw = rng.random()
    other = openings if draw < 0.4 else openings | (sample.mannequin > 0.5) if draw < 0.85 else ~solid
    if min(np.count_nonzero(solid), np.count_nonzero(other)) < 200:
        return sample
    width = solid.shape[0] * float(rng.uniform(0.008, 0.03) if rng.random() < 0.5 else rng.uniform(0.03, 0.07))
    away = cv2.distanceTransform((~other).astype(np.uint8), cv2.DIST_L2, 5)
    band = np.clip(width - away + 0.5, 0, 1) * sample.garment
    rear = cv2.distanceTransform((solid | (sample.inner > 0.3)).astype(np.uint8), cv2.DIST_L2, 5)
    colour = trim_colour(sample, rng)
    relief = knitted(away, width, rng)[..., None]
    photo = blend(sample.photo, np.clip(tinted(sample.photo, sample.garment, colour) * relief, 0, 1), band)
    if not sample.has_ghost:
        return replace(sample, photo=photo)
    dyed = tinted(sample.ghost, sample.garment, colour)
    behind = np.clip(width - rear + 0.5, 0, 1) * sample.inner
    return replace(sample, photo=photo, ghost=blend(sample.ghost, dyed, np.clip(band + behind, 0, 1)))


def knitted(away: Mask, width: float, rng: Rng) -> Mask:
    """Light (H, W) on a band of `width` pixels: rounded across, its seam in shade, now and then with ribs."""
    inward = np.clip(away / width, 0, 1)
    light = 1 - rng.uniform(0, 0.25) * (1 - inward) ** 2 - rng.uniform(0, 0.3) * np.exp(-((width - away) ** 2) / 2)
    if rng.random() < 0.5:
        pitch = away.shape[0] * float(rng.uniform(0.006, 0.02))
        light = light * (1 + rng.uniform(0.02, 0.15) * np.cos(2 * np.pi * np.arange(away.shape[1]) / pitch))
    return light.astype(np.float32)


def with_joints(sample: Sample, rng: Rng) -> Sample:
    """Joints, ledges and seams of the mannequin: lines of shade across it, many of them beside a hem as if they were
    one."""
    bare = (sample.mannequin > 0.5) & (sample.inner < 0.5)
    if min(np.count_nonzero(bare), np.count_nonzero(sample.garment > 0.5)) < 200:
        return sample
    h, w = bare.shape
    away = cv2.distanceTransform((sample.garment < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    light = np.ones((h, w), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        if rng.random() < 0.65:
            across = away - h * np.float32(rng.uniform(0.01, 0.08))
        else:
            i, tilt = int(rng.integers(np.count_nonzero(bare))), rng.normal(0, 0.15)
            cy, cx = np.argwhere(bare)[i]
            across = (y - cy) * np.float32(np.cos(tilt)) + (x - cx) * np.float32(np.sin(tilt))
        width = h * float(rng.uniform(0.001, 0.004))
        line = np.exp(-((across / width) ** 2)) * rng.uniform(-0.15, 0.5)
        ledge = np.exp(-np.clip(across, 0, None) / (8 * width)) * (across > 0) * rng.uniform(-0.1, 0.35)
        light = light * np.clip(1 - line - ledge, 0.3, 1.2).astype(np.float32)
    shaded = np.clip(sample.photo * light[..., None], 0, 1)
    return replace(sample, photo=blend(sample.photo, shaded, sample.mannequin))


def trim_colour(sample: Sample, rng: Rng) -> Image:
    """(3,): about the colour of the mannequin, of the backdrop, that of a studio, or any."""
    draw = rng.random()
    if draw < 0.75:
        near = sample.mannequin if draw < 0.45 else np.clip(1 - sample.garment - sample.mannequin, 0, 1)
        colour = mean_of(sample.photo, near + 1e-6) + rng.normal(0, 0.05, 3)
    else:
        colour = studio_colour(rng) if draw < 0.87 else rng.uniform(0, 1, 3)
    return np.clip(colour, 0.02, 0.98).astype(np.float32)


# --- surroundings


def empty_set(sample: Sample, library: Library, rng: Rng) -> Sample:
    """A set in which no garment stands: nothing at all, or things."""
    nothing = np.zeros_like(sample.garment)
    scenery = backdrop(nothing.shape, library, rng)
    if rng.random() < 0.5:
        scenery = with_things(scenery, rng)
    return replace(sample, photo=scenery, garment=nothing, mannequin=nothing, inner=nothing, has_ghost=False)


def with_things(picture: Image, rng: Rng) -> Image:
    """Lobed shapes, as of flowers, pots or toys, blotched or plain, before `picture`."""
    h, w = picture.shape[:2]
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    for _ in range(int(rng.integers(1, 4))):
        lobes = (rng.normal(0, 0.5 / k) * np.cos(k * angle + rng.uniform(0, 6)) for k in range(2, 9))
        radius = min(h, w) * rng.uniform(0.08, 0.4) * np.clip(1 + sum(lobes), 0.2, 2)
        middle = rng.uniform(0.2, 0.8, 2) * (w, h)
        outline = middle + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
        shape = cv2.fillPoly(np.zeros((h, w), np.float32), [outline.astype(np.int32)], 1.0, cv2.LINE_AA)
        look = gradient((h, w), rng, 0.5) if rng.random() < 0.5 else coloured_noise((h, w), rng, rng.uniform(2, 30))
        picture = blend(picture, np.clip(look, 0, 1), small_blur(shape, float(rng.uniform(0.3, 2))))
    return picture


def ghosted(sample: Sample, library: Library, rng: Rng) -> Sample:
    """The finished picture itself before a backdrop: garment alone, nothing to remove and nothing to show."""
    cover = np.clip(sample.garment + sample.inner, 0, 1)
    scenery = backdrop(cover.shape, library, rng)
    scenery = scenery * shadow(cover, rng)[..., None] if rng.random() < 0.5 else scenery
    nothing = np.zeros_like(cover)
    photo = blend(scenery, sample.ghost, cover)
    return replace(sample, photo=photo, garment=cover, mannequin=nothing, inner=nothing, has_ghost=False)


def new_backdrop(sample: Sample, library: Library, rng: Rng) -> Sample:
    """Another backdrop composited behind garment and mannequin, with a shadow or a glow of theirs on it."""
    cover = np.clip(sample.garment + sample.mannequin, 0, 1)
    scenery = backdrop(cover.shape, library, rng)
    if rng.random() < 0.6:
        scenery = scenery * shadow(cover, rng)[..., None]
    return replace(sample, photo=blend(scenery, own_colour(sample.photo, cover), cover))


def own_colour(photo: Image, cover: Mask) -> Image:
    """`photo` with mixed edge pixels replaced by the colour of the covered pixels beside them."""
    sure = (cover > 0.97).astype(np.float32)
    weight = cv2.blur(sure, (7, 7))
    near = cv2.blur(photo * sure[..., None], (7, 7)) / np.maximum(weight, 1e-3)[..., None]
    mixed = (cover < 0.97) & (weight > 1e-2)
    return np.where(mixed[..., None], near, photo)


def shadow(cover: Mask, rng: Rng) -> Mask:
    """Factor 0..1 of a soft shadow of `cover`."""
    reach = cover.shape[0] * float(rng.uniform(0.01, 0.08))
    shift = np.array([[1, 0, rng.normal(0, reach)], [0, 1, rng.normal(0, reach)]], np.float64)
    cast = cv2.warpAffine(cover, shift, cover.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    return 1 - float(rng.uniform(0.05, 0.5)) * small_blur(cast, reach)


def backdrop(size: tuple[int, ...], library: Library, rng: Rng) -> Image:
    """A studio wall, a gradient, a room: (height, width) = `size`."""
    h, w = size[:2]
    kind = rng.choice(["plain", "gradient", "wall", "clutter", "noise", "photo"], p=[0.2, 0.25, 0.15, 0.12, 0.08, 0.2])
    if kind == "photo" and library.photographs:
        return photo_backdrop((h, w), library, rng)
    if kind == "noise":
        return np.clip(coloured_noise((h, w), rng, float(rng.uniform(2, 40))), 0, 1)
    picture = gradient((h, w), rng, 0.02 if kind == "plain" else 0.25)
    if kind in ("wall", "clutter"):
        picture = wall_and_floor(picture, rng)
    if kind == "clutter":
        picture = clutter(picture, rng)
    grain = rng.normal(0, rng.uniform(0, 0.02), (h, w, 1)).astype(np.float32)
    return np.clip(picture + grain, 0, 1)


def photo_backdrop(size: tuple[int, int], library: Library, rng: Rng) -> Image:
    """A stretch of a real photograph, mostly out of focus."""
    source = library.photographs[int(rng.integers(len(library.photographs)))]
    share = rng.uniform(0.3, 0.9)
    cut = random_crop(source, (int(source.shape[0] * share), int(source.shape[1] * share)), rng)
    grown = resized(cut[:, ::-1] if rng.random() < 0.5 else cut, size)
    return small_blur(grown, size[0] * float(rng.uniform(0.005, 0.05)))


def gradient(size: tuple[int, int], rng: Rng, strength: float) -> Image:
    """A linear or radial run of one colour."""
    h, w = size
    y, x = np.mgrid[0:h, 0:w].astype(np.float32) / max(h, w)
    if rng.random() < 0.5:
        angle = rng.uniform(0, 2 * np.pi)
        ramp = np.cos(angle) * x + np.sin(angle) * y
    else:
        ramp = np.hypot(x - rng.uniform(0, w / max(h, w)), y - rng.uniform(0, h / max(h, w)))
    ramp = ramp - ramp.mean()
    return np.clip(studio_colour(rng) + rng.normal(0, strength) * ramp[..., None] * 2, 0, 1).astype(np.float32)


def wall_and_floor(picture: Image, rng: Rng) -> Image:
    """A floor under the wall, the joint sharp or swept."""
    h, w = picture.shape[:2]
    joint = rng.uniform(0.55, 0.95) * h + np.tan(rng.normal(0, 0.03)) * (np.arange(w) - w / 2)
    share = np.clip((np.arange(h)[:, None] - joint) / rng.uniform(0.5, 0.1 * h) + 0.5, 0, 1)[..., None]
    return (picture * (1 - share) + gradient((h, w), rng, 0.2) * share).astype(np.float32)


def clutter(picture: Image, rng: Rng) -> Image:
    """Boxes, poles and discs standing about."""
    h, w = picture.shape[:2]
    picture = np.ascontiguousarray(picture)
    for _ in range(int(rng.integers(2, 9))):
        colour = tuple(float(c) for c in rng.uniform(0, 1, 3))
        x, y = int(rng.integers(w)), int(rng.integers(h))
        if rng.random() < 0.4:
            corner = (x + int(rng.integers(4, w // 3)), y + int(rng.integers(4, h)))
            cv2.rectangle(picture, (x, y), corner, colour, -1, cv2.LINE_AA)
        elif rng.random() < 0.5:
            cv2.line(picture, (x, 0), (x + int(rng.normal(0, 30)), h), colour, int(rng.integers(2, 9)), cv2.LINE_AA)
        else:
            cv2.circle(picture, (x, y), int(rng.integers(5, w // 5)), colour, -1, cv2.LINE_AA)
    return small_blur(picture, float(rng.uniform(0.3, 0.02 * h)))


def occlude(sample: Sample, rng: Rng) -> Sample:
    """Clips at the outline (they go: mannequin) and pins or tags on the cloth (they stay: garment)."""
    h, w = sample.garment.shape
    ys, xs = np.nonzero(sample.garment > 0.5)
    if len(ys) < 200:
        return sample
    drawn = np.zeros((h, w), np.float32)
    photo = np.ascontiguousarray(sample.photo)
    solid = (sample.garment > 0.5).astype(np.uint8)
    edge = np.argwhere(cv2.morphologyEx(solid, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
    for _ in range(int(rng.integers(1, 4))):
        on_edge = len(edge) > 0 and rng.random() < 0.6
        i = int(rng.integers(len(edge) if on_edge else len(ys)))
        y, x = (int(v) for v in (edge[i] if on_edge else (ys[i], xs[i])))
        half = np.maximum(rng.uniform(0.004, 0.018, 2) * h, 1.0)
        box = cv2.boxPoints(((float(x), float(y)), (2 * float(half[0]), 2 * float(half[1])), float(rng.uniform(0, 90))))
        shape = cv2.fillPoly(np.zeros((h, w), np.float32), [box.astype(np.int32)], 1.0, cv2.LINE_AA)
        colour = studio_colour(rng) if rng.random() < 0.6 else rng.uniform(0, 1, 3).astype(np.float32)
        photo = blend(photo, np.broadcast_to(colour, photo.shape), shape)
        drawn = np.maximum(drawn, shape)
    outside = drawn * np.clip(1 - sample.garment - sample.mannequin, 0, 1)
    return replace(sample, photo=photo, mannequin=np.clip(sample.mannequin + outside, 0, 1))


# --- camera


def photograph(sample: Sample, rng: Rng) -> Sample:
    """Light, colour, focus, grain and compression; the ghost follows light and colour alone."""
    light = camera_tone(sample.photo.shape[:2], rng)
    photo = light(sample.photo)
    if rng.random() < 0.4:
        photo = cv2.GaussianBlur(photo, (0, 0), float(rng.uniform(0.3, 1.6)))
    if rng.random() < 0.5:
        photo = photo + grain(photo.shape, rng)
    if rng.random() < 0.3:
        photo = photo + float(rng.uniform(0.2, 1.0)) * (photo - cv2.GaussianBlur(photo, (0, 0), 1.0))
    if rng.random() < 0.6:
        photo = jpeg(photo, int(rng.integers(35, 96)))
    ghost = light(sample.ghost) if sample.has_ghost else sample.ghost
    return replace(sample, photo=np.clip(photo, 0, 1).astype(np.float32), ghost=ghost)


@dataclass(frozen=True, kw_only=True)
class Tone:
    """Exposure and colour cast (3,), contrast, saturation and uneven light, as one camera setting."""

    gain: Image
    gamma: float
    saturation: float
    falloff: Mask

    def __call__(self, image: Image) -> Image:
        grey = luminance(image)[..., None]
        coloured = grey + (image - grey) * self.saturation
        return np.clip(np.clip(coloured * self.gain * self.falloff[..., None], 0, 1) ** self.gamma, 0, 1)


def camera_tone(size: tuple[int, ...], rng: Rng) -> Tone:
    """A random camera setting."""
    cast = rng.normal(0, 0.04 if rng.random() < 0.7 else 0.12, 3)
    h, w = size[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    slope = rng.normal(0, 0.12, 2)
    falloff = 1 + slope[0] * (x / w - 0.5) + slope[1] * (y / h - 0.5)
    return Tone(
        gain=np.exp(rng.normal(0, 0.13) + cast).astype(np.float32),
        gamma=float(np.exp(rng.normal(0, 0.18))),
        saturation=float(rng.uniform(0.6, 1.3)),
        falloff=falloff.astype(np.float32),
    )


def grain(shape: tuple[int, ...], rng: Rng) -> Image:
    """Sensor noise, sometimes blotched."""
    noise = rng.standard_normal(shape, dtype=np.float32) * np.float32(rng.uniform(0.003, 0.04))
    return noise if rng.random() < 0.5 else cv2.GaussianBlur(noise, (0, 0), 0.8) * 1.8


def jpeg(image: Image, quality: int) -> Image:
    """`image` once through a JPEG file."""
    bgr = np.round(np.clip(image[..., ::-1], 0, 1) * 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1].astype(np.float32) / 255
