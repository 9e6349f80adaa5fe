"""The stage `restore`: the garment's core is the photo bit for bit, edges are clean, figures are measured."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from studio.engine.joint import WIDEST_PX, band_width, core_of
from studio.engine.stage import Frame
from studio.engine.stages.interior import Interior
from studio.engine.stages.restore import Restore, joined_alpha, measure
from studio.errors import Cancelled
from tests.unit.engine.shot_on_mannequin import COLOURS, Masks, context, draw, frame_of, photograph

WIDTH, HEIGHT = 600, 800


@pytest.fixture(scope="module")
def masks() -> Masks:
    return draw(WIDTH, HEIGHT)


def coverage(mask: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(mask * 255).astype(np.uint8)


def shot(masks: Masks, depth: type[np.uint8 | np.uint16] = np.uint8) -> Frame:
    return frame_of(photograph(masks, depth)).evolve(
        garment=coverage(masks["garment"]),
        inner=coverage(masks["inner"]),
        mannequin=coverage(masks["mannequin"] + masks["inner"]),
        confidence=1.0,
    )


def restored(frame: Frame) -> Frame:
    return Restore().run(Interior().run(frame, context()), context())


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_the_core_is_the_photo_bit_for_bit_and_opaque(masks: Masks, depth: type[np.uint8 | np.uint16]) -> None:
    frame = restored(shot(masks, depth))
    core = cv2.erode((masks["garment"] > 0.99).astype(np.uint8), np.ones((3, 3), np.uint8), iterations=WIDEST_PX) > 0
    assert core.sum() > 10_000
    assert frame.master is not None
    assert frame.master.dtype == depth
    np.testing.assert_array_equal(frame.master[core][:, :3], frame.photo.pixels[core])
    assert (frame.master[core][:, 3] == np.iinfo(depth).max).all()


def test_alpha_is_garment_and_inner_and_colour_outside_is_nothing(masks: Masks) -> None:
    frame = restored(shot(masks))
    assert frame.master is not None
    assert frame.garment is not None
    assert frame.inner is not None
    together = np.minimum(255, frame.garment.astype(int) + frame.inner)
    assert np.abs(frame.master[..., 3].astype(int) - together).mean() < 0.3
    assert not frame.master[frame.master[..., 3] == 0].any()


def test_the_edge_carries_no_backdrop(masks: Masks) -> None:
    frame = restored(shot(masks))
    assert frame.master is not None
    edge = (frame.garment > 60) & (frame.garment < 200) & (masks["background"] > 0.2)
    assert edge.sum() > 200
    garment, backdrop = np.array(COLOURS["garment"], float), np.array(COLOURS["background"], float)
    away = backdrop - garment
    share = ((frame.master[edge][:, :3] - garment) @ away) / (away @ away)
    assert np.abs(share).mean() < 0.08


def test_there_is_no_dip_between_two_masks_that_do_not_quite_meet() -> None:
    garment, inner = np.zeros((2, 60, 60), np.uint8)
    garment[30:], inner[:29] = 255, 255
    garment[29], inner[28:30] = 100, 60
    assert joined_alpha(garment, inner, 2).min() == 255


def test_softness_amid_the_garment_changes_nothing(masks: Masks) -> None:
    frame = shot(masks)
    assert frame.garment is not None
    frame.garment[400:404, 300:304] = 180
    done = restored(frame)
    assert done.master is not None
    np.testing.assert_array_equal(done.master[395:410, 295:310, :3], done.photo.pixels[395:410, 295:310])
    assert (done.master[395:410, 295:310, 3] == 255).all()


def test_the_band_grows_with_the_photo_and_ends_at_its_limit() -> None:
    assert band_width((576, 432)) == 2
    assert band_width((4000, 3000)) == 8
    assert band_width((12_000, 9_000)) == WIDEST_PX


def test_an_untouched_core_is_reported_with_its_size(masks: Masks) -> None:
    frame = restored(shot(masks))
    assert frame.fidelity is not None
    assert frame.garment is not None
    assert frame.fidelity.master_changed_pixels == 0
    assert frame.fidelity.master_max_difference == 0
    assert frame.fidelity.joint_band_px == band_width(frame.garment.shape)
    assert frame.fidelity.core_pixels == np.count_nonzero(core_of(frame.garment, frame.fidelity.joint_band_px))


def test_a_change_is_measured_and_not_assumed_away(masks: Masks) -> None:
    frame = restored(shot(masks))
    assert frame.master is not None
    assert frame.garment is not None
    master = frame.master.copy()
    master[500, 300, 0] += 30
    master[501, 300, 3] = 100
    found = measure(frame.photo.pixels, master, frame.garment, 2, None)
    assert found.master_changed_pixels == 2
    assert found.master_max_difference > 5
    assert 0 < found.master_mean_difference < 0.01


def test_a_cut_out_needs_no_inside(masks: Masks) -> None:
    frame = Restore().run(shot(masks).evolve(inner=None), context())
    assert frame.master is not None
    np.testing.assert_array_equal(frame.master[..., 3] > 127, frame.garment > 127)


def test_cancelling_leaves_no_master(masks: Masks) -> None:
    with pytest.raises(Cancelled):
        Restore().run(shot(masks), replace(context(), cancelled=lambda: True))
