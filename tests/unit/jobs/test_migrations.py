"""From every earlier schema to the newest with the rows that a photographer had, and when that goes wrong."""

import contextlib
import re
import sqlite3
from pathlib import Path

import pytest

from studio.errors import StoreError
from studio.jobs import db, migrations
from studio.jobs.db import BACKUPS_KEPT, schema_of
from studio.jobs.store import Store
from studio.jobs.tables import SCHEMA
from studio.model import HistoryQuery, JobStatus, Region

# Made by the migrations themselves, then filled; a dump stays as it is for good.
DUMPS = {int(path.stem): path for path in sorted((Path(__file__).parent / "schemas").glob("*.sql"))}


def load(dump: Path, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text())
    return path


def shape(path: Path) -> set[str]:
    """Columns, references and indexes, whatever their order."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            f"{table}.{column[1:]}" for table in tables for column in connection.execute(f"PRAGMA table_info({table})")
        }
        columns |= {
            f"{table}->{reference[2:]}"
            for table in tables
            for reference in connection.execute(f"PRAGMA foreign_key_list({table})")
        }
        columns |= {f"{kind[1:]}" for kind in connection.execute("PRAGMA table_list")}  # with or without row numbers
        indexes = {re.sub(r"\s+", " ", sql) for (sql,) in connection.execute("SELECT sql FROM sqlite_master") if sql}
    return columns | {sql for sql in indexes if "INDEX" in sql}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "jobs.sqlite3"


def test_there_is_a_dump_of_every_earlier_schema() -> None:
    assert set(DUMPS) >= set(range(1, SCHEMA))


@pytest.mark.parametrize("schema", DUMPS)
def test_every_schema_keeps_its_rows_and_gets_the_shape_of_a_new_database(schema: int, path: Path) -> None:
    load(DUMPS[schema], path)
    new = path.with_name("new.sqlite3")
    Store(new).close()
    with Store(path) as store:
        entries = {entry.job.id: entry for entry in store.history()}
        assert {job: entry.job.status for job, entry in entries.items()} == {
            "job1": JobStatus.DONE,
            "job2": JobStatus.FAILED,
            "job3": JobStatus.NEEDS_REVIEW,
            "job4": JobStatus.QUEUED,
        }
        done, failed = entries["job1"], entries["job2"]
        assert (done.job.shot.front, done.job.shot.inside) == (Path("/shoot/a.jpg"), Path("/shoot/a_inside.jpg"))
        assert [file.path for file in done.files] == [Path("/out/a.png"), Path("/out/a.report.json")]
        assert (done.confidence, done.warnings) == (0.93, ("Visible clips",))
        assert failed.job.error
        assert failed.job.error.title == "No garment found"
        assert [job.id for job in store.queue()] == ["job4"]
        if schema >= 2:
            assert store.edits_of("1" * 64).strokes[0].region is Region.GARMENT
        if schema >= 3:
            assert store.has_fact("account")
            assert done.ran_on == "cloud"
        if schema >= 5:
            assert entries["job4"].job.held
            assert store.matching(HistoryQuery(model="garment")) == [1]
        if schema >= 4:
            assert (entries["job4"].job.shot.sku, entries["job4"].job.shot.view) == ("SKU-1", "back")
    assert schema_of(path) == SCHEMA
    assert shape(path) == shape(new)


@pytest.mark.parametrize("schema", [schema for schema in DUMPS if schema < SCHEMA])
def test_the_database_is_copied_before_it_is_brought_up(schema: int, path: Path, tmp_path: Path) -> None:
    load(DUMPS[schema], path)
    Store(path).close()
    copy = path.with_name(f"jobs.sqlite3.backup-{schema}")
    with contextlib.closing(sqlite3.connect(copy)) as kept:
        said = "\n".join(kept.iterdump())
    with contextlib.closing(sqlite3.connect(load(DUMPS[schema], tmp_path / "again.sqlite3"))) as made:
        assert said == "\n".join(made.iterdump())
    assert schema_of(copy) == schema


def test_a_few_copies_are_kept(path: Path) -> None:
    load(DUMPS[1], path)
    for number in range(90, 95):
        path.with_name(f"{path.name}.backup-{number}").write_text("an old one")
    Store(path).close()
    kept = sorted(each.name for each in path.parent.glob("*.backup*"))
    assert len(kept) == BACKUPS_KEPT
    assert f"{path.name}.backup-1" in kept


def test_a_migration_that_fails_leaves_the_history_as_it_was_and_names_the_copy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(DUMPS[1], path)
    with contextlib.closing(sqlite3.connect(path)) as connection:  # as if somebody had made a table of that name
        connection.execute("CREATE TABLE roles (photo TEXT)")
        before = "\n".join(connection.iterdump())
    with pytest.raises(StoreError, match="stays as it was") as caught:
        Store(path)
    assert "jobs.sqlite3.backup-1" in caught.value.message
    assert (schema_of(path), schema_of(path.with_name("jobs.sqlite3.backup-1"))) == (1, 1)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert "\n".join(connection.iterdump()) == before


def test_a_history_left_half_way_is_put_back_from_the_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(DUMPS[2], path)

    def break_off(engine: object, schema: int) -> None:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TABLE edits")
            connection.execute("PRAGMA user_version=3")
            connection.commit()
        raise RuntimeError("no more")

    monkeypatch.setattr(migrations, "upgrade", break_off)
    with pytest.raises(StoreError, match="stays as it was"):
        Store(path)
    monkeypatch.undo()
    with Store(path) as store:
        assert store.edits_of("1" * 64).strokes
    assert db.schema_of(path) == SCHEMA
