"""Writes the trained network as ONNX with its facts, and checks that it says the same as in training.

Beside it a JSON of the same name pins version and sha256 for the product.

Weights are kept in half precision, which takes half the room, and widened when the network is loaded: what it says
changes by less than a hundredth of what a pixel's eighth bit is worth, on average.

With `--share` less than 1 the weights are averaged with those of the network that training started from, which keeps
more of what that one knew. Training with frozen normalisation makes such averages meaningful.

usage: python -m training.export [--config FILE] [--share 0.5] [--out resources/models/garment.onnx] [--version 1]
       [--figures FILE]
"""

import argparse
import hashlib
import json
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from training.config import HERE, Config, load
from training.data import open_packed
from training.net import Exported, GarmentNet, Output
from training.published import HALF, load_published

NAMES = ("classes", "inner_colour", "confidence")
OPSET = 18
TOLERANCE = 2e-2  # largest difference allowed between torch and onnxruntime, on outputs 0..1: weights are rounded
LEAST_HALVED = 256  # weights; smaller tensors stay in single precision


def trained(config: Config, share: float = 1.0) -> Exported:
    """The averaged weights of the run's last checkpoint, ready for use; `share` of them, the rest the start's."""
    net = GarmentNet()
    net.load_state_dict(torch.load(config.train.run / "last.pt", weights_only=True)["average"])
    if share < 1:
        blend(net, config, share)
    return Exported(net).eval()


@torch.no_grad()
def blend(net: GarmentNet, config: Config, share: float) -> None:
    """`net` becomes `share` of itself and the rest of the network that its training started from."""
    if config.train.start is None:
        raise SystemExit("the run started from no published network")
    start = GarmentNet()
    if not load_published(start, config.train.start):
        start.second, start.from_second = net.second, net.from_second
    for mine, other in zip(net.state_dict().values(), start.state_dict().values(), strict=True):
        if mine.dtype.is_floating_point:
            mine.lerp_(other, 1 - share)


def write(model: Exported, path: Path, facts: dict[str, str]) -> None:
    """`model` as ONNX with free height and width (multiples of 32), batch 1."""
    unit = torch.export.Dim("unit_h", min=2, max=64), torch.export.Dim("unit_w", min=2, max=64)
    program = torch.onnx.export(
        model,
        (torch.rand(1, 3, 384, 288),),
        input_names=["image"],
        output_names=list(NAMES),
        dynamic_shapes={"image": {2: 32 * unit[0], 3: 32 * unit[1]}},
        opset_version=OPSET,
        dynamo=True,
    )
    program.save(str(path))
    stored = onnx.load(path)
    for part in (*stored.graph.node, *stored.graph.input, *stored.graph.output, *stored.graph.value_info):
        del part.metadata_props[:]  # where each step stands in this computer's files
    halve(stored)
    for name, value in facts.items():
        stored.metadata_props.add(key=name, value=value)
    onnx.save(stored, path)


def halve(model: onnx.ModelProto) -> None:
    """Keep large float32 weights as float16, widened again before they are used (onnxruntime does it at loading)."""
    graph = model.graph
    large = [each for each in graph.initializer if each.data_type == onnx.TensorProto.FLOAT]
    for old in [each for each in large if np.prod(each.dims) >= LEAST_HALVED]:
        half = numpy_helper.to_array(old).astype(np.float16)
        graph.initializer.remove(old)
        graph.initializer.append(numpy_helper.from_array(half, f"{old.name}{HALF}"))
        graph.node.insert(0, helper.make_node("Cast", [f"{old.name}{HALF}"], [old.name], to=onnx.TensorProto.FLOAT))


def difference(model: Exported, path: Path) -> float:
    """Largest difference between the two runtimes over a few sizes."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    worst = 0.0
    for size in ((384, 288), (256, 384), (512, 512)):
        image = torch.rand(1, 3, *size)
        with torch.no_grad():
            expected: Output = model(image)
        found = session.run(list(NAMES), {"image": image.numpy()})
        worst = max(worst, *(float(np.abs(a.numpy() - b).max()) for a, b in zip(expected, found, strict=True)))
    return worst


def sha256_of(path: Path) -> str:
    """Hash of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def seconds(path: Path, size: tuple[int, int], times: int = 8) -> float:
    """Median time of one picture of `size` (height, width) on two threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    image: NDArray[np.float32] = np.random.default_rng(0).random((1, 3, *size), dtype=np.float32)
    spent: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        session.run(None, {"image": image})
        spent.append(time.perf_counter() - began)
    return float(np.median(spent))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=HERE / "config.toml")
    parser.add_argument("--out", type=Path, default=HERE.parent / "resources" / "models" / "garment.onnx")
    parser.add_argument("--share", type=float, default=1.0, help="of the trained weights, the rest being the start's")
    parser.add_argument("--version", default="1")
    parser.add_argument("--figures", type=Path, help="JSON of measured figures, kept in the metadata")
    arguments = parser.parse_args()
    config = load(arguments.config)
    model = trained(config, arguments.share)
    figures = json.loads(arguments.figures.read_text()) if arguments.figures else {}
    facts = {
        "version": arguments.version,
        "dataset_sha256": open_packed(config.data.packed).sha256,
        "working_size": str(config.working_size),
        "class_order": "background,mannequin,garment,inner",
        "figures": json.dumps(figures),
        "licence": "trunk initialised from U2-Net-p, second trunk EfficientNet-lite0, both Apache-2.0",
    }
    write(model, arguments.out, facts)
    card = {"id": "garment", "version": arguments.version, "sha256": sha256_of(arguments.out)}
    arguments.out.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n")
    worst = difference(model, arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes, largest difference {worst:.2g}")
    side = config.working_size
    print(f"{seconds(arguments.out, (side, side * 3 // 4)):.3f} s for {side} x {side * 3 // 4}")
    if worst > TOLERANCE:
        raise SystemExit("the exported network says something else than the trained one")


if __name__ == "__main__":
    main()
