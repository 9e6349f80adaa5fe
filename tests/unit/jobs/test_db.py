import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from studio.errors import StoreError
from studio.jobs.db import schema_of
from studio.jobs.migrations import upgrade
from studio.jobs.store import Store
from studio.jobs.tables import SCHEMA, Base
from tests.unit.jobs.builders import make_job


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "jobs.sqlite3"


def test_the_migrations_make_the_tables_that_the_program_uses(path: Path) -> None:
    Store(path).close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()
    assert schema_of(path) == SCHEMA


def test_the_database_waits_for_others_and_keeps_its_references(path: Path) -> None:
    with Store(path) as store, store._engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000}


def test_an_older_schema_is_backed_up_and_brought_up(path: Path) -> None:
    path.parent.mkdir()
    engine = create_engine(f"sqlite:///{path}")
    upgrade(engine, 1)
    engine.dispose()
    assert schema_of(path) == 1
    with Store(path) as store:
        store.add(make_job())
    assert schema_of(path) == SCHEMA
    assert schema_of(path.with_name("jobs.sqlite3.backup-1")) == 1


def test_a_newer_schema_is_refused_and_left_alone(path: Path) -> None:
    Store(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA + 1}")
    with pytest.raises(StoreError, match="newer") as caught:
        Store(path)
    assert caught.value.hint
    assert schema_of(path) == SCHEMA + 1


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(StoreError, match="damaged") as caught:
        Store(path)
    assert str(path) in caught.value.message


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        Store(tmp_path / "file" / "jobs.sqlite3")


def test_many_first_starts_at_once_make_one_database(path: Path) -> None:
    errors: list[Exception] = []

    def start() -> None:
        try:
            with Store(path) as store:
                store.add(make_job())
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Store(path) as store:
        assert len(store.history()) == 4


def test_a_writer_waits_for_another_programs_transaction(path: Path) -> None:
    with (
        Store(path) as store,
        contextlib.closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, other.execute, ("ROLLBACK",)).start()
        assert store.add(make_job()).id
