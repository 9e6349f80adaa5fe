"""The kinds of words that the command line takes: names, places, sizes. What is empty is refused, as of a shell's unset
variable: it would mean the working folder, or any name at all."""

from pathlib import Path
from typing import Any

import click


class Size(click.ParamType[tuple[int, int]]):
    """WIDTHxHEIGHT in pixels."""

    name = "WxH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Read `1600x2000`."""
        width, cross, height = str(value).lower().partition("x")
        if not (cross and width.isdecimal() and height.isdecimal()):
            self.fail(f"{value!r} is not a size such as 1600x2000.", param, ctx)
        return int(width), int(height)


class Place(click.Path):
    """A path that names something. Whether it can be read is said where it is, so that one photo costs only itself."""

    def __init__(self, **words: Any) -> None:
        super().__init__(readable=False, path_type=Path, **words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a path."""
        if value == "":
            self.fail("an empty name is no place.", param, ctx)
        return super().convert(value, param, ctx)


class Name(click.ParamType[str]):
    """A name or an id."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a name."""
        if value == "":
            self.fail("an empty name names nothing.", param, ctx)
        return str(value)


PLACE = Place()
FOLDER = Place(file_okay=False)
FOLDER_THERE = Place(file_okay=False, exists=True)
FILE = Place(dir_okay=False)
NAME = Name()
