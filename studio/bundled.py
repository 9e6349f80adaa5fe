"""What is different where the program brings its own Python along: in a bundle made by `build.spec`."""

import importlib
import sys
from pathlib import Path

from studio import starting

# The modules that the program runs as processes of their own; a bundle's executables run these and no others.
CHILDREN = ("studio.jobs.worker", "studio.jobs.watch_checker", "studio.jobs.asking", "studio.farm.probe")
COMMAND_LINE = "modamoda"
ADDON_PACKAGES = "packages"


def is_bundled() -> bool:
    """Whether this is a bundle."""
    return getattr(sys, "frozen", False)


def child_command(module: str, *arguments: str) -> list[str]:
    """The command that runs one of `CHILDREN` as a process of its own."""
    return [_python(), "-m", module, *arguments]


def run_child(arguments: list[str]) -> bool:
    """Be the child that `arguments` (`sys.argv[1:]` of a bundle's executable) name; False = they name none."""
    match arguments:
        case ["-m", module, *_] if module in CHILDREN:
            sys.argv = arguments[1:]
            with starting.imports():
                child = importlib.import_module(module)
            child.main()
            return True
        case _:
            return False


def use_addon(folder: Path) -> None:
    """Let this process import from the add-on in `folder`, now or once it is installed; what ships goes first."""
    place = str(folder / ADDON_PACKAGES)
    if place not in sys.path:
        sys.path.append(place)


def _python() -> str:
    """The Python that runs this program; in a bundle the command line, because a window's executable has no pipes."""
    if not is_bundled():
        return sys.executable
    command_line = Path(sys.executable).with_name(COMMAND_LINE + Path(sys.executable).suffix)
    return str(command_line if command_line.exists() else sys.executable)
