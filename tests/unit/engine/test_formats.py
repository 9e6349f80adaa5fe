"""What retouchers and shops open: layers in PSD and TIFF, AVIF, files under a limit of bytes."""

import io
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage

from studio.engine import profiles, psd
from studio.engine.image import read_photo
from studio.engine.packbits import pack
from studio.engine.preview import full, thumbnail
from studio.engine.raster import Raster
from studio.engine.stages.compose import Compose
from studio.engine.writing import Limits, write_picture, write_within
from studio.errors import OutputError, PhotoError
from studio.model import ComposeStep, Format, OutputStep, Recipe, Shadow
from tests.unit.engine.test_export import IPTC, XMP, context, exif, frame

NAMES = ["background", "shadow", "inside", "garment"]


def composed(depth: type = np.uint8, kind: Format = Format.PSD, **compose: object) -> Raster:
    recipe = Recipe(
        compose=ComposeStep(**({"shadow": Shadow.CONTACT} | compose)), output=OutputStep(format=kind, layered=True)
    )
    return Compose().run(frame(depth), context(Path("/nowhere"), recipe)).deliverable


def written(path: Path, raster: Raster, kind: Format = Format.PSD) -> Path:
    write_picture(path, raster, kind, 90)
    return path


def laid_together(raster: Raster) -> np.ndarray:
    """The layers on one another as a retouching program blends them; (H, W, 3) float."""
    full = np.iinfo(raster.pixels.dtype).max
    result = np.zeros(raster.pixels.shape)
    for layer in raster.layers:
        share = 1.0 if layer.mask is None else (layer.mask / full)[..., None]
        result = layer.pixels * share + result * (1 - share)
    return result


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("size", [None, (300, 200)])
def test_the_layers_laid_together_are_the_flattened_picture(depth, size):
    raster = composed(depth, size=size, fill=0.8 if size else None)
    assert [layer.name for layer in raster.layers] == NAMES
    step = 1 if depth is np.uint8 else 257
    difference = np.abs(laid_together(raster) - raster.pixels)
    assert difference.max() <= 2 * step
    assert difference.mean() < 0.2 * step


def test_under_its_mask_the_garment_still_has_the_photographs_pixels():
    raster = composed()
    garment = raster.layers[-1]
    assert garment.mask is not None
    hidden = (garment.mask == 0) & (raster.layers[-2].mask == 0)
    assert hidden.any()
    assert np.array_equal(garment.pixels[hidden], frame().photo.pixels[hidden])


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_psd_tools_reads_back_every_layer_mask_and_the_profile(tmp_path, depth):
    raster = composed(depth)
    opened = PSDImage.open(written(tmp_path / "a.psd", raster))
    assert (opened.width, opened.height, opened.depth) == (160, 120, 8 * np.dtype(depth).itemsize)
    assert [layer.name for layer in opened] == NAMES
    full = np.iinfo(depth).max
    for layer, given in zip(opened, raster.layers, strict=True):
        assert np.array_equal(np.rint(layer.numpy("color") * full).astype(depth), given.pixels)
        assert layer.has_mask() == (given.mask is not None)
        if given.mask is not None:
            assert np.array_equal(np.rint(layer.numpy("mask")[..., 0] * full).astype(depth), given.mask)
    merged = opened.numpy("color")
    assert np.array_equal(np.rint(merged[..., :3] * full).astype(depth), raster.pixels)
    blocks = {int(key): opened.image_resources[key].data for key in opened.image_resources}
    assert (blocks[1039], blocks[1028], blocks[1060]) == (profiles.srgb(), IPTC, XMP)
    assert b"Firmware 1.2" in blocks[1058]


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("background", ["#ffffff", "transparent"])
def test_the_window_shows_a_psd_of_ours(tmp_path, depth, background):
    raster = composed(depth, background=background)
    path = written(tmp_path / "a.psd", raster)
    back = psd.read_merged(path)
    assert back.icc == profiles.srgb()
    assert back.alpha is None or np.array_equal(back.alpha, raster.alpha)
    assert background == "transparent" or np.array_equal(back.pixels, raster.pixels)
    shown = full(path)
    assert (shown.width, shown.height) == (160, 120)
    assert max(thumbnail(path, 64).levels[0].shape[:2]) == 64
    (tmp_path / "other.psd").write_bytes(b"8BPS nothing of ours")
    with pytest.raises(PhotoError, match="not a PSD of this program"):
        full(tmp_path / "other.psd")


def test_a_transparent_psd_has_no_background_layer_and_keeps_its_alpha(tmp_path):
    raster = composed(background="transparent", shadow=Shadow.NONE)
    opened = PSDImage.open(written(tmp_path / "a.psd", raster))
    assert [layer.name for layer in opened] == ["inside", "garment"]
    assert opened.channels == 4
    assert np.array_equal(np.rint(opened.numpy("shape")[..., 0] * 255), raster.alpha)


