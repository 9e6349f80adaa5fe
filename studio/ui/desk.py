"""The desk: what is open, what is chosen, and the verbs of the window. Widgets bind to it and never to each other."""

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from studio.app import Order, Plan, Service, Studio, Taken
from studio.errors import AccountError, NetworkError, StudioError
from studio.model import ACCOUNT, CONNECTION, Failure, HistoryEntry, Job, JobChanged, JobStatus, Notice, Recipe
from studio.settings import resources
from studio.ui.background import Background
from studio.ui.bridge import Bridge
from studio.ui.corrections import Corrections
from studio.ui.i18n import tr
from studio.ui.models.jobs import OPEN, JobListModel
from studio.ui.models.shots import Mark, ShotFilterModel, ShotListModel, ShotRow
from studio.ui.state import State
from studio.ui.thumbnails import Thumbnails
from studio.ui.verdicts import Verdicts

if TYPE_CHECKING:
    from studio.app import AccountLoop, FarmLoop
    from studio.ui.parts.notices import Step

INSIDE_PATTERN = "{stem}_inside.*"

# How long photos are queued before the worker is given those that are; after that twice as long each time, since the
# whole queue is read and listed anew for it.
HAND_OVER_S = 0.5

# What a photo is ordered with: the recipe, the level, the folder for results.
Terms = tuple[Recipe, str, Path]


