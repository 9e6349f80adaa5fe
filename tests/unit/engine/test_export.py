"""The finished files: exact where the type is, whole or not there, with profile and metadata, and a true report."""

import contextlib
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from PIL import Image

from studio.engine import profiles
from studio.engine.colour import as_depth
from studio.engine.image import read_photo
from studio.engine.raster import Raster
from studio.engine.stage import Frame, StageContext
from studio.engine.stages.compose import Compose
from studio.engine.stages.export import Export
from studio.engine.stages.restore import Restore
from studio.errors import Cancelled, OutputError, StudioError
from studio.files import sha256_of, write_atomically
from studio.model import ComposeStep, Format, Metadata, OutputStep, Profile, Recipe, Shot

HEIGHT, WIDTH = 120, 160
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>'
)
IPTC = b"\x1c\x02\x19\x00\x05shirt\x1c\x02\x50\x00\x04Anna"


def exif() -> bytes:
    """A block with a thumbnail, a maker's note and a resolution, as a camera writes it."""
    block = Image.Exif()
    block[0x010F], block[0x0131], block[0x011A], block[0x0128] = "Maker", "Firmware 1.2", 300.0, 2
    inner = block.get_ifd(0x8769)
    inner[0x9003], inner[0xA002], inner[0xA003] = "2026:01:02 03:04:05", 9999, 8888
    inner[0x927C] = b"MAKERNOTE" * 9
    block.get_ifd(0x8825)[1] = "N"
    return block.tobytes().removeprefix(b"Exif\0\0")


def frame(depth: type = np.uint8, icc: bytes | None = None, **more: object) -> Frame:
    """A shot that went through restore: a garment with a collar whose inside was joined."""
    pixels = np.random.default_rng(5).integers(30, 220, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    garment = np.zeros((HEIGHT, WIDTH), np.uint8)
    garment[30:110, 30:130] = 255
    garment = cv2.GaussianBlur(garment, (0, 0), 1.5)
    inner = np.zeros_like(garment)
    inner[22:27, 70:90] = 255
    photo = Raster(pixels=as_depth(pixels, depth), icc=icc, exif=exif(), iptc=IPTC, xmp=XMP, conversions=("read so",))
    made = Frame(
        shot=Shot(front=Path("/home/anna/shoot/shirt.jpg")),
        photo=photo,
        garment=garment,
        mannequin=255 - garment,
        inner=inner,
        interior=photo.pixels,
        interior_source="joined",
        confidence=0.93,
    )
    return Restore().run(made.evolve(**more), context(Path("/nowhere")))


def context(folder: Path, recipe: Recipe | None = None, **more: object) -> StageContext:
    return StageContext(
        recipe=recipe or Recipe(),
        seed=11,
        destination=folder / "out" / "shirt.v2",
        review_destination=folder / "out" / "_review" / "shirt.v2",
        **more,
    )


def exported(folder: Path, given: Frame | None = None, compose: ComposeStep | None = None, **output: object) -> Frame:
    recipe = Recipe(compose=compose or ComposeStep(), output=OutputStep(**output))
    ready = context(folder, recipe)
    return Export().run(Compose().run(frame() if given is None else given, ready), ready)


def report(folder: Path) -> dict:
    return json.loads((folder / "out" / "shirt.v2.report.json").read_text())


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder / "out")) for path in (folder / "out").rglob("*") if path.is_file())


