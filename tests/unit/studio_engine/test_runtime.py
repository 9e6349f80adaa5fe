"""Memory: budget, eviction, stepping down; devices and their test."""

import gc
import threading
import weakref
from dataclasses import replace

import pytest
import torch

from studio.engine.gpu import device as devices
from studio.engine.gpu.runtime import Placement, Runtime, Thrift, steps_from
from studio.errors import Cancelled, EngineError


class Network:
    """Stands for a loaded network."""


def load_first(placement: Placement) -> Network:
    return Network()


def load_second(placement: Placement) -> Network:
    return Network()


def test_a_network_is_loaded_once_and_given_again(runtime: Runtime) -> None:
    first = runtime.use(("sam-vit-b",), load_first)
    assert runtime.use(("sam-vit-b",), load_first) is first
    assert runtime.use(("sam-vit-b",), load_second) is not first


def test_the_least_recently_used_network_makes_room(runtime: Runtime) -> None:
    runtime.budget_mb = 45
    first = weakref.ref(runtime.use(("sam-vit-b",), load_first))
    second = weakref.ref(runtime.use(("vitpose-base",), load_second))
    runtime.use(("sam-vit-b",), load_first)
    runtime.use(("clip-vit-l-14",), load_first)
    gc.collect()
    assert second() is None
    assert first() is not None
    assert runtime.resident_mb <= 45


def test_giving_back_leaves_nothing_in_memory(runtime: Runtime) -> None:
    held = weakref.ref(runtime.use(("sam-vit-b",), load_first))
    runtime.give_back()
    assert held() is None
    assert runtime.resident_mb == 0


def test_a_cancelled_turn_gives_the_memory_back(runtime: Runtime) -> None:
    runtime.use(("sam-vit-b",), load_first)
    with pytest.raises(Cancelled), runtime.turn():
        raise Cancelled
    assert runtime.resident_mb == 0


@pytest.mark.parametrize(
    ("budget_mb", "thrift"), [(1000, Thrift.WHOLE), (78, Thrift.TILED), (60, Thrift.OFFLOADED), (20, Thrift.STREAMED)]
)
def test_a_small_budget_is_met_with_thrift_from_the_start(runtime: Runtime, budget_mb: int, thrift: Thrift) -> None:
    runtime.budget_mb = budget_mb
    ids = ("sdxl-base", "sdxl-vae-fp16", "controlnet-openpose-sdxl", "ip-adapter-sdxl")
    assert runtime.thrift_for(*ids) is thrift


def test_running_out_of_memory_tries_each_more_sparing_step_once(runtime: Runtime) -> None:
    tried: list[Thrift] = []
    said: list[str] = []

    def attempt(thrift: Thrift) -> str:
        tried.append(thrift)
        if thrift < Thrift.STREAMED:
            raise torch.OutOfMemoryError("forced")
        return "made"

    assert runtime.stepping_down(Thrift.TILED, attempt, said.append) == "made"
    assert tried == [Thrift.TILED, Thrift.OFFLOADED, Thrift.STREAMED]
    assert said == [
        "The graphics card ran out of memory: this picture was made with only the layers at work on the card."
    ]


@pytest.mark.parametrize(
    "words",
    [
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "CUDA error: out of memory",
        "GET was unable to find an engine to execute this computation",
        "[enforce fail at alloc_cpu.cpp:121] . DefaultCPUAllocator: can't allocate memory",
    ],
)
def test_libraries_that_have_only_words_for_a_lack_of_memory_are_understood(runtime: Runtime, words: str) -> None:
    tries = iter([True, False])

    def attempt(thrift: Thrift) -> Thrift:
        if next(tries):
            raise RuntimeError(words)
        return thrift

    assert runtime.stepping_down(Thrift.WHOLE, attempt) is Thrift.TILED


def test_a_network_that_cannot_be_sparing_gets_the_memory_of_the_others(runtime: Runtime) -> None:
    other = weakref.ref(runtime.use(("sam-vit-b",), load_first))

    def attempt() -> str:
        if other() is not None:
            raise torch.OutOfMemoryError("forced")
        return "made"

    assert runtime.by_itself(attempt) == "made"


def test_a_network_too_large_even_alone_is_an_error_with_the_remedy(runtime: Runtime) -> None:
    def attempt() -> None:
        raise torch.OutOfMemoryError("forced")

    with pytest.raises(EngineError, match="nothing else in it"):
        runtime.by_itself(attempt)


def test_a_cancelled_turn_lets_go_of_what_the_exceptions_frames_hold(runtime: Runtime) -> None:
    held: list[weakref.ref] = []

    def work() -> None:
        network = runtime.use(("sam-vit-b",), load_first)
        held.append(weakref.ref(network))
        assert locals()["network"] is network
        raise Cancelled

    with pytest.raises(Cancelled) as caught, runtime.turn():
        work()
    assert held[0]() is None
    assert caught.tb is not None


