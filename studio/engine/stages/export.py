"""The stage `export`: the finished files, whole or not at all, and what was measured on them."""

import contextlib
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np

from studio.engine import metadata
from studio.engine.deliverable import measured
from studio.engine.placement import placement_of
from studio.engine.raster import Pixels, Raster
from studio.engine.report import report_of
from studio.engine.stage import Frame, StageContext
from studio.engine.writing import write_layer, write_picture
from studio.files import move_into_place, output_errors, sha256_of, temporary_beside
from studio.model import Recipe, ResultFile

_SOURCE_TYPES = {
    "joined": "compositeCapture",
    "synthesised": "compositeSynthetic",
    "generated": "compositeWithTrainedAlgorithmicMedia",
}


class Export:
    """Writes the deliverable, its report and, if asked, its layers."""

    name = "export"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Add the files written. Raises OutputError or Cancelled; then none of them stands under its final name."""
        started = time.perf_counter()
        recipe = context.recipe
        place = context.review_destination if frame.needs_review(recipe) else context.destination
        with _writing() as files:
            frame = _write_deliverable(files, _beside(place, recipe.output.format.value), frame, recipe)
            context.progress(self.name, 0.5)
            if recipe.output.layers:
                _write_layers(files, _beside(place, "layers"), frame, context)
            context.progress(self.name, 0.9)
            timed = frame.evolve(seconds=frame.seconds | {self.name: round(time.perf_counter() - started, 3)})
            report = report_of(timed, recipe, context.seed).to_json().encode()
            files.add(_beside(place, "report.json"), lambda temporary: temporary.write_bytes(report))
            context.checkpoint()
            context.before_move(files.results)
            files.move()
        return frame.evolve(files=files.results)


def _beside(place: Path, ending: str) -> Path:
    """The result's path with an ending; `with_suffix` would take a dot in the photo's name for one."""
    return place.with_name(f"{place.name}.{ending}")


@dataclass(kw_only=True)
class _Files:
    """Files under temporary names beside their final ones, in the order in which they get these."""

    temporary: dict[Path, Path] = field(default_factory=dict[Path, Path])
    hashes: dict[Path, str] = field(default_factory=dict[Path, str])
    moved: list[Path] = field(default_factory=list[Path])

    @property
    def results(self) -> tuple[ResultFile, ...]:
        return tuple(ResultFile(path=final, sha256=sha256) for final, sha256 in self.hashes.items())

    def add(self, final: Path, write: Callable[[Path], object]) -> None:
        """Have `write` fill a temporary file for `final`. Raises OutputError."""
        temporary = self.temporary[final] = temporary_beside(final)
        with output_errors(final):
            final.parent.mkdir(parents=True, exist_ok=True)
            write(temporary)
            self.hashes[final] = sha256_of(temporary)

    def move(self) -> None:
        """Give every file its final name, the last added first and the picture itself last. Raises OutputError."""
        for final in reversed(list(self.temporary)):
            move_into_place(self.temporary[final], final)
            self.moved.append(final)

    def forget(self) -> None:
        """Remove what was written, and folders that this leaves empty."""
        for final, temporary in self.temporary.items():
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
                if final in self.moved:
                    final.unlink()
        for folder in {final.parent for final in self.temporary}:
            with contextlib.suppress(OSError):
                folder.rmdir()


@contextlib.contextmanager
def _writing() -> Generator[_Files]:
    files = _Files()
    try:
        yield files
    except BaseException:
        files.forget()
        raise


def _write_deliverable(files: _Files, final: Path, frame: Frame, recipe: Recipe) -> Frame:
    """Write the picture and measure what was written; the frame with the figures and what metadata was lost."""
    raster = _with_source_type(cast(Raster, frame.deliverable), frame, recipe)
    lost = list[str]()
    files.add(final, lambda path: lost.extend(write_picture(path, raster, recipe.output.format, recipe.output.quality)))
    fidelity = frame.fidelity
    if fidelity and frame.garment is not None and _same_geometry(frame, recipe):
        fidelity = measured(files.temporary[final], frame, fidelity)
    return frame.evolve(fidelity=fidelity, warnings=(*frame.warnings, *lost))


def _with_source_type(raster: Raster, frame: Frame, recipe: Recipe) -> Raster:
    """The picture marked with how it came about, unless it is a plain cut-out of a photograph."""
    source_type = _SOURCE_TYPES.get(frame.interior_source)
    if not (recipe.output.provenance and source_type):
        return raster
    return replace(raster, xmp=metadata.with_provenance(raster.xmp, source_type))


def _same_geometry(frame: Frame, recipe: Recipe) -> bool:
    return placement_of(cast(Pixels, frame.master)[..., 3], recipe.compose).is_identity


def _write_layers(files: _Files, folder: Path, frame: Frame, context: StageContext) -> None:
    """The masks as 8-bit grey, and the master with the photo's profile and depth."""
    for name, mask in (("garment", frame.garment), ("mannequin", frame.mannequin), ("inner", frame.inner)):
        context.checkpoint()
        pixels = np.zeros(frame.photo.pixels.shape[:2], np.uint8) if mask is None else mask
        files.add(folder / f"{name}.png", partial(write_layer, pixels=pixels))
    context.checkpoint()
    master = cast(Pixels, frame.master)
    files.add(folder / "result_full.png", partial(write_layer, pixels=master, icc=frame.photo.icc))
