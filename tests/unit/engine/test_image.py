"""Photographs of every type come in with their pixels, profile, depth and metadata, upright."""

import io
import struct
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from studio.engine import exif, profiles, raw
from studio.engine.colour import as_depth, is_srgb
from studio.engine.filetype import FileType
from studio.engine.image import probe, read_photo
from studio.engine.preview import full, thumbnail
from studio.errors import PhotoError

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
)


def picture(height: int = 48, width: int = 64) -> np.ndarray:
    """A smooth, coloured, asymmetric scene (H, W, 3) uint8 with a little noise."""
    y, x = np.mgrid[:height, :width]
    scene = np.stack([255 * x / width, 255 * y / height, 120 + 100 * np.sin(x / 5 + y / 9)], -1)
    return np.clip(scene + np.random.default_rng(7).normal(0, 3, scene.shape), 0, 255).astype(np.uint8)


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)


def exif_with(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8769)[0x9003] = "2026:01:02 03:04:05"
    return exif


def pil_rgb(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def mean_difference(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first.astype(float) - second).mean())


@pytest.mark.parametrize("options", [{"subsampling": 0}, {"subsampling": 1}, {"subsampling": 2}, {"progressive": True}])
@pytest.mark.parametrize("shape", [(48, 64), (301, 403)])
def test_jpeg_pixels_are_bit_for_bit_what_pillow_decodes(tmp_path, options, shape):
    path = tmp_path / "photo.jpg"
    for pixels in (picture(*shape), noise(*shape)):
        Image.fromarray(pixels).save(path, quality=90, **options)
        assert np.array_equal(read_photo(path).pixels, pil_rgb(path))


def test_grey_jpeg_becomes_rgb_value_for_value_and_says_so(tmp_path):
    path = tmp_path / "grey.jpg"
    Image.fromarray(picture()).convert("L").save(path)
    raster = read_photo(path)
    assert np.array_equal(raster.pixels, pil_rgb(path))
    assert raster.conversions == ("grey became RGB, value for value",)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_every_exif_orientation_is_applied_and_then_reset(tmp_path, orientation, suffix):
    path = tmp_path / f"turned.{suffix}"
    options = {"lossless": True} if suffix == "webp" else {}
    Image.fromarray(picture()).save(path, exif=exif_with(orientation), **options)
    raster = read_photo(path)
    with Image.open(path) as image:
        swapped = (64, 48) if orientation > 4 else (48, 64)
        expected = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    assert raster.pixels.shape[:2] == swapped
    assert np.array_equal(raster.pixels, expected)
    kept = Image.Exif()
    kept.load(raster.exif)
    assert kept[0x0112] == 1
    assert kept[0x010F] == "Maker"
    assert kept.get_ifd(0x8769)[0x9003] == "2026:01:02 03:04:05"


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_sixteen_bit_stay_sixteen_bit_value_for_value(tmp_path, suffix):
    path = tmp_path / f"deep.{suffix}"
    deep = np.random.default_rng(1).integers(0, 65536, (40, 50, 3), dtype=np.uint16)
    cv2.imwrite(str(path), deep[..., ::-1])
    raster = read_photo(path)
    assert raster.pixels.dtype == np.uint16
    assert np.array_equal(raster.pixels, deep)
    assert probe(path).bits == 16


def test_sixteen_bit_grey_png_becomes_sixteen_bit_rgb(tmp_path):
    path = tmp_path / "grey16.png"
    deep = np.random.default_rng(1).integers(0, 65536, (40, 50), dtype=np.uint16)
    cv2.imwrite(str(path), deep)
    assert np.array_equal(read_photo(path).pixels, np.repeat(deep[..., None], 3, -1))


def test_palette_png_with_transparency_gives_its_colours_and_its_alpha(tmp_path):
    path = tmp_path / "palette.png"
    image = Image.fromarray(picture()).quantize(16)
    image.save(path, transparency=0)
    raster = read_photo(path)
    with Image.open(path) as opened:
        expected = np.asarray(opened.convert("RGBA"))
    assert np.array_equal(raster.alpha, expected[..., 3])
    assert np.array_equal(raster.pixels[raster.alpha > 0], expected[..., :3][raster.alpha > 0])


