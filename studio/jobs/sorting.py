"""The order of names: numbers in them count as numbers, capital letters as small ones."""

import os
import re
import sqlite3
from pathlib import Path

_NUMBER = re.compile(r"\d{1,300}")


def natural(name: str) -> str:
    """What to sort a name by."""
    return _NUMBER.sub(_counted, name.casefold())


def add_functions(connection: sqlite3.Connection) -> None:
    """Let a database sort so: `word_key` of a word, `name_key` and `path_key` of a path that stands there as bytes."""
    for name, key in (("word_key", _word_key), ("name_key", _name_key), ("path_key", _path_key)):
        connection.create_function(name, 1, key, deterministic=True)


def _word_key(word: str | None) -> bytes | None:
    # As bytes: a file's name may hold what is no text.
    return None if word is None else natural(word).encode(errors="surrogateescape")


def _name_key(path: bytes | None) -> bytes | None:
    return None if path is None else _word_key(Path(os.fsdecode(path)).name)


def _path_key(path: bytes | None) -> bytes | None:
    """Folder by folder."""
    return None if path is None else _word_key("\0\0".join(Path(os.fsdecode(path)).parts))


def _counted(found: re.Match[str]) -> str:
    # Zero comes before every letter: `look` before `look-1`; the longer of two numbers is the greater one.
    number = str(int(found[0]))
    return f"\0{len(number):03}{number}"
