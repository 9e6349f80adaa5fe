"""A scriptable engine: a "photo" is a small JSON file that says what happens to it.

Fields of the script, all optional: steps and step_s (how long it works, yielding between steps), deaf_s (how long it
works without yielding), review, warnings, error (title of a PhotoError), bug, abort (end as a library with a fault
does), die (kill the process), die_times (so often only, counted in the file beside the photo), die_in_move, fill_bytes
(size of the result), text (whatever makes it unique).
"""

import hashlib
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.engine.stage import StageContext
from studio.errors import PhotoError
from studio.files import move_into_place, output_errors, temporary_beside
from studio.model import ModelUsed, Recipe, ResultFile, Shot


@dataclass(frozen=True)
class FakeFrame:
    files: tuple[ResultFile, ...]
    review: bool
    confidence: float = 0.9
    warnings: tuple[str, ...] = ()
    review_reasons: tuple[str, ...] = ()
    models: tuple[ModelUsed, ...] = ()

    def needs_review(self, recipe: Recipe) -> bool:
        return self.review


def megapixels(shot: Shot) -> float:
    return float(_script(shot.front).get("megapixels", 1.0))


def check(photo: Path) -> None:
    if _script(photo).get("unreadable"):
        raise PhotoError("Damaged photograph", f"{photo} is damaged.", "Copy it again.")


def run(shot: Shot, context: StageContext) -> FakeFrame:
    script = _script(shot.front)
    if script.get("unreadable"):
        raise PhotoError("Not a photograph", f"{shot.front} is no photograph.", "Export it again.")
    _work(script, shot, context)
    place = context.review_destination if script.get("review") else context.destination
    files = _write(place, script, shot, context)
    return FakeFrame(files=files, review=bool(script.get("review")), warnings=tuple(script.get("warnings", ())))


def _script(photo: Path) -> dict[str, Any]:
    try:
        return json.loads(photo.read_text()) if photo.is_file() else {"unreadable": True}
    except (OSError, ValueError):
        return {"unreadable": True}


def _work(script: dict[str, Any], shot: Shot, context: StageContext) -> None:
    if script.get("abort"):
        os.abort()
    if "error" in script:
        raise PhotoError(script["error"], f"{shot.front} is not good.", "Take another.")
    if script.get("bug"):
        raise ZeroDivisionError("a bug in the engine")
    if _is_to_die(script, shot.front):
        os.kill(os.getpid(), signal.SIGKILL)
    until = time.monotonic() + script.get("deaf_s", 0)
    while time.monotonic() < until:
        time.sleep(0.02)
    for step in range(script.get("steps", 1)):
        context.checkpoint()
        context.progress("fake", step / script.get("steps", 1))
        time.sleep(script.get("step_s", 0))


def _is_to_die(script: dict[str, Any], photo: Path) -> bool:
    if "die_times" not in script:
        return bool(script.get("die"))
    counter = photo.with_suffix(".deaths")
    deaths = int(counter.read_text()) if counter.exists() else 0
    counter.write_text(str(deaths + 1))
    return deaths < script["die_times"]


def _write(place: Path, script: dict[str, Any], shot: Shot, context: StageContext) -> tuple[ResultFile, ...]:
    picture = os.fsencode(f"{context.recipe.output.format} of {shot.front.name} {shot.inside and shot.inside.name}")
    picture += b"." * int(script.get("fill_bytes", 0))
    run = {"at": time.time()} | ({"compiled": os.fspath(context.compiled)} if context.compiled else {})
    report = json.dumps({"photo": str(shot.front), "needs_review": bool(script.get("review")), "run": run})
    contents = {
        place.with_name(f"{place.name}.{context.recipe.output.format}"): picture,
        place.with_name(f"{place.name}.report.json"): report.encode(),
    }
    if context.recipe.output.layers:
        contents[place.with_name(f"{place.name}.layers") / "garment.png"] = b"garment"
    temporaries: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            with output_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                temporaries[path] = temporary_beside(path)
                temporaries[path].write_bytes(content)
        files = tuple(ResultFile(path=path, sha256=hashlib.sha256(data).hexdigest()) for path, data in contents.items())
        time.sleep(script.get("write_s", 0))
        context.checkpoint()
        context.before_move(files)
        for number, (path, temporary) in enumerate(temporaries.items()):
            if number and "die_in_move" in script and _is_to_die({"die_times": script["die_in_move"]}, shot.front):
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(script.get("move_s", 0))
            move_into_place(temporary, path)
    finally:
        for temporary in temporaries.values():
            temporary.unlink(missing_ok=True)
    return files
