"""The stage `extract` on drawn shots whose masks are known, with eyes that see them blurred."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from studio.engine.raster import Raster
from studio.engine.stage import Frame
from studio.engine.stages.extract import Extract
from studio.errors import Cancelled, PhotoError
from studio.model import ComposeStep, Mode, Recipe
from tests.unit.engine.shot_on_mannequin import (
    BlurredEyes,
    Masks,
    context,
    draw,
    frame_of,
    overlap,
    photograph,
)

WIDTH, HEIGHT = 600, 800


@pytest.fixture(scope="module")
def masks() -> Masks:
    return draw(WIDTH, HEIGHT)


@pytest.fixture(scope="module")
def extracted(masks: Masks) -> Frame:
    return extract(masks, photograph(masks))


def extract(masks: Masks, photo: Raster) -> Frame:
    return Extract(BlurredEyes(masks)).run(frame_of(photo), context())


def test_the_masks_have_the_photos_size_and_hold_8_bit_coverage(extracted: Frame) -> None:
    for mask in (extracted.garment, extracted.mannequin, extracted.inner):
        assert mask is not None
        assert mask.shape == (HEIGHT, WIDTH)
        assert mask.dtype == np.uint8


def test_the_garment_is_found_to_a_fraction_of_a_pixel(extracted: Frame, masks: Masks) -> None:
    assert extracted.garment is not None
    assert overlap(extracted.garment, masks["garment"]) > 0.99
    assert np.abs(extracted.garment / 255 - masks["garment"]).mean() < 0.003


def test_garment_and_inner_are_disjoint_and_leave_no_gap(extracted: Frame, masks: Masks) -> None:
    assert extracted.garment is not None
    assert extracted.inner is not None
    together = extracted.garment.astype(int) + extracted.inner
    assert together.max() <= 256
    between = (masks["garment"] > 0.1) & (masks["inner"] > 0.1)
    assert between.sum() > 50
    assert np.mean(together[between] > 230) > 0.85  # the ends meet the backdrop


def test_inner_is_where_the_mannequin_stood_in_the_neck(extracted: Frame, masks: Masks) -> None:
    assert extracted.inner is not None
    assert overlap(extracted.inner, masks["inner"]) > 0.9


def test_a_sure_picture_needs_no_review(extracted: Frame) -> None:
    assert extracted.has_mannequin
    assert not extracted.needs_review(Recipe())
    assert [model.id for model in extracted.models] == ["blurred-eyes"]


def test_sixteen_bit_photos_are_cut_like_eight_bit_ones(masks: Masks, extracted: Frame) -> None:
    deep = extract(masks, photograph(masks, np.uint16))
    assert deep.garment is not None
    assert extracted.garment is not None
    assert np.abs(deep.garment.astype(int) - extracted.garment).mean() < 0.2


def test_edges_are_as_sharp_in_a_large_photo_as_in_the_middle_size() -> None:
    masks = draw(2400, 3200)
    result = extract(masks, photograph(masks))
    assert result.garment is not None
    assert overlap(result.garment, masks["garment"]) > 0.995
    soft = (result.garment > 12) & (result.garment < 243)
    truly_soft = (masks["garment"] > 0.05) & (masks["garment"] < 0.95)
    assert soft.sum() < 4 * truly_soft.sum()


def test_a_photo_too_small_is_refused_by_name(masks: Masks) -> None:
    with pytest.raises(PhotoError, match=r"shirt\.jpg") as refused:
        extract(masks, Raster(pixels=np.zeros((1, 1, 3), np.uint8)))
    assert refused.value.hint


def test_a_photo_too_thin_is_refused(masks: Masks) -> None:
    with pytest.raises(PhotoError, match="thin"):
        extract(masks, Raster(pixels=np.zeros((70, 20000, 3), np.uint8)))


def test_a_photo_without_a_garment_fails_instead_of_giving_a_result(masks: Masks) -> None:
    bare = masks | {
        "garment": np.zeros_like(masks["garment"]),
        "background": masks["background"] + masks["garment"],
    }
    with pytest.raises(PhotoError, match="No garment"):
        extract(bare, photograph(bare))


@pytest.mark.parametrize("mode", [Mode.INVISIBLE, Mode.CUTOUT])
@pytest.mark.parametrize("spread", [0, 3, 60])
def test_an_empty_set_or_noise_fails_though_the_eyes_take_it_for_a_garment(
    masks: Masks, mode: Mode, spread: float
) -> None:
    everywhere = {name: np.full_like(part, name == "garment") for name, part in masks.items()}
    noise = np.random.default_rng(0).normal(128, spread, (HEIGHT, WIDTH, 3)).clip(0, 255).astype(np.uint8)
    asked = replace(context(), recipe=Recipe(mode=mode))
    with pytest.raises(PhotoError, match="No garment"):
        Extract(BlurredEyes(everywhere)).run(frame_of(Raster(pixels=noise)), asked)


@pytest.mark.parametrize(("clothed", "blur"), [(0.01, 1.5), (0.04, 20)])
def test_a_picture_of_something_else_than_clothing_fails(masks: Masks, clothed: float, blur: float) -> None:
    eyes = BlurredEyes(masks, blur=blur, clothed=clothed)
    with pytest.raises(PhotoError, match="no garment"):
        Extract(eyes).run(frame_of(photograph(masks)), context())


def test_a_garment_that_hardly_looks_like_clothing_goes_to_review(masks: Masks, extracted: Frame) -> None:
    found = Extract(BlurredEyes(masks, clothed=0.03)).run(frame_of(photograph(masks)), context())
    assert found.confidence == extracted.confidence
    assert any("something else than clothing" in reason for reason in found.review_reasons)
    assert not extracted.review_reasons


def test_a_close_detail_may_be_cut_on_three_sides_where_a_cut_out_is_wanted(masks: Masks) -> None:
    detail = {name: np.zeros_like(part) for name, part in masks.items()}
    detail["garment"][HEIGHT // 4 :] = 1
    detail["background"] = 1 - detail["garment"]
    asked = replace(context(), recipe=Recipe(mode=Mode.CUTOUT))
    assert not Extract(BlurredEyes(detail)).run(frame_of(photograph(detail)), asked).review_reasons


def test_a_page_of_text_fails_though_the_eyes_take_its_lines_for_a_garment(masks: Masks) -> None:
    block = {name: np.zeros_like(part) for name, part in masks.items()}
    block["garment"][100:700, 100:500] = 1
    block["background"] = 1 - block["garment"]
    page = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    for line in range(112, 690, 20):
        cv2.putText(page, "the lease of the studio begins", (112, line), 0, 0.7, (20, 20, 20))
    with pytest.raises(PhotoError, match="No garment"):
        extract(block, Raster(pixels=page))


def test_a_limb_that_the_eyes_take_for_a_part_of_the_garment_goes_to_review(masks: Masks) -> None:
    limb = np.zeros_like(masks["garment"])
    cv2.circle(limb, (WIDTH // 2, 610), 60, 1, -1)
    seen = {name: part * (1 - limb) for name, part in masks.items()}
    seen["garment"] = seen["garment"] + limb
    shown = {name: part * (1 - limb) for name, part in masks.items()}
    shown["mannequin"] = shown["mannequin"] + limb
    result = Extract(BlurredEyes(seen)).run(frame_of(photograph(shown)), context())
    assert any("plain patch" in reason for reason in result.review_reasons)


def with_a_spot(masks: Masks, middle: tuple[int, int], radius: int, *, seen_as_garment: bool) -> Masks:
    """The masks with a round piece of mannequin amid or beside the garment."""
    spot = np.zeros_like(masks["garment"])
    cv2.circle(spot, middle, radius, 1, -1)
    changed = {name: part * (1 - spot) for name, part in masks.items()}
    name = "garment" if seen_as_garment else "mannequin"
    changed[name] = changed[name] + spot
    return changed


def test_a_small_bare_patch_between_straps_that_the_eyes_keep_goes_to_review(masks: Masks) -> None:
    rows, columns = np.nonzero(masks["garment"] > 0.5)
    top = int(rows[columns == WIDTH // 2].min())
    place = {"middle": (WIDTH // 2, top + 12), "radius": 14}
    seen = with_a_spot(masks, **place, seen_as_garment=True)
    shown = photograph(with_a_spot(masks, **place, seen_as_garment=False))
    result = Extract(BlurredEyes(seen)).run(frame_of(shown), context())
    assert any("plain patch" in reason for reason in result.review_reasons)


def test_a_print_in_the_mannequins_colour_amid_the_garment_is_part_of_it(masks: Masks) -> None:
    shown = photograph(with_a_spot(masks, (WIDTH // 2, 400), 14, seen_as_garment=False))
    result = Extract(BlurredEyes(masks)).run(frame_of(shown), context())
    assert not any("plain patch" in reason for reason in result.review_reasons)


@pytest.mark.parametrize(("colour", "to_review"), [((90, 70, 60), True), (None, False)])
def test_a_piece_that_hangs_by_a_thread_goes_to_review_unless_in_the_garments_own_colours(
    masks: Masks, colour: tuple[int, int, int] | None, *, to_review: bool
) -> None:
    piece = np.zeros_like(masks["garment"])
    cv2.line(piece, (WIDTH // 2, 590), (WIDTH // 2, 640), 1, 3)
    cv2.circle(piece, (WIDTH // 2, 650), 14, 1, -1)
    with_piece = {name: part * (1 - piece) for name, part in masks.items()}
    with_piece["garment"] = with_piece["garment"] + piece
    shown = photograph(with_piece)
    if colour is not None:
        shown.pixels[piece > 0] = colour
    result = extract(with_piece, shown)
    assert any("by a thread" in reason for reason in result.review_reasons) == to_review


@pytest.mark.parametrize("taken_for", ["inner", "mannequin"])
def test_a_trim_that_the_eyes_do_not_take_for_garment_goes_to_review(masks: Masks, taken_for: str) -> None:
    trim = np.zeros_like(masks["garment"])
    cv2.ellipse(trim, (WIDTH // 2, 300), (60, 12), 0, 0, 360, 1, -1)
    seen = {name: part * (1 - trim) for name, part in masks.items()}
    seen[taken_for] = seen[taken_for] + trim
    photo = photograph(masks)
    photo.pixels[trim > 0] = (120, 60, 150)
    result = Extract(BlurredEyes(seen)).run(frame_of(photo), context())
    assert any("hole amid it" in reason for reason in result.review_reasons)


def test_a_shadow_in_a_small_part_of_the_neck_needs_no_review(masks: Masks) -> None:
    photo = photograph(masks)
    left, bottom, tip = (0.43 * WIDTH, 0.2 * HEIGHT), (0.5 * WIDTH, 0.28 * HEIGHT), (0.5 * WIDTH, 0.2 * HEIGHT)
    shadow = cv2.fillPoly(np.zeros((HEIGHT, WIDTH), np.uint8), [np.int32([left, bottom, tip])], 1) > 0
    photo.pixels[shadow] = photo.pixels[HEIGHT // 2, WIDTH // 2]
    assert not extract(masks, photo).review_reasons


def test_a_garment_cut_by_the_frame_goes_to_review_where_the_cut_would_stand_amid_the_picture() -> None:
    masks = draw(WIDTH, HEIGHT, shift=(0.3, 0))
    recipe = Recipe(compose=ComposeStep(fill=0.8))
    stage, where = Extract(BlurredEyes(masks)), context()
    result = stage.run(frame_of(photograph(masks)), replace(where, recipe=recipe))
    assert any("cut by the frame" in reason for reason in result.review_reasons)


def test_the_crop_that_the_photographer_chose_is_kept_and_said() -> None:
    masks = draw(WIDTH, HEIGHT, shift=(0.3, 0))
    result = extract(masks, photograph(masks))
    assert not result.review_reasons
    assert any("cut by the frame" in warning for warning in result.warnings)


def test_two_garments_go_to_review() -> None:
    left, right = draw(WIDTH, HEIGHT, shift=(-0.25, 0)), draw(WIDTH, HEIGHT, shift=(0.25, 0))
    both: Masks = {name: np.maximum(left[name], right[name]) for name in left}
    # They would touch where the sleeves meet.
    both["garment"][:, WIDTH // 2 - 20 : WIDTH // 2 + 20] = 0
    both["background"] = 1 - both["garment"] - both["mannequin"] - both["inner"]
    result = extract(both, photograph(both))
    assert any("several garments" in reason for reason in result.review_reasons)


def test_without_a_mannequin_it_is_a_cut_out_and_says_so(masks: Masks) -> None:
    flat = masks | {"mannequin": np.zeros_like(masks["garment"]), "inner": np.zeros_like(masks["garment"])}
    flat["background"] = 1 - flat["garment"]
    result = extract(flat, photograph(flat))
    assert not result.has_mannequin
    assert result.inner is not None
    assert not result.inner.any()
    assert any("cut-out" in warning for warning in result.warnings)


def test_a_cut_out_that_was_asked_for_needs_no_warning(masks: Masks) -> None:
    flat = masks | {"mannequin": np.zeros_like(masks["garment"]), "inner": np.zeros_like(masks["garment"])}
    flat["background"] = 1 - flat["garment"]
    asked = replace(context(), recipe=Recipe(mode=Mode.CUTOUT))
    assert not Extract(BlurredEyes(flat)).run(frame_of(photograph(flat)), asked).warnings


def test_a_cut_out_that_was_asked_for_has_no_inside(masks: Masks) -> None:
    asked = replace(context(), recipe=Recipe(mode=Mode.CUTOUT))
    result = Extract(BlurredEyes(masks)).run(frame_of(photograph(masks)), asked)
    assert result.inner is not None
    assert not result.inner.any()


def test_eyes_that_blur_more_make_the_result_less_certain(masks: Masks, extracted: Frame) -> None:
    blurred = Extract(BlurredEyes(masks, blur=6)).run(frame_of(photograph(masks)), context())
    assert blurred.confidence < extracted.confidence - 0.1


def test_cancelling_takes_effect_within_the_stage(masks: Masks) -> None:
    stopped = replace(context(), cancelled=lambda: True)
    with pytest.raises(Cancelled):
        Extract(BlurredEyes(masks)).run(frame_of(photograph(masks)), stopped)
