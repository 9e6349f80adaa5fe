"""The commands about photos that belong together: show pairs, correct them, look ahead."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from studio.app import Assigned, Estimate, Order, Pairing, Pairs, Request, Role, Studio, as_found
from studio.commands.show import plain
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
        for place, pairs in studio.shoots.pairs(folder, request).items():
            _print(place, pairs, as_json=as_json)
    return 0


def correct(photos: tuple[Path, ...], *, role: str, garment: str) -> int:
    """Say what photos are."""
    missing = next((photo for photo in photos if not photo.is_file()), None)
    if missing:
        raise UsageError("Not found", f"{missing} does not exist.", "Check the name.")
    with Studio() as studio:
        studio.shoots.correct({photo: (Role(role), garment) for photo in photos})
    return 0


def forget(folder: Path) -> int:
    """Forget all corrections below a folder."""
    with Studio() as studio:
        studio.shoots.forget(folder)
    return 0


def look_ahead(paths: tuple[Path, ...], *, out: Path, recipe: str, as_json: bool) -> int:
    """Say what an order will take; 1 when the disk has no room for it."""
    with Studio() as studio:
        plan = studio.plan(Order(paths=paths, out=out, recipe=studio.recipe(recipe)))
        found = studio.shoots.estimate(plan, studio.settings.jobs_at_once)
    if as_json:
        numbers = {"photos": found.photos, "bytes": found.bytes, "seconds": round(found.seconds)}
        click.echo(json.dumps(numbers | {"free_bytes": found.free_bytes, "measured": found.is_measured}))
    else:
        click.echo(sentence(found))
    return 0 if found.is_enough else 1


def sentence(found: Estimate) -> str:
    """An estimate in words."""
    minutes = max(1, round(found.seconds / 60))
    room = "" if found.is_enough else f"; only {_size(found.free_bytes)} are free"
    guess = "" if found.is_measured else " (a first guess, nothing was measured on this computer yet)"
    return f"{found.photos} photos, about {minutes} min and {_size(found.bytes)}{room}{guess}."


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e9 else f"{max(1, round(size_bytes / 1e6))} MB"


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
