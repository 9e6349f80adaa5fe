"""OpenPose's body network of eighteen joints, read from CMU's own weights. Cao et al. 2017.

The file (`body_pose_model.pth`) names its layers as the Caffe model did. How wide they are is read off the weights, so
a network of the same construction and any width loads by the same code.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine import affinity
from studio.engine.gpu import libraries
from studio.engine.gpu.runtime import Placement, Runtime
from studio.engine.skeleton import Pose
from studio.errors import EngineError

MODEL = "openpose"
_POOL = ""
_TRUNK = (
    "conv1_1", "conv1_2", _POOL, "conv2_1", "conv2_2", _POOL, "conv3_1", "conv3_2", "conv3_3", "conv3_4", _POOL,
    "conv4_1", "conv4_2", "conv4_3_CPM", "conv4_4_CPM",
)  # fmt: skip
_STAGES = 6
_STRIDE = 8
_HEIGHT_PX = 368  # of what the network was trained on

Box = tuple[float, float, float, float]
Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Network:
    """The layers: a trunk, and in each stage a branch for the fields of limbs and one for the maps of joints."""

    trunk: Any
    stages: tuple[tuple[Any, Any], ...]
    placement: Placement

    def look(self, pixels: Floats) -> tuple[Floats, Floats]:
        """Maps (19, h, w), fields (38, h, w), an eighth of the size of `pixels` (3, H, W) float32, BGR, -0.5..0.5."""
        torch = libraries.torch()
        with torch.inference_mode():
            seen = self.trunk(torch.from_numpy(pixels[None]).to(self.placement.device.name, self.placement.dtype))
            fields, maps = (branch(seen) for branch in self.stages[0])
            for stage in self.stages[1:]:
                fields, maps = (branch(torch.cat([fields, maps, seen], 1)) for branch in stage)
        return maps[0].float().cpu().numpy(), fields[0].float().cpu().numpy()


def load(runtime: Runtime) -> Network:
    """The network, from memory or from its file. Raises EngineError; its licence must have been accepted by name."""
    folder = runtime.folder(MODEL)

    def read(placement: Placement) -> Network:
        return build(_weights(folder), placement)

    return runtime.use((MODEL,), read)


def _weights(folder: Path) -> dict[str, Any]:
    path = next(iter(sorted(folder.glob("*.pth"))))
    # weights_only: a checkpoint is a pickle, and nothing in it may run.
    return cast("dict[str, Any]", libraries.torch().load(path, map_location="cpu", weights_only=True))


def build(weights: dict[str, Any], placement: Placement) -> Network:
    """The network with `weights` in it. Raises EngineError if they are not OpenPose's."""
    left = dict(weights)
    try:
        trunk = _sequence(left, _TRUNK, placement, is_branch=False)
        stages = [
            tuple(_sequence(left, _names(stage, branch), placement, is_branch=True) for branch in (1, 2))
            for stage in range(1, _STAGES + 1)
        ]
    except (KeyError, AttributeError, RuntimeError, ValueError) as error:
        raise _not_openpose(str(error).splitlines()[0]) from error
    if left:
        raise _not_openpose(f"{len(left)} of its weights are of other layers")
    return Network(trunk=trunk, stages=cast("tuple[tuple[Any, Any], ...]", tuple(stages)), placement=placement)


def _names(stage: int, branch: int) -> tuple[str, ...]:
    if stage == 1:
        return tuple(f"conv5_{number}_CPM_L{branch}" for number in range(1, 6))
    return tuple(f"Mconv{number}_stage{stage}_L{branch}" for number in range(1, 8))


def _sequence(left: dict[str, Any], names: tuple[str, ...], placement: Placement, *, is_branch: bool) -> Any:
    """The layers of these names, taken out of `left`; what a branch answers is not rectified."""
    torch = libraries.torch()
    layers = list[Any]()
    for name in names:
        if name == _POOL:
            layers.append(torch.nn.MaxPool2d(2, 2))
            continue
        layers += [_convolution(left.pop(f"{name}.weight"), left.pop(f"{name}.bias")), torch.nn.ReLU()]
    sequence = torch.nn.Sequential(*(layers[:-1] if is_branch else layers))
    return sequence.eval().to(placement.device.name, placement.dtype)


def _convolution(weight: Any, bias: Any) -> Any:
    torch = libraries.torch()
    outputs, inputs, side, _ = weight.shape
    layer = torch.nn.utils.skip_init(torch.nn.Conv2d, inputs, outputs, side, padding=side // 2)
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


def find_pose(network: Network, picture: NDArray[np.uint8], box: Box) -> Pose | None:
    """The pose of the person seen best in `box` (left, top, right, bottom; pixels) of `picture`; None = nobody is.

    picture: (h, w, 3) uint8 sRGB. Confidence is the height of the joint's peak.
    """
    left, top, right, bottom = (round(edge) for edge in box)
    crop = picture[max(0, top) : bottom, max(0, left) : right]
    scale = _HEIGHT_PX / crop.shape[0]
    size = max(1, round(crop.shape[1] * scale)), _HEIGHT_PX
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    maps, fields = network.look(_pixels(cast(NDArray[np.uint8], small)))
    joints = affinity.find_body(_grown(maps, size), _grown(fields, size))
    if joints is None:
        return None
    across, down = crop.shape[1] / size[0], crop.shape[0] / size[1]
    found = Pose(points=joints, size=size)
    return found.moved(
        lambda x, y: ((x + 0.5) * across - 0.5 + max(0, left), (y + 0.5) * down - 0.5 + max(0, top)),
        (picture.shape[1], picture.shape[0]),
    )


def _pixels(small: NDArray[np.uint8]) -> Floats:
    """As the network was shown pictures: blue first, about zero, sides filled up to multiples of its stride in grey."""
    height, width = small.shape[:2]
    full = np.full((-(-height // _STRIDE) * _STRIDE, -(-width // _STRIDE) * _STRIDE, 3), 128, np.uint8)
    full[:height, :width] = small[..., ::-1]
    return np.ascontiguousarray((full / np.float32(256) - np.float32(0.5)).transpose(2, 0, 1), np.float32)


def _grown(maps: Floats, size: tuple[int, int]) -> Floats:
    """The maps at the size (width, height) of what was looked at, without what it was filled up with."""
    whole = maps.shape[2] * _STRIDE, maps.shape[1] * _STRIDE
    grown = np.empty((len(maps), size[1], size[0]), np.float32)
    for one, target in zip(maps, grown, strict=True):
        target[:] = cv2.resize(one, whole, interpolation=cv2.INTER_CUBIC)[: size[1], : size[0]]
    return grown


def _not_openpose(reason: str) -> EngineError:
    message = f"The file is not OpenPose's network of the body ({reason})."
    return EngineError("Model damaged", message, "Verify it under Models, or with: modamoda models verify")
