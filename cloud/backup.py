"""One file that holds everything: the database, and the objects where they are kept in a folder."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path

from sqlalchemy import make_url

from cloud.database import Database
from cloud.ledger import find_faults
from cloud.migrate import migrate, version
from cloud.settings import Settings

SECRETS = "secrets.json"
DATABASE_NAMES = {True: "database.sqlite", False: "database.pgdump"}


class BackupFailed(Exception):
    """A backup could not be made or restored; the text says why."""


def backup(settings: Settings, target: Path) -> None:
    """Write a backup of the running service to `target` (.tar), whole or not at all. Raises BackupFailed."""
    if not target.parent.is_dir():
        raise BackupFailed(f"{target.parent} is not a folder.")
    if not has_something(settings):
        raise BackupFailed("The database is empty: there is nothing to back up.")
    database = Database(settings.database)
    with contextlib.closing(database), tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        dump = Path(folder) / DATABASE_NAMES[database.is_sqlite]
        _dump_sqlite(settings, dump) if database.is_sqlite else _run_postgresql(
            "pg_dump", settings, ["--format=custom", "--no-owner", f"--file={dump}"]
        )
        made = Path(folder) / "backup.tar"
        with tarfile.open(made, "w") as archive:
            archive.add(dump, dump.name)
            if (settings.home / SECRETS).exists():
                archive.add(settings.home / SECRETS, SECRETS)
            if not settings.s3_bucket and (settings.home / "objects").exists():
                archive.add(settings.home / "objects", "objects")
        made.chmod(0o600)
        made.replace(target)


def has_something(settings: Settings) -> bool:
    """Whether there is a database that was ever used."""
    database = Database(settings.database)
    if database.is_sqlite and not Path(make_url(settings.database).database or "").exists():
        return False  # asking would make the file
    with contextlib.closing(database):
        return version(database) is not None


def restore(settings: Settings, source: Path) -> None:
    """Put a backup into an empty database and home, bring it up to date, and check its ledger. Raises BackupFailed."""
    database = Database(settings.database)
    with contextlib.closing(database), tempfile.TemporaryDirectory(prefix="restore-") as folder:
        if not source.is_file() or not tarfile.is_tarfile(source):
            raise BackupFailed(f"{source} is no backup.")
        try:
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")
        except tarfile.TarError as error:
            raise BackupFailed(f"{source} is damaged: {error}.") from error
        dump = Path(folder) / DATABASE_NAMES[database.is_sqlite]
        if not dump.exists():
            raise BackupFailed(f"{source} was made from another kind of database.")
        made_secrets = Path(folder) / SECRETS
        if made_secrets.exists() and (settings.home / SECRETS).exists():
            raise BackupFailed(f"{settings.home / SECRETS} exists already; restore into an empty home.")
        _load_sqlite(settings, dump) if database.is_sqlite else _load_postgresql(settings, dump)
        if (Path(folder) / "objects").exists() and not settings.s3_bucket:
            shutil.copytree(Path(folder) / "objects", settings.home / "objects", dirs_exist_ok=True)
        if made_secrets.exists() and settings.is_development:
            _restore_secrets(made_secrets, settings.home / SECRETS)
        migrate(database)
        with database.read() as session:
            faults = find_faults(session)
        if faults:
            raise BackupFailed(f"The restored ledger is not sound: {' '.join(faults)}")


def _restore_secrets(source: Path, target: Path) -> None:
    """Put the secrets made in development back: without them sealed keys stay shut and licences lose their signer."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    target.write_bytes(source.read_bytes())


def _dump_sqlite(settings: Settings, target: Path) -> None:
    source = sqlite3.connect(make_url(settings.database).database or "")
    copy = sqlite3.connect(target)
    with contextlib.closing(source), contextlib.closing(copy):
        source.backup(copy)


def _load_sqlite(settings: Settings, dump: Path) -> None:
    place = Path(make_url(settings.database).database or "")
    if place.exists():
        raise BackupFailed(f"{place} exists already; restore into an empty home.")
    _check_sqlite(dump)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(dump, place)


def _check_sqlite(dump: Path) -> None:
    """Refuse a damaged database before it stands where the service looks for its own."""
    with contextlib.closing(sqlite3.connect(dump)) as connection:
        try:
            found = connection.execute("PRAGMA quick_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        raise BackupFailed(f"The backup's database is damaged: {found}.")


def _load_postgresql(settings: Settings, dump: Path) -> None:
    database = Database(settings.database)
    with contextlib.closing(database), database.engine.connect() as connection:
        if connection.exec_driver_sql("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").first():
            raise BackupFailed("The database is not empty; restore into a new one.")
    _run_postgresql("pg_restore", settings, ["--no-owner", "--exit-on-error", "--single-transaction", str(dump)])


def _run_postgresql(program: str, settings: Settings, options: list[str]) -> None:
    """Run a program of PostgreSQL; the password goes by the environment, where no list of processes shows it."""
    url = make_url(settings.database).set(drivername="postgresql")
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    address = url.set(password=None).render_as_string(hide_password=False)
    path = shutil.which(program)
    if path is None:
        raise BackupFailed(f"{program} is not installed; it comes with the package postgresql-client.")
    ran = subprocess.run(
        [path, f"--dbname={address}", *options], env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise BackupFailed(f"{program} failed: {ran.stderr.strip()[-500:]}")
