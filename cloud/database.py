"""The database: one engine, short transactions, and column types that mean the same on PostgreSQL and SQLite."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone; SQLite, which keeps none, stores and returns UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: it could mean anything."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Database:
    """Sessions on one database.

    `write` takes SQLite's write lock at once (BEGIN IMMEDIATE), so that what it reads cannot change under it; on
    PostgreSQL callers lock the rows they decide on with `with_for_update()`, which SQLite ignores.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.is_sqlite = make_url(address).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(address) if self.is_sqlite else _postgresql_engine(address)
        self._writing = self.engine.execution_options(begin="BEGIN IMMEDIATE")

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session whose changes are thrown away."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end of the block, or rolls everything back when the block raises."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def check(self) -> None:
        """Raise sqlalchemy.exc.OperationalError when the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _postgresql_engine(address: str) -> Engine:
    connect = {"connect_timeout": 3, "options": "-c statement_timeout=30000 -c lock_timeout=15000"}
    return create_engine(
        address,
        hide_parameters=True,
        pool_size=20,
        max_overflow=20,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args=connect,
    )


def _sqlite_engine(address: str) -> Engine:
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_size=20,
        max_overflow=40,
        connect_args={"timeout": 30, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
