"""Sentences of the program below the window (errors, warnings, advice) in the language of the window.

They are English where they are made. `resources/translations/sentences.json` lists their templates, with `{}` where a
name or number stands; what fits a template is said in the window's language with the same names and numbers.
"""

import json
import re
from functools import cache

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication

from studio.ui.i18n import TRANSLATIONS, tr


def said(sentence: str) -> str:
    """The sentence in the language of the window; as it is when it is not known."""
    for pattern, template in _templates():
        if found := pattern.fullmatch(sentence):
            return _filled(tr(template), found.groups())
    return sentence


def _filled(template: str, values: tuple[str, ...]) -> str:
    """Not str.format: a sentence may speak of a naming rule such as {stem}."""
    said_so_far, *rest = template.split("{}")
    for value, words in zip(values, rest, strict=True):
        named = re.search(r"[A-Za-z][\w.-]* $", said_so_far)
        if named and value[0].isdigit():  # a name and its version are one: they keep their order together
            said_so_far = said_so_far[: named.start()] + isolated(named.group() + value)
        else:
            said_so_far += isolated(_localised(value))
        said_so_far += words
    return said_so_far


def _localised(value: str) -> str:
    """A number in the digits of the window's language; anything else (a name, a path, a version) as it is."""
    if not re.fullmatch(r"\d+(\.\d+)?", value):
        return value
    locale = QLocale()
    digits = {str(digit): locale.toString(digit) for digit in range(10)}
    return value.translate(str.maketrans({**digits, ".": locale.decimalPoint()}))


def isolated(text: str) -> str:
    """A name, path or number inside a sentence, kept from turning around where the sentence reads the other way."""
    is_mirrored = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return f"\u2068{text}\u2069" if is_mirrored else text


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """Patterns with their template, the most specific first."""
    known: list[str] = json.loads((TRANSLATIONS / "sentences.json").read_text(encoding="utf-8"))
    known.sort(key=lambda template: (template.count("{}"), -len(template)))
    return [(re.compile(re.escape(template).replace(r"\{\}", "(.+?)"), re.DOTALL), template) for template in known]
