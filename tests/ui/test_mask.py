import gc
import threading
import time
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest

from studio.engine.edits import Masks
from studio.errors import PhotoError
from studio.model import Edits, JobChanged, JobStatus, Region, Stroke, StrokeKind
from studio.ui.canvas import mask_session
from studio.ui.canvas.mask_tools import Eraser
from studio.ui.canvas.scene import Compare, Overlay


def open_editor(qtbot, window, monkeypatch, photo):
    """Edit a photo whose garment the engine saw as the lower half, its mannequin as the upper."""
    garment = np.zeros((320, 240), np.uint8)
    garment[160:] = 255
    found = Masks(garment=garment, mannequin=255 - garment, inner=np.zeros_like(garment))
    monkeypatch.setattr(window.desk.studio.corrections, "find_masks", lambda path: found)
    window.desk.choose(photo)
    qtbot.waitUntil(lambda: window.shoot.viewer.pictures.is_whole(photo), timeout=5000)
    window.shoot.editor.open()
    qtbot.waitUntil(lambda: window.shoot.editor.session is not None, timeout=5000)
    return window.shoot.editor


def paint(canvas, *points):
    at = [canvas.view.to_widget(QPointF(*point)).toPoint() for point in points]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at[0])
    for place in at[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at[-1])


def caught_up(qtbot, editor):
    """Wait until the masks show all that was painted."""
    qtbot.waitUntil(lambda: not editor.session.is_behind, timeout=5000)