def test_the_files_of_the_contract_are_written_and_nothing_else(tmp_path):
    made = exported(tmp_path, layers=True)
    assert names(tmp_path) == [
        "shirt.v2.layers/garment.png",
        "shirt.v2.layers/inner.png",
        "shirt.v2.layers/mannequin.png",
        "shirt.v2.layers/result_full.png",
        "shirt.v2.png",
        "shirt.v2.report.json",
    ]
    assert {file.path for file in made.files} == {path for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert all(sha256_of(file.path) == file.sha256 for file in made.files)
    assert made.files[0].path.name == "shirt.v2.png"


@pytest.mark.parametrize("kind", [Format.PNG, Format.TIFF])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("background", ["#ffffff", "transparent"])
def test_png_and_tiff_hold_the_composed_pixels_exactly_at_their_depth(tmp_path, kind, depth, background):
    made = exported(tmp_path, frame(depth), ComposeStep(background=background), format=kind)
    back = read_photo(tmp_path / "out" / f"shirt.v2.{kind}")
    assert back.pixels.dtype == depth
    assert np.array_equal(back.pixels, made.deliverable.pixels)
    assert (back.alpha is None) == (background != "transparent")
    if back.alpha is not None:
        assert np.array_equal(back.alpha, made.deliverable.alpha)
    assert made.fidelity.deliverable_changed_pixels == 0
    assert made.fidelity.deliverable_max_difference == 0


@pytest.mark.parametrize("kind", [kind for kind in Format if kind is not Format.PSD])
def test_every_type_opens_in_pillow_with_profile_and_metadata(tmp_path, kind):
    exported(tmp_path, format=kind)
    with Image.open(tmp_path / "out" / f"shirt.v2.{kind}") as image:
        image.load()
        assert image.size == (WIDTH, HEIGHT)
        assert image.info["icc_profile"] == profiles.srgb()
        found = image.getexif()
        assert found.get(0x0112, 1) == 1
        assert found[0x010F] == "Maker"
        assert found[0x0131] == "Firmware 1.2"
        inner = found.get_ifd(0x8769)
        assert inner[0x9003] == "2026:01:02 03:04:05"
        assert (inner[0xA002], inner[0xA003]) == (WIDTH, HEIGHT)
        assert found.get_ifd(0x8825)[1] == "N"
    back = read_photo(tmp_path / "out" / f"shirt.v2.{kind}")
    assert b'xmp:Rating="4"' in back.xmp
    assert back.iptc == (None if kind in (Format.WEBP, Format.AVIF) else IPTC)


@pytest.mark.parametrize("kind", Format)
def test_without_metadata_none_of_it_is_written(tmp_path, kind):
    exported(tmp_path, format=kind, metadata=Metadata.NONE, provenance=False)
    content = (tmp_path / "out" / f"shirt.v2.{kind}").read_bytes()
    for word in (b"Maker", b"shirt", b"Rating", b"Anna"):
        assert word not in content


def test_a_tiff_read_again_still_says_who_took_it_and_when(tmp_path):
    exported(tmp_path, format=Format.TIFF)
    kept = Image.Exif()
    kept.load(read_photo(tmp_path / "out" / "shirt.v2.tiff").exif)
    assert kept[0x010F] == "Maker"
    assert kept.get_ifd(0x8769)[0x9003] == "2026:01:02 03:04:05"
    assert kept.get_ifd(0x8825)[1] == "N"


def test_iptc_that_webp_cannot_hold_is_said_to_be_left_out(tmp_path):
    exported(tmp_path, format=Format.WEBP)
    assert any("IPTC" in warning for warning in report(tmp_path)["warnings"])


def test_metadata_too_long_for_jpeg_is_left_out_with_a_warning(tmp_path):
    given = frame()
    given = given.evolve(photo=replace(given.photo, xmp=XMP.replace(b"</rdf:RDF>", b" " * 70_000 + b"</rdf:RDF>")))
    exported(tmp_path, given, format=Format.JPG)
    assert any("XMP is too long" in warning for warning in report(tmp_path)["warnings"])
    assert read_photo(tmp_path / "out" / "shirt.v2.jpg").exif is not None


def test_the_thumbnail_of_the_photograph_does_not_travel_with_the_result(tmp_path):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "jpeg")
    given = frame()
    given = given.evolve(photo=replace(given.photo, exif=with_thumbnail(exif(), buffer.getvalue())))
    exported(tmp_path, given, format=Format.JPG)
    content = (tmp_path / "out" / "shirt.v2.jpg").read_bytes()
    assert buffer.getvalue()[:60] not in content
    assert b"MAKERNOTEMAKERNOTE" in content
    assert content.count(b"\xff\xd8\xff") == 1


