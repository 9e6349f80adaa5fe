"""Poses: their JSON, their picture, the presets, and how they are laid into a garment."""

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import fitting, poses, skeleton
from studio.engine.skeleton import NAMES, Point, Pose
from studio.errors import PhotoError, RecipeError
from studio.model import Pose as EditedPose

BENCH = Path(os.environ.get("MODAMODA_GHOSTBENCH", Path(__file__).parents[4] / "shared" / "ghostbench")) / "eval"
needs_bench = pytest.mark.skipif(not BENCH.is_dir(), reason=f"the rendered scenes are not at {BENCH}")


def tee(height: int = 400, width: int = 320) -> np.ndarray:
    """The outline of a T-shirt: trunk, shoulders that fall away from a neckline, two short sleeves."""
    mask = np.zeros((height, width), np.uint8)
    outline = [(130, 60), (190, 60), (250, 85), (300, 190), (255, 210), (235, 160)]
    outline += [(235, 350), (85, 350), (85, 160), (65, 210), (20, 190), (70, 85)]
    cv2.fillPoly(mask, [np.array(outline, np.int32)], 255)
    cv2.ellipse(mask, (160, 55), (30, 22), 0, 0, 360, 0, -1)
    return mask


def trousers(height: int = 500, width: int = 300) -> np.ndarray:
    mask = np.zeros((height, width), np.uint8)
    legs = [(100, 50), (200, 50), (215, 450), (165, 450), (150, 170), (135, 450), (85, 450)]
    cv2.fillPoly(mask, [np.array(legs, np.int32)], 255)
    return mask


@pytest.mark.parametrize("name", poses.names())
def test_every_preset_has_eighteen_points_and_a_thumbnail(name: str) -> None:
    pose = poses.find(name)
    assert pose is not None
    assert len(pose.points) == 18
    assert pose.knows("neck", "right_shoulder", "left_shoulder", "right_hip", "left_hip")
    assert cv2.imread(str(poses.FOLDER / f"{name}.png")).shape == (175, 150, 3)


def test_there_are_at_least_twelve_presets() -> None:
    assert len(poses.names()) >= 12


def test_an_unknown_pose_is_an_error_that_lists_the_presets() -> None:
    with pytest.raises(RecipeError, match="no pose flying") as caught:
        poses.find("flying")
    assert "standing" in caught.value.hint


@pytest.mark.parametrize("text", ["", "{}", '{"people": []}', '{"people": [{"pose_keypoints_2d": [1, 2]}]}'])
def test_a_file_that_is_no_pose_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.json"
    path.write_text(text)
    with pytest.raises(PhotoError, match=r"mine\.json"):
        poses.find(str(path))


@given(st.lists(st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000)), min_size=18, max_size=18))
def test_a_pose_survives_its_json(tmp_path_factory: pytest.TempPathFactory, places: list[tuple[float, float]]) -> None:
    pose = Pose(points=tuple(Point(x=round(x, 2), y=round(y, 2)) for x, y in places), size=(640, 480))
    path = tmp_path_factory.getbasetemp() / "pose.json"
    path.write_text(skeleton.to_json(pose))
    assert skeleton.read_json(path) == pose
    assert len(json.loads(path.read_text())["people"][0]["pose_keypoints_2d"]) == 54


def test_a_pose_drawn_by_hand_keeps_its_missing_points_unknown() -> None:
    edited = EditedPose(points=tuple((1.0, 2.0) if index < 3 else None for index in range(18)))
    pose = poses.from_edit(edited, (100, 50))
    assert pose.knows("nose", "neck", "right_shoulder")
    assert not pose.knows("left_shoulder")


def test_coco_points_become_openpose_with_a_neck_between_the_shoulders() -> None:
    points = [Point(x=float(index), y=float(index * 10), confidence=0.9) for index in range(17)]
    pose = skeleton.from_coco17(points, (100, 200))
    assert (pose["neck"].x, pose["neck"].y) == (5.5, 55.0)
    assert pose["right_shoulder"].x == 6.0
    assert pose["left_ankle"].x == 15.0


