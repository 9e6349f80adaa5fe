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
from studio.errors import UsageError
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
    layers: Path, templates: tuple[Template, ...], out: Path, credentials: Path | None
) -> tuple[ChannelFile, ...]:
    """Write the file of each channel below `out`, under `_review` if it breaks a rule; nothing there is replaced.

    layers: a `NAME.layers` folder. Raises UsageError for a master that waits for review or has no report, StudioError.
    """
    stem = layers.name.removesuffix(_LAYERS)
    report = _report(layers.with_name(f"{stem}.report.json"))
    frame, recipe = _frame(layers, report), Recipe.from_json(json.dumps(report["recipe"]))
    made = (_export_one(frame, recipe, template, stem, out, credentials) for template in templates)
    return tuple(itertools.chain.from_iterable(made))


def _export_one(
    frame: Frame, recipe: Recipe, template: Template, stem: str, out: Path, credentials: Path | None
) -> Iterable[ChannelFile]:
    named = _free(template, naming.Facts(stem=stem), out)
    output = replace(recipe.output, templates=(template.name,))
    context = StageContext(
        recipe=replace(recipe, output=output, channels=(named,)),
        seed=0,
        destination=out / stem,
        review_destination=out / "_review" / stem,
        credentials=credentials,
    )
    files = Files(folder=out, review_folder=out / "_review")
    try:
        frame, channels = write_channels(files, frame, context)
        if any(channel.broken for channel in channels):
            files.send_to_review()
        files.move()
    except BaseException:
        files.forget()
        raise
    return channels


def _free(template: Template, facts: naming.Facts, out: Path) -> Template:
    """The template with the first name of its naming rule that nothing holds, neither below `out` nor under review."""
    for copy in itertools.count():
        name = naming.channel_name(facts, template, copy)
        named = replace(template, output=replace(template.output, name=name))
        if not any((place / channel_file(named)).exists() for place in (out, out / "_review")):
            return named
    raise AssertionError("itertools.count does not end")


def _frame(layers: Path, report: dict[str, Any]) -> Frame:
    master = read_photo(layers / MASTER)
    regions = cast("dict[str, int]", report["regions"])
    source = next((name for name in ("generated", "synthesised", "joined") if regions.get(name)), "none")
    alpha = master.alpha
    if alpha is None:
        alpha = np.full(master.pixels.shape[:2], np.iinfo(master.pixels.dtype).max, master.pixels.dtype)
    is_figure = report["mode"] == Mode.HUMAN
    return Frame(
        shot=Shot(front=Path(str(report["photo"]))),
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
