"""The stage `interior`: what appears inside neck, sleeves and hem when the mannequin goes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.interior import joining
from studio.engine.interior.backline import hangs_on_straps, is_no_curve, is_sunk, straighten, with_back_joined
from studio.engine.interior.fabric import Cloth, overview, seen_back
from studio.engine.interior.hem import within_reach
from studio.engine.interior.opening import (
    Field,
    Opening,
    Patch,
    find_openings,
    signed_distance,
    without_flecks,
    without_strays,
)
from studio.engine.interior.outline import read_outline
from studio.engine.interior.register import Registration, register
from studio.engine.interior.synthesis import synthesise, toned
from studio.engine.interior.view import shows_the_set
from studio.engine.interior.waist import with_waist
from studio.engine.joint import band_width, dilated
from studio.engine.raster import Pixels
from studio.engine.stage import Frame, Mask, StageContext
from studio.errors import EngineError, PhotoError
from studio.model import InteriorSource

STILL_THERE = 0.04
"""Difference (of white) to the front photo under which four fifths of an opening show the mannequin in both photos."""

EDGE_PX = 1.5
"""Width of the drawn edge of the inside, from nothing to full coverage."""


class Interior:
    """Joins the photographed inside behind the garment, or makes it from the garment's own fabric."""

    name = "interior"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with `interior`. Raises EngineError for what this engine cannot make, PhotoError,
        Cancelled."""
        source = context.recipe.interior.source
        _check(source, frame)
        garment, inner = frame.garment, frame.inner
        if source is InteriorSource.NONE or inner is None or garment is None:
            return frame.evolve(interior_source="none")
        joint = None
        if frame.inside is not None and source is not InteriorSource.SYNTHESISE:
            joint = _prepare_joint(frame, garment)
            if joint is None:
                frame = _without_joint(frame, source)
            context.checkpoint()
        is_open = False
        if not context.edits.strokes:  # what a person has painted stands
            frame, inner, is_open = _corrected(frame, garment, inner, joint, context)
        return _filled(frame, garment, inner, joint, context, is_open=is_open)


@dataclass(frozen=True, kw_only=True)
class _Joint:
    """The inside photo, ready to be joined: pixels in the front's profile, where they belong, their tone."""

    pixels: Pixels
    registration: Registration
    tone: joining.Tone


def _check(source: InteriorSource, frame: Frame) -> None:
    if source is InteriorSource.GENERATE:
        raise EngineError(
            "The studio engine is needed",
            f"The inside of {frame.shot.front.name} is to be generated, which the starter engine cannot do.",
            "Set interior.source to auto in the recipe, or install the studio engine.",
        )
    if source is InteriorSource.INSIDE_PHOTO and frame.inside is None:
        raise PhotoError(
            "No photo of the inside",
            f"The recipe wants the inside of {frame.shot.front.name} from a photo, and none was found beside it.",
            "Name the photo with --inside, for example --inside '{stem}_inside.*', or set interior.source to auto.",
        )


def _prepare_joint(frame: Frame, garment: Mask) -> _Joint | None:
    """Everything needed to join the inside photo; None = it does not fit the front."""
    if frame.inside is None:
        return None
    registration = register(frame.photo, frame.inside, garment)
    if registration is None:
        return None
    pixels = joining.in_profile_of(frame.photo, frame.inside)
    tone = joining.match_tone(frame.photo.pixels, pixels, garment, registration)
    return _Joint(pixels=pixels, registration=registration, tone=tone)


def _without_joint(frame: Frame, source: InteriorSource) -> Frame:
    """The frame with a word about the inside photo that does not fit; a review where the recipe insists on it."""
    name = frame.shot.inside.name if frame.shot.inside else "the inside photo"
    sentence = f"{name} could not be laid over {frame.shot.front.name}; the inside was made from the garment's fabric."
    if source is InteriorSource.INSIDE_PHOTO:
        return frame.evolve(review_reasons=(*frame.review_reasons, sentence))
    return frame.evolve(warnings=(*frame.warnings, sentence))


