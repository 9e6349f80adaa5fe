import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from training.data import is_held_out
from training.evaluate import hardness
from training.figures import Truth, figures

SQUARE = (slice(10, 50), slice(10, 50))


def plane(*boxes: tuple[slice, slice]) -> NDArray[np.float32]:
    drawn = np.zeros((60, 60), np.float32)
    for box in boxes:
        drawn[box] = 1
    return drawn


def make_truth() -> Truth:
    inner = plane((slice(0, 10), slice(20, 45)))
    ghost = np.full((60, 60, 3), 0.5, np.float32)
    return Truth(garment=plane(SQUARE), mannequin=inner.copy(), inner=inner, ghost=ghost)


def test_the_truth_measured_against_itself_is_perfect() -> None:
    truth = make_truth()
    found = figures(truth, truth.garment, truth.inner, truth.ghost)
    assert found.iou == found.inner_iou == 1
    assert found.alpha_mae == found.leak == found.inner_de == 0


def test_half_the_garment_is_half_an_iou() -> None:
    half = plane((slice(10, 30), slice(10, 50)))
    assert figures(make_truth(), half).iou == pytest.approx(0.5)


def test_garment_on_the_mannequin_is_leak_unless_the_ghost_shows_cloth_there() -> None:
    truth = make_truth()
    painted = np.maximum(truth.garment, truth.mannequin)
    assert figures(truth, painted).leak == 0
    assert figures(replace(truth, inner=np.zeros_like(truth.inner)), painted).leak == pytest.approx(250 / 1600)


def test_an_inside_too_small_to_tell_has_no_figure() -> None:
    truth = replace(make_truth(), inner=plane((slice(0, 5), slice(0, 5))))
    assert math.isnan(figures(truth, truth.garment, truth.inner, truth.ghost).inner_iou)


def test_looks_of_one_simulation_are_never_split() -> None:
    held = [is_held_out(f"{seed}-tshirt", 12) for seed in range(3000)]
    assert held == [is_held_out(f"{seed}-tshirt", 12) for seed in range(3000)]
    assert 0.06 < sum(held) / len(held) < 0.11


def test_camera_faults_alone_do_not_make_a_scene_hard() -> None:
    assert hardness(["noise", "crop"]) == "plain"
    assert hardness(["noise", "white_on_white"]) == "hard"
