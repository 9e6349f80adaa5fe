"""How the window looks: two sets of colours, the palette and the one style sheet made from them."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from studio.model import JobStatus
from studio.settings import resources


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Colours as #rrggbb. Every text colour stands at 4.5:1 or more on window, panel and raised."""

    name: str
    window: str
    panel: str
    raised: str
    canvas: str
    border: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    selection: str
    good: str
    doubt: str
    bad: str
    busy: str

    def status(self, status: JobStatus | None) -> str:
        """The colour that says where a job stands; None = never processed."""
        return {
            JobStatus.DONE: self.good,
            JobStatus.NEEDS_REVIEW: self.doubt,
            JobStatus.FAILED: self.bad,
            JobStatus.RUNNING: self.busy,
            JobStatus.QUEUED: self.busy,
        }.get(status or JobStatus.CANCELLED, self.muted)


DARK = Theme(
    name="dark",
    window="#1c1d1f",
    panel="#242527",
    raised="#303235",
    canvas="#151617",
    border="#3b3d41",
    text="#ebebe9",
    muted="#a9abae",
    accent="#dc9568",
    accent_hover="#e8a880",
    on_accent="#1d1109",
    selection="#3f3a36",
    good="#86c794",
    doubt="#e5b95f",
    bad="#f08d83",
    busy="#86b8ea",
)
LIGHT = Theme(
    name="light",
    window="#ececeb",
    panel="#f6f6f5",
    raised="#ffffff",
    canvas="#cfcfcd",
    border="#cbcbc8",
    text="#1c1d1f",
    muted="#57595d",
    accent="#9a4f22",
    accent_hover="#84411a",
    on_accent="#ffffff",
    selection="#ecdccf",
    good="#25663a",
    doubt="#7d5200",
    bad="#ae231b",
    busy="#1c5a96",
)

FAMILIES = ("Inter", "Segoe UI Variable Text", "Segoe UI", "Cantarell", "Ubuntu", "Noto Sans")
ARABIC_FAMILIES = ("Noto Sans Arabic", "Segoe UI", "Geeza Pro", "Noto Naskh Arabic")
GAP = 8
RADIUS = 6
ROW_HEIGHT = 30


def wanted_theme(choice: str) -> Theme:
    """The theme for the setting `choice`: "dark", "light", or "system", which follows the computer."""
    if choice == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return LIGHT if scheme is Qt.ColorScheme.Light else DARK
    return LIGHT if choice == "light" else DARK


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the application the font and colours of `theme`; widgets that paint themselves read `current()`.

    Its style sheet follows with `dress`.
    """
    global _current
    _current = theme
    app.setStyleSheet("")
    app.setStyle("Fusion")
    app.setFont(window_font())
    app.setPalette(_palette(theme))


def dress(app: QApplication) -> None:
    """Put on the theme's style sheet, when the window stands: widgets put together under one are styled many times."""
    if not app.styleSheet():
        app.setStyleSheet(_style_sheet(_current))


def current() -> Theme:
    """The theme the application wears."""
    return _current


def window_font() -> QFont:
    """The system's font, or a better one where the system (a bare X server) has a poor default.

    The font of the window's script comes first: lines are as high as the first font, whichever one draws them.
    """
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    known = set(QFontDatabase.families())
    is_mirrored = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    wanted = (*ARABIC_FAMILIES, *FAMILIES) if is_mirrored else (*FAMILIES, *ARABIC_FAMILIES)
    families = [name for name in wanted if name in known]
    if QGuiApplication.platformName() not in ("cocoa", "windows") and families:
        font.setFamilies([*families, font.family()])
    font.setPointSizeF(max(font.pointSizeF(), 10.0))
    return font


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, theme.window),
        (role.Base, theme.panel),
        (role.AlternateBase, theme.window),
        (role.Button, theme.raised),
        (role.Text, theme.text),
        (role.WindowText, theme.text),
        (role.ButtonText, theme.text),
        (role.ToolTipText, theme.text),
        (role.ToolTipBase, theme.raised),
        (role.PlaceholderText, theme.muted),
        (role.Highlight, theme.selection),
        (role.HighlightedText, theme.text),
        (role.Link, theme.accent),
        (role.Mid, theme.border),
        (role.Accent, theme.accent),
    ):
        palette.setColor(name, QColor(colour))
    disabled = QColor(theme.muted)
    disabled.setAlpha(130)
    for name in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, disabled)
    return palette


def _style_sheet(theme: Theme) -> str:
    values = {name: getattr(theme, name) for name in Theme.__dataclass_fields__}
    text = STYLE.replace("@icons", (resources() / "icons").as_posix())
    for name, value in ({**values, "gap": f"{GAP}px", "radius": f"{RADIUS}px"}).items():
        text = text.replace(f"@{name};", f"{value};")
    return text.replace("@name", theme.name)


