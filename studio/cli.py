"""The command line: `modamoda`. Words in, exit status out; the work is in `studio.commands` and imported when needed.

Exit status: 0 all done or in review, 1 some failed, 2 usage, 130 interrupted.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from studio import __version__, interrupts, starting
from studio.commands.account import account
from studio.commands.addon import addon
from studio.commands.arguments import FILE, FOLDER, NAME, PLACE, Place, Size
from studio.commands.farm import farm
from studio.commands.models import models
from studio.errors import RecipeError, StudioError, UsageError

FORMATS = ("png", "jpg", "tiff", "webp", "psd", "avif")
ENGINES = ("auto", "starter", "studio")
PAIRINGS = ("auto", "name", "order", "cards")
ROLES = ("front", "inside", "back", "plate", "bare", "card", "none")
STATUSES = ("queued", "running", "needs_review", "done", "failed", "cancelled")
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None, *, engine: str | None = None) -> int:
    """Run one command and return its exit status. engine: dotted name of another engine's module, for tests."""
    try:
        with interrupts.heeded():
            status = cli.main(list(arguments) if arguments is not None else None, standalone_mode=False, obj=engine)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except StudioError as error:
        _show(error)
        return 2 if isinstance(error, (UsageError, RecipeError)) else 1
    except Exception as error:
        from studio.commands.fault import explained

        click.echo(explained(error), err=True)
        return 1
    return status if isinstance(status, int) else 0


def _show(error: StudioError) -> None:
    from studio.commands.words import error_text

    click.echo(error_text(error.title, error.message, error.hint), err=True)


def _with_stem(context: click.Context, option: click.Parameter, pattern: str | None) -> str | None:
    """A pattern that says which photo an inside belongs to; without `{stem}` every inside would fit every photo."""
    if pattern is not None and "{stem}" not in pattern:
        raise click.BadParameter("it must hold {stem}, the front's name, such as '{stem}_inside.*'.", context, option)
    return pattern


_INSIDE = click.option(
    "--inside",
    metavar="PATTERN",
    callback=_with_stem,
    help="Names of photos of the inside, such as '{stem}_inside.*'.",
)
_PLATE = click.option("--plate", type=FILE, help="A photo of the empty set, taken with the same camera.")
_BARE = click.option("--bare", type=FILE, help="A photo of the bare mannequin on the set.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of words.")


def _what_to_make(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that finish photographs: a recipe, and what is asked for beside it."""
    for option in reversed(_RECIPE_OPTIONS):
        command = option(command)
    return command


_RECIPE_OPTIONS = (
    click.option(
        "--recipe", default="invisible", type=NAME, show_default=True, metavar="NAME|FILE", help="What to make."
    ),
    click.option("--engine", type=click.Choice(ENGINES), help="Who does the work."),
    click.option("--format", "format_", type=click.Choice(FORMATS), help="File type of the results."),
    click.option(
        "--background", type=NAME, metavar="C|FILE", help="#rrggbb, a colour, transparent, a preset or a picture."
    ),
    click.option("--size", type=Size(), metavar="WxH", help="Pixels of the results; without it the photo's own."),
    click.option("--layers", is_flag=True, help="Keep the masks and the full-resolution master beside each result."),
    click.option("--layered", is_flag=True, help="With --format tiff: keep the layers in the file, as a PSD does."),
    click.option(
        "--template",
        "templates",
        multiple=True,
        type=NAME,
        metavar="NAME",
        help="A file for a sales channel too; repeatable.",
    ),
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, invoke_without_command=True
)
@click.version_option(__version__, "-V", "--version", prog_name="modamoda")
@click.pass_context
def cli(context: click.Context) -> int:
    """Turn photographs of garments on mannequins into invisible-mannequin pictures, on this computer.

    The garment's pixels stay as they were photographed. Without a command the window opens. MODAMODA_HOME moves the
    program's data.
    """
    if context.invoked_subcommand is not None:
        return 0
    if not _has_screen():
        click.echo(context.get_help())
        return 0
    with starting.imports():
        from studio.ui.main import run
    return run()


def _has_screen() -> bool:
    """Whether a window can be shown: a Linux computer may have no screen at all, and Qt would end the program there."""
    known = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in known)


def _which_photos(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what of an order belongs together and what of it is done once more."""
    for option in reversed(_ORDER_OPTIONS):
        command = option(command)
    return command


_ORDER_OPTIONS = (
    click.option("--again", is_flag=True, help="Do finished photos once more."),
    _INSIDE,
    click.option("--pairs", type=click.Choice(PAIRINGS), help="How front, inside and back are brought together."),
    click.option(
        "--order",
        type=NAME,
        show_default="front,inside",
        metavar="ROLES",
        help="With --pairs: photos of one garment in turn.",
    ),
    _PLATE,
    _BARE,
    click.option(
        "--level",
        type=click.Choice(("place", "light", "both")),
        help="Over all photos: one scale, line and horizon for garments of a kind, one light of the backdrop, or both.",
    ),
)


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=PLACE, metavar="PATH...")
@click.option("--out", required=True, type=FOLDER, help="Where the results go; folders below PATH are kept.")
@_what_to_make
@_JSON
@_which_photos
@click.option("--farm", "on_farm", is_flag=True, help="Let the studio's render farm do it.")
@click.pass_obj
def process(engine_module: str | None, **words: Any) -> int:
    """Finish photographs: files, or folders with everything below them."""
    from studio.commands import work

    return work.process(engine_module, work.Words(**words))


