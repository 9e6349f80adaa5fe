#!/usr/bin/env python3
"""The project's commands, on a bare Python 3.11: demo, test, run. Standard library only.

python3 dev.py demo          make .venv, install, finish the sample shoot, say where the results are
python3 dev.py test [--all]  make .venv, install the development extra, run every check (--all: the slow tier too)
python3 dev.py screenshots   make .venv, walk through the window on the sample shoot, save docs/screenshots/
python3 dev.py run ARGS      make .venv, install, run `modamoda ARGS`
"""

import argparse
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
DEBIAN_SERVERS = {"/usr/lib/postgresql/*/bin/initdb": "postgresql", "/usr/bin/redis-server": "redis-server"}


def main() -> int:
    """Run the command named on the command line and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["demo", "test", "screenshots", "run"])
    parser.add_argument("--all", action="store_true", help="with test: the slow tier too")
    options, rest = parser.parse_known_args()
    if sys.version_info < (3, 11):  # noqa: UP036 (this script is what an older Python meets)
        sys.exit("Modamoda Studio needs Python 3.11 or newer: start this script with python3.11.")
    if options.command == "screenshots":
        install("dev")
        return screenshots()
    if options.command == "test":
        install("dev")
        return test(slow=options.all)
    install("")
    return run(BIN / "modamoda", *(["demo"] if options.command == "demo" else rest), check=False)


def install(extra: str) -> None:
    """Make .venv and install the project with `extra`, unless this very pyproject.toml was installed before."""
    system_packages(with_servers=extra == "dev")
    stamp = VENV / f".installed-{extra or 'base'}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        print(f"Making {VENV}", flush=True)
        venv.create(VENV, with_pip=True)
    print("Installing (a few minutes the first time)", flush=True)
    run(
        BIN / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--editable",
        f".[{extra}]" if extra else ".",
    )
    stamp.write_text(wanted)


def system_packages(*, with_servers: bool) -> None:
    """On Debian and its children install what is missing: shared libraries, servers for tests; or say which."""
    if not sys.platform.startswith("linux") or not shutil.which("ldconfig", path="/sbin:/usr/sbin:/usr/bin"):
        return
    known = subprocess.run(
        [shutil.which("ldconfig", path="/sbin:/usr/sbin:/usr/bin"), "-p"], capture_output=True, text=True, check=True
    ).stdout
    missing = [package for library, package in DEBIAN_PACKAGES.items() if library not in known]
    if with_servers and Path("/etc/debian_version").exists():
        missing += [package for program, package in DEBIAN_SERVERS.items() if not glob.glob(program)]
    if not missing:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing system packages: {' '.join(missing)}", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run([*command, "-qq"], check=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    else:
        print(f"System packages are missing; install them with: sudo {' '.join(command)}", flush=True)


def test(*, slow: bool) -> int:
    """Run every check, the cheap ones first; stop at the first that fails."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    checks = (
        (BIN / "ruff", "check", "."),
        (BIN / "ruff", "format", "--check", "."),
        (BIN / "lint-imports", "--config", "pyproject.toml"),
        (BIN / "pyright",),
        (BIN / "pyright", "--project", "cloud/pyrightconfig.json"),
        (BIN / "python", "-m", "pytest", *([] if slow else ["-m", "not slow"])),
    )
    for check in checks:
        status = run(*check, check=False)
        if status:
            return status
    return 0


def screenshots() -> int:
    """Walk through the window under Xvfb where that is installed, else on Qt's offscreen platform."""
    xvfb = shutil.which("xvfb-run")
    if not xvfb:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    screen = (xvfb, "--auto-servernum", "--server-args=-screen 0 1600x1000x24") if xvfb else ()
    return run(*screen, BIN / "python", "-m", "tests.ui.tour", ROOT / "docs" / "screenshots", check=False)


def run(*command: object, check: bool = True) -> int:
    """Run a command in the project's folder and return its exit status; with `check` a failure ends this script."""
    words = [str(word) for word in command]
    print("+", " ".join(words), flush=True)
    status = subprocess.run(words, cwd=ROOT, check=False).returncode
    if check and status:
        sys.exit(f"This failed: {' '.join(words)}")
    return status


if __name__ == "__main__":
    sys.exit(main())
