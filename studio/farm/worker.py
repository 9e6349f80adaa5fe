"""The Celery worker of a computer of the farm: takes runs, does them one after another, says that it lives."""

import contextlib
import os
import socket
import sys
import threading
import time
from typing import Any, cast

from studio import __version__
from studio.bundled import use_addon
from studio.errors import UsageError
from studio.farm import tasks
from studio.farm.bench import Bench, too_long
from studio.farm.board import BEAT_S, Board, password_refused, without_broker
from studio.farm.node import Node
from studio.farm.storage import Outcome, Storage, refuse_strangers


def serve(node: Node, *, log_level: str = "INFO") -> None:
    """Work until told to stop; the jobs at hand are finished first.

    Raises UsageError for a name that is in use and for another folder than the other workers have, EngineError for a
    password that the broker refuses.
    """
    use_addon(node.home.addon)
    _meet_the_others(node)
    worker = make_worker_app(node).Worker(
        hostname=f"{node.name}@farm",
        concurrency=node.concurrency,
        queues=list(node.listens),
        loglevel=log_level,
        # No forks on Windows: there a crash ends the worker, and time limits do not hold.
        pool="threads" if sys.platform == "win32" else "prefork",
        without_gossip=True,
        without_mingle=True,
    )
    worker.start()


def make_worker_app(node: Node) -> Any:
    """A Celery app whose workers render for the farm."""
    app = tasks.make_app(node.place.broker, limit_s=node.limit_s, with_results=False)
    # A broker may be away for a night; the worker comes back with it.
    app.conf.update(broker_connection_max_retries=None, worker_redirect_stdouts=False)
    boards: dict[int, Board] = {}

    def work(run_id: str, _report: tasks.ReportProgress) -> dict[str, Any]:
        board = boards.setdefault(os.getpid(), Board(node.place.broker))
        return Bench(node, board, app).run(run_id)

    tasks.register(app, work, Request=_request(node))
    _announce(node)
    return app


def _request(node: Node) -> Any:
    """What the worker's main process does when the process of a run dies or takes too long."""
    from billiard.einfo import ExceptionWithTraceback
    from billiard.exceptions import WorkerLostError
    from celery.worker.request import Request

    board = Board(node.place.broker)

    class FarmRequest(Request):
        """A run that the main process has given to one of its children."""

        id: str

        def on_failure(self, exc_info: Any, send_failed_event: bool = True, return_ok: bool = False) -> Any:
            """Count the death of a child against its run; Celery gives the run to the next one."""
            error: Any = exc_info.exception
            error = cast("Any", error.exc if isinstance(error, ExceptionWithTraceback) else error)
            if isinstance(error, (WorkerLostError, SystemExit)):
                with without_broker():
                    board.count(self.id, "deaths")
                    board.let_go(self.id)
            return cast("Any", super().on_failure(exc_info, send_failed_event, return_ok))

        def on_timeout(self, soft: bool, timeout: float) -> Any:
            """End a run that did not even heed the soft limit."""
            if not soft:
                with contextlib.suppress(OSError):
                    outcome = Outcome(failure=too_long(node.limit_s), worker=node.name)
                    Storage(node.place.storage).run(self.id).end(outcome)
            return cast("Any", super().on_timeout(soft, timeout))

    return FarmRequest


def _announce(node: Node) -> None:
    """Have the worker's main process say that it lives, from when it is ready until it ends."""
    from celery import signals

    ending = threading.Event()
    facts = node.facts | {
        "name": node.name,
        "host": socket.gethostname(),
        "farm": Storage(node.place.storage).identity,
        "folder": str(node.place.storage),
        "version": __version__,
        "abilities": list(node.abilities),
        "concurrency": node.concurrency,
        "memory_mb_a_job": node.memory_mb,
        "queues": sorted({queue.partition("@")[0] for queue in node.listens}),
    }

    def tell() -> None:
        board = Board(node.place.broker)
        while True:
            with without_broker():
                board.tell_worker(node.name, facts)
            if ending.wait(BEAT_S):
                break
        with without_broker():
            board.forget_worker(node.name)

    def on_ready(**_: Any) -> None:
        threading.Thread(target=tell, name="presence", daemon=True).start()

    def on_end(**_: Any) -> None:
        ending.set()
        time.sleep(0.2)

    signals.worker_ready.connect(on_ready, weak=False)
    signals.worker_shutdown.connect(on_end, weak=False)


def _meet_the_others(node: Node) -> None:
    """Refuse what would go wrong beside those who work there. A broker that is away is waited for later."""
    from redis import AuthenticationError

    with without_broker():
        try:
            others = Board(node.place.broker).workers()
        except AuthenticationError as error:
            raise password_refused() from error
        if any(facts["name"] == node.name for facts in others):
            raise UsageError(
                "Name in use",
                f"A worker named {node.name} is at the farm already.",
                "Give this one another --name, or wait a quarter of a minute if that one has just crashed.",
            )
        refuse_strangers(Storage(node.place.storage), others)
