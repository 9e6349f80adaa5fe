"""The stage `interior` with a photo of the inside: found, matched, joined; or refused with a word."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from studio.engine.interior.joining import match_tone
from studio.engine.interior.register import register
from studio.engine.raster import Raster
from studio.engine.stage import Frame, StageContext
from studio.engine.stages.interior import Interior
from studio.engine.stages.restore import Restore
from studio.model import InteriorSource, InteriorStep, Recipe, Shot
from tests.unit.engine.shot_on_mannequin import Masks, context, draw, overlap, photograph

WIDTH, HEIGHT = 600, 800
MOVE = np.array([[1.02, 0.01, 6.0], [-0.01, 1.02, -9.0]])
INSIDE_COLOUR, LABEL_COLOUR = (30, 45, 80), (220, 210, 60)


@pytest.fixture(scope="module")
def masks() -> Masks:
    return draw(WIDTH, HEIGHT)


@pytest.fixture(scope="module")
def front(masks: Masks) -> Raster:
    photo = photograph(masks)
    return Raster(pixels=printed(photo.pixels, masks))


@pytest.fixture(scope="module")
def truth(front: Raster, masks: Masks) -> NDArray[np.uint8]:
    """The front as it would be without the mannequin: the inside with a label, then the backdrop."""
    pixels = front.pixels.copy()
    pixels[masks["mannequin"] > 0.5] = (226, 228, 230)
    pixels[masks["inner"] > 0.5] = INSIDE_COLOUR
    cv2.rectangle(pixels, (285, 172), (315, 186), LABEL_COLOUR, -1)
    return pixels


@pytest.fixture(scope="module")
def inside(truth: NDArray[np.uint8]) -> Raster:
    """The same, photographed from elsewhere and a third of a stop darker."""
    moved = cv2.warpAffine(truth, MOVE, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return Raster(pixels=(moved * 0.9).astype(np.uint8))


@pytest.fixture(scope="module")
def joined(front: Raster, inside: Raster, masks: Masks) -> Frame:
    return Interior().run(shot(front, inside, masks), context())


def printed(pixels: NDArray[np.uint8], masks: Masks) -> NDArray[np.uint8]:
    """A print of blots all over the shirt, so that there is something to recognise."""
    blots = np.zeros(pixels.shape[:2], np.uint8)
    for x, y, radius in np.random.default_rng(3).integers((100, 140, 3), (500, 620, 12), (160, 3)):
        cv2.circle(blots, (int(x), int(y)), int(radius), 255, -1)
    result = pixels.copy()
    result[(blots > 0) & (masks["garment"] > 0.99)] = (190, 60, 70)
    return result


def shot(front: Raster, inside: Raster, masks: Masks) -> Frame:
    def coverage(mask: NDArray[np.float32]) -> NDArray[np.uint8]:
        return np.rint(mask * 255).astype(np.uint8)

    return Frame(
        shot=Shot(front=Path("shirt.jpg"), inside=Path("shirt_inside.jpg")),
        photo=front,
        inside=inside,
        garment=coverage(masks["garment"]),
        inner=coverage(masks["inner"]),
        mannequin=coverage(masks["mannequin"] + masks["inner"]),
        confidence=1.0,
    )


def insisting() -> StageContext:
    return replace(context(), recipe=Recipe(interior=InteriorStep(source=InteriorSource.INSIDE_PHOTO)))


def unrelated() -> Raster:
    noise = np.random.default_rng(9).integers(0, 255, (100, 75, 3), np.uint8)
    return Raster(pixels=cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC))


def test_the_inside_photo_is_found_to_half_a_pixel(front: Raster, inside: Raster, masks: Masks) -> None:
    found = register(front, inside, (masks["garment"] * 255).astype(np.uint8))
    assert found is not None
    corners = np.array([[200, 160, 1], [400, 160, 1], [200, 600, 1], [400, 600, 1]], float)
    away = (corners @ found.matrix.T)[:, :2] - corners @ MOVE.T
    assert np.abs(away).max() < 0.5


def test_the_inside_is_photographed_pixels_in_the_fronts_tone(
    joined: Frame, masks: Masks, truth: NDArray[np.uint8]
) -> None:
    assert joined.interior is not None
    assert joined.interior_source == "joined"
    shown = cv2.erode((masks["inner"] > 0.9).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    assert np.abs(joined.interior[shown].astype(int) - truth[shown]).mean() < 4
    label = joined.interior[176:183, 292:308].reshape(-1, 3)
    assert np.abs(label.mean(0) - LABEL_COLOUR).max() < 12


def test_the_move_of_the_inside_photo_is_in_the_report(joined: Frame) -> None:
    assert any("inside photo" in sentence and "turned" in sentence for sentence in joined.transforms)


def test_the_outline_is_read_from_the_inside_photo(front: Raster, inside: Raster, masks: Masks) -> None:
    frame = shot(front, inside, masks)
    guessed = cv2.erode(frame.inner, np.ones((9, 9), np.uint8))
    done = Interior().run(frame.evolve(inner=guessed), context())
    assert overlap(guessed, masks["inner"]) < 0.85
    assert overlap(done.inner, masks["inner"]) > 0.95


def test_an_inside_of_another_bit_depth_and_size_is_joined_all_the_same(
    front: Raster, inside: Raster, masks: Masks, truth: NDArray[np.uint8]
) -> None:
    larger = cv2.resize(inside.pixels, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
    done = Interior().run(shot(front, Raster(pixels=larger.astype(np.uint16) * 257), masks), context())
    assert done.interior_source == "joined"
    assert done.interior.dtype == np.uint8
    shown = cv2.erode((masks["inner"] > 0.9).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    assert np.abs(done.interior[shown].astype(int) - truth[shown]).mean() < 6


def test_tone_is_taken_from_the_garment_alone(front: Raster, inside: Raster, masks: Masks) -> None:
    garment = (masks["garment"] * 255).astype(np.uint8)
    found = register(front, inside, garment)
    assert found is not None
    tone = match_tone(front.pixels, inside.pixels, garment, found)
    np.testing.assert_allclose(tone.apply(np.full((1, 3), 0.2 * 0.9**2.2)), 0.2, rtol=0.06)


def test_an_inside_photo_that_does_not_fit_is_named_and_replaced(front: Raster, masks: Masks) -> None:
    done = Interior().run(shot(front, unrelated(), masks), context())
    assert done.interior_source == "synthesised"
    assert done.interior is not None
    assert "shirt_inside.jpg" in done.warnings[0]
    assert not done.review_reasons


def test_where_the_recipe_insists_a_photo_that_does_not_fit_goes_to_review(front: Raster, masks: Masks) -> None:
    done = Interior().run(shot(front, unrelated(), masks), insisting())
    assert done.needs_review(Recipe())
    assert "shirt_inside.jpg" in done.review_reasons[0]


def test_an_inside_photo_that_still_shows_the_mannequin_is_not_joined(front: Raster, masks: Masks) -> None:
    done = Interior().run(shot(front, front, masks), context())
    assert done.interior_source == "synthesised"
    shown = masks["inner"] > 0.9
    assert np.abs(done.interior[shown].astype(int).mean(0) - front.pixels[shown].mean(0)).max() > 20


def test_the_finished_garment_has_no_seam(joined: Frame, masks: Masks, truth: NDArray[np.uint8]) -> None:
    done = Restore().run(joined, context())
    assert done.master is not None
    rim = (cv2.dilate((masks["inner"] > 0.5).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0) & (
        cv2.erode((masks["inner"] + masks["garment"] > 0.5).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    )
    assert (done.master[rim][:, 3] == 255).all()
    assert np.abs(done.master[rim][:, :3].astype(int) - truth[rim]).mean() < 8


def test_joining_twice_gives_the_same_pixels(joined: Frame, front: Raster, inside: Raster, masks: Masks) -> None:
    again = Interior().run(shot(front, inside, masks), context())
    np.testing.assert_array_equal(again.interior, joined.interior)
    np.testing.assert_array_equal(again.inner, joined.inner)
