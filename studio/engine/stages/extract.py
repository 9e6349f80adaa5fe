"""The stage `extract`: garment, mannequin and what appears where the mannequin was, at the photo's own resolution."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from studio.engine.colour import to_srgb8
from studio.engine.placement import cut_stands_amid
from studio.engine.raster import Pixels, Raster
from studio.engine.stage import Frame, Mask, StageContext
from studio.engine.starter.arrays import (
    Bytes,
    Floats,
    as_coverage,
    opposite,
    product,
    scaled,
    scaled_mask,
    shrunk,
)
from studio.engine.starter.confidence import confidence_of, features_of
from studio.engine.starter.evidence import weigh_colours
from studio.engine.starter.impostors import fills_the_frame, is_all_pattern
from studio.engine.starter.network import GARMENT, Eyes, Network, Sight
from studio.engine.starter.plates import on_the_set
from studio.engine.starter.refine import Located, locate_edge, middle_size, to_full_size
from studio.engine.starter.remnants import has_hanging_piece, has_hole, has_mannequins_patch
from studio.engine.starter.subject import Subject, find_subject
from studio.errors import PhotoError
from studio.model import Mode

_LEAST_PROMISE = 0.75  # of the network itself; a flower, a cup, a man with a camera promise 0.72 at most, garments 0.85
_LEAST_CLOTHING = 0.022  # of what the picture is taken for; 384 renders have 0.028 or more, photographs 0.039
_LITTLE_CLOTHING = 0.035  # less goes to review
_HOPELESS = 0.2  # confidence in the mask; where it is less, more clothing is asked for
_HOPELESS_CLOTHING = 0.05  # least clothing there
_LEAST_SIDE = 64
_MOST_ELONGATED = 12
_LEAST_CLARITY = 0.15
_MANY_STRAYS = 0.03  # share of the garment's area
_REACH = 0.004  # of the longer side: how near to `inner` an edge counts as its own
_VAGUE_OPENING = 0.2
_LONG_OPENING = 0.07  # share of the garment's whole edge; clean renders give 0.064 at most
_CLEAR_ELSEWHERE = 0.1


class Extract:
    """Tells garment, mannequin and background apart."""

    name = "extract"

    def __init__(self, eyes: Eyes | None = None) -> None:
        self._eyes = eyes or Network()

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Add garment, mannequin, inner, confidence and what goes with them.

        Raises PhotoError if the photo is too small or thin, or shows no garment; EngineError if the network is missing.
        """
        _check_shape(frame)
        middle = _middle(frame.photo)
        picture = to_srgb8(middle)
        sight, notes = on_the_set(self._eyes.look(picture), picture, frame.shot)
        frame = frame.evolve(warnings=frame.warnings + notes)
        context.progress(self.name, 0.5)
        context.checkpoint()
        weighed = _weighed(sight, picture)
        subject = find_subject(weighed)
        if subject is None or _is_vague(sight) or fills_the_frame(subject, context.recipe.mode):
            raise _no_garment(frame)
        cut_out = _cut_out(frame, middle, subject, context)
        coverage, edge = cut_out.located.coverage, cut_out.located.edge
        if is_all_pattern(picture, coverage, edge):
            raise _no_garment(frame)
        confidence = confidence_of(features_of(sight.classes[GARMENT], weighed[GARMENT], coverage))
        clothing = self._eyes.clothing(picture)
        if clothing < (_LEAST_CLOTHING if confidence >= _HOPELESS else _HOPELESS_CLOTHING):
            raise _no_garment(frame)
        doubts = _doubts(picture, weighed, subject, cut_out.located, clothing)
        frame = frame.evolve(review_reasons=frame.review_reasons + doubts)
        return _describe(frame, subject, cut_out, context).evolve(
            models=frame.models + self._eyes.models(),
            confidence=round(confidence, 4),
        )


def _check_shape(frame: Frame) -> None:
    height, width = frame.photo.pixels.shape[:2]
    name = frame.shot.front.name
    if min(height, width) < _LEAST_SIDE:
        raise PhotoError(
            "Photo too small",
            f"{name} has {width} x {height} pixels; a garment cannot be told in it.",
            f"Use a photo of at least {_LEAST_SIDE} pixels on its short side.",
        )
    if max(height, width) > _MOST_ELONGATED * min(height, width):
        raise PhotoError(
            "Photo too thin",
            f"{name} has {width} x {height} pixels, too narrow a strip to hold a garment.",
            "Use the whole photo rather than a strip of it.",
        )


def _no_garment(frame: Frame) -> PhotoError:
    message = f"{frame.shot.front.name} shows no garment that the program can make out."
    # In a shoot with numbers a card that cannot be read passes for a front.
    hint = "If it is a card that could not be read: modamoda shoot set PHOTO --role card --garment SKU"
    if not frame.shot.sku:
        hint = "Check that this is the right photo, and that the garment stands out from the background."
    return PhotoError("No garment found", message, hint)


def _is_vague(sight: Sight) -> bool:
    """Whether the network itself promises nothing of the garment that it drew."""
    return sight.confidence is not None and sight.confidence < _LEAST_PROMISE


def _middle(photo: Raster) -> Raster:
    """The photo at the middle size, in its own profile and bit depth, without metadata."""
    height, width = photo.pixels.shape[:2]
    size = middle_size(width, height)
    scaled = photo.pixels if size == (width, height) else cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA)
    return Raster(pixels=cast(Pixels, scaled), icc=photo.icc)