def packet(*, attributes: str = "", elements: str = "") -> bytes:
    """XMP as Photoshop and telephones write it, properties as attributes or as elements."""
    names = ("xmp", "photoshop", "exif", "tiff", "dc", "xmpNote", "GCamera", "Container")
    spaces = " ".join(f'xmlns:{name}="http://x/{name}/"' for name in names)
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces} xmp:Rating="4" {attributes}>{elements}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def with_packet(xmp: bytes) -> Frame:
    given = frame()
    return given.evolve(photo=replace(given.photo, xmp=xmp))


@pytest.mark.parametrize(
    ("kind", "as_elements"),
    [(Format.PNG, True), (Format.JPG, False), (Format.TIFF, True), (Format.WEBP, False), (Format.AVIF, False)],
)
def test_the_xmp_says_what_the_new_picture_is_and_nothing_of_the_old_one(tmp_path, kind, as_elements):
    stale = {"tiff:ImageWidth": 9999, "exif:PixelYDimension": 8888, "exif:ColorSpace": 65535, "dc:format": "image/x"}
    stale |= {"photoshop:ICCProfile": "Adobe RGB (1998)", "xmpNote:HasExtendedXMP": "C8", "GCamera:MotionPhoto": 1}
    inside = "<rdf:Alt><rdf:li><rdf:Description xmpGImg='QUJD'/></rdf:li></rdf:Alt>"
    elements = f"<xmp:Thumbnails>{inside}</xmp:Thumbnails><Container:Directory>{inside}</Container:Directory>"
    if as_elements:
        elements += "".join(f"<{name}>{value}</{name}>" for name, value in stale.items())
    attributes = "" if as_elements else " ".join(f'{name}="{value}"' for name, value in stale.items())
    exported(tmp_path, with_packet(packet(attributes=attributes, elements=elements)), format=kind)
    said = read_photo(tmp_path / "out" / f"shirt.v2.{kind}").xmp.decode()
    ElementTree.fromstring(said)
    found = dict(re.findall(r"""(tiff:ImageWidth|exif:\w+|dc:format|xmp:Rating)(?:="|>)([^"<]+)""", said))
    mime = {"jpg": "jpeg"}.get(kind, str(kind))
    assert found == {
        "tiff:ImageWidth": str(WIDTH),
        "exif:PixelYDimension": str(HEIGHT),
        "exif:ColorSpace": "1",
        "dc:format": f"image/{mime}",
        "xmp:Rating": "4",
    }
    for gone in ("QUJD", "Adobe RGB", "HasExtendedXMP", "MotionPhoto"):
        assert gone not in said


def test_xmp_too_long_for_jpeg_loses_its_history_before_anything_else(tmp_path):
    ancestors = "<photoshop:DocumentAncestors><rdf:Bag>%s</rdf:Bag></photoshop:DocumentAncestors>"
    exported(tmp_path, with_packet(packet(elements=ancestors % ("<rdf:li>ABC</rdf:li>" * 5000))), format=Format.JPG)
    assert any("lists of earlier files" in warning for warning in report(tmp_path)["warnings"])
    assert b'xmp:Rating="4"' in read_photo(tmp_path / "out" / "shirt.v2.jpg").xmp


@pytest.mark.parametrize(("profile", "said"), [(Profile.SRGB, 1), (Profile.ADOBE_RGB, 0xFFFF), (Profile.SOURCE, 1)])
def test_exif_does_not_call_other_colours_srgb(tmp_path, profile, said):
    block = Image.Exif()
    block.get_ifd(0x8769)[0xA001] = 1
    given = frame()
    given = given.evolve(photo=replace(given.photo, exif=block.tobytes().removeprefix(b"Exif\0\0")))
    exported(tmp_path, given, format=Format.JPG, profile=profile)
    with Image.open(tmp_path / "out" / "shirt.v2.jpg") as image:
        assert image.getexif().get_ifd(0x8769)[0xA001] == said


