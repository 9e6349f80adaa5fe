"""What the desktop's application itself is told."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from studio.app import Home, Studio
from studio.ui.main import run

PROGRAM = """
import sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFileOpenEvent
from studio.ui.main import Application

app = Application(sys.argv[:1])
app.dropped.connect(lambda path: print(path))
QCoreApplication.sendEvent(app, QFileOpenEvent(sys.argv[1]))
"""


def test_what_is_dropped_on_the_icon_is_told_while_the_program_runs(tmp_path: Path) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str(tmp_path)


def without_its_folder(home: Path) -> None:
    home.write_text("not a folder")


def with_half_a_history(home: Path) -> None:
    Studio(Home(folder=home)).close()
    database = home / "jobs.sqlite3"
    size = database.stat().st_size
    with database.open("r+b") as damaged:
        damaged.seek(size // 2)
        damaged.write(b"?" * (size - size // 2))


@pytest.mark.parametrize("spoil", [without_its_folder, with_half_a_history])
def test_a_home_that_cannot_be_used_is_told_in_a_box(qapp, monkeypatch, tmp_path: Path, spoil) -> None:
    said = []
    monkeypatch.setattr(QMessageBox, "critical", lambda parent, title, text: said.append((title, text)))
    for module in (sys, threading):
        monkeypatch.setattr(module, "excepthook", module.excepthook)
    monkeypatch.setenv("MODAMODA_HOME", str(tmp_path / "home"))
    spoil(tmp_path / "home")
    assert run() == 1
    ((title, text),) = said
    assert title
    assert str(tmp_path / "home") in text
