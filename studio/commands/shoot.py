"""The commands about photos that belong together: show pairs, correct them."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from studio.app import PHOTO_SUFFIXES, Assigned, Pairing, Pairs, Request, Role, Studio, as_found
from studio.commands.words import plain
from studio.errors import UsageError


def cycle_of(text: str) -> tuple[Role, ...]:
    """`front,inside,back` as roles. Raises UsageError."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    usual = (Role.FRONT, Role.INSIDE, Role.BACK)
    if not words or any(word not in usual for word in words):
        raise UsageError("Order not understood", f"{text} is no order of photos.", "Such as: front,inside,back")
    return tuple(Role(word) for word in words)


def show(folder: Path, *, by: str, order: str, inside: str | None, as_json: bool) -> int:
    """Show which photos belong together."""
    with Studio() as studio:
        request = Request(how=Pairing(by), inside=inside, cycle=cycle_of(order))
        found = studio.shoots.pairs(folder, request)
    if not found:
        raise no_photographs((folder,))
    for place, pairs in found.items():
        _print(place, pairs, as_json=as_json)
    return 0


def correct(photos: tuple[Path, ...], *, role: str, garment: str) -> int:
    """Say what photos are."""
    for photo in photos:
        _check_is_photo(photo)
    with Studio() as studio:
        studio.shoots.correct({photo: (Role(role), garment) for photo in photos})
        for folder in dict.fromkeys(Path(os.path.abspath(photo)).parent for photo in photos):
            _say_what_is_finished(studio, folder)
    return 0


def forget(folder: Path) -> int:
    """Forget all corrections below a folder."""
    with Studio() as studio:
        forgotten = studio.shoots.forget(folder)
    click.echo(
        f"Corrections forgotten: {forgotten}." if forgotten else f"Nothing was corrected below {plain(str(folder))}."
    )
    return 0


def _say_what_is_finished(studio: Studio, folder: Path) -> None:
    """What a correction does not change by itself: results that were made, and what they are called, before it."""
    if any(entry.files for entry in studio.history.latest_below(folder).values()):
        again = "Process the shoot again: what now goes with another garment, number or view is done anew."
        click.echo(f"Photos in {plain(str(folder))} are finished already. {again}", err=True)
        click.echo("A file that has the old number in its name stays; delete it then.", err=True)


def _check_is_photo(path: Path) -> None:
    if path.is_dir():
        raise UsageError("Not a photograph", f"{path} is a folder.", "Name the photographs in it.")
    if not path.is_file():
        raise UsageError("Not found", f"{path} does not exist.", "Check the name.")
    if path.suffix.lower() not in PHOTO_SUFFIXES:
        raise UsageError("Not a photograph", f"{path} has no photograph's name.", "Name a photograph of the shoot.")


def no_photographs(paths: Iterable[Path]) -> UsageError:
    """What is said where a command finds nothing to work on."""
    places = ", ".join(plain(str(path)) for path in paths)
    return UsageError("No photographs", f"There are no photographs in {places}.", "Name a photo or another folder.")


def _print(folder: Path, pairs: Pairs, *, as_json: bool) -> None:
    for each in as_found(pairs):
        if as_json:
            click.echo(json.dumps(_fields(each)))
    if as_json:
        return
    click.echo(plain(str(folder)))
    for garment in pairs.garments:
        photos = ", ".join(f"{each.role} {each.photo.name}" for each in garment.photos)
        click.echo(plain(f"  {garment.sku or garment.name}: {photos}"))
    for each in as_found(pairs):
        if not each.garment:
            click.echo(plain(f"  {each.role}: {each.photo.name}"))


def _fields(each: Assigned) -> Mapping[str, str]:
    return {"photo": str(each.photo), "role": each.role, "garment": each.garment, "sku": each.sku, "how": each.how}
