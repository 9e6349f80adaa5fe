"""The folder of models on this computer: what is there, verified, accepted; copies to and from a disk."""

import enum
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from studio.engine.models.catalog import ModelEntry, ModelFile
from studio.errors import EngineError
from studio.files import move_into_place, output_errors, sha256_of, temporary_beside, write_atomically
from studio.model import ModelUsed

RECORD = "verified.json"
LICENCES = "licences.json"
PART = ".part"


class State(enum.StrEnum):
    """How much of a model is on this computer."""

    ABSENT = "absent"
    PARTIAL = "partial"
    READY = "ready"


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A file whose hash was computed: it is trusted as long as its size and time of change stay these.

    pinned: the catalog knew no hash, so the first complete download fixed it.
    """

    bytes: int
    mtime_ns: int
    sha256: str
    pinned: bool


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A file that is not what the catalog (or the first download) says."""

    path: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A licence accepted by the model's name, and when."""

    licence: str
    at: str


class ModelStore:
    """The models in one folder, each under its id; may be shared by processes: every file is moved into place whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, entry: ModelEntry) -> Path:
        """The folder of a model, there or not."""
        return self.folder / entry.id

    def file(self, entry: ModelEntry, file: ModelFile) -> Path:
        """The place of one file of a model, there or not."""
        return self.path(entry) / file.path

    def state(self, entry: ModelEntry) -> State:
        """What is there, told from the record and the files' sizes and times; nothing is hashed."""
        ready = [self.is_ready(entry, file) for file in entry.files]
        if all(ready):
            return State.READY
        return State.PARTIAL if any(ready) or any(self.path(entry).rglob(f"*{PART}")) else State.ABSENT

    def is_ready(self, entry: ModelEntry, file: ModelFile) -> bool:
        """Whether the file was verified and has not been touched since."""
        known = self.record(entry).get(file.path)
        if known is None or (file.sha256 is not None and known.sha256 != file.sha256):
            return False
        try:
            seen = self.file(entry, file).stat()
        except OSError:
            return False
        return (seen.st_size, seen.st_mtime_ns) == (known.bytes, known.mtime_ns)

    def record(self, entry: ModelEntry) -> dict[str, Verified]:
        """What was verified of a model, by path; empty where the record belongs to another revision."""
        data = _read_json(self.path(entry) / RECORD)
        if data.get("revision") != entry.revision:
            return {}
        return {path: Verified(**fields) for path, fields in data["files"].items()}

    def expected_sha256(self, entry: ModelEntry, file: ModelFile) -> str | None:
        """The hash the file must have: the catalog's, else the one pinned by the first download, else None."""
        known = self.record(entry).get(file.path)
        return file.sha256 or (known.sha256 if known else None)

    def note_verified(self, entry: ModelEntry, file: ModelFile, sha256: str) -> Verified:
        """Record that the file now in place has this hash; this pins it where the catalog knew none."""
        seen = self.file(entry, file).stat()
        note = Verified(bytes=seen.st_size, mtime_ns=seen.st_mtime_ns, sha256=sha256, pinned=file.sha256 is None)
        files = self.record(entry) | {file.path: note}
        content = {"revision": entry.revision, "files": {path: asdict(one) for path, one in sorted(files.items())}}
        write_atomically(self.path(entry) / RECORD, json.dumps(content, indent=1).encode())
        return note

    def verify(self, entry: ModelEntry, checkpoint: Callable[[], None] = lambda: None) -> tuple[Problem, ...]:
        """Hash every file anew and record those that are right; return what is wrong or missing."""
        problems: list[Problem] = []
        for file in entry.files:
            checkpoint()
            problem = self._verify_file(entry, file)
            if problem:
                problems.append(problem)
        return tuple(problems)

    def _verify_file(self, entry: ModelEntry, file: ModelFile) -> Problem | None:
        path = self.file(entry, file)
        if not path.is_file():
            return Problem(path=file.path, sentence="is missing")
        found, wanted = sha256_of(path), self.expected_sha256(entry, file)
        if wanted is not None and found != wanted:
            return Problem(path=file.path, sentence=f"has the hash {found[:12]}…, expected {wanted[:12]}…")
        self.note_verified(entry, file, found)
        return None

    def accept(self, entry: ModelEntry, name: str, now: datetime | None = None) -> None:
        """Record that the photographer accepted the licence by typing the model's id, `name`. Raises EngineError."""
        if name != entry.id:
            raise EngineError(
                "Licence not accepted",
                f"{name} is not the name of the model {entry.id}.",
                f"Read {entry.licence_url}, accept it under Models, or with: "
                f"modamoda models licences --accept {entry.id}",
            )
        accepted = {key: asdict(one) for key, one in self.accepted().items()}
        accepted[entry.id] = {"licence": entry.licence, "at": (now or datetime.now(UTC)).isoformat(timespec="seconds")}
        write_atomically(self.folder / LICENCES, json.dumps(accepted, indent=1).encode())

    def accepted(self) -> dict[str, Accepted]:
        """The licences accepted so far, by model id."""
        return {model_id: Accepted(**fields) for model_id, fields in _read_json(self.folder / LICENCES).items()}

    def is_accepted(self, entry: ModelEntry) -> bool:
        """Whether the model may be used: its licence allows it, or this very licence was accepted by name."""
        if not entry.needs_acceptance:
            return True
        known = self.accepted().get(entry.id)
        return known is not None and known.licence == entry.licence

    def require(self, entry: ModelEntry) -> Path:
        """The folder of a model that is complete and may be used. Raises EngineError with the command that helps."""
        if not self.is_accepted(entry):
            raise EngineError(
                "Licence not accepted",
                f"{entry.title} is under {entry.licence}; it is off until you accept that by name.",
                f"Read {entry.licence_url}, accept it under Models, or with: "
                f"modamoda models licences --accept {entry.id}",
            )
        if self.state(entry) is not State.READY:
            raise EngineError(
                "Model missing",
                f"{entry.title} ({entry.id}) is not complete in {self.folder}.",
                f"Download it under Models, or with: modamoda models fetch {entry.id}",
            )
        return self.path(entry)

    def used(self, entry: ModelEntry) -> ModelUsed:
        """What a report says of a model: revision, hash of its largest file, and the acceptance if one was needed."""
        record = self.record(entry)
        largest = max(record.values(), key=lambda one: one.bytes)
        accepted = self.accepted().get(entry.id)
        note = f" (licence accepted {accepted.at})" if entry.needs_acceptance and accepted else ""
        return ModelUsed(id=entry.id, version=entry.revision + note, sha256=largest.sha256)

    def remove(self, entry: ModelEntry) -> int:
        """Delete a model's folder and return the bytes given back."""
        folder = self.path(entry)
        freed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
        with output_errors(folder):
            shutil.rmtree(folder, ignore_errors=not folder.exists())
        return freed

    def import_from(
        self, source: Path, entry: ModelEntry, checkpoint: Callable[[], None] = lambda: None
    ) -> tuple[Problem, ...]:
        """Copy a model from a folder laid out as `export_to` makes it, hash while copying; return what was wrong."""
        problems: list[Problem] = []
        for file in entry.files:
            checkpoint()
            if not self.is_ready(entry, file):
                problem = self._import_file(source / entry.id / file.path, entry, file)
                if problem:
                    problems.append(problem)
        return tuple(problems)

    def _import_file(self, source: Path, entry: ModelEntry, file: ModelFile) -> Problem | None:
        if not source.is_file():
            return Problem(path=file.path, sentence=f"is not in {source.parent}")
        final = self.file(entry, file)
        wanted = self.expected_sha256(entry, file)
        temporary = temporary_beside(final)
        with output_errors(final):
            final.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, temporary)
        # Hashed after the copy, from this computer's disk: that is the file that will be loaded.
        found = sha256_of(temporary)
        if wanted is not None and found != wanted:
            temporary.unlink()
            return Problem(path=file.path, sentence=f"has the hash {found[:12]}…, expected {wanted[:12]}…")
        move_into_place(temporary, final)
        self.note_verified(entry, file, found)
        return None

    def export_to(self, target: Path, entry: ModelEntry) -> int:
        """Copy a complete model to a folder (a USB stick) and return the bytes written.

        Raises EngineError where it is not complete or not accepted, and OutputError.
        """
        folder = self.require(entry)
        written = 0
        for file in entry.files:
            final = target / entry.id / file.path
            temporary = temporary_beside(final)
            with output_errors(final):
                final.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / file.path, temporary)
            move_into_place(temporary, final)
            written += final.stat().st_size
        return written


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        # A damaged record costs one verification; it must not stand in the way of a job.
        return {}
    return cast(dict[str, Any], data) if isinstance(data, dict) else {}
