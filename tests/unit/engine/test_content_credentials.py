"""Signed manifests: there, true, valid by c2pa's own reader, and nothing of the picture changed by them."""

import json
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engine import content_credentials, mastering, provenance
from studio.engine.image import read_photo
from studio.engine.preflight import Made, check
from studio.engine.stage import StageContext
from studio.engine.stages.compose import Compose
from studio.engine.stages.export import Export
from studio.engine.templates.catalog import builtin, resolved
from studio.errors import OutputError, UsageError
from studio.jobs.names import first_names, with_names
from studio.model import Format, OutputStep, Recipe, Verdict
from tests.unit.engine.test_preflight import shot

c2pa = pytest.importorskip("c2pa", reason="c2pa-python is not installed: pip install 'modamoda-studio[provenance]'")
SIGNED = (Format.JPG, Format.PNG, Format.TIFF, Format.WEBP, Format.AVIF)
UNTRUSTED = ["signingCredential.untrusted"]


def finish(folder: Path, keys: Path | None, source: str = "synthesised", **output: object) -> dict[str, object]:
    """Finish a drawn shot; returns its report."""
    frame = shot().evolve(interior_source=source)
    recipe = resolved(Recipe(output=OutputStep(**output)), folder)
    recipe = with_names(recipe, first_names(recipe, frame.shot))
    context = StageContext(
        recipe=recipe,
        seed=1,
        destination=folder / "shirt",
        review_destination=folder / "_review" / "shirt",
        credentials=keys,
    )
    Export().run(Compose().run(frame, context), context)
    return json.loads((folder / "shirt.report.json").read_bytes())


def manifest(path: Path) -> dict[str, object]:
    """The active manifest of a file that its reader finds whole and signed by somebody it does not know."""
    store = content_credentials.read(path, Format(path.suffix[1:]))
    assert store is not None
    assert [status["code"] for status in store["validation_status"]] == UNTRUSTED
    assert store["validation_state"] == "Valid"
    return store["manifests"][store["active_manifest"]]


def assertion(found: dict[str, object], label: str) -> dict[str, object]:
    return next(each["data"] for each in found["assertions"] if each["label"] == label)


@pytest.mark.parametrize("kind", SIGNED)
def test_every_type_that_can_carry_a_manifest_carries_a_valid_one(tmp_path, kind):
    report = finish(tmp_path, tmp_path / "keys", format=kind)
    found = manifest(tmp_path / f"shirt.{kind}")
    actions = assertion(found, "c2pa.actions.v2")["actions"]
    assert actions[0]["digitalSourceType"].endswith("/compositeSynthetic")
    assert found["claim_generator_info"][0]["name"] == "Modamoda Studio"
    assert report["provenance"]["content_credentials"].startswith("signed")
    assert b"compositeSynthetic" in read_photo(tmp_path / f"shirt.{kind}").xmp


def test_the_account_names_each_region_with_its_pixels_in_manifest_and_report(tmp_path):
    report = finish(tmp_path, tmp_path / "keys", "joined", format=Format.JPG)
    regions = assertion(manifest(tmp_path / "shirt.jpg"), "com.modamoda.regions")["regions"]
    assert [region["region"] for region in regions] == ["photographed", "joined"]
    assert regions == report["provenance"]["regions"]
    assert {region["region"]: region["pixels"] for region in regions} == {
        name: pixels for name, pixels in report["regions"].items() if pixels
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [("joined", "compositeCapture"), ("synthesised", "compositeSynthetic"),
     ("generated", "compositeWithTrainedAlgorithmicMedia"), ("none", "")],
)  # fmt: skip
def test_the_source_type_is_what_was_really_done(source, expected):
    assert provenance.source_type(shot().evolve(interior_source=source)) == expected


def test_a_picture_with_a_generated_figure_says_so_whatever_became_of_the_inside():
    figure = np.zeros((4, 4, 3), np.uint8)
    assert "rainedAlgorithmicMedia" in provenance.source_type(shot().evolve(interior_source="none", figure=figure))