def test_the_skeleton_is_drawn_on_black_and_hides_what_is_not_known() -> None:
    pose = poses.find("standing")
    assert pose is not None
    picture = skeleton.draw(pose)
    assert picture.shape == (pose.size[1], pose.size[0], 3)
    assert (picture[:50] == 0).all()
    hidden = Pose(points=(skeleton.UNKNOWN,) * len(NAMES), size=pose.size)
    assert (skeleton.draw(hidden) == 0).all()


def test_a_t_shirts_shoulders_neck_and_sleeves_are_found() -> None:
    found = fitting.find_landmarks(tee())
    assert found is not None
    assert found.right is not None
    assert found.left is not None
    assert found.neck[0] == pytest.approx(160, abs=4)
    assert found.right.shoulder[0] == pytest.approx(320 - found.left.shoulder[0], abs=4)
    assert 70 < found.right.shoulder[0] < 105
    assert found.right.sleeve == pytest.approx((35, 200), abs=16)
    assert found.hem[1] == pytest.approx(350, abs=4)


def test_trousers_are_known_by_their_waistband_and_legs() -> None:
    found = fitting.find_landmarks(trousers())
    assert found is not None
    assert found.right is None
    assert found.waist == pytest.approx((150, 50), abs=4)
    assert found.legs is not None
    assert [end[0] for end in found.legs] == pytest.approx([110, 190], abs=8)


def test_an_empty_mask_has_no_landmarks() -> None:
    assert fitting.find_landmarks(np.zeros((100, 100), np.uint8)) is None


@pytest.mark.parametrize("name", ["standing", "hands-on-hips", "turned-left"])
def test_a_fitted_pose_has_its_shoulders_in_the_garment_and_arms_in_the_sleeves(name: str) -> None:
    pose, found = poses.find(name), fitting.find_landmarks(tee())
    assert pose is not None
    assert found is not None
    assert found.right is not None
    laid = fitting.fit(pose, found, (320, 400))
    assert (laid["right_shoulder"].x, laid["right_shoulder"].y) == pytest.approx(found.right.shoulder, abs=8)
    along = np.array(found.right.sleeve) - found.right.shoulder
    arm = np.array([laid["right_elbow"].x - laid["right_shoulder"].x, laid["right_elbow"].y - laid["right_shoulder"].y])
    assert float(arm @ along) / np.linalg.norm(arm) / np.linalg.norm(along) > 0.97
    assert laid["nose"].y < laid["neck"].y < laid["right_hip"].y < laid["right_knee"].y


def test_a_pose_in_trousers_has_its_ankles_in_their_ends() -> None:
    pose, found = poses.find("walking"), fitting.find_landmarks(trousers())
    assert pose is not None
    assert found is not None
    laid = fitting.fit(pose, found, (300, 500))
    assert (laid["right_ankle"].x, laid["right_ankle"].y) == pytest.approx((110, 450), abs=10)
    assert laid["right_hip"].y < 130


@needs_bench
def test_rendered_garments_have_level_shoulders_on_their_cloth() -> None:
    folders = sorted(path for path in BENCH.iterdir() if (path / "garment.png").is_file())
    wrong = []
    for folder in folders:
        garment, inner = (
            cv2.imread(str(folder / f"{name}.png"), cv2.IMREAD_GRAYSCALE) for name in ("garment", "inner")
        )
        found = fitting.find_landmarks(garment, inner)
        assert found is not None
        if found.right is None or found.left is None:
            wrong.append(folder.name)
            continue
        (x0, y0), (x1, y1) = found.right.shoulder, found.left.shoulder
        on_cloth = garment[int(y0), int(x0)] > 127 and garment[int(y1), int(x1)] > 127
        if not on_cloth or abs(y1 - y0) > 0.2 * (x1 - x0):
            wrong.append(folder.name)
    assert len(wrong) <= len(folders) // 10, wrong
