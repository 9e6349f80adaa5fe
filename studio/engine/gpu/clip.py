"""CLIP: how well pictures go with texts; it names the garment and ranks masks and figures. Radford et al. 2021."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.engine.gpu import libraries
from studio.engine.gpu.runtime import Placement, Runtime

MODEL = "clip-vit-l-14"
_MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
_STD = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)

TYPES = (
    "t-shirt", "polo shirt", "shirt", "blouse", "tank top", "sweatshirt", "hoodie", "sweater", "cardigan", "jacket",
    "coat", "blazer", "vest", "dress", "skirt", "shorts", "trousers", "jeans", "jumpsuit", "swimsuit",
)  # fmt: skip
BOTTOMS = ("skirt", "shorts", "trousers", "jeans")
COLOURS = (
    "white", "black", "grey", "navy", "blue", "light blue", "teal", "green", "olive", "yellow", "orange", "red",
    "burgundy", "pink", "purple", "brown", "beige", "cream",
)  # fmt: skip
PATTERNS = ("plain", "striped", "checked", "floral", "printed", "dotted", "melange")


@dataclass(frozen=True, kw_only=True)
class Clip:
    """The network with what prepares its texts. side: pixels of its square input."""

    network: Any
    tokenizer: Any
    side: int
    device: str
    dtype: object


@dataclass(frozen=True, kw_only=True)
class Name:
    """A garment in words, and how sure CLIP is of its type, 0..1."""

    type: str
    colour: str
    pattern: str
    confidence: float

    @property
    def words(self) -> str:
        """Colour, pattern where it has one, and type: "navy striped polo shirt"."""
        return " ".join(word for word in (self.colour, self.pattern, self.type) if word != "plain")


def load(runtime: Runtime) -> Clip:
    """CLIP, from memory or from its folder. Raises EngineError."""
    folder = runtime.folder(MODEL)

    def read(placement: Placement) -> Clip:
        transformers = libraries.transformers()
        network = transformers.CLIPModel.from_pretrained(folder, local_files_only=True, dtype=placement.dtype)
        return Clip(
            network=network.eval().to(placement.device.name),
            tokenizer=transformers.CLIPTokenizer.from_pretrained(folder, local_files_only=True),
            side=network.config.vision_config.image_size,
            device=placement.device.name,
            dtype=placement.dtype,
        )

    return runtime.use((MODEL,), read)


def similarities(clip: Clip, pictures: Sequence[NDArray[np.uint8]], texts: Sequence[str]) -> NDArray[np.float32]:
    """Cosines (pictures, texts) between pictures (h, w, 3) uint8 sRGB and texts, -1..1."""
    torch = libraries.torch()
    pixels = torch.from_numpy(np.stack([_prepared(picture, clip.side) for picture in pictures]))
    words = clip.tokenizer(list(texts), padding="max_length", truncation=True, max_length=77, return_tensors="pt")
    with torch.inference_mode():
        seen = clip.network.get_image_features(pixel_values=pixels.to(clip.device, clip.dtype)).pooler_output
        read = clip.network.get_text_features(**words.to(clip.device)).pooler_output
    return np.asarray(_unit(seen) @ _unit(read).T, np.float32)


def name_garment(clip: Clip, picture: NDArray[np.uint8]) -> Name:
    """The garment in `picture` (h, w, 3) uint8 sRGB, cut out on a plain ground, in words."""
    chosen: dict[str, tuple[str, float]] = {}
    for kind, words, form in (
        ("type", TYPES, "a product photo of a {}"),
        ("colour", COLOURS, "a product photo of a {} garment"),
        ("pattern", PATTERNS, "a product photo of a garment with {} fabric"),
    ):
        odds = _softmax(100 * similarities(clip, [picture], [form.format(word) for word in words])[0])
        chosen[kind] = words[int(odds.argmax())], float(odds.max())
    return Name(
        type=chosen["type"][0],
        colour=chosen["colour"][0],
        pattern=chosen["pattern"][0],
        confidence=chosen["type"][1],
    )


def _prepared(picture: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    # The whole picture on a square of its own border colour: a centre crop, as CLIP was trained, would cut hems off.
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    square = np.full((side, side, 3), np.median(picture[:, 0], axis=0), np.uint8)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = small
    return np.asarray((square.astype(np.float32) / 255 - _MEAN) / _STD, np.float32).transpose(2, 0, 1)


def _unit(features: Any) -> NDArray[np.float32]:
    values = cast(NDArray[np.float32], features.float().cpu().numpy())
    return values / np.linalg.norm(values, axis=-1, keepdims=True)


def _softmax(values: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum(), np.float32)
