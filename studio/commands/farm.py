"""The commands of the render farm: the workers on its computers, and what a sender sees of it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studio.commands.arguments import FOLDER, NAME
from studio.errors import EngineError

if TYPE_CHECKING:
    from studio.app import Studio

_BROKER = click.option(
    "--broker", default="", envvar="MODAMODA_FARM_BROKER", metavar="URL", help="Its Redis: redis://COMPUTER:6379/0."
)
_STORAGE = click.option("--storage", type=FOLDER, metavar="DIR", help="The folder that all its computers see.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of words.")


@click.group()
def farm() -> None:
    """Render on several computers at once.

    A password in a broker's address is kept in the system's keyring alone; where there is none, give the address in
    MODAMODA_FARM_BROKER.
    """


@farm.command("set-up")
@click.option("--broker", required=True, type=NAME, envvar="MODAMODA_FARM_BROKER", metavar="URL", help="Its Redis.")
@click.option("--storage", required=True, type=FOLDER, metavar="DIR", help="The folder that all its computers see.")
def set_up(broker: str, storage: Path) -> int:
    """Remember the studio's farm on this computer, and mark its shared folder."""
    from studio.commands.words import error_text

    with _studio() as studio:
        studio.farm.set_up(broker, storage)
        shown, folder = studio.farm.shown_place()
        click.echo(f"The farm is at {shown}, its folder at {folder}.")
        try:
            studio.farm.state(studio.farm.place())
        except EngineError as error:
            click.echo(error_text(error.title, error.message, error.hint), err=True)
    return 0


@farm.command()
def forget() -> int:
    """Forget the farm on this computer."""
    with _studio() as studio:
        studio.farm.forget()
    click.echo("This computer knows no farm.")
    return 0


@farm.command()
@_BROKER
@_STORAGE
@click.option("--name", default="", help="What the worker is called; without it by its computer.")
@click.option("--queues", default="", metavar="NAMES", help="Only these queues, with commas between; see farm status.")
@click.option("--concurrency", default=1, show_default=True, type=click.IntRange(1, 64), help="Photos at once.")
@click.option("--memory", "memory_mb", default=0, type=click.IntRange(0), metavar="MB", help="Memory it may use.")
@click.option("--device", metavar="NAME", help="cuda:0, cuda:1 or cpu; without it the best there is.")
@click.option("--limit", "limit_s", default=1800, show_default=True, type=click.IntRange(10), help="Seconds a photo.")
@click.option("--log-level", default="INFO", show_default=True, type=click.Choice(("DEBUG", "INFO", "WARNING")))
@click.pass_obj
def worker(
    engine: str | None,
    broker: str,
    storage: Path | None,
    name: str,
    queues: str,
    concurrency: int,
    memory_mb: int,
    device: str | None,
    limit_s: int,
    log_level: str,
) -> int:
    """Work for the farm on this computer until Ctrl-C or `farm stop`."""
    import os

    from studio.app import ENGINE

    if device:
        os.environ["MODAMODA_DEVICE"] = device
    with _studio() as studio:
        place = studio.farm.place(broker, storage)
        home, compiles = studio.home, bool(studio.settings.compile_networks)
    from studio.farm.node import make_node
    from studio.farm.worker import serve

    node = make_node(
        place,
        home,
        engine=engine or ENGINE,
        name=name,
        concurrency=concurrency,
        memory_mb=memory_mb,
        queues=tuple(word.strip() for word in queues.split(",") if word.strip()),
        limit_s=limit_s,
        compiles=compiles,
    )
    click.echo(f"{node.name}: {_abilities(node.facts | {'abilities': node.abilities})}; Ctrl-C ends it.", err=True)
    serve(node, log_level=log_level)
    return 0


@farm.command()
@_BROKER
@_STORAGE
@_JSON
def status(broker: str, storage: Path | None, as_json: bool) -> int:
    """Show the workers, what they do, and how long the queues are."""
    with _studio() as studio:
        # Whoever only looks needs no shared folder.
        place = studio.farm.place(broker, storage or (Path() if broker else None))
        state = studio.farm.state(place)
        here = len(studio.farm.under_way())
    if as_json:
        words = {"workers": list(state.workers), "queues": state.queues, "from_this_computer": here}
        click.echo(json.dumps(words))
        return 0
    for facts in state.workers:
        click.echo(f"{facts['name']}  version {facts['version']}, {_abilities(facts)}")
        for doing in facts["doing"]:
            click.echo(f"    {doing['run'].partition('.')[0]}  {doing['stage'] or 'begins'} {doing['fraction']:.0%}")
        if not facts["doing"]:
            click.echo("    waits for work")
        if facts["other_folder"]:
            click.echo(f"    looks into another folder than this computer: {facts['folder']} on {facts['host']}")
    if not state.workers:
        click.echo("No worker is at the farm. On each computer: modamoda farm worker")
    for queue, depth in state.queues.items():
        click.echo(f"{depth} wait in {queue}")
    if here:
        click.echo(f"{here} of this computer's photos are on the farm.")
    return 0


@farm.command()
@_BROKER
@click.argument("names", nargs=-1, type=NAME, metavar="[WORKER]...")
def stop(broker: str, names: tuple[str, ...]) -> int:
    """End workers, all or those named, when what they have at hand is done."""
    with _studio() as studio:
        stopped = studio.farm.stop(studio.farm.place(broker, Path() if broker else None), names)
    click.echo("\n".join(f"{name} ends when its work is done." for name in stopped) or "No worker is at the farm.")
    return 0


@farm.command()
@_JSON
def collect(as_json: bool) -> int:
    """Wait for this computer's photos on the farm and bring their results."""
    from studio.commands import work

    return work.collect(as_json=as_json)


@farm.command("take-back")
def take_back() -> int:
    """Put this computer's photos on the farm back into its own queue."""
    with _studio() as studio:
        count = studio.farm.take_back(lambda event: None)
    click.echo(f"{count} photos are back; `modamoda resume` does them here.")
    return 0


@farm.command()
@click.argument("job_id", type=NAME, metavar="ID")
def cancel(job_id: str) -> int:
    """Cancel a photo that is on the farm."""
    with _studio() as studio:
        entry = studio.history.entry(job_id)
        asked = studio.queue.cancel(entry.job.id)
        if asked and any(job.id == entry.job.id for job in studio.farm.under_way()):
            studio.farm.tend([entry.job.id], lambda event: None)
    click.echo("Cancelled." if asked else "It was over already.")
    return 0


def _studio() -> "Studio":
    from studio.app import Studio

    return Studio()


def _abilities(facts: dict[str, Any]) -> str:
    engines = "studio and starter engine" if "studio" in facts["abilities"] else "starter engine"
    gpu = f"{facts['gpu']} ({facts['gpu_memory_mb']} MB)" if facts.get("gpu") else "no graphics card"
    models = f", {len(facts['models'])} models" if facts["models"] else ""
    return f"{engines}, {gpu}, {facts['memory_mb']} MB of memory{models}"
