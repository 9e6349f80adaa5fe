"""The inside of a waist, drawn from its front edge alone: a skirt on a drawn mannequin, seen from above and below."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.engine.interior.waist import with_waist
from studio.engine.stage import Frame
from studio.engine.stages.interior import Interior
from studio.model import Edits, Region, Stroke, StrokeKind
from tests.unit.engine.shot_on_mannequin import context, draw, frame_of, photograph

WIDTH, HEIGHT = 600, 800
MIDDLE, WAIST = 300, 250
HALF = 150  # of the ring's width
BODY = 130  # of the mannequin's
TILT = 20  # half height of the ring

Mask = NDArray[np.uint8]


def skirt(tilt: float = TILT, rise: int = 0) -> tuple[Mask, Mask, Mask]:
    """Garment, mannequin and the inside that the mannequin hides; tilt < 0: seen from below; rise: straps' height."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(float)
    aside = np.abs(columns - MIDDLE)
    arc = tilt * np.sqrt(np.clip(1 - (aside / HALF) ** 2, 0, None))
    ring, body = aside <= HALF, aside <= BODY
    front = ring & (rows >= WAIST + arc) & (rows < 600)
    back = ring & (np.abs(rows - WAIST) < arc)
    straps = (aside > BODY) & ring & (rows >= WAIST - rise) & (rows < WAIST)
    garment = front | straps | (back & ~body)
    return coverage(garment), coverage(body & (rows < 700) & ~garment), coverage(back & body)


def coverage(region: NDArray[np.bool_]) -> Mask:
    return region.astype(np.uint8) * 255


def overlap(one: Mask, other: Mask) -> float:
    return np.count_nonzero((one > 127) & (other > 127)) / np.count_nonzero((one > 127) | (other > 127))


def shot(tilt: float = TILT, guess: Mask | None = None) -> Frame:
    garment, mannequin, inside = skirt(tilt)
    guess = np.zeros_like(inside) if guess is None else guess
    masks = {"garment": garment > 0, "mannequin": mannequin > inside, "inner": inside > 0}
    masks["background"] = ~np.logical_or.reduce(list(masks.values()))
    photo = photograph({name: mask.astype(np.float32) for name, mask in masks.items()})
    return frame_of(photo).evolve(garment=garment, mannequin=mannequin, inner=guess, confidence=1.0)


@pytest.mark.parametrize("tilt", [6, 20, 40])
def test_the_back_edge_stands_as_far_above_as_the_front_hangs_below(tilt: int) -> None:
    garment, mannequin, inside = skirt(tilt)
    drawn = with_waist(garment, mannequin, np.zeros_like(garment))
    assert drawn is not None
    assert overlap(drawn, inside) > 0.8
    assert not drawn[garment == 255].any()


def test_what_was_guessed_above_a_waist_gives_way_and_what_lies_elsewhere_stays() -> None:
    garment, mannequin, inside = skirt()
    guess = np.zeros_like(garment)
    guess[WAIST - 100 : WAIST, MIDDLE - 30 : MIDDLE + 30] = 255
    guess[600:620, MIDDLE - 100 : MIDDLE + 100] = 255
    drawn = with_waist(garment, mannequin, guess)
    assert drawn is not None
    assert overlap(drawn[:500], inside[:500]) > 0.88
    assert (drawn[500:] == guess[500:]).all()


@pytest.mark.parametrize("tilt", [0, -20])
def test_a_waist_seen_level_or_from_below_shows_no_inside(tilt: int) -> None:
    garment, mannequin, _ = skirt(tilt)
    assert with_waist(garment, mannequin, np.zeros_like(garment)) is None


def test_a_garment_that_stands_higher_beside_the_mannequin_has_no_waist() -> None:
    garment, mannequin, _ = skirt(rise=60)
    assert with_waist(garment, mannequin, np.zeros_like(garment)) is None


def test_a_wavering_edge_is_no_ring() -> None:
    garment, mannequin, _ = skirt()
    for left in range(MIDDLE - BODY, MIDDLE + BODY, 40):
        garment[WAIST : WAIST + TILT + 12, left : left + 20] = 0
        mannequin[WAIST : WAIST + TILT + 12, left : left + 20] = 255
    assert with_waist(garment, mannequin, np.zeros_like(garment)) is None


def test_a_neck_is_no_waist() -> None:
    masks = {name: coverage(mask > 0.5) for name, mask in draw(WIDTH, HEIGHT).items()}
    assert with_waist(masks["garment"], masks["mannequin"] | masks["inner"], masks["inner"]) is None


def test_nothing_at_all_has_no_waist() -> None:
    empty = np.zeros((HEIGHT, WIDTH), np.uint8)
    assert with_waist(empty, empty, empty) is None


def test_the_stage_fills_the_whole_waist_with_fabric_though_nothing_of_it_was_guessed() -> None:
    frame = Interior().run(shot(), context())
    assert frame.interior is not None
    assert frame.interior_source == "synthesised"
    assert overlap(frame.inner, skirt()[2]) > 0.85
    assert frame.interior[frame.inner > 0].any(-1).all()
    assert not frame.review_reasons


def test_a_waist_is_no_neck_that_hangs_lower_at_its_back() -> None:
    frame = Interior().run(shot(40, guess=skirt(40)[2]), context())
    assert overlap(frame.inner, skirt(40)[2]) > 0.9


def test_what_a_person_painted_stands() -> None:
    guess = np.zeros((HEIGHT, WIDTH), np.uint8)
    guess[WAIST - 5 : WAIST + TILT, MIDDLE - 20 : MIDDLE + 20] = 255
    stroke = Stroke(kind=StrokeKind.BRUSH, region=Region.MANNEQUIN, points=((300.0, 170.0),))
    frame = Interior().run(shot(guess=guess), replace(context(), edits=Edits(strokes=(stroke,))))
    assert overlap(frame.inner, guess) > 0.9
