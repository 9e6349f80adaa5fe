"""Names that say what a photo is: patterns such as `{stem}_inside.*`, turned round so that each name is read once."""

import fnmatch
import re

_STEM = "{stem}"


class NamePattern:
    """A pattern of the names of photos that belong to another one, whose name without suffix it calls `{stem}`."""

    def __init__(self, pattern: str) -> None:
        before, stem, after = pattern.partition(_STEM)
        self._has_stem = bool(stem)
        parts = (_expression(before), "(?P<stem>.+)" if stem else "", _expression(after))
        self._match = re.compile("".join(parts), re.IGNORECASE | re.DOTALL).fullmatch

    def stem_of(self, name: str) -> str | None:
        """The stem of the photo that the photo `name` belongs to, case-folded; None when it belongs to none."""
        found = self._match(name)
        return found["stem"].casefold() if found and self._has_stem else None


def _expression(glob: str) -> str:
    """A shell pattern as a regular expression without its frame."""
    return fnmatch.translate(glob).removeprefix("(?s:").removesuffix(r")\Z")
