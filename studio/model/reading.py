"""Files of a person's own writing become frozen data, or an error that names the field."""

import dataclasses
import enum
import json
import types
import typing
from typing import Any

from studio.errors import RecipeError


def bad_recipe(what: str) -> RecipeError:
    """The error of a recipe that cannot be used. what: a clause on what is wrong with it."""
    return RecipeError(
        "Recipe not understood",
        f"The recipe cannot be used: {what}.",
        "Compare it with `modamoda recipe show invisible`.",
    )


def fields_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The fields of an object. JSON lets one stand there twice; which of the two counts only its writer knows."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise bad_recipe(f"the field {next(name for name in names if names.count(name) > 1)} stands there twice")
    return fields


def build(kind: type[Any], data: object, where: str) -> Any:
    """A frozen dataclass of a kind from what a JSON or TOML file holds.

    where: the names of the fields that lead to it, each with its dot, "" = it is the whole file. Raises RecipeError.
    """
    if not isinstance(data, dict):
        raise bad_recipe(f"{where.removesuffix('.') or 'it'} must be an object")
    hints = typing.get_type_hints(kind)
    unknown = sorted(set(typing.cast(dict[str, object], data)) - set(hints))
    if unknown:
        raise bad_recipe(f"unknown field {where}{unknown[0]}")
    missing = [each.name for each in dataclasses.fields(kind) if _is_needed(each) and each.name not in data]
    if missing:
        raise bad_recipe(f"{where}{missing[0]} is missing")
    return kind(
        **{
            name: _value(hints[name], value, f"{where}{name}")
            for name, value in typing.cast(dict[str, object], data).items()
        }
    )


def _is_needed(of_class: "dataclasses.Field[Any]") -> bool:
    return of_class.default is dataclasses.MISSING and of_class.default_factory is dataclasses.MISSING


def _value(hint: Any, value: object, where: str) -> Any:
    options = typing.get_args(hint) if typing.get_origin(hint) in (types.UnionType, typing.Union) else (hint,)
    if value is None and type(None) in options:
        return None
    wanted = next(option for option in options if option is not type(None))
    if dataclasses.is_dataclass(wanted):
        return build(typing.cast(type[Any], wanted), value, f"{where}.")
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        if value not in [member.value for member in wanted]:
            raise bad_recipe(f"{where} must be one of {', '.join(str(member.value) for member in wanted)}")
        return wanted(value)
    if typing.get_origin(wanted) is tuple:
        pair = typing.cast(list[object], value)
        if typing.get_args(wanted)[1] is Ellipsis:
            return _values(typing.get_args(wanted)[0], pair, where)
        if not isinstance(value, list) or len(pair) != 2 or not all(type(side) is int for side in pair):
            raise bad_recipe(f"{where} must be a list of two whole numbers")
        return tuple(pair)
    accepted = (int, float) if wanted is float else (typing.cast(type[Any], wanted),)
    if type(value) not in accepted:
        raise bad_recipe(f"{where} must be {_KINDS[wanted]}, not {_shown(value)}")
    return value


_KINDS = {int: "a whole number", float: "a number", str: "text in quotes", bool: "true or false"}


def _shown(value: object) -> str:
    """A value as it stands in the file, its beginning at least."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _values(hint: Any, values: object, where: str) -> tuple[Any, ...]:
    if not isinstance(values, (list, tuple)):
        raise bad_recipe(f"{where} must be a list")
    entries = typing.cast(list[object], values)
    return tuple(_value(hint, entry, f"{where}[{place}]") for place, entry in enumerate(entries))
