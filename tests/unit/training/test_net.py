from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

torch: ModuleType = pytest.importorskip("torch", reason="the training environment is not installed")
pytest.importorskip("onnx", reason="the training environment is not installed")

from training.augment import Sample  # noqa: E402
from training.classes import CLASSES, GARMENT  # noqa: E402
from training.config import load  # noqa: E402
from training.export import blend, difference  # noqa: E402
from training.loss import losses  # noqa: E402
from training.net import Exported, GarmentNet, promised_iou  # noqa: E402
from training.published import freeze, load_published  # noqa: E402
from training.second import NORM_EPS, STEM, WIDTHS, SecondTrunk  # noqa: E402
from training.train import Batch, frame, learn, start_run, steps, target  # noqa: E402


@pytest.mark.parametrize("size", [(64, 96), (128, 64)])
def test_every_picture_size_gives_probabilities_of_the_same_size(size: tuple[int, int]) -> None:
    with torch.no_grad():
        found = Exported(GarmentNet()).eval()(torch.rand(1, 3, *size))
    assert found.classes.shape == (1, len(CLASSES), *size)
    assert torch.allclose(found.classes.sum(1), torch.ones(1, *size), atol=1e-5)
    assert found.inner_colour.shape == (1, 3, *size)
    assert found.confidence.shape == (1, 1)
    assert 0 <= float(found.confidence) <= 1


def test_a_mask_sure_of_itself_promises_everything() -> None:
    mask = torch.zeros(1, 8, 8)
    mask[:, 2:6] = 1
    assert float(promised_iou(mask)) == pytest.approx(1, abs=1e-4)
    assert float(promised_iou(mask * 0.6)) < 0.7


def test_the_right_answer_costs_less_than_a_wrong_one() -> None:
    truth = torch.zeros(1, 4, 32, 32)
    truth[:, 0] = 1
    truth[:, 0, 8:24, 8:24], truth[:, GARMENT, 8:24, 8:24] = 0, 1
    net = GarmentNet()
    raw = net(torch.rand(1, 3, 64, 64))
    small = torch.nn.functional.avg_pool2d(truth, 2)
    ghost = torch.zeros(1, 3, 32, 32)
    right = raw._replace(logits=truth * 20, coarse=small * 20, inner_colour=ghost)
    wrong = right._replace(logits=truth.flip(1) * 20)
    cost = [float(losses(r, truth, ghost, torch.zeros(1)).total()) for r in (right, wrong)]
    assert cost[0] < cost[1] / 10


def test_parameters_stay_within_the_promised_size() -> None:
    assert sum(p.numel() for p in GarmentNet().parameters()) < 3_000_000


def test_a_run_goes_on_where_it_stopped() -> None:
    config = load()
    whole = [step.number for step in steps(config)]
    assert [step.number for step in steps(config, 700)] == whole[700:]


def test_frames_are_multiples_of_32_of_the_phase_area() -> None:
    rng = np.random.default_rng(0)
    phase = load().train.phases[0]
    for height, width in (frame(phase, rng) for _ in range(20)):
        assert height % 32 == width % 32 == 0
        assert 0.6 < height * width / (phase.long_side**2 * 0.75) < 1.5


def test_targets_of_a_pixel_sum_to_one() -> None:
    garment, mannequin = np.full((4, 4), 0.6, np.float32), np.full((4, 4), 0.3, np.float32)
    picture = np.zeros((4, 4, 3), np.float32)
    sample = Sample(
        photo=picture, ghost=picture, garment=garment, mannequin=mannequin, inner=mannequin / 2, has_ghost=False
    )
    found = target(sample)
    assert np.allclose(found.sum(0), 1)
    assert np.allclose(found[GARMENT], 0.6)


def test_training_can_start_from_the_published_network() -> None:
    net, path = GarmentNet(), Path(__file__).parents[3] / "resources" / "models" / "garment.onnx"
    load_published(net, path)
    assert difference(Exported(net).eval(), path) < 2e-4


def test_a_blend_lies_between_the_trained_and_the_published_network() -> None:
    config = load(Path(__file__).parents[3] / "training" / "finetune.toml")
    assert config.train.start is not None
    start, net = GarmentNet(), GarmentNet()
    load_published(start, config.train.start)
    expected = (net.coarse.weight + 3 * start.coarse.weight) / 4
    blend(net, config, 0.25)
    assert torch.allclose(net.coarse.weight, expected, atol=1e-6)


def test_frozen_normalisation_keeps_its_figures_while_the_rest_learns() -> None:
    net = GarmentNet()
    before = {name: value.clone() for name, value in net.named_buffers()}
    freeze(net.train())
    net(torch.rand(2, 3, 64, 64)).logits.sum().backward()
    assert all(torch.equal(value, before[name]) for name, value in net.named_buffers())
    assert net.stem[1].weight.grad is not None


