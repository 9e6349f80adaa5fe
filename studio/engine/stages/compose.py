"""The stage `compose`: the master on its background, in the deliverable's profile, depth and geometry."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from studio.engine import backgrounds, colour, levelling, profiles, scaling
from studio.engine.image import read_photo
from studio.engine.placement import Placement, placement_of
from studio.engine.raster import Layer, Pixels, Raster
from studio.engine.shadow import shadow_of
from studio.engine.stage import Frame, Mask, StageContext
from studio.model import Format, Metadata, Profile, Recipe, Shadow

_STRIP_ROWS = 256
_EIGHT_BIT = (Format.JPG, Format.WEBP, Format.AVIF)


class Compose:
    """Lays the garment on its background.

    The master is converted to the deliverable's profile (relative colorimetric, black point compensation), scaled if
    the recipe asks, and blended in encoded values: result = garment x alpha + background x (1 - alpha), as every
    viewer blends a transparent PNG. Where alpha is full the pixel is the garment's own, untouched by the blending.
    """

    name = "compose"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Add the deliverable and say how it came about. Raises PhotoError for a bad background picture."""
        deliverable, transforms = composed(frame, context.recipe, context.checkpoint)
        context.progress(self.name, 1.0)
        return frame.evolve(deliverable=deliverable, transforms=frame.transforms + transforms)


def composed(frame: Frame, recipe: Recipe, checkpoint: Callable[[], None]) -> tuple[Raster, tuple[str, ...]]:
    """The master as `recipe` wants it, and sentences that say how it came about.

    Raises PhotoError for a bad background picture, Cancelled.
    """
    master = cast(Pixels, frame.master)
    icc = profiles.profile_for(recipe.output.profile, frame.photo.icc)
    depth = np.uint8 if recipe.output.format in _EIGHT_BIT else master.dtype.type
    placement = placement_of(master[..., 3], recipe.compose, recipe.level)
    pixels, alpha = _placed(master, frame.photo.icc, icc, depth, placement)
    if recipe.level and recipe.level.changes_light:
        pixels = levelling.lit(pixels, recipe.level)
    checkpoint()
    shadow = shadow_of(alpha, recipe.compose.shadow)
    parts = _parts(frame, recipe, pixels, alpha, shadow, placement) if _keeps_layers(recipe) else ()
    pixels, alpha = _laid(pixels, alpha, shadow, recipe.compose.background, icc, checkpoint)
    kept = recipe.output.metadata is Metadata.KEEP
    deliverable = Raster(
        pixels=pixels,
        alpha=alpha,
        icc=icc,
        exif=frame.photo.exif if kept else None,
        iptc=frame.photo.iptc if kept else None,
        xmp=frame.photo.xmp if kept else None,
        layers=parts,
    )
    return deliverable, _sentences(frame, recipe, placement, depth)


def _keeps_layers(recipe: Recipe) -> bool:
    kind = recipe.output.format
    return kind is Format.PSD or (kind is Format.TIFF and recipe.output.layered)


def _parts(
    frame: Frame, recipe: Recipe, pixels: Pixels, alpha: Pixels, shadow: Mask | None, placement: Placement
) -> tuple[Layer, ...]:
    """Background, shadow, inside and garment as layers that give the flattened picture when laid on one another.

    The garment and what lies behind it carry the same pixels; where the master shows nothing they carry the
    photograph's, so that a retoucher can paint a mask back. garment over inside over ground is the master over ground
    when the inside's mask is (alpha - garment) / (1 - garment).
    """
    full = int(np.iinfo(alpha.dtype).max)
    whole = _under_mask(frame, recipe, pixels, alpha, placement)
    garment = np.minimum(_placed_mask(frame.garment, alpha, placement), alpha)
    if frame.inner is not None:
        # Away from the inside all that is covered is garment, what the master made solid of its soft places too.
        garment = np.where(_placed_mask(frame.inner, alpha, placement) > 0, garment, alpha)
    free = (full - garment).astype(np.float32)
    share = np.divide((alpha - garment).astype(np.float32), free, out=np.zeros_like(free), where=free > 0)
    inside = np.rint(share * full).astype(alpha.dtype)
    layers: list[Layer] = []
    if recipe.compose.background != "transparent":
        icc = profiles.profile_for(recipe.output.profile, frame.photo.icc)
        ground = np.broadcast_to(_ground(recipe.compose.background, pixels, icc), pixels.shape)
        layers.append(Layer(name="background", pixels=ground))
    if shadow is not None:
        layers.append(
            Layer(name="shadow", pixels=np.zeros_like(pixels), mask=colour.as_depth(shadow, alpha.dtype.type))
        )
    if inside.any():
        name = "inside" if frame.figure is None else "figure"
        layers.append(Layer(name=name, pixels=whole, mask=inside))
    return (*layers, Layer(name="garment", pixels=whole, mask=garment))