STYLE = """
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 4px 6px; }
QMainWindow::separator { background: @border; width: 1px; height: 1px; }
QSplitter::handle { background: @border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QMenuBar { background: @window; border-bottom: 1px solid @border; padding: 1px 4px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @raised; }
QMenu { background: @raised; border: 1px solid @border; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @border; margin: 5px 6px; }

QWidget#panel, QFrame#panel, QWidget#rail, QScrollArea#panel, QWidget#sheet { background: @panel; }
QWidget#bar { background: @panel; border-bottom: 1px solid @border; }
QWidget#foot { background: @panel; border-top: 1px solid @border; }
QFrame#card { background: @panel; border: 1px solid @border; border-radius: 8px; }
QFrame#notice { background: @raised; border: 1px solid @border; border-radius: 8px; }
QFrame#drop { border: 1px dashed @muted; border-radius: 12px; }
QFrame#line { background: @border; max-height: 1px; min-height: 1px; border: none; }

QLabel#title { font-size: 15pt; font-weight: 600; }
QLabel#heading { font-size: 11pt; font-weight: 600; }
QLabel#section { color: @muted; font-size: 9pt; font-weight: 600; }
QLabel#muted { color: @muted; }
QLabel#small { color: @muted; font-size: 9pt; }
QLabel#good { color: @good; } QLabel#doubt { color: @doubt; } QLabel#bad { color: @bad; }
QLabel#chip { background: @raised; border-radius: 9px; padding: 1px 8px; font-size: 9pt; }

QPushButton, QToolButton {
    border: 1px solid transparent; border-radius: @radius; padding: 5px 12px; background: @raised;
}
QPushButton { border-color: @border; min-height: 18px; }
QPushButton:hover, QToolButton:hover { background: @selection; }
QPushButton:pressed, QToolButton:pressed { background: @border; }
QPushButton:focus, QToolButton:focus, QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus, QPlainTextEdit:focus, QTextBrowser:focus {
    border: 1px solid @accent;
}
QPushButton:disabled, QToolButton:disabled { color: @muted; }
QPushButton#primary {
    background: @accent; color: @on_accent; border-color: @accent; font-weight: 600; padding: 5px 18px;
}
QPushButton#primary:hover { background: @accent_hover; }
QPushButton#primary:focus { border: 1px solid @text; }
QPushButton#primary:disabled { background: @raised; color: @muted; border-color: @border; }
QPushButton#link { background: transparent; border: 1px solid transparent; color: @accent; padding: 2px 4px; }
QPushButton#link:focus { border: 1px solid @accent; }
QToolButton { background: transparent; padding: 5px; }
QToolButton:checked { background: @selection; color: @text; border-color: @border; }
QToolButton:checked:focus { border-color: @accent; }
QToolButton#rail { padding: 5px 2px; font-size: 8.5pt; border-radius: 8px; }
QToolButton#rail:checked { background: @selection; border-color: transparent; }
QToolButton#rail:focus { border-color: @accent; }
QToolButton#section { font-weight: 600; padding: 6px 0; border-radius: 4px; }
QToolButton#section:checked { background: transparent; border-color: transparent; }
QToolButton#section:focus { border-color: @accent; }
QToolButton#segment {
    background: @raised; border: 1px solid @border; border-radius: 0; padding: 4px 11px; margin: 0 -1px 0 0;
}
QToolButton#segment[mirrored="true"] { margin: 0 0 0 -1px; }
QToolButton#segment[edge="last"] { margin: 0; }
QToolButton#segment:hover { background: @selection; }
QToolButton#segment:checked { background: @selection; border-color: @muted; font-weight: 600; }
QToolButton#segment:disabled { color: @muted; }
QToolButton#segment:focus { border-color: @text; }
QToolButton#chip { background: @raised; border-radius: 11px; padding: 2px 9px; font-size: 9pt; }
QToolButton#chip:checked { background: @selection; border-color: @accent; }
QToolButton#chip:checked:focus { border-color: @text; }

QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox, QPlainTextEdit {
    background: @raised; border: 1px solid @border; border-radius: @radius; padding: 4px 7px;
    selection-background-color: @accent; selection-color: @on_accent; min-height: 18px;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; height: 0; border: none; }
QAbstractSpinBox QLineEdit { border: none; background: transparent; padding: 0; min-height: 0; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url(@icons/drop-@name.svg); width: 14px; height: 14px; }
QToolButton::menu-indicator { image: none; }
QCheckBox::indicator { width: 15px; height: 15px; border: 1px solid @muted; border-radius: 4px; background: @raised; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(@icons/tick-@name.svg); }
QCheckBox::indicator:focus { border: 2px solid @accent; }
QComboBox QAbstractItemView {
    background: @raised; border: 1px solid @border; padding: 4px; selection-background-color: @selection;
    selection-color: @text;
}
QCheckBox, QRadioButton { spacing: 7px; }
QCheckBox:focus, QRadioButton:focus { color: @accent; }
QGroupBox { border: none; margin-top: 18px; font-weight: 600; }

QListWidget::item { padding: 6px; border-radius: 6px; }
QListWidget::item:selected { background: @selection; color: @text; }
QListView, QTableView, QTreeView { background: @panel; border: none; outline: none; }
QListView#canvas { background: @window; }
QTableView { gridline-color: transparent; selection-background-color: @selection; selection-color: @text; }
QListView:focus, QTableView:focus { border: 1px solid @accent; }
QHeaderView::section {
    background: @panel; color: @muted; border: none; border-bottom: 1px solid @border; padding: 6px 8px;
    font-size: 9pt; font-weight: 600;
}
QTableView::item { padding: 0 5px; border-bottom: 1px solid @window; }

QProgressBar {
    background: @raised; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; text-align: center;
}
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QSlider::groove:horizontal { height: 4px; background: @border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @accent; border-radius: 2px; }
QSlider::handle:horizontal { background: @text; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; }
QSlider::handle:horizontal:focus { background: @accent; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 4px; margin: 2px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTabBar::tab {
    padding: 6px 14px; border: none; color: @muted; border-bottom: 2px solid transparent;
    background: transparent;
}
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:selected:focus { color: @accent; background: @selection; }
QTabWidget::pane { border: none; }
QDialog { background: @window; }
QScrollArea { border: 1px solid transparent; background: transparent; }
QScrollArea:focus { border: 1px solid @muted; }
QScrollArea > QWidget > QWidget#sheet { background: @panel; }
"""

_current = DARK
