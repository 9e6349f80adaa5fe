"""The menus: each command does what it says, on the page that is seen, and is grey where it has nothing to do."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from studio.ui.canvas.scene import Compare, Overlay
from studio.ui.models.shots import Mark
from tests.ui.test_mask import open_editor

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def menu(window, title: str) -> QMenu:
    return next(action.menu() for action in window.menuBar().actions() if action.text() == title)


def action(window, title: str, text: str) -> QAction:
    return next(action for action in menu(window, title).actions() if action.text() == text)


def enabled(window, title: str) -> set[str]:
    """What the menu offers when it is opened."""
    opened = menu(window, title)
    opened.aboutToShow.emit()
    offered = {action.text() for action in opened.actions() if action.isEnabled() and action.text()}
    opened.aboutToHide.emit()
    return offered


def test_every_page_has_a_menu_line_and_a_key(qtbot, window):
    for place, (name, text) in enumerate(window.page_titles, 1):
        action(window, "&Window", text).trigger()
        assert window.page_name == name
        window.show_page("shoot")
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + place), ALT)
        assert window.page_name == name
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=10_000)


def test_every_command_of_the_view_can_be_triggered(qtbot, finished, shoot):
    finished.desk.choose(shoot / "front.jpg")
    canvas = finished.shoot.viewer.canvas
    qtbot.waitUntil(lambda: canvas.scene.after is not None, timeout=5000)
    for each in menu(finished, "&View").actions():
        each.trigger()
    assert canvas.scene.compare is Compare.AFTER
    assert canvas.scene.shown == set(Overlay)
    qtbot.waitUntil(lambda: finished.desk.background.is_idle, timeout=10_000)


def test_commands_of_the_shoot_leave_it_alone_while_another_page_is_seen(qtbot, finished, shoot):
    finished.desk.choose(shoot / "broken.jpg")
    finished.show_page("history")
    history = finished.page("history")
    qtbot.waitUntil(lambda: history.model.rowCount() == 4, timeout=5000)
    history.table.setFocus()
    history.table.selectRow(0)
    for key, modifier in ((Qt.Key.Key_0, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_E, CTRL)):
        QTest.keyClick(history.table, key, modifier)
    QTest.keyClick(history.table, Qt.Key.Key_PageDown)
    assert finished.desk.current == shoot / "broken.jpg"
    assert finished.desk.row.mark is Mark.NONE
    assert not finished.shoot.editor.is_open
    assert history.table.currentIndex().row() == 3
    QTest.keyClick(history.table, Qt.Key.Key_F, CTRL)
    assert history.fields.search.hasFocus()


def test_the_view_of_the_review_is_its_own(qtbot, finished, shoot):
    finished.desk.choose(shoot / "front.jpg")
    finished.show_page("review")
    page = finished.page("review")
    qtbot.waitUntil(lambda: page.viewer.canvas.scene.after is not None, timeout=5000)
    shown, hidden = page.viewer.canvas, finished.shoot.viewer.canvas
    before = shown.view.scale, hidden.view.scale
    QTest.keyClick(page, Qt.Key.Key_Plus, CTRL)
    QTest.keyClick(page, Qt.Key.Key_A, SHIFT)
    assert shown.view.scale > before[0]
    assert hidden.view.scale == before[1]
    assert shown.scene.compare is Compare.AFTER


def test_what_has_nothing_to_do_is_grey(qtbot, window, shoot, monkeypatch):
    assert enabled(window, "&Edit") == set()
    assert enabled(window, "&View") == {"Queue"}
    assert enabled(window, "&Shot") == set()
    window.open(shoot)
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == 4, timeout=5000)
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=5000)
    assert "Before" not in enabled(window, "&View")
    editor = open_editor(qtbot, window, monkeypatch, shoot / "front.jpg")
    assert enabled(window, "&Edit") == {"Edit the mask", "Edit the pose"}
    assert {"Zoom in", "Show the garment in blue"} <= enabled(window, "&View")
    assert {"Start", "Process again", "Star", "Next shot"} <= enabled(window, "&Shot")
    editor.close()
    window.show_page("settings")
    assert enabled(window, "&View") | enabled(window, "&Edit") | enabled(window, "&Shot") == set()


@pytest.mark.parametrize("key", [Qt.Key.Key_1, Qt.Key.Key_0])
def test_a_mark_concerns_all_shots_that_are_selected(opened, key):
    shots = opened.shoot.browser.list
    shots.setFocus()
    shots.selectAll()
    given = Mark.STAR if key == Qt.Key.Key_1 else Mark.REJECT
    opened.desk.mark([opened.desk.shots.rows[0].shot.front], given)
    QTest.keyClick(shots, key)
    assert {row.mark for row in opened.desk.shots.rows} == {given}
    QTest.keyClick(shots, key)
    assert {row.mark for row in opened.desk.shots.rows} == {Mark.NONE}
