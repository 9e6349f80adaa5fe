"""The commands that finish photographs: process, demo, resume; and what `process` would take."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from studio.app import ENGINE, Estimate, Order, Pairing, Plan, Skipped, Studio, Taken
from studio.commands.account import with_the_service
from studio.commands.shoot import cycle_of, no_photographs
from studio.commands.show import Tally, face
from studio.commands.words import plain
from studio.errors import UsageError
from studio.files import real_place
from studio.model import Engine, Format, HistoryEntry, Recipe
from studio.recipes import background_of
from studio.settings import resources

_INSIDE = "{stem}_inside.*"
_ORDER = "front,inside"
_RESUME = "`modamoda resume` finishes the rest."
_COLLECT = "`modamoda farm collect` brings the results."


@dataclass(frozen=True, kw_only=True)
class RecipeWords:
    """What is to be made, as it was typed."""

    recipe: str
    engine: str | None
    format_: str | None
    background: str | None
    size: tuple[int, int] | None
    layers: bool
    layered: bool
    templates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Words(RecipeWords):
    """The words of `modamoda process`, as they were typed."""

    paths: tuple[Path, ...]
    out: Path
    as_json: bool
    again: bool
    inside: str | None
    pairs: str | None
    order: str | None
    plate: Path | None
    bare: Path | None
    level: str | None
    on_farm: bool = False


def process(engine: str | None, words: Words) -> int:
    """Finish the photographs named."""
    with Studio(engine=engine or ENGINE) as studio:
        return _finish(studio, _planned(studio, words), as_json=words.as_json, on_farm=words.on_farm)


def look_ahead(engine: str | None, words: Words) -> int:
    """Say what `process` would take; 1 when the disk has no room for it."""
    with Studio(engine=engine or ENGINE) as studio:
        plan = _planned(studio, words)
        to_do = studio.work.to_do(plan)
        found = studio.shoots.estimate(to_do, studio.settings.jobs_at_once)
    done = len(plan.shots) - len(to_do.shots)
    if words.as_json:
        numbers = {"photos": found.photos, "done": done, "bytes": found.bytes, "seconds": round(found.seconds)}
        click.echo(json.dumps(numbers | {"free_bytes": found.free_bytes, "measured": found.is_measured}))
    else:
        click.echo(_sentence(found, done))
    return 0 if found.is_enough else 1


def demo(engine: str | None, out: Path, *, as_json: bool) -> int:
    """Finish the sample shoot and lay its results out on a sheet."""
    with Studio(engine=engine or ENGINE) as studio:
        samples = resources() / "samples"
        order = Order(paths=(samples,), out=out, recipe=studio.recipes.find("invisible"), inside=_INSIDE)
        plan = studio.work.plan(order)
        status = _finish(studio, plan, as_json=as_json)
        sheet = out.resolve() / "contact_sheet.jpg"
        studio.history.contact_sheet(_results(studio, plan), sheet)
        if not as_json:
            click.echo(f"Before and after: {plain(str(sheet))}")
        return status


def resume(engine: str | None, *, as_json: bool) -> int:
    """Finish what is queued or was interrupted."""
    with Studio(engine=engine or ENGINE) as studio:
        tally = Tally(face(as_json=as_json))

        def work(look: Callable[[], None]) -> None:
            studio.work.resume(tally.show, lambda jobs: tally.expect(len(jobs)))

        return _watched(work, studio, tally, as_json)


def collect(*, as_json: bool) -> int:
    """Bring what the farm makes of this computer's photos."""
    with Studio() as studio:
        tally = Tally(face(as_json=as_json))

        def work(look: Callable[[], None]) -> None:
            jobs = [job.id for job in studio.farm.under_way()]
            tally.expect(len(jobs))
            studio.farm.tend(jobs, tally.show)

        return _watched(work, studio, tally, as_json, _COLLECT)


