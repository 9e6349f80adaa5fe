"""The studio engine on a real card: its self-test, thrift that keeps its promise, memory given back."""

from pathlib import Path

import numpy as np
import pytest

from studio.engine.gpu import device as devices
from studio.engine.gpu import diffusion
from studio.engine.gpu.device import Device
from studio.engine.gpu.runtime import Runtime, Thrift, catalog_of
from studio.engine.models.store import ModelStore
from studio.errors import Cancelled


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.fakes import tiny_models

    folder = tmp_path_factory.mktemp("tiny-models")
    tiny_models.build(folder)
    return folder


@pytest.fixture
def runtime(card: Device, tiny_folder: Path):
    runtime = Runtime(ModelStore(tiny_folder), catalog_of(tiny_folder), card)
    yield runtime
    runtime.give_back()


def painting() -> diffusion.Painting:
    picture = np.random.default_rng(1).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    mask = np.full((64, 64), 255, np.uint8)
    mask[16:48, 16:48] = 0
    return diffusion.Painting(
        picture=picture,
        mask=mask,
        garment=picture,
        skeleton=picture,
        prompt="a",
        negative="b",
        seed=1,
        steps=4,
        strength=1.0,
    )


def test_the_card_computes_right(card: Device) -> None:
    devices.self_test(card)


@pytest.mark.parametrize("thrift", [Thrift.WHOLE, Thrift.TILED, Thrift.OFFLOADED, Thrift.STREAMED])
def test_every_thrift_paints_the_same_picture(runtime: Runtime, thrift: Thrift) -> None:
    whole = diffusion.paint(diffusion.load_figure(runtime, Thrift.WHOLE), painting(), lambda fraction: None)
    runtime.give_back()
    sparing = diffusion.paint(diffusion.load_figure(runtime, thrift), painting(), lambda fraction: None)
    assert np.abs(whole.astype(int) - sparing).mean() < 3


def test_cancelling_gives_the_memory_back(runtime: Runtime) -> None:
    import torch

    def stop(fraction: float) -> None:
        raise Cancelled

    before = torch.cuda.memory_allocated()
    with pytest.raises(Cancelled):
        diffusion.paint(diffusion.load_figure(runtime, Thrift.WHOLE), painting(), stop)
    runtime.give_back()
    assert torch.cuda.memory_allocated() <= before + (1 << 20)
