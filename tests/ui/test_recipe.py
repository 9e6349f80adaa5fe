"""The recipe beside the shoot: what is typed and chosen there is what is made."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from studio.errors import RecipeError
from studio.model import ComposeStep, EnhanceMethod, EnhanceStep, Format, OutputStep, Recipe
from studio.ui.parts.fields import Field
from tests.ui.test_window import words_in


def type_into(field: Field, text: str) -> None:
    box = field.control
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_a_width_that_is_typed_counts_when_it_is_whole(opened):
    form = opened.shoot.inspector.form
    type_into(form._width, "1200")
    assert opened.desk.recipe.compose.size == (1200, 1200)
    type_into(form._height, "1600")
    assert opened.desk.recipe.compose.size == (1200, 1600)


def test_a_frame_without_a_width_is_the_photo_s_own(opened):
    form = opened.shoot.inspector.form
    opened.desk.set_recipe(Recipe(compose=ComposeStep(size=(1200, 1600))))
    form._width.control.setValue(form._width.control.minimum())
    assert opened.desk.recipe.compose.size is None
    assert form._height.value is None


def test_what_was_never_touched_keeps_its_exact_value(opened):
    opened.desk.set_recipe(Recipe(compose=ComposeStep(fill=0.825)))
    opened.shoot.inspector.form.field("compose.shadow").control.setCurrentIndex(1)
    assert opened.desk.recipe.compose.fill == 0.825
    type_into(opened.shoot.inspector.form.field("compose.fill"), "90")
    assert opened.desk.recipe.compose.fill == 0.9


def test_without_a_method_nothing_is_enlarged(opened):
    opened.desk.set_recipe(Recipe(enhance=EnhanceStep(method=EnhanceMethod.LANCZOS, scale=4)))
    opened.shoot.inspector.form.field("enhance.method").control.setCurrentIndex(0)
    assert opened.desk.recipe.enhance == EnhanceStep()
    assert not opened.notices.cards


def test_what_does_not_go_together_is_not_shown_as_if_it_did(opened):
    opened.desk.set_recipe(Recipe(compose=ComposeStep(background="transparent")))
    form = opened.shoot.inspector.form
    form.field("output.format").control.setCurrentIndex(1)
    assert form.field("output.format").value is Format.PNG
    assert "A JPEG has no transparency" in words_in(opened.notices.cards[-1])
    form.field("output.metadata").control.setCurrentIndex(1)
    assert len(opened.notices.cards) == 1


def test_a_preset_deleted_or_replaced_can_be_had_back(opened):
    inspector = opened.shoot.inspector
    mine = Recipe(name="mine", output=OutputStep(quality=80))
    opened.desk.set_recipe(mine)
    inspector.save_preset("mine")
    inspector.forget_preset()
    assert "mine" not in opened.desk.studio.recipes.all()
    take_back(opened.notices.cards[-1])
    assert opened.desk.studio.recipes.all()["mine"] == mine
    opened.desk.set_recipe(replace(mine, output=OutputStep(quality=70)))
    inspector.save_preset("mine")
    assert opened.desk.studio.recipes.all()["mine"].output.quality == 70
    take_back(opened.notices.cards[-1])
    assert opened.desk.studio.recipes.all()["mine"] == mine


def take_back(card) -> None:
    next(each for each in card.findChildren(QPushButton) if each.text() == "Take back").click()


def test_what_is_still_being_typed_counts_for_processing_again_and_for_the_next_start(opened):
    box = opened.shoot.inspector.form.field("output.quality").control
    opened.shoot.browser.list.selectAll()
    opened.desk.set_recipe(Recipe(output=OutputStep(format=Format.JPG)))
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "77")
    opened.shoot.again()
    assert opened.desk.recipe.output.quality == 77
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "66")
    opened.close()
    assert opened.desk.state.recipe.output.quality == 66


@pytest.mark.parametrize("name", ["standing", "../outside", ""])
def test_a_pose_takes_no_name_that_another_has_or_that_no_file_can_have(studio, shoot, name):
    pose = studio.poses.read(studio.poses.all()["standing"], shoot / "front.jpg")
    with pytest.raises(RecipeError):
        studio.poses.keep(pose, name, (240, 320))


def test_start_offers_what_would_be_queued(qtbot, opened):
    desk, start = opened.desk, opened.shoot.start_bar.start
    desk.set_paused(True)
    assert start.text() == "Start 4 shots"
    start.click()
    qtbot.waitUntil(lambda: desk.jobs.rowCount() == 4, timeout=5000)
    qtbot.waitUntil(lambda: not start.isEnabled() and start.text() == "Start", timeout=5000)
    desk.set_recipe(replace(desk.recipe, output=OutputStep(quality=80)))
    assert start.text() == "Start 4 shots"
    desk.set_recipe(Recipe())
    desk.cancel([row.job_id for row in desk.jobs.rows])
    qtbot.waitUntil(lambda: start.text() == "Start 4 shots", timeout=5000)


def test_the_settings_say_where_results_go_wherever_that_was_chosen(opened, tmp_path):
    opened.show_page("settings")
    opened.desk.choose_out(tmp_path)
    assert str(tmp_path) in opened.page("settings")._out.toolTip()
    opened.desk.choose_out(None)
    assert opened.page("settings")._out.text() == "Beside each shoot"


def test_the_settings_show_a_long_path_as_far_as_there_is_room(qtbot, opened, tmp_path):
    opened.show_page("settings")
    out = opened.page("settings")._out
    opened.desk.choose_out(tmp_path / "results of the summer collection")
    qtbot.waitUntil(lambda: "…" not in out.text() and "summer" in out.text(), timeout=5000)
    assert out.width() < opened.page("settings").width()
