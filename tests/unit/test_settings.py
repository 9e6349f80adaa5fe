"""Settings of every version of the program, and files that are none."""

import dataclasses
import json
from pathlib import Path

import pytest

from studio.settings import Settings

# What each version wrote, the oldest first.
EARLIER = (
    {},
    {"jobs_at_once": 3, "megapixels_at_once": 80},
    {"jobs_at_once": 3, "megapixels_at_once": 80, "sync_kilobytes_a_second": 500, "cloud_over_queue": 20},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


@pytest.mark.parametrize("written", EARLIER)
def test_every_earlier_file_keeps_what_was_set(written: dict[str, int], path: Path) -> None:
    path.write_text(json.dumps(written))
    settings = Settings.load(path)
    assert dataclasses.asdict(settings) == dataclasses.asdict(Settings()) | written
    settings.save(path)
    assert Settings.load(path) == settings


def test_entries_of_a_newer_program_are_left_in_the_file(path: Path) -> None:
    path.write_text(json.dumps({"jobs_at_once": 4, "colour_of_the_sky": "#aabbcc"}))
    dataclasses.replace(Settings.load(path), jobs_at_once=5).save(path)
    assert json.loads(path.read_text())["colour_of_the_sky"] == "#aabbcc"
    assert Settings.load(path).jobs_at_once == 5


@pytest.mark.parametrize("value", ["many", 0, 10**9, None, True, 2.5])
def test_an_impossible_value_takes_its_default_alone(value: object, path: Path) -> None:
    path.write_text(json.dumps({"jobs_at_once": value, "megapixels_at_once": 80}))
    assert Settings.load(path) == Settings(megapixels_at_once=80)


@pytest.mark.parametrize("content", [b"", b"{broken", b"[1, 2]", b"null", b"\xff\xfe\x00", b'"words"'])
def test_a_file_that_cannot_be_read_is_kept_when_new_settings_are_saved(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    settings = Settings.load(path)
    assert settings == Settings()
    settings.save(path)
    assert path.with_name("settings.json.backup").read_bytes() == content
    assert Settings.load(path) == settings
