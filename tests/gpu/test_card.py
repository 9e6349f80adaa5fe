"""The studio engine on a real card: its self-test, thrift that keeps its promise, memory given back."""

import gc
from pathlib import Path

import numpy as np
import pytest

from studio.engine.gpu import clip, diffusion, faces, libraries, sam, upscale, vitpose
from studio.engine.gpu import device as devices
from studio.engine.gpu.compiling import Compiler
from studio.engine.gpu.device import Device
from studio.engine.gpu.runtime import Runtime, Thrift
from studio.engine.gpu.toolchain import lack
from studio.engine.models.catalog import catalog_of
from studio.engine.models.store import ModelStore
from studio.engine.poses import find as find_pose
from studio.errors import Cancelled
from tests.bench import gpu
from tests.fakes import full_size_models, tiny_models, torchvision


def painting(side: int = 64) -> diffusion.Painting:
    picture = np.random.default_rng(1).integers(0, 255, (side, side, 3)).astype(np.uint8)
    mask = np.full((side, side), 255, np.uint8)
    mask[side // 4 : side * 3 // 4, side // 4 : side * 3 // 4] = 0
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


def tensor_bytes(device: Device) -> int:
    """What torch holds for tensors on a device: the allocator's own sum on a card, living objects on the processor."""
    import torch

    gc.collect()
    if device.is_cuda:
        torch._C._cuda_clearCublasWorkspaces()  # tensors to the allocator; each stream that multiplied keeps one
        return int(torch.cuda.memory_allocated(device.index))
    tensors = [one for one in gc.get_objects() if isinstance(one, torch.Tensor)]
    return sum({one.untyped_storage().data_ptr(): one.untyped_storage().nbytes() for one in tensors}.values())


def test_the_card_computes_right(card: Device) -> None:
    devices.self_test(card)


@pytest.mark.parametrize("thrift", [Thrift.WHOLE, Thrift.TILED, Thrift.OFFLOADED, Thrift.STREAMED])
def test_every_thrift_paints_the_same_picture(runtime: Runtime, thrift: Thrift) -> None:
    whole = diffusion.paint(diffusion.load_figure(runtime, Thrift.WHOLE), painting(), lambda fraction: None)
    runtime.give_back()
    sparing = diffusion.paint(diffusion.load_figure(runtime, thrift), painting(), lambda fraction: None)
    assert np.abs(whole.astype(int) - sparing).mean() < 3


@pytest.mark.parametrize("steps", [0, 2])
@pytest.mark.parametrize("thrift", [Thrift.WHOLE, Thrift.OFFLOADED, Thrift.STREAMED])
def test_cancelling_amid_a_step_gives_the_memory_back(
    runtime: Runtime, card: Device, thrift: Thrift, steps: int
) -> None:
    done: list[float] = []
    layers = iter(range(10))

    def stop() -> None:
        if len(done) == steps and next(layers, None) is None:
            raise Cancelled

    def job() -> None:
        with runtime.turn():
            diffusion.paint(diffusion.load_figure(runtime, thrift), painting(), done.append, stop)

    devices.self_test(card)  # the first matrix product takes a working space that stays
    before = tensor_bytes(card)
    with pytest.raises(Cancelled) as caught:
        job()
    # Though the exception, and with it every frame that it came through, is still held here.
    assert tensor_bytes(card) <= before + (1 << 20)
    assert caught.value is not None


def test_every_network_answers_as_it_does_on_the_processor(runtime: Runtime, tiny_folder: Path) -> None:
    there = Runtime(ModelStore(tiny_folder), catalog_of(tiny_folder), devices.processor())
    rows, columns = np.mgrid[0:150, 0:110]
    grey = 127 + 90 * np.sin(rows / 7) * np.cos(columns / 9)
    picture = np.dstack([grey, grey[::-1], grey[:, ::-1]]).astype(np.uint8)
    prompt = sam.Prompt(on=((50, 70),), box=(20, 20, 90, 130))

    def answers(one: Runtime) -> list[np.ndarray]:
        enlarged = upscale.enlarge(upscale.load(one, "real-esrgan-x4plus"), picture)
        face = faces.of_pose(find_pose("standing").scaled_to((1536, 2304)))
        figure = np.resize(picture, (700, 1536, 3))
        pose = vitpose.find_pose(vitpose.load(one), picture, (10, 10, 100, 140))
        return [
            clip.similarities(clip.load(one), [picture], ["a shirt", "a dress"]) * 100,
            np.array([point.confidence for point in pose.points]) * 100,
            sam.propose(sam.load(one, "sam-vit-b"), picture, prompt)[0].coverage * 100,
            sam.propose(sam.load(one, "sam2-hiera-large"), picture, prompt)[0].coverage * 100,
            enlarged.astype(float),
            faces.restore(faces.load(one, "restoreformer"), figure, face).astype(float),
        ]

    for here, expected in zip(answers(runtime), answers(there), strict=True):
        assert np.abs(here - expected).mean() < 1


def test_a_card_that_is_too_full_steps_down_and_paints_all_the_same(real_card: Device, tmp_path: Path) -> None:
    full_size_models.build(tmp_path, full_size_models.MEDIUM, real_card.name)
    runtime = Runtime(ModelStore(tmp_path), catalog_of(tmp_path), real_card, gpu.ENOUGH_MB)
    tried: list[Thrift] = []

    def attempt(thrift: Thrift) -> np.ndarray:
        tried.append(thrift)
        return diffusion.paint(diffusion.load_figure(runtime, thrift), painting(512), lambda fraction: None)

    meter = gpu.Meter(real_card)
    meter.reset()
    attempt(Thrift.WHOLE)
    whole_mb = meter.peak_mb()
    runtime.give_back()
    with meter.held_to(whole_mb * 3 // 4):  # what the libraries take for their work differs from card to card
        assert runtime.stepping_down(Thrift.WHOLE, attempt).shape == (512, 512, 3)
    assert tried[-1] > Thrift.WHOLE


def test_compiled_networks_paint_the_same_picture(real_card: Device, tmp_path: Path) -> None:
    if missing := lack(has_triton=libraries.has_triton()):
        pytest.skip(missing.what)
    torchvision.make_importable()
    tiny_models.build_painters(tmp_path / "models")
    store, catalog = ModelStore(tmp_path / "models"), catalog_of(tmp_path / "models")
    compiler = Compiler(tmp_path / "compiled")
    runtime = Runtime(store, catalog, real_card, gpu.ENOUGH_MB, compiler)

    def attempt(thrift: Thrift) -> np.ndarray:
        return diffusion.paint(diffusion.load_figure(runtime, thrift), painting(), lambda fraction: None)

    compiled = runtime.stepping_down(Thrift.WHOLE, attempt)
    assert runtime.compiled == "yes", compiler.failure
    runtime.give_back()
    assert np.abs(attempt(Thrift.WHOLE).astype(int) - compiled).mean() < 3
    runtime.give_back()


def test_streamed_layers_need_a_fraction_of_the_memory(real_card: Device, tmp_path: Path) -> None:
    full_size_models.build(tmp_path, full_size_models.MEDIUM, real_card.name)
    runtime = Runtime(ModelStore(tmp_path), catalog_of(tmp_path), real_card, gpu.ENOUGH_MB)
    bench = gpu.Bench(folder=tmp_path, device=real_card, painting=painting(256), pictures=1, is_tiny=True)
    peaks = {}
    for thrift in (Thrift.WHOLE, Thrift.STREAMED):
        peaks[thrift] = bench.timed("", lambda thrift=thrift: diffusion.load_figure(runtime, thrift)).peak_mb
        runtime.give_back()
    assert peaks[Thrift.STREAMED] < peaks[Thrift.WHOLE] / 2
