import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from studio.engine import fitting
from studio.engine.edits import Masks
from studio.engine.poses import find, to_edit
from studio.errors import EngineError
from studio.model import Engine, FigureStep, Mode, Pose, Recipe
from studio.ui.canvas import skeleton


@pytest.fixture
def standing(studio, shoot) -> Pose:
    return studio.poses.read(studio.poses.all()["standing"], shoot / "front.jpg")


def test_the_hand_follows_the_elbow(standing):
    bent = skeleton.bent(standing, skeleton.R_ELBOW, (70.0, 90.0), standing, symmetric=False)
    shift = bent.points[skeleton.R_ELBOW][0] - standing.points[skeleton.R_ELBOW][0]
    assert bent.points[skeleton.R_WRIST][0] == pytest.approx(standing.points[skeleton.R_WRIST][0] + shift)
    assert bent.points[skeleton.L_WRIST] == standing.points[skeleton.L_WRIST]


def test_a_limb_does_not_grow_without_limit(standing):
    bent = skeleton.bent(standing, skeleton.L_WRIST, (5000.0, 5000.0), standing, symmetric=False)
    elbow, wrist = bent.points[skeleton.L_ELBOW], bent.points[skeleton.L_WRIST]
    rest = math.dist(standing.points[skeleton.L_ELBOW], standing.points[skeleton.L_WRIST])
    assert math.dist(elbow, wrist) == pytest.approx(skeleton.LONGEST * rest)


def test_a_joint_snaps_to_the_mirrored_place_of_its_partner(standing):
    neck = standing.points[skeleton.NECK][0]
    partner = standing.points[skeleton.L_WRIST]
    near = (2 * neck - partner[0] + 1.0, partner[1] + 1.0)
    bent = skeleton.bent(standing, skeleton.R_WRIST, near, standing, symmetric=True)
    assert bent.points[skeleton.R_WRIST] == pytest.approx((2 * neck - partner[0], partner[1]))


def test_mirroring_twice_gives_the_same_pose(standing):
    raised = skeleton.bent(standing, skeleton.R_WRIST, (10.0, 10.0), standing, symmetric=False)
    assert skeleton.mirror(raised) != raised
    again = skeleton.mirror(skeleton.mirror(raised))
    assert all(a == pytest.approx(b) for a, b in zip(again.points, raised.points, strict=True))


def test_a_dragged_joint_is_kept_with_the_photograph(qtbot, opened, shoot):
    opened.desk.choose(shoot / "front.jpg")
    editor, canvas = opened.shoot.pose_editor, opened.shoot.viewer.canvas
    qtbot.waitUntil(lambda: opened.shoot.viewer.photo == shoot / "front.jpg", timeout=5000)
    opened.shoot.editor.find = lambda: None  # the engine is not what is tested here
    editor.open()
    assert editor.is_open
    wrist = editor.tool.pose.points[skeleton.L_WRIST]
    start = canvas.view.to_widget(QPointF(*wrist)).toPoint()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, start + QPointF(0, -20).toPoint())
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPointF(0, -20).toPoint())
    bent = editor.tool.pose
    assert bent.points[skeleton.L_WRIST][1] < wrist[1]
    editor.undo()
    assert editor.tool.pose.points[skeleton.L_WRIST] == wrist
    editor.redo()
    editor.close()
    assert opened.desk.studio.corrections.of(shoot / "front.jpg").pose == bent


def test_escape_gives_up_a_drag_first_and_keeps_the_pose_then(qtbot, opened, shoot):
    editor, canvas = open_with_masks(qtbot, opened, shoot)
    before = editor.tool.pose
    start = canvas.view.to_widget(QPointF(*before.points[skeleton.L_WRIST])).toPoint()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, start + QPointF(0, -20).toPoint())
    assert editor.tool.pose != before
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert editor.is_open
    assert editor.tool.pose == before
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not editor.is_open, timeout=5000)


