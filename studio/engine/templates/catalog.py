"""Templates by name: those of the program, and the photographer's own in a folder."""

import json
import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from studio import naming, recipes
from studio.errors import RecipeError
from studio.model import Format, Recipe, Rule, RuleKind, Template

_HERE = Path(__file__).parent
HOUSE = "house rule"
_OF_NUMBERS = (
    *(RuleKind.WIDTH, RuleKind.HEIGHT, RuleKind.LONG_SIDE, RuleKind.PIXELS, RuleKind.RATIO, RuleKind.BYTES),
    *(RuleKind.RESOLUTION, RuleKind.FILL),
)
# Enough to see whether every digit may stand in a name.
_OF_ONE_NAME = 12


@cache
def builtin() -> dict[str, Template]:
    """The templates of the program by name, in the order of their names."""
    return {path.stem: read(path) for path in sorted(_HERE.glob("*.toml"))}


def all_templates(folder: Path) -> dict[str, Template]:
    """Every template that can be used: the photographer's own in `folder` lie over those of the program."""
    own, _ = _own(folder)
    return builtin() | {template.name: template for template in own}


def unusable(folder: Path) -> list[RecipeError]:
    """What is wrong with the photographer's own templates in `folder` that cannot be used."""
    return _own(folder)[1]


def _own(folder: Path) -> tuple[list[Template], list[RecipeError]]:
    usable: list[Template] = []
    wrong: list[RecipeError] = []
    for path in sorted(folder.glob("*")):
        if path.suffix in (".toml", ".json"):
            try:
                usable.append(read(path))
            except RecipeError as error:
                wrong.append(error)
    return usable, wrong


def find(name: str, folder: Path) -> Template:
    """The template called `name`, or the one in the file of that path. Raises RecipeError."""
    path = Path(name)
    if path.suffix in (".toml", ".json") and path.is_file():
        return read(path)
    for own in (folder / f"{name}.toml", folder / f"{name}.json"):
        if own.is_file():
            return read(own)
    if name not in builtin():
        hint = f"Templates: {', '.join(all_templates(folder))}."
        raise RecipeError("Template not known", f"There is no template {name}.", hint)
    return builtin()[name]


def read(path: Path) -> Template:
    """The template in a TOML or JSON file; its name is the file's where it says none. Raises RecipeError."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows' editor begins a file with that mark
        data = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        if not isinstance(data, dict):
            raise ValueError("it must be an object")
        template = Template.from_data({"name": path.stem, "title": path.stem} | cast(dict[str, Any], data))
        template = replace(template, compose=recipes.beside(template.compose, path))
        _check(template)
    except (OSError, ValueError, RecursionError) as error:
        raise _bad(path, str(error)) from error
    except RecipeError as error:
        raise _bad(path, error.message.removeprefix("The recipe cannot be used: ")) from error
    return template


def resolved(recipe: Recipe, folder: Path) -> Recipe:
    """The recipe with the templates it names in full, and dressed in compose.template if it has one.

    Raises RecipeError for a template that is not known.
    """
    chosen = {template.name: template for template in (find(name, folder) for name in recipe.output.templates)}
    own = find(recipe.compose.template, folder) if recipe.compose.template else None
    output = replace(recipe.output, templates=tuple(chosen))
    channels = tuple((chosen | ({own.name: own} if own else {})).values())
    recipe = replace(recipe, output=output, channels=channels)
    return dressed(recipe, own) if own else recipe


def dressed(recipe: Recipe, template: Template) -> Recipe:
    """The recipe for the file of a channel: its geometry, ground, type and profile; metadata and provenance stay."""
    mine = recipe.output
    output = replace(
        template.output,
        metadata=mine.metadata,
        provenance=mine.provenance,
        layers=mine.layers,
        templates=mine.templates,
        name=mine.name,
    )
    # Scale and line were measured for another frame; a channel's own fill rules in its frame. The light stays.
    level = replace(recipe.level, scale=None, line=None) if recipe.level else None
    return replace(recipe, compose=replace(template.compose, template=template.name), output=output, level=level)


def _check(template: Template) -> None:
    """Raise RecipeError or ValueError for a template that cannot be honoured."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", template.name):
        raise ValueError(f"the name {template.name!r} must be small letters, digits and dashes")
    Recipe(compose=template.compose, output=template.output).check()
    if not template.compose.background.startswith("#"):
        from studio.engine import backgrounds

        backgrounds.check(template.compose.background)
    if not 1 <= template.quality_min <= 100:
        raise ValueError("quality_min must lie between 1 and 100")
    _check_names(template)
    for rule in template.rules:
        _check_limits(rule)
        if rule.kind is RuleKind.NAME:
            _check_pattern(rule.words)
        if rule.kind is RuleKind.BACKGROUND:
            _check_colours(rule.words)
    allowed = template.rule(RuleKind.FORMAT)
    if allowed and template.output.format.value not in allowed.words:
        raise ValueError(f"it makes {template.output.format.value}, which its own rule does not allow")
    if template.output.format is Format.PSD and template.rule(RuleKind.BYTES):
        raise ValueError("a PSD cannot be squeezed to a limit of bytes")


def _check_names(template: Template) -> None:
    """Whoever names two photos alike must get two names in the end, or an order of them would never be named."""
    naming.check(template.output.name)
    naming.check(template.next_name, following=True)
    try:
        re.compile(f"[^{template.name_characters}]" if template.name_characters else "")
    except re.error as error:
        raise ValueError(f"name_characters is no class of a regular expression ({error})") from error
    facts = naming.Facts(stem="photo")
    if len({naming.channel_name(facts, template, copy) for copy in range(_OF_ONE_NAME)}) < _OF_ONE_NAME:
        raise ValueError("next_name gives no name of its own to each photo of one name: it needs {copy}, in digits")


def _check_limits(rule: Rule) -> None:
    limits = [limit for limit in (rule.low, rule.high) if limit is not None]
    if rule.kind in _OF_NUMBERS and not limits:
        raise ValueError(f"the rule {rule.kind} needs a low, a high or both")
    if rule.kind is RuleKind.FILL and not all(0 <= limit <= 1 for limit in limits):
        raise ValueError(f"the rule {rule.kind} takes shares between 0 and 1")
    if limits != sorted(limits):
        raise ValueError(f"the rule {rule.kind} has a low above its high")


def _check_pattern(words: tuple[str, ...]) -> None:
    for word in words:
        try:
            re.compile(word)
        except re.error as error:
            raise ValueError(f"the pattern {word} is no regular expression ({error})") from error


def _check_colours(words: tuple[str, ...]) -> None:
    for word in words:
        if word not in ("transparent", "light") and not re.fullmatch("#[0-9a-fA-F]{6}", word):
            raise ValueError(f"the background {word} is neither #rrggbb nor transparent nor light")


def _bad(path: Path, why: str) -> RecipeError:
    return RecipeError(
        "Template not understood",
        f"{path} cannot be used: {why.removesuffix('.')}.",
        "Compare it with `modamoda templates show square --json`.",
    )
