"""Migrations: up, down and up again on both databases, with rows in the tables, and from version to version."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select

from cloud import ledger
from cloud.database import Database
from cloud.migrate import NewerDatabase, config, migrate
from cloud.tables import Base, User
from tests.cloud.building import make_user
from tests.cloud.servers import PostgreSQL

VERSIONS = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.db'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.make_database(f"fresh_{tmp_path.name}").replace("postgresql://", "postgresql+psycopg://")


def move(database: Database, version: str) -> None:
    """Go down to a version."""
    with database.engine.connect() as connection:
        alembic = config()
        alembic.attributes["connection"] = connection
        command.downgrade(alembic, version)
        connection.commit()


def test_every_version_goes_down_and_up_again_with_rows_in_the_tables(fresh: str):
    database = Database(fresh)
    migrate(database)
    with database.write() as session:
        user = make_user(session, "kept@example.com", credits=7)
    for version in VERSIONS[1:]:
        move(database, version)
    migrate(database)
    with database.read() as session:
        assert ledger.balance(session, user.id).available == 7
        assert ledger.find_faults(session) == []
    database.close()


def test_down_to_nothing_leaves_nothing_and_up_again_makes_everything(fresh: str):
    database = Database(fresh)
    migrate(database)
    with database.write() as session:
        make_user(session, "gone@example.com")
    move(database, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrate(database)
    migrate(database)
    assert set(Base.metadata.tables) <= set(inspect(database.engine).get_table_names())
    database.close()


@pytest.mark.parametrize("dump", sorted((Path(__file__).parent / "schemas").glob("*.sql")), ids=lambda path: path.stem)
def test_a_database_of_an_earlier_version_is_copied_and_keeps_its_rows(dump: Path, tmp_path: Path):
    path = tmp_path / "service.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text())
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.read() as session:
        user = session.scalars(select(User)).one()
        assert user.email == "kept@example.com"
        assert ledger.balance(session, user.id).available == 7
        assert ledger.find_faults(session) == []
    database.close()
    with contextlib.closing(sqlite3.connect(path.with_name(f"service.db.backup-{dump.stem}"))) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (dump.stem,)


def test_there_is_a_dump_of_every_earlier_version():
    assert {path.stem for path in (Path(__file__).parent / "schemas").glob("*.sql")} >= set(VERSIONS[1:])


def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'service.db'}")
    migrate(database)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase, match="newer version of the service"):
        migrate(database)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"
    database.close()
