"""A file for each sales channel from one master: composed, written within its limits, signed, checked when finished."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from studio.engine import content_credentials, exif, preflight, provenance, xmp
from studio.engine.placement import is_cut, leaves_a_cut
from studio.engine.raster import Raster
from studio.engine.report import regions_of
from studio.engine.stage import Frame, StageContext
from studio.engine.stages.compose import composed
from studio.engine.templates.catalog import dressed
from studio.engine.templates.files import channel_file, separate_channels
from studio.engine.writing import Limits, write_within
from studio.model import ChannelFile, Recipe, RuleCheck, RuleKind, Template, Verdict


class Files(Protocol):
    """Where finished files go: a temporary file is filled for each final name."""

    def add(self, final: Path, write: Callable[[Path], object]) -> Path:
        """Have `write` fill a temporary file for `final`, and return where it is. Raises OutputError."""
        ...


def write_channels(files: Files, frame: Frame, context: StageContext) -> tuple[Frame, tuple[ChannelFile, ...]]:
    """Add the file of each channel; the frame then says of what a person should know.

    Raises OutputError where a file cannot be written, Cancelled.
    """
    made: list[ChannelFile] = []
    for template in separate_channels(context.recipe):
        context.checkpoint()
        finals = context.destination.parent / channel_file(template, context.copy)
        channel, lost = _write_channel(files, finals, frame, template, context)
        made.append(channel)
        frame = frame.evolve(warnings=(*frame.warnings, *lost))
    reasons = tuple(_said_of(channel) for channel in made if channel.broken)
    return frame.evolve(review_reasons=(*frame.review_reasons, *reasons)), tuple(made)


def _write_channel(
    files: Files, final: Path, frame: Frame, template: Template, context: StageContext
) -> tuple[ChannelFile, tuple[str, ...]]:
    recipe = dressed(context.recipe, template)
    frame = frame.evolve(enlarged_by="")  # made from the master anew
    raster, transforms = composed(frame, recipe, context.checkpoint)
    raster = with_resolution(marked(raster, frame, recipe), template)
    lost = list[str]()

    def write(path: Path) -> None:
        lost.extend(write_within(path, raster, recipe.output.format, limits_of(template)))
        sign(path, frame, recipe, context, final.name)

    temporary = files.add(final, write)
    made = preflight.made_by(recipe.mode, provenance.source_type(frame) if recipe.output.provenance else "")
    checks = (*preflight.check(temporary, template, made, name=final.name), *_cut_check(frame, recipe))
    return ChannelFile(template=template.name, file=final.name, transforms=transforms, checks=checks), tuple(lost)


def _cut_check(frame: Frame, recipe: Recipe) -> tuple[RuleCheck, ...]:
    """No channel takes a garment that ends in a straight line amid the picture, though none has a rule for it."""
    if frame.garment is None or not (is_cut(frame.garment) and leaves_a_cut(frame.garment, recipe)):
        return ()
    return (
        RuleCheck(
            rule=RuleKind.EDGE,
            verdict=Verdict.BROKEN,
            measured="the photo's frame cuts the garment, and the cut stands amid the picture",
            remedy="Use a photo that shows the whole garment.",
        ),
    )


def _said_of(channel: ChannelFile) -> str:
    """What a person reads under review."""
    rules = ", ".join(each.rule for each in channel.broken)
    reason = f"The file for {channel.template} breaks its rules: {rules}. The report has the remedies."
    return reason


def marked(raster: Raster, frame: Frame, recipe: Recipe) -> Raster:
    """The picture marked with how it came about, unless it is a plain cut-out of a photograph."""
    kind = provenance.source_type(frame)
    if not (recipe.output.provenance and kind):
        return raster
    return replace(raster, xmp=xmp.with_provenance(raster.xmp, kind))


def sign(path: Path, frame: Frame, recipe: Recipe, context: StageContext, title: str) -> None:
    """Sign a finished file, where that is wanted and possible. Raises OutputError."""
    folder, kind = context.credentials, recipe.output.format
    if recipe.output.provenance and folder and content_credentials.can_sign(kind):
        account = provenance.account(provenance.source_type(frame), regions_of(frame))
        content_credentials.sign(path, kind, account, folder, title=title)


def limits_of(template: Template) -> Limits:
    """How many bytes a channel's file may have, the manifest that is signed in later left out."""
    rule = template.rule(RuleKind.BYTES)
    high = rule.high - content_credentials.MOST_BYTES if rule and rule.high else None
    low, quality = rule.low if rule else None, template.output.quality
    return Limits(low=low, high=high, quality=quality, quality_min=min(template.quality_min, quality))


def with_resolution(raster: Raster, template: Template) -> Raster:
    """The picture with the resolution that a channel asks for; its pixels stay."""
    rule = template.rule(RuleKind.RESOLUTION)
    if rule is None or rule.low is None:
        return raster
    return replace(raster, exif=exif.with_resolution(raster.exif, round(rule.low)))
