"""The menus and their shortcuts: one list that makes the menu bar and the sheet of shortcuts."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from studio.ui.canvas.scene import Compare
from studio.ui.i18n import tr
from studio.ui.models.shots import Mark
from studio.ui.parts.viewer import overlays
from studio.ui.window import MainWindow


@dataclass(frozen=True, kw_only=True)
class Command:
    """One line of a menu. key: as QKeySequence reads it, "" = none."""

    text: str
    run: Callable[[], object]
    key: str = ""
    role: QAction.MenuRole = QAction.MenuRole.NoRole


def build_menus(window: MainWindow) -> None:
    """Fill the menu bar of `window`."""
    bar = window.menuBar()
    for title, commands in menus(window):
        menu = bar.addMenu(title)
        for command in commands:
            if command is None:
                menu.addSeparator()
            else:
                menu.addAction(_action(menu, command))
        if title == tr("&File"):
            _add_recent(window, menu)


def menus(window: MainWindow) -> list[tuple[str, list[Command | None]]]:
    """All commands of the window, by menu; None is a line between two groups."""
    return [
        (tr("&File"), _file(window)),
        (tr("&Edit"), _edit(window)),
        (tr("&View"), _view(window)),
        (tr("&Shot"), _shot(window)),
        (tr("&Window"), _pages(window)),
        (tr("&Help"), _help(window)),
    ]


def _file(window: MainWindow) -> list[Command | None]:
    desk = window.desk
    return [
        Command(text=tr("Open folder…"), run=window.ask_folder, key="Ctrl+O"),
        Command(text=tr("Open the sample shoot"), run=window.open_samples),
        Command(text=tr("Look at the folder again"), run=desk.reload, key="F5"),
        None,
        Command(
            text=tr("Settings…"), run=lambda: window.show_page("settings"), key="Ctrl+,", role=_ROLE.PreferencesRole
        ),
        Command(text=tr("Quit"), run=window.close, key="Ctrl+Q", role=_ROLE.QuitRole),
    ]


def _edit(window: MainWindow) -> list[Command | None]:
    editor = window.shoot.editor
    return [
        Command(text=tr("Undo"), run=window.undo, key="Ctrl+Z"),
        Command(text=tr("Redo"), run=window.redo, key="Ctrl+Shift+Z"),
        None,
        Command(text=tr("Edit the mask"), run=editor.open, key="Ctrl+E"),
        Command(text=tr("Edit the pose"), run=window.shoot.pose_editor.open, key="Ctrl+P"),
    ]


def _view(window: MainWindow) -> list[Command | None]:
    shoot = window.shoot
    canvas = shoot.viewer.canvas
    return [
        Command(text=tr("Zoom in"), run=canvas.zoom_in, key="Ctrl++"),
        Command(text=tr("Zoom out"), run=canvas.zoom_out, key="Ctrl+-"),
        Command(text=tr("Fit to the window"), run=canvas.fit, key="Ctrl+0"),
        Command(text=tr("One photo pixel to one screen pixel"), run=canvas.one_to_one, key="Ctrl+1"),
        None,
        Command(text=tr("Before"), run=lambda: shoot.viewer.change(compare=Compare.BEFORE), key="Shift+B"),
        Command(text=tr("Split"), run=lambda: shoot.viewer.change(compare=Compare.SPLIT), key="Shift+S"),
        Command(text=tr("After"), run=lambda: shoot.viewer.change(compare=Compare.AFTER), key="Shift+A"),
        None,
        *(
            Command(text=text, run=lambda kind=kind: shoot.viewer.bar.press_overlay(kind), key=f"Ctrl+Shift+{place}")
            for place, (kind, _, text) in enumerate(overlays(), 1)
        ),
        None,
        Command(text=tr("Queue"), run=shoot.start_bar.panel.toggle, key="Ctrl+J"),
    ]


def _shot(window: MainWindow) -> list[Command | None]:
    desk, shoot = window.desk, window.shoot
    return [
        Command(text=tr("Start"), run=shoot.start_bar.start.click, key="Ctrl+Return"),
        Command(text=tr("Process again"), run=shoot.again, key="Ctrl+R"),
        Command(text=tr("Export for sales channels…"), run=window.export_shots, key="Ctrl+Shift+E"),
        Command(text=tr("Photos that belong together…"), run=window.show_pairs, key="Ctrl+G"),
        None,
        Command(text=tr("Star"), run=lambda: desk.mark(Mark.STAR), key="1"),
        Command(text=tr("Reject"), run=lambda: desk.mark(Mark.REJECT), key="0"),
        Command(text=tr("Next shot"), run=lambda: shoot.step(+1), key="PgDown"),
        Command(text=tr("Previous shot"), run=lambda: shoot.step(-1), key="PgUp"),
        Command(text=tr("Search by name"), run=shoot.browser.search.setFocus, key="Ctrl+F"),
    ]


def _pages(window: MainWindow) -> list[Command | None]:
    return [
        Command(text=text, run=lambda name=name: window.show_page(name), key=f"Alt+{place}")
        for place, (name, text) in enumerate(window.page_titles, 1)
    ]


def _help(window: MainWindow) -> list[Command | None]:
    return [
        Command(text=tr("Keyboard shortcuts"), run=window.show_shortcuts, key="Ctrl+/"),
        Command(text=tr("About Modamoda Studio"), run=window.show_about, role=_ROLE.AboutRole),
    ]


def _action(menu: QMenu, command: Command) -> QAction:
    action = QAction(command.text, menu)
    action.setMenuRole(command.role)
    if command.key:
        action.setShortcut(QKeySequence(command.key))
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.triggered.connect(command.run)
    return action


def _add_recent(window: MainWindow, menu: QMenu) -> None:
    """The recent shoots, read anew each time the menu opens."""
    recent = QMenu(tr("Recent shoots"), menu)
    menu.insertMenu(menu.actions()[1], recent)

    def fill() -> None:
        recent.clear()
        for folder in window.desk.state.recent:
            recent.addAction(str(folder)).triggered.connect(lambda _=False, folder=folder: window.open(folder))
        if not recent.actions():
            recent.addAction(tr("None yet")).setEnabled(False)

    menu.aboutToShow.connect(fill)


_ROLE = QAction.MenuRole
