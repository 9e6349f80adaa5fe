"""The stage `interior` without a photo of the inside: fabric, shading, back line, on drawn shots."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from studio.engine.interior import rim
from studio.engine.interior.backline import is_no_curve
from studio.engine.interior.fabric import find_place, overview
from studio.engine.interior.opening import find_openings, scaled_down, without_flecks, without_strays
from studio.engine.interior.shading import shade
from studio.engine.interior.synthesis import SURELY_NO_BAND
from studio.engine.raster import Raster
from studio.engine.stage import Frame, StageContext
from studio.engine.stages import interior
from studio.engine.stages.interior import Interior
from studio.errors import Cancelled, EngineError, PhotoError
from studio.model import Edits, InteriorSource, InteriorStep, Recipe, Region, Stroke, StrokeKind
from tests.unit.engine.shot_on_mannequin import COLOURS, context, draw, frame_of, photograph

WIDTH, HEIGHT = 600, 800


def coverage(mask: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(mask * 255).astype(np.uint8)


def shot(depth: type[np.uint8 | np.uint16] = np.uint8, photo: Raster | None = None) -> Frame:
    masks = draw(WIDTH, HEIGHT)
    return frame_of(photo or photograph(masks, depth)).evolve(
        garment=coverage(masks["garment"]),
        inner=coverage(masks["inner"]),
        mannequin=coverage(masks["mannequin"] + masks["inner"]),
        confidence=1.0,
    )


def striped() -> Raster:
    """The drawn shirt with horizontal stripes 20 pixels apart, every other one 10 pixels high pale."""
    masks = draw(WIDTH, HEIGHT)
    photo = photograph(masks, noise=0)
    pale = (masks["garment"] > 0.5) & ((np.arange(HEIGHT) // 10 % 2) == 0)[:, None]
    photo.pixels[pale] = (200, 205, 220)
    return photo


def wanting(source: InteriorSource) -> StageContext:
    return replace(context(), recipe=Recipe(interior=InteriorStep(source=source)))


def test_the_inside_has_the_fabrics_hue_and_is_darker_than_outside() -> None:
    frame = Interior().run(shot(), context())
    assert frame.interior is not None
    assert frame.interior_source == "synthesised"
    inside = np.median(frame.interior[frame.inner > 200], axis=0)
    outside = np.array(COLOURS["garment"])
    assert (inside < 0.95 * outside).all()
    assert np.argsort(inside).tolist() == np.argsort(outside).tolist()


def test_the_inside_grows_darker_into_the_depth() -> None:
    frame = Interior().run(shot(), context())
    assert frame.interior is not None
    shown = frame.inner > 250
    brightness = np.where(shown, frame.interior.astype(float).sum(-1), np.nan)
    rows = np.flatnonzero(shown.sum(1) > 4)
    upper, lower = np.nanmean(brightness[rows[:8]]), np.nanmean(brightness[rows[-8:]])
    assert lower < 0.9 * upper


def test_the_inside_of_an_open_front_lies_in_shade() -> None:
    garment, inner = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    garment[150:700, 150:270] = garment[150:700, 330:450] = 255
    inner[160:690, 270:330] = 255
    opening = find_openings(garment, inner)[0]
    assert not opening.is_neck
    ratio = shade(opening, 0.5)
    assert 0.1 < np.median(ratio[opening.hole]) < 0.5


def test_every_pixel_that_will_show_is_filled_with_the_photos_depth() -> None:
    for depth in (np.uint8, np.uint16):
        frame = Interior().run(shot(depth), context())
        assert frame.interior is not None
        assert frame.interior.dtype == depth
        assert frame.interior[frame.inner > 0].any(-1).all()


def test_stripes_go_on_behind_the_opening() -> None:
    frame = Interior().run(shot(photo=striped()), context())
    assert frame.interior is not None
    columns = slice(WIDTH // 2 - 12, WIDTH // 2 + 12)
    rows = np.flatnonzero((frame.inner[:, columns] > 250).all(1))
    means = frame.interior[rows, columns].mean((1, 2))
    smooth = cv2.GaussianBlur(means[:, None], (0, 0), 10)[:, 0]
    assert (means - smooth).std() > 3


def test_fabric_is_taken_where_no_button_is() -> None:
    frame = shot()
    cv2.circle(frame.photo.pixels, (WIDTH // 2, 300), 6, (250, 250, 250), -1)
    openings = find_openings(frame.garment, frame.inner)
    place = find_place(overview(frame.photo.pixels, frame.garment), openings[0], 8.0)
    assert place is not None
    rows, columns = np.nonzero(frame.inner > 127)
    from_button = np.hypot(rows + place.dy - 300, columns + place.dx - WIDTH // 2)
    assert from_button.min() > 6
    assert (frame.garment[rows + place.dy, columns + place.dx] > 250).mean() > 0.95


def test_a_collars_edges_do_not_bring_a_placket_into_the_inside() -> None:
    frame = shot()
    rows, columns = np.nonzero(frame.inner > 127)
    away = cv2.distanceTransform((frame.inner < 128).astype(np.uint8), cv2.DIST_L2, 5)
    frame.photo.pixels[(np.abs(away - 12) < 2) & (frame.garment > 250)] = (60, 50, 50)
    cv2.rectangle(frame.photo.pixels, (WIDTH // 2 - 12, 240), (WIDTH // 2 + 12, 420), (60, 50, 50), 3)
    place = find_place(overview(frame.photo.pixels, frame.garment), find_openings(frame.garment, frame.inner)[0], 8.0)
    assert place is not None
    assert frame.photo.pixels[rows + place.dy, columns + place.dx, 2].min() > 100  # no pixel of the placket


def test_a_faint_placket_stays_out_of_the_inside_where_half_of_the_garment_is_folds() -> None:
    frame = shot()
    rows, columns = np.nonzero(frame.inner > 127)
    away = cv2.distanceTransform((frame.inner < 128).astype(np.uint8), cv2.DIST_L2, 5)
    frame.photo.pixels[(np.abs(away - 12) < 2) & (frame.garment > 250)] = (60, 50, 50)
    placket = np.zeros((HEIGHT, WIDTH), bool)
    placket[230:, WIDTH // 2 - 1 : WIDTH // 2 + 2] = True
    frame.photo.pixels[placket] -= 12
    frame.photo.pixels[330:][:, ::8] //= 2
    place = find_place(overview(frame.photo.pixels, frame.garment), find_openings(frame.garment, frame.inner)[0], 8.0)
    assert place is not None
    assert placket[rows + place.dy, columns + place.dx].mean() < 0.02  # right through the middle it would be 0.06


def test_a_wavering_back_line_becomes_a_plain_curve() -> None:
    frame = shot()
    rough = frame.inner.copy()
    for left in range(260, 345, 20):
        rough[160:168, left : left + 10] = 0
    drawn = Interior().run(frame.evolve(inner=rough), context()).inner
    top = np.argmax(drawn > 127, axis=0)[275:325].astype(float)
    assert np.abs(np.diff(top)).max() <= 1
    assert np.abs(np.argmax(rough > 127, axis=0)[275:325] - top).max() >= 4


def worn(garment: NDArray[np.uint8], inner: NDArray[np.uint8]) -> Frame:
    """The garment on a mannequin of which only `inner` is in sight, each in its plain colour."""
    photo = np.full((HEIGHT, WIDTH, 3), COLOURS["background"], np.uint8)
    for mask, name in ((inner, "mannequin"), (garment, "garment")):
        photo[mask > 0] = COLOURS[name]
    return frame_of(Raster(pixels=photo)).evolve(garment=garment, inner=inner, mannequin=inner)


def back_line_of_a_neck(share: float) -> NDArray[np.intp]:
    """The upper edge of the inside, column by column, of a garment 360 pixels wide whose straight-backed neck takes
    `share` of it."""
    half = round(180 * share)
    garment, inner = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.rectangle(garment, (120, 150), (479, 650), 255, -1)
    cv2.ellipse(garment, (300, 150), (half, 70), 0, 0, 180, 0, -1)
    cv2.ellipse(inner, (300, 150), (half, 70), 0, 0, 180, 255, -1)
    drawn = Interior().run(worn(garment, inner), context()).inner
    return np.argmax(drawn > 127, axis=0)[300 - half + 10 : 300 + half - 10]


def test_the_back_of_a_wide_neck_hangs_lower_in_its_middle() -> None:
    wide, narrow = back_line_of_a_neck(0.52), back_line_of_a_neck(0.34)
    assert 14 <= wide.max() - wide.min() <= 24
    assert abs(int(np.argmax(wide)) - len(wide) // 2) < 0.2 * len(wide)
    assert narrow.max() - narrow.min() <= 3


def round_neck() -> Frame:
    """A plain garment 360 pixels wide with a round neck 130 pixels wide and 60 deep."""
    garment, inner = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.rectangle(garment, (120, 150), (479, 650), 255, -1)
    cv2.ellipse(garment, (300, 150), (65, 60), 0, 0, 180, 0, -1)
    cv2.ellipse(inner, (300, 150), (65, 60), 0, 0, 180, 255, -1)
    return worn(garment, inner)


def test_a_neckband_that_a_third_of_the_rim_does_not_show_still_runs_along_the_back() -> None:
    frame = round_neck()
    cv2.ellipse(frame.photo.pixels, (300, 150), (70, 65), 0, 60, 180, (220, 200, 90), 12)
    frame = Interior().run(frame, context())
    assert frame.interior is not None
    at_the_back, in_the_depth = (frame.interior[row, 290:310].mean(0) for row in (154, 190))
    assert at_the_back[0] > at_the_back[2]  # the band's yellow
    assert in_the_depth[0] < in_the_depth[2]  # the fabric's blue


def test_a_stripe_that_reaches_under_the_band_does_not_come_to_the_back() -> None:
    frame = round_neck()
    yellow = (230, 210, 60)
    beyond_the_band, under_it = (90, 85), (80, 75)
    cv2.ellipse(frame.photo.pixels, (300, 150), beyond_the_band, 0, 0, 180, yellow, 12)
    cv2.ellipse(frame.photo.pixels, (300, 150), under_it, 0, 55, 85, yellow, 12)
    frame = Interior().run(frame, context())
    assert frame.interior is not None
    made = frame.interior[150:172][frame.inner[150:172] > 127].astype(int)
    assert (made[:, 0] < made[:, 2]).all()  # the fabric's blue


def v_neck() -> Frame:
    """A plain garment 360 pixels wide with a V-neck 130 pixels wide and 120 deep."""
    garment, inner = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.rectangle(garment, (120, 150), (479, 650), 255, -1)
    for mask, value in ((garment, 0), (inner, 255)):
        cv2.fillPoly(mask, [np.int32([(235, 150), (365, 150), (300, 270)])], value)
    return worn(garment, inner)


def test_the_seam_below_a_v_does_not_come_into_the_inside_of_striped_fabric() -> None:
    frame = v_neck()
    frame.photo.pixels[np.arange(HEIGHT) // 15 % 2 == 0] += 60
    away = cv2.distanceTransform((frame.inner < 128).astype(np.uint8), cv2.DIST_L2, 5)
    seam = (np.abs(away - 15) < 1.5) & (frame.garment > 250)
    frame.photo.pixels[seam] = (30, 30, 40)
    opening = find_openings(frame.garment, frame.inner)[0]
    place = find_place(overview(frame.photo.pixels, frame.garment), opening, SURELY_NO_BAND * opening.size)
    assert place is not None
    rows, columns = np.nonzero(frame.inner > 127)
    assert not seam[rows + place.dy, columns + place.dx].any()


def test_the_band_at_the_back_of_a_v_is_read_from_one_side_whose_light_is_one() -> None:
    frame = v_neck()
    frame.photo.pixels[:, :300] = frame.photo.pixels[:, :300] * 0.93
    frame = Interior().run(frame, context())
    assert frame.interior is not None
    along = frame.interior[154:162, 255:346].mean((0, 2))
    assert np.abs(np.diff(cv2.blur(along[None], (5, 1))[0])).max() < 1


def test_a_seam_that_runs_into_the_band_is_not_carried_to_the_back() -> None:
    frame = round_neck()
    seam = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.polylines(seam, [np.int32([(228, 175), (262, 208), (300, 216)])], isClosed=False, color=1, thickness=2)
    frame.photo.pixels[seam > 0] += 12
    frame = Interior().run(frame, context())
    assert frame.interior is not None
    band = frame.interior[152:166, 250:350].astype(float)
    assert np.abs(band - np.median(band, axis=1, keepdims=True)).max() < 6


def test_a_band_in_the_garments_own_colour_ends_at_its_seam() -> None:
    frame = round_neck()
    away = cv2.distanceTransform((frame.inner < 128).astype(np.uint8), cv2.DIST_L2, 5)
    frame.photo.pixels[(away > 22) & (np.arange(HEIGHT) // 15 % 2 == 0)[:, None]] = (220, 200, 90)
    frame.photo.pixels[np.abs(away - 10) < 1.5] -= 10
    opening = find_openings(frame.garment, frame.inner)[0]
    arcs = rim.front_and_back(opening)
    assert arcs is not None
    band = rim.find_band(opening.look(frame.photo.pixels), opening, arcs[0])
    assert band is not None
    assert 8 <= band.width <= 11  # without the seam it would be as wide as the ground between the stripes


def test_the_soft_edge_of_the_rim_is_not_read_a_second_time_amid_the_inside() -> None:
    read = rim._there_and_half_back(np.arange(30, dtype=np.float32), 8)
    assert read[:8].tolist() == list(range(8))
    assert (read[8:] >= 4).all()
    assert np.abs(np.diff(read)).max() <= 1  # no jump


def test_the_shadow_beside_a_placket_is_not_carried_to_the_back() -> None:
    left, right = np.arange(20), np.arange(30, 50)
    read = rim._unbroken(np.concatenate([left, right]), 3)
    assert read.tolist() == [*range(17), *range(33, 50)]
    assert rim._unbroken(left[::4], 3).tolist() == left[::4].tolist()  # nothing would be left


def inside_of_a_hem(below: int, softness: float = 0.0) -> NDArray[np.uint8]:
    """The inside that is shown under an arched hem, where one was guessed that reaches `below` it, down a leg."""
    garment, inner = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.rectangle(garment, (120, 150), (479, 650), 255, -1)
    cv2.ellipse(garment, (300, 651), (100, 120), 0, 180, 360, 0, -1)
    cv2.ellipse(inner, (300, 651), (100, 120), 0, 180, 360, 255, -1)
    cv2.rectangle(inner, (240, 640), (360, 650 + below), 255, -1)
    if softness:
        inner = np.minimum(cv2.GaussianBlur(inner, (0, 0), softness), 255 - garment)
    photo = Raster(pixels=np.full((HEIGHT, WIDTH, 3), COLOURS["garment"], np.uint8))
    shown = Interior().run(frame_of(photo).evolve(garment=garment, inner=inner, mannequin=inner), context()).inner
    assert shown is not None
    return shown


def test_an_inside_drawn_down_a_leg_ends_near_the_hem() -> None:
    lowest = [int(np.flatnonzero((inside_of_a_hem(below) > 127).any(1))[-1]) for below in (5, 60)]
    assert lowest[0] == 655
    assert 650 <= lowest[1] <= 660


@pytest.mark.parametrize(("dtype", "most"), [(np.uint8, 255), (np.uint16, 65535)])
def test_an_overview_of_a_large_picture_lies_where_the_picture_lies(dtype: type, most: int) -> None:
    across = np.linspace(0, most, 3000)
    picture = np.broadcast_to(across[None, :, None], (400, 3000, 3)).astype(dtype)
    small = scaled_down(picture, (384, 51))
    middles = (np.arange(384) + 0.5) * 3000 / 384 - 0.5
    assert small.dtype == dtype
    assert np.abs(small[0, :, 0] - np.interp(middles, np.arange(3000), across)).max() < most / 255


def test_the_edge_of_a_guessed_inside_is_as_crisp_as_a_photographed_one() -> None:
    below_the_hem = inside_of_a_hem(8, softness=6)[600:, 300].astype(int)
    assert below_the_hem.max() == 255
    assert np.count_nonzero((below_the_hem > 20) & (below_the_hem < 235)) <= 3


def test_what_a_person_painted_stays_as_it_is() -> None:
    stroke = Stroke(kind=StrokeKind.BRUSH, region=Region.MANNEQUIN, points=((300.0, 170.0),))
    frame = shot()
    rough = frame.inner.copy()
    rough[160:168, 290:310] = 0
    kept = Interior().run(frame.evolve(inner=rough), replace(context(), edits=Edits(strokes=(stroke,)))).inner
    np.testing.assert_array_equal(kept, rough)


def test_a_piece_far_from_the_garment_is_no_opening() -> None:
    frame = shot()
    with_stray = frame.inner.copy()
    with_stray[60:90, 280:320] = 255
    cleaned = without_strays(frame.garment, with_stray)
    assert not cleaned[60:90, 280:320].any()
    np.testing.assert_array_equal(cleaned[120:], frame.inner[120:])


def test_a_rest_of_the_guessed_outline_leaves_no_fleck() -> None:
    frame = shot()
    with_fleck = frame.inner.copy()
    rows, columns = np.nonzero(frame.inner > 127)
    fleck = np.s_[rows.min() - 14 : rows.min() - 8, columns.mean().astype(int) - 6 : columns.mean().astype(int) + 6]
    with_fleck[fleck] = 90
    cleaned = without_flecks(with_fleck)
    assert not cleaned[fleck].any()
    np.testing.assert_array_equal(cleaned[rows, columns], frame.inner[rows, columns])
    shown = Interior().run(frame.evolve(inner=with_fleck), context()).inner
    assert shown is not None
    assert not shown[fleck].any()


def test_an_inside_whose_sides_stand_away_from_the_garment_is_no_plain_line() -> None:
    frame = shot()
    garment, boxed = frame.garment.copy(), np.zeros_like(frame.inner)
    garment[150:230, 200:400] = 0
    boxed[150:230, 240:360] = 255
    assert [is_no_curve(opening) for opening in find_openings(garment, boxed)] == [True]
    assert [is_no_curve(opening) for opening in find_openings(frame.garment, frame.inner)] == [False]


def test_an_inside_that_stands_away_from_the_garment_goes_to_review(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Interior().run(shot(), context()).review_reasons
    monkeypatch.setattr(interior, "straighten", lambda opening: None)
    monkeypatch.setattr(interior, "is_no_curve", lambda opening: True)
    assert any("stand away" in reason for reason in Interior().run(shot(), context()).review_reasons)


def on_straps(width: int, sunk: int = 0) -> Frame:
    """A camisole whose neck, 200 pixels wide, lies between straps of `width` pixels; its guessed inside begins `sunk`
    pixels below their upper ends."""
    garment, inner = (np.zeros((HEIGHT, WIDTH), np.uint8) for _ in range(2))
    garment[340:700, 150:450] = 255
    for left in (200 - width, 400):
        garment[220:340, left : left + width] = 255
    inner[220 + sunk : 340, 200:400] = 255
    photo = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    photo[garment > 0] = COLOURS["garment"]
    return frame_of(Raster(pixels=photo)).evolve(garment=garment, inner=inner, mannequin=inner, confidence=1.0)


def test_between_narrow_straps_nothing_is_imagined() -> None:
    frame = Interior().run(on_straps(8), context())
    assert not frame.inner.any()
    assert frame.interior_source == "none"
    assert any("narrow straps" in warning for warning in frame.warnings)


def test_where_the_set_is_seen_amid_the_opening_nothing_is_imagined() -> None:
    seen = round_neck()
    gap = seen.inner.copy()
    gap[170:195, 290:312] = 0
    frame = Interior().run(seen.evolve(inner=gap), context())
    assert not frame.inner.any()
    assert any("set is seen" in warning for warning in frame.warnings)
    assert Interior().run(seen, context()).inner.any()


def neck_before(colour: tuple[int, int, int]) -> Frame:
    """A round neck amid which nothing stands before a backdrop of `colour`, though a mannequin was thought to."""
    frame = round_neck()
    pixels = frame.photo.pixels.copy()
    pixels[frame.garment == 0] = colour
    return frame.evolve(photo=Raster(pixels=pixels))


def test_where_the_backdrop_goes_on_into_the_neck_nothing_is_imagined() -> None:
    frame = Interior().run(neck_before(COLOURS["background"]), context())
    assert not frame.inner.any()
    assert any("set is seen" in warning for warning in frame.warnings)


def test_the_band_at_an_open_back_is_carried_on_to_the_straps() -> None:
    frame = neck_before(COLOURS["background"])
    garment, pixels = frame.garment.copy(), frame.photo.pixels.copy()
    garment[152:166, 262:338] = 255
    pixels[garment > 0] = COLOURS["garment"]
    pixels[152:166, 262:338] = band = np.array((110, 40, 90))
    inner = np.where(garment > 0, 0, frame.inner).astype(np.uint8)
    joined = Interior().run(frame.evolve(garment=garment, inner=inner, photo=Raster(pixels=pixels)), context())
    assert (joined.inner[154:164, 242:260] > 200).all()
    assert (joined.inner[154:164, 340:358] > 200).all()
    assert not joined.inner[170:].any()
    assert not joined.review_reasons
    for columns in (slice(246, 258), slice(342, 354)):
        assert np.abs(joined.interior[154:164, columns].mean((0, 1)) - band).max() < 8


def test_a_burnt_out_photo_does_not_say_that_the_backdrop_goes_on() -> None:
    assert Interior().run(neck_before((254, 254, 254)), context()).inner.any()


def test_a_chain_across_the_opening_is_no_view_of_the_set() -> None:
    seen = round_neck()
    crossed = seen.inner.copy()
    crossed[180:182] = 0
    frame = Interior().run(seen.evolve(inner=crossed), context())
    assert frame.inner.any()
    assert not any("set is seen" in warning for warning in frame.warnings)


def test_between_broad_straps_the_inside_is_shown() -> None:
    frame = Interior().run(on_straps(30), context())
    assert (frame.inner[260:330, 210:390] > 200).mean() > 0.6
    assert not frame.warnings


def test_an_inside_lower_than_the_garment_on_both_sides_goes_to_review() -> None:
    sunk, level = (Interior().run(on_straps(60, depth), context()) for depth in (50, 0))
    assert any("higher on both sides" in reason for reason in sunk.review_reasons)
    assert not level.review_reasons


def test_the_back_of_a_standing_collar_runs_from_tip_to_tip() -> None:
    frame = Interior().run(on_straps(60, sunk=14), context())
    top = np.argmax(frame.inner > 127, axis=0)
    assert 200 < min(top[204], top[396]) <= max(top[204], top[396]) <= 224
    assert not frame.review_reasons


def test_between_the_garment_and_a_raised_inside_nothing_shines_through() -> None:
    shot_on_straps = on_straps(60, sunk=14)
    notched = shot_on_straps.garment.copy()
    notched[226:232, 194:200] = 0
    frame = Interior().run(shot_on_straps.evolve(garment=notched), context())
    assert frame.inner[227:231, 195:199].min() > 127


def test_the_front_photo_is_left_alone() -> None:
    frame = shot()
    before = frame.photo.pixels.copy()
    Interior().run(frame, context())
    np.testing.assert_array_equal(frame.photo.pixels, before)


def test_the_same_shot_gives_the_same_inside() -> None:
    first, second = (Interior().run(shot(), context()).interior for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_without_an_opening_nothing_is_made() -> None:
    frame = shot()
    done = Interior().run(frame.evolve(inner=np.zeros_like(frame.inner)), context())
    assert done.interior is None
    assert done.interior_source == "none"


def test_a_recipe_without_interior_makes_none() -> None:
    assert Interior().run(shot(), wanting(InteriorSource.NONE)).interior is None


def test_generating_needs_the_studio_engine() -> None:
    with pytest.raises(EngineError, match=r"shirt\.jpg"):
        Interior().run(shot(), wanting(InteriorSource.GENERATE))


def test_a_recipe_that_insists_on_a_photo_of_the_inside_needs_one() -> None:
    with pytest.raises(PhotoError, match="none was found") as caught:
        Interior().run(shot(), wanting(InteriorSource.INSIDE_PHOTO))
    assert "--inside" in caught.value.hint


def test_cancelling_stops_between_openings() -> None:
    with pytest.raises(Cancelled):
        Interior().run(shot(), replace(context(), cancelled=lambda: True))


def test_a_tiny_or_odd_opening_is_filled_without_complaint() -> None:
    frame = shot()
    sliver = np.zeros_like(frame.inner)
    sliver[300:340, 299:302] = 255
    done = Interior().run(frame.evolve(inner=sliver, garment=cv2.subtract(frame.garment, sliver)), context())
    assert done.interior is not None
    assert done.interior[320, 300].any()
