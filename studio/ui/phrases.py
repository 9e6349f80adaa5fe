"""What the program's own words (statuses, stages, modes) are called in the window."""

from studio.model import JobStatus
from studio.ui.i18n import tr


def status_name(status: JobStatus | None) -> str:
    """Where a job stands, in a word or two; None = never processed."""
    names = {
        None: tr("Not processed"),
        JobStatus.QUEUED: tr("Waiting"),
        JobStatus.RUNNING: tr("Working"),
        JobStatus.NEEDS_REVIEW: tr("To review"),
        JobStatus.DONE: tr("Done"),
        JobStatus.FAILED: tr("Failed"),
        JobStatus.CANCELLED: tr("Cancelled"),
    }
    return names[status]


def stage_name(stage: str) -> str:
    """What a stage of the pipeline does, in two or three words."""
    names = {
        "": tr("Waiting"),
        "read": tr("Reading the photo"),
        "extract": tr("Finding the garment"),
        "interior": tr("Building the inside"),
        "restore": tr("Restoring the garment"),
        "compose": tr("Composing"),
        "export": tr("Writing the files"),
    }
    return names.get(stage, stage)


def preset_name(name: str) -> str:
    """What a preset is called; the program's own in the language of the window."""
    return {"invisible": tr("Invisible mannequin"), "cutout": tr("Clean cut-out")}.get(name, name)
