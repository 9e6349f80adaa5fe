"""Networks in memory, within a budget: the least recently used goes first, and out of memory steps down for one job."""

import contextlib
import ctypes
import enum
import functools
import gc
import logging
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from studio.engine.gpu import compiling, libraries
from studio.engine.gpu import device as devices
from studio.engine.gpu.compiling import Compiler
from studio.engine.gpu.device import Device
from studio.engine.models.catalog import Catalog, ModelEntry, Precision, catalog_of
from studio.engine.models.store import ModelStore
from studio.engine.stage import StageContext
from studio.errors import Cancelled, EngineError
from studio.model import ModelUsed

log = logging.getLogger(__name__)

RESERVE_MB = 600  # what the driver, the desktop and the allocator's gaps keep from us

_one_at_a_time = threading.Lock()

Loaded = TypeVar("Loaded")
Made = TypeVar("Made")


class Thrift(enum.IntEnum):
    """How sparingly a network is run; each step needs less memory and more time than the one before."""

    WHOLE = 0
    TILED = 1  # the VAE works on tiles
    OFFLOADED = 2  # only the part at work is on the card
    STREAMED = 3  # of each part only the layers at work
    SMALLER = 4  # and a smaller picture

    @property
    def sentence(self) -> str:
        """What a report says of it."""
        return {
            Thrift.WHOLE: "everything stays on the card",
            Thrift.TILED: "decoding in tiles",
            Thrift.OFFLOADED: "only the network at work on the card",
            Thrift.STREAMED: "only the layers at work on the card",
            Thrift.SMALLER: "a smaller working size",
        }[self]


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where and how a network is to be put: given to the function that loads it.

    backend: what is to compile it, by torch's name; "" = nothing.
    """

    device: Device
    precision: Precision
    thrift: Thrift
    backend: str = ""

    @property
    def dtype(self) -> object:
        """torch's name of the precision."""
        return devices.torch_dtype(self.precision)


@dataclass(frozen=True, kw_only=True)
class _Resident:
    """A network in memory. rests_mb: what of it stays on the device between two uses. is_offloaded: what does not stay
    there waits in the computer's memory."""

    model: Any
    rests_mb: int
    is_offloaded: bool


