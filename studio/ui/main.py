"""The desktop application: makes the studio, the bridge and the window, and takes them down in order."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from studio.app import Studio
from studio.errors import StudioError
from studio.model import Newest, Notice
from studio.ui import icons, theme
from studio.ui.bridge import Bridge
from studio.ui.desk import Desk
from studio.ui.faults import Faults
from studio.ui.first_run import SEEN, FirstRun
from studio.ui.garbage import Garbage
from studio.ui.i18n import install_language, system_language, tr
from studio.ui.sentences import said
from studio.ui.state import State
from studio.ui.watching import WatchDesk
from studio.ui.window import MainWindow

AGAIN_MS = 200


class Application(QApplication):
    """The application; macOS tells it of what is dropped on its icon, also while it runs."""

    dropped = Signal(Path)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FileOpen:
            self.dropped.emit(Path(cast(QFileOpenEvent, event).file()))
            return True
        return super().event(event)


class Desktop(QObject):
    """Everything that lives as long as the application: one studio, one service, one window at a time."""

    def __init__(self, app: QApplication, studio: Studio) -> None:
        super().__init__(app)
        self.app = app
        self.studio = studio
        self._garbage = Garbage(self)
        self.state = State(studio.home.folder)
        self.bridge = Bridge(self)
        self.service = studio.work.serve(self.bridge.happened.emit)
        self.watching = WatchDesk(studio, self.service, self.bridge, self)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme)
        self.window = self._make_window()

    @Slot()
    def rebuild(self) -> None:
        """Make the window anew, in another language or theme, on the same shoot."""
        old, folder, current, page = (
            self.window,
            self.window.desk.folder,
            self.window.desk.current,
            self.window.page_name,
        )
        is_taking_in = old.desk.is_taking_in
        old.close()
        self.window = self._make_window()
        self.window.desk.jobs.show(old.desk.jobs.rows)
        self.window.desk.refresh_queue()
        if is_taking_in:
            self.window.desk.go_on()
        if folder:
            self.window.desk.open_folder(folder, current)
        self.window.show()
        self.window.show_page(page)
        old.deleteLater()
        self._delete(old.desk)

    def look_for_updates(self) -> None:
        """Say that a newer version is out; asked only as often as the photographer allowed."""
        if self.studio.may_look_for_updates:
            self.window.desk.background.ask("updates", self.studio.look_for_updates, self._tell_of_update)

    def _tell_of_update(self, answer: object) -> None:
        if isinstance(answer, Newest) and answer.is_newer:
            message = tr("Version {version} is out: {page}", version=answer.version, page=answer.page)
            self.window.desk.say(Notice(title=tr("Newer version"), message=message, is_news=True))

    def close(self) -> None:
        """End the worker (what it had not finished is queued again) and let go of everything."""
        self.watching.close()
        self.service.close()
        self.studio.close()
        self._garbage.close()

    @Slot(Path)
    def open(self, path: Path) -> None:
        """Open a folder or a photo as the shoot."""
        self.window.desk.open_paths([path.absolute()])

    def reopen(self) -> None:
        """Open the shoot that was open last, among those that are still there."""
        for folder in self.state.recent[:1]:
            self.open(folder)

    @Slot(object)
    def tell(self, notice: Notice) -> None:
        """Show something that concerns no single job."""
        self.window.notices.show(notice)

    def _make_window(self) -> MainWindow:
        install_language(self.app, self.state.text("language") or system_language())
        theme.apply_theme(self.app, theme.wanted_theme(self.state.text("theme", "system")))
        window = MainWindow(Desk(self.studio, self.service, self.bridge, self.state, self), self.watching)
        theme.dress(self.app)
        window.setLayoutDirection(QGuiApplication.layoutDirection())
        # Queued: the page that asks is a child of the window that goes.
        window.rebuild_wanted.connect(self.rebuild, Qt.ConnectionType.QueuedConnection)
        return window

    def _delete(self, closed: Desk) -> None:
        """Let go of a closed desk, once nothing runs for it: a pool that is deleted waits, and the window with it."""
        if closed.is_at_rest:
            closed.deleteLater()
        else:
            QTimer.singleShot(AGAIN_MS, self, lambda: self._delete(closed))

    def welcome(self) -> None:
        """Ask what a first run has to know, if this is one."""
        if self.state.text(SEEN):
            return
        sheet = FirstRun(self.window.desk, self.window)
        sheet.language_chosen.connect(self._on_first_language, Qt.ConnectionType.QueuedConnection)
        sheet.samples_wanted.connect(self.window.open_samples)
        sheet.open()

    @Slot()
    def _on_first_language(self) -> None:
        self.rebuild()
        self.welcome()

    @Slot(Qt.ColorScheme)
    def _on_scheme(self, _scheme: Qt.ColorScheme) -> None:
        if self.state.text("theme", "system") == "system" and theme.wanted_theme("system") is not theme.current():
            QTimer.singleShot(0, self, self.rebuild)


def run(arguments: Sequence[str] = ()) -> int:
    """Open the window, on a folder if one is named; return the exit status when it was closed."""
    app = QApplication.instance() or Application([sys.argv[0]])
    assert isinstance(app, QApplication)
    app.setApplicationName("Modamoda Studio")
    app.setDesktopFileName("modamoda-studio")
    app.setWindowIcon(icons.app_icon())
    faults = Faults(app)
    faults.listen()
    try:
        desktop = Desktop(app, Studio())
    except StudioError as error:
        install_language(app, system_language())
        QMessageBox.critical(None, said(error.title), f"{said(error.message)}\n\n{said(error.hint)}")
        return 1
    faults.noticed.connect(desktop.tell)
    desktop.window.show()
    desktop.window.desk.resume()
    desktop.watching.start()
    desktop.welcome()
    desktop.look_for_updates()
    if isinstance(app, Application):
        app.dropped.connect(desktop.open)
    if arguments:
        desktop.open(Path(arguments[0]))
    else:
        desktop.reopen()
    status = app.exec()
    desktop.close()
    return status
