"""The reference pages, made from the program itself, and the site of all pages.

    python docs/build.py           write docs/reference/ and docs/pictures/house.svg anew, then build build/docs/
    python docs/build.py --check   write nothing; exit status 1 when a committed page lags behind the program

`python3 dev.py docs` runs the first.
"""

import ast
import dataclasses
import enum
import inspect
import json
import re
import subprocess
import sys
import tempfile
import tomllib
import typing
from collections.abc import Iterator
from pathlib import Path

import click

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NOTE = "<!-- Made by docs/build.py from the program: change that, then run python3 dev.py docs. -->\n"
ERRORS = ("StudioError", "PhotoError", "OutputError", "RecipeError", "EngineError", "StoreError", "AccountError")
SPEAKERS = {*ERRORS, "NetworkError", "UsageError", "Failure", "Notice"}


def main(arguments: list[str]) -> int:
    """Write the pages and build the site, or say which pages lag behind."""
    made = pages()
    if "--check" in arguments:
        late = [name for name, text in made.items() if not same(HERE / name, text)]
        print("\n".join(f"{name} lags behind the program: run python3 dev.py docs" for name in late) or "up to date")
        return int(bool(late))
    for name, text in made.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(text, encoding="utf-8")
    command = ("-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", HERE, ROOT / "build" / "docs")
    status = subprocess.run([sys.executable, *map(str, command)], check=False).returncode
    if not status:
        print(f"The pages are in {ROOT / 'build' / 'docs' / 'index.html'}")
    return status


def same(path: Path, text: str) -> bool:
    """Whether a committed page says `text`."""
    return path.is_file() and path.read_text(encoding="utf-8") == text


def pages() -> dict[str, str]:
    """Every made page by its path below docs/."""
    document = openapi()
    return {
        "reference/commands.md": commands(),
        "reference/recipe.md": recipes(),
        "reference/templates.md": channels(),
        "reference/settings.md": settings(),
        "reference/errors.md": errors(),
        "reference/licences.md": licences(),
        "reference/api.md": api(document),
        "reference/openapi.json": json.dumps(document, indent=1, sort_keys=True) + "\n",
        "pictures/house.svg": house(),
    }


def page(title: str, *parts: str) -> str:
    """A page of these parts."""
    return NOTE + f"\n# {title}\n\n" + "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def table(heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """A Markdown table; nothing where there are no rows."""
    if not rows:
        return ""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines)


def cell(value: object) -> str:
    """A value as a cell: one line, no bars."""
    return " ".join(str(value).split()).replace("|", "\\|")


# --- commands, from click


def commands() -> str:
    """Every command of the programs with its arguments and options."""
    from cloud.cli import main as service
    from studio.cli import cli

    parts = [
        "Exit status: 0 all done or in review, 1 some failed, 2 usage, 130 interrupted. Every command has `--help`."
    ]
    for name, top in (("modamoda", cli), ("modamoda-cloud", service)):
        parts += [command(path, found) for path, found in walk(name, top)]
    return page("Commands", *parts)


def walk(path: str, found: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it."""
    yield path, found
    if isinstance(found, click.Group):
        for name, below in sorted(found.commands.items()):
            yield from walk(f"{path} {name}", below)


def command(path: str, found: click.Command) -> str:
    """One command."""
    context = click.Context(found, info_name=path)
    usage = " ".join([path, *found.collect_usage_pieces(context)])
    options = [option for option in found.params if isinstance(option, click.Option)]
    rows = [(f"`{words}`", text) for words, text in filter(None, (each.get_help_record(context) for each in options))]
    text = re.sub(r"(?<!\n)\n(?!\n)", " ", inspect.cleandoc(found.help or ""))
    return f"## {path}\n\n{text}\n\n```\n{usage}\n```\n\n{table(('option', 'what it does'), rows)}"


# --- recipes, from the core types


