"""What a pixel can be, in the order of the network's output."""

CLASSES = ("background", "mannequin", "garment", "inner")
BACKGROUND, MANNEQUIN, GARMENT, INNER = range(4)
