"""A shoot on disk and the program run on it as a real process, with the scriptable engine of `tests.fakes`."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from studio.cli import main
from studio.files import sha256_of
from studio.jobs.locks import remove_dead
from studio.jobs.store import Store
from studio.model import HistoryEntry, JobStatus, ResultFile

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-m", "tests.flow.modamoda"]


@dataclass(frozen=True)
class Run:
    """A finished run of the program."""

    status: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """What `--json` printed; every line must be one whole object."""
        return [json.loads(line) for line in self.out.splitlines()]

    def photos(self, event: str) -> list[str]:
        """The names of the photos of one kind of event, sorted."""
        return sorted(Path(line["photo"]).name for line in self.events if line["event"] == event)


class Shoot:
    """A folder of scripted photos, an output folder, and a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.photos = folder / "shoot"
        self.out = folder / "out"
        self.home = folder / "home"
        self.photos.mkdir()

    def photo(self, name: str, **script: Any) -> Path:
        """Put a photo into the shoot, with what the engine is to do with it."""
        path = self.photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"text": name} | script))
        return path

    def run(self, *words: object) -> Run:
        """Run the program to its end: in this process, which spares an import; its worker is a process all the same."""
        out, err = io.StringIO(), io.StringIO()
        before, handler = os.environ.get("MODAMODA_HOME"), signal.getsignal(signal.SIGTERM)
        os.environ["MODAMODA_HOME"] = str(self.home)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main([str(word) for word in words], engine="tests.fakes.engine")
        finally:
            signal.signal(signal.SIGTERM, handler)
            os.environ.pop("MODAMODA_HOME")
            if before is not None:
                os.environ["MODAMODA_HOME"] = before
        return Run(status, out.getvalue(), err.getvalue())

    def process(self, *words: object) -> Run:
        """`modamoda process SHOOT --out OUT --json` and more words."""
        return self.run("process", self.photos, "--out", self.out, "--json", *words)

    def started(self, *words: object) -> "subprocess.Popen[str]":
        """Start the program."""
        environment = os.environ | {"MODAMODA_HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        command = [*PROGRAM, *(str(word) for word in words)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment, cwd=self.photos.parent)

    def started_processing(self, *words: object) -> "subprocess.Popen[str]":
        """Start `modamoda process SHOOT --out OUT --json`."""
        return self.started("process", self.photos, "--out", self.out, "--json", *words)

    def finished(self, process: "subprocess.Popen[str]", timeout_s: float = 60) -> Run:
        """Wait for the program's end."""
        out, err = process.communicate(timeout=timeout_s)
        return Run(process.returncode, out, err)

    def history(self) -> list[HistoryEntry]:
        """Every job in the home, newest first."""
        with Store(self.home / "jobs.sqlite3") as store:
            return store.history()

    def statuses(self) -> dict[str, int]:
        """How many jobs stand where."""
        return dict(Counter(entry.job.status.value for entry in self.history()))

    def results(self) -> list[str]:
        """Every file below the output folder, hidden ones too, sorted."""
        return sorted(path.relative_to(self.out).as_posix() for path in self.out.rglob("*") if path.is_file())

    def assert_finished_once(self, stems: list[str]) -> None:
        """Every photo has its two files, whole; there is nothing else, nothing twice, no job left."""
        expected = sorted(name for stem in stems for name in (f"{stem}.png", f"{stem}.report.json"))
        assert self.results() == expected
        for entry in self.history():
            assert entry.job.status is JobStatus.DONE
            assert all(file.path.is_file() for file in entry.files)
        for name in expected:
            if name.endswith(".png"):
                assert (self.out / name).read_bytes().startswith(b"png of ")
            else:
                json.loads((self.out / name).read_text())
        assert len(self.history()) == len(stems)
        wait_until(lambda: not self.living_locks())

    def living_locks(self) -> list[Path]:
        """The locks that somebody alive holds; a worker may outlive its parent by a moment."""
        remove_dead(self.home / "workers")
        return list((self.home / "workers").glob("*.lock"))

    def ours(self, name: str) -> bool:
        """Whether the recorded hash of a result is that of the file on the disk."""
        path = self.out / name
        return ResultFile(path=path, sha256=sha256_of(path)) in [
            file for entry in self.history() for file in entry.files
        ]


def worker_of(process: "subprocess.Popen[str]", *, within_s: float = 60) -> psutil.Process:
    """The worker of a running program."""
    parent = psutil.Process(process.pid)
    found: list[psutil.Process] = []

    def look() -> bool:
        with contextlib.suppress(psutil.Error):
            found[:] = [child for child in parent.children() if "studio.jobs.worker" in child.cmdline()]
        return bool(found)

    wait_until(look, within_s)
    return found[0]


def wait_until(condition: Callable[[], bool], within_s: float = 60) -> None:
    """Return when the condition holds; fail when it does not in time."""
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, "this did not happen in time"
        time.sleep(0.02)
