"""The bar of mask editing: the tool, what it paints, size, hardness, snapping, undo, and what becomes of it."""

import math
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QSlider, QToolButton, QVBoxLayout, QWidget

from studio.model import Region, Stroke
from studio.ui import theme
from studio.ui.canvas.mask_tools import (
    LARGEST_PX,
    SMALLEST_PX,
    Brush,
    BrushSettings,
    Eraser,
    Grow,
    Lasso,
    MaskTool,
    Polygon,
)
from studio.ui.i18n import number, tr
from studio.ui.parts.controls import ElidedLabel, Segments, button, label, row, tool

SLIDER_STEPS = 1000


class MaskBar(QWidget):
    """Chooses the tool and its settings; says what a person wants done with the corrections."""

    tool_chosen = Signal(object)
    undo_wanted = Signal()
    redo_wanted = Signal()
    reset_wanted = Signal()
    run_wanted = Signal()
    shoot_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, add: Callable[[Stroke], None]) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setToolTip(tr("Use the mouse; or move the tool with the arrow keys, put it down and lift it with Enter"))
        self.settings = BrushSettings()
        self._add = add
        self._tools = QButtonGroup(self)
        self._kinds: list[type[MaskTool]] = []
        self.region = Segments(
            tr("Paint as"),
            (
                (Region.GARMENT, tr("Garment")),
                (Region.MANNEQUIN, tr("Mannequin")),
                (Region.BACKGROUND, tr("Background")),
            ),
        )
        self.size_slider = self._slider(tr("Size of the brush"), self._on_size)
        self.hardness = self._slider(tr("Hardness of the brush"), self._on_hardness)
        self.snap = tool("magnet", tr("Stop at edges"), self._on_snap, checkable=True, key="S")
        self.undo = tool("undo", tr("Undo"), self.undo_wanted.emit, key="Ctrl+Z")
        self.redo = tool("redo", tr("Redo"), self.redo_wanted.emit, key="Ctrl+Shift+Z")
        self.reset = tool("trash", tr("Take all corrections back"), self.reset_wanted.emit)
        self.run = button(tr("Save and process"), self.run_wanted.emit, icon="play", kind="primary")
        self.run.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.to_shoot = button(tr("Apply to the shoot"), self.shoot_wanted.emit)
        self.to_shoot.setToolTip(
            tr("Teach the program the look of the mannequin you painted, for all shots of this shoot")
        )
        self._size_words = label("", "small")
        self.words = ElidedLabel("muted", least_px=120)
        self._build()
        self.region.chosen.connect(self._on_region)
        self.show_settings()

    def show_settings(self) -> None:
        """Show the settings as they are, after a key changed them."""
        for slider, value in (
            (self.size_slider, _to_slider(self.settings.size_px)),
            (self.hardness, self.settings.hardness),
        ):
            slider.blockSignals(True)
            slider.setValue(round(value * SLIDER_STEPS))
            slider.blockSignals(False)
        self._size_words.setText(tr("{number} px", number=number(self.settings.size_px)))

    def show_counts(self, *, can_undo: bool, can_redo: bool, strokes: int) -> None:
        """Show what can be undone, and how much was corrected."""
        self._allow(can_undo=can_undo, can_redo=can_redo, can_reset=strokes > 0)
        self.words.setText(tr("{n} corrections", strokes) if strokes else tr("Paint over what is wrong"))

    def show_looking(self) -> None:
        """Say that the masks are not known yet, so that there is nothing to take back."""
        self._allow(can_undo=False, can_redo=False, can_reset=False)
        self.words.setText(tr("Finding the garment…"))

    def choose(self, place: int) -> None:
        """Take the tool at this place of the bar into the hand."""
        self._tools.button(place).setChecked(True)
        self._on_tool(place)

    def _allow(self, *, can_undo: bool, can_redo: bool, can_reset: bool) -> None:
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)
        self.reset.setEnabled(can_reset)

    def _build(self) -> None:
        tools = [
            self._tool_button(Brush, "brush", tr("Brush"), "B"),
            self._tool_button(Eraser, "eraser", tr("Eraser"), "E"),
            self._tool_button(Lasso, "lasso", tr("Lasso"), "L"),
            self._tool_button(Polygon, "polygon", tr("Polygon"), "P"),
            self._tool_button(Grow, "wand", tr("Click a region"), "C"),
        ]
        self._tools.idClicked.connect(self._on_tool)
        close = tool("cancel", tr("Leave mask editing"), self.close_wanted.emit, key="Esc")
        close.setShortcut("Esc")
        self.snap.setShortcut("S")
        sizes = (
            label(tr("Size"), "small"),
            self.size_slider,
            self._size_words,
            10,
            label(tr("Hardness"), "small"),
            self.hardness,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 8)
        layout.setSpacing(theme.GAP)
        for parts in (
            (*tools, 6, self.region, None, close),
            (*sizes, 6, self.snap, None, self.to_shoot),
            (self.words, self.undo, self.redo, self.reset, 6, self.run),
        ):
            layout.addWidget(row(*parts, gap=2))

    def _tool_button(self, kind: type[MaskTool], icon: str, name: str, key: str) -> QToolButton:
        made = tool(icon, name, None, checkable=True, key=key)
        made.setShortcut(key)
        self._tools.addButton(made, len(self._kinds))
        self._kinds.append(kind)
        return made

    def _slider(self, name: str, slot: Callable[[int], None]) -> QSlider:
        made = QSlider(Qt.Orientation.Horizontal)
        made.setRange(0, SLIDER_STEPS)
        made.setMinimumWidth(50)
        made.setMaximumWidth(110)
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.valueChanged.connect(slot)
        return made

    @Slot(int)
    def _on_tool(self, place: int) -> None:
        self.tool_chosen.emit(self._kinds[place](self.settings, self._add, self.show_settings))

    @Slot(object)
    def _on_region(self, region: Region) -> None:
        self.settings.region = region

    @Slot(int)
    def _on_size(self, value: int) -> None:
        self.settings.size_px = SMALLEST_PX * (LARGEST_PX / SMALLEST_PX) ** (value / SLIDER_STEPS)
        self._size_words.setText(tr("{number} px", number=number(self.settings.size_px)))

    @Slot(int)
    def _on_hardness(self, value: int) -> None:
        self.settings.hardness = value / SLIDER_STEPS

    @Slot(bool)
    def _on_snap(self, snap: bool) -> None:
        self.settings.snap = snap


def _to_slider(size_px: float) -> float:
    """Where a size stands on the slider, 0..1; each step multiplies."""
    return math.log(size_px / SMALLEST_PX) / math.log(LARGEST_PX / SMALLEST_PX)
