"""What is chosen from a list or a menu arrives as what it stands for."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QAction

from studio.model import FigureStep, Format, Mode
from studio.ui.canvas.scene import Ground
from studio.ui.models.shots import Mark, ShotFilter


def test_a_human_model_is_ordered_with_its_figure(opened):
    inspector = opened.shoot.inspector
    mode = inspector.form.field("mode")
    mode.set_value(Mode.HUMAN)
    mode.changed.emit()
    assert opened.desk.recipe.mode is Mode.HUMAN
    assert opened.desk.recipe.figure == FigureStep()
    assert [inspector.form.sections[place].isVisibleTo(inspector) for place in (1, 2)] == [False, True]
    mode.set_value(Mode.INVISIBLE)
    mode.changed.emit()
    assert [inspector.form.sections[place].isVisibleTo(inspector) for place in (1, 2)] == [True, False]


def test_the_form_gives_back_the_recipe_it_shows(window):
    form, recipe = window.shoot.inspector.form, window.desk.recipe
    wanted = replace(recipe, output=replace(recipe.output, format=Format.JPG))
    form.show_recipe(wanted)
    assert form.recipe == wanted
    assert form.recipe.output.format is Format.JPG


def test_a_preset_that_was_changed_says_so_and_comes_back_when_it_is_chosen_again(opened):
    inspector = opened.shoot.inspector
    assert inspector.preset.currentText() == "Invisible mannequin"
    background = inspector.form.field("compose.background")
    background.set_value("transparent")
    background.changed.emit()
    assert inspector.preset.currentText() == "Invisible mannequin (changed)"
    inspector.preset.activated.emit(inspector.preset.currentIndex())
    assert inspector.preset.currentText() == "Invisible mannequin"
    assert background.value == "#ffffff"


def test_a_name_that_stands_for_nothing_is_told_in_red_and_starts_nothing(qtbot, opened):
    form = opened.shoot.inspector.form
    name = form.field("output.name")
    name.set_value("{foo}")
    name.changed.emit()
    assert "foo" in form.names.text()
    assert form.names.objectName() == "bad"
    opened.shoot.start_bar.start.click()
    qtbot.waitUntil(lambda: bool(opened.notices.cards), timeout=5000)
    qtbot.waitUntil(lambda: opened.desk.background.is_idle, timeout=5000)
    assert opened.desk.studio.queue.jobs() == []
    name.set_value("{stem}")
    name.changed.emit()
    assert form.names.objectName() == "muted"


@pytest.mark.parametrize(("wanted", "count"), [(ShotFilter.STAR, 1), (ShotFilter.REJECT, 0), (ShotFilter.TO_DO, 4)])
def test_the_browser_shows_what_its_filter_says(opened, shoot, wanted, count):
    opened.desk.mark([shoot / "front.jpg"], Mark.STAR)
    browser = opened.shoot.browser
    browser.filter.setCurrentIndex(browser.filter.findData(wanted))
    assert opened.desk.filtered.rowCount() == count


def test_the_ground_of_transparent_results_is_chosen_from_its_menu(window):
    viewer = window.shoot.viewer
    grey = next(action for action in viewer.bar.findChildren(QAction) if action.data() == Ground.GREY)
    grey.trigger()
    assert viewer.canvas.scene.ground is Ground.GREY
