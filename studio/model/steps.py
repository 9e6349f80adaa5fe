"""What a recipe says of each stage."""

import enum
from dataclasses import dataclass


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
