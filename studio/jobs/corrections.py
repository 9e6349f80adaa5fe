"""By which content a photograph's corrections are found, remembered so that looking at a photo twice hashes it once."""

from functools import lru_cache
from pathlib import Path

from studio.errors import PhotoError
from studio.files import sha256_of


def content_hash(photo: Path) -> str:
    """Hexadecimal sha256 of the photo's bytes. Raises PhotoError when it cannot be read."""
    try:
        state = photo.stat()
        return _hash(photo, state.st_mtime_ns, state.st_size)
    except OSError as error:
        hint = "Put it back, or open its folder again."
        raise PhotoError("Photo gone", f"{photo} cannot be read any more.", hint) from error


@lru_cache(maxsize=256)
def _hash(photo: Path, modified_ns: int, size_bytes: int) -> str:
    return sha256_of(photo)
