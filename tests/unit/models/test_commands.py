"""The commands of `modamoda models`, on the shipped catalog."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from studio.commands.models import models
from studio.errors import EngineError, UsageError

FILES = ("config.json", "processor.json", "model.safetensors")
OWN = """
[own-pose]
title = "A pose network of one's own"
purpose = "pose of a person"
revision = "1"
licence = "MIT"
licence_url = "https://example.org/licence"
commercial = "yes"
memory_mb = { fp32 = 10 }
sources = ["https://example.invalid/"]
files = [
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MODAMODA_HOME", str(tmp_path / "home"))

    def run(*words: str) -> Result:
        return CliRunner().invoke(models, words, catch_exceptions=True)

    return run


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A disk with a model of the photographer's own, whose hashes the catalog does not know: any bytes will do."""
    rows = [f'{{ path = "{name}", bytes = 0, sha256 = "unpinned" }},' for name in FILES]
    catalog = tmp_path / "home/models/catalog.toml"
    catalog.parent.mkdir(parents=True)
    catalog.write_text("\n".join([OWN, *rows, "]"]))
    for name in FILES:
        path = tmp_path / "stick/own-pose" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}")
    return tmp_path / "stick"


def test_list_names_every_model_with_licence_and_state(run) -> None:
    rows = {row["id"]: row for row in map(json.loads, run("list", "--json").output.splitlines())}
    assert rows["openpose"]["commercial"] == "no"
    assert not rows["openpose"]["accepted"]
    assert rows["sdxl-base"]["megabytes"] == 6941
    assert {row["state"] for row in rows.values()} == {"absent"}
    assert "pack human: " in run("list").output


def test_fetch_from_a_folder_pins_and_says_so(run, stick: Path) -> None:
    result = run("fetch", "own-pose", "--mirror", str(stick))
    assert result.exit_code == 0, result.output
    assert result.output.count("pinned own-pose/") == 3
    assert "3 files fetched, 0 were here" in result.output
    assert "0 files fetched, 3 were here" in run("fetch", "own-pose", "--offline").output


def test_fetch_offline_is_an_error_with_the_remedy(run) -> None:
    error = run("fetch", "vitpose-base", "--offline").exception
    assert isinstance(error, EngineError)
    assert "modamoda models import" in error.hint


def test_a_pack_of_ones_own_may_hold_models_of_the_program(run, stick: Path, tmp_path: Path) -> None:
    with (tmp_path / "home/models/catalog.toml").open("a") as catalog:
        catalog.write('\n[packs]\nmine = ["own-pose", "u2netp"]\n')
    assert "pack mine: own-pose, u2netp" in run("list").output


def test_a_catalog_of_ones_own_that_is_no_toml_is_named(run, stick: Path, tmp_path: Path) -> None:
    (tmp_path / "home/models/catalog.toml").write_text("[own-pose")
    error = run("list").exception
    assert isinstance(error, EngineError)
    assert "catalog.toml" in error.message


def test_fetch_without_a_name_is_a_usage_error(run) -> None:
    assert run("fetch").exit_code == 2


def test_import_export_verify_remove_go_round(run, stick: Path, tmp_path: Path) -> None:
    assert "own-pose: imported" in run("import", str(stick)).output
    assert "own-pose: is as it should be" in run("verify").output
    assert run("export", str(tmp_path / "second")).exit_code == 0
    assert (tmp_path / "second/own-pose/model.safetensors").read_text() == "content of model.safetensors"
    assert "given back" in run("remove", "own-pose").output
    assert run("verify").output == ""


def test_remove_takes_what_a_broken_off_download_left(run, stick: Path, tmp_path: Path) -> None:
    part = tmp_path / "home/models/own-pose/model.safetensors.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(2_000_000))
    assert "own-pose: 2 MB given back" in run("remove", "own-pose").output
    assert not part.exists()


def test_verify_finds_a_damaged_file_and_fails(run, stick: Path, tmp_path: Path) -> None:
    run("import", str(stick))
    (tmp_path / "home/models/own-pose/config.json").write_text("damaged")
    result = run("verify", "own-pose")
    assert result.exit_code == 1
    assert "config.json has the hash" in result.output


def test_a_licence_is_accepted_by_name(run) -> None:
    assert (
        "openpose: CMU OpenPose, academic and non-profit non-commercial; off until accepted" in run("licences").output
    )
    assert "non-commercial; accepted 20" in run("licences", "--accept", "openpose").output
    assert isinstance(run("licences", "--accept", "everything").exception, UsageError)
