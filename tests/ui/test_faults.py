"""A fault nobody foresaw: a report on the disk and a notice, whichever thread it came from."""

import sys
import threading
from pathlib import Path

import pytest

from studio import crash
from studio.ui.faults import Faults


@pytest.fixture
def faults(qapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MODAMODA_HOME", str(tmp_path))
    before = sys.excepthook, threading.excepthook, sys.__excepthook__
    sys.__excepthook__ = lambda *words: None
    listening = Faults()
    listening.listen()
    yield listening
    sys.excepthook, threading.excepthook, sys.__excepthook__ = before


def fail() -> None:
    raise ZeroDivisionError("/shoots/tell-tale/a.jpg")


def test_a_fault_in_the_window_is_written_down_and_told(faults, qtbot, tmp_path: Path):
    with qtbot.waitSignal(faults.noticed) as told:
        try:
            fail()
        except ZeroDivisionError:
            sys.excepthook(*sys.exc_info())
    (report,) = crash.reports(tmp_path / "crashes")
    assert str(report) in told.args[0].hint
    assert "tell-tale" not in report.read_text()


def test_a_fault_in_a_thread_is_told_as_well(faults, qtbot, tmp_path: Path):
    with qtbot.waitSignal(faults.noticed):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert "ZeroDivisionError" in crash.reports(tmp_path / "crashes")[0].read_text()
