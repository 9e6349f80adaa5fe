"""Bring a database to the version that this program needs."""

import contextlib
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text

from cloud.database import Database

BACKUPS_KEPT = 3
_LOCK = 730_451_202


class NewerDatabase(Exception):
    """The database was made by a newer program; nothing of it is touched."""


class OlderDatabase(Exception):
    """The database is empty or not brought up to this program yet."""


def config() -> Config:
    """Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("path_separator", "os")
    return made


def migrate(database: Database) -> None:
    """Run the migrations that are missing. Several starts at the same moment wait for each other.

    A database of SQLite is copied to NAME.backup-VERSION before; PostgreSQL's is not: the command has `--backup`.
    Raises NewerDatabase.
    """
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
            connection.commit()
        try:
            found = MigrationContext.configure(connection).get_current_revision()
            connection.rollback()
            alembic = config()
            if _is_behind(found, alembic) and database.is_sqlite:
                _back_up(database, str(found))
            alembic.attributes["connection"] = connection
            command.upgrade(alembic, "head")
            connection.commit()
        finally:
            if not database.is_sqlite:
                connection.rollback()
                connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))
                connection.commit()


def version(database: Database) -> str | None:
    """The version of a database, None = it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check(database: Database) -> None:
    """Raise OlderDatabase or NewerDatabase where the database is not of this program's version."""
    found = version(database)
    if found is None:
        raise OlderDatabase("The database is empty. Run `modamoda-cloud migrate` first, or check where it is kept.")
    if _is_behind(found, config()):
        raise OlderDatabase(f"The database is of an older version ({found}). Run `modamoda-cloud migrate` first.")


def _is_behind(found: str | None, alembic: Config) -> bool:
    """Whether a database of the version `found`, None = an empty one, has to be changed. Raises NewerDatabase."""
    scripts = ScriptDirectory.from_config(alembic)
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise NewerDatabase(
            f"The database was made by a newer version of the service (version {found}, this one knows "
            f"{scripts.get_current_head()}). Update the program, or restore a backup into an empty database."
        )
    return found is not None and found != scripts.get_current_head()


def _back_up(database: Database, version: str) -> None:
    """Copy a database that is a file, whole; only the newest copies stay."""
    name = make_url(database.address).database
    if not name or name == ":memory:":
        return
    path = Path(name)
    unfinished, copy = path.with_name(f"{path.name}.backup"), path.with_name(f"{path.name}.backup-{version}")
    with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.chmod(path.stat().st_mode)
    unfinished.replace(copy)
    copies = sorted(path.parent.glob(f"{path.name}.backup-*"), key=lambda each: each.stat().st_mtime)
    for old in copies[:-BACKUPS_KEPT]:
        old.unlink(missing_ok=True)
