"""The libraries of the studio engine, as an add-on."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from studio.app.outside import checkpoint, network
from studio.settings import Home, resources

if TYPE_CHECKING:
    from studio.engine.models.addon import Installed, Lock


class AddonDesk:
    """What of the studio engine is installed from inside the program; slow, all but `installed` and `lock`."""

    def __init__(self, home: Home) -> None:
        self._folder = home.addon

    def installed(self) -> "Installed | None":
        """What of the studio engine was installed from inside the program; None = nothing."""
        from studio.engine.models.addon import installed

        return installed(self._folder)

    def lock(self, device: str | None = None) -> "Lock":
        """What an installation fetches; device: cuda, cpu or mps, None = what this computer has. Raises EngineError."""
        from studio.engine.models.addon import device_found, lock_for

        return lock_for(resources() / "addon.json", device or device_found())

    def install(
        self,
        lock: "Lock",
        arrived: Callable[[int, int], None],
        is_stopped: Callable[[], bool],
        source: Path | None = None,
    ) -> "Installed":
        """Fetch (or take from the folder `source`), verify and unpack the add-on; `arrived` hears bytes and all bytes.

        Raises Cancelled when `is_stopped`: what came stays for the next time. Raises EngineError or OutputError.
        """
        from studio.engine.models.addon import install

        return install(self._folder, lock, network(), arrived, checkpoint(is_stopped), source)

    def gather(
        self, lock: "Lock", into: Path, arrived: Callable[[int, int], None], is_stopped: Callable[[], bool]
    ) -> list[str]:
        """Fetch the add-on's files into a folder, for a computer without a network. Raises as `install`."""
        from studio.engine.models.addon import gather

        return list(gather(into, lock, network(), arrived, checkpoint(is_stopped)))

    def verify(self) -> list[str]:
        """Hash the add-on's files anew; returns the names of those that are wrong or missing."""
        from studio.engine.models.addon import verify

        return verify(self._folder)

    def remove(self) -> int:
        """Delete the add-on; returns the bytes given back. Raises OutputError."""
        from studio.engine.models.addon import remove

        return remove(self._folder)
