"""Starting quickly: what is imported stays until the program ends, so no garbage is looked for in it."""

import contextlib
import gc
from collections.abc import Generator


@contextlib.contextmanager
def imports() -> Generator[None]:
    """For imports that make objects by the hundred thousand: looking for garbage takes up to a fifth of their time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
