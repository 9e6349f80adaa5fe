from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.training.red_shirt import make_sample
from training.drawn import with_bare_shoulders, with_cutouts, with_leg_openings, with_limbs, with_straps
from training.picture import Rng, Sample

Change = Callable[[Sample, Rng], Sample]
SEEDS = range(12)
CHANGES = (with_straps, with_bare_shoulders, with_cutouts, with_leg_openings, with_limbs)


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_drawn_leaves_a_picture_with_consistent_masks(change: Change) -> None:
    for seed in SEEDS:
        drawn = change(make_sample(with_shoulders=True), np.random.default_rng(seed))
        assert drawn.photo.dtype == np.float32
        assert drawn.photo.min() >= 0
        assert drawn.photo.max() <= 1
        assert drawn.garment.min() >= 0
        assert (drawn.garment + drawn.mannequin).max() <= 1 + 1e-5
        assert (drawn.inner <= drawn.mannequin + 1e-5).all()


def test_a_strap_is_cloth_across_the_mannequin() -> None:
    before = make_sample(with_shoulders=True)
    drawn = [with_straps(before, np.random.default_rng(seed)) for seed in SEEDS]
    assert all((after.garment >= before.garment - 1e-5).all() for after in drawn)
    added = [(after.garment - before.garment) * before.mannequin for after in drawn]
    assert sum(strap.sum() > 30 for strap in added) > len(SEEDS) / 2


def test_a_cutout_shows_the_mannequin_where_the_garment_was() -> None:
    before = make_sample(with_shoulders=True)
    shown = 0
    for seed in SEEDS:
        after = with_cutouts(before, np.random.default_rng(seed))
        bare = before.garment - after.garment > 0.99
        if not bare.any():
            continue
        shown += 1
        assert np.abs(after.photo[bare] - 0.5).mean() < np.abs(before.photo[bare] - 0.5).mean()
        assert (after.mannequin[bare] > 0.99).all()
    assert shown > len(SEEDS) / 2


def test_above_bare_shoulders_only_straps_are_left_and_no_inside_shows() -> None:
    before = make_sample(with_shoulders=True)
    drawn = [with_bare_shoulders(before, np.random.default_rng(seed)) for seed in SEEDS]
    top = slice(60, 63)
    opened = [after for after in drawn if after.garment[top].sum() < before.garment[top].sum() / 2]
    assert len(opened) > len(SEEDS) / 2
    assert any(after.garment[top].sum() > 4 for after in opened)
    assert all(after.inner[top].sum() < before.inner[top].sum() / 4 for after in opened)


def test_below_leg_openings_the_mannequin_shows_and_no_inside() -> None:
    before = make_sample(with_shoulders=False)
    for seed in SEEDS:
        after = with_leg_openings(before, np.random.default_rng(seed))
        gone = before.garment - after.garment > 0.99
        assert gone.sum() > 50
        assert (after.mannequin[gone] > 0.99).all()
        assert np.abs(after.photo[gone] - 0.5).mean() < np.abs(before.photo[gone] - 0.5).mean()
        rows = np.flatnonzero((before.garment > 0.5).any(axis=1))
        upper = slice(0, int(rows[0] + 0.44 * len(rows)))
        assert np.array_equal(after.garment[upper], before.garment[upper])
        assert after.inner[gone].max() == 0


def test_a_limb_hides_garment_only_as_the_inside_that_shows_later() -> None:
    before = make_sample(with_shoulders=True)
    drawn = [with_limbs(before, np.random.default_rng(seed)) for seed in SEEDS]
    assert all(after.mannequin.sum() > before.mannequin.sum() for after in drawn)
    for after in drawn:
        hidden = before.garment - after.garment
        assert (after.inner >= hidden - 1e-5).all()


@pytest.mark.parametrize("change", CHANGES)
def test_a_set_without_a_garment_stays_as_it_is(change: Change) -> None:
    nothing = np.zeros((192, 144), np.float32)
    empty = replace(make_sample(with_shoulders=True), garment=nothing, mannequin=nothing, inner=nothing)
    assert change(empty, np.random.default_rng(0)) is empty
