"""Which shoot is open and which photo is looked at: after a drop, from another page, in another theme, the next day."""

import shutil
from dataclasses import replace

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from studio.model import Format, JobChanged, JobStatus
from studio.ui.state import State


def test_a_dropped_photo_is_looked_at_in_its_folder(qtbot, window, shoot):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(shoot / "second.jpg"))])
    where, how = QPointF(300, 300), Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(where, how, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == 4, timeout=5000)
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
    job = desk.studio.queue()[0]
    desk.jobs.show([])
    desk.jobs.on_job_changed(JobChanged(job_id=job.id, photo=job.shot.front, status=JobStatus.QUEUED))
    assert desk.jobs.rows[0].recipe == ""
    desk.jobs.merge([job])
    assert desk.jobs.rows[0].recipe == "invisible"
