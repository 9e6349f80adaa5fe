"""Cards with a QR code or barcode that are photographed between garments, and when a photo was taken."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import zxingcpp

from studio.engine import vips
from studio.engine.preview import thumbnail

_SIDE = 1600
# A code that is the subject of the photo takes more of it than one on a garment's tag does.
_LEAST_SHARE = 0.1
_TAKEN, _FRACTION = "exif-ifd2-DateTimeOriginal", "exif-ifd2-SubSecTimeOriginal"


def read_card(path: Path) -> str | None:
    """What the largest code in a photo says, None = the photo is no card. Raises PhotoError.

    Read at 1600 pixels in 8-bit grey; a code whose diagonal is less than a tenth of the photo's longer side is a tag,
    not a card. By ZXing: QR, Data Matrix, Aztec, EAN, UPC, Code 39, 93 and 128, ITF and others.
    """
    picture = thumbnail(path, _SIDE).levels[0][..., :3].astype(np.uint16)
    grey = ((picture[..., 0] * 77 + picture[..., 1] * 151 + picture[..., 2] * 28) >> 8).astype(np.uint8)
    found = cast("list[Any]", zxingcpp.read_barcodes(np.ascontiguousarray(grey)))
    large = [code for code in found if _diagonal(code) >= _LEAST_SHARE * max(grey.shape) and code.text.strip()]
    return str(max(large, key=_diagonal).text).strip() if large else None


def taken_s(path: Path) -> float | None:
    """Seconds on the camera's clock when a photo was taken, as its EXIF says; None = it does not say."""
    try:
        image = vips.open_source(path, "none")
        said = [str(image.get(name)) if image.get_typeof(name) else "" for name in (_TAKEN, _FRACTION)]
    except vips.ERRORS:
        return None
    moment = re.match(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", said[0])
    fraction = re.match(r"\d+", said[1])
    if not moment:
        return None
    try:
        whole = datetime(*(int(part) for part in moment.groups()), tzinfo=UTC)  # type: ignore[misc]
    except ValueError:
        return None
    return whole.timestamp() + (float(f"0.{fraction[0]}") if fraction else 0.0)


def _diagonal(code: Any) -> float:
    corners = code.position
    across = corners.top_left.x - corners.bottom_right.x, corners.top_left.y - corners.bottom_right.y
    return float(np.hypot(*across))
