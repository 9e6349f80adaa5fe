from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.jobs.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home" / "jobs.sqlite3") as store:
        yield store
