"""Take out of a finished bundle what no user has any use of; only on Linux there is anything to do.

Debug symbols, a second copy of the executable, the packages' descriptions of themselves, and what OpenCV's wheel
carries beside OpenCV: FFmpeg with its codecs and an OpenSSL (the program plays no film), a second libavif (Pillow's is
the same), a second OpenBLAS (NumPy's answers). OpenCV is bound to these libraries by name, so small ones of the same
name take their places. Pillow's own libXau, which its maker's tools blew up to two megabytes, gives way to Qt's.
"""

import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from installer import parts

ELF = b"\x7fELF"
PT_LOAD = 1
# A library is rewritten only where that saves this much: the others stay byte for byte as their makers ship them.
WORTH_BYTES = 50_000
VIDEO = ("libavcodec", "libavformat", "libavutil", "libswscale")
FOR_VIDEO_ALONE = ("libswresample", "libvpx", "libssl", "libcrypto", "libdrm")
SHIMS = Path(__file__).parent / "shims"


def slim(folder: Path) -> None:
    """Make the bundle in `folder` smaller. Raises SystemExit where OpenCV asks for something that is not known here."""
    if not sys.platform.startswith("linux"):
        return
    _share_executable(folder)
    inside = folder / "_internal"
    for about in inside.glob("*.dist-info/METADATA"):
        fields, _, _ = about.read_text(encoding="utf-8").partition("\n\n")
        about.write_text(f"{fields}\n", encoding="utf-8")
    if shutil.which("gcc") and shutil.which("nm"):
        _without_video(inside)
        _share_avif(inside)
        _share_openblas(inside)
        _share_xau(inside)
        _remove_dead_links(inside)
    else:
        print("Without gcc and nm (binutils) the bundle stays 90 MB larger.")
    if shutil.which("strip"):
        for path in sorted(folder.rglob("*.so*")):
            if path.is_file() and not path.is_symlink():
                _strip(path)


def _share_executable(folder: Path) -> None:
    """Both names for one file: a program without a console is a matter of Windows alone."""
    window = folder / parts.WINDOW
    window.unlink()
    window.symlink_to(parts.COMMAND_LINE)


def _without_video(inside: Path) -> None:
    """Libraries that hold the names OpenCV's films ask for, and end the program when one is called."""
    by_version: dict[str, list[str]] = defaultdict(list)
    for line in _symbols(_opencv(inside), "--undefined-only"):
        name, _, version = line.partition("@")
        by_version[version].append(name)
    for start in VIDEO:
        library = _library(inside, start)
        tag = next(tag for tag in by_version if tag.lower().startswith(f"{start}_"))
        functions = "".join(f"void {name}(void) {{ abort(); }}\n" for name in by_version[tag])
        _compile(library, f"#include <stdlib.h>\n{functions}", versions=f"{tag} {{ global: *; }};\n")
    for start in FOR_VIDEO_ALONE:
        _library(inside, start).unlink()


def _share_avif(inside: Path) -> None:
    """OpenCV's libavif gives way to Pillow's, if that is of the same release and complete."""
    theirs, ours = _library(inside, "libavif"), next((inside / "pillow.libs").glob("libavif-*"), None)
    needed = _functions(_opencv(inside), "avif", "--undefined-only")
    if ours and theirs.name.partition(".so")[2] == ours.name.partition(".so")[2] and needed <= set(_symbols(ours)):
        theirs.unlink()
        theirs.symlink_to(Path("..") / "pillow.libs" / ours.name)
        _library(inside, "libaom").unlink()


