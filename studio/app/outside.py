"""The way to the outside, for what is downloaded."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.errors import Cancelled

if TYPE_CHECKING:
    from studio.engine.models.network import Network


def network() -> "Network":
    """The way to the outside as this computer's environment sets it."""
    from studio.engine.models.network import Network

    return Network(mirror=os.environ.get("MODAMODA_MODELS_MIRROR"), offline="MODAMODA_OFFLINE" in os.environ)


def checkpoint(is_stopped: Callable[[], bool]) -> Callable[[], None]:
    """What a transfer calls from time to time: it raises Cancelled once `is_stopped`."""

    def check() -> None:
        if is_stopped():
            raise Cancelled

    return check
