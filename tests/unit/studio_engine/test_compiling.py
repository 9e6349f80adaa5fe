"""Networks compiled in place: for which pictures, what happens where it fails, and what is left of them."""

import gc
import sys
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.engine.gpu import compiling, diffusion, toolchain
from studio.engine.gpu.compiling import Compiler
from studio.engine.gpu.device import processor
from studio.engine.gpu.runtime import Placement, Runtime, Thrift
from studio.engine.models.catalog import catalog_of
from studio.engine.models.store import ModelStore
from studio.errors import Cancelled
from tests.fakes import tiny_models


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def compiling_runtime(runtime: Runtime, tmp_path: Path) -> Iterator[Runtime]:
    """A runtime that compiles by the code that production compiles by; what is made of a graph is the graph."""
    one = Runtime(runtime.store, runtime.catalog, processor(), 10_000, Compiler(tmp_path, "eager"))
    yield one
    one.give_back()


def painting() -> diffusion.Painting:
    picture = np.random.default_rng(1).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    mask = np.full((64, 64), 255, np.uint8)
    mask[16:48, 16:48] = 0
    return diffusion.Painting(
        picture=picture, mask=mask, garment=picture, skeleton=picture, prompt="a", negative="b", seed=1, steps=2
    )


@pytest.mark.slow
@pytest.mark.usefixtures("tiny_folder")
def test_one_compilation_serves_every_picture_of_a_size_and_goes_with_its_networks(tmp_path: Path) -> None:
    from torch._dynamo.utils import counters

    tiny_models.build_painters(tmp_path / "models")
    store, catalog = ModelStore(tmp_path / "models"), catalog_of(tmp_path / "models")
    runtime = Runtime(store, catalog, processor(), 10_000, Compiler(tmp_path / "compiled", "eager"))
    plain = diffusion.paint(diffusion.load_figure(runtime, Thrift.WHOLE), painting(), lambda fraction: None)
    runtime.give_back()
    counters.clear()
    held: list[weakref.ref] = []
    steps: list[float] = []

    def stop() -> None:
        if len(steps) == 1:
            raise Cancelled

    def attempt(thrift: Thrift) -> None:
        pipeline = diffusion.load_figure(runtime, thrift)
        held.extend(weakref.ref(part) for part in (pipeline.unet, pipeline.controlnet, pipeline.unet.conv_in.weight))
        compiled = diffusion.paint(pipeline, painting(), lambda fraction: None)
        assert np.abs(compiled.astype(int) - plain).max() <= 1
        made = counters["stats"]["unique_graphs"]
        assert made == 2, "UNet and ControlNet, whole"
        for change in ({"garment_weight": 0.3}, {"seed": 2}, {"steps": 3, "prompt": "a longer one"}):
            diffusion.paint(pipeline, replace(painting(), **change), lambda fraction: None)
        assert counters["stats"]["unique_graphs"] == made
        assert not counters["graph_break"]
        diffusion.paint(pipeline, painting(), steps.append, stop)

    with pytest.raises(Cancelled) as caught, runtime.turn():
        runtime.stepping_down(Thrift.WHOLE, attempt)
    assert caught.tb is not None
    assert len(steps) == 1
    assert [one() for one in held] == [None, None, None]


class Network:
    """Stands for a loaded network."""

    def __init__(self, placement: Placement) -> None:
        self.backend = placement.backend


def load(placement: Placement) -> Network:
    return Network(placement)


def backend_of(runtime: Runtime, thrift: Thrift, *models: str) -> str:
    return runtime.use(models or ("sam-vit-b",), load, thrift, compiles=True).backend


@pytest.mark.parametrize(
    ("start", "backend", "said"),
    [
        (Thrift.WHOLE, "eager", "yes"),
        (Thrift.TILED, "eager", "yes"),
        (Thrift.OFFLOADED, "", "no: only the network at work on the card"),
        (Thrift.STREAMED, "", "no: only the layers at work on the card"),
    ],
)
def test_what_does_not_stay_whole_on_the_card_is_not_compiled(
    compiling_runtime: Runtime, start: Thrift, backend: str, said: str
) -> None:
    notes: list[str] = []
    made = compiling_runtime.stepping_down(start, lambda thrift: backend_of(compiling_runtime, thrift), notes.append)
    assert made == backend
    assert compiling_runtime.compiled == said
    assert not notes


