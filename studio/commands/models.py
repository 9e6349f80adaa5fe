"""`modamoda models`: list, fetch, verify, import, export, remove, licences."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studio.commands.arguments import FOLDER, FOLDER_THERE, NAME
from studio.errors import EngineError, UsageError

if TYPE_CHECKING:
    from studio.engine.models.catalog import Catalog, ModelEntry
    from studio.engine.models.fetch import Arrived
    from studio.engine.models.store import ModelStore, Problem

NAMES = click.argument("names", nargs=-1, type=NAME, metavar="[NAME]...")


@click.group()
def models() -> None:
    """Fetch and keep the networks of the studio engine.

    NAME is a model (sdxl-base) or a pack of them (invisible, human); see `modamoda models list`.
    """


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_models(as_json: bool) -> None:
    """Show every known model: what it is for, its licence, its size, and whether it is here."""
    store = _store()
    rows = [_row(entry, store) for entry in _catalog().models.values()]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    _print_table(rows)
    for name, members in _catalog().packs.items():
        click.echo(f"pack {name}: {', '.join(members)}")


@models.command()
@NAMES
@click.option("--mirror", metavar="URL|DIR", envvar="MODAMODA_MODELS_MIRROR", help="Ask here first.")
@click.option("--offline", is_flag=True, envvar="MODAMODA_OFFLINE", help="Never open a connection.")
@click.option("--parallel", type=click.IntRange(1, 16), default=4, show_default=True, help="Files at once.")
def fetch(names: tuple[str, ...], mirror: str | None, offline: bool, parallel: int) -> None:
    """Download models; what broke off goes on where it stopped, and every file is verified."""
    from studio.engine.models.fetch import fetch as fetch_models
    from studio.engine.models.network import Network

    entries = _entries(names)
    with _Progress() as progress:
        fetched = fetch_models(
            entries, _store(), Network(mirror=mirror, offline=offline), progress.show, parallel=parallel
        )
    for path, sha256 in fetched.pinned.items():
        click.echo(f"pinned {path} to sha256 {sha256}: the catalog knew no hash, from now on it must be this one")
    click.echo(f"{len(fetched.came)} files fetched, {len(fetched.were_there)} were here")


@models.command()
@NAMES
def verify(names: tuple[str, ...]) -> None:
    """Hash the files of models anew (all that are here, if none is named)."""
    store = _store()
    wrong = {entry.id: store.verify(entry) for entry in _entries(names, here=True)}
    _report(wrong, "is as it should be")


@models.command("import")
@click.argument("folder", type=FOLDER_THERE, metavar="DIR")
@NAMES
def import_models(folder: Path, names: tuple[str, ...]) -> None:
    """Copy models from DIR (a USB stick written by `export`), verifying every file."""
    there = tuple(model_id for model_id in _catalog().models if (folder / model_id).is_dir())
    if not names and not there:
        raise click.UsageError(f"{folder} holds no model.")
    store = _store()
    wrong = {entry.id: store.import_from(folder, entry) for entry in _named(names or there)}
    _report(wrong, "imported")


@models.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@NAMES
def export(folder: Path, names: tuple[str, ...]) -> None:
    """Copy models (all that are here, if none is named) to DIR, for another computer."""
    store = _store()
    for entry in _entries(names, here=True):
        click.echo(f"{entry.id}: {store.export_to(folder, entry) / 1e6:.0f} MB to {folder}")


@models.command()
@click.argument("names", nargs=-1, required=True, type=NAME, metavar="NAME...")
def remove(names: tuple[str, ...]) -> None:
    """Delete models from this computer."""
    store = _store()
    for entry in _entries(names):
        click.echo(f"{entry.id}: {store.remove(entry) / 1e6:.0f} MB given back")


@models.command()
@click.option("--accept", type=NAME, metavar="NAME", help="Accept the licence of the model of this name.")
def licences(accept: str | None) -> None:
    """Show which licences forbid or limit commercial use, and accept one by the model's name."""
    store = _store()
    if accept is not None:
        store.accept(_named((accept,))[0], accept)
    accepted = store.accepted()
    for entry in _catalog().models.values():
        note = f"accepted {accepted[entry.id].at}" if entry.id in accepted else "off until accepted"
        state = note if entry.needs_acceptance else "commercial use allowed"
        click.echo(f"{entry.id}: {entry.licence}; {state}; {entry.licence_url}")


def _store() -> "ModelStore":
    from studio.engine.models.store import ModelStore
    from studio.settings import Home

    return ModelStore(Home.of_this_user().models)


def _catalog() -> "Catalog":
    from studio.engine.models.catalog import catalog_of
    from studio.settings import Home

    return catalog_of(Home.of_this_user().models)


def _entries(names: tuple[str, ...], *, here: bool = False) -> "tuple[ModelEntry, ...]":
    from studio.engine.models.store import State

    if names:
        return _named(names)
    if not here:
        raise click.UsageError("Name a model or a pack; `modamoda models list` shows them.")
    store = _store()
    return tuple(entry for entry in _catalog().models.values() if store.state(entry) is not State.ABSENT)


def _named(names: tuple[str, ...]) -> "tuple[ModelEntry, ...]":
    """The models that these names of models and packs stand for. Raises UsageError."""
    catalog = _catalog()
    try:
        return catalog.expand(names)
    except EngineError as error:
        raise UsageError(error.title, error.message, error.hint) from error


def _row(entry: "ModelEntry", store: "ModelStore") -> dict[str, object]:
    return {
        "id": entry.id,
        "purpose": entry.purpose,
        "licence": entry.licence,
        "commercial": entry.commercial.value,
        "megabytes": round(entry.bytes / 1e6),
        "unpinned": sum(file.sha256 is None for file in entry.files),
        "state": store.state(entry).value,
        "accepted": store.is_accepted(entry),
        "memory_mb": {precision.value: mb for precision, mb in entry.memory_mb.items()},
    }


def _print_table(rows: list[dict[str, object]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for heading in ("model", "for", "licence", "commercial", "MB", "here"):
        # Names are typed again: they stand whole in the narrowest window.
        table.add_column(heading, justify="right" if heading == "MB" else "left", no_wrap=heading in ("model", "MB"))
    for row in rows:
        megabytes = f"{row['megabytes']}{'+' if row['unpinned'] else ''}"
        words = [str(row[key]) for key in ("id", "purpose", "licence", "commercial")]
        table.add_row(*words, megabytes, str(row["state"]))
    Console().print(table)


def _report(wrong: "dict[str, tuple[Problem, ...]]", good: str) -> None:
    for model_id, problems in wrong.items():
        for problem in problems:
            click.echo(f"{model_id}: {problem.path} {problem.sentence}", err=True)
        if not problems:
            click.echo(f"{model_id}: {good}")
    if any(wrong.values()):
        raise click.exceptions.Exit(1)


class _Progress:
    """A bar with rate and time left on a terminal, a line for each finished file elsewhere."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.progress import TransferSpeedColumn as Speed

        self._console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), Speed(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=self._console, disable=not self._console.is_terminal)
        self._task = self._bar.add_task("models", total=None)

    def __enter__(self) -> "_Progress":
        self._bar.start()
        return self

    def __exit__(self, *words: object) -> None:
        self._bar.stop()

    def show(self, arrived: "Arrived") -> None:
        """Called from the fetching threads."""
        self._bar.update(self._task, completed=arrived.bytes, total=arrived.total or None, description=arrived.file)
