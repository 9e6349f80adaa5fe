#!/usr/bin/env python3
"""Bring the translations up to date: collect every text, keep what is translated, compile.

Run with the project's Python: `.venv/bin/python resources/translations/update.py`. It reads `tr(...)` calls of
`studio/ui` and the sentences that the rest of the program says to people (errors, findings, labels of settings, what
models are for), writes `sentences.json` and `modamoda_LANGUAGE.ts`, and compiles each with pyside6-lrelease.
"""

import ast
import json
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LANGUAGES = {"ar": 6, "en": 2}  # with the number of plural forms that Qt knows of each
CONTEXT = "studio"
SAID_BY = {"Failure", "Notice", "Finding", "Broken", "Lack", "_entry"}
CARRIERS = {"hint", "message", "advice", "state", "reason", "sentence", "what", "title", "reasons", "warning"}


def main() -> int:
    """Write and compile everything; say what is still untranslated."""
    texts, plurals = window_texts()
    said = sentences()
    (HERE / "sentences.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for language in LANGUAGES:
        path = HERE / f"modamoda_{language}.ts"
        # English is what the texts are written in: only its singulars have to be told.
        wanted = plurals if language == "en" else texts | set(said)
        write_ts(path, language, sorted(wanted), plurals)
        tool = Path(sys.executable).with_name("pyside6-lrelease")
        made = path.with_suffix(".new.qm")
        subprocess.run([tool, "-silent", path, "-qm", made], check=True)
        made.replace(path.with_suffix(".qm"))
    return 0


def window_texts() -> tuple[set[str], set[str]]:
    """All texts of the window, and those of them that count something."""
    texts: set[str] = set()
    plurals: set[str] = set()
    for path in sorted((ROOT / "studio" / "ui").rglob("*.py")):
        for call in calls(path, {"tr"}):
            if call.args and isinstance(call.args[0], ast.Constant):
                texts.add(str(call.args[0].value))
                if len(call.args) > 1:
                    plurals.add(str(call.args[0].value))
    return texts, plurals


def sentences() -> list[str]:
    """Templates of what the program below the window says, `{}` where a name or number stands."""
    tree = ast.parse((ROOT / "studio/errors.py").read_text(encoding="utf-8"))
    errors = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    found: set[str] = set()
    for path in sorted((ROOT / "studio").rglob("*.py")):
        if not {"ui", "commands"} & set(path.relative_to(ROOT).parts):
            found |= said_in(path, (errors | SAID_BY) - {"Cancelled"})
    catalog = tomllib.loads((ROOT / "studio/engine/models/catalog.toml").read_text(encoding="utf-8"))
    found |= {entry["purpose"] for entry in catalog.values() if "purpose" in entry}
    return sorted(text for text in found if any(letter.isalpha() for letter in text.replace("{}", "")))


def said_in(path: Path, speakers: set[str]) -> set[str]:
    """The sentences that a module hands to one of `speakers`, or keeps in a variable for one."""
    found: set[str] = set()
    for call in calls(path, speakers | relays(path, speakers)):
        for value in (*call.args, *(word.value for word in call.keywords)):
            found |= set(templates(value))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and re.search("reason|warning|doubt", node.name):
            spoken = [text for part in ast.walk(node) if isinstance(part, ast.expr) for text in templates(part)]
            found |= {text for text in spoken if text.endswith(".") and text != ast.get_docstring(node)}
        if isinstance(node, ast.Assign) and any(CARRIERS & names(target) for target in node.targets):
            found |= set(templates(node.value))
    return {text for text in found if " " in text.strip() or text.istitle()}


def relays(path: Path, speakers: set[str]) -> set[str]:
    """The functions of a module that hand on a title or a message which they are given."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            given = {argument.arg for argument in node.args.args} & {"title", "message", "hint"}
            parts = (part for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name))
            handed = (names(value) for part in parts if part.func.id in speakers for value in part.args)
            if any(given & each for each in handed):
                found.add(node.name)
    return found


def calls(path: Path, functions: set[str]) -> Iterator[ast.Call]:
    """Every call of one of these functions by its bare name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
            yield node


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
    elif isinstance(value, ast.Tuple | ast.List):
        for part in value.elts:
            yield from templates(part)


def names(target: ast.expr) -> set[str]:
    """The variables that an assignment fills."""
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def write_ts(path: Path, language: str, texts: list[str], plurals: set[str]) -> None:
    """Write a .ts file with every text, keeping the translations that are there."""
    kept = read_ts(path)
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for text in texts:
        message = ET.SubElement(context, "message", {"numerus": "yes"} if text in plurals else {})
        ET.SubElement(message, "source").text = text
        forms = kept.get(text, [])
        translation = ET.SubElement(message, "translation", {} if all(forms) and forms else {"type": "unfinished"})
        if text in plurals:
            for form in forms or [""] * LANGUAGES[language]:
                ET.SubElement(translation, "numerusform").text = form
        else:
            translation.text = forms[0] if forms else None
    ET.indent(root)
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    path.write_text(head + ET.tostring(root, encoding="unicode") + "\n", encoding="utf-8")


def read_ts(path: Path) -> dict[str, list[str]]:
    """The translations of a .ts file, by text; one form, or as many as the language has plurals."""
    if not path.exists():
        return {}
    found: dict[str, list[str]] = {}
    for message in ET.parse(path).getroot().iter("message"):
        translation = message.find("translation")
        if translation is None:
            continue
        forms = [form.text or "" for form in translation.findall("numerusform")]
        found[message.findtext("source") or ""] = forms or [translation.text or ""]
    return found


if __name__ == "__main__":
    sys.exit(main())
