"""What a person corrected on a photograph."""

import dataclasses
import enum
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Self


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
