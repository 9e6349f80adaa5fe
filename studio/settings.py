"""Where the program keeps its own files, and the few things a photographer can set."""

import dataclasses
import json
import logging
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import platformdirs

from studio.errors import OutputError
from studio.files import output_errors, write_atomically

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Home:
    """The folder of everything the program remembers; `MODAMODA_HOME` moves all of it."""

    folder: Path

    @classmethod
    def of_this_user(cls) -> Self:
        """The home named by `MODAMODA_HOME`, else the place the operating system gives to programs' data."""
        named = os.environ.get("MODAMODA_HOME")
        folder = Path(named).expanduser() if named else platformdirs.user_data_path("modamoda", appauthor=False)
        return cls(folder=Path(os.path.abspath(folder)))

    def unusable(self, refusal: OSError) -> OutputError:
        """What there is to say where the system refuses to keep anything in this folder."""
        return OutputError(
            "Data folder not usable",
            f"The program keeps its data in {self.folder}, which cannot be used: {refusal.strerror or refusal}.",
            "Change the permissions of the folder, make room on its disk, or name another one with MODAMODA_HOME.",
        )

    @property
    def database(self) -> Path:
        """The history and the queue."""
        return self.folder / "jobs.sqlite3"

    @property
    def workers(self) -> Path:
        """One lock file for each living worker."""
        return self.folder / "workers"

    @property
    def logs(self) -> Path:
        """What the program writes down for whoever helps."""
        return self.folder / "logs"

    @property
    def crashes(self) -> Path:
        """Crash reports, each a text file that stays here."""
        return self.folder / "crashes"

    @property
    def recipes(self) -> Path:
        """The photographer's own recipes, NAME.json."""
        return self.folder / "recipes"

    @property
    def templates(self) -> Path:
        """The photographer's own sales channels, NAME.toml or NAME.json."""
        return self.folder / "templates"

    @property
    def credentials(self) -> Path:
        """The key that finished files are signed with."""
        return self.folder / "credentials"

    @property
    def models(self) -> Path:
        """The networks of the studio engine, each in a folder of its own."""
        return self.folder / "models"

    @property
    def addon(self) -> Path:
        """The libraries of the studio engine, where they were installed from inside the program."""
        return self.folder / "studio-engine"

    @property
    def compiled(self) -> Path:
        """What was compiled of the networks, made again where it is missing."""
        return self.folder / "compiled"

    @property
    def updates(self) -> Path:
        """When it was last asked for updates."""
        return self.folder / "updates.json"

    @property
    def settings(self) -> Path:
        """The file behind `Settings`."""
        return self.folder / "settings.json"


def resources() -> Path:
    """The folder of what ships with the program: beside the package, or inside a frozen bundle."""
    bundle = getattr(sys, "_MEIPASS", None)
    return (Path(bundle) if bundle else Path(__file__).resolve().parents[1]) / "resources"


def _entry(default: int, label: str, help: str, *, low: int, high: int) -> Any:
    return dataclasses.field(default=default, metadata={"label": label, "help": help, "low": low, "high": high})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a photographer can set; every entry carries the label and the help that the settings page shows."""

    jobs_at_once: int = _entry(
        2,
        "Photos at once",
        "How many photos are worked on side by side; two keep a small computer busy.",
        low=1,
        high=16,
    )
    megapixels_at_once: int = _entry(
        60,
        "Megapixels at once",
        "Photos that together have more megapixels than this wait for one another, which bounds the memory used.",
        low=20,
        high=1000,
    )
    sync_kilobytes_a_second: int = _entry(
        0,
        "Sync speed",
        "Kilobytes a second that syncing results may take of the connection; 0 lets it take what it gets.",
        low=0,
        high=1_000_000,
    )
    cloud_over_queue: int = _entry(
        0,
        "Cloud beyond a queue of",
        "Photos beyond so many waiting ones are rendered by the service, up to the credits agreed to on the account "
        "page; 0 means however many wait.",
        low=0,
        high=100_000,
    )
    cloud_without_gpu: int = _entry(
        0,
        "Cloud without a graphics card",
        "Lets the service render what waits while this computer has no graphics card, up to the credits agreed to on "
        "the account page.",
        low=0,
        high=1,
    )
    compile_networks: int = _entry(
        0,
        "Compile the networks",
        "Compiles what paints figures and insides, where the graphics card holds it whole. The first picture then "
        "takes minutes; only long batches can gain. The page System says whether it is possible.",
        low=0,
        high=1,
    )
    farm_over_queue: int = _entry(
        0,
        "Farm beyond a queue of",
        "Photos beyond so many waiting ones are sent to the studio's render farm by themselves; 0 sends none.",
        low=0,
        high=100_000,
    )
    days_between_update_checks: int = _entry(
        0,
        "Days between looks for updates",
        "How often the program asks whether a newer version exists, and says so; 0 means never. It installs nothing.",
        low=0,
        high=365,
    )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the settings; what is missing, unknown or out of range takes its default and is logged."""
        known = _read(path)
        if known is None:
            log.warning("The settings cannot be read, defaults are used")
            return cls()
        return cls(
            **{
                entry.name: _accepted(entry, known[entry.name])
                for entry in dataclasses.fields(cls)
                if entry.name in known
            }
        )

    def save(self, path: Path) -> None:
        """Write the settings, whole or not at all. Raises OutputError.

        Entries of other versions of the program stay in the file; one that cannot be read is kept as NAME.backup.
        """
        found = _read(path)
        if found is None:
            with output_errors(path):
                shutil.copyfile(path, path.with_name(f"{path.name}.backup"))
        write_atomically(path, json.dumps((found or {}) | dataclasses.asdict(self), indent=1).encode())


def _read(path: Path) -> dict[str, object] | None:
    """The entries of a settings file, none where there is no file; None = there is one that cannot be read."""
    try:
        data: object = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError):
        return None
    return cast("dict[str, object]", data) if isinstance(data, dict) else None


def _accepted(entry: "dataclasses.Field[Any]", value: object) -> int:
    if type(value) is int and entry.metadata["low"] <= value <= entry.metadata["high"]:
        return value
    log.warning("Setting %s has an impossible value, its default is used", entry.name)
    return cast("int", entry.default)
