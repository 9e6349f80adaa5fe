"""The commands on sales channels: templates list, show, check; export."""

import dataclasses
import json
from pathlib import Path

import click

from studio.app import Studio
from studio.commands.words import error_text, plain
from studio.errors import StudioError, UsageError
from studio.model import ChannelFile, Rule, RuleCheck, Template, Verdict

_MARKS = {Verdict.KEPT: "ok", Verdict.BROKEN: "BROKEN", Verdict.DOUBTFUL: "look", Verdict.UNKNOWN: "-"}


def listed(*, as_json: bool) -> int:
    """Print the channels that there are templates for; 1 when a file of the photographer's own is no template."""
    with Studio() as studio:
        for template in studio.channels.all().values():
            click.echo(json.dumps(_summary(template)) if as_json else _line(template))
        wrong = studio.channels.unusable()
    for error in wrong:
        click.echo(error_text(error.title, error.message, error.hint), err=True)
    return 1 if wrong else 0


def show(name: str, *, as_json: bool) -> int:
    """Print a template: what is made, and every rule with its source."""
    with Studio() as studio:
        template = studio.channels.find(name)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(template)))
        return 0
    click.echo(_line(template))
    for rule in template.rules:
        second = " (second hand)" if rule.second_hand else ""
        click.echo(f"  {rule.kind:<11} {_demand(rule):<42} {rule.source}{second}")
    return 0


def check(files: tuple[Path, ...], name: str, *, as_json: bool) -> int:
    """Measure finished files; 1 when one of them breaks a rule or cannot be read."""
    broken = 0
    with Studio() as studio:
        template = studio.channels.find(name)
        for path in files:
            try:
                checks = studio.channels.check(path, template)
            except StudioError as error:
                broken += 1
                _say_unreadable(path, template, error, as_json=as_json)
                continue
            broken += any(each.verdict is Verdict.BROKEN for each in checks)
            _say(path, template, checks, as_json=as_json)
    return 1 if broken else 0


def export(paths: tuple[Path, ...], names: tuple[str, ...], out: Path, *, as_json: bool) -> int:
    """Make the files of channels from approved masters, in the tree below each path; 1 when one of them fails or breaks
    a rule."""
    failed = 0
    with Studio() as studio:
        templates = [studio.channels.find(name) for name in names]
        masters = [(master, _branch(master, path)) for path in paths for master in studio.channels.masters_in(path)]
        if not masters:
            hint = "Process the photos with --layers; approve what waits for review."
            raise UsageError("No masters", "There is no approved master in the paths given.", hint)
        for master, branch in masters:
            try:
                channels = studio.channels.export(master, templates, out, branch)
            except StudioError as error:
                failed += 1
                click.echo(error_text(error.title, error.message, error.hint), err=True)
                continue
            failed += any(channel.broken for channel in channels)
            for channel in channels:
                _say_exported(master, branch, channel, as_json=as_json)
    return 1 if failed else 0


def _branch(master: Path, path: Path) -> Path:
    """Where in the tree below `path` a master lies; the top if `path` is the master itself."""
    is_below = path in master.parents
    return master.parent.relative_to(path) if is_below else Path()


def _summary(template: Template) -> dict[str, object]:
    size = template.compose.size
    return {
        "name": template.name,
        "title": template.title,
        "format": template.output.format,
        "size": list(size) if size else None,
        "file_name": template.output.name,
        "rules": len(template.rules),
    }


def _line(template: Template) -> str:
    size = template.compose.size
    pixels = f"{size[0]} x {size[1]}" if size else "the photo's size"
    return plain(
        f"{template.name:<16} {template.title:<24} {pixels:<18} {template.output.format:<5} {template.output.name}"
    )


def _demand(rule: Rule) -> str:
    limits = [f"{word} {value:.10g}" for word, value in (("from", rule.low), ("to", rule.high)) if value is not None]
    return " ".join([*limits, *rule.words])


def _say(path: Path, template: Template, checks: tuple[RuleCheck, ...], *, as_json: bool) -> None:
    is_broken = any(each.verdict is Verdict.BROKEN for each in checks)
    if as_json:
        found = [dataclasses.asdict(each) for each in checks]
        click.echo(json.dumps({"file": str(path), "template": template.name, "ok": not is_broken, "checks": found}))
        return
    click.echo(plain(f"{path}: {'breaks rules of' if is_broken else 'keeps the rules of'} {template.title}"))
    for each in checks:
        click.echo(plain(f"  {_MARKS[each.verdict]:<7} {each.rule:<11} {each.measured}  {each.remedy}".rstrip()))


def _say_unreadable(path: Path, template: Template, error: StudioError, *, as_json: bool) -> None:
    if as_json:
        words = {"title": error.title, "message": error.message, "hint": error.hint}
        click.echo(json.dumps({"file": str(path), "template": template.name, "ok": False, "error": words}))
    else:
        click.echo(error_text(error.title, error.message, error.hint), err=True)


def _say_exported(master: Path, branch: Path, channel: ChannelFile, *, as_json: bool) -> None:
    if as_json:
        words = {"master": str(master), "branch": branch.as_posix(), "ok": not channel.broken}
        words |= dataclasses.asdict(channel)
        click.echo(json.dumps(words))
        return
    broken = ", ".join(each.rule for each in channel.broken)
    place = (branch / channel.template / channel.file).as_posix()
    click.echo(plain(place + (f"  to review, it breaks: {broken}" if broken else "")))
