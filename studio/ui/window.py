"""The window: a rail of pages, menus, notices, drag and drop."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

from PySide6.QtCore import QMimeData, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.errors import StudioError
from studio.model import HistoryEntry, Notice
from studio.ui import icons
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import number, tr
from studio.ui.models.shots import ShotFilter
from studio.ui.pages.shoot import ShootPage
from studio.ui.parts.controls import on_screen
from studio.ui.parts.failures import Failures
from studio.ui.parts.notices import Notices
from studio.ui.parts.tray import Tray
from studio.ui.parts.viewer import Viewer
from studio.ui.watching import WatchDesk

RAIL_WIDTH = 76
# In a low window the buttons of the rail move together.
RAIL_BUTTON_HEIGHTS = 46, 58
# Width and height.
LEAST = 960, 620


@runtime_checkable
class _Viewing(Protocol):
    """A page with a viewer."""

    viewer: Viewer


@runtime_checkable
class _Searched(Protocol):
    """A page with a field to search it."""

    search: QLineEdit


@runtime_checkable
class Undoing(Protocol):
    """A page whose last change can be taken back."""

    @property
    def can_undo(self) -> bool: ...

    def undo(self) -> None: ...


class MainWindow(QMainWindow):
    """Pages are made when they are first shown, so that the window opens at once."""

    closed = Signal()
    rebuild_wanted = Signal()

    def __init__(self, desk: Desk, watching: WatchDesk) -> None:
        super().__init__()
        self.desk = desk
        self.watching = watching
        self.setWindowTitle("Modamoda Studio")
        self.setWindowIcon(icons.app_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(on_screen(self, *LEAST))
        self.shoot = ShootPage(desk, self.ask_folder)
        self._pages: dict[str, QWidget] = {"shoot": self.shoot}
        self._stack = QStackedWidget()
        self._stack.addWidget(self.shoot)
        self._rail = self._make_rail()
        whole = QWidget()
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._rail)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(whole)
        self.notices = Notices(self)
        desk.noticed.connect(self.notices.show)
        desk.offered.connect(self.notices.show_with)
        desk.settled.connect(self.notices.settle)
        Failures(desk, self.show_failed, self)
        for changed in (desk.busy_changed, desk.folder_changed, desk.decided):
            changed.connect(self._count_review)
        desk.folder_changed.connect(self._give_keys_to_shots)
        self._count_review()
        from studio.ui.actions import build_menus

        build_menus(self)
        self.shoot.queue.look_wanted.connect(self.look_at)
        self._tray = Tray(self, desk)
        desk.finished.connect(self._tray.tell)
        self._restore()

    @property
    def page_name(self) -> str:
        """The page that is shown."""
        return next(name for name, page in self._pages.items() if page is self._stack.currentWidget())

    def page(self, name: str) -> QWidget:
        """A page, made now if it was never shown."""
        if name not in self._pages:
            self._pages[name] = _MAKERS[name](self)
            self._stack.addWidget(self._pages[name])
        return self._pages[name]

    def show_page(self, name: str) -> None:
        """Turn to a page."""
        self._stack.setCurrentWidget(self.page(name))
        self._buttons[name].setChecked(True)
        if self._rail.isAncestorOf(self.focusWidget() or self):
            self.page(name).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def page_titles(self) -> list[tuple[str, str]]:
        """The pages by name, with what they are called."""
        return list(_pages())

    @property
    def viewer(self) -> Viewer | None:
        """The viewer of the page that is shown, where it has one."""
        page = self._stack.currentWidget()
        return page.viewer if isinstance(page, _Viewing) else None

    @property
    def undoing(self) -> Undoing | None:
        """The page that is shown, where it can take something back."""
        page = self._stack.currentWidget()
        return page if isinstance(page, Undoing) else None

    @property
    def search_field(self) -> QLineEdit | None:
        """Where the page that is shown is searched, where it can be."""
        page = self._stack.currentWidget()
        return page.search if isinstance(page, _Searched) else None

    def search(self) -> None:
        """Write into the search of the page that is shown."""
        if self.search_field:
            self.search_field.setFocus()
            self.search_field.selectAll()

    def open_samples(self) -> None:
        """Open a copy of the sample shoot, so that results do not land in the program."""
        self.open(self.desk.copy_samples())

    def show_shortcuts(self) -> None:
        """Show the sheet of shortcuts."""
        from studio.ui.actions import menus
        from studio.ui.dialogs import ShortcutSheet

        ShortcutSheet(menus(self), self).open()

    def show_pairs(self) -> None:
        """Show which photos of the shoot belong together."""
        from studio.ui.parts.pairs_sheet import PairsSheet

        if self.desk.folder:
            PairsSheet(self.desk, self.desk.folder, self).open()
        else:
            self.ask_folder()

    def export_shots(self) -> None:
        """Make files for sales channels out of the shots that are selected."""
        chosen = self.shoot.browser.list.chosen
        job_ids = [row.job_id for row in chosen if row.job_id]
        if not job_ids:
            self.desk.say(Notice(title=tr("Nothing to export"), message=tr("Select shots that are finished first.")))
            return
        look, unmade = self.desk.studio.history.entry, len(chosen) - len(job_ids)
        self.desk.background.ask(
            "export", lambda: [look(job_id) for job_id in job_ids], lambda found: self._export(found, unmade)
        )

    def _export(self, found: object, unmade: int) -> None:
        from studio.ui.parts.export_sheet import ExportSheet

        if isinstance(found, StudioError):
            self.desk.say(notice_of(found))
        else:
            ExportSheet(self.desk, cast("list[HistoryEntry]", found), self, unmade=unmade).open()

    def show_guide(self) -> None:
        """Show the guide beside the window."""
        from studio.ui.guide import GuideSheet

        GuideSheet(self).show()

    def show_failed(self) -> None:
        """Show which shots failed."""
        self.show_page("shoot")
        self.shoot.browser.show_only(ShotFilter.FAILED)

    def show_about(self) -> None:
        """Show what the program is and what it is made of."""
        from studio.ui.dialogs import AboutSheet

        AboutSheet(self.desk, self).open()

    @Slot(object)
    def fix(self, photo: Path) -> None:
        """Open a photo for mask editing."""
        self.look_at(photo)
        self.shoot.fix(photo)

    @Slot(object)
    def look_at(self, photo: Path) -> None:
        """Show a photo in its shoot, which is opened if another one is."""
        self.show_page("shoot")
        if self.desk.shots.row_of(photo):
            self.desk.choose(photo)
        else:
            self.desk.open_folder(photo.parent, photo)

    @Slot()
    def ask_folder(self) -> None:
        """Let the photographer choose a shoot."""
        recent = self.desk.state.recent
        name = QFileDialog.getExistingDirectory(
            self, tr("Open a shoot"), str(recent[0].parent if recent else Path.home())
        )
        if name:
            self.open(Path(name))

    def open(self, folder: Path) -> None:
        """Show a shoot."""
        self.show_page("shoot")
        self.desk.open_folder(folder)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.show_page("shoot")
        self.desk.open_paths(_paths_in(event.mimeData()))

    @property
    def can_paste(self) -> bool:
        """Whether a folder or photographs were copied, in the system's file manager."""
        return bool(_paths_in(QGuiApplication.clipboard().mimeData()))

    def paste(self) -> None:
        """Open what was copied, as if it had been dropped."""
        self.show_page("shoot")
        self.desk.open_paths(_paths_in(QGuiApplication.clipboard().mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if field := self.focusWidget():
            field.clearFocus()  # what is still being typed counts
        self.shoot.keep_layout()
        self.desk.state.keep_layout("window", self.saveGeometry())
        self.desk.close()
        self.closed.emit()

    def _make_rail(self) -> QWidget:
        rail = QWidget()
        rail.setObjectName("rail")
        rail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rail.setFixedWidth(RAIL_WIDTH)
        layout = QVBoxLayout(rail)
        layout.setContentsMargins(6, 10, 6, 10)
        layout.setSpacing(4)
        self._buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        for name, text in _pages():
            if name == "account":
                layout.addStretch()
            button = QToolButton()
            button.setObjectName("rail")
            button.setIcon(icons.icon(name))
            button.setIconSize(QSize(22, 22))
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setCheckable(True)
            button.setFixedWidth(RAIL_WIDTH - 12)
            button.setMinimumHeight(RAIL_BUTTON_HEIGHTS[0])
            button.setMaximumHeight(RAIL_BUTTON_HEIGHTS[1])
            button.setProperty("page", name)
            button.clicked.connect(self._on_rail)
            group.addButton(button)
            layout.addWidget(button, 1)
            self._buttons[name] = button
        self._buttons["shoot"].setChecked(True)
        return rail

    def _restore(self) -> None:
        if not self.restoreGeometry(self.desk.state.layout("window")):
            self.resize(on_screen(self, 1440, 900))

    @Slot()
    def _on_rail(self) -> None:
        self.show_page(self.sender().property("page"))

    @Slot()
    def _give_keys_to_shots(self) -> None:
        """Let the keys be the shots' once a shoot is open, unless a person took them elsewhere."""
        here = self.focusWidget()
        # Qt puts them on the rail, the first there is while no shoot is open.
        if self.page_name == "shoot" and (here in (None, self.shoot) or self._rail.isAncestorOf(here)):
            self.shoot.browser.list.setFocus()

    @Slot()
    def _count_review(self) -> None:
        self.desk.background.ask_anew("to review", self.desk.studio.review.waiting, self._show_review_count)

    def _show_review_count(self, answer: object) -> None:
        waiting = 0 if isinstance(answer, StudioError) else len(cast("list[HistoryEntry]", answer))
        self._buttons["review"].setText(f"{tr('Review')} {number(waiting)}" if waiting else tr("Review"))


def _paths_in(data: QMimeData | None) -> list[Path]:
    """The files and folders of this computer that are dropped or were copied; None = the clipboard is out of reach."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data else []


def _pages() -> tuple[tuple[str, str], ...]:
    return (
        ("shoot", tr("Shoot")),
        ("review", tr("Review")),
        ("history", tr("History")),
        ("watch", tr("Watch")),
        ("models", tr("Models")),
        ("system", tr("System")),
        ("account", tr("Account")),
        ("settings", tr("Settings")),
    )


def _history(window: MainWindow) -> QWidget:
    from studio.ui.pages.history import HistoryPage

    page = HistoryPage(window.desk)
    page.look_wanted.connect(window.look_at)
    return page


def _review(window: MainWindow) -> QWidget:
    from studio.ui.pages.review import ReviewPage

    page = ReviewPage(window.desk)
    page.fix_wanted.connect(window.fix)
    return page


def _watch(window: MainWindow) -> QWidget:
    from studio.ui.pages.watch import WatchPage

    return WatchPage(window.desk, window.watching)


def _models(window: MainWindow) -> QWidget:
    from studio.ui.pages.models import ModelsPage

    return ModelsPage(window.desk)


def _system(window: MainWindow) -> QWidget:
    from studio.ui.pages.system import SystemPage

    return SystemPage(window.desk)


def _account(window: MainWindow) -> QWidget:
    from studio.ui.pages.account import AccountPage

    return AccountPage(window.desk)


def _settings(window: MainWindow) -> QWidget:
    from studio.ui.pages.settings import SettingsPage

    page = SettingsPage(window.desk)
    page.rebuild_wanted.connect(window.rebuild_wanted)
    return page


_MAKERS: dict[str, Callable[[MainWindow], QWidget]] = {
    "review": _review,
    "history": _history,
    "watch": _watch,
    "models": _models,
    "system": _system,
    "account": _account,
    "settings": _settings,
}
