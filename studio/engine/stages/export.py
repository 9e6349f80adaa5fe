"""The stage `export`: the finished files, whole or not at all, and what was measured on them."""

import contextlib
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np

from studio.engine import content_credentials
from studio.engine.channels import limits_of, marked, sign, write_channels
from studio.engine.deliverable import measured
from studio.engine.placement import placement_of
from studio.engine.raster import Pixels, Raster, split_alpha
from studio.engine.report import report_of
from studio.engine.stage import Frame, StageContext
from studio.engine.writing import Limits, write_layer, write_picture, write_within
from studio.files import move_into_place, output_errors, reserved_beside, sha256_of
from studio.model import Format, Metadata, Recipe, ResultFile


class Export:
    """Writes the deliverable, its report, if asked its layers, and a file for each sales channel of the recipe.

    A file that breaks a rule of its channel sends the whole result to review: nothing doubtful lies where a shop takes
    it.
    """

    name = "export"

    def run(self, frame: Frame, context: StageContext) -> Frame:
        """Add the files written. Raises OutputError or Cancelled; then none of them stands under its final name."""
        started = time.perf_counter()
        recipe = context.recipe
        with _writing(context) as files:
            frame = _write_deliverable(files, frame, context)
            context.progress(self.name, 0.4)
            frame, channels = write_channels(files, frame, context)
            context.progress(self.name, 0.8)
            if recipe.output.layers:
                _write_layers(files, frame, context)
            context.progress(self.name, 0.9)
            timed = frame.evolve(seconds=frame.seconds | {self.name: round(time.perf_counter() - started, 3)})
            report = report_of(timed, recipe, context.seed, channels, _signed(recipe, context)).to_json().encode()
            files.add(_beside(context.destination, "report.json"), lambda path: path.write_bytes(report))
            context.checkpoint()
            if frame.needs_review(recipe):
                files.send_to_review()
            context.before_move(files.results)
            files.move()
        return frame.evolve(files=files.results)


def _beside(place: Path, ending: str) -> Path:
    """The result's path with an ending; `with_suffix` would take a dot in the photo's name for one."""
    return place.with_name(f"{place.name}.{ending}")


@dataclass(kw_only=True)
class Files:
    """Files under temporary names, in the order in which they get their final ones.

    folder, review_folder: what the finals stand in; they are named below `folder` and move when they go to review.
    """

    folder: Path
    review_folder: Path
    temporary: dict[Path, Path] = field(default_factory=dict[Path, Path])
    hashes: dict[Path, str] = field(default_factory=dict[Path, str])
    moved: list[Path] = field(default_factory=list[Path])

    @property
    def results(self) -> tuple[ResultFile, ...]:
        return tuple(ResultFile(path=final, sha256=sha256) for final, sha256 in self.hashes.items())

    def add(self, final: Path, write: Callable[[Path], object]) -> Path:
        """Have `write` fill a temporary file for `final`, and return where it is. Raises OutputError."""
        with output_errors(final):
            temporary = self.temporary[final] = reserved_beside(final)
            write(temporary)
            self.hashes[final] = sha256_of(temporary)
        return temporary

    def send_to_review(self) -> None:
        """Have every final stand under review instead."""

        def there(final: Path) -> Path:
            return self.review_folder / final.relative_to(self.folder)

        self.temporary = {there(final): path for final, path in self.temporary.items()}
        self.hashes = {there(final): sha256 for final, sha256 in self.hashes.items()}

    def move(self) -> None:
        """Give every file its final name, the last added first and the picture itself last. Raises OutputError."""
        for final in reversed(list(self.temporary)):
            move_into_place(self.temporary[final], final)
            self.moved.append(final)
        self._remove_empty_folders()

    def forget(self) -> None:
        """Remove what was written, and folders that this leaves empty."""
        for final, temporary in self.temporary.items():
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
                if final in self.moved:
                    final.unlink()
        self._remove_empty_folders()

    def _remove_empty_folders(self) -> None:
        folders = {path.parent for pair in self.temporary.items() for path in pair}
        for folder in sorted(folders, key=lambda path: len(path.parts), reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()


@contextlib.contextmanager
def _writing(context: StageContext) -> Generator[Files]:
    files = Files(folder=context.destination.parent, review_folder=context.review_destination.parent)
    try:
        yield files
    except BaseException:
        files.forget()
        raise


def _write_deliverable(files: Files, frame: Frame, context: StageContext) -> Frame:
    """Write the picture and measure what was written; the frame with the figures and what metadata was lost."""
    recipe = context.recipe
    raster = marked(cast(Raster, frame.deliverable), frame, recipe)
    final = _beside(context.destination, recipe.output.format.value)
    own = next((each for each in recipe.channels if each.name == recipe.compose.template), None)
    limits = limits_of(own) if own else Limits(quality=recipe.output.quality)
    lost = list[str]()

    def write(path: Path) -> None:
        lost.extend(write_within(path, raster, recipe.output.format, limits))
        sign(path, frame, recipe, context, final.name)

    temporary = files.add(final, write)
    fidelity = frame.fidelity
    if fidelity and frame.garment is not None and _is_comparable(frame, recipe):
        fidelity = measured(temporary, frame, fidelity)
    return frame.evolve(fidelity=fidelity, warnings=(*frame.warnings, *lost))


def _is_comparable(frame: Frame, recipe: Recipe) -> bool:
    """Whether the file can be compared with the master pixel by pixel; a PSD is not read back."""
    if recipe.enhance.scale > 1:
        return False
    placement = placement_of(cast(Pixels, frame.master)[..., 3], recipe.compose, recipe.level)
    return placement.is_identity and recipe.output.format is not Format.PSD


def _signed(recipe: Recipe, context: StageContext) -> str:
    if not recipe.output.provenance:
        return "not signed: the recipe says so"
    return content_credentials.state(recipe.output.format, context.credentials)


def _write_layers(files: Files, frame: Frame, context: StageContext) -> None:
    """The masks as 8-bit grey, and the master with the photo's profile, depth and metadata."""
    folder = _beside(context.destination, "layers")
    for name, mask in (("garment", frame.garment), ("mannequin", frame.mannequin), ("inner", frame.inner)):
        context.checkpoint()
        pixels = np.zeros(frame.photo.pixels.shape[:2], np.uint8) if mask is None else mask
        files.add(folder / f"{name}.png", partial(write_layer, pixels=pixels))
    context.checkpoint()
    pixels, alpha = split_alpha(cast(Pixels, frame.master))
    is_kept = context.recipe.output.metadata is Metadata.KEEP
    photo = frame.photo if is_kept else Raster(pixels=pixels, icc=frame.photo.icc)
    master = marked(replace(photo, pixels=pixels, alpha=alpha), frame.evolve(enlarged_by=""), context.recipe)
    files.add(folder / "result_full.png", lambda path: write_picture(path, master, Format.PNG, 100))