@pytest.mark.parametrize(
    ("suffix", "options"), [("png", {}), ("tiff", {}), ("webp", {"lossless": True, "exact": True})]
)
def test_straight_alpha_is_kept_beside_the_pixels(tmp_path, suffix, options):
    path = tmp_path / f"cut.{suffix}"
    rgba = np.dstack([picture(), np.tile(np.arange(64, dtype=np.uint8) * 4, (48, 1))])
    Image.fromarray(rgba).save(path, **options)
    raster = read_photo(path)
    assert np.array_equal(raster.pixels, rgba[..., :3])
    assert np.array_equal(raster.alpha, rgba[..., 3])


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_deflate", "packbits", "jpeg"])
def test_tiff_is_read_whatever_its_compression(tmp_path, compression):
    path = tmp_path / "photo.tif"
    Image.fromarray(picture()).save(path, compression=compression)
    assert mean_difference(read_photo(path).pixels, pil_rgb(path)) <= (1 if compression == "jpeg" else 0)


def test_of_a_tiff_with_pages_the_first_is_read_and_that_is_said(tmp_path):
    path = tmp_path / "pages.tif"
    Image.fromarray(picture()).save(path, save_all=True, append_images=[Image.fromarray(255 - picture())])
    raster = read_photo(path)
    assert np.array_equal(raster.pixels, picture())
    assert raster.conversions == ("of its 2 pages the first was read",)


def test_cmyk_becomes_srgb_once_and_says_how(tmp_path):
    path = tmp_path / "press.jpg"
    Image.new("CMYK", (60, 40), (0, 255, 255, 0)).save(path, quality=95)
    raster = read_photo(path)
    assert raster.conversions == ("CMYK became sRGB by a general press profile",)
    assert is_srgb(raster.icc)
    red, green, blue = raster.pixels[20, 30]
    assert red > 180
    assert max(green, blue) < 80


def test_an_embedded_wide_profile_stays_with_the_pixels(tmp_path):
    path = tmp_path / "wide.jpg"
    Image.fromarray(picture()).save(path, icc_profile=profiles.display_p3())
    raster = read_photo(path)
    assert raster.icc == profiles.display_p3()
    assert np.array_equal(raster.pixels, pil_rgb(path))


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("icc", [b"garbage" * 40, profiles.srgb()[:700], b""])
def test_a_broken_profile_is_read_over_with_a_warning(tmp_path, suffix, icc):
    path = tmp_path / f"broken.{suffix}"
    Image.fromarray(picture()).save(path, icc_profile=icc, **({"lossless": True} if suffix == "webp" else {}))
    raster = read_photo(path)
    assert raster.icc is None
    assert mean_difference(raster.pixels, pil_rgb(path)) == 0
    assert not icc or suffix == "png" or "sRGB" in raster.warnings[0]


def test_a_profile_of_another_colour_space_counts_as_broken(tmp_path):
    path = tmp_path / "lab.jpg"
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    Image.fromarray(picture()).save(path, icc_profile=lab)
    raster = read_photo(path)
    assert raster.icc is None
    assert "read as sRGB" in raster.warnings[0]


