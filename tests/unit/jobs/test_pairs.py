"""Which photos belong together: by names, by order and time, by cards, and by what a person said."""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from studio.app import Studio
from studio.engine.cards import read_card, taken_s
from studio.jobs.intake import Order
from studio.jobs.pairs import CYCLE, Pairing, PhotoFact, Role, pair, role_by_name
from studio.jobs.pairs_store import PairStore
from studio.model import Recipe
from studio.settings import Home

F, I, B = Role.FRONT, Role.INSIDE, Role.BACK  # noqa: E741 as a photographer writes them down


def facts(*names: str, times: Mapping[str, float] | None = None, codes: Mapping[str, str] | None = None):
    return [
        PhotoFact(path=Path("/s") / name, taken_s=(times or {}).get(name), code=(codes or {}).get(name))
        for name in names
    ]


def told(pairs) -> dict[str, list[str]]:
    """SKU or name of each garment with its photos as `role:stem`."""
    return {
        garment.sku or garment.name: [f"{each.role}:{each.photo.stem}" for each in garment.photos]
        for garment in pairs.garments
    }


@pytest.mark.parametrize(
    ("stem", "role", "garment"),
    [
        ("4711_front", F, "4711"),
        ("4711-BLUE_Inside", I, "4711-BLUE"),
        ("4711 back 2", B, "4711"),
        ("plate", Role.PLATE, ""),
        ("set1_bare", Role.BARE, "set1"),
        ("IMG_0042", None, "IMG_0042"),
        ("playback", None, "playback"),
        ("main", None, "main"),
        ("dress_int", I, "dress"),
    ],
)
def test_a_name_tells_the_role_or_nothing(stem: str, role: Role | None, garment: str) -> None:
    assert role_by_name(stem) == (role, garment)


def test_names_bring_front_inside_and_back_together() -> None:
    pairs = pair(
        facts("a.jpg", "a_inside.jpg", "b_front.jpg", "B_back.jpg", "plate.jpg", "bare.jpg", "c.jpg"), Pairing.NAME
    )
    assert told(pairs) == {"a": ["front:a", "inside:a_inside"], "b": ["front:b_front", "back:B_back"], "c": ["front:c"]}
    assert (pairs.plate, pairs.bare) == (Path("/s/plate.jpg"), Path("/s/bare.jpg"))
    shots = {shot.front.stem: shot for shot in pairs.shots()}
    assert set(shots) == {"a", "b_front", "B_back", "c"}
    assert shots["a"].inside == Path("/s/a_inside.jpg")
    assert (shots["B_back"].view, shots["B_back"].sku) == ("back", "b")
    assert all(shot.plate == pairs.plate and shot.bare == pairs.bare for shot in shots.values())


def test_a_pattern_of_ones_own_is_believed() -> None:
    pairs = pair(facts("x.jpg", "open-x.jpg"), Pairing.NAME, inside="open-{stem}.*")
    assert told(pairs) == {"x": ["front:x", "inside:open-x"]}


def test_an_inside_without_a_front_is_named_and_no_shot() -> None:
    pairs = pair(facts("a_inside.jpg", "b.jpg"), Pairing.NAME)
    assert pairs.alone == (Path("/s/a_inside.jpg"),)
    assert [shot.front.stem for shot in pairs.shots()] == ["b"]


def test_order_is_by_number_not_by_letter_and_the_roles_come_in_turn() -> None:
    pairs = pair(facts("p10.jpg", "p9.jpg", "p8.jpg", "p11.jpg"), Pairing.ORDER)
    assert told(pairs) == {"p8": ["front:p8", "inside:p9"], "p10": ["front:p10", "inside:p11"]}


def test_a_long_pause_begins_a_new_garment_so_that_a_forgotten_photo_shifts_nothing() -> None:
    times = {"a": 0.0, "b": 5.0, "c": 60.0, "d": 120.0, "e": 126.0}
    pairs = pair(facts(*times, times=times), Pairing.ORDER)
    assert told(pairs) == {"a": ["front:a", "inside:b"], "c": ["front:c"], "d": ["front:d", "inside:e"]}


def test_the_cameras_clock_outranks_the_names() -> None:
    times = {"z1": 1.0, "a2": 2.0, "m3": 3.0, "b4": 4.0}
    pairs = pair(facts(*sorted(times), times=times), Pairing.ORDER, cycle=(F, B))
    assert told(pairs) == {"z1": ["front:z1", "back:a2"], "m3": ["front:m3", "back:b4"]}


def test_a_card_gives_the_sku_to_what_follows_it() -> None:
    names = ["1", "2", "3", "4", "5", "6", "7"]
    pairs = pair(facts(*names, codes={"2": "SKU-1", "5": "4006381333931"}), Pairing.AUTO)
    assert told(pairs) == {"1": ["front:1"], "SKU-1": ["front:3", "inside:4"], "4006381333931": ["front:6", "inside:7"]}
    assert [path.stem for path in pairs.cards] == ["2", "5"]
    assert {shot.sku for shot in pairs.shots()} == {"", "SKU-1", "4006381333931"}


