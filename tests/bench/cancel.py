"""How soon a figure that is being painted stops when it is cancelled, and how much of the memory comes back.

    python -m tests.bench.cancel [--device auto] [--side 512] [--tiny]

SDXL, ControlNet and IP-Adapter in a medium size with random weights (570 MB in half precision, twice that on the
processor) are loaded and cancelled three times: before the first step, amid one, and while the picture is decoded.
Memory is the card's as torch's allocator reserved it, or the process's own size on the processor. What libraries keep
of their own after the first load is told apart: it is there before the figure that is measured.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from studio.engine.gpu import device as devices
from studio.engine.gpu import diffusion
from studio.engine.gpu.device import Device
from studio.engine.gpu.runtime import Runtime, Thrift
from studio.engine.models.catalog import catalog_of
from studio.engine.models.store import ModelStore
from studio.errors import Cancelled
from tests.bench import gpu
from tests.fakes import full_size_models, torchvision

STEPS = 4
_DELAY_S = 0.1
MOMENTS = ("before the first step", "amid the second step", "while decoding")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A cancelled figure. step_s: seconds that a step takes. Megabytes before it, at the cancel, and afterwards."""

    moment: str
    step_s: float
    stopped_after_s: float
    before_mb: int
    during_mb: int
    after_mb: int

    @property
    def kept(self) -> float:
        """The share of what the figure took that did not come back."""
        return (self.after_mb - self.before_mb) / max(1, self.during_mb - self.before_mb)


def main(words: list[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default=devices.AUTO, help="auto, cuda:1, or cpu")
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--tiny", action="store_true", help="networks of a few megabytes, to see that it runs")
    parser.add_argument("--json", type=Path, help="where to write the table for machines")
    options = parser.parse_args(words)
    torchvision.make_importable()
    device = devices.choose(options.device)
    sizes = full_size_models.TINY if options.tiny else full_size_models.MEDIUM
    with tempfile.TemporaryDirectory() as folder:
        full_size_models.build(Path(folder), sizes, device.name)
        rows = measure(Path(folder), device, options.side)
    for row in rows:
        print(
            f"{row.moment:24} stopped after {row.stopped_after_s:5.2f} s (a step takes {row.step_s:.2f} s); "
            f"{row.before_mb} MB before, {row.during_mb} MB at the cancel, {row.after_mb} MB after, {row.kept:.0%} kept"
        )
    if options.json:
        options.json.write_text(json.dumps([asdict(row) | {"kept": row.kept} for row in rows], indent=1) + "\n")
    return 0


def measure(folder: Path, device: Device, side: int) -> list[Row]:
    """A row for each of `MOMENTS`. The first figure, whole, is for what libraries set up once."""
    runtime = Runtime(ModelStore(folder), catalog_of(folder), device, gpu.ENOUGH_MB)
    step_s = _whole(runtime, side)
    return [_cancelled(runtime, side, moment, step_s) for moment in MOMENTS]


def _whole(runtime: Runtime, side: int) -> float:
    times: list[float] = []
    meter = gpu.Meter(runtime.device)

    def on_step(fraction: float) -> None:
        meter.wait()  # a card is told of a step long before it has done it
        times.append(time.perf_counter())

    with runtime.turn():
        _paint(runtime, side, on_step, lambda: None)
        runtime.give_back()
    return (times[-1] - times[0]) / (STEPS - 1)


def _cancelled(runtime: Runtime, side: int, moment: str, step_s: float) -> Row:
    cancel, at, during = threading.Event(), [0.0], [0]
    before = held_mb(runtime.device)

    def pull() -> None:
        during[0], at[0] = held_mb(runtime.device), time.perf_counter()
        cancel.set()

    def checkpoint() -> None:
        if cancel.is_set():
            raise Cancelled

    # On a quick card the figure would be finished before a timer goes off: there the next layer is not begun.
    begin = threading.Timer(_DELAY_S, pull).start if step_s > 4 * _DELAY_S else pull
    steps = {MOMENTS[0]: None, MOMENTS[1]: 1, MOMENTS[2]: STEPS}[moment]
    on_step = _starter(begin, steps, gpu.Meter(runtime.device))
    try:
        with runtime.turn(checkpoint):
            _paint(runtime, side, on_step, checkpoint, begin if steps is None else None)
    except Cancelled:
        stopped = time.perf_counter()
    else:
        raise RuntimeError(f"the figure was finished before it could be cancelled {moment}")
    return Row(
        moment=moment,
        step_s=step_s,
        stopped_after_s=stopped - at[0],
        before_mb=before,
        during_mb=during[0],
        after_mb=held_mb(runtime.device),
    )


def _paint(
    runtime: Runtime,
    side: int,
    on_step: Callable[[float], None],
    checkpoint: Callable[[], None],
    begin: Callable[[], None] | None = None,
) -> None:
    """In a frame of its own, as the stages do it: who holds the pipeline when it is cancelled holds the memory."""
    pipeline = diffusion.load_figure(runtime, Thrift.WHOLE)
    if begin:
        begin()
    diffusion.paint(pipeline, gpu._painting(side, STEPS), on_step, checkpoint)


def _starter(begin: Callable[[], None], steps: int | None, meter: gpu.Meter) -> Callable[[float], None]:
    def on_step(fraction: float) -> None:
        if steps is not None and round(fraction * STEPS) == steps:
            meter.wait()
            begin()

    return on_step


def held_mb(device: Device) -> int:
    """What the process holds now."""
    if device.is_cuda:
        import torch

        return int(torch.cuda.memory_reserved(device.index)) >> 20
    import psutil

    return int(psutil.Process().memory_info().rss) >> 20


if __name__ == "__main__":
    sys.exit(main())
