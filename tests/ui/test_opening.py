"""Which shoot is open and which photo is looked at: after a drop, from another page, in another theme, the next day."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent
from PySide6.QtTest import QTest

from studio.model import Format, JobChanged, JobStatus
from studio.ui.desk import Desk
from studio.ui.state import State


def test_a_dropped_photo_is_looked_at_in_its_folder(qtbot, window, shoot):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(shoot / "second.jpg"))])
    where, how = QPointF(300, 300), Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(where, how, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == 4, timeout=5000)
    assert window.desk.current == shoot / "second.jpg"


def test_a_folder_that_is_slow_to_list_does_not_replace_the_one_opened_after_it(
    qtbot, window, shoot, tmp_path, monkeypatch
):
    slow, plan, may_end = shutil.copytree(shoot, tmp_path / "slow"), window.desk.studio.work.plan, threading.Event()

    def planned(order):
        if order.paths == (slow,):
            may_end.wait(5)
        return plan(order)

    monkeypatch.setattr(window.desk.studio.work, "plan", planned)
    window.open(slow)
    window.desk.open_paths([shoot / "second.jpg"])
    window.desk.open_folder(shoot)
    qtbot.waitUntil(lambda: window.desk.current == shoot / "second.jpg", timeout=5000)
    may_end.set()
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=5000)
    assert window.desk.folder == shoot
    assert window.desk.current == shoot / "second.jpg"


def test_a_photo_of_another_shoot_is_fixed_where_it_lies(qtbot, finished, shoot, tmp_path):
    another = shutil.copytree(shoot, tmp_path / "another")
    finished.open(another)
    qtbot.waitUntil(lambda: finished.desk.folder == another, timeout=5000)
    finished.show_page("review")
    page = finished.page("review")
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=5000)
    page.fix()
    assert finished.page_name == "shoot"
    qtbot.waitUntil(lambda: finished.shoot.editor.is_open, timeout=5000)
    assert finished.shoot.viewer.photo == shoot / "doubtful.jpg"
    qtbot.waitUntil(lambda: finished.desk.background.is_idle, timeout=10_000)


def test_a_row_of_the_history_leads_to_its_photo(qtbot, finished, shoot, tmp_path):
    finished.open(shutil.copytree(shoot, tmp_path / "another"))
    qtbot.waitUntil(lambda: finished.desk.folder == tmp_path / "another", timeout=5000)
    finished.show_page("history")
    page = finished.page("history")
    qtbot.waitUntil(lambda: page.model.rowCount() == 4, timeout=5000)
    names = [page.model.index(row, 0).data() for row in range(4)]
    index = page.model.index(names.index("second.jpg"), 0)
    where = page.table.visualRect(index).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QTest.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert finished.page_name == "shoot"
    qtbot.waitUntil(lambda: finished.desk.current == shoot / "second.jpg", timeout=5000)


def test_a_shot_that_is_clicked_twice_opens_its_result(qtbot, finished, shoot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: not opened.append(Path(url.toLocalFile())))
    shots = finished.shoot.browser.list
    where = shots.visualRect(finished.desk.filtered.mapFromSource(finished.desk.shots.find(shoot / "second.jpg")))
    QTest.mouseClick(shots.viewport(), Qt.MouseButton.LeftButton, pos=where.center())
    QTest.mouseDClick(shots.viewport(), Qt.MouseButton.LeftButton, pos=where.center())
    qtbot.waitUntil(lambda: opened == [shoot.parent / "shoot-finished" / "second.png"], timeout=5000)


def test_a_shot_whose_job_is_still_read_opens_once_it_is_here(qtbot, finished, shoot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: not opened.append(Path(url.toLocalFile())))
    panel = finished.shoot.result
    for name in ("second", "front"):
        finished.desk.choose(shoot / f"{name}.jpg")
        panel.open_result()  # the thread that reads cannot have answered: its answer waits for the event loop
        assert not opened
    qtbot.waitUntil(lambda: finished.desk.background.is_idle, timeout=5000)
    assert opened == [shoot.parent / "shoot-finished" / "front.png"]


def test_a_result_that_is_gone_or_has_no_program_is_told_instead_of_nothing(finished, shoot, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    result = shoot.parent / "shoot-finished" / "second.png"
    finished.desk.open_outside(result)
    result.unlink()
    finished.desk.open_outside(result)
    *_, without, gone = [card.notice.message for card in finished.notices.cards]
    assert without == f"The system has no program that opens {result}."
    assert gone == f"{result} is not there any more."


def test_the_shoot_that_was_open_last_is_open_the_next_day(qtbot, desktop, shoot):
    desktop.reopen()
    assert desktop.window.desk.background.is_idle
    desktop.state.add_recent(shoot)
    desktop.reopen()
    qtbot.waitUntil(lambda: desktop.window.desk.folder == shoot, timeout=5000)


def test_the_recipe_and_the_queue_stay_in_another_theme(qtbot, desktop, shoot):
    desktop.window.open(shoot)
    qtbot.waitUntil(lambda: desktop.window.desk.shots.rowCount() == 4, timeout=5000)
    desk = desktop.window.desk
    recipe = replace(desk.recipe, output=replace(desk.recipe.output, format=Format.JPG))
    desk.set_recipe(recipe)
    desk.set_paused(True)
    desk.start()
    qtbot.waitUntil(lambda: desk.jobs.rowCount() == 4, timeout=5000)
    desktop.state.keep_text("theme", "light")
    desktop.rebuild()
    window = desktop.window
    assert window.desk.recipe == recipe
    assert window.shoot.inspector.form.recipe == recipe
    assert window.desk.is_busy
    assert {row.recipe for row in window.desk.jobs.rows} == {"invisible"}
    assert window.shoot.start_bar.stop.isVisibleTo(window)
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == 4, timeout=5000)


def test_a_change_of_theme_leaves_nothing_of_the_old_window(qtbot, desktop, shoot):
    desktop.window.open(shoot)
    qtbot.waitUntil(lambda: desktop.window.desk.shots.rowCount() == 4, timeout=5000)
    desktop.rebuild()
    qtbot.waitUntil(lambda: desktop.findChildren(Desk) == [desktop.window.desk], timeout=2000)
    desktop.bridge.job_changed.emit(JobChanged(job_id="a", photo=shoot / "front.jpg", status=JobStatus.RUNNING))


def test_a_desk_with_work_in_hand_goes_when_that_came_to_its_end(qtbot, desktop, monkeypatch):
    monkeypatch.setattr("studio.ui.background.CLOSING_S", 0.01)
    old, started, going_on, answers = desktop.window.desk, threading.Event(), threading.Event(), []
    old.background.ask("long", lambda: (started.set(), going_on.wait(10)), answers.append)
    qtbot.waitUntil(started.is_set, timeout=5000)
    desktop.rebuild()
    qtbot.wait(50)
    assert old in desktop.findChildren(Desk)
    going_on.set()
    qtbot.waitUntil(lambda: desktop.findChildren(Desk) == [desktop.window.desk], timeout=2000)
    assert answers == []


def test_the_recipe_is_there_the_next_day(desktop, studio):
    recipe = replace(desktop.window.desk.recipe, name="for the shop")
    desktop.window.desk.set_recipe(recipe)
    desktop.window.close()
    assert State(studio.home.folder).recipe == recipe


def test_a_line_of_the_queue_that_came_by_an_event_gets_its_recipe(qtbot, opened):
    desk = opened.desk
    desk.set_paused(True)
    desk.start()
    qtbot.waitUntil(lambda: desk.jobs.rowCount() == 4, timeout=5000)
    job = desk.studio.queue.jobs()[0]
    desk.jobs.show([])
    desk.jobs.on_job_changed(JobChanged(job_id=job.id, photo=job.shot.front, status=JobStatus.QUEUED))
    assert desk.jobs.rows[0].recipe == ""
    desk.jobs.merge([job])
    assert desk.jobs.rows[0].recipe == "invisible"
