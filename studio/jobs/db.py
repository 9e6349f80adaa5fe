"""Opening the database of jobs: SQLite with a write-ahead log, brought to the schema this program knows."""

import contextlib
import errno
import functools
import shutil
import sqlite3
from collections.abc import Generator
from pathlib import Path
from typing import Self, cast

from sqlalchemy import Engine, create_engine, create_mock_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.ddl import ExecutableDDLElement

from studio.errors import StoreError
from studio.interrupts import held_back
from studio.jobs import outgoing, watch_tables  # noqa: F401 (they declare tables)  # pyright: ignore[reportUnusedImport]
from studio.jobs.locks import alone
from studio.jobs.sorting import add_functions
from studio.jobs.tables import SCHEMA, Base

BUSY_TIMEOUT_S = 5
BACKUPS_KEPT = 3


class Database:
    """An open database of jobs, of which the stores are made. Safe from any thread and process; raises StoreError."""

    def __init__(self, path: Path) -> None:
        """Open (or make) the database at `path` in the newest schema."""
        self._path = path
        self._engine = _opened(path)
        self._reads = sessionmaker(self._engine)
        self._writes = sessionmaker(self._engine.execution_options(immediate=True))

    @contextlib.contextmanager
    def reading(self) -> Generator[Session]:
        """A transaction that sees one state of the database throughout."""
        with _store_errors(self._path), self._reads.begin() as session:
            yield session

    @contextlib.contextmanager
    def writing(self) -> Generator[Session]:
        """A transaction that takes the write lock when it begins: it waits its turn rather than fail half way."""
        with _store_errors(self._path), self._writes.begin() as session:
            yield session

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def schema_of(path: Path) -> int:
    """The schema number of an existing database. Raises sqlite3.DatabaseError."""
    with contextlib.closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _opened(path: Path) -> Engine:
    with _store_errors(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _bring_up_to_date(path)
        except (OSError, sqlite3.DatabaseError) as error:
            raise _store_error(path, error) from error
        return _engine(path)


@contextlib.contextmanager
def _store_errors(path: Path) -> Generator[None]:
    """Translate what SQLite says about the database at `path` into a StoreError; an interrupt waits for the end."""
    with held_back():
        try:
            yield
        except DatabaseError as error:
            raise _store_error(path, error.orig or error) from error


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late; _on_begin does it
    cursor = connection.cursor()
    # FULL: a plan that a power cut forgets would make our own file look like a stranger's.
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    add_functions(cast("sqlite3.Connection", connection))


def _on_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _bring_up_to_date(path: Path) -> None:
    if path.exists() and schema_of(path) == SCHEMA:
        return
    with alone(path.with_suffix(".lock")):
        found = schema_of(path) if path.exists() else 0
        if found > SCHEMA:
            raise StoreError(
                "History made by a newer program",
                f"{path} was written by a newer Modamoda Studio (schema {found}; this one knows {SCHEMA}).",
                "Update the program, or set MODAMODA_HOME to another folder.",
            )
        if not found:
            _make(path)
        elif found < SCHEMA:
            _migrate(path, found)


def _make(path: Path) -> None:
    """Make the tables of a new database in one transaction, as if all migrations had been gone through."""
    engine = _engine(path)
    try:
        with engine.execution_options(immediate=True).begin() as connection:
            for statement in _statements():
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (f"{SCHEMA:04}",))
            connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")
    finally:
        engine.dispose()


@functools.cache
def _statements() -> tuple[str, ...]:
    """What makes the tables and their indexes; SQLAlchemy takes longer to word it than SQLite to do it."""
    said: list[str] = []

    def say(statement: ExecutableDDLElement, *_: object, **__: object) -> None:
        said.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine("sqlite://", say)
    Base.metadata.create_all(engine, checkfirst=False)
    return tuple(said)


def _migrate(path: Path, found: int) -> None:
    """Bring the database from schema `found` to the newest, with a copy beside it before. Raises StoreError."""
    from studio.jobs.migrations import upgrade  # alembic takes half a second to import: only when it is needed

    copy = _back_up(path, found)
    engine = _engine(path)
    try:
        upgrade(engine, SCHEMA)
    except Exception as error:
        if _is_temporary(error):
            raise
        engine.dispose()
        _put_back(path, copy, found)
        raise StoreError(
            "History not brought up to date",
            f"{path} could not be brought from schema {found} to {SCHEMA}; it stays as it was, a copy is {copy.name}.",
            "Go on with the version of the program used before, and report this with the newest log.",
        ) from error
    finally:
        engine.dispose()


def _is_temporary(error: Exception) -> bool:
    """Whether the disk or another program is in the way, rather than the database's content."""
    return any(word in str(error) for word in ("locked", "full", "readonly"))


def _back_up(path: Path, found: int) -> Path:
    """Copy the database, whole, to NAME.backup-SCHEMA; only the newest copies stay."""
    copy = path.with_name(f"{path.name}.backup-{found}")
    unfinished = path.with_name(f"{path.name}.backup")
    try:
        _copy(path, unfinished)
        unfinished.replace(copy)
    finally:
        unfinished.unlink(missing_ok=True)
    copies = sorted(path.parent.glob(f"{path.name}.backup-*"), key=lambda each: each.stat().st_mtime)
    for old in copies[:-BACKUPS_KEPT]:
        old.unlink(missing_ok=True)
    return copy


def _put_back(path: Path, copy: Path, found: int) -> None:
    """See to it that the database is in schema `found` again; as a rule it is: a migration is one transaction."""
    with contextlib.suppress(sqlite3.DatabaseError):
        if schema_of(path) == found:
            return
    _copy(copy, path)


def _copy(source_path: Path, target_path: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(source_path)) as source,
        contextlib.closing(sqlite3.connect(target_path)) as target,
    ):
        source.backup(target)
    shutil.copymode(source_path, target_path)


def _store_error(path: Path, error: BaseException) -> StoreError:
    said = str(error)
    if "locked" in said or isinstance(error, TimeoutError):
        return StoreError(
            "History busy", f"{path} is held by another program.", "Try again in a moment.", retryable=True
        )
    if "full" in said or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
        return StoreError(
            "Disk full", f"There is no room left to write {path}.", "Free some space, then resume.", retryable=True
        )
    if "malformed" in said or "not a database" in said:
        return StoreError(
            "History damaged",
            f"{path} is damaged.",
            f"Move it away (your pictures are safe) or put a backup back: {path.name}.backup-*.",
        )
    return StoreError("History not usable", f"{path} cannot be used: {said}.", "Check the folder and its permissions.")
