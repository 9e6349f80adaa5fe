"""What the program's own words (statuses, stages, modes) are called in the window."""

from collections.abc import Mapping

from studio.model import JobStatus, RuleKind
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
        "correct": tr("Applying corrections"),
        "interior": tr("Building the inside"),
        "pose": tr("Fitting the pose"),
        "figure": tr("Drawing the figure"),
        "enhance": tr("Refining the figure"),
        "restore": tr("Restoring the garment"),
        "compose": tr("Composing"),
        "enlarge": tr("Enlarging"),
        "farm": tr("On the farm"),
        "cloud": tr("At the account's service"),
        "export": tr("Writing the files"),
    }
    return names.get(stage, stage)


def place_name(ran_on: str) -> str:
    """Where a result was made; "" for this computer."""
    names = {"cloud": tr("Rendered by the account's service"), "farm": tr("Rendered on the farm")}
    return names.get(ran_on, "")


def preset_name(name: str) -> str:
    """What a preset is called; the program's own in the language of the window."""
    names = {
        "invisible": tr("Invisible mannequin"),
        "cutout": tr("Clean cut-out"),
        "invisible-generated": tr("Invisible mannequin, inside generated"),
        "human": tr("Human model"),
    }
    return names.get(name, name)


def channel_name(name: str, title: str) -> str:
    """What a sales channel is called. title: that of its template; a brand has the same name in every language."""
    return {"portrait": tr("Portrait"), "square": tr("Square")}.get(name, title)


def rule_name(kind: RuleKind) -> str:
    """What a rule of a sales channel looks at."""
    return {
        RuleKind.FORMAT: tr("file type"),
        RuleKind.WIDTH: tr("width"),
        RuleKind.HEIGHT: tr("height"),
        RuleKind.LONG_SIDE: tr("longer side"),
        RuleKind.PIXELS: tr("number of pixels"),
        RuleKind.RATIO: tr("proportions"),
        RuleKind.BYTES: tr("size of the file"),
        RuleKind.RESOLUTION: tr("resolution"),
        RuleKind.NAME: tr("name of the file"),
        RuleKind.PROFILE: tr("colour profile"),
        RuleKind.BACKGROUND: tr("background"),
        RuleKind.FILL: tr("share of the frame"),
        RuleKind.EDGE: tr("cut by the frame"),
        RuleKind.RESIDUE: tr("remains of the mannequin"),
        RuleKind.ALPHA: tr("transparency"),
        RuleKind.SHADOW: tr("shadow"),
        RuleKind.METADATA: tr("metadata"),
        RuleKind.MODEL: tr("worn by a person"),
        RuleKind.GHOST: tr("invisible mannequin"),
    }[kind]


def model_name(model: str, titles: Mapping[str, str]) -> str:
    """What a network is called. titles: those of the catalog, by id."""
    return tr("Garment network of this program") if model == "garment" else titles.get(model, model)


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


def joint_name(joint: int) -> str:
    """What a joint of a pose is called, by its place in `Pose.points`; left and right are the body's own."""
    return (
        tr("Nose"), tr("Neck"),
        tr("Right shoulder"), tr("Right elbow"), tr("Right wrist"),
        tr("Left shoulder"), tr("Left elbow"), tr("Left wrist"),
        tr("Right hip"), tr("Right knee"), tr("Right ankle"),
        tr("Left hip"), tr("Left knee"), tr("Left ankle"),
        tr("Right eye"), tr("Left eye"), tr("Right ear"), tr("Left ear"),
    )[joint]  # fmt: skip


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
