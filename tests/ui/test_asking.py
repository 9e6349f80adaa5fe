"""Clicks and poses that a network answers in a process of its own, and what the window does without one."""

import sys
import threading

import pytest
from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from shiboken6 import delete

from studio.errors import EngineError
from studio.model import Notice, Pose, StrokeKind
from studio.ui.background import Background
from studio.ui.canvas.scene import Ground
from tests.ui.test_mask import caught_up, open_editor
from tests.ui.test_window import words_in

SQUARE = ((20.0, 20.0), (90.0, 20.0), (90.0, 90.0), (20.0, 90.0))


def click(window, x, y):
    canvas = window.shoot.viewer.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.view.to_widget(QPointF(x, y)).toPoint())


def test_a_click_takes_what_the_network_sees_as_one_undoable_correction(qtbot, opened, shoot, monkeypatch):
    monkeypatch.setattr(opened.desk.studio.asking, "sees_regions", lambda: True)
    monkeypatch.setattr(opened.desk.studio.asking, "region_at", lambda photo, x, y: SQUARE)
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    editor.bar.choose(4)
    click(opened, 50, 50)
    qtbot.waitUntil(lambda: editor.session.count == 1, timeout=5000)
    assert editor.session.edits.strokes[0].kind is StrokeKind.AREA
    caught_up(qtbot, editor)
    assert editor.session.masks.garment[50, 50] == 255
    editor.undo()
    caught_up(qtbot, editor)
    assert editor.session.masks.garment[50, 50] == 0


def test_without_an_answer_the_click_grows_over_what_looks_alike(qtbot, opened, shoot, monkeypatch):
    def refuse(photo, x, y):
        raise EngineError("No answer", "The networks ended before they answered.", "Try again; the log tells more.")

    monkeypatch.setattr(opened.desk.studio.asking, "sees_regions", lambda: True)
    monkeypatch.setattr(opened.desk.studio.asking, "region_at", refuse)
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    editor.bar.choose(4)
    click(opened, 50, 50)
    qtbot.waitUntil(lambda: editor.session.count == 1, timeout=5000)
    assert editor.session.edits.strokes[0].kind is StrokeKind.GROW
    assert "No answer" in words_in(opened.notices.cards[-1])


def test_a_pose_is_taken_from_a_photo_of_a_person(qtbot, opened, shoot, monkeypatch):
    found = Pose(points=tuple((10.0 + place, 20.0 + place) for place in range(18)))
    monkeypatch.setattr(opened.desk.studio.asking, "pose_in", lambda reference, photo: found)
    opened.desk.choose(shoot / "front.jpg")
    qtbot.waitUntil(lambda: opened.desk.background.is_idle, timeout=5000)
    editor = opened.shoot.pose_editor
    editor.open()
    editor.take_from(shoot / "second.jpg")
    qtbot.waitUntil(lambda: editor.import_button.isEnabled(), timeout=5000)
    assert editor.tool.pose == found


@pytest.mark.slow
def test_a_pose_from_a_photo_without_a_model_is_a_sentence_with_the_remedy(qtbot, opened, shoot):
    opened.desk.choose(shoot / "front.jpg")
    qtbot.waitUntil(lambda: opened.desk.background.is_idle, timeout=5000)
    editor = opened.shoot.pose_editor
    editor.open()
    qtbot.waitUntil(lambda: opened.desk.background.is_idle, timeout=60_000)
    before = editor.tool.pose
    editor.take_from(shoot / "second.jpg")
    qtbot.waitUntil(lambda: bool(opened.notices.cards), timeout=60_000)
    assert "Download one of them under Models" in words_in(opened.notices.cards[-1])
    assert editor.tool.pose == before


def test_transparent_results_lie_on_a_ground_of_ones_own_and_it_is_remembered(qtbot, opened, shoot):
    viewer = opened.shoot.viewer
    viewer.use_colour("#336699")
    viewer.use_picture(shoot / "front.jpg")
    qtbot.waitUntil(lambda: viewer.canvas.scene.own.picture is not None, timeout=5000)
    assert viewer.canvas.scene.ground is Ground.OWN
    opened.show_page("review")
    other = opened.page("review").viewer
    qtbot.waitUntil(lambda: other.canvas.scene.own.picture is not None, timeout=5000)
    assert QColor(other.canvas.scene.own.colour).name() == "#336699"


def test_an_answer_for_a_sheet_that_is_closed_goes_nowhere(qtbot, qapp):
    class Sheet(QObject):
        def show(self, answer):
            self.setProperty("answer", answer)

    background, sheet, may_end = Background(qapp), Sheet(), threading.Event()
    background.ask("masters", lambda: may_end.wait(5), sheet.show)
    delete(sheet)
    may_end.set()
    qtbot.waitUntil(lambda: background.is_idle, timeout=5000)
    background.close()
    background.setParent(None)


def test_after_a_fault_in_a_thread_the_same_can_be_asked_again(qtbot, window, monkeypatch):
    told = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *rest: told.append(kind))
    answers = []
    for work in (lambda: 1 // 0, lambda: "well"):
        window.desk.background.ask("the same", work, answers.append)
        qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=5000)
    assert told == [ZeroDivisionError]
    assert (answers[0].title, answers[1]) == ("Fault of the program", "well")


def test_what_a_notice_with_a_hint_says_is_not_said_again_without_one(window):
    for hint in ("The report is in a file.", ""):
        window.notices.show(Notice(title="Fault", message="It failed.", hint=hint))
    assert [card.notice.hint for card in window.notices.cards] == ["The report is in a file."]
