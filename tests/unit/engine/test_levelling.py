"""One scale, one line, one horizon, one light over a shoot."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from studio.engine.horizon import roll_of
from studio.engine.levelling import Measured, levels, lit, measure
from studio.engine.placement import placement_of
from studio.engine.scaling import place, place_mask
from studio.engine.starter.network import BACKGROUND, GARMENT, Sight
from studio.model import Align, ComposeStep, LevelStep, Recipe

SIZE = (600, 800)


def garment(wide: float, high: float, *, left: float = 300, top: float = 200, side: int = 1500, **more) -> Measured:
    fields = {"width": side * 2 // 3, "height": side, "left": left, "top": top, "wide": wide, "high": high}
    return Measured(**fields, backdrop=more.get("backdrop"))


def alpha(each: Measured) -> np.ndarray:
    made = np.zeros((each.height, each.width), np.uint8)
    made[round(each.top) : round(each.top + each.high), round(each.left) : round(each.left + each.wide)] = 255
    return made


def edges(each: Measured, level: LevelStep, step: ComposeStep) -> tuple[float, float, float]:
    """Upper edge, lower edge and middle of the garment in the deliverable."""
    found = placement_of(alpha(each), step, level)
    upper, lower = (found.top + y * found.scale for y in (each.top, each.top + each.high))
    return upper, lower, found.left + (each.left + each.wide / 2) * found.scale


@pytest.mark.parametrize("align", list(Align))
def test_garments_of_a_kind_get_one_scale_and_stand_on_one_line(align: Align) -> None:
    step = ComposeStep(size=SIZE, fill=0.8, align=align)
    shoot = [garment(400, 480), garment(450, 560, left=250, top=90), garment(380, 500, top=300)]
    found = levels(shoot, step, place=True, light=False)
    assert len({level.scale for level in found}) == 1
    stands = [edges(each, level, step) for each, level in zip(shoot, found, strict=True)]
    line = [lower if align is Align.BOTTOM else upper for upper, lower, _ in stands]
    assert max(line) - min(line) <= 1
    assert all(abs(middle - SIZE[0] / 2) <= 1 for *_, middle in stands)
    assert all(upper >= 0 and lower <= SIZE[1] for upper, lower, _ in stands)
    largest = max((lower - upper) / SIZE[1] for upper, lower, _ in stands)
    assert largest == pytest.approx(min(0.8, 0.8 * (SIZE[0] / 450) / (SIZE[1] / 560)), abs=0.02)


def test_a_dress_does_not_make_the_tops_small() -> None:
    step = ComposeStep(size=SIZE, fill=0.8)
    tops, dress = [garment(400, 480), garment(420, 500)], garment(400, 1000)
    alone = levels(tops, step, place=True, light=False)
    together = levels([*tops, dress], step, place=True, light=False)
    assert together[:2] == alone
    assert together[2].scale < alone[0].scale


def test_the_same_garment_at_another_resolution_comes_out_at_the_same_size() -> None:
    step = ComposeStep(size=SIZE, fill=0.8)
    small, large = garment(200, 240, left=150, top=100, side=750), garment(400, 480)
    first, second = levels([small, large], step, place=True, light=False)
    assert first.scale == pytest.approx(2 * second.scale)


def test_without_size_and_fill_every_garment_keeps_its_place() -> None:
    (level,) = levels([garment(400, 480)], ComposeStep(), place=True, light=False)
    assert (level.scale, level.line) == (None, None)


def uneven(angle: float, height: int = 400, width: int = 300) -> np.ndarray:
    """A shirt's outline, its sleeves not quite alike, turned clockwise by `angle` degrees."""
    points = np.array([(-50, -120), (50, -120), (110, -60), (80, -30), (62, -60), (60, 130), (-60, 130), (-62, -60),
                       (-84, -28), (-112, -62)], float)  # fmt: skip
    a = np.radians(angle)
    x, y = points.T
    there = np.stack([x * np.cos(a) - y * np.sin(a) + width / 2, x * np.sin(a) + y * np.cos(a) + height / 2], axis=1)
    made = np.zeros((height * 4, width * 4), np.uint8)
    cv2.fillPoly(made, [np.int32(there * 4)], 255)
    return cv2.resize(made, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


@pytest.mark.parametrize("angle", [-3.0, -1.0, 0.0, 1.0, 4.0])
def test_a_rolled_camera_is_found_by_the_garments_symmetry(angle: float) -> None:
    upright = roll_of(uneven(0))
    assert upright == pytest.approx(0, abs=0.4)
    assert roll_of(uneven(angle)) == pytest.approx(upright - angle, abs=0.1)


def test_a_garment_without_symmetry_or_without_an_axis_says_nothing_of_the_horizon() -> None:
    half = uneven(0)
    half[:200, :150] = 0
    assert roll_of(half) is None
    y, x = np.mgrid[:400, :300]
    assert roll_of(((x - 150) ** 2 + (y - 200) ** 2 < 100**2).astype(np.float32)) is None


def test_a_shoot_is_turned_as_one_and_a_photo_clearly_rolled_by_itself() -> None:
    rolls = [1.1, 1.3, 0.9, None, 3.0]
    shoot = [replace(garment(400, 480), roll=roll) for roll in rolls]
    found = levels([*shoot, None], ComposeStep(), place=True, light=False)
    assert [level.turn for level in found] == [1.2, 1.2, 1.2, 1.2, 3.0, 0.0]
    assert all(level.turn == 0 for level in levels(shoot, ComposeStep(), place=False, light=True))
    straight = [replace(garment(400, 480), roll=0.2)]
    assert levels(straight, ComposeStep(), place=True, light=False)[0].turn == 0


@pytest.mark.parametrize("step", [ComposeStep(), ComposeStep(size=(300, 400)), ComposeStep(size=SIZE, fill=0.8)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_turned_photo_stands_upright_in_the_deliverable_and_its_masks_with_it(step: ComposeStep, dtype: type) -> None:
    most = np.iinfo(dtype).max
    mask = (uneven(3) * most).round().astype(dtype)
    master = np.dstack([np.full_like(mask, most // 2)] * 3 + [mask])
    level = LevelStep(turn=roll_of(uneven(3)))
    placement = placement_of(mask, step, level)
    made = place(master, placement)
    assert roll_of(made[..., 3] / most) == pytest.approx(0, abs=0.1)
    assert made.dtype == dtype
    assert made.shape[:2] == (placement.height, placement.width)
    solid = made[..., 3] > most * 0.99
    assert np.abs(made[solid][:, :3].astype(int) - most // 2).max() <= most // 255
    coverage = place_mask((uneven(3) * 255).round().astype(np.uint8), placement)
    assert np.abs(coverage.astype(float) - made[..., 3] * (255 / most)).mean() < 0.5
    assert "degrees anticlockwise" in placement.sentence()


def test_a_photo_that_could_not_be_measured_is_left_as_it_is() -> None:
    found = levels([None, garment(400, 480)], ComposeStep(size=SIZE), place=True, light=True)
    assert found[0] == LevelStep()


def test_backdrops_get_the_light_of_the_median_one() -> None:
    backdrops = [(0.5, 0.5, 0.5), (0.4, 0.5, 0.6), (0.5, 0.5, 0.5)]
    shoot = [garment(400, 480, backdrop=backdrop) for backdrop in backdrops]
    found = levels(shoot, ComposeStep(), place=False, light=True)
    assert [level.changes_light for level in found] == [False, True, False]
    grey = np.full((4, 4, 3), 0, np.uint16)
    for channel, light in enumerate(backdrops[1]):
        grey[..., channel] = round((1.055 * light ** (1 / 2.4) - 0.055) * 65535)
    made = lit(grey, found[1])[0, 0].astype(float)
    assert made.max() - made.min() < 40
    assert made[0] == pytest.approx((1.055 * 0.5 ** (1 / 2.4) - 0.055) * 65535, abs=40)


def test_no_gain_is_wild() -> None:
    shoot = [garment(400, 480, backdrop=(0.5, 0.5, 0.5)), garment(400, 480, backdrop=(0.01, 0.9, 0.5))]
    for level in levels([*shoot, shoot[0]], ComposeStep(), place=False, light=True):
        assert all(1 / 1.5 <= gain <= 1.5 for gain in (level.red, level.green, level.blue))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_light_keeps_depth_and_black_and_without_a_gain_every_value(dtype: type) -> None:
    most = np.iinfo(dtype).max
    ramp = np.repeat(np.arange(0, most + 1, max(1, most // 255), dtype=dtype)[None, :, None], 3, 2)
    assert (lit(ramp, LevelStep()) == ramp).all()
    brighter = lit(ramp, LevelStep(red=1.3))
    assert brighter.dtype == dtype
    assert brighter[0, 0].tolist() == [0, 0, 0]
    assert brighter.max() == most
    assert (np.diff(brighter[0, :, 0].astype(int)) >= 0).all()


def test_a_recipe_without_levelling_is_the_recipe_it_was() -> None:
    assert Recipe(level=None).fingerprint == Recipe().fingerprint
    assert Recipe(level=LevelStep(red=1.1)).fingerprint != Recipe().fingerprint
    assert Recipe.from_json(Recipe(level=LevelStep(line=0.1)).to_json()).level == LevelStep(line=0.1)


class Eyes:
    """Sees a garment in the middle third."""

    def look(self, picture: np.ndarray) -> Sight:
        classes = np.zeros((4, 90, 60), np.float32)
        classes[BACKGROUND] = 1
        classes[BACKGROUND, 30:60, 20:40], classes[GARMENT, 30:60, 20:40] = 0, 1
        return Sight(classes=classes)

    def clothing(self, picture: np.ndarray) -> float:
        return 1.0

    def models(self) -> tuple:
        return ()


def test_a_photo_is_measured_in_its_own_pixels(tmp_path: Path) -> None:
    Image.new("RGB", (600, 900), (188, 188, 188)).save(tmp_path / "a.png")
    found = measure(tmp_path / "a.png", Eyes())
    assert found
    assert (found.left, found.top, found.wide, found.high, found.kind) == (200, 300, 200, 300, "long")
    assert found.backdrop == pytest.approx((0.5, 0.5, 0.5), abs=0.01)