def _weighed(sight: Sight, picture: Bytes) -> Floats:
    """The classes that the network saw, corrected by the picture's own colours."""
    height, width = sight.classes.shape[1:]
    return weigh_colours(shrunk(picture, (width, height)), sight.classes)


@dataclass(frozen=True, kw_only=True)
class _CutOut:
    """The masks at the photo's size, and the edge of the garment at the middle size."""

    garment: Mask
    mannequin: Mask
    inner: Mask
    located: Located


def _cut_out(frame: Frame, middle: Raster, subject: Subject, context: StageContext) -> _CutOut:
    located = locate_edge(_as_floats(middle.pixels), subject.garment, max(subject.garment.shape))
    context.checkpoint()
    garment = to_full_size(located, frame.photo.pixels, context.checkpoint)
    size = garment.shape[1], garment.shape[0]
    rest = opposite(garment)
    return _CutOut(
        garment=garment,
        mannequin=product(rest, scaled_mask(as_coverage(subject.mannequin), size)),
        inner=product(rest, _crisp(scaled_mask(as_coverage(subject.inner), size))),
        located=located,
    )


def _as_floats(pixels: Pixels) -> Floats:
    """Pixels as float32 on the scale 0..255."""
    return pixels.astype(np.float32) * np.float32(255 / np.iinfo(pixels.dtype).max)


def _crisp(share: Mask) -> Mask:
    """A soft ramp made four times as steep around its middle: the border of `inner` is drawn, not photographed."""
    steps = np.arange(256, dtype=np.float32) / 255
    return np.asarray(cv2.LUT(share, as_coverage((steps - 0.5) * 4 + 0.5)), np.uint8)


def _describe(frame: Frame, subject: Subject, cut_out: _CutOut, context: StageContext) -> Frame:
    with_mannequin = subject.has_mannequin
    with_inside = with_mannequin and context.recipe.mode is not Mode.CUTOUT
    nothing = np.zeros_like(cut_out.garment)
    shows_cut = subject.cut and cut_stands_amid(cut_out.garment, context.recipe)
    return frame.evolve(
        garment=cut_out.garment,
        mannequin=cut_out.mannequin if with_mannequin else nothing,
        inner=cut_out.inner if with_inside else nothing,
        has_mannequin=with_mannequin,
        warnings=frame.warnings + _warnings(subject, context.recipe.mode, shows_cut=shows_cut),
        review_reasons=frame.review_reasons + _review_reasons(subject, cut_out.located, shows_cut=shows_cut),
    )


def _warnings(subject: Subject, mode: Mode, *, shows_cut: bool) -> tuple[str, ...]:
    found = (
        (
            not subject.has_mannequin and mode is Mode.INVISIBLE,
            "No mannequin was found in the photo: it was treated as a cut-out, without an inside.",
        ),
        (
            subject.cut and not shows_cut,
            "The garment is cut by the frame of the photo; the result keeps that crop.",
        ),
    )
    return tuple(warning for holds, warning in found if holds)


def _doubts(picture: Bytes, weighed: Floats, subject: Subject, located: Located, clothing: float) -> tuple[str, ...]:
    """What speaks for something else, the mannequin or a part of it as a rule, having been taken for the garment."""
    coverage = located.coverage
    found = (
        (clothing < _LITTLE_CLOTHING, "The picture may show something else than clothing."),
        (
            has_mannequins_patch(picture, weighed, coverage),
            "A plain patch of the garment has the mannequin's colour: it may be a head, a limb or the stand.",
        ),
        (
            has_hanging_piece(picture, weighed, coverage),
            "A small piece hangs on the garment by a thread: it may be a hand or another part of the mannequin.",
        ),
        (
            has_hole(coverage, np.maximum(subject.mannequin, subject.inner)),
            "The garment has a hole amid it: it may be a trim in another colour, or a part of the mannequin before it.",
        ),
    )
    return tuple(sentence for holds, sentence in found if holds)


def _review_reasons(subject: Subject, located: Located, *, shows_cut: bool) -> tuple[str, ...]:
    found = (
        (shows_cut, "The garment is cut by the frame of the photo, and the cut stands amid the finished picture."),
        (subject.garments > 1, "The photo seems to show several garments."),
        (subject.parts > subject.garments, "Something away from the garment was taken for a part of it."),
        (subject.strays > _MANY_STRAYS, "Something away from the garment, which may belong to it, was left out."),
        (_keeps_mannequin(subject, located), "At the opening, something of the mannequin may have been kept."),
        (located.edge.clarity < _LEAST_CLARITY, "The garment hardly differs in colour from what is around it."),
    )
    return tuple(sentence for holds, sentence in found if holds)


def _keeps_mannequin(subject: Subject, located: Located) -> bool:
    """Whether a long part of the edge of a garment that stands out elsewhere cannot be seen where its inside begins.

    Such an edge runs across the mannequin, not along the garment. A short one is a shadow in the neck.
    """
    height, width = located.coverage.shape
    inner = scaled(subject.inner, (width, height)) * (1 - located.coverage) > 0.5
    reach = 2 * round(_REACH * max(height, width)) + 1
    near = cv2.dilate(inner.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    vague, everywhere = located.edge.vague_share(near), located.edge.vague_share(np.ones_like(near))
    length = vague * np.count_nonzero(located.edge.band & near) / max(1, np.count_nonzero(located.edge.band))
    is_long = vague > _VAGUE_OPENING and bool(length > _LONG_OPENING)
    return subject.has_mannequin and is_long and everywhere < _CLEAR_ELSEWHERE
