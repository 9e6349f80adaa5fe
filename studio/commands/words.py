"""Words for a terminal."""


def error_text(title: str, message: str, hint: str) -> str:
    """An error in plain words: what happened, to which file, what to do."""
    return plain(f"{title}: {message}" + (f" {hint}" if hint else ""))


def plain(text: str) -> str:
    """`text` without characters that steer a terminal or turn the reading direction; they are shown as escapes."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)
