"""Sentences of the program below the window (errors, warnings, advice) in the language of the window.

They are English where they are made. `resources/translations/sentences.json` lists their templates, with `{}` where a
name or number stands; what fits a template is said in the window's language with the same names and numbers.
"""

import json
import re
from functools import cache

from PySide6.QtCore import Qt
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
    first, *rest = template.split("{}")
    return first + "".join(isolated(value) + words for value, words in zip(values, rest, strict=True))


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
