"""Which shoot is open and which photo is looked at: after a drop, from another page, in another theme, the next day."""

import shutil

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent


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
