"""What goes into the bundle and what stays out; read by `build.spec` and by the list of parts."""

import importlib.util
import os
import pkgutil
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
WINDOW = "Modamoda Studio"
COMMAND_LINE = "modamoda"
FOLDER = "modamoda-studio"
IDENTIFIER = "studio.modamoda.ModamodaStudio"
PROJECT = "modamoda-studio"
GOAL_MB = 350

OWN_PACKAGES = (
    "studio.app",
    "studio.commands",
    "studio.engine",
    "studio.farm",
    "studio.jobs",
    "studio.sync",
    "studio.ui",
)
# Beside the base install: several computers with the bundle make a farm.
BUNDLED_EXTRA = "farm"
# What the window's guide shows, and what its pages link to.
GUIDE = (
    "index.md",
    "installing.md",
    "troubleshooting.md",
    "models.md",
    "account.md",
    "farm.md",
    "guide/*.md",
    "reference/*.md",
    "screenshots/en-light-*.png",
)
# Celery and its kin import one another by name; of the others the studio engine, installed later as an add-on, imports
# what the program itself does not.
WHOLE_PACKAGES = (
    "amqp",
    "anyio",
    "billiard",
    "celery",
    "certifi",
    "click",
    "google.protobuf",
    "h11",
    "httpcore",
    "httpx",
    "idna",
    "kombu",
    "markupsafe",
    "numpy",
    "packaging",
    "PIL",
    "redis",
    "rich",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.sql",
    "typing_extensions",
    "vine",
)
# What is imported by a name in a string, which PyInstaller does not follow.
IMPORTED_BY_NAME = ("onnxruntime", "_cffi_backend", "_libvips")
# Of all languages that pygments colours, rich is told of these by name.
LANGUAGES = ("_mapping", "python", "special")
EXCLUDED_MODULES = [
    # The command line of Celery, which a worker does without.
    "celery.bin",
    "celery.contrib",
    "click_repl",
    "prompt_toolkit",
    "wcwidth",
    # rich knows attrs where it is; here it came with what checks the list of parts.
    "attr",
    "attrs",
    "cloud",
    "numpy.distutils",
    "numpy.f2py",
    "onnxruntime.quantization",
    "onnxruntime.tools",
    "onnxruntime.transformers",
    "PIL.ImageQt",
    "PIL.ImageTk",
    "pip",
    "PyInstaller",
    "pkg_resources",
    "pydoc_data",
    "setuptools",
    "sympy",
    "tests",
    "tkinter",
    "torch",
    "training",
]
UNUSED_LIBRARY = (
    "antigravity",
    "curses",
    "distutils",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "pydoc_data",
    "this",
    "tkinter",
    "turtle",
    "turtledemo",
)
# Names in the bundle, as regular expressions.
UNUSED_FILES = (
    r"PySide6/(Qt/)?(qml|metatypes)/",
    # What Qt's own dialogs say in the languages of the window stays.
    r"PySide6/(Qt/)?translations/(?!qtbase_ar\.qm)",
    r"PySide6/(Qt/)?plugins/(designer|egldeviceintegrations|generic|networkinformation|printsupport|qml\w*|sqldrivers|tls"
    r"|vectorimageformats|wayland-graphics-integration-server)/",
    r"PySide6/(Qt/)?plugins/platforms/\w*q(eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc|direct2d)\.",
    r"PySide6/(Qt/)?plugins/platforminputcontexts/\w*qtvirtualkeyboard",
    r"PySide6/(Qt/)?plugins/imageformats/\w*q(gif|icns|pdf|tga|tiff|wbmp|webp)\.",
    # GTK's theme pulls all of GTK in; without it Qt draws with its own style, as the program's theme wants anyway.
    r"PySide6/(Qt/)?plugins/platformthemes/\w*qgtk3",
    r"(lib)?Qt6?(Qml|Quick|Designer|Help|Labs|Lottie|Pdf|PrintSupport|Sql|Test|UiTools|VirtualKeyboard|Xml\.)\w*",
    r"PySide6/Qt(DBus|Network|OpenGL|OpenGLWidgets|Qml|Quick\w*|Sql|Test|Xml|PrintSupport|Designer|Help)\.",
    r"opengl32sw|d3dcompiler",
    # No text is drawn with Pillow: Qt does that. The libraries of what is left out go too.
    r"PIL/_imaging(ft|tk)\.",
    r"pillow\.libs/lib(freetype|harfbuzz|brotli\w+)-",
    # onnxruntime's Python module holds the whole library; this is the same once more, for C programs.
    r"onnxruntime/capi/libonnxruntime\.",
    # The system's own: a program that brings an older one than the system's graphics drivers need gets no picture.
    r"^lib(stdc\+\+|gcc_s)\.so",
    r"^lib(gtk|gdk|pango|cairo|atk|gio|glib|gobject|gmodule|gthread|harfbuzz|fontconfig|freetype|expat|wayland-\w+)"
    r"[-.\w]*\.so",
    r"^lib(dbus-1|systemd|gcrypt|gpg-error|lz4|cap|mount|blkid|selinux|pcre2-8|pixman-1|thai|datrie|fribidi|graphite2)\.so",
    # Nothing left in the bundle asks for these.
    r"^lib(gssapi_krb5|krb5|krb5support|k5crypto|com_err|keyutils|tirpc|png16|jpeg|brotli\w+)\.so|/nis\.cpython",
    r"^lib(epoxy|readline|ncursesw|panelw|tinfo)\.so|lib-dynload/(readline|_curses\w*)\.cpython",
    # What packages were installed from, and their licences; the bundle has one list of parts and one of licences.
    r"\.dist-info/(RECORD$|sboms/|(licenses/.*)?(LICEN[CS]E|COPYING|NOTICE)[^/]*$)",
    r"libQt6(Network|EglF[sS]\w*)\.so",
    r"\.pyi$|(^|/)(tests?|testing/tests)/",
    r"numpy/.*\.(h|a|lib|pxd)$|numpy/_core/_(simd|\w+_tests)\.",
)


