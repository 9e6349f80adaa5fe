"""Bodies put together out of maps of joints and fields of limbs, drawn from known poses."""

import numpy as np
import pytest

from studio.engine import poses
from studio.engine.affinity import _CHANNELS, _LIMBS, find_body
from studio.engine.skeleton import Pose

SIZE = (400, 368)


def drawn(*people: Pose) -> tuple[np.ndarray, np.ndarray]:
    """What the network would answer to a photo of these people, with a little noise."""
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    noise = np.random.default_rng(5)
    maps = noise.normal(0, 0.01, (19, *rows.shape)).astype(np.float32)
    fields = noise.normal(0, 0.05, (38, *rows.shape)).astype(np.float32)
    for pose in people:
        for joint, point in enumerate(pose.points):
            if point.confidence > 0:
                away = (columns - point.x) ** 2 + (rows - point.y) ** 2
                maps[joint] = np.maximum(maps[joint], 0.9 * np.exp(-away / 98))
        for (start, end), (across, down) in zip(_LIMBS, _CHANNELS, strict=True):
            if pose.knows(start, end):
                way = np.array([pose[end].x - pose[start].x, pose[end].y - pose[start].y])
                length = max(1e-6, float(np.hypot(*way)))
                x, y = way / length
                along = (columns - pose[start].x) * x + (rows - pose[start].y) * y
                beside = np.abs((rows - pose[start].y) * x - (columns - pose[start].x) * y)
                on = (along > -4) & (along < length + 4) & (beside < 8)
                fields[across][on], fields[down][on] = x, y
    return maps, fields


def person(name: str, size: tuple[int, int], at: tuple[int, int]) -> Pose:
    return poses.find(name).scaled_to(size).moved(lambda x, y: (x + at[0], y + at[1]), SIZE)


@pytest.mark.parametrize("name", ["standing", "arm-raised", "hands-on-hips", "from-behind", "turned-left"])
def test_the_larger_of_two_people_is_found_to_a_fraction_of_a_pixel(name: str) -> None:
    large, small = person(name, (245, 368), (0, 0)), person("standing", (120, 180), (240, 100))
    found = find_body(*drawn(small, large))
    assert found is not None
    for point, true in zip(found, large.points, strict=True):
        assert (point.confidence > 0) == (true.confidence > 0)
        assert np.hypot(point.x - true.x, point.y - true.y) < 0.2


def test_joints_that_no_field_ties_are_no_body() -> None:
    maps, fields = drawn(person("standing", (245, 368), (0, 0)))
    assert find_body(maps, np.zeros_like(fields)) is None
    assert find_body(maps, -fields) is None


def test_a_body_cut_by_the_frame_keeps_the_joints_that_are_seen() -> None:
    whole = person("standing", (245, 368), (60, 0))
    maps, fields = drawn(whole)
    cut = 184
    found = find_body(maps[:, :cut], fields[:, :cut])
    assert found is not None
    for point, true in zip(found[:14], whole.points[:14], strict=True):  # eyes and ears lie in one another's fields
        assert (point.confidence > 0) == (true.y < cut - 1)


def test_noise_is_nobody() -> None:
    assert find_body(*drawn()) is None
