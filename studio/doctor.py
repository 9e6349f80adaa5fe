"""What this computer can do, and what to do about what it cannot."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from studio import crash
from studio.bundled import ADDON_PACKAGES, is_bundled
from studio.settings import Home, Settings, resources

_ENOUGH_MEMORY_GB = 4
_ENOUGH_DISK_GB = 2


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at. works: None = it is not there and nothing needs it. advice: what to do about a lack."""

    name: str
    state: str
    works: bool | None
    advice: str = ""


def examine(home: Home) -> list[Finding]:
    """Look at everything once, in the order shown; imports no engine and takes under a second."""
    return [
        _processor(),
        _memory(),
        _disk(home),
        _gpu(),
        _starter(),
        _studio(home),
        _compiling(home),
        _weights(),
        _keyring(),
        _qt(),
        _credentials(),
        _crashes(home),
        _program(home),
    ]


def _credentials() -> Finding:
    """Whether finished files can carry a signed manifest (C2PA); IPTC's words about their origin they always carry."""
    if importlib.util.find_spec("c2pa") is not None:
        return Finding(name="Content Credentials", state="files are signed on this computer", works=True)
    advice = "Install it with: pip install 'modamoda-studio[provenance]'"
    if is_bundled():
        advice = "The installed program does not bring it; every file says by IPTC how it came about."
    return Finding(name="Content Credentials", state="c2pa-python not installed", works=None, advice=advice)


def _processor() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    name = platform.processor() or platform.machine()
    advice = "" if cores > 1 else "One core works, slowly: two photos are then never worked on side by side."
    return Finding(name="Processor", state=f"{name}, {cores} cores", works=True, advice=advice)


def _memory() -> Finding:
    total = _memory_gb()
    if total is None:
        return Finding(name="Memory", state="cannot be told on this system", works=None)
    enough = total >= _ENOUGH_MEMORY_GB
    advice = (
        "" if enough else f"{_ENOUGH_MEMORY_GB} GB are enough for photos of 100 megapixels; work on smaller ones here."
    )
    return Finding(name="Memory", state=f"{total:.1f} GB", works=enough, advice=advice)


def _memory_gb() -> float | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, OSError, ValueError):
        return None


def _disk(home: Home) -> Finding:
    existing = next(folder for folder in (home.folder, *home.folder.parents) if folder.exists())
    if not existing.is_dir():
        advice = "Name another folder with MODAMODA_HOME, or move that file away."
        return Finding(name="Disk", state=f"{existing} is a file, no folder for data", works=False, advice=advice)
    free = shutil.disk_usage(existing).free / 1e9
    if not os.access(existing, os.W_OK):
        advice = "Change the permissions of the folder, or name another one with MODAMODA_HOME."
        return Finding(name="Disk", state=f"the program cannot write to {home.folder}", works=False, advice=advice)
    advice = "" if free >= _ENOUGH_DISK_GB else f"Free some space on the disk of {existing}, or set MODAMODA_HOME."
    return Finding(name="Disk", state=f"{free:.1f} GB free for {home.folder}", works=not advice, advice=advice)


def _gpu() -> Finding:
    tool = shutil.which("nvidia-smi")
    query = [tool or "", "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        cards = (
            subprocess.run(query, capture_output=True, text=True, timeout=5, check=True).stdout.strip() if tool else ""
        )
    except (OSError, subprocess.SubprocessError):
        advice = "A driver is installed but does not answer: install it again, or restart the computer."
        return Finding(name="GPU", state="NVIDIA card does not answer", works=False, advice=advice)
    if cards:
        return Finding(name="GPU", state="; ".join(cards.splitlines()), works=True)
    advice = "The starter engine does not need one; the studio engine does (NVIDIA, 8 GB or more)."
    return Finding(name="GPU", state="none found", works=None, advice=advice)


