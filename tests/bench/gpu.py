"""Seconds and peak memory of SDXL + ControlNet + IP-Adapter at full size, with random weights, on this computer's card.

    python -m tests.bench.gpu [--steps 30] [--side 1024] [--budgets 8 12 16 24] [--device auto] [--json FILE]
    python -m tests.bench.gpu --device cpu --tiny

Random weights cost what real ones cost and need no download (11 GB of disk are used meanwhile). The plain diffusers
pipeline (everything on the card, one picture) runs first in the same process; each row gives seconds for a picture,
peak megabytes, and the ratio to it, and the seconds of loading and of the first picture, which compiles. Rows are
printed, and kept in FILE, as they come: what is cut off leaves those before it. A budget is kept by torch's allocator,
which refuses what a card of that size could not give. The number to reach is a ratio of 0.6; schedulers of few steps
are counted in rows of their own, because their pictures are other ones. Guidance needs two answers of the networks a
step: both pipelines ask for them in one batch.

`--tiny` runs the same code on networks of a few megabytes: it shows that all of it runs, its figures mean nothing.
"""

import argparse
import contextlib
import functools
import gc
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from studio.engine.gpu import compiling, diffusion
from studio.engine.gpu import device as devices
from studio.engine.gpu.device import Device
from studio.engine.gpu.runtime import RESERVE_MB, Runtime, Thrift
from studio.engine.models.catalog import catalog_of
from studio.engine.models.store import ModelStore
from studio.errors import EngineError
from tests.fakes import full_size_models, torchvision

GOAL = 0.6
FEWER = "fewer steps: "
ENOUGH_MB = 1_000_000

Done = TypeVar("Done")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measurement.

    seconds: of the last picture. first_s: of the first one, which compiles. ratio: to the plain pipeline's seconds, 0 =
    that has none. is_picture: False = random weights overflowed half precision, which takes as long. note: why there
    are no figures, "" = there are.
    """

    what: str
    seconds: float = 0.0
    peak_mb: int = 0
    ratio: float = 0.0
    load_s: float = 0.0
    first_s: float = 0.0
    is_picture: bool = True
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What every row needs. base_s: seconds of the plain pipeline, 0 = that is being measured."""

    folder: Path
    device: Device
    painting: diffusion.Painting
    pictures: int
    is_tiny: bool
    base_s: float = 0.0
    meter: "Meter" = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "meter", Meter(self.device))

    def runtime(self, budget_mb: int = ENOUGH_MB) -> Runtime:
        """A runtime of its own, held to a budget by the catalog's figures."""
        return Runtime(ModelStore(self.folder), catalog_of(self.folder), self.device, budget_mb)

    def timed(self, what: str, load: Callable[[], Any], painting: diffusion.Painting | None = None) -> Row:
        """The last of several pictures, when kernels are chosen and compiled. Raises what runs out of memory."""
        self.meter.reset()
        pipeline, load_s = self.meter.clocked(load)
        taken: list[float] = []
        is_picture = True
        for _ in range(self.pictures):
            made, seconds = self.meter.clocked(lambda: _is_painted(pipeline, painting or self.painting))
            taken.append(seconds)
            is_picture = is_picture and made
        return Row(
            what=what,
            seconds=taken[-1],
            peak_mb=self.meter.peak_mb(),
            ratio=taken[-1] / self.base_s if self.base_s else 0.0,
            load_s=load_s,
            first_s=taken[0],
            is_picture=is_picture,
        )


def _is_painted(pipeline: Any, painting: diffusion.Painting) -> bool:
    """Paint; False where no picture came out of it, the only EngineError that painting has."""
    try:
        diffusion.paint(pipeline, painting, lambda fraction: None)
    except EngineError:
        return False
    return True


class Meter:
    """Peak memory of a device: what torch's allocator reserved on a card, the process's own size on the processor."""

    def __init__(self, device: Device) -> None:
        import torch

        self._device = device
        self._cuda = torch.cuda if device.is_cuda else None

    def reset(self) -> None:
        """Give back what nobody holds, what was compiled for other rows too, and begin to count anew."""
        compiling.forget()
        gc.collect()
        if self._cuda:
            self._cuda.empty_cache()
            self._cuda.reset_peak_memory_stats(self._device.index)

    def wait(self) -> None:
        """Until the card has done what it was told."""
        if self._cuda:
            self._cuda.synchronize(self._device.index)

    def clocked(self, work: Callable[[], Done]) -> tuple[Done, float]:
        """What `work` returns and the seconds until the card, too, was done with it."""
        self.wait()
        started = time.perf_counter()
        done = work()
        self.wait()
        return done, time.perf_counter() - started

    def peak_mb(self) -> int:
        """The most since the last reset; of the processor what is held now."""
        if self._cuda:
            return int(self._cuda.max_memory_reserved(self._device.index)) >> 20
        import psutil

        return int(psutil.Process().memory_info().rss) >> 20

    @contextlib.contextmanager
    def held_to(self, mb: int) -> Generator[None]:
        """Let the card give no more than so many megabytes; the processor is not held to anything."""
        if not self._cuda:
            yield
            return
        self._cuda.set_per_process_memory_fraction(min(1.0, mb / self._device.total_mb), self._device.index)
        try:
            yield
        finally:
            self._cuda.set_per_process_memory_fraction(1.0, self._device.index)


