"""The stage `restore`: the master, in which the garment's core is the photograph, bit for bit."""

from collections.abc import Iterator
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.colour import lab_of
from studio.engine.joint import SOLID, band_width, core_of, dilated, eroded
from studio.engine.raster import Pixels
from studio.engine.stage import Frame, Mask, StageContext
from studio.engine.starter.matting import foreground_colours
from studio.model import Fidelity

TILE_PX = 512

Window = tuple[slice, slice]


class Restore:
    """Lays the photographed garment over its inside and measures what that changed."""

    name = "restore"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with `master` and `fidelity`. Raises Cancelled."""
        garment = frame.garment if frame.garment is not None else np.zeros(frame.photo.pixels.shape[:2], np.uint8)
        band = band_width(garment.shape)
        master = np.zeros((*garment.shape, 4), frame.photo.pixels.dtype)
        windows = list(_windows(garment.shape))
        for index, window in enumerate(windows):
            context.checkpoint()
            _restore_window(master, frame, garment, window, band)
            context.progress("restore", 0.8 * (index + 1) / len(windows))
        fidelity = measure(frame.photo.pixels, master, garment, band, frame.photo.icc)
        return frame.evolve(master=master, fidelity=fidelity)


def measure(photo: Pixels, master: Pixels, garment: Mask, band_px: int, icc: bytes | None) -> Fidelity:
    """Compare the master with the photograph inside the garment's core: changed pixels and CIE76 differences."""
    core_pixels, differences = 0, [np.zeros(0, np.float32)]
    for window in _windows(garment.shape):
        around = _grown(window, band_px, garment.shape)
        core = core_of(garment[around], band_px)[_within(window, around)]
        core_pixels += int(np.count_nonzero(core))
        result, solid = master[window], np.iinfo(master.dtype).max
        changed = core & ((result[..., :3] != photo[window]).any(-1) | (result[..., 3] != solid))
        if changed.any():
            differences.append(_difference(result[changed], photo[window][changed], icc))
    all_changed = np.concatenate(differences)
    return Fidelity(
        core_pixels=core_pixels,
        joint_band_px=band_px,
        master_changed_pixels=all_changed.size,
        master_max_difference=float(all_changed.max(initial=0)),
        master_mean_difference=float(all_changed.sum() / max(1, core_pixels)),
    )


def _difference(result: Pixels, photo: Pixels, icc: bytes | None) -> NDArray[np.float32]:
    """CIE76 difference of pixels (n, 4) of the master to those (n, 3) of the photo."""
    return cast(NDArray[np.float32], np.linalg.norm(lab_of(result[:, :3], icc) - lab_of(photo, icc), axis=-1))


def _restore_window(master: Pixels, frame: Frame, garment: Mask, window: Window, band: int) -> None:
    """Fill one tile of the master."""
    around = _grown(window, 2 * band + 16, garment.shape)
    inner = frame.inner[around] if frame.inner is not None else np.zeros_like(garment[around])
    cover = garment[around]
    if not (cover.any() or inner.any()):
        return
    inside = _within(window, around)
    alpha = joined_alpha(cover, inner, band)
    colours = _colours(frame, cover, alpha, around, band)
    target = master[window]
    np.copyto(target[..., :3], colours[inside], where=alpha[inside][..., None] > 0)
    target[..., 3] = alpha[inside].astype(master.dtype) * (np.iinfo(master.dtype).max // 255)


def joined_alpha(garment: Mask, inner: Mask, band: int) -> Mask:
    """Coverage of garment and inside together, without a dip where they meet."""
    alpha = np.asarray(cv2.add(garment, inner), np.uint8)
    alpha[alpha >= SOLID] = 255
    if not inner.any():
        return alpha
    seam = dilated((garment > 127).astype(np.uint8), band) & dilated((inner > 127).astype(np.uint8), band)
    closed = eroded(dilated(alpha, band), band)
    return np.where(seam > 0, np.maximum(alpha, closed), alpha)


def _colours(frame: Frame, cover: Mask, alpha: Mask, around: Window, band: int) -> Pixels:
    """Colours of one tile: the photograph, but at the garment's edge its own colour over the inside."""
    photo = frame.photo.pixels[around]
    soft = (cover < SOLID) & (alpha > 0)
    if not soft.any():
        return photo
    edge = dilated(soft.astype(np.uint8), 1).view(np.bool_) & (cover > 0)
    colours = foreground_colours(photo, cover, edge)
    if frame.interior is None:
        return colours
    share = cover[soft].astype(np.float32)[:, None] / 255
    # Where the finished picture is not opaque, nothing of the inside belongs to the colour.
    share = np.where(_is_edge_to_air(cover, alpha)[soft][:, None], 1, share)
    mixed = colours[soft] * share + frame.interior[around][soft] * (1 - share)
    colours[soft] = np.rint(mixed).astype(colours.dtype)
    return colours


def _is_edge_to_air(cover: Mask, alpha: Mask) -> NDArray[np.bool_]:
    return (alpha <= cover) & (cover > 0)


def _windows(shape: tuple[int, ...]) -> Iterator[Window]:
    """The frame in tiles."""
    for top in range(0, shape[0], TILE_PX):
        for left in range(0, shape[1], TILE_PX):
            yield slice(top, min(top + TILE_PX, shape[0])), slice(left, min(left + TILE_PX, shape[1]))


def _grown(window: Window, margin: int, shape: tuple[int, ...]) -> Window:
    rows, columns = window
    return (
        slice(max(0, rows.start - margin), min(shape[0], rows.stop + margin)),
        slice(max(0, columns.start - margin), min(shape[1], columns.stop + margin)),
    )


def _within(window: Window, around: Window) -> Window:
    """Where `window` lies inside `around`."""
    rows, columns = (slice(w.start - a.start, w.stop - a.start) for w, a in zip(window, around, strict=True))
    return rows, columns