def test_one_garment_on_two_cards_is_one_garment() -> None:
    pairs = pair(facts("1", "2", "3", "4", codes={"1": "A", "3": "A"}), Pairing.CARDS, cycle=(F,))
    assert told(pairs) == {"A": ["front:2", "front:4"]}
    assert [shot.view for shot in pairs.shots()] == ["front", "front-2"]


def test_what_a_person_said_outranks_what_was_found() -> None:
    photos = facts("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    said = {
        Path("/s/b.jpg"): (I, "a"),
        Path("/s/c.jpg"): (Role.PLATE, ""),
        Path("/s/d.jpg"): (Role.NONE, ""),
    }
    pairs = pair(photos, Pairing.NAME, corrections=said)
    assert told(pairs) == {"a": ["front:a", "inside:b"]}
    assert (pairs.plate, pairs.left) == (Path("/s/c.jpg"), (Path("/s/d.jpg"),))


def test_every_photo_is_somewhere_whatever_the_way() -> None:
    names = [f"p{number}" for number in range(17)]
    for how in Pairing:
        pairs = pair(facts(*names, codes={"p3": "X", "p9": "Y"}), how, cycle=(F, I, B))
        placed = [each.photo for garment in pairs.garments for each in garment.photos] + list(pairs.cards)
        assert sorted(path.name for path in placed) == sorted(names), how


# --- cards


def card(path: Path, text: str, kind: zxingcpp.BarcodeFormat, *, size: int = 500, turned: float = 0) -> Path:
    drawn = np.array(zxingcpp.create_barcode(text, kind).to_image(scale=4))
    code = Image.fromarray(drawn).convert("L")
    code = code.resize((size, round(size * code.height / code.width)), Image.Resampling.NEAREST)
    photo = Image.new("RGB", (2400, 1800), (182, 180, 176))
    paper = Image.new("RGB", (code.width + 120, code.height + 120), "white")
    paper.paste(code, (60, 60))
    photo.paste(paper.rotate(turned, expand=True, fillcolor=(182, 180, 176)), (700, 500))
    noise = np.random.default_rng(1).normal(0, 6, (1800, 2400, 3))
    Image.fromarray(np.clip(np.asarray(photo) + noise, 0, 255).astype(np.uint8)).save(path, quality=88)
    return path


@pytest.mark.parametrize(
    ("text", "kind", "turned"),
    [
        ("SKU-4711/blue", zxingcpp.BarcodeFormat.QRCode, 0),
        ("SKU-4711/blue", zxingcpp.BarcodeFormat.QRCode, 17),
        ("4006381333931", zxingcpp.BarcodeFormat.EAN13, 0),
        ("JKT-2026-0042", zxingcpp.BarcodeFormat.Code128, 3),
    ],
)
def test_a_card_is_read_from_a_photo(tmp_path: Path, text: str, kind: zxingcpp.BarcodeFormat, turned: float) -> None:
    assert read_card(card(tmp_path / "card.jpg", text, kind, size=900, turned=turned)) == text


def test_a_code_on_a_garments_tag_is_no_card(tmp_path: Path) -> None:
    assert read_card(card(tmp_path / "tag.jpg", "tag", zxingcpp.BarcodeFormat.QRCode, size=140)) is None


def test_a_photo_without_a_code_is_no_card(tmp_path: Path) -> None:
    Image.effect_noise((800, 600), 40).convert("RGB").save(tmp_path / "a.jpg")
    assert read_card(tmp_path / "a.jpg") is None


def test_the_cameras_clock_is_read_with_its_fractions(tmp_path: Path) -> None:
    photo = Image.new("RGB", (64, 64))
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0x9003: "2026:11:24 10:20:30", 0x9291: "25"})
    photo.save(tmp_path / "a.jpg", exif=exif)
    photo.save(tmp_path / "b.jpg")
    assert (taken_s(tmp_path / "a.jpg") or 0) % 60 == 30.25
    assert taken_s(tmp_path / "b.jpg") is None


# --- through an order


@pytest.fixture
def studio(tmp_path: Path):
    with Studio(Home(folder=tmp_path / "home"), engine="tests.fakes.engine") as studio:
        yield studio


def shoot(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / "shoot" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "shoot" / name).write_text(f'{{"text": "{name}"}}')
    return tmp_path / "shoot"


def fronts(studio: Studio, folder: Path, **more: object) -> dict[str, str | None]:
    plan = studio.work.plan(Order(paths=(folder,), out=folder.parent / "out", recipe=Recipe(), **more))
    return {wanted.source.as_posix(): wanted.shot.inside and wanted.shot.inside.name for wanted in plan.shots}


