"""Straps, cut-outs and limbs drawn onto a render: what its generator does not model and real mannequins show.

Without them a network learns that whatever garment encloses is garment, and that a mannequin ends where its arm does:
bare patches between straps, forearms beside a hem and shoulders beside a strap were then kept in real photographs.
Everything is drawn in the colours of the picture itself, before camera, grain and compression.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.bodies import normals
from training.picture import Image, Mask, Rng, Sample, blend, luminance, mean_of, mirrored, small_blur, studio_colour

Point = NDArray[np.float64]  # (2,) x, y in pixels
_LEAST = 200  # pixels of a part from which it can be drawn upon
_BODY_AROUND = 0.45  # share of mannequin around what is taken off: a sleeve would leave a shoulder too wide


@dataclass(frozen=True, kw_only=True)
class _Extent:
    """The box of the garment in pixels."""

    top: float
    left: float
    height: float
    width: float


def with_straps(sample: Sample, rng: Rng) -> Sample:
    """Narrow bands of the garment across the mannequin: between two places of its rim, to a knot, or up to the neck."""
    extent = _extent(sample.garment)
    rim = _upper_rim(sample, extent)
    body = np.argwhere((sample.mannequin > 0.5) & _above(sample.garment.shape, extent, 0.35))[:, ::-1]
    if extent is None or len(rim) < 20 or len(body) < _LEAST:
        return sample
    lines = [_bent(ends, rng) for _ in range(int(rng.integers(1, 5))) for ends in _strap_ends(rim, body, rng)]
    return _strapped(sample, lines, extent, rng)


def with_bare_shoulders(sample: Sample, rng: Rng) -> Sample:
    """The garment ends below the shoulders and mostly hangs on straps, as camisoles do; above nothing of its inside
    shows, and a retoucher leaves it open."""
    extent = _extent(sample.garment)
    if extent is None or len(_upper_rim(sample, extent)) < 20:
        return sample
    y, x = np.mgrid[0 : sample.garment.shape[0], 0 : sample.garment.shape[1]].astype(np.float32)
    aside = (x - extent.left) / extent.width * 2 - 1
    bow = rng.normal(0, 0.04) * aside**2 + rng.normal(0, 0.05) * np.abs(aside)
    edge = extent.top + extent.height * (rng.uniform(0.06, 0.28) + bow)
    cut = np.clip(edge - y + 0.5, 0, 1).astype(np.float32)
    carrier = (sample.garment + sample.mannequin) > 0.5
    around = _widened(cut * sample.garment > 0.5) & (sample.garment < 0.5)
    if not around.any() or float(sample.mannequin[around].mean()) < _BODY_AROUND:
        return sample
    bare = replace(_opened(sample, cut * sample.garment, rng), inner=sample.inner * (1 - cut))
    return _strapped(bare, _shoulder_straps(carrier, edge, extent, rng), extent, rng)


def _shoulder_straps(carrier: NDArray[np.bool_], edge: Mask, extent: _Extent, rng: Rng) -> list[NDArray[np.float64]]:
    """Straps from the row `edge` (H, W) up to where the `carrier` ends, one to three on either side, or none."""
    lines: list[NDArray[np.float64]] = []
    for _ in range(int(rng.choice(4, p=(0.2, 0.5, 0.2, 0.1)))):
        foot, head = rng.uniform(0.1, 0.8), float(np.exp(rng.normal(-0.1, 0.25)))
        crossed = -1 if rng.random() < 0.15 else 1
        for side in (-1, 1):
            start, end = (
                extent.left + extent.width * (1 + at) / 2 for at in (side * foot, crossed * side * foot * head)
            )
            column = int(np.clip(end, 0, carrier.shape[1] - 1))
            begin = float(edge[0, int(np.clip(start, 0, carrier.shape[1] - 1))])
            lines.append(_bent((np.array([start, begin + 2]), np.array([end, np.argmax(carrier[:, column])])), rng))
    return lines


def _strapped(sample: Sample, lines: Sequence[NDArray[np.float64]], extent: _Extent, rng: Rng) -> Sample:
    """Bands of the garment's cloth along those `lines` that lie on garment and mannequin."""
    width = max(2.0, extent.width * float(rng.uniform(0.012, 0.06)))
    carrier = (sample.garment + sample.mannequin) > 0.5
    strokes = [_stroke(carrier.shape, line, width) for line in lines if _share_on(carrier, line) > 0.8]
    strap = np.max(strokes, axis=0) if strokes else np.zeros_like(sample.garment)
    where = strap * (1 - sample.garment)
    if float(where.sum()) < 10:
        return sample
    cloth = _lit(_fabric(sample, rng), strap, width / 2, rng, gloss=0.0)
    fall = np.array([[1, 0, rng.normal(0, width / 4)], [0, 1, width * rng.uniform(0, 0.5)]])
    shade = 1 - rng.uniform(0, 0.35) * small_blur(cv2.warpAffine(strap, fall, strap.shape[::-1]), max(0.5, width / 4))
    photo = blend(sample.photo, sample.photo * shade[..., None], sample.mannequin)
    garment = np.clip(sample.garment + where, 0, 1)
    mannequin = np.minimum(sample.mannequin, 1 - garment)
    return replace(
        sample,
        photo=blend(photo, cloth, where),
        ghost=blend(sample.ghost, cloth, where) if sample.has_ghost else sample.ghost,
        garment=garment,
        mannequin=mannequin,
        inner=np.minimum(sample.inner, mannequin),
    )


