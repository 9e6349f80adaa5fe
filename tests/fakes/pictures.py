"""An engine for windows: copies the photo as its result at once. The photo's name says what happens to it.

`doubtful` in the name: to review. `broken`: a PhotoError. `slow`: works until it is cancelled, five seconds at most.
`deadly`: ends the worker, as a library with a fault does.
"""

import io
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from studio.engine.stage import StageContext
from studio.errors import PhotoError
from studio.files import sha256_of, write_atomically
from studio.model import ModelUsed, Recipe, ResultFile, Shot


@dataclass(frozen=True)
class FakeFrame:
    files: tuple[ResultFile, ...]
    confidence: float
    warnings: tuple[str, ...] = ()
    review_reasons: tuple[str, ...] = ()
    models: tuple[ModelUsed, ...] = (ModelUsed(id="fake", version="1", sha256="0" * 64),)

    def needs_review(self, recipe: Recipe) -> bool:
        return self.confidence < recipe.extract.confidence_min


def megapixels(shot: Shot) -> float:
    return 1.0


def check(photo: Path) -> None:
    try:
        Image.open(photo).load()
    except OSError as error:
        raise PhotoError("Damaged photograph", f"{photo} is damaged.", "Copy it again.") from error


def run(shot: Shot, context: StageContext) -> FakeFrame:
    name = shot.front.stem
    if "broken" in name:
        raise PhotoError("Damaged photograph", f"{shot.front} is damaged.", "Copy it from the camera again.")
    if "deadly" in name:
        os.kill(os.getpid(), signal.SIGKILL)
    until = time.monotonic() + (5 if "slow" in name else 0)
    while True:
        context.checkpoint()
        context.progress("extract", 0.5)
        if time.monotonic() >= until:
            break
        time.sleep(0.05)
    confidence = 0.4 if "doubtful" in name else 0.97
    place = context.review_destination if confidence < 0.8 else context.destination
    place.parent.mkdir(parents=True, exist_ok=True)
    picture, report = place.with_name(f"{place.name}.png"), place.with_name(f"{place.name}.report.json")
    planned = tuple(ResultFile(path=path, sha256="") for path in (picture, report))
    context.before_move(planned)
    drawn = io.BytesIO()
    Image.open(shot.front).save(drawn, "PNG")
    write_atomically(picture, drawn.getvalue())
    write_atomically(report, json.dumps(_report(confidence, len(context.edits.strokes))).encode())
    return FakeFrame(
        files=tuple(ResultFile(path=path, sha256=sha256_of(path)) for path in (picture, report)), confidence=confidence
    )


def _report(confidence: float, strokes: int) -> dict[str, object]:
    return {
        "confidence": confidence,
        "needs_review": confidence < 0.8,
        "fidelity": {"core_pixels": 2_113_000, "master_changed_pixels": 0},
        "regions": {"photographed": 988, "joined": 0, "synthesised": 12},
        "transforms": [f"{strokes} strokes"],
        "run": {"seconds": {"extract": 2.0}},
    }
