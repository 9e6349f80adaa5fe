"""Finding the photographs that a person named: files and folders in, front photos with their inside photos out."""

import fnmatch
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from studio.errors import UsageError
from studio.model import Failure, Shot

PHOTO_SUFFIXES = frozenset(
    f".{name}"
    for names in (
        ("jpg", "jpeg", "jpe", "png", "tif", "tiff", "webp", "heic", "heif", "hif", "avif", "bmp", "gif"),
        (
            "3fr",
            "arw",
            "cr2",
            "cr3",
            "crw",
            "dng",
            "erf",
            "fff",
            "iiq",
            "kdc",
            "mef",
            "mos",
            "mrw",
            "nef",
            "nrw",
            "orf",
        ),
        ("pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f"),
    )
    for name in names
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A shot and its place under the root it was found from: `tree` is its folder there, relative."""

    shot: Shot
    tree: Path


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A folder that was not looked into, and why. lost: photos of the order may be in it."""

    path: Path
    why: Failure
    lost: bool


@dataclass(kw_only=True)
class Scan:
    """What a look at the disk gave, in a fixed order."""

    shots: list[Found] = field(default_factory=list[Found])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])


def scan(paths: Iterable[Path], *, inside: str | None, ours: Callable[[Path], bool]) -> Scan:
    """Find the shots in `paths`; a photo named twice counts once.

    inside: the name pattern of inside photos, `{stem}` standing for the front's name without suffix, None = there are
    none. ours says of a path in a folder that it is the program's own output. Several paths keep their folder's
    name in the tree. Raises UsageError for a path that does not exist.
    """
    named = [_absolute(path) for path in paths]
    found = Scan()
    seen: set[Path] = set()
    roots = _tree_names([path for path in named if os.path.isdir(path)]) if len(named) > 1 else {}
    for path in named:
        tree = roots.get(path, Path())
        photos = _Walk(path, ours, found).photos() if os.path.isdir(path) else [path]
        fronts = [photo for photo in photos if photo not in seen]
        seen.update(fronts)
        for shot in _paired(fronts, inside):
            relative = shot.front.parent.relative_to(path if os.path.isdir(path) else path.parent)
            found.shots.append(Found(shot=shot, tree=tree / relative))
    return found


def _absolute(path: Path) -> Path:
    absolute = Path(os.path.abspath(path))
    try:
        absolute.lstat()
    except PermissionError:
        return absolute  # it cannot be read, which is said when it is tried
    except OSError as error:
        hint = "Check the name, or whether its disk is connected."
        raise UsageError("Not found", f"{path} does not exist.", hint) from error
    return absolute


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # unlike Path.resolve it takes a link that leads to itself


def _tree_names(folders: list[Path]) -> dict[Path, Path]:
    """Each folder's own name; the second of one name gets a number."""
    names: dict[Path, Path] = {}
    taken: set[str] = set()
    for folder in dict.fromkeys(folders):
        base = folder.name or "root"
        candidates = [base, *(f"{base}-{number}" for number in range(2, len(folders) + 1))]
        name = next(name for name in candidates if name.casefold() not in taken)
        taken.add(name.casefold())
        names[folder] = Path(name)
    return names


class _Walk:
    """One walk below a folder: real folders first, then linked ones not met yet; hidden names are left out."""

    def __init__(self, root: Path, ours: Callable[[Path], bool], found: Scan) -> None:
        self._root = root
        self._ours = ours
        self._found = found
        self._met: set[tuple[int, int]] = set()
        self._photos: list[Path] = []
        self._links: list[Path] = []

    def photos(self) -> list[Path]:
        """The photographs below the root, sorted by their path."""
        self._enter(self._root)
        while self._links:
            link = self._links.pop(0)
            if _real(self._root).is_relative_to(_real(link)) or not self._enter(link):
                self._leave_out(link, "Link not followed", "leads to a folder that is already part of this shoot.")
        return sorted(self._photos, key=lambda photo: photo.relative_to(self._root).parts)

    def _enter(self, folder: Path) -> bool:
        """Walk a folder; False when it was walked before."""
        status = folder.stat()
        identity = (status.st_dev, status.st_ino)
        if identity in self._met:
            return False
        self._met.add(identity)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            why = f"cannot be read: {error.strerror}."
            self._leave_out(folder, "Folder not readable", why, "Change its permissions, then run again.", lost=True)
            return True
        for entry in entries:
            if not entry.name.startswith("."):
                self._take(entry)
        return True

    def _take(self, entry: os.DirEntry[str]) -> None:
        path = Path(entry.path)
        if self._ours(path) or (entry.is_symlink() and self._ours(_real(path))):
            return
        if os.path.isdir(path):  # unlike Path.is_dir it takes what may not be looked at
            if entry.is_symlink():
                self._links.append(path)
            else:
                self._enter(path)
        elif path.suffix.lower() in PHOTO_SUFFIXES:
            self._photos.append(path)

    def _leave_out(self, path: Path, title: str, what: str, hint: str = "", *, lost: bool = False) -> None:
        why = Failure(title=title, message=f"{path} {what}", hint=hint)
        self._found.left_out.append(LeftOut(path=path, why=why, lost=lost))


def _paired(photos: list[Path], pattern: str | None) -> list[Shot]:
    """Fronts with their inside photos; what is the inside of something is no front."""
    if pattern is None:
        return [Shot(front=photo) for photo in photos]
    listings = {folder: sorted(_names(folder)) for folder in {photo.parent for photo in photos}}
    inside_of = {photo: _insides(photo, pattern, listings[photo.parent]) for photo in photos}
    insides = {inside for matches in inside_of.values() for inside in matches}
    return [Shot(front=photo, inside=next(iter(inside_of[photo]), None)) for photo in photos if photo not in insides]


def _names(folder: Path) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if not name.startswith(".")]
    except OSError:
        return []  # that it cannot be read is said with its photos


def _insides(front: Path, pattern: str, names: list[str]) -> list[Path]:
    escaped = re.sub(r"([*?[])", r"[\1]", front.stem)
    match = re.compile(fnmatch.translate(pattern.replace("{stem}", escaped)), re.IGNORECASE).match
    return [front.parent / name for name in names if name != front.name and match(name) and _is_photo(name)]


def _is_photo(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in PHOTO_SUFFIXES
