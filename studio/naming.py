"""Names made of tokens: what stands behind {sku}, {view} and the others, and names that every disk takes.

{stem} the photo's own name · {sku} what is left of it without the word for the view · {view} front, back, … ·
{ean} an EAN or UPC in the name, checked by its last digit, or an eight-digit number; without one, the sku ·
{index} the photo's place in the order, {index:03} with three digits · {date} the day of the photograph ·
{shoot} the folder's name · {template} the sales channel's · {copy} and {name} where a name was taken.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from studio.errors import RecipeError
from studio.model import Template

TOKENS = ("stem", "sku", "view", "ean", "index", "date", "shoot", "template")
_NEXT_TOKENS = (*TOKENS, "name", "copy")
_VIEWS = (
    *("front", "back", "inside", "side", "left", "right", "top", "bottom", "detail", "swatch", "plate", "bare"),
    *("main", "hero"),
)
_VIEW = re.compile(rf"^(?P<sku>.+?)[ _.-]+(?P<view>{'|'.join(_VIEWS)})(?:[ _.-]?\d{{1,3}})?$", re.IGNORECASE)
_SAME_VIEW = {"main": "front", "hero": "front"}
_TOKEN = re.compile(r"\{([^{}]*)\}")
_NUMBERED = re.compile(r"(index|copy)(?::(0?\d))?")
_DIGITS = re.compile(r"(?<!\d)(\d{14}|\d{13}|\d{12}|\d{8})(?!\d)")
# Windows keeps these for devices, with any ending and in any case.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a photo when its result is named. index: from 1. sku, view: None = told from the stem."""

    stem: str
    index: int = 1
    date: str = ""
    shoot: str = ""
    sku: str | None = None
    view: str | None = None


def check(pattern: str, *, following: bool = False) -> None:
    """Raise RecipeError for a pattern with a token that is not known. following: {name} and {copy} are known too."""
    known = _NEXT_TOKENS if following else TOKENS
    for token in _TOKEN.findall(pattern):
        plain = token.partition(":")[0]
        if plain not in known or (token != plain and not _NUMBERED.fullmatch(token)):
            tokens = ", ".join(f"{{{name}}}" for name in known)
            raise RecipeError(
                "Name not understood", f"The token {token} in {pattern} stands for nothing.", f"Use {tokens}."
            )
    if not pattern.strip() or re.search(r"[{}]", _TOKEN.sub("", pattern)):
        hint = "A naming rule is text with tokens such as {stem}."
        raise RecipeError("Name not understood", f"{pattern!r} cannot be a name.", hint)


def filled(pattern: str, facts: Facts, template: Template | None = None) -> str:
    """The pattern with its tokens filled in, as it comes: `legal` makes a name of it. Raises RecipeError."""
    check(pattern)
    return _filled(pattern, _values(facts, template))


def channel_name(facts: Facts, template: Template, copy: int = 0) -> str:
    """A file's name, without its ending, by the rule of a channel: legal there and on every disk.

    copy: how many earlier files of the same channel hold the names before. Raises RecipeError.
    """
    values = _values(facts, template)
    check(template.output.name)
    name = _filled(template.output.name, values)
    if copy:
        check(template.next_name, following=True)
        # The second of a name is its "-2"; a channel that counts in its own way counts from 1.
        number = copy + 1 if template.next_name == Template.next_name else copy
        name = _filled(template.next_name, {**values, "name": name, "copy": number})
    if template.name_characters:
        name = re.sub(f"[^{template.name_characters}]", "", unicodedata.normalize("NFKD", name))
    return legal(name)


def legal(name: str) -> str:
    """`name` as Windows, macOS and Linux take it; "photo" where nothing of it can stay. Its length is not touched."""
    name = _ILLEGAL.sub("-", unicodedata.normalize("NFC", name)).strip().rstrip(". ")
    if _RESERVED.fullmatch(name.partition(".")[0].rstrip()):
        first, dot, rest = name.partition(".")
        name = f"{first}_{dot}{rest}"
    return name or "photo"


def is_legal(name: str) -> bool:
    """Whether Windows takes a file's name, ending included: up to 255 characters."""
    return name == legal(name) and len(name.encode("utf-16-le", "surrogatepass")) // 2 <= 255


def sku_and_view(stem: str) -> tuple[str, str]:
    """The number of a garment and the view, from a photo's name such as `4711_back`; without a word it is a front."""
    found = _VIEW.match(stem)
    if not found:
        return stem, "front"
    view = found["view"].lower()
    return found["sku"], _SAME_VIEW.get(view, view)


def ean_in(text: str) -> str:
    """An EAN-13, EAN-8, UPC or GTIN-14 with a right check digit, or else a bare eight-digit number; "" = none."""
    numbers = _DIGITS.findall(text)
    sound = [number for number in numbers if _has_check_digit(number)]
    return next(iter([*sound, *(number for number in numbers if len(number) == 8)]), "")


def _has_check_digit(number: str) -> bool:
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(number)))
    return weighted % 10 == 0


def _values(facts: Facts, template: Template | None) -> Mapping[str, str | int]:
    sku, view = sku_and_view(facts.stem)
    sku, view = facts.sku or sku, facts.view or view
    codes = dict(pair.split("=", 1) for pair in template.views if "=" in pair) if template else {}
    return {
        "stem": facts.stem,
        "sku": sku,
        "view": codes.get(view, view if not codes else "PT01"),
        "ean": ean_in(sku) or ean_in(facts.stem) or sku,
        "index": facts.index,
        "date": facts.date,
        "shoot": facts.shoot,
        "template": template.name if template else "",
    }


def _filled(pattern: str, values: Mapping[str, str | int]) -> str:
    def value(match: re.Match[str]) -> str:
        token, _, width = match[1].partition(":")
        return str(values[token]).zfill(int(width)) if width else str(values[token])

    return _TOKEN.sub(value, pattern)