def test_keys_go_from_joint_to_joint_and_move_one_and_undo_takes_each_move_back(qtbot, opened, shoot):
    editor, canvas = open_with_masks(qtbot, opened, shoot)
    before = editor.tool.pose
    for _ in range(skeleton.R_WRIST + 2):
        press(canvas, Qt.Key.Key_Tab)
    assert canvas.accessibleName() == "Left shoulder"
    press(canvas, Qt.Key.Key_Backtab, shift=True)
    assert canvas.accessibleName() == "Right wrist"
    press(canvas, Qt.Key.Key_Left)
    by_one = moved_by(before, editor.tool.pose)
    press(canvas, Qt.Key.Key_Up, shift=True)
    by_ten = moved_by(before, editor.tool.pose)
    assert by_one == pytest.approx((-1.0, 0.0), abs=0.01)
    assert by_ten == pytest.approx((-1.0, -10.0), abs=0.01)
    editor.undo()
    assert moved_by(before, editor.tool.pose) == by_one
    editor.undo()
    assert editor.tool.pose == before
    canvas.zoom_to(0.5)
    press(canvas, Qt.Key.Key_Right)
    assert moved_by(before, editor.tool.pose) == pytest.approx((2.0, 0.0), abs=0.01)


def test_a_key_that_is_held_down_is_one_change(qtbot, opened, shoot):
    editor, canvas = open_with_masks(qtbot, opened, shoot)
    before = editor.tool.pose
    press(canvas, Qt.Key.Key_Tab)
    press(canvas, Qt.Key.Key_Left)
    for _ in range(3):
        press(canvas, Qt.Key.Key_Down, held=True)
    editor.undo()
    assert editor.tool.pose == before


def test_tab_leaves_the_canvas_after_the_last_joint_and_before_the_first(qtbot, opened, shoot):
    editor, canvas = open_with_masks(qtbot, opened, shoot)
    known = [point for point in editor.tool.pose.points if point]
    for _ in known:
        press(canvas, Qt.Key.Key_Tab)
    assert canvas.hasFocus()
    assert canvas.accessibleName() == "Left ear"
    press(canvas, Qt.Key.Key_Tab)
    assert not canvas.hasFocus()
    assert canvas.accessibleName() == "Photograph"
    canvas.setFocus()
    press(canvas, Qt.Key.Key_Backtab, shift=True)
    assert not canvas.hasFocus()


def test_in_arabic_the_left_arrow_moves_to_the_left(qtbot, desktop, shoot):
    desktop.state.keep_text("language", "ar")
    desktop.rebuild()
    window = desktop.window
    window.open(shoot)
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == 4, timeout=5000)
    editor, canvas = open_with_masks(qtbot, window, shoot)
    before = editor.tool.pose.points[skeleton.NOSE]
    press(canvas, Qt.Key.Key_Tab)
    press(canvas, Qt.Key.Key_Left)
    assert canvas.accessibleName() == "الأنف"
    assert editor.tool.pose.points[skeleton.NOSE][0] < before[0]


def test_arrows_move_the_photograph_while_no_joint_is_chosen_and_with_ctrl(qtbot, opened, shoot):
    editor, canvas = open_with_masks(qtbot, opened, shoot)
    pose, place = editor.tool.pose, canvas.view.origin.x()
    press(canvas, Qt.Key.Key_Left)
    press(canvas, Qt.Key.Key_Tab)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert canvas.view.origin.x() == pytest.approx(place + 120)
    assert editor.tool.pose == pose


def test_a_joint_out_of_sight_is_brought_into_it(qtbot, opened, shoot):
    _, canvas = open_with_masks(qtbot, opened, shoot)
    canvas.zoom_to(16.0, QPointF(0, canvas.height()))
    press(canvas, Qt.Key.Key_Tab)
    nose = opened.shoot.pose_editor.tool.pose.points[skeleton.NOSE]
    assert QRectF(canvas.rect()).contains(canvas.view.to_widget(QPointF(*nose)))