def recipes() -> str:
    """The fields of a recipe, what is refused, the built-in ones."""
    from studio import model, naming
    from studio.recipes import BUILT_IN

    steps = [model.Recipe, model.ExtractStep, model.InteriorStep, model.FigureStep, model.EnhanceStep]
    steps += [model.ComposeStep, model.OutputStep, model.LevelStep]
    intro = (
        "A recipe says what to make of a photo. It is JSON; a field that is left out has its default, an "
        "unknown one is an "
        "error. `modamoda recipe show NAME` prints a recipe, `modamoda recipe check FILE` says whether "
        "one can be used. "
        "Your own stand as `NAME.json` in the folder `recipes` of the program's data."
    )
    refused = "## What is refused\n\n" + "\n".join(f"* {sentence}" for sentence in refusals(model.Recipe))
    tokens = "## Names\n\nTokens of `output.name`:\n\n" + bullets((naming.__doc__ or "").partition("\n\n")[2])
    shown = [f"### {name}\n\n```json\n{recipe.to_json()}\n```" for name, recipe in BUILT_IN.items()]
    return page("Recipes", intro, *map(step, steps), refused, tokens, "## Built-in recipes", *shown)


def bullets(text: str) -> str:
    """A text whose parts are separated by middle dots, as a list."""
    return "\n".join(f"* {' '.join(part.split())}" for part in text.strip().rstrip(".").split("·"))


def step(kind: type) -> str:
    """The fields of a step."""
    name = "Recipe" if kind.__name__ == "Recipe" else f"`{kind.__name__.removesuffix('Step').lower()}`"
    hints = typing.get_type_hints(kind)
    intro, told = described(kind.__doc__ or "", set(hints))
    rows = [
        (f"`{field.name}`", choices(hints[field.name]), default(field), told.get(field.name, ""))
        for field in dataclasses.fields(kind)
    ]
    return f"## {name}\n\n{intro}\n\n{table(('field', 'values', 'default', 'meaning'), rows)}"


def described(text: str, fields: set[str]) -> tuple[str, dict[str, str]]:
    """A docstring as its free words and what it says of fields: `field: words.` or `one, two: words.`."""
    flat = " ".join(text.split())
    marks = list(re.finditer(r"(?:(?<=\s)|^)((?:\w+, )*\w+): ", flat))
    marks = [mark for mark in marks if set(mark[1].split(", ")) <= fields]
    ends = [*(mark.start() for mark in marks[1:]), len(flat)]
    told = (
        {
            field: flat[mark.end() : end].strip()
            for mark, end in zip(marks, ends, strict=True)
            for field in mark[1].split(", ")
        }
        if marks
        else {}
    )
    return (flat[: marks[0].start()] if marks else flat).strip(), told


def choices(hint: object) -> str:
    """What a field takes, in words."""
    options = [each for each in typing.get_args(hint) if each is not type(None)]
    if options and typing.get_origin(hint) is not tuple:
        return f"{choices(options[0])}, or null"
    if typing.get_origin(hint) is tuple:
        return "a list" if Ellipsis in typing.get_args(hint) else "two numbers"
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return ", ".join(f"`{member.value}`" for member in hint)
    words = {"str": "text", "int": "whole number", "float": "number", "bool": "true, false"}
    name = getattr(hint, "__name__", str(hint))
    return words.get(name, f"an object, see `{name.removesuffix('Step').lower()}`")


def default(field: "dataclasses.Field[object]") -> str:
    """A field's default as JSON writes it."""
    if field.default_factory is not dataclasses.MISSING:
        made = field.default_factory()
        return "its defaults" if dataclasses.is_dataclass(made) else f"`{json.dumps(made)}`"
    return f"`{json.dumps(field.default)}`"


