"""The menus and their shortcuts: one list that makes the menu bar and the sheet of shortcuts."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from studio.ui.canvas.scene import Compare
from studio.ui.command import Command
from studio.ui.i18n import tr
from studio.ui.models.shots import Mark
from studio.ui.parts.viewer import Viewer, overlays
from studio.ui.sentences import isolated
from studio.ui.window import MainWindow


def build_menus(window: MainWindow) -> None:
    """Fill the menu bar of `window`."""
    bar = window.menuBar()
    for title, commands in menus(window):
        menu = bar.addMenu(title)
        made: list[tuple[QAction, Command]] = []
        for command in commands:
            if command is None:
                menu.addSeparator()
            else:
                made.append((_action(menu, command), command))
                menu.addAction(made[-1][0])
        _grey_out(menu, made)
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
        Command(text=tr("Look at the folder again"), run=desk.reload, can=lambda: desk.folder is not None, key="F5"),
        None,
        Command(
            text=tr("Settings…"), run=lambda: window.show_page("settings"), key="Ctrl+,", role=_ROLE.PreferencesRole
        ),
        Command(text=tr("Quit"), run=window.close, key="Ctrl+Q", role=_ROLE.QuitRole),
    ]


def _edit(window: MainWindow) -> list[Command | None]:
    shoot = window.shoot

    def shows_photo() -> bool:
        return _on_shoot(window) and shoot.viewer.photo is not None

    def can_undo() -> bool:
        return bool(window.undoing and window.undoing.can_undo)

    def undo() -> None:
        if window.undoing:
            window.undoing.undo()

    return [
        Command(text=tr("Undo"), run=undo, can=can_undo, key="Ctrl+Z"),
        Command(
            text=tr("Redo"),
            run=shoot.redo,
            can=lambda: _on_shoot(window) and shoot.open_editor.can_redo,
            key="Ctrl+Shift+Z",
        ),
        Command(text=tr("Open what was copied"), run=window.paste, can=lambda: window.can_paste, key="Ctrl+V"),
        None,
        Command(text=tr("Edit the mask"), run=shoot.editor.open, can=shows_photo, key="Ctrl+E"),
        Command(text=tr("Edit the pose"), run=shoot.pose_editor.open, can=shows_photo, key="Ctrl+P"),
    ]


def _view(window: MainWindow) -> list[Command | None]:
    return [
        _looking(window, tr("Zoom in"), lambda viewer: viewer.canvas.zoom_in(), "Ctrl++"),
        _looking(window, tr("Zoom out"), lambda viewer: viewer.canvas.zoom_out(), "Ctrl+-"),
        _looking(window, tr("Fit to the window"), lambda viewer: viewer.canvas.fit(), "Ctrl+0"),
        _looking(
            window, tr("One photo pixel to one screen pixel"), lambda viewer: viewer.canvas.one_to_one(), "Ctrl+1"
        ),
        None,
        _comparing(window, tr("Before"), Compare.BEFORE, "Shift+B"),
        _comparing(window, tr("Split"), Compare.SPLIT, "Shift+S"),
        _comparing(window, tr("After"), Compare.AFTER, "Shift+A"),
        None,
        *(
            _looking(window, text, lambda viewer, kind=kind: viewer.bar.press_overlay(kind), f"Ctrl+Shift+{place}")
            for place, (kind, _, text) in enumerate(overlays(), 1)
        ),
        None,
        Command(text=tr("Queue"), run=window.shoot.start_bar.panel.toggle, can=lambda: _on_shoot(window), key="Ctrl+J"),
    ]


def _looking(window: MainWindow, text: str, do: Callable[[Viewer], object], key: str) -> Command:
    """A command for the picture of whatever page is shown."""

    def run() -> None:
        if window.viewer:
            do(window.viewer)

    return Command(text=text, run=run, can=lambda: bool(window.viewer and window.viewer.photo), key=key)


def _comparing(window: MainWindow, text: str, compare: Compare, key: str) -> Command:
    command = _looking(window, text, lambda viewer: viewer.change(compare=compare), key)
    return replace(command, can=lambda: bool(window.viewer and window.viewer.canvas.scene.after))


def _shot(window: MainWindow) -> list[Command | None]:
    shoot = window.shoot
    bar = shoot.start_bar

    def has_shots() -> bool:
        return _on_shoot(window) and window.desk.shots.rowCount() > 0

    def has_chosen() -> bool:
        return _on_shoot(window) and bool(shoot.browser.list.chosen)

    return [
        Command(
            text=tr("Start"),
            run=bar.start.click,
            can=lambda: _on_shoot(window) and bar.start.isEnabled(),
            key="Ctrl+Return",
        ),
        Command(text=tr("Process again"), run=shoot.again, can=has_chosen, key="Ctrl+R"),
        Command(text=tr("Export for sales channels…"), run=window.export_shots, can=has_shots, key="Ctrl+Shift+E"),
        Command(text=tr("Photos that belong together…"), run=window.show_pairs, can=has_shots, key="Ctrl+G"),
        None,
        # Keys that pages and fields of their own have a use for.
        Command(text=tr("Star"), run=lambda: shoot.mark(Mark.STAR), can=has_chosen, key="1", scope=shoot),
        Command(text=tr("Reject"), run=lambda: shoot.mark(Mark.REJECT), can=has_chosen, key="0", scope=shoot),
        Command(text=tr("Next shot"), run=lambda: shoot.step(+1), can=has_shots, key="PgDown", scope=shoot),
        Command(text=tr("Previous shot"), run=lambda: shoot.step(-1), can=has_shots, key="PgUp", scope=shoot),
    ]


def _pages(window: MainWindow) -> list[Command | None]:
    return [
        *(
            Command(text=text, run=lambda name=name: window.show_page(name), key=f"Alt+{place}")
            for place, (name, text) in enumerate(window.page_titles, 1)
        ),
        None,
        Command(text=tr("Search"), run=window.search, can=lambda: window.search_field is not None, key="Ctrl+F"),
    ]


def _on_shoot(window: MainWindow) -> bool:
    """What concerns the shoot is done where it is seen."""
    return window.page_name == "shoot"


def _help(window: MainWindow) -> list[Command | None]:
    return [
        Command(text=tr("Guide"), run=window.show_guide, key="F1"),
        Command(text=tr("Keyboard shortcuts"), run=window.show_shortcuts, key="Ctrl+/"),
        Command(text=tr("About Modamoda Studio"), run=window.show_about, role=_ROLE.AboutRole),
    ]


def _action(menu: QMenu, command: Command) -> QAction:
    action = QAction(command.text, menu)
    action.setMenuRole(command.role)
    if command.key:
        action.setShortcut(QKeySequence(command.key))
        if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            # Left to itself the menu writes a key such as Ctrl++ from right to left.
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setText(f"{command.text}\t{isolated(key)}")
    if command.scope:
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        command.scope.addAction(action)

    def run() -> None:
        if command.can():
            command.run()

    action.triggered.connect(run)
    return action


def _grey_out(menu: QMenu, made: list[tuple[QAction, Command]]) -> None:
    """Grey out what cannot be done while the menu is open; keys ask for themselves when they are pressed."""

    def show() -> None:
        for action, command in made:
            action.setEnabled(command.can())

    def hide() -> None:
        for action, _ in made:
            action.setEnabled(True)

    menu.aboutToShow.connect(show)
    menu.aboutToHide.connect(hide)


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
