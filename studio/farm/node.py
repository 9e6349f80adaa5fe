"""A computer of the farm: what it can do, and how its worker is to work."""

import json
import os
import socket
import subprocess
from dataclasses import dataclass
from typing import Any

from studio import __version__
from studio.bundled import child_command
from studio.errors import EngineError
from studio.farm.needs import queues_for
from studio.farm.place import Place
from studio.farm.storage import Storage
from studio.settings import Home


@dataclass(frozen=True, kw_only=True)
class Node:
    """How a worker works. memory_mb: for one job. queues: only these, () = what it can do. compiles: whether networks
    are compiled."""

    place: Place
    home: Home
    name: str
    engine: str
    concurrency: int
    memory_mb: int
    abilities: tuple[str, ...]
    facts: dict[str, Any]
    limit_s: int
    queues: tuple[str, ...] = ()
    device: str = "auto"
    compiles: bool = False

    @property
    def listens(self) -> list[str]:
        """The queues that it takes from, the most urgent first."""
        found = queues_for(list(self.abilities), self.memory_mb, __version__)
        return [queue for queue in found if not self.queues or queue.partition("@")[0] in self.queues]


def make_node(
    place: Place,
    home: Home,
    *,
    engine: str,
    name: str = "",
    concurrency: int = 1,
    memory_mb: int = 0,
    queues: tuple[str, ...] = (),
    limit_s: int = 1800,
    compiles: bool = False,
) -> Node:
    """Look what this computer can do. Raises EngineError, OutputError.

    memory_mb: of the whole worker, 0 = what the computer has.
    """
    Storage(place.storage).check()
    command = child_command("studio.farm.probe", str(home.folder))
    try:
        told = subprocess.run(command, stdout=subprocess.PIPE, timeout=120, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(
            "Computer not understood", "What this computer can do could not be found out.", "Run: modamoda doctor"
        ) from error
    facts: dict[str, Any] = json.loads(told)
    total_mb = memory_mb or _memory_mb()
    return Node(
        place=place,
        home=home,
        name=name or f"{socket.gethostname()}-{os.getpid()}",
        engine=engine,
        concurrency=concurrency,
        memory_mb=total_mb // concurrency,
        abilities=tuple(facts.pop("abilities")),
        facts=facts | {"memory_mb": total_mb},
        limit_s=limit_s,
        queues=queues,
        device=os.environ.get("MODAMODA_DEVICE", "auto"),
        compiles=compiles,
    )


def _memory_mb() -> int:
    import psutil

    return psutil.virtual_memory().total // 2**20
