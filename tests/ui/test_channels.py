"""Sales channels in the window: chosen in the inspector, names shown while they are typed, files made."""

from studio.model import Format
from studio.ui.parts.inspector import Inspector


def inspector(window):
    return window.findChild(Inspector)


def test_a_channel_is_chosen_and_kept_in_the_recipe(opened):
    form = inspector(opened).form
    boxes = form.field("output.templates").boxes
    assert {"zalando", "amazon-eu", "square"} <= set(boxes)
    boxes["square"].click()
    boxes["ajio"].click()
    assert opened.desk.recipe.output.templates == ("ajio", "square")
    boxes["ajio"].click()
    assert opened.desk.recipe.output.templates == ("square",)


def test_the_names_of_results_are_shown_while_a_rule_is_typed(opened):
    form = inspector(opened).form
    form.field("output.templates").boxes["john-lewis"].click()
    line = form.field("output.name").line
    line.clear()
    line.setText("{shoot}-{index:0")
    line.textEdited.emit(line.text())
    assert "Name not" in form.names.text() or "cannot be a name" in form.names.text()
    line.setText("{shoot}-{index:03}")
    line.textEdited.emit(line.text())
    first, second = form.names.text().replace("\u200b", "").split("\n")
    assert "shoot-001.png" in first
    assert "john-lewis/" in second


def test_layers_are_offered_where_a_file_can_hold_them(opened):
    form = inspector(opened).form
    kind, layered = form.field("output.format"), form.field("output.layered")
    kind.set_value(Format.TIFF)
    form.changed.emit()
    form._refresh()
    assert not layered.isHidden()
    kind.set_value(Format.JPG)
    form._refresh()
    assert layered.isHidden()


def test_a_template_file_that_is_broken_is_a_notice_and_the_other_channels_stay(studio, desktop):
    said = []
    desktop.window.desk.noticed.connect(said.append)
    studio.home.templates.mkdir(parents=True)
    (studio.home.templates / "mine.toml").write_text("colour = 1")
    assert "zalando" in dict(inspector(desktop.window)._channels())
    assert "mine.toml" in said[0].message