def _share_openblas(inside: Path) -> None:
    """OpenCV's OpenBLAS gives way to a translation of its calls for NumPy's."""
    theirs, numpy_s = _library(inside, "libopenblas"), next((inside / "numpy.libs").glob("libscipy_openblas64_*"))
    provided = set(_symbols(theirs))
    _compile(theirs, (SHIMS / "lapack.c").read_text(encoding="utf-8"), linked=numpy_s)
    asked = {name for name in _symbols(_opencv(inside), "--undefined-only") if name in provided}
    if missing := asked - set(_symbols(theirs)):
        raise SystemExit(f"OpenCV calls what installer/shims/lapack.c does not translate: {sorted(missing)}")
    for start in ("libgfortran", "libquadmath"):
        _library(inside, start).unlink()


def _share_xau(inside: Path) -> None:
    """Pillow's libXau gives way to Qt's: neither has versions, and their functions are the same."""
    theirs, ours = next((inside / "pillow.libs").glob("libXau-*"), None), inside / "libXau.so.6"
    if theirs and ours.exists() and _functions(theirs, "Xau") <= _functions(ours, "Xau"):
        theirs.unlink()
        theirs.symlink_to(Path("..") / ours.name)


def _compile(into: Path, code: str, *, versions: str = "", linked: Path | None = None) -> None:
    """Compile C into a library that bears the name of the one it replaces."""
    with tempfile.TemporaryDirectory() as place:
        source, script = Path(place) / "code.c", Path(place) / "versions"
        source.write_text(code, encoding="utf-8")
        script.write_text(versions, encoding="utf-8")
        # RPATH, not RUNPATH, as in the wheels: what the environment says about libraries is not for a bundle.
        links = [linked, "-Wl,--disable-new-dtags", f"-Wl,-rpath,$ORIGIN/../{linked.parent.name}"] if linked else []
        options = [f"-Wl,--version-script={script}"] if versions else []
        into.unlink()
        command = ["gcc", "-shared", "-fPIC", "-O2", "-s", f"-Wl,-soname,{into.name}", *options, "-o", into, source]
        subprocess.run([*command, *links], check=True)


def _remove_dead_links(inside: Path) -> None:
    for path in inside.rglob("*.so*"):
        if path.is_symlink() and not path.exists():
            path.unlink()


def _opencv(inside: Path) -> Path:
    return inside / "cv2" / "cv2.abi3.so"


def _library(inside: Path, start: str) -> Path:
    return next((inside / "opencv_python_headless.libs").glob(f"{start}[-p]*"))


def _functions(library: Path, start: str, which: str = "--defined-only") -> set[str]:
    return {name for name in _symbols(library, which) if name.startswith(start)}


def _symbols(library: Path, which: str = "--defined-only") -> list[str]:
    """The names that a library needs or gives, a needed one with `@VERSION` if it has one."""
    told = subprocess.run(["nm", "-D", which, library], capture_output=True, text=True, check=True).stdout
    return [re.sub("@+", "@", line.split()[-1]) for line in told.splitlines()]


def _strip(path: Path) -> None:
    with path.open("rb") as stream:
        if stream.read(4) != ELF:
            return
    slimmer = path.with_name(f"{path.name}.slim")
    done = subprocess.run(["strip", "--strip-unneeded", "-o", slimmer, path], capture_output=True, check=False)
    worth = done.returncode == 0 and path.stat().st_size - slimmer.stat().st_size > WORTH_BYTES
    if worth and _is_loadable(slimmer):
        shutil.copymode(path, slimmer)
        slimmer.replace(path)
    slimmer.unlink(missing_ok=True)


def _is_loadable(library: Path) -> bool:
    """Whether its segments stand on pages: strip puts those of libraries that patchelf changed elsewhere.

    https://github.com/NixOS/patchelf/issues/10; the loader then refuses the library.
    """
    head = library.read_bytes()
    start, size, count = *struct.unpack_from("<Q", head, 0x20), *struct.unpack_from("<HH", head, 0x36)
    for place in range(start, start + size * count, size):
        kind, _, offset, address, _, _, _, align = struct.unpack_from("<IIQQQQQQ", head, place)
        if kind == PT_LOAD and align and (offset - address) % align:
            return False
    return True
