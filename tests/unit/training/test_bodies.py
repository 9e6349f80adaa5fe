from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.training.red_shirt import make_sample
from training.bodies import with_chrome, with_linen, with_plates, with_short_neck
from training.picture import Rng, Sample

Change = Callable[[Sample, Rng], Sample]
SEEDS = range(12)


@pytest.mark.parametrize("change", [with_short_neck, with_plates, with_linen, with_chrome])
def test_another_body_leaves_a_picture_with_consistent_masks(change: Change) -> None:
    for seed in SEEDS:
        drawn = change(make_sample(with_shoulders=False), np.random.default_rng(seed))
        parts = (drawn.photo, drawn.ghost, drawn.garment, drawn.mannequin, drawn.inner)
        assert all(part.dtype == np.float32 for part in parts)
        assert drawn.photo.min() >= 0
        assert drawn.photo.max() <= 1
        assert (drawn.garment + drawn.mannequin).max() <= 1 + 1e-5
        assert (drawn.inner <= drawn.mannequin + 1e-5).all()


def test_what_a_short_neck_shows_of_the_inside_is_garment() -> None:
    before = make_sample(with_shoulders=False)
    shown = 0
    for seed in SEEDS:
        after = with_short_neck(before, np.random.default_rng(seed))
        seen = (after.garment - before.garment > 0.99) & (before.inner > 0.99)
        assert (after.garment >= before.garment - 1e-5).all()
        assert (after.inner[seen] < 0.02).all()
        shown += bool(seen.any())
        reddish = after.photo[seen] @ np.array([1, -0.5, -0.5])
        assert not seen.any() or np.mean(reddish > 0.05) > 0.3  # the rest is a label
    assert shown > len(SEEDS) / 3


def test_between_the_plates_of_a_ghost_mannequin_is_cloth_or_the_set() -> None:
    before = make_sample(with_shoulders=False)
    opening = before.inner > 0.99
    cloth = empty = 0
    for seed in SEEDS:
        after = with_plates(before, np.random.default_rng(seed))
        gone = opening & (after.mannequin < 0.01)
        cloth += np.count_nonzero(gone & (after.garment > 0.99))
        empty += np.count_nonzero(gone & (after.garment < 0.01) & (after.inner < 0.01))
        assert (opening & (after.mannequin > 0.99)).any()
    assert cloth > 0
    assert empty > 0


def test_without_a_true_inside_the_neck_stays() -> None:
    sample = replace(make_sample(with_shoulders=False), has_ghost=False)
    assert with_short_neck(sample, np.random.default_rng(0)) is sample


def test_without_a_true_inside_the_set_is_seen_between_the_plates() -> None:
    before = replace(make_sample(with_shoulders=False), has_ghost=False)
    for seed in SEEDS:
        after = with_plates(before, np.random.default_rng(seed))
        assert np.array_equal(after.garment, before.garment)
        assert after.inner.sum() == 0


@pytest.mark.parametrize("finish", [with_chrome, with_linen])
def test_another_finish_changes_the_mannequin_alone(finish: Change) -> None:
    before = make_sample(with_shoulders=False)
    for seed in SEEDS:
        after = finish(before, np.random.default_rng(seed))
        assert np.array_equal(after.photo[before.mannequin == 0], before.photo[before.mannequin == 0])
        assert float(after.photo[before.mannequin > 0.99].std()) > 0.01
