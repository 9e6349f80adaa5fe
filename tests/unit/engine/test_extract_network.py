"""The garment network as shipped, on the sample shoot and, where it is at hand, on rendered scenes with exact masks."""

import functools
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from studio.engine.raster import Raster
from studio.engine.stage import Frame
from studio.engine.stages.extract import Extract
from studio.engine.starter import network, weights
from studio.engine.starter.network import GARMENT, Network, Sight
from studio.errors import EngineError
from tests.unit.engine.shot_on_mannequin import context, frame_of, overlap

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "resources" / "samples"
BENCH = Path(os.environ.get("MODAMODA_GHOSTBENCH", ROOT.parent / "shared" / "ghostbench")) / "eval"


@functools.cache
def picture_of(path: Path) -> NDArray[np.uint8]:
    return np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])


@functools.cache
def seen(name: str) -> Sight:
    """What the network sees in a sample."""
    return Network().look(picture_of(SAMPLES / name))


def extract(path: Path) -> Frame:
    return Extract().run(frame_of(Raster(pixels=picture_of(path))), context())


def test_probabilities_add_up_and_keep_the_pictures_shape() -> None:
    picture, sight = picture_of(SAMPLES / "tee-checked.jpg"), seen("tee-checked.jpg")
    height, width = sight.classes.shape[1:]
    assert np.allclose(sight.classes.sum(axis=0), 1, atol=1e-3)
    assert width / height == pytest.approx(picture.shape[1] / picture.shape[0], abs=0.01)


@pytest.mark.slow
def test_a_mirrored_picture_is_seen_mirrored() -> None:
    picture = picture_of(SAMPLES / "sweatshirt-print.jpg")
    plain = seen("sweatshirt-print.jpg").classes[GARMENT]
    mirrored = Network().look(np.ascontiguousarray(picture[:, ::-1])).classes[GARMENT]
    assert np.abs(plain - mirrored[:, ::-1]).mean() < 0.01


def test_a_small_garment_is_looked_at_from_nearer() -> None:
    picture = picture_of(SAMPLES / "tee-checked.jpg")
    height, width = picture.shape[:2]
    wide = np.full((3 * height, 3 * width, 3), np.median(picture[:20], axis=(0, 1)), np.uint8)
    wide[height : 2 * height, width : 2 * width] = picture
    assert Network().look(wide).classes.shape[1] > 1.3 * seen("tee-checked.jpg").classes.shape[1]


@pytest.mark.slow
def test_two_threads_share_the_network_and_see_what_one_sees() -> None:
    names = ("tee-checked.jpg", "sweatshirt-print.jpg")
    pictures, alone = [picture_of(SAMPLES / name) for name in names], [seen(name).classes for name in names]
    with ThreadPoolExecutor(2) as threads:
        together = [sight.classes for sight in threads.map(Network().look, pictures)]
    assert all(np.allclose(one, other, atol=1e-4) for one, other in zip(alone, together, strict=True))


def test_garments_are_clothing_and_a_page_of_the_program_is_none() -> None:
    shares = {path.stem: Network().clothing(picture_of(path)) for path in sorted(SAMPLES.glob("*.jpg"))}
    assert min(shares.values()) > 0.05, shares
    assert Network().clothing(picture_of(ROOT / "docs" / "screenshots" / "en-light-10-system.png")) < 0.022


def test_a_network_that_was_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "garment.onnx").write_bytes(b"something else")
    (tmp_path / "garment.json").write_text(json.dumps({"id": "garment", "version": "1", "sha256": "0" * 64}))
    monkeypatch.setattr(weights, "MODELS_FOLDER", tmp_path)
    monkeypatch.setattr(network, "_model", network._model.__wrapped__)
    monkeypatch.setattr(weights, "_load", weights._load.__wrapped__)
    monkeypatch.setattr(weights, "card", weights.card.__wrapped__)
    with pytest.raises(EngineError, match="incomplete"):
        Network().look(np.zeros((64, 64, 3), np.uint8))


@pytest.mark.slow
def test_every_sample_shows_a_garment_on_a_mannequin() -> None:
    for path in sorted(SAMPLES.glob("*.jpg")):
        if path.stem.endswith("_inside"):
            continue
        result = extract(path)
        assert result.has_mannequin, path.name
        assert result.garment is not None
        assert 0.05 < (result.garment > 127).mean() < 0.8, path.name
        assert result.models[0].id == "garment"


@pytest.mark.skipif(not BENCH.exists(), reason="the rendered scenes of GhostBench are not here (MODAMODA_GHOSTBENCH)")
@pytest.mark.parametrize(
    "names", [("e00", "e11", "e21", "e29"), pytest.param(("e05", "e08", "e16", "e26"), marks=pytest.mark.slow)]
)
def test_rendered_scenes_are_cut_out_closely(names: tuple[str, ...]) -> None:
    found: list[float] = []
    for name in names:
        result = extract(BENCH / name / "photo.jpg")
        truth = cv2.imread(str(BENCH / name / "garment.png"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
        assert result.garment is not None
        found.append(overlap(result.garment, truth))
    assert min(found) > 0.95
    assert np.mean(found) > 0.98


def test_a_speck_taken_for_a_garment_is_not_looked_at_from_ever_nearer() -> None:
    seen = np.zeros((96, 128), np.float32)
    seen[40, 60] = 1
    box = network._box_of_interest(seen, (3000, 4000))
    assert box is not None
    assert max(side.stop - side.start for side in box) >= 1000
    assert all(side.start < middle < side.stop for side, middle in zip(box, (1260, 1890), strict=True))
