"""The stage `correct`: what a person painted on the masks, replayed over what `extract` found."""

from studio.engine.colour import to_srgb8
from studio.engine.edits import Masks, replay_strokes
from studio.engine.stage import Frame, StageContext


class Correct:
    """Lays a person's strokes over garment, mannequin and inner; without strokes the frame passes as it is."""

    name = "correct"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with corrected masks. Who corrected a mask has looked at it: no doubt of `extract`
        remains."""
        strokes = context.edits.strokes
        if not strokes or frame.garment is None or frame.mannequin is None or frame.inner is None:
            return frame
        found = Masks(garment=frame.garment, mannequin=frame.mannequin, inner=frame.inner)
        masks = replay_strokes(found, to_srgb8(frame.photo), strokes)
        return frame.evolve(
            garment=masks.garment,
            mannequin=masks.mannequin,
            inner=masks.inner,
            has_mannequin=bool(masks.mannequin.any()),
            confidence=1.0,
            review_reasons=(),
            transforms=(*frame.transforms, f"masks corrected by hand in {len(strokes)} strokes"),
        )