def refusals(kind: type) -> list[str]:
    """The sentences of `Recipe.check`."""
    tree = ast.parse((ROOT / "studio" / "model" / "recipe.py").read_text(encoding="utf-8"))
    (check,) = (
        part
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__
        for part in node.body
        if isinstance(part, ast.FunctionDef) and part.name == "check"
    )
    pairs = [pair for pair in ast.walk(check) if isinstance(pair, ast.Tuple) and len(pair.elts) == 2]
    return [text for pair in pairs for text in templates(pair.elts[1]) if " " in text]


# --- sales channels


def channels() -> str:
    """Every template with its rules and their sources."""
    from studio.engine.templates.catalog import builtin
    from studio.model import RuleKind, Template

    _, told = described(Template.__doc__ or "", {field.name for field in dataclasses.fields(Template)})
    intro = (
        "A template is what a sales channel asks of a file. `house rule` as the source means that the "
        "channel says nothing and "
        "we hold to what every shop wants; `second hand` that somebody else reported it. Channels change "
        "their rules: look at "
        "the source before a large delivery."
    )
    own = (
        "Your own templates are TOML or JSON files in the folder `templates` of the program's data; "
        "yours win over ours. "
    )
    fields = table(("field", "meaning"), [(f"`{name}`", text) for name, text in told.items()])
    kinds = f"Kinds of rules: {', '.join(f'`{kind.value}`' for kind in RuleKind)}."
    steps = "`compose` and `output` are those of a [recipe](recipe.md)."
    return page(
        "Sales channels",
        intro,
        *map(channel, builtin().values()),
        "## Templates of your own",
        own + steps,
        fields,
        kinds,
    )


def channel(template: typing.Any) -> str:
    """One template."""
    compose, output = template.compose, template.output
    size = "the photo's size" if compose.size is None else f"{compose.size[0]} x {compose.size[1]} pixels"
    fill = "" if compose.fill is None else f", the garment fills {compose.fill:.0%}"
    made = f"Made: {output.format}, {size}{fill}, background `{compose.background}`, name `{output.name}`."
    rows = [
        (f"`{rule.kind}`", demand(rule), rule.source + (" (second hand)" if rule.second_hand else ""))
        for rule in template.rules
    ]
    return f"## {template.name}\n\n{template.title}. {made}\n\n{table(('rule', 'demand', 'source'), rows)}"


def demand(rule: typing.Any) -> str:
    """A rule's limits in words."""
    limits = [f"{word} {value:.10g}" for word, value in (("from", rule.low), ("to", rule.high)) if value is not None]
    return " ".join([*limits, *(f"`{word}`" for word in rule.words)]) or "kept"


# --- settings


def settings() -> str:
    """Settings of the program and its variables."""
    from studio.settings import Home, Settings

    rows = [
        (
            f"`{field.name}`",
            field.metadata["label"],
            f"{field.metadata['low']} to {field.metadata['high']}",
            field.default,
            field.metadata["help"],
        )
        for field in dataclasses.fields(Settings)
    ]
    places = [
        (f"`{getattr(Home(folder=Path('home')), name).relative_to('home')}`", (value.fget.__doc__ or "").rstrip("."))
        for name, value in vars(Home).items()
        if isinstance(value, property)
    ]
    intro = (
        "Set on the page Settings, kept in `settings.json`. What cannot be read takes its default, and the log says so."
    )
    home = (
        "## The program's data\n\nLinux `~/.local/share/modamoda`, macOS `~/Library/Application "
        "Support/modamoda`, Windows "
        "`%LOCALAPPDATA%\\modamoda`; `MODAMODA_HOME` names another folder. `modamoda doctor` says which one is used."
    )
    return page(
        "Settings",
        intro,
        table(("entry", "label", "range", "default", "meaning"), rows),
        home,
        table(("there", "what it is"), places),
        "## Variables of the environment",
        table(("variable", "meaning"), [(f"`{name}`", text) for name, text in variables().items()]),
    )


