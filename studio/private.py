"""What must not be written down: where a photographer's files are and what they are called, addresses, secrets."""

import functools
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

# Files that a message may name: photographs, what is made of them, and what lies beside them.
_SUFFIXES = (
    "3fr|arw|avif|avifs|bmp|cr2|cr3|crw|csv|dcr|dib|dng|erf|fff|gif|gpr|heic|heif|hif|icc|iiq|jfif|jpe|jpe?g|jxl|json"
    "|kdc|mef|mos|mov|mp4|mrw|nef|nrw|orf|pef|png|psb|psd|raf|raw|rw2|rwl|sr2|srf|srw|svg|tiff?|txt|webp|x3f|xmp|zip"
)
_URL = re.compile(r"(?P<scheme>https?|redis|rediss|postgresql|s3)://(?P<rest>[^\s'\"<>]+)")
# Where an absolute path begins: /, ~/, C:\, \\server, but not amid a word such as and/or, nor after a placeholder.
_START = r"(?:(?<![\w<>)\]}.:/\\])(?:~?/{1,2}|\\\\)|(?<=file:)/{2,3}|(?<=:)/(?!/)|(?<!\w)[A-Za-z]:[\\/])(?=[^\s/])"
_QUOTED = re.compile(
    rf"(?P<quote>[\"'])(?P<inner>(?:(?!(?P=quote))[^\n])*?(?:{_START}|\.(?:{_SUFFIXES})\b)(?:\\.|[^\n])*?)(?P=quote)",
    re.IGNORECASE,
)
_PATH = re.compile(rf"{_START}(?:[^\n]*\.(?:{_SUFFIXES})\b|[^\n]*)", re.IGNORECASE)
_NAME = re.compile(rf"[^\s'\"/\\<>|=(\[{{]+\.(?P<suffix>{_SUFFIXES})\b(?!\.py)", re.IGNORECASE)
_CODE = re.compile(r"[^\\/]+\.(?:py|pyx|c|cpp|so|dll|pyd)$")
_SECRETS = (
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.I), r"\1 <secret>"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), "<secret>"),
    (
        re.compile(
            r"\b((?:\w*_)?(?:token|secret|password|passphrase|api_?key|code)['\"]?\s*[=:]\s*)['\"]?[^\s,;'\"&]{6,}",
            re.IGNORECASE,
        ),
        r"\1<secret>",
    ),
    (re.compile(r"\b(?:sk|pk|rk|whsec)_[A-Za-z0-9_]{8,}"), "<secret>"),
    # Long runs of letters and digits: tokens, keys, hashes of photographs.
    (re.compile(r"\b(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9_-]{24,}\b"), "<secret>"),
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TOO_SHORT = 4


def without_private(text: str, names: Iterable[str | Path] = ()) -> str:
    """`text` with private paths, names of photographs, mail addresses and secrets replaced by words in <>.

    Paths of the program and of Python itself are cut to what they are in every installation. names: paths that are
    known to be private; they and their last parts go whatever they look like. A path that stands without quotes takes
    the rest of its line along unless a known suffix tells where it ends: spaces belong to names.
    """
    for pattern, words in _places():
        text = pattern.sub(words, text)
    for name in _spellings(names):
        text = text.replace(name, "<name>")
    text = _URL.sub(_host, text)
    text = _QUOTED.sub(lambda found: f"{found['quote']}{_placeholder(found['inner'])}{found['quote']}", text)
    text = _PATH.sub(lambda found: _placeholder(found[0]), text)
    text = _NAME.sub(lambda found: f"<name>.{found['suffix']}", text)
    for pattern, words in _SECRETS:
        text = pattern.sub(words, text)
    return _ADDRESS.sub("<address>", text)


@functools.cache
def _places() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The folders of the program's and Python's code, the longest first."""
    program = Path(__file__).resolve().parents[1]
    folders = {str(program): "<program>", **{str(Path(place)): "<python>" for place in {sys.prefix, sys.base_prefix}}}
    folders |= {str(Path(os.__file__).parent): "<python>"}
    ordered = sorted(folders.items(), key=lambda folder: -len(folder[0]))
    code = r"(?=[\\/][\w .\\/+-]*?\.(?:py|pyx|so|pyd|dll|dylib|toml|onnx)\b)"
    return tuple((re.compile(re.escape(folder) + code), word) for folder, word in ordered if len(folder) > _TOO_SHORT)


def _spellings(names: Iterable[str | Path]) -> list[str]:
    """Each name as it may stand in a text, the longest first: whole, escaped by repr, and its last part alone."""
    found: set[str] = set()
    for name in map(str, names):
        path = Path(name)
        found |= {name, repr(name)[1:-1], path.name, repr(path.name)[1:-1]}
        if len(path.stem) > _TOO_SHORT and not path.stem.isalpha():
            found.add(path.stem)
    return sorted((name for name in found if len(name) >= _TOO_SHORT), key=lambda name: -len(name))


def _host(found: re.Match[str]) -> str:
    """An address of the web without user, password, path and query."""
    host = found["rest"].partition("/")[0].rpartition("@")[2].partition("?")[0]
    return f"{found['scheme']}:<{host}>"


def _placeholder(text: str) -> str:
    """What stands for a path: its suffix, or its name where it is a file of code; places already cut stay."""
    if text.startswith(("<program>", "<python>")):
        return text
    if code := _CODE.search(text):
        return f"<path>/{code[0]}"
    suffix = re.search(rf"\.(?:{_SUFFIXES})$", text, re.I)
    return "<path>" + (suffix[0] if suffix else "")
