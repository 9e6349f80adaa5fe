"""The composed picture: background, placement, shadow and profile, with the garment untouched where it is whole."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from studio.engine import profiles
from studio.engine.colour import as_depth, convert, lab_of
from studio.engine.placement import cut_stands_amid
from studio.engine.raster import Raster
from studio.engine.stage import Frame, StageContext
from studio.engine.stages.compose import Compose
from studio.engine.templates import catalog
from studio.errors import Cancelled, PhotoError
from studio.model import Align, ComposeStep, Format, LevelStep, Metadata, OutputStep, Profile, Recipe, Shadow, Shot

HEIGHT, WIDTH = 240, 180


def master(depth: type = np.uint8) -> np.ndarray:
    """A noisy garment (H, W, 4) with a soft edge, off the middle: columns 40..120, rows 60..200."""
    alpha = np.zeros((HEIGHT, WIDTH), np.float32)
    alpha[60:200, 40:120] = 255
    alpha = cv2.GaussianBlur(alpha, (0, 0), 2).round().astype(np.uint8)
    alpha[80:180, 50:110] = 255
    colours = np.random.default_rng(5).integers(30, 220, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    return as_depth(np.dstack([colours, alpha]), depth)


def composed(
    step: ComposeStep | None = None, *, pixels: np.ndarray | None = None, icc: bytes | None = None, **output: object
) -> Frame:
    pixels = master() if pixels is None else pixels
    photo = Raster(pixels=pixels[..., :3].copy(), icc=icc, exif=b"EXIF", iptc=b"IPTC", xmp=b"XMP")
    frame = Frame(shot=Shot(front=Path("shirt.jpg")), photo=photo, master=pixels)
    return Compose().run(frame, context(Recipe(compose=step or ComposeStep(), output=OutputStep(**output))))


def context(recipe: Recipe, **more: object) -> StageContext:
    return StageContext(recipe=recipe, seed=0, destination=Path("/x/a"), review_destination=Path("/x/r/a"), **more)


def box(covered: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(covered.any(1)), np.flatnonzero(covered.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_where_alpha_is_full_the_pixel_is_the_masters_and_where_it_is_none_the_backgrounds(depth):
    given = master(depth)
    result = composed(pixels=given.copy()).deliverable
    full = np.iinfo(depth).max
    whole, nothing = given[..., 3] == full, given[..., 3] == 0
    assert result.pixels.dtype == depth
    assert np.array_equal(result.pixels[whole], given[whole][:, :3])
    assert (result.pixels[nothing] == full).all()
    assert result.alpha is None


def test_edges_are_blended_in_encoded_values_as_a_viewer_would():
    given = master()
    share = given[..., 3:].astype(float) / 255
    expected = given[..., :3] * share + np.array([16, 32, 240]) * (1 - share)
    result = composed(ComposeStep(background="#1020f0")).deliverable
    assert np.abs(result.pixels - expected).max() <= 0.5


def test_the_master_itself_is_never_written_to():
    given = master()
    kept = given.copy()
    composed(ComposeStep(shadow=Shadow.DROP), pixels=given)
    composed(ComposeStep(background="transparent", shadow=Shadow.CONTACT), pixels=given)
    assert np.array_equal(given, kept)


def test_a_transparent_background_is_the_master_as_it_is():
    result = composed(ComposeStep(background="transparent")).deliverable
    assert np.array_equal(np.dstack([result.pixels, result.alpha]), master())


def test_a_wide_photo_becomes_srgb_by_a_real_conversion_and_says_so():
    frame = composed(icc=profiles.display_p3())
    expected = convert(master()[..., :3].copy(), profiles.display_p3(), None, np.uint8)
    whole = master()[..., 3] == 255
    assert frame.deliverable.icc == profiles.srgb()
    assert np.array_equal(frame.deliverable.pixels[whole], expected[whole])
    assert not np.array_equal(expected, master()[..., :3])
    assert any("converted from the photo's profile to srgb" in said for said in frame.transforms)


def test_the_source_profile_can_be_kept():
    frame = composed(icc=profiles.display_p3(), profile=Profile.SOURCE)
    assert frame.deliverable.icc == profiles.display_p3()
    assert np.array_equal(frame.deliverable.pixels[100, 80], master()[100, 80, :3])


@pytest.mark.parametrize("profile", [Profile.SRGB, Profile.ADOBE_RGB, Profile.DISPLAY_P3])
def test_a_background_colour_looks_the_same_in_every_profile(profile):
    frame = composed(ComposeStep(background="#3399cc"), profile=profile)
    corner = frame.deliverable.pixels[:1, :1]
    wanted = np.array([[[0x33, 0x99, 0xCC]]], np.uint8)
    assert np.linalg.norm(lab_of(corner, frame.deliverable.icc) - lab_of(wanted)) < 1.5


@pytest.mark.parametrize("kind", [Format.JPG, Format.WEBP])
def test_sixteen_bit_become_eight_for_types_that_hold_no_more(kind):
    frame = composed(pixels=master(np.uint16), format=kind)
    assert frame.deliverable.pixels.dtype == np.uint8
    assert np.array_equal(frame.deliverable.pixels[100, 80], master()[100, 80, :3])
    assert "16 bit became 8 bit, rounded to nearest" in frame.transforms


def test_metadata_goes_along_unless_unwanted():
    kept, dropped = composed().deliverable, composed(metadata=Metadata.NONE).deliverable
    assert (kept.exif, kept.iptc, kept.xmp) == (b"EXIF", b"IPTC", b"XMP")
    assert (dropped.exif, dropped.iptc, dropped.xmp) == (None, None, None)


@pytest.mark.parametrize("size", [(300, 300), (100, 200), (360, 480), (90, 120)])
@pytest.mark.parametrize("align", Align)
def test_fill_scales_the_garment_to_its_share_and_centres_it_across(size, align):
    frame = composed(ComposeStep(background="transparent", size=size, fill=0.8, align=align))
    width, height = size
    assert frame.deliverable.pixels.shape == (height, width, 3)
    left, top, right, bottom = box(frame.deliverable.alpha > 127)
    assert max((right - left) / width, (bottom - top) / height) == pytest.approx(0.8, abs=2 / min(size))
    assert abs((left + right) - width) <= 2
    margins = {Align.CENTER: abs((top + bottom) - height), Align.TOP: 0, Align.BOTTOM: 0}
    assert margins[align] <= 2
    if align is Align.TOP:
        assert abs(top - min(left, (height - bottom + top) // 2)) <= 2
    if align is Align.BOTTOM:
        assert abs((height - bottom) - min(left, (height - bottom + top) // 2)) <= 2


def test_fill_alone_keeps_the_photos_size():
    frame = composed(ComposeStep(background="transparent", fill=0.9))
    assert frame.deliverable.pixels.shape == (HEIGHT, WIDTH, 3)
    left, top, right, bottom = box(frame.deliverable.alpha > 127)
    assert (bottom - top) / HEIGHT == pytest.approx(0.9, abs=0.01) or (right - left) / WIDTH == pytest.approx(
        0.9, abs=0.01
    )


def test_size_alone_scales_the_whole_frame_to_fit_and_never_more():
    frame = composed(ComposeStep(background="transparent", size=(90, 300)))
    left, _, right, _ = box(frame.deliverable.alpha > 127)
    assert right - left == pytest.approx(40, abs=2)
    assert "scaled by 0.5000" in frame.transforms[0]


def test_scaling_keeps_flat_colours_exactly_and_does_not_fringe_the_edge():
    flat = master()
    flat[..., :3] = (200, 30, 90)
    flat[..., :3][flat[..., 3] == 0] = (0, 255, 0)
    result = composed(ComposeStep(background="transparent", size=(120, 160)), pixels=flat).deliverable
    covered = result.alpha > 20
    assert np.abs(result.pixels[covered].astype(int) - (200, 30, 90)).max() <= 1
    assert (result.pixels[result.alpha == 255] == (200, 30, 90)).all()


def test_fine_stripes_keep_their_light_when_they_melt_into_one_another():
    striped = master()
    striped[..., :3] = np.where(np.arange(WIDTH) % 2, 255, 0)[None, :, None]
    striped[..., 3] = 255
    result = composed(ComposeStep(size=(45, 60)), pixels=striped).deliverable
    # Half of the light is 188 in sRGB, not 128.
    assert abs(int(result.pixels[30, 22, 0]) - 188) <= 3


def test_a_picture_as_background_covers_the_frame_and_is_cropped_to_its_middle(tmp_path):
    backdrop = np.zeros((100, 400, 3), np.uint8)
    backdrop[:, :200], backdrop[:, 200:] = (255, 0, 0), (0, 0, 255)
    Image.fromarray(backdrop).save(tmp_path / "set.png")
    result = composed(ComposeStep(background=str(tmp_path / "set.png"))).deliverable
    assert tuple(result.pixels[0, 10]) == (255, 0, 0)
    assert tuple(result.pixels[-1, -10]) == (0, 0, 255)
    assert np.array_equal(result.pixels[100, 80], master()[100, 80, :3])


def test_a_missing_background_picture_is_named(tmp_path):
    with pytest.raises(PhotoError, match=r"set\.png"):
        composed(ComposeStep(background=str(tmp_path / "set.png")))


@pytest.mark.parametrize("kind", [Shadow.CONTACT, Shadow.DROP])
def test_a_shadow_darkens_the_background_below_the_garment_and_never_the_garment(kind):
    given = master()
    plain, shaded = composed().deliverable.pixels, composed(ComposeStep(shadow=kind)).deliverable.pixels
    whole = given[..., 3] == 255
    assert np.array_equal(plain[whole], shaded[whole])
    assert (shaded <= plain).all()
    assert (plain[200:206, 60:100].astype(int) - shaded[200:206, 60:100]).max() > 12
    assert (shaded[:40] == 255).all()
    assert (shaded[-1] >= 250).all()


def test_a_contact_shadow_lies_on_the_ground_only():
    shaded = composed(ComposeStep(shadow=Shadow.CONTACT)).deliverable.pixels
    assert (shaded[60:150, :25] == 255).all()


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_a_shadow_on_nothing_looks_like_a_shadow_on_white_when_laid_there(depth):
    step = ComposeStep(shadow=Shadow.DROP)
    on_white = composed(step, pixels=master(depth)).deliverable.pixels.astype(float)
    cut = composed(ComposeStep(shadow=Shadow.DROP, background="transparent"), pixels=master(depth)).deliverable
    full = np.iinfo(depth).max
    share = cut.alpha[..., None] / full
    assert np.abs(cut.pixels * share + full * (1 - share) - on_white).max() <= 1.5 * full / 255


def test_a_garment_of_nothing_gets_no_shadow():
    empty = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    assert (composed(ComposeStep(shadow=Shadow.CONTACT), pixels=empty).deliverable.pixels == 255).all()


@pytest.mark.parametrize(
    ("recipe", "is_amid"),
    [
        (Recipe(), False),
        (Recipe(compose=ComposeStep(size=(WIDTH // 2, HEIGHT // 2), align=Align.BOTTOM)), True),
        (Recipe(compose=ComposeStep(fill=0.8)), True),
        (Recipe(compose=ComposeStep(fill=1.0, align=Align.BOTTOM)), False),
        (Recipe(level=LevelStep(turn=0.7)), True),
    ],
)
def test_a_cut_by_the_photos_frame_may_lie_on_the_files_edge_but_not_amid_it(recipe, is_amid):
    cut_below = np.zeros((HEIGHT, WIDTH), np.uint8)
    cut_below[100:, 40:120] = 255
    assert cut_stands_amid(cut_below, recipe) is is_amid
    assert not cut_stands_amid(np.roll(cut_below, -20, 0), recipe)


def test_a_channels_file_with_a_fill_of_its_own_moves_the_cut_too():
    cut_below = np.zeros((HEIGHT, WIDTH), np.uint8)
    cut_below[100:, 40:120] = 255
    amazon = catalog.builtin()["amazon-us"]
    recipe = Recipe(output=OutputStep(templates=(amazon.name,)), channels=(amazon,))
    assert cut_stands_amid(cut_below, recipe)


def test_every_step_is_recorded_in_order_with_its_numbers():
    frame = composed(ComposeStep(size=(90, 120), shadow=Shadow.DROP, background="#ff0000"), icc=profiles.adobe_rgb())
    scaled, converted, shadow, laid = frame.transforms
    assert "0.5000" in scaled
    assert "90 x 120" in scaled
    assert "to srgb" in converted
    assert "drop shadow" in shadow
    assert "#ff0000" in laid


def test_a_cancelled_job_stops_here():
    frame = Frame(shot=Shot(front=Path("a.jpg")), photo=Raster(pixels=master()[..., :3].copy()), master=master())
    with pytest.raises(Cancelled):
        Compose().run(frame, context(Recipe(), cancelled=lambda: True))
