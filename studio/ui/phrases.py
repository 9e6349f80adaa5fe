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


def pose_name(name: str) -> str:
    """What a pose is called; the program's own in the language of the window."""
    names = {
        "arm-raised": tr("Arm raised"),
        "arms-away": tr("Arms away"),
        "contrapposto": tr("Weight on one leg"),
        "from-behind": tr("From behind"),
        "hand-in-pocket": tr("Hand in pocket"),
        "hand-on-hip-left": tr("Left hand on hip"),
        "hand-on-hip-right": tr("Right hand on hip"),
        "hands-behind-back": tr("Hands behind back"),
        "hands-in-pockets": tr("Hands in pockets"),
        "hands-on-hips": tr("Hands on hips"),
        "legs-crossed": tr("Legs crossed"),
        "standing": tr("Standing"),
        "step-forward": tr("Step forward"),
        "turned-left": tr("Turned left"),
        "turned-right": tr("Turned right"),
        "walking": tr("Walking"),
    }
    return names.get(name, name)


def persons() -> tuple[tuple[str, str], ...]:
    """Who a figure can be, with the word for it."""
    return (
        ("woman", tr("Woman")),
        ("man", tr("Man")),
        ("girl", tr("Girl")),
        ("boy", tr("Boy")),
        ("person", tr("Any person")),
    )


def skin_tones() -> tuple[tuple[str, str], ...]:
    """The skin tones of a figure, with their words."""
    return (
        ("light", tr("Light")),
        ("medium", tr("Medium")),
        ("tan", tr("Tan")),
        ("brown", tr("Brown")),
        ("dark", tr("Deep")),
    )


def builds() -> tuple[tuple[str, str], ...]:
    """The builds of a figure, with their words."""
    return (("slim", tr("Slim")), ("average", tr("Average")), ("athletic", tr("Athletic")), ("full", tr("Full")))


def settings() -> tuple[tuple[str, str], ...]:
    """Where a figure stands, with the words for it."""
    return (
        ("studio", tr("Studio")),
        ("white", tr("White studio")),
        ("street", tr("Street")),
        ("nature", tr("Nature")),
        ("indoor", tr("Indoors")),
    )
