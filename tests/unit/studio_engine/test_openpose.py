"""OpenPose's network out of a file of the real layout, and which network a reference photo is shown to."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.engine import poses
from studio.engine.gpu import openpose, posing, vitpose
from studio.engine.gpu.device import processor
from studio.engine.gpu.runtime import Placement, Runtime, Thrift
from studio.engine.models.catalog import Precision, catalog_of
from studio.engine.models.store import ModelStore
from studio.errors import EngineError
from tests.fakes import tiny_models

ON_PROCESSOR = Placement(device=processor(), precision=Precision.FP32, thrift=Thrift.WHOLE)


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    return tiny_models.openpose_weights()


@pytest.fixture
def folder(tmp_path: Path, weights: dict[str, torch.Tensor]) -> Path:
    """A folder of models with OpenPose in it, whose licence is not accepted."""
    (tmp_path / "openpose").mkdir()
    torch.save(weights, tmp_path / "openpose" / "body_pose_model.pth")
    tiny_models.register(tmp_path)
    catalog = tmp_path / "catalog.toml"
    catalog.write_text(catalog.read_text().replace('commercial = "yes"', 'commercial = "no"'))
    return tmp_path


def runtime_of(folder: Path) -> Runtime:
    return Runtime(ModelStore(folder), catalog_of(folder), processor(), budget_mb=10_000)


def test_the_layers_are_those_of_the_published_file(weights: dict[str, torch.Tensor]) -> None:
    network = openpose.build(weights, ON_PROCESSOR)
    maps, fields = network.look(np.zeros((3, 96, 64), np.float32))
    assert maps.shape == (19, 12, 8)
    assert fields.shape == (38, 12, 8)
    assert len(weights) == 184
    assert fields.min() < 0 < fields.max()  # what a branch answers is not rectified


def test_every_stage_sees_fields_maps_and_trunk_in_this_order(weights: dict[str, torch.Tensor]) -> None:
    network, seen = openpose.build(weights, ON_PROCESSOR), []
    fields_of, maps_of = network.stages[0]
    network.stages[1][0].register_forward_pre_hook(lambda module, given: seen.append(given[0]))
    pixels = np.random.default_rng(0).uniform(-0.5, 0.5, (3, 32, 32)).astype(np.float32)
    network.look(pixels)
    with torch.inference_mode():
        trunk = network.trunk(torch.from_numpy(pixels[None]))
        assert torch.equal(seen[0], torch.cat([fields_of(trunk), maps_of(trunk), trunk], 1))


def test_the_pose_is_told_in_the_pictures_own_pixels(
    weights: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, shown = openpose.build(weights, ON_PROCESSOR), []
    body = poses.find("standing").scaled_to((184, 368)).points

    def find_body(maps: np.ndarray, fields: np.ndarray) -> tuple:
        shown.append((maps.shape, fields.shape))
        return body

    monkeypatch.setattr(openpose.affinity, "find_body", find_body)
    picture = np.full((900, 500, 3), 200, np.uint8)
    found = openpose.find_pose(network, picture, (50, 100, 418, 836))
    assert shown == [((19, 368, 184), (38, 368, 184))]
    assert found.size == (500, 900)
    neck = found["neck"]
    assert abs(neck.x - (50 + 2 * body[1].x + 0.5)) < 0.01
    assert abs(neck.y - (100 + 2 * body[1].y + 0.5)) < 0.01


def test_a_picture_without_a_body_has_no_pose(weights: dict[str, torch.Tensor]) -> None:
    nothing = {name: torch.zeros_like(tensor) for name, tensor in weights.items()}
    network = openpose.build(nothing, ON_PROCESSOR)
    assert openpose.find_pose(network, np.zeros((70, 50, 3), np.uint8), (0, 0, 50, 70)) is None


@pytest.mark.parametrize("change", ["lacks", "more", "other"])
def test_a_file_that_is_not_openpose_is_refused(weights: dict[str, torch.Tensor], change: str) -> None:
    wrong = dict(weights)
    if change == "lacks":
        del wrong["Mconv7_stage6_L2.bias"]
    elif change == "more":
        wrong["conv9.weight"] = torch.zeros(1)
    else:
        wrong["conv1_1.weight"] = torch.zeros(3)
    with pytest.raises(EngineError, match="not OpenPose's network"):
        openpose.build(wrong, ON_PROCESSOR)


def test_openpose_is_off_until_its_licence_is_accepted_by_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (60, 80)).save(tmp_path / "person.png")
    runtime = runtime_of(folder)
    with pytest.raises(EngineError, match="off until you accept"):
        openpose.load(runtime)
    with pytest.raises(EngineError, match="No model for poses"):
        posing.of_photo(tmp_path / "person.png", folder, lambda: runtime)
    runtime.store.accept(runtime.catalog.find("openpose"), "openpose")
    standing = poses.find("standing").scaled_to((60, 80))
    monkeypatch.setattr(openpose, "find_pose", lambda network, picture, box: standing)
    assert posing.of_photo(tmp_path / "person.png", folder, lambda: runtime) == (standing, "openpose")
    assert "licence accepted" in runtime.used("openpose")[0].version


def test_without_openpose_a_photo_is_shown_to_vitpose(
    tiny_folder: Path, tmp_path: Path, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (60, 80)).save(tmp_path / "person.png")
    standing = poses.find("standing").scaled_to((60, 80))
    monkeypatch.setattr(vitpose, "find_pose", lambda network, picture, box: standing)
    assert posing.of_photo(tmp_path / "person.png", tiny_folder, lambda: runtime) == (standing, "vitpose-base")
