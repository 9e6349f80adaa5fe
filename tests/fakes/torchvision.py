"""Lets a torchvision built for CUDA be imported beside a torch for the processor, as test machines have them.

A no-op wherever torchvision imports by itself. Needed until the package index in use has a matching pair.
"""

import sys
from typing import Any


def make_importable() -> None:
    """Import torchvision; where exactly its compiled operators are missing, give it plain ones and import it again."""
    try:
        import torchvision  # noqa: F401
    except ImportError:
        return
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        _import_with_plain_operators()


def _import_with_plain_operators() -> None:
    import torch

    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.impl("nms", _nms, "CPU")
    _kept.append(library)
    import torchvision.ops.boxes

    torchvision.ops.boxes._assert_has_ops = lambda: None


# A library that is collected takes its operators with it.
_kept: list[Any] = []


def _nms(boxes: Any, scores: Any, limit: float) -> Any:
    import torch

    order = scores.argsort(descending=True, stable=True)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    while order.numel():
        best, rest = order[0], order[1:]
        kept.append(best)
        corners = torch.maximum(boxes[best, :2], boxes[rest, :2]), torch.minimum(boxes[best, 2:], boxes[rest, 2:])
        common = (corners[1] - corners[0]).clamp(min=0).prod(1)
        order = rest[common / (area[best] + area[rest] - common) <= limit]
    return torch.stack(kept) if kept else torch.empty(0, dtype=torch.long)
