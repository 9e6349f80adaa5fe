"""TIFFs of rare kinds: channels beside the colours, colour spaces and layouts that nobody reads rightly."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engine.image import read_photo
from studio.errors import PhotoError
from tests.fakes.tiffs import write_tiff

COLOURS = {1: 1, 2: 3, 5: 4}


def samples(photometric: int, *extras: int) -> np.ndarray:
    """A picture of one colour with extra channels of these values."""
    values = [60, 120, 180, 20][: COLOURS[photometric]]
    return np.broadcast_to(np.array([*values, *extras], np.uint8), (20, 30, len(values) + len(extras)))


@pytest.mark.parametrize("photometric", [1, 2, 5])
@pytest.mark.parametrize(
    ("extras", "kinds", "alpha", "left_out"),
    [
        ((99,), (2,), 99, ""),
        ((99,), (), 99, ""),  # unsaid: taken for alpha, as everywhere
        ((99,), (0,), None, "its extra channel was left out"),  # a selection that Photoshop saved
        ((99, 44), (0, 2), 44, "its extra channel was left out"),
        ((99, 44), (0, 0), None, "its 2 extra channels were left out"),
    ],
)
def test_of_the_channels_beside_the_colours_only_alpha_makes_holes(
    tmp_path, photometric, extras, kinds, alpha, left_out
):
    plain = read_photo(write_tiff(tmp_path / "plain.tif", samples(photometric), photometric))
    raster = read_photo(write_tiff(tmp_path / "a.tif", samples(photometric, *extras), photometric, extras=kinds))
    assert np.array_equal(raster.pixels, plain.pixels)
    assert raster.alpha is None if alpha is None else (raster.alpha == alpha).all()
    assert [note for note in raster.conversions if "extra" in note] == ([left_out] if left_out else [])


@pytest.mark.parametrize("photometric", [4, 6, 10, 32845])
def test_colours_that_would_come_in_false_are_refused(tmp_path, photometric):
    path = write_tiff(tmp_path / "a.tif", samples(2), photometric)
    with pytest.raises(PhotoError) as caught:
        read_photo(path)
    assert caught.value.title in ("Unusual picture", "Damaged photograph")
    assert caught.value.hint


def test_a_tiff_compressed_as_jpeg_is_read_all_the_same(tmp_path):
    Image.fromarray(samples(2)).save(tmp_path / "a.tif", compression="jpeg")
    assert np.abs(read_photo(tmp_path / "a.tif").pixels.astype(int) - samples(2)).max() < 4


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_big_tiff_keeps_what_it_says_of_itself(tmp_path, order):
    raster = read_photo(write_tiff(tmp_path / "a.tif", samples(2), 2, order=order, big=True))
    assert b"2026:01:02" in raster.exif
    assert np.array_equal(raster.pixels, samples(2))


def test_a_rare_compression_is_no_damage(tmp_path: Path) -> None:
    Image.fromarray(samples(2)).save(tmp_path / "a.tif", compression="zstd")
    with pytest.raises(PhotoError, match="Unusual"):
        read_photo(tmp_path / "a.tif")
