"""Build the bundle into `dist/`: icons, PyInstaller, slimming, licences and the list of parts.

Run by `python3 dev.py bundle`, with the Python of an environment that holds the base install and the extra `bundle`.
"""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from installer import icons, licences, parts, sbom, slim

DIST = parts.ROOT / "dist"
WORK = parts.ROOT / "build" / "pyinstaller"


def main() -> int:
    """Build, and say what came of it."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--deb", action="store_true", help="on Debian and its children: make the .deb too")
    wanted = options.parse_args()
    started = time.monotonic()
    icons.draw(parts.ROOT / "build" / "icons")
    folder = freeze()
    known = licences.bundled(folder)
    slim.slim(folder)
    (folder.parent / "third-party-licences.txt").write_text(licences.text(known), encoding="utf-8")
    (folder.parent / "sbom.cdx.json").write_text(sbom.cyclonedx(known), encoding="utf-8")
    for bundle in (folder, *folder.parent.glob("*.app")):
        into = licences.folder_in(bundle)
        into.mkdir(parents=True, exist_ok=True)
        for name in ("third-party-licences.txt", "sbom.cdx.json"):
            shutil.copyfile(folder.parent / name, into / name)
    size = f"{parts.megabytes(folder):.0f} MB unpacked (goal: under {parts.GOAL_MB} MB)"
    print(f"Bundle: {folder}, {size}, {len(known)} parts")
    print(f"Licences: {folder.parent / 'third-party-licences.txt'}")
    print(f"List of parts (CycloneDX): {folder.parent / 'sbom.cdx.json'}")
    if wanted.deb:
        from installer import deb

        package = deb.build(folder, DIST)
        print(f"Package: {package}, {package.stat().st_size / 1e6:.0f} MB")
    print(f"Built in {time.monotonic() - started:.0f} s")
    return 0


def freeze() -> Path:
    """Run PyInstaller and give the folder it made."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    places = ["--distpath", str(DIST), "--workpath", str(WORK), str(parts.ROOT / "build.spec")]
    subprocess.run([*command, *places], cwd=parts.ROOT, check=True)
    return DIST / parts.FOLDER


if __name__ == "__main__":
    sys.exit(main())
