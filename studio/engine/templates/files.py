"""Where the files for sales channels stand: in a folder of the channel's name beside the result."""

from pathlib import Path

from studio.model import Recipe, Template


def separate_channels(recipe: Recipe) -> tuple[Template, ...]:
    """The channels that get a file of their own, beside the result itself."""
    return tuple(template for template in recipe.channels if template.name in recipe.output.templates)


def channel_file(template: Template, copy: int = 1) -> Path:
    """Where a channel's file stands, from the result's folder; its naming rule is the name itself by now.

    copy: above 1, a stranger's file holds the plain name.
    """
    ending = "" if copy == 1 else f"-{copy}"
    return Path(template.name) / f"{template.output.name}{ending}.{template.output.format.value}"
