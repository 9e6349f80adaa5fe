"""The service and its real neighbours as processes, each a private instance on a free port."""

import contextlib
import glob
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis
import requests

PROJECT = Path(__file__).parents[2]
_PORTS = itertools.cycle(range(first := 18_000 + os.getpid() % 36 * 400, first + 400))


def free_port() -> int:
    """A port that nobody listens on and no other process of this test run will be given.

    Below the range from which the kernel takes ports for outgoing connections, or one of those could take it before
    a server does. Each process has a range of its own, so that nobody takes the port of a server that a test stopped.
    """
    return next(port for port in _PORTS if _can_be_bound(port))


def _can_be_bound(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def wait_until(is_true: Callable[[], bool], *, seconds: float = 30, what: str = "it") -> None:
    """Wait for a condition. Raises AssertionError when it does not come."""
    until = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < until, f"{what} did not happen within {seconds} s"
        time.sleep(0.1)


@dataclass
class PostgreSQL:
    """A PostgreSQL server that can be stopped and started again.

    keeps_commits: a commit is written before it is acknowledged, as in production, and so outlives a stop; without, the
    last half second may not, and everything is faster. (Nothing here outlives a crash of the machine.)
    """

    folder: Path
    binaries: Path
    port: int
    user: str | None
    keeps_commits: bool = False

    def start(self) -> None:
        """Start and wait until it answers."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -N 200 "
            f"-c fsync=off -c full_page_writes=off -c synchronous_commit={'on' if self.keeps_commits else 'off'}"
        )
        self._run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stop at once, as a crash of the machine would."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")

    def url(self, database: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://studio@127.0.0.1:{self.port}/{database}"

    def make_database(self, name: str, template: str = "template0") -> str:
        """A new database, copied from another; its address."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return self.url(name)

    def initialise(self) -> None:
        """Make the server's folder."""
        self._run(
            "initdb", "-D", self.folder / "data", "-U", "studio", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"
        )

    def _run(self, program: str, *words: object) -> None:
        command = [str(self.binaries / program), *(str(word) for word in words)]
        subprocess.run(
            command, user=self.user, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


@contextlib.contextmanager
def running_postgresql(*, keeps_commits: bool = False) -> Iterator[PostgreSQL]:
    """A PostgreSQL server for the block; skips where none is installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [
        str(Path(path).parent) for path in [shutil.which("initdb")] if path
    ]
    if not found:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="modamoda-pg-"))
    user = _unprivileged(folder)
    server = PostgreSQL(folder, Path(found[-1]), free_port(), user, keeps_commits)
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Redis:
    """A Redis server that can be stopped and started again; it keeps nothing on disk."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server's address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start and wait until it answers."""
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.folder),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with contextlib.closing(redis.Redis(port=self.port)) as client:
            wait_until(lambda: _answers(client), what="Redis")

    def stop(self) -> None:
        """Kill it: everything that was queued is gone."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextlib.contextmanager
def running_redis() -> Iterator[Redis]:
    """A Redis server for the block; skips where none is installed."""
    if not shutil.which("redis-server"):
        pytest.skip("Redis is not installed (Debian: apt-get install redis-server)")
    with tempfile.TemporaryDirectory(prefix="modamoda-redis-") as folder:
        server = Redis(Path(folder), free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def running_process(
    command: list[str], environment: dict[str, str], log: Path, *, patience_s: float = 20
) -> Iterator[subprocess.Popen[bytes]]:
    """A process for the block, its output in `log`; it is ended with everything it started."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env=os.environ | environment, stdout=output, stderr=output, cwd=PROJECT, start_new_session=True
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        try:
            process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


@contextlib.contextmanager
def running_service(environment: dict[str, str], log: Path, port: int) -> Iterator[str]:
    """`modamoda-cloud serve` as a process for the block; its address."""
    address = f"http://127.0.0.1:{port}"
    with running_process(
        [sys.executable, "-m", "cloud.cli", "serve", "--port", str(port)], environment, log
    ) as process:
        wait_until(lambda: process.poll() is not None or _is_live(address), what="the service")
        assert process.poll() is None, log.read_text()[-3000:]
        yield address


@contextlib.contextmanager
def running_worker(
    environment: dict[str, str], log: Path, *, concurrency: int = 1
) -> Iterator[subprocess.Popen[bytes]]:
    """`modamoda-cloud worker` as a process for the block."""
    seen = log.read_text().count("ready.") if log.exists() else 0
    with running_process(
        [sys.executable, "-m", "cloud.cli", "worker", f"--concurrency={concurrency}"], environment, log
    ) as process:
        wait_until(lambda: log.read_text().count("ready.") > seen, seconds=60, what="the worker")
        yield process


def _is_live(address: str) -> bool:
    try:
        return requests.get(f"{address}/health/live", timeout=2).ok
    except requests.RequestException:
        return False


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


def _unprivileged(folder: Path) -> str | None:
    """Hand `folder` to a user that PostgreSQL accepts (it refuses root); None = the one who runs this."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return user
