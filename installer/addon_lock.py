"""Write `resources/addon.json`: the wheels of the studio engine for each kind of computer, with their hashes.

Run with the Python of the bundle's environment, with uv on the path: `python -m installer.addon_lock`. Packages of the
base install are left out, because the bundle holds them in the very versions that are taken as given here.
"""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name, parse_wheel_filename

from installer import parts

LOCK = parts.ROOT / "resources" / "addon.json"
PYTHON = "3.11"
PYTORCH = "https://download.pytorch.org/whl"
# Kind of computer: uv's name of its system, and where torch comes from (None = the Python index has the right build).
KINDS = {
    "linux-x86_64-cuda": ("x86_64-manylinux_2_28", None),
    "linux-x86_64-cpu": ("x86_64-manylinux_2_28", "cpu"),
    "windows-amd64-cuda": ("x86_64-pc-windows-msvc", "cu130"),
    "windows-amd64-cpu": ("x86_64-pc-windows-msvc", None),
    "macos-arm64-mps": ("aarch64-apple-darwin", None),
}
TORCH = ("torch", "torchvision")
# uv passes over upper limits of Requires-Python, pip does not: releases that are not meant for PYTHON.
TOO_NEW = ("backports-strenum<1.3",)
ONLY_FOR_CUDA = ("nvidia-", "cuda-", "triton")


def main() -> int:
    """Resolve for every kind of computer and write the lock."""
    kinds = {kind: _wheels(*where) for kind, where in KINDS.items()}
    lines = [
        f"  {json.dumps(kind)}: [\n" + ",\n".join(f"   {json.dumps(wheel)}" for wheel in wheels) + "\n  ]"
        for kind, wheels in kinds.items()
    ]
    head = f'{{\n "python": "{PYTHON}",\n "kinds": {{\n'
    LOCK.write_text(head + ",\n".join(lines) + "\n }\n}\n", encoding="utf-8")
    for kind, wheels in kinds.items():
        print(f"{kind}: {len(wheels)} wheels, {sum(wheel['bytes'] for wheel in wheels) / 1e6:.0f} MB known")
    return 0


def _wheels(system: str, torch_index: str | None) -> list[dict[str, Any]]:
    extra = tomllib.loads((parts.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = {canonicalize_name(name) for name in parts.distributions()}
    wanted = extra["optional-dependencies"]["studio-engine"]
    found = [package for package in _resolved(wanted, base, system) if canonicalize_name(package["name"]) not in base]
    return [_wheel(package, torch_index) for package in found if not _is_for_others(package["name"], torch_index)]


def _is_for_others(name: str, torch_index: str | None) -> bool:
    """Whether a package serves only the build of torch in the Python index: PyTorch's own hold what they need."""
    return torch_index is not None and name.startswith(ONLY_FOR_CUDA)


def _resolved(wanted: list[str], base: set[str], system: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        asked, fixed, answer = (Path(folder) / name for name in ("asked.in", "fixed.txt", "pylock.toml"))
        asked.write_text("\n".join(wanted), encoding="utf-8")
        given = sorted(name for name in base if name != parts.PROJECT)
        lines = [*(f"{name}=={metadata.version(name)}" for name in given), *TOO_NEW]
        fixed.write_text("\n".join(lines), encoding="utf-8")
        command = ["uv", "pip", "compile", str(asked), "--constraints", str(fixed), "--python-version", PYTHON]
        options = ["--python-platform", system, "--format", "pylock.toml", "--output-file", str(answer), "--quiet"]
        # PyTorch's wheels for Macs begin with macOS 14.
        subprocess.run([*command, *options], check=True, env=os.environ | {"MACOSX_DEPLOYMENT_TARGET": "14.0"})
        return tomllib.loads(answer.read_text(encoding="utf-8"))["packages"]


def _wheel(package: dict[str, Any], torch_index: str | None) -> dict[str, Any]:
    if torch_index and package["name"] in TORCH:
        version = f"{package['version'].partition('+')[0]}+{torch_index}"
        return {"name": package["name"], "version": version, "index": f"{PYTORCH}/{torch_index}", "bytes": 0}
    choices = package.get("wheels")
    if not choices:
        raise SystemExit(f"{package['name']} {package['version']} has no wheel: the add-on builds nothing from source.")
    best = min(choices, key=lambda wheel: _rank(_file(wheel)))
    return {
        "name": package["name"],
        "version": package["version"],
        "url": best["url"],
        "bytes": best["size"],
        "sha256": best["hashes"]["sha256"],
    }


def _file(wheel: dict[str, Any]) -> str:
    return wheel["url"].rpartition("/")[2]


def _rank(file: str) -> int:
    """Compiled for this very Python first, then for all newer ones, then for any."""
    tags = {(tag.interpreter, tag.abi) for tag in parse_wheel_filename(file)[3]}
    own = f"cp{PYTHON.replace('.', '')}"
    if (own, own) in tags:
        return 0
    return 1 if any(abi == "abi3" for _, abi in tags) else 2


if __name__ == "__main__":
    sys.exit(main())
