"""Core types: what moves between the parts of the house, as frozen plain data. Standard library only."""

import dataclasses
import enum
import hashlib
import json
import re
import types
import typing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from studio import __version__
from studio.errors import RecipeError


class Mode(enum.StrEnum):
    """What is made of a shot."""

    INVISIBLE = "invisible"
    HUMAN = "human"
    CUTOUT = "cutout"


class Engine(enum.StrEnum):
    """Who does the work: `auto` takes the studio engine where it is ready, else the starter engine."""

    AUTO = "auto"
    STARTER = "starter"
    STUDIO = "studio"


class InteriorSource(enum.StrEnum):
    """Where the inside of collar, sleeves and hem comes from."""

    AUTO = "auto"
    INSIDE_PHOTO = "inside-photo"
    SYNTHESISE = "synthesise"
    GENERATE = "generate"
    NONE = "none"


class Format(enum.StrEnum):
    """The file type of a deliverable; its value is the file's suffix."""

    PNG = "png"
    JPG = "jpg"
    TIFF = "tiff"
    WEBP = "webp"
    PSD = "psd"
    AVIF = "avif"


class Shadow(enum.StrEnum):
    """The shadow laid under the garment."""

    NONE = "none"
    CONTACT = "contact"
    DROP = "drop"


class Align(enum.StrEnum):
    """Where the garment stands in the frame, vertically; it is always centred across."""

    CENTER = "center"
    TOP = "top"
    BOTTOM = "bottom"


class Profile(enum.StrEnum):
    """The colour profile of a deliverable; `source` keeps the photo's own."""

    SRGB = "srgb"
    ADOBE_RGB = "adobe-rgb"
    DISPLAY_P3 = "display-p3"
    SOURCE = "source"


class Metadata(enum.StrEnum):
    """Whether EXIF, IPTC and XMP of the photo go into the deliverable."""

    KEEP = "keep"
    NONE = "none"


class EnhanceMethod(enum.StrEnum):
    """How what was generated or enlarged is enhanced."""

    NONE = "none"
    LANCZOS = "lanczos"
    REAL_ESRGAN = "real-esrgan"


@dataclass(frozen=True, kw_only=True)
class ExtractStep:
    """Parameters of the stage `extract`: results under `confidence_min` (0..1) go to review."""

    confidence_min: float = 0.8


@dataclass(frozen=True, kw_only=True)
class InteriorStep:
    """Parameters of the stage `interior`."""

    source: InteriorSource = InteriorSource.AUTO


@dataclass(frozen=True, kw_only=True)
class FigureStep:
    """The person around the garment, for mode `human`.

    pose: a preset's name, or the path of an OpenPose JSON file or of a photo of a person. candidates: how many figures
    are made, of which the best is kept, 1..8.
    """

    pose: str = "standing"
    person: str = "woman"
    skin_tone: str = "medium"
    build: str = "average"
    setting: str = "studio"
    candidates: int = 2


@dataclass(frozen=True, kw_only=True)
class EnhanceStep:
    """Parameters of the stages `enhance` and `enlarge`.

    method: how a generated figure is brought to the photo's size, and the finished picture to `scale` times its own,
    1..4. The master is never enlarged.
    """

    method: EnhanceMethod = EnhanceMethod.NONE
    scale: int = 1


@dataclass(frozen=True, kw_only=True)
class ComposeStep:
    """Parameters of the stage `compose`.

    background: `#rrggbb`, `transparent`, or the path of a picture. template: a sales channel's name, None = no
    channel. size: width and height in pixels, None = the photograph's own. fill: share (0..1) of the frame that
    the garment's longer side takes, None = its place and scale in the photograph.
    """

    background: str = "#ffffff"
    shadow: Shadow = Shadow.NONE
    template: str | None = None
    size: tuple[int, int] | None = None
    fill: float | None = None
    align: Align = Align.CENTER


