"""Migrations: up, down and up again on both databases, with rows in the tables, and from version to version."""

from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from cloud import ledger
from cloud.database import Database
from cloud.migrate import config, migrate
from cloud.tables import Base
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
