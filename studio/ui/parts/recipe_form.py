"""The form of a recipe: one field for each of its entries, in the order of the work."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QFileDialog, QVBoxLayout, QWidget

from studio.model import (
    Align,
    Engine,
    EnhanceMethod,
    FigureStep,
    Format,
    InteriorSource,
    Metadata,
    Mode,
    Profile,
    Recipe,
    Shadow,
)
from studio.ui.i18n import tr
from studio.ui.parts.controls import label
from studio.ui.parts.fields import Check, Choice, Field, Number, Percent, Section, Words
from studio.ui.parts.several import Several
from studio.ui.phrases import builds, persons, settings, skin_tones

COLOUR, PICTURE = "colour…", "picture…"


class RecipeForm(QWidget):
    """Shows a recipe and says when a person changed it. `size` is two fields that both stand for one entry.

    poses, channels: what can be chosen, as a recipe names it and as the form does.
    """

    changed = Signal()
    name_edited = Signal()

    def __init__(self, poses: Sequence[tuple[str, str]], channels: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._recipe = Recipe()
        self._fields: dict[str, Field] = _fields(poses, channels)
        self.names = label("", "muted")
        self.names.setWordWrap(True)
        self.names.setAccessibleName(tr("What results will be called"))
        self._width, self._height = (
            Number(
                name,
                16,
                30_000,
                tr("Of the finished picture; one alone makes a square"),
                suffix=" px",
                special=tr("as in the photo"),
                step=50,
            )
            for name in (tr("Width"), tr("Height"))
        )
        self.sections = self._sections()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for section in self.sections:
            layout.addWidget(section)
        for field in (*self._fields.values(), self._width, self._height):
            field.changed.connect(self._on_change)
        name = self._fields["output.name"]
        assert isinstance(name, Words)
        name.line.textEdited.connect(self.name_edited)
        self.show_recipe(self._recipe)

    def field(self, entry: str) -> Field:
        """The field of an entry such as `compose.background`."""
        return self._fields[entry]

    def offer_poses(self, poses: Sequence[tuple[str, str]]) -> None:
        """Offer these poses from now on, as the form was made with."""
        field = self._fields["figure.pose"]
        assert isinstance(field, Choice)
        field.offer(poses)

    @property
    def recipe(self) -> Recipe:
        """The recipe as the form says it."""
        recipe = self._recipe
        for entry, field in self._fields.items():
            recipe = _with(recipe, entry, field.value)
        recipe = _with(recipe, "compose.size", self._size)
        if recipe.enhance.method is EnhanceMethod.NONE:
            recipe = _with(recipe, "enhance.scale", 1)  # its field is hidden
        figure = recipe.figure if recipe.mode is Mode.HUMAN else None
        return replace(recipe, figure=figure)

    @property
    def _size(self) -> tuple[int, int] | None:
        """A frame has both sides or none: what is said of one holds for the other that says nothing."""
        width, height = self._width.value, self._height.value
        if width and height:
            return width, height
        side = None if self._recipe.compose.size else width or height
        return (side, side) if side else None

    def show_recipe(self, recipe: Recipe) -> None:
        """Show `recipe`."""
        self._recipe = replace(recipe, figure=recipe.figure or FigureStep())
        for entry, field in self._fields.items():
            field.set_value(_read(self._recipe, entry))
        width, height = recipe.compose.size or (None, None)
        self._width.set_value(width)
        self._height.set_value(height)
        self._refresh()

    def say_names(self, text: str, kind: str) -> None:
        """Say what results will be called, or what is wrong with their names; kinds as labels have them."""
        self.names.setText(text)
        self.names.setObjectName(kind)
        self.names.style().polish(self.names)

    @Slot()
    def _on_change(self) -> None:
        background = self._fields["compose.background"]
        if background.value in (COLOUR, PICTURE):
            background.set_value(self._ask_background(background.value))
        self.show_recipe(self.recipe)
        self.changed.emit()

    def _ask_background(self, kind: str) -> str:
        """Ask for a colour or a picture; what it was before when nothing is chosen."""
        before = self._recipe.compose.background
        if kind == COLOUR:
            start = QColor(before) if before.startswith("#") else QColor("#ffffff")
            chosen = QColorDialog.getColor(start, self, tr("Background colour"))
            return chosen.name() if chosen.isValid() else before
        name, _ = QFileDialog.getOpenFileName(self, tr("Background picture"))
        return name or before

    def _refresh(self) -> None:
        mode = self._fields["mode"].value
        self.sections[1].setVisible(mode is Mode.INVISIBLE)
        self.sections[2].setVisible(mode is Mode.HUMAN)
        kind = self._fields["output.format"].value
        self._fields["output.quality"].setVisible(kind in (Format.JPG, Format.WEBP, Format.AVIF))
        self._fields["output.layered"].setVisible(kind == Format.TIFF)
        self._fields["enhance.scale"].setVisible(self._fields["enhance.method"].value is not EnhanceMethod.NONE)

    def _sections(self) -> list[Section]:
        def pick(*entries: str) -> list[Field]:
            return [self._fields[entry] for entry in entries]

        return [
            Section(tr("What to make"), *pick("mode", "engine")),
            Section(tr("Inside"), *pick("interior.source")),
            Section(
                tr("Figure"),
                *pick("figure.pose", "figure.person", "figure.skin_tone", "figure.build"),
                *pick("figure.setting", "figure.candidates"),
            ),
            Section(tr("Background"), *pick("compose.background", "compose.shadow")),
            Section(tr("Frame"), self._width, self._height, *pick("compose.fill", "compose.align")),
            Section(tr("Enhance"), *pick("enhance.method", "enhance.scale"), is_open=False),
            Section(tr("Sales channels"), *pick("output.templates"), is_open=False),
            Section(
                tr("Output"),
                *pick("output.format", "output.layered", "output.quality", "output.profile", "output.name"),
                self.names,
                *pick("output.metadata", "output.layers", "output.provenance"),
            ),
            Section(tr("Review"), *pick("extract.confidence_min"), is_open=False),
        ]


def _read(recipe: Recipe, entry: str) -> Any:
    found: Any = recipe
    for name in entry.split("."):
        found = getattr(found, name)
    return found


def _with(recipe: Recipe, entry: str, value: Any) -> Recipe:
    step, _, name = entry.rpartition(".")
    if not step:
        return replace(recipe, **{name: value})
    old = getattr(recipe, step)
    return replace(recipe, **{step: replace(old, **{name: value})})  # type: ignore[type-var]


def _fields(poses: Sequence[tuple[str, str]], channels: Sequence[tuple[str, str]]) -> dict[str, Field]:
    several = Several(tr("Sales channels"), channels, tr("Each gets a file of its own, checked against its rules"))
    return _making(poses) | _composing() | _writing() | {"output.templates": several}


def _making(poses: Sequence[tuple[str, str]]) -> dict[str, Field]:
    modes = (
        (Mode.INVISIBLE, tr("Invisible mannequin")),
        (Mode.CUTOUT, tr("Clean cut-out")),
        (Mode.HUMAN, tr("Human model")),
    )
    engines = (
        (Engine.AUTO, tr("Best available")),
        (Engine.STARTER, tr("Starter")),
        (Engine.STUDIO, tr("Studio (GPU)")),
    )
    sources = (
        (InteriorSource.AUTO, tr("Best available")),
        (InteriorSource.INSIDE_PHOTO, tr("Inside photo only")),
        (InteriorSource.SYNTHESISE, tr("Build from fabric")),
        (InteriorSource.GENERATE, tr("Generate (studio engine)")),
        (InteriorSource.NONE, tr("Leave open")),
    )
    return {
        "mode": Choice(tr("Picture"), modes, tr("What is made of each shot")),
        "engine": Choice(tr("Engine"), engines, tr("Who does the work; the starter engine needs no graphics card")),
        "interior.source": Choice(tr("Source"), sources, tr("Where the inside of collar, sleeves and hem comes from")),
        "figure.pose": Choice(tr("Pose"), poses, tr("How the figure stands")),
        "figure.person": Choice(tr("Person"), persons()),
        "figure.skin_tone": Choice(tr("Skin tone"), skin_tones()),
        "figure.build": Choice(tr("Build"), builds()),
        "figure.setting": Choice(tr("Setting"), settings()),
        "figure.candidates": Number(tr("Candidates"), 1, 8, tr("So many figures are made; the best one is kept")),
        "extract.confidence_min": Percent(
            tr("Review below"), 0, 100, tr("Results that the program trusts less than this wait for you under Review")
        ),
    }


def _composing() -> dict[str, Field]:
    grounds = (
        ("#ffffff", tr("White")),
        ("#f2f2f2", tr("Light grey")),
        ("transparent", tr("Transparent")),
        (COLOUR, tr("Colour…")),
        (PICTURE, tr("Picture…")),
    )
    shadows = ((Shadow.NONE, tr("None")), (Shadow.CONTACT, tr("Contact")), (Shadow.DROP, tr("Drop")))
    aligns = ((Align.CENTER, tr("Centre")), (Align.TOP, tr("Top")), (Align.BOTTOM, tr("Bottom")))
    methods = (
        (EnhanceMethod.NONE, tr("None")),
        (EnhanceMethod.LANCZOS, tr("Lanczos")),
        (EnhanceMethod.REAL_ESRGAN, tr("Real-ESRGAN")),
    )
    return {
        "compose.background": Choice(tr("Colour"), grounds, tr("What stands behind the garment")),
        "compose.shadow": Choice(tr("Shadow"), shadows),
        "compose.fill": Percent(
            tr("Fill"), 5, 100, tr("How much of the frame the garment takes"), special=tr("as in the photo")
        ),
        "compose.align": Choice(tr("Stands"), aligns),
        "enhance.method": Choice(tr("Method"), methods, tr("The garment itself is never repainted")),
        "enhance.scale": Number(tr("Enlarge"), 1, 4, suffix=" ×"),
    }


def _tokens() -> str:
    """What can stand in a name; the braces are no values of the text."""
    return tr("Tokens: ") + "{stem} {sku} {view} {ean} {index:03} {date} {shoot}"


def _writing() -> dict[str, Field]:
    formats = (
        (Format.PNG, "PNG"),
        (Format.JPG, "JPEG"),
        (Format.TIFF, "TIFF"),
        (Format.WEBP, "WebP"),
        (Format.AVIF, "AVIF"),
        (Format.PSD, "PSD"),
    )
    profiles = (
        (Profile.SRGB, "sRGB"),
        (Profile.ADOBE_RGB, "Adobe RGB"),
        (Profile.DISPLAY_P3, "Display P3"),
        (Profile.SOURCE, tr("The photo's own")),
    )
    metadata = ((Metadata.KEEP, tr("Keep")), (Metadata.NONE, tr("Leave out")))
    return {
        "output.format": Choice(tr("File type"), formats),
        "output.quality": Number(tr("Quality"), 1, 100),
        "output.profile": Choice(tr("Colours"), profiles),
        "output.layered": Check(tr("Keep layers in the file"), tr("As a PSD has them, for Photoshop")),
        "output.name": Words(tr("Name"), _tokens(), placeholder="{stem}"),
        "output.metadata": Choice(tr("Metadata"), metadata, tr("EXIF, IPTC and XMP of the photograph")),
        "output.layers": Check(tr("Keep masks and master"), tr("Writes the layers beside each result")),
        "output.provenance": Check(tr("Say how it was made"), tr("Writes what was generated into the file")),
    }
