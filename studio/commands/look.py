"""The commands that only look: history, doctor, recipe show, recipe check."""

import json
from typing import Any

import click

from studio import __version__
from studio.app import Studio
from studio.commands.words import plain
from studio.doctor import examine
from studio.errors import RecipeError
from studio.model import HistoryEntry, JobStatus
from studio.settings import Home


def history(*, as_json: bool, limit: int | None, status: str | None) -> int:
    """Print the newest jobs, newest first."""
    with Studio() as studio:
        entries = studio.history.newest(limit=limit, status=JobStatus(status) if status else None)
    for entry in entries:
        click.echo(json.dumps(described(entry)) if as_json else line(entry))
    if not entries and not as_json:
        click.echo("The history holds nothing of that kind." if status else "The history is empty.", err=True)
    return 0


def described(entry: HistoryEntry) -> dict[str, Any]:
    """A job as the contract's JSON object; times are ISO 8601 in UTC."""
    job = entry.job
    error = {"title": job.error.title, "message": job.error.message, "hint": job.error.hint} if job.error else None
    return {
        "id": job.id,
        "photo": str(job.shot.front),
        "status": job.status,
        "recipe": job.recipe.name,
        "results": [str(file.path) for file in entry.files],
        "created_at": job.created_at.isoformat(),
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
        "error": error,
        "inside": str(job.shot.inside) if job.shot.inside else None,
        "confidence": entry.confidence,
        "warnings": list(entry.warnings),
        "ran_on": entry.ran_on or "here",
    }


def line(entry: HistoryEntry) -> str:
    """A job in one line."""
    when = entry.job.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
    what = entry.job.error.title if entry.job.error else str(entry.files[0].path) if entry.files else ""
    return plain(f"{entry.job.id}  {when}  {entry.job.status:<12}  {entry.job.shot.front}  {what}").rstrip()


def doctor(*, as_json: bool) -> int:
    """Print what this computer can do; 1 when something that is needed is missing."""
    findings = examine(Home.of_this_user())  # without the database, which may be what is ill
    for finding in findings:
        if as_json:
            fields = {"name": finding.name, "state": finding.state, "works": finding.works, "advice": finding.advice}
            click.echo(json.dumps(fields))
        else:
            sign = {True: "ok", False: "LACK", None: "-"}[finding.works]
            click.echo(f"{sign:<5}{finding.name:<15} {plain(finding.state)}")
            if finding.advice:
                click.echo(f"{'':<21}{finding.advice}")
    return 1 if any(finding.works is False for finding in findings) else 0


def updates() -> int:
    """Print whether a newer version exists, and where."""
    with Studio() as studio:
        newest = studio.look_for_updates()
    if newest.is_newer:
        click.echo(f"Version {newest.version} is out; this is {__version__}. Get it from {newest.page}")
    else:
        click.echo(f"This is the newest version, {__version__}.")
    return 0


def show_recipe(name: str) -> int:
    """Print a recipe as JSON."""
    with Studio() as studio:
        click.echo(studio.recipes.find(name).to_json())
    return 0


def check_recipe(name: str) -> int:
    """Say whether a recipe can be used: 0 yes, 1 no, with what is wrong with it."""
    from studio.engine import backgrounds

    with Studio() as studio:
        try:
            recipe = studio.recipes.find(name)
            backgrounds.check(recipe.compose.background)
        except RecipeError as error:
            click.echo(plain(f"{error.title}: {error.message} {error.hint}"), err=True)
            return 1
    click.echo(f"{recipe.name}: fine ({recipe.fingerprint[:12]})")
    return 0
