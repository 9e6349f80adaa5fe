"""What can be had from elsewhere: networks, and newer versions of this program."""

from dataclasses import dataclass

from studio import __version__


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
