"""Photographs that cannot be read are refused with a sentence that names the file, and never half read."""

import contextlib
import io
import os
import struct
import threading
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engine import decode
from studio.engine.image import MAX_PIXELS, probe, read_photo
from studio.errors import PhotoError


def noise(height: int = 300, width: int = 400) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)


def saved(path: Path, pixels: np.ndarray | None = None, **options: object) -> Path:
    Image.fromarray(noise() if pixels is None else pixels).save(path, **options)
    return path


def refusal(path: Path) -> PhotoError:
    """The error of reading, checked for what every such error must have."""
    with pytest.raises(PhotoError) as caught:
        read_photo(path)
    error = caught.value
    assert path.name in error.message
    assert error.hint
    return error


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp", "avif", "heic", "gif"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_file_is_damaged_never_half_a_picture(tmp_path, suffix, share):
    path = tmp_path / f"cut.{suffix}"
    if suffix == "heic":
        pillow_heif = pytest.importorskip("pillow_heif")
        pillow_heif.from_pillow(Image.fromarray(noise())).save(path, quality=90)
    else:
        saved(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert refusal(path).title == "Damaged photograph"


def test_a_progressive_jpeg_without_its_last_scans_is_damaged(tmp_path):
    path = saved(tmp_path / "cut.jpg", progressive=True)
    path.write_bytes(path.read_bytes()[:-5000])
    assert refusal(path).title == "Damaged photograph"


def test_a_jpeg_with_a_hole_in_its_data_is_damaged(tmp_path):
    path = saved(tmp_path / "hole.jpg")
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 2] = b"\xff\xd4"
    path.write_bytes(data)
    assert refusal(path).title == "Damaged photograph"


def test_stray_bytes_that_every_program_reads_over_do_no_harm(tmp_path):
    path = saved(tmp_path / "camera.jpg")
    data = path.read_bytes()
    path.write_bytes(data[:20] + b"\0" * 6 + data[20:] + b"camera trailer" * 20)
    with Image.open(path) as image:
        assert np.array_equal(read_photo(path).pixels, np.asarray(image.convert("RGB")))


def test_zero_bytes_are_an_empty_file(tmp_path):
    path = tmp_path / "empty.jpg"
    path.touch()
    assert refusal(path).title == "Empty file"


@pytest.mark.parametrize(
    "content",
    [b"These are not the pixels you are looking for.\n" * 30, b"\xff\xd8", b"%PDF-1.7\n", b"<svg/>", b"\0" * 999],
)
def test_what_is_no_photograph_is_refused_whatever_its_name(tmp_path, content):
    path = tmp_path / "notes.jpg"
    path.write_bytes(content)
    assert refusal(path).title == "Not a photograph"


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"\0" * 10_000_000, 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.alone
@pytest.mark.parametrize("size", [(50_000, 50_000), (30_000, 30_000), (70_000, 10)])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(tmp_path, size):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(*size))
    started = time.perf_counter()
    error = refusal(path)
    assert error.title == "Picture too large"
    assert f"{size[0]} x {size[1]}" in error.message
    assert time.perf_counter() - started < 2


def test_a_bomb_that_fits_the_limits_but_not_its_header_is_damaged(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(9_000, 9_000))
    assert refusal(path).title == "Damaged photograph"


@pytest.mark.parametrize("shape", [(1, 1), (20_000, 1), (1, 20_000), (300, 30_000), (30_000, 300)])
@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
def test_extreme_shapes_are_read_whole(tmp_path, shape, suffix):
    path = saved(tmp_path / f"shape.{suffix}", np.full((*shape, 3), 90, np.uint8))
    assert shape[0] * shape[1] <= MAX_PIXELS
    raster = read_photo(path)
    assert raster.pixels.shape == (*shape, 3)
    assert np.abs(raster.pixels.astype(int) - 90).max() <= 1


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "avif"])
def test_an_animation_is_refused_as_one(tmp_path, suffix):
    path = saved(tmp_path / f"moving.{suffix}", save_all=True, append_images=[Image.fromarray(255 - noise())])
    assert refusal(path).title == "Animated picture"


def test_a_single_frame_gif_is_a_picture(tmp_path):
    path = saved(tmp_path / "still.gif")
    assert read_photo(path).pixels.shape == (300, 400, 3)


