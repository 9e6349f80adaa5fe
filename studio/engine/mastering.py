"""Files for sales channels from a master that stands on the disk: no photo is read again and no network runs."""

import itertools
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from studio import naming
from studio.engine.channels import write_channels
from studio.engine.image import read_photo
from studio.engine.raster import Raster
from studio.engine.stage import Frame, StageContext
from studio.engine.stages.export import Files
from studio.engine.templates.files import channel_file
from studio.errors import PhotoError, UsageError
from studio.model import ChannelFile, Mode, Recipe, Shot, Template

MASTER = "result_full.png"
_LAYERS = ".layers"


def masters_in(path: Path) -> list[Path]:
    """The folders of layers at or below `path`, in the order of their names; those under review are left out."""
    if path.name == MASTER:
        return [path.parent]
    if (path / MASTER).is_file():
        return [path]
    found = sorted(master.parent for master in path.rglob(f"*{_LAYERS}/{MASTER}"))
    return [folder for folder in found if "_review" not in folder.relative_to(path).parts]


def export(
    layers: Path, templates: tuple[Template, ...], out: Path, credentials: Path | None, branch: Path = Path()
) -> tuple[ChannelFile, ...]:
    """Write the file of each channel to `branch` of `out`, to the same branch under `_review` if it breaks a rule;
    nothing there is replaced.

    Where the very picture stands already under a name that its file could have, it is left and named: to export twice
    doubles nothing. layers: a `NAME.layers` folder. Raises UsageError for a master that waits for review or has no
    report, StudioError.
    """
    stem = layers.name.removesuffix(_LAYERS)
    report = _report(layers.with_name(f"{stem}.report.json"))
    frame, recipe = _frame(layers, report), Recipe.from_json(json.dumps(report["recipe"]))
    facts = naming.Facts(stem=stem, sku=frame.shot.sku or None, view=_told_view(frame.shot))
    folders = out / branch, out / "_review" / branch
    made = (_export_one(frame, recipe, template, facts, folders, credentials) for template in templates)
    return tuple(itertools.chain.from_iterable(made))


def _export_one(
    frame: Frame,
    recipe: Recipe,
    template: Template,
    facts: naming.Facts,
    folders: tuple[Path, Path],
    credentials: Path | None,
) -> Iterable[ChannelFile]:
    folder, review = folders
    named, held = _free(template, facts, folders)
    output = replace(recipe.output, templates=(template.name,))
    context = StageContext(
        recipe=replace(recipe, output=output, channels=(named,)),
        seed=0,
        destination=folder / facts.stem,
        review_destination=review / facts.stem,
        credentials=credentials,
    )
    files = Files(folder=folder, review_folder=review)
    try:
        frame, channels = write_channels(files, frame, context)
        if same := _same_picture(files, held):
            files.forget()
            return tuple(replace(channel, file=same.name) for channel in channels)
        if any(channel.broken for channel in channels):
            files.send_to_review()
        files.move()
    except BaseException:
        files.forget()
        raise
    return channels


def _free(template: Template, facts: naming.Facts, folders: tuple[Path, Path]) -> tuple[Template, list[Path]]:
    """The template with the first name of its naming rule that nothing holds in either folder; and the files that hold
    the names before it."""
    held: list[Path] = []
    for copy in itertools.count():
        name = naming.channel_name(facts, template, copy)
        named = replace(template, output=replace(template.output, name=name))
        places = [folder / channel_file(named) for folder in folders]
        if not any(place.exists() for place in places):
            return named, held
        held += [place for place in places if place.is_file()]
    raise AssertionError("itertools.count does not end")


def _same_picture(files: Files, held: list[Path]) -> Path | None:
    """Which of the files that stand shows the very pixels of the one just made; manifests differ by their time."""
    made = [read_photo(temporary) for temporary in files.temporary.values()] if held else []
    return next((path for path in held if any(_shows(path, raster) for raster in made)), None)


def _shows(path: Path, raster: Raster) -> bool:
    try:
        there = read_photo(path)
    except PhotoError:
        return False
    both = (raster.alpha is None) == (there.alpha is None)
    alike = both and (raster.alpha is None or np.array_equal(raster.alpha, cast(Any, there.alpha)))
    return alike and np.array_equal(raster.pixels, there.pixels)


def _told_view(shot: Shot) -> str | None:
    return shot.view if shot.view != "front" else None


def _frame(layers: Path, report: dict[str, Any]) -> Frame:
    master = read_photo(layers / MASTER)
    regions = cast("dict[str, int]", report["regions"])
    source = next((name for name in ("generated", "synthesised", "joined") if regions.get(name)), "none")
    alpha = master.alpha
    if alpha is None:
        alpha = np.full(master.pixels.shape[:2], np.iinfo(master.pixels.dtype).max, master.pixels.dtype)
    is_figure = report["mode"] == Mode.HUMAN
    return Frame(
        shot=Shot(
            front=Path(str(report["photo"])), sku=str(report.get("sku", "")), view=str(report.get("view", "front"))
        ),
        photo=replace(master, alpha=None),
        garment=_mask(layers / "garment.png"),
        inner=_mask(layers / "inner.png"),
        interior_source=source,
        figure=np.zeros((1, 1, 3), np.uint8) if is_figure else None,
        master=np.dstack([master.pixels, alpha]),
        confidence=float(report["confidence"]),
    )


def _mask(path: Path) -> "np.ndarray[Any, np.dtype[np.uint8]] | None":
    if not path.is_file():
        return None
    raster: Raster = read_photo(path)
    return np.ascontiguousarray(raster.pixels[..., 0]).astype(np.uint8)


def _report(path: Path) -> dict[str, Any]:
    try:
        report = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        message = f"There is no report {path.name} beside the layers that can be read."
        raise UsageError("Master without its report", message, "Process the photo again with --layers.") from error
    if report.get("needs_review"):
        message = f"{path.name} says that a person should look first."
        raise UsageError("Master not approved", message, "Approve it: `modamoda review approve`.")
    return cast("dict[str, Any]", report)
