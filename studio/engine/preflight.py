"""Pre-flight: a finished file against the rules of a sales channel, measured on the file itself.

Every rule gets a verdict. `doubtful` is for what no pixel can tell (whether a model must wear the garment) and for
limits that a channel does not publish; `unknown` is for what cannot be measured on this file. Only `broken` is an
error.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from studio import naming
from studio.engine import colour, exif, preflight_pixels, profiles, vips
from studio.engine.filetype import HEAD_BYTES, FileType, filetype_of
from studio.engine.image import read_photo
from studio.engine.preflight_pixels import Look
from studio.engine.raster import Raster
from studio.errors import PhotoError
from studio.model import Mode, Rule, RuleCheck, RuleKind, Template, Verdict

_TYPES = {
    FileType.JPEG: "jpg",
    FileType.PNG: "png",
    FileType.TIFF: "tiff",
    FileType.WEBP: "webp",
    FileType.GIF: "gif",
    FileType.HEIC: "heic",
    FileType.AVIF: "avif",
}
_SUFFIXES = {"jpeg": "jpg", "jpe": "jpg", "tif": "tiff", "heif": "heic", "hif": "heic"}
_SOURCE_TYPE = re.compile(rb"digitalsourcetype/(\w+)")
# A bounding box is known to a pixel or two, a ratio to the rounding of its sides.
_ROUNDING = 0.004
_WHITE = "#ffffff"


@dataclass(frozen=True, kw_only=True)
class Made:
    """What is known of how a file was made, None = nothing. source_type: its IPTC DigitalSourceType, "" = none needed.

    is_figure: a person wears the garment.
    """

    source_type: str | None = None
    is_figure: bool | None = None


@dataclass(frozen=True, kw_only=True)
class _File:
    """A finished file, opened. name: its own, whatever its name on the disk is."""

    name: str
    bytes: int
    type: str
    dots_per_inch: float
    raster: Raster
    made: Made

    @cached_property
    def look(self) -> Look:
        """What its pixels show; looked for when a rule asks."""
        return preflight_pixels.look(self.raster)


def check(path: Path, template: Template, made: Made | None = None, *, name: str = "") -> tuple[RuleCheck, ...]:
    """Measure a finished file by every rule of a channel, in the template's order.

    name: what the file will be called, where it still has another name. Raises PhotoError for what is no picture.
    """
    raster = read_photo(path)
    file = _File(
        name=name or path.name,
        bytes=path.stat().st_size,
        type=_type(path),
        dots_per_inch=_dots_per_inch(path, raster),
        raster=raster,
        made=made or Made(),
    )
    return tuple(_CHECKS[rule.kind](rule, file) for rule in template.rules)


def made_by(mode: Mode, source_type: str) -> Made:
    """What is known of a file of ours."""
    return Made(source_type=source_type, is_figure=mode is Mode.HUMAN)


def _type(path: Path) -> str:
    with path.open("rb") as stream:
        kind = filetype_of(stream.read(HEAD_BYTES), path.suffix)
    if kind is None:
        raise PhotoError("Not a picture", f"{path} is not a picture of a known type.", "Check the file.")
    return _TYPES.get(kind, kind.value.lower())


def _dots_per_inch(path: Path, raster: Raster) -> float:
    """As the file's own header says it, else its EXIF; 72 where neither does."""
    try:
        said = float(vips.open_source(path, "none").xres)
    except vips.ERRORS:
        said = 1.0
    # libvips says 1 to the millimetre where a file says nothing.
    return (said if said != 1.0 else exif.pixels_per_mm(raster.exif)) * 25.4


def _kept(rule: Rule, measured: str) -> RuleCheck:
    return RuleCheck(rule=rule.kind, verdict=Verdict.KEPT, measured=measured)


def _broken(rule: Rule, measured: str, remedy: str) -> RuleCheck:
    return RuleCheck(rule=rule.kind, verdict=Verdict.BROKEN, measured=measured, remedy=remedy)


def _doubtful(rule: Rule, measured: str, remedy: str) -> RuleCheck:
    return RuleCheck(rule=rule.kind, verdict=Verdict.DOUBTFUL, measured=measured, remedy=remedy)


def _unknown(rule: Rule, measured: str, remedy: str = "") -> RuleCheck:
    return RuleCheck(rule=rule.kind, verdict=Verdict.UNKNOWN, measured=measured, remedy=remedy)


def _between(rule: Rule, value: float, slack: float = 0.0) -> int:
    """-1 below the rule's low, 1 above its high, 0 within."""
    if rule.low is not None and value < rule.low - slack:
        return -1
    return int(rule.high is not None and value > rule.high + slack)


def _limits(rule: Rule) -> str:
    if rule.low is not None and rule.high is not None:
        return f"{rule.low:.10g}" if rule.low == rule.high else f"{rule.low:.10g} to {rule.high:.10g}"
    return f"at least {rule.low:.10g}" if rule.low is not None else f"at most {rule.high:.10g}"