def test_a_step_in_half_precision_is_nearly_the_one_in_single(tmp_path: Path) -> None:
    config = load(Path(__file__).parents[3] / "training" / "finetune.toml")
    config = replace(config, train=replace(config.train, run=tmp_path))
    torch.manual_seed(0)
    masks = torch.zeros(1, 4, 64, 64)
    masks[:, GARMENT, 16:48, 16:48] = 1
    masks[:, 0] = 1 - masks[:, GARMENT]
    picture = torch.rand(1, 3, 64, 64)
    batch = Batch(image=picture, target=masks, ghost=picture, has_ghost=torch.ones(1))
    single, half = start_run(config), start_run(config)
    step = next(steps(config))
    cost = [learn(run, batch, step, frozen=True, bfloat16=run is half).total().item() for run in (single, half)]
    assert cost[1] == pytest.approx(cost[0], rel=0.03)
    assert all(parameter.dtype is torch.float32 for parameter in half.net.parameters())


def test_the_second_trunk_and_the_first_block_stay_while_the_phase_says_what_learns(tmp_path: Path) -> None:
    config = load(Path(__file__).parents[3] / "training" / "finetune.toml")
    last = config.train.phases[0]
    readers_alone = replace(last, steps=1, trunk_share=0, decoder_share=0)
    config = replace(config, train=replace(config.train, run=tmp_path, phases=(readers_alone, replace(last, steps=1))))
    run = start_run(config)
    picture = torch.rand(1, 3, 64, 64)
    batch = Batch(image=picture, target=torch.full((1, 4, 64, 64), 0.25), ghost=picture, has_ghost=torch.ones(1))
    first, second = steps(config)
    learn(run, batch, first, frozen=True)
    assert {n.split(".")[0] for n, p in run.net.named_parameters() if p.grad is not None} == {"from_second"}
    learn(run, batch, second, frozen=True)
    learning = {n for n, p in run.net.named_parameters() if p.grad is not None}
    assert not any(n.startswith(("second.", "trunk.encoder.0.")) for n in learning)
    assert {"trunk.encoder.1.enter.0.weight", "coarse.weight", "from_second.say.weight"} <= learning


def test_a_file_with_other_layers_is_refused(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "empty", [], [])), tmp_path / "other.onnx")
    with pytest.raises(ValueError, match="weight"):
        load_published(GarmentNet(), tmp_path / "other.onnx")


def test_the_second_trunk_sees_at_a_quarter_an_eighth_and_a_sixteenth() -> None:
    found = SecondTrunk()(torch.rand(1, 3, 64, 96))
    sizes = [(width, 64 // step, 96 // step) for width, step in zip(WIDTHS, (4, 8, 16), strict=True)]
    assert [tuple(tap.shape[1:]) for tap in found] == sizes


def test_published_weights_of_the_second_trunk_keep_their_normalisation(tmp_path: Path) -> None:
    published = {name: torch.rand(shape) for name, shape in published_shapes(SecondTrunk()).items()}
    torch.save(published, tmp_path / "second.pth")
    second = SecondTrunk()
    second.load(tmp_path / "second.pth")
    norm = torch.nn.BatchNorm2d(STEM, eps=NORM_EPS).eval()
    norm.load_state_dict(
        {k.removeprefix("_bn0."): v for k, v in published.items() if k.startswith("_bn0.")}, strict=False
    )
    picture = torch.rand(1, 3, 32, 32)
    padded = torch.nn.functional.pad(picture, (0, 1, 0, 1))
    expected = norm(torch.nn.functional.conv2d(padded, published["_conv_stem.weight"], stride=2))
    assert torch.allclose(second.stem(picture), expected, atol=1e-4)


def published_shapes(second: SecondTrunk) -> dict[str, tuple[int, ...]]:
    """The published names and shapes of what `second` loads."""
    layers = {("_conv_stem", "_bn0"): second.stem}
    for i, block in enumerate(second.blocks):
        parts = {("_expand_conv", "_bn0"): block.widen, ("_depthwise_conv", "_bn1"): block.filter}
        parts["_project_conv", "_bn2"] = block.narrow
        layers |= {tuple(f"_blocks.{i}.{n}" for n in names): conv for names, conv in parts.items() if conv is not None}
    shapes: dict[str, tuple[int, ...]] = {}
    for (conv, norm), layer in layers.items():
        shapes[f"{conv}.weight"] = tuple(layer.weight.shape)
        shapes |= {
            f"{norm}.{name}": (layer.out_channels,) for name in ("weight", "bias", "running_mean", "running_var")
        }
    return shapes


def test_the_second_trunk_says_nothing_before_it_is_read_and_never_learns() -> None:
    net = GarmentNet().eval()
    picture = torch.rand(1, 3, 64, 64)
    before = net(picture).logits
    for parameter in net.second.parameters():
        parameter.data.mul_(2)
    assert torch.equal(net(picture).logits, before)
    assert not any(parameter.requires_grad for parameter in net.second.parameters())
