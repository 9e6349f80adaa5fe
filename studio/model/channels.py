"""Sales channels: how their files are made, what they demand, and what was measured against it."""

import enum
from dataclasses import dataclass, field
from typing import Any, Self

from studio.model.reading import build
from studio.model.steps import ComposeStep, OutputStep


class RuleKind(enum.StrEnum):
    """What a rule of a sales channel looks at in a finished file."""

    FORMAT = "format"
    WIDTH = "width"
    HEIGHT = "height"
    LONG_SIDE = "long_side"
    PIXELS = "pixels"
    RATIO = "ratio"
    BYTES = "bytes"
    RESOLUTION = "resolution"
    NAME = "name"
    PROFILE = "profile"
    BACKGROUND = "background"
    FILL = "fill"
    EDGE = "edge"
    RESIDUE = "residue"
    ALPHA = "alpha"
    SHADOW = "shadow"
    METADATA = "metadata"
    MODEL = "model"
    GHOST = "ghost"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One demand of a sales channel on a finished file.

    low, high: the limits of a number, None = the channel gives none. words: what is allowed where it is no number.
    source: where the channel says so. second_hand: the source is not the channel itself.
    """

    kind: RuleKind
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()
    source: str = ""
    second_hand: bool = False


@dataclass(frozen=True, kw_only=True)
class Template:
    """A sales channel: how its file is made, what it is called, and the rules that the finished file must keep.

    next_name: the name when the first one is taken; {copy} counts from 1. name_characters: the characters of a
    regular expression's class that the channel takes in a name, "" = every one. views: the channel's codes for views,
    each as "front=MAIN". quality_min: never is a file squeezed below it to keep a limit of bytes.
    """

    name: str
    title: str
    compose: ComposeStep = field(default_factory=ComposeStep)
    output: OutputStep = field(default_factory=OutputStep)
    next_name: str = "{name}-{copy}"
    name_characters: str = ""
    views: tuple[str, ...] = ()
    quality_min: int = 70
    rules: tuple[Rule, ...] = ()

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """A template from what a TOML or JSON file holds. Raises RecipeError."""
        return build(cls, data, "")

    def rule(self, kind: RuleKind) -> Rule | None:
        """The channel's rule of a kind, None = it has none."""
        return next((rule for rule in self.rules if rule.kind is kind), None)


class Verdict(enum.StrEnum):
    """What pre-flight says of a rule: kept, broken, doubtful (a person must know), or not to be measured here."""

    KEPT = "kept"
    BROKEN = "broken"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class RuleCheck:
    """One rule against one finished file. measured: what was found, in words; remedy: what to do, "" = nothing."""

    rule: RuleKind
    verdict: Verdict
    measured: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class ChannelFile:
    """The file made for a sales channel and what pre-flight measured on it. file: its name without folders."""

    template: str
    file: str
    transforms: tuple[str, ...]
    checks: tuple[RuleCheck, ...]

    @property
    def broken(self) -> tuple[RuleCheck, ...]:
        """The checks whose rule the file breaks."""
        return tuple(check for check in self.checks if check.verdict is Verdict.BROKEN)
