"""Take out of a finished bundle what no user has any use of: debug symbols, a second copy of the executable."""

import shutil
import subprocess
import sys
from pathlib import Path

from installer import parts

ELF = b"\x7fELF"
# A library is rewritten only where that saves this much: the others stay byte for byte as their makers ship them.
WORTH_BYTES = 50_000


def slim(folder: Path) -> None:
    """Make the bundle in `folder` smaller; only on Linux there is anything to do."""
    if not sys.platform.startswith("linux"):
        return
    _share_executable(folder)
    if shutil.which("strip"):
        for path in sorted(folder.rglob("*.so*")):
            if path.is_file() and not path.is_symlink():
                _strip(path)


def _share_executable(folder: Path) -> None:
    """Both names for one file: a program without a console is a matter of Windows alone."""
    window = folder / parts.WINDOW
    window.unlink()
    window.symlink_to(parts.COMMAND_LINE)


def _strip(path: Path) -> None:
    with path.open("rb") as stream:
        if stream.read(4) != ELF:
            return
    slimmer = path.with_name(f"{path.name}.slim")
    done = subprocess.run(["strip", "--strip-unneeded", "-o", slimmer, path], capture_output=True, check=False)
    if done.returncode == 0 and path.stat().st_size - slimmer.stat().st_size > WORTH_BYTES:
        shutil.copymode(path, slimmer)
        slimmer.replace(path)
    slimmer.unlink(missing_ok=True)
