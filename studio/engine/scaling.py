"""Pictures to other sizes, in linear light, streamed by libvips so that no full-size copy in floating point exists."""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from studio.engine import vips
from studio.engine.placement import Placement
from studio.engine.raster import Pixels
from studio.engine.turning import turned


def place(master: Pixels, placement: Placement) -> Pixels:
    """(H, W, 4) straight alpha, turned, scaled and shifted into the placement's frame, same dtype; nothing elsewhere.

    Lanczos (three lobes), alpha premultiplied, in light linear by the sRGB curve (which is near enough for any display
    profile: flat areas come back exactly, whatever the curve).
    """
    image = vips.image_of(master)
    linear = _linear(image.extract_band(0, n=3), master.dtype).bandjoin(image.extract_band(3).cast("float"))
    full = float(np.iinfo(master.dtype).max)
    light = linear.premultiply(max_alpha=full)
    if placement.turn:
        light = turned(light, placement.turn)
    scaled = light.resize(placement.scale, kernel="lanczos3")
    framed = scaled.embed(placement.left, placement.top, placement.width, placement.height, extend="black")
    alpha = framed.extract_band(3)
    # libvips' own unpremultiply clips alpha first: where Lanczos overshoots beside an edge, colours became brighter.
    straight = (alpha > 0).ifthenelse(framed.extract_band(0, n=3) * full / alpha, 0)
    whole = alpha.rint().cast(image.format)
    return cast(Pixels, vips.array_of(_encoded(straight, master.dtype).bandjoin(whole)))


def place_mask(mask: NDArray[np.uint8], placement: Placement) -> NDArray[np.uint8]:
    """(H, W) coverage 0..255, turned, scaled and shifted into the placement's frame as the alpha of `place` is."""
    coverage = vips.image_of(mask).cast("float")
    if placement.turn:
        coverage = turned(coverage, placement.turn)
    scaled = coverage.resize(placement.scale, kernel="lanczos3")
    framed = scaled.embed(placement.left, placement.top, placement.width, placement.height, extend="black")
    return cast("NDArray[np.uint8]", vips.array_of(framed.rint().cast("uchar"))[..., 0])


def cover(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """(H, W, 3) scaled to cover `size` (width, height) and cropped to its middle, same dtype."""
    image = vips.image_of(pixels)
    width, height = size
    scale = max(width / image.width, height / image.height)
    horizontal, vertical = max(scale, width / image.width), max(scale, height / image.height)
    grown = _linear(image, pixels.dtype).resize(horizontal, vscale=vertical, kernel="lanczos3")
    grown = grown.embed(0, 0, max(width, grown.width), max(height, grown.height), extend="copy")
    cropped = grown.crop((grown.width - width) // 2, (grown.height - height) // 2, width, height)
    return cast(Pixels, vips.array_of(_encoded(cropped, pixels.dtype)))


def _linear(image: vips.Image, dtype: np.dtype[Any]) -> vips.Image:
    """Encoded integers as linear light 0..1 in float32."""
    levels = np.linspace(0, 1, np.iinfo(dtype).max + 1)
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    return image.maplut(vips.image_of(linear.astype(np.float32)[None, :]))


def _encoded(image: vips.Image, dtype: np.dtype[Any]) -> vips.Image:
    """Linear light back to encoded integers, rounded and clipped."""
    clipped = (image > 0).ifthenelse(image, 0)
    curve = (clipped <= 0.0031308).ifthenelse(clipped * 12.92, clipped ** (1 / 2.4) * 1.055 - 0.055)
    full = np.iinfo(dtype).max
    return (curve * full).rint().cast("uchar" if full == 255 else "ushort")
