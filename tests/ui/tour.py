"""A tour of the window on the sample shoot: numbered screenshots in both languages and both themes.

    python3 dev.py screenshots

Runs the shoot with the real engine, corrects a mask, bends a pose, and looks at every page.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.app import Home, Studio
from studio.model import JobStatus, Region
from studio.ui.canvas import skeleton
from studio.ui.canvas.scene import Compare
from studio.ui.dialogs import ShortcutSheet
from studio.ui.first_run import SEEN, FirstRun
from studio.ui.main import Desktop
from studio.ui.parts.export_sheet import ExportSheet
from studio.ui.window import MainWindow

PATIENCE_S = 300
SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"


class Tour:
    """One walk through the window in one language and theme; `shots` counts over the whole walk."""

    def __init__(self, app: QApplication, desktop: Desktop, folder: Path, name: str) -> None:
        self._app = app
        self._desktop = desktop
        self._folder = folder
        self._name = name
        self._shots = 0

    @property
    def window(self) -> MainWindow:
        return self._desktop.window

    def walk(self) -> None:
        """Take all pictures of this language and theme."""
        self.pause(0.5)
        self.welcome()
        self.shoot()
        self.review()
        self.mask()
        self.pose()
        self.pages()

    def welcome(self) -> None:
        self._desktop.state.keep_text(SEEN, "")
        self._desktop.welcome()
        sheet = self.window.findChild(FirstRun)
        self.take("first-run", sheet)
        sheet.samples.click()
        self.wait(lambda: self.window.desk.shots.rowCount() == 10)

    def shoot(self) -> None:
        desk = self.window.desk
        self.take("shoot")
        # Strict, so that something is left to be looked at under Review.
        strict, keeping = replace(desk.recipe.extract, confidence_min=0.95), replace(desk.recipe.output, layers=True)
        desk.set_recipe(replace(desk.recipe, extract=strict, output=keeping))
        desk.start()
        self.wait(lambda: desk.jobs.count(JobStatus.RUNNING) > 0 or self.all_finished())
        self.take("working")
        self.wait(self.all_finished)
        desk.choose(next(row.shot.front for row in desk.shots.rows if row.shot.front.stem == "vneck-striped"))
        self.window.shoot.viewer.change(compare=Compare.SPLIT)
        self.window.shoot.side.setCurrentIndex(1)
        self.wait(lambda: self.window.shoot.viewer.canvas.scene.after is not None)
        self.take("compare")

    def review(self) -> None:
        self.window.show_page("review")
        self.pause(1.0)
        self.take("review")
        self.window.show_page("shoot")

    def mask(self) -> None:
        shoot = self.window.shoot
        shoot.editor.open()
        self.wait(lambda: shoot.editor.session is not None)
        shoot.editor.bar.settings.region = Region.MANNEQUIN
        shoot.editor.bar.region.set_value(Region.MANNEQUIN)
        size = shoot.viewer.canvas.scene.size
        self.drag((size.width() * 0.40, size.height() * 0.93), (size.width() * 0.60, size.height() * 0.93))
        self.take("mask")
        shoot.editor.reset()
        shoot.editor.close()

    def pose(self) -> None:
        editor = self.window.shoot.pose_editor
        editor.open()
        self.pause(1.0)
        elbow = editor.tool.pose.points[skeleton.R_WRIST] or (10.0, 10.0)
        self.drag(elbow, (elbow[0] - 60, elbow[1] - 120))
        self.take("pose")
        editor.reset()
        editor.close()

    def pages(self) -> None:
        for name in ("history", "models", "system", "account", "settings"):
            self.window.show_page(name)
            self.wait(lambda: self.window.desk.background.is_idle)
            if name == "history":
                self.wait(lambda: self.window.page("history").model.rowCount() == 10)
                page = self.window.page(name)
                page.table.setCurrentIndex(page.model.index(1, 0))
            self.take(name)
        self.window.show_shortcuts()
        sheet = self.window.findChild(ShortcutSheet)
        self.take("shortcuts", sheet)
        sheet.accept()
        self.watch()
        self.export()

    def watch(self) -> None:
        self.window.show_page("watch")
        page = self.window.page("watch")
        with tempfile.TemporaryDirectory() as place:
            incoming = Path(place) / "incoming"
            incoming.mkdir()
            for name in ("dress-floral", "tee-checked"):
                shutil.copy(SAMPLES / f"{name}.jpg", incoming)
            page.watch(incoming)
            self.wait(lambda: len(page.cards) == 1)
            (card,) = page.cards.values()
            state = self.window.desk.studio.watching.state
            over = (JobStatus.DONE, JobStatus.NEEDS_REVIEW)
            self.wait(lambda: sum(state(card.watched).counts.get(status, 0) for status in over) == 2)
            page.reload()
            self.wait(lambda: self.window.desk.background.is_idle)
            self.take("watch")
            page.remove(card.watched)
            self.wait(lambda: not page.cards)

    def export(self) -> None:
        self.window.show_page("shoot")
        self.window.shoot.browser.list.selectAll()
        self.window.export_shots()
        self.wait(lambda: self.window.findChild(ExportSheet) is not None)
        sheet = self.window.findChild(ExportSheet)
        for channel in ("zalando", "square"):
            sheet.channels.boxes[channel].setChecked(True)
        self.take("export", sheet)
        sheet.reject()

    def all_finished(self) -> bool:
        return all(row.is_finished or row.status is JobStatus.FAILED for row in self.window.desk.shots.rows)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        canvas = self.window.shoot.viewer.canvas
        first, last = (canvas.view.to_widget(QPointF(*point)).toPoint() for point in (start, end))
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=first)
        for step in range(1, 6):
            QTest.mouseMove(canvas, first + (last - first) * step / 5)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=last)

    def take(self, what: str, widget: QWidget | None = None) -> None:
        """Save a numbered picture of the window, or of a sheet over it."""
        self.pause(0.3)
        self.wait(lambda: self.window.desk.background.is_idle)
        self.pause(0.6)
        self._shots += 1
        path = self._folder / f"{self._name}-{self._shots:02}-{what}.png"
        (widget or self.window).grab().save(str(path))
        # A third of the bytes, and no eye sees it in documentation.
        Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)

    def pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._app.processEvents()
            time.sleep(0.005)

    def wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > until:
                raise SystemExit(f"The tour waited in vain after {self._shots} pictures of {self._name}.")
            self.pause(0.02)


def main(folder: Path) -> None:
    """Walk four times, each with a home of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for language in ("en", "ar"):
        for look in ("dark", "light"):
            with tempfile.TemporaryDirectory() as home:
                desktop = Desktop(app, Studio(Home(folder=Path(home) / "modamoda")))
                desktop.state.keep_text("language", language)
                desktop.state.keep_text("theme", look)
                desktop.rebuild()
                desktop.window.resize(1440, 900)
                desktop.window.show()
                Tour(app, desktop, folder, f"{language}-{look}").walk()
                desktop.window.close()
                desktop.close()
                desktop.setParent(None)
                desktop.window.deleteLater()
                desktop.deleteLater()
                # Before the application goes: what is left then starts timers that nobody is there for.
                QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
