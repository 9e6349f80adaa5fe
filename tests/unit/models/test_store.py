"""The folder of models: verifying, accepting licences, and copies to and from a disk."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from studio.engine.models.catalog import Commercial, ModelEntry
from studio.engine.models.store import ModelStore, State
from studio.errors import EngineError

CONTENT = b"weights" * 1000

Make = Callable[..., ModelEntry]


@pytest.fixture
def entry(make_entry: Make) -> ModelEntry:
    return make_entry({"config.json": b"{}", "unet/weights.bin": CONTENT})


@pytest.fixture
def stick(tmp_path: Path, entry: ModelEntry) -> Path:
    folder = tmp_path / "stick"
    (folder / entry.id / "unet").mkdir(parents=True)
    (folder / entry.id / "config.json").write_bytes(b"{}")
    (folder / entry.id / "unet/weights.bin").write_bytes(CONTENT)
    return folder


def test_an_import_copies_and_verifies(store: ModelStore, entry: ModelEntry, stick: Path) -> None:
    assert store.state(entry) is State.ABSENT
    assert store.import_from(stick, entry) == ()
    assert store.state(entry) is State.READY
    assert (store.require(entry) / "unet/weights.bin").read_bytes() == CONTENT


def test_an_import_refuses_a_file_with_another_hash(store: ModelStore, entry: ModelEntry, stick: Path) -> None:
    (stick / entry.id / "unet/weights.bin").write_bytes(CONTENT[::-1])
    problems = store.import_from(stick, entry)
    assert [problem.path for problem in problems] == ["unet/weights.bin"]
    assert not list(store.path(entry).rglob("*weights*"))
    assert store.state(entry) is State.PARTIAL


def test_an_export_can_be_imported_elsewhere(store: ModelStore, entry: ModelEntry, stick: Path, tmp_path: Path) -> None:
    store.import_from(stick, entry)
    assert store.export_to(tmp_path / "second stick", entry) == len(CONTENT) + 2
    other = ModelStore(tmp_path / "other computer")
    assert other.import_from(tmp_path / "second stick", entry) == ()
    assert other.state(entry) is State.READY


def test_a_file_changed_afterwards_is_no_longer_ready(store: ModelStore, entry: ModelEntry, stick: Path) -> None:
    store.import_from(stick, entry)
    weights = store.path(entry) / "unet/weights.bin"
    weights.write_bytes(CONTENT[::-1])
    os.utime(weights, ns=(1, 1))
    with pytest.raises(EngineError, match="not complete") as caught:
        store.require(entry)
    assert f"modamoda models fetch {entry.id}" in caught.value.hint
    assert "expected" in store.verify(entry)[0].sentence


def test_verifying_adopts_a_file_that_was_copied_by_hand(store: ModelStore, entry: ModelEntry, stick: Path) -> None:
    store.folder.mkdir()
    (stick / entry.id).rename(store.path(entry))
    assert store.state(entry) is State.ABSENT
    assert store.verify(entry) == ()
    assert store.state(entry) is State.READY


def test_another_revision_in_the_catalog_needs_its_own_files(store: ModelStore, entry: ModelEntry, stick: Path) -> None:
    store.import_from(stick, entry)
    assert store.state(replace(entry, revision="r2")) is State.ABSENT


def test_a_damaged_record_costs_a_verification_and_nothing_else(
    store: ModelStore, entry: ModelEntry, stick: Path
) -> None:
    store.import_from(stick, entry)
    (store.path(entry) / "verified.json").write_text("{half")
    assert store.state(entry) is State.ABSENT
    assert store.verify(entry) == ()
    assert store.state(entry) is State.READY


def test_removing_gives_the_bytes_back(store: ModelStore, entry: ModelEntry, stick: Path) -> None:
    store.import_from(stick, entry)
    assert store.remove(entry) > len(CONTENT)
    assert store.state(entry) is State.ABSENT
    assert store.remove(entry) == 0


def test_a_restricted_licence_is_accepted_only_by_the_models_own_name(
    store: ModelStore, stick: Path, make_entry: Make
) -> None:
    restricted = make_entry({"unet/weights.bin": CONTENT}, commercial=Commercial.RESTRICTED)
    store.import_from(stick, restricted)
    with pytest.raises(EngineError, match="off until you accept"):
        store.require(restricted)
    with pytest.raises(EngineError, match="not the name"):
        store.accept(restricted, "yes")
    store.accept(restricted, "tiny", datetime(2026, 1, 2, tzinfo=UTC))
    assert store.require(restricted) == store.path(restricted)
    assert store.used(restricted).version == "r1 (licence accepted 2026-01-02T00:00:00+00:00)"


def test_an_acceptance_does_not_cover_a_changed_licence(store: ModelStore, make_entry: Make) -> None:
    restricted = make_entry({"w": b"w"}, commercial=Commercial.NO)
    store.accept(restricted, "tiny")
    assert store.is_accepted(restricted)
    assert not store.is_accepted(replace(restricted, licence="another"))


def test_a_report_names_the_revision_and_the_hash_of_the_weights(
    store: ModelStore, entry: ModelEntry, stick: Path
) -> None:
    store.import_from(stick, entry)
    used = store.used(entry)
    assert (used.id, used.version, used.sha256) == ("tiny", "r1", entry.files[1].sha256)
