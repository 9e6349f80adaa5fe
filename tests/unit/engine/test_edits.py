import numpy as np
import pytest

from studio.engine.edits import Masks, apply_stroke, look_of, replay_strokes
from studio.model import Edits, Pose, Region, Stroke, StrokeKind


@pytest.fixture
def picture() -> np.ndarray:
    """A blue square on grey, 200 x 200."""
    made = np.full((200, 200, 3), (190, 190, 190), np.uint8)
    made[50:150, 50:150] = (30, 60, 160)
    return made


@pytest.fixture
def masks() -> Masks:
    return Masks(**{name: np.zeros((200, 200), np.uint8) for name in ("garment", "mannequin", "inner")})


def brush(region: Region, *points: tuple[float, float], **rest: object) -> Stroke:
    return Stroke(kind=StrokeKind.BRUSH, region=region, points=points, **{"size_px": 40.0} | rest)


def test_a_region_is_what_was_painted_last(picture, masks):
    strokes = (brush(Region.GARMENT, (100, 100)), brush(Region.MANNEQUIN, (100, 100)))
    made = replay_strokes(masks, picture, strokes)
    assert (made.garment[100, 100], made.mannequin[100, 100]) == (0, 255)
    assert not masks.mannequin.any(), "the masks handed in are left alone"


def test_replaying_gives_the_same_masks(picture, masks):
    strokes = [brush(Region.GARMENT, (20, 20), (180, 120), snap=True), brush(Region.BACKGROUND, (90, 60))]
    first, second = (replay_strokes(masks, picture, strokes) for _ in range(2))
    assert np.array_equal(first.garment, second.garment)


def test_a_brush_that_snaps_stops_at_the_edge(picture, masks):
    stroke = brush(Region.GARMENT, (140, 100), size_px=60, hardness=1.0, snap=True)
    made = replay_strokes(masks, picture, [stroke])
    assert made.garment[100, 140] == 255
    assert made.garment[100, 160] == 0
    loose = replay_strokes(masks, picture, [brush(Region.GARMENT, (140, 100), size_px=60, hardness=1.0)])
    assert loose.garment[100, 160] == 255


def test_a_click_takes_the_region_and_no_more(picture, masks):
    click = Stroke(kind=StrokeKind.GROW, region=Region.GARMENT, points=((100.0, 100.0),), size_px=400)
    made = replay_strokes(masks, picture, [click])
    assert made.garment[60:140, 60:140].min() == 255
    assert made.garment[:45].max() == 0


def test_a_stroke_outside_the_photo_changes_nothing(picture, masks):
    assert apply_stroke(masks, picture, brush(Region.GARMENT, (900, 900))) is None


def test_one_photo_teaches_another_what_the_mannequin_looks_like(picture, masks):
    look = look_of(picture, [brush(Region.MANNEQUIN, (100, 100), hardness=1.0)])
    taught = Masks(
        garment=np.full((200, 200), 255, np.uint8), mannequin=np.zeros((200, 200), np.uint8), inner=masks.inner
    )
    taught.garment[50:150, 40:50] = 0
    taught.mannequin[50:150, 40:50] = 255
    taught.garment[:, 150:] = 0
    made = replay_strokes(taught, np.ascontiguousarray(picture), [look])
    assert made.garment[100, 100] == 255, "more than a quarter of the garment is its own colour"
    small = picture.copy()
    small[50:150, 80:150] = (190, 190, 190)
    made = replay_strokes(taught, small, [look])
    assert made.garment[100, 60] == 0
    assert made.mannequin[100, 60] == 255
    assert made.garment[100, 120] == 255


def test_nothing_painted_as_mannequin_teaches_nothing(picture):
    assert look_of(picture, [brush(Region.GARMENT, (100, 100))]) is None


def test_corrections_survive_the_store():
    pose = Pose(points=((1.0, 2.0), None, *[(3.0, 4.0)] * 16))
    edits = Edits(strokes=(brush(Region.GARMENT, (1.0, 2.0), (3.5, 4.5)),), pose=pose)
    assert Edits.from_json(edits.to_json()) == edits
    assert edits.revision
    assert edits.revision != Edits(pose=pose).revision
    assert Edits().revision == ""
