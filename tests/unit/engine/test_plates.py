"""Frames of the set: the empty set says what is backdrop, the bare mannequin what is mannequin."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from studio.engine.starter.network import BACKGROUND, GARMENT, INNER, MANNEQUIN, Sight
from studio.engine.starter.plates import on_the_set, with_frames_of_the_set
from studio.errors import PhotoError
from studio.model import Shot

HEIGHT, WIDTH = 288, 216
BODY, SHIRT = (slice(30, 250), slice(70, 146)), (slice(90, 200), slice(60, 156))


def noisy(picture: np.ndarray, seed: int) -> np.ndarray:
    grain = np.random.default_rng(seed).normal(0, 2, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def frames(backdrop: float = 170, body: float = 150, shirt: float = 120) -> tuple[np.ndarray, ...]:
    """photo, plate and bare of a set with an uneven backdrop and a shaded mannequin."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    plate = np.repeat((backdrop + 12 * np.sin(x / 17) + 9 * np.cos(y / 23))[..., None], 3, 2)
    bare = plate.copy()
    bare[BODY] = (body + 14 * np.sin(y / 11))[BODY][..., None]
    photo = bare.copy()
    photo[SHIRT] = (shirt + 4 * np.sin(x / 3))[SHIRT][..., None] * np.array([1.0, 0.9, 0.8])
    return noisy(photo, 1), noisy(plate, 2), noisy(bare, 3)


def sight(unsure: tuple[slice, slice], between: tuple[int, int] = (MANNEQUIN, GARMENT)) -> Sight:
    """What a network sees that cannot tell two classes apart in one place."""
    classes = np.full((4, HEIGHT, WIDTH), 0.01, np.float32)
    classes[BACKGROUND] = 0.97
    for part, where in ((MANNEQUIN, BODY), (GARMENT, SHIRT)):
        classes[:, where[0], where[1]] = 0.01
        classes[part, where[0], where[1]] = 0.97
    classes[:, unsure[0], unsure[1]] = 0.02
    for part in between:
        classes[part, unsure[0], unsure[1]] = 0.48
    return Sight(classes=classes)


NECK, CHEST = (slice(50, 80), slice(90, 126)), (slice(110, 150), slice(90, 126))


@pytest.mark.parametrize("shift", [(0.0, 0.0), (1.3, -0.8)])
def test_the_bare_mannequin_tells_mannequin_from_garment(shift: tuple[float, float]) -> None:
    photo, _, bare = frames()
    moved = cv2.warpAffine(bare, np.array([[1, 0, shift[0]], [0, 1, shift[1]]]), (WIDTH, HEIGHT), borderMode=1)
    for place, is_garment in ((NECK, False), (CHEST, True)):
        found = with_frames_of_the_set(sight(place), photo, None, moved).classes[GARMENT][place]
        assert (np.mean(found > 0.5) > 0.95) == is_garment
        assert (np.mean(found < 0.5) > 0.95) == (not is_garment)


def test_the_empty_set_tells_backdrop_from_garment() -> None:
    photo, plate, _ = frames()
    beside = (slice(100, 140), slice(10, 40))
    for place, is_garment in ((beside, False), (CHEST, True)):
        found = with_frames_of_the_set(sight(place, (BACKGROUND, GARMENT)), photo, plate, None).classes[GARMENT][place]
        assert (np.mean(found > 0.5) > 0.95) == is_garment


def test_another_exposure_of_the_frame_changes_nothing() -> None:
    photo, _, bare = frames()
    brighter = np.clip(bare * 1.15, 0, 255).astype(np.uint8)
    found = with_frames_of_the_set(sight(NECK), photo, None, brighter).classes
    assert np.mean(found[GARMENT][NECK] < 0.5) > 0.95


def test_a_garment_of_the_backdrops_colour_is_not_taken_for_backdrop() -> None:
    photo, plate, bare = frames(backdrop=240, body=200, shirt=240)
    found = with_frames_of_the_set(sight((slice(0, 1), slice(0, 1))), photo, plate, bare).classes
    assert np.mean(found[GARMENT][SHIRT] > 0.5) > 0.99


def test_probabilities_stay_probabilities() -> None:
    photo, plate, bare = frames()
    found = with_frames_of_the_set(sight(CHEST), photo, plate, bare).classes
    assert found.dtype == np.float32
    assert np.allclose(found.sum(axis=0), 1, atol=1e-4)
    assert found[INNER].min() >= 0


@pytest.mark.parametrize("other", ["another shape", "turned round"])
def test_a_frame_that_does_not_fit_is_not_used(other: str) -> None:
    photo, plate, _ = frames()
    frame = plate[:, :100] if other == "another shape" else plate.transpose(1, 0, 2)
    before = sight(CHEST)
    assert with_frames_of_the_set(before, photo, frame, None) is before


def test_a_shot_without_frames_is_as_the_network_saw_it(tmp_path: Path) -> None:
    before = sight(CHEST)
    assert on_the_set(before, frames()[0], Shot(front=tmp_path / "a.jpg")) == (before, ())


def test_frames_come_from_files_and_a_missing_one_is_named(tmp_path: Path) -> None:
    photo, _, bare = frames()
    Image.fromarray(bare).save(tmp_path / "bare.png")
    shot = Shot(front=tmp_path / "a.jpg", bare=tmp_path / "bare.png")
    found, notes = on_the_set(sight(NECK), photo, shot)
    assert np.mean(found.classes[GARMENT][NECK] < 0.5) > 0.95
    assert notes == ()
    Image.fromarray(bare[:, :90]).save(tmp_path / "narrow.png")
    _, notes = on_the_set(sight(NECK), photo, Shot(front=tmp_path / "a.jpg", plate=tmp_path / "narrow.png"))
    assert notes == ("The photo of the empty set does not fit this photo and was not used.",)
    with pytest.raises(PhotoError, match=r"plate\.png"):
        on_the_set(sight(NECK), photo, Shot(front=tmp_path / "a.jpg", plate=tmp_path / "plate.png"))
