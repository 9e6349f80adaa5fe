"""The adapters around the networks: layouts, tiles, faces, damaged files."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from studio.engine import poses
from studio.engine.gpu import clip, faces, matte, ncnn, sam, sam2, sam_original, upscale, vitpose
from studio.engine.gpu.device import processor
from studio.engine.gpu.runtime import Placement, Runtime, Thrift
from studio.engine.models.catalog import Precision
from studio.errors import EngineError

PROMPT = sam.Prompt(on=((50, 70),), off=((5, 5),), box=(20, 20, 90, 130))


@pytest.fixture
def picture() -> np.ndarray:
    rows, columns = np.mgrid[0:150, 0:110]
    grey = 127 + 90 * np.sin(rows / 7) * np.cos(columns / 9)
    return np.dstack([grey, grey[::-1], grey[:, ::-1]]).astype(np.uint8)


@pytest.mark.parametrize("model_id", ["sam-vit-b", "sam2-hiera-large"])
def test_sam_proposes_three_masks_best_first(runtime: Runtime, picture: np.ndarray, model_id: str) -> None:
    found = sam.propose(sam.load(runtime, model_id), picture, PROMPT)
    assert len(found) == 3
    assert [one.coverage.shape for one in found] == [(150, 110)] * 3
    assert [one.score for one in found] == sorted({one.score for one in found}, reverse=True)


@pytest.mark.parametrize("model_id", ["sam-vit-b", "sam2-hiera-large"])
@pytest.mark.parametrize(
    "prompt", [sam.Prompt(on=((50, 70),)), sam.Prompt(on=(), box=(20, 20, 90, 130)), sam.Prompt(on=((50, 90),))]
)
def test_sam_heeds_what_it_is_asked(runtime: Runtime, picture: np.ndarray, model_id: str, prompt: sam.Prompt) -> None:
    segmenter = sam.load(runtime, model_id)
    other = sam.propose(segmenter, picture, PROMPT)[0]
    asked = sam.propose(segmenter, picture, prompt)[0]
    again = sam.propose(segmenter, picture, PROMPT)[0]
    assert not np.array_equal(asked.coverage, other.coverage)
    assert np.array_equal(again.coverage, other.coverage)


@pytest.mark.parametrize("model_id", ["sam-vit-b", "sam2-hiera-large"])
def test_sam_looks_at_a_picture_once_for_any_number_of_clicks(
    runtime: Runtime, picture: np.ndarray, model_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    segmenter, looks = sam.load(runtime, model_id), []
    look = segmenter._look
    monkeypatch.setattr(segmenter, "_look", lambda *words: (looks.append(1), look(*words))[1])
    for x in (20, 50, 80):
        sam.propose(segmenter, picture, sam.Prompt(on=((x, 70),)))
    assert len(looks) <= 1
    sam.propose(segmenter, picture[::-1], PROMPT)
    assert looks[-1:] == [1]


def test_a_sam2_that_lacks_weights_is_refused(tiny_folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(tiny_folder / "sam2-hiera-large" / "model.safetensors")
    save_file({name: one for name, one in weights.items() if "iou" not in name}, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_bytes((tiny_folder / "sam2-hiera-large" / "config.json").read_bytes())
    placement = Placement(device=processor(), precision=Precision.FP32, thrift=Thrift.WHOLE)
    with pytest.raises(EngineError, match="lacks"):
        sam2.load(tmp_path, placement)


def test_a_file_that_is_not_sam_is_refused() -> None:
    with pytest.raises(EngineError, match="not a Segment Anything network"):
        sam_original.build({"something": torch.zeros(1)})


def test_clip_names_a_garment_with_words_of_the_list(runtime: Runtime, picture: np.ndarray) -> None:
    name = clip.name_garment(clip.load(runtime), picture)
    assert name.type in clip.TYPES
    assert name.words.endswith(name.type)
    assert "plain" not in name.words


def test_clip_similarities_are_cosines_of_the_pair(runtime: Runtime, picture: np.ndarray) -> None:
    cosines = clip.similarities(clip.load(runtime), [picture, picture[:40]], ["a shirt", "a dress", "a hat"])
    assert cosines.shape == (2, 3)
    assert np.abs(cosines).max() <= 1 + 1e-5


def test_the_matte_has_the_pictures_size_and_tells_dark_from_light(runtime: Runtime) -> None:
    picture = np.full((90, 70, 3), 255, np.uint8)
    picture[30:60, 20:50] = 0
    coverage = matte.foreground(matte.load(runtime, "birefnet-general-lite"), picture)
    assert coverage.shape == (90, 70)
    assert coverage[45, 35] > coverage[5, 5] + 0.5


def test_vitpose_gives_a_pose_within_the_box_it_looked_at(runtime: Runtime, picture: np.ndarray) -> None:
    pose = vitpose.find_pose(vitpose.load(runtime), picture, (10, 10, 100, 140))
    assert len(pose.points) == 18
    assert all(-60 < point.x < 170 and -60 < point.y < 210 for point in pose.points)


def test_tiles_leave_no_seam(runtime: Runtime, picture: np.ndarray) -> None:
    network = upscale.load(runtime, "real-esrgan-x4plus")
    whole = upscale.enlarge(network, picture, tile_px=512)
    tiled = upscale.enlarge(network, picture, tile_px=64)
    assert whole.shape == (600, 440, 3)
    assert np.abs(whole.astype(int) - tiled).mean() < 0.5


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_an_enlarged_picture_keeps_its_colours_and_depth_at_any_factor(
    runtime: Runtime, picture: np.ndarray, times: int
) -> None:
    network = upscale.load(runtime, "real-esrgan-x4plus")
    deep = picture.astype(np.uint16) * 257
    grown = upscale.enlarge(network, deep, tile_px=64, times=times)
    assert grown.shape == (150 * times, 110 * times, 3)
    assert grown.dtype == np.uint16
    back = cv2.resize(grown, (110, 150), interpolation=cv2.INTER_AREA).astype(float)
    coarse = [cv2.GaussianBlur(one, (0, 0), 6) / 257 for one in (deep.astype(float), back)]
    # A network of chance numbers paints anything; the colours of the given picture are laid on again all the same.
    assert np.abs(coarse[0] - coarse[1])[20:-20, 20:-20].max() < 12


def test_tiles_are_halved_when_memory_runs_out(runtime: Runtime, picture: np.ndarray) -> None:
    network, sizes = upscale.load(runtime, "real-esrgan-x4plus"), []

    class Scarce:
        scale, device, dtype = network.scale, network.device, network.dtype

        def __call__(self, tile: torch.Tensor) -> torch.Tensor:
            sizes.append(max(tile.shape))
            if max(tile.shape) > 130:
                raise torch.OutOfMemoryError("forced")
            return network(tile)

    assert upscale.enlarge(Scarce(), picture, tile_px=256).shape == (600, 440, 3)
    assert sizes[0] > 130 >= max(sizes[-3:])


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(EngineError, match="no network that is known"):
        upscale.describe({"something": torch.zeros(1)})


def test_ncnn_files_become_the_network_they_were_made_from(tmp_path, picture: np.ndarray) -> None:
    from spandrel.architectures.ESRGAN.__arch.RRDB import RRDBNet

    original = RRDBNet(num_filters=16, num_blocks=1).eval()
    layers = [module for module in original.modules() if isinstance(module, torch.nn.Conv2d)]
    lines, content = ["7767517", f"{len(layers)} {len(layers)}"], b""
    for index, layer in enumerate(layers):
        weight = layer.weight.detach().numpy()
        lines.append(f"Convolution c{index} 1 1 a b 0={len(weight)} 1=3 4=1 5=1 6={weight.size}")
        half = weight.astype(np.float16).tobytes()
        content += (0x01306B47).to_bytes(4, "little") + half + b"\0" * (-len(half) % 4)
        content += layer.bias.detach().numpy().tobytes()
    (tmp_path / "net.param").write_text("\n".join(lines))
    (tmp_path / "net.bin").write_bytes(content)
    network = upscale.describe(ncnn.read_esrgan(tmp_path / "net.param", tmp_path / "net.bin")).eval()
    with torch.inference_mode():
        given = torch.from_numpy(picture[:32, :32]).permute(2, 0, 1)[None].float() / 255
        assert torch.allclose(network(given), original(given).clamp(0, 1), atol=0.01)


def test_a_damaged_ncnn_file_is_refused(tmp_path) -> None:
    (tmp_path / "net.param").write_text("7767517\n1 1\nConvolution c 1 1 a b 0=1 1=1 6=1")
    (tmp_path / "net.bin").write_bytes(b"\x01\x02\x03\x04" * 4)
    with pytest.raises(EngineError, match="unknown format"):
        ncnn.read_esrgan(tmp_path / "net.param", tmp_path / "net.bin")


def test_a_restored_face_changes_the_face_and_nothing_else(runtime: Runtime) -> None:
    pose = poses.find("standing").scaled_to((1536, 2304))
    face = faces.of_pose(pose)
    assert face is not None
    assert not face.detected
    figure = np.random.default_rng(3).integers(0, 255, (700, 1536, 3)).astype(np.uint8)
    restored = faces.restore(faces.load(runtime, "restoreformer"), figure, face)
    changed = (restored != figure).any(-1)
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    eyes = face.points[:2].mean(0)
    apart = float(np.linalg.norm(face.points[1] - face.points[0]))
    assert abs(columns.mean() - eyes[0]) < apart
    assert rows[-1] - rows[0] < 5 * apart


def test_a_pose_from_behind_has_no_face() -> None:
    assert faces.of_pose(poses.find("from-behind")) is None


def test_a_face_too_small_to_hold_anything_is_left_alone(runtime: Runtime) -> None:
    pose = poses.find("standing").scaled_to((128, 192))
    assert faces.find(runtime, np.zeros((192, 128, 3), np.uint8), pose) is None