def test_the_inside_that_nobody_sees_makes_no_composite():
    assert provenance.source_type(shot().evolve(inner=np.zeros((1000, 800), np.uint8))) == ""


def test_a_name_whose_bytes_are_no_text_is_written_out(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(path)
    account = provenance.account("compositeCapture", {"joined": 1})
    content_credentials.sign(path, Format.PNG, account, tmp_path, title=os.fsdecode(b"a\xff.png"))
    assert manifest(path)["title"] == "a\\udcff.png"


def test_a_disk_that_takes_no_more_is_told_as_that(tmp_path):
    resource = pytest.importorskip("resource", reason="limits of POSIX")
    path = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 300, 3), np.uint8)).save(path)
    account = provenance.account("compositeCapture", {"joined": 1})
    content_credentials.sign(path, Format.PNG, account, tmp_path, title="a.png")  # makes the key
    before, limits = path.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OutputError) as caught:
            content_credentials.sign(path, Format.PNG, account, tmp_path, title="a.png")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.title == "Result not written"
    assert (path.read_bytes(), len(list(tmp_path.iterdir()))) == (before, 2)


def test_a_changed_file_is_found_out(tmp_path):
    finish(tmp_path, tmp_path / "keys", format=Format.PNG)
    content = bytearray((tmp_path / "shirt.png").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "shirt.png").write_bytes(content)
    store = content_credentials.read(tmp_path / "shirt.png", Format.PNG)
    assert store["validation_state"] == "Invalid"


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    finish(tmp_path / "one", tmp_path / "keys", format=Format.JPG)
    (identity,) = (tmp_path / "keys").iterdir()
    before = identity.read_bytes()
    finish(tmp_path / "two", tmp_path / "keys", format=Format.JPG)
    assert identity.read_bytes() == before
    if sys.platform != "win32":
        assert stat.S_IMODE(identity.stat().st_mode) == 0o600


def test_a_key_that_is_damaged_is_made_anew(tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "identity.pem").write_text("nonsense")
    finish(tmp_path, tmp_path / "keys", format=Format.JPG)
    manifest(tmp_path / "shirt.jpg")


def test_a_second_run_gives_the_same_pixels_and_the_same_report_outside_run(tmp_path):
    reports = [finish(tmp_path / name, tmp_path / "keys", format=Format.JPG, templates=("square",)) for name in "ab"]
    for report in reports:
        del report["run"]
        report["channels"][0]["checks"] = [each for each in report["channels"][0]["checks"] if each["rule"] != "bytes"]
    assert reports[0] == reports[1]
    for name in ("shirt.jpg", "square/4006381333931.jpg"):
        one, two = (read_photo(tmp_path / which / name).pixels for which in "ab")
        assert np.array_equal(one, two)


def test_it_can_be_switched_off(tmp_path):
    report = finish(tmp_path, tmp_path / "keys", format=Format.JPG, provenance=False)
    assert content_credentials.read(tmp_path / "shirt.jpg", Format.JPG) is None
    assert report["provenance"]["content_credentials"] == "not signed: the recipe says so"
    assert not (tmp_path / "keys").exists()


def test_a_psd_says_why_it_carries_none(tmp_path):
    report = finish(tmp_path, tmp_path / "keys", format=Format.PSD)
    assert report["provenance"]["content_credentials"] == "not signed: PSD has no place for it"


def test_without_the_library_files_are_made_and_the_report_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(content_credentials, "is_available", lambda: False)
    report = finish(tmp_path, tmp_path / "keys", format=Format.JPG)
    assert "provenance" in report["provenance"]["content_credentials"]
    assert b"compositeSynthetic" in read_photo(tmp_path / "shirt.jpg").xmp


