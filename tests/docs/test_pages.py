"""The documentation says what is so: links and pictures exist, commands are the program's, made pages are fresh."""

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from cloud.cli import main as service
from studio.cli import cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    ]
)
# What others measure and decide there stands as it was written at the time.
DIARIES = {"decisions.md", "measurements.md", "CHANGELOG.md"}
# Made from click itself.
SYNOPSES = {"commands.md"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^(?:```[^\n]*\n(?P<fence>.*?)^```|(?P<indented>(?:^ {4}\S[^\n]*\n?)+))", re.MULTILINE | re.DOTALL)


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem + "_script", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def build() -> ModuleType:
    return load(ROOT / "docs" / "build.py")


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and MyST make them."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_and_picture_is_there(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"(https?|mailto):", target):
            continue
        name, _, anchor = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        assert place.is_file(), f"{page.name}: {target}"
        if anchor and place.suffix == ".md":
            assert anchor in anchors(place), f"{page.name}: {target}"


def shown(page: Path) -> list[str]:
    """Every command that a page shows, in blocks and within a line."""
    text = page.read_text(encoding="utf-8")
    blocks = "\n".join(block["fence"] or block["indented"] for block in CODE.finditer(text))
    lines = [line.strip().removeprefix("$ ") for line in blocks.splitlines()]
    inline = [code for code in re.findall(r"`([^`\n]+)`", CODE.sub("", text)) if " " in code]
    wanted = re.compile(r"(?:\S*/)?(?:modamoda|modamoda-cloud|dev\.py|python3? dev\.py)(?: |$)")
    return [re.sub(r"\s{2,}.*$|\s+#.*$", "", line) for line in (*lines, *inline) if wanted.match(line)]


def parsed(words: list[str]) -> None:
    """Walk through the real parser; raises for a command or an option that does not exist."""
    found: click.Command = service if words[0].endswith("modamoda-cloud") else cli
    rest = words[1:]
    while isinstance(found, click.Group) and rest and not rest[0].startswith("-"):
        assert rest[0] in found.commands, " ".join(words)
        found, rest = found.commands[rest[0]], rest[1:]
    known = {
        name: each
        for each in found.params
        if isinstance(each, click.Option)
        for name in (*each.opts, *each.secondary_opts)
    }
    known |= {name: click.Option(["--help"], is_flag=True) for name in ("--help", "-h")}
    taken = iter(rest)
    for word in taken:
        if word.startswith("-"):
            name, equals, _ = word.partition("=")
            assert name in known, f"{' '.join(words)}: {name}"
            if not known[name].is_flag and not equals:
                value = next(taken, None)
                assert value is not None, f"{' '.join(words)}: {name} wants a value"
                if isinstance(known[name].type, click.Choice) and not value.isupper():
                    assert value in known[name].type.choices, f"{' '.join(words)}: {value}"


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name not in DIARIES | SYNOPSES], ids=lambda path: path.name
)
def test_commands_shown_exist_with_their_options(page: Path) -> None:
    words_of_dev = re.search(r"choices=\[([^\]]*)\]", (ROOT / "dev.py").read_text(encoding="utf-8"))
    assert words_of_dev
    for line in shown(page):
        # Brackets, pipes and dots of a synopsis are for people.
        plain = re.sub(r"\[[^\]]*\]|…|\.\.\.", "", line.partition(" | ")[0].partition(" > ")[0])
        words = shlex.split(plain.replace("(", "").replace(")", ""))
        if "dev.py" in words[:2]:
            assert f'"{words[words.index("dev.py") + 1]}"' in words_of_dev[1], line
            continue
        parsed(words)


def test_the_made_pages_are_those_of_the_program(build: ModuleType) -> None:
    late = [name for name, text in build.pages().items() if not build.same(ROOT / "docs" / name, text)]
    assert not late, f"{late}: run python3 dev.py docs"


def test_every_variable_of_the_environment_is_explained(build: ModuleType) -> None:
    assert all(build.variables().values()), build.variables()


def test_troubleshooting_names_real_errors(build: ModuleType) -> None:
    titles = {each.title for each in build.said()}
    # Said by the command line's last net, which stands outside of every StudioError.
    titles |= {"Data folder not usable", "Fault of the program"}
    text = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\*\*([^*]+)\*\*", text))
    assert named
    assert named <= titles, named - titles


def test_the_report_page_names_the_fields_of_a_report() -> None:
    from dataclasses import fields

    from studio.model import Fidelity, Report

    text = (ROOT / "docs" / "guide" / "report.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", text)) | set(re.findall(r"`fidelity\.([a-z_]+)`", text))
    known = {field.name for kind in (Report, Fidelity) for field in fields(kind)}
    assert named - {"null"} <= known
    assert {field.name for field in fields(Report)} - {"photo", "mode", "fidelity"} <= named


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", ROOT / "docs", tmp_path]
    run = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "index.html").is_file()