def test_a_step_ends_at_the_mirrored_place_and_the_next_leads_away(standing):
    neck, partner = standing.points[skeleton.NECK][0], standing.points[skeleton.L_WRIST]
    mirrored = (2 * neck - partner[0], partner[1])
    apart = skeleton.moved(standing, {skeleton.R_WRIST}, (mirrored[0] - 3 - standing.points[skeleton.R_WRIST][0], 0.0))
    there = skeleton.nudged(apart, skeleton.R_WRIST, (1.0, 0.0), standing, symmetric=True)
    assert there.points[skeleton.R_WRIST] == pytest.approx(mirrored)
    away = skeleton.nudged(there, skeleton.R_WRIST, (1.0, 0.0), standing, symmetric=True)
    assert away.points[skeleton.R_WRIST] == pytest.approx((mirrored[0] + 1, mirrored[1]), abs=0.1)


def test_an_own_preset_can_be_chosen_again(opened, shoot, standing):
    opened.desk.choose(shoot / "front.jpg")
    editor = opened.shoot.pose_editor
    editor.photo = shoot / "front.jpg"
    editor.use(replace(standing))
    opened.desk.studio.poses.keep(standing, "mine", (240, 320))
    again = opened.desk.studio.poses.read(opened.desk.studio.poses.all()["mine"], shoot / "front.jpg")
    assert [p is None for p in again.points] == [p is None for p in standing.points]
    assert again.points[skeleton.NECK] == pytest.approx(standing.points[skeleton.NECK], abs=0.1)


def test_an_own_preset_is_deleted_or_replaced_and_can_be_had_back(qtbot, opened, shoot):
    editor, _ = open_with_masks(qtbot, opened, shoot)
    poses, first = opened.desk.studio.poses.all, editor.tool.pose
    editor.keep_preset("mine")
    editor.presets.menu().aboutToShow.emit()
    deleting = next(each.menu() for each in editor.presets.menu().actions() if each.menu())
    assert [action.text() for action in deleting.actions()] == ["mine"]
    deleting.actions()[0].trigger()
    assert "mine" not in poses()
    take_back(opened.notices.cards[-1])
    assert_same(opened.desk.studio.poses.read(poses()["mine"], shoot / "front.jpg"), first)
    editor.mirror()
    editor.keep_preset("mine")
    take_back(opened.notices.cards[-1])
    assert_same(opened.desk.studio.poses.read(poses()["mine"], shoot / "front.jpg"), first)


def test_the_recipe_offers_own_poses_while_they_are_there_as_the_engine_finds_them(qtbot, opened, shoot):
    editor, _ = open_with_masks(qtbot, opened, shoot)
    opened.desk.set_recipe(Recipe(mode=Mode.HUMAN, engine=Engine.STUDIO, figure=FigureStep()))
    box = opened.shoot.inspector.form.field("figure.pose")
    editor.keep_preset("mine")
    box.control.setCurrentIndex(box.control.findText("mine"))
    assert_same(to_edit(find(opened.desk.recipe.figure.pose)), editor.tool.pose)
    box.control.setCurrentIndex(0)
    editor.forget_preset("mine")
    assert box.control.findText("mine") == -1
    assert box.control.currentIndex() == 0


def test_the_figure_is_drawn_while_the_pose_is_bent_and_the_body_stands_for_it_until_then(
    qtbot, monkeypatch, opened, shoot
):
    asked = []

    def draw(photo, pose, masks, step):
        asked.append(pose)
        return np.full((64, 48, 3), (10, 200, 30), np.uint8)

    monkeypatch.setattr(opened.desk.studio.asking, "draws_figures", lambda: True)
    monkeypatch.setattr(opened.desk.studio.asking, "draft_figure", draw)
    editor, canvas = open_with_masks(qtbot, opened, shoot)
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=5000)
    corner = canvas.view.to_widget(QPointF(6.0, 6.0)).toPoint()
    ratio = canvas.devicePixelRatio()
    seen = lambda: canvas.grab().toImage().pixelColor(corner * ratio).getRgb()[:3]  # noqa: E731
    qtbot.waitUntil(lambda: seen() == (10, 200, 30), timeout=5000)
    editor.mirror()
    assert seen() != (10, 200, 30)
    qtbot.waitUntil(lambda: len(asked) == 2, timeout=5000)
    assert asked[1] == editor.tool.pose
    qtbot.waitUntil(lambda: seen() == (10, 200, 30), timeout=5000)
    editor.body.setChecked(False)
    assert seen() != (10, 200, 30)


