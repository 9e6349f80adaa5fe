"""The program behind its faces: the command line and the window talk to `Studio` and to nothing below it."""

import contextlib
import os
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from studio import crash, log
from studio.doctor import Finding, examine
from studio.errors import Cancelled, OutputError, RecipeError, UsageError
from studio.files import output_errors, write_atomically
from studio.jobs import intake, review
from studio.jobs.corrections import content_hash
from studio.jobs.intake import Order, Plan, Skipped, Taken
from studio.jobs.locks import remove_dead
from studio.jobs.names import REVIEW_FOLDER
from studio.jobs.outgoing import FARM_WORKER
from studio.jobs.pairs import Assigned, Garment, Pairing, Pairs, Role
from studio.jobs.pairs_find import Estimate, Request, as_found
from studio.jobs.runner import Runner, new_parent_id, recover
from studio.jobs.scan import PHOTO_SUFFIXES
from studio.jobs.service import Service
from studio.jobs.shoots import Shoots
from studio.jobs.store import Store
from studio.jobs.watched import After, Duplicate, FolderState, LastEvent, Outcome, Queued, Unreadable, WatchedFolder
from studio.jobs.watching import Watching, WatchService
from studio.jobs.wire import Orders
from studio.model import (
    ChannelFile,
    Edits,
    Event,
    FigureStep,
    HistoryEntry,
    HistoryQuery,
    Job,
    JobStatus,
    Licence,
    LicenceState,
    ModelInfo,
    Newest,
    Notice,
    Pose,
    Recipe,
    RuleCheck,
    Stroke,
    Template,
)
from studio.recipes import all_recipes, check_name, find_recipe, forget_recipe, keep_recipe
from studio.settings import Home, Settings, resources

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.engine.edits import Box, Masks
    from studio.engine.models.addon import Installed, Lock
    from studio.engine.models.catalog import Catalog, ModelEntry
    from studio.engine.models.network import Network
    from studio.engine.models.store import ModelStore
    from studio.engine.preview import Preview
    from studio.farm.desk import FarmDesk, FarmLoop
    from studio.jobs.asking import Asking
    from studio.sync.account import AccountDesk, Surroundings
    from studio.sync.loop import AccountLoop

__all__ = [
    "ENGINE",
    "PHOTO_SUFFIXES",
    "REVIEW_FOLDER",
    "AccountLoop",
    "After",
    "Assigned",
    "Box",
    "Duplicate",
    "Estimate",
    "FarmLoop",
    "Finding",
    "FolderState",
    "Garment",
    "Home",
    "Installed",
    "LastEvent",
    "Masks",
    "Order",
    "Outcome",
    "Pairing",
    "Pairs",
    "Plan",
    "Preview",
    "Queued",
    "Request",
    "Role",
    "Service",
    "Skipped",
    "Studio",
    "Taken",
    "Unreadable",
    "WatchService",
    "WatchedFolder",
    "Watching",
    "as_found",
    "keep_crash_report",
]

ENGINE = "studio.engine.pipeline"


def keep_crash_report(error: BaseException, *, where: str, private: Iterable[Path] = ()) -> Path | None:
    """Write a fault of a face down, even where there is no `Studio` yet; returns the file, None = there is no room."""
    home = Home.of_this_user()
    return crash.keep(home.crashes, error, where=where, logs=home.logs, private=private)