def camera_profile() -> bytes:
    """An input profile as some raw converters embed: a table from RGB to Lab and no way back."""
    corners = np.stack(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij"), -1).reshape(-1, 3)
    lightness = corners @ [0.3, 0.6, 0.1]
    a, b = (corners[:, 0] - corners[:, 1]) * 60, (corners[:, 1] - corners[:, 2]) * 60
    lab = np.stack([lightness * 0xFF00, (a + 128) * 256, (b + 128) * 256], -1).round().astype(">u2")
    straight = struct.pack(">6H", 0, 65535, 0, 65535, 0, 65535)
    matrix = struct.pack(">9i", *(np.eye(3, dtype=int).ravel() * 65536))
    table = b"mft2\0\0\0\0\3\3\2\0" + matrix + struct.pack(">HH", 2, 2) + straight + lab.tobytes() + straight
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    tags = {b"A2B0": table, b"wtpt": white, b"cprt": b"text\0\0\0\0none\0"}
    directory, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        directory += name + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    header = bytearray(profiles.srgb()[:128])
    header[:4] = struct.pack(">I", 128 + len(directory) + len(body))
    header[12:24] = b"scnrRGB Lab "
    return bytes(header) + directory + body


def test_colours_of_a_one_way_profile_are_converted_once_and_that_is_said(tmp_path):
    path = tmp_path / "camera.jpg"
    Image.fromarray(np.full((40, 50, 3), 255, np.uint8)).save(path, icc_profile=camera_profile())
    raster = read_photo(path)
    assert raster.icc == profiles.adobe_rgb()
    assert "input profile" in raster.conversions[0]
    assert raster.pixels.min() >= 253


@pytest.mark.parametrize("block", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0" + b"\xff" * 200])
def test_broken_exif_is_left_out_and_the_photo_read(tmp_path, block):
    path = tmp_path / "exif.jpg"
    Image.fromarray(picture()).save(path, exif=block)
    raster = read_photo(path)
    assert raster.exif is None
    assert raster.pixels.shape == (48, 64, 3)
    assert [warning.partition(" is broken")[0] for warning in raster.warnings] == ["The photo's EXIF data"] * (
        block != b"Exif\0\0"
    )


def test_xmp_and_iptc_of_a_jpeg_are_kept(tmp_path):
    path = tmp_path / "captioned.jpg"
    records = b"\x1c\x02\x19\x00\x05shirt"
    resource = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records
    buffer = io.BytesIO()
    Image.fromarray(picture()).save(buffer, "jpeg", xmp=XMP)
    data = buffer.getvalue()
    path.write_bytes(data[:20] + b"\xff\xed" + struct.pack(">H", len(resource) + 2) + resource + data[20:])
    raster = read_photo(path)
    assert raster.iptc == records
    assert raster.xmp == XMP.replace(b'"6"', b'"1"')


def test_heic_is_read_upright_with_profile_and_exif(tmp_path):
    path = tmp_path / "phone.heic"
    heif = pillow_heif.from_pillow(Image.fromarray(picture(96, 128)))
    heif.info["icc_profile"] = profiles.display_p3()
    heif.save(path, quality=95, exif=exif_with(1).tobytes())
    raster = read_photo(path)
    assert raster.icc == profiles.display_p3()
    assert mean_difference(raster.pixels, picture(96, 128)) < 6
    kept = Image.Exif()
    kept.load(raster.exif)
    assert kept[0x010F] == "Maker"
    assert probe(path).type is FileType.HEIC


def test_a_turned_heic_is_turned_once(tmp_path):
    path = tmp_path / "turned.heic"
    heif = pillow_heif.from_pillow(Image.fromarray(picture(96, 128)))
    heif.save(path, quality=95, exif=exif_with(6).tobytes())
    raster = read_photo(path)
    assert raster.pixels.shape == (128, 96, 3)
    assert mean_difference(raster.pixels, np.rot90(picture(96, 128), -1)) < 6


def test_ten_bit_heic_becomes_sixteen_bit(tmp_path):
    path = tmp_path / "deep.heic"
    deep = as_depth(picture(96, 128), np.uint16)
    pillow_heif.encode("RGB;16", (128, 96), deep.tobytes(), str(path), quality=95)
    raster = read_photo(path)
    assert raster.pixels.dtype == np.uint16
    assert mean_difference(raster.pixels / 257, picture(96, 128)) < 6


def test_white_of_a_ten_bit_heic_is_white(tmp_path):
    path = tmp_path / "white.heic"
    pillow_heif.encode("RGB;16", (64, 64), b"\xff" * 64 * 64 * 6, str(path), quality=95)
    assert read_photo(path).pixels.min() == 65535


def test_colours_that_a_heic_names_by_code_points_alone_are_believed(tmp_path):
    pillow_heif.register_heif_opener()
    path = tmp_path / "a.heic"
    points = {"color_primaries": 12, "transfer_characteristics": 13, "matrix_coefficients": 6, "full_range_flag": 1}
    Image.fromarray(picture()).save(path, save_nclx_profile=True, **points)
    raster = read_photo(path)
    assert raster.icc == profiles.display_p3()
    assert "Display P3" in raster.conversions[0]


@pytest.mark.parametrize("curve", [16, 18])
def test_an_hdr_heic_is_refused_with_a_way_out(tmp_path, curve):
    pillow_heif.register_heif_opener()
    path = tmp_path / "a.heic"
    points = {"color_primaries": 9, "transfer_characteristics": curve, "matrix_coefficients": 9, "full_range_flag": 1}
    Image.fromarray(picture()).save(path, save_nclx_profile=True, **points)
    with pytest.raises(PhotoError) as caught:
        read_photo(path)
    assert "HDR" in caught.value.message
    assert caught.value.hint


def test_exif_that_image_magick_put_among_the_texts_of_a_png_is_kept(tmp_path):
    block = Image.Exif()
    block[0x010F] = "Maker"
    content = b"Exif\0\0" + block.tobytes().removeprefix(b"Exif\0\0")
    texts = PngInfo()
    texts.add_text("Raw profile type exif", f"\nexif\n{len(content):8d}\n{content.hex()}\n", zip=True)
    Image.fromarray(picture()).save(tmp_path / "a.png", pnginfo=texts)
    kept = Image.Exif()
    kept.load(read_photo(tmp_path / "a.png").exif)
    assert kept[0x010F] == "Maker"


def test_avif_is_read(tmp_path):
    path = tmp_path / "photo.avif"
    Image.fromarray(picture(96, 128)).save(path, quality=95)
    assert mean_difference(read_photo(path).pixels, picture(96, 128)) < 6


def test_camera_raw_is_developed_with_the_cameras_white_balance_and_says_so(tmp_path):
    path = tmp_path / "camera.dng"
    path.write_bytes(grey_card_dng(0.25, neutral=(0.5, 1.0, 0.8)))
    raster = read_photo(path)
    assert raster.pixels.dtype == np.uint16
    assert raster.icc == profiles.adobe_rgb()
    assert "white balance" in raster.conversions[0]
    middle = raster.pixels[30:34, 40:44].reshape(-1, 3).mean(0) / 65535
    assert np.ptp(middle) < 0.02
    assert probe(path).type is FileType.RAW


def test_raw_is_known_by_its_content_whatever_its_name(tmp_path):
    path = tmp_path / "camera.tif"
    path.write_bytes(grey_card_dng(0.25, neutral=(0.5, 1.0, 0.8)))
    assert probe(path).type is FileType.RAW


def test_what_a_raw_says_of_itself_is_kept_but_not_how_another_program_would_develop_it(tmp_path):
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:crs="http://crs/" crs:Temperature="5200"'
        b' xmp:Rating="4"><crs:Masks><rdf:li><crs:Masks crs:Size="1"/><crs:Masks>in it</crs:Masks></rdf:li></crs:Masks>'
        b"<xmp:Label>Red</xmp:Label></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    path = tmp_path / "camera.dng"
    iptc = b"\x1c\x02\x19\x00\x05shirt"
    path.write_bytes(grey_card_dng(0.25, neutral=(0.5, 1.0, 0.8), more=[(700, 1, len(xmp), xmp), (33723, 7, 10, iptc)]))
    raster = read_photo(path)
    assert raster.iptc == iptc
    ElementTree.fromstring(raster.xmp)
    assert b"crs:" not in raster.xmp.replace(b"xmlns:crs", b"")
    assert b'xmp:Rating="4"><xmp:Label>Red</xmp:Label>' in raster.xmp


def test_a_cr3_keeps_its_exif_in_boxes_and_a_raf_in_its_preview(tmp_path):
    tiff = {tag: Image.Exif() for tag in (b"CMT1", b"CMT2", b"CMT4")}
    tiff[b"CMT1"][0x010F], tiff[b"CMT2"][0x9003], tiff[b"CMT4"][1] = "Canon", "2026:10:03 11:22:33", "N"
    boxes = [(name, block.tobytes().removeprefix(b"Exif\0\0")) for name, block in tiff.items()]
    content = b"".join(struct.pack(">I", 8 + len(block)) + name + block for name, block in boxes)
    (tmp_path / "a.cr3").write_bytes(b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + content + b"moov")
    buffer = io.BytesIO()
    preview = Image.Exif()
    preview[0x010F], preview.get_ifd(0x8769)[0x9003], preview.get_ifd(0x8825)[1] = "Canon", "2026:10:03 11:22:33", "N"
    Image.fromarray(picture()).save(buffer, "jpeg", exif=preview)
    head = b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0") + struct.pack(">II", 92, len(buffer.getvalue()))
    (tmp_path / "a.raf").write_bytes(head + buffer.getvalue() + b"\0" * 9)
    for name in ("a.cr3", "a.raf"):
        kept = Image.Exif()
        kept.load(raw.blocks_of(tmp_path / name)[0])
        assert (kept[0x010F], kept.get_ifd(0x8769)[0x9003], kept.get_ifd(0x8825)[1]) == (
            "Canon",
            "2026:10:03 11:22:33",
            "N",
        )


@pytest.mark.parametrize("mark", [b"IIRO", b"IIU\0", b"II*\0"])
def test_raw_built_like_a_tiff_keeps_its_exif_whatever_its_mark(tmp_path, mark):
    path = tmp_path / "a.orf"
    path.write_bytes(mark + grey_card_dng(0.25, neutral=(0.5, 1.0, 0.8))[4:])
    kept = Image.Exif()
    kept.load(raw.blocks_of(path)[0])
    assert (kept[0x010F], kept[0x0110]) == ("Test", "Camera")


@pytest.mark.parametrize("content", [b"FUJIFILMCCD-RAW", b"\0\0\0\x18ftypcrx \0\0\0\x09CMT1", b"IIROgarbage"])
def test_a_raw_without_sound_metadata_has_none(tmp_path, content):
    (tmp_path / "a.raw").write_bytes(content)
    assert raw.blocks_of(tmp_path / "a.raw")[0] is None


def _rationals(*values: float) -> bytes:
    return b"".join(struct.pack("<ii", round(value * 10000), 10000) for value in values)


def grey_card_dng(
    light: float, neutral: tuple[float, float, float], more: list[tuple[int, int, int, bytes]] | None = None
) -> bytes:
    """A minimal Bayer DNG (80 x 64) of an evenly lit grey card, as a camera with this white balance sees it."""
    height, width = 64, 80
    mosaic = np.empty((height, width), "<u2")
    red, green, blue = (round(light * channel * 16383) for channel in neutral)
    mosaic[0::2, 0::2], mosaic[1::2, 1::2] = red, blue
    mosaic[0::2, 1::2], mosaic[1::2, 0::2] = green, green
    tags = [
        (254, 4, 1, struct.pack("<I", 0)),
        (256, 4, 1, struct.pack("<I", width)),
        (257, 4, 1, struct.pack("<I", height)),
        (258, 3, 1, struct.pack("<H", 16)),
        (259, 3, 1, struct.pack("<H", 1)),
        (262, 3, 1, struct.pack("<H", 32803)),
        (271, 2, 5, b"Test\0"),
        (272, 2, 7, b"Camera\0"),
        (273, 4, 1, b"DATA"),
        (277, 3, 1, struct.pack("<H", 1)),
        (278, 4, 1, struct.pack("<I", height)),
        (279, 4, 1, struct.pack("<I", mosaic.nbytes)),
        (33421, 3, 2, struct.pack("<HH", 2, 2)),
        (33422, 1, 4, bytes([0, 1, 1, 2])),
        (50706, 1, 4, bytes([1, 4, 0, 0])),
        (50714, 4, 1, struct.pack("<I", 0)),
        (50717, 4, 1, struct.pack("<I", 16383)),
        (50721, 10, 9, _rationals(1.05, -0.3, -0.1, -0.4, 1.3, 0.1, -0.05, 0.2, 0.6)),
        (50728, 5, 3, _rationals(*neutral)),
        (50778, 3, 1, struct.pack("<H", 21)),
        *(more or []),
    ]
    tags.sort(key=lambda tag: tag[0])
    body, place = b"", 8 + 2 + 12 * len(tags) + 4
    table = struct.pack("<H", len(tags))
    data_at = place + sum(len(content) + len(content) % 2 for *_, content in tags if len(content) > 4)
    for tag, kind, count, content in tags:
        content = struct.pack("<I", data_at) if content == b"DATA" else content
        inline = content.ljust(4, b"\0") if len(content) <= 4 else struct.pack("<I", place + len(body))
        body += b"" if len(content) <= 4 else content + b"\0" * (len(content) % 2)
        table += struct.pack("<HHI", tag, kind, count) + inline
    return b"II*\0" + struct.pack("<I", 8) + table + b"\0\0\0\0" + body + mosaic.tobytes()


@pytest.mark.parametrize(
    ("saved", "name"), [("jpeg", "a.png"), ("png", "a.jpg"), ("webp", "a.heic"), ("tiff", "a.jpg")]
)
def test_a_wrong_extension_just_works(tmp_path, saved, name):
    path = tmp_path / name
    Image.fromarray(picture()).save(path, saved)
    assert read_photo(path).pixels.shape == (48, 64, 3)


@pytest.mark.parametrize(
    "name",
    [
        "two\nlines.jpg",
        "kleid \U0001f457.jpg",
        "\u05e9\u05de\u05dc\u05d4.jpg",
        "x" * 246 + ".jpg",
        "a[page=1].jpg",
        "a.b.jpg",
        "-x.jpg",
    ],
)
def test_odd_names_are_only_names(tmp_path, name):
    path = tmp_path / name
    Image.fromarray(picture()).save(path)
    assert read_photo(path).pixels.shape == (48, 64, 3)


def test_a_name_that_is_no_text_is_only_a_name(tmp_path):
    path = Path(str(tmp_path) + "/caf\udce9.jpg")
    try:
        path.touch()
    except OSError as error:
        pytest.skip(f"this file system takes only text as names: {error}")
    buffer = io.BytesIO()
    Image.fromarray(picture()).save(buffer, "jpeg")
    path.write_bytes(buffer.getvalue())
    assert read_photo(path).pixels.shape == (48, 64, 3)


def test_probe_tells_type_size_and_depth_without_decoding(tmp_path):
    path = tmp_path / "photo.jpg"
    Image.fromarray(noise(300, 400)).save(path, quality=95)
    path.write_bytes(path.read_bytes()[:4000])
    facts = probe(path)
    assert (facts.type, facts.width, facts.height, facts.bits) == (FileType.JPEG, 400, 300, 8)
    with pytest.raises(PhotoError):
        read_photo(path)


def adobe_rgb_exif() -> Image.Exif:
    """What a camera writes that takes Adobe RGB and embeds no profile."""
    exif = Image.Exif()
    details = exif.get_ifd(0x8769)
    details[0xA001] = 0xFFFF
    details[0xA005] = {1: "R03"}
    return exif


def test_a_camera_that_says_adobe_rgb_in_its_exif_alone_is_believed(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.jpg", exif=adobe_rgb_exif())
    raster = read_photo(tmp_path / "a.jpg")
    assert raster.icc == profiles.adobe_rgb()
    assert raster.conversions == ("its colours are Adobe RGB (1998), as its EXIF data says",)
    block = exif.for_picture(raster.exif, 64, 48, is_srgb=True)
    assert exif.is_adobe_rgb(raster.exif)
    assert not exif.is_adobe_rgb(block)
    there = Image.Exif()
    there.load(block)
    assert there.get_ifd(0x8769)[0xA001] == 1


@pytest.mark.parametrize("name", ["a.jpg", "a.webp"])
def test_the_thumbnail_of_a_photo_that_says_adobe_rgb_in_its_exif_is_as_strong_as_the_photo(tmp_path, name):
    Image.new("RGB", (40, 40), (200, 40, 60)).save(tmp_path / name, exif=adobe_rgb_exif(), quality=100)
    whole = full(tmp_path / name).levels[0][20, 20].astype(int)
    shown = thumbnail(tmp_path / name, 20).levels[0][10, 10]
    assert whole[0] > 220
    assert np.abs(shown - whole).max() <= 2


def as_adobe_rgb(path: Path) -> None:
    """Give a little-endian TIFF what such a camera writes into it: Pillow writes no third level of directories."""
    data = path.read_bytes()
    start = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, start)[0]
    entries = [data[start + 2 + 12 * place :][:12] for place in range(count)]
    following = data[start + 2 + 12 * count :][:4]
    place = len(data) + 2 + 12 * (count + 1) + 4
    entries.append(struct.pack("<HHII", 0x8769, 4, 1, place))
    first = struct.pack("<H", count + 1) + b"".join(entries) + following
    details = struct.pack("<HHHIIHHIII", 2, 0xA001, 3, 1, 0xFFFF, 0xA005, 4, 1, place + 30, 0)
    rules = struct.pack("<HHHI4sI", 1, 1, 2, 4, b"R03", 0)
    path.write_bytes(data[:4] + struct.pack("<I", len(data)) + data[8:] + first + details + rules)


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
@pytest.mark.parametrize("block", [b"", adobe_rgb_exif().tobytes()], ids=["alone", "beside EXIF that says none"])
def test_a_resolution_that_stands_outside_the_exif_is_kept(tmp_path, suffix, block):
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(picture()).save(path, dpi=(300, 300), **({"exif": block} if block else {}))
    kept = read_photo(path).exif
    assert exif.pixels_per_mm(kept) * 25.4 == pytest.approx(300, abs=0.1)
    assert exif.is_adobe_rgb(kept) == (bool(block) and suffix != "tif")


def test_a_photo_without_a_resolution_gets_no_exif(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.jpg")
    assert read_photo(tmp_path / "a.jpg").exif is None


def test_a_proportion_of_pixels_is_no_resolution(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.tif", tiffinfo={0x010F: "Maker", 282: 1.0, 283: 1.0, 296: 1})
    kept = read_photo(tmp_path / "a.tif").exif
    assert exif.pixels_per_mm(kept) * 25.4 == pytest.approx(72)
    assert not exif.says_resolution(kept)


def test_ratings_of_a_tiff_are_kept(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.tif", tiffinfo={0x4746: 4, 0x010F: "Maker"})
    kept = Image.Exif()
    kept.load(read_photo(tmp_path / "a.tif").exif)
    assert (kept[0x4746], kept[0x010F]) == (4, "Maker")


@pytest.mark.parametrize("suffix", ["tif", "heic", "webp", "png"])
def test_adobe_rgb_in_the_exif_alone_is_believed_whatever_the_file_type(tmp_path, suffix):
    pillow_heif.register_heif_opener()
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(picture()).save(path, **({} if suffix == "tif" else {"exif": adobe_rgb_exif().tobytes()}))
    if suffix == "tif":
        as_adobe_rgb(path)
    raster = read_photo(path)
    assert raster.icc == profiles.adobe_rgb()
    assert raster.conversions == ("its colours are Adobe RGB (1998), as its EXIF data says",)


def test_a_tiff_with_a_second_page_is_adobe_rgb_all_the_same(tmp_path):
    page = Image.fromarray(picture())
    page.save(tmp_path / "a.tif", save_all=True, append_images=[page.resize((16, 12))])
    as_adobe_rgb(tmp_path / "a.tif")
    raster = read_photo(tmp_path / "a.tif")
    assert raster.icc == profiles.adobe_rgb()
    assert len(raster.conversions) == 2


def test_an_embedded_profile_outweighs_the_exif(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.jpg", exif=adobe_rgb_exif(), icc_profile=profiles.display_p3())
    assert read_photo(tmp_path / "a.jpg").icc == profiles.display_p3()
