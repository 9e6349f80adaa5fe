"""The stage `restore` for a figure: the photographed garment laid over the generated person, 1:1, never warped."""

from studio.engine import painting
from studio.engine.colour import srgb8_to_profile, to_srgb8
from studio.engine.joint import band_width
from studio.engine.stage import Frame, StageContext
from studio.engine.stages.restore import Restore
from studio.engine.starter.arrays import opposite
from studio.errors import EngineError


class LayGarment:
    """Makes the master of a figure: opaque, the garment's core bit for bit the photograph."""

    name = "restore"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Return the frame with `master` and `fidelity`. Raises EngineError where no figure was made, Cancelled."""
        if frame.figure is None or frame.garment is None:
            raise EngineError("No figure", f"No figure was made for {frame.shot.front.name}.", "Run the whole recipe.")
        band = band_width(frame.garment.shape)
        size = frame.garment.shape[1], frame.garment.shape[0]
        figure = painting.joined(painting.scaled(frame.figure, size), to_srgb8(frame.photo), frame.garment, band)
        context.checkpoint()
        # To the master the figure is what the inside is to a ghost: it lies under the garment, here everywhere.
        under = frame.evolve(interior=srgb8_to_profile(figure, frame.photo), inner=opposite(frame.garment))
        laid = Restore().run(under, context)
        return frame.evolve(master=laid.master, fidelity=laid.fidelity, figure=figure, interior_source="generated")