def with_leg_openings(sample: Sample, rng: Rng) -> Sample:
    """The garment ends in two leg openings, as bodysuits, swimsuits and briefs do: below them thighs, and nothing of
    its inside."""
    extent = _extent(sample.garment)
    if extent is None:
        return sample
    rows = extent.top + extent.height * np.sort(rng.uniform((0.45, 0.8), (0.85, 1.0)))
    across = np.flatnonzero(sample.garment[int(rows[0])] > 0.5)
    if len(across) < 20 or np.diff(across).max() > 1:  # sleeves beside the trunk would be cut as well
        return sample
    middle, half = float(across.mean()), len(across) / 2
    y, x = np.mgrid[0 : sample.garment.shape[0], 0 : sample.garment.shape[1]].astype(np.float32)
    crotch = rng.uniform(0.05, 0.25)
    aside = np.clip((np.abs(x - middle) / half - crotch) / (1 - crotch), 0, 1)
    edge = rows[1] - (rows[1] - rows[0]) * aside ** rng.uniform(0.6, 2.0)
    cut = np.clip(y - edge + 0.5, 0, 1).astype(np.float32)
    bare = _opened(sample, cut * sample.garment, rng)
    return replace(bare, inner=sample.inner * (1 - cut))


def with_cutouts(sample: Sample, rng: Rng) -> Sample:
    """A deeper neckline and holes beside the openings, through which the mannequin shows, and mostly the garment's back
    later.

    Away from the openings such a hole would look like a print in the mannequin's colour, which stays.
    """
    extent = _extent(sample.garment)
    rim = _upper_rim(sample, extent)
    if extent is None or len(rim) < 20:
        return sample
    h, w = sample.garment.shape
    cut = np.zeros_like(sample.garment)
    for _ in range(int(rng.integers(1, 4))):
        at = _pick(rim, rng)
        if rng.random() < 0.5:
            deepest = (at + _pick(rim, rng)) / 2 + extent.height * np.array([rng.normal(0, 0.04), rng.uniform(0, 0.3)])
            cut = np.maximum(cut, _wedge((h, w), at, deepest, _pick(rim, rng), rng))
        else:
            middle = at + extent.height * np.array([rng.normal(0, 0.04), rng.uniform(-0.03, 0.1)])
            cut = np.maximum(cut, _blob((h, w), middle, extent.height * float(rng.uniform(0.015, 0.09)), rng))
    where = small_blur(cut, 0.5) * sample.garment
    opened = _opened(sample, where, rng)
    if opened is sample or rng.random() < 0.35:
        return opened
    dark = np.clip(cv2.GaussianBlur(sample.photo, (0, 0), 3) * rng.uniform(0.45, 0.8), 0, 1).astype(np.float32)
    return replace(
        opened,
        ghost=blend(sample.ghost, dark, where) if sample.has_ghost else sample.ghost,
        inner=np.minimum(sample.inner + where, opened.mannequin),
    )


