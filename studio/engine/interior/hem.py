"""How far the inside of a sleeve or a hem can stand out of the garment.

The back edge of a sleeve or a hem runs about straight between the ends of its front edge. On 217 such openings of
rendered garments the inside stood out of the convex hull of the front edge by 0.03 of its length (median), 0.09 at
most in 95 of 100. What a network takes for inside farther out lies on an arm or a leg.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.interior.opening import ROUNDED, Field, Opening, signed_distance

FARTHEST, USUAL = 0.08, 0.03
"""How far an inside may stand out, and how far it does where it was drawn too far, as shares of the front edge's
length."""
REACH = 0.012
"""How near to the inside the front edge lies, as a share of the garment's width."""
OVERFLOW = 0.1
"""Share of an opening that has to lie too far out before its outline is drawn anew."""


def within_reach(opening: Opening) -> Field | None:
    """The outline of an opening without what lies too far out, as signed distance in working pixels (h, w), positive
    inside; garment counts as inside. None = nothing does, or there is no front edge."""
    radius = 2 * max(2, round(REACH * opening.size)) + 1
    near = cv2.dilate(opening.hole.astype(np.uint8), np.ones((radius, radius), np.uint8)) > 0
    edge = np.argwhere(near & opening.garment)[:, ::-1].astype(np.int32)
    if len(edge) < radius:
        return None
    length = max(cv2.minAreaRect(edge.astype(np.float32))[1])
    apart = _distance_from_hull(edge, opening.hole.shape) / length
    if np.count_nonzero(opening.hole & (apart > FARTHEST)) < OVERFLOW * np.count_nonzero(opening.hole):
        return None
    return signed_distance((opening.hole & (apart <= USUAL)) | opening.garment, ROUNDED * opening.size)


def _distance_from_hull(points: NDArray[np.int32], shape: tuple[int, ...]) -> Field:
    """Distance (h, w) to the convex hull of points (n, 2) as x, y."""
    outside = np.ones(shape, np.uint8)
    cv2.fillConvexPoly(outside, cv2.convexHull(points), 0)
    return cast(Field, cv2.distanceTransform(outside, cv2.DIST_L2, 5))