def _format(rule: Rule, file: _File) -> RuleCheck:
    suffix = file.name.rpartition(".")[2].lower()
    if _SUFFIXES.get(suffix, suffix) != file.type:
        said = f"the name says {suffix}, the file is {file.type}"
        return _broken(rule, said, f"Name it .{file.type}, or export it anew.")
    if file.type in rule.words:
        return _kept(rule, file.type)
    return _broken(rule, file.type, f"Export it as {' or '.join(rule.words)}.")


def _side(rule: Rule, file: _File) -> RuleCheck:
    height, width = file.raster.pixels.shape[:2]
    value = {RuleKind.WIDTH: width, RuleKind.HEIGHT: height, RuleKind.LONG_SIDE: max(width, height)}.get(
        rule.kind, width * height
    )
    measured = f"{value} pixels"
    if _between(rule, value):
        return _broken(rule, measured, f"Export it with {_limits(rule)} pixels there.")
    return _kept(rule, measured)


def _ratio(rule: Rule, file: _File) -> RuleCheck:
    height, width = file.raster.pixels.shape[:2]
    measured = f"{width} x {height}, width to height {width / height:.4f}"
    if _between(rule, width / height):
        return _broken(rule, measured, f"Export it at {_limits(rule)} (width to height).")
    return _kept(rule, measured)


def _bytes(rule: Rule, file: _File) -> RuleCheck:
    measured, side = f"{file.bytes} bytes", _between(rule, file.bytes)
    if side < 0:
        return _broken(rule, measured, f"Export it larger or at a higher quality: {_limits(rule)} bytes.")
    if side > 0:
        return _broken(rule, measured, f"Export it smaller or at a lower quality: {_limits(rule)} bytes.")
    return _kept(rule, measured)


def _resolution(rule: Rule, file: _File) -> RuleCheck:
    dots = file.dots_per_inch
    if _between(rule, round(dots)):
        return _broken(rule, f"{dots:.0f} dpi", f"Set it to {_limits(rule)} dpi; the pixels stay.")
    return _kept(rule, f"{dots:.0f} dpi")


def _name(rule: Rule, file: _File) -> RuleCheck:
    stem = file.name.rpartition(".")[0]
    if not naming.is_legal(file.name):
        return _broken(rule, file.name, "Rename it: Windows does not take this name.")
    if not any(re.fullmatch(pattern, stem) for pattern in rule.words):
        return _broken(rule, file.name, "Name the photograph by the number that the channel knows the product by.")
    return _kept(rule, file.name)


def _profile(rule: Rule, file: _File) -> RuleCheck:
    if file.raster.icc is None:
        return _broken(rule, "no colour profile is embedded", "Export it with the profile sRGB.")
    if not colour.same_colours(file.raster.icc, profiles.srgb()):
        return _broken(rule, "its colour profile is not sRGB", "Export it with the profile sRGB.")
    return _kept(rule, "sRGB is embedded")


def _background(rule: Rule, file: _File) -> RuleCheck:
    look = file.look
    if look.is_transparent:
        if "transparent" in rule.words:
            return _kept(rule, "transparent")
        return _broken(rule, "transparent", "Export it on white.")
    wanted = [word.lower() for word in rule.words if word.startswith("#")]
    if wanted and _WHITE not in wanted:
        return _tinted(rule, look, wanted)
    ground = "#" + bytes(look.ground).hex()
    measured = f"{ground}, {look.off_ground:.2%} of the rim differs from it"
    if ground == _WHITE and look.off_white_share <= preflight_pixels.NOISE:
        return _kept(rule, "white, 255 in every channel")
    if ground == _WHITE:
        measured = f"white, but {look.off_white_share:.2%} of it is off-white"
    remedy = "Export it on the background #ffffff."
    if rule.high is not None:
        return _broken(rule, measured, remedy)
    if "light" in rule.words and min(look.ground) >= 128:
        return _doubtful(rule, measured, "The channel wants it light and does not say how light.")
    if min(look.ground) >= 240:
        return _doubtful(rule, measured, "The channel wants white and does not say how near to it; 255 is safe.")
    return _broken(rule, measured, remedy)


def _tinted(rule: Rule, look: Look, wanted: list[str]) -> RuleCheck:
    """A ground of another colour than white."""
    ground = "#" + bytes(look.ground).hex()
    least = min(max(abs(here - there) for here, there in zip(look.ground, _rgb(each), strict=True)) for each in wanted)
    if least <= preflight_pixels.LOSS and look.off_near_share <= preflight_pixels.NOISE:
        return _kept(rule, ground)
    measured = f"{ground}, {look.off_near_share:.2%} of the rim differs from it"
    return _broken(rule, measured, f"Export it on the background {wanted[0]}.")


