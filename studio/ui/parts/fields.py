"""Form fields with one face: `value`, `set_value`, `changed`; named for the screen reader, with a label and a help."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.ui import icons
from studio.ui.parts.controls import label, tool


class Field(QWidget):
    """A label with a control beside it. Subclasses fill in how the control is read and written."""

    changed = Signal()

    def __init__(self, name: str, control: QWidget, help: str = "") -> None:
        super().__init__()
        self.name = name
        self._control = control
        self.name_control(name, help)
        control.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(10)
        if name:
            words = label(name)
            words.setFixedWidth(104)
            words.setWordWrap(True)
            words.setBuddy(control)
            self._layout.addWidget(words)
        self._layout.addWidget(control, 1)

    @property
    def control(self) -> QWidget:
        """What takes the focus."""
        return self._control

    def name_control(self, name: str, help: str) -> None:
        """Say what the control is, where no label beside it does."""
        self._control.setAccessibleName(name)
        self._control.setAccessibleDescription(help)
        self._control.setToolTip(help)

    @property
    def value(self) -> Any:
        """What the control says."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value; `changed` stays silent."""
        raise NotImplementedError

    @Slot()
    def _announce(self) -> None:
        self.changed.emit()


class Choice(Field):
    """One of a few values."""

    def __init__(self, name: str, options: Sequence[tuple[Any, str]], help: str = "") -> None:
        self._box = CalmComboBox()
        # Kept here: a box gives enums back as bare text.
        self._values = [value for value, _ in options]
        self._box.addItems([text for _, text in options])
        super().__init__(name, self._box, help)
        self._box.currentIndexChanged.connect(self._announce)

    def offer(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer these instead; the value stays, also where it is none of them."""
        value = self.value
        with QSignalBlocker(self._box):
            self._values = [each for each, _ in options]
            self._box.clear()
            self._box.addItems([text for _, text in options])
        self.set_value(value)

    @property
    def value(self) -> Any:
        return self._values[self._box.currentIndex()]

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self._box):
            if value not in self._values:
                self._values.append(value)
                self._box.addItem(str(value))
            self._box.setCurrentIndex(self._values.index(value))


class Number(Field):
    """A whole number; `special` is what the lowest value is called, and it then means None."""

    def __init__(
        self, name: str, low: int, high: int, help: str = "", *, suffix: str = "", special: str = "", step: int = 1
    ) -> None:
        self._box = CalmSpinBox()
        self._special = bool(special)
        self._box.setRange(low - 1 if special else low, high)
        self._box.setSingleStep(step)
        self._box.setSuffix(suffix)
        self._box.setSpecialValueText(special)
        super().__init__(name, self._box, help)
        self._box.valueChanged.connect(self._announce)

    @property
    def value(self) -> Any:
        found = self._box.value()
        return None if self._special and found == self._box.minimum() else found

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self._box):
            self._box.setValue(self._box.minimum() if value is None else int(value))


class Percent(Field):
    """A share 0..1, shown as a percentage; `special` names the value None, which stands below the lowest."""

    def __init__(self, name: str, low: int, high: int, help: str = "", *, special: str = "") -> None:
        self._box = CalmSpinBox()
        self._special = bool(special)
        self._share: float | None = None
        self._box.setRange(low - 1 if special else low, high)
        self._box.setSuffix(" %")
        self._box.setSpecialValueText(special)
        super().__init__(name, self._box, help)
        self._box.valueChanged.connect(self._announce)

    @property
    def value(self) -> Any:
        found = self._box.value()
        if self._share is not None and found == round(self._share * 100):
            return self._share  # a recipe's 0.825 stays 0.825 until a person chooses another percentage
        return None if self._special and found == self._box.minimum() else found / 100

    def set_value(self, value: Any) -> None:
        self._share = value
        with QSignalBlocker(self._box):
            self._box.setValue(self._box.minimum() if value is None else round(value * 100))


class Words(Field):
    """A line of text."""

    def __init__(self, name: str, help: str = "", *, placeholder: str = "") -> None:
        self.line = QLineEdit(placeholderText=placeholder)
        super().__init__(name, self.line, help)
        self.line.editingFinished.connect(self._announce)

    @property
    def value(self) -> Any:
        return self.line.text()

    def set_value(self, value: Any) -> None:
        self.line.setText(str(value))


class Check(Field):
    """Yes or no."""

    def __init__(self, name: str, help: str = "") -> None:
        self._box = QCheckBox(name)
        super().__init__("", self._box, help)
        self._box.setAccessibleName(name)
        self.name = name
        self._box.toggled.connect(self._announce)

    @property
    def value(self) -> Any:
        return self._box.isChecked()

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self._box):
            self._box.setChecked(bool(value))


class Section(QWidget):
    """Fields under a heading that folds them away."""

    def __init__(self, title: str, *fields: QWidget, is_open: bool = True) -> None:
        super().__init__()
        self.head = tool("chevron-down" if is_open else "chevron-right", title, None, checkable=True)
        self.head.setObjectName("section")
        self.head.setText(title)
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setToolTip("")
        self.head.setChecked(is_open)
        self.head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.body = QWidget()
        inside = QVBoxLayout(self.body)
        inside.setContentsMargins(4, 0, 0, 10)
        inside.setSpacing(8)
        for field in fields:
            inside.addWidget(field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.head)
        layout.addWidget(self.body)
        self.body.setVisible(is_open)
        self.head.toggled.connect(self._fold)

    @Slot(bool)
    def _fold(self, is_open: bool) -> None:
        self.body.setVisible(is_open)
        self.head.setIcon(icons.icon("chevron-down" if is_open else "chevron-right"))


class CalmComboBox(QComboBox):
    """Does not change its value when the wheel rolls over it while the form is scrolled."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CalmSpinBox(QSpinBox):
    """The same for numbers."""

    def __init__(self) -> None:
        super().__init__()
        # Else every digit on the way to a number would count: 120 on the way to 1200.
        self.setKeyboardTracking(False)
        # The theme gives the arrows no width. NoButtons would do the same, but with a style sheet it leaves the text
        # one pixel wide (Qt 6.12); to be simplified when that is gone.
        self.lineEdit().setTextMargins(6, 0, 6, 0)
        if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            # Digits alone have no direction; left to itself the line takes that of the keyboard.
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
