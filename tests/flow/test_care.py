"""What a whole run leaves behind for whoever helps, what it never writes down, and that it talks to nobody."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from studio import crash
from tests.flow.shoot import ROOT, Shoot

START = "import sys; from studio.cli import main; sys.exit(main())"
SAMPLES = ROOT / "resources" / "samples"
# Put first on Python's path: Python runs it at its start, in the worker too.
LISTENER = """
import os, sys
def hear(event, words):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
        if not (event == "socket.connect" and isinstance(words[1], (str, bytes))):
            with open(os.environ["HEARD"], "a") as stream:
                stream.write(f"{event} {words[1:]}\\n")
sys.addaudithook(hear)
with open(os.environ["HEARD"] + ".alive", "a") as stream:
    stream.write("here\\n")
"""


def written(home: Path) -> str:
    """Everything in the logs and in the crash reports."""
    files = [path for folder in ("logs", "crashes") for path in (home / folder).glob("*") if path.is_file()]
    return "".join(path.read_text(errors="replace") for path in files)


def test_a_fault_of_the_program_leaves_a_report_without_the_photos_name(shoot: Shoot) -> None:
    shoot.photo("tell-tale folder/tell-tale.jpg", bug=True)
    run = shoot.run("process", shoot.photos, "--out", shoot.out)
    (report,) = crash.reports(shoot.home / "crashes")
    assert str(report) in run.err
    assert "ZeroDivisionError" in report.read_text()
    assert "tell-tale" not in written(shoot.home)
    assert str(report.parent) in shoot.run("doctor").out


def test_a_worker_that_a_library_ends_leaves_a_report(shoot: Shoot) -> None:
    shoot.photo("tell-tale.jpg", abort=True)
    assert shoot.run("process", shoot.photos, "--out", shoot.out).status == 1
    text = crash.reports(shoot.home / "crashes")[-1].read_text()
    assert "Fatal Python error: Aborted" in text
    assert "tests/fakes/engine.py" in text
    assert "tell-tale" not in text


def process(home: Path, photos: Path, out: Path, *before: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the real program with its real engine."""
    return subprocess.run(
        [*before, sys.executable, "-c", START, "process", str(photos), "--out", str(out)],
        cwd=ROOT,
        env=os.environ | {"MODAMODA_HOME": str(home), "OMP_NUM_THREADS": "1"} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a tell-tale name: one photo that is finished, a damaged one, one that is none."""
    photos = tmp_path / "tell-tale shoot"
    photos.mkdir()
    sample = next(iter(sorted(SAMPLES.glob("*.jpg"))))
    shutil.copy(sample, photos / "tell-tale 1.jpg")
    (photos / "tell-tale 2.jpg").write_bytes(sample.read_bytes()[:5000])
    (photos / "tell-tale 3.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100)
    return photos


def test_a_real_run_writes_no_private_name_into_its_logs_and_opens_no_connection(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "listener").mkdir()
    (tmp_path / "listener" / "sitecustomize.py").write_text(LISTENER)
    heard = tmp_path / "heard"
    path = os.pathsep.join([str(tmp_path / "listener"), str(ROOT)])
    run = process(tmp_path / "home", shop, tmp_path / "out", HEARD=str(heard), PYTHONPATH=path)
    assert "2 failed" in run.stdout, run.stderr
    assert list((tmp_path / "out").rglob("tell-tale 1.png"))
    assert len((tmp_path / "heard.alive").read_text().splitlines()) >= 2  # the program and its worker were heard
    assert not heard.exists(), heard.read_text()
    assert "tell-tale" not in written(tmp_path / "home")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_the_operating_system_sees_no_connection_either(shop: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    run = process(tmp_path / "home", shop, tmp_path / "out", *f"strace -f -e trace=connect,sendto -o {seen}".split())
    assert "2 failed" in run.stdout, run.stderr
    calls = [line for line in seen.read_text().splitlines() if "connect(" in line or "sendto(" in line]
    assert [line for line in calls if "AF_UNIX" not in line] == []