def _opened(sample: Sample, where: Mask, rng: Rng) -> Sample:
    """The mannequin's skin where the garment was, in its light, in the shade of the rim around it."""
    if float(where.sum()) < 10:
        return sample
    h = where.shape[0]
    garment = np.clip(sample.garment - where, 0, 1)
    depth = cv2.distanceTransform((garment < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    light = small_blur(luminance(sample.photo), 0.03 * h)
    light = light / max(0.05, float((light * where).sum() / where.sum()))
    rim = 1 - rng.uniform(0, 0.4) * np.exp(-depth / max(1.0, 0.006 * h))
    shade = np.clip(light, 0.5, 1.5) ** rng.uniform(0, 0.6) * rim
    skin = np.clip(_skin_nearby(sample, rng) * shade[..., None], 0, 1)
    beside = cv2.dilate(where, np.ones((7, 7), np.uint8)) * sample.mannequin  # where both colours are mixed
    return replace(
        sample,
        photo=blend(sample.photo, skin.astype(np.float32), np.maximum(where, beside)),
        garment=garment,
        mannequin=np.minimum(sample.mannequin + where, 1 - garment),
    )


def with_limbs(sample: Sample, rng: Rng) -> Sample:
    """Forearms cut off at the wrist, hands, shoulder caps and thighs that look out beside the garment."""
    extent = _extent(sample.garment)
    outline = _outer_edge(sample)
    if extent is None or len(outline) < 20:
        return sample
    skin = studio_colour(rng) if rng.random() < 0.1 else _skin(sample, rng)
    for _ in range(int(rng.integers(1, 4))):
        at = outline[int(rng.integers(len(outline)))].astype(np.float64)
        parts = _limb(sample.garment.shape, at, extent, rng)
        in_front = len(parts) > 1 and rng.random() < 0.25
        for part, radius in parts:
            look = _lit(np.broadcast_to(skin, sample.photo.shape), part, radius, rng, gloss=float(rng.uniform(0, 0.3)))
            sample = _laid(sample, look, part if in_front else part * (1 - sample.garment))
    return sample


def _laid(sample: Sample, look: Image, where: Mask) -> Sample:
    """The mannequin's part over the picture; what it hides of the garment shows when the mannequin goes."""
    hidden = np.minimum(sample.garment, where)
    garment = sample.garment - hidden
    mannequin = np.clip(np.maximum(sample.mannequin, where), 0, 1 - garment)
    inner = np.minimum(np.clip(sample.inner + hidden, 0, 1), mannequin)
    photo = blend(sample.photo, look, where)
    return replace(sample, photo=photo, garment=garment, mannequin=mannequin, inner=inner)


# --- where things are drawn


def _extent(garment: Mask) -> _Extent | None:
    rows, columns = (np.flatnonzero((garment > 0.5).any(axis)) for axis in (1, 0))
    if len(rows) < 20 or len(columns) < 20:
        return None
    return _Extent(
        top=float(rows[0]),
        left=float(columns[0]),
        height=float(rows[-1] - rows[0]),
        width=float(columns[-1] - columns[0]),
    )


def _above(shape: tuple[int, ...], extent: _Extent | None, share: float) -> NDArray[np.bool_]:
    limit = 0.0 if extent is None else extent.top + share * extent.height
    return np.broadcast_to(np.arange(shape[0])[:, None] < limit, shape)


def _upper_rim(sample: Sample, extent: _Extent | None) -> NDArray[np.int64]:
    """(n, 2) x, y of the garment's pixels beside the mannequin in its upper two fifths."""
    rim = _widened(sample.mannequin > 0.5) & (sample.garment > 0.5) & _above(sample.garment.shape, extent, 0.4)
    return np.argwhere(rim)[:, ::-1]


def _outer_edge(sample: Sample) -> NDArray[np.int64]:
    """(n, 2) x, y of the garment's pixels beside the backdrop."""
    edge = _widened((sample.garment + sample.mannequin) < 0.5) & (sample.garment > 0.5)
    return np.argwhere(edge)[:, ::-1]


def _strap_ends(rim: NDArray[np.int64], body: NDArray[np.int64], rng: Rng) -> list[tuple[Point, Point]]:
    draw = rng.random()
    if draw < 0.5:
        return [(_pick(rim, rng), _pick(rim, rng))]
    knot = _pick(body, rng)
    return [(_pick(rim, rng), knot) for _ in range(1 if draw < 0.7 else int(rng.integers(2, 4)))]


def _widened(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return cv2.dilate(flags.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0


def _pick(points: NDArray[np.int64], rng: Rng) -> Point:
    return points[int(rng.integers(len(points)))].astype(np.float64)


# --- shapes


def _bent(ends: tuple[Point, Point], rng: Rng) -> NDArray[np.float64]:
    """A quadratic Bézier curve as (40, 2) points."""
    first, last = ends
    along = last - first
    bend = (first + last) / 2 + rng.normal(0, 0.15) * np.array([-along[1], along[0]])
    t = np.linspace(0, 1, 40)[:, None]
    return (1 - t) ** 2 * first + 2 * t * (1 - t) * bend + t**2 * last


def _share_on(where: NDArray[np.bool_], line: NDArray[np.float64]) -> float:
    x, y = np.rint(line).astype(int).T
    return float(where[y.clip(0, where.shape[0] - 1), x.clip(0, where.shape[1] - 1)].mean())


def _stroke(shape: tuple[int, ...], line: NDArray[np.float64], width: float) -> Mask:
    """Coverage (H, W) of a band along `line`; twice as fine within, for its edges."""
    fine = np.zeros((2 * shape[0], 2 * shape[1]), np.float32)
    points = np.rint(2 * line + 0.5).astype(np.int32)
    cv2.polylines(fine, [points], False, 1.0, max(1, round(2 * width)), cv2.LINE_AA)
    return cv2.resize(fine, shape[::-1], interpolation=cv2.INTER_AREA)


def _blob(shape: tuple[int, ...], middle: Point, radius: float, rng: Rng) -> Mask:
    """A slit, drop, triangle or round hole."""
    corners = int(rng.integers(3, 12))
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners)) if corners < 6 else np.linspace(0, 2 * np.pi, 60)
    stretch, turn = float(np.exp(rng.normal(0, 0.5))), float(rng.uniform(0, np.pi))
    unit = np.stack([np.cos(angle) * stretch, np.sin(angle) / stretch], 1)
    turned = unit @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    outline = np.rint(middle + radius * turned).astype(np.int32)
    return cv2.fillPoly(np.zeros(shape[:2], np.float32), [outline], 1.0, cv2.LINE_AA)


def _wedge(shape: tuple[int, ...], first: Point, deepest: Point, last: Point, rng: Rng) -> Mask:
    """What two curves from `deepest` to `first` and `last` hold between them."""
    sides = [_bent((first, deepest), rng), _bent((deepest, last), rng)]
    outline = np.rint(np.concatenate(sides)).astype(np.int32)
    return cv2.fillPoly(np.zeros(shape[:2], np.float32), [outline], 1.0, cv2.LINE_AA)


def _limb(shape: tuple[int, ...], at: Point, extent: _Extent, rng: Rng) -> Sequence[tuple[Mask, float]]:
    """Coverages (H, W) of a limb's parts near `at`, each with its radius in pixels, the hindmost first."""
    thick = extent.width * float(rng.uniform(0.03, 0.11))
    if rng.random() < 0.3:
        return [(_blob(shape, at + rng.normal(0, thick / 2, 2), thick * 1.2, rng), thick)]
    lean = rng.normal(0, 0.3)
    along = np.array([np.sin(lean), np.cos(lean)])
    start = at + np.array([rng.normal(0, thick), 0]) - along * extent.height * rng.uniform(0, 0.3)
    end = start + along * extent.height * float(rng.uniform(0.1, 0.5))
    arm = _stroke(shape, np.linspace(start, end, 20), 2 * thick)
    if rng.random() < 0.5:  # a flat end: cut off at the wrist
        y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
        beyond = (x - end[0]) * along[0] + (y - end[1]) * along[1]
        return [(arm * (beyond < 0).astype(np.float32), thick)]
    return [(arm, thick), *_hand(shape, end, along, thick, rng)]


def _hand(shape: tuple[int, ...], wrist: Point, along: Point, thick: float, rng: Rng) -> list[tuple[Mask, float]]:
    """A palm with four fingers and a thumb."""
    across = np.array([-along[1], along[0]]) * (1 if rng.random() < 0.5 else -1)
    palm = _stroke(shape, np.linspace(wrist, wrist + along * 1.6 * thick, 8), 2.2 * thick)
    parts = [(palm, thick)]
    spread, curl = rng.uniform(0.05, 0.4), rng.normal(0, 0.3)
    for finger in range(5):
        side = (finger - 1.5) / 1.5 if finger < 4 else -1.3
        root = wrist + along * thick * (1.8 if finger < 4 else 0.6) + across * side * 0.8 * thick
        reach = along * (1.0 if finger < 4 else 0.7) + across * (side * spread + curl)
        tip = root + reach * thick * rng.uniform(1.3, 2.0)
        parts.append((_stroke(shape, _bent((root, tip), rng), 0.55 * thick), 0.3 * thick))
    return parts


# --- looks


def _skin(sample: Sample, rng: Rng) -> Image:
    """(3,): about the colour of the mannequin."""
    if float(sample.mannequin.sum()) < _LEAST:
        return studio_colour(rng)
    return np.clip(mean_of(sample.photo, sample.mannequin) + rng.normal(0, 0.02, 3), 0, 1).astype(np.float32)


def _skin_nearby(sample: Sample, rng: Rng) -> Image:
    """(H, W, 3): the colour of the mannequin carried on to where it is covered."""
    reach = 0.04 * sample.garment.shape[0]
    bare = (sample.mannequin > 0.9).astype(np.float32)
    share = small_blur(bare, reach)[..., None]
    near = small_blur(sample.photo * bare[..., None], reach) / np.maximum(share, 1e-3)
    known = np.clip(share * 20, 0, 1)
    return (known * near + (1 - known) * _skin(sample, rng)).astype(np.float32)


def _fabric(sample: Sample, rng: Rng) -> Image:
    """(H, W, 3): the garment's own cloth everywhere, now and then a plain tape instead."""
    h, w = sample.garment.shape
    side = max(8, int(0.08 * h))
    deep = cv2.erode((sample.garment > 0.9).astype(np.uint8), np.ones((side, side), np.uint8))
    places = np.argwhere(deep > 0)
    if not len(places) or rng.random() < 0.2:
        plain = mean_of(sample.photo, sample.garment) if rng.random() < 0.6 else rng.uniform(0, 1, 3)
        return np.broadcast_to(plain.astype(np.float32), sample.photo.shape)
    y, x = np.clip(places[int(rng.integers(len(places)))] - side // 2, 0, None)
    tile = mirrored(sample.photo[y : y + side, x : x + side])
    times = -(-h // tile.shape[0]), -(-w // tile.shape[1]), 1
    return np.tile(tile, times)[:h, :w]


def _lit(colour: Image, cover: Mask, radius: float, rng: Rng, *, gloss: float) -> Image:
    """`colour` (H, W, 3) as the skin of a rounded body that fills `cover` and is about `radius` thick."""
    normal = normals(cover, radius)
    light = rng.normal(0, 0.5, 2)
    towards = np.array([*light, 1.0]) / np.sqrt(1 + float(light @ light))
    facing = np.clip(normal @ towards.astype(np.float32), 0, 1)
    ambient = float(rng.uniform(0.4, 0.8))
    lit = colour * (ambient + (1 - ambient) * facing)[..., None] + gloss * (facing**20)[..., None]
    return np.clip(lit, 0, 1).astype(np.float32)
