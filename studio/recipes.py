"""Recipes by name: the built-in ones, and the photographer's own in a folder."""

from pathlib import Path

from studio.errors import RecipeError
from studio.model import Mode, Recipe

BUILT_IN = {recipe.name: recipe for recipe in (Recipe(), Recipe(name="cutout", mode=Mode.CUTOUT))}


def find_recipe(name: str, folder: Path) -> Recipe:
    """The recipe called `name`: a built-in one, `folder/name.json`, or the file of that path. Raises RecipeError."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    own = folder / f"{name}.json"
    return read_recipe(own if own.is_file() else Path(name))


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file. Raises RecipeError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(
            "Recipe not found",
            f"There is no recipe {path} that can be read.",
            f"Built-in recipes: {', '.join(BUILT_IN)}. A file holds JSON as `modamoda recipe show` prints it.",
        ) from error
    try:
        return Recipe.from_json(text)
    except RecipeError as error:
        raise RecipeError(error.title, f"{path}: {error.message}", error.hint) from error
