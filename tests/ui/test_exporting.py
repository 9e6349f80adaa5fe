"""Files for sales channels from the window: chosen, made off the GUI thread, told, shown."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from studio.app import Home, Studio
from studio.model import ChannelFile, JobStatus, Mode, Recipe, RuleCheck, RuleKind, Verdict
from studio.settings import resources
from studio.ui.exporting import Exported, export
from studio.ui.parts.export_sheet import ExportSheet


@pytest.fixture
def studio(tmp_path):
    with Studio(Home(folder=tmp_path / "home")) as made:
        yield made


@pytest.fixture
def shoot(tmp_path):
    folder = tmp_path / "shoot"
    folder.mkdir()
    shutil.copy(resources() / "samples" / "tank-striped.jpg", folder)
    return folder


@pytest.fixture
def done(qtbot, window, shoot):
    """The window after the real engine made a cut-out and kept its master."""
    plain = Recipe(mode=Mode.CUTOUT)
    recipe = replace(plain, output=replace(plain.output, layers=True))
    window.open(shoot)
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == 1, timeout=5000)
    window.desk.set_recipe(recipe)
    window.desk.start()
    qtbot.waitUntil(lambda: window.desk.shots.rows[0].is_finished, timeout=60_000)
    if window.desk.studio.review.waiting():
        window.desk.verdicts.approve(window.desk.studio.review.waiting())
    qtbot.waitUntil(lambda: not window.desk.studio.review.waiting(), timeout=5000)
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=5000)
    return window


def texts(widget):
    return " | ".join(label.text() for label in widget.findChildren(QLabel))


def sheet_of(qtbot, window):
    window.shoot.browser.list.selectAll()
    window.export_shots()
    qtbot.waitUntil(lambda: window.findChild(ExportSheet) is not None, timeout=5000)
    return window.findChild(ExportSheet)


def test_channels_get_their_files_and_a_notice_shows_where(qtbot, done, tmp_path, monkeypatch):
    sheet = sheet_of(qtbot, done)
    assert not sheet.go.isEnabled()
    sheet.channels.boxes["square"].click()
    sheet.channels.boxes["shopify"].click()
    sheet.folder = tmp_path / "files"
    qtbot.waitUntil(sheet.go.isEnabled, timeout=5000)
    sheet.go.click()
    qtbot.waitUntil(lambda: bool(done.notices.cards), timeout=60_000)
    made = sorted(path.parent.name for path in (tmp_path / "files").rglob("tank-striped.*"))
    assert made == ["shopify", "square"]
    card = done.notices.cards[-1]
    assert str(tmp_path / "files") in texts(card)
    opened = []
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", lambda url: not opened.append(url))
    next(button for button in card.findChildren(QPushButton) if button.text() == "Show").click()
    assert opened[0].toLocalFile() == str(tmp_path / "files")


@pytest.mark.slow
def test_a_result_without_a_master_is_told_before_the_export_and_made_again_with_one(qtbot, done, tmp_path):
    shutil.rmtree(next((tmp_path / "shoot-finished").glob("*.layers")))
    sheet = sheet_of(qtbot, done)
    qtbot.waitUntil(lambda: "no master was kept" in texts(sheet), timeout=5000)
    sheet.channels.boxes["square"].click()
    assert not sheet.go.isEnabled()
    sheet.again.click()
    qtbot.waitUntil(lambda: bool(list((tmp_path / "shoot-finished").rglob("*.layers"))), timeout=60_000)


def test_what_is_selected_and_not_exported_is_told(qtbot, window):
    waiting = SimpleNamespace(job=SimpleNamespace(status=JobStatus.NEEDS_REVIEW), files=("a.png",))
    good = SimpleNamespace(job=SimpleNamespace(status=JobStatus.DONE), files=(SimpleNamespace(path=Path("b.png")),))
    sheet = ExportSheet(window.desk, [waiting, good], window, unmade=1)
    qtbot.waitUntil(lambda: sheet._without is not None, timeout=5000)
    assert "2 of those selected are not finished" in sheet.words.text()


def test_the_rules_that_an_export_breaks_are_named(qtbot, window, monkeypatch):
    sheet = ExportSheet(window.desk, [], window)
    broken = (("square", RuleKind.WIDTH), ("square", RuleKind.BACKGROUND), ("zalando", RuleKind.BYTES))
    sheet._say(Exported(written=1, broken=2, rules=broken))
    said = texts(window.notices.cards[-1])
    assert "Square (width, background); Zalando (size of the file)" in said


def test_an_export_tells_each_broken_rule_once(monkeypatch, tmp_path):
    check = RuleCheck(rule=RuleKind.BYTES, verdict=Verdict.BROKEN, measured="3 MB")
    made = ChannelFile(template="square", file="a.jpg", transforms=(), checks=(check,))
    entries = [SimpleNamespace(files=()), SimpleNamespace(files=())]
    monkeypatch.setattr("studio.ui.exporting._masters", lambda studio, entry: [tmp_path])
    studio = SimpleNamespace(channels=SimpleNamespace(find=str, export=lambda *about: [made]))
    done = export(studio, entries, ["square"], tmp_path, lambda through: None, threading.Event())
    assert done.rules == (("square", RuleKind.BYTES),)
    assert done.broken == 2
