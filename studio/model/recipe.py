"""The recipe: everything that matters to a result."""

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Self

from studio.model.channels import Template
from studio.model.reading import bad_recipe, build, fields_once
from studio.model.steps import (
    ComposeStep,
    Engine,
    EnhanceMethod,
    EnhanceStep,
    ExtractStep,
    FigureStep,
    Format,
    InteriorStep,
    LevelStep,
    Mode,
    OutputStep,
)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What to make of a shot; everything that matters to the result and nothing else.

    channels: the templates that output.templates and compose.template name, in full; filled in when work is ordered, so
    that a job knows all it needs and a changed template makes other work. level: filled in for each photo where a shoot
    is levelled, None = it is not.
    """

    name: str = "invisible"
    version: int = 1
    mode: Mode = Mode.INVISIBLE
    engine: Engine = Engine.AUTO
    extract: ExtractStep = field(default_factory=ExtractStep)
    interior: InteriorStep = field(default_factory=InteriorStep)
    figure: FigureStep | None = None
    enhance: EnhanceStep = field(default_factory=EnhanceStep)
    compose: ComposeStep = field(default_factory=ComposeStep)
    output: OutputStep = field(default_factory=OutputStep)
    channels: tuple[Template, ...] = ()
    level: LevelStep | None = None

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a recipe; unknown fields and wrong types are errors. Raises RecipeError."""
        try:
            data = json.loads(text, object_pairs_hook=fields_once)
        except (ValueError, RecursionError) as error:
            raise bad_recipe(f"it is not JSON ({error})") from error
        recipe = build(cls, data, "")
        recipe.check()
        return recipe

    def to_json(self) -> str:
        """The recipe as indented JSON, every field written out."""
        return json.dumps(dataclasses.asdict(self), indent=1)

    @property
    def fingerprint(self) -> str:
        """Hexadecimal sha256 of everything but the name: two recipes with one fingerprint make the same picture."""
        data = dataclasses.asdict(self)
        del data["name"]
        if self.level is None:
            del data["level"]  # work done before there was levelling is still that work
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()

    def check(self) -> None:
        """Raise RecipeError for values that no stage can honour."""
        for broken, sentence in (
            (self.version != 1, f"version {self.version} is not known here (this program reads version 1)"),
            (not 0 <= self.extract.confidence_min <= 1, "extract.confidence_min must lie between 0 and 1"),
            (not 1 <= self.enhance.scale <= 4, "enhance.scale must lie between 1 and 4"),
            (
                self.enhance.scale > 1 and self.enhance.method is EnhanceMethod.NONE,
                "enhance.scale above 1 needs enhance.method: lanczos or real-esrgan",
            ),
            (
                self.enhance.scale > 1 and (self.output.format is Format.PSD or self.output.layered),
                "enhance.scale above 1 does not go with layers: choose another format",
            ),
            (
                self.enhance.scale > 1 and self.compose.template is not None,
                "enhance.scale above 1 does not go with compose.template, which says how large the picture is",
            ),
            (not 1 <= self.output.quality <= 100, "output.quality must lie between 1 and 100"),
            (
                not _is_background(self.compose.background),
                "compose.background must be #rrggbb, transparent or a picture's path",
            ),
            (
                self.compose.fill is not None and not 0.05 <= self.compose.fill <= 1,
                "compose.fill must lie between 0.05 and 1",
            ),
            (
                self.compose.size is not None and not all(16 <= side <= 30_000 for side in self.compose.size),
                "compose.size must be two numbers between 16 and 30000",
            ),
            (
                self.compose.background == "transparent" and self.output.format is Format.JPG,
                "a JPEG has no transparency: choose another format or another background",
            ),
            (self.mode is Mode.HUMAN and self.figure is None, "mode human needs a figure"),
            (
                self.figure is not None and not 1 <= self.figure.candidates <= 8,
                "figure.candidates must lie between 1 and 8",
            ),
        ):
            if broken:
                raise bad_recipe(sentence)


def _is_background(text: str) -> bool:
    return (
        text == "transparent"
        or (not text.startswith("#") and bool(text))
        or bool(re.fullmatch(r"#[0-9a-fA-F]{6}", text))
    )
