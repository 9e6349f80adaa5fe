"""The parts of a bundle with the licences they are under, and the texts of these licences."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

from installer import parts

TEXTS = Path(__file__).parent / "licences"
# Packages that state no licence text of their own, or none for what they carry along, with where it is.
_TEXTS_ELSEWHERE = {
    "flatbuffers": ("Apache-2.0",),
    "pyside6-essentials": ("LGPL-3.0", "GPL-3.0"),
    "shiboken6": ("LGPL-3.0", "GPL-3.0"),
    "pyvips-binary": ("LGPL-3.0", "GPL-3.0"),
}
# Of the licences offered, the one under which the program uses a part; and names that are no SPDX expressions.
_TAKEN = {
    "pyside6-essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    "pyvips-binary": "LGPL-3.0-or-later",
}
_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "MIT": "MIT",
    "MIT License": "MIT",
}
_TEXT_FILE = re.compile(r"(^|/)(licen[cs]e|copying|notice|thirdparty|third-party)[^/]*$", re.I)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the bundle. licence: an SPDX expression where one is known. purl: as in package-url.github.io."""

    name: str
    version: str
    licence: str
    home: str
    purl: str
    texts: tuple[str, ...]


def bundled(folder: Path) -> list[Part]:
    """The parts of the bundle in `folder`: Python, its packages, and the system's libraries that came along."""
    packages = [_package(name) for name in parts.distributions() if name != parts.PROJECT]
    return [_python(), *packages, *_system_libraries(folder)]


def folder_in(bundle: Path) -> Path:
    """Where the licences lie inside the bundle; a Mac's application keeps its data apart from its code."""
    inside = bundle / "Contents" / "Resources" if bundle.suffix == ".app" else bundle / "_internal"
    return inside / "resources" / "licences"


def text(known: list[Part]) -> str:
    """All parts at a glance, then every licence text once, with the parts that it belongs to."""
    head = "Modamoda Studio contains these parts, each under its own licence; the texts follow below.\n\n"
    lines = "".join(f"{part.name} {part.version}: {part.licence} ({part.home})\n" for part in known)
    owners: dict[str, list[str]] = {}
    for part in known:
        for one in part.texts:
            owners.setdefault(one.strip(), []).append(part.name)
    bodies = "".join(f"\n{'=' * 78}\n{', '.join(names)}\n{'=' * 78}\n\n{body}\n" for body, names in owners.items())
    return head + lines + bodies


def _python() -> Part:
    number = sys.version.split()[0]
    found = [path for path in _python_licences() if path.is_file()]
    return Part(
        name="Python",
        version=number,
        licence="PSF-2.0",
        home="https://www.python.org",
        purl=f"pkg:generic/python@{number}",
        texts=tuple(path.read_text(encoding="utf-8", errors="replace") for path in found[:1]),
    )


def _python_licences() -> list[Path]:
    base = Path(sys.base_prefix)
    library = base / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [library / "LICENSE.txt", base / "LICENSE.txt", Path("/usr/share/doc/python3/copyright")]


def _package(name: str) -> Part:
    about = metadata.distribution(name)
    key = canonicalize_name(name)
    own = [
        Path(str(about.locate_file(file)))
        for file in about.files or []
        if _TEXT_FILE.search(str(file)) and Path(str(file)).suffix not in {".py", ".pyc", ".pyi", ".h"}
    ]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in own if path.is_file()]
    texts += [(TEXTS / f"{spdx}.txt").read_text(encoding="utf-8") for spdx in _TEXTS_ELSEWHERE.get(key, ())]
    if not texts:
        raise SystemExit(f"No licence text is known for {name}: add one to installer/licences.py.")
    fields = about.metadata
    return Part(
        name=str(fields["Name"]),
        version=about.version,
        licence=_TAKEN.get(key) or _stated(about),
        home=_home(about),
        purl=f"pkg:pypi/{key}@{about.version}",
        texts=tuple(texts),
    )


def _stated(about: metadata.Distribution) -> str:
    fields = about.metadata
    if expression := fields.get("License-Expression"):
        return str(expression)
    classifiers = [
        line.rpartition(" :: ")[2] for line in fields.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    short = str(fields.get("License") or "").strip().splitlines()[:1]
    for stated in (*short, *classifiers):
        if stated in _SPDX:
            return _SPDX[stated]
    return next(iter((*classifiers, *short)), "see its text")


def _home(about: metadata.Distribution) -> str:
    links = dict(line.split(", ", 1) for line in about.metadata.get_all("Project-URL") or [] if ", " in line)
    for key in ("Homepage", "homepage", "Home", "Source", "Repository", "source"):
        if key in links:
            return links[key]
    return str(about.metadata.get("Home-page") or f"https://pypi.org/project/{about.metadata['Name']}/")


def _system_libraries(folder: Path) -> list[Part]:
    """Libraries of Debian or its children that PyInstaller took along."""
    if not shutil.which("dpkg-query"):
        return []
    names = sorted(path.name for path in (folder / "_internal").glob("lib*.so*") if not path.is_symlink())
    packages: dict[str, str] = {}
    for name in names:
        told = subprocess.run(["dpkg-query", "-S", f"*/{name}"], capture_output=True, text=True, check=False).stdout
        if told:
            packages[told.partition(":")[0]] = name
    return [_debian(package) for package in sorted(packages)]


def _debian(package: str) -> Part:
    number = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=True
    ).stdout
    copyright_file = Path("/usr/share/doc") / package / "copyright"
    said = copyright_file.read_text(encoding="utf-8", errors="replace") if copyright_file.exists() else ""
    named = sorted(set(re.findall(r"^License: *(\S[^\n]*)$", said, re.M)))
    return Part(
        name=package,
        version=number,
        licence=", ".join(named) or "see its text",
        home=f"https://packages.debian.org/{package}",
        purl=f"pkg:deb/debian/{package}@{number}",
        texts=(said,) if said else (),
    )