def test_floating_point_pixels_are_refused_with_a_way_out(tmp_path):
    path = tmp_path / "float.tif"
    Image.fromarray(np.random.default_rng(1).random((30, 40), np.float32)).save(path)
    error = refusal(path)
    assert error.title == "Unusual picture"
    assert "16 bit" in error.hint


def test_a_jpeg_of_twelve_bits_is_unusual_not_damaged(tmp_path):
    path = saved(tmp_path / "a.jpg")
    content = bytearray(path.read_bytes())
    content[content.find(b"\xff\xc0") + 4] = 12
    path.write_bytes(content)
    assert refusal(path).title == "Unusual picture"


def test_a_folder_is_no_photograph(tmp_path):
    path = tmp_path / "folder.jpg"
    path.mkdir()
    assert refusal(path).title == "Not a photograph"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_at_once_rather_than_waited_on(tmp_path):
    path = tmp_path / "pipe.jpg"
    os.mkfifo(path)
    assert refusal(path).title == "Not a photograph"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no devices as files")
def test_a_device_is_no_photograph():
    assert refusal(Path("/dev/zero")).title == "Not a photograph"


def test_a_missing_file_is_named(tmp_path):
    assert refusal(tmp_path / "gone.jpg").title == "Photograph missing"
    with pytest.raises(PhotoError, match=r"gone\.jpg"):
        probe(tmp_path / "gone.jpg")


def test_a_file_inside_a_file_is_missing(tmp_path):
    path = saved(tmp_path / "a.jpg")
    assert refusal(path / "b.jpg").title == "Photograph missing"


def test_a_link_that_leads_back_to_itself_is_named(tmp_path):
    first, second = tmp_path / "a.jpg", tmp_path / "b.jpg"
    first.symlink_to(second)
    second.symlink_to(first)
    assert refusal(first).title == "Link in a circle"


def test_a_dangling_link_is_missing_and_a_sound_one_is_followed(tmp_path):
    photo, link = saved(tmp_path / "photo.jpg"), tmp_path / "link.jpg"
    link.symlink_to(photo)
    assert read_photo(link).pixels.shape == (300, 400, 3)
    photo.unlink()
    assert refusal(link).title == "Photograph missing"


@pytest.mark.skipif(os.name == "nt", reason="permissions are kept otherwise on Windows")
def test_a_file_without_permission_says_so(tmp_path):
    path = saved(tmp_path / "private.jpg")
    path.chmod(0)
    with as_nobody():
        assert refusal(path).title == "Photograph not readable"


@contextlib.contextmanager
def as_nobody():
    """Root may read everything: act as a user without rights for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_name_too_long_for_the_disk_is_a_plain_error(tmp_path):
    with pytest.raises(PhotoError) as caught:
        read_photo(tmp_path / ("x" * 300 + ".jpg"))
    assert caught.value.title == "Photograph not readable"


def test_a_photo_written_to_while_it_is_read_is_refused_and_may_be_tried_again(tmp_path, monkeypatch):
    path = saved(tmp_path / "busy.jpg")
    really = decode.read

    def read_and_meanwhile_write(*arguments):
        raster = really(*arguments)
        os.utime(path, ns=(1, 1))
        return raster

    monkeypatch.setattr(decode, "read", read_and_meanwhile_write)
    error = refusal(path)
    assert error.title == "Photograph changed"
    assert error.retryable


def test_a_photo_still_being_copied_never_comes_in_by_half(tmp_path):
    path = tmp_path / "copying.jpg"
    buffer = io.BytesIO()
    Image.fromarray(noise(1500, 2000)).save(buffer, "jpeg", quality=95)
    whole = buffer.getvalue()
    with Image.open(io.BytesIO(whole)) as image:
        expected = np.asarray(image.convert("RGB"))
    writer = threading.Thread(target=_write_slowly, args=(path, whole))
    writer.start()
    outcomes = set()
    while writer.is_alive() or "whole" not in outcomes:
        try:
            assert np.array_equal(read_photo(path).pixels, expected)
            outcomes.add("whole")
        except PhotoError as error:
            outcomes.add(error.title)
    writer.join()
    assert "whole" in outcomes


def _write_slowly(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        for place in range(0, len(content), len(content) // 20):
            stream.write(content[place : place + len(content) // 20])
            stream.flush()
            time.sleep(0.01)