def test_after_memory_ran_out_the_job_goes_on_uncompiled_and_the_next_one_compiles(compiling_runtime: Runtime) -> None:
    tried: list[tuple[Thrift, str]] = []

    def attempt(thrift: Thrift) -> None:
        tried.append((thrift, backend_of(compiling_runtime, thrift)))
        if len(tried) == 1:
            # As inductor gives it on.
            raise torch._dynamo.exc.BackendCompilerFailed(
                "inductor", torch.OutOfMemoryError("CUDA out of memory"), None
            )

    compiling_runtime.stepping_down(Thrift.WHOLE, attempt)
    assert compiling_runtime.compiled == "no: memory had run out"
    compiling_runtime.stepping_down(Thrift.WHOLE, attempt)
    assert tried == [(Thrift.WHOLE, "eager"), (Thrift.TILED, ""), (Thrift.WHOLE, "eager")]
    assert compiling_runtime.compiled == "yes"


# Made in the test: torch takes seconds to import what compiles, and every process of the suite collects every test.
@pytest.mark.parametrize(
    "make",
    [
        lambda: torch._dynamo.exc.BackendCompilerFailed(
            "inductor", RuntimeError("No working C++ compiler found"), None
        ),
        lambda: RuntimeError("Failed to find C compiler. Please specify via CC environment variable"),
        lambda: PermissionError(13, "Permission denied", "/compiled"),
    ],
    ids=["inductor", "triton", "cache"],
)
def test_a_compiler_that_fails_costs_no_job_and_is_told_once(
    compiling_runtime: Runtime, make: Callable[[], Exception]
) -> None:
    fault = make()
    tried: list[tuple[Thrift, str]] = []
    notes: list[str] = []

    def attempt(thrift: Thrift) -> str:
        tried.append((thrift, backend := backend_of(compiling_runtime, thrift)))
        if backend:
            raise fault
        return "made"

    for _ in range(2):
        assert compiling_runtime.stepping_down(Thrift.WHOLE, attempt, notes.append) == "made"
    assert tried == [(Thrift.WHOLE, "eager"), (Thrift.WHOLE, ""), (Thrift.WHOLE, "")]
    assert len(notes) == 1
    assert notes[0].startswith("Networks not compiled: The compiler failed (")
    assert "modamoda doctor" in notes[0]
    assert compiling_runtime.compiled.startswith("no: The compiler failed")


def test_a_fault_that_is_not_the_compilers_is_not_hidden(compiling_runtime: Runtime) -> None:
    def attempt(thrift: Thrift) -> None:
        raise RuntimeError("a fault of the program")

    with pytest.raises(RuntimeError, match="a fault"):
        compiling_runtime.stepping_down(Thrift.WHOLE, attempt)


def test_an_evicted_network_is_compiled_again_and_only_where_that_is_wanted(
    runtime: Runtime, compiling_runtime: Runtime
) -> None:
    compiling_runtime.budget_mb = 25

    def attempt(thrift: Thrift) -> tuple[str, str]:
        first = weakref.ref(compiling_runtime.use(("sam-vit-b",), load, thrift, compiles=True))
        other = backend_of(compiling_runtime, thrift, "vitpose-base")
        gc.collect()
        assert first() is None
        return other, backend_of(compiling_runtime, thrift)

    assert compiling_runtime.stepping_down(Thrift.WHOLE, attempt) == ("eager", "eager")
    assert backend_of(compiling_runtime, Thrift.WHOLE) == "", "a draft, outside of any job"
    assert runtime.stepping_down(Thrift.WHOLE, lambda thrift: backend_of(runtime, thrift)) == ""
    assert runtime.compiled == ""


