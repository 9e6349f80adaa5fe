"""Shoots as the faces of the program use them: their pairs, what a person corrects, what an order will take."""

import importlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from studio.errors import PhotoError
from studio.jobs.intake import Plan
from studio.jobs.outputs import OurOutput
from studio.jobs.pairs import Pairs, Role
from studio.jobs.pairs_find import Estimate, Request, estimate, pairs_of
from studio.jobs.pairs_store import Corrections, PairStore
from studio.jobs.scan import scan
from studio.jobs.store import Store
from studio.model import JobStatus
from studio.settings import Home

if TYPE_CHECKING:
    from studio.engine.levelling import Measured
    from studio.jobs.doing import Engine

_TO_MEASURE_BY = 20


class Shoots:
    """Everything about photos that belong together. engine: dotted name of the module that finishes photos."""

    def __init__(self, store: Store, home: Home, engine: str) -> None:
        self._store = store
        self._home = home
        self._engine = engine

    @cached_property
    def _memory(self) -> PairStore:
        return PairStore(self._home.database)

    def close(self) -> None:
        """Let go of the database."""
        if "_memory" in self.__dict__:
            self._memory.close()

    def corrections(self, paths: Iterable[Path]) -> Corrections:
        """What a person said about the photos in these folders."""
        folders = [Path(os.path.abspath(path)) for path in paths if os.path.isdir(path)]
        return {photo: said for folder in folders for photo, said in self._memory.below(folder).items()}

    def pairs(self, folder: Path, request: Request) -> dict[Path, Pairs]:
        """The pairs in a shoot, folder by folder. Slow where cards are to be read. Raises UsageError."""
        found = scan([folder], inside=None, ours=OurOutput(None, self._store))
        return pairs_of((each.shot.front for each in found.shots), request, self.corrections([folder]))

    def correct(self, said: Mapping[Path, tuple[Role, str]]) -> None:
        """Say what photos are, and of which garment ("" = as found); it holds until it is forgotten."""
        self._memory.keep({Path(os.path.abspath(photo)): role for photo, role in said.items()})

    def forget(self, folder: Path) -> int:
        """Forget what was said about the photos below a folder; returns about how many."""
        return self._memory.forget(Path(os.path.abspath(folder)))

    def level(self, plan: Plan, *, place: bool, light: bool) -> Plan:
        """The plan with every photo brought in line with the others. Slow: each is looked at.

        A photo that cannot be measured is left as it is; what is wrong with it is said when it is worked on.
        """
        from studio.engine.levelling import levels

        measured = [_measured(wanted.shot.front) for wanted in plan.shots]
        found = levels(measured, plan.order.recipe.compose, place=place, light=light)
        shots = [replace(wanted, level=level) for wanted, level in zip(plan.shots, found, strict=True)]
        return replace(plan, shots=tuple(shots))

    def estimate(self, plan: Plan, jobs_at_once: int) -> Estimate:
        """What a plan will take: photos, room on the disk, time."""
        engine = cast("Engine", importlib.import_module(self._engine))
        done = self._store.history(limit=_TO_MEASURE_BY, status=JobStatus.DONE)
        shots = [wanted.shot for wanted in plan.shots]
        return estimate(shots, plan.order.recipe, plan.order.out, done, engine.megapixels, jobs_at_once)


def _measured(photo: Path) -> "Measured | None":
    try:
        return _measure(photo, photo.stat().st_mtime_ns)
    except (OSError, PhotoError):
        return None


@lru_cache(maxsize=2048)
def _measure(photo: Path, modified_ns: int) -> "Measured | None":
    """Measured once, however often a shoot is started."""
    from studio.engine.levelling import measure

    return measure(photo)
