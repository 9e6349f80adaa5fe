from pathlib import Path

import pytest

from studio.errors import UsageError
from studio.jobs.scan import Scan, scan


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def looked(*paths: Path, inside: str | None = None, ours: tuple[Path, ...] = ()) -> Scan:
    return scan(paths, inside=inside, ours=lambda path: path in ours)


def fronts(found: Scan) -> list[str]:
    return [(shot.tree / shot.shot.front.name).as_posix() for shot in found.shots]


def pairs(found: Scan) -> dict[str, str | None]:
    return {item.shot.front.name: item.shot.inside.name if item.shot.inside else None for item in found.shots}


def test_photographs_are_found_in_a_fixed_order_and_the_rest_is_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "b.JPG", "a/z.tif", "a.png", ".hidden.jpg", ".folder/c.jpg", "notes.txt", "a/raw.CR3", "._b.jpg")
    assert fronts(looked(tmp_path)) == ["a/raw.CR3", "a/z.tif", "a.png", "b.JPG"]


def test_a_file_named_is_taken_whatever_its_suffix(tmp_path: Path) -> None:
    touch(tmp_path, "scan.dat")
    assert fronts(looked(tmp_path / "scan.dat")) == ["scan.dat"]


def test_a_photo_named_twice_counts_once(tmp_path: Path) -> None:
    touch(tmp_path, "shoot/a.jpg")
    assert fronts(looked(tmp_path / "shoot", tmp_path / "shoot" / "a.jpg", tmp_path / "shoot")) == ["shoot/a.jpg"]


def test_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    touch(tmp_path, "one/shoot/a.jpg", "two/Shoot/a.jpg")
    assert fronts(looked(tmp_path / "one/shoot", tmp_path / "two/Shoot")) == ["shoot/a.jpg", "Shoot-2/a.jpg"]


def test_our_own_output_is_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "out/a.png", "b.png")
    found = looked(tmp_path, ours=(tmp_path / "out", tmp_path / "b.png"))
    assert fronts(found) == ["a.jpg"]
    (tmp_path / "link").symlink_to(tmp_path / "out")
    assert fronts(looked(tmp_path, ours=(tmp_path / "out", tmp_path / "b.png"))) == ["a.jpg"]


def test_links_that_lead_in_circles_end(tmp_path: Path) -> None:
    touch(tmp_path, "shoot/day/a.jpg")
    (tmp_path / "shoot" / "day" / "up").symlink_to("..")
    (tmp_path / "shoot" / "out").symlink_to(tmp_path)
    found = looked(tmp_path / "shoot")
    assert fronts(found) == ["day/a.jpg"]
    assert sorted(left.path.name for left in found.left_out) == ["out", "up"]
    assert not any(left.lost for left in found.left_out)


def test_a_linked_folder_is_followed_and_a_dangling_link_is_kept_to_be_complained_about(tmp_path: Path) -> None:
    touch(tmp_path, "elsewhere/a.jpg", "shoot/b.jpg")
    (tmp_path / "shoot" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "shoot" / "gone.jpg").symlink_to("nowhere.jpg")
    (tmp_path / "shoot" / "self.jpg").symlink_to("self.jpg")
    assert fronts(looked(tmp_path / "shoot")) == ["b.jpg", "gone.jpg", "linked/a.jpg", "self.jpg"]


@pytest.mark.parametrize(
    ("pattern", "names", "expected"),
    [
        ("{stem}_inside.*", ["a.jpg", "a_inside.tif", "b.jpg"], {"a.jpg": "a_inside.tif", "b.jpg": None}),
        ("{stem}_inside.*", ["a.jpg", "A_INSIDE.JPG"], {"a.jpg": "A_INSIDE.JPG"}),
        ("{stem}_inside.*", ["a[1].jpg", "a[1]_inside.jpg", "a1.jpg"], {"a[1].jpg": "a[1]_inside.jpg", "a1.jpg": None}),
        ("{stem}_inside.*", ["a.jpg", "a_inside.jpg", "a_inside.txt"], {"a.jpg": "a_inside.jpg"}),
        ("inside.*", ["photo.jpg", "inside.jpg"], {"photo.jpg": "inside.jpg"}),
        ("in-{stem}.jpg", ["a.jpg", "in-a.jpg", "in-b.jpg"], {"a.jpg": "in-a.jpg", "in-b.jpg": None}),
        (None, ["a.jpg", "a_inside.jpg"], {"a.jpg": None, "a_inside.jpg": None}),
    ],
)
def test_inside_photos_are_paired(
    tmp_path: Path, pattern: str | None, names: list[str], expected: dict[str, str | None]
) -> None:
    touch(tmp_path, *names)
    assert pairs(looked(tmp_path, inside=pattern)) == expected


def test_the_inside_of_a_single_file_is_looked_for_beside_it(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "a_inside.jpg")
    assert pairs(looked(tmp_path / "a.jpg", inside="{stem}_inside.*")) == {"a.jpg": "a_inside.jpg"}


def test_what_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"missing\.jpg"):
        looked(tmp_path / "missing.jpg")
