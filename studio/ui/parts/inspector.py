"""The inspector: the recipe of what is started next, its presets, and where results go."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QInputDialog,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.errors import RecipeError, StudioError
from studio.model import Format, Notice, Recipe
from studio.recipes import BUILT_IN
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import tr
from studio.ui.parts.controls import ElidedLabel, breakable, column, label, line, row, tool
from studio.ui.parts.fields import CalmComboBox
from studio.ui.parts.notices import Step
from studio.ui.parts.recipe_form import RecipeForm
from studio.ui.phrases import channel_name, pose_name, preset_name


class Inspector(QWidget):
    """Presets above the form, the output folder below it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._presets: dict[str, Recipe] = {}
        self.preset = CalmComboBox()
        self.preset.setAccessibleName(tr("Preset"))
        self.form = RecipeForm(self._poses(), self._channels())
        self._out = ElidedLabel("muted")
        self._build()
        self.form.changed.connect(self._on_form)
        self.form.name_edited.connect(self._show_names)
        self.preset.activated.connect(self._on_preset)
        desk.recipe_changed.connect(self._show)
        desk.folder_changed.connect(self._show)
        desk.poses_changed.connect(self._offer_poses)
        self.reload_presets()
        self._show()

    def reload_presets(self) -> None:
        """Read the recipes that can be chosen anew."""
        self._presets = self._desk.studio.recipes.all()
        self.preset.clear()
        for name in self._presets:
            self.preset.addItem(preset_name(name), name)

    def save_preset(self, name: str) -> None:
        """Keep the recipe of the form under `name`."""
        self._keep(replace(self.form.recipe, name=name))

    @Slot()
    def forget_preset(self) -> None:
        """Delete the preset that is chosen, unless it is one of the program's own."""
        name = self.preset.currentData()
        if name in BUILT_IN or name is None:
            self._desk.say(Notice(title=tr("Built-in preset"), message=tr("The presets of the program stay.")))
            return
        before = self._presets[name]
        try:
            self._desk.studio.recipes.forget(name)
        except StudioError as error:
            self._desk.say(notice_of(error))
            return
        self.reload_presets()
        self._desk.set_recipe(self._presets[Recipe().name])
        self._offer_back(tr("Preset deleted"), before)

    def import_preset(self, path: Path) -> None:
        """Take a recipe file that somebody shared among the presets."""
        try:
            recipe = self._desk.studio.recipes.find(str(path))
        except StudioError as error:
            self._desk.say(notice_of(error))
            return
        self._keep(replace(recipe, name=path.stem))

    def export_preset(self, path: Path) -> None:
        """Write the recipe of the form as a file to share."""
        try:
            self._desk.studio.recipes.export(self.form.recipe, path)
        except StudioError as error:
            self._desk.say(notice_of(error))

    def _keep(self, recipe: Recipe) -> None:
        """Keep a recipe under its name and use it; one that had the name can be had back."""
        before = self._presets.get(recipe.name)
        try:
            self._desk.studio.recipes.keep(recipe)
        except StudioError as error:
            self._desk.say(notice_of(error))
            return
        self.reload_presets()
        self._desk.set_recipe(recipe)
        self._show()
        if before and before.fingerprint != recipe.fingerprint:
            self._offer_back(tr("Preset replaced"), before)

    def _offer_back(self, title: str, preset: Recipe) -> None:
        step = Step(text=tr("Take back"), run=lambda: self._keep(preset))
        self._desk.offer(Notice(title=title, message=preset_name(preset.name)), step)

    def _build(self) -> None:
        menu = QToolButton()
        menu.setText("⋯")
        menu.setAccessibleName(tr("Preset actions"))
        menu.setToolTip(menu.accessibleName())
        menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu.setMenu(self._menu())
        head = row(self.preset, menu, margins=(14, 10, 10, 8))
        inside = QWidget()
        inside.setObjectName("sheet")
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(14, 4, 14, 8)
        inner.addWidget(self.form)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        choose = tool("folder", tr("Choose where results go"), self._choose_out)
        foot = column(label(tr("Results go to"), "section"), row(self._out, choose), margins=(14, 8, 10, 10), gap=2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (head, line()):
            layout.addWidget(part)
        layout.addWidget(scroll, 1)
        layout.addWidget(line())
        layout.addWidget(foot)

    def _poses(self) -> list[tuple[str, str]]:
        """The poses as a recipe names them, the photographer's own by their files; and what they are called."""
        studio = self._desk.studio
        own = studio.poses.own()
        return [(str(path) if name in own else name, pose_name(name)) for name, path in studio.poses.all().items()]

    @Slot()
    def _offer_poses(self) -> None:
        self.form.offer_poses(self._poses())

    def _channels(self) -> list[tuple[str, str]]:
        for error in self._desk.studio.channels.unusable():
            self._desk.say(notice_of(error))
        return [(name, channel_name(name, each.title)) for name, each in self._desk.studio.channels.all().items()]

    @Slot()
    def _show_names(self) -> None:
        """Say what the first photo's results will be called, or what is wrong with the naming rule."""
        rows = self._desk.shots.rows
        photo = rows[0].shot.front if rows else Path("4006381333931_front.jpg")
        try:
            names = self._desk.studio.recipes.example_name(self.form.recipe, photo)
        except RecipeError as error:
            self.form.say_names(notice_of(error).message, "bad")
            return
        # Isolated: a file's name reads from left to right in every language.
        paths = [f"{channel}/{name}" if channel else name for channel, name in names.items()]
        self.form.say_names("\n".join(f"\u2066{breakable(path)}\u2069" for path in paths), "muted")

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(tr("Save as preset…"), self._ask_save)
        menu.addAction(tr("Delete preset"), self.forget_preset)
        menu.addSeparator()
        menu.addAction(tr("Import from a file…"), self._ask_import)
        menu.addAction(tr("Export to a file…"), self._ask_export)
        return menu

    @Slot()
    def _show(self) -> None:
        self.form.show_recipe(self._desk.recipe)
        self._show_preset()
        is_known = self._desk.folder or self._desk.state.text("out")
        # Isolated: a path reads from left to right in every language.
        self._out.setText(f"\u2066{self._desk.out}\u2069" if is_known else tr("Beside each shoot"))
        self._show_names()

    def _show_preset(self) -> None:
        """Say which preset the recipe is, and that it was changed where it was; choosing it again takes that back."""
        recipe = self._desk.recipe
        for place, (name, preset) in enumerate(self._presets.items()):
            is_changed = name == recipe.name and preset.fingerprint != recipe.fingerprint
            title = preset_name(name)
            self.preset.setItemText(place, tr("{preset} (changed)", preset=title) if is_changed else title)
        self.preset.setCurrentIndex(self.preset.findData(recipe.name))

    @Slot()
    def _on_form(self) -> None:
        recipe = self.form.recipe
        try:
            recipe.check()
        except RecipeError as error:
            self._desk.say(_refusal(recipe, error))
            # The form says what Start would do.
            self.form.show_recipe(self._desk.recipe)
            return
        self._desk.set_recipe(recipe)

    @Slot(int)
    def _on_preset(self, place: int) -> None:
        self._desk.set_recipe(self._presets[self.preset.itemData(place)])

    @Slot()
    def _ask_save(self) -> None:
        name, accepted = QInputDialog.getText(self, tr("Save as preset"), tr("Name of the preset"))
        if accepted and name.strip():
            self.save_preset(name.strip())

    @Slot()
    def _ask_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Import a preset"), "", tr("Recipes (*.json)"))
        if name:
            self.import_preset(Path(name))

    @Slot()
    def _ask_export(self) -> None:
        start = f"{self._desk.recipe.name}.json"
        name, _ = QFileDialog.getSaveFileName(self, tr("Export the preset"), start, tr("Recipes (*.json)"))
        if name:
            self.export_preset(Path(name))

    @Slot()
    def _choose_out(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Where results go"), str(self._desk.out))
        if name:
            self._desk.choose_out(Path(name))


def _refusal(recipe: Recipe, error: RecipeError) -> Notice:
    """Why the form's recipe cannot be used, in the words of the form."""
    if recipe.compose.background == "transparent" and recipe.output.format is Format.JPG:
        message = tr("A JPEG has no transparency: choose another file type or another background first.")
    elif recipe.enhance.scale > 1 and (recipe.output.format is Format.PSD or recipe.output.layered):
        message = tr("An enlarged picture has no layers: choose another file type, or enlarge nothing, first.")
    else:
        message = error.message
    return Notice(title=tr("These do not go together"), message=message, hint=tr("What was chosen before stays."))
