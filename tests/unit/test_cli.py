import contextlib
import json
import os
import shlex
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from studio import doctor
from studio.app import Studio, WatchedFolder
from studio.cli import cli, main
from studio.commands.bars import BarFace
from studio.commands.show import JsonFace, Tally
from studio.commands.words import plain
from studio.commands.work import Words, cooked
from studio.errors import RecipeError, UsageError
from studio.model import (
    ComposeStep,
    Engine,
    Event,
    Failure,
    Format,
    JobChanged,
    JobStatus,
    Notice,
    Progress,
    Recipe,
)
from studio.recipes import all_recipes, read_recipe
from studio.settings import Home, Settings

HEAVY = ("torch", "onnxruntime", "PySide6", "numpy", "cv2", "pyvips", "sqlalchemy", "alembic", "rich")
ASK = """
import sys
from studio.cli import main
status = main(sys.argv[1:])
print([name for name in {names} if name in sys.modules])
sys.exit(status)
"""
PHOTO = Path("/shoot/a.jpg")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MODAMODA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def words(**changes: object) -> Words:
    given = Words(
        paths=(),
        out=Path("out"),
        recipe="invisible",
        engine=None,
        format_=None,
        background=None,
        size=None,
        layers=False,
        layered=False,
        templates=(),
        as_json=False,
        again=False,
        inside=None,
        pairs=None,
        order=None,
        plate=None,
        bare=None,
        level=None,
    )
    return replace(given, **changes)


@pytest.mark.parametrize("command", [["--help"], ["process", "--help"], ["review", "--help"], ["--version"]])
def test_help_answers_without_the_heavy_libraries(command: list[str]) -> None:
    ask = [sys.executable, "-c", ASK.format(names=HEAVY), *command]
    answer = subprocess.run(ask, capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[]"
    assert answer.stderr == ""


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    for command in ("process", "demo", "history", "resume", "doctor", "review", "recipe"):
        assert f"  {command} " in listed


@pytest.mark.parametrize(
    "command",
    [
        ["process"],
        ["process", "."],
        ["process", ".", "--out", "o", "--format", "bmp"],
        ["process", ".", "--out", "o", "--size", "12"],
        ["process", ".", "--out", "o", "--engine", "steam"],
        ["process", ".", "--out", "o", "--inside", "*_inside.jpg"],
        ["nonsense"],
        ["history", "--limit", "0"],
        ["review", "approve"],
    ],
)
def test_wrong_words_end_with_status_two(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 2
    assert capsys.readouterr().err


def test_options_change_the_recipe() -> None:
    asked = words(engine="starter", format_="jpg", background="white", size=(1600, 2000), layers=True)
    recipe = cooked(Recipe(), asked)
    assert (recipe.engine, recipe.output.format, recipe.output.layers) == (Engine.STARTER, Format.JPG, True)
    assert (recipe.compose.background, recipe.compose.size) == ("#ffffff", (1600, 2000))
    assert cooked(Recipe(), words()) == Recipe()


def test_layers_in_a_file_that_holds_none_are_refused() -> None:
    for format_ in (None, "png", "jpg"):
        with pytest.raises(UsageError, match="TIFF"):
            cooked(Recipe(), words(layered=True, format_=format_))
    assert cooked(Recipe(), words(layered=True, format_="tiff")).output.layered


def test_a_background_is_a_colour_or_a_picture_that_exists(tmp_path: Path) -> None:
    picture = tmp_path / "wall.png"
    picture.write_bytes(b"")
    assert cooked(Recipe(), words(background=str(picture))).compose.background == str(picture)
    assert cooked(Recipe(), words(background="transparent")).compose.background == "transparent"
    with pytest.raises(RecipeError, match=r"no background .*wall\.png"):
        cooked(Recipe(), words(background="wall.png"))
    with pytest.raises(RecipeError, match="no background ''"):
        cooked(Recipe(), words(background=""))
    with pytest.raises(RecipeError):
        cooked(Recipe(), words(background="#12"))


def test_recipes_are_shown_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipe", "show", "cutout"]) == 0
    text = capsys.readouterr().out
    assert Recipe.from_json(text).mode == "cutout"
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(text)
    bad.write_text('{"compose": {"colour": "red"}}')
    assert main(["recipe", "check", str(good)]) == 0
    assert main(["recipe", "check", str(bad)]) == 1
    complaint = capsys.readouterr().err
    assert "bad.json" in complaint
    assert "compose.colour" in complaint
    assert main(["recipe", "show", "nosuch"]) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "not JSON"),
        ('{"name": "a", "name": "b"}', "name stands there twice"),
        ('{"output": {"quality": "92"}}', 'output.quality must be a whole number, not "92"'),
        ('{"output": {"layers": "yes"}}', 'output.layers must be true or false, not "yes"'),
        ('{"compose": null}', "compose must be an object"),
        ('{"output": {"name": "{stm}"}}', "The token stm"),
        ('{"output": {"name": ""}}', "cannot be a name"),
        (b'{"name": "caf\xe9"}', "not text in UTF-8"),
    ],
)
def test_a_mistake_in_a_recipe_is_told_with_file_and_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | bytes, why: str
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert main(["recipe", "check", str(bad)]) == 1
    complaint = capsys.readouterr().err
    assert str(bad) in complaint
    assert why in complaint