def with_thumbnail(block: bytes, thumbnail: bytes) -> bytes:
    order = "<" if block.startswith(b"II") else ">"
    start = struct.unpack_from(f"{order}I", block, 4)[0]
    following = start + 2 + 12 * struct.unpack_from(f"{order}H", block, start)[0]
    block += b"\0" * (len(block) % 2)
    place = len(block) + 2 + 24 + 4
    second = struct.pack(f"{order}HHHIIHHIII", 2, 0x0201, 4, 1, place, 0x0202, 4, 1, len(thumbnail), 0)
    return block[:following] + struct.pack(f"{order}I", len(block)) + block[following + 4 :] + second + thumbnail


@pytest.mark.parametrize("kind", [Format.JPG, Format.PNG, Format.TIFF])
def test_the_resolution_is_the_photographs(tmp_path, kind):
    exported(tmp_path, format=kind)
    with Image.open(tmp_path / "out" / f"shirt.v2.{kind}") as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=1)


@pytest.mark.parametrize("profile", [Profile.SRGB, Profile.ADOBE_RGB, Profile.DISPLAY_P3, Profile.SOURCE])
@pytest.mark.parametrize("kind", [Format.PNG, Format.JPG])
def test_the_profile_asked_for_is_embedded_and_the_figures_are_against_the_converted_master(tmp_path, profile, kind):
    made = exported(tmp_path, frame(icc=profiles.display_p3()), format=kind, profile=profile)
    back = read_photo(tmp_path / "out" / f"shirt.v2.{kind}")
    assert back.icc == profiles.profile_for(profile, profiles.display_p3())
    if kind is Format.PNG:
        assert made.fidelity.deliverable_changed_pixels == 0
    else:
        assert made.fidelity.deliverable_changed_pixels > 0


def test_jpeg_is_never_called_untouched_and_its_quality_shows(tmp_path):
    fine = exported(tmp_path, format=Format.JPG, quality=98).fidelity
    coarse = exported(tmp_path, format=Format.JPG, quality=40).fidelity
    assert 0 < fine.deliverable_mean_difference < coarse.deliverable_mean_difference < coarse.deliverable_max_difference
    assert 0 < fine.deliverable_changed_pixels <= fine.core_pixels


def test_jpeg_keeps_every_pixels_own_colour(tmp_path):
    given = frame()
    given.master[30:110, 30:130, :3] = np.where((np.arange(100) % 2)[None, :, None], (255, 0, 0), (0, 0, 255))
    exported(tmp_path, given, format=Format.JPG, quality=95)
    back = read_photo(tmp_path / "out" / "shirt.v2.jpg").pixels.astype(int)
    assert np.abs(back[60:90, 60:100] - given.master[60:90, 60:100, :3]).mean() < 12


def test_a_scaled_deliverable_has_no_pixel_figures(tmp_path):
    made = exported(tmp_path, compose=ComposeStep(size=(80, 80), fill=0.8))
    assert made.fidelity.deliverable_changed_pixels is None
    assert made.fidelity.master_changed_pixels == 0
    assert report(tmp_path)["fidelity"]["deliverable_max_difference"] is None


