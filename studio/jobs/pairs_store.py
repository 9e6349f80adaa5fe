"""What a person said about photos of shoots, in the database of the jobs."""

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.sqlite import insert

from studio.jobs.db import Database
from studio.jobs.pairs import Role
from studio.jobs.rows import path_of
from studio.jobs.watch_tables import RoleRow

Corrections = dict[Path, tuple[Role, str]]


class PairStore(Database):
    """Roles of photos as persons set them. Methods are short, safe from any thread, and raise StoreError."""

    def below(self, folder: Path) -> Corrections:
        """Role and garment of every photo below `folder` that a person spoke about; garment "" = as found."""
        query = select(RoleRow).where(*_below(folder))
        with self.reading() as session:
            return {path_of(row.photo): (Role(row.role), row.garment) for row in session.scalars(query)}

    def keep(self, corrections: Mapping[Path, tuple[Role, str]]) -> None:
        """Remember what these photos are."""
        with self.writing() as session:
            for photo, (role, garment) in corrections.items():
                values = {"photo": os.fsencode(photo), "role": role, "garment": garment}
                upsert = insert(RoleRow).values(values)
                session.execute(upsert.on_conflict_do_update(index_elements=["photo"], set_=values))

    def forget(self, folder: Path) -> int:
        """Forget what was said about the photos below `folder`; returns about how many."""
        forgotten = delete(RoleRow).where(*_below(folder)).returning(RoleRow.photo)
        with self.writing() as session:
            return len(session.scalars(forgotten).all())


def _below(folder: Path) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    start = os.fsencode(folder) + os.fsencode(os.sep)
    return RoleRow.photo > start, RoleRow.photo < start[:-1] + bytes([start[-1] + 1])
