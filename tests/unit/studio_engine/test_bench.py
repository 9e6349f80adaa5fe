"""The bench of graphics cards, run dry: on the processor, with tiny networks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from studio.engine.gpu import diffusion
from studio.engine.gpu.device import processor
from studio.engine.gpu.runtime import Runtime, Thrift
from studio.engine.models.catalog import catalog_of
from studio.engine.models.store import ModelStore
from tests.bench import gpu
from tests.fakes import full_size_models

ROOT = Path(__file__).parents[3]
DRY = ["--device", "cpu", "--tiny"]


@pytest.mark.slow
@pytest.mark.usefixtures("tiny_folder")
def test_the_bench_measures_every_row_that_needs_no_compiler(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    kinds = ["whole", "fewer", "budgets"]
    assert gpu.main([*DRY, "--json", str(tmp_path / "table.json"), "--budgets", "8", "24", "--rows", *kinds]) == 0
    rows = json.loads((tmp_path / "table.json").read_text())["rows"]
    assert [row["what"].partition(":")[0] for row in rows] == [
        "plain diffusers pipeline", "whole", "whole, fused projections", "fewer steps", "fewer steps", "8 GB", "24 GB"
    ]  # fmt: skip
    assert all(row["seconds"] > 0 and row["peak_mb"] > 0 and not row["note"] for row in rows)
    assert "only the layers at work" in rows[5]["what"]
    assert "to reach: 0.6" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.usefixtures("tiny_folder")
def test_the_bench_measures_compiled_networks(capsys: pytest.CaptureFixture) -> None:
    assert gpu.main([*DRY, "--rows", "compiled"]) == 0
    assert "fused and compiled" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_tests_of_cards_run_dry_on_the_processor() -> None:
    command = [sys.executable, "-m", "pytest", "tests/gpu", "-n", "0", "-p", "no:cacheprovider"]
    environment = os.environ | {"MODAMODA_TEST_DEVICE": "cpu", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "3 skipped" in done.stdout


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_cancelled_figure_stops_within_two_seconds_and_gives_its_memory_back(tmp_path: Path) -> None:
    table = tmp_path / "table.json"
    command = [sys.executable, "-m", "tests.bench.cancel", "--device", "cpu", "--side", "256", "--json", str(table)]
    # One thread, and as few arenas as the worker has.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    rows = json.loads(table.read_text())
    assert len(rows) == 3
    for row in rows:
        assert row["stopped_after_s"] < 2
        assert row["during_mb"] - row["before_mb"] > 1000
        assert row["kept"] < 0.1


def test_without_a_card_the_bench_measures_nothing_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(gpu.devices, "graphics_cards", lambda: ())
    assert gpu.main(["--tiny"]) == 2
    assert "Nothing was measured" in capsys.readouterr().out


def test_a_budget_too_small_for_a_row_leaves_the_other_rows() -> None:
    import torch

    def scarce(name: str) -> gpu.Row:
        raise torch.OutOfMemoryError("forced")

    assert gpu._row("8 GB", scarce).note == "ran out of memory"


def test_a_row_that_fails_is_told_and_leaves_the_other_rows() -> None:
    def broken(name: str) -> gpu.Row:
        raise RuntimeError("the compiler failed")

    assert gpu._row("whole, compiled", broken).note == "failed: RuntimeError: the compiler failed"


@pytest.mark.slow
@pytest.mark.usefixtures("tiny_folder")
def test_fused_projections_and_sparing_placements_paint_the_same_picture(tmp_path: Path) -> None:
    full_size_models.build(tmp_path, full_size_models.TINY)
    runtime = Runtime(ModelStore(tmp_path), catalog_of(tmp_path), processor(), gpu.ENOUGH_MB)
    painting = gpu._painting(64, 2)

    def painted(change) -> np.ndarray:
        runtime.give_back()
        pipeline = diffusion.load_figure(runtime, Thrift.WHOLE)
        change(pipeline)
        return diffusion.paint(pipeline, painting, lambda fraction: None).astype(int)

    plain = painted(lambda pipeline: None)
    for change in (
        gpu.fuse,
        lambda pipeline: diffusion.offload(pipeline, processor()),
        lambda pipeline: diffusion.stream(pipeline, processor()),
    ):
        assert np.abs(painted(change) - plain).max() <= 1