def _starter() -> Finding:
    missing = [name for name in ("numpy", "cv2", "onnxruntime", "pyvips") if importlib.util.find_spec(name) is None]
    if missing:
        advice = "Install the program again: python3 dev.py demo"
        return Finding(name="Starter engine", state=f"lacks {', '.join(missing)}", works=False, advice=advice)
    state = f"onnxruntime {importlib.metadata.version('onnxruntime')}, on the processor"
    return Finding(name="Starter engine", state=state, works=True)


def _studio(home: Home) -> Finding:
    torch = _distribution(home, "torch")
    if torch is None:
        advice = "For pictures on a human model: install it under System, or with: modamoda addon install"
        return Finding(name="Studio engine", state="not installed", works=None, advice=advice)
    return Finding(name="Studio engine", state=f"torch {torch.version}", works=True)


def _distribution(home: Home, name: str) -> importlib.metadata.Distribution | None:
    """A package of the program's Python or of the add-on, without importing it."""
    path = [*sys.path, str(home.addon / ADDON_PACKAGES)]
    return next(iter(importlib.metadata.distributions(name=name, path=path)), None)


def _compiling(home: Home) -> Finding:
    """Whether the studio engine's networks can be compiled; a lack only where that is wanted."""
    from studio.engine.gpu.toolchain import lack

    wanted = bool(Settings.load(home.settings).compile_networks)
    works = False if wanted else None
    if _distribution(home, "torch") is None:
        advice = "Install it on the page System, or switch Compile the networks off." if wanted else ""
        return Finding(name="Compiling", state="the studio engine is not installed", works=works, advice=advice)
    triton = _distribution(home, "triton") or _distribution(home, "triton-windows")
    if missing := lack(has_triton=triton is not None):
        return Finding(name="Compiling", state=missing.what, works=works, advice=missing.remedy)
    advice = "" if wanted else "Compile the networks in the settings switches it on; only long batches can gain."
    version = triton.version if triton else ""
    return Finding(name="Compiling", state=f"possible, Triton {version}", works=True, advice=advice)


def _weights() -> Finding:
    found = sorted((resources() / "models").glob("*.onnx"))
    if not found:
        advice = "They ship with the program: install it again, or update the checkout."
        return Finding(name="Weights", state=f"none in {resources() / 'models'}", works=False, advice=advice)
    size_mb = sum(path.stat().st_size for path in found) / 1e6
    return Finding(name="Weights", state=f"{size_mb:.1f} MB, shipped with the program", works=True)


def _keyring() -> Finding:
    if importlib.util.find_spec("keyring") is None:
        advice = "Only an account needs one; everything local works without."
        return Finding(name="Keyring", state="not installed", works=None, advice=advice)
    return Finding(name="Keyring", state=f"keyring {importlib.metadata.version('keyring')}", works=True)


def _qt() -> Finding:
    if importlib.util.find_spec("PySide6") is None:
        advice = "Only the window needs it; the command line works without."
        return Finding(name="Qt", state="not installed", works=None, advice=advice)
    version = next(
        (importlib.metadata.version(name) for name in ("PySide6-Essentials", "PySide6") if _is_installed(name)), "found"
    )
    return Finding(name="Qt", state=version, works=True)


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _crashes(home: Home) -> Finding:
    """Where faults of the program are written down; finding some is no lack of this computer."""
    found = crash.reports(home.crashes)
    if not found:
        return Finding(name="Crash reports", state=f"none in {home.crashes}", works=True)
    advice = "They stay on this computer. Send the newest one when you ask for help, or delete them."
    return Finding(name="Crash reports", state=f"{len(found)} in {home.crashes}", works=None, advice=advice)


def _program(home: Home) -> Finding:
    here = Path(__file__).resolve().parent
    system = f"Python {platform.python_version()} on {platform.platform(terse=True)}"
    state = f"{system}, program in {here}, data in {home.folder}"
    works = sys.version_info >= (3, 11)
    return Finding(name="Program", state=state, works=works, advice="" if works else "Install Python 3.11 or newer.")
