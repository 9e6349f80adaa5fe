"""Recipes: those that can be used, and keeping the photographer's own."""

from pathlib import Path

from studio import recipes
from studio.app.channels import ChannelDesk
from studio.files import write_atomically
from studio.model import Recipe
from studio.settings import Home


class RecipeDesk:
    """The built-in recipes and the photographer's own."""

    def __init__(self, home: Home, channels: ChannelDesk) -> None:
        self._folder = home.recipes
        self._channels = channels

    def all(self) -> dict[str, Recipe]:
        """All recipes that can be used, the built-in ones first."""
        return recipes.all_recipes(self._folder)

    def find(self, name: str) -> Recipe:
        """A recipe by name or file, its channels filled in. Raises RecipeError."""
        return self._channels.resolved(recipes.find_recipe(name, self._folder))

    def keep(self, recipe: Recipe) -> None:
        """Keep a recipe under its name among the photographer's own. Raises RecipeError or OutputError."""
        recipes.keep_recipe(recipe, self._folder)

    def export(self, recipe: Recipe, path: Path) -> None:
        """Write a recipe as a file to share. Raises OutputError."""
        write_atomically(path, recipe.to_json().encode())

    def forget(self, name: str) -> None:
        """Remove one of the photographer's own recipes. Raises OutputError."""
        recipes.forget_recipe(name, self._folder)

    def example_name(self, recipe: Recipe, photo: Path) -> dict[str, str]:
        """What the result of a photo would be called, by channel; "" = the result itself. Raises RecipeError."""
        from studio.jobs.names import example_names

        return example_names(self._channels.resolved(recipe), photo)
