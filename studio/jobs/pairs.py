"""Photos that belong together: which is the front, the inside and the back of one garment, and which show the set.

Pure: facts about photos in, assignments out. A person's corrections outrank whatever was found.
"""

import enum
import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from studio.jobs.pairs_names import NamePattern
from studio.jobs.sorting import natural
from studio.model import Shot


class Role(enum.StrEnum):
    """What a photo of a shoot is. none: it is left out."""

    FRONT = "front"
    INSIDE = "inside"
    BACK = "back"
    PLATE = "plate"
    BARE = "bare"
    CARD = "card"
    NONE = "none"


class Pairing(enum.StrEnum):
    """How photos are brought together. auto: by cards where there are any, else by their names."""

    AUTO = "auto"
    NAME = "name"
    ORDER = "order"
    CARDS = "cards"


CYCLE = (Role.FRONT, Role.INSIDE)
_OF_THE_SET = (Role.PLATE, Role.BARE, Role.CARD, Role.NONE)
_WORDS = {
    Role.FRONT: "front|fr|vorne|face|avant",
    Role.INSIDE: "inside|inner|interior|innen|int|in|neck",
    Role.BACK: "back|rear|bk|hinten|rueckseite|dos",
    Role.PLATE: "plate|cleanplate|empty|emptyset|leer|backdrop",
    Role.BARE: "bare|baremannequin|mannequin|dummy",
}
_NAMES = [
    (role, re.compile(rf"(?:(?P<garment>.+?)[ ._-]+)?(?:{words})(?:[ ._-]*\d+)?", re.IGNORECASE))
    for role, words in _WORDS.items()
]
# Pauses so many times longer than the others of a shoot part two garments, and one of so many seconds always does.
_LONG_PAUSE, _VERY_LONG_PAUSE_S = 2.5, 120.0


@dataclass(frozen=True, kw_only=True)
class PhotoFact:
    """What pairing knows of a photo. taken_s: seconds on the camera's clock, None = unknown. code: what a card says."""

    path: Path
    taken_s: float | None = None
    code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """What a photo is, and of which garment. garment: "" = of none. sku: "" = unknown. how: name, order, card, hand."""

    photo: Path
    role: Role
    garment: str = ""
    sku: str = ""
    how: str = "name"


@dataclass(frozen=True, kw_only=True)
class Garment:
    """The photos of one garment, in the order in which they were found."""

    name: str
    sku: str
    photos: tuple[Assigned, ...]

    def of(self, role: Role) -> list[Path]:
        """Its photos of one role."""
        return [each.photo for each in self.photos if each.role is role]


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """A folder of a shoot brought into order. alone: insides without a front; they can be of no use."""

    garments: tuple[Garment, ...]
    plate: Path | None
    bare: Path | None
    cards: tuple[Path, ...]
    left: tuple[Path, ...]

    @property
    def alone(self) -> tuple[Path, ...]:
        """Insides whose garment has no front."""
        lost = [garment for garment in self.garments if not garment.of(Role.FRONT)]
        return tuple(path for garment in lost for path in garment.of(Role.INSIDE))

    def shots(self) -> list[Shot]:
        """The shots of all garments: one for each front and each back; the first front has the inside."""
        return [shot for garment in self.garments for shot in self._shots(garment)]

    def _shots(self, garment: Garment) -> list[Shot]:
        insides = iter(garment.of(Role.INSIDE))
        fronts = [replace(shot, inside=next(insides, None)) for shot in self._views(garment, Role.FRONT)]
        return fronts + self._views(garment, Role.BACK)

    def _views(self, garment: Garment, role: Role) -> list[Shot]:
        return [
            Shot(front=path, plate=self.plate, bare=self.bare, sku=garment.sku, view=_numbered(role, number))
            for number, path in enumerate(garment.of(role), 1)
        ]


def pair(
    photos: Sequence[PhotoFact],
    how: Pairing,
    *,
    inside: str | None = None,
    cycle: Sequence[Role] = CYCLE,
    corrections: Mapping[Path, tuple[Role, str]] = {},
) -> Pairs:
    """Bring the photos of one folder into order.

    inside: a name pattern of inside photos, beside the words that are known; a name that it fits is believed whatever
    the photos are brought together by. cycle: the roles in which each garment was photographed, for `order` and, within
    one card's photos, for `cards`. corrections: role and garment ("" = as found) of photos, as a person said.
    """
    pattern = NamePattern(inside) if inside else None
    photos = [_as_card(photo, corrections.get(photo.path)) for photo in photos]
    with_cards = any(photo.code for photo in photos)
    if how is Pairing.CARDS or (how is Pairing.AUTO and with_cards):
        found = _by_cards(_in_time(photos), cycle, pattern)
    elif how is Pairing.ORDER:
        found = _by_order(_in_time(photos), cycle, pattern)
    else:
        found = _by_name(photos, pattern)
    return _gathered([_corrected(each, corrections.get(each.photo)) for each in found])


def role_by_name(stem: str) -> tuple[Role | None, str]:
    """The role that a name tells, None = none; and the rest of the name, which names the garment."""
    for role, expression in _NAMES:
        if found := expression.fullmatch(stem):
            return role, found["garment"] or ""
    return None, stem


def _by_name(photos: Iterable[PhotoFact], pattern: NamePattern | None) -> list[Assigned]:
    return [_named(photo.path, pattern) for photo in photos]


