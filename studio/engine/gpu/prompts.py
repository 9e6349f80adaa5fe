"""What a segmenting network is asked and what it answers, whichever network it is."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Answer = tuple[NDArray[np.float32], NDArray[np.float32]]
Seen = TypeVar("Seen")


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """Where the wanted thing is: points (x, y) on it and off it, and its box (left, top, right, bottom); pixels."""

    on: tuple[tuple[float, float], ...]
    off: tuple[tuple[float, float], ...] = ()
    box: tuple[float, float, float, float] | None = None

    @property
    def labels(self) -> tuple[int, ...]:
        """1 for each point on the thing and 0 for each off it, in that order."""
        return (1,) * len(self.on) + (0,) * len(self.off)


class Segmenter(Protocol):
    """A network that proposes masks of a picture for a prompt."""

    def answer(self, picture: NDArray[np.uint8], prompt: Prompt) -> Answer:
        """Logits (n, h, w) float32 over the whole picture at any size, and its estimates (n,) of their IoU.

        picture: (h, w, 3) uint8 sRGB.
        """
        ...


class LastLook(Generic[Seen]):
    """What a network made of the last picture: looking at one takes seconds, a further click on it next to nothing."""

    def __init__(self) -> None:
        self._digest = b""
        self._seen: Seen | None = None

    def at(self, picture: NDArray[np.uint8], look: Callable[[], Seen]) -> Seen:
        """What `look` makes of `picture`; kept from last time if it was this very one."""
        content = hashlib.sha1(picture.tobytes(), usedforsecurity=False)
        digest = content.digest() + repr(picture.shape).encode()
        if digest != self._digest:
            self._digest = b""  # until it has been looked at; memory may run out on the way
            self._seen = look()
            self._digest = digest
        return cast(Seen, self._seen)
