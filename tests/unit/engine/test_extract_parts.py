"""The parts of `extract`: edges by colour, the subject, colours of the soft edge."""

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.engine.starter.confidence import confidence_of, features_of
from studio.engine.starter.discriminant import find_edge, find_side
from studio.engine.starter.evidence import weigh_colours
from studio.engine.starter.matting import foreground_colours
from studio.engine.starter.network import BACKGROUND, GARMENT, INNER, MANNEQUIN
from studio.engine.starter.subject import find_subject

RED, GREY = np.float32([190, 40, 50]), np.float32([200, 200, 205])


def half_plane(edge_x: float, width: int = 80, height: int = 60) -> NDArray[np.float32]:
    """Coverage 1 left of `edge_x`, exact at the pixels that it crosses."""
    row = np.clip(edge_x - np.arange(width, dtype=np.float32), 0, 1)
    return np.tile(row, (height, 1))


def mixed(coverage: NDArray[np.float32]) -> NDArray[np.float32]:
    grain = np.random.default_rng(3).normal(0, 1, (*coverage.shape, 3)).astype(np.float32)
    return coverage[..., None] * RED + (1 - coverage[..., None]) * GREY + grain


def test_an_edge_expected_four_pixels_off_is_found_where_it_is() -> None:
    truth = half_plane(40.3)
    found = find_side(mixed(truth), half_plane(36.0), width=6, radius=14)
    assert np.abs((found > 0.5).sum(axis=1) - 40).max() <= 1


def test_coverage_of_the_pixels_on_the_edge_is_exact() -> None:
    truth = half_plane(40.3)
    pixels = mixed(truth)
    found = find_edge(pixels, half_plane(41.0), width=2, radius=6).coverage(pixels)
    assert np.abs(found - truth).mean() < 0.002
    assert found[:, 40].mean() == pytest.approx(0.3, abs=0.05)


def test_where_both_sides_look_alike_the_expectation_stands() -> None:
    expected = half_plane(36.5)
    plain = np.full((60, 80, 3), 128, np.float32)
    edge = find_edge(plain, expected, width=2, radius=6)
    assert np.allclose(edge.coverage(plain), expected, atol=1e-4)
    assert edge.clarity < 0.05


def test_a_part_of_the_garment_taken_for_mannequin_is_put_right_by_its_colour() -> None:
    garment = half_plane(40.0)
    classes = np.zeros((4, 60, 80), np.float32)
    classes[GARMENT], classes[BACKGROUND] = garment * 0.9, (1 - garment) * 0.9
    classes[MANNEQUIN, 20:40, 60:] = 1
    wrong = np.s_[20:30, 10:18]
    classes[(GARMENT, *wrong)], classes[(MANNEQUIN, *wrong)] = 0.3, 0.7
    picture = mixed(garment)
    picture[20:40, 60:] = (120, 90, 60)
    weighed = weigh_colours(picture.clip(0, 255).astype(np.uint8), classes / classes.sum(axis=0))
    assert weighed[(GARMENT, *wrong)].mean() > 0.9
    assert np.allclose(weighed.sum(axis=0), 1, atol=1e-5)


@pytest.mark.parametrize(("seen_as_garment", "is_put_right"), [(0.16, True), (0.1, False)])
def test_the_end_of_a_trim_taken_for_mannequin_is_put_right_if_the_network_saw_a_little_of_it(
    seen_as_garment: float, is_put_right: bool
) -> None:
    trim, patch = np.s_[20:32, 16:40], np.s_[20:32, 30:40]
    seen = np.zeros((4, 60, 80), np.float32)
    seen[GARMENT, :, :40], seen[MANNEQUIN, :, 40:] = 1, 1
    seen[(GARMENT, *patch)], seen[(MANNEQUIN, *patch)] = seen_as_garment, 1 - seen_as_garment
    picture = mixed(half_plane(40.0))
    picture[:, 40:] += np.float32([150, 110, 80]) - GREY
    picture[trim] += GREY - RED
    weighed = weigh_colours(picture.clip(0, 255).astype(np.uint8), seen)
    assert (weighed[(GARMENT, *patch)].mean() > 0.9) == is_put_right
    assert weighed[GARMENT, :, 42:].mean() < 0.05