class Studio:
    """Everything a face needs: submit and do jobs, look at them, decide on them. Raises StudioError.

    engine: dotted name of the module that finishes shots. surroundings: what the account meets, None = the real ones.
    Methods that run jobs emit events in the caller's thread and may be left by an exception (KeyboardInterrupt too):
    what was not finished is queued again within two seconds.
    """

    def __init__(
        self, home: Home | None = None, *, engine: str = ENGINE, surroundings: "Surroundings | None" = None
    ) -> None:
        self.home = home or Home.of_this_user()
        self.settings = Settings.load(self.home.settings)
        self._engine = engine
        self._surroundings = surroundings
        try:
            log.set_up(self.home.logs, name="modamoda")
        except OSError as refusal:
            raise self.home.unusable(refusal) from refusal
        self._store = Store(self.home.database)
        self.shoots = Shoots(self._store, self.home, engine)
        self.watching = Watching(self._store, self.home, engine, self._runner, self.folders_allowed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.stop_asking()
        self.watching.close()
        self.shoots.close()
        if "account" in self.__dict__:
            self.account.close()
        self._store.close()

    def folders_allowed(self) -> int | None:
        """How many folders may be watched at once: one, and with a licence for more any number (None)."""
        return self.licence().watched_folders

    # --- doing

    def plan(self, order: Order) -> Plan:
        """Look up on the disk what an order means. Raises UsageError."""
        order = replace(order, recipe=self._with_channels(order.recipe))
        return intake.plan(order, self._store, self.shoots.corrections(order.paths))

    def to_do(self, plan: Plan) -> Plan:
        """The shots of a plan that `process` would do. Slow where some may be done: their photos are hashed."""
        return intake.to_do(plan, self._store)

    def submit(self, plan: Plan) -> list[Taken | Skipped]:
        """Queue the shots of a plan that are not done yet; somebody's `run` or `resume` does them."""
        return list(self.take_in(plan))

    def take_in(self, plan: Plan) -> Iterator[Taken | Skipped]:
        """The same one by one: the first may be worked on while the last is hashed. Left before its end, the rest is
        queued by the next `resume` or `left_over`."""
        return intake.take_in(plan, self._store, self.home.workers)

    def process(
        self, plan: Plan, emit: Callable[[Event], None], taken: Callable[[Taken | Skipped], None] = lambda outcome: None
    ) -> None:
        """Queue the shots of a plan and get them done; `taken` hears what intake made of each shot.

        Returns when each of them is settled, by this program or by another one that shares the home.
        """
        with self._collecting(emit), self._runner(emit) as runner:
            for outcome in intake.take_in(plan, self._store, self.home.workers):
                taken(outcome)
                if isinstance(outcome, Taken):
                    runner.take([outcome.job])
                runner.pump()
            runner.run()

    def process_on_farm(
        self, plan: Plan, emit: Callable[[Event], None], taken: Callable[[Taken | Skipped], None] = lambda outcome: None
    ) -> None:
        """As `process`, but on the studio's farm. An exception leaves the jobs there: `farm.tend` collects them.

        Raises AccountError where the licence does not hold the farm.
        """
        self.farm.check_allowed()
        farm = self.farm.open(emit)
        jobs: list[str] = []
        for outcome in intake.take_in(plan, self._store, self.home.workers):
            taken(outcome)
            if isinstance(outcome, Taken):
                farm.hand_over([outcome.job])
                jobs.append(outcome.job.id)
        self.farm.tend(jobs, emit, farm.place)

    def resume(self, emit: Callable[[Event], None], started: Callable[[list[Job]], None] = lambda jobs: None) -> None:
        """Finish everything that is queued or was interrupted, whoever ordered it; `started` hears what that is."""
        intake.take_in_rest(self._store, self.home.workers)
        recover(self._store, self.home)
        jobs = [job for job in self._store.queue() if not job.held]
        started(jobs)
        with self._collecting(emit), self._runner(emit) as runner:
            runner.take(jobs)
            runner.run()

    def cancel(self, *job_ids: str) -> set[str]:
        """Stop jobs; returns those that are cancelled or about to be, which leaves out what was over already."""
        return self._store.cancel(*job_ids)

    def hold(self, *job_ids: str) -> set[str]:
        """Keep jobs waiting until `let_go`; what ran is stopped and queued again. Returns those not over already."""
        return self._store.hold(*job_ids)

    def let_go(self, *job_ids: str) -> set[str]:
        """Let held jobs go on; returns those not over already."""
        return self._store.let_go(*job_ids)

    def retry(self, job_id: str, *, keeping_master: bool = False) -> Job:
        """Queue the work of a finished job once more, as a new job on the photo as it is now.

        keeping_master: keep masks and master of the result this time, also where the recipe does not.
        """
        job = self.entry(job_id).job
        if keeping_master:
            job = replace(job, recipe=replace(job.recipe, output=replace(job.recipe.output, layers=True)))
        return intake.again(job, self._store)

    # --- looking

    def history(self, *, limit: int | None = None, status: JobStatus | None = None) -> list[HistoryEntry]:
        """The newest jobs, newest first."""
        return self._store.history(limit=limit, status=status)

    def entry(self, job_id: str) -> HistoryEntry:
        """The job whose id begins with `job_id`. Raises UsageError unless there is exactly one."""
        found = self._store.starting_with(job_id)
        if len(found) != 1:
            what = "names no job" if not found else "names several jobs"
            raise UsageError("Job not found", f"{job_id} {what}.", "See `modamoda history` or `modamoda review list`.")
        return found[0]

    def recipe(self, name: str) -> Recipe:
        """A recipe by name or file. Raises RecipeError."""
        return self._with_channels(find_recipe(name, self.home.recipes))

    def doctor(self) -> list[Finding]:
        """What this computer can do, and what to do about what it cannot."""
        return examine(self.home)

    # --- sales channels

    def templates(self) -> dict[str, Template]:
        """The sales channels that can be used, by name, the photographer's own included."""
        from studio.engine.templates.catalog import all_templates

        return all_templates(self.home.templates)

    def unusable_templates(self) -> list[RecipeError]:
        """What is wrong with templates of the photographer's own that cannot be used."""
        from studio.engine.templates.catalog import unusable

        return unusable(self.home.templates)

    def template(self, name: str) -> Template:
        """A sales channel by name or file. Raises RecipeError."""
        from studio.engine.templates.catalog import find

        return find(name, self.home.templates)

    def check_file(self, path: Path, template: Template) -> tuple[RuleCheck, ...]:
        """Pre-flight: a finished file against the rules of a channel. Raises PhotoError."""
        from studio.engine.preflight import check

        return check(path, template)

    def masters_in(self, path: Path) -> list[Path]:
        """The approved masters at or below a path, as their folders of layers."""
        from studio.engine.mastering import masters_in

        return masters_in(path)

    def export(
        self, master: Path, templates: Iterable[Template], out: Path, branch: Path = Path()
    ) -> tuple[ChannelFile, ...]:
        """The files for channels from an approved master, without looking at the photo again. Raises StudioError.

        master: a `.layers` folder. branch: the folder of a tree below `out`, and below its `_review`, that they go to.
        Nothing that stands is overwritten.
        """
        from studio.engine.mastering import export

        return export(master, tuple(templates), out, self.home.credentials, branch)

    def example_name(self, recipe: Recipe, photo: Path) -> dict[str, str]:
        """What the result of a photo would be called, by channel; "" = the result itself. Raises RecipeError."""
        from studio.jobs.names import example_names

        return example_names(self._with_channels(recipe), photo)

    def _with_channels(self, recipe: Recipe) -> Recipe:
        from studio.engine.templates.catalog import resolved

        return resolved(recipe, self.home.templates)

    # --- a window's view

    def serve(self, emit: Callable[[Event], None]) -> Service:
        """Keep a worker at hand that does jobs as they come; `emit` is called in the service's own thread."""
        recover(self._store, self.home)
        return Service(lambda: self._runner(emit), emit)

    def left_over(self) -> list[Job]:
        """The queue as an earlier session left it, with the shots of orders that it had not come to the end of."""
        intake.take_in_rest(self._store, self.home.workers)
        return self.queue()

    def queue(self) -> list[Job]:
        """All jobs queued or running, in the order in which they are done."""
        return self._store.queue()

    def reorder(self, job_ids: list[str]) -> None:
        """Do these waiting jobs in this order, before all others."""
        self._store.set_priorities({job_id: len(job_ids) - place for place, job_id in enumerate(job_ids)})

    def latest_below(self, folder: Path) -> dict[Path, HistoryEntry]:
        """The newest job of each photo below `folder`."""
        return self._store.latest_below(folder)

    def matching(self, query: HistoryQuery) -> list[int]:
        """The numbers of the jobs of the history that match, in its order; `numbered` reads some of them."""
        return self._store.matching(query)

    def models_used(self) -> list[str]:
        """The ids of the networks that took part in results of the history."""
        return self._store.models_used()

    def numbered(self, numbers: Collection[int]) -> dict[int, HistoryEntry]:
        """The jobs of these numbers; one that was removed meanwhile is left out."""
        return self._store.numbered(numbers)

    def edits_of(self, photo: Path) -> Edits:
        """What a person corrected on a photo. Raises PhotoError."""
        return self._store.edits_of(content_hash(photo))

    def keep_edits(self, photo: Path, edits: Edits) -> None:
        """Replace the corrections of a photo; they go with its content, whatever its name. Raises PhotoError."""
        self._store.keep_edits(content_hash(photo), edits)

    def recipes(self) -> dict[str, Recipe]:
        """All recipes that can be used, the built-in ones first."""
        return all_recipes(self.home.recipes)

    def keep_recipe(self, recipe: Recipe) -> None:
        """Keep a recipe under its name among the photographer's own. Raises RecipeError or OutputError."""
        keep_recipe(recipe, self.home.recipes)

    def export_recipe(self, recipe: Recipe, path: Path) -> None:
        """Write a recipe as a file to share. Raises OutputError."""
        write_atomically(path, recipe.to_json().encode())

    def forget_recipe(self, name: str) -> None:
        """Remove one of the photographer's own recipes. Raises OutputError."""
        forget_recipe(name, self.home.recipes)

    def save_settings(self, settings: Settings) -> None:
        """Use and keep these settings; a worker that runs takes them over when it is started again."""
        self.settings = settings
        settings.save(self.home.settings)

    # --- the networks of the studio engine; all but the list are slow

    def models(self) -> list[ModelInfo]:
        """Every known network and whether it is here."""
        return [self._model_info(entry) for entry in self._catalog().models.values()]

    def fetch_model(self, model_id: str, arrived: Callable[[int, int], None], is_stopped: Callable[[], bool]) -> None:
        """Download what is missing of a network; `arrived` hears bytes that came and bytes in all, from other threads.

        Raises Cancelled when `is_stopped`: what came stays for the next time. Raises EngineError or OutputError.
        """
        from studio.engine.models.download import Attempting
        from studio.engine.models.fetch import fetch

        entry = self._catalog().find(model_id)
        tell = Attempting(checkpoint=_checkpoint(is_stopped))
        fetch((entry,), self._models(), _network(), lambda news: arrived(news.bytes, news.total), tell)

    def verify_model(self, model_id: str) -> list[str]:
        """Hash a network's files anew; returns a sentence for each that is wrong or missing."""
        problems = self._models().verify(self._catalog().find(model_id))
        return [f"{problem.path} {problem.sentence}" for problem in problems]

    def import_model(self, model_id: str, folder: Path) -> list[str]:
        """Copy a network from a folder that `modamoda models export` made; returns what was wrong."""
        problems = self._models().import_from(folder, self._catalog().find(model_id))
        return [f"{problem.path} {problem.sentence}" for problem in problems]

    def accept_licence(self, model_id: str, typed: str) -> None:
        """Record that the photographer accepted a network's licence by typing its id. Raises EngineError."""
        self._models().accept(self._catalog().find(model_id), typed)

    def remove_model(self, model_id: str) -> int:
        """Delete a network from this computer; returns the bytes given back."""
        return self._models().remove(self._catalog().find(model_id))

    def _catalog(self) -> "Catalog":
        from studio.engine.models.catalog import catalog_of

        return catalog_of(self.home.models)

    def _models(self) -> "ModelStore":
        from studio.engine.models.store import ModelStore

        return ModelStore(self.home.models)

    def _model_info(self, entry: "ModelEntry") -> ModelInfo:
        store = self._models()
        folder = store.path(entry)
        here = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
        return ModelInfo(
            id=entry.id,
            title=entry.title,
            purpose=entry.purpose,
            licence=entry.licence,
            licence_url=entry.licence_url,
            bytes=entry.bytes,
            here_bytes=here,
            state=store.state(entry).value,
            needs_acceptance=entry.needs_acceptance,
            is_accepted=store.is_accepted(entry),
        )

    # --- the libraries of the studio engine, as an add-on

    def addon(self) -> "Installed | None":
        """What of the studio engine was installed from inside the program; None = nothing."""
        from studio.engine.models.addon import installed

        return installed(self.home.addon)

    def addon_lock(self, device: str | None = None) -> "Lock":
        """What an installation fetches; device: cuda, cpu or mps, None = what this computer has. Raises EngineError."""
        from studio.engine.models.addon import device_found, lock_for

        return lock_for(resources() / "addon.json", device or device_found())

    def install_addon(
        self,
        lock: "Lock",
        arrived: Callable[[int, int], None],
        is_stopped: Callable[[], bool],
        source: Path | None = None,
    ) -> "Installed":
        """Fetch (or take from the folder `source`), verify and unpack the add-on; `arrived` hears bytes and all bytes.

        Raises Cancelled when `is_stopped`: what came stays for the next time. Raises EngineError or OutputError.
        """
        from studio.engine.models.addon import install

        return install(self.home.addon, lock, _network(), arrived, _checkpoint(is_stopped), source)

    def gather_addon(
        self, lock: "Lock", into: Path, arrived: Callable[[int, int], None], is_stopped: Callable[[], bool]
    ) -> list[str]:
        """Fetch the add-on's files into a folder, for a computer without a network. Raises as `install_addon`."""
        from studio.engine.models.addon import gather

        return list(gather(into, lock, _network(), arrived, _checkpoint(is_stopped)))

    def verify_addon(self) -> list[str]:
        """Hash the add-on's files anew; returns the names of those that are wrong or missing."""
        from studio.engine.models.addon import verify

        return verify(self.home.addon)

    def remove_addon(self) -> int:
        """Delete the add-on; returns the bytes given back. Raises OutputError."""
        from studio.engine.models.addon import remove

        return remove(self.home.addon)

    # --- updates

    @property
    def may_look_for_updates(self) -> bool:
        """Whether the photographer allowed looking for updates, and it is time to."""
        from studio.updates import is_due

        return is_due(self.home.updates, self.settings.days_between_update_checks)

    def look_for_updates(self) -> Newest:
        """Ask now for the newest version; only when a person wants it or allowed it. Raises StudioError."""
        from studio.updates import built_in_keys, look

        return look(self.home.updates, built_in_keys(resources()), _network())

    # --- poses

    def poses(self) -> dict[str, Path]:
        """The poses that can be chosen, by name, each with the file of its points; NAME.png beside it shows it."""
        built_in = {path.stem: path for path in sorted((resources() / "poses").glob("*.json"))}
        return built_in | self.own_poses()

    def own_poses(self) -> dict[str, Path]:
        """The photographer's own presets among `poses`."""
        return {path.stem: path for path in sorted((self.home.folder / "poses").glob("*.json"))}

    def pose_from(self, path: Path, photo: Path) -> Pose:
        """The pose in an OpenPose JSON file, laid into the frame of a photo. Raises PhotoError."""
        from studio.engine.image import probe
        from studio.engine.poses import to_edit
        from studio.engine.skeleton import read_json

        facts = probe(photo)
        return to_edit(read_json(path).scaled_to((facts.width, facts.height)))

    def pose_of_photo(self, reference: Path, photo: Path) -> Pose:
        """How the person in another photo stands, laid into the frame of `photo`; a network finds it in a process of
        its own. Slow. Raises PhotoError, and EngineError with the remedy where no such network is here.
        """
        from studio.engine.image import probe
        from studio.engine.poses import to_edit
        from studio.engine.skeleton import from_json

        facts = probe(photo)
        found = from_json(self._asking.pose(reference)).known_well()
        return to_edit(found.scaled_to((facts.width, facts.height)))

    def fit_pose(self, pose: Pose, masks: "Masks") -> Pose:
        """The pose moved and scaled into the garment that the masks show; itself where they show none."""
        from studio.engine.poses import fitted

        return fitted(pose, masks.garment, masks.inner)

    def keep_pose(self, pose: Pose, name: str, size: tuple[int, int]) -> None:
        """Keep a pose among the photographer's own presets. size: of the photo it lies in.

        Raises RecipeError for a name that cannot be used, OutputError.
        """
        from studio.engine.poses import from_edit, names
        from studio.engine.skeleton import to_json

        if name in names():
            raise RecipeError("Name taken", f"{name} is a pose of the program.", "Give yours another name.")
        check_name(name)
        write_atomically(self.home.folder / "poses" / f"{name}.json", to_json(from_edit(pose, size)).encode())

    def forget_pose(self, name: str) -> None:
        """Remove one of the photographer's own presets; nothing happens when there is none. Raises OutputError."""
        if path := self.own_poses().get(name):
            with output_errors(path):
                path.unlink(missing_ok=True)

    # --- pictures for the eye; slow ones, for any thread but a window's

    def thumbnail(self, path: Path, side: int) -> "Preview":
        """A picture file with its longer side `side` pixels at most. Raises PhotoError."""
        from studio.engine.preview import thumbnail

        return thumbnail(path, side)

    def picture(self, path: Path) -> "Preview":
        """A whole picture file with its mip levels. Raises PhotoError."""
        from studio.engine.preview import full

        return full(path)

    def masks(self, photo: Path) -> "Masks":
        """What the starter engine finds in a photo, before any correction. Raises PhotoError or EngineError."""
        from studio.engine.preview import find_masks

        return find_masks(photo)

    def replay(self, found: "Masks", picture: "NDArray[np.uint8]", strokes: Iterable[Stroke]) -> "Masks":
        """Masks after a person's strokes, as new arrays; picture as `Preview` level 0, three channels."""
        from studio.engine.edits import replay_strokes

        return replay_strokes(found, picture, strokes)

    def apply_stroke(self, masks: "Masks", picture: "NDArray[np.uint8]", stroke: Stroke) -> "Box | None":
        """Change masks in place by one stroke; returns the box that changed."""
        from studio.engine.edits import apply_stroke

        return apply_stroke(masks, picture, stroke)

    def box_of(self, stroke: Stroke, masks: "Masks") -> "Box | None":
        """The part of the masks that a stroke can change, None when it lies outside."""
        from studio.engine.edits import box_of

        height, width = masks.garment.shape
        return box_of(stroke, width, height)

    def teach(self, photo: Path, others: Iterable[Path]) -> list[Path]:
        """Take what a person painted as mannequin in `photo` over to `others`; returns those whose masks it changes.

        Slow (about a second a photo). A photo that cannot be read is left out. Raises PhotoError for `photo` itself.
        """
        from studio.jobs.corrections import teach

        return teach(self._store, photo, others)

    def sees_regions(self) -> bool:
        """Whether a network is here that understands a click; `region_at` asks it."""
        from studio.engine.asked import sees_regions

        return sees_regions(self.home.models)

    def region_at(self, photo: Path, x: float, y: float) -> tuple[tuple[float, float], ...]:
        """The outline of what lies under a point, photo coordinates, () where nothing does; by a process of its own.

        Slow, the first time very. Raises PhotoError or EngineError.
        """
        return self._asking.region(photo, (x, y))

    def draws_figures(self) -> bool:
        """Whether the networks are here with which `draft_figure` draws."""
        from studio.engine.asked import draws_figures

        return draws_figures(self.home.models)

    def draft_figure(self, photo: Path, pose: Pose, masks: "Masks", step: FigureStep) -> "NDArray[np.uint8]":
        """A quick picture of the figure in `pose` around the garment, (h, w, 3) sRGB, the photo's whole frame, small.

        Drawn by a process of its own, the first time after a while. Raises PhotoError or EngineError, as without a
        graphics card.
        """
        from studio.engine.drafts import SIDE_PX
        from studio.engine.painting import scaled, working_size
        from studio.engine.poses import from_edit
        from studio.engine.preview import from_png, to_png
        from studio.engine.skeleton import to_json

        height, width = masks.garment.shape
        garment = scaled(masks.garment, working_size((width, height), SIDE_PX))
        drawn = self._asking.figure(photo, to_json(from_edit(pose, (width, height))), to_png(garment), step)
        return from_png(drawn)

    def stop_asking(self) -> None:
        """Give the memory of the networks back that clicks, poses and drafts of figures loaded."""
        if "_asking" in self.__dict__:
            self._asking.close()

    @cached_property
    def _asking(self) -> "Asking":
        from studio.jobs.asking import Asking

        return Asking(self.home)

    def mip_levels(self, mask: "NDArray[np.uint8]") -> "tuple[NDArray[np.uint8], ...]":
        """A picture or mask and its halves, for showing it at any scale."""
        from studio.engine.preview import mip_levels

        return mip_levels(mask)

    # --- the account; nothing local needs one

    @cached_property
    def account(self) -> "AccountDesk":
        """The account of this computer and its verbs."""
        from studio.sync.account import AccountDesk  # httpx and its kin: only who has to do with the account pays

        return AccountDesk(self.home, self._store, lambda: self.settings, surroundings=self._surroundings)

    @property
    def is_signed_in(self) -> bool:
        """Whether this computer is signed in to an account, as far as it knows."""
        return self._store.has_fact("account")

    def licence(self) -> Licence:
        """What this computer may do besides everything local, told without a network; asks nothing where none was."""
        return self.account.licence() if self._store.has_fact("licence") else Licence(state=LicenceState.NONE)

    def serve_account(self, emit: Callable[[Event], None]) -> "AccountLoop":
        """Look after the account while a window is open; `emit` is called in a thread of its own."""
        from studio.sync.loop import AccountLoop

        return AccountLoop(self.account, emit)

    def set_cloud_rule(self, without_gpu: bool, over_queue: int, limit: int) -> None:
        """Let the service render by itself, for so many credits at most; a limit of 0 ends it. Raises StudioError."""
        self.account.agree_to_rule(limit)
        self.save_settings(replace(self.settings, cloud_without_gpu=int(without_gpu), cloud_over_queue=over_queue))

    # --- the farm

    @cached_property
    def farm(self) -> "FarmDesk":
        """The studio's other computers and what is on them."""
        from studio.farm.desk import FarmDesk  # its libraries are an extra

        return FarmDesk(self.home, self._store, lambda: self.settings, self.licence)

    @property
    def knows_farm(self) -> bool:
        """Whether a farm was set up on this computer; loads nothing of it, for a window asks at its start."""
        from studio.farm.place import is_kept

        return is_kept(self.home)

    def send_to_farm(self, job_ids: Iterable[str], emit: Callable[[Event], None]) -> int:
        """Give these jobs, those that still wait, to the farm; how many it got. Raises StudioError."""
        wanted = set(job_ids)
        waiting = [job for job in self.queue() if job.id in wanted and job.status is JobStatus.QUEUED]
        return len(self.farm.send(waiting, emit))

    @contextlib.contextmanager
    def _collecting(self, emit: Callable[[Event], None]) -> Generator[None]:
        """Bring meanwhile what an earlier order left on the farm; the runner hears of it as of any other's work.

        `emit` gets the farm's notices in a thread of their own.
        """
        if not self._store.running_under(FARM_WORKER):
            yield
            return
        loop = self.serve_farm(lambda event: emit(event) if isinstance(event, Notice) else None)
        try:
            yield
        finally:
            loop.close()

    def serve_farm(self, emit: Callable[[Event], None]) -> "FarmLoop":
        """Collect from the farm while a window is open; `emit` is called in a thread of its own."""
        return self.farm.serve(emit)

    # --- deciding

    def to_review(self) -> list[HistoryEntry]:
        """The jobs whose results wait for a person, newest first."""
        return self._store.history(status=JobStatus.NEEDS_REVIEW)

    def approve(self, entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
        """Move doubtful results to where a shop finds them; returns those it decided, with their new places."""
        return [self.entry(entry.job.id) for entry in entries if review.approve(entry, self._store)]

    def reject(self, entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
        """Remove doubtful results; returns those it decided."""
        return [entry for entry in entries if review.reject(entry, self._store)]

    def set_aside(self, entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
        """As `reject`, but the files stay until `clear_away`, so that it can be taken back."""
        return [self.entry(entry.job.id) for entry in entries if review.set_aside(entry, self._store)]

    def clear_away(self, job_ids: Iterable[str]) -> None:
        """Remove the files of results that were set aside; what waits in review again is left alone."""
        for job_id in job_ids:
            review.clear_away(job_id, self._store)

    def take_back(self, before: HistoryEntry, decided_at: datetime | None) -> HistoryEntry:
        """Put a result that was approved or set aside back into review, as it was `before`. decided_at: when.

        Raises OutputError when something else came of it meanwhile.
        """
        if not review.take_back(before, decided_at, self._store):
            raise OutputError(
                "Not taken back",
                f"The result of {before.job.shot.front} was replaced, sent, filed or decided anew since.",
                "The decision stays as it is.",
            )
        return self.entry(before.job.id)

    def contact_sheet(self, entries: Iterable[HistoryEntry], path: Path) -> None:
        """Write a picture of before and after for each of the jobs that has a result. Raises OutputError."""
        from studio.engine.sheet import write_sheet  # pictures: heavy to import, and only this needs them here

        write_sheet([(entry.job.shot.front, entry.files[0].path) for entry in entries if entry.files], path)

    def _runner(self, emit: Callable[[Event], None]) -> Runner:
        orders = Orders(
            home=str(self.home.folder),
            parent=new_parent_id(),
            engine=self._engine,
            jobs_at_once=self.settings.jobs_at_once,
            megapixels_at_once=self.settings.megapixels_at_once,
            compiles=bool(self.settings.compile_networks),
        )
        remove_dead(self.home.workers)
        return Runner(self._store, self.home, orders, emit)


def _network() -> "Network":
    """The way to the outside as this computer's environment sets it."""
    from studio.engine.models.network import Network

    return Network(mirror=os.environ.get("MODAMODA_MODELS_MIRROR"), offline="MODAMODA_OFFLINE" in os.environ)


def _checkpoint(is_stopped: Callable[[], bool]) -> Callable[[], None]:
    def checkpoint() -> None:
        if is_stopped():
            raise Cancelled

    return checkpoint
