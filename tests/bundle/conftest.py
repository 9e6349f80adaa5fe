"""The built bundle, and a Debian system without Python to run it in."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer import parts

# What the .deb depends on, no more; the C library and its kin are in every system.
PACKAGES = "libgl1,libegl1,libfontconfig1,libglib2.0-0,libdbus-1-3,fonts-dejavu-core"
SYSTEM = parts.ROOT / "build" / "minimal-system"


class System:
    """A root file system that holds the bundle; commands run with it as their root and see no other program."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def start(self, *command: str, **environment: str) -> "subprocess.Popen[str]":
        """Start a command in the system, in its own space of processes and mounts."""
        alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={self.root / 'proc'}"]
        words = [f"{name}={value}" for name, value in environment.items()]
        clean = ["env", "-i", "HOME=/root", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", *words]
        return subprocess.Popen(
            [*alone, "chroot", self.root, *clean, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        process = self.start(*command, **environment)
        out, errors = process.communicate(timeout=600)
        return subprocess.CompletedProcess(command, process.returncode, out, errors)


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The folder of the bundle; built now if it was not."""
    folder = parts.ROOT / "dist" / parts.FOLDER
    if not (folder / parts.COMMAND_LINE).exists():
        subprocess.run([sys.executable, parts.ROOT / "dev.py", "bundle", "--deb"], check=True)
    return folder


@pytest.fixture(scope="session")
def bare_system() -> Path:
    """A minimal Debian without Python and with the libraries that the .deb names; made once."""
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("a minimal system needs root and debootstrap")
    if not (SYSTEM / "usr/bin/env").exists():
        command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", SYSTEM]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return SYSTEM


@pytest.fixture(scope="session")
def system(bare_system: Path, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The system with the bundle in /opt."""
    root = tmp_path_factory.mktemp("system") / "root"
    subprocess.run(["cp", "-a", "--reflink=auto", bare_system, root], check=True)
    subprocess.run(["cp", "-a", bundle, root / "opt"], check=True)
    yield System(root)
    shutil.rmtree(root)
