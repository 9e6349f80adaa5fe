"""The rendered data set: found, packed into memory-mapped arrays, hashed, split by cloth simulation.

usage: python -m training.data [--config FILE]
"""

import argparse
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.config import Config, load

Pixels = NDArray[np.uint8]
SIZE = (576, 432)  # height, width of a packed picture
NAMES = ("garment", "mannequin", "inner")


@dataclass(frozen=True, kw_only=True)
class Packed:
    """Renders of one size; row i of each array is one render. All uint8, sRGB-encoded or coverage 0..255."""

    photos: Pixels  # (N, H, W, 3) RGB
    masks: Pixels  # (N, H, W, 3) coverage of garment, mannequin, inner
    ghosts: Pixels  # (M, H, W, 3) RGB of the true ghost
    ghost_of: NDArray[np.int64]  # (N,) row in ghosts, -1 where there is none
    simulation: NDArray[np.str_]  # (N,) name of the cloth simulation
    info: tuple[dict[str, object], ...]  # (N,) params.json
    sha256: str

    def rows(self, *, held_out: bool, every: int) -> list[int]:
        """Rows of the training or of the held-out simulations; one simulation never lies on both sides."""
        return [i for i, name in enumerate(self.simulation) if is_held_out(str(name), every) == held_out]


def is_held_out(simulation: str, every: int) -> bool:
    """Whether a simulation is kept for validation: a fixed share, by hash of its name, whatever else is added."""
    return int(hashlib.sha256(simulation.encode()).hexdigest(), 16) % every == 0


def scenes(folders: Iterable[Path]) -> list[Path]:
    """Finished render folders of the packed size, in a stable order."""
    found = [p.parent for folder in folders for p in sorted(folder.glob("*/params.json"))]
    return [scene for scene in found if scene.suffix != ".part" and not scene.name.startswith("_")]


def read_mask(path: Path) -> Pixels:
    """Coverage 0..255, (H, W)."""
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise FileNotFoundError(path)
    return np.asarray(mask, np.uint8)


def read_rgb(path: Path) -> Pixels:
    """RGB, sRGB-encoded 0..255, (H, W, 3)."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise FileNotFoundError(path)
    return np.ascontiguousarray(image[..., ::-1])


def simulation_of(scene: Path) -> str:
    """Renders of one simulation share the seed, hence the name `seed-kind`."""
    info = json.loads((scene / "params.json").read_text())
    return f"{info['seed']}-{info['kind']}"


def digest(found: Iterable[Path]) -> str:
    """sha256 over the photos and masks of the scenes, in order."""
    total = hashlib.sha256()
    for scene in found:
        for name in ("photo.jpg", "garment.png", "mannequin.png", "inner.png"):
            total.update((scene / name).read_bytes())
    return total.hexdigest()


def pack(config: Config) -> Packed:
    """Writes every finished render into the packed folder and opens it."""
    out = config.data.packed
    out.mkdir(parents=True, exist_ok=True)
    found = [s for s in scenes(config.data.folders) if read_mask(s / "garment.png").shape == SIZE]
    ghosts = [s for s in found if (s / "ghost.png").exists()]
    shape = (*SIZE, 3)
    photos = np.lib.format.open_memmap(out / "photos.npy", "w+", np.uint8, (len(found), *shape))
    masks = np.lib.format.open_memmap(out / "masks.npy", "w+", np.uint8, (len(found), *shape))
    colours = np.lib.format.open_memmap(out / "ghosts.npy", "w+", np.uint8, (len(ghosts), *shape))
    for i, scene in enumerate(found):
        photos[i] = read_rgb(scene / "photo.jpg")
        masks[i] = np.dstack([read_mask(scene / f"{name}.png") for name in NAMES])
    for i, scene in enumerate(ghosts):
        colours[i] = read_rgb(scene / "ghost.png")
    index = {scene: i for i, scene in enumerate(ghosts)}
    facts = {
        "sha256": digest(found),
        "ghost_of": [index.get(scene, -1) for scene in found],
        "simulation": [simulation_of(scene) for scene in found],
        "info": [json.loads((scene / "params.json").read_text()) for scene in found],
    }
    (out / "facts.json").write_text(json.dumps(facts))
    return open_packed(out)


def open_packed(folder: Path) -> Packed:
    """The packed data set, memory-mapped."""
    facts = json.loads((folder / "facts.json").read_text())
    photos, masks, ghosts = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("photos", "masks", "ghosts"))
    return Packed(
        photos=photos,
        masks=masks,
        ghosts=ghosts,
        ghost_of=np.array(facts["ghost_of"]),
        simulation=np.array(facts["simulation"]),
        info=tuple(facts["info"]),
        sha256=facts["sha256"],
    )


def cc0_photographs(folder: Path) -> list[Path]:
    """The files that INDEX.tsv of `folder` marks CC0 1.0; nothing else may be trained on."""
    rows = [line.split("\t") for line in (folder / "INDEX.tsv").read_text().splitlines()]
    column = rows[0].index("licence_stated")
    return [folder / row[0] for row in rows[1:] if len(row) > column and row[column] == "CC0 1.0"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path(__file__).parent / "config.toml")
    packed = pack(load(parser.parse_args().config))
    print(f"{len(packed.photos)} photos, {len(packed.ghosts)} ghosts, {len(set(packed.simulation))} simulations")
    print(f"sha256 {packed.sha256}")


if __name__ == "__main__":
    main()
