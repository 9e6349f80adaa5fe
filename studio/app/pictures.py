"""Pictures for the eye."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.engine.preview import Preview


class PictureDesk:
    """Picture files and masks as they are shown; slow, for any thread but a window's."""

    def thumbnail(self, path: Path, side: int) -> "Preview":
        """A picture file with its longer side `side` pixels at most. Raises PhotoError."""
        from studio.engine.preview import thumbnail

        return thumbnail(path, side)

    def whole(self, path: Path) -> "Preview":
        """A whole picture file with its mip levels. Raises PhotoError."""
        from studio.engine.preview import full

        return full(path)

    def mip_levels(self, mask: "NDArray[np.uint8]") -> "tuple[NDArray[np.uint8], ...]":
        """A picture or mask and its halves, for showing it at any scale."""
        from studio.engine.preview import mip_levels

        return mip_levels(mask)