def _named(path: Path, pattern: NamePattern | None) -> Assigned:
    stem = pattern.stem_of(path.name) if pattern else None
    if stem:
        return Assigned(photo=path, role=Role.INSIDE, garment=stem)
    role, garment = role_by_name(path.stem)
    if role is Role.PLATE or role is Role.BARE:
        return Assigned(photo=path, role=role)
    if role is None or not garment:
        return Assigned(photo=path, role=Role.FRONT, garment=path.stem)
    return Assigned(photo=path, role=role, garment=garment, sku=garment)


def _by_order(
    photos: Sequence[PhotoFact], cycle: Sequence[Role], pattern: NamePattern | None, *, garment: str = ""
) -> list[Assigned]:
    """Photos in the order of time get the roles of the cycle in turn; a name that tells more is believed.

    A long pause begins a new garment, so that one forgotten photo does not shift all that follow.
    """
    limit_s = _pause_limit(photos)
    found: list[Assigned] = []
    place, name, before = 0, garment, None
    for photo in photos:
        told = pattern.stem_of(photo.path.name) if pattern else None
        role = Role.INSIDE if told else role_by_name(photo.path.stem)[0]
        if role is Role.PLATE or role is Role.BARE:
            found.append(Assigned(photo=photo.path, role=role, how="name"))
            continue
        if place and not garment and _is_pause(before, photo.taken_s, limit_s):
            place = 0
        if place == 0 and not garment:
            name = photo.path.stem
        found.append(Assigned(photo=photo.path, role=role or cycle[place], garment=name, how="order"))
        place = (place + 1) % len(cycle)
        before = photo.taken_s
    return found


def _by_cards(photos: Sequence[PhotoFact], cycle: Sequence[Role], pattern: NamePattern | None) -> list[Assigned]:
    """What was photographed between one card and the next belongs to the card before it."""
    found: list[Assigned] = []
    for code, group in itertools.groupby(_with_codes(photos), key=lambda pair: pair[0]):
        members = [photo for _, photo in group]
        cards = [Assigned(photo=each.path, role=Role.CARD, sku=code, how="card") for each in members if each.code]
        rest = [each for each in members if not each.code]
        found += cards
        if not code:
            found += _by_name(rest, pattern)
            continue
        ordered = _by_order(rest, cycle, pattern, garment=code)
        found += [replace(each, sku=code, how="card") if each.garment else each for each in ordered]
    return found


def _with_codes(photos: Iterable[PhotoFact]) -> Iterable[tuple[str, PhotoFact]]:
    code = ""
    for photo in photos:
        code = photo.code or code
        yield code, photo


def _in_time(photos: Sequence[PhotoFact]) -> list[PhotoFact]:
    """By the camera's clock where every photo has its time, else by name, numbers counted as numbers."""
    if all(photo.taken_s is not None for photo in photos):
        return sorted(photos, key=lambda photo: (photo.taken_s or 0.0, natural(photo.path.name)))
    return sorted(photos, key=lambda photo: natural(photo.path.name))


def _pause_limit(photos: Sequence[PhotoFact]) -> float:
    """How many seconds between two photos part two garments: where the widest gap between short and long pauses is."""
    times = [photo.taken_s for photo in photos if photo.taken_s is not None]
    pauses = sorted(max(1.0, later - earlier) for earlier, later in itertools.pairwise(times))
    steps = [(longer / shorter, shorter * longer) for shorter, longer in itertools.pairwise(pauses)]
    ratio, between = max(steps, default=(1.0, 0.0))
    return min(_VERY_LONG_PAUSE_S, math.sqrt(between)) if ratio >= _LONG_PAUSE else _VERY_LONG_PAUSE_S


def _is_pause(before: float | None, now: float | None, limit_s: float) -> bool:
    return before is not None and now is not None and now - before > limit_s


def _as_card(photo: PhotoFact, correction: tuple[Role, str] | None) -> PhotoFact:
    """A photo that a person called a card says the number they gave, so that what follows it has that number too."""
    role, number = correction or (Role.NONE, "")
    return replace(photo, code=number) if role is Role.CARD and number else photo


def _corrected(found: Assigned, correction: tuple[Role, str] | None) -> Assigned:
    if correction is None:
        return found
    role, garment = correction
    if role in _OF_THE_SET:
        return replace(found, role=role, garment="", how="hand")
    name = garment or found.garment or found.photo.stem
    return replace(found, role=role, garment=name, sku=garment or found.sku, how="hand")


def _gathered(found: Sequence[Assigned]) -> Pairs:
    groups: dict[str, list[Assigned]] = {}
    for each in found:
        if each.role not in _OF_THE_SET:
            groups.setdefault(each.garment.casefold(), []).append(each)
    return Pairs(
        garments=tuple(_garment(group) for group in groups.values()),
        plate=_first(found, Role.PLATE),
        bare=_first(found, Role.BARE),
        cards=tuple(each.photo for each in found if each.role is Role.CARD),
        left=tuple(each.photo for each in found if each.role is Role.NONE),
    )


def _garment(group: list[Assigned]) -> Garment:
    sku = next((each.sku for each in group if each.sku), "")
    return Garment(name=group[0].garment, sku=sku, photos=tuple(group))


def _first(found: Sequence[Assigned], role: Role) -> Path | None:
    return next((each.photo for each in found if each.role is role), None)


def _numbered(view: str, number: int) -> str:
    return view if number == 1 else f"{view}-{number}"