def _under_mask(frame: Frame, recipe: Recipe, pixels: Pixels, alpha: Pixels, placement: Placement) -> Pixels:
    """The master's colours (H, W, 3) where it shows something, the photograph's everywhere else."""
    photo = frame.photo.pixels
    opaque = np.full(photo.shape[:2], np.iinfo(photo.dtype).max, photo.dtype)
    icc = profiles.profile_for(recipe.output.profile, frame.photo.icc)
    whole, _ = _placed(np.dstack([photo, opaque]), frame.photo.icc, icc, pixels.dtype.type, placement)
    if recipe.level and recipe.level.changes_light:
        whole = levelling.lit(whole, recipe.level)
    cv2.copyTo(pixels, (alpha > 0).view(np.uint8), whole)
    return whole


def _placed_mask(mask: Mask | None, like: Pixels, placement: Placement) -> Pixels:
    """A mask (H, W) of the photo in the deliverable's frame and depth; without one all of `like` is garment."""
    if mask is None:
        return like
    if not placement.is_identity:
        mask = scaling.place_mask(mask, placement)
    return colour.as_depth(mask, like.dtype.type)


def _placed(
    master: Pixels, source: bytes | None, target: bytes | None, depth: type[np.uint8 | np.uint16], placement: Placement
) -> tuple[Pixels, Pixels]:
    """The garment's colours (H, W, 3) in the target profile and depth, and its alpha (H, W), on the whole frame."""
    if not placement.is_identity:
        master = scaling.place(master, placement)
    pixels = cast(Pixels, cv2.cvtColor(master, cv2.COLOR_RGBA2RGB))
    alpha = colour.as_depth(cast(Pixels, cv2.extractChannel(master, 3)), depth)
    return colour.convert(pixels, source, target, depth), alpha


def _laid(
    pixels: Pixels,
    alpha: Pixels,
    shadow: Mask | None,
    background: str,
    icc: bytes | None,
    checkpoint: Callable[[], None],
) -> tuple[Pixels, Pixels | None]:
    """The finished pixels (the array given is written to) and the alpha of a transparent result."""
    if background == "transparent":
        return (pixels, alpha) if shadow is None else _on_nothing(pixels, alpha, shadow)
    ground = _ground(background, pixels, icc)
    for top in range(0, pixels.shape[0], _STRIP_ROWS):
        checkpoint()
        rows = slice(top, top + _STRIP_ROWS)
        under = _shaded(ground if ground.ndim == 1 else ground[rows], shadow, rows, pixels[rows].shape)
        _blend(pixels[rows], alpha[rows], under)
    return pixels, None


def _ground(background: str, like: Pixels, icc: bytes | None) -> Pixels:
    """The background in the deliverable's profile and depth: (3,) for one colour, (H, W, 3) for a picture."""
    depth = like.dtype.type
    if background.startswith("#"):
        # One colour of sRGB, carried at 16 bit so that its conversion is exact to half a step.
        wanted = np.array([[list(bytes.fromhex(background[1:]))]], np.uint8)
        return colour.as_depth(colour.convert(wanted, None, icc, np.uint16), depth)[0, 0]
    if background in backgrounds.names():
        drawn = backgrounds.draw(backgrounds.find(background), (like.shape[1], like.shape[0]))
        return colour.convert(drawn, None, icc, depth)
    picture = read_photo(Path(os.path.expanduser(background)))
    cropped = scaling.cover(picture.pixels, (like.shape[1], like.shape[0]))
    return colour.convert(cropped, picture.icc, icc, depth)


