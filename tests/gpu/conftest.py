"""Tests on a graphics card; skipped where there is none."""

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.gpu)
            item.add_marker(pytest.mark.filterwarnings("default"))


@pytest.fixture(scope="session")
def card():
    """The card that the studio engine would choose."""
    torch = pytest.importorskip("torch", reason="the extra studio-engine is not installed")
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    from studio.engine.gpu.device import choose

    return choose()