def variables() -> dict[str, str]:
    """The variables that the program reads, with the words of docs/variables.toml, "" = it says none."""
    found: set[str] = set()
    for path in sorted((ROOT / "studio").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^MODAMODA_[A-Z_]+[A-Z]$", node.value))
    words = tomllib.loads((HERE / "variables.toml").read_text(encoding="utf-8"))
    return {name: words.get(name, "") for name in sorted(found)}


# --- errors


@dataclasses.dataclass(frozen=True)
class Said:
    """An error as the code says it; {} where a name or number stands. kind: the class."""

    title: str
    message: str
    hint: str
    kind: str


def errors() -> str:
    """Every error of the program, by title."""
    rows = [(f"**{each.title}**", plain(each.message), plain(each.hint)) for each in said()]
    intro = (
        "Every error that the program can show, by its title; `…` stands for a name or a number. "
        "[Troubleshooting](../troubleshooting.md) goes by what you see."
    )
    return page("Errors", intro, table(("title", "what it says", "what to do"), rows))


def plain(text: str) -> str:
    """A template without its braces and without what Markdown would read as markup."""
    return re.sub(r"([<>*_#\[\]~])", r"\\\1", text.replace("{}", "…"))


def said() -> list[Said]:
    """The errors of the code, each title with each of its messages once, by title."""
    found: set[Said] = set()
    for path in sorted((ROOT / "studio").rglob("*.py")):
        if "ui" not in path.parts:
            found |= set(said_in(path))
    return sorted(found, key=lambda each: (each.title.lower(), each.message, each.hint))


def said_in(path: Path) -> Iterator[Said]:
    """The errors of a module; words kept in a variable of the same function are looked up."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            known = variables_of(function)
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SPEAKERS:
                    named = {word.arg: word.value for word in call.keywords}
                    parts = dict(zip(("title", "message", "hint"), call.args, strict=False)) | named
                    title, message, hint = (first(parts.get(name), known) for name in ("title", "message", "hint"))
                    if title and "{}" not in title and message != "{}":
                        yield Said(title, message, hint, call.func.id)


def variables_of(function: ast.AST) -> dict[str, ast.expr]:
    """What is assigned in a function, tuples taken apart."""
    found: dict[str, ast.expr] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Tuple)
            and isinstance(node.value, ast.Tuple)
        ):
            names = [name.id for name in node.targets[0].elts if isinstance(name, ast.Name)]
            found |= dict(zip(names, node.value.elts, strict=False))
    return found


def first(value: ast.expr | None, known: dict[str, ast.expr]) -> str:
    """The first text that an expression can be."""
    if isinstance(value, ast.Name) and value.id in known:
        value = known[value.id]
    return next(templates(value), "{}") if value is not None else ""


def templates(value: ast.expr) -> Iterator[str]:
    """The texts that an expression can be, f-strings with `{}` for their values."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in value.values)
    elif isinstance(value, ast.IfExp):
        yield from templates(value.body)
        yield from templates(value.orelse)
    elif isinstance(value, ast.BoolOp):
        for part in value.values:
            yield from templates(part)


# --- licences of models and data


def licences() -> str:
    """Every network with its licence, and what else ships with the program."""
    from studio.engine.models.catalog import builtin

    rows = [
        (
            f"`{entry.id}`",
            entry.purpose,
            f"[{entry.licence}]({entry.licence_url})",
            entry.commercial.value,
            f"{entry.bytes / 1e6:.0f}" if entry.bytes else "not known",
        )
        for entry in builtin().models.values()
    ]
    ships = [
        (f"`{path.name}`", f"{path.stat().st_size / 1e6:.1f} MB")
        for path in sorted((ROOT / "resources/models").glob("*.onnx"))
    ]
    card, other = (ROOT / f"resources/models/{name}.md" for name in ("garment", "clothing"))
    data, licence, other_licence = (
        path.read_text(encoding="utf-8").partition(f"## {name}\n")[2].partition("\n## ")[0]
        for path, name in ((card, "Data"), (card, "Licence"), (other, "Licence"))
    )
    samples = (ROOT / "resources/samples/README.md").read_text(encoding="utf-8").partition("\n\n")[2]
    return page(
        "Licences of models and data",
        "The program is Modamoda's: all rights reserved. What ships with it and what it can download:",
        "## Ships with the program",
        table(("network", "size"), ships),
        f"`garment.onnx` is made by Modamoda. {' '.join(licence.split())}",
        f"It was trained on this: {' '.join(data.split())}",
        f"`clothing.onnx`: {' '.join(other_licence.split())}",
        f"The sample shoot: {' '.join(samples.split())}",
        "## Downloaded when asked for",
        "A network whose column *commercial* is not `yes` stays off until you accept its licence by its name "
        "(`modamoda models licences --accept NAME`); the acceptance stands in the report of every result "
        "it took part in.",
        table(("network", "for", "licence", "commercial", "MB"), rows),
        "Libraries that the program is built from are named, with their licences, in the file that a bundle carries.",
    )


# --- the service


def openapi() -> dict[str, typing.Any]:
    """The service's document. It is made in a folder that goes again."""
    from cloud.app import make_app
    from cloud.services import open_services
    from cloud.settings import Settings

    with tempfile.TemporaryDirectory() as folder, open_services(Settings(home=Path(folder))) as services:
        return make_app(services).openapi()


def api(document: dict[str, typing.Any]) -> str:
    """Every call of the service."""
    groups: dict[str, list[tuple[object, ...]]] = {}
    for path, methods in sorted(document["paths"].items()):
        for method, call in methods.items():
            answers = ", ".join(sorted(call["responses"]))
            row = (f"`{method.upper()} {path}`", call.get("summary", ""), answers)
            groups.setdefault((call.get("tags") or ["other"])[0], []).append(row)
    intro = (
        "The calls of the account service as its OpenAPI document names them: "
        "[openapi.json](openapi.json), which also holds "
        "every field, example and error. What it does not say stands in [The account service](../cloud.md)."
    )
    parts = [
        f"## {name}\n\n{table(('call', 'what it does', 'answers'), rows)}" for name, rows in sorted(groups.items())
    ]
    return page("The service's API", intro, *parts)


# --- the picture of the house

ROOMS = (
    (("ui", "the window"), ("cli, commands", "modamoda")),
    (("app", "class Studio"),),
    (("sync", "account"), ("farm", "many machines")),
    (("jobs", "queue, history, worker"), ("doctor", "this computer")),
    (("engine", "photos in, layers out"),),
    (("settings, log, recipes", ""), ("files, private", "")),
    (("model, errors", "plain data"),),
)


def house() -> str:
    """The layers as an SVG; each floor may use those below it."""
    width, floor, gap = 720, 64, 12
    boxes = [
        box(
            x=gap + place * ((width - gap) / len(rooms)),
            y=gap + row * (floor + gap),
            width=(width - gap) / len(rooms) - gap,
            height=floor,
            name=name,
            what=what,
        )
        for row, rooms in enumerate(ROOMS)
        for place, (name, what) in enumerate(rooms)
    ]
    height = gap + len(ROOMS) * (floor + gap)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">'
    return "\n".join([head, f'<rect width="{width}" height="{height}" fill="#ffffff"/>', *boxes, "</svg>"]) + "\n"


def box(*, x: float, y: float, width: float, height: float, name: str, what: str) -> str:
    """One part of the house."""
    middle = x + width / 2
    lines = (
        f'<text x="{middle:.0f}" y="{y + 28:.0f}" font-size="18" font-weight="bold" text-anchor="middle">{name}</text>'
    )
    if what:
        lines += (
            f'<text x="{middle:.0f}" y="{y + 50:.0f}" font-size="14" text-anchor="middle" fill="#444">{what}</text>'
        )
    shape = (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height}" rx="6" fill="#eef1f4" stroke="#5a6772"/>'
    )
    return shape + lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
