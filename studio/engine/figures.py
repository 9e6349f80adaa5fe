"""The small form that describes a figure, and the words a generator understands of it."""

from studio.errors import RecipeError
from studio.model import FigureStep

PERSONS = {"woman": "woman", "man": "man", "girl": "girl, child", "boy": "boy, child", "person": "androgynous person"}
SKIN_TONES = {
    "light": "fair skin",
    "medium": "medium skin",
    "tan": "tan skin",
    "brown": "brown skin",
    "dark": "dark brown skin",
}
BUILDS = {"slim": "slim", "average": "average build", "athletic": "athletic", "full": "plus-size"}
SETTINGS = {
    "studio": "plain light grey studio backdrop, softbox lighting",
    "white": "pure white studio backdrop, high-key lighting",
    "street": "city street in soft focus, daylight",
    "nature": "park in soft focus, daylight",
    "indoor": "bright modern room in soft focus, window light",
}
NEGATIVE = (
    "mannequin, plastic doll, display stand, hanger, extra arms, extra fingers, deformed hands, second person, text, "
    "watermark, jewellery over clothes, scarf, blurry, lowres"
)


def prompt_of(step: FigureStep, garment: str) -> str:
    """What is asked of the generator for a figure that wears `garment` ("" = a garment). Raises RecipeError."""
    person = _word(PERSONS, "person", step.person)
    skin = _word(SKIN_TONES, "skin_tone", step.skin_tone)
    build = _word(BUILDS, "build", step.build)
    setting = _word(SETTINGS, "setting", step.setting)
    return (
        f"fashion catalogue photograph of one {build} {person} with {skin}, natural face and hands, wearing a "
        f"{garment or 'garment'}, {setting}, sharp focus, realistic skin texture"
    )


def check(step: FigureStep) -> None:
    """Raise RecipeError for values that the form does not have."""
    prompt_of(step, "")


def _word(words: dict[str, str], field: str, value: str) -> str:
    try:
        return words[value]
    except KeyError:
        message = f"The recipe cannot be used: figure.{field} must be one of {', '.join(words)}, not {value}."
        raise RecipeError("Recipe not understood", message, "Compare it with `modamoda recipe show human`.") from None
