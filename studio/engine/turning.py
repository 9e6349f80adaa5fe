"""Pictures turned by a few degrees, streamed by libvips, in a frame that grows so that nothing is cut."""

import math
from typing import Any, cast

import pyvips
from numpy.typing import NDArray

from studio.engine import vips


def turned(image: vips.Image, degrees: float) -> vips.Image:
    """Turned clockwise about its middle (bicubic), nothing where it has no pixels. Alpha must be premultiplied."""
    bicubic = cast(Any, pyvips.Interpolate).new("bicubic")
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    matrix = [cosine, -sine, sine, cosine]
    return image.affine(matrix, interpolate=bicubic, background=[0] * image.bands, premultiplied=True)


def turned_mask(mask: NDArray[Any], degrees: float) -> NDArray[Any]:
    """(H, W) coverage turned as the pictures are, in the grown frame, same dtype."""
    image = vips.image_of(mask)
    return vips.array_of(turned(image.cast("float"), degrees).rint().cast(image.format))[..., 0]
