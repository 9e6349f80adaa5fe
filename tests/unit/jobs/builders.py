"""Small builders of jobs for the tests of this folder."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from studio.model import Fidelity, Job, Mode, Recipe, Report, ResultFile, Shot


def make_job(front: Path | str = "/shoot/a.jpg", **changes: Any) -> Job:
    """A queued job; whatever the test does not name is plausible."""
    out = Path(changes.pop("out", "/out"))
    stem = Path(front).stem
    fields: dict[str, Any] = {
        "id": secrets.token_hex(6),
        "shot": Shot(front=Path(front)),
        "source_hash": "0" * 64,
        "inside_hash": None,
        "recipe": Recipe(),
        "seed": 1,
        "destination": out / stem,
        "review_destination": out / "_review" / stem,
        "intake_key": secrets.token_hex(32),
        "created_at": datetime.now(UTC),
    }
    return Job(**(fields | changes))


def result_file(path: Path | str, sha256: str = "1" * 64) -> ResultFile:
    """A recorded file."""
    return ResultFile(path=Path(path), sha256=sha256)


def make_report(**changes: Any) -> Report:
    """A report of a result on which nothing was measured."""
    fidelity = Fidelity(
        core_pixels=0, joint_band_px=2, master_changed_pixels=0, master_max_difference=0, master_mean_difference=0
    )
    plain = Report(
        photo="a.jpg",
        mode=Mode.INVISIBLE,
        confidence=1,
        needs_review=False,
        fidelity=fidelity,
        areas={},
        regions={},
        transforms=(),
        warnings=(),
        models=(),
        recipe=Recipe(),
        seed=0,
        run={},
    )
    return replace(plain, **changes)
