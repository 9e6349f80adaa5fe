import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from studio.engine import drafts
from studio.engine.asked import Eyes, draws_figures, sees_regions
from studio.engine.outlining import outline
from studio.engine.preview import from_png, to_png
from studio.engine.skeleton import read_json
from studio.errors import EngineError, PhotoError
from studio.jobs.asking import Asking
from studio.model import FigureStep
from studio.settings import Home, resources


def filled(points, shape):
    drawn = np.zeros(shape, np.uint8)
    cv2.fillPoly(drawn, [np.round((np.array(points) - 0.5) * 16).astype(np.int32)], 255, shift=4)
    return drawn > 127


def test_an_outline_keeps_what_was_clicked_with_its_holes_and_nothing_else():
    region = np.zeros((200, 300), bool)
    region[20:180, 20:200] = True
    region[50:80, 50:90] = region[100:150, 120:170] = region[60:90, 130:180] = False
    region[40:100, 230:280] = True
    wanted = region.copy()
    wanted[:, 210:] = False
    made = filled(outline(region, (30, 30)), region.shape)
    assert (made != wanted).mean() < 0.01
    assert not made[65, 70]
    assert not made[120, 140]


def test_where_nothing_lies_there_is_no_outline():
    assert outline(np.zeros((20, 20), bool), (5, 5)) == []


@pytest.fixture
def photo(tmp_path):
    picture = Image.new("RGB", (300, 400), (220, 220, 220))
    picture.paste((60, 60, 120), (80, 90, 220, 330))
    picture.save(tmp_path / "photo.jpg")
    return tmp_path / "photo.jpg"


def test_networks_that_are_here_are_asked_in_photo_coordinates(tiny_folder, photo):
    assert sees_regions(tiny_folder)
    points = Eyes(tiny_folder).region(photo, (150.0, 200.0))
    assert all(0 <= x <= 300 and 0 <= y <= 400 for x, y in points)


def test_a_computer_without_models_says_what_to_do(tiny_folder, photo, tmp_path):
    assert not sees_regions(tmp_path)
    with pytest.raises(EngineError, match="ViTPose or BlazePose"):
        Eyes(tmp_path).pose(photo)
    assert len(Eyes(tiny_folder).pose(photo).points) == 18


@pytest.mark.slow
def test_the_child_answers_and_is_started_again_after_it_died(tiny_folder, photo, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("from tests.fakes import torchvision; torchvision.make_importable()")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path(__file__).parents[3]}")
    home = Home(folder=tmp_path / "home")
    home.models.parent.mkdir(parents=True, exist_ok=True)
    home.models.symlink_to(tiny_folder)
    asking = Asking(home)
    try:
        first = asking.region(photo, (150.0, 200.0))
        asking._process.kill()
        asking._process.wait()
        assert asking.region(photo, (150.0, 200.0)) == first
        with pytest.raises(PhotoError):
            asking.region(tmp_path / "gone.jpg", (1.0, 1.0))
    finally:
        asking.close()


def test_a_draft_of_the_figure_fills_the_frame_and_leaves_the_garment_as_it_is(tiny_folder, photo, monkeypatch):
    monkeypatch.setattr(drafts, "STEPS", 2)
    assert draws_figures(tiny_folder)
    garment = np.zeros((400, 300), np.uint8)
    garment[90:330, 80:220] = 255
    pose = read_json(resources() / "poses" / "standing.json").scaled_to((300, 400))
    drawn = Eyes(tiny_folder, "cpu").figure(photo, pose, garment, FigureStep())
    height, width = drawn.shape[:2]
    assert abs(width / height - 300 / 400) < 0.02
    middle = drawn[round(height * 0.5), round(width * 0.5)].astype(int)
    assert np.abs(middle - (60, 60, 120)).max() <= 3
    assert from_png(to_png(drawn)).tobytes() == drawn.tobytes()
