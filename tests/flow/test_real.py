"""The program as it ships, on the sample shoot: the real engine behind the real command line."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.settings import resources
from tests.flow.shoot import worker_of

SAMPLES = resources() / "samples"
PROGRAM = [sys.executable, "-c", "import sys; from studio.cli import main; sys.exit(main())"]


def started(folder: Path, *words: object) -> "subprocess.Popen[str]":
    environment = os.environ | {"MODAMODA_HOME": str(folder / "home")}
    command = [*PROGRAM, *(str(word) for word in words)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True)


def run(folder: Path, *words: object) -> tuple[int, str]:
    with started(folder, *words) as process:
        out, err = process.communicate(timeout=600)
    assert err == "", err
    return process.returncode, out


def finished(out: Path) -> set[str]:
    """The photos that have a result, wherever it stands."""
    return {json.loads(path.read_text())["photo"] for path in out.rglob("*.report.json")}


def hidden(out: Path) -> list[Path]:
    return [path for path in out.rglob(".*") if path.is_file()]


@pytest.mark.timeout(600)
def test_the_demo_finishes_the_samples_and_shows_before_and_after(tmp_path: Path) -> None:
    status, words = run(tmp_path, "demo")
    out = tmp_path / "modamoda-demo"
    assert status == 0
    assert str(out) in words
    fronts = {path.name for path in SAMPLES.glob("*.jpg") if not path.stem.endswith("_inside")}
    assert finished(out) == fronts
    assert (out / "contact_sheet.jpg").read_bytes().startswith(b"\xff\xd8")
    again, words = run(tmp_path, "demo")
    assert again == 0
    assert words.splitlines()[0] == f"{len(fronts)} already done, 1 of them to review (modamoda review list)"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("victim", ["parent", "worker"])
def test_killed_in_the_middle_the_samples_are_finished_once(tmp_path: Path, victim: str) -> None:
    out = tmp_path / "out"
    words = ("process", SAMPLES, "--out", out, "--inside", "{stem}_inside.*", "--layers")
    for delay_s in (3, 5, 8):
        with started(tmp_path, *words) as process:
            time.sleep(delay_s)
            if victim == "worker" and process.poll() is None:
                worker_of(process).kill()
                process.communicate(timeout=600)
            process.kill()
    status, _ = run(tmp_path, "resume")
    assert status == 0
    assert run(tmp_path, *words)[0] == 0
    reports = list(out.rglob("*.report.json"))
    assert (
        len(reports)
        == len(finished(out))
        == len([path for path in SAMPLES.glob("*.jpg") if "_inside" not in path.stem])
    )
    assert hidden(out) == []
