"""The Debian package of a bundle: the program under /opt, with its names, menu entry, icons and metainfo under /usr."""

import gzip
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from installer import icons, licences, parts

HERE = Path(__file__).parent / "linux"
NAME = "modamoda-studio"
MAINTAINER = "Modamoda <packages@modamoda.studio>"
# What the bundle takes from the system: the C library, and the doors to screen, graphics driver and fonts.
NEEDS = "libc6 (>= {glibc}), libstdc++6, libgcc-s1, libgl1, libegl1, libfontconfig1, libglib2.0-0, libdbus-1-3"
DESCRIPTION = """Invisible-mannequin pictures from a shoot, offline
 Modamoda Studio turns photographs of garments on mannequins into finished
 invisible-mannequin pictures, on your own computer and in batches, without
 changing a pixel of the product.
"""
# The bundle brings its own libraries on purpose; what is said of them is no fault of the package.
LINTIAN_OVERRIDES = (
    "dir-or-file-in-opt",
    "embedded-library",
    "unstripped-binary-or-object",
    "binary-or-shlib-defines-rpath",
    "custom-library-search-path",
    "extra-license-file",
    "script-not-executable",
    "shared-library-lacks-prerequisites",
    "library-not-linked-against-libc",
    "hardening-no-*",
    "package-contains-documentation-outside-usr-share-doc",
    "no-manual-page",
    "specific-address-in-shared-library",
    "sharedobject-in-library-directory-missing-soname",
    "shared-library-is-executable",
    "executable-not-elf-or-script",
    "package-contains-empty-directory",
    "initial-upload-closes-no-bugs",
)


def build(folder: Path, into: Path) -> Path:
    """Make the .deb of the bundle in `folder` and give its path."""
    architecture = _said("dpkg", "--print-architecture")
    package = into / f"{NAME}_{parts.version()}_{architecture}.deb"
    with tempfile.TemporaryDirectory(dir=into) as place:
        root = Path(place) / "root"
        _lay_out(folder, root)
        _control(root, architecture)
        _set_modes(root)
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(root), str(package)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return package


def _lay_out(folder: Path, root: Path) -> None:
    shutil.copytree(folder, root / "opt" / NAME, symlinks=True)
    share, binaries = root / "usr" / "share", root / "usr" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "modamoda").symlink_to(f"/opt/{NAME}/{parts.COMMAND_LINE}")
    (binaries / NAME).symlink_to(f"/opt/{NAME}/{parts.WINDOW}")
    _copy(HERE / "modamoda-studio.desktop", share / "applications")
    _copy(HERE / f"{parts.IDENTIFIER}.metainfo.xml", share / "metainfo")
    for size in icons.SIZES:
        place = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        place.mkdir(parents=True)
        shutil.copyfile(parts.ROOT / "build" / "icons" / f"modamoda-{size}.png", place / f"{NAME}.png")
    scalable = share / "icons" / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copyfile(icons.SOURCE, scalable / f"{NAME}.svg")
    documents = share / "doc" / NAME
    documents.mkdir(parents=True)
    (documents / "copyright").write_text(_copyright(folder), encoding="utf-8")
    when = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    changes = f"{NAME} ({parts.version()}) stable; urgency=medium\n\n  * See the program's own list of changes.\n\n"
    with gzip.GzipFile(documents / "changelog.gz", "wb", mtime=0) as stream:
        stream.write(f"{changes} -- {MAINTAINER}  {when}\n".encode())
    overrides = share / "lintian" / "overrides"
    overrides.mkdir(parents=True)
    lines = "".join(f"{NAME}: {tag}\n" for tag in LINTIAN_OVERRIDES if "*" not in tag)
    (overrides / NAME).write_text(lines, encoding="utf-8")


def _copyright(folder: Path) -> str:
    own = (parts.ROOT / "LICENSE").read_text(encoding="utf-8")
    inside = "/" / Path("opt") / NAME / licences.folder_in(folder).relative_to(folder)
    return f"{own}\nCopyright and licences of the parts: {inside}/third-party-licences.txt\n"


def _control(root: Path, architecture: str) -> None:
    size_kb = sum(path.lstat().st_size for path in root.rglob("*") if not path.is_symlink()) // 1024
    glibc = _said("ldd", "--version").splitlines()[0].rpartition(" ")[2]
    fields = {
        "Package": NAME,
        "Version": parts.version(),
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(size_kb),
        "Depends": NEEDS.format(glibc=glibc),
        "Section": "graphics",
        "Priority": "optional",
        "Homepage": "https://modamoda.studio",
        "Description": DESCRIPTION.rstrip("\n"),
    }
    control = root / "DEBIAN"
    control.mkdir()
    (control / "control").write_text("".join(f"{key}: {value}\n" for key, value in fields.items()), encoding="utf-8")


def _set_modes(root: Path) -> None:
    for path in root.rglob("*"):
        if not path.is_symlink():
            is_program = path.is_dir() or path.name == parts.COMMAND_LINE
            path.chmod(0o755 if is_program else 0o644)


def _copy(source: Path, into: Path) -> None:
    into.mkdir(parents=True)
    shutil.copyfile(source, into / source.name)


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
