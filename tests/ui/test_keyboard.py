"""The window without a mouse: who has the keys, what Enter means in a sheet, where Tab leads."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QPushButton, QScrollArea, QSpinBox

from studio.ui.canvas.scene import Compare
from studio.ui.parts.account_rule import RuleSheet
from studio.ui.parts.export_sheet import ExportSheet
from studio.ui.parts.pairs_sheet import PairsSheet


def pushed(sheet, text):
    return next(each for each in sheet.findChildren(QPushButton) if each.text() == text)


@pytest.fixture
def pairs(qtbot, opened, shoot):
    sheet = PairsSheet(opened.desk, shoot, opened)
    sheet.open()
    qtbot.waitUntil(lambda: sheet.table.rowCount() == 4, timeout=10_000)
    return sheet


def test_enter_takes_over_a_cell_of_the_pairs_and_forgets_nothing(qtbot, pairs, opened, monkeypatch):
    forgotten = []
    monkeypatch.setattr(opened.desk.studio.shoots, "forget", forgotten.append)
    pairs.table.setFocus()
    pairs.table.setCurrentCell(0, 2)
    QTest.keyClick(pairs.table, Qt.Key.Key_F2)
    editor = pairs.table.findChild(QLineEdit)
    editor.setText("SKU 9")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: pairs.table.item(0, 2).text() == "SKU 9", timeout=1000)
    QTest.keyClick(pairs.table, Qt.Key.Key_Return)
    assert pairs.isVisible()
    QTest.keyClick(pairs.how.findChild(QComboBox), Qt.Key.Key_Return)
    assert not pairs.isVisible()
    assert pairs.result() == PairsSheet.DialogCode.Accepted
    assert forgotten == []


def test_enter_on_another_button_of_a_sheet_presses_that_one(pairs):
    close = pushed(pairs, "Close")
    close.setFocus()
    QTest.keyClick(close, Qt.Key.Key_Return)
    assert pairs.result() == PairsSheet.DialogCode.Rejected


def test_tab_leads_from_the_pairs_through_what_they_show_to_the_buttons(pairs):
    pairs.table.setFocus()
    pairs.table.setCurrentCell(0, 0)
    reached = []
    for _ in range(6):
        QTest.keyClick(pairs.focusWidget(), Qt.Key.Key_Tab)
        reached.append(pairs.focusWidget().accessibleName())
    assert reached == [*(f"What {row.photo.name} shows" for row in pairs._shown), "Forget corrections", "Close"]


def test_keys_step_through_a_shoot_as_soon_as_it_is_open(opened):
    assert_that_keys_step(opened)


def test_keys_step_through_the_shoot_after_a_press_on_start(qtbot, opened):
    opened.desk.set_paused(True)
    start = opened.shoot.start_bar.start
    start.setFocus()
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.desk.jobs.rowCount() == 4, timeout=5000)
    assert_that_keys_step(opened)


def test_keys_step_through_the_shoot_in_another_theme(qtbot, desktop, opened):
    desktop.rebuild()
    qtbot.waitUntil(lambda: desktop.window.desk.shots.rowCount() == 4, timeout=5000)
    assert_that_keys_step(desktop.window)


def test_keys_step_through_a_shoot_that_the_empty_window_s_button_opened(qtbot, window, shoot, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *asked: str(shoot))
    pushed(window.shoot.browser, "Open folder…").setFocus()
    window.ask_folder()
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == 4, timeout=5000)
    assert_that_keys_step(window)


def test_a_shoot_that_opens_takes_no_key_from_who_writes(qtbot, opened):
    opened.search()
    with qtbot.waitSignal(opened.desk.folder_changed):
        opened.desk.reload()
    assert opened.focusWidget() is opened.shoot.browser.search


def assert_that_keys_step(window):
    assert window.focusWidget() is window.shoot.browser.list
    before = window.desk.current
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_PageDown)
    assert window.desk.current != before


def test_the_photograph_is_not_held_once_the_keys_go_elsewhere(qtbot, opened):
    canvas = opened.shoot.viewer.canvas
    canvas.show_scene(canvas.scene.evolve(compare=Compare.AFTER))
    canvas.setFocus()
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.scene.compare is Compare.BEFORE
    opened.search()
    assert canvas.scene.compare is Compare.AFTER


def test_enter_in_the_export_does_not_ask_for_a_folder(window):
    sheet = ExportSheet(window.desk, [], window)
    sheet.open()
    assert [each.text() for each in sheet.findChildren(QPushButton) if each.isDefault()] == ["Export"]
    sheet.close()


def test_enter_after_a_number_agrees_to_no_price_and_ends_no_rule(window):
    account = window.desk.studio.account
    sheet = RuleSheet(account.cloud.rule(), account.snapshot(), window)
    sheet.open()
    QTest.keyClick(sheet.limit.findChild(QSpinBox), Qt.Key.Key_Return)
    assert sheet.isVisible()
    assert sheet.answer is None
    sheet.close()


def test_it_is_seen_what_has_the_keys(qtbot, opened):
    opened.activateWindow()
    shoot, settings = opened.shoot, opened.page("settings")
    for page, seen in (
        ("shoot", [shoot.start_bar.panel, shoot.side.tabBar(), shoot.inspector.findChild(QScrollArea)]),
        ("settings", [settings.findChild(QScrollArea), settings.findChild(QComboBox), settings.findChild(QCheckBox)]),
    ):
        opened.show_page(page)
        for widget in seen:
            opened.page(page).setFocus()
            without = widget.grab().toImage()
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            assert widget.hasFocus()
            assert widget.grab().toImage() != without, widget
    assert shoot.start_bar.panel.isChecked()