def image_magick() -> str:
    """Its program, or a skip: the name `convert` may belong to something else."""
    for name in ("/usr/bin/convert", "convert", "magick"):
        program = shutil.which(name)
        if program and b"Version: ImageMagick" in version(program):
            return program
    pytest.skip("ImageMagick is not installed (apt-get install imagemagick)")


def version(program: str) -> bytes:
    return subprocess.run([program, "-version"], capture_output=True, check=False).stdout


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_image_magick_renders_the_layers_to_the_flattened_picture(tmp_path, depth):
    raster = composed(depth)
    source = written(tmp_path / "a.psd", raster)
    step = 1 if depth is np.uint8 else 257
    for name, selected in (("merged", [f"{source}[0]"]), ("layers", [str(source), "-delete", "0", "-flatten"])):
        target = tmp_path / f"{name}.png"
        command = [image_magick(), *selected, "-depth", str(8 * np.dtype(depth).itemsize), f"PNG48:{target}"]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        rendered = read_photo(target).pixels.astype(np.int32)
        expected = raster.pixels.astype(np.int32) * (257 if depth is np.uint8 else 1)
        assert np.abs(rendered - expected).max() <= 2 * step * (257 if depth is np.uint8 else 1), name


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_a_layered_tiff_is_a_plain_tiff_to_others_and_has_its_layers_for_photoshop(tmp_path, depth):
    raster = composed(depth, Format.TIFF)
    path = written(tmp_path / "a.tiff", raster, Format.TIFF)
    back = read_photo(path)
    assert np.array_equal(back.pixels, raster.pixels)
    assert back.icc == profiles.srgb()
    with Image.open(path) as image:
        block = image.tag_v2[37724]
    psdtags = pytest.importorskip("psdtags")
    source = psdtags.TiffImageSourceData.frombytes(bytes(block))
    assert [layer.name for layer in source.layers] == NAMES
    for layer, given in zip(source.layers, raster.layers, strict=True):
        planes = {int(channel.channelid): channel.data for channel in layer.channels}
        assert np.array_equal(np.dstack([planes[0], planes[1], planes[2]]), given.pixels)
        assert given.mask is None or np.array_equal(planes[-2], given.mask)


def test_without_layered_a_tiff_carries_none(tmp_path):
    recipe = Recipe(output=OutputStep(format=Format.TIFF))
    raster = Compose().run(frame(), context(tmp_path, recipe)).deliverable
    assert raster.layers == ()


def test_a_side_too_long_for_psd_is_refused_with_a_way_out(tmp_path):
    with pytest.raises(OutputError, match="30000") as caught:
        write_picture(tmp_path / "a.psd", Raster(pixels=np.zeros((2, 30_001, 3), np.uint8)), Format.PSD, 90)
    assert "TIFF" in caught.value.hint


def unpacked(content: bytes) -> bytes:
    """PackBits as the TIFF specification tells how to read it."""
    found, place = bytearray(), 0
    while place < len(content):
        head = content[place]
        if head < 128:
            found += content[place + 1 : place + 2 + head]
            place += 2 + head
        else:
            assert head != 128
            found += content[place + 1 : place + 2] * (257 - head)
            place += 2
    return bytes(found)


@pytest.mark.parametrize("width", [1, 2, 3, 127, 128, 129, 130, 257, 1000])
@pytest.mark.parametrize("kind", ["noise", "few", "runs", "flat"])
def test_packed_rows_unpack_to_themselves(width, kind):
    rng = np.random.default_rng(width)
    rows = rng.integers(0, {"noise": 256, "few": 2}.get(kind, 9), (6, width), dtype=np.uint8)
    if kind == "runs":
        rows = np.repeat(rows, 50, axis=1)[:, :width]
    if kind == "flat":
        rows[:] = 255
    counts, content = pack(rows)
    ends = np.cumsum(counts)
    assert ends[-1] == len(content)
    for row, end, count in zip(rows, ends, counts, strict=True):
        assert unpacked(content[end - count : end]) == row.tobytes()


# --- AVIF


@pytest.mark.parametrize(("icc", "points"), [(profiles.srgb(), (1, 13)), (profiles.display_p3(), (12, 13))])
def test_avif_names_its_colours_by_profile_and_by_code_points(tmp_path, icc, points):
    pixels = np.random.default_rng(1).integers(0, 255, (64, 48, 3), dtype=np.uint8)
    path = written(tmp_path / "a.avif", Raster(pixels=pixels, icc=icc, exif=exif(), xmp=XMP), Format.AVIF)
    content = path.read_bytes()
    place = content.index(b"colrnclx")
    assert struct.unpack_from(">HH", content, place + 8) == points
    back = read_photo(path)
    assert back.icc == icc
    assert back.xmp == XMP
    with Image.open(path) as image:
        assert image.getexif()[0x010F] == "Maker"