class Desk(QObject):
    """One window's view of the studio. Signals say what changed; verbs do what a button says."""

    folder_changed = Signal()
    shot_changed = Signal()
    recipe_changed = Signal()
    poses_changed = Signal()
    busy_changed = Signal()
    decided = Signal()
    noticed = Signal(Notice)
    offered = Signal(Notice, object)
    settled = Signal(str)
    finished = Signal()
    closing = Signal()
    closed = Signal()
    _taken_in = Signal(object)

    def __init__(
        self, studio: Studio, service: Service, bridge: Bridge, state: State, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.studio = studio
        self.service = service
        self.state = state
        self.bridge = bridge
        self.background = Background(self)
        self._verbs = Background(self, threads=1, in_order=True)
        # Of its own: a stroke that was painted waits for no photograph that is decoded.
        self.laying = Background(self, threads=1)
        self.thumbnails = Thumbnails(studio.pictures.thumbnail, self.background, self)
        self.shots = ShotListModel(self.thumbnails, self)
        self.filtered = ShotFilterModel(self.shots, self)
        self.jobs = JobListModel(self)
        self.folder: Path | None = None
        self.current: Path | None = None
        # The folder asked for last and the photo to look at in it: an answer for another one comes too late.
        self._wanted: tuple[Path | None, Path | None] = None, None
        self.recipe = state.recipe
        self.is_taking_in = False
        self._is_closing = False
        # How each photo was ordered last since the window opened.
        self._ordered: dict[Path, Terms] = {}
        bridge.job_changed.connect(self._on_job_changed)
        bridge.job_changed.connect(self.shots.on_job_changed)
        bridge.job_changed.connect(self.jobs.on_job_changed)
        bridge.progressed.connect(self.shots.on_progress)
        bridge.progressed.connect(self.jobs.on_progress)
        bridge.noticed.connect(self.noticed)
        bridge.noticed.connect(self._mind_pause)
        self.shots.marked.connect(self._keep_marks)
        self._refresh = QTimer(self, singleShot=True, interval=150)
        self._refresh.timeout.connect(self.refresh_queue)
        self._taken_in.connect(self._take)
        # Once for all of a flood of events, as when thousands of jobs are stopped.
        self._checking = QTimer(self, singleShot=True, interval=0)
        self._checking.timeout.connect(self._check_finished)
        self.verdicts = Verdicts(studio, state, bridge, self._do, self)
        self.verdicts.decided.connect(self.decided)
        self.verdicts.noticed.connect(self.noticed)
        self.verdicts.failed.connect(self.tell_of)
        self.corrections = Corrections(self.shots, bridge, self.rerun, self)
        self.corrections.noticed.connect(self.noticed)
        self.corrections.offered.connect(self.offered)
        self._account_loop: AccountLoop | None = None
        self._farm_loop: FarmLoop | None = None
        self.look_after_account()
        self._look_after_farm()

    # --- the shoot

    @property
    def out(self) -> Path:
        """Where results go: beside the shoot unless the photographer chose another folder."""
        return self._out_of(self.folder or Path.home())

    @property
    def level(self) -> str:
        """How photos are brought in line with their shoot: "place", "light" or "both"; "" = not at all."""
        return self.state.text("level")

    def choose_level(self, level: str) -> None:
        """Bring what is started from now on in line with its shoot."""
        self.state.keep_text("level", level)
        self.recipe_changed.emit()

    def choose_out(self, folder: Path | None) -> None:
        """Put results into `folder`; None = beside the shoot."""
        self.state.keep_text("out", str(folder) if folder else "")
        self.recipe_changed.emit()

    def open_folder(self, folder: Path, photo: Path | None = None) -> None:
        """Show the shots of a folder; they are listed off the GUI thread.

        photo: the one to look at; None = the one that is chosen, or the first where that lies elsewhere.
        """
        order = Order(paths=(folder,), out=self._out_of(folder), recipe=self.recipe, inside=INSIDE_PATTERN)
        # A folder that is looked at again keeps the photo that it is being opened for.
        if photo or folder != self._wanted[0]:
            self._wanted = folder, photo

        def look() -> tuple[Plan, dict[Path, HistoryEntry]]:
            return self.studio.work.plan(order), self.studio.history.latest_below(folder)

        self.background.ask(("open", folder, photo), look, lambda found: self._opened(folder, photo, found))

    def open_paths(self, paths: list[Path]) -> None:
        """Open what was dropped: the folder itself, or the folder of the first file, with that file in sight."""
        first = next((path for path in paths if path.exists()), None)
        if first is None:
            self.say(
                Notice(title=tr("Nothing to open"), message=tr("What was dropped is not on this computer any more."))
            )
        elif first.is_dir():
            self.open_folder(first)
        else:
            self.open_folder(first.parent, first)

    def copy_samples(self) -> Path:
        """A copy of the sample shoot beside the program's data: results go beside a shoot, never into the program."""
        folder = self.studio.home.folder / "sample shoot"
        for path in sorted((resources() / "samples").glob("*.jpg")):
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / path.name).exists():
                shutil.copy(path, folder / path.name)
        return folder

    def reload(self) -> None:
        """Look at the folder again."""
        if self.folder:
            self.open_folder(self.folder)

    @property
    def row(self) -> ShotRow | None:
        """The shot that is chosen."""
        return self.shots.row_of(self.current) if self.current else None

    def choose(self, photo: Path | None) -> None:
        """Look at this shot."""
        if photo != self.current:
            self.current = photo
            self.shot_changed.emit()

    def mark(self, photos: list[Path], mark: Mark) -> None:
        """Star or reject shots; where all have the mark, it is taken away."""
        rows = [row for photo in photos if (row := self.shots.row_of(photo))]
        self.shots.set_mark(photos, Mark.NONE if all(row.mark is mark for row in rows) else mark)

    # --- the work

    def set_recipe(self, recipe: Recipe) -> None:
        """Use this recipe for what is started from now on."""
        if recipe != self.recipe:
            self.recipe = recipe
            self.state.keep_recipe(recipe)
            self.recipe_changed.emit()

    @property
    def under_way(self) -> set[Path]:
        """What waits or runs already as it would be ordered now: to order it would queue nothing."""
        terms = self._terms
        waiting = (row.shot.front for row in self.shots.rows if row.status in OPEN)
        return {photo for photo in waiting if self._ordered.get(photo) == terms}

    @property
    def _terms(self) -> Terms:
        return self.recipe, self.level, self.out

    def start(self, photos: list[Path] | None = None, *, again: bool = False) -> None:
        """Queue photos of the shoot (None = all that were not rejected); hashing them happens off the GUI thread."""
        chosen = photos if photos is not None else self._startable()
        if not chosen or not self.folder:
            self.say(Notice(title=tr("Nothing to start"), message=tr("Open a folder of photographs first.")))
            return
        order = Order(paths=(self.folder,), out=self.out, recipe=self.recipe, inside=INSIDE_PATTERN, again=again)
        self._set_taking_in(True)
        self._ordered.update(dict.fromkeys(chosen, self._terms))
        self.background.ask("submit", lambda: self._submit(order, set(chosen)), self._submitted)

    def look_ahead(self, answer: Callable[[object], object]) -> None:
        """Find out what starting the whole shoot would take: `answer` gets an Estimate or a StudioError."""
        if self.folder:
            order = Order(paths=(self.folder,), out=self.out, recipe=self.recipe, inside=INSIDE_PATTERN)
            at_once = self.studio.settings.jobs_at_once
            key = ("estimate", self.folder, self.recipe.fingerprint)
            self.background.ask(key, lambda: self.studio.shoots.estimate(self.studio.work.plan(order), at_once), answer)

    def cancel(self, job_ids: list[str]) -> None:
        """Stop these jobs."""
        waiting = {row.job_id: row.photo for row in self.jobs.rows if row.status is JobStatus.QUEUED}

        def stopped(answer: object) -> None:
            # A paused queue tells of no job that ended while it waited; what ran tells of itself.
            self.shots.on_jobs_changed(
                JobChanged(job_id=job_id, photo=photo, status=JobStatus.CANCELLED)
                for job_id in cast("set[str]", answer)
                if (photo := waiting.get(job_id))
            )
            if self._account_loop:
                self._account_loop.wake()  # the service may have some of them

        self._do(lambda: self.studio.queue.cancel(*job_ids), stopped)

    def hold(self, job_ids: list[str]) -> None:
        """Let these jobs wait until they are let go; what runs of them stops and begins anew then."""
        self._do(lambda: self.studio.queue.hold(*job_ids))

    def let_go(self, job_ids: list[str]) -> None:
        """Let held jobs go on, those too that another session ordered."""

        def work() -> list[Job]:
            open_ = self.studio.queue.let_go(*job_ids)
            return [job for job in self.studio.queue.jobs() if job.id in open_]

        self._do(work, self._let_go)

    def retry(self, job_ids: list[str], *, keeping_masters: bool = False) -> None:
        """Do the work of these jobs once more; `keeping_masters` for those whose result kept none."""

        def work() -> list[Job]:
            return [self.studio.queue.retry(job_id, keeping_master=keeping_masters) for job_id in job_ids]

        self.background.ask(("retry", *job_ids), work, self._rerun_queued)

    def set_paused(self, paused: bool) -> None:
        """Stop working after putting running jobs back; or go on."""
        if paused:
            self.service.pause()
        else:
            self.service.unpause()
        self._mind_pause()
        self._refresh.start()

    @Slot()
    def _mind_pause(self) -> None:
        """Take note of a pause, which the queue makes of its own where it cannot go on; and of its end."""
        if self.service.is_paused:
            self.jobs.stop_clock()
        else:
            self.jobs.start_clock()
        self.busy_changed.emit()

    def reorder(self, job_ids: list[str]) -> None:
        """Do the waiting jobs in this order."""
        self._do(lambda: self.studio.queue.reorder(job_ids))

    def rerun(self, job_id: str) -> None:
        """Do the work of a job again after a correction; what waits in review gives way to the new result."""

        def work() -> list[Job]:
            entry = self.studio.history.entry(job_id)
            if entry.job.status is JobStatus.NEEDS_REVIEW:
                self.studio.review.reject([entry])
            return [self.studio.queue.retry(job_id)]

        self.background.ask(("rerun", job_id), work, self._rerun_queued)

    def redo_photo(self, photo: Path) -> None:
        """Do a photo of the shoot again after a correction, with the recipe it was made with, if it was."""
        row = self.shots.row_of(photo)
        if row and row.job_id:
            self.rerun(row.job_id)
        else:
            self.start([photo])

    def teach(self, photo: Path) -> None:
        """Take what was painted as mannequin in this photo over to all shots, and do those again that it changes."""
        others = [row.shot.front for row in self.shots.rows if row.shot.front != photo]
        message = tr("{n} shots are looked at.", len(others))
        self.say(Notice(title=tr("Teaching the shoot"), message=message, is_news=True))
        self.background.ask(("teach", photo), lambda: self.studio.corrections.teach(photo, others), self._taught)

    def resume(self) -> None:
        """Go on with what an earlier session left in the queue."""
        self.background.ask("resume", self.studio.queue.left_over, self._resumed)

    def go_on(self) -> None:
        """Queue the rest of an order that this program's window before this one was still reading."""
        self.background.ask("resume", self.studio.queue.left_over, self._went_on)

    @Slot()
    def refresh_queue(self) -> None:
        """Read the order of the queue anew."""
        self.background.ask_anew("queue", self.studio.queue.jobs, self._queue_read)

    def look_after_account(self) -> None:
        """Keep sending, fetching and following for the account from now on, if somebody is signed in; look now."""
        if self._account_loop is None and self.studio.is_signed_in:
            self._account_loop = self.studio.serve_account(self.bridge.happened.emit)
        elif self._account_loop:
            self._account_loop.wake()

    def send_to_farm(self, job_ids: list[str]) -> None:
        """Let the studio's other computers do these jobs."""
        tell = self.bridge.happened.emit
        self.background.ask("farm", lambda: self.studio.queue.send_to_farm(job_ids, tell), self._sent_to_farm)

    def take_back_from_farm(self) -> None:
        """Put what is on the farm back into this computer's queue."""
        if self._farm_loop:
            self._farm_loop.take_back()

    def _look_after_farm(self) -> None:
        """Collect from the farm and send it the overflow, if one was set up; look now."""
        if self._farm_loop:
            self._farm_loop.wake()
        elif self.studio.knows_farm:
            self._farm_loop = self.studio.farm.serve(self.bridge.happened.emit)

    def _sent_to_farm(self, sent: object) -> None:
        self._look_after_farm()
        self.refresh_queue()
        if isinstance(sent, StudioError):
            self.say(notice_of(sent))
            return
        message = tr("The farm does {n} photos now.", cast("int", sent))
        self.say(Notice(title=tr("Sent to the farm"), message=message, is_news=True))

    @property
    def is_busy(self) -> bool:
        """Whether anything runs or is about to; what is held is not."""
        return self.jobs.going > 0

    @property
    def is_counting(self) -> bool:
        """Whether progress and the time left change by themselves: not while the queue is paused."""
        return self.is_busy and not self.service.is_paused

    def say(self, notice: Notice) -> None:
        """Show a notice."""
        self.noticed.emit(notice)

    def settle(self, *about: str) -> None:
        """What notices about this said is wrong no longer is: they go."""
        for each in about:
            self.settled.emit(each)

    @Slot(StudioError)
    def tell_of(self, error: StudioError) -> None:
        """Show an error."""
        self.say(notice_of(error))

    def offer(self, notice: Notice, step: "Step") -> None:
        """Show a notice with a button for what can be done next."""
        self.offered.emit(notice, step)

    def open_outside(self, path: Path) -> None:
        """Open a file or folder in the program that the system has for it, or say why that cannot be."""
        if not path.exists():
            message = tr("{path} is not there any more.", path=path)
            hint = tr("Choose “Process again” to have it made anew.")
            self.say(Notice(title=tr("Cannot be opened"), message=message, hint=hint))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            message = tr("The system has no program that opens {path}.", path=path)
            self.say(Notice(title=tr("Cannot be opened"), message=message))

    @property
    def is_at_rest(self) -> bool:
        """Whether no thread works for this desk; after `close` it can be deleted then."""
        return all(each.is_at_rest for each in (self.background, self._verbs, self.laying))

    def close(self) -> None:
        """Forget what is read in the background and remember the state; who works there is told to stop."""
        self._is_closing = True
        self._refresh.stop()
        self._checking.stop()
        self.verdicts.let_stand()
        self.closing.emit()
        if self._account_loop:
            self._account_loop.close()
            self._account_loop = None
        if self._farm_loop:
            self._farm_loop.close()
            self._farm_loop = None
        self.background.close()
        self.laying.close()
        self._verbs.close()
        self.state.save()
        self.closed.emit()

    def _startable(self) -> list[Path]:
        return [row.shot.front for row in self.shots.rows if row.mark is not Mark.REJECT]

    def _out_of(self, folder: Path) -> Path:
        chosen = self.state.text("out")
        return Path(chosen) if chosen else folder.with_name(f"{folder.name}-finished")

    def _submit(self, order: Order, chosen: set[Path]) -> tuple[list[Job], int, int]:
        """In a thread: hash and queue the photos chosen, and hand over what is queued from time to time; what was not
        handed over yet, how many were queued, and how many need nothing."""
        # A name that stands for nothing would fail every photo, after the work.
        self.studio.recipes.example_name(order.recipe, next(iter(chosen)))
        plan = self.studio.work.plan(order)
        if level := self.level:
            plan = self.studio.shoots.level(plan, place=level != "light", light=level != "place")
        plan = replace(plan, shots=tuple(wanted for wanted in plan.shots if wanted.shot.front in chosen))
        jobs: list[Job] = []
        queued, skipped, since, wait_s = 0, 0, time.monotonic(), HAND_OVER_S
        for outcome in self.studio.work.take_in(plan):
            if isinstance(outcome, Taken):
                queued += 1
                jobs.append(outcome.job)
            else:
                skipped += 1
            if self._is_closing:
                break  # the next session queues the rest
            if jobs and time.monotonic() - since > wait_s:
                self._taken_in.emit(jobs)
                jobs, since, wait_s = [], time.monotonic(), 2 * wait_s
        return jobs, queued, skipped

    def _opened(self, folder: Path, photo: Path | None, found: object) -> None:
        if (folder, photo or self._wanted[1]) != self._wanted:
            return
        if isinstance(found, StudioError):
            self.say(notice_of(found))
            return
        plan, known = cast("tuple[Plan, dict[Path, HistoryEntry]]", found)
        shots = [wanted.shot for wanted in plan.shots]
        self.folder = folder
        self.shots.load(shots, known, self.state.marks(folder))
        self.state.add_recent(folder)
        self.folder_changed.emit()
        wanted = photo or self.current
        keep = wanted and self.shots.row_of(wanted)
        self.choose(wanted if keep else shots[0].front if shots else None)
        self.shot_changed.emit()

    def _submitted(self, answer: object) -> None:
        self._set_taking_in(False)
        if isinstance(answer, StudioError):
            self.say(notice_of(answer))
            return
        jobs, queued, skipped = cast("tuple[list[Job], int, int]", answer)
        if skipped and not queued:
            self.say(
                Notice(
                    title=tr("Already finished"),
                    message=tr("{n} photos were finished with this recipe before and were skipped.", skipped),
                    hint=tr("Choose “Process again” to do them once more."),
                    is_news=True,
                )
            )
        self._take(jobs)
        if queued and not jobs:
            self._checking.start()  # the worker may have been faster

    @Slot(object)
    def _take(self, jobs: list[Job]) -> None:
        """Have these jobs done. They are listed at once: else the first to end could look like the last."""
        self.service.take(jobs)
        self.jobs.expect(jobs)
        self.refresh_queue()

    def _queue_read(self, found: object) -> None:
        if isinstance(found, list):
            jobs = cast("list[Job]", found)
            self.jobs.merge(jobs)
            self.shots.on_jobs_changed(
                JobChanged(job_id=job.id, photo=job.shot.front, status=job.status) for job in jobs if self._is_new(job)
            )
        self.busy_changed.emit()

    def _is_new(self, job: Job) -> bool:
        """Whether a job's shot does not show it yet: one that is queued has no event of its own."""
        row = self.shots.row_of(job.shot.front)
        return bool(row and job.status is JobStatus.QUEUED and row.job_id != job.id)

    @Slot(JobChanged)
    def _on_job_changed(self, event: JobChanged) -> None:
        for path in event.files:
            self.thumbnails.forget(path)
        self._refresh.start()
        if event.photo == self.current:
            QTimer.singleShot(0, self, self.shot_changed.emit)
        self._checking.start()

    @Slot()
    def _check_finished(self) -> None:
        self.busy_changed.emit()
        if not self.is_busy and not self.is_taking_in:
            self.finished.emit()

    @Slot()
    def _keep_marks(self) -> None:
        if self.folder:
            self.state.keep_marks(self.folder, {row.shot.front: row.mark for row in self.shots.rows})

    def _set_taking_in(self, taking_in: bool) -> None:
        self.is_taking_in = taking_in
        self.busy_changed.emit()

    def _went_on(self, found: object) -> list[Job]:
        jobs = [job for job in cast("list[Job]", found) if not job.held] if isinstance(found, list) else []
        if jobs:
            self._take(jobs)
        return jobs

    def _resumed(self, found: object) -> None:
        if jobs := self._went_on(found):
            message = tr("{n} photos were left from the last time.", len(jobs))
            self.say(Notice(title=tr("Going on"), message=message, is_news=True))

    def _taught(self, answer: object) -> None:
        if isinstance(answer, StudioError):
            self.say(notice_of(answer))
            return
        changed = cast("list[Path]", answer)
        for photo in changed:
            self.redo_photo(photo)
        if changed:
            message = tr("It changes {n} shots; they are in the queue.", len(changed))
        else:
            message = tr("No other shot changes by it. Paint some of the mannequin first, in the colour “Mannequin”.")
        self.say(Notice(title=tr("The shoot has learned"), message=message, is_news=bool(changed)))

    def _rerun_queued(self, answer: object) -> None:
        if isinstance(answer, StudioError):
            self.say(notice_of(answer))
            return
        self._take(cast("list[Job]", answer))

    def _let_go(self, jobs: object) -> None:
        self.service.take(cast("list[Job]", jobs))

    def _do(
        self,
        verb: Callable[[], object],
        then: Callable[[object], None] = lambda answer: None,
        after_all: Callable[[], None] = lambda: None,
    ) -> None:
        """Do what a button says off the GUI thread, in the order of the presses.

        then: hears what came of it, unless that is an error, which is shown. after_all: is called either way.
        """

        def done(answer: object) -> None:
            if isinstance(answer, StudioError):
                self.tell_of(answer)
            else:
                then(answer)
            after_all()
            self._refresh.start()

        self._verbs.ask(object(), verb, done)


def notice_of(error: StudioError | Failure) -> Notice:
    """An error as a notice."""
    about = ""
    if isinstance(error, NetworkError):
        about = CONNECTION
    elif isinstance(error, AccountError) and error.is_of_sign_in:
        about = ACCOUNT
    return Notice(title=error.title, message=error.message, hint=error.hint, about=about)
