"""Files written whole or not at all, and the hash that names a file's content."""

import contextlib
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Generator
from pathlib import Path

from studio.errors import OutputError

TEMPORARY_PREFIX = ".modamoda-"
_TRIES = 20

# Names this process; it stands in every temporary file's name, so that a later start knows whose leavings it finds.
OWNER = secrets.token_hex(6)


def sha256_of(path: Path) -> str:
    """Hexadecimal sha256 of a file's bytes, read in blocks. Raises OSError, for a pipe too, which may never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is not an ordinary file", str(path))
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def real_place(path: Path) -> Path:
    """`path` with the real name of its folder, however it is reached; if the file is a link it is not followed."""
    return Path(os.path.realpath(path.parent)) / path.name


class RealNames:
    """The real names of files, links followed; each folder is looked up once."""

    def __init__(self) -> None:
        self._folders: dict[Path, str] = {}

    def __call__(self, path: Path) -> Path:
        if path.parent not in self._folders:
            self._folders[path.parent] = os.path.realpath(path.parent)
        place = Path(self._folders[path.parent], path.name)
        return Path(os.path.realpath(place)) if place.is_symlink() else place


def temporary_beside(path: Path) -> Path:
    """A new hidden name in the folder of `path`, with its suffix, short enough for every file system."""
    return path.with_name(f"{TEMPORARY_PREFIX}{OWNER}-{secrets.token_hex(6)}{path.suffix}")


def in_folder(path: Path, act: Callable[[], object]) -> None:
    """Make the folder of `path` and act there; once more when it was taken away in between, by a job that tidied up."""
    for attempt in range(1, _TRIES + 1):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            act()
        except (FileNotFoundError, FileExistsError):  # the latter: it went while `mkdir` looked at what stood there
            if attempt == _TRIES:
                raise
        else:
            return


def reserved_beside(path: Path) -> Path:
    """An empty temporary file beside `path`, whose folder is made. Raises OSError.

    From then on the folder stays: another job that removes the folders it emptied cannot take one with a file in it.
    """
    temporary = temporary_beside(path)
    in_folder(path, lambda: temporary.touch(exist_ok=False))
    return temporary


def move_into_place(temporary: Path, final: Path) -> None:
    """Flush `temporary` to the disk and give it its final name, replacing what stood there; its folder is made.

    Raises OutputError; the temporary file is then gone.
    """
    with output_errors(final):
        try:
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            in_folder(final, lambda: temporary.replace(final))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def output_errors(path: Path) -> Generator[None]:
    """Translate what the disk says while `path` is written into an OutputError."""
    try:
        yield
    except OSError as error:
        raise _output_error(path, error) from error


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` under `path`, whole or not at all. Raises OutputError."""
    with output_errors(path):
        temporary = reserved_beside(path)
        try:
            temporary.write_bytes(content)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    move_into_place(temporary, path)


def _output_error(path: Path, error: OSError) -> OutputError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(
            "Disk full",
            f"There is no room left to write {path}.",
            "Free some space, then try again.",
            retryable=True,
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(
            "Folder not writable",
            f"{path.parent} does not allow writing {path.name}.",
            "Choose another output folder or change its permissions.",
            retryable=True,
        )
    if error.errno == errno.ENAMETOOLONG:
        return OutputError(
            "Name too long",
            f"The name {path.name[:60]}… is too long for this disk.",
            "Shorten the file's name or the naming rule.",
        )
    return OutputError(
        "Result not written",
        f"{path} could not be written: {error.strerror or error}.",
        "Check the disk, then try again.",
        retryable=True,
    )
