"""A body of eighteen points as a person bends it: what hangs on what, limits of limbs, symmetry. No painting.

The order is OpenPose's; left and right are the body's own, so the right shoulder stands left in a frontal picture.
"""

import math
from dataclasses import replace

from studio.model import Pose

Place = tuple[float, float]

NOSE, NECK, R_SHOULDER, R_ELBOW, R_WRIST, L_SHOULDER, L_ELBOW, L_WRIST = range(8)
R_HIP, R_KNEE, R_ANKLE, L_HIP, L_KNEE, L_ANKLE, R_EYE, L_EYE, R_EAR, L_EAR = range(8, 18)

LIMBS = (
    (NECK, R_SHOULDER), (NECK, L_SHOULDER), (R_SHOULDER, R_ELBOW), (R_ELBOW, R_WRIST), (L_SHOULDER, L_ELBOW),
    (L_ELBOW, L_WRIST), (NECK, R_HIP), (R_HIP, R_KNEE), (R_KNEE, R_ANKLE), (NECK, L_HIP), (L_HIP, L_KNEE),
    (L_KNEE, L_ANKLE), (NECK, NOSE), (NOSE, R_EYE), (R_EYE, R_EAR), (NOSE, L_EYE), (L_EYE, L_EAR),
)  # fmt: skip
PARENTS = {child: parent for parent, child in LIMBS}
MIRRORED = {
    R_SHOULDER: L_SHOULDER, R_ELBOW: L_ELBOW, R_WRIST: L_WRIST, R_HIP: L_HIP, R_KNEE: L_KNEE, R_ANKLE: L_ANKLE,
    R_EYE: L_EYE, R_EAR: L_EAR,
}  # fmt: skip
PARTNERS = MIRRORED | {left: right for right, left in MIRRORED.items()}

# A limb may look shorter than it is (it points at the camera) but hardly longer.
SHORTEST, LONGEST = 0.35, 1.2
# Of the body's height: closer than this to the mirrored place of its partner a joint jumps there.
SNAP = 0.02


def bent(pose: Pose, joint: int, to: Place, rest: Pose, *, symmetric: bool) -> Pose:
    """The pose with a joint (and all that hangs on it) moved towards `to`, as far as the limb of `rest` allows."""
    start = pose.points[joint]
    if start is None:
        return pose
    if symmetric:
        to = _snapped(pose, joint, to)
    to = _within_reach(pose, joint, to, rest)
    shift = (to[0] - start[0], to[1] - start[1])
    return moved(pose, _hanging(joint), shift)


def nudged(pose: Pose, joint: int, by: Place, rest: Pose, *, symmetric: bool) -> Pose:
    """As `bent`, by a step. Only one that leads nearer to the mirrored place ends there, so that others lead away."""
    start = pose.points[joint]
    if start is None:
        return pose
    to = (start[0] + by[0], start[1] + by[1])
    mirrored = _mirrored(pose, joint)
    nearer = mirrored is not None and math.dist(mirrored, to) < math.dist(mirrored, start)
    return bent(pose, joint, to, rest, symmetric=symmetric and nearer)


def moved(pose: Pose, joints: set[int], shift: Place) -> Pose:
    """The pose with some joints moved by `shift`."""
    points = list(pose.points)
    for joint in joints:
        point = points[joint]
        if point is not None:
            points[joint] = (point[0] + shift[0], point[1] + shift[1])
    return replace(pose, points=tuple(points))


def mirror(pose: Pose) -> Pose:
    """The pose as a mirror shows it: left and right exchanged around the neck."""
    axis = _axis(pose)
    points = [pose.points[PARTNERS.get(joint, joint)] for joint in range(len(pose.points))]
    return replace(pose, points=tuple((2 * axis - point[0], point[1]) if point else None for point in points))


def height_of(pose: Pose) -> float:
    """From the highest point to the lowest."""
    rows = [point[1] for point in pose.points if point]
    return max(rows) - min(rows) if rows else 0.0


def nearest(pose: Pose, at: Place, within: float) -> int | None:
    """The joint closest to `at`, None when none lies within that distance."""
    found = [(math.dist(point, at), joint) for joint, point in enumerate(pose.points) if point]
    distance, joint = min(found, default=(math.inf, 0))
    return joint if distance <= within else None


def _hanging(joint: int) -> set[int]:
    """The joint and all that moves with it."""
    below = {joint}
    for parent, child in LIMBS:
        if parent in below:
            below.add(child)
    return below


def _within_reach(pose: Pose, joint: int, to: Place, rest: Pose) -> Place:
    parent = PARENTS.get(joint)
    anchor = pose.points[parent] if parent is not None else None
    if parent is None or anchor is None:
        return to
    length = _length(rest, parent, joint)
    away = math.dist(anchor, to)
    if not length or not away:
        return to
    allowed = min(max(away, SHORTEST * length), LONGEST * length)
    return (anchor[0] + (to[0] - anchor[0]) * allowed / away, anchor[1] + (to[1] - anchor[1]) * allowed / away)


def _length(pose: Pose, one: int, other: int) -> float:
    first, second = pose.points[one], pose.points[other]
    return math.dist(first, second) if first and second else 0.0


def _snapped(pose: Pose, joint: int, to: Place) -> Place:
    mirrored = _mirrored(pose, joint)
    return mirrored if mirrored and math.dist(mirrored, to) < SNAP * height_of(pose) else to


def _mirrored(pose: Pose, joint: int) -> Place | None:
    """Where the joint would stand as its partner does; None = it has none."""
    partner = pose.points[PARTNERS[joint]] if joint in PARTNERS else None
    return (2 * _axis(pose) - partner[0], partner[1]) if partner else None


def _axis(pose: Pose) -> float:
    neck = pose.points[NECK]
    known = [point[0] for point in pose.points if point]
    return neck[0] if neck else sum(known) / max(len(known), 1)