@pytest.mark.slow
def test_it_survives_our_own_templates_and_an_export_from_the_master(tmp_path):
    names = ("amazon-us", "google-merchant", "ajio")
    finish(tmp_path, tmp_path / "keys", "joined", format=Format.PNG, templates=names, layers=True)
    (layers,) = mastering.masters_in(tmp_path)
    templates = tuple(builtin()[name] for name in names)
    again = mastering.export(layers, templates, tmp_path / "later", tmp_path / "keys")
    assert [channel.broken for channel in again if channel.template != "amazon-us"] == [(), ()]
    files = [path for name in names for path in tmp_path.glob(f"**/{name}/*.jpg")]
    assert len(files) == 6
    for path in files:
        actions = assertion(manifest(path), "c2pa.actions.v2")["actions"]
        assert actions[0]["digitalSourceType"].endswith("/compositeCapture")
        made = Made(source_type="compositeCapture", is_figure=False)
        kept = {each.rule: each.verdict for each in check(path, builtin()[path.parent.name], made)}
        assert kept["metadata"] is Verdict.KEPT
        assert kept.get("bytes", Verdict.KEPT) is Verdict.KEPT


def test_an_export_from_the_master_gives_the_pixels_of_the_first_run_and_takes_no_name_twice(tmp_path):
    finish(tmp_path, None, format=Format.PNG, templates=("square",), layers=True)
    (layers,) = mastering.masters_in(tmp_path)
    square = tmp_path / "later" / "square"
    square.mkdir(parents=True)
    (square / "shirt.jpg").write_bytes(b"a stranger's")
    mastering.export(layers, (builtin()["square"],), tmp_path / "later", None)
    first = read_photo(next((tmp_path / "square").iterdir()))
    assert np.array_equal(read_photo(square / "shirt-2.jpg").pixels, first.pixels)
    assert (square / "shirt.jpg").read_bytes() == b"a stranger's"


@pytest.mark.slow
def test_to_export_twice_doubles_nothing_and_another_picture_takes_another_name(tmp_path):
    finish(tmp_path, None, format=Format.PNG, layers=True)
    (layers,) = mastering.masters_in(tmp_path)
    for _ in range(2):
        (channel,) = mastering.export(layers, (builtin()["square"],), tmp_path / "later", tmp_path / "keys")
        assert channel.file == "shirt.jpg"
    smaller = replace(builtin()["square"], compose=replace(builtin()["square"].compose, fill=0.8))
    mastering.export(layers, (smaller,), tmp_path / "later", None)
    mastering.export(layers, (smaller,), tmp_path / "later", None)
    assert sorted(path.name for path in (tmp_path / "later" / "square").iterdir()) == ["shirt-2.jpg", "shirt.jpg"]


def test_an_export_knows_the_number_that_a_card_gave(tmp_path):
    finish(tmp_path, None, format=Format.PNG, layers=True)
    report = tmp_path / "shirt.report.json"
    said = json.loads(report.read_bytes())
    assert (said["sku"], said["view"]) == ("", "front")
    report.write_text(json.dumps(said | {"sku": "4006381333931", "view": "back"}))
    (channel,) = mastering.export(tmp_path / "shirt.layers", (builtin()["amazon-us"],), tmp_path / "later", None)
    assert channel.file == "4006381333931.BACK.jpg"


def test_a_master_that_waits_for_review_is_not_exported(tmp_path):
    finish(tmp_path, None, format=Format.PNG, layers=True)
    report = tmp_path / "shirt.report.json"
    report.write_text(report.read_text().replace('"needs_review": false', '"needs_review": true'))
    with pytest.raises(UsageError, match="look first"):
        mastering.export(tmp_path / "shirt.layers", (builtin()["square"],), tmp_path / "later", None)
    report.unlink()
    with pytest.raises(UsageError, match="no report"):
        mastering.export(tmp_path / "shirt.layers", (builtin()["square"],), tmp_path / "later", None)
