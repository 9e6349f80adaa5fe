"""Smoothing and searching of our own, against SciPy, which the program itself does without."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, gaussian_filter1d
from scipy.spatial import KDTree

from studio.engine.interior import rim
from studio.engine.starter.arrays import gaussian_mean_of_bins


@pytest.mark.parametrize("sigma", [0.5, 1.0, 3.3])
def test_bins_are_smoothed_as_scipy_smooths_them(sigma):
    counts = np.random.default_rng(1).random((32, 32, 32))
    np.testing.assert_allclose(gaussian_mean_of_bins(counts, sigma), gaussian_filter(counts, sigma), atol=1e-13)


@pytest.mark.parametrize("sigma", [1.0, 3.0, 7.3])
@pytest.mark.parametrize("count", [2, 50, 500])
def test_lines_are_smoothed_as_scipy_smooths_them(count, sigma):
    points = np.random.default_rng(2).random((count, 2)) * 100
    expected = gaussian_filter1d(points, sigma, axis=0, mode="nearest")
    np.testing.assert_allclose(rim._smoothed(points, sigma), expected, atol=1e-10)


def test_the_nearest_point_is_the_one_that_scipy_finds():
    chance = np.random.default_rng(3)
    points = (chance.random((400, 2)) * 500).astype(np.float32)
    places = np.stack(np.nonzero(np.ones((90, 70))), 1).astype(np.float32)
    assert (rim._nearest(points, places) == KDTree(points).query(places)[1]).all()
