"""Workers that are forked from a process which has imported what a worker needs: importing takes most of their life.

They are processes of their own all the same, with a session, pipes, locks and an end of their own; kills and crashes
concern them alone. Those of the real engine, and those of a program that is itself started as a process, are started
as a photographer's are.
"""

import contextlib
import dataclasses
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from studio import bundled, files
from studio.jobs import child, runner
from studio.jobs.store import Store
from studio.jobs.wire import Orders

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("tests.fakes.engine", "tests.fakes.pictures")
REQUEST_BYTES = 200_000


@contextlib.contextmanager
def quick_workers() -> Iterator[None]:
    """While this lasts, workers of the fake engines are forked where the system can do that."""
    if not sys.platform.startswith("linux") or runner._spawn.__module__ == __name__:
        yield
        return
    as_always = runner._spawn
    with pytest.MonkeyPatch.context() as patch, _Mother() as mother:

        def spawn(orders: Orders, errors: IO[bytes]) -> "subprocess.Popen[bytes] | Worker":
            is_ours = orders.engine in ENGINES and child.child_command is bundled.child_command
            return mother.worker(orders, errors) if is_ours else as_always(orders, errors)

        patch.setattr(runner, "_spawn", spawn)
        yield


class Worker:
    """What the program uses of a Popen."""

    def __init__(self, process: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self._process = process
        self.stdin = stdin
        self.stdout = stdout

    def wait(self, timeout: float | None = None) -> None:
        """Return when the process has ended. Raises subprocess.TimeoutExpired."""
        if self._process < 0:
            return
        if not select.select([self._process], [], [], timeout)[0]:
            assert timeout is not None
            raise subprocess.TimeoutExpired("worker", timeout)
        os.close(self._process)
        self._process = -1

    def kill(self) -> None:
        """End the process, if it has not ended."""
        if self._process >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)


class _Mother:
    """The process that workers are forked from, started with the first of them."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def __enter__(self) -> "_Mother":
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        self._theirs.close()
        if self._process:
            self._process.wait()

    def worker(self, orders: Orders, errors: IO[bytes]) -> Worker:
        """A new worker under these orders."""
        if self._process is None:
            command = [sys.executable, "-u", "-m", __name__, str(self._theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[self._theirs.fileno()], cwd=ROOT)
            self._theirs.close()
        reading, stdin = os.pipe()
        stdout, writing = os.pipe()
        request = {"orders": dataclasses.asdict(orders), "environment": dict(os.environ), "folder": os.getcwd()}
        socket.send_fds(self._line, [json.dumps(request).encode()], [reading, writing, errors.fileno()])
        os.close(reading)
        os.close(writing)
        _, (process,), _, _ = socket.recv_fds(self._line, 1, 1)
        os.set_inheritable(process, False)
        return Worker(process, os.fdopen(stdin, "wb", buffering=0), os.fdopen(stdout, "rb"))


def main() -> None:
    """Fork a worker whenever one is asked for, until those who ask are gone."""
    line = socket.socket(fileno=int(sys.argv[1]))
    for module in ("studio.jobs.worker", "studio.engine.stage", "PIL.Image"):
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "jobs.sqlite3") as store:
        store.history()  # SQLAlchemy puts its classes together when they are first used
    gc.collect()
    gc.freeze()
    while True:
        request, pipes, _, _ = socket.recv_fds(line, REQUEST_BYTES, 3)
        if not request:
            return
        born = os.fork()
        if not born:
            line.close()
            _be_worker(json.loads(request), pipes)
        for pipe in pipes:
            os.close(pipe)
        process = os.pidfd_open(born)  # the child is there at least until it is waited for
        socket.send_fds(line, [b"!"], [process])
        os.close(process)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _be_worker(request: dict[str, object], pipes: list[int]) -> None:
    """Be what `runner._spawn` starts."""
    os.setsid()
    for number, pipe in enumerate(pipes):
        os.dup2(pipe, number)
        os.close(pipe)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = ["studio.jobs.worker", json.dumps(request["orders"])]
    files.OWNER = os.urandom(6).hex()  # it names a process
    worker = importlib.import_module("studio.jobs.worker")
    try:
        worker.main()
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