class Runtime:
    """The networks of one process on one device."""

    def __init__(
        self,
        store: ModelStore,
        catalog: Catalog,
        device: Device,
        budget_mb: int | None = None,
        compiler: Compiler | None = None,
    ) -> None:
        """budget_mb: memory to keep within; None = what other programs leave free, less a reserve, measured whenever
        no network is in memory. compiler: what compiles the networks that may be compiled; None = they are not."""
        self.store = store
        self.catalog = catalog
        self.device = device
        self.budget_mb = budget_mb
        self.compiled = ""
        """What a report says of compiling in the picture made last; "" = it is not wanted."""
        self._compiler = compiler
        self._compiles = False
        self._measured_mb = 0
        self._resident: OrderedDict[str, _Resident] = OrderedDict()
        self._turn = threading.RLock()

    @contextlib.contextmanager
    def turn(self, checkpoint: Callable[[], None] = lambda: None) -> Generator[None]:
        """Have the device to oneself: jobs side by side take turns, and heed their cancellation while they wait.

        Who cancels wants the card for something else, so a turn that is cancelled gives all memory back.
        """
        while not self._turn.acquire(timeout=0.2):
            checkpoint()
        try:
            yield
        except Cancelled as stopped:
            _let_go(stopped)
            self.give_back()
            raise
        finally:
            self._turn.release()

    def folder(self, model_id: str) -> Path:
        """The folder of a model that is complete and may be used. Raises EngineError with the remedy."""
        return self.store.require(self.catalog.find(model_id))

    def has(self, model_id: str) -> bool:
        """Whether a model is complete and may be used."""
        try:
            self.folder(model_id)
        except EngineError:
            return False
        return True

    def first_of(self, *model_ids: str) -> str:
        """The first of several models that is here. Raises EngineError for the first where none is."""
        for model_id in model_ids:
            if self.has(model_id):
                return model_id
        self.folder(model_ids[0])
        return model_ids[0]

    def used(self, *model_ids: str) -> tuple[ModelUsed, ...]:
        """What a report says of these models."""
        return tuple(self.store.used(self.catalog.find(model_id)) for model_id in model_ids)

    def precision(self, entries: tuple[ModelEntry, ...]) -> Precision:
        """The device's precision, or single where one of the models comes in no other."""
        known = all(self.device.precision in entry.memory_mb for entry in entries)
        return self.device.precision if known else Precision.FP32

    def thrift_for(self, *model_ids: str) -> Thrift:
        """How sparing to be from the start, so that these models together keep within the budget."""
        entries = tuple(self.catalog.find(model_id) for model_id in model_ids)
        sizes = [entry.memory_for(self.precision(entries)) for entry in entries]
        budget_mb = self._allowed_mb()
        if sum(sizes) <= budget_mb:
            return Thrift.WHOLE
        # The largest is a pipeline whose greatest part is about three quarters of it; that part stays when offloaded.
        largest = max(sizes)
        if sum(sizes) - largest // 8 <= budget_mb:
            return Thrift.TILED
        others = sorted(sizes)[-2] if len(sizes) > 1 else 0
        return Thrift.OFFLOADED if largest * 3 // 4 + others <= budget_mb else Thrift.STREAMED

    def use(
        self,
        model_ids: tuple[str, ...],
        load: Callable[[Placement], Loaded],
        thrift: Thrift = Thrift.WHOLE,
        *,
        on_device: bool = True,
        compiles: bool = False,
    ) -> Loaded:
        """The network made by `load` from these models, the one in memory or loaded, after making room for its work.

        One network is kept for each `load` function, set of models and thrift, compiled and not. on_device: False = it
        works on the processor whatever the device. compiles: whether `load` heeds a placement's `backend`, which is
        named where compiling is wanted and pays. Raises EngineError for missing files.
        """
        backend = self._compiler.backend if compiles and self._compiler and self._compiles else ""
        key = f"{load.__module__}.{load.__qualname__} {' '.join(model_ids)} {thrift} {backend}"
        entries = tuple(self.catalog.find(model_id) for model_id in model_ids)
        precision = self.precision(entries)
        mb = sum(entry.memory_for(precision) for entry in entries) if on_device else 0
        is_offloaded = self.device.is_cuda and thrift >= Thrift.OFFLOADED
        budget_mb = self._allowed_mb()
        resident = self._resident.pop(key, None)
        self._make_room(_share(mb, thrift), budget_mb, is_offloaded=is_offloaded)
        if resident is None:
            log.debug("loading %s in %s, %s", " ".join(model_ids), precision, thrift.sentence)
            model = load(Placement(device=self.device, precision=precision, thrift=thrift, backend=backend))
            if self.device.is_cuda:
                _trim_heap()  # what was read on its way to the card
            rests_mb = _at_rest(mb, thrift) if is_offloaded else _share(mb, thrift)
            resident = _Resident(model=model, rests_mb=rests_mb, is_offloaded=is_offloaded)
        self._resident[key] = resident
        return cast(Loaded, resident.model)

    @property
    def resident_mb(self) -> int:
        """The catalog's sum for what stays on the device."""
        return sum(resident.rests_mb for resident in self._resident.values())

    def give_back(self) -> None:
        """Put every network out of memory, and the memory out of torch's hands."""
        self._resident.clear()
        self._collect()
        if self._compiler:
            compiling.forget()

    def _allowed_mb(self) -> int:
        if self.budget_mb is not None:
            return self.budget_mb
        if not self._resident:
            self._measured_mb = max(0, self.device.free_mb() - RESERVE_MB)
        return self._measured_mb

    def _make_room(self, mb: int, budget_mb: int, *, is_offloaded: bool) -> None:
        """Evict what has not been used for longest, until `mb` have room on the device; and what waits in the
        computer's memory, before another network is to wait there."""
        evicted = False
        for name, resident in list(self._resident.items()):
            is_in_the_way = resident.rests_mb and self.resident_mb + mb > budget_mb
            if is_in_the_way or (is_offloaded and resident.is_offloaded):
                del self._resident[name]
                log.debug("evicted %s", name)
                evicted = True
        if evicted:
            self._collect()

    def _collect(self) -> None:
        # Pipelines hold themselves in cycles; the card's memory comes back only when those are gone.
        gc.collect()
        if self.device.is_cuda:
            libraries.torch().cuda.empty_cache()
            libraries.torch().accelerator.empty_host_cache()  # pinned memory
        _trim_heap()

    def stepping_down(
        self, start: Thrift, attempt: Callable[[Thrift], Made], noted: Callable[[str], None] = lambda sentence: None
    ) -> Made:
        """What `attempt` makes, called again one step more sparing whenever memory runs out.

        Only the first call may compile; where that fails it is called once more without. noted: told in a sentence for
        the report if another step than `start` made it, or if compiling failed, once. Raises EngineError when the most
        sparing step ran out too.
        """
        for thrift, compiles in self._ways(start):
            self._compiles = compiles
            try:
                made = attempt(thrift)
            except compiling.FAULTS as error:
                if isinstance(error, RuntimeError) and devices.is_out_of_memory(error):
                    log.info("out of memory with %s", thrift.sentence)
                elif compiles and self._compiler:
                    self._compiler.failed(error)
                else:
                    raise
            else:
                if thrift > start:
                    noted(f"The graphics card ran out of memory: this picture was made with {thrift.sentence}.")
                self._say_of_compiling(start, thrift, noted)
                return made
            finally:
                self._compiles = False
            # Outside of the handler: the exception's frames would keep what is to be given back.
            self.give_back()
        raise EngineError(
            "Graphics memory too small",
            f"{self.device.title} ({self.device.total_mb} MB) ran out of memory even with {Thrift.SMALLER.sentence}.",
            "Close other programs that use the card, or use a card with at least 8 GB.",
        )

    def _ways(self, start: Thrift) -> Iterator[tuple[Thrift, bool]]:
        """Every step with whether networks are compiled in it; `start` comes twice where compiling fails in it."""
        if self._compiler and start <= Thrift.TILED and self._compiler.can(self.device):
            yield start, True
            if self._compiler.failure is None:  # memory ran out
                start = Thrift(start + 1)
        yield from ((thrift, False) for thrift in steps_from(start))

    def _say_of_compiling(self, start: Thrift, thrift: Thrift, noted: Callable[[str], None]) -> None:
        if self._compiler is None:
            return
        if warning := self._compiler.warning():
            noted(warning)
        if thrift > start:
            self.compiled = "no: memory had run out"
        elif start > Thrift.TILED:
            self.compiled = f"no: {start.sentence}"
        else:
            self.compiled = f"no: {self._compiler.failure.message}" if self._compiler.failure else "yes"

    def by_itself(self, attempt: Callable[[], Made]) -> Made:
        """What `attempt` makes; where memory runs out, once more with everything else put out of memory.

        For networks that know no more sparing way; `attempt` gets them by `use`, so that none is held from outside.
        Raises EngineError when memory ran out again.
        """
        for _ in range(2):
            try:
                return attempt()
            except RuntimeError as error:
                if not devices.is_out_of_memory(error):
                    raise
                log.info("out of memory, with %d MB of networks in it", self.resident_mb)
            self.give_back()
        raise EngineError(
            "Graphics memory too small",
            f"{self.device.title} ({self.device.total_mb} MB) ran out of memory even with nothing else in it.",
            "Close other programs that use the card, or use a card with at least 8 GB.",
        )


