"""`modamoda addon`: install, look at, verify and remove the libraries of the studio engine."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from studio.commands.arguments import FOLDER, FOLDER_THERE

if TYPE_CHECKING:
    from studio.app import Studio

_DEVICE = click.option(
    "--device", type=click.Choice(("cuda", "cpu", "mps")), help="For this kind of processor; else for what is found."
)


@click.group()
def addon() -> None:
    """Install the studio engine's libraries (PyTorch and its kin) into a folder of their own."""


@addon.command()
@_DEVICE
@click.option(
    "--from",
    "source",
    type=FOLDER_THERE,
    metavar="DIR",
    help="Take the files from DIR, without a network.",
)
def install(device: str | None, source: Path | None) -> int:
    """Fetch, verify and unpack; what broke off goes on where it stopped."""
    from studio.commands.bars import transfer

    with _studio() as studio:
        lock = studio.addon.lock(device)
        with transfer("studio engine") as arrived:
            done = studio.addon.install(lock, arrived, _never, source)
    click.echo(f"Installed for {done.kind}: {len(done.wheels)} packages.")
    return 0


@addon.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@_DEVICE
def gather(folder: Path, device: str | None) -> int:
    """Fetch the files into DIR, for a computer of the same kind that has no network."""
    from studio.commands.bars import transfer

    with _studio() as studio:
        lock = studio.addon.lock(device)
        with transfer("studio engine") as arrived:
            names = studio.addon.gather(lock, folder, arrived, _never)
    click.echo(f"{len(names)} files for {lock.kind} are in {folder}; there: modamoda addon install --from {folder}")
    return 0


@addon.command()
@_DEVICE
def status(device: str | None) -> int:
    """Say what is installed and what an installation would fetch."""
    with _studio() as studio:
        here = studio.addon.installed()
        if here:
            click.echo(f"Installed for {here.kind}: {len(here.wheels)} packages, in {studio.home.addon}")
        else:
            lock = studio.addon.lock(device)
            known = f"{lock.bytes / 1e6:.0f} MB" + ("" if all(wheel.bytes for wheel in lock.wheels) else " and PyTorch")
            click.echo(f"Not installed. For {lock.kind}: {len(lock.wheels)} packages, {known}.")
    return 0


@addon.command()
def verify() -> int:
    """Hash every file of the installation anew."""
    with _studio() as studio:
        wrong = studio.addon.verify()
    for name in wrong:
        click.echo(f"{name} is wrong or missing", err=True)
    click.echo("Install it again: modamoda addon install" if wrong else "Every file is as it should be.")
    return int(bool(wrong))


@addon.command()
def remove() -> int:
    """Delete the installation."""
    with _studio() as studio:
        click.echo(f"{studio.addon.remove() / 1e6:.0f} MB given back")
    return 0


def _studio() -> "Studio":
    from studio.app import Studio

    return Studio()


def _never() -> bool:
    """Ctrl-C stops it: what came stays."""
    return False
