"""Where garment and mannequin may have been confused though the mask looks sound: a head, a hand, a rib of the neck.

Three signs, nearly silent on rendered garments and loud where a person sees the fault: a patch in the mannequin's
colour at the edge, a small piece that hangs on the garment by a thread, and a hole amid the garment in which its inside
is said to show.
"""

import cv2
import numpy as np

from studio.engine.starter.arrays import Bytes, Flags, Floats, pieces, scaled, shrunk
from studio.engine.starter.evidence import likelier_on_mannequin, mannequins_patches

_LEAST_PATCH, _LEAST_PATCH_SHARE = 12, 0.001  # pixels; share of the garment
_FAR_LIKELIER = 3.0  # natural logarithm: twenty times as common on the mannequin
_AT_THE_EDGE = 0.1  # share of a patch's outline; prints and buttons lie amid the garment
_MOST_OF_IT = 0.2  # of the garment: more is a garment in the mannequin's colour
_THREAD_RADIUS = 0.005  # of the longer side: what is thinner is a thread
_FAR_RARER = -4.0  # natural logarithm: 55 times as common in the rest of the garment
_PIECE_SHARES = 0.001, 0.05  # of the garment: less is a crumb of the edge, more a sleeve or a strap's end
_LEAST_HOLE = 0.002  # of the garment; smaller ones are buttons and prints


def has_mannequins_patch(picture: Bytes, classes: Floats, coverage: Floats) -> bool:
    """Whether a piece at the edge of the garment has colours common on the mannequin and rare in the rest of the
    garment.

    picture: (H, W, 3) sRGB. classes: (4, h, w), as the colours left them. coverage: (H, W), the garment's.
    """
    size = classes.shape[2], classes.shape[1]
    garment = np.asarray(cv2.resize(coverage, size, interpolation=cv2.INTER_AREA)) > 0.5
    least = max(_LEAST_PATCH, _LEAST_PATCH_SHARE * np.count_nonzero(garment))
    patches = mannequins_patches(shrunk(picture, size), classes, garment, least)
    return any(
        patch.likelier > _FAR_LIKELIER and patch.contact > _AT_THE_EDGE and patch.share < _MOST_OF_IT
        for patch in patches
    )


def has_hanging_piece(picture: Bytes, classes: Floats, coverage: Floats) -> bool:
    """Whether a small piece of the garment hangs on it by a thread only, and is not in the garment's own colours, as
    the end of a strap is. A piece that hangs on nothing was found to be the garment's back.

    Arguments as for `has_mannequins_patch`.
    """
    size = classes.shape[2], classes.shape[1]
    garment = coverage > 0.5
    labels, areas = pieces(_opened(garment, _THREAD_RADIUS), 8)
    areas[0] = 0
    least, most = _PIECE_SHARES
    small = np.flatnonzero((areas > least * np.count_nonzero(garment)) & (areas < most * areas.max()))
    if not len(small):
        return False
    seen, whole = shrunk(picture, size), _shrunk(garment, size)
    largest = _largest_piece(garment)
    found = (_shrunk(labels == label, size) for label in small if largest[labels == label].any())
    return any(likelier_on_mannequin(seen, classes, whole, piece) > _FAR_RARER for piece in found)


def has_hole(coverage: Floats, gone: Floats) -> bool:
    """Whether a hole amid the garment, (h, w) coverage, shows mostly what goes with the mannequin, (h', w') `gone`.

    A mannequin begins where a garment ends; amid it such a hole is a trim taken for the mannequin, or a limb before it.
    """
    garment = coverage > 0.5
    labels, areas = pieces(~garment, 4)
    is_hole = areas > _LEAST_HOLE * np.count_nonzero(garment)
    is_hole[np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))] = False
    is_hole[labels[garment]] = False
    shown = scaled(gone, (garment.shape[1], garment.shape[0]))
    share = np.bincount(labels.ravel(), weights=shown.ravel()) / np.maximum(areas, 1)
    return bool((is_hole & (share > 0.5)).any())


def _largest_piece(flags: Flags) -> Flags:
    labels, areas = pieces(flags, 8)
    areas[0] = 0
    return labels == np.argmax(areas)


def _opened(flags: Flags, radius: float) -> Flags:
    """`flags` without what is narrower than twice `radius`, a share of the longer side."""
    reach = max(2, round(radius * max(flags.shape)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return cv2.morphologyEx(flags.astype(np.uint8), cv2.MORPH_OPEN, disc) > 0


def _shrunk(flags: Flags, size: tuple[int, int]) -> Flags:
    """`flags` at `size` (width, height)."""
    return np.asarray(cv2.resize(flags.astype(np.float32), size, interpolation=cv2.INTER_AREA)) > 0.5