def _corrected(
    frame: Frame, garment: Mask, inner: Mask, joint: _Joint | None, context: StageContext
) -> tuple[Frame, Mask, bool]:
    """The frame with `inner`, and `inner`: drawn anew, with the outlines that the inside photo shows, that a waist
    has, or plain back lines, in place of the guessed ones; and whether the neck was left open. A guess that is no line
    at all is for a person to look at."""
    reasons: tuple[str, ...] = ()
    inner = without_strays(garment, inner)
    waist = None if frame.mannequin is None else with_waist(garment, frame.mannequin, inner)
    openings = find_openings(garment, inner if waist is None else waist)
    drawn = np.zeros_like(inner)
    necks = [opening for opening in openings if opening.is_neck] if joint is None and waist is None else []
    warning = _left_open(necks, frame, inner)
    for opening in openings:
        context.checkpoint()
        distance = _shown_outline(frame, opening, joint, context.seed) if joint else None
        if distance is None and waist is not None and opening.is_neck:
            _copy(drawn, waist, opening)
            continue
        if distance is None:
            distance = _guessed_outline(opening, is_open=warning is not None)
        if distance is None and opening.is_neck and is_no_curve(opening):
            reasons = ("The back of the neckline could not be made out: the inside may stand away from the garment.",)
        _draw(drawn, garment, opening, opening.outline() if distance is None else distance)
    drawn = without_flecks(drawn)
    frame = frame.evolve(inner=drawn, review_reasons=frame.review_reasons + reasons)
    if warning:
        frame = frame.evolve(warnings=(*frame.warnings, warning))
    return frame, drawn, warning is not None


def _left_open(necks: list[Opening], frame: Frame, inner: Mask) -> str | None:
    """Why nothing of the garment shows in these necks; None = its back does."""
    warning = None
    mannequin = np.zeros_like(inner) if frame.mannequin is None else frame.mannequin
    if any(hangs_on_straps(neck) for neck in necks):
        warning = "The garment hangs on narrow straps: what may show behind them was left open, as no photo shows it."
    elif any(shows_the_set(neck, frame.photo.pixels, inner, mannequin) for neck in necks):
        warning = "The set is seen through the neck: what may show there was left open, as no photo shows it."
    return warning


def _guessed_outline(opening: Opening, *, is_open: bool) -> Field | None:
    """The outline that such openings have; None = as the network drew it. is_open: nothing shows in the neck."""
    if not opening.is_neck:
        return within_reach(opening)
    return signed_distance(with_back_joined(opening), 0.8) if is_open else straighten(opening)


def _shown_outline(frame: Frame, opening: Opening, joint: _Joint, seed: int) -> Field | None:
    """The opening's outline as the inside photo shows it; None = not clearly."""
    if frame.mannequin is None:
        return None
    front = opening.look(frame.photo.pixels)
    inside = joining.look(joint.pixels, opening, joint.registration, joint.tone)
    return read_outline(opening, front, inside, opening.shrunk(frame.mannequin) > 127, seed)


def _draw(inner: Mask, garment: Mask, opening: Opening, distance: Field) -> None:
    """Add one opening of this outline (h, w, working pixels) to `inner` (H, W), at the frame's resolution, its edge as
    soft as a photographed one."""
    y0, y1, x0, x1 = opening.box
    at_frame = opening.enlarged(distance, opening.box) / opening.scale
    cover = np.rint(255 * np.clip(0.5 + at_frame / EDGE_PX, 0, 1)).astype(np.uint8)
    shown = np.minimum(cover, 255 - garment[y0:y1, x0:x1])
    near = dilated(((distance > 0) & ~opening.garment | opening.hole).astype(np.uint8), 3).astype(np.float32)
    target = inner[y0:y1, x0:x1]
    np.maximum(target, shown, out=target, where=opening.enlarged(near, opening.box) > 0.5)


