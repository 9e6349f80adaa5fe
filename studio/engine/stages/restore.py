"""The stage `restore`: the master, in which the garment's core is the photograph, bit for bit."""

from collections.abc import Iterator
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.colour import lab_of
from studio.engine.joint import SOLID, WIDEST_PX, band_width, core_of, dilated, eroded, hardened
from studio.engine.raster import Pixels
from studio.engine.stage import Frame, Mask, StageContext
from studio.engine.starter.matting import foreground_colours
from studio.model import Fidelity

TILE_PX = 192
STRIP_PX = 256
AROUND_PX = 16
"""What foreground colours are estimated from, around each tile."""

Window = tuple[slice, slice]


class Restore:
    """Lays the photographed garment over its inside and measures what that changed."""

    name = "restore"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with `master` and `fidelity`. Raises Cancelled."""
        shape = frame.photo.pixels.shape[:2]
        garment = frame.garment if frame.garment is not None else np.zeros(shape, np.uint8)
        band = band_width(shape)
        master: Pixels = np.zeros((*shape, 4), frame.photo.pixels.dtype)
        for top in range(0, shape[0], TILE_PX):
            context.checkpoint()
            context.progress(self.name, top / shape[0])
            for left in range(0, shape[1], TILE_PX):
                _restore_tile(master, frame, garment, _window(top, left, TILE_PX, shape), band)
        context.checkpoint()
        fidelity = measure(frame.photo.pixels, master, garment, band, frame.photo.icc)
        return frame.evolve(master=master, fidelity=fidelity)


def measure(photo: Pixels, master: Pixels, garment: Mask, band_px: int, icc: bytes | None) -> Fidelity:
    """Compare the master with the photograph inside the garment's core: changed pixels and CIE76 differences.

    photo (H, W, 3) and master (H, W, 4) of one dtype and profile `icc`; garment (H, W), 0..255. A pixel of the core
    that is not opaque counts as changed.
    """
    core_pixels, differences = 0, [np.zeros(0, np.float32)]
    for strip in _strips(garment.shape):
        around = _grown(strip, band_px + WIDEST_PX, garment.shape)
        core = core_of(garment[around], band_px)[_within(strip, around)]
        core_pixels += int(np.count_nonzero(core))
        changed = core & _differs(master[strip], photo[strip])
        if changed.any():
            differences.append(_difference(master[strip][changed], photo[strip][changed], icc))
    all_changed = np.concatenate(differences)
    return Fidelity(
        core_pixels=core_pixels,
        joint_band_px=band_px,
        master_changed_pixels=all_changed.size,
        master_max_difference=float(all_changed.max(initial=0)),
        master_mean_difference=float(all_changed.sum() / max(1, core_pixels)),
    )


def joined_alpha(garment: Mask, inner: Mask, band: int) -> Mask:
    """Coverage of garment and inside together, without a dip where they meet."""
    alpha = cast(Mask, cv2.add(garment, inner))
    alpha[alpha >= SOLID] = 255
    if not inner.any():
        return alpha
    seam = dilated((garment > 127).astype(np.uint8), band) & dilated((inner > 127).astype(np.uint8), band)
    closed = eroded(dilated(alpha, band), band)
    return np.where(seam > 0, np.maximum(alpha, closed), alpha)


def _restore_tile(master: Pixels, frame: Frame, garment: Mask, window: Window, band: int) -> None:
    """Fill one tile of the master."""
    inner = frame.inner if frame.inner is not None else np.broadcast_to(np.uint8(0), garment.shape)
    target = master[window]
    if garment[window].min() >= SOLID:
        target[...] = _opaque(frame.photo.pixels[window])
    elif garment[window].any() or inner[window].any():
        around = _grown(window, 2 * band + AROUND_PX, garment.shape)
        within = _within(window, around)
        cover = hardened(garment[around], band)
        alpha = joined_alpha(cover, inner[around], band)[within]
        target[...] = _opaque(_colours(frame, cover, window, around))
        target[..., 3] = alpha.astype(master.dtype) * (np.iinfo(master.dtype).max // 255)
        target[alpha == 0] = 0


def _colours(frame: Frame, cover: Mask, window: Window, around: Window) -> Pixels:
    """Colours of one tile: the photograph, but at the garment's edge its own colour, and under it the inside.

    Where there is no inside, the garment's colour stands alone: alpha then says how much of it there is.
    """
    photo = frame.photo.pixels
    within = _within(window, around)
    soft = cover < SOLID
    edge = (dilated(soft.astype(np.uint8), 1) > 0) & (cover > 0)
    colours = _edge_colours(photo[around], cover, edge, within)
    if frame.interior is None or frame.inner is None:
        return colours
    over = soft[within] & (frame.inner[window] > 0)
    share = _share(cover[within][over], frame.inner[window][over])
    mixed = colours[over] * share + frame.interior[window][over] * (1 - share)
    colours[over] = np.rint(mixed).astype(colours.dtype)
    return colours


def _edge_colours(photo: Pixels, cover: Mask, edge: NDArray[np.bool_], within: Window) -> Pixels:
    """The tile `within` the photo's crop, with the garment's own colours where `edge` is set."""
    colours = photo[within].copy()
    left, top, width, height = cv2.boundingRect(edge[within].astype(np.uint8))
    if width == 0:
        return colours
    top, left = top + within[0].start, left + within[1].start
    small = slice(top, top + height), slice(left, left + width)
    near = _grown(small, AROUND_PX, edge.shape)
    estimated = foreground_colours(photo[near], cover[near], edge[near])
    rows, columns = (slice(s.start - w.start, s.stop - w.start) for s, w in zip(small, within, strict=True))
    colours[rows, columns] = estimated[_within(small, near)]
    return colours


def _share(garment: Mask, inner: Mask) -> NDArray[np.float32]:
    """How much of the colour is garment, (n, 1) 0..1, where both cover part of a pixel."""
    front, behind = garment.astype(np.float32), inner.astype(np.float32)
    return (front / np.maximum(1, front + behind))[:, None].astype(np.float32)


def _differs(master: Pixels, photo: Pixels) -> NDArray[np.bool_]:
    """Where the master is not the photo, opaque: all four channels of a pixel are compared as one number."""
    whole = np.dtype(f"u{4 * master.itemsize}")
    return (master.view(whole) != _opaque(photo).view(whole))[..., 0]


def _opaque(colours: Pixels) -> Pixels:
    """RGBA (h, w, 4) of RGB (h, w, 3), alpha at its most."""
    return cast(Pixels, cv2.cvtColor(colours, cv2.COLOR_RGB2RGBA))


def _difference(master: Pixels, photo: Pixels, icc: bytes | None) -> NDArray[np.float32]:
    """CIE76 difference of pixels (n, 4) of the master to those (n, 3) of the photo."""
    return np.linalg.norm(lab_of(master[:, :3], icc) - lab_of(photo, icc), axis=-1).astype(np.float32)


def _strips(shape: tuple[int, ...]) -> Iterator[Window]:
    for top in range(0, shape[0], STRIP_PX):
        yield slice(top, min(top + STRIP_PX, shape[0])), slice(0, shape[1])


def _window(top: int, left: int, side: int, shape: tuple[int, ...]) -> Window:
    return slice(top, min(top + side, shape[0])), slice(left, min(left + side, shape[1]))


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
