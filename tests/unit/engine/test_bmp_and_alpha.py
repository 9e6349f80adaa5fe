"""BMP photographs, and photographs that bring a transparency of their own."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engine.image import FileType, probe, read_photo
from studio.engine.raster import Raster, on_white
from studio.errors import PhotoError
from studio.jobs.scan import PHOTO_SUFFIXES


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1"])
def test_a_bmp_is_read_as_it_is(tmp_path: Path, mode: str) -> None:
    gradient = np.linspace(0, 255, 90 * 70 * 3).reshape(90, 70, 3).astype(np.uint8)
    picture = Image.fromarray(gradient).convert(mode)
    picture.save(tmp_path / "a.bmp")
    facts = probe(tmp_path / "a.bmp")
    assert (facts.type, facts.width, facts.height, facts.bits) == (FileType.BMP, 70, 90, 8)
    read = read_photo(tmp_path / "a.bmp")
    assert np.array_equal(read.pixels, np.array(picture.convert("RGB")))
    assert read.alpha is None


@pytest.mark.parametrize("kept", [10, 40, 0.5, 0.98])
def test_a_bmp_cut_short_is_damaged(tmp_path: Path, kept: float) -> None:
    path = tmp_path / "a.bmp"
    Image.new("RGB", (120, 80), (200, 10, 10)).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: kept if isinstance(kept, int) else int(len(content) * kept)])
    with pytest.raises(PhotoError, match=r"a\.bmp"):
        read_photo(path)


def test_every_type_that_a_folder_is_searched_for_can_be_read(tmp_path: Path) -> None:
    picture = Image.new("RGB", (64, 64), (10, 20, 30))
    for suffix in PHOTO_SUFFIXES & {".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".avif", ".bmp", ".gif"}:
        path = tmp_path / f"a{suffix}"
        picture.save(path, "JPEG" if suffix == ".jpe" else None)
        assert read_photo(path).pixels.shape == (64, 64, 3)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_transparent_parts_are_laid_on_white_and_opaque_ones_stay(kind: type[np.uint8 | np.uint16]) -> None:
    full = np.iinfo(kind).max
    pixels = np.full((600, 3, 3), full // 5, kind)
    alpha = np.full((600, 3), full, kind)
    alpha[:, 1], alpha[:, 2] = 0, full // 2
    flat = on_white(Raster(pixels=pixels.copy(), alpha=alpha))
    assert flat.alpha is None
    assert np.array_equal(flat.pixels[:, 0], pixels[:, 0])
    assert (flat.pixels[:, 1] == full).all()
    assert np.allclose(flat.pixels[:, 2] / full, 0.6, atol=1 / 255)
    assert flat.conversions == ("its transparent parts were laid on white",)


def test_an_alpha_that_is_opaque_everywhere_is_not_worth_a_word() -> None:
    pixels = np.full((8, 8, 3), 77, np.uint8)
    flat = on_white(Raster(pixels=pixels.copy(), alpha=np.full((8, 8), 255, np.uint8)))
    assert (flat.alpha, flat.conversions) == (None, ())
    assert np.array_equal(flat.pixels, pixels)
