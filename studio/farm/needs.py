"""What a job needs of a computer, and the queues that follow from it.

A queue is named by priority, need and size: `default`, `default.studio`, `high_priority.figure.large`. A worker listens
to the queues of what it can do, and besides to those of its own version (`default@0.1.0`), into which a job is put that
met a worker of another version.
"""

import itertools
from dataclasses import dataclass

from studio.farm.tasks import QUEUES
from studio.model import Engine, Job, Mode

ANY = ""
STUDIO = "studio"
FIGURE = "figure"
LARGE = "large"
# The starter engine's processes took 1,137 MB at most for 12 megapixels and 2,346 MB for 100 ("Speed and memory" in
# docs/measurements.md); rounded up, for photos of 16 bit and with an inside take more.
BASE_MB = 1000
MB_A_MEGAPIXEL = 20
LARGE_MB = 2000


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a job needs. ability: ANY, STUDIO or FIGURE. memory_mb: of the computer's memory, roughly."""

    ability: str
    memory_mb: int

    @property
    def is_large(self) -> bool:
        """Whether only workers with much memory take it."""
        return self.memory_mb > LARGE_MB


def needs_of(job: Job, megapixels: float) -> Needs:
    """What a job needs; `auto` is done by whoever comes first, except for what the studio engine alone can do."""
    ability = FIGURE if job.recipe.mode is Mode.HUMAN else STUDIO if job.recipe.engine is Engine.STUDIO else ANY
    return Needs(ability=ability, memory_mb=round(BASE_MB + MB_A_MEGAPIXEL * megapixels))


def priority_of(job: Job) -> str:
    """The priority's name among `QUEUES`."""
    return "high" if job.priority > 0 else "low" if job.priority < 0 else "default"


def queue_of(priority: str, needs: Needs, version: str = "") -> str:
    """The queue of a job. version: only workers of that version take it; "" = whoever comes first."""
    return _name(QUEUES[priority], needs.ability, LARGE if needs.is_large else "", version)


def queues_for(abilities: list[str], memory_mb: int, version: str) -> list[str]:
    """The queues of a worker, the most urgent first."""
    sizes = ("", LARGE) if memory_mb > LARGE_MB else ("",)
    found = itertools.product(QUEUES.values(), ("", version), abilities, sizes)
    return [_name(queue, ability, size, only) for queue, only, ability, size in found]


def all_queues(versions: set[str]) -> list[str]:
    """Every queue in which jobs may stand."""
    found = itertools.product(QUEUES.values(), (ANY, STUDIO, FIGURE), ("", LARGE), ("", *sorted(versions)))
    return [_name(queue, ability, size, only) for queue, ability, size, only in found]


def _name(queue: str, ability: str, size: str, version: str) -> str:
    words = ".".join(word for word in (queue, ability, size) if word)
    return f"{words}@{version}" if version else words
