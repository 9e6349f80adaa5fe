"""Language: what is said is looked up here; numbers, dates and durations follow the language's locale."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDateTime, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QGuiApplication

from studio.settings import resources

CONTEXT = "studio"
TRANSLATIONS = resources() / "translations"
LANGUAGES = {"en": "English", "ar": "العربية"}


def tr(text: str, n: int | None = None, /, **values: object) -> str:
    """`text` in the language of the window, with `{name}` filled from `values`.

    With `n` the plural form for that count is taken and `{n}` stands for the count, written as the language writes it.
    """
    found = QCoreApplication.translate(CONTEXT, text, None, -1 if n is None else n)  # pyright: ignore[reportArgumentType]
    if n is not None:
        values["n"] = number(n)
    return found.format(**values) if values else found


def system_language() -> str:
    """The first language of the system that the window speaks, else English."""
    for name in QLocale.system().uiLanguages():
        if name[:2] in LANGUAGES:
            return name[:2]
    return "en"


class Catalogue(QTranslator):
    """The compiled texts of one language, held in memory.

    Given a file's name Qt maps the file instead, and ends the program at the next word when the file is written anew.
    """

    def __init__(self, app: QCoreApplication, path: Path) -> None:
        super().__init__(app)
        # Qt copies nothing: the bytes must live as long as the translator.
        self._texts = path.read_bytes()
        self.load(self._texts, str(path.parent))


def install_language(app: QCoreApplication, language: str) -> None:
    """Speak `language` ("en", "ar") from now on: texts, Qt's own dialogs, numbers and direction.

    Windows made before keep their words.
    """
    for old in app.findChildren(Catalogue):
        app.removeTranslator(old)
        old.setParent(None)
    of_qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for path in (of_qt / f"qtbase_{language}.qm", TRANSLATIONS / f"modamoda_{language}.qm"):
        if path.is_file():
            app.installTranslator(Catalogue(app, path))
    system = QLocale.system()
    locale = system if system.name()[:2] == language else QLocale(language)
    QLocale.setDefault(locale)
    QGuiApplication.setLayoutDirection(locale.textDirection())


def number(value: float, decimals: int = 0) -> str:
    """A number as the locale writes it."""
    return QLocale().toString(value, "f", decimals) if decimals else QLocale().toString(round(value))


def percent(fraction: float, decimals: int = 0) -> str:
    """0..1 as a percentage."""
    return tr("{number} %", number=number(fraction * 100, decimals))


def moment(value: datetime) -> str:
    """A date and time in the computer's zone, short."""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(value.timestamp())), QLocale.FormatType.ShortFormat)


def file_size(size_bytes: int) -> str:
    """A size as people read it: 4.6 MB."""
    return QLocale().formattedDataSize(size_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def duration(seconds: float) -> str:
    """A length of time in words, in one unit or two: `40 s`, `3 min`, `1 h 20 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return tr("{number} s", number=number(whole))
    minutes = round(whole / 60)
    if minutes < 60:
        return tr("{number} min", number=number(minutes))
    return tr("{hours} h {minutes} min", hours=number(minutes // 60), minutes=number(minutes % 60))
