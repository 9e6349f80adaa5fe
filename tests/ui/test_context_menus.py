"""The menus of items: opened by the pointer and by key, they offer what the page's buttons do."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu

from studio.model import JobChanged, JobStatus

# What the platform without a screen says of every menu.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
POINTER, KEY = QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard


def opened_menu(view: QAbstractItemView, row: int | None = None) -> QMenu | None:
    """What a right click on a row opens; without a row, what the menu key does."""
    if row is None:
        target, place, reason = view, view.rect().center(), KEY
    else:
        view.scrollTo(view.model().index(row, 0))
        place = view.visualRect(view.model().index(row, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=place)
        target, reason = view.viewport(), POINTER
    QCoreApplication.sendEvent(target, QContextMenuEvent(reason, place, target.mapToGlobal(place)))
    menu = QApplication.activePopupWidget()
    assert menu is None or isinstance(menu, QMenu)
    return menu


def offered(menu: QMenu) -> dict[str, bool]:
    """The lines with whether they can be chosen."""
    lines = [line for line in menu.actions() if not line.isSeparator()]
    return {line.text().partition("\t")[0]: line.isEnabled() for line in lines}


def choose(menu: QMenu, text: str) -> None:
    next(line for line in menu.actions() if line.text().partition("\t")[0] == text).trigger()
    menu.close()


@pytest.fixture
def history(qtbot, finished):
    finished.show_page("history")
    page = finished.page("history")
    qtbot.waitUntil(lambda: page.model.rowCount() == 4, timeout=5000)
    qtbot.waitUntil(lambda: finished.desk.background.is_idle, timeout=5000)
    return page


def test_a_right_click_in_the_history_offers_what_is_done_with_a_result(qtbot, history, finished, shoot):
    menu = opened_menu(history.table, 0)
    assert offered(menu) == {
        "Show in its shoot": True,
        "Open": True,
        "Show in folder": True,
        "Export…": True,
        "Process again": True,
    }
    choose(menu, "Show in its shoot")
    assert finished.page_name == "shoot"
    assert finished.desk.current == shoot / "second.jpg"
    finished.show_page("history")
    menu = opened_menu(history.table, 3)  # the one that failed
    assert (offered(menu)["Open"], offered(menu)["Process again"]) == (False, True)
    menu.close()


def test_the_menu_key_opens_the_menu_at_the_row_looked_at(qtbot, history):
    assert opened_menu(history.table) is None
    history.table.setCurrentIndex(history.model.index(2, 0))
    menu = opened_menu(history.table)
    row = history.table.visualRect(history.table.currentIndex())
    assert row.contains(history.table.viewport().mapFromGlobal(menu.pos()))
    menu.close()


def test_no_item_under_the_pointer_opens_no_menu(history):
    below = QPoint(20, history.table.viewport().height() - 5)
    viewport = history.table.viewport()
    QCoreApplication.sendEvent(viewport, QContextMenuEvent(POINTER, below, viewport.mapToGlobal(below)))
    assert QApplication.activePopupWidget() is None


def test_a_right_click_in_the_review_offers_the_verdicts(qtbot, finished, shoot):
    finished.show_page("review")
    page = finished.page("review")
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=5000)
    menu = opened_menu(page.list, 0)
    assert list(offered(menu)) == ["Approve", "Fix the mask", "Reject", "Open", "Show in folder", "Process again"]
    assert menu.actions()[0].text() == "Approve\tA"
    choose(menu, "Approve")
    qtbot.waitUntil((shoot.parent / "shoot-finished" / "doubtful.png").is_file, timeout=5000)


def test_a_right_click_in_the_queue_offers_what_can_be_done_about_a_job(qtbot, opened):
    opened.desk.set_paused(True)
    opened.desk.start()
    jobs, queue = opened.desk.jobs, opened.shoot.queue.list
    qtbot.waitUntil(lambda: jobs.rowCount() == 4, timeout=5000)
    names = [row.photo.stem for row in jobs.rows]
    menu = opened_menu(queue, 2)
    result = {"Show in its shoot": True, "Open": False, "Show in folder": False}
    lines = {"Do sooner": True, "Do later": True, "Do next of all": True, "Hold": True, "Do again": False}
    assert offered(menu) == result | lines | {"Cancel": True}
    choose(menu, "Do next of all")
    qtbot.waitUntil(lambda: jobs.rows[0].photo.stem == names[2], timeout=5000)
    menu = opened_menu(queue, 0)
    choose(menu, "Hold")
    qtbot.waitUntil(lambda: jobs.rows[0].held, timeout=5000)
    assert "Let go on" in offered(opened_menu(queue, 0))
    QApplication.activePopupWidget().close()


def test_a_line_of_the_queue_leads_to_its_photo_and_to_its_result(finished, shoot, monkeypatch):
    asked = []
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", lambda url: not asked.append(url))
    queue, out = finished.shoot.queue.list, shoot.parent / "shoot-finished"
    rows = {row.photo.stem: place for place, row in enumerate(finished.desk.jobs.rows)}
    finished.desk.choose(shoot / "broken.jpg")
    choose(opened_menu(queue, rows["front"]), "Show in its shoot")
    assert finished.desk.current == shoot / "front.jpg"
    for line in ("Open", "Show in folder"):
        choose(opened_menu(queue, rows["doubtful"]), line)
    assert [Path(url.toLocalFile()) for url in asked] == [out / "_review" / "doubtful.png", out / "_review"]
    menu = opened_menu(queue, rows["broken"])
    assert (offered(menu)["Show in its shoot"], offered(menu)["Open"]) == (True, False)
    menu.close()
    queue.scrollTo(queue.model().index(rows["second"], 0))
    place = queue.visualRect(queue.model().index(rows["second"], 0)).center()
    QTest.mouseClick(queue.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(queue.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert finished.desk.current == shoot / "second.jpg"


def test_the_page_keys_turn_the_pages_of_the_queue_where_it_has_the_focus(opened, shoot):
    jobs, queue = opened.desk.jobs, opened.shoot.queue.list
    waiting = JobChanged(job_id="", photo=shoot / "front.jpg", status=JobStatus.QUEUED)
    for place in range(60):
        jobs.on_job_changed(replace(waiting, job_id=f"{place:03}"))
    opened.desk.choose(shoot / "broken.jpg")
    queue.setFocus()
    queue.setCurrentIndex(jobs.index(0))
    for _ in range(3):
        QTest.keyClick(queue, Qt.Key.Key_PageDown)
    assert queue.verticalScrollBar().value() > 0
    assert opened.desk.current == shoot / "broken.jpg"
    for _ in range(3):
        QTest.keyClick(queue, Qt.Key.Key_PageUp)
    assert queue.verticalScrollBar().value() == 0
    assert opened.desk.current == shoot / "broken.jpg"
    QTest.keyClick(opened.shoot.browser.list, Qt.Key.Key_PageDown)
    assert opened.desk.current == shoot / "doubtful.jpg"