def _copy(inner: Mask, drawn: Mask, opening: Opening) -> None:
    """Add one opening to `inner` (H, W) as it is `drawn` (H, W)."""
    y0, y1, x0, x1 = opening.box
    near = opening.enlarged(dilated(opening.hole.astype(np.uint8), 3).astype(np.float32), opening.box) > 0.5
    target = inner[y0:y1, x0:x1]
    np.maximum(target, drawn[y0:y1, x0:x1], out=target, where=near)


def _filled(
    frame: Frame, garment: Mask, inner: Mask, joint: _Joint | None, context: StageContext, *, is_open: bool
) -> Frame:
    """The frame with every opening filled; is_open: the neck was left open."""
    openings = find_openings(garment, inner)
    if not openings:
        return frame.evolve(inner=np.zeros_like(inner), interior_source="none")
    interior: Pixels = np.zeros_like(frame.photo.pixels)
    cloth = overview(frame.photo.pixels, garment)
    back = seen_back(cloth, garment.shape) if is_open else None
    joined = 0
    reasons: tuple[str, ...] = ()
    for index, opening in enumerate(openings):
        context.checkpoint()
        context.progress("interior", index / len(openings))
        patch = _joined(frame, opening, joint, garment) if joint else None
        joined += patch is not None
        if patch is None and opening.is_neck and not is_open and is_sunk(opening):
            reasons = ("The garment stands higher on both sides of the neck than its inside: a back may be missing.",)
        patch = patch or _synthesised(frame, garment, opening, cloth)
        _lay(interior, patch if back is None else toned(patch, frame.photo.pixels, opening, back))
    return frame.evolve(
        inner=_only_filled(inner, interior),
        interior=interior,
        interior_source="joined" if joined else "synthesised",
        transforms=(*frame.transforms, joint.registration.sentence) if joint and joined else frame.transforms,
        review_reasons=frame.review_reasons + reasons,
    )


def _joined(frame: Frame, opening: Opening, joint: _Joint, garment: Mask) -> Patch | None:
    """An opening from the inside photo; None = that photo does not show it."""
    box = opening.tight_box(2 * band_width(garment.shape), garment.shape)
    patch, seen = joining.join(joint.pixels, box, joint.registration, joint.tone)
    hole = opening.hole_in(box)
    if not seen[hole].all() or _shows_mannequin(frame.photo.pixels, patch, hole):
        return None
    return patch


def _shows_mannequin(photo: Pixels, patch: Patch, hole: NDArray[np.bool_]) -> bool:
    y0, y1, x0, x1 = patch.box
    difference = cv2.absdiff(photo[y0:y1, x0:x1], patch.pixels)[hole].max(-1)
    return float(np.quantile(difference, 0.8)) < STILL_THERE * np.iinfo(photo.dtype).max


def _synthesised(frame: Frame, garment: Mask, opening: Opening, cloth: Cloth) -> Patch:
    return synthesise(frame.photo.pixels, garment, opening, cloth, 2 * band_width(garment.shape))


def _lay(interior: Pixels, patch: Patch) -> None:
    """Write a patch into the interior, where nothing of another opening stands yet; 0 means that nothing does."""
    y0, y1, x0, x1 = patch.box
    target = interior[y0:y1, x0:x1]
    np.copyto(target, np.maximum(patch.pixels, 1), where=~target.any(-1, keepdims=True))


def _only_filled(inner: Mask, interior: Pixels) -> Mask:
    """`inner` without the faint rims for which nothing was made, and which would show black."""
    left, top, width, height = cv2.boundingRect(inner)
    box = slice(top, top + height), slice(left, left + width)
    rows, columns = np.nonzero(inner[box])
    empty = ~interior[box][rows, columns].any(1)
    filled = inner.copy()
    filled[box][rows[empty], columns[empty]] = 0
    return filled
