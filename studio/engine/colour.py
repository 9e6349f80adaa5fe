"""Colours between profiles: to sRGB for the eyes of a network, back into the photo's profile, to Lab for measuring.

Colours are converted by Little CMS (inside libvips), relative colorimetric with black point compensation: 8 bit to 8
bit directly, anything deeper through Lab in floating point (the direct way is off by up to 20 steps of 8 bit there,
where a channel is near zero). What is already in the wanted profile is not touched.
"""

import contextlib
import os
import tempfile
from collections.abc import Generator
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine import profiles, vips
from studio.engine.raster import Pixels, Raster

_INTENT = {"intent": "relative", "black_point_compensation": True, "pcs": "lab"}


def to_srgb8(raster: Raster, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """The picture as (H, W, 3) uint8, sRGB-encoded. size: (width, height) to scale to, None = the picture's own.

    Scaling averages areas of the encoded values (what a network was trained on) and comes first, so that a thumbnail of
    a 100-megapixel photo is cheap. Alpha is ignored.
    """
    pixels: Pixels = raster.pixels
    if size is not None and size != (pixels.shape[1], pixels.shape[0]):
        pixels = cast(Pixels, cv2.resize(pixels, size, interpolation=_interpolation(pixels, size)))
    return cast(NDArray[np.uint8], convert(pixels, raster.icc, None, np.uint8))


def srgb8_to_profile(pixels: NDArray[np.uint8], like: Raster) -> Pixels:
    """sRGB-encoded (H, W, 3) uint8 as colours in the profile and with the bit depth of `like`, same shape."""
    return convert(pixels, None, like.icc, like.pixels.dtype.type)


def lab_of(pixels: Pixels, icc: bytes | None = None) -> NDArray[np.float32]:
    """CIE Lab of encoded RGB, same shape (..., 3) in float32: L 0..100, a and b about -128..128, relative to white.

    icc: the profile of `pixels`, None = sRGB. The white is D65: sRGB by the formulas of IEC 61966-2-1 and CIE 15, other
    profiles from Little CMS' Lab D50, adapted by Bradford, so that one colour has one Lab whatever profile it comes in.
    """
    flat = pixels if pixels.ndim == 3 else pixels.reshape(1, -1, 3)
    lab = _lab_of_srgb(flat) if is_srgb(icc) else _lab_of_profile(flat, cast(bytes, icc))
    return lab.reshape(pixels.shape)


def convert(pixels: Pixels, source: bytes | None, target: bytes | None, depth: type[np.uint8 | np.uint16]) -> Pixels:
    """RGB (H, W, 3) from profile `source` to profile `target` (None = sRGB) as `depth`; itself if nothing changes.

    Raises VipsError for a profile that Little CMS does not accept; profiles of a Raster were checked when it was read.
    """
    if same_colours(source, target):
        return as_depth(pixels, depth)
    return _converted(pixels, source or profiles.srgb(), target or profiles.srgb(), depth)


def array_of_lab(samples: vips.Image, lab: vips.Image) -> NDArray[Any]:
    """(H, W, 3 or 4), uint8 or uint16: Lab D50 in floating point as Adobe RGB (1998), in the depth of `samples`, whose
    alpha is kept."""
    with _profile_file(profiles.adobe_rgb()) as goal:
        rgb = lab.icc_export(output_profile=goal, depth=8 if samples.format == "uchar" else 16, **_INTENT)
        return vips.array_of(rgb if samples.bands < 4 else rgb.bandjoin(samples.extract_band(3)))


def as_depth(pixels: Pixels, depth: type[np.uint8 | np.uint16]) -> Pixels:
    """The same encoded values as `depth`, rounded to nearest; the array itself if it has that depth."""
    if pixels.dtype == depth:
        return pixels
    if depth is np.uint16:
        return pixels.astype(np.uint16) * np.uint16(257)
    # (v + 128) / 257 rounds v * 255 / 65535; in uint32 and without a division by float.
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def is_srgb(icc: bytes | None) -> bool:
    """Whether a profile means sRGB: colours converted to sRGB stay where they are, to less than one step of 8 bit."""
    return same_colours(icc, None)


def same_colours(first: bytes | None, second: bytes | None) -> bool:
    """Whether two RGB profiles (None = sRGB) name the same colours: no step of 8 bit lies between them."""
    first, second = first or profiles.srgb(), second or profiles.srgb()
    return first == second or _largest_step(first, second) <= 1


def is_reversible(icc: bytes) -> bool:
    """Whether colours can be converted into a usable profile too; into that of a camera or scanner often cannot."""
    try:
        return _largest_step(profiles.srgb(), icc) <= 255
    except vips.ERRORS:
        return False


def is_usable(icc: bytes) -> bool:
    """Whether a block of bytes is an RGB profile that colours can be converted from."""
    try:
        return profiles.colour_space(icc) == "RGB" and _largest_step(icc, profiles.srgb()) <= 255
    except vips.ERRORS:
        return False


@lru_cache(maxsize=64)
def _largest_step(first: bytes, second: bytes) -> int:
    """The largest change of an 8-bit value over a 9 x 9 x 9 grid of colours when converted from `first` to `second`."""
    axis = np.linspace(0, 255, 9).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(axis, axis, axis), -1).reshape(1, -1, 3)
    return int(np.abs(_converted(grid, first, second, np.uint8).astype(np.int16) - grid).max())


