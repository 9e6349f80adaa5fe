"""Sales channels: their templates, the files made for them, and what these are checked against."""

from collections.abc import Iterable
from pathlib import Path

from studio.errors import RecipeError
from studio.model import ChannelFile, Recipe, RuleCheck, Template
from studio.settings import Home


class ChannelDesk:
    """The sales channels that are known here, and files for them."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def all(self) -> dict[str, Template]:
        """The sales channels that can be used, by name, the photographer's own included."""
        from studio.engine.templates.catalog import all_templates

        return all_templates(self._home.templates)

    def unusable(self) -> list[RecipeError]:
        """What is wrong with templates of the photographer's own that cannot be used."""
        from studio.engine.templates.catalog import unusable

        return unusable(self._home.templates)

    def find(self, name: str) -> Template:
        """A sales channel by name or file. Raises RecipeError."""
        from studio.engine.templates.catalog import find

        return find(name, self._home.templates)

    def resolved(self, recipe: Recipe) -> Recipe:
        """A recipe with the templates that it names filled in. Raises RecipeError."""
        from studio.engine.templates.catalog import resolved

        return resolved(recipe, self._home.templates)

    def check(self, path: Path, template: Template) -> tuple[RuleCheck, ...]:
        """Pre-flight: a finished file against the rules of a channel. Raises PhotoError."""
        from studio.engine.preflight import check

        return check(path, template)

    def masters_in(self, path: Path) -> list[Path]:
        """The approved masters at or below a path, as their folders of layers."""
        from studio.engine.mastering import masters_in

        return masters_in(path)

    def export(
        self, master: Path, templates: Iterable[Template], out: Path, branch: Path = Path()
    ) -> tuple[ChannelFile, ...]:
        """The files for channels from an approved master, without looking at the photo again. Raises StudioError.

        master: a `.layers` folder. branch: the folder of a tree below `out`, and below its `_review`, that they go to.
        Nothing that stands is overwritten.
        """
        from studio.engine.mastering import export

        return export(master, tuple(templates), out, self._home.credentials, branch)
