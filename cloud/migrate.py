"""Bring a database to the version that this program needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from cloud.database import Database

_LOCK = 730_451_202


def config() -> Config:
    """Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("path_separator", "os")
    return made


def migrate(database: Database) -> None:
    """Run the migrations that are missing. Several starts at the same moment wait for each other."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
            connection.commit()
        try:
            alembic = config()
            alembic.attributes["connection"] = connection
            command.upgrade(alembic, "head")
            connection.commit()
        finally:
            if not database.is_sqlite:
                connection.rollback()
                connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))
                connection.commit()