def test_what_is_missing_is_said_before_anything_is_compiled(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = toolchain.Lack(what="No C++ compiler was found.", remedy="Install one.")
    monkeypatch.setattr(compiling, "lack", lambda **_: missing)
    compiler, notes = Compiler(tmp_path), list[str]()
    one = Runtime(runtime.store, runtime.catalog, processor(), 10_000, compiler)
    for _ in range(2):
        assert one.stepping_down(Thrift.WHOLE, lambda thrift: backend_of(one, thrift), notes.append) == ""
    assert notes == [
        "Networks not compiled: No C++ compiler was found. Install one.",
    ]


@pytest.mark.parametrize(
    ("system", "found", "on_card", "what", "remedy"),
    [
        ("linux", ("gcc",), True, "", ""),
        ("linux", (), True, "No C compiler", "apt install"),
        ("linux", ("gcc",), False, "No C++ compiler", "apt install"),
        ("darwin", (), False, "No C++ compiler", "xcode-select"),
        ("win32", (), True, "", ""),
        ("win32", (), False, "No C++ compiler", "Build Tools"),
    ],
)
def test_the_compilers_that_torch_looks_for_are_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, found: tuple[str, ...], on_card: bool, what: str,
    remedy: str,
) -> None:  # fmt: skip
    (tmp_path / "Python.h").touch()
    monkeypatch.setattr(toolchain.sys, "platform", system)
    monkeypatch.setattr(toolchain.shutil, "which", lambda name: name if name in found else None)
    monkeypatch.setattr(toolchain.sysconfig, "get_paths", lambda: {"include": str(tmp_path)})
    for name in ("CC", "CXX"):
        monkeypatch.delenv(name, raising=False)
    missing = toolchain.lack(has_triton=True, on_card=on_card)
    assert (missing.what if missing else "").startswith(what)
    assert remedy in (missing.remedy if missing else "")
    assert bool(missing) == bool(what)


def test_a_card_needs_triton_and_everything_needs_headers_and_a_python_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(toolchain.shutil, "which", lambda name: name)
    monkeypatch.setattr(toolchain.sysconfig, "get_paths", lambda: {"include": str(tmp_path)})
    assert "Triton is missing" in toolchain.lack(has_triton=False).what
    assert "Python.h" in toolchain.lack(has_triton=True).what
    assert "Python.h" in toolchain.lack(has_triton=False, on_card=False).what
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "installed program" in toolchain.lack(has_triton=True).what


class Part(torch.nn.Module):
    """What a pipeline has for a UNet, as small as can be."""

    dtype, device, attn_processors = torch.float32, torch.device("cpu"), {}

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(4, 4)

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.silu(self.layer(given)) * 2


class Pipeline:
    """What has a UNet and no ControlNet."""

    def __init__(self) -> None:
        self.unet = Part()
        self.components = {"unet": self.unet}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("ignore")
def test_torchs_own_compiler_computes_the_same_on_the_processor() -> None:
    if missing := toolchain.lack(has_triton=False, on_card=False):
        pytest.skip(missing.what)
    pipeline, given = Pipeline(), torch.rand(2, 4)
    with torch.no_grad():
        expected = pipeline.unet(given)
        compiling.compile_parts(pipeline)
        assert torch.allclose(pipeline.unet(given), expected, atol=1e-5)
    compiling.forget()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_what_torchs_own_compiler_raises_without_a_compiler_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch._inductor.config as inductor

    monkeypatch.setattr(inductor.cpp, "cxx", (None, "no-such-compiler"))
    pipeline = Pipeline()
    compiling.compile_parts(pipeline)
    with torch.no_grad(), pytest.raises(compiling.FAULTS, match="No working C") as caught:
        pipeline.unet(torch.rand(3, 4))
    assert isinstance(caught.value, torch._dynamo.exc.TorchDynamoException)
    assert isinstance(caught.value, torch._inductor.exc.InductorError)
    compiling.forget()
