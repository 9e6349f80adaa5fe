"""A window over a real studio with a fake engine; whatever it leaves behind fails the test."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.app import Home, Studio
from studio.model import JobStatus
from studio.ui.main import Desktop
from studio.ui.state import State
from studio.ui.window import MainWindow
from tests.fakes.forked import quick_workers

NAMES = ("front", "second", "doubtful", "broken")


@pytest.fixture(scope="session", autouse=True)
def workers_are_quick() -> Iterator[None]:
    with quick_workers():
        yield


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio(Home(folder=tmp_path / "home"), engine="tests.fakes.pictures") as made:
        yield made


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    folder = tmp_path / "shoot"
    folder.mkdir()
    for place, name in enumerate(NAMES):
        picture = Image.new("RGB", (240, 320), (200, 200, 200))
        picture.paste((40 + 30 * place, 60, 120), (60, 80, 180, 260))
        picture.save(folder / f"{name}.jpg", quality=95)
    return folder


@pytest.fixture
def desktop(qtbot, studio: Studio) -> Iterator[Desktop]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = set(threading.enumerate())
    state = State(studio.home.folder)
    state.keep_text("language", "en")
    state.keep_text("theme", "dark")
    state.save()
    made = Desktop(app, studio)
    made.window.resize(1440, 900)  # the screen of the tests is smaller than a photographer's
    with qtbot.waitExposed(made.window):
        made.window.show()
    yield made
    # A key pressed with Ctrl leaves Ctrl held for Qt, and what is selected by the next test would be toggled.
    QTest.keyClick(made.window, Qt.Key.Key_Shift)
    made.window.close()
    made.close()
    timers = [timer for timer in made.window.findChildren(QTimer) if timer.isActive()]
    made.setParent(None)
    made.window.deleteLater()
    made.deleteLater()
    # Windows that stay alive are styled again with every window after them.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [thread for thread in set(threading.enumerate()) - before if "Dummy" not in thread.name]
    assert not left, f"threads left over: {left}"
    assert not timers, f"timers left over: {timers}"


@pytest.fixture
def window(desktop: Desktop) -> MainWindow:
    return desktop.window


@pytest.fixture
def opened(qtbot, window: MainWindow, shoot: Path) -> MainWindow:
    """The window with the shoot open and its first photograph on the canvas."""
    window.open(shoot)
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == len(NAMES), timeout=5000)
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=5000)
    return window


@pytest.fixture
def finished(qtbot, opened: MainWindow) -> MainWindow:
    """The window after its shoot was processed."""
    opened.desk.start()
    open_ = (JobStatus.QUEUED, JobStatus.RUNNING, None)
    qtbot.waitUntil(lambda: all(row.status not in open_ for row in opened.desk.shots.rows), timeout=20_000)
    qtbot.waitUntil(lambda: opened.desk.background.is_idle, timeout=5000)
    return opened