def main(words: list[str] | None = None) -> int:
    """Measure and print the table. Exit 2 where there is no card and no other device was named."""
    options = _options(words)
    torchvision.make_importable()
    try:
        device = devices.choose(options.device)
    except EngineError as error:
        print(f"{error.message} Nothing was measured.")
        return 2
    devices.self_test(device)
    print(_heading(device))
    sizes = full_size_models.TINY if options.tiny else full_size_models.REAL
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        full_size_models.build(Path(folder), sizes, device.name)
        for row in measure(Path(folder), device, options):
            rows.append(row)
            print(_line(row), flush=True)
            if options.json:
                table = {"device": device.title, "rows": [asdict(row) for row in rows]}
                options.json.write_text(json.dumps(table, indent=1) + "\n")
    best = min((row.ratio for row in rows if row.ratio and not row.what.startswith(FEWER)), default=0.0)
    print(f"best with all steps: {best:.2f} of the plain pipeline's time (to reach: {GOAL})")
    return 0


def measure(folder: Path, device: Device, options: argparse.Namespace) -> Iterator[Row]:
    """All rows, the plain pipeline's first."""
    painting = _painting(64 if options.tiny else options.side, 2 if options.tiny else options.steps)
    pictures = 1 if options.tiny else options.pictures
    bench = Bench(folder=folder, device=device, painting=painting, pictures=pictures, is_tiny=options.tiny)
    plain = _row("plain diffusers pipeline", lambda name: bench.timed(name, lambda: _plain(folder, device)))
    yield replace(plain, ratio=1.0 if plain.seconds else 0.0)
    bench = replace(bench, base_s=plain.seconds)
    for kind, make in KINDS.items():
        if kind in options.rows:
            yield from make(bench, options)


def _budgets(bench: Bench, options: argparse.Namespace) -> Iterator[Row]:
    for gb in options.budgets:
        yield _row(f"{gb} GB", functools.partial(_within, bench, gb))


def _wholes(bench: Bench, _: argparse.Namespace) -> Iterator[Row]:
    yield _prepared(bench, "whole", lambda pipeline: None)
    yield _prepared(bench, "whole, fused projections", fuse)


def _compiled(bench: Bench, _: argparse.Namespace) -> Iterator[Row]:
    backend = "eager" if bench.is_tiny else compiling.INDUCTOR

    def both(pipeline: Any) -> None:
        fuse(pipeline)
        compiling.compile_parts(pipeline, backend=backend)

    yield _prepared(bench, "whole, compiled", lambda pipeline: compiling.compile_parts(pipeline, backend=backend))
    yield _prepared(bench, "whole, fused and compiled", both)


def _fewer_steps(bench: Bench, _: argparse.Namespace) -> Iterator[Row]:
    few = replace(bench.painting, steps=min(bench.painting.steps, 20))
    quick = replace(bench.painting, steps=min(bench.painting.steps, 8), guidance=1.0)
    yield _prepared(bench, f"{FEWER}DPM-Solver++, {few.steps}", dpm_solver, few)
    yield _prepared(bench, f"{FEWER}Euler without guidance, {quick.steps}", lambda pipeline: None, quick)


# Short rows come first: streamed layers take the longest.
KINDS: dict[str, Callable[[Bench, argparse.Namespace], Iterator[Row]]] = {
    "whole": _wholes,
    "compiled": _compiled,
    "fewer": _fewer_steps,
    "budgets": _budgets,
}


def _prepared(
    bench: Bench, what: str, prepare: Callable[[Any], None], painting: diffusion.Painting | None = None
) -> Row:
    """The engine with room for everything, its pipeline changed by `prepare`."""

    def load() -> Any:
        pipeline = diffusion.load_figure(bench.runtime(), Thrift.WHOLE)
        prepare(pipeline)
        return pipeline

    return _row(what, lambda name: bench.timed(name, load, painting))


def _row(what: str, make: Callable[[str], Row]) -> Row:
    """The row, or one that says why there is none; the other rows are measured all the same."""
    try:
        return make(what)
    except EngineError as error:
        return Row(what=what, note=error.message)
    except compiling.FAULTS as error:
        if isinstance(error, RuntimeError) and devices.is_out_of_memory(error):
            return Row(what=what, note="ran out of memory")
        traceback.print_exc()
        return Row(what=what, note=f"failed: {type(error).__name__}: {str(error).strip()[:200]}")


