"""The command that watches a folder: what arrives is finished as it comes."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from studio.app import ENGINE, After, Duplicate, FolderState, Queued, Studio, Unreadable, WatchedFolder
from studio.commands.show import JsonFace, Tally
from studio.commands.words import error_text, plain
from studio.commands.work import RecipeWords, cooked
from studio.errors import UsageError
from studio.model import Event, JobChanged, JobStatus, Notice

_WORDS = {
    JobStatus.QUEUED: "put back",
    JobStatus.RUNNING: "started",
    JobStatus.DONE: "done",
    JobStatus.NEEDS_REVIEW: "to review",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "cancelled",
}


@dataclass(frozen=True, kw_only=True)
class Words(RecipeWords):
    """The words of `modamoda watch`, as they were typed."""

    folder: Path | None
    out: Path | None
    as_json: bool
    once: bool
    settle: float
    after: str
    inside: str | None
    plate: Path | None
    bare: Path | None
    pause: bool
    go_on: bool
    put_back: bool
    forget: bool
    show: bool


def watch(engine: str | None, words: Words) -> int:
    """Watch a folder, or say or change something about watched folders."""
    with Studio(engine=engine or ENGINE) as studio:
        if words.show:
            return _show(studio, as_json=words.as_json)
        if words.folder is None:
            raise UsageError("Which folder?", "No folder was named.", "modamoda watch DIR --out DIR")
        if words.pause + words.go_on + words.put_back + words.forget > 1:
            given = "--pause, --resume, --put-back and --forget"
            raise UsageError("One thing at a time", f"Of {given} only one can be done.", "Leave the others away.")
        if words.pause or words.go_on:
            return _set_paused(studio, words.folder, paused=words.pause)
        if words.put_back:
            return _put_back(studio, words.folder)
        if words.forget:
            return _forget(studio, words.folder)
        return _run(studio, words)


def _run(studio: Studio, words: Words) -> int:
    if words.out is None or words.folder is None:
        raise UsageError("Where to?", "No output folder was named.", "modamoda watch DIR --out DIR")
    watched = studio.watching.keep(
        WatchedFolder(
            id="",
            folder=words.folder,
            out=words.out,
            is_paused=studio.watching.is_paused(words.folder, words.out),
            recipe=cooked(studio.recipes.find(words.recipe), words),
            after=After(words.after),
            inside=words.inside,
            plate=words.plate,
            bare=words.bare,
            settle_s=words.settle,
        )
    )
    face = JsonLines() if words.as_json else PlainLines()
    tally = Tally(face, watched.out)

    def tell(news: Queued | Duplicate | Unreadable | Notice) -> None:
        face.tell(news)
        if isinstance(news, Unreadable):
            tally.failures.append((news.photo, news.failure))

    try:
        studio.watching.run(watched, tally.show, tell, begun=lambda: face.begin(watched), once=words.once)
    except KeyboardInterrupt:
        click.echo("Stopped. The same command, or `modamoda resume`, goes on.", err=True)
        raise
    if not words.as_json:
        for sentence in (tally.summary(), *tally.places()):
            click.echo(sentence)
    return tally.status


def _show(studio: Studio, *, as_json: bool) -> int:
    for watched in studio.watching.folders():
        state = studio.watching.state(watched)
        if as_json:
            places = {"folder": str(watched.folder), "out": str(watched.out), "recipe": watched.recipe.name}
            standing = {"paused": watched.is_paused, "watched": state.is_watched, "reachable": not state.is_away}
            standing |= {"counts": state.counts}
            click.echo(json.dumps(places | standing))
            continue
        counts = ", ".join(f"{count} {what}" for what, count in sorted(state.counts.items())) or "nothing yet"
        words = ", ".join((*_standing(state), counts))
        click.echo(plain(f"{watched.folder} -> {watched.out} ({watched.recipe.name}): {words}"))
    if not studio.watching.folders() and not as_json:
        click.echo("No folder is watched.", err=True)
    return 0


def _standing(state: FolderState) -> Iterator[str]:
    """How a folder stands, as far as there is something to say."""
    if state.watched.is_paused:
        yield "paused"
    elif state.is_watched:
        yield "watched now"
    if state.is_away:
        yield "not reachable"


def _set_paused(studio: Studio, folder: Path, *, paused: bool) -> int:
    for watched in studio.watching.find(folder):
        studio.watching.set_paused(watched.id, paused)
    click.echo("Paused; `modamoda watch DIR --resume` goes on." if paused else "Goes on.")
    return 0


def _put_back(studio: Studio, folder: Path) -> int:
    """Move originals back; 1 when some could not be, because another file has their name now."""
    left: list[Path] = []
    for watched in studio.watching.find(folder):
        back, taken = studio.watching.put_back(watched)
        left += taken
        photos = "1 photo is" if len(back) == 1 else f"{len(back)} photos are"
        click.echo(f"{photos} back in {plain(str(watched.folder))}.")
    for path in left:
        click.echo(error_text("Left where it is", f"{path}: another file has its old name.", ""), err=True)
    return 1 if left else 0


def _forget(studio: Studio, folder: Path) -> int:
    for watched in studio.watching.find(folder):
        studio.watching.forget(watched.id)
    click.echo("Watched no more; photos and results stay.")
    return 0


class JsonLines(JsonFace):
    """One JSON object a line; besides the events of `process` there are `watching`, `queued` and `notice`."""

    def __init__(self) -> None:
        super().__init__(click.echo)

    def begin(self, watched: WatchedFolder) -> None:
        """Say that watching begins."""
        places = {"folder": str(watched.folder), "out": str(watched.out)}
        click.echo(json.dumps({"event": "watching", **places, "paused": watched.is_paused}))

    def tell(self, news: Queued | Duplicate | Unreadable | Notice) -> None:
        """Write what arrived."""
        if isinstance(news, Queued):
            click.echo(json.dumps({"event": "queued", "photo": str(news.job.shot.front), "id": news.job.id}))
        elif isinstance(news, Duplicate):
            words = {"message": "Already done under another name.", "duplicate_of": str(news.of)}
            results = [str(path) for path in news.files]
            click.echo(json.dumps({"event": "skipped", "photo": str(news.photo), **words, "results": results}))
        elif isinstance(news, Unreadable):
            why = {"title": news.failure.title, "message": news.failure.message, "hint": news.failure.hint}
            click.echo(json.dumps({"event": "failed", "photo": str(news.photo), "id": "", **why}))
        else:
            words = {"title": news.title, "message": news.message, "hint": news.hint}
            click.echo(json.dumps({"event": "notice", **words}))


class PlainLines:
    """A line for each thing that happens, with its time; photos by their places below the watched folder."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def expect(self, photos: int) -> None:
        """Not known in advance."""

    def begin(self, watched: WatchedFolder) -> None:
        """Say that watching begins, or that it waits for a person."""
        self._folder = watched.folder
        if watched.is_paused:
            self._line(f"{watched.folder} is paused; `modamoda watch DIR --resume` goes on.")
        else:
            self._line(f"Watching {watched.folder}; Ctrl-C ends it.")

    def show(self, event: Event) -> None:
        """Say where a job stands."""
        if isinstance(event, JobChanged):
            sentences = (event.error.message, event.error.hint) if event.error else event.warnings
            why = f": {' '.join(sentences)}" if sentences else ""
            self._line(f"{self._name(event.photo)}  {_WORDS[event.status]}{why}")

    def skipped(self, photo: Path, why: str, files: tuple[Path, ...]) -> None:
        """Say that a photo needs nothing."""
        self._line(f"{self._name(photo)}  {why}")

    def close(self) -> None:
        """Nothing to close."""

    def tell(self, news: Queued | Duplicate | Unreadable | Notice) -> None:
        """Say what arrived."""
        if isinstance(news, Duplicate):
            name, of = self._name(news.photo), self._name(news.of)
            self._line(f"{name}  already done" + (f" as {of}" if of != name else ""))
        elif isinstance(news, Unreadable):
            self._line(f"{self._name(news.photo)}  failed: {news.failure.message} {news.failure.hint}")
        elif isinstance(news, Notice):
            self._line(f"{news.title}: {news.message} {news.hint}")

    def _name(self, photo: Path) -> str:
        if self._folder and photo.is_relative_to(self._folder):
            return str(photo.relative_to(self._folder))
        return photo.name

    def _line(self, text: str) -> None:
        click.echo(plain(f"{time.strftime('%H:%M:%S')}  {text}"))
