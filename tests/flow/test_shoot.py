"""The commands about shoots, and `process` with frames of the set, through the program."""

import json
from pathlib import Path

from studio.model import Shot
from tests.flow.shoot import Run, Shoot


def shots(shoot: Shoot) -> dict[str, Shot]:
    return {entry.job.shot.front.name: entry.job.shot for entry in shoot.history()}


def lines(run: Run) -> dict[str, dict[str, str]]:
    return {Path(line["photo"]).name: line for line in map(json.loads, run.out.splitlines())}


def test_pairs_are_shown_corrected_used_and_forgotten(shoot: Shoot) -> None:
    for name in ("a_front.jpg", "a_inside.jpg", "a_back.jpg", "b.jpg", "neck.jpg"):
        shoot.photo(name)
    found = lines(shoot.run("shoot", "pairs", shoot.photos, "--by", "name", "--json"))
    assert {name: line["role"] for name, line in found.items()}["a_inside.jpg"] == "inside"
    run = shoot.run("shoot", "set", shoot.photos / "neck.jpg", "--role", "inside", "--garment", "b")
    assert (run.status, run.err) == (0, "")
    assert lines(shoot.run("shoot", "pairs", shoot.photos, "--by", "name", "--json"))["neck.jpg"]["how"] == "hand"
    assert shoot.process("--pairs", "name").status == 0
    made = shots(shoot)
    assert set(made) == {"a_front.jpg", "a_back.jpg", "b.jpg"}
    assert made["a_front.jpg"].inside == shoot.photos / "a_inside.jpg"
    assert made["b.jpg"].inside == shoot.photos / "neck.jpg"
    assert made["a_back.jpg"].view == "back"
    run = shoot.run("shoot", "set", shoot.photos / "b.jpg", "--role", "front", "--garment", "c")
    assert "Process the shoot again" in run.err
    assert shoot.process("--pairs", "name").photos("done") == ["b.jpg"]
    assert shoot.run("shoot", "forget", shoot.photos).out == "Corrections forgotten: 2.\n"
    assert lines(shoot.run("shoot", "pairs", shoot.photos, "--by", "name", "--json"))["neck.jpg"]["role"] == "front"


def test_frames_of_the_set_go_with_every_photo_and_are_none_themselves(shoot: Shoot) -> None:
    plate, bare = shoot.photo("set/empty one.jpg"), shoot.photo("doll 1.jpg")
    shoot.photo("a.jpg")
    run = shoot.process("--plate", plate, "--bare", bare)
    assert run.photos("done") == ["a.jpg"]
    assert shots(shoot)["a.jpg"].plate == plate
    plate.write_text("{}")
    assert shoot.process("--plate", plate, "--bare", bare).photos("done") == ["a.jpg"]
    assert shoot.process("--plate", plate, "--bare", bare).photos("skipped") == ["a.jpg"]


def test_words_that_cannot_be_are_refused(shoot: Shoot) -> None:
    shoot.photo("a.jpg")
    assert shoot.process("--plate", shoot.photos / "none.jpg").status == 2
    assert shoot.process("--order", "front,sideways", "--pairs", "order").status == 2
    assert shoot.run("shoot", "set", shoot.photos / "none.jpg", "--role", "front").status == 2
    assert shoot.run("watch", shoot.photos).status == 2
    assert shoot.run("watch", shoot.photos / "none", "--out", shoot.out).status == 2
    assert shoot.run("watch", shoot.photos, "--pause").status == 2


def test_an_estimate_is_given_before_anything_is_done(shoot: Shoot) -> None:
    for number in range(3):
        shoot.photo(f"{number}.jpg")
    run = shoot.run("shoot", "estimate", shoot.photos, "--out", shoot.out, "--json")
    assert run.status == 0
    assert json.loads(run.out)["photos"] == 3
    assert not shoot.out.exists()
    assert shoot.history() == []


def test_an_estimate_counts_what_would_be_done_with_the_same_words(shoot: Shoot) -> None:
    for name in ("a.jpg", "a_inside.jpg", "b.jpg", "b_inside.jpg", "c.jpg"):
        shoot.photo(name)

    def ahead(*words: object) -> dict[str, int]:
        run = shoot.run("shoot", "estimate", shoot.photos, "--out", shoot.out, "--json", *words)
        return {name: json.loads(run.out)[name] for name in ("photos", "done")}

    inside = ("--inside", "{stem}_inside.*")
    assert ahead() == {"photos": 5, "done": 0}
    assert ahead(*inside) == ahead("--pairs", "name") == {"photos": 3, "done": 0}
    assert shoot.run("process", shoot.photos / "a.jpg", "--out", shoot.out, *inside).status == 0
    assert ahead(*inside) == {"photos": 2, "done": 1}
    assert ahead(*inside, "--again") == {"photos": 3, "done": 0}
    assert ahead(*inside, "--format", "jpg") == {"photos": 3, "done": 0}
    assert shoot.run("shoot", "estimate", shoot.photos, "--out", shoot.out, *inside).out.endswith("; 1 done already.\n")
