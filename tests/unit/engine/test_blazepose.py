"""BlazePose: its points come back to where they were in the photo; with real weights it finds shoulders."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from studio.engine import blazepose
from studio.engine.gpu import posing
from studio.engine.gpu.runtime import Runtime

SHARED = Path(os.environ.get("MODAMODA_SHARED", Path(__file__).parents[4] / "shared"))
PEOPLE = SHARED / "photos" / "onperson"
WEIGHTS = Path(os.environ.get("MODAMODA_TEST_MODELS", Path.home() / ".local/share/modamoda/models")) / "blazepose"
needs_weights = pytest.mark.skipif(
    not (WEIGHTS / blazepose.FILE).is_file(), reason=f"no BlazePose weights in {WEIGHTS}"
)


class Interpreter:
    """Answers as the network does: finds the bright dot in what it is shown and puts every joint there."""

    def __init__(self, presence: float = 0.9) -> None:
        self.presence = presence
        self.shown = np.zeros(0)

    def get_input_details(self) -> list[dict[str, int]]:
        return [{"index": 0}]

    def get_output_details(self) -> list[dict[str, int]]:
        return [{"index": 1}, {"index": 2}]

    def set_tensor(self, index: int, value: np.ndarray) -> None:
        self.shown = value

    def invoke(self) -> None:
        assert self.shown.shape == (1, 256, 256, 3)

    def get_tensor(self, index: int) -> np.ndarray:
        if index == 2:
            return np.array([[self.presence]], np.float32)
        rows, columns = np.nonzero(self.shown[0, ..., 0] > 0.5 * self.shown.max())
        spot = [columns.mean() if columns.size else 0, rows.mean() if rows.size else 0, 0, 4, 4]
        return np.array([[spot] * 39], np.float32).reshape(1, 195)


@pytest.mark.parametrize("size", [(1600, 1200), (300, 400)])
def test_points_come_back_to_where_they_were_in_the_photo(size: tuple[int, int]) -> None:
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    spot = size[0] * 0.6, size[1] * 0.4
    cv2.circle(picture, (round(spot[0]), round(spot[1])), size[0] // 40, (255, 255, 255), -1)
    pose = blazepose.find_pose(Interpreter(), picture)
    assert pose is not None
    assert (pose["right_shoulder"].x, pose["right_shoulder"].y) == pytest.approx(spot, abs=size[0] / 80)
    assert pose.knows("neck", "left_ankle")


def test_where_nobody_stands_there_is_no_pose() -> None:
    assert blazepose.find_pose(Interpreter(presence=0.1), np.zeros((100, 80, 3), np.uint8)) is None


@needs_weights
@pytest.mark.skipif(not PEOPLE.is_dir(), reason=f"the photos of people are not at {PEOPLE}")
def test_the_shoulders_of_people_are_found() -> None:
    interpreter = blazepose.load(WEIGHTS)
    photos = sorted(PEOPLE.glob("*.jpg"))
    missed = []
    for path in photos:
        pose = blazepose.find_pose(interpreter, cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB))
        if pose is None or not pose.knows("right_shoulder", "left_shoulder", least=0.5):
            missed.append(path.name)
            continue
        apart = abs(pose["left_shoulder"].x - pose["right_shoulder"].x)
        level = abs(pose["left_shoulder"].y - pose["right_shoulder"].y) < 0.6 * apart
        if not level or pose["neck"].y >= pose["right_hip"].y:
            missed.append(path.name)
    assert len(missed) <= len(photos) // 10, missed


@needs_weights
@pytest.mark.skipif(not PEOPLE.is_dir(), reason=f"the photos of people are not at {PEOPLE}")
def test_without_vitpose_a_reference_photo_is_read_by_blazepose() -> None:
    def none_needed() -> Runtime:
        raise AssertionError("BlazePose needs no runtime")

    pose, model_id = posing.of_photo(sorted(PEOPLE.glob("*.jpg"))[0], WEIGHTS.parent, none_needed)
    assert model_id == "blazepose"
    assert pose.knows("right_shoulder", "left_shoulder")
