"""The commands on sales channels, the photographer's own templates, and orders that name channels."""

import json
import shutil
from pathlib import Path

import pytest

from studio import cli
from studio.engine.templates.catalog import all_templates, builtin, dressed, find, read, resolved, unusable
from studio.errors import RecipeError
from studio.model import ComposeStep, LevelStep, OutputStep, Recipe

OWN = """
title = "My shop"
[compose]
size = [900, 1200]
fill = 0.9
[output]
format = "webp"
name = "{sku}_{index:03}"
[[rules]]
kind = "bytes"
high = 300000
source = "my shop's manual"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MODAMODA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    status = cli.main([str(word) for word in words])
    return status, capsys.readouterr().out


def test_an_own_template_lies_beside_and_over_the_programs(tmp_path):
    (tmp_path / "mine.toml").write_text(OWN)
    (tmp_path / "square.json").write_text(json.dumps({"title": "My square", "compose": {"size": [500, 500]}}))
    found = all_templates(tmp_path)
    assert set(found) == {*builtin(), "mine"}
    assert found["square"].title == "My square"
    assert find("mine", tmp_path).compose.size == (900, 1200)
    assert find(str(tmp_path / "mine.toml"), tmp_path / "elsewhere").name == "mine"


def test_one_template_that_cannot_be_used_takes_no_other_away(home, capsys):
    (home / "templates").mkdir(parents=True)
    (home / "templates" / "mine.toml").write_text(OWN)
    (home / "templates" / "typo.toml").write_text("frmat = 1")
    status, out = run(capsys, "templates", "list")
    assert (status, len(out.splitlines())) == (1, len(builtin()) + 1)
    assert [error.message for error in unusable(home / "templates")] == [
        f"{home / 'templates' / 'typo.toml'} cannot be used: unknown field frmat."
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("title = ", "Invalid"),
        ("colour = 1", "unknown field colour"),
        ('[[rules]]\nkind = "smell"', "must be one of"),
        ("[compose]\nfill = 9.0", "fill"),
        ('[[rules]]\nkind = "name"\nwords = ["("]', "regular expression"),
        ('[[rules]]\nkind = "bytes"\nlow = 9\nhigh = 1', "low above its high"),
        ('[[rules]]\nkind = "format"\nwords = ["jpg"]', "does not allow"),
        ('name = "../up"', "small letters"),
        ('rules = "none"', "must be a list"),
        ('[[rules]]\nkind = "background"\nwords = ["grey"]', "neither #rrggbb"),
        ('[output]\nname = "{stm}"', "The token stm"),
        ('next_name = "{nme}-{copy}"', "The token nme"),
        ('next_name = "{name} again"', "needs {copy}"),
        ('name_characters = "a-z"', "needs {copy}"),
        ('name_characters = "z-a"', "name_characters"),
        ("quality_min = 900", "quality_min"),
        ('[compose]\nbackground = "paper.png"', "no background .*paper.png"),
        ('[[rules]]\nkind = "width"\nwords = ["800"]', "width needs a low, a high or both"),
        ('[[rules]]\nkind = "width"\nlow = "800"', 'low must be a number, not "800"'),
        ('[[rules]]\nkind = "fill"\nlow = 80', "between 0 and 1"),
        ("[[rules]]\nlow = 1", r"rules\[0\].kind is missing"),
    ],
)
def test_a_template_that_cannot_be_honoured_is_refused_with_the_reason(tmp_path, text, why):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=why) as caught:
        read(path)
    assert "bad.toml" in caught.value.message
    assert not caught.value.message.endswith("..")


def test_an_order_carries_its_templates_in_full_so_that_a_changed_one_is_other_work(tmp_path):
    (tmp_path / "mine.toml").write_text(OWN)
    recipe = Recipe(output=OutputStep(templates=("mine", "zalando")))
    before = resolved(recipe, tmp_path)
    assert [template.name for template in before.channels] == ["mine", "zalando"]
    assert Recipe.from_json(before.to_json()) == before
    (tmp_path / "mine.toml").write_text(OWN.replace("0.9", "0.8"))
    assert resolved(before, tmp_path).fingerprint != before.fingerprint
    with pytest.raises(RecipeError, match="no template nowhere"):
        resolved(Recipe(output=OutputStep(templates=("nowhere",))), tmp_path)


def test_a_recipe_may_be_dressed_for_one_channel_itself(tmp_path):
    recipe = resolved(Recipe(compose=ComposeStep(template="zalando")), tmp_path)
    assert recipe.compose.size == (1801, 2600)
    assert recipe.output.format == "jpg"
    assert recipe.output.name == "{stem}"
    assert dressed(recipe, builtin()["zalando"]) == recipe


def test_a_levelled_shoot_keeps_its_light_in_every_channel_and_the_channels_own_fill():
    recipe = Recipe(level=LevelStep(scale=0.4, line=0.1, red=1.02))
    assert dressed(recipe, builtin()["amazon-eu"]).level == LevelStep(red=1.02)


def test_list_and_show_name_every_channel_and_every_source(home, capsys):
    status, text = run(capsys, "templates", "list", "--json")
    listed = [json.loads(line) for line in text.splitlines()]
    assert status == 0
    assert {each["name"] for each in listed} == set(builtin())
    for name, template in builtin().items():
        status, text = run(capsys, "templates", "show", name)
        assert status == 0
        assert all(rule.source in text for rule in template.rules)
    status, text = run(capsys, "templates", "show", "ajio", "--json")
    assert json.loads(text)["compose"]["size"] == [1600, 2000]


def test_check_ends_with_0_1_or_2(home, capsys, tmp_path):
    from PIL import Image

    from studio.engine import profiles

    image = Image.new("RGB", (2000, 2000), "white")
    image.paste((40, 60, 120), (500, 150, 1500, 1850))
    clean, bad = tmp_path / "clean.jpg", tmp_path / "bad.jpg"
    image.save(clean, icc_profile=profiles.srgb(), quality=95)
    image.resize((500, 400)).save(bad)
    assert run(capsys, "templates", "check", clean, "--template", "square")[0] == 0
    status, text = run(capsys, "templates", "check", clean, bad, "--template", "square", "--json")
    first, second = (json.loads(line) for line in text.splitlines())
    assert (status, first["ok"], second["ok"]) == (1, True, False)
    broken = {each["rule"] for each in second["checks"] if each["verdict"] == "broken"}
    assert {"ratio", "long_side", "profile"} <= broken
    assert all(each["remedy"] for each in second["checks"] if each["verdict"] == "broken")
    assert run(capsys, "templates", "check", clean)[0] == 2
    assert run(capsys, "templates", "check", clean, "--template", "nowhere")[0] == 2
    assert run(capsys, "templates", "check", tmp_path / "missing.jpg", "--template", "square")[0] == 1


def test_export_says_2_when_there_is_no_master(home, capsys, tmp_path):
    (tmp_path / "empty").mkdir()
    assert run(capsys, "export", tmp_path / "empty", "--template", "square", "--out", tmp_path / "out")[0] == 2


def test_a_shoot_is_finished_for_two_channels_and_exported_for_a_third(home, capsys, tmp_path):
    """The real engine on a sample: names, folders, report, review of what breaks a rule, export without inference."""
    samples = Path(__file__).parents[2] / "resources" / "samples"
    shoot = tmp_path / "shoot"
    shoot.mkdir()
    shutil.copy(samples / "dress-striped.jpg", shoot / "4006381333931_front.jpg")
    out = tmp_path / "out"
    words = ("--layers", "--template", "amazon-eu", "--template", "portrait")
    assert run(capsys, "process", shoot, "--out", out, *words)[0] == 0
    files = {path.relative_to(out).as_posix() for path in out.rglob("*.jpg")}
    assert files == {"amazon-eu/4006381333931.MAIN.jpg", "portrait/4006381333931_front.jpg"}
    report = json.loads((out / "4006381333931_front.report.json").read_bytes())
    assert [channel["template"] for channel in report["channels"]] == ["amazon-eu", "portrait"]
    assert not any(each["verdict"] == "broken" for channel in report["channels"] for each in channel["checks"])
    later = tmp_path / "later"
    status, text = run(capsys, "export", out, "--template", "zalando", "--out", later, "--json")
    assert status == 0
    assert json.loads(text)["file"] == "4006381333931_front.jpg"
    assert (later / "zalando" / "4006381333931_front.jpg").is_file()
    shutil.copytree(out, tmp_path / "shoots" / "spring")
    status, text = run(capsys, "export", tmp_path / "shoots", "--template", "zalando", "--out", later)
    assert (status, text.strip()) == (0, "spring/zalando/4006381333931_front.jpg")
    assert (later / "spring" / "zalando" / "4006381333931_front.jpg").is_file()


@pytest.mark.slow
def test_a_result_that_breaks_a_channels_rule_waits_and_is_approved_with_its_files(home, capsys, tmp_path):
    samples = Path(__file__).parents[2] / "resources" / "samples"
    shoot = tmp_path / "shoot"
    shoot.mkdir()
    shutil.copy(samples / "dress-striped.jpg", shoot / "dress.jpg")
    out = tmp_path / "out"
    assert run(capsys, "process", shoot, "--out", out, "--template", "john-lewis")[0] == 0
    assert (out / "_review" / "john-lewis" / "dress.jpg").is_file()
    assert not (out / "john-lewis").exists()
    assert run(capsys, "review", "approve", "--all")[0] == 0
    assert (out / "john-lewis" / "dress.jpg").is_file()
    assert not (out / "_review").exists()
    _, text = run(capsys, "process", shoot, "--out", out, "--template", "john-lewis", "--json")
    assert [json.loads(line)["event"] for line in text.splitlines()] == ["skipped"]


@pytest.mark.slow
def test_a_garment_cut_by_its_photo_is_exported_for_review_only(home, capsys, tmp_path):
    from PIL import Image

    samples = Path(__file__).parents[2] / "resources" / "samples"
    with Image.open(samples / "dress-striped.jpg") as whole:
        whole.crop((0, 0, whole.width, round(0.6 * whole.height))).save(tmp_path / "dress.jpg", quality=95)
    out, later = tmp_path / "out", tmp_path / "later"
    run(capsys, "process", tmp_path / "dress.jpg", "--out", out, "--layers")
    assert (out / "dress.png").is_file()
    _, text = run(capsys, "export", out, "--template", "square", "--out", later, "--json")
    assert "the cut stands amid the picture" in text
    run(capsys, "export", tmp_path, "--template", "square", "--out", later)
    found = {path.relative_to(later).as_posix() for path in later.rglob("*.jpg")}
    assert found == {"_review/square/dress.jpg", "_review/out/square/dress.jpg"}


@pytest.mark.parametrize("text", ["[1]", "[" * 100_000])
def test_json_that_holds_no_template_is_refused(tmp_path, text):
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(RecipeError, match="cannot be used"):
        read(tmp_path / "bad.json")


def test_a_templates_picture_is_looked_for_beside_it_and_a_mark_at_its_start_is_no_fault(tmp_path):
    (tmp_path / "paper.png").write_bytes(b"a picture")
    (tmp_path / "mine.toml").write_text('\ufeff[compose]\nbackground = "paper.png"', encoding="utf-8")
    assert read(tmp_path / "mine.toml").compose.background == str(tmp_path / "paper.png")
