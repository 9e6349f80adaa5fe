"""`python -m cloud.heif SOURCE TARGET MAX_PIXELS`: a HEIC picture as PNG, decoded in a process of its own.

Colours, profile and orientation stay as they are in the file's first picture. Exit 3 = more than MAX_PIXELS,
anything else but 0 = not readable.
"""

import sys

TOO_LARGE = 3


def main(source: str, target: str, max_pixels: str) -> int:
    """Write SOURCE as PNG to TARGET; the exit status."""
    import pi_heif

    pictures = pi_heif.open_heif(source)
    picture = pictures[pictures.primary_index]
    if picture.size[0] * picture.size[1] > int(max_pixels):
        return TOO_LARGE
    profile = picture.info.get("icc_profile")
    picture.to_pillow().save(target, "PNG", icc_profile=profile, compress_level=1)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
