"""Looking at a watched folder: the photographs in it, with size and time, without the debris of other programs."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from studio.jobs.scan import PHOTO_SUFFIXES

# Sizes and times: (bytes, nanoseconds) of the photo, followed by those of its inside photo where it has one.
Stamp = tuple[int, ...]
Listing = dict[str, Stamp]

# Names, in lower case, of folders that programs and network storage keep for themselves beside photographs.
_DEBRIS_FOLDERS = frozenset(
    (
        "@eadir",  # Synology
        "#recycle",
        "@recycle",  # QNAP
        "~syncthing",
        "captureone",  # caches and settings that Capture One keeps beside the photos
        "$recycle.bin",
        "system volume information",
        "lost+found",
        "__macosx",
    )
)
_DEBRIS = re.compile(
    r"""^(\.                        # hidden: macOS ._*, .DS_Store, .stfolder, .syncthing.*, .dropbox.cache, .tmp, ours
        |~                          # ~syncthing~photo.jpg.tmp, ~$lock
        |.*\.(lrdata|lrlibrary|cocatalog|cosessiondb|cot|part|partial|crdownload|download|tmp|temp|filepart|!sync)$
        |.*\.sync-conflict-.*
        )""",
    re.IGNORECASE | re.VERBOSE,
)


class FolderGone(Exception):
    """The watched folder itself cannot be listed: its disk or share is away. Nothing is known of the files in it."""


def is_debris(name: str, *, is_folder: bool) -> bool:
    """Whether a name is one of those that other programs leave beside photographs."""
    return bool(_DEBRIS.match(name)) or (is_folder and name.lower() in _DEBRIS_FOLDERS)


def list_photos(root: Path, is_left_out: Callable[[str], bool]) -> Listing:
    """Every photograph below `root` by its path. Raises FolderGone.

    is_left_out: says of a folder's path that it is not looked into. Linked folders are not followed. A folder that
    vanishes or cannot be read meanwhile is left out of this look.
    """
    found: Listing = {}
    try:
        entries = os.scandir(root)
    except OSError as error:
        raise FolderGone(str(error)) from error
    waiting = [entries]
    while waiting:
        try:
            with waiting.pop() as entries:
                for entry in entries:
                    _take(entry, found, waiting, is_left_out)
        except OSError:
            continue
    return found


def _take(
    entry: "os.DirEntry[str]",
    found: Listing,
    waiting: "list[os._ScandirIterator[str]]",  # pyright: ignore[reportPrivateUsage] the only name that type has
    is_left_out: Callable[[str], bool],
) -> None:
    is_folder = entry.is_dir(follow_symlinks=False)
    if is_debris(entry.name, is_folder=is_folder):
        return
    try:
        if is_folder:
            if not is_left_out(entry.path):
                waiting.append(os.scandir(entry.path))
        elif os.path.splitext(entry.name)[1].lower() in PHOTO_SUFFIXES and entry.is_file():
            found[entry.path] = _stamp(entry.stat())
    except OSError:
        return


def stamp_of(path: str) -> Stamp | None:
    """Size and time of one file; None when it is gone."""
    try:
        return _stamp(os.stat(path))
    except OSError:
        return None


def _stamp(state: os.stat_result) -> Stamp:
    return state.st_size, state.st_mtime_ns
