"""What a finished file did to the garment: its decoded pixels against the master's, measured after it was written."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine import colour, vips
from studio.engine.joint import core_of
from studio.engine.raster import Pixels
from studio.engine.stage import Frame, Mask
from studio.errors import OutputError
from studio.model import Fidelity

_STRIP_ROWS = 512


def measured(path: Path, frame: Frame, fidelity: Fidelity) -> Fidelity:
    """`fidelity` with the deliverable's figures, from decoding the file at `path`, of the master's own geometry.

    Each pixel of the garment's core is compared with the master's, converted to the deliverable's profile and depth;
    the difference is CIE76. Raises OutputError if the file cannot be read back.
    """
    found = [np.zeros(0, np.float32)]
    try:
        for expected, actual, core in _strips(path, frame, fidelity.joint_band_px):
            changed = _changed(expected, actual, core)
            if changed is not None:
                icc = frame.deliverable.icc if frame.deliverable else None
                found.append(_difference(expected, actual, icc)[changed])
    except vips.ERRORS as error:
        raise OutputError(
            "Result not readable", f"{path.name} could not be read back after it was written.", "Check the disk."
        ) from error
    differences = np.concatenate(found)
    return replace(
        fidelity,
        deliverable_changed_pixels=differences.size,
        deliverable_max_difference=round(float(differences.max(initial=0)), 4),
        deliverable_mean_difference=round(float(differences.sum(dtype=np.float64)) / max(1, fidelity.core_pixels), 4),
    )


def _strips(path: Path, frame: Frame, band: int) -> Iterator[tuple[Pixels, Pixels, NDArray[np.bool_]]]:
    """What the garment should look like, what the file holds, and where the core is, strip by strip from the top."""
    master, garment = cast(Pixels, frame.master), cast(Mask, frame.garment)
    icc = frame.deliverable.icc if frame.deliverable else None
    image = vips.open_source(path, "error")
    for top, strip in vips.strips_of(image, _STRIP_ROWS):
        actual = _rgb(strip) if strip.shape[2] == 4 else strip
        rows = slice(top, top + actual.shape[0])
        around = slice(max(0, top - band), top + actual.shape[0] + band)
        core = core_of(garment[around], band)[top - around.start :][: actual.shape[0]]
        if core.any():
            yield colour.convert(_rgb(master[rows]), frame.photo.icc, icc, actual.dtype.type), actual, core


def _rgb(strip: Pixels) -> Pixels:
    return cast(Pixels, cv2.cvtColor(strip, cv2.COLOR_RGBA2RGB))


def _changed(expected: Pixels, actual: Pixels, core: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """The core's pixels that differ; None = none does."""
    difference = cv2.absdiff(expected, actual)
    inside = cast(Pixels, cv2.bitwise_and(difference, difference, mask=core.view(np.uint8)))
    if not cv2.countNonZero(inside.reshape(inside.shape[0], -1)):
        return None
    return (inside[..., 0] | inside[..., 1] | inside[..., 2]) > 0


def _difference(expected: Pixels, actual: Pixels, icc: bytes | None) -> NDArray[np.float32]:
    """CIE76 (h, W) of two strips; whole strips, as picking the changed pixels out takes longer than the sums."""
    apart = cv2.subtract(colour.lab_of(expected, icc), colour.lab_of(actual, icc))
    return np.sqrt(cv2.transform(cv2.multiply(apart, apart), np.ones((1, 3), np.float32)))
