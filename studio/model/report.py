"""What was measured on a result."""

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

from studio.model.channels import ChannelFile
from studio.model.job import ResultFile
from studio.model.recipe import Recipe
from studio.model.steps import Mode


@dataclass(frozen=True, kw_only=True)
class Fidelity:
    """What happened to the garment's pixels, measured.

    Colour difference is CIE76 in Lab, over the garment core: its pixels away from the joint band.
    master_*: the master against the photograph; deliverable_*: the decoded deliverable against the master in the
    deliverable's profile and geometry, None = not comparable pixel by pixel (it was scaled).
    """

    core_pixels: int
    joint_band_px: int
    master_changed_pixels: int
    master_max_difference: float
    master_mean_difference: float
    deliverable_changed_pixels: int | None = None
    deliverable_max_difference: float | None = None
    deliverable_mean_difference: float | None = None


@dataclass(frozen=True, kw_only=True)
class ModelUsed:
    """A neural network that took part, by id, version and hexadecimal sha256 of its file."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was measured on one result.

    sku, view: as the shoot told them, by a card for one; sku "" = the name of the photo says it, if anything. areas:
    pixels covered by garment, mannequin and inner. regions: pixels photographed, joined (from the inside photo),
    synthesised and generated. provenance: how the picture says that it came about. channels: the file of each sales
    channel with the verdict of its pre-flight. transforms: every recorded step from the photograph to the deliverable,
    in order. run: what may differ between two identical runs (seconds per stage, times, versions).
    """

    photo: str
    mode: Mode
    sku: str = ""
    view: str = "front"
    confidence: float
    needs_review: bool
    fidelity: Fidelity
    areas: dict[str, int]
    regions: dict[str, int]
    transforms: tuple[str, ...]
    warnings: tuple[str, ...]
    models: tuple[ModelUsed, ...]
    recipe: Recipe
    seed: int
    run: dict[str, Any]
    provenance: dict[str, Any] = field(default_factory=dict[str, Any])
    channels: tuple[ChannelFile, ...] = ()

    def to_json(self) -> str:
        """The report as indented JSON. Bytes of file names that are no text stand there as JSON's own escapes."""
        text = json.dumps(dataclasses.asdict(self), indent=1, ensure_ascii=False)
        return text.encode(errors="backslashreplace").decode()


@dataclass(frozen=True, kw_only=True)
class Result:
    """Finished files of one job and their report."""

    job_id: str
    files: tuple[ResultFile, ...]
    report: Report