@cli.command()
@click.argument("folder", required=False, type=PLACE, metavar="DIR")
@click.option("--out", type=FOLDER, help="Where the results go; folders below DIR are kept.")
@_what_to_make
@_JSON
@click.option("--once", is_flag=True, help="Finish what is there, then end.")
@click.option(
    "--settle",
    type=click.FloatRange(0.05, 3600),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a file must rest before it is taken.",
)
@click.option(
    "--after",
    type=click.Choice(("leave", "move", "tag")),
    default="leave",
    show_default=True,
    help="What becomes of originals: nothing, a move into done/ or failed/, a tag in an XMP sidecar.",
)
@_INSIDE
@_PLATE
@_BARE
@click.option("--pause", is_flag=True, help="Take nothing more from DIR until --resume, whoever watches it.")
@click.option("--resume", "go_on", is_flag=True, help="Go on with DIR.")
@click.option("--put-back", is_flag=True, help="Move originals out of done/ and failed/ to where they were.")
@click.option("--forget", is_flag=True, help="Watch DIR no more; photos, results and history stay.")
@click.option("--list", "show", is_flag=True, help="Show the watched folders.")
@click.pass_obj
def watch(engine_module: str | None, **words: Any) -> int:
    """Watch a folder and finish what arrives in it."""
    from studio.commands import watch as command

    return command.watch(engine_module, command.Words(**words))


@cli.command()
@click.option("--out", default=Path("modamoda-demo"), type=FOLDER, show_default=True, help="Where the results go.")
@_JSON
@click.pass_obj
def demo(engine_module: str | None, out: Path, as_json: bool) -> int:
    """Finish the sample shoot and show before and after."""
    from studio.commands import work

    return work.demo(engine_module, out, as_json=as_json)


@cli.command()
@_JSON
@click.pass_obj
def resume(engine_module: str | None, as_json: bool) -> int:
    """Finish what is queued or was interrupted."""
    from studio.commands import work

    return work.resume(engine_module, as_json=as_json)


@cli.command()
@_JSON
@click.option("--limit", type=click.IntRange(min=1), help="So many at most, the newest first.")
@click.option("--status", type=click.Choice(STATUSES), help="Only jobs that stand there.")
def history(as_json: bool, limit: int | None, status: str | None) -> int:
    """Show what was done, the newest first."""
    from studio.commands import look

    return look.history(as_json=as_json, limit=limit, status=status)


@cli.command()
@_JSON
def doctor(as_json: bool) -> int:
    """Say what this computer can do and what it lacks."""
    from studio.commands import look

    return look.doctor(as_json=as_json)


@cli.command()
def updates() -> int:
    """Ask now whether a newer version exists; nothing is downloaded."""
    from studio.commands import look

    return look.updates()


@cli.group()
def review() -> None:
    """Decide on results that a person should see first."""


@review.command("list")
@_JSON
def review_list(as_json: bool) -> int:
    """Show what waits for a decision."""
    from studio.commands import decide

    return decide.waiting(as_json=as_json)


@review.command("approve")
@click.argument("ids", nargs=-1, type=NAME, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="All that wait.")
@_JSON
def review_approve(ids: tuple[str, ...], everything: bool, as_json: bool) -> int:
    """Move results out of _review, to where they belong."""
    from studio.commands import decide

    return decide.approve(ids, everything=everything, as_json=as_json)