def test_a_recipe_may_begin_with_the_mark_of_windows_editor(tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    own.write_text(Recipe().to_json(), encoding="utf-8-sig")
    assert main(["recipe", "check", str(own)]) == 0


def test_an_order_of_photos_that_nothing_would_heed_is_refused(tmp_path: Path) -> None:
    words = ["process", str(tmp_path), "--out", str(tmp_path / "out"), "--order", "front,back"]
    for pairs in ([], ["--pairs", "name"]):
        assert main([*words, *pairs]) == 2


def test_a_recipe_of_ones_own_is_known_by_name(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "recipes").mkdir(parents=True)
    (home / "recipes" / "shop.json").write_text(Recipe(name="shop").to_json())
    assert main(["recipe", "check", "shop"]) == 0
    assert "shop" in capsys.readouterr().out


def test_doctor_names_everything_and_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--json"])
    findings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = {finding["name"] for finding in findings}
    assert {"Processor", "Memory", "GPU", "Starter engine", "Weights", "Keyring", "Qt"} <= names
    assert all(finding["advice"] for finding in findings if finding["works"] is False)


def test_doctor_says_that_a_file_is_no_place_for_the_data(
    home: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    home.touch()
    assert main(["doctor", "--json"]) == 1
    findings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (disk,) = [finding for finding in findings if finding["name"] == "Disk"]
    assert (disk["works"], str(home) in disk["state"]) == (False, True)
    assert main(["history"]) == 1
    assert capsys.readouterr().err.startswith("Data folder not usable: ")
    assert not caplog.messages, "without a log they would stand before the sentence"


@pytest.mark.parametrize("wanted", [0, 1])
def test_doctor_says_whether_networks_can_be_compiled_a_lack_only_where_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: int
) -> None:
    home = Home(folder=tmp_path)
    Settings(compile_networks=wanted).save(home.settings)
    monkeypatch.setattr(doctor, "_distribution", lambda home, name: None)
    (absent,) = [one for one in doctor.examine(home) if one.name == "Compiling"]
    assert absent.works is (False if wanted else None)
    assert "not installed" in absent.state
    monkeypatch.setattr(
        doctor, "_distribution", lambda home, name: SimpleNamespace(version="1.0") if name == "torch" else None
    )
    (lacking,) = [one for one in doctor.examine(home) if one.name == "Compiling"]
    assert lacking.works is (False if wanted else None)
    assert "Triton is missing" in lacking.state
    assert lacking.advice


def test_empty_history_and_review_are_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "--json"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["history"]) == 0
    assert "The history is empty" in capsys.readouterr().err
    assert main(["watch", "--list"]) == 0
    assert "No folder is watched" in capsys.readouterr().err
    assert main(["review", "list"]) == 0
    assert "Nothing waits" in capsys.readouterr().out


