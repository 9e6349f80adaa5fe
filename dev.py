#!/usr/bin/env python3
"""The project's commands, on a bare Python 3.11: demo, test, run. Standard library only.

python3 dev.py demo          make .venv, install, finish the sample shoot, say where the results are
python3 dev.py test [--all]  make .venv, install the development extra, run every check (--all: the slow tier too)
python3 dev.py screenshots   make .venv, walk through the window on the sample shoot, save docs/screenshots/
python3 dev.py bundle [--deb] build the program with a Python of its own into dist/ (and a Debian package of it)
python3 dev.py docs          make .venv, make the reference pages from the program, build the site in build/docs
python3 dev.py run ARGS      make .venv, install, run `modamoda ARGS`
"""

import argparse
import contextlib
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
# The bundle is made of what this environment holds: the base install and the farm's libraries, nothing else.
BUNDLE_VENV = ROOT / "build" / "bundle-venv"
DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libdbus-1.so.3": "libdbus-1-3",
}
# Python compiles a module when it is first imported: compiling all costs a minute and 90 MB for what is never run.
PIP_OPTIONS = ("--quiet", "--disable-pip-version-check", "--no-compile")
BASE_INSTALL_MB = 800
# Tests run side by side: one thread each for the libraries that would else take every core for themselves.
ONE_THREAD = {
    name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM", "VIPS_CONCURRENCY")
}
TESTS_AT_ONCE = min(4, os.cpu_count() or 1)
DEBIAN_SERVERS = {"/usr/lib/postgresql/*/bin/initdb": "postgresql", "/usr/bin/redis-server": "redis-server"}


def main() -> int:
    """Run the command named on the command line and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["demo", "test", "screenshots", "docs", "bundle", "run"])
    parser.add_argument("--all", action="store_true", help="with test: the slow tier too")
    options, rest = parser.parse_known_args()
    if sys.version_info < (3, 11):  # noqa: UP036 (this script is what an older Python meets)
        sys.exit("Modamoda Studio needs Python 3.11 or newer: start this script with python3.11.")
    # Where nothing compiled may be kept, each of the many processes would compile every library anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if options.command == "screenshots":
        install("dev")
        return screenshots()
    if options.command == "bundle":
        install("bundle", BUNDLE_VENV)
        return run(BUNDLE_VENV / BIN.relative_to(VENV) / "python", "-m", "installer.bundle", *rest, check=False)
    if options.command == "docs":
        install("dev")
        return run(BIN / "python", ROOT / "docs" / "build.py", check=False)
    if options.command == "test":
        install("dev")
        return test(slow=options.all)
    install("")
    return run(BIN / "modamoda", *(["demo"] if options.command == "demo" else rest), check=False)


def install(extra: str, environment: Path = VENV) -> None:
    """Install the project with `extra` into an environment, and beside it what the system lacks."""
    with futures.ThreadPoolExecutor(1) as pool:
        system = pool.submit(system_packages, with_servers=extra == "dev")
        python_packages(extra, environment)
        system.result()


def python_packages(extra: str, environment: Path) -> None:
    """Install the project into an environment, unless this very pyproject.toml was installed before."""
    stamp = environment / f".installed-{extra or 'base'}"
    python = environment / BIN.relative_to(VENV) / ("python.exe" if os.name == "nt" else "python")
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not python.exists():
        print(f"Making {environment}", flush=True)
        venv.create(environment, with_pip=True)
        # The pip that comes with Python 3.11 takes half as long again.
        run(python, "-m", "pip", "install", *PIP_OPTIONS, "--upgrade", "pip")
    print("Installing (a few minutes the first time)", flush=True)
    run(python, "-m", "pip", "install", *PIP_OPTIONS, "--editable", f".[{extra}]" if extra else ".")
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
    """Run every check, the cheap ones first; stop at the first that fails. The types are checked while tests run."""
    os.environ.update({"QT_QPA_PLATFORM": "offscreen"} | ONE_THREAD)
    for check in (
        (BIN / "ruff", "check", "."),
        (BIN / "ruff", "format", "--check", "."),
        (BIN / "lint-imports",),
    ):
        if status := run(*check, check=False):
            return status
    with beside(BIN / "pyright") as types:
        status = pytest(slow=slow)
    return status or types() or (base_install() if slow else 0)


def pytest(*, slow: bool) -> int:
    """Run the tests side by side, then those that watch the clock one by one."""
    tier = "" if slow else "not slow and "
    together = ("-n", TESTS_AT_ONCE, "--dist", "worksteal", "--durations", 25)
    # Only their own files: merely to collect all the others would take ten seconds.
    tests = (ROOT / "tests").rglob("test_*.py")
    alone = [path for path in sorted(tests) if "pytest.mark.alone" in path.read_text(encoding="utf-8")]
    return run(BIN / "python", "-m", "pytest", *together, "-m", f"{tier}not alone", check=False) or run(
        BIN / "python", "-m", "pytest", "-m", f"{tier}alone", *alone, check=False
    )


@contextlib.contextmanager
def beside(*command: object) -> Iterator[Callable[[], int]]:
    """Run a command while the block runs; what it gives waits for its end, prints its words and returns its status."""
    words = [str(word) for word in command]
    with futures.ThreadPoolExecutor(1) as pool:
        ended = pool.submit(subprocess.run, words, cwd=ROOT, check=False, capture_output=True, text=True)

        def outcome() -> int:
            process = ended.result()
            print("+", *words, process.stdout + process.stderr, sep=" ", flush=True)
            return process.returncode

        yield outcome


def base_install() -> int:
    """Install what a photographer gets into an environment of its own and weigh it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / BIN.relative_to(VENV) / "python"
        run(python, "-m", "pip", "install", *PIP_OPTIONS, ".")
        files = (path for path in Path(folder).rglob("*") if path.is_file() and not path.is_symlink())
        megabytes = round(sum(path.stat().st_size for path in files) / 1e6)
    print(f"The base install takes {megabytes} MB; the limit is {BASE_INSTALL_MB} MB.", flush=True)
    return int(megabytes >= BASE_INSTALL_MB)


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
