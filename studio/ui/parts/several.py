"""A field for any number of a few values."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from studio.ui.parts.fields import Field


class Several(Field):
    """Check boxes under one another; the value is a tuple in their order."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]], help: str = "") -> None:
        self.boxes = {value: QCheckBox(text) for value, text in options}
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for box in self.boxes.values():
            layout.addWidget(box)
        super().__init__("", inside, help)
        self.name = name
        inside.setAccessibleName(name)
        for box in self.boxes.values():
            box.setAccessibleName(box.text())
            box.toggled.connect(self._announce)

    @property
    def value(self) -> Any:
        return tuple(value for value, box in self.boxes.items() if box.isChecked())

    def set_value(self, value: Any) -> None:
        for name, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(name in value)
