"""One watched folder: looks at it, waits until files rest and decode, and makes jobs of them, each once."""

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from studio.errors import StudioError
from studio.jobs.intake import UNREADABLE, Hashes, Wanted, hash_or_none, job_for
from studio.jobs.names import Names
from studio.jobs.outputs import OutputFolders
from studio.jobs.pairs_names import NamePattern
from studio.jobs.store import Store
from studio.jobs.watch_checker import Checked, Checker, joint_stamp
from studio.jobs.watch_listing import FolderGone, Listing, Stamp, list_photos, stamp_of
from studio.jobs.watch_settling import PATIENCE_S, Settling
from studio.jobs.watch_store import Known, WatchStore
from studio.jobs.watch_tidy import DONE, FAILED, tidy
from studio.jobs.watched import After, Arrival, Duplicate, Outcome, Queued, Unreadable, WatchedFolder
from studio.model import Failure, HistoryEntry, Job, JobStatus, Notice, Shot

log = logging.getLogger(__name__)

_OPEN = (JobStatus.QUEUED, JobStatus.RUNNING)
_GLANCE_AT_LEAST_S = 0.05
_GLANCE_AT_MOST_S = 0.5
_GLANCE_SHARE = 0.1  # of the time, however many files arrive at once


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What a watched folder works with. tell: hears what arrived, and notices. patience_s: see `Settling`."""

    store: Store
    memory: WatchStore
    checker: Checker
    tell: Callable[[Arrival | Notice], None]
    patience_s: float = PATIENCE_S


class FolderWatch:
    """Looks at one folder when told to. All times are seconds of one clock that never goes back.

    is_away: the folder or its output cannot be reached; nothing is concluded from that, and nothing is taken.
    """

    def __init__(self, watched: WatchedFolder, desk: Desk) -> None:
        self.watched = watched
        self.is_away = False
        self._desk = desk
        self._out = Path(os.path.realpath(watched.out))  # one of the two may be reached through a link
        self._fingerprint = watched.recipe.fingerprint  # asked for every file at every look
        self._inside = NamePattern(watched.inside) if watched.inside else None
        self._names = Names(watched.out, watched.recipe.output.name, watched.recipe.channels)
        self._places: dict[str, Wanted] = {}
        self._known: dict[str, Known] = {}
        self._insides: dict[str, str] = {}
        self._outputs: OutputFolders | None = None
        self._frames = {str(path) for path in (watched.plate, watched.bare) if path}
        self._frame_hashes: dict[tuple[Path, Stamp | None], str] = {}
        self._settling = Settling(watched.settle_s, desk.patience_s)
        self._glanced = 0.0
        self._glance_took_s = 0.0
        self._was_mount = os.path.ismount(watched.folder)
        for known in desk.memory.known(watched.id):
            self._known[known.path] = known
            self._place(known.path, None)  # in the order of arrival, so that every photo keeps its name

    @property
    def is_settled(self) -> bool:
        """Whether nothing is waited for."""
        return not self._settling.paths

    # --- looking

    def check_presence(self) -> bool:
        """See whether the folder can be reached; True when that changed. Says so once."""
        away = self._is_out_of_reach()
        if away == self.is_away:
            return False
        self.is_away = away
        self._desk.tell(_away(self.watched) if away else _back(self.watched))
        return True

    def look(self, now: float) -> None:
        """List the folder and begin to wait for what is new in it."""
        try:
            found = list_photos(self.watched.folder, self._is_left_out)
        except FolderGone:
            self.check_presence()
            return
        self.release_doubles()
        shots = self._shots(found)
        fresh = {path: stamp for path, stamp in shots.items() if self._is_new(path, stamp)}
        if fresh:
            self._outputs = OutputFolders(self._desk.store)  # after the listing: what stands there was ordered before
        self._settling.see(dict(sorted(fresh.items())), now)
        self._glanced = now

    def glance(self, now: float) -> None:
        """Look only at the files that are waited for, if it is time to."""
        if self._settling.paths and now >= self._next_glance():
            started = time.monotonic()
            stamps = {path: joint_stamp(self._photos(path)) for path in self._settling.paths}
            self._settling.see({path: stamp for path, stamp in stamps.items() if stamp}, now)
            self._glanced, self._glance_took_s = now, time.monotonic() - started

    def next_turn(self) -> float | None:
        """When there is something to do again; None = not before something changes."""
        due = self._settling.next_due()
        return None if due is None else max(due, self._next_glance() if self._settling.paths else due)

    def _next_glance(self) -> float:
        rest = self.watched.settle_s / 4
        usual = min(max(rest, _GLANCE_AT_LEAST_S), _GLANCE_AT_MOST_S)
        return self._glanced + max(usual, self._glance_took_s / _GLANCE_SHARE)

    def _is_out_of_reach(self) -> bool:
        folder = self.watched.folder
        if not folder.is_dir() or not self.watched.out.is_dir():
            return True
        # What is left where a share was mounted is an empty folder.
        if self._was_mount and not os.path.ismount(folder):
            return True
        self._was_mount = os.path.ismount(folder)
        return False

    def _is_left_out(self, folder: str) -> bool:
        path = Path(folder)
        if path.name == self._out.name and Path(os.path.realpath(path)) == self._out:
            return True
        return self.watched.after is After.MOVE and path.parent == self.watched.folder and path.name in (DONE, FAILED)

    def _shots(self, found: Listing) -> Mapping[str, Stamp]:
        """Fronts with the stamps of their insides behind their own; insides and frames of the set are no fronts."""
        found = {path: stamp for path, stamp in found.items() if path not in self._frames}
        if self._inside is None:
            return found
        fronts = {_key(path): path for path in reversed(found)}
        self._insides = {}
        for path in sorted(found, reverse=True):
            folder, name = os.path.split(path)
            stem = self._inside.stem_of(name)
            front = fronts.get((folder, stem)) if stem else None
            if front and front != path:
                self._insides[front] = path
        insides = set(self._insides.values())
        whole = {path: stamp + found.get(self._insides.get(path, ""), ()) for path, stamp in found.items()}
        return {path: stamp for path, stamp in whole.items() if path not in insides}

    def _is_new(self, path: str, stamp: Stamp) -> bool:
        known = self._known.get(path)
        if known is None or known.outcome is Outcome.GONE or known.stamp != stamp:
            return True
        return known.recipe != self._fingerprint

    # --- taking

    def hand_out(self, now: float) -> list[tuple[str, ...]]:
        """Have what has rested decoded and hashed, as much as the checker takes."""
        handed: list[tuple[str, ...]] = []
        for path, stamp in self._settling.take_due(now, self._desk.checker.free):
            photos = self._photos(path)
            if self._is_our_own(path):
                self._settling.taken(path, stamp)
                self._known[path] = self._made_known(path, stamp, Outcome.DUPLICATE)
            else:
                self._desk.checker.ask(photos)
                handed.append(photos)
        return handed

    def hear(self, checked: Checked, now: float, *, is_last: bool = False) -> None:
        """Take a file that decoded; wait on with one that did not, unless it had its time or this `is_last`."""
        path = checked.paths[0]
        if checked.stamp is None:
            self._settling.taken(path, ())
        elif checked.hashes:
            if self._settling.taken(path, checked.stamp):
                self._take(path, checked)
        elif self._settling.refused(path, checked.stamp, now):
            self._give_up(path, checked)
        elif is_last:
            self._settling.taken(path, checked.stamp)
            self._desk.tell(Unreadable(photo=Path(path), failure=_still_unreadable(checked)))

    def _take(self, path: str, checked: Checked) -> None:
        assert checked.stamp
        hashes = self._hashes(checked)
        same = self._desk.memory.same_work(hashes, self.watched.recipe, self.watched.out)
        if same and not (same.job.status in _OPEN and same.job.shot.front == Path(path)):
            self._remember(path, checked.stamp, Outcome.DUPLICATE, job_id=same.job.id)
            self._desk.tell(_duplicate(path, same))
            return
        job = same.job if same else self._queue(path, checked, hashes)
        self._remember(path, checked.stamp, Outcome.QUEUED, job_id=job.id)
        self._desk.tell(Queued(job=job))

    def _hashes(self, checked: Checked) -> Hashes:
        plate, bare = self._frame_hash(self.watched.plate), self._frame_hash(self.watched.bare)
        of_shot = list(checked.hashes)
        return Hashes(of_shot[0], of_shot[1] if len(of_shot) > 1 else None, plate, bare)

    def _frame_hash(self, frame: Path | None) -> str | None:
        """The hash of a frame of the set; it serves every photo, so it is read again only when it has changed."""
        if frame is None:
            return None
        key = frame, stamp_of(str(frame))
        if key not in self._frame_hashes:
            self._frame_hashes[key] = hash_or_none(frame) or UNREADABLE
        return self._frame_hashes[key]

    def _queue(self, path: str, checked: Checked, hashes: Hashes) -> Job:
        inside = checked.paths[1] if len(checked.paths) > 1 else None
        wanted = self._place(path, inside)
        return self._desk.store.add(job_for(wanted, self.watched.recipe, self._desk.store, hashes))

    def _give_up(self, path: str, checked: Checked) -> None:
        assert checked.stamp
        failure = _still_unreadable(checked)
        self._remember(path, checked.stamp, Outcome.FAILED, message=failure.message)
        self._desk.tell(Unreadable(photo=Path(path), failure=failure))

    def _remember(
        self, path: str, stamp: Stamp, outcome: Outcome, *, job_id: str | None = None, message: str = ""
    ) -> None:
        known = self._made_known(path, stamp, outcome)
        self._desk.memory.record(self.watched.id, known, job_id=job_id, message=message)
        self._known[path] = known
        self._place(path, None)

    def _made_known(self, path: str, stamp: Stamp, outcome: Outcome) -> Known:
        return Known(path=path, stamp=stamp, recipe=self._fingerprint, outcome=outcome)

    def _photos(self, path: str) -> tuple[str, ...]:
        inside = self._insides.get(path)
        return (path, inside) if inside else (path,)

    def _place(self, path: str, inside: str | None) -> Wanted:
        """Where the results of a photo go; asked again, the answer is the same."""
        front = Path(path)
        plate, bare = self.watched.plate, self.watched.bare
        shot = Shot(front=front, inside=Path(inside) if inside else None, plate=plate, bare=bare)
        if path not in self._places:
            tree = front.parent.relative_to(self.watched.folder)
            number = len(self._places) + 1
            destination, review = self._names.destination(tree, front, shot, number)
            self._places[path] = Wanted(
                shot=shot,
                source=tree / front.name,
                destination=destination,
                review_destination=review,
                names=self._names.channels(tree, shot, number),
            )
        if inside is None:
            return self._places[path]
        return _with_shot(self._places[path], shot)

    def _is_our_own(self, path: str) -> bool:
        real = Path(os.path.realpath(path))
        names = {path, *map(str, self._outputs.names_of(real) if self._outputs else ())}
        return any(map(self._desk.memory.is_ours, names)) or self._desk.memory.is_moved(path)

    # --- after work

    def lost(self, photo: Path) -> None:
        """What was made of a photo does not count: it is taken again when it is there."""
        known = self._known.get(str(photo))
        if known:
            self._desk.memory.set_gone(self.watched.id, photo)
            self._known[str(photo)] = self._made_known(str(photo), known.stamp, Outcome.GONE)

    def release_doubles(self) -> bool:
        """Forget files that were done under another name, where a new photo of that name has taken their picture's
        place since: they are taken for themselves. True when there were any.
        """
        released = self._desk.memory.doubles_written_over(self.watched.id)
        for path in released:
            self.lost(Path(path))
        return bool(released)

    def tidy(self) -> None:
        """See to originals whose work has ended; what cannot be done now is tried again another time."""
        try:
            tidy(self.watched, self._desk.memory)
        except StudioError as error:
            log.warning("An original could not be seen to: %s", error.title)


def _key(path: str) -> tuple[str, str]:
    folder, name = os.path.split(path)
    return folder, os.path.splitext(name)[0].casefold()


def _with_shot(wanted: Wanted, shot: Shot) -> Wanted:
    return Wanted(
        shot=shot,
        source=wanted.source,
        destination=wanted.destination,
        review_destination=wanted.review_destination,
        names=wanted.names,
    )


def _duplicate(path: str, same: HistoryEntry) -> Duplicate:
    return Duplicate(photo=Path(path), of=same.job.shot.front, files=tuple(file.path for file in same.files))


def _still_unreadable(checked: Checked) -> Failure:
    hint = checked.hint or "Copy it again from the camera or the card."
    return Failure(title=checked.title, message=checked.message, hint=hint)


def _away(watched: WatchedFolder) -> Notice:
    lost = watched.folder if watched.out.is_dir() else watched.out
    return Notice(
        title="Folder not reachable",
        message=f"{lost} is not there at the moment; nothing was lost, and work goes on when it is back.",
        hint="Connect its disk or share again.",
        about=_presence_of(watched),
    )


def _back(watched: WatchedFolder) -> Notice:
    message = f"{watched.folder} is watched again."
    return Notice(title="Folder is back", message=message, is_news=True, about=_presence_of(watched))


def _presence_of(watched: WatchedFolder) -> str:
    return f"presence of {watched.id}"
