"""What a farm's broker knows besides its queues: who works there, how far each run is, and how often it went wrong.

All of it may vanish with the broker; the shared folder holds what counts. Methods raise redis.RedisError.
"""

import contextlib
import json
import time
from collections.abc import Generator
from typing import Any, cast

from studio.errors import EngineError

PREFIX = "modamoda:farm:"
PULSE_S = 15
BEAT_S = 3.0
KEPT_S = 7 * 86_400


def redis_client(url: str) -> Any:
    """A connection to the broker. Raises EngineError where the libraries are not installed."""
    try:
        import redis
    except ImportError as error:
        raise EngineError(
            "Farm not installed",
            "Rendering on a farm needs libraries that are not installed here.",
            "Install them with: pip install 'modamoda-studio[farm]'",
        ) from error
    address = url.replace("redis+socket://", "unix://", 1)
    return redis.Redis.from_url(address, socket_connect_timeout=3, socket_timeout=10, decode_responses=True)


def password_refused() -> EngineError:
    """What is said of a broker that answers, and lets nobody in."""
    return EngineError(
        "The farm's broker wants another password",
        "A Redis server answers there, but refuses the password in its address, or misses one.",
        "Run modamoda farm set-up with redis://:PASSWORD@COMPUTER:6379/0, or put that into MODAMODA_FARM_BROKER.",
    )


@contextlib.contextmanager
def without_broker() -> Generator[None]:
    """What is noted on the broker may be lost with it; the run goes on."""
    from kombu.exceptions import OperationalError
    from redis import RedisError

    with contextlib.suppress(RedisError, OperationalError):
        yield


class Board:
    """The notes on the broker. Each process has its own."""

    def __init__(self, url: str) -> None:
        self._redis = redis_client(url)

    # --- workers

    def tell_worker(self, name: str, facts: dict[str, Any]) -> None:
        """Say that a worker lives; to be repeated within PULSE_S."""
        self._redis.set(f"{PREFIX}worker:{name}", json.dumps(facts | {"at": time.time()}), ex=PULSE_S)

    def forget_worker(self, name: str) -> None:
        """Say that a worker ended."""
        self._redis.delete(f"{PREFIX}worker:{name}")

    def workers(self) -> list[dict[str, Any]]:
        """The living workers, by name."""
        return sorted(self._values("worker:"), key=lambda facts: str(facts["name"]))

    def pulses(self) -> list[dict[str, Any]]:
        """What is being done: run, worker, stage and fraction of each."""
        return list(self._values("pulse:"))

    def depths(self, queues: list[str]) -> dict[str, int]:
        """How many jobs wait in each of the queues; those in which none does are left out."""
        pipe = self._redis.pipeline(transaction=False)
        for queue in queues:
            pipe.llen(queue)
        return {queue: count for queue, count in zip(queues, pipe.execute(), strict=True) if count}

    # --- runs

    def note_sent(self, run_id: str) -> None:
        """Remember that a run stands in a queue."""
        self._redis.hset(_run(run_id), "sent", time.time())
        self._redis.expire(_run(run_id), KEPT_S)

    def note_refused(self, run_id: str, sentence: str) -> None:
        """Remember why a worker passed a run on."""
        self._redis.hset(_run(run_id), "refused", sentence)
        self.let_go(run_id)

    def begin(self, run_id: str, worker: str) -> bool:
        """Take a run for a worker; False while another one is at it."""
        pulse = json.dumps({"run": run_id, "worker": worker, "stage": "", "fraction": 0.0})
        if not self._redis.set(_pulse(run_id), pulse, ex=PULSE_S, nx=True):
            return False
        self._redis.hset(_run(run_id), "begun", worker)
        return True

    def beat(self, run_id: str, worker: str, stage: str, fraction: float) -> None:
        """Say that a run is being done; to be repeated within PULSE_S."""
        pulse = {"run": run_id, "worker": worker, "stage": stage, "fraction": round(fraction, 3)}
        pipe = self._redis.pipeline()
        pipe.set(_pulse(run_id), json.dumps(pulse), ex=PULSE_S)
        pipe.hset(_run(run_id), "begun", worker)
        pipe.execute()

    def let_go(self, run_id: str) -> None:
        """Say that nobody is at a run: it waits for the next one."""
        self._redis.delete(_pulse(run_id))
        self._redis.hdel(_run(run_id), "begun")

    def count(self, run_id: str, what: str) -> int:
        """Count a misfortune of a run; returns how many there were."""
        count = self._redis.hincrby(_run(run_id), what, 1)
        self._redis.expire(_run(run_id), KEPT_S)
        return int(count)

    def facts(self, run_id: str) -> dict[str, str]:
        """What is noted on a run; nothing for one that the broker does not know."""
        return self._redis.hgetall(_run(run_id))

    def look(self, run_ids: list[str]) -> list[tuple[dict[str, str], dict[str, Any] | None]]:
        """The notes and the pulse of each run."""
        pipe = self._redis.pipeline(transaction=False)
        for run_id in run_ids:
            pipe.hgetall(_run(run_id))
            pipe.get(_pulse(run_id))
        found = pipe.execute()
        return [
            (notes, json.loads(pulse) if pulse else None) for notes, pulse in zip(found[::2], found[1::2], strict=True)
        ]

    def forget(self, run_id: str) -> None:
        """Nobody asks after the run any more."""
        self._redis.delete(_run(run_id), _pulse(run_id))

    def _values(self, kind: str) -> list[dict[str, Any]]:
        keys = list(self._redis.scan_iter(match=f"{PREFIX}{kind}*", count=500))
        texts = cast("list[str | None]", self._redis.mget(keys)) if keys else []
        return [json.loads(text) for text in texts if text]


def _run(run_id: str) -> str:
    return f"{PREFIX}run:{run_id}"


def _pulse(run_id: str) -> str:
    return f"{PREFIX}pulse:{run_id}"
