"""Garbage is collected in the GUI thread alone.

Parts of a window that hold each other die when Python collects garbage, which it does in whichever thread has just
asked for memory; a QObject that is destroyed in a thread that reads the history takes the program with it.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_MS = 1000


class Garbage(QObject):
    """Collects garbage in the thread that it lives in, from when it is made until it is closed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _look(self) -> None:
        """Collect the generations whose turn it would be, by Python's own limits."""
        for generation in range(3):
            if gc.get_count()[generation] <= gc.get_threshold()[generation]:
                break
            gc.collect(generation)
