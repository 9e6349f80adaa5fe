"""Names made of tokens: what a shop asks for, legal on every disk and in every channel, never given twice."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio import naming
from studio.engine.templates.catalog import builtin
from studio.errors import RecipeError
from studio.jobs.names import Names, example_names, facts_of, named
from studio.model import OutputStep, Recipe, RuleKind, Shot, Template
from studio.naming import Facts, channel_name, ean_in, filled, is_legal, legal, sku_and_view

FACTS = Facts(stem="4006381333931_back", index=7, date="2026-11-24", shoot="autumn")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{stem}", "4006381333931_back"),
        ("{sku}-{view}", "4006381333931-back"),
        ("{shoot}_{index:03}", "autumn_007"),
        ("{index}", "7"),
        ("{date}_{ean}", "2026-11-24_4006381333931"),
        ("{template}{sku}", "4006381333931"),
    ],
)
def test_every_token_is_filled_in(pattern, expected):
    assert filled(pattern, FACTS) == expected


@pytest.mark.parametrize("pattern", ["{colour}", "{stem:03}", "{index:x}", "{}", "{stem", "stem}", "  ", "{copy}"])
def test_a_pattern_that_stands_for_nothing_is_an_error_that_names_the_tokens(pattern):
    with pytest.raises(RecipeError):
        filled(pattern, FACTS)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("4711_front", ("4711", "front")),
        ("4711-Back", ("4711", "back")),
        ("AB 12 detail 2", ("AB 12", "detail")),
        ("4711_main", ("4711", "front")),
        ("backpack", ("backpack", "front")),
        ("4711", ("4711", "front")),
    ],
)
def test_the_view_is_the_last_word_of_a_name(stem, expected):
    assert sku_and_view(stem) == expected


def test_what_a_card_said_outranks_the_name():
    facts = facts_of(Shot(front=Path("IMG_1.jpg"), sku="4711", view="back"), 1, with_date=False)
    assert filled("{sku}_{view}", facts) == "4711_back"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("x4006381333931y", "4006381333931"), ("4006381333930", ""), ("12345678", "12345678"), ("40063813339319", ""),
     ("012345678905-front", "012345678905"), ("shirt", "")],
)  # fmt: skip
def test_an_ean_is_told_by_its_check_digit(text, expected):
    assert ean_in(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("con", "con_"),
        ("AUX.front", "AUX_.front"),
        ("lpt1", "lpt1_"),
        ("com²", "com²_"),
        ("console", "console"),
        ("shirt. ", "shirt"),
        ("a/b\\c:d", "a-b-c-d"),
        ("...", "photo"),
        ("x\ny", "x-y"),
    ],
)
def test_a_name_becomes_what_windows_takes(name, expected):
    assert legal(name) == expected
    assert is_legal(f"{expected}.jpg")


@given(st.text(max_size=60))
def test_whatever_a_name_was_it_is_legal_afterwards(text):
    name = legal(text)
    assert name == legal(name)
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert not name.endswith((".", " "))


def test_the_photos_own_name_stays_as_its_disk_holds_it_but_a_rule_is_legal(monkeypatch):
    facts = Facts(stem="a:b")
    monkeypatch.setattr("os.name", "posix")
    assert named("{stem}", facts) == "a:b"
    assert named("{stem}_x", facts) == "a-b_x"


@given(stem=st.from_regex(r"[A-Za-z0-9 _.-]{1,30}", fullmatch=True), copy=st.integers(0, 40))
def test_a_channel_that_limits_its_characters_gets_no_others(stem, copy):
    name = channel_name(Facts(stem=stem), builtin()["amazon-us"], copy)
    assert re.fullmatch(r"[A-Za-z0-9.]+", name)


def names_for(photos: list[str], folder: Path, *names: str) -> list[tuple[str, ...]]:
    given = Names(folder, "{stem}", tuple(builtin()[name] for name in names))
    found = []
    for photo in photos:
        given.destination(Path(), Path(photo))
        found.append(given.channels(Path(), Shot(front=Path(photo))))
    return found


def test_amazon_and_john_lewis_get_names_by_their_own_rules(tmp_path):
    photos = ["4006381333931.jpg", "4006381333931_back.jpg", "4006381333931.tif", "4006381333931_main.png"]
    assert names_for(photos, tmp_path, "amazon-us", "john-lewis") == [
        ("4006381333931.MAIN", "4006381333931"),
        ("4006381333931.BACK", "4006381333931_1"),
        ("4006381333931.PT01", "4006381333931_2"),
        ("4006381333931.PT02", "4006381333931_3"),
    ]
    for name, column in (("amazon-us", 0), ("john-lewis", 1)):
        pattern = builtin()[name].rule(RuleKind.NAME).words[0]
        assert all(re.fullmatch(pattern, row[column]) for row in names_for(photos, tmp_path, "amazon-us", "john-lewis"))


@given(photos=st.lists(st.from_regex(r"[aA1_. -]{1,4}\.(jpg|tif)", fullmatch=True), max_size=12))
def test_no_two_photos_of_an_order_get_one_name_in_a_channel(tmp_path_factory, photos):
    rows = names_for(photos, Path("/nowhere"), *builtin())
    for column in range(len(builtin())):
        folded = [row[column].casefold() for row in rows]
        assert len(set(folded)) == len(folded)


def test_two_garments_may_share_a_name_in_different_folders(tmp_path):
    given = Names(tmp_path, "{stem}", (builtin()["square"],))
    for folder in ("x", "y"):
        given.destination(Path(folder), Path("a.jpg"))
        assert given.channels(Path(folder), Shot(front=Path("a.jpg"))) == ("a",)


def test_the_preview_shows_the_name_of_every_file(tmp_path):
    photo = tmp_path / "autumn" / "4006381333931_back.jpg"
    photo.parent.mkdir()
    taken = Image.Exif()
    taken.get_ifd(0x8769)[0x9003] = "2026:05:04 10:00:00"
    Image.new("RGB", (8, 8)).save(photo, exif=taken)
    own = Template(name="mine", title="Mine", output=OutputStep(name="{date}_{sku}_{template}"))
    recipe = Recipe(output=OutputStep(name="{shoot}_{index:03}"), channels=(builtin()["amazon-us"], own))
    assert example_names(recipe, photo) == {
        "": "autumn_001.png",
        "amazon-us": "4006381333931.BACK.jpg",
        "mine": "2026-05-04_4006381333931_mine.png",
    }


def test_a_photo_without_a_date_takes_the_day_of_its_file(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", facts_of(Shot(front=tmp_path / "a.jpg"), 1, with_date=True).date)
    assert naming.filled("{date}", facts_of(Shot(front=tmp_path / "gone.jpg"), 1, with_date=True)) == ""
