"""Measures the exported network beside U2-Net-p and a colour-model baseline, one table per data set.

usage: python -m training.evaluate FOLDER... [--model FILE] [--config FILE] [--held-out] [--methods net,flip,...]
FOLDER holds one folder per scene (GhostBench). `--held-out` keeps only simulations that training never sees.
Methods: net (the network's own mask, enlarged), flip (mean of the picture and its mirror image), u2netp, grabcut.
The whole engine, with its refinement, is measured by GhostBench's measure.py on what `modamoda process` writes.
"""

import argparse
import functools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.classes import GARMENT, INNER
from training.config import HERE, Config, load
from training.data import is_held_out, read_rgb, scenes, simulation_of
from training.figures import Figures, figures, read_truth
from training.predict import Predictor, Saliency, grabcut

Method = Callable[[NDArray[np.uint8]], dict[str, NDArray[np.float32]]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One method on one scene."""

    method: str
    scene: str
    kind: str
    finish: str
    hardness: str
    figures: Figures


def methods(names: Iterable[str], model: Path, config: Config) -> dict[str, Method]:
    """What to call for each name: photo -> arguments of `figures`."""

    @functools.cache
    def saliency() -> Saliency:  # its file is wanted by two of the methods alone
        return Saliency(config.data.trunk)

    known: dict[str, Callable[[], Method]] = {
        "net": lambda: network(Predictor(model)),
        "flip": lambda: network(Predictor(model, flip=True)),
        "u2netp": lambda: lambda photo: {"garment": saliency()(photo)},
        "grabcut": lambda: lambda photo: {"garment": grabcut(photo, saliency()(photo))},
    }
    return {name: known[name]() for name in names}


def network(predict: Predictor) -> Method:
    """The network's classes as the planes that `figures` wants."""

    def run(photo: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        found = predict(photo)
        return {
            "garment": found.classes[..., GARMENT],
            "inner": found.classes[..., INNER],
            "inner_colour": found.inner_colour,
        }

    return run


def hardness(tags: Iterable[str]) -> str:
    """`hard` where colours of garment, mannequin and backdrop meet, `plain` elsewhere."""
    hard = {"mannequin_match", "white_on_white", "dark_on_dark", "backdrop_match", "pattern_match", "high_collar"}
    return "hard" if hard & set(tags) else "plain"


def finish_of(info: dict[str, Any]) -> str:
    """The mannequin's finish; older renders name it in the body's form, as `white_armless`."""
    return str(info["finish"] if "finish" in info else info["body"]["form"].split("_")[0])


def measure(found: Iterable[Path], chosen: dict[str, Method]) -> list[Row]:
    """Every method on every scene."""
    rows: list[Row] = []
    for scene in found:
        info = json.loads((scene / "params.json").read_text())
        photo, truth = read_rgb(scene / "photo.jpg"), read_truth(scene)
        for name, method in chosen.items():
            rows.append(
                Row(
                    method=name,
                    scene=scene.name,
                    kind=str(info.get("kind", "unknown")),
                    finish=finish_of(info),
                    hardness=hardness(info["hard"]) if "hard" in info else "untagged",
                    figures=figures(truth, **method(photo)),
                )
            )
    return rows


def table(rows: list[Row]) -> str:
    """Markdown: mean, median and worst of every figure, then mean and worst IoU by group."""
    lines = ["| method | scenes | figure | mean | median | worst |", "|---|---|---|---|---|---|"]
    for method in dict.fromkeys(row.method for row in rows):
        own = [row.figures for row in rows if row.method == method]
        for field in fields(Figures):
            values = np.array([getattr(f, field.name) for f in own])
            values = values[~np.isnan(values)]
            if len(values):
                worst = values.min() if field.name.endswith("iou") else values.max()
                line = f"{values.mean():.4f} | {np.median(values):.4f} | {worst:.4f}"
                lines.append(f"| {method} | {len(values)} | {field.name} | {line} |")
    return "\n".join([*lines, "", *grouped(rows)])


def grouped(rows: list[Row]) -> list[str]:
    """IoU by garment kind, mannequin finish and hardness: mean / worst for each method."""
    names = list(dict.fromkeys(row.method for row in rows))
    lines = ["| group | scenes | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    for group in ("kind", "finish", "hardness"):
        for value in sorted({getattr(row, group) for row in rows}):
            own = [row for row in rows if getattr(row, group) == value]
            cells = []
            for name in names:
                values = [row.figures.iou for row in own if row.method == name]
                cells.append(f"{np.mean(values):.4f} / {min(values):.4f}")
            lines.append(f"| {group} {value} | {len(own) // len(names)} | " + " | ".join(cells) + " |")
    return lines


def summary(rows: list[Row], method: str) -> dict[str, float]:
    """Mean of each figure and the worst IoU of one method."""
    own = [row.figures for row in rows if row.method == method]
    means = {f.name: float(np.nanmean([getattr(row, f.name) for row in own])) for f in fields(Figures)}
    return {k: round(v, 4) for k, v in {**means, "iou_worst": min(row.iou for row in own)}.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--config", type=Path, default=HERE / "config.toml")
    parser.add_argument("--model", type=Path, default=HERE.parent / "resources" / "models" / "garment.onnx")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--methods", default="net,flip")
    parser.add_argument("--json", type=Path, help="write the means of the first method here")
    arguments = parser.parse_args()
    config = load(arguments.config)
    found = scenes(arguments.folders)
    if arguments.held_out:
        found = [s for s in found if is_held_out(simulation_of(s), config.data.validation_every)]
    chosen = methods(arguments.methods.split(","), arguments.model, config)
    rows = measure(found, chosen)
    print(table(rows))
    if arguments.json:
        arguments.json.write_text(json.dumps(summary(rows, next(iter(chosen)))))


if __name__ == "__main__":
    main()
