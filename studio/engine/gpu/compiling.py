"""Networks compiled in place: UNet and ControlNet, where they stay whole on the device.

Compiled anew is what torch has no code for yet: the first picture; the first picture of another size, which makes code
for every size of that kind; a size whose sides are other multiples (of 32 pixels, or not) than those before; another
weight of the pose. Nothing is compiled for another picture, seed, prompt, number of steps or weight of the garment.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio.engine.gpu import libraries
from studio.engine.gpu.device import Device
from studio.engine.gpu.toolchain import lack
from studio.errors import EngineError

log = logging.getLogger(__name__)

INDUCTOR = "inductor"
# What was seen to come out of a compiler that is missing or fails. torch's own (torch._dynamo.exc.TorchDynamoException,
# of which inductor's, TritonMissing among them, are children) are RuntimeErrors; Triton has RuntimeErrors without a
# class of their own, and lets through what its C compiler (CalledProcessError), the folder of what is compiled
# (OSError), or a folder from which nothing may be run (ImportError) give.
FAULTS = (RuntimeError, OSError, ImportError, subprocess.SubprocessError)
_PARTS = ("unet", "controlnet")
# A network has a handful of codes at the most (see above); torch would stop at eight, silently.
_MOST_CODES = 16


class Compiler:
    """Compiles the networks of one runtime, until it turns out that it cannot be done here."""

    def __init__(self, folder: Path, backend: str = INDUCTOR) -> None:
        """folder: where what is compiled is kept for the next time. backend: torch's name of what compiles."""
        self.backend = backend
        self.failure: EngineError | None = None
        self._is_told = False
        # torch's own place is a folder in /tmp whose name anyone can guess, and which is gone after a restart.
        os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(folder))

    def can(self, device: Device) -> bool:
        """Whether there is a point in trying: nothing is known to be missing, and no try has failed."""
        if self.failure is None and self.backend == INDUCTOR:
            self._look(device)
        return self.failure is None

    def failed(self, error: Exception) -> None:
        """Take note that compiling, or running what was compiled, ended with an error: it is not tried again."""
        log.warning("networks are not compiled from here on: %s", _first_line(error))
        self.failure = EngineError(
            "Networks not compiled",
            f"The compiler failed ({_first_line(error)}).",
            "modamoda doctor says what it needs; if nothing is missing, switch it off in the settings.",
        )

    def warning(self) -> str:
        """What a report says of the failure; "" = there is none, or it was said already."""
        if self.failure is None or self._is_told:
            return ""
        self._is_told = True
        return f"Networks not compiled: {self.failure.message} {self.failure.hint}"

    def _look(self, device: Device) -> None:
        # What torch asks itself (torch._inductor.scheduler), before a minute is spent on the way there.
        has_triton = device.is_cuda and libraries.has_triton()
        if missing := lack(has_triton=has_triton, on_card=device.is_cuda):
            log.warning("networks are not compiled: %s", missing.what)
            self.failure = EngineError("Networks not compiled", missing.what, missing.remedy)


def compile_parts(pipeline: Any, *, backend: str = INDUCTOR, sizes_vary: bool = False) -> None:
    """Have UNet and ControlNet compiled in place when they first work, so that the pipeline still knows their classes.

    To be called when they are where they stay. sizes_vary: code for every size from the start, a little slower than
    code for one. Not in the mode that records CUDA graphs: what the ControlNet answers is read by the UNet after the
    next recording could have begun.
    """
    _hold_weight(pipeline.unet)
    for network in _parts(pipeline):
        network.compile(
            backend=backend,
            dynamic=True if sizes_vary else None,
            # UNet and ControlNet begin in one function of diffusers, and would be counted and looked up together.
            isolate_recompiles=True,
            recompile_limit=_MOST_CODES,
        )


def is_compiled(network: Any) -> bool:
    """Whether `compile_parts` was at a network: hooks within it that come later are not called."""
    return getattr(network, "_compiled_call_impl", None) is not None


def weigh(pipeline: Any, weight: float) -> None:
    """Set how much the garment counts (IP-Adapter's scale), without anything being compiled anew for it."""
    if is_compiled(pipeline.unet):
        pipeline.set_ip_adapter_scale(1.0)
        pipeline.unet.garment_weight.fill_(weight)
    else:
        pipeline.set_ip_adapter_scale(weight)


def forget() -> None:
    """Give up what torch keeps of networks that are gone."""
    if "torch._dynamo" in sys.modules:  # else nothing was compiled
        libraries.torch()._dynamo.reset()


def _hold_weight(unet: Any) -> None:
    """Multiply with a tensor where IP-Adapter's processors multiply with a number.

    torch compiles numbers of modules in. Attention is linear in its values, so these may be weighed instead.
    """
    torch = libraries.torch()
    unet.register_buffer("garment_weight", torch.ones((), dtype=unet.dtype, device=unet.device), persistent=False)

    def weighed(linear: Any, given: Any, answer: Any) -> Any:
        return answer * unet.garment_weight

    for processor in unet.attn_processors.values():
        for linear in getattr(processor, "to_v_ip", ()):
            linear.register_forward_hook(weighed)


def _parts(pipeline: Any) -> Iterator[Any]:
    return (pipeline.components[name] for name in _PARTS if pipeline.components.get(name) is not None)


def _first_line(error: Exception) -> str:
    """The first line that says something; torch appends pages for its own developers."""
    lines = (line.strip() for line in str(error).splitlines())
    return next((line for line in lines if line), type(error).__name__).rstrip(".:")