def _within(bench: Bench, budget_gb: int, name: str) -> Row:
    """The engine held to a budget: what it would do on a card of that size, and whether it kept to it."""
    # The driver's own share of a card is none of the allocator's: a card of 8 GB has that much less to give.
    limit_mb = budget_gb * 1024 - RESERVE_MB
    with bench.meter.held_to(limit_mb):
        runtime = bench.runtime(limit_mb)
        start = runtime.thrift_for(*diffusion.FIGURE_MODELS)

        def attempt(thrift: Thrift) -> Row:
            smaller = _painting(bench.painting.picture.shape[0] * 3 // 4 // 8 * 8, bench.painting.steps)
            painting = smaller if thrift is Thrift.SMALLER else None
            stepped = "" if thrift is start else f" (after {start.sentence})"
            what = f"{name}: {thrift.sentence}{stepped}"
            return bench.timed(what, lambda: diffusion.load_figure(runtime, thrift), painting)

        row = runtime.stepping_down(start, attempt)
        runtime.give_back()
    return row


def fuse(pipeline: Any) -> None:
    """Query, key and value of each self-attention in one product.

    The UNet's own `fuse_qkv_projections` would put IP-Adapter's processors aside, which stand in its cross-attentions.
    """
    import torch
    from diffusers.models.attention_processor import Attention, FusedAttnProcessor2_0

    with torch.no_grad():
        for network in (pipeline.unet, pipeline.controlnet):
            for module in network.modules():
                if isinstance(module, Attention) and not module.is_cross_attention:
                    module.fuse_projections(fuse=True)
                    module.set_processor(FusedAttnProcessor2_0())


def dpm_solver(pipeline: Any) -> None:
    """DPM-Solver++ of second order (Lu et al. 2022) on Karras' noise levels, on the same networks."""
    from diffusers import DPMSolverMultistepScheduler

    pipeline.scheduler = DPMSolverMultistepScheduler.from_config(pipeline.scheduler.config, use_karras_sigmas=True)


def _plain(folder: Path, device: Device) -> Any:
    """As a manual would have it: loaded, adapter added, put on the card."""
    from diffusers import AutoencoderKL, ControlNetModel, StableDiffusionXLControlNetInpaintPipeline

    how = {"dtype": devices.torch_dtype(device.precision), "local_files_only": True}
    pipeline = StableDiffusionXLControlNetInpaintPipeline.from_pretrained(
        folder / "sdxl-base",
        variant="fp16",
        add_watermarker=False,
        vae=AutoencoderKL.from_pretrained(folder / "sdxl-vae-fp16", **how),
        controlnet=ControlNetModel.from_pretrained(folder / "controlnet-openpose-sdxl", **how),
        **how,
    )
    pipeline.set_progress_bar_config(disable=True)
    pipeline.load_ip_adapter(
        str(folder / "ip-adapter-sdxl"),
        subfolder="",
        weight_name="ip-adapter_sdxl_vit-h.safetensors",
        image_encoder_folder="image_encoder",
        local_files_only=True,
    )
    return pipeline.to(device.name)


def _painting(side: int, steps: int) -> diffusion.Painting:
    picture = np.random.default_rng(0).integers(0, 255, (side, side, 3)).astype(np.uint8)
    mask = np.full((side, side), 255, np.uint8)
    mask[side // 4 : side * 3 // 4, side // 4 : side * 3 // 4] = 0
    return diffusion.Painting(
        picture=picture,
        mask=mask,
        garment=picture[::2, ::2],
        skeleton=picture,
        prompt="fashion catalogue photograph of a woman wearing a t-shirt",
        negative="mannequin",
        seed=0,
        steps=steps,
        strength=1.0,
    )


def _heading(device: Device) -> str:
    import diffusers
    import torch

    versions = f"torch {torch.__version__}, CUDA {torch.version.cuda}, diffusers {diffusers.__version__}"
    return f"{device.title} ({device.name}), {device.total_mb} MB, {versions}"


def _line(row: Row) -> str:
    if row.note:
        return f"{row.what:60} {row.note}"
    first = f"  (loading {row.load_s:.0f} s, first picture {row.first_s:.1f} s)"
    overflow = "" if row.is_picture else "  half precision overflowed"
    return f"{row.what:60} {row.seconds:7.2f} s {row.peak_mb:7d} MB {row.ratio:6.2f}{first}{overflow}"


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--side", type=int, default=1024)
    parser.add_argument("--pictures", type=int, default=2, help="the last one is what a row tells")
    parser.add_argument("--budgets", type=int, nargs="*", default=[8, 12, 16, 24], help="gigabytes")
    parser.add_argument("--device", default=devices.AUTO, help="auto, cuda:1, or cpu")
    parser.add_argument("--tiny", action="store_true", help="networks of a few megabytes, 64 pixels, two steps")
    parser.add_argument(
        "--rows", nargs="*", choices=list(KINDS), default=list(KINDS), help="beside the plain pipeline's"
    )
    parser.add_argument("--json", type=Path, help="where to write the table for machines")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