def test_the_list_of_watched_folders_says_which_cannot_be_reached(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Studio(Home(folder=home)) as studio:
        for name in ("here", "gone"):
            (tmp_path / name).mkdir()
            folder = WatchedFolder(id="", folder=tmp_path / name, out=tmp_path / f"out {name}", recipe=Recipe())
            kept = studio.watching.keep(folder)
        studio.watching.set_paused(kept.id, True)
    (tmp_path / "gone").rmdir()
    assert main(["watch", "--list"]) == 0
    here, gone = capsys.readouterr().out.splitlines()
    assert here.endswith(": nothing yet")
    assert gone.endswith(": paused, not reachable, nothing yet")
    assert main(["watch", "--list", "--json"]) == 0
    assert [json.loads(line)["reachable"] for line in capsys.readouterr().out.splitlines()] == [True, False]
    assert main(["watch", str(tmp_path / "gone"), "--put-back"]) == 1
    assert capsys.readouterr().err.startswith("Folder not reachable: ")


def test_a_newer_history_is_refused_in_words(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["history"])
    with contextlib.closing(sqlite3.connect(home / "jobs.sqlite3")) as connection:
        connection.execute("PRAGMA user_version=99")
    assert main(["history"]) == 1
    complaint = capsys.readouterr().err
    assert "newer" in complaint
    assert str(home) in complaint


def test_a_data_folder_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("MODAMODA_HOME", str(tmp_path / "file" / "home"))
    assert main(["history"]) == 1
    complaint = capsys.readouterr().err
    assert str(tmp_path / "file" / "home") in complaint
    assert "MODAMODA_HOME" in complaint
    assert "Traceback" not in complaint


def test_what_no_one_foresaw_is_one_sentence_and_its_trace_is_in_the_log(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(**words: object) -> int:
        raise ZeroDivisionError("nobody thought of this")

    monkeypatch.setattr("studio.commands.look.history", breaks)
    assert main(["history"]) == 1
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "Traceback" not in complaint
    log = home / "logs" / "modamoda.log"
    assert str(home / "crashes" / "crash-") in complaint
    assert "nobody thought of this" in log.read_text()


def test_json_events_are_what_the_contract_says() -> None:
    lines: list[str] = []
    face = JsonFace(lines.append)
    failure = Failure(title="Bad", message="/shoot/a.jpg is bad.", hint="Take another.")
    events: list[Event] = [
        JobChanged(job_id="1", photo=PHOTO, status=JobStatus.RUNNING),
        Progress(job_id="1", photo=PHOTO, stage="extract", fraction=0.25),
        JobChanged(job_id="1", photo=PHOTO, status=JobStatus.QUEUED),
        JobChanged(job_id="1", photo=PHOTO, status=JobStatus.DONE, files=(Path("/out/a.png"),), confidence=0.9),
        JobChanged(job_id="1", photo=PHOTO, status=JobStatus.NEEDS_REVIEW, files=(Path("/r/a.png"),), confidence=0.3),
        JobChanged(job_id="1", photo=PHOTO, status=JobStatus.FAILED, error=failure),
        Notice(title="Something", message="else"),
    ]
    for event in events:
        face.show(event)
    face.skipped(PHOTO, "Already done.", (Path("/out/a.png"),))
    seen = [json.loads(line) for line in lines]
    assert [line["event"] for line in seen] == ["started", "progress", "done", "needs_review", "failed", "skipped"]
    assert all(line["photo"] == str(PHOTO) for line in seen)
    assert seen[1]["fraction"] == 0.25
    assert seen[2]["results"] == ["/out/a.png"]
    assert (seen[4]["title"], seen[4]["message"], seen[4]["hint"]) == (failure.title, failure.message, failure.hint)


def test_the_summary_counts_and_the_status_follows() -> None:
    tally = Tally(JsonFace(lambda line: None))
    assert (tally.summary(), tally.status) == ("Nothing to do", 0)
    for status in (JobStatus.DONE, JobStatus.DONE, JobStatus.NEEDS_REVIEW):
        tally.show(JobChanged(job_id="1", photo=PHOTO, status=status))
    assert tally.status == 0
    tally.leave_out(PHOTO, Failure(title="Folder not readable", message="no"), lost=True)
    tally.leave_out(PHOTO, Failure(title="Link not followed", message="no"), lost=False)
    assert (tally.summary(), tally.status) == ("2 done, 1 to review (modamoda review list), 1 failed", 1)


def test_where_results_lie_and_those_to_review_is_said_at_the_end() -> None:
    def places(out: Path | None) -> list[str]:
        tally = Tally(JsonFace(lambda line: None), out)
        for name in ("day/a.png", "day/x/b.png", "c/c.png"):
            files = (Path("/out") / name,)
            tally.show(JobChanged(job_id="1", photo=PHOTO, status=JobStatus.DONE, files=files))
        files = (Path("/out/_review/day/d.png"),)
        tally.show(JobChanged(job_id="1", photo=PHOTO, status=JobStatus.NEEDS_REVIEW, files=files))
        return tally.places()

    assert places(Path("/out")) == ["Results: /out", "To review: /out/_review"]
    assert places(None) == ["Results: /out/day, /out/c", "To review: /out/_review"]
    assert Tally(JsonFace(lambda line: None), Path("/out")).places() == []


def test_terminals_are_shown_no_control_characters() -> None:
    assert plain("a\nb\x1b[31m\u202egpj.👗.jpg") == "a\\nb\\x1b[31m\\u202egpj.👗.jpg"


def test_the_rate_is_that_of_all_photos_worked_on_not_of_those_that_end_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bars, clock = BarFace(), [100.0]
    bars.close()
    monkeypatch.setattr(bars._bars, "get_time", lambda: clock[0])
    bars.expect(8)
    bars.skipped(PHOTO, "Already done.", ())
    for job in ("1", "2"):
        bars.show(JobChanged(job_id=job, photo=PHOTO, status=JobStatus.RUNNING))
    clock[0] += 30
    for job in ("1", "2"):
        bars.show(JobChanged(job_id=job, photo=PHOTO, status=JobStatus.DONE))
    whole = bars._bars.tasks[0]
    monkeypatch.setattr(whole, "_get_time", lambda: clock[0])
    drawn = [str(column.render(whole)) for column in bars._bars.columns[-2:]]
    assert drawn == ["4.0/min", "0:01:15"]


@pytest.mark.skipif(os.name == "nt", reason="pseudo terminals of POSIX")
def test_bars_are_drawn_on_a_terminal_only() -> None:
    import pty

    code = """
from pathlib import Path
from types import SimpleNamespace
from studio.commands.show import face
from studio.model import JobChanged, JobStatus, Progress
shown = face(as_json=False)
shown.expect(2)
shown.show(JobChanged(job_id="1", photo=Path("dress.jpg"), status=JobStatus.RUNNING))
shown.show(Progress(job_id="1", photo=Path("dress.jpg"), stage="extract", fraction=0.5))
shown.show(JobChanged(job_id="1", photo=Path("dress.jpg"), status=JobStatus.DONE))
shown.close()
"""
    master, slave = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen([sys.executable, "-c", code], stdout=slave, stderr=slave, env=environment) as process:
        os.close(slave)
        drawn = b""
        while chunk := _read(master):
            drawn += chunk
        assert process.wait() == 0
    os.close(master)
    assert b"Photos" in drawn
    assert b"1/2" in drawn
    quiet = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert quiet.stdout + quiet.stderr == b""


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_a_preset_is_a_background_too() -> None:
    assert cooked(Recipe(), words(background="sweep-sand")).compose.background == "sweep-sand"


def test_a_colours_name_in_a_recipe_means_what_it_means_as_a_word(tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    for name in ("grey", "Gray", "sweep-sand", "transparent", "#12ab9f"):
        own.write_text(Recipe(compose=ComposeStep(background=name)).to_json())
        assert cooked(read_recipe(own), words()) == cooked(Recipe(), words(background=name))
    own.write_text(Recipe(compose=ComposeStep(background="greyish")).to_json())
    with pytest.raises(RecipeError, match="no background greyish"):
        cooked(read_recipe(own), words())


def test_a_recipes_picture_is_looked_for_beside_it_and_missed_before_the_photos(tmp_path: Path) -> None:
    recipe = Recipe(compose=ComposeStep(background="wall.png"))
    (tmp_path / "own.json").write_text(recipe.to_json())
    read = read_recipe(tmp_path / "own.json")
    assert read.compose.background == str(tmp_path / "wall.png")
    with pytest.raises(RecipeError, match="wall"):
        cooked(read, words())
    (tmp_path / "wall.png").touch()
    assert cooked(read, words()) == read


def test_an_empty_name_is_not_the_working_folder(tmp_path: Path) -> None:
    for command in (["process", "", "--out", str(tmp_path)], ["process", str(tmp_path), "--out", ""]):
        result = CliRunner().invoke(cli, command)
        assert result.exit_code == 2
        assert "an empty name is no place" in result.output


@pytest.mark.parametrize(
    "command",
    [
        "recipe check ''", "recipe show ''", "process . --out o --recipe ''", "process . --out o --template ''",
        "process . --out o --background ''", "process . --out o --pairs order --order ''", "review approve ''",
        "review reject x ''", "templates show ''", "templates check a.png --template ''", "models fetch ''",
        "models remove ''", "models import ''", "models export ''", "models licences --accept ''", "addon gather ''",
        "account invoice ''", "account render ''", "farm stop ''", "farm cancel ''", "shoot pairs . --order ''",
    ],
)  # fmt: skip
def test_an_empty_word_is_refused_before_anything_is_looked_up(command: str) -> None:
    result = CliRunner().invoke(cli, shlex.split(command))
    assert result.exit_code == 2
    assert "an empty name" in result.output


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("recipe show d", "d is a folder, not a recipe"),
        ("shoot pairs a.txt", "is a file"),
        ("shoot pairs d", "no photographs in d"),
        ("shoot estimate d --out o", "no photographs in d"),
        ("shoot set d --role card", "d is a folder"),
        ("shoot set a.txt --role card", "no photograph's name"),
        ("models fetch nothing-of-that-name", "No model is called"),
    ],
)
def test_what_is_not_of_the_kind_wanted_is_said(
    command: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODAMODA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    (tmp_path / "a.txt").touch()
    assert main(shlex.split(command)) == 2
    assert said in capsys.readouterr().err


def test_a_picture_of_a_user_who_is_not_here_is_missed_and_spoils_no_other_recipe(tmp_path: Path) -> None:
    with pytest.raises(RecipeError):
        cooked(Recipe(), words(background="~nobody-of-that-name/wall.png"))
    recipe = Recipe(compose=ComposeStep(background="~nobody-of-that-name/wall.png"))
    (tmp_path / "own.json").write_text(recipe.to_json())
    assert "own" in all_recipes(tmp_path)


def test_a_failure_of_many_photos_is_told_once_and_one_that_names_no_photo_is_given_its_name() -> None:
    tally = Tally(JsonFace(lambda line: None))
    card = Failure(title="No graphics card", message="The studio engine needs one.", hint="Add one.")
    tally.failures += [(Path(f"/s/{name}.jpg"), card) for name in "abcde"]
    tally.failures.append((Path("/s/f.jpg"), Failure(title="Empty file", message="/s/f.jpg holds no bytes.")))
    assert tally.complaints() == [
        "a.jpg, b.jpg, c.jpg and 2 more: No graphics card: The studio engine needs one. Add one.",
        "Empty file: /s/f.jpg holds no bytes.",
    ]