def test_without_a_card_the_body_is_shown_and_one_sentence_says_why(qtbot, monkeypatch, opened, shoot):
    def refuse(photo, pose, masks, step):
        raise EngineError("No graphics card", "The studio engine needs an NVIDIA card.", "Use another computer.")

    monkeypatch.setattr(opened.desk.studio.asking, "draws_figures", lambda: True)
    monkeypatch.setattr(opened.desk.studio.asking, "draft_figure", refuse)
    editor, _ = open_with_masks(qtbot, opened, shoot)
    qtbot.waitUntil(lambda: bool(opened.notices.cards), timeout=5000)
    editor.mirror()
    qtbot.wait(600)
    assert len(opened.notices.cards) == 1


def test_a_pose_is_fitted_to_a_large_garment_as_to_a_small_one_at_once(studio, standing, monkeypatch):
    def masks_of(scale):
        garment = np.zeros((320 * scale, 240 * scale), np.uint8)
        garment[60 * scale : 260 * scale, 40 * scale : 180 * scale] = 255
        return Masks(garment=garment, mannequin=np.zeros_like(garment), inner=np.zeros_like(garment))

    seen = []
    find = fitting.find_landmarks
    monkeypatch.setattr(
        fitting, "find_landmarks", lambda garment, inner: (seen.append(garment.size), find(garment, inner))[1]
    )
    small = studio.poses.fit(standing, masks_of(4))
    enlarged = replace(standing, points=tuple(point and (point[0] * 5, point[1] * 5) for point in standing.points))
    large = studio.poses.fit(enlarged, masks_of(20))
    assert max(seen) < 2_100_000
    for one, other in zip(small.points, large.points, strict=True):
        assert one is None or other == pytest.approx((one[0] * 5, one[1] * 5), abs=30)


def press(canvas, key, *, shift=False, held=False):
    """A key as the window gets it: to the canvas while that has the keys. held: it went down before."""
    assert canvas.hasFocus()
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QCoreApplication.sendEvent(canvas, QKeyEvent(QEvent.Type.KeyPress, key, modifier, "", held))


def moved_by(before, after):
    """How far the right wrist is from where it was, in pixels of the photo."""
    one, other = before.points[skeleton.R_WRIST], after.points[skeleton.R_WRIST]
    return other[0] - one[0], other[1] - one[1]


def take_back(card):
    next(each for each in card.findChildren(QPushButton) if each.text() == "Take back").click()


def assert_same(one, other):
    for place, there in zip(one.points, other.points, strict=True):
        assert place == (there and pytest.approx(there, abs=0.01))


def open_with_masks(qtbot, window, shoot):
    """The pose editor on the first photo, with masks that cost no network."""
    masks = Masks(garment=np.zeros((320, 240), np.uint8), mannequin=np.zeros((320, 240), np.uint8),
                  inner=np.zeros((320, 240), np.uint8))  # fmt: skip
    masks.garment[60:260, 40:180] = 255
    window.desk.studio.corrections.find_masks = lambda photo: masks
    window.desk.choose(shoot / "front.jpg")
    viewer = window.shoot.viewer
    qtbot.waitUntil(lambda: viewer.photo == shoot / "front.jpg", timeout=5000)
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=5000)
    window.shoot.pose_editor.open()
    return window.shoot.pose_editor, viewer.canvas