def steps_from(start: Thrift) -> Iterator[Thrift]:
    """`start` and every more sparing step after it."""
    yield from (thrift for thrift in Thrift if thrift >= start)


def _let_go(stopped: Cancelled) -> None:
    """Empty the frames that it was thrown through: they hold networks and what these were computing."""
    for frame, _ in traceback.walk_tb(stopped.__traceback__):
        try:
            frame.clear()
        except RuntimeError:  # not thrown through yet
            continue
        # A frame that called locals(), as pipelines do for their callbacks, keeps the answer until it is asked for
        # anew (CPython before 3.13).
        len(frame.f_locals)


def _trim_heap() -> None:
    """Hand freed memory back to the system; glibc would keep the gigabytes of a network for the next one."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def runtime_of(context: StageContext) -> Runtime:
    """The runtime that a job's stages share; the device is tested when it is first used. Raises EngineError."""
    if context.models is None:
        raise EngineError(
            "Studio engine not set up", "No folder of models was named.", "Use --engine starter, or fetch the models."
        )
    with _one_at_a_time:
        return _runtime(context.models, context.device, context.compiled)


def forget() -> None:
    """Give the shared runtimes up, with all that they hold."""
    with _one_at_a_time:
        _runtime.cache_clear()
    gc.collect()


# Two: the card's, and the processor's where a job of the starter engine enlarges in between.
@functools.lru_cache(maxsize=2)
def _runtime(folder: Path, wanted: str, compiled: Path | None) -> Runtime:
    device = devices.choose(wanted)
    devices.self_test(device)
    log.info("the studio engine works on %s", device.title)
    compiler = Compiler(compiled) if compiled else None
    return Runtime(ModelStore(folder), catalog_of(folder), device, compiler=compiler)


def _share(mb: int, thrift: Thrift) -> int:
    """What is on the card at work, roughly: the whole, without the decoder's peak, the largest part, a few layers."""
    return (
        mb * {Thrift.WHOLE: 8, Thrift.TILED: 7, Thrift.OFFLOADED: 5, Thrift.STREAMED: 2, Thrift.SMALLER: 2}[thrift] // 8
    )


def _at_rest(mb: int, thrift: Thrift) -> int:
    """What of an offloaded pipeline stays on the card between two pictures: nothing, or the decoder."""
    return 0 if thrift is Thrift.OFFLOADED else mb // 32
