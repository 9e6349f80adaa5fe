"""What is scripted for other systems, as far as it can be held to something here."""

import configparser
import plistlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from installer import icons, parts

HERE = parts.ROOT / "installer"
SETUP = (HERE / "windows" / "modamoda-studio.iss").read_text(encoding="utf-8")
SCRIPTS = (HERE / "macos" / "package.sh", HERE / "linux" / "appimage.sh")
# https://jrsoftware.org/ishelp/ (Script Sections)
SECTIONS = {
    "Setup",
    "Languages",
    "CustomMessages",
    "Tasks",
    "InstallDelete",
    "Files",
    "Icons",
    "Registry",
    "Run",
    "Code",
}


def test_what_the_program_imports_by_name_is_named_to_the_bundle():
    sources = (path.read_text(encoding="utf-8") for path in (parts.ROOT / "studio").rglob("*.py"))
    named = {name for text in sources for name in re.findall(r"import_module\(\"(\w+)[\w.]*\"\)", text)}
    bundled = {name for name in parts.distributions() if name in named}
    assert "onnxruntime" in bundled
    assert bundled <= set(parts.IMPORTED_BY_NAME)


def test_the_icon_is_there_in_every_size(tmp_path):
    icons.draw(tmp_path)
    for size in icons.SIZES:
        with Image.open(tmp_path / f"modamoda-{size}.png") as picture:
            assert picture.size == (size, size)
            assert picture.getpixel((0, 0))[3] < 255
            assert picture.getpixel((size // 2, size // 2))[3] == 255
    with Image.open(tmp_path / "modamoda.ico") as picture:
        assert {(size, size) for size in icons.ICO_SIZES} <= picture.info["sizes"]
    with Image.open(tmp_path / "modamoda.icns") as picture:
        assert (512, 512, 2) in picture.info["sizes"]


def test_the_bundle_keeps_what_qts_own_dialogs_say_in_arabic():
    def leaves(path):
        return not any(re.search(pattern, path) for pattern in parts.UNUSED_FILES)

    assert leaves("PySide6/Qt/translations/qtbase_ar.qm")
    assert not leaves("PySide6/Qt/translations/qtbase_de.qm")


def test_the_windows_setup_names_files_that_exist_and_what_it_defines():
    assert set(re.findall(r"^\[(\w+)\]", SETUP, re.M)) == SECTIONS
    assert "..\\..\\LICENSE" in SETUP
    assert (parts.ROOT / "LICENSE").exists()
    assert f"dist\\{parts.FOLDER}\\*" in SETUP
    assert f'#define Window "{parts.WINDOW}.exe"' in SETUP
    used = set(re.findall(r"\{#(\w+)\}", SETUP)) - {"Version"}
    assert used == set(re.findall(r"^#define (\w+) ", SETUP, re.M))
    messages = re.findall(r"^(\w+)\.(\w+)=", SETUP, re.M)
    assert {name for language, name in messages if language == "english"} == {
        name for language, name in messages if language == "arabic"
    }
    for entry in re.findall(r"^(?:Name|Source|Root|Filename|Type): .*$", SETUP, re.M):
        assert entry.count('"') % 2 == 0, entry
        assert all(":" in field for field in re.sub(r'"(?:[^"]|"")*"', "", entry).split(";")), entry


def test_begin_and_end_of_its_code_match():
    code = SETUP[SETUP.index("[Code]") :]
    assert len(re.findall(r"\bbegin\b", code)) == len(re.findall(r"\bend;", code))


def test_what_macos_is_told_is_a_property_list():
    rights = plistlib.loads((HERE / "macos" / "entitlements.plist").read_bytes())
    assert all(value is True for value in rights.values())
    told = plistlib.loads(plistlib.dumps(parts.info_plist(parts.version())))
    assert told["CFBundleVersion"] == parts.version()
    assert told["CFBundleExecutable"] == parts.WINDOW, "the app opens the window, not the command line"
    assert told["LSBackgroundOnly"] is False, "else the app has no place in the Dock"


def test_linux_menus_and_shops_are_told_the_same_names():
    desktop = configparser.ConfigParser(interpolation=None)
    desktop.optionxform = str
    desktop.read(HERE / "linux" / "modamoda-studio.desktop", encoding="utf-8")
    assert desktop["Desktop Entry"]["Exec"].split()[0] == "modamoda-studio"
    root = ET.parse(HERE / "linux" / f"{parts.IDENTIFIER}.metainfo.xml").getroot()
    assert root.findtext("id") == parts.IDENTIFIER
    assert root.findtext("launchable") == "modamoda-studio.desktop"
    assert root.find("releases/release").get("version") == parts.version()


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("shellcheck", SCRIPTS),
        ("desktop-file-validate", (HERE / "linux" / "modamoda-studio.desktop",)),
        ("appstreamcli", ("validate", "--no-net", HERE / "linux" / f"{parts.IDENTIFIER}.metainfo.xml")),
    ],
)
def test_linters_have_no_complaint(program, arguments):
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    told = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_bundle_takes_everything_that_lies_beside_the_program():
    taken = {str(path.relative_to(parts.ROOT)) for path, _ in parts.resources()}
    assert {"resources/addon.json", "resources/update-keys.json", "resources/models/garment.onnx"} <= taken
    assert "resources/translations/modamoda_ar.qm" in taken
    assert not [name for name in taken if name.endswith((".py", ".ts"))]


def test_the_guide_of_the_bundle_links_to_nothing_that_is_not_there():
    taken = {path for path, _ in parts.resources()}
    pages = [parts.ROOT / "docs" / "index.md", *(path for path in taken if path.parent.name == "guide")]
    links = {(page.parent / link).resolve() for page in pages for link in re.findall(r"]\(([^):#]+)", page.read_text())}
    assert len(links) > len(pages)
    assert links - taken == {parts.ROOT / "docs" / "architecture.md", parts.ROOT / "docs" / "cloud.md"}


def test_the_base_install_and_the_farm_are_bundled_and_nothing_else():
    names = parts.distributions()
    assert {"numpy", "onnxruntime", "pyside6-essentials", "pyvips-binary", "celery", "redis"} <= set(names)
    assert not {"torch", "pytest", "scipy", "fastapi", "prompt-toolkit"} & set(names)
