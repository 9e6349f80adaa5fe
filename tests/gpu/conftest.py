"""Tests on a graphics card; skipped where there is none.

`MODAMODA_TEST_DEVICE=cpu pytest tests/gpu` runs them dry on the processor: what only a card can show is skipped then.
"""

import os
from collections.abc import Iterator
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
    """The device under test: the card that the studio engine would choose, unless another device is named."""
    pytest.importorskip("torch", reason="the extra studio-engine is not installed")
    from studio.engine.gpu import device as devices
    from studio.errors import EngineError

    try:
        return devices.choose(os.environ.get("MODAMODA_TEST_DEVICE", devices.AUTO))
    except EngineError as error:
        pytest.skip(error.message)


@pytest.fixture
def real_card(card):
    """The same where it is a card; skipped on a processor."""
    if not card.is_cuda:
        pytest.skip("only a card can show this")
    return card


@pytest.fixture(scope="session")
def tiny_folder(card, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny models of every kind."""
    from tests.fakes import tiny_models, torchvision

    torchvision.make_importable()
    folder = tmp_path_factory.mktemp("tiny-models")
    tiny_models.build(folder)
    return folder


@pytest.fixture
def runtime(card, tiny_folder: Path) -> Iterator:
    """A runtime of its own on the device under test."""
    from studio.engine.gpu.runtime import Runtime
    from studio.engine.models.catalog import catalog_of
    from studio.engine.models.store import ModelStore

    runtime = Runtime(ModelStore(tiny_folder), catalog_of(tiny_folder), card)
    yield runtime
    runtime.give_back()