@review.command("reject")
@click.argument("ids", nargs=-1, type=NAME, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="All that wait.")
@_JSON
def review_reject(ids: tuple[str, ...], everything: bool, as_json: bool) -> int:
    """Remove results that are not wanted; the photographs stay."""
    from studio.commands import decide

    return decide.reject(ids, everything=everything, as_json=as_json)


@cli.group()
def shoot() -> None:
    """Photos that belong together: front, inside and back of one garment, frames of the set."""


@shoot.command("pairs")
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option("--by", type=click.Choice(PAIRINGS), default="auto", show_default=True, help="What they are told by.")
@click.option(
    "--order",
    default="front,inside",
    type=NAME,
    show_default=True,
    metavar="ROLES",
    help="Photos of one garment in turn.",
)
@_INSIDE
@_JSON
def shoot_pairs(folder: Path, by: str, order: str, inside: str | None, as_json: bool) -> int:
    """Show which photos belong together, corrections included."""
    from studio.commands import shoot as command

    return command.show(folder, by=by, order=order, inside=inside, as_json=as_json)


@shoot.command("set")
@click.argument("photos", nargs=-1, required=True, type=PLACE, metavar="PHOTO...")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What the photos are.")
@click.option("--garment", default="", metavar="SKU", help="Of which garment; without it as found.")
def shoot_set(photos: tuple[Path, ...], role: str, garment: str) -> int:
    """Correct what photos are; it holds until `shoot forget`."""
    from studio.commands import shoot as command

    return command.correct(photos, role=role, garment=garment)


@shoot.command("forget")
@click.argument("folder", type=FOLDER, metavar="DIR")
def shoot_forget(folder: Path) -> int:
    """Forget all corrections below a folder."""
    from studio.commands import shoot as command

    return command.forget(folder)


@shoot.command("estimate")
@click.argument("paths", nargs=-1, required=True, type=PLACE, metavar="PATH...")
@click.option("--out", required=True, type=FOLDER, help="Where the results would go.")
@_what_to_make
@_JSON
@_which_photos
@click.pass_obj
def shoot_estimate(engine_module: str | None, **words: Any) -> int:
    """Say how many photos, how much room and how much time `modamoda process` would take with the same words."""
    from studio.commands import work

    return work.look_ahead(engine_module, work.Words(**words))


@cli.group()
def recipe() -> None:
    """Look at recipes."""


@recipe.command("show")
@click.argument("name", default="invisible", type=NAME, metavar="[NAME|FILE]")
def recipe_show(name: str) -> int:
    """Print a recipe as JSON, every field written out."""
    from studio.commands import look

    return look.show_recipe(name)


@recipe.command("check")
@click.argument("name", type=NAME, metavar="NAME|FILE")
def recipe_check(name: str) -> int:
    """Say whether a recipe can be used."""
    from studio.commands import look

    return look.check_recipe(name)


cli.add_command(account)
cli.add_command(addon)
cli.add_command(farm)


@cli.group()
def templates() -> None:
    """Sales channels: their rules, and finished files against them."""


@templates.command("list")
@_JSON
def templates_list(as_json: bool) -> int:
    """Show the channels that files can be made for."""
    from studio.commands import templates

    return templates.listed(as_json=as_json)


@templates.command("show")
@click.argument("name", type=NAME, metavar="NAME|FILE")
@_JSON
def templates_show(name: str, as_json: bool) -> int:
    """Print the rules of a channel, each with its source."""
    from studio.commands import templates

    return templates.show(name, as_json=as_json)


@templates.command("check")
@click.argument("files", nargs=-1, required=True, type=PLACE, metavar="FILE...")
@click.option("--template", "name", required=True, type=NAME, metavar="NAME|FILE", help="The channel.")
@_JSON
def templates_check(files: tuple[Path, ...], name: str, as_json: bool) -> int:
    """Measure finished files by the rules of a channel; the exit status is 1 when one is broken."""
    from studio.commands import templates

    return templates.check(files, name, as_json=as_json)


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=Place(exists=True), metavar="MASTER...")
@click.option(
    "--template", "names", multiple=True, required=True, type=NAME, metavar="NAME|FILE", help="A channel; repeatable."
)
@click.option(
    "--out",
    required=True,
    type=FOLDER,
    help="Where the files go: the tree of the masters, with a folder for each channel.",
)
@_JSON
def export(paths: tuple[Path, ...], names: tuple[str, ...], out: Path, as_json: bool) -> int:
    """Make files for sales channels from approved masters: results of --layers, or folders with them."""
    from studio.commands import templates

    return templates.export(paths, names, out, as_json=as_json)


cli.add_command(models)