def test_a_stroke_of_the_brush_changes_the_mask_and_undo_takes_it_back_bit_for_bit(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    before = editor.session.masks.garment.copy()
    paint(opened.shoot.viewer.canvas, (60, 60), (180, 60))
    caught_up(qtbot, editor)
    after = editor.session.masks.garment.copy()
    assert after[60, 120] == 255
    assert editor.session.masks.mannequin[60, 120] == 0
    editor.undo()
    caught_up(qtbot, editor)
    assert np.array_equal(editor.session.masks.garment, before)
    editor.redo()
    caught_up(qtbot, editor)
    assert np.array_equal(editor.session.masks.garment, after)


def test_taking_all_corrections_back_is_one_step_of_its_own(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    bare = editor.session.masks.garment.copy()
    paint(opened.shoot.viewer.canvas, (60, 60), (180, 60))
    paint(opened.shoot.viewer.canvas, (60, 90), (180, 90))
    caught_up(qtbot, editor)
    painted = editor.session.masks.garment.copy()
    editor.bar.reset.click()
    caught_up(qtbot, editor)
    assert np.array_equal(editor.session.masks.garment, bare)
    assert editor.session.edits.strokes == ()
    editor.bar.undo.click()
    caught_up(qtbot, editor)
    assert np.array_equal(editor.session.masks.garment, painted)
    assert editor.session.count == 2
    editor.bar.redo.click()
    caught_up(qtbot, editor)
    assert np.array_equal(editor.session.masks.garment, bare)
    editor.undo()
    editor.undo()
    editor.undo()
    caught_up(qtbot, editor)
    assert np.array_equal(editor.session.masks.garment, bare)
    assert not editor.bar.undo.isEnabled()


@pytest.mark.alone
def test_the_mask_is_seen_at_once(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    canvas = opened.shoot.viewer.canvas
    place = canvas.view.to_widget(QPointF(120, 60)).toPoint()
    before = canvas.grab().toImage().pixelColor(place)
    started = time.perf_counter()
    editor.session.add(Stroke(kind=StrokeKind.BRUSH, region=Region.GARMENT, points=((60, 60), (180, 60))))
    caught_up(qtbot, editor)
    after = canvas.grab().toImage().pixelColor(place)
    assert time.perf_counter() - started < 0.2
    assert after.blue() > before.blue() + 20
    assert Overlay.GARMENT in canvas.scene.shown


def test_the_review_shows_where_the_program_is_in_doubt(qtbot, finished, shoot, monkeypatch):
    garment = np.full((320, 240), 128, np.uint8)
    found = Masks(garment=garment, mannequin=np.zeros_like(garment), inner=np.zeros_like(garment))
    monkeypatch.setattr(finished.desk.studio.corrections, "find_masks", lambda path: found)
    finished.show_page("review")
    page = finished.page("review")
    qtbot.waitUntil(lambda: page.viewer.photo == shoot / "doubtful.jpg", timeout=5000)
    qtbot.waitUntil(lambda: finished.desk.background.is_idle, timeout=5000)
    canvas = page.viewer.canvas
    page.viewer.change(compare=Compare.BEFORE)
    before = canvas.grab().toImage()
    page.viewer.bar.press_overlay(Overlay.DOUBT)
    qtbot.waitUntil(lambda: Overlay.DOUBT in canvas.scene.masks, timeout=5000)
    assert canvas.grab().toImage() != before


def test_strokes_are_kept_with_the_photograph_and_replayed(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    paint(opened.shoot.viewer.canvas, (60, 60), (180, 60))
    caught_up(qtbot, editor)
    masks = editor.session.masks
    editor.save_and_run()
    kept = opened.desk.studio.corrections.of(shoot / "front.jpg")
    assert Edits.from_json(kept.to_json()) == kept
    picture = opened.desk.studio.pictures.whole(shoot / "front.jpg").levels[0]
    found = opened.desk.studio.corrections.find_masks(shoot / "front.jpg")
    replayed = opened.desk.studio.corrections.replay(found, picture, kept.strokes)
    assert np.array_equal(replayed.garment, masks.garment)
    report = shoot.parent / "shoot-finished" / "front.report.json"
    qtbot.waitUntil(report.is_file, timeout=15_000)
    assert "1 strokes" in report.read_text()


def test_strokes_are_kept_when_the_window_is_closed_over_them(qtbot, opened, shoot, monkeypatch):
    open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    paint(opened.shoot.viewer.canvas, (60, 60), (180, 60))
    opened.close()
    assert len(opened.desk.studio.corrections.of(shoot / "front.jpg").strokes) == 1


def test_corrections_follow_the_content_under_another_name(qtbot, opened, shoot):
    stroke = Stroke(kind=StrokeKind.AREA, region=Region.MANNEQUIN, points=((1, 1), (9, 1), (9, 9)))
    opened.desk.studio.corrections.keep(shoot / "front.jpg", Edits(strokes=(stroke,)))
    (shoot / "front.jpg").rename(shoot / "renamed.jpg")
    assert opened.desk.studio.corrections.of(shoot / "renamed.jpg").strokes == (stroke,)


def test_keys_choose_the_tool_and_the_size_of_the_brush(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    before = editor.bar.settings.size_px
    QTest.keyClick(opened.shoot.viewer.canvas, Qt.Key.Key_BracketRight)
    assert editor.bar.settings.size_px > before
    paint(opened.shoot.viewer.canvas, (120, 250))
    assert editor.session.count == 1


def test_the_eraser_paints_background(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    editor.bar.choose(1)
    paint(opened.shoot.viewer.canvas, (60, 250), (180, 250))
    caught_up(qtbot, editor)
    assert editor.session.masks.garment[250, 120] == 0
    assert editor.session.masks.mannequin[250, 120] == 0


def test_a_slow_stroke_holds_no_window_and_is_seen_meanwhile(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    studio, canvas, go_on = opened.desk.studio, opened.shoot.viewer.canvas, threading.Event()
    lay = studio.corrections.apply_stroke
    monkeypatch.setattr(studio.corrections, "apply_stroke", lambda *about: (go_on.wait(5), lay(*about))[1])
    place = canvas.view.to_widget(QPointF(120, 60)).toPoint()
    before = canvas.grab().toImage().pixelColor(place)
    paint(canvas, (60, 60), (180, 60))
    assert editor.session.is_behind
    assert editor.session.count == 1
    assert canvas.grab().toImage().pixelColor(place).blue() > before.blue() + 20
    editor.undo()
    editor.redo()
    go_on.set()
    caught_up(qtbot, editor)
    assert editor.session.masks.garment[60, 120] == 255


def test_many_wide_strokes_cost_no_more_memory_and_are_undone_all_the_same(qtbot, opened, shoot, monkeypatch):
    monkeypatch.setattr(mask_session, "PATCHES_KEPT_BYTES", 60_000)
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    bare = editor.session.masks.garment.copy()
    for row in range(20, 150, 10):
        paint(opened.shoot.viewer.canvas, (60, row), (180, row))
        caught_up(qtbot, editor)
    kept = [patch for patch in editor.session._patches if patch]
    assert 0 < sum(3 * masks.garment.nbytes for _, masks in kept) <= 60_000
    while editor.session.can_undo:
        editor.undo()
    caught_up(qtbot, editor)
    assert np.array_equal(editor.session.masks.garment, bare)


def test_the_masks_of_a_photo_are_let_go_with_it(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    left = weakref.ref(editor.session)
    opened.desk.choose(shoot / "second.jpg")
    qtbot.waitUntil(lambda: editor.photo == shoot / "second.jpg", timeout=5000)
    gc.collect()
    assert left() is None


def test_a_stroke_outside_the_photograph_is_none(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    paint(opened.shoot.viewer.canvas, (-60, 60), (-60, 90))
    assert editor.session.count == 0
    assert not editor.can_undo


def test_escape_gives_up_the_polygon_first_and_leaves_then(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    canvas = opened.shoot.viewer.canvas
    editor.bar.choose(3)
    for corner in ((40, 40), (120, 40), (120, 120)):
        paint(canvas, corner)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert editor.is_open
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert editor.session.count == 0
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not editor.is_open, timeout=5000)


@pytest.mark.parametrize("do", ["other tool", "other photo"])
def test_a_stroke_is_given_up_with_its_tool_and_its_photograph(qtbot, opened, shoot, monkeypatch, do):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    canvas = opened.shoot.viewer.canvas
    start, end = (canvas.view.to_widget(QPointF(x, 60)).toPoint() for x in (60, 180))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    if do == "other tool":
        QTest.keyClick(canvas, Qt.Key.Key_E)
        qtbot.waitUntil(lambda: isinstance(editor._tool, Eraser), timeout=5000)
    else:
        opened.desk.choose(shoot / "second.jpg")
        qtbot.waitUntil(lambda: editor.photo == shoot / "second.jpg", timeout=5000)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    assert editor.session.count == 0
    paint(canvas, (60, 60), (180, 60))
    assert editor.session.count == 1


def test_two_dabs_in_quick_succession_are_two_strokes(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    canvas = opened.shoot.viewer.canvas
    scale, place = canvas.view.scale, canvas.view.to_widget(QPointF(120, 60)).toPoint()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    # As Qt tells of the second click: no press, but a double click, and a release.
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert editor.session.count == 2
    assert canvas.view.scale == scale


def test_nothing_is_painted_before_the_masks_are_known(qtbot, opened, shoot, monkeypatch):
    editor, go_on = opened.shoot.editor, threading.Event()
    look = mask_session.look_up
    monkeypatch.setattr("studio.ui.parts.mask_overlays.look_up", lambda *about: (go_on.wait(5), look(*about))[1])
    photo = shoot / "front.jpg"
    empty = np.zeros((320, 240), np.uint8)
    monkeypatch.setattr(
        opened.desk.studio.corrections,
        "find_masks",
        lambda path: Masks(garment=empty, mannequin=empty.copy(), inner=empty.copy()),
    )
    opened.desk.choose(photo)
    qtbot.waitUntil(lambda: opened.shoot.viewer.pictures.is_whole(photo), timeout=5000)
    editor.open()
    canvas = opened.shoot.viewer.canvas
    assert canvas.cursor().shape() is Qt.CursorShape.OpenHandCursor
    go_on.set()
    qtbot.waitUntil(lambda: editor.session is not None, timeout=5000)
    assert canvas.cursor().shape() is Qt.CursorShape.CrossCursor
    paint(canvas, (60, 60), (180, 60))
    assert editor.session.count == 1


def test_a_stroke_is_kept_soon_after_it_was_painted(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    editor._keeping.setInterval(0)
    paint(opened.shoot.viewer.canvas, (60, 60), (180, 60))
    qtbot.waitUntil(lambda: len(opened.desk.studio.corrections.of(shoot / "front.jpg").strokes) == 1, timeout=2000)
    assert editor.is_open


def test_a_result_older_than_the_corrections_is_told_of_until_it_is_made_again(qtbot, finished, shoot, monkeypatch):
    editor = open_editor(qtbot, finished, monkeypatch, shoot / "front.jpg")
    paint(finished.shoot.viewer.canvas, (60, 60), (180, 60))
    editor.undo()
    editor.close()
    assert not told_of(finished)
    editor.open()
    editor.redo()
    finished.desk.choose(shoot / "second.jpg")
    assert [card.notice.message for card in told_of(finished)] == ["1 result does not show them yet."]
    started = []
    monkeypatch.setattr(finished.desk.corrections, "_rerun", started.append)
    told_of(finished)[0]._on_step()
    job_id = finished.desk.shots.row_of(shoot / "front.jpg").job_id
    assert started == [job_id]
    assert not told_of(finished)


def test_a_result_that_is_made_again_for_another_reason_is_told_of_no_longer(qtbot, finished, shoot):
    job_id = finished.desk.shots.row_of(shoot / "front.jpg").job_id
    finished.desk.corrections.left(shoot / "front.jpg")
    assert told_of(finished)
    event = JobChanged(job_id=job_id, photo=shoot / "front.jpg", status=JobStatus.RUNNING)
    finished.desk.bridge.job_changed.emit(event)
    assert not told_of(finished)


def test_a_photo_that_waits_to_be_done_again_is_queued_for_its_corrections_no_second_time(
    qtbot, finished, shoot, monkeypatch
):
    desk, names, started = finished.desk, ("front.jpg", "second.jpg", "doubtful.jpg"), []
    front, second, doubtful = (shoot / name for name in names)
    before = {photo: desk.shots.row_of(photo).job_id for photo in (front, second, doubtful)}
    monkeypatch.setattr(desk.corrections, "_rerun", started.append)
    desk.corrections.left(front)
    told_of(finished)[0]._on_step()
    desk.corrections.left(second)
    assert [card.notice.message for card in told_of(finished)] == ["1 result does not show them yet."]
    desk.corrections.left(doubtful)
    desk.shots.on_jobs_changed([JobChanged(job_id="again", photo=second, status=JobStatus.QUEUED)])
    told_of(finished)[0]._on_step()
    assert started == [before[front], before[doubtful]]


def test_corrections_that_cannot_be_kept_are_not_called_kept(qtbot, finished, shoot, monkeypatch):
    editor = open_editor(qtbot, finished, monkeypatch, shoot / "front.jpg")
    paint(finished.shoot.viewer.canvas, (60, 60), (180, 60))

    def refuse(*about):
        raise PhotoError("Photo gone", "It cannot be read any more.", "Put it back.")

    with monkeypatch.context() as away:
        away.setattr(finished.desk.studio.corrections, "keep", refuse)
        editor.close()
    assert finished.notices.cards[-1].notice.title == "Photo gone"
    assert not told_of(finished)


def told_of(window):
    """What asks to have results made again."""
    return [each for each in window.notices.cards if each.notice.about == "corrections" and not each.notice.is_news]


def test_corrections_that_are_processed_at_once_need_no_telling(qtbot, finished, shoot, monkeypatch):
    editor = open_editor(qtbot, finished, monkeypatch, shoot / "front.jpg")
    monkeypatch.setattr(finished.desk, "redo_photo", lambda photo: None)
    paint(finished.shoot.viewer.canvas, (60, 60), (180, 60))
    editor.bar.run.setFocus()
    editor.save_and_run()
    assert not told_of(finished)
    assert finished.focusWidget() is finished.shoot.viewer.canvas


def test_the_brush_is_moved_and_put_down_by_keys(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    canvas = opened.shoot.viewer.canvas
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(canvas, key, Qt.KeyboardModifier.ShiftModifier)
    begun = QPointF(editor._tool._at)
    editor._tool.hover(canvas, QPointF(5, 5))  # a mouse that lies beside has no say
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert editor.session.count == 0
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    (stroke,) = editor.session.edits.strokes
    assert stroke.points[0] == pytest.approx((begun.x(), begun.y()), abs=0.01)
    assert stroke.points[-1][0] > begun.x() + 20
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not editor._tool.has_begun
    assert editor.is_open


def test_the_corner_of_the_photograph_is_a_place_like_any_other_for_the_keys(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    canvas, tool = opened.shoot.viewer.canvas, editor._tool
    tool.hover(canvas, QPointF(5, 5))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(canvas, key, Qt.KeyboardModifier.ShiftModifier)
    assert (tool._at.x(), tool._at.y()) == (0, 0)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    (stroke,) = editor.session.edits.strokes
    assert stroke.points[0] == (0, 0)
    assert stroke.points[-1][0] < 20


def test_enter_held_down_puts_the_tool_down_once(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    canvas = opened.shoot.viewer.canvas
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    for is_repeated in (False, True, True):
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "", is_repeated)
        QCoreApplication.sendEvent(canvas, key)
    assert editor._tool.has_begun
    assert editor.session.count == 0


def test_corners_of_a_polygon_are_set_by_keys(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    canvas = opened.shoot.viewer.canvas
    editor.bar.choose(3)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Down):
        for _ in range(3):
            QTest.keyClick(canvas, key, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    (stroke,) = editor.session.edits.strokes
    assert stroke.kind is StrokeKind.AREA
    assert len(stroke.points) == 3


def test_the_photograph_is_moved_with_the_space_bar_held_down(qtbot, opened, shoot, monkeypatch):
    editor = open_editor(qtbot, opened, monkeypatch, shoot / "front.jpg")
    canvas = opened.shoot.viewer.canvas
    before = canvas.view.origin
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    paint(canvas, (60, 60), (180, 60))
    assert canvas.view.origin.x() > before.x()
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPointF(300, 300).toPoint())
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert editor.session.count == 0
    paint(canvas, (60, 60), (180, 60))
    assert editor.session.count == 1


def test_nothing_is_offered_to_be_taken_back_before_the_masks_are_known(qtbot, opened, shoot, monkeypatch):
    go_on, bare = threading.Event(), np.zeros((320, 240), np.uint8)
    found = Masks(garment=bare, mannequin=bare, inner=bare)
    monkeypatch.setattr(opened.desk.studio.corrections, "find_masks", lambda photo: (go_on.wait(5), found)[1])
    opened.shoot.editor.open()
    bar = opened.shoot.editor.bar
    assert not any(each.isEnabled() for each in (bar.undo, bar.redo, bar.reset))
    go_on.set()
    qtbot.waitUntil(lambda: opened.shoot.editor.session is not None, timeout=5000)
