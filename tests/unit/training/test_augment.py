import numpy as np
import pytest
from numpy.typing import NDArray

from training.augment import (
    augment,
    bleach,
    empty_set,
    match,
    new_backdrop,
    occlude,
    with_joints,
)
from training.config import load
from training.picture import Library, Render, Sample

SIZE = (96, 64)


def make_render(*, with_ghost: bool = True) -> Render:
    """A red garment in the middle, a grey mannequin above it, its inside where both meet."""
    photo = np.full((120, 90, 3), 240, np.uint8)
    masks = np.zeros((120, 90, 3), np.uint8)
    photo[10:40, 30:60], masks[10:40, 30:60, 1] = 128, 255
    photo[40:100, 20:70], masks[40:100, 20:70, 0] = (200, 30, 30), 255
    masks[34:40, 30:60, 2] = 255
    return Render(photo=photo, masks=masks, ghost=photo.copy() if with_ghost else None)


def make_sample() -> Sample:
    render = make_render()
    masks = render.masks.astype(np.float32) / 255
    return Sample(
        photo=render.photo.astype(np.float32) / 255,
        ghost=render.photo.astype(np.float32) / 255,
        garment=masks[..., 0],
        mannequin=masks[..., 1],
        inner=masks[..., 2],
        has_ghost=True,
    )


def total(sample: Sample) -> NDArray[np.float32]:
    return sample.garment + sample.mannequin


@pytest.mark.parametrize("seed", range(12))
def test_every_augmented_picture_is_a_picture_with_consistent_masks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    library = Library(photographs=[rng.random((80, 70, 3), dtype=np.float32)])
    sample = augment(make_render(with_ghost=seed % 2 == 0), SIZE, library, load().augment, rng)
    assert sample.photo.shape == sample.ghost.shape == (*SIZE, 3)
    assert sample.photo.dtype == np.float32
    assert np.isfinite(sample.photo).all()
    assert sample.photo.min() >= 0
    assert sample.photo.max() <= 1
    assert total(sample).max() <= 1 + 1e-5
    assert (sample.inner <= sample.mannequin + 1e-5).all()


def test_the_same_seed_gives_the_same_picture() -> None:
    library = Library(photographs=[])
    first, second = (augment(make_render(), SIZE, library, load().augment, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first.photo, second.photo)


def test_a_new_backdrop_leaves_the_garment_alone() -> None:
    sample = make_sample()
    moved = new_backdrop(sample, Library(photographs=[]), np.random.default_rng(1))
    assert np.allclose(moved.photo[50:90, 30:60], sample.photo[50:90, 30:60])
    assert not np.allclose(moved.photo[:, :10], sample.photo[:, :10], atol=0.02)


def test_a_matched_garment_has_the_colour_of_its_surroundings() -> None:
    sample = make_sample()
    before = np.abs(sample.photo[70, 45] - sample.photo[20, 45]).sum()
    matched = [match(sample, np.random.default_rng(seed)) for seed in range(6)]
    near = [min(np.abs(m.photo[70, 45] - m.photo[y, x]).sum() for y, x in ((20, 45), (60, 5))) for m in matched]
    assert max(near) < before / 2


def test_a_clip_at_the_outline_counts_as_mannequin_and_takes_nothing_from_the_garment() -> None:
    sample = make_sample()
    clipped = [occlude(sample, np.random.default_rng(seed)) for seed in range(8)]
    assert all(np.array_equal(c.garment, sample.garment) for c in clipped)
    assert any(c.mannequin.sum() > sample.mannequin.sum() for c in clipped)


def test_bleaching_whitens_the_mannequin_and_leaves_the_garment_alone() -> None:
    sample = make_sample()
    whites = [bleach(sample, np.random.default_rng(seed)).photo for seed in range(6)]
    assert all(np.allclose(white[50:90, 30:60], sample.photo[50:90, 30:60]) for white in whites)
    assert min(white[15, 45].mean() for white in whites) > 0.7 > sample.photo[15, 45].mean()


def test_a_set_without_a_garment_is_background_all_over() -> None:
    sets = [empty_set(make_sample(), Library(photographs=[]), np.random.default_rng(seed)) for seed in range(6)]
    assert all(not total(sample).any() and not sample.inner.any() for sample in sets)
    assert all(np.isfinite(sample.photo).all() for sample in sets)


def test_joints_are_drawn_on_the_mannequin_alone() -> None:
    sample = make_sample()
    drawn = [with_joints(sample, np.random.default_rng(seed)) for seed in range(8)]
    off = sample.mannequin == 0
    assert all(np.array_equal(each.photo[off], sample.photo[off]) for each in drawn)
    assert any(np.abs(each.photo - sample.photo).max() > 0.05 for each in drawn)
    assert all(np.array_equal(each.mannequin, sample.mannequin) for each in drawn)
