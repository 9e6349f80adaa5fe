"""The card of the studio engine's libraries, and the sheet that tells of the program, over real files."""

import hashlib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from studio.engine.models.addon import Lock, Wheel
from studio.errors import StudioError
from studio.model import Newest
from studio.ui.dialogs import AboutSheet, _about_update
from tests.unit.models.test_addon import wheel_of


@pytest.fixture
def stick(tmp_path, studio, monkeypatch):
    """A folder with a tiny add-on; the studio takes its lock for the real one."""
    name, content = wheel_of("tiny", {"tiny.py": b"size = 3\n"})
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / name).write_bytes(content)
    known = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    wheel = Wheel(name="tiny", version="1.0", url=f"https://files.example/{name}", **known)
    monkeypatch.setattr(studio.addon, "lock", lambda device=None: Lock(python="3.11", kind="test-cpu", wheels=(wheel,)))
    return folder


def card_of(qtbot, window):
    window.show_page("system")
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=10_000)
    return window.page("system").addon


def test_it_installs_from_a_folder_verifies_and_removes(qtbot, window, studio, stick, monkeypatch):
    card = card_of(qtbot, window)
    assert card.install.isVisible()
    assert not card.remove.isVisible()
    monkeypatch.setattr("studio.ui.parts.addon_card.QFileDialog.getExistingDirectory", lambda *words: str(stick))
    qtbot.mouseClick(card.bring, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(card.remove.isVisible, timeout=10_000)
    assert studio.addon.installed().kind == "test-cpu"
    assert not card.bar.isVisible()
    with qtbot.waitSignal(window.desk.noticed) as told:
        qtbot.mouseClick(card.verify, Qt.MouseButton.LeftButton)
    assert told.args[0].title == "Verified"
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *about: answers.pop(0))
    qtbot.mouseClick(card.remove, Qt.MouseButton.LeftButton)
    assert studio.addon.installed()
    qtbot.mouseClick(card.remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(card.install.isVisible, timeout=10_000)
    assert studio.addon.installed() is None


def test_a_folder_that_lacks_a_file_is_told(qtbot, window, studio, stick, tmp_path, monkeypatch):
    card = card_of(qtbot, window)
    monkeypatch.setattr("studio.ui.parts.addon_card.QFileDialog.getExistingDirectory", lambda *words: str(tmp_path))
    with qtbot.waitSignal(window.desk.noticed) as told:
        qtbot.mouseClick(card.bring, Qt.MouseButton.LeftButton)
    assert "does not hold" in told.args[0].message
    qtbot.waitUntil(card.install.isVisible, timeout=10_000)
    assert studio.addon.installed() is None


def test_the_sheet_looks_for_updates_when_asked(qtbot, window, studio, monkeypatch):
    newest = Newest(version="99.0.0", page="https://modamoda.studio/download", issued_s=0)
    monkeypatch.setattr(studio, "look_for_updates", lambda: newest)
    sheet = AboutSheet(window.desk, window)
    qtbot.addWidget(sheet)
    qtbot.mouseClick(sheet.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "99.0.0" in sheet.updates.text(), timeout=5000)
    assert f'<a href="{newest.page}">' in sheet.updates.text()
    assert sheet.updates.textFormat() is Qt.TextFormat.RichText


def test_what_a_stranger_says_is_no_markup(qtbot):
    assert "<b>" not in _about_update(StudioError("Updates not known", "<b>bold</b>", ""))
