"""A report in plain words: what happened to the garment's pixels, what was joined, what was made up."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.ui.i18n import duration, number, percent, tr
from studio.ui.sentences import said

DRAWN = ("synthesised", "generated")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing said. tone: "good", "doubt", or "" for what is neither."""

    text: str
    tone: str = ""


def read_report(files: tuple[Path, ...]) -> dict[str, Any] | None:
    """The report among a result's files; None when it is missing or damaged."""
    path = next((path for path in files if path.name.endswith(".report.json")), None)
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path else None
    except (OSError, ValueError):
        return None


def in_words(report: Mapping[str, Any]) -> list[Line]:
    """What the report says, the most important first."""
    lines = [_garment(report.get("fidelity") or {}), *_inside(report.get("regions") or {}, report.get("areas") or {})]
    confidence = report.get("confidence")
    if confidence is not None:
        doubtful = bool(report.get("needs_review"))
        lines.append(
            Line(text=tr("Confidence {percent}", percent=percent(confidence)), tone="doubt" if doubtful else "")
        )
    lines += [Line(text=said(str(warning)), tone="doubt") for warning in report.get("warnings") or ()]
    run: dict[str, dict[str, float]] = report.get("run") or {}
    seconds = sum(run.get("seconds", {}).values())
    if seconds:
        lines.append(Line(text=tr("Finished in {time}", time=duration(seconds))))
    return lines


def _garment(fidelity: Mapping[str, Any]) -> Line:
    total, changed = fidelity.get("core_pixels"), fidelity.get("master_changed_pixels")
    if total is None or changed is None:
        return Line(text=tr("The garment's pixels were not measured"), tone="doubt")
    text = tr("{changed} of {total} garment pixels changed", changed=number(changed), total=number(total))
    return Line(text=text, tone="good" if changed == 0 else "doubt")


def _inside(regions: Mapping[str, int], areas: Mapping[str, int]) -> list[Line]:
    whole = max(sum(int(area) for area in regions.values()), 1)
    lines: list[Line] = []
    if regions.get("joined"):
        share = percent(regions["joined"] / whole, 1)
        lines.append(Line(text=tr("Inside joined from the inside photo ({percent})", percent=share), tone="good"))
    made = sum(int(regions.get(kind, 0)) for kind in DRAWN)
    if made:
        lines.append(Line(text=tr("{percent} of the picture was made up", percent=percent(made / whole, 1))))
    elif not regions.get("joined"):
        lines.append(Line(text=tr("Nothing was made up"), tone="good"))
    return lines
