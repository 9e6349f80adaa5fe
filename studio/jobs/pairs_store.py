"""What a person said about photos of shoots, in the database of the jobs."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import sessionmaker

from studio.jobs.db import open_database, store_errors
from studio.jobs.pairs import Role
from studio.jobs.rows import path_of
from studio.jobs.watch_tables import RoleRow

Corrections = dict[Path, tuple[Role, str]]


class PairStore:
    """Roles of photos as persons set them. Methods are short, safe from any thread, and raise StoreError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = open_database(path)
        self._reading = sessionmaker(self._engine)
        self._writing = sessionmaker(self._engine.execution_options(immediate=True))

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def below(self, folder: Path) -> Corrections:
        """Role and garment of every photo below `folder` that a person spoke about; garment "" = as found."""
        query = select(RoleRow).where(*_below(folder))
        with store_errors(self._path), self._reading.begin() as session:
            return {path_of(row.photo): (Role(row.role), row.garment) for row in session.scalars(query)}

    def keep(self, corrections: Mapping[Path, tuple[Role, str]]) -> None:
        """Remember what these photos are."""
        with store_errors(self._path), self._writing.begin() as session:
            for photo, (role, garment) in corrections.items():
                values = {"photo": os.fsencode(photo), "role": role, "garment": garment}
                upsert = insert(RoleRow).values(values)
                session.execute(upsert.on_conflict_do_update(index_elements=["photo"], set_=values))

    def forget(self, folder: Path) -> None:
        """Forget what was said about the photos below `folder`."""
        with store_errors(self._path), self._writing.begin() as session:
            session.execute(delete(RoleRow).where(*_below(folder)))


def _below(folder: Path) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    start = os.fsencode(folder) + os.fsencode(os.sep)
    return RoleRow.photo > start, RoleRow.photo < start[:-1] + bytes([start[-1] + 1])