@dataclass(frozen=True, kw_only=True)
class LevelStep:
    """How one photo is brought in line with its shoot; measured over the shoot when work is ordered.

    scale: deliverable pixels per photo pixel, None = by `compose`. line: where the garment's upper edge lies (its lower
    one where `compose` aligns at the bottom), as a share of the frame's height. turn: degrees clockwise. red, green,
    blue: gains in linear light.
    """

    scale: float | None = None
    line: float | None = None
    turn: float = 0.0
    red: float = 1.0
    green: float = 1.0
    blue: float = 1.0

    @property
    def changes_light(self) -> bool:
        """Whether colours are changed at all."""
        return (self.red, self.green, self.blue) != (1.0, 1.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class OutputStep:
    """Parameters of the stage `export`.

    quality: 1..100, for JPEG, WebP and AVIF. name: tokens of `studio.naming`. layers adds the masks and the master
    beside the picture; layered puts layers into a TIFF (a PSD always has them). templates: names of the sales channels
    that get a file of their own.
    """

    format: Format = Format.PNG
    profile: Profile = Profile.SRGB
    quality: int = 92
    name: str = "{stem}"
    metadata: Metadata = Metadata.KEEP
    provenance: bool = True
    layers: bool = False
    layered: bool = False
    templates: tuple[str, ...] = ()


class RuleKind(enum.StrEnum):
    """What a rule of a sales channel looks at in a finished file."""

    FORMAT = "format"
    WIDTH = "width"
    HEIGHT = "height"
    LONG_SIDE = "long_side"
    PIXELS = "pixels"
    RATIO = "ratio"
    BYTES = "bytes"
    RESOLUTION = "resolution"
    NAME = "name"
    PROFILE = "profile"
    BACKGROUND = "background"
    FILL = "fill"
    EDGE = "edge"
    RESIDUE = "residue"
    ALPHA = "alpha"
    SHADOW = "shadow"
    METADATA = "metadata"
    MODEL = "model"
    GHOST = "ghost"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One demand of a sales channel on a finished file.

    low, high: the limits of a number, None = the channel gives none. words: what is allowed where it is no number.
    source: where the channel says so. second_hand: the source is not the channel itself.
    """

    kind: RuleKind
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()
    source: str = ""
    second_hand: bool = False


@dataclass(frozen=True, kw_only=True)
class Template:
    """A sales channel: how its file is made, what it is called, and the rules that the finished file must keep.

    next_name: the name when the first one is taken; {copy} counts from 1. name_characters: the characters of a
    regular expression's class that the channel takes in a name, "" = every one. views: the channel's codes for views,
    each as "front=MAIN". quality_min: never is a file squeezed below it to keep a limit of bytes.
    """

    name: str
    title: str
    compose: ComposeStep = field(default_factory=ComposeStep)
    output: OutputStep = field(default_factory=OutputStep)
    next_name: str = "{name}-{copy}"
    name_characters: str = ""
    views: tuple[str, ...] = ()
    quality_min: int = 70
    rules: tuple[Rule, ...] = ()

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """A template from what a TOML or JSON file holds. Raises RecipeError."""
        return _build(cls, data, "")

    def rule(self, kind: RuleKind) -> Rule | None:
        """The channel's rule of a kind, None = it has none."""
        return next((rule for rule in self.rules if rule.kind is kind), None)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What to make of a shot; everything that matters to the result and nothing else.

    channels: the templates that output.templates and compose.template name, in full; filled in when work is ordered, so
    that a job knows all it needs and a changed template makes other work. level: filled in for each photo where a shoot
    is levelled, None = it is not.
    """

    name: str = "invisible"
    version: int = 1
    mode: Mode = Mode.INVISIBLE
    engine: Engine = Engine.AUTO
    extract: ExtractStep = field(default_factory=ExtractStep)
    interior: InteriorStep = field(default_factory=InteriorStep)
    figure: FigureStep | None = None
    enhance: EnhanceStep = field(default_factory=EnhanceStep)
    compose: ComposeStep = field(default_factory=ComposeStep)
    output: OutputStep = field(default_factory=OutputStep)
    channels: tuple[Template, ...] = ()
    level: LevelStep | None = None

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a recipe; unknown fields and wrong types are errors. Raises RecipeError."""
        try:
            data = json.loads(text, object_pairs_hook=_fields_once)
        except (ValueError, RecursionError) as error:
            raise _bad_recipe(f"it is not JSON ({error})") from error
        recipe = _build(cls, data, "")
        recipe.check()
        return recipe

    def to_json(self) -> str:
        """The recipe as indented JSON, every field written out."""
        return json.dumps(dataclasses.asdict(self), indent=1)

    @property
    def fingerprint(self) -> str:
        """Hexadecimal sha256 of everything but the name: two recipes with one fingerprint make the same picture."""
        data = dataclasses.asdict(self)
        del data["name"]
        if self.level is None:
            del data["level"]  # work done before there was levelling is still that work
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()

    def check(self) -> None:
        """Raise RecipeError for values that no stage can honour."""
        for broken, sentence in (
            (self.version != 1, f"version {self.version} is not known here (this program reads version 1)"),
            (not 0 <= self.extract.confidence_min <= 1, "extract.confidence_min must lie between 0 and 1"),
            (not 1 <= self.enhance.scale <= 4, "enhance.scale must lie between 1 and 4"),
            (
                self.enhance.scale > 1 and self.enhance.method is EnhanceMethod.NONE,
                "enhance.scale above 1 needs enhance.method: lanczos or real-esrgan",
            ),
            (
                self.enhance.scale > 1 and (self.output.format is Format.PSD or self.output.layered),
                "enhance.scale above 1 does not go with layers: choose another format",
            ),
            (
                self.enhance.scale > 1 and self.compose.template is not None,
                "enhance.scale above 1 does not go with compose.template, which says how large the picture is",
            ),
            (not 1 <= self.output.quality <= 100, "output.quality must lie between 1 and 100"),
            (
                not _is_background(self.compose.background),
                "compose.background must be #rrggbb, transparent or a picture's path",
            ),
            (
                self.compose.fill is not None and not 0.05 <= self.compose.fill <= 1,
                "compose.fill must lie between 0.05 and 1",
            ),
            (
                self.compose.size is not None and not all(16 <= side <= 30_000 for side in self.compose.size),
                "compose.size must be two numbers between 16 and 30000",
            ),
            (
                self.compose.background == "transparent" and self.output.format is Format.JPG,
                "a JPEG has no transparency: choose another format or another background",
            ),
            (self.mode is Mode.HUMAN and self.figure is None, "mode human needs a figure"),
            (
                self.figure is not None and not 1 <= self.figure.candidates <= 8,
                "figure.candidates must lie between 1 and 8",
            ),
        ):
            if broken:
                raise _bad_recipe(sentence)


def _is_background(text: str) -> bool:
    return (
        text == "transparent"
        or (not text.startswith("#") and bool(text))
        or bool(re.fullmatch(r"#[0-9a-fA-F]{6}", text))
    )


def _bad_recipe(what: str) -> RecipeError:
    return RecipeError(
        "Recipe not understood",
        f"The recipe cannot be used: {what}.",
        "Compare it with `modamoda recipe show invisible`.",
    )


def _fields_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The fields of an object. JSON lets one stand there twice; which of the two counts only its writer knows."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise _bad_recipe(f"the field {next(name for name in names if names.count(name) > 1)} stands there twice")
    return fields


def _build(kind: type[Any], data: object, where: str) -> Any:
    if not isinstance(data, dict):
        raise _bad_recipe(f"{where.removesuffix('.') or 'it'} must be an object")
    hints = typing.get_type_hints(kind)
    unknown = sorted(set(typing.cast(dict[str, object], data)) - set(hints))
    if unknown:
        raise _bad_recipe(f"unknown field {where}{unknown[0]}")
    missing = [each.name for each in dataclasses.fields(kind) if _is_needed(each) and each.name not in data]
    if missing:
        raise _bad_recipe(f"{where}{missing[0]} is missing")
    return kind(
        **{
            name: _value(hints[name], value, f"{where}{name}")
            for name, value in typing.cast(dict[str, object], data).items()
        }
    )


def _is_needed(of_class: "dataclasses.Field[Any]") -> bool:
    return of_class.default is dataclasses.MISSING and of_class.default_factory is dataclasses.MISSING


def _value(hint: Any, value: object, where: str) -> Any:
    options = typing.get_args(hint) if typing.get_origin(hint) in (types.UnionType, typing.Union) else (hint,)
    if value is None and type(None) in options:
        return None
    wanted = next(option for option in options if option is not type(None))
    if dataclasses.is_dataclass(wanted):
        return _build(typing.cast(type[Any], wanted), value, f"{where}.")
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        if value not in [member.value for member in wanted]:
            raise _bad_recipe(f"{where} must be one of {', '.join(str(member.value) for member in wanted)}")
        return wanted(value)
    if typing.get_origin(wanted) is tuple:
        pair = typing.cast(list[object], value)
        if typing.get_args(wanted)[1] is Ellipsis:
            return _values(typing.get_args(wanted)[0], pair, where)
        if not isinstance(value, list) or len(pair) != 2 or not all(type(side) is int for side in pair):
            raise _bad_recipe(f"{where} must be a list of two whole numbers")
        return tuple(pair)
    accepted = (int, float) if wanted is float else (typing.cast(type[Any], wanted),)
    if type(value) not in accepted:
        raise _bad_recipe(f"{where} must be {_KINDS[wanted]}, not {_shown(value)}")
    return value


_KINDS = {int: "a whole number", float: "a number", str: "text in quotes", bool: "true or false"}


def _shown(value: object) -> str:
    """A value as it stands in the file, its beginning at least."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _values(hint: Any, values: object, where: str) -> tuple[Any, ...]:
    if not isinstance(values, (list, tuple)):
        raise _bad_recipe(f"{where} must be a list")
    entries = typing.cast(list[object], values)
    return tuple(_value(hint, entry, f"{where}[{place}]") for place, entry in enumerate(entries))


@dataclass(frozen=True, kw_only=True)
class Shot:
    """The photos of one garment from one view. inside: None = no photo of the inside exists.

    plate, bare: the empty set and the bare mannequin on it as photographed once for the set, None = they were not. sku:
    the garment's number as its card or name tells it, "" = unknown. view: "front" or "back".
    """

    front: Path
    inside: Path | None = None
    plate: Path | None = None
    bare: Path | None = None
    sku: str = ""
    view: str = "front"


class JobStatus(enum.StrEnum):
    """Where a job stands; done, failed and cancelled are final, but for a verdict that is taken back at once."""

    QUEUED = "queued"
    RUNNING = "running"
    NEEDS_REVIEW = "needs_review"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """Whether no later status is possible."""
        return self in (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a job failed, as a person reads it."""

    title: str
    message: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A recipe on one shot, with everything needed to do it: source, destination, seed.

    source_hash, inside_hash, plate_hash, bare_hash: hexadecimal sha256 of the files' bytes when the job was made, None
    = there is no such photo. destination: absolute path of the result without its suffix; a doubtful result stands
    under review_destination instead. attempts: deaths of a worker whose parent lived. held: it waits until a person
    lets it go on.
    """

    id: str
    shot: Shot
    source_hash: str
    inside_hash: str | None
    plate_hash: str | None = None
    bare_hash: str | None = None
    recipe: Recipe
    seed: int
    destination: Path
    review_destination: Path
    intake_key: str
    status: JobStatus = JobStatus.QUEUED
    priority: int = 0
    attempts: int = 0
    held: bool = False
    created_at: datetime
    finished_at: datetime | None = None
    error: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class ResultFile:
    """One finished file and the hexadecimal sha256 of its bytes."""

    path: Path
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Fidelity:
    """What happened to the garment's pixels, measured.

    Colour difference is CIE76 in Lab, over the garment core: its pixels away from the joint band.
    master_*: the master against the photograph; deliverable_*: the decoded deliverable against the master in the
    deliverable's profile and geometry, None = not comparable pixel by pixel (it was scaled).
    """

    core_pixels: int
    joint_band_px: int
    master_changed_pixels: int
    master_max_difference: float
    master_mean_difference: float
    deliverable_changed_pixels: int | None = None
    deliverable_max_difference: float | None = None
    deliverable_mean_difference: float | None = None


class Verdict(enum.StrEnum):
    """What pre-flight says of a rule: kept, broken, doubtful (a person must know), or not to be measured here."""

    KEPT = "kept"
    BROKEN = "broken"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class RuleCheck:
    """One rule against one finished file. measured: what was found, in words; remedy: what to do, "" = nothing."""

    rule: RuleKind
    verdict: Verdict
    measured: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class ChannelFile:
    """The file made for a sales channel and what pre-flight measured on it. file: its name without folders."""

    template: str
    file: str
    transforms: tuple[str, ...]
    checks: tuple[RuleCheck, ...]

    @property
    def broken(self) -> tuple[RuleCheck, ...]:
        """The checks whose rule the file breaks."""
        return tuple(check for check in self.checks if check.verdict is Verdict.BROKEN)


@dataclass(frozen=True, kw_only=True)
class ModelUsed:
    """A neural network that took part, by id, version and hexadecimal sha256 of its file."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was measured on one result.

    sku, view: as the shoot told them, by a card for one; sku "" = the name of the photo says it, if anything. areas:
    pixels covered by garment, mannequin and inner. regions: pixels photographed, joined (from the inside photo),
    synthesised and generated. provenance: how the picture says that it came about. channels: the file of each sales
    channel with the verdict of its pre-flight. transforms: every recorded step from the photograph to the deliverable,
    in order. run: what may differ between two identical runs (seconds per stage, times, versions).
    """

    photo: str
    mode: Mode
    sku: str = ""
    view: str = "front"
    confidence: float
    needs_review: bool
    fidelity: Fidelity
    areas: dict[str, int]
    regions: dict[str, int]
    transforms: tuple[str, ...]
    warnings: tuple[str, ...]
    models: tuple[ModelUsed, ...]
    recipe: Recipe
    seed: int
    run: dict[str, Any]
    provenance: dict[str, Any] = field(default_factory=dict[str, Any])
    channels: tuple[ChannelFile, ...] = ()

    def to_json(self) -> str:
        """The report as indented JSON. Bytes of file names that are no text stand there as JSON's own escapes."""
        text = json.dumps(dataclasses.asdict(self), indent=1, ensure_ascii=False)
        return text.encode(errors="backslashreplace").decode()


@dataclass(frozen=True, kw_only=True)
class Result:
    """Finished files of one job and their report."""

    job_id: str
    files: tuple[ResultFile, ...]
    report: Report


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """A job with what became of it.

    files: its finished files where they stand now, empty before it is done or in review. confidence: None = it never
    got that far. copy: above 1 the files carry `-copy` behind their name, because a stranger's file held it.
    ran_on: where it was done, "" = on this computer.
    """

    job: Job
    files: tuple[ResultFile, ...] = ()
    confidence: float | None = None
    warnings: tuple[str, ...] = ()
    copy: int = 1
    ran_on: str = ""


class Region(enum.StrEnum):
    """What a part of the photograph is, as a person says by painting."""

    GARMENT = "garment"
    MANNEQUIN = "mannequin"
    BACKGROUND = "background"


class StrokeKind(enum.StrEnum):
    """How a correction was drawn: along a path, around an area, by a click that grows over what looks alike.

    A look was not drawn at all: it is taken over from another photograph of the shoot.
    """

    BRUSH = "brush"
    AREA = "area"
    GROW = "grow"
    LOOK = "look"


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """One correction of the masks, in the oriented full-resolution frame: x to the right, y down, pixel edges integral.

    size_px: diameter of the brush, or how far a click may grow. hardness: 0..1, the share of the brush's radius that
    is fully opaque. snap: the stroke stops where the colour under it ends. colours: only of a look, which has no
    points: 8-bit Lab colours of what the region looks like.
    """

    kind: StrokeKind
    region: Region
    points: tuple[tuple[float, float], ...]
    size_px: float = 40.0
    hardness: float = 0.8
    snap: bool = False
    colours: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pose:
    """A body as the 18 points of OpenPose in photo coordinates, None = the point is not there (out of the frame)."""

    points: tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True, kw_only=True)
