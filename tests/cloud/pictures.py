"""Small pictures for tests."""

import io

from PIL import Image, ImageDraw


def encoded(kind: str = "PNG", *, size: tuple[int, int] = (64, 48), seed: int = 0, **options: object) -> bytes:
    """A small picture that no other seed makes."""
    picture = Image.new("RGB", size, (200, 30 + seed % 200, 40))
    ImageDraw.Draw(picture).rectangle((4, 4, 4 + seed % 30, 30), fill=(seed % 255, 90, 200))
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()
