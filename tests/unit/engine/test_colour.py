"""Colours between profiles keep their look, and stay untouched where nothing is to be converted."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from studio.engine import profiles
from studio.engine.colour import as_depth, convert, is_srgb, is_usable, lab_of, same_colours, srgb8_to_profile, to_srgb8
from studio.engine.raster import Raster
from studio.model import Profile

OURS = {"srgb": profiles.srgb, "adobe": profiles.adobe_rgb, "p3": profiles.display_p3}


def colours(side: int = 60) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)


@pytest.mark.parametrize("name", OURS)
def test_our_profiles_are_understood_by_little_cms(name):
    profile = ImageCms.ImageCmsProfile(io.BytesIO(OURS[name]()))
    assert profile.profile.xcolor_space.strip() == "RGB"
    assert is_usable(OURS[name]())
    white = profile.profile.red_colorant[0], profile.profile.green_colorant[0], profile.profile.blue_colorant[0]
    assert np.sum(white, axis=0) == pytest.approx((0.9642, 1.0, 0.8249), abs=1e-4)


def test_another_makers_srgb_is_srgb_and_wider_profiles_are_not():
    assert is_srgb(None)
    assert is_srgb(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert not is_srgb(profiles.adobe_rgb())
    assert not is_srgb(profiles.display_p3())
    assert not same_colours(profiles.adobe_rgb(), profiles.display_p3())


@pytest.mark.parametrize("name", ["adobe", "p3"])
def test_eight_bit_conversion_agrees_with_pillow(name):
    pixels = colours()
    target = ImageCms.ImageCmsProfile(io.BytesIO(OURS[name]()))
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), target, "RGB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC
    )
    theirs = np.asarray(ImageCms.applyTransform(Image.fromarray(pixels), transform))
    apart = np.abs(convert(pixels, None, OURS[name](), np.uint8).astype(int) - theirs)
    # A pure power curve is infinitely steep at zero: there a rounding of linear light shows as a few steps.
    assert np.mean(apart <= 1) > 0.999
    assert apart.max() <= 4


@pytest.mark.parametrize("name", ["adobe", "p3"])
def test_srgb_goes_into_a_wider_profile_and_comes_back(name):
    pixels = colours()
    like = Raster(pixels=np.zeros((1, 1, 3), np.uint16), icc=OURS[name]())
    wide = srgb8_to_profile(pixels, like)
    assert wide.dtype == np.uint16
    assert np.abs(to_srgb8(Raster(pixels=wide, icc=like.icc)).astype(int) - pixels).max() <= 2


def test_nothing_is_copied_or_changed_where_nothing_is_to_be_done():
    pixels = colours()
    assert convert(pixels, None, profiles.srgb(), np.uint8) is pixels
    assert np.array_equal(to_srgb8(Raster(pixels=pixels)), pixels)


def test_depth_changes_round_to_nearest_and_come_back():
    every = np.arange(256, dtype=np.uint8)
    assert np.array_equal(as_depth(as_depth(every, np.uint16), np.uint8), every)
    deep = np.arange(65536, dtype=np.uint16)
    assert np.array_equal(as_depth(deep, np.uint8), np.floor(deep / 257 + 0.5).astype(np.uint8))


def test_a_thumbnail_has_the_size_asked_for_as_width_and_height():
    thumbnail = to_srgb8(Raster(pixels=as_depth(colours(), np.uint16), icc=profiles.display_p3()), (20, 30))
    assert thumbnail.shape == (30, 20, 3)
    assert thumbnail.dtype == np.uint8


def test_lab_of_srgb_follows_the_formulas():
    rgb = colours()
    linear = np.where(rgb / 255 <= 0.04045, rgb / 255 / 12.92, ((rgb / 255 + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x = linear @ matrix.T / [0.9505, 1, 1.089]
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    expected = np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)
    assert np.abs(lab_of(rgb) - expected).max() < 0.05
    assert lab_of(rgb).dtype == np.float32
    assert np.allclose(lab_of(rgb[0, 0]), expected[0, 0], atol=0.05)


def test_one_colour_has_one_lab_whatever_profile_it_comes_in():
    pixels = colours()
    wide = convert(pixels, None, profiles.adobe_rgb(), np.uint16)
    assert np.linalg.norm(lab_of(wide, profiles.adobe_rgb()) - lab_of(pixels), axis=-1).mean() < 0.1


@pytest.mark.parametrize("icc", [b"", b"garbage" * 40, profiles.srgb()[:400]])
def test_what_is_no_profile_is_not_usable(icc):
    assert not is_usable(icc)


def test_the_recipe_s_profiles_are_ours_and_source_is_the_photo_s():
    assert profiles.profile_for(Profile.SRGB, b"x") == profiles.srgb()
    assert profiles.profile_for(Profile.DISPLAY_P3, b"x") == profiles.display_p3()
    assert profiles.profile_for(Profile.ADOBE_RGB, b"x") == profiles.adobe_rgb()
    assert profiles.profile_for(Profile.SOURCE, b"x") == b"x"
    assert profiles.profile_for(Profile.SOURCE, None) is None
