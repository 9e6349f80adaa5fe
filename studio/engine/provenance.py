"""How a picture came about, region by region, in IPTC's words: what was really done, never more and never less."""

from studio.engine.stage import Frame

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_OF_INTERIOR = {
    "joined": "compositeCapture",
    "synthesised": "compositeSynthetic",
    "generated": "compositeWithTrainedAlgorithmicMedia",
}
_ENHANCED = "algorithmicallyEnhanced"
_MEANING = {
    "photographed": "digitalCapture",
    "joined": "digitalCapture",
    "synthesised": "algorithmicMedia",
    "generated": "trainedAlgorithmicMedia",
}


def source_type(frame: Frame) -> str:
    """The DigitalSourceType of a finished picture; "" = a plain cut-out of a photograph, to which nothing was added."""
    composed = _of_composition(frame)
    if frame.enlarged_by:
        return _OF_INTERIOR["generated"] if composed else _ENHANCED
    return composed


def _of_composition(frame: Frame) -> str:
    if frame.figure is not None:
        return _OF_INTERIOR["generated"]
    if frame.inner is None or not frame.inner.any():
        return ""
    return _OF_INTERIOR.get(frame.interior_source, "")


def account(kind: str, regions: dict[str, int]) -> dict[str, object]:
    """What the report and the signed manifest say. regions: pixels of the photograph by how they came about."""
    return {
        "digital_source_type": SOURCE_TYPES + kind if kind else None,
        "regions": [
            {"region": name, "pixels": pixels, "digital_source_type": SOURCE_TYPES + _MEANING[name]}
            for name, pixels in regions.items()
            if pixels
        ],
    }