class Edits:
    """What a person corrected on one photograph. It belongs to the photograph's content and outlives every job."""

    strokes: tuple[Stroke, ...] = ()
    pose: Pose | None = None

    @property
    def revision(self) -> str:
        """Hexadecimal sha256 of the corrections; "" where there are none."""
        empty = not self.strokes and self.pose is None
        return "" if empty else hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """The corrections as compact JSON."""
        return json.dumps(dataclasses.asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        data = json.loads(text)
        pose = Pose(points=tuple(_point(point) for point in data["pose"]["points"])) if data["pose"] else None
        return cls(strokes=tuple(_stroke(stroke) for stroke in data["strokes"]), pose=pose)


def _point(data: Any) -> tuple[float, float] | None:
    return (float(data[0]), float(data[1])) if data else None


def _stroke(data: dict[str, Any]) -> Stroke:
    points = tuple((float(x), float(y)) for x, y in data["points"])
    colours = tuple((int(light), int(a), int(b)) for light, a, b in data["colours"])
    fields: dict[str, Any] = {"kind": StrokeKind(data["kind"]), "region": Region(data["region"]), "points": points}
    fields["colours"] = colours
    return Stroke(**(data | fields))


@dataclass(frozen=True, kw_only=True)
class ModelInfo:
    """A network of the studio engine as its owner sees it.

    bytes: to download, as far as known. state: "ready", "partial" or "absent". here_bytes: what it takes on the disk.
    needs_acceptance: its licence forbids or limits commercial use, so that it is off until accepted by its id.
    """

    id: str
    title: str
    purpose: str
    licence: str
    licence_url: str
    bytes: int
    here_bytes: int
    state: str
    needs_acceptance: bool
    is_accepted: bool


class HistoryOrder(enum.StrEnum):
    """What the history is sorted by. ARRIVED: when the job was ordered. WHEN: when it ended, or else was ordered."""

    ARRIVED = "arrived"
    NAME = "name"
    STATUS = "status"
    RECIPE = "recipe"
    CONFIDENCE = "confidence"
    WHEN = "when"
    WHERE = "where"


@dataclass(frozen=True, kw_only=True)
class HistoryQuery:
    """What to look for in the history; None = no limit of that kind.

    text: part of a file's or a recipe's name. since, until: when the job ended, or was ordered while it has not; since
    is included, until is not. model: the id of a network that took part. order, is_rising: what comes first; what has
    nothing to be sorted by comes last either way, and of two that are equal the newer one comes first.
    """

    text: str = ""
    status: JobStatus | None = None
    since: datetime | None = None
    until: datetime | None = None
    model: str | None = None
    order: HistoryOrder = HistoryOrder.ARRIVED
    is_rising: bool = False


class Entitlement(enum.StrEnum):
    """What a licence unlocks; the values are the service's words."""

    WATCHED_FOLDERS = "watched_folders"
    RESULTS_SYNC = "results_sync"
    FARM = "farm"


class LicenceState(enum.StrEnum):
    """How this computer's licence stands. In grace everything goes on; in the states after it nothing is unlocked."""

    VALID = "valid"
    GRACE = "grace"
    NONE = "none"
    EXPIRED = "expired"
    FOREIGN = "foreign"
    FORGED = "forged"
    CLOCK = "clock"


@dataclass(frozen=True, kw_only=True)
class Licence:
    """What this computer may do today. reason: a sentence on why nothing is unlocked, "" where something is.

    until: the last moment at which it unlocks anything, grace included; None = there is none.
    """

    state: LicenceState
    plan: str = "free"
    entitlements: frozenset[Entitlement] = frozenset()
    expires_at: datetime | None = None
    until: datetime | None = None
    reason: str = ""
    hint: str = ""

    @property
    def watched_folders(self) -> int | None:
        """How many folders may be watched: one for everybody, None = any number."""
        return None if Entitlement.WATCHED_FOLDERS in self.entitlements else 1


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Credits as the service last told. owed: taken back after their use; the next credits pay them first."""

    available: int
    reserved: int
    owed: int
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class CloudRule:
    """When the service renders photos without being asked for each, and for how many credits.

    without_gpu: all that wait, while this computer has no graphics card. over_queue: those beyond so many waiting ones,
    0 = however many wait. price: credits a photo. limit: credits that a person agreed to, 0 = none. used: those of them
    that are spent or set aside.
    """

    without_gpu: bool
    over_queue: int
    price: int
    limit: int
    used: int

    @property
    def is_on(self) -> bool:
        """Whether the rule sends anything at all."""
        return (self.without_gpu or self.over_queue > 0) and self.limit > 0


@dataclass(frozen=True, kw_only=True)
class Package:
    """Credits for money. price_cents: cents of `currency`, taxes included."""

    id: str
    credits: int
    price_cents: int
    currency: str


class PurchaseState(enum.StrEnum):
    """Where a purchase stands; only the service says that it is paid."""

    OPENING = "opening"
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """A purchase that was begun on this computer. checkout_url: None = the service has not opened the page yet."""

    key: str
    package_id: str
    credits: int
    transaction_id: str | None
    checkout_url: str | None
    state: PurchaseState
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class OutboxItem:
    """A message that the service has not taken yet. refusal: it does not want it; None = not asked yet, or away."""

    number: int
    key: str
    account: str
    kind: str
    payload: dict[str, str]
    job_id: str | None
    attempts: int
    not_before: float
    refusal: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class Account:
    """What is known of the account without asking the service.

    email: "" = nobody is signed in. waiting: messages and files that are still to be sent. refused: those that the
    service did not want.
    """

    email: str = ""
    licence: Licence
    balance: Balance | None = None
    purchase: Purchase | None = None
    waiting: int = 0
    refused: tuple[OutboxItem, ...] = ()
    is_sync_paused: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether this computer is signed in, as far as it knows."""
        return bool(self.email)


@dataclass(frozen=True, kw_only=True)
class AccountChanged:
    """Something of the account is different: look again."""


@dataclass(frozen=True, kw_only=True)
class JobChanged:
    """A job reached another status. skipped jobs have no event of their own: intake returns them."""

    job_id: str
    photo: Path
    status: JobStatus
    files: tuple[Path, ...] = ()
    confidence: float | None = None
    warnings: tuple[str, ...] = ()
    error: Failure | None = None

    @classmethod
    def of(cls, entry: HistoryEntry) -> Self:
        """The event that says where a job stands."""
        return cls(
            job_id=entry.job.id,
            photo=entry.job.shot.front,
            status=entry.job.status,
            files=tuple(file.path for file in entry.files),
            confidence=entry.confidence,
            warnings=entry.warnings,
            error=entry.job.error,
        )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a job is: fraction 0..1 over all its stages."""

    job_id: str
    photo: Path
    stage: str
    fraction: float


# What notices are about that say whether the account can be used.
ACCOUNT = "account"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something a person should know that concerns no single job. is_news: nothing is wrong and nothing to be done.

    about: what it speaks of, where that may change: the next notice about the same takes its place. "" = nothing else
    does.
    """

    title: str
    message: str
    hint: str = ""
    is_news: bool = False
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Newest:
    """The newest version that the makers name. page: where a person gets it. issued_s: seconds since 1970."""

    version: str
    page: str
    issued_s: int

    @property
    def is_newer(self) -> bool:
        """Whether it is newer than this program. Raises ValueError where the version is none."""
        return _version_numbers(self.version) > _version_numbers(__version__)


def _version_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


Event = JobChanged | Progress | Notice | AccountChanged
