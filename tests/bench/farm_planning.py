"""What limits a render farm of 10, 100 or 1,000 workers: a simulation of sender, broker, storage and workers.

    python -m tests.bench.farm_planning [--render 3.0] [--storage-mb-s 110] [--senders 1] [--workers 1,4,10,30,100,1000]
                                        [--order 0.03 --collect 0.1 --look 0.0002 --commands 14 --command-rate 100000]

Discrete events: every sender, the storage and the broker are servers that do one thing at a time, in the order in which
it was asked for; workers render for lognormal times. The costs of a job are those that `tests.bench.farm --only costs`
measures. Prints one JSON object: photos an hour, efficiency against workers that never wait, and how busy each is.
"""

import argparse
import heapq
import itertools
import json
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

PHOTO_MB, RESULT_MB = 6.0, 20.0
JOBS_A_WORKER = 20
FEWEST_JOBS, MOST_JOBS = 400, 10_000
# Spread of the rendering times of one shoot's photos: the standard deviation of their logarithm.
SPREAD = 0.25
# A sender looks at all its jobs this often, and a worker tells how far it is.
LOOK_EVERY_S, BEAT_EVERY_S = 0.2, 3.0
COMMANDS_A_BEAT = 2
FILES_A_JOB = 12
SECONDS_A_FILE = 0.001


@dataclass
class Server:
    """Does one thing at a time. free_at: when what it was asked so far is done. busy_s: time in which it worked."""

    free_at: float = 0.0
    busy_s: float = 0.0

    def serve(self, now: float, seconds: float) -> float:
        """When something that takes `seconds` and is asked for now will be done."""
        self.free_at = max(now, self.free_at) + seconds
        self.busy_s += seconds
        return self.free_at


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What one job costs, in seconds, and what the farm's parts can do."""

    render: float
    order: float
    collect: float
    look: float
    commands: float
    command_rate: float
    storage_mb_s: float
    senders: int


@dataclass
class Simulation:
    """A farm that does `jobs` jobs, all handed over at the start."""

    costs: Costs
    workers: int
    jobs: int
    now: float = 0.0
    storage: Server = field(default_factory=Server)
    broker: Server = field(default_factory=Server)
    rendered_s: float = 0.0
    collected: int = 0

    def __post_init__(self) -> None:
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._idle = self.workers
        self._queue = 0
        self._random = random.Random(1)
        self.senders = [Server() for _ in range(self.costs.senders)]
        self._to_order = [len(range(place, self.jobs, self.costs.senders)) for place in range(self.costs.senders)]
        self._finished = [0] * self.costs.senders
        self._under_way = [0] * self.costs.senders

    def run(self) -> dict[str, float]:
        """Do everything; what came of it."""
        for place in range(self.costs.senders):
            self._at(0.0, lambda place=place: self._send(place))
        while self.collected < self.jobs:
            self.now, _, act = heapq.heappop(self._events)
            act()
        return {
            "workers": self.workers,
            "photos_an_hour": round(self.jobs / self.now * 3600),
            "efficiency": round(self.rendered_s / (self.now * self.workers), 3),
            "busy_senders": round(statistics.mean(one.busy_s for one in self.senders) / self.now, 3),
            "busy_storage": round(self.storage.busy_s / self.now, 3),
            "busy_broker": round(self.broker.busy_s / self.now, 4),
        }

    def _at(self, when: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), act))

    def _transfer(self, megabytes: float) -> float:
        files_s = FILES_A_JOB / 3 * SECONDS_A_FILE
        return self.storage.serve(self.now, megabytes / self.costs.storage_mb_s + files_s)

    def _send(self, place: int) -> None:
        """The next thing of a sender: all that is to be ordered first, as in the program, then a look at everything."""
        sender, costs = self.senders[place], self.costs
        if self._to_order[place]:
            self._to_order[place] -= 1
            done = max(sender.serve(self.now, costs.order), self._transfer(PHOTO_MB))
            done = max(done, self.broker.serve(self.now, costs.commands / costs.command_rate))
            self._at(done, lambda: self._ordered(place))
        elif self._finished[place]:
            self._finished[place] -= 1
            done = max(sender.serve(self.now, costs.collect), self._transfer(RESULT_MB))
            self._at(done, lambda: self._collected(place))
        else:
            under_way = self._under_way[place]
            self.broker.serve(self.now, 2 * under_way / costs.command_rate)
            self._at(
                max(sender.serve(self.now, costs.look * under_way), self.now + LOOK_EVERY_S), lambda: self._send(place)
            )

    def _ordered(self, place: int) -> None:
        self._under_way[place] += 1
        self._queue += 1
        self._work()
        self._send(place)

    def _collected(self, place: int) -> None:
        self._under_way[place] -= 1
        self.collected += 1
        self._send(place)

    def _work(self) -> None:
        while self._idle and self._queue:
            self._idle -= 1
            self._queue -= 1
            self._at(self._transfer(PHOTO_MB), self._render)

    def _render(self) -> None:
        seconds = self._random.lognormvariate(0, SPREAD) * self.costs.render
        self.rendered_s += seconds
        beats = seconds / BEAT_EVERY_S * COMMANDS_A_BEAT
        self.broker.serve(self.now, beats / self.costs.command_rate)
        self._at(self.now + seconds, self._write)

    def _write(self) -> None:
        self._at(self._transfer(RESULT_MB), self._ended)

    def _ended(self) -> None:
        waiting = [place for place, count in enumerate(self._under_way) if count > self._finished[place]]
        self._finished[self._random.choice(waiting)] += 1
        self._idle += 1
        self._work()


def main() -> None:
    """Simulate farms of each size and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--render", type=float, default=3.0)
    parser.add_argument("--storage-mb-s", type=float, default=110.0)
    parser.add_argument("--senders", type=int, default=1)
    parser.add_argument("--workers", default="1,4,10,30,100,1000")
    parser.add_argument("--order", type=float, default=0.03)
    parser.add_argument("--collect", type=float, default=0.1)
    parser.add_argument("--look", type=float, default=0.0002)
    parser.add_argument("--commands", type=float, default=14)
    parser.add_argument("--command-rate", type=float, default=100_000)
    words = vars(parser.parse_args())
    sizes = [int(word) for word in words.pop("workers").split(",")]
    costs = Costs(**words)
    farms = [Simulation(costs, size, min(max(size * JOBS_A_WORKER, FEWEST_JOBS), MOST_JOBS)).run() for size in sizes]
    print(json.dumps({"costs": words, "farms": farms}, indent=1))


if __name__ == "__main__":
    main()
