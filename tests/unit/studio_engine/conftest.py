"""The studio engine on tiny networks, on the processor."""

import gc
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.engine.gpu.device import processor
from studio.engine.gpu.runtime import Runtime
from studio.engine.models.catalog import catalog_of
from studio.engine.models.store import ModelStore
from tests.fakes import tiny_models, torchvision

# Without the extra studio-engine there is nothing to test here.
collect_ignore_glob = [] if importlib.util.find_spec("torch") else ["test_*.py"]

# What these libraries find old in one another is not ours to mend.
THEIRS = (
    "ignore::DeprecationWarning:diffusers",
    "ignore::FutureWarning:diffusers",
    "ignore::DeprecationWarning:transformers",
    "ignore::FutureWarning:transformers",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            for rule in THEIRS:
                item.add_marker(pytest.mark.filterwarnings(rule))


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of tiny models, made once."""
    import torch

    torch.set_num_threads(1)
    torchvision.make_importable()
    folder = tmp_path_factory.mktemp("tiny-models")
    tiny_models.build(folder)
    # A runtime collects garbage whenever it gives memory back: let it not walk through all these libraries each time.
    gc.freeze()
    yield folder
    gc.unfreeze()


@pytest.fixture
def runtime(tiny_folder: Path) -> Iterator[Runtime]:
    """A runtime of its own for one test, on the processor, with room for everything."""
    runtime = Runtime(ModelStore(tiny_folder), catalog_of(tiny_folder), processor(), budget_mb=10_000)
    yield runtime
    runtime.give_back()