def spoken(orientation: int = 1) -> bytes:
    """A block that names an artist in UTF-8, between other entries of its first directory."""
    entries = [(0x010F, 2, b"Maker\0"), (0x0112, 3, struct.pack("<H", orientation)), (0x013B, 2, "Zoë\0".encode() * 2)]
    values, directory, place = b"", struct.pack("<H", len(entries)), 8 + 2 + 12 * len(entries) + 4
    for tag, kind, value in entries:
        count = len(value) // (2 if kind == 3 else 1)
        where = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", place + len(values))
        values += value if len(value) > 4 else b""
        directory += struct.pack("<HHI", tag, kind, count) + where
    return b"II*\0" + struct.pack("<I", 8) + directory + bytes(4) + values


def test_avif_keeps_exif_as_its_bytes_are(tmp_path):
    raster = Raster(pixels=np.zeros((64, 48, 3), np.uint8), exif=spoken())
    path = written(tmp_path / "a.avif", raster, Format.AVIF)
    assert "Zoë\0Zoë\0".encode() in path.read_bytes()
    with Image.open(path) as image:
        assert {0x010F, 0x013B} == set(image.getexif())


def test_the_exif_of_a_png_is_told_from_the_chunk_before_it(tmp_path):
    raster = Raster(pixels=np.zeros((64, 48, 3), np.uint8), exif=spoken())
    path = written(tmp_path / "a.png", raster, Format.PNG)
    content = path.read_bytes()
    block = content[content.index(b"eXIf") + 4 :]
    assert struct.unpack_from("<I", block, 4)[0] > 8
    with Image.open(path) as image:
        assert image.getexif()[0x010F] == "Maker"
        assert set(image.getexif()) == {0x010F, 0x0112, 0x013B}


def test_avif_keeps_colours_alpha_and_its_bytes_from_run_to_run(tmp_path):
    raster = composed(kind=Format.AVIF, background="transparent", shadow=Shadow.NONE)
    first, second = (written(tmp_path / f"{name}.avif", raster, Format.AVIF) for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    back = read_photo(first)
    solid = raster.alpha == 255
    assert np.abs(back.pixels.astype(int) - raster.pixels)[solid].mean() < 8
    assert np.abs(back.alpha.astype(int) - raster.alpha).mean() < 1


# --- a limit of bytes


def noise(side: int = 300) -> Raster:
    pixels = np.random.default_rng(3).integers(0, 255, (side, side, 3), dtype=np.uint8)
    return Raster(pixels=pixels, icc=profiles.srgb())


@pytest.mark.parametrize("kind", [Format.JPG, Format.WEBP, Format.AVIF])
def test_the_best_quality_that_keeps_the_limit_is_taken(tmp_path, kind):
    path, raster = tmp_path / f"a.{kind}", noise(120)
    write_picture(path, raster, kind, 80)
    limit = path.stat().st_size
    write_within(path, raster, kind, Limits(high=limit, quality=95, quality_min=60))
    assert path.stat().st_size <= limit
    best = path.read_bytes()
    write_picture(path, raster, kind, 80)
    assert len(best) >= path.stat().st_size * 0.99


def test_a_file_within_its_limit_keeps_its_quality(tmp_path):
    path, raster = tmp_path / "a.jpg", noise()
    write_within(path, raster, Format.JPG, Limits(high=10_000_000, quality=92))
    within = path.read_bytes()
    write_picture(path, raster, Format.JPG, 92)
    assert within == path.read_bytes()


def test_a_file_too_small_gains_quality_only_as_far_as_it_must(tmp_path):
    path, raster = tmp_path / "a.jpg", noise()
    write_picture(path, raster, Format.JPG, 97)
    least = path.stat().st_size
    write_within(path, raster, Format.JPG, Limits(low=least, quality=80))
    assert path.stat().st_size == least


def test_below_the_floor_of_quality_no_file_is_squeezed(tmp_path):
    """Pre-flight says that it is too large."""
    path, raster = tmp_path / "a.jpg", noise()
    write_within(path, raster, Format.JPG, Limits(high=5_000, quality=92, quality_min=70))
    squeezed = path.read_bytes()
    write_picture(path, raster, Format.JPG, 70)
    assert squeezed == path.read_bytes()
    write_within(tmp_path / "a.png", raster, Format.PNG, Limits(high=5_000))
    assert (tmp_path / "a.png").stat().st_size > 5_000


def test_deflated_channels_of_sixteen_bit_are_plain_samples(tmp_path):
    """Krita 5.1 garbles horizontal differences (compression 3), so that a PSD must not hold any."""
    plane = np.random.default_rng(4).integers(0, 65_535, (3, 7), dtype=np.uint16)
    stream = io.BytesIO()
    psd._write_channel(stream, plane, psd._Order(">"), 2)
    kind, content = struct.unpack(">H", stream.getvalue()[:2])[0], zlib.decompress(stream.getvalue()[2:])
    assert kind == 2
    assert np.array_equal(np.frombuffer(content, ">u2").reshape(3, 7), plane)
