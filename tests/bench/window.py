"""How long the window's event loop stalls while a batch of 200 jobs runs, and what memory it takes.

    QT_QPA_PLATFORM=offscreen .venv/bin/python -m tests.bench.window [JOBS]

A timer that should fire every 5 ms writes down by how much it was late; the engine is a fake one that copies photos.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio.app import Home, Studio
from studio.ui.first_run import SEEN
from studio.ui.main import Desktop

TICK_MS = 5


class Watch(QObject):
    """Writes down every interval between two ticks of the event loop."""

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late_ms.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now


def main(jobs: int) -> None:
    app = QApplication([])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shoot = make_shoot(folder / "shoot", jobs)
        desktop = Desktop(app, Studio(Home(folder=folder / "home"), engine="tests.fakes.pictures"))
        desktop.state.keep_text(SEEN, "yes")
        desktop.window.resize(1440, 900)
        desktop.window.show()
        desk = desktop.window.desk
        watch = Watch()
        desktop.window.open(shoot)
        wait(app, lambda: desk.shots.rowCount() == jobs)
        started = time.perf_counter()
        desk.start()
        wait(app, lambda: sum(row.is_finished for row in desk.shots.rows) == jobs)
        report(watch, jobs, time.perf_counter() - started)
        desktop.window.close()
        desktop.close()


def make_shoot(folder: Path, jobs: int) -> Path:
    folder.mkdir(parents=True)
    for number in range(jobs):
        picture = Image.new("RGB", (900, 1200), (200, 200, number % 256))
        picture.save(folder / f"{number:04}.jpg", quality=90)
    return folder


def wait(app: QApplication, done: object) -> None:
    until = time.monotonic() + 600
    while not done() and time.monotonic() < until:  # type: ignore[operator]
        app.processEvents()
        time.sleep(0.001)


def report(watch: Watch, jobs: int, seconds: float) -> None:
    late = sorted(watch.late_ms)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{jobs} jobs in {seconds:.1f} s, {len(late)} ticks")
    for share in (0.5, 0.99, 0.999):
        print(f"  stall at the {share:.1%} mark: {late[int(len(late) * share)]:.1f} ms")
    print(f"  longest stall: {late[-1]:.1f} ms; peak memory of the window's process: {memory_mb:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
