"""What the desktop's application itself is told."""

import os
import subprocess
import sys
from pathlib import Path

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