def _rgb(colour_hex: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour_hex[1:]))


def _fill(rule: Rule, file: _File) -> RuleCheck:
    if file.look.fill is None:
        return _unknown(rule, "no garment stands out from the background")
    # A shadow under a garment cannot be told from it to the pixel.
    slack = 0.04 if file.look.has_shadow and rule.high is not None and file.look.fill > rule.high else _ROUNDING
    measured = f"the garment takes {file.look.fill:.1%} of the frame"
    if _between(rule, file.look.fill, slack):
        return _broken(rule, measured, f"Export it with a fill of {_limits(rule)}.")
    return _kept(rule, measured)


def _edge(rule: Rule, file: _File) -> RuleCheck:
    if file.look.shadow_at_edge:
        return _broken(rule, "a shadow reaches the edge of the frame", "Export it without a shadow, or with less fill.")
    if file.look.garment_at_edge:
        return _broken(rule, "the garment reaches the edge of the frame", "Export it with less fill.")
    return _kept(rule, "nothing reaches the edge")


def _residue(rule: Rule, file: _File) -> RuleCheck:
    if file.look.specks:
        remedy = "Correct the mask of the photograph, or paint the spots out."
        return _broken(rule, f"{file.look.specks} spots stand apart from the garment", remedy)
    return _kept(rule, "nothing stands apart from the garment")


def _alpha(rule: Rule, file: _File) -> RuleCheck:
    if file.raster.alpha is None:
        return _kept(rule, "opaque")
    if file.look.stray_alpha > 0:
        remedy = "Correct the mask of the photograph, or export it on white."
        return _broken(rule, f"{file.look.stray_alpha} half-transparent pixels lie far from the garment", remedy)
    return _kept(rule, "transparent, and clean around the garment")


def _shadow(rule: Rule, file: _File) -> RuleCheck:
    found = "a soft shadow" if file.look.has_shadow else "no shadow"
    if ("required" in rule.words) != file.look.has_shadow:
        asked = "with a contact shadow" if "required" in rule.words else "without a shadow"
        return _broken(rule, found, f"Export it {asked}.")
    return _kept(rule, found)


def _metadata(rule: Rule, file: _File) -> RuleCheck:
    """Whether the file says how it came about; the report of a file of ours knows whether it has to."""
    found = _SOURCE_TYPE.search(file.raster.xmp or b"")
    said = found[1].decode() if found else ""
    needed = file.made.source_type
    if needed is None:
        return _kept(rule, said) if said else _unknown(rule, "nothing says how it came about")
    if said != needed:
        measured = f"DigitalSourceType is {said or 'missing'}, it was made as {needed or 'a photograph'}"
        return _broken(rule, measured, "Export it with `provenance` on, and let no program strip its metadata.")
    if "rained" in needed and rule.words and said not in rule.words:
        return _broken(rule, said, f"The channel wants {' or '.join(rule.words)}.")
    return _kept(rule, said or "a photograph, nothing to be said")


def _model(rule: Rule, file: _File) -> RuleCheck:
    if "set" in rule.words:
        needed = "The channel wants a cropped view on a model beside this one."
        return _doubtful(rule, "one picture of a set", needed)
    if file.made.is_figure:
        return _kept(rule, "on a model")
    if not any(word in file.name.split(".") for word in rule.words):
        return _kept(rule, f"not {' or '.join(rule.words)}")
    remedy = (
        "For adults' clothing the channel wants this picture on a model; use it for children's wear or another view."
    )
    return _doubtful(rule, f"{file.name} may show no model", remedy)


def _ghost(rule: Rule, file: _File) -> RuleCheck:
    if file.made.is_figure:
        return _kept(rule, "on a model")
    return _doubtful(rule, "an invisible mannequin", "The channel does not take it as the first image.")


_CHECKS: dict[RuleKind, Callable[[Rule, _File], RuleCheck]] = {
    RuleKind.FORMAT: _format,
    RuleKind.WIDTH: _side,
    RuleKind.HEIGHT: _side,
    RuleKind.LONG_SIDE: _side,
    RuleKind.PIXELS: _side,
    RuleKind.RATIO: _ratio,
    RuleKind.BYTES: _bytes,
    RuleKind.RESOLUTION: _resolution,
    RuleKind.NAME: _name,
    RuleKind.PROFILE: _profile,
    RuleKind.BACKGROUND: _background,
    RuleKind.FILL: _fill,
    RuleKind.EDGE: _edge,
    RuleKind.RESIDUE: _residue,
    RuleKind.ALPHA: _alpha,
    RuleKind.SHADOW: _shadow,
    RuleKind.METADATA: _metadata,
    RuleKind.MODEL: _model,
    RuleKind.GHOST: _ghost,
}
