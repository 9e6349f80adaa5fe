"""Which processor does the work, whether it really can, and in which precision."""

import re
from dataclasses import dataclass

import numpy as np

from studio.engine.gpu import libraries
from studio.engine.models.catalog import Precision
from studio.errors import EngineError

AUTO = "auto"
CPU = "cpu"
LEAST_CAPABILITY = (7, 0)  # half precision in the tensor cores; older cards compute it slower than single precision
_TEST_SIDE = 256

# What libraries say when memory runs out. Only torch's allocator on the card has a class of error for it: the card's
# libraries for their working space, the driver for pinned memory, and the processor's allocators have words alone.
_NO_MEMORY = (
    "out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
    "can't allocate memory",
    "Failed to allocate memory",
    "unable to find an engine",  # cuDNN, when no way to convolve got its working space
)


@dataclass(frozen=True, kw_only=True)
class Device:
    """A processor that torch can use. name: torch's own ("cuda:0", "cpu"). capability: CUDA's (major, minor)."""

    name: str
    title: str
    total_mb: int
    capability: tuple[int, int] = (0, 0)

    @property
    def is_cuda(self) -> bool:
        """Whether it is a graphics card."""
        return self.name.startswith("cuda")

    @property
    def index(self) -> int:
        """The card's number; 0 for the processor."""
        return int(self.name.partition(":")[2] or 0)

    @property
    def precision(self) -> Precision:
        """The format of weights that this device computes well."""
        if not self.is_cuda:
            return Precision.FP32
        return Precision.FP16 if self.capability >= LEAST_CAPABILITY else Precision.FP32

    def free_mb(self) -> int:
        """Memory that no other program has in use now, in megabytes; on the processor all there is."""
        if not self.is_cuda:
            return self.total_mb
        cuda = libraries.torch().cuda
        free, _ = cuda.mem_get_info(self.name)
        return (int(free) + int(cuda.memory_reserved(self.name))) >> 20


def graphics_cards() -> tuple[Device, ...]:
    """The NVIDIA cards that this torch can use, in torch's order."""
    torch = libraries.torch()
    if not torch.cuda.is_available():
        return ()
    return tuple(_card(index) for index in range(torch.cuda.device_count()))


def choose(wanted: str = AUTO) -> Device:
    """The device to work on: `auto` = the capable card with the most memory, a name = that one and no other.

    The processor is never taken unless `cpu` was asked for. Raises EngineError.
    """
    if wanted == CPU:
        return processor()
    cards = graphics_cards()
    if wanted != AUTO:
        return _named(wanted, cards)
    if not cards:
        raise EngineError("No graphics card", f"The studio engine needs an NVIDIA card. {_why_none()}", _remedy())
    return max(cards, key=lambda card: (_has_kernels(card), card.capability >= LEAST_CAPABILITY, card.total_mb))


def processor() -> Device:
    """The computer's processor with its memory."""
    import psutil

    return Device(name=CPU, title="processor", total_mb=int(psutil.virtual_memory().total) >> 20)


def self_test(device: Device) -> None:
    """Run real kernels (matrix product, convolution) and compare with numpy's sum. Raises EngineError."""
    torch = libraries.torch()
    try:
        given = np.linspace(-1, 1, _TEST_SIDE * _TEST_SIDE, dtype=np.float32).reshape(_TEST_SIDE, _TEST_SIDE)
        there = torch.from_numpy(given).to(device.name, torch_dtype(device.precision))
        product = (there @ there.T).float().cpu().numpy()
        kernel = torch.full((1, 1, 4, 4), 1 / 16, device=there.device, dtype=there.dtype)
        blurred = torch.nn.functional.conv2d(there[None, None], kernel, stride=4).float().cpu().numpy()[0, 0]
    except RuntimeError as error:
        raise _unfit(device, str(error).splitlines()[0]) from error
    means = given.reshape(_TEST_SIDE // 4, 4, -1, 4).mean((1, 3))
    worst = max(float(np.abs(product - given @ given.T).max()) / _TEST_SIDE, float(np.abs(blurred - means).max()))
    if not worst < 0.01:
        raise _unfit(device, f"it computes wrongly, by {worst:.3f}")


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether an error of torch, or of a library beside or below it, says that memory ran out."""
    return isinstance(error, libraries.torch().OutOfMemoryError) or any(sign in str(error) for sign in _NO_MEMORY)


def torch_dtype(precision: Precision) -> object:
    """torch's own name of a precision."""
    torch = libraries.torch()
    return {Precision.FP16: torch.float16, Precision.BF16: torch.bfloat16, Precision.FP32: torch.float32}[precision]


def _card(index: int) -> Device:
    properties = libraries.torch().cuda.get_device_properties(index)
    return Device(
        name=f"cuda:{index}",
        title=properties.name,
        total_mb=int(properties.total_memory) >> 20,
        capability=(properties.major, properties.minor),
    )


def _has_kernels(card: Device) -> bool:
    """Whether this torch was built for the card; for what is newer than any it was built for, the driver translates."""
    built = [int(found[0]) for name in libraries.torch().cuda.get_arch_list() if (found := re.search(r"\d+", name))]
    return not built or card.capability >= divmod(min(built), 10)


def _named(wanted: str, cards: tuple[Device, ...]) -> Device:
    name = f"cuda:{wanted}" if wanted.isdigit() else "cuda:0" if wanted == "cuda" else wanted
    for card in cards:
        if card.name == name:
            return card
    known = ", ".join(f"{card.name} ({card.title})" for card in cards) or "none"
    raise EngineError("Graphics card not found", f"There is no device {wanted}; found: {known}.", _remedy())


def _why_none() -> str:
    torch = libraries.torch()
    if torch.version.cuda is None:
        return f"This torch ({torch.__version__}) was built without CUDA."
    return f"torch {torch.__version__} (CUDA {torch.version.cuda}) sees no card."


def _remedy() -> str:
    return (
        "Check the driver with nvidia-smi, and that torch is the CUDA build; without a card use --engine starter "
        "(or, much slower, name the device cpu)."
    )


def _unfit(device: Device, reason: str) -> EngineError:
    return EngineError(
        "Graphics card unfit",
        f"{device.title} ({device.name}) failed its test: {reason}.",
        "Update the NVIDIA driver, close other programs that use the card, or choose another device; if the card is "
        "older than this torch can use, work with --engine starter.",
    )