def cooked(recipe: Recipe, words: RecipeWords) -> Recipe:
    """The recipe with what was asked for on the command line. Raises RecipeError, UsageError."""
    from studio.engine import backgrounds

    compose, output = recipe.compose, recipe.output
    if words.background is not None:
        compose = replace(compose, background=background_of(words.background, Path.cwd()))
        backgrounds.check(compose.background)
    if words.size:
        compose = replace(compose, size=words.size)
    if words.format_:
        output = replace(output, format=Format(words.format_))
    output = replace(
        output,
        layers=output.layers or words.layers,
        layered=output.layered or words.layered,
        templates=tuple(dict.fromkeys((*output.templates, *words.templates))),
    )
    if words.layered and output.format not in (Format.TIFF, Format.PSD):
        message = f"--layered keeps the layers in a TIFF; the results would be {output.format.value.upper()}."
        raise UsageError("Layers without a TIFF", message, "Add --format tiff, or --layers for files beside them.")
    changed = replace(recipe, compose=compose, output=output, engine=Engine(words.engine or recipe.engine))
    changed.check()
    backgrounds.check(changed.compose.background)
    return changed


def _sentence(found: Estimate, done: int) -> str:
    """An estimate in words."""
    stand = f"; {done} done already" if done else ""
    if not found.photos:
        return f"Nothing to do{stand}."
    photos = "1 photo" if found.photos == 1 else f"{found.photos} photos"
    minutes = max(1, round(found.seconds / 60))
    room = "" if found.is_enough else f"; only {_size(found.free_bytes)} are free"
    guess = "" if found.is_measured else " (a first guess, nothing was measured on this computer yet)"
    return f"{photos}, about {minutes} min and {_size(found.bytes)}{room}{guess}{stand}."


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e9 else f"{max(1, round(size_bytes / 1e6))} MB"


def _planned(studio: Studio, words: Words) -> Plan:
    """What is ordered, looked up on the disk. Raises UsageError where there is nothing."""
    if words.order and words.pairs in (None, Pairing.NAME):
        message = f"--order {words.order} says in what turn each garment was photographed, which names do not ask."
        raise UsageError("Order without pairs", message, "Add --pairs order, or cards or auto; or leave --order away.")
    order = Order(
        paths=words.paths,
        out=words.out,
        recipe=cooked(studio.recipes.find(words.recipe), words),
        inside=words.inside,
        again=words.again,
        pairs=Pairing(words.pairs) if words.pairs else None,
        cycle=cycle_of(words.order or _ORDER),
        plate=words.plate,
        bare=words.bare,
    )
    plan = studio.work.plan(order)
    if not plan.shots and not plan.left_out:
        raise no_photographs(words.paths)
    if words.level:
        plan = studio.shoots.level(plan, place=words.level != "light", light=words.level != "place")
    return plan


def _finish(studio: Studio, plan: Plan, *, as_json: bool, on_farm: bool = False) -> int:
    tally = Tally(face(as_json=as_json), plan.order.out)

    def work(look: Callable[[], None]) -> None:
        def taken(outcome: Taken | Skipped) -> None:
            if isinstance(outcome, Skipped):
                tally.skip(outcome)
            else:
                look()

        tally.expect(len(plan.shots))
        for folder in plan.left_out:
            tally.leave_out(folder.path, folder.why, lost=folder.lost)
        if on_farm:
            studio.work.process_on_farm(plan, tally.show, taken)
        else:
            studio.work.process(plan, tally.show, taken)

    goes_on = _COLLECT if on_farm else _RESUME
    return _watched(work, studio, tally, as_json, goes_on)


def _watched(
    work: Callable[[Callable[[], None]], None], studio: Studio, tally: Tally, as_json: bool, goes_on: str = _RESUME
) -> int:
    """Do the work and say how it ended. work: gets what asks the account service to look at the queue at once.

    goes_on: what is said to who interrupts it.
    """
    try:
        with with_the_service(studio) as look:
            work(look)
    except KeyboardInterrupt:
        tally.close()
        click.echo(f"Stopped. {goes_on}", err=True)
        raise
    finally:
        tally.close()
    if not as_json:
        for sentence in (tally.summary(), *tally.places()):
            click.echo(sentence)
        for sentence in tally.warnings():
            click.echo(sentence, err=True)
        for sentence in tally.complaints():
            click.echo(sentence, err=True)
    return tally.status


def _results(studio: Studio, plan: Plan) -> list[HistoryEntry]:
    """The newest entry of each photo of a plan at its destination, in the plan's order."""
    newest = {
        (entry.job.shot.front, real_place(entry.job.destination)): entry for entry in reversed(studio.history.newest())
    }
    places = [(wanted.shot.front, real_place(wanted.destination)) for wanted in plan.shots]
    return [newest[place] for place in places if place in newest]