def test_a_file_that_does_not_hold_the_garment_is_found_out(tmp_path):
    ready = context(tmp_path)
    composed = Compose().run(frame(), ready)
    composed.deliverable.pixels[60:70, 60:70] += 1
    made = Export().run(composed, ready)
    assert made.fidelity.deliverable_changed_pixels == 100
    assert 0 < made.fidelity.deliverable_max_difference < 2


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_the_layers_hold_masks_and_master_exactly(tmp_path, depth):
    given = frame(depth, icc=profiles.display_p3())
    exported(tmp_path, given, layers=True)
    layers = tmp_path / "out" / "shirt.v2.layers"
    for name, mask in (("garment", given.garment), ("mannequin", given.mannequin), ("inner", given.inner)):
        with Image.open(layers / f"{name}.png") as image:
            assert image.mode == "L"
            assert np.array_equal(np.asarray(image), mask)
    full = cv2.cvtColor(cv2.imread(str(layers / "result_full.png"), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
    assert full.dtype == depth
    assert np.array_equal(full, given.master)
    with Image.open(layers / "result_full.png") as image:
        assert image.info["icc_profile"] == profiles.display_p3()


def test_a_mask_that_was_not_made_is_written_empty(tmp_path):
    exported(tmp_path, frame().evolve(inner=None, mannequin=None), layers=True)
    with Image.open(tmp_path / "out" / "shirt.v2.layers" / "inner.png") as image:
        assert image.size == (WIDTH, HEIGHT)
        assert not np.asarray(image).any()


def test_a_doubtful_result_stands_under_review_only(tmp_path):
    made = exported(tmp_path, frame().evolve(confidence=0.2))
    assert names(tmp_path) == ["_review/shirt.v2.png", "_review/shirt.v2.report.json"]
    assert made.needs_review(Recipe())


def test_the_report_says_what_was_measured_and_nothing_of_the_disk(tmp_path):
    exported(tmp_path, layers=True)
    said = report(tmp_path)
    assert said["photo"] == "shirt.jpg"
    assert "/home/anna" not in json.dumps(said)
    assert str(tmp_path) not in json.dumps(said)
    assert said["areas"]["garment"] == int((frame().garment > 127).sum())
    assert said["regions"]["photographed"] == said["areas"]["garment"]
    assert (said["regions"]["joined"], said["regions"]["synthesised"]) == (100, 0)
    assert said["transforms"][0] == "read so"
    assert said["fidelity"]["master_changed_pixels"] == 0
    assert said["fidelity"]["core_pixels"] > 5000
    assert said["seed"] == 11
    assert Recipe.from_json(json.dumps(said["recipe"])).output.layers
    assert {"seconds", "program", "libraries", "finished_at"} <= said["run"].keys()
    assert said["run"]["seconds"]["export"] > 0


def test_the_same_again_gives_the_same_pixels_and_the_same_report_outside_run(tmp_path):
    exported(tmp_path / "one", frame(seconds={"read": 1.0}), layers=True)
    exported(tmp_path / "two", frame(seconds={"read": 2.0}), layers=True)
    first, second = report(tmp_path / "one"), report(tmp_path / "two")
    assert first.pop("run") != second.pop("run")
    assert first == second
    for name in names(tmp_path / "one"):
        if name.endswith("png"):
            one, two = (read_photo(tmp_path / which / "out" / name) for which in ("one", "two"))
            assert np.array_equal(one.pixels, two.pixels)


@pytest.mark.parametrize("source", ["joined", "synthesised", "none"])
@pytest.mark.parametrize("kind", [Format.JPG, Format.PNG])
def test_provenance_says_how_the_inside_came_about(tmp_path, source, kind):
    exported(tmp_path, frame().evolve(interior_source=source), format=kind)
    xmp = read_photo(tmp_path / "out" / f"shirt.v2.{kind}").xmp
    expected = {"joined": b"/compositeCapture<", "synthesised": b"/compositeSynthetic<"}.get(source)
    assert (b"DigitalSourceType" in xmp) == (expected is not None)
    assert expected is None or expected in xmp


def test_provenance_needs_no_metadata_of_the_photo_and_can_be_switched_off(tmp_path):
    given = frame()
    bare = given.evolve(photo=replace(given.photo, xmp=None, exif=None, iptc=None))
    exported(tmp_path / "on", bare)
    assert b"compositeCapture" in read_photo(tmp_path / "on" / "out" / "shirt.v2.png").xmp
    exported(tmp_path / "off", bare, provenance=False)
    assert read_photo(tmp_path / "off" / "out" / "shirt.v2.png").xmp is None


def test_the_files_are_announced_with_their_hashes_before_any_has_its_name(tmp_path):
    announced = []

    def before_move(files):
        announced.extend(files)
        assert not any(file.path.exists() for file in files)

    ready = context(tmp_path, Recipe(output=OutputStep(layers=True)), before_move=before_move)
    made = Export().run(Compose().run(frame(), ready), ready)
    assert tuple(announced) == made.files
    assert all(sha256_of(file.path) == file.sha256 for file in announced)


@pytest.mark.parametrize("error", [Cancelled(), OutputError("Name taken", "shirt"), KeyboardInterrupt()])
def test_when_the_announcement_is_refused_nothing_stays(tmp_path, error):
    def before_move(files):
        raise error

    ready = context(tmp_path, Recipe(output=OutputStep(layers=True)), before_move=before_move)
    composed = Compose().run(frame(), ready)
    with pytest.raises(type(error)):
        Export().run(composed, ready)
    assert not list((tmp_path / "out").rglob("*")) if (tmp_path / "out").exists() else True


def test_an_earlier_result_survives_a_failed_export(tmp_path):
    exported(tmp_path)
    before = sha256_of(tmp_path / "out" / "shirt.v2.png")

    def before_move(files):
        raise Cancelled

    ready = context(tmp_path, before_move=before_move)
    composed = Compose().run(frame(), ready)
    with pytest.raises(Cancelled):
        Export().run(composed, ready)
    assert sha256_of(tmp_path / "out" / "shirt.v2.png") == before
    assert names(tmp_path) == ["shirt.v2.png", "shirt.v2.report.json"]


def test_a_name_taken_by_a_folder_is_an_output_error_and_nothing_stays(tmp_path):
    (tmp_path / "out" / "shirt.v2.png" / "x").mkdir(parents=True)
    with pytest.raises(OutputError):
        exported(tmp_path)
    assert names(tmp_path) == []


def test_a_neighbour_that_removes_empty_folders_takes_nothing_away(tmp_path):
    folder = tmp_path / "day"
    ending = threading.Event()

    def tidy():
        while not ending.wait(0.0002):
            with contextlib.suppress(OSError):
                folder.rmdir()

    neighbour = threading.Thread(target=tidy)
    neighbour.start()
    try:
        for number in range(200):
            write_atomically(folder / "a.txt", b"%d" % number)
            (folder / "a.txt").unlink()
    finally:
        ending.set()
        neighbour.join()


def test_an_output_folder_that_is_a_file_is_an_output_error(tmp_path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(OutputError):
        exported(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can act as another user")
def test_a_folder_without_write_permission_is_an_output_error_with_a_hint(tmp_path):
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    (tmp_path / "out").mkdir()
    given = frame()
    os.seteuid(65534)
    try:
        with pytest.raises(OutputError) as caught:
            exported(tmp_path, given)
    finally:
        os.seteuid(0)
    assert caught.value.title == "Folder not writable"
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to write to")
@pytest.mark.parametrize("kind", Format)
def test_what_the_disk_says_while_writing_comes_through_as_it_is(kind):
    from studio.engine.writing import write_picture

    big = Raster(pixels=np.random.default_rng(1).integers(0, 256, (600, 800, 3), dtype=np.uint8), icc=profiles.srgb())
    with pytest.raises(OSError, match="No space left"):
        write_picture(Path("/dev/full"), big, kind, 92)


@pytest.mark.parametrize("kind", Format)
def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path, kind):
    if not (shutil.which("mount") and sys.platform == "linux" and os.geteuid() == 0):
        pytest.skip("only root on Linux can make a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("this machine does not let a small disk be made")
    try:
        pixels = np.random.default_rng(1).integers(0, 256, (400, 500, 3), dtype=np.uint8)
        garment = np.full((400, 500), 255, np.uint8)
        given = Frame(shot=Shot(front=Path("a.jpg")), photo=Raster(pixels=pixels), garment=garment, confidence=0.9)
        given = Restore().run(given, context(disk))
        with pytest.raises(StudioError) as caught:
            exported(disk, given, format=kind, quality=98)
        assert caught.value.title == "Disk full"
        assert caught.value.retryable
        assert not [path for path in disk.rglob("*") if path.is_file()]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_side_too_long_for_webp_is_refused_with_a_way_out(tmp_path):
    with pytest.raises(OutputError) as caught:
        exported(tmp_path, compose=ComposeStep(size=(16, 17_000)), format=Format.WEBP)
    assert "PNG or TIFF" in caught.value.hint
    assert names(tmp_path) == []


def test_the_longest_name_a_disk_takes_can_be_finished(tmp_path):
    ready = replace(context(tmp_path), destination=tmp_path / "out" / ("\u4e2d" * 80))
    made = Export().run(Compose().run(frame(), ready), ready)
    assert made.files[0].path.name == "\u4e2d" * 80 + ".png"
    assert made.files[0].path.exists()
