"""What lies between a photo and a generator: drift undone, joints, crops."""

import numpy as np
import pytest

from studio.engine import figures, painting
from studio.errors import RecipeError
from studio.model import FigureStep


def disc(size: int = 128, radius: int = 40) -> np.ndarray:
    rows, columns = np.mgrid[0:size, 0:size]
    return np.where(np.hypot(rows - size / 2, columns - size / 2) < radius, 255, 0).astype(np.uint8)


@pytest.mark.parametrize(("size", "side"), [((4000, 3000), 1024), ((3000, 4000), 1024), ((801, 799), 64)])
def test_a_working_size_keeps_shape_and_area_in_multiples_of_eight(size: tuple[int, int], side: int) -> None:
    width, height = painting.working_size(size, side)
    assert width % 8 == height % 8 == 0
    assert width * height == pytest.approx(side * side, rel=0.15)
    assert width / height == pytest.approx(size[0] / size[1], rel=0.1)


def test_colour_drift_of_the_generator_is_undone_everywhere() -> None:
    rng = np.random.default_rng(1)
    given = rng.integers(60, 180, (128, 128, 3)).astype(np.uint8)
    wanted = given.copy()
    painted = np.clip(given.astype(int) + np.array([9, -6, 4]), 0, 255).astype(np.uint8)
    true = painting.without_drift(painted, given, disc() > 0)
    assert np.abs(true.astype(int) - wanted).mean() < 1.0
    assert np.abs(painted.astype(int) - wanted).mean() > 6


def test_a_painted_shadow_is_not_taken_for_drift() -> None:
    given = np.full((64, 64, 3), 200, np.uint8)
    painted = np.full((64, 64, 3), 120, np.uint8)
    true = painting.without_drift(painted, given, disc(64, 10) > 0)
    assert true.max() <= 120 + 24


def test_without_anything_kept_nothing_is_corrected() -> None:
    painted = np.full((32, 32, 3), 77, np.uint8)
    assert painting.without_drift(painted, painted * 0, np.zeros((32, 32), bool)) is painted


def test_a_joint_changes_only_the_band_around_the_garment() -> None:
    garment, band = disc(), 6
    photo = np.where(garment[..., None] > 0, [200, 30, 30], [0, 255, 0]).astype(np.uint8)
    figure = np.full((128, 128, 3), 90, np.uint8)
    result = painting.joined(figure, photo, garment, band)
    away = np.hypot(*(np.mgrid[0:128, 0:128] - 64)) - 40
    assert (result[away > band + 1] == 90).all()
    near = result[(away > 1) & (away < 3)].astype(int)
    assert near[:, 0].mean() > 95
    # Nothing of the green that stood around the garment in the photo comes along.
    assert near[:, 1].max() <= 92


def test_joints_do_not_show_the_tiles_they_were_made_in(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    photo, figure = (rng.integers(0, 255, (200, 200, 3)).astype(np.uint8) for _ in range(2))
    whole = painting.joined(figure, photo, disc(200, 70), 8)
    monkeypatch.setattr(painting, "_TILE_PX", 64)
    tiled = painting.joined(figure, photo, disc(200, 70), 8)
    # Pyramids of a tile see a little less than those of the whole.
    assert np.abs(whole.astype(int) - tiled).mean() < 1.5


def test_the_garment_alone_stands_on_white_within_a_small_margin() -> None:
    picture = np.full((128, 128, 3), 10, np.uint8)
    alone = painting.garment_alone(picture, disc())
    assert alone.shape[0] == pytest.approx(79 + 2 * 5, abs=3)
    assert (alone[0, 0] == 255).all()
    assert (alone[alone.shape[0] // 2, alone.shape[1] // 2] == 10).all()


def test_a_figure_is_painted_everywhere_but_in_the_garment() -> None:
    mask = painting.to_paint(disc(), 3)
    assert set(np.unique(mask)) == {0, 255}
    assert mask[64, 64] == 0
    assert mask[64, 64 + 39] == 255
    assert mask[0, 0] == 255


def test_the_form_becomes_words_without_free_text() -> None:
    words = figures.prompt_of(FigureStep(person="man", skin_tone="dark", build="slim", setting="street"), "red hoodie")
    for part in ("man", "dark brown skin", "slim", "city street", "red hoodie"):
        assert part in words


def test_a_word_that_the_form_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(RecipeError, match=r"figure\.setting must be one of studio"):
        figures.check(FigureStep(setting="moon"))
