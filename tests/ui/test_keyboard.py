"""The window without a mouse: what Enter means in a sheet, where Tab leads."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSpinBox

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
    sheet = RuleSheet(account.cloud_rule(), account.snapshot(), window)
    sheet.open()
    QTest.keyClick(sheet.limit.findChild(QSpinBox), Qt.Key.Key_Return)
    assert sheet.isVisible()
    assert sheet.answer is None
    sheet.close()
