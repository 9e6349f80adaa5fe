"""Recipes by name: the built-in ones, and the photographer's own in a folder."""

import contextlib
import dataclasses
import os
import re
from pathlib import Path

from studio import naming
from studio.errors import RecipeError
from studio.files import output_errors, write_atomically
from studio.model import ComposeStep, Engine, FigureStep, InteriorSource, InteriorStep, Mode, Recipe

COLOURS = {"white": "#ffffff", "black": "#000000", "grey": "#808080", "gray": "#808080"}

BUILT_IN = {
    recipe.name: recipe
    for recipe in (
        Recipe(),
        Recipe(name="cutout", mode=Mode.CUTOUT),
        Recipe(
            name="invisible-generated",
            engine=Engine.STUDIO,
            interior=InteriorStep(source=InteriorSource.GENERATE),
        ),
        Recipe(name="human", mode=Mode.HUMAN, engine=Engine.STUDIO, figure=FigureStep()),
    )
}


def find_recipe(name: str, folder: Path) -> Recipe:
    """The recipe called `name`: a built-in one, `folder/name.json`, or the file of that path. Raises RecipeError."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    own = folder / f"{name}.json"
    return read_recipe(own if own.is_file() else Path(name))


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file; a picture that it lays behind the garment is looked for beside it. Raises RecipeError."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows' editor begins a file with that mark
    except UnicodeDecodeError as error:
        raise RecipeError("Recipe not understood", f"{path} is not text in UTF-8.", "Save it as UTF-8.") from error
    except OSError as error:
        raise _not_found(path) from error
    try:
        recipe = Recipe.from_json(text)
        naming.check(recipe.output.name)
    except RecipeError as error:
        raise RecipeError(error.title, f"{path}: {error.message}", error.hint) from error
    return dataclasses.replace(recipe, compose=beside(recipe.compose, path))


def _not_found(path: Path) -> RecipeError:
    hint = f"Built-in recipes: {', '.join(BUILT_IN)}. A file holds JSON as `modamoda recipe show` prints it."
    if path.is_dir():
        return RecipeError("Recipe not found", f"{path} is a folder, not a recipe.", hint)
    return RecipeError("Recipe not found", f"There is no recipe {path} that can be read.", hint)


def beside(compose: ComposeStep, path: Path) -> ComposeStep:
    """The step as a file at `path` means it: a picture that it lays behind the garment is looked for beside that."""
    return dataclasses.replace(compose, background=background_of(compose.background, path.parent))


def background_of(text: str, folder: Path) -> str:
    """The background that a person names: the value of a colour's name, the whole path of a picture, which is looked
    for in `folder`; anything else as it is, for `engine.backgrounds.check` to judge.
    """
    if text.lower() in COLOURS:
        return COLOURS[text.lower()]
    picture = os.path.abspath(folder / os.path.expanduser(text))
    is_picture = bool(Path(text).suffix) or os.path.isfile(picture)  # neither #rrggbb nor a preset has an ending
    return picture if is_picture else text


def all_recipes(folder: Path) -> dict[str, Recipe]:
    """Every recipe that can be used, by name: the built-in ones, then those of `folder`; broken files are left out."""
    found = dict(BUILT_IN)
    for path in sorted(folder.glob("*.json")):
        with contextlib.suppress(RecipeError):
            found.setdefault(path.stem, dataclasses.replace(read_recipe(path), name=path.stem))
    return found


def keep_recipe(recipe: Recipe, folder: Path) -> None:
    """Keep `recipe` as `folder/NAME.json`. Raises RecipeError for an unusable name, OutputError."""
    recipe.check()
    naming.check(recipe.output.name)
    if recipe.name in BUILT_IN:
        raise RecipeError("Name taken", f"{recipe.name} is a built-in recipe.", "Give yours another name.")
    check_name(recipe.name)
    write_atomically(folder / f"{recipe.name}.json", recipe.to_json().encode())


def check_name(name: str) -> None:
    """Raise RecipeError where a name cannot be that of a file of one's own."""
    if not re.fullmatch(r"[^\\/:*?\"<>|.\x00-\x1f][^\\/:*?\"<>|\x00-\x1f]{0,99}", name):
        hint = "Use letters, digits and spaces."
        raise RecipeError("Name not usable", f"{name!r} cannot be a file's name.", hint)


def forget_recipe(name: str, folder: Path) -> None:
    """Remove `folder/NAME.json`; nothing happens when there is none. Raises OutputError."""
    path = folder / f"{name}.json"
    with output_errors(path):
        path.unlink(missing_ok=True)
