"""The report of a result: what was measured, and what may differ from run to run kept apart."""

import platform
from datetime import UTC, datetime
from importlib import metadata

import cv2
import numpy as np

from studio.engine import provenance
from studio.engine.stage import Frame, Mask
from studio.model import ChannelFile, Fidelity, Recipe, Report

_LIBRARIES = ("numpy", "onnxruntime", "opencv-python-headless", "pi-heif", "pyvips", "rawpy")
_EMPTY = Fidelity(
    core_pixels=0, joint_band_px=0, master_changed_pixels=0, master_max_difference=0.0, master_mean_difference=0.0
)


def report_of(
    frame: Frame, recipe: Recipe, seed: int, channels: tuple[ChannelFile, ...] = (), signed: str = ""
) -> Report:
    """The report of a frame that went through all stages; photo paths are named without their folders.

    signed: what became of the signed manifest, in words.
    """
    account = provenance.account(provenance.source_type(frame), regions_of(frame))
    return Report(
        photo=frame.shot.front.name,
        sku=frame.shot.sku,
        view=frame.shot.view,
        mode=recipe.mode,
        confidence=round(frame.confidence, 4),
        needs_review=frame.needs_review(recipe),
        fidelity=frame.fidelity or _EMPTY,
        areas={
            "garment": _covered(frame.garment),
            "mannequin": _covered(frame.mannequin),
            "inner": _covered(frame.inner),
        },
        regions=regions_of(frame),
        transforms=(*frame.photo.conversions, *frame.transforms),
        warnings=(*frame.review_reasons, *frame.warnings),
        models=frame.models,
        recipe=recipe,
        seed=seed,
        run=_run(frame),
        provenance=account | {"content_credentials": signed},
        channels=channels,
    )


def _covered(mask: Mask | None) -> int:
    """Pixels at least half covered."""
    return 0 if mask is None else int(cv2.countNonZero(cv2.compare(mask, np.full((1, 1), 127, np.uint8), cv2.CMP_GT)))


def regions_of(frame: Frame) -> dict[str, int]:
    """Pixels of the photograph's frame by how they came about."""
    inner = _covered(frame.inner)
    if frame.figure is not None:
        return _regions_of_figure(frame)
    return {
        "photographed": _covered(frame.garment),
        "joined": inner if frame.interior_source == "joined" else 0,
        "synthesised": inner if frame.interior_source == "synthesised" else 0,
        "generated": inner if frame.interior_source == "generated" else 0,
    }


def _regions_of_figure(frame: Frame) -> dict[str, int]:
    """A figure fills the frame: what is not the garment was generated."""
    garment, (height, width) = _covered(frame.garment), frame.photo.pixels.shape[:2]
    return {"photographed": garment, "joined": 0, "synthesised": 0, "generated": height * width - garment}


def _run(frame: Frame) -> dict[str, object]:
    compiled: dict[str, object] = {"compiled": frame.compiled} if frame.compiled else {}
    return compiled | {
        "seconds": frame.seconds,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": metadata.version("modamoda-studio"),
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in _LIBRARIES},
    }
