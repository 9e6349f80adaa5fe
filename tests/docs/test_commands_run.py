"""The main commands of the guide, run one after another on small photos as a reader would type them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START = "import sys; from studio.cli import main; sys.exit(main())"
# (page, what is typed, exit status); ~ is the reader's folder.
TYPED = (
    ("first-shoot.md", "modamoda process ~/shoots/monday --out ~/finished", 0),
    ("pairs.md", "modamoda process ~/shoots/monday --out ~/finished --inside '{stem}_inside.*'", 0),
    ("pairs.md", "modamoda shoot pairs ~/shoots/monday", 0),
    ("pairs.md", "modamoda process ~/shoots/monday --out ~/finished --pairs auto", 0),
    ("pairs.md", "modamoda shoot set ~/shoots/monday/DSC_0042.jpg --role inside --garment A-1001", 0),
    ("pairs.md", "modamoda shoot forget ~/shoots/monday", 0),
    ("pairs.md", "modamoda shoot estimate ~/shoots/monday --out ~/finished", 0),
    ("channels.md", "modamoda templates list", 0),
    ("channels.md", "modamoda templates show zalando", 0),
    ("watch.md", "modamoda watch --list", 0),
    ("engine.md", "modamoda doctor", None),
    ("engine.md", "modamoda models list", 0),
    ("account.md", "modamoda account status", 0),
)


def run(typed: str, reader: Path) -> "subprocess.CompletedProcess[str]":
    words = typed.replace("~", str(reader)).replace("'", "").split()
    assert words[0] == "modamoda"
    return subprocess.run(
        [sys.executable, "-c", START, *words[1:]],
        cwd=ROOT,
        env=os.environ | {"MODAMODA_HOME": str(reader / "home"), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_the_guide_types_works(tmp_path: Path) -> None:
    samples = ROOT / "resources" / "samples"
    shoot = tmp_path / "shoots" / "monday"
    shoot.mkdir(parents=True)
    for name in ("tee-checked.jpg", "tee-checked_inside.jpg"):
        shutil.copy(samples / name, shoot)
    shutil.copy(samples / "tee-black.jpg", shoot / "DSC_0042.jpg")
    for page, typed, status in TYPED:
        assert typed in (ROOT / "docs" / "guide" / page).read_text(encoding="utf-8"), (page, typed)
        done = run(typed, tmp_path)
        assert "fault of the program" not in done.stderr, (typed, done.stderr)
        if status is not None:
            assert done.returncode == status, (typed, done.stderr)
    assert run("modamoda resume", tmp_path).returncode == 0
    assert (tmp_path / "finished").is_dir()
    assert "tee-checked" in run("modamoda history", tmp_path).stdout
    shutil.copy(samples / "tank-striped.jpg", tmp_path)
    once = run("modamoda watch ~/shoots/monday --out ~/watched --once", tmp_path)
    assert once.returncode == 0, once.stderr
    made = run("modamoda process ~/tank-striped.jpg --out ~/channels --template zalando --format jpg", tmp_path)
    assert made.returncode == 0, made.stderr
    (channel,) = (tmp_path / "channels").rglob("zalando/*.jpg")
    checked = run(f"modamoda templates check {channel} --template zalando", tmp_path)
    assert "Zalando" in checked.stdout
