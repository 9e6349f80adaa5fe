import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.forked import quick_workers
from tests.flow.shoot import Shoot


@pytest.fixture(scope="session", autouse=True)
def workers_are_quick() -> Iterator[None]:
    with quick_workers():
        yield


@pytest.fixture
def shoot(tmp_path: Path) -> Shoot:
    return Shoot(tmp_path)


@pytest.fixture
def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
