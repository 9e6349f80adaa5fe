"""Trains the starter network; stopped at any moment it goes on from its last checkpoint.

usage: python -m training.train [--config FILE] [--stop-after MINUTES]
"""

import argparse
import hashlib
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from training.augment import augment, beside
from training.config import Config, Phase, load
from training.data import Packed, cc0_photographs, open_packed, read_rgb
from training.loss import Losses, losses
from training.net import GarmentNet, Raw
from training.picture import Library, Render, Rng, Sample
from training.published import freeze, load_published

ASPECTS = ((3, 4), (3, 4), (2, 3), (1, 1), (4, 3))  # width : height


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Tensors of one step: float32, images (B, 3, H, W) sRGB-encoded 0..1, targets (B, 4, H, W) summing to 1."""

    image: Tensor
    target: Tensor
    ghost: Tensor
    has_ghost: Tensor  # (B,) 0 or 1


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where in the run a step lies; `done` is the share of its phase that is over, 0..1."""

    number: int
    phase: Phase
    done: float


def steps(config: Config, start: int = 0) -> Iterator[Step]:
    """Every step from number `start` on."""
    number = 0
    for phase in config.train.phases:
        for i in range(phase.steps):
            if number >= start:
                yield Step(number=number, phase=phase, done=i / phase.steps)
            number += 1


def frame(phase: Phase, rng: Rng) -> tuple[int, int]:
    """Height and width of a batch, multiples of 32, about the area of a 3:4 picture of the phase's long side."""
    width, height = ASPECTS[int(rng.integers(len(ASPECTS)))]
    area = phase.long_side**2 * 0.75
    scale = math.sqrt(area / (width * height))
    return max(64, round(height * scale / 32) * 32), max(64, round(width * scale / 32) * 32)


def target(sample: Sample) -> NDArray[np.float32]:
    """Coverage of background, mannequin, garment, inner: (4, H, W), sum 1."""
    garment, inner = sample.garment, sample.inner
    mannequin = np.clip(sample.mannequin - inner, 0, 1)
    rest = np.clip(1 - garment - mannequin - inner, 0, 1)
    stacked = np.stack([rest, mannequin, garment, inner])
    return (stacked / stacked.sum(0, keepdims=True)).astype(np.float32)


class Batches(IterableDataset[Batch]):
    """Augmented batches; what step n holds depends on the seed and n alone."""

    def __init__(self, config: Config, start: int) -> None:
        super().__init__()
        self.config = config
        self.start = start

    def __iter__(self) -> Iterator[Batch]:
        cv2.setNumThreads(1)
        packed = open_packed(self.config.data.packed)
        rows = packed.rows(held_out=False, every=self.config.data.validation_every)
        library = open_library(self.config.data.backdrops)
        worker = get_worker_info()
        share, mine = (worker.num_workers, worker.id) if worker else (1, 0)
        for i, step in enumerate(steps(self.config, self.start)):
            if i % share == mine:
                rng = np.random.default_rng([self.config.train.seed, step.number])
                yield self.batch(packed, rows, library, step, rng)

    def batch(self, packed: Packed, rows: list[int], library: Library, step: Step, rng: Rng) -> Batch:
        size = frame(step.phase, rng)
        likely = weights(packed, rows, self.config.train.ghost_weight)

        def sample(height: int, width: int) -> Sample:
            chosen = render(packed, int(rng.choice(rows, p=likely)))
            return augment(chosen, (height, width), library, self.config.augment, rng)

        def one_or_two() -> Sample:
            if rng.random() >= self.config.augment.beside:
                return sample(*size)
            return beside(sample(size[0], size[1] // 2), sample(size[0], size[1] - size[1] // 2))

        samples = [one_or_two() for _ in range(step.phase.batch)]
        return Batch(
            image=torch.from_numpy(np.stack([s.photo.transpose(2, 0, 1) for s in samples]).astype(np.float32)),
            target=torch.from_numpy(np.stack([target(s) for s in samples])),
            ghost=torch.from_numpy(np.stack([s.ghost.transpose(2, 0, 1) for s in samples]).astype(np.float32)),
            has_ghost=torch.tensor([float(s.has_ghost) for s in samples]),
        )


def weights(packed: Packed, rows: list[int], ghost_weight: float) -> NDArray[np.float64]:
    """How likely each row is drawn: rare kinds oftener, and those with a ghost, which teach the colour."""
    kinds = np.array([str(packed.info[row]["kind"]) for row in rows])
    _, which, counts = np.unique(kinds, return_inverse=True, return_counts=True)
    weight = np.where(packed.ghost_of[rows] >= 0, ghost_weight, 1.0) / counts[which] ** 0.5
    return weight / weight.sum()


def render(packed: Packed, row: int) -> Render:
    """One packed render."""
    ghost = int(packed.ghost_of[row])
    return Render(photo=packed.photos[row], masks=packed.masks[row], ghost=packed.ghosts[ghost] if ghost >= 0 else None)


def open_library(folder: Path) -> Library:
    """The CC0 photographs, as float pictures of at most 640 pixels."""
    pictures = [read_rgb(path) for path in cc0_photographs(folder)]
    return Library(photographs=[picture.astype(np.float32) / 255 for picture in pictures])


@dataclass(kw_only=True)
class Run:
    """Everything a checkpoint holds."""

    net: GarmentNet
    average: GarmentNet
    optimizer: torch.optim.AdamW
    step: int

    def save(self, path: Path) -> None:
        state = {f.name: getattr(self, f.name) for f in fields(self)}
        weights = {name: part if name == "step" else part.state_dict() for name, part in state.items()}
        unfinished = path.with_suffix(".part")
        torch.save(weights, unfinished)
        unfinished.replace(path)

    def restore(self, path: Path) -> None:
        stored = torch.load(path, weights_only=True)
        for name in ("net", "average", "optimizer"):
            getattr(self, name).load_state_dict(stored[name])
        self.step = stored["step"]


def start_run(config: Config) -> Run:
    """The run that was left, or a fresh one: from a published network, or from the published weights of its trunk."""
    torch.manual_seed(config.train.seed)
    net = GarmentNet()
    checkpoint = config.train.run / "last.pt"
    if not checkpoint.exists():
        begin(net, config)
    net.trunk.encoder[0].requires_grad_(False)  # edges and colours, as good as they are: spares the dearest gradient
    net.to(memory_format=torch.channels_last)
    average = GarmentNet()
    average.load_state_dict(net.state_dict())
    run = Run(
        net=net,
        average=average,
        optimizer=torch.optim.AdamW(groups(net), weight_decay=config.train.weight_decay),
        step=0,
    )
    if checkpoint.exists():
        run.restore(checkpoint)
    return run


def begin(net: GarmentNet, config: Config) -> None:
    """Fills `net` with published weights."""
    if config.train.start is None:
        check(config.data.trunk, config.data.trunk_sha256)
        net.trunk.load_onnx(config.data.trunk)
    elif load_published(net, config.train.start):
        return
    check(config.data.second_trunk, config.data.second_trunk_sha256)
    net.second.load(config.data.second_trunk)


def check(path: Path, sha256: str) -> None:
    """Stops unless the file is the published one."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(f"{path} has sha256 {found}, not {sha256}")


def groups(net: GarmentNet) -> list[dict[str, Any]]:
    """What learns, each part at a rate of its own; `share` names the phase's field."""
    found: dict[str, list[nn.Parameter]] = {"trunk_share": [], "decoder_share": [], "second_share": []}
    for name, parameter in net.named_parameters():
        part = next((p for p in ("trunk", "from_second", "second") if name.startswith(f"{p}.")), "decoder")
        if parameter.requires_grad:
            found["second_share" if part == "from_second" else f"{part}_share"].append(parameter)
    return [{"params": parameters, "share": share} for share, parameters in found.items()]


def rate(step: Step) -> float:
    """Warm-up over 30 steps of a phase, then a cosine down to a twentieth of its rate."""
    warm = min(1.0, (step.done * step.phase.steps + 1) / 30)
    return step.phase.rate * warm * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step.done)))