def _shaded(ground: Pixels, shadow: Mask | None, rows: slice, shape: tuple[int, ...]) -> Pixels:
    """The strip (h, W, 3) of the background that lies under the garment, darkened by the shadow."""
    strip = _plain(ground, shape) if ground.ndim == 1 else ground
    if shadow is None:
        return strip
    light = 255 - shadow[rows, :, None].astype(np.uint32)
    return ((strip * light + 127) // 255).astype(strip.dtype)


def _plain(ground: Pixels, shape: tuple[int, ...]) -> Pixels:
    """(h, W, 3) of one colour (3,); plane by plane, which takes a tenth of a broadcast colour's time."""
    return cast(Pixels, cv2.merge([np.full(shape[:2], level, ground.dtype) for level in ground]))


def _blend(pixels: Pixels, alpha: Pixels, under: Pixels) -> None:
    """Blend a strip in place; only where alpha is neither none nor full is anything computed."""
    cv2.copyTo(under, (alpha == 0).view(np.uint8), pixels)
    full = np.iinfo(alpha.dtype).max
    edge = np.flatnonzero((alpha > 0) & (alpha < full))
    flat, beneath = pixels.reshape(-1, 3), under.reshape(-1, 3)
    a = alpha.reshape(-1)[edge, None].astype(np.uint64)
    mixed = flat[edge] * a + beneath[edge] * (full - a)
    flat[edge] = ((mixed + full // 2) // full).astype(pixels.dtype)


def _on_nothing(pixels: Pixels, alpha: Pixels, shadow: Mask) -> tuple[Pixels, Pixels]:
    """Garment over a black shadow over nothing, straight alpha."""
    full = np.iinfo(alpha.dtype).max
    for top in range(0, pixels.shape[0], _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        over = alpha[rows].astype(np.float32) / full
        total = over + shadow[rows].astype(np.float32) / 255 * (1 - over)
        share = np.divide(over, total, out=np.zeros_like(over), where=total > 0)
        pixels[rows] = np.rint(pixels[rows] * share[..., None]).astype(pixels.dtype)
        alpha[rows] = np.rint(total * full).astype(alpha.dtype)
    return pixels, alpha


def _sentences(frame: Frame, recipe: Recipe, placement: Placement, depth: type[Any]) -> tuple[str, ...]:
    """What was done, in the order it was done."""
    said = [] if placement.is_identity else [placement.sentence()]
    if recipe.level and recipe.level.changes_light:
        said.append(levelling.sentence(recipe.level))
    if recipe.output.profile is Profile.SOURCE:
        said.append("the photo's own colour profile was kept")
    elif colour.same_colours(frame.photo.icc, profiles.profile_for(recipe.output.profile, None)):
        said.append(f"the colours were {recipe.output.profile.value} already and were not converted")
    else:
        said.append(
            f"the colours were converted from the photo's profile to {recipe.output.profile.value} (relative "
            "colorimetric, black point compensation)"
        )
    if depth is np.uint8 and frame.photo.pixels.dtype != np.uint8:
        said.append("16 bit became 8 bit, rounded to nearest")
    if recipe.compose.shadow is not Shadow.NONE:
        said.append(f"a {recipe.compose.shadow.value} shadow was drawn under the garment")
    said.append(_background_sentence(recipe.compose.background))
    return tuple(said)


def _background_sentence(background: str) -> str:
    if background == "transparent":
        return "the background is transparent"
    name = background if background.startswith("#") else f"the picture {Path(background).name}"
    return f"the garment was laid on {name}, blended in encoded values"
