"""Colours that a file names otherwise than by an RGB profile: CIE Lab, code points, chunks of a PNG."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from studio.engine import colour, preview, profiles, vips
from studio.engine.image import probe, read_photo
from studio.errors import PhotoError
from tests.fakes.tiffs import write_tiff

D50, D65 = (0.3457, 0.3585), (0.3127, 0.3290)
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
# From XYZ (D65) to linear Adobe RGB, as its specification prints it.
TO_ADOBE = np.array([[2.04159, -0.56501, -0.34473], [-0.96924, 1.87597, 0.04156], [0.01344, -0.11836, 1.01517]])
# From linear BT.2020 to XYZ, as ITU-R BT.2087 has it.
BT_2020 = np.array([[0.636958, 0.144617, 0.168881], [0.2627, 0.677998, 0.059302], [0, 0.028073, 1.060985]])
# Colours within Adobe RGB, saturated ones among them.
LABS = np.array(
    [[[50, 0, 0], [100, 0, 0], [60, 50, -30], [60, -60, 30], [33.3, 10.5, -20.25], [88, 4, 70], [30, 20, -64]]]
)


def white_of(chromaticity: tuple[float, float]) -> np.ndarray:
    x, y = chromaticity
    return np.array([x / y, 1, (1 - x - y) / y])


def adobe_of(lab: np.ndarray, white: tuple[float, float]) -> np.ndarray:
    """Adobe RGB 0..1 of Lab relative to `white`, by the formulas alone."""
    f = (lab[..., :1] + 16) / 116 + lab[..., 1:2] * [1 / 500, 0, 0] - lab[..., 2:] * [0, 0, 1 / 200]
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * white_of(white)
    gains = (BRADFORD @ white_of(D65)) / (BRADFORD @ white_of(white))
    linear = xyz @ np.linalg.solve(BRADFORD, gains[:, None] * BRADFORD).T @ TO_ADOBE.T
    return np.clip(linear, 0, 1) ** (256 / 563)


def cie_lab(lab: np.ndarray, depth: type) -> np.ndarray:
    """As photometric 8 stores it: L over the whole range, a and b signed."""
    top, step, signed = (255, 1, np.int8) if depth is np.uint8 else (65535, 256, np.int16)
    ab = np.round(lab[..., 1:] * step).astype(signed).view(depth)
    return np.dstack([np.round(lab[..., :1] * top / 100).astype(depth), ab])


def icc_lab(lab: np.ndarray, depth: type) -> np.ndarray:
    """As photometric 9 stores it: L = 100 is 255 or 0xFF00, a and b offset by 128."""
    step = 1 if depth is np.uint8 else 256
    return np.round((lab * [2.55, 1, 1] + [0, 128, 128]) * step).astype(depth)


@pytest.mark.parametrize("photometric", [8, 9])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("white", [None, D65])
def test_lab_of_a_tiff_becomes_adobe_rgb_of_the_same_depth(tmp_path, photometric, depth, white):
    labs = LABS if depth is np.uint16 else np.round(LABS * 2.55) / 2.55 * [1, 0, 0] + np.round(LABS) * [0, 1, 1]
    samples = (cie_lab if photometric == 8 else icc_lab)(labs, depth)
    raster = read_photo(write_tiff(tmp_path / "a.tif", samples, photometric, white=white))
    top = np.iinfo(depth).max
    assert raster.pixels.dtype == depth
    assert np.abs(raster.pixels / top - adobe_of(labs, white or D50)).max() < (
        0.6 / 255 if depth is np.uint8 else 0.0008
    )
    assert raster.icc == profiles.adobe_rgb()
    assert "Lab" in raster.conversions[0]
    assert not raster.warnings


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_lab_tiff_keeps_its_alpha_and_its_texts_whatever_its_byte_order(tmp_path, big, order):
    samples = np.dstack([cie_lab(LABS, np.uint16), np.full(LABS.shape[:2], 0x8001, np.uint16)])
    path = write_tiff(tmp_path / "a.tif", samples, 8, order=order, big=big, extras=(2,))
    raster = read_photo(path)
    assert (raster.alpha == 0x8001).all()
    assert np.abs(raster.pixels / 65535 - adobe_of(LABS, D50)).max() < 0.0008
    assert b"2026:01:02" in raster.exif
    assert probe(path).bits == 16


def test_the_thumbnail_of_a_lab_tiff_has_its_colours(tmp_path):
    flat = np.broadcast_to(np.array([60.0, 50, -30]), (40, 40, 3))
    path = write_tiff(tmp_path / "a.tif", icc_lab(flat, np.uint8), 9)
    whole = read_photo(path)
    shown = preview.thumbnail(path, 20).levels[0]
    assert np.array_equal(shown[0, 0], colour.convert(whole.pixels, whole.icc, None, np.uint8)[0, 0])


PATCH = np.full((40, 40, 3), (200, 40, 60), np.uint8)
SPOT = np.dstack([PATCH, np.zeros((40, 40, 2), np.uint8)])
PRESS = np.broadcast_to(np.array([20, 200, 180, 90], np.uint8), (40, 40, 4))


@pytest.mark.parametrize(
    ("samples", "photometric", "extras"),
    [
        (PRESS, 5, ()),
        (np.dstack([PRESS, SPOT[..., 3]]), 5, (0,)),
        (np.dstack([PRESS, 255 - SPOT[..., 3]]), 5, (2,)),
        (SPOT[..., :4], 2, (0,)),
        (SPOT, 2, (0, 0)),
        (np.dstack([PATCH, SPOT[..., 3], 255 - SPOT[..., 3]]), 2, (0, 2)),
        (np.dstack([PATCH[..., 0], SPOT[..., 3]]), 1, (0,)),
    ],
)
def test_the_thumbnail_of_a_tiff_for_the_press_or_with_other_channels_is_the_reading_made_small(
    tmp_path, samples, photometric, extras
):
    path = write_tiff(tmp_path / "a.tif", samples, photometric, extras=extras)
    whole = preview.full(path).levels[0]
    shown = preview.thumbnail(path, 20).levels[0]
    assert shown.shape == (20, 20, whole.shape[2])
    assert np.array_equal(shown[10, 10], whole[20, 20])


def test_a_lab_tiff_cut_short_is_damaged(tmp_path):
    path = write_tiff(tmp_path / "a.tif", icc_lab(np.zeros((200, 200, 3)), np.uint8), 9)
    content = bytearray(path.read_bytes())
    content[4:8] = struct.pack("<I", struct.unpack("<I", content[4:8])[0] - 60_000)
    path.write_bytes(content[:8] + content[60_008:])
    with pytest.raises(PhotoError, match="Damaged"):
        read_photo(path)


def test_a_tiff_in_a_colour_space_nobody_reads_is_refused_with_a_way_out(tmp_path):
    with pytest.raises(PhotoError) as caught:
        read_photo(write_tiff(tmp_path / "a.tif", icc_lab(LABS, np.uint8), 10))
    assert caught.value.title == "Unusual picture"
    assert caught.value.hint


def picture() -> np.ndarray:
    y, x = np.mgrid[:48, :64]
    return np.stack([4 * x, 5 * y, 250 - 2 * x - y], -1).astype(np.uint8)


def png(path: Path, chunks: dict[bytes, bytes], **options) -> Path:
    """A PNG with these chunks before its picture."""
    Image.fromarray(picture()).save(path, **options)
    content = path.read_bytes()
    added = b"".join(
        struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in chunks.items()
    )
    path.write_bytes(content[:33] + added + content[33:])
    return path


def chrm(*numbers: float) -> bytes:
    return struct.pack(">8I", *(round(number * 100_000) for number in numbers))


def gama(gamma: float) -> bytes:
    return struct.pack(">I", round(100_000 / gamma))


SRGB_CHRM = chrm(0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
ADOBE_CHRM = chrm(0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
PROPHOTO_CHRM = chrm(0.3457, 0.3585, 0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001)


def avif(path: Path, primaries: int, curve: int, *, icc: bytes | None = None) -> Path:
    """An AVIF that names its colours by code points."""
    Image.fromarray(picture()).save(path, quality=100, subsampling="4:4:4", **({"icc_profile": icc} if icc else {}))
    content = bytearray(path.read_bytes())
    place = content.find(b"colrnclx") + 8
    assert place > 8
    content[place : place + 4] = struct.pack(">HH", primaries, curve)
    path.write_bytes(content)
    return path


def heic(path: Path, primaries: int, curve: int) -> Path:
    pillow_heif.register_heif_opener()
    points = {"color_primaries": primaries, "transfer_characteristics": curve, "matrix_coefficients": 6}
    Image.fromarray(picture()).save(path, save_nclx_profile=True, full_range_flag=1, **points)
    return path


def cicp(path: Path, primaries: int, curve: int, **options) -> Path:
    return png(path, {b"cICP": bytes([primaries, curve, 0, 1])}, **options)


WAYS = [(avif, "a.avif"), (heic, "a.heic"), (cicp, "a.png")]


@pytest.mark.parametrize(("write", "name"), WAYS)
@pytest.mark.parametrize("curve", [13, 1])
def test_primaries_named_by_code_points_are_the_photos_colours(tmp_path, write, name, curve):
    raster = read_photo(write(tmp_path / name, 12, curve))
    assert raster.icc == profiles.display_p3()
    assert "Display P3" in raster.conversions[-1]
    assert np.abs(raster.pixels.astype(int) - picture()).mean() < 3


@pytest.mark.parametrize(("write", "name"), WAYS)
def test_wide_primaries_of_television_get_a_profile_of_their_own(tmp_path, write, name):
    raster = read_photo(write(tmp_path / name, 9, 14))
    encoded = np.array([120, 160, 90]) / 255
    xyz = BT_2020 @ ((encoded + 0.055) / 1.055) ** 2.4 / white_of(D65)
    f = np.cbrt(xyz)
    lab = [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
    assert np.abs(colour.lab_of(np.array([[[120, 160, 90]]], np.uint8), raster.icc)[0, 0] - lab).max() < 0.1
    assert "BT.2020" in raster.conversions[-1]


@pytest.mark.parametrize(("write", "name"), WAYS)
@pytest.mark.parametrize("points", [(1, 13), (2, 2), (1, 1)])
def test_srgb_by_code_points_and_colours_unsaid_are_srgb(tmp_path, write, name, points):
    assert colour.is_srgb(read_photo(write(tmp_path / name, *points)).icc)


@pytest.mark.parametrize(("write", "name"), WAYS)
@pytest.mark.parametrize("curve", [16, 18])
def test_hdr_by_code_points_is_refused_with_a_way_out(tmp_path, write, name, curve):
    with pytest.raises(PhotoError) as caught:
        read_photo(write(tmp_path / name, 9, curve))
    assert "HDR" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(("write", "name"), [WAYS[0], WAYS[2]])
@pytest.mark.parametrize("points", [(10, 13), (1, 9)])
def test_code_points_that_stand_for_no_photographs_colours_are_refused(tmp_path, write, name, points):
    with pytest.raises(PhotoError, match="Unusual"):
        read_photo(write(tmp_path / name, *points))


def test_a_profile_outweighs_the_code_points_of_an_avif_but_not_those_of_a_png(tmp_path):
    assert read_photo(avif(tmp_path / "a.avif", 12, 13, icc=profiles.adobe_rgb())).icc == profiles.adobe_rgb()
    assert read_photo(cicp(tmp_path / "a.png", 12, 13, icc_profile=profiles.adobe_rgb())).icc == profiles.display_p3()


def test_white_of_a_ten_bit_avif_is_white(tmp_path):
    white = vips.image_of(np.full((64, 64, 3), 65535, np.uint16))
    white.heifsave(str(tmp_path / "a.avif"), bitdepth=10, compression="av1", lossless=True)
    assert (read_photo(tmp_path / "a.avif").pixels == 65535).all()


@pytest.mark.parametrize(
    ("chunks", "icc"),
    [
        ({b"gAMA": gama(2.2), b"cHRM": SRGB_CHRM}, None),  # how ImageMagick says sRGB
        ({b"gAMA": gama(2.2)}, None),
        ({b"cHRM": SRGB_CHRM}, None),
        ({b"sRGB": b"\0", b"gAMA": gama(2.2), b"cHRM": ADOBE_CHRM}, None),
        ({b"gAMA": gama(2.2), b"cHRM": ADOBE_CHRM}, profiles.adobe_rgb()),
        ({b"cHRM": chrm(0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)}, profiles.display_p3()),
        ({b"gAMA": b"\0\0\0\0", b"cHRM": bytes(32)}, None),  # numbers that are no colours
        ({b"gAMA": b"\0", b"cHRM": b"\xff" * 32}, None),
        ({b"gAMA": gama(1.0), b"cHRM": struct.pack(">8I", 1, 31270, 1, 99999, 1, 1, 2**32 - 1, 2**32 - 1)}, None),
    ],
)
def test_gamma_and_chromaticities_of_a_png_are_its_colours(tmp_path, chunks, icc):
    assert read_photo(png(tmp_path / "a.png", chunks)).icc == icc


def test_a_png_in_prophoto_by_its_chunks_has_prophotos_colours(tmp_path):
    raster = read_photo(png(tmp_path / "a.png", {b"gAMA": gama(1.8), b"cHRM": PROPHOTO_CHRM}))
    xyz = np.array([0.5, 0.5, 0.5]) ** 1.8  # grey: the same linear value of all three
    grey = colour.lab_of(np.array([[[128, 128, 128]]], np.uint8), raster.icc)[0, 0]
    assert np.abs(grey - [116 * np.cbrt(xyz[1]) - 16, 0, 0]).max() < 0.5
    assert np.array_equal(raster.pixels, picture())


def test_linear_values_of_a_png_get_the_curve_of_srgb(tmp_path):
    raster = read_photo(png(tmp_path / "a.png", {b"gAMA": gama(1.0)}))
    linear = picture() / 255
    expected = 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(raster.pixels - expected).max() < 1.5
    assert colour.is_srgb(raster.icc)
    assert "linear" in raster.conversions[0]


def test_the_thumbnail_of_a_png_has_the_colours_that_it_names(tmp_path):
    path = cicp(tmp_path / "a.png", 12, 13)
    shown = preview.thumbnail(path, 64).levels[0]
    assert np.array_equal(shown, colour.convert(picture(), profiles.display_p3(), None, np.uint8))


def test_a_lab_tiff_that_points_nowhere_is_damaged_without_a_word_on_the_terminal(tmp_path, capfd):
    path = write_tiff(tmp_path / "a.tif", cie_lab(LABS, np.uint8), 8, big=True)
    content = bytearray(path.read_bytes())
    place = content.find(struct.pack("<HHQ", 273, 4, 1))
    content[place : place + 20] = struct.pack("<HHQQ", 273, 16, 1, 2**63 - 8)
    path.write_bytes(content)
    with pytest.raises(PhotoError, match="Damaged"):
        read_photo(path)
    assert capfd.readouterr().err == ""
