"""What compiling networks needs beside torch, told without importing anything large."""

import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from studio.bundled import is_bundled


@dataclass(frozen=True, kw_only=True)
class Lack:
    """Why networks cannot be compiled here, and what to do about it, both as sentences."""

    what: str
    remedy: str


def lack(*, has_triton: bool, on_card: bool = True) -> Lack | None:
    """The first thing that is missing; None = all that can be looked for is here.

    on_card: for a graphics card Triton makes the code and compiles a stub in C for it; for the processor torch's
    inductor writes C++.
    """
    if is_bundled():
        # torch compiles in processes of sys.executable, which in a bundle is this program, and needs Python.h.
        return Lack(
            what="The installed program brings neither the Python nor the headers that torch compiles with.",
            remedy="Leave compiling off, or work with the program in a Python environment of your own.",
        )
    if on_card and not has_triton:
        return Lack(
            what="Triton is missing, which makes the code for the graphics card.",
            remedy="torch for Windows comes without it: pip install triton-windows, or leave compiling off."
            if sys.platform == "win32"
            else "It comes with torch for CUDA: install that again, or leave compiling off.",
        )
    if not _has_compiler(on_card=on_card):
        return _no_compiler(on_card=on_card)
    if not (Path(sysconfig.get_paths()["include"]) / "Python.h").exists():
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return Lack(
            what="Python's headers (Python.h) are missing.",
            remedy=f"Install the headers of Python {version} (Debian and Ubuntu: the package python{version}-dev).",
        )
    return None


def _no_compiler(*, on_card: bool) -> Lack:
    what = "No C compiler was found." if on_card else "No C++ compiler was found."
    if sys.platform == "win32":
        return Lack(
            what=what, remedy="Install Microsoft's C++ Build Tools and start the program from their command prompt."
        )
    if sys.platform == "darwin":
        return Lack(what=what, remedy="Install one with: xcode-select --install")
    return Lack(what=what, remedy="Install one (Debian and Ubuntu: sudo apt install g++; Fedora: gcc-c++).")


def _has_compiler(*, on_card: bool) -> bool:
    """Whether what Triton, or inductor, looks for is here, by the names and variables that they go by."""
    if sys.platform == "win32":
        # Triton for Windows brings a compiler of its own.
        return on_card or shutil.which(os.environ.get("CXX", "cl")) is not None
    named = os.environ.get("CC" if on_card else "CXX")
    names = (named,) if named else ("gcc", "clang") if on_card else ("g++", "clang++")
    return any(shutil.which(name) for name in names)
