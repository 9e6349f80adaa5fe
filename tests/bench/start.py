"""How long it takes from the command to a window that can be used.

    QT_QPA_PLATFORM=offscreen .venv/bin/python -m tests.bench.start [RUNS]

Each run is a process of its own, as `modamoda` is. Cold runs come after the files of the program and of its libraries
were put out of the system's memory; the first home is one that does not exist yet. Usable means: painted, and the event
loop has nothing left to do. Processor seconds are told too, because the clock also counts what else the computer does.
"""

import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

CODE = """
import json, os, resource, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from studio.app import Home, Studio
from studio.ui.main import Desktop
app = QApplication([])
desktop = Desktop(app, Studio(Home(folder=Path(sys.argv[1]))))
desktop.window.resize(1440, 900)
desktop.window.show()
while not desktop.window.isVisible() or not desktop.window.grab().width():
    app.processEvents()
app.processEvents()
used = resource.getrusage(resource.RUSAGE_SELF)
told = {"ready": time.time(), "seconds": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}
print(json.dumps(told), flush=True)
desktop.window.close()
desktop.close()
"""


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        measured = {
            "first home, cold": [start(Path(folder) / f"new {run}", cold=True) for run in range(runs)],
            "existing home, cold": [start(home, cold=True) for _ in range(runs)],
            "existing home, warm": [start(home) for _ in range(runs)],
        }
    for what, found in measured.items():
        clock, processor, memory = (statistics.median(one[place] for one in found) for place in range(3))
        print(f"{what}: median {clock:.2f} s, {processor:.2f} s of a processor, {memory:.0f} MB ({runs} runs)")
    print(f"load {os.getloadavg()[0]:.1f}")


def start(home: Path, *, cold: bool = False) -> tuple[float, float, float]:
    """Start once: seconds by the clock, processor seconds, peak memory in MB."""
    if cold:
        forget(Path(sysconfig.get_paths()["purelib"]), Path(__file__).parents[2] / "studio")
    began = time.time()
    told = subprocess.run([sys.executable, "-c", CODE, str(home)], capture_output=True, text=True, check=True).stdout
    found = json.loads(told.splitlines()[0])
    return found["ready"] - began, found["seconds"], found["mb"]


def forget(*folders: Path) -> None:
    """Put the files below these folders out of the system's memory, where it lets us (Linux)."""
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