def test_an_order_by_pairs_has_a_shot_for_each_view(studio: Studio, tmp_path: Path) -> None:
    folder = shoot(
        tmp_path, "d/a_front.jpg", "d/a_inside.jpg", "d/a_back.jpg", "e/b.jpg", "plate.jpg", "d/x_inside.jpg"
    )
    plan = studio.work.plan(Order(paths=(folder,), out=tmp_path / "out", recipe=Recipe(), pairs=Pairing.NAME))
    assert {wanted.source.as_posix() for wanted in plan.shots} == {"d/a_front.jpg", "d/a_back.jpg", "e/b.jpg"}
    assert {wanted.shot.plate for wanted in plan.shots} == {folder / "plate.jpg"}
    assert [left.path.name for left in plan.left_out] == ["x_inside.jpg"]


def test_corrections_hold_for_every_later_order_until_forgotten(studio: Studio, tmp_path: Path) -> None:
    folder = shoot(tmp_path, "a.jpg", "b.jpg")
    studio.shoots.correct({folder / "b.jpg": (I, "a")})
    assert fronts(studio, folder) == {"a.jpg": "b.jpg"}
    studio.shoots.forget(folder)
    assert fronts(studio, folder) == {"a.jpg": None, "b.jpg": None}


def test_frames_of_the_set_belong_to_the_work(studio: Studio, tmp_path: Path) -> None:
    folder = shoot(tmp_path, "a.jpg", "empty set.jpg", "doll.jpg")
    plain, *_ = studio.work.submit(
        studio.work.plan(Order(paths=(folder / "a.jpg",), out=tmp_path / "out", recipe=Recipe()))
    )
    order = Order(
        paths=(folder,), out=tmp_path / "out", recipe=Recipe(), plate=folder / "empty set.jpg", bare=folder / "doll.jpg"
    )
    (taken,) = studio.work.submit(studio.work.plan(order))
    assert taken.job.shot.plate == folder / "empty set.jpg"
    assert taken.job.bare_hash
    assert taken.job.intake_key != plain.job.intake_key
    assert studio.history.entry(taken.job.id).job.shot == taken.job.shot


def test_an_estimate_counts_photos_room_and_time(studio: Studio, tmp_path: Path) -> None:
    folder = shoot(tmp_path, *(f"{number}.jpg" for number in range(10)))
    plan = studio.work.plan(Order(paths=(folder,), out=tmp_path / "out", recipe=Recipe()))
    found = studio.shoots.estimate(plan, 2)
    assert found.photos == 10
    assert 0 < found.bytes < found.free_bytes
    assert found.is_enough
    assert found.seconds > 0
    assert not found.is_measured


def test_what_was_said_survives(tmp_path: Path) -> None:
    with PairStore(tmp_path / "jobs.sqlite3") as memory:
        memory.keep({tmp_path / "s" / "a.jpg": (F, "x"), tmp_path / "t" / "a.jpg": (B, "")})
        memory.keep({tmp_path / "s" / "a.jpg": (I, "y")})
    with PairStore(tmp_path / "jobs.sqlite3") as memory:
        assert memory.below(tmp_path / "s") == {tmp_path / "s" / "a.jpg": (I, "y")}


def test_the_usual_cycle_is_front_then_inside() -> None:
    assert CYCLE == (F, I)


@pytest.mark.parametrize("how", [Pairing.ORDER, Pairing.CARDS])
def test_a_name_that_fits_the_pattern_of_insides_is_believed_in_every_order(how: Pairing) -> None:
    photos = facts("a.jpg", "a (neck).jpg", "b.jpg", "b (neck).jpg")
    card = PhotoFact(path=Path("0.jpg"), code="4711")
    with_card = [card, *photos] if how is Pairing.CARDS else photos
    pairs = pair(with_card, how, inside="{stem} (neck).*", cycle=(F, F))
    assert [shot.inside and shot.inside.name for shot in pairs.shots()] == ["a (neck).jpg", "b (neck).jpg"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_tells_no_time_rather_than_being_waited_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    assert taken_s(tmp_path / "a.jpg") is None


def test_a_card_that_cannot_be_read_numbers_what_follows_it_once_a_person_says_its_number() -> None:
    photos = facts("1.jpg", "2.jpg", "3.jpg", "4.jpg", codes={"1.jpg": "A"})
    assert told(pair(photos, Pairing.CARDS, cycle=(F,))) == {"A": ["front:2", "front:3", "front:4"]}
    said = {photos[2].path: (Role.CARD, "B")}
    assert told(pair(photos, Pairing.CARDS, cycle=(F,), corrections=said)) == {"A": ["front:2"], "B": ["front:4"]}