def shoulder_beside_cloth(doubt: float) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A picture of red cloth left of column 40 and a tan mannequin right of it, of which the network takes columns 40
    to 48 for garment, with `doubt`: the picture, and what was seen (4, h, w)."""
    seen = np.zeros((4, 60, 80), np.float32)
    seen[GARMENT, :, :40] = 1
    seen[MANNEQUIN, :, 40:] = 1
    seen[GARMENT, 10:50, 40:48], seen[MANNEQUIN, 10:50, 40:48] = 1 - doubt, doubt
    picture = mixed(half_plane(40.0))
    picture[:, 40:] += np.float32([150, 110, 80]) - GREY
    return picture.clip(0, 255).astype(np.uint8), seen


def test_a_piece_of_the_mannequin_is_given_back_where_colours_and_neighbours_share_the_networks_doubt() -> None:
    weighed = weigh_colours(*shoulder_beside_cloth(doubt=0.12))
    assert weighed[GARMENT, 10:50, 40:48].mean() < 0.1
    assert weighed[GARMENT, :, :38].mean() > 0.95


def test_a_trim_in_the_mannequins_colour_stays_where_the_network_is_sure() -> None:
    weighed = weigh_colours(*shoulder_beside_cloth(doubt=0.02))
    assert weighed[GARMENT, 10:50, 41:47].mean() > 0.9


def test_a_garment_in_the_mannequins_colour_is_not_given_back_for_its_trim() -> None:
    seen = np.zeros((4, 60, 80), np.float32)
    seen[MANNEQUIN, 2:58, 20:60] = 1
    seen[GARMENT, 10:50, 20:60], seen[MANNEQUIN, 10:50, 20:60] = 0.9, 0.1
    seen[BACKGROUND] = 1 - seen.sum(axis=0)
    picture = mixed(np.zeros((60, 80), np.float32))
    picture[2:58, 20:60] += np.float32([200, 160, 130]) - GREY
    picture[44:50, 20:60] = RED
    weighed = weigh_colours(picture.clip(0, 255).astype(np.uint8), seen)
    assert (weighed[GARMENT, 12:48, 22:58] > 0.5).all()


@pytest.mark.parametrize("around", [INNER, MANNEQUIN])
def test_a_piece_between_the_straps_is_the_garments_back_and_one_beside_them_a_stray(around: int) -> None:
    seen = np.zeros((4, 200, 200), np.float32)
    seen[GARMENT, 50:150, 50:150] = 1
    seen[:, 50:90, 80:120] = 0
    seen[around, 50:90, 80:120] = 1
    for left in (90, 170):
        seen[:, 60:66, left : left + 20] = 0
        seen[GARMENT, 60:66, left : left + 20] = 0.9
    seen[BACKGROUND] = 1 - seen[GARMENT] - seen[MANNEQUIN] - seen[INNER]
    subject = find_subject(seen)
    assert subject is not None
    assert subject.garment[63, 100] > 0.5
    assert subject.garment[63, 180] == 0


def test_a_piece_in_an_opening_at_the_garments_side_belongs_to_it() -> None:
    seen = np.zeros((4, 200, 200), np.float32)
    seen[GARMENT, 50:150, 50:150] = 1
    seen[:, 60:90, 120:150] = 0
    seen[INNER, 60:90, 120:150] = 1
    seen[:, 70:78, 130:142] = 0
    seen[GARMENT, 70:78, 130:142] = 0.9
    seen[BACKGROUND] = 1 - seen[GARMENT] - seen[INNER]
    subject = find_subject(seen)
    assert subject is not None
    assert subject.garment[74, 136] > 0.5


def test_strays_are_dropped_and_buttons_filled_but_openings_stay() -> None:
    seen = np.zeros((4, 200, 200), np.float32)
    seen[GARMENT, 50:150, 50:150] = 1
    seen[GARMENT, 70:72, 70:72] = 0
    seen[GARMENT, 100:120, 100:120] = 0
    seen[GARMENT, 10:14, 10:14] = 1
    seen[BACKGROUND] = 1 - seen[GARMENT]
    subject = find_subject(seen)
    assert subject is not None
    assert subject.garment[71, 71] == 1
    assert subject.garment[110, 110] == 0
    assert subject.garment[12, 12] == 0
    assert subject.strays > 0


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_soft_edge_gets_the_garments_colour_and_nothing_else_changes(dtype: type[np.uint8 | np.uint16]) -> None:
    truth = np.clip((42.5 - np.tile(np.arange(80, dtype=np.float32), (60, 1))) / 5, 0, 1)
    scale = np.iinfo(dtype).max / 255
    pixels = (mixed(truth).clip(0, 255) * scale).astype(dtype)
    coverage = np.rint(truth * 255).astype(np.uint8)
    band = (coverage > 25) & (coverage < 250)
    lifted = foreground_colours(pixels, coverage, band)
    assert lifted.dtype == dtype
    assert np.array_equal(lifted[~band], pixels[~band])
    before, after = (np.abs(array[band] / scale - RED).mean() for array in (pixels, lifted))
    assert before > 25
    assert after < 12


def test_a_mask_against_what_the_network_saw_is_less_sure_than_one_a_little_off_at_the_edge() -> None:
    seen, torn = half_plane(40.0), half_plane(40.0)
    torn[20:30, 5:20] = 0
    agreed, shifted, contradicted = (features_of(seen, mask, mask) for mask in (seen, half_plane(41.5), torn))
    assert agreed.contradiction == shifted.contradiction < contradicted.contradiction
    assert confidence_of(agreed) > confidence_of(contradicted) + 0.02


def test_what_the_colours_left_undecided_makes_a_mask_less_sure() -> None:
    seen, unsure = half_plane(40.0), half_plane(40.0)
    unsure[:, 38:42] = 0.4
    sure, doubtful = (features_of(seen, weighed, seen) for weighed in (seen, unsure))
    assert doubtful.colour_doubt > sure.colour_doubt + 2
    assert confidence_of(doubtful) < confidence_of(sure) - 0.5


@pytest.mark.parametrize(("between", "garments"), [(INNER, 1), (MANNEQUIN, 2)])
def test_the_halves_of_an_open_front_are_one_garment(between: int, garments: int) -> None:
    seen = np.zeros((4, 200, 200), np.float32)
    seen[GARMENT, 50:150, 40:90] = 1
    seen[GARMENT, 50:150, 110:160] = 1
    seen[between, 55:150, 90:110] = 1
    seen[BACKGROUND] = 1 - seen[GARMENT] - seen[MANNEQUIN] - seen[INNER]
    subject = find_subject(seen)
    assert subject is not None
    assert subject.garments == garments
