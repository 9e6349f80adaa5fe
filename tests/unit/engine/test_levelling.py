"""One scale, one line, one light over a shoot."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engine.levelling import Measured, levels, lit, measure
from studio.engine.placement import placement_of
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
    place = placement_of(alpha(each), step, level)
    upper, lower = (place.top + y * place.scale for y in (each.top, each.top + each.high))
    return upper, lower, place.left + (each.left + each.wide / 2) * place.scale


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
        return Sight(classes=classes, inner_colour=np.zeros((90, 60, 3), np.uint8), agreement=1.0)

    def models(self) -> tuple:
        return ()


def test_a_photo_is_measured_in_its_own_pixels(tmp_path: Path) -> None:
    Image.new("RGB", (600, 900), (188, 188, 188)).save(tmp_path / "a.png")
    found = measure(tmp_path / "a.png", Eyes())
    assert found
    assert (found.left, found.top, found.wide, found.high, found.kind) == (200, 300, 200, 300, "long")
    assert found.backdrop == pytest.approx((0.5, 0.5, 0.5), abs=0.01)