@torch.no_grad()
def follow(average: GarmentNet, net: GarmentNet, decay: float) -> None:
    """Moves the averaged weights towards the trained ones."""
    for slow, fast in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast, 1 - decay)
        else:
            slow.copy_(fast)


def learn(run: Run, batch: Batch, step: Step, *, frozen: bool = False, bfloat16: bool = False) -> Losses:
    """One step of the optimizer; `frozen`: batch normalisation stays as it is; `bfloat16`: see TrainConfig."""
    run.net.train()
    if frozen:
        freeze(run.net)
    for group in run.optimizer.param_groups:
        share: float = getattr(step.phase, group["share"])
        group["lr"] = rate(step) * share
        for parameter in group["params"]:
            parameter.requires_grad_(share > 0)
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
        raw = run.net(batch.image.contiguous(memory_format=torch.channels_last))
    parts = losses(Raw(*(part.float() for part in raw)), batch.target, batch.ghost, batch.has_ghost)
    run.optimizer.zero_grad(set_to_none=True)
    parts.total().backward()
    torch.nn.utils.clip_grad_norm_([p for group in run.optimizer.param_groups for p in group["params"]], 2.0)
    run.optimizer.step()
    return parts


def train(config: Config, stop_after_s: float) -> None:
    """Runs until the last step or until the time is over; prints one line every 20 steps."""
    torch.set_num_threads(config.train.threads)
    config.train.run.mkdir(parents=True, exist_ok=True)
    run = start_run(config)
    checkpoint = config.train.run / "last.pt"
    loader = DataLoader(Batches(config, run.step), batch_size=None, num_workers=config.train.workers, prefetch_factor=4)
    began, seen = time.monotonic(), 0
    for step, batch in zip(steps(config, run.step), loader, strict=True):
        parts = learn(run, batch, step, frozen=config.train.start is not None, bfloat16=config.train.bfloat16)
        run.step = step.number + 1
        follow(run.average, run.net, min(config.train.average, run.step / (run.step + 20)))
        seen += len(batch.image)
        if run.step % 20 == 0:
            pace = (time.monotonic() - began) / seen
            print(f"{run.step:6d} {tuple(batch.image.shape[2:])} {parts.line()} {pace:.3f} s/image", flush=True)
        if run.step % config.train.save_every == 0:
            run.save(checkpoint)
        if config.train.keep_every and run.step % config.train.keep_every == 0:
            run.save(config.train.run / f"{run.step:05d}.pt")
        if time.monotonic() - began > stop_after_s:
            break
    run.save(checkpoint)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path(__file__).parent / "config.toml")
    parser.add_argument("--stop-after", type=float, default=math.inf, help="minutes")
    arguments = parser.parse_args()
    train(load(arguments.config), arguments.stop_after * 60)


if __name__ == "__main__":
    main()