def version() -> str:
    """The program's version, of `pyproject.toml`."""
    return str(_project()["version"])


def resources() -> Iterator[tuple[Path, str]]:
    """The files that ship beside the program, each with its folder in the bundle."""
    for path in sorted((ROOT / "resources").rglob("*")):
        if path.is_file() and path.suffix not in {".py", ".pyc", ".ts", ".md"}:
            yield path, str(path.relative_to(ROOT).parent)
    for pattern in GUIDE:
        for path in sorted((ROOT / "docs").glob(pattern)):
            yield path, str(path.relative_to(ROOT).parent)


def distributions() -> list[str]:
    """The packages that the bundle is made of on this system, the project first, then by name."""
    found: set[str] = set()
    left_out = {canonicalize_name(name) for name in EXCLUDED_MODULES}
    project = _project()
    lines = (*project["dependencies"], *project["optional-dependencies"][BUNDLED_EXTRA])
    waiting = [wanted for wanted in map(Requirement, lines) if _is_wanted(wanted)]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in found or name in left_out:
            continue
        found.add(name)
        for line in metadata.distribution(name).requires or []:
            needed = Requirement(line)
            if any(_is_wanted(needed, extra) for extra in ("", *wanted.extras)):
                waiting.append(needed)
    return [PROJECT, *sorted(found)]


def standard_library(submodules: Callable[[str], list[str]]) -> list[str]:
    """Python's own modules, all of them: an add-on installed later imports what nobody here does."""
    names = sorted(
        name
        for name in sys.stdlib_module_names
        if name not in UNUSED_LIBRARY
        and not re.match(r"_?(test|tk|xxsubtype)|_ctypes_test", name)
        and importlib.util.find_spec(name) is not None
    )
    return [module for name in names for module in (submodules(name) or [name])]


def is_left_out(module: str) -> bool:
    """Whether a module is part of a package's tests, or of a package's part that is left out."""
    left_out = any(module == name or module.startswith(f"{name}.") for name in EXCLUDED_MODULES)
    return left_out or bool(re.search(r"(^|\.)(tests?|conftest|idle_test|__main__)(\.|$)", module))


def unused_languages() -> list[str]:
    """The modules of pygments that colour what nobody shows here."""
    import pygments.lexers

    names = (module.name for module in pkgutil.iter_modules(pygments.lexers.__path__))
    return [f"pygments.lexers.{name}" for name in names if name not in LANGUAGES]


def megabytes(folder: Path) -> float:
    """What a folder takes; links count nothing."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


def signing_identity() -> str | None:
    """Who signs the executables on macOS; None = nobody, for a build that stays on this computer."""
    return os.environ.get("MODAMODA_MAC_IDENTITY")


def info_plist(number: str) -> dict[str, Any]:
    """What macOS is told about the program beyond PyInstaller's defaults."""
    return {
        "CFBundleDisplayName": WINDOW,
        "CFBundleShortVersionString": number,
        "CFBundleVersion": number,
        # PyInstaller takes both from one of the two executables, "in the background" from the last: the command line.
        "CFBundleExecutable": WINDOW,
        "LSBackgroundOnly": False,
        "LSMinimumSystemVersion": "13.0",
        "LSApplicationCategoryType": "public.app-category.photography",
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "Copyright Modamoda. All rights reserved.",
        "CFBundleLocalizations": ["en", "ar"],
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Folder of photographs",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["public.folder", "public.image"],
            },
        ],
    }


def windows_version(number: str, name: str) -> Any:
    """The version resource of an executable on Windows."""
    from PyInstaller.utils.win32 import versioninfo

    four = tuple([*(int(part) for part in number.split(".")), 0, 0, 0][:4])
    strings = {
        "CompanyName": "Modamoda",
        "FileDescription": WINDOW,
        "FileVersion": number,
        "LegalCopyright": "Copyright Modamoda. All rights reserved.",
        "OriginalFilename": f"{name}.exe",
        "ProductName": WINDOW,
        "ProductVersion": number,
    }
    table = versioninfo.StringTable("040904B0", [versioninfo.StringStruct(*pair) for pair in strings.items()])
    return versioninfo.VSVersionInfo(
        ffi=versioninfo.FixedFileInfo(filevers=four, prodvers=four),
        kids=[
            versioninfo.StringFileInfo([table]),
            versioninfo.VarFileInfo([versioninfo.VarStruct("Translation", [1033, 1200])]),
        ],
    )


def _is_wanted(requirement: Requirement, extra: str = "") -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
