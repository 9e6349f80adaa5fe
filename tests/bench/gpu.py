"""Seconds and peak memory of SDXL + ControlNet + IP-Adapter at full size, with random weights, on this computer's card.

    python tests/bench/gpu.py [--steps 30] [--side 1024] [--budgets 8 12 16 24]

Random weights cost what real ones cost and need no download. The plain diffusers pipeline (everything on the card, one
picture) runs first in the same process; each row gives seconds for a picture, peak megabytes, and the ratio to it.
The number to reach is a ratio of 0.6; few-step schedulers are counted in rows of their own.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from studio.engine.gpu import device as devices
from studio.engine.gpu import diffusion
from studio.engine.gpu.runtime import RESERVE_MB, Runtime, Thrift, catalog_of
from studio.engine.models.catalog import Catalog
from studio.engine.models.store import ModelStore


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measurement."""

    what: str
    seconds: float
    peak_mb: int
    ratio: float


def main() -> int:
    """Measure and print the table. Exit 2 where there is no card."""
    options = _options()
    import torch

    if not torch.cuda.is_available():
        print("no CUDA device: nothing measured")
        return 2
    card = devices.choose()
    print(f"{card.title}, {card.total_mb} MB, torch {torch.__version__}, CUDA {torch.version.cuda}")
    with tempfile.TemporaryDirectory() as folder:
        _full_size_models(Path(folder))
        rows = _measure(Path(folder), card, options)
    for row in rows:
        print(f"{row.what:42} {row.seconds:7.2f} s {row.peak_mb:7d} MB {row.ratio:6.2f}")
    print(json.dumps([row.__dict__ for row in rows]))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--side", type=int, default=1024)
    parser.add_argument("--budgets", type=int, nargs="*", default=[8, 12, 16, 24], help="gigabytes")
    return parser.parse_args()


def _measure(folder: Path, card: devices.Device, options: argparse.Namespace) -> list[Row]:
    store, catalog = ModelStore(folder), catalog_of(folder)
    painting = _painting(options.side, options.steps)
    plain = _timed("plain diffusers pipeline", lambda: _plain(folder, card), painting, 0.0)
    rows = [replace(plain, ratio=1.0)]
    for budget in options.budgets:
        rows.append(_within(budget, store, catalog, card, painting, plain.seconds))
    rows.append(_compiled(store, catalog, card, painting, plain.seconds))
    few = replace(painting, steps=8, guidance=1.0)
    rows.append(_timed("8 steps without guidance", lambda: _ours(store, catalog, card, 999), few, plain.seconds))
    return rows


def _within(
    budget_gb: int, store: ModelStore, catalog: Catalog, card: devices.Device, painting: diffusion.Painting, base: float
) -> Row:
    """The engine held to a budget: what it would do on a card of that size, and whether it kept to it."""
    import torch

    torch.cuda.set_per_process_memory_fraction(min(1.0, budget_gb * 1024 / card.total_mb))
    try:
        runtime = Runtime(store, catalog, card, budget_gb * 1024 - RESERVE_MB)
        start = runtime.thrift_for(*diffusion.FIGURE_MODELS)
        reached: list[Thrift] = []

        def attempt(thrift: Thrift) -> Row:
            reached.append(thrift)
            name = f"{budget_gb} GB: {thrift.sentence}"
            return _timed(name, lambda: diffusion.load_figure(runtime, thrift), painting, base)

        row = runtime.stepping_down(start, attempt)
        runtime.give_back()
        return row
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)


def _compiled(
    store: ModelStore, catalog: Catalog, card: devices.Device, painting: diffusion.Painting, base: float
) -> Row:
    import torch

    def load() -> Any:
        pipeline = _ours(store, catalog, card, 999)
        pipeline.unet = torch.compile(pipeline.unet, mode="reduce-overhead", fullgraph=False)
        pipeline.controlnet = torch.compile(pipeline.controlnet, mode="reduce-overhead", fullgraph=False)
        return pipeline

    return _timed("compiled, channels last", load, painting, base)


def _ours(store: ModelStore, catalog: Catalog, card: devices.Device, budget_gb: int) -> Any:
    return diffusion.load_figure(Runtime(store, catalog, card, budget_gb * 1024), Thrift.WHOLE)


def _plain(folder: Path, card: devices.Device) -> Any:
    import torch
    from diffusers import AutoencoderKL, ControlNetModel, StableDiffusionXLControlNetInpaintPipeline

    half = {"dtype": torch.float16, "local_files_only": True}
    pipeline = StableDiffusionXLControlNetInpaintPipeline.from_pretrained(
        folder / "sdxl-base",
        variant="fp16",
        add_watermarker=False,
        vae=AutoencoderKL.from_pretrained(folder / "sdxl-vae-fp16", **half),
        controlnet=ControlNetModel.from_pretrained(folder / "controlnet-openpose-sdxl", **half),
        **half,
    )
    pipeline.set_progress_bar_config(disable=True)
    pipeline.load_ip_adapter(
        str(folder / "ip-adapter-sdxl"),
        subfolder="",
        weight_name="ip-adapter_sdxl_vit-h.safetensors",
        image_encoder_folder="image_encoder",
        local_files_only=True,
    )
    return pipeline.to(card.name)


def _timed(what: str, load: Callable[[], Any], painting: diffusion.Painting, base: float) -> Row:
    """Two pictures; the second counts, when kernels are chosen and compiled."""
    import gc

    import torch

    gc.collect()
    torch.cuda.empty_cache()
    pipeline = load()
    torch.cuda.reset_peak_memory_stats()
    seconds = 0.0
    for _ in range(2):
        torch.cuda.synchronize()
        started = time.perf_counter()
        diffusion.paint(pipeline, painting, lambda fraction: None)
        torch.cuda.synchronize()
        seconds = time.perf_counter() - started
    peak = torch.cuda.max_memory_reserved() >> 20
    return Row(what=what, seconds=seconds, peak_mb=int(peak), ratio=seconds / base if base else 0.0)


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


def _full_size_models(folder: Path) -> None:
    """SDXL's networks in their true sizes, random, in half precision, in the real layouts."""
    from tests.fakes import full_size_models

    full_size_models.build(folder)


if __name__ == "__main__":
    sys.exit(main())