def test_a_card_too_small_for_anything_is_an_error_with_the_remedy(runtime: Runtime) -> None:
    def attempt(thrift: Thrift) -> str:
        raise torch.OutOfMemoryError("forced")

    with pytest.raises(EngineError, match="Graphics memory too small") as caught:
        runtime.stepping_down(Thrift.WHOLE, attempt)
    assert "8 GB" in caught.value.hint


def test_other_faults_are_not_taken_for_a_lack_of_memory(runtime: Runtime) -> None:
    def attempt(thrift: Thrift) -> str:
        raise RuntimeError("a fault of the program")

    with pytest.raises(RuntimeError, match="a fault"):
        runtime.stepping_down(Thrift.WHOLE, attempt)


def test_every_step_has_a_sentence_of_its_own() -> None:
    assert len({thrift.sentence for thrift in steps_from(Thrift.WHOLE)}) == len(Thrift)


def test_who_waits_for_the_card_heeds_its_cancellation(runtime: Runtime) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with runtime.turn():
            entered.set()
            leave.wait(10)

    def stop() -> None:
        raise Cancelled

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait(10)
    with pytest.raises(Cancelled), runtime.turn(stop):
        pass
    leave.set()
    holder.join()


def test_the_first_model_that_is_here_is_taken(runtime: Runtime) -> None:
    assert runtime.first_of("sam-vit-h", "sam-vit-b") == "sam-vit-b"
    with pytest.raises(EngineError, match="sam-vit-h"):
        runtime.first_of("sam-vit-h", "sam-vit-l")


def test_the_processor_passes_the_self_test() -> None:
    devices.self_test(devices.processor())


def test_a_device_that_computes_wrongly_fails_the_self_test(monkeypatch: pytest.MonkeyPatch) -> None:
    real = torch.nn.functional.conv2d
    monkeypatch.setattr(torch.nn.functional, "conv2d", lambda *words, **options: real(*words, **options) + 1)
    with pytest.raises(EngineError, match="computes wrongly"):
        devices.self_test(devices.processor())


def test_a_device_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(EngineError, match="no device cuda:7"):
        devices.choose("cuda:7")


def test_old_cards_compute_in_single_precision() -> None:
    card = devices.Device(name="cuda:0", title="GTX 1080", total_mb=8000, capability=(6, 1))
    assert card.precision == "fp32"
    assert replace(card, capability=(8, 6)).precision == "fp16"


@pytest.fixture
def on_card(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """A runtime that reckons as on a card; what it loads here are stand-ins."""
    monkeypatch.setattr(Runtime, "_collect", lambda self: gc.collect())
    card = devices.Device(name="cuda:0", title="card", total_mb=8000, capability=(8, 6))
    return Runtime(runtime.store, runtime.catalog, card, budget_mb=18)


def test_an_offloaded_network_takes_the_card_only_while_it_works(on_card: Runtime) -> None:
    resting = weakref.ref(on_card.use(("sdxl-base",), load_first, Thrift.OFFLOADED))
    other = weakref.ref(on_card.use(("sam-vit-b", "vitpose-base"), load_second, Thrift.TILED))
    gc.collect()
    assert resting() is not None
    assert on_card.use(("sdxl-base",), load_first, Thrift.OFFLOADED) is resting()
    gc.collect()
    assert other() is None


def test_of_the_networks_that_wait_in_the_computers_memory_one_is_kept(on_card: Runtime) -> None:
    first = weakref.ref(on_card.use(("sdxl-base",), load_first, Thrift.OFFLOADED))
    on_card.use(("sdxl-inpaint",), load_first, Thrift.STREAMED)
    gc.collect()
    assert first() is None


def test_the_budget_is_measured_anew_once_nothing_is_in_memory(runtime: Runtime) -> None:
    class Changing(devices.Device):
        def free_mb(self) -> int:
            return next(free)

    free = iter((640, 700))
    device = Changing(name="cpu", title="processor", total_mb=1000)
    changing = Runtime(runtime.store, runtime.catalog, device)
    assert changing.thrift_for("sdxl-base", "sdxl-vae-fp16", "controlnet-openpose-sdxl") is Thrift.OFFLOADED
    assert changing.thrift_for("sdxl-base", "sdxl-vae-fp16", "controlnet-openpose-sdxl") is Thrift.WHOLE


@pytest.mark.parametrize(("built", "chosen"), [(["sm_75", "sm_120"], "cuda:1"), (["sm_70"], "cuda:0"), ([], "cuda:0")])
def test_a_card_that_torch_has_no_kernels_for_is_the_last_to_be_chosen(
    monkeypatch: pytest.MonkeyPatch, built: list[str], chosen: str
) -> None:
    old = devices.Device(name="cuda:0", title="old", total_mb=32_000, capability=(7, 0))
    new = devices.Device(name="cuda:1", title="new", total_mb=24_000, capability=(12, 0))
    monkeypatch.setattr(devices, "graphics_cards", lambda: (old, new))
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: built)
    assert devices.choose().name == chosen
