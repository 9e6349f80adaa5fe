import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.jobs.names import Names, name_limit, out_folder, shortened, with_copy
from tests.unit.jobs.builders import make_job


def names_of(tmp_path: Path, *photos: str, template: str = "{stem}") -> list[str]:
    names = Names(tmp_path, template)
    places = [names.destination(Path(photo).parent, Path(photo))[0] for photo in photos]
    return [place.relative_to(tmp_path).as_posix() for place in places]


@pytest.mark.parametrize(
    ("photos", "expected"),
    [
        (["a.jpg", "a.tif"], ["a", "a-tif"]),
        (["a.jpg", "A.JPG", "a.Jpg"], ["a", "A-jpg", "a-2"]),
        (["x/a.jpg", "y/a.jpg"], ["x/a", "y/a"]),
        (["a.jpg", "a-tif.jpg", "a.tif"], ["a", "a-tif", "a-2"]),
        (["X/a.jpg", "x/a.jpg"], ["X/a", "x/a-jpg"]),
        (
            [unicodedata.normalize("NFC", "é.jpg"), unicodedata.normalize("NFD", "é.jpg")],
            ["é", unicodedata.normalize("NFD", "é") + "-jpg"],
        ),
    ],
)
def test_no_two_photos_get_one_name(tmp_path: Path, photos: list[str], expected: list[str]) -> None:
    assert names_of(tmp_path, *photos) == expected


def test_the_review_destination_keeps_the_tree(tmp_path: Path) -> None:
    place, review = Names(tmp_path, "{stem}").destination(Path("day"), Path("a.jpg"))
    assert (place, review) == (tmp_path / "day" / "a", tmp_path / "_review" / "day" / "a")
    assert out_folder(make_job(destination=place, review_destination=review)) == tmp_path


def test_the_template_names_results(tmp_path: Path) -> None:
    assert names_of(tmp_path, "a.jpg", template="{stem}_ghost") == ["a_ghost"]


@given(name=st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1, max_size=300))
def test_a_shortened_name_fits_and_stays_itself_when_it_fitted(name: str) -> None:
    short = shortened(name, 100)
    assert len(os.fsencode(short)) <= 100
    assert (short == name) == (len(os.fsencode(name)) <= 100)


def test_long_names_that_begin_alike_stay_apart() -> None:
    assert shortened("x" * 200 + "1", 100) != shortened("x" * 200 + "2", 100)


def test_every_ending_fits_behind_a_long_name(tmp_path: Path) -> None:
    names = Names(tmp_path, "{stem}")
    place, _ = names.destination(Path(), Path("👗" * 62 + ".jpg"))
    (tmp_path / f"{with_copy(place, 9999).name}.report.json").write_text("")


def test_the_limit_is_known_before_the_folder_exists(tmp_path: Path) -> None:
    assert 100 < name_limit(tmp_path / "not" / "yet") <= 255
