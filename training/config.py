"""The settings of a training run, read from config.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA_PATHS = ("backdrops", "trunk", "second_trunk", "packed")


@dataclass(frozen=True, kw_only=True)
class DataConfig:
    """Where the renders, the CC0 photographs and the trunks' weights lie; paths relative to the repository."""

    folders: tuple[Path, ...]
    backdrops: Path
    trunk: Path
    trunk_sha256: str
    second_trunk: Path
    second_trunk_sha256: str
    packed: Path
    validation_every: int


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A stretch of training with one picture size; `rate` is the learning rate it starts with, the shares are what the
    trunk, the decoder and the readers of the second trunk have of it (0 = they stay as they are)."""

    steps: int
    batch: int
    long_side: int
    rate: float
    trunk_share: float = 0.3
    decoder_share: float = 1.0
    second_share: float = 1.0


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """How the weights are found. start: the published network (ONNX) to go on from, None = from the trunk's weights;
    its batch normalisation stays as it is. bfloat16: the network computes in half precision, its weights stay whole.
    keep_every: steps between checkpoints that are kept, 0 = the last alone."""

    seed: int
    start: Path | None
    run: Path
    bfloat16: bool
    threads: int
    workers: int
    average: float
    ghost_weight: float
    weight_decay: float
    save_every: int
    keep_every: int
    phases: tuple[Phase, ...]


@dataclass(frozen=True, kw_only=True)
class AugmentConfig:
    """How often each change is made, shares 0..1."""

    new_backdrop: float
    recolour: float
    retexture: float
    match: float
    bleach: float
    linen: float
    chrome: float
    short_neck: float
    plates: float
    leg_openings: float
    limbs: float
    bare_shoulders: float
    cutouts: float
    straps: float
    joints: float
    trim: float
    occluder: float
    ghosted: float
    empty: float
    beside: float
    photograph: float


@dataclass(frozen=True, kw_only=True)
class Config:
    """A whole run."""

    data: DataConfig
    train: TrainConfig
    augment: AugmentConfig
    working_size: int


def load(path: Path = HERE / "config.toml") -> Config:
    """The run that `path` describes; relative paths are taken from the repository's root."""
    raw = tomllib.loads(path.read_text())
    root = HERE.parent
    data: dict[str, Any] = raw["data"]
    train: dict[str, Any] = raw["train"]
    start: str = train.pop("start")
    phases = tuple(Phase(**phase) for phase in train.pop("phase"))
    return Config(
        data=DataConfig(
            folders=tuple(root / folder for folder in data.pop("folders")),
            **{name: root / value if name in DATA_PATHS else value for name, value in data.items()},
        ),
        train=TrainConfig(
            **{**train, "run": root / train["run"]}, start=root / start if start else None, phases=phases
        ),
        augment=AugmentConfig(**raw["augment"]),
        working_size=raw["net"]["working_size"],
    )