def _converted(pixels: Pixels, source: bytes, target: bytes, depth: type[np.uint8 | np.uint16]) -> Pixels:
    with _profile_file(source) as origin, _profile_file(target) as goal:
        if pixels.dtype == depth == np.uint8:
            return vips.array_of(vips.image_of(pixels).icc_transform(goal, input_profile=origin, depth=8, **_INTENT))
        lab = vips.image_of(pixels).icc_import(input_profile=origin, **_INTENT)
        return vips.array_of(lab.icc_export(output_profile=goal, depth=8 if depth is np.uint8 else 16, **_INTENT))


@contextlib.contextmanager
def _profile_file(icc: bytes) -> Generator[str]:
    """A temporary file with the profile, for libvips, which takes profiles by name only."""
    descriptor, name = tempfile.mkstemp(prefix="modamoda-", suffix=".icc")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(icc)
        yield name
    finally:
        Path(name).unlink(missing_ok=True)


def _lab_of_srgb(pixels: Pixels) -> NDArray[np.float32]:
    table = _linear_table(pixels.dtype.itemsize)
    linear = cv2.LUT(pixels, table) if pixels.dtype == np.uint8 else table[pixels]
    return cast(NDArray[np.float32], cv2.cvtColor(linear, cv2.COLOR_LRGB2Lab))


def _lab_of_profile(pixels: Pixels, icc: bytes) -> NDArray[np.float32]:
    with _profile_file(icc) as origin:
        lab = vips.array_of(vips.image_of(pixels).icc_import(input_profile=origin, **_INTENT)).astype(np.float64)
    return _lab_of_xyz(_xyz_of_lab(lab) * profiles.D50 @ profiles.d50_to_d65().T / profiles.D65).astype(np.float32)


def _xyz_of_lab(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """XYZ relative to white."""
    y = (lab[..., 0] + 16) / 116
    f = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], -1)
    return np.where(f > 6 / 29, f**3, (f - 16 / 116) / 7.787)


def _lab_of_xyz(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lab from XYZ relative to white."""
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


@lru_cache(maxsize=2)
def _linear_table(itemsize: int) -> NDArray[np.float32]:
    encoded = np.linspace(0, 1, 256**itemsize)
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


def _interpolation(pixels: NDArray[Any], size: tuple[int, int]) -> int:
    shrinks = size[0] <= pixels.shape[1] and size[1] <= pixels.shape[0]
    return cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
