"""Pre-flight: every file that a template makes is clean, and every rule that is broken on purpose is found broken."""

import functools
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from studio.engine import profiles
from studio.engine.preflight import Made, check
from studio.engine.raster import Raster
from studio.engine.stage import Frame, StageContext
from studio.engine.stages.compose import Compose
from studio.engine.stages.export import Export
from studio.engine.stages.restore import Restore
from studio.engine.templates.catalog import HOUSE, builtin
from studio.jobs.names import first_names, with_names
from studio.model import ComposeStep, Format, OutputStep, Recipe, Rule, RuleKind, Shot, Template, Verdict

NAMES = ("amazon-us", "amazon-eu", "zalando", "about-you", "shopify", "john-lewis", "ajio", "google-merchant")
OURS = ("square", "portrait")
MADE = Made(source_type="compositeSynthetic", is_figure=False)
EAN = "4006381333931"
RULES = [
    pytest.param(template, rule, id=f"{name}-{rule.kind}")
    for name, template in builtin().items()
    for rule in template.rules
]
SIZES = {
    RuleKind.WIDTH: lambda rule: (60, 2000) if rule.low else (int(rule.high) + 1, 100),
    RuleKind.HEIGHT: lambda rule: (2000, 60) if rule.low else (100, int(rule.high) + 1),
    RuleKind.LONG_SIDE: lambda rule: (300, int(rule.low) - 1),
    RuleKind.PIXELS: lambda rule: (5001, 5000),
    RuleKind.RATIO: lambda rule: (1000, 2000),
}


@functools.cache
def shot(shade: int = 0) -> Frame:
    """A woven shirt with an opening that was built; shade: how bright."""
    weave = np.random.default_rng(2).normal(0, 14, (1000, 800, 3))
    pixels = (np.full((1000, 800, 3), (70, 90, 150)) + shade + weave).clip(0, 250).astype(np.uint8)
    garment = np.zeros((1000, 800), np.uint8)
    cv2.fillPoly(garment, [np.int32([(250, 150), (550, 150), (720, 300), (640, 400), (580, 350), (580, 860), (220, 860),
                                     (220, 350), (160, 400), (80, 300)])], 255)  # fmt: skip
    inner = np.zeros_like(garment)
    cv2.ellipse(inner, (400, 150), (80, 40), 0, 0, 180, 255, -1)
    garment[inner > 0] = 0
    soft = cv2.GaussianBlur(garment, (0, 0), 1.2)
    made = Frame(
        shot=Shot(front=Path(f"{EAN}.jpg")),
        photo=Raster(pixels=pixels, icc=profiles.srgb()),
        garment=soft,
        mannequin=np.zeros_like(garment),
        inner=np.minimum(inner, 255 - soft),
        interior=(pixels // 2).astype(np.uint8),
        interior_source="synthesised",
        confidence=0.95,
    )
    return Restore().run(made, context(Path("/nowhere"), Recipe()))


def context(folder: Path, recipe: Recipe) -> StageContext:
    return StageContext(recipe=recipe, seed=1, destination=folder / EAN, review_destination=folder / "_review" / EAN)


def made_for(folder: Path, frame: Frame, *templates: Template) -> Frame:
    names = tuple(template.name for template in templates)
    recipe = Recipe(output=OutputStep(templates=names), channels=templates)
    recipe = with_names(recipe, first_names(recipe, frame.shot))
    return Export().run(Compose().run(frame, context(folder, recipe)), context(folder, recipe))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The file of every template, by its name."""
    made = made_for(tmp_path_factory.mktemp("clean"), shot(), *builtin().values())
    return {file.path.parent.name: file.path for file in made.files if file.path.parent.name in builtin()}


def at_least(template: Template) -> Template:
    """A template whose picture is as small as its channel allows: 1000 pixels."""
    (rule,) = (rule for rule in template.rules if rule.kind is RuleKind.LONG_SIDE)
    share = rule.low / max(template.compose.size)
    width, height = (round(share * side) for side in template.compose.size)
    return replace(template, compose=replace(template.compose, size=(width, height)))


def verdict(path: Path, template: Template, kind: RuleKind, made: Made = MADE) -> Verdict:
    rules = tuple(rule for rule in template.rules if rule.kind is kind)
    (found,) = check(path, replace(template, rules=rules), made)
    return found.verdict


def test_all_the_channels_named_are_there_and_their_figures_name_a_source():
    assert set(builtin()) == {*NAMES, *OURS}
    for template in builtin().values():
        for rule in template.rules:
            assert rule.source == HOUSE or rule.source.startswith("https://"), (template.name, rule.kind)
    assert all(rule.source == HOUSE for name in OURS for rule in builtin()[name].rules)


@pytest.mark.parametrize("name", builtin())
def test_what_a_template_makes_breaks_none_of_its_rules(clean, name):
    checks = check(clean[name], builtin()[name], MADE)
    assert [each for each in checks if each.verdict is Verdict.BROKEN] == []
    assert [each for each in checks if each.verdict is Verdict.UNKNOWN] == []
    assert "_review" not in clean[name].parts


@pytest.mark.slow
def test_a_light_garment_is_clean_too(tmp_path):
    made = made_for(tmp_path, shot(shade=120), *(builtin()[name] for name in ("amazon-us", "ajio", "square")))
    assert made.review_reasons == ()


@pytest.mark.slow
@pytest.mark.parametrize(("template", "rule"), RULES)
def test_a_rule_broken_on_purpose_is_found(clean, tmp_path, template, rule):
    bad = SEEDS[rule.kind](clean, template, rule, tmp_path)
    if rule.kind in (RuleKind.MODEL, RuleKind.GHOST):
        assert verdict(bad, template, rule.kind) is Verdict.DOUBTFUL
        return
    (broken,) = check(bad, replace(template, rules=(rule,)), MADE)
    expected = Verdict.BROKEN if is_published(rule) else Verdict.DOUBTFUL
    assert broken.verdict is expected, broken
    assert broken.remedy


def is_published(rule: Rule) -> bool:
    """How near to white a ground must be is told by some channels only; by the others 254 is doubtful, not wrong."""
    return rule.kind is not RuleKind.BACKGROUND or rule.high is not None


Seed = Callable[[dict[str, Path], Template, Rule, Path], Path]


def picture(path: Path) -> Image.Image:
    """A clean file at a third of its size: what is done to it then is quick to measure."""
    return _third(path).copy()


@functools.cache
def _third(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB").reduce(3) if image.width > 1500 else image.convert("RGB")


def saved(image: Image.Image, path: Path, **options: object) -> Path:
    quick = {"compress_level": 1} if path.suffix == ".png" else {}
    image.save(path, icc_profile=profiles.srgb(), **quick, **options)
    return path


def wrong_type(clean, template, rule, folder):
    kind = next(kind for kind in ("webp", "gif") if kind not in rule.words)
    return saved(picture(clean[template.name]), folder / f"{EAN}.{kind}")


def wrong_size(clean, template, rule, folder):
    return saved(Image.new("RGB", SIZES[rule.kind](rule)), folder / f"{EAN}.png")


def wrong_bytes(clean, template, rule, folder):
    path, content = folder / f"{EAN}.jpg", clean[template.name].read_bytes()
    if rule.low is not None:
        return saved(picture(clean[template.name]), path, quality=5)
    segment = b"\xff\xef\xff\xff" + bytes(65_533)
    path.write_bytes(content[:2] + segment * (int(rule.high) // len(segment) + 1) + content[2:])
    return path


def wrong_resolution(clean, template, rule, folder):
    return saved(picture(clean[template.name]), folder / f"{EAN}.jpg", dpi=(300, 300))


def wrong_name(clean, template, rule, folder):
    path = folder / "my shirt-1.jpg"
    path.write_bytes(clean[template.name].read_bytes())
    return path


def wrong_profile(clean, template, rule, folder):
    picture(clean[template.name]).save(folder / "wide.jpg", icc_profile=profiles.adobe_rgb())
    assert verdict(folder / "wide.jpg", template, RuleKind.PROFILE) is Verdict.BROKEN
    picture(clean[template.name]).save(folder / f"{EAN}.jpg")
    return folder / f"{EAN}.jpg"


def off_white(clean, template, rule, folder):
    pixels = np.array(picture(clean[template.name]))
    pixels[(pixels == 255).all(axis=2)] = 254
    return saved(Image.fromarray(pixels), folder / f"{EAN}.png")


def too_small(clean, template, rule, folder):
    whole = picture(clean[template.name])
    ground = Image.new("RGB", whole.size, "white")
    ground.paste(whole.resize((whole.width // 2, whole.height // 2)), (whole.width // 4, whole.height // 4))
    return saved(ground, folder / f"{EAN}.png")


def shadow_to_the_edge(clean, template, rule, folder):
    pixels = np.array(picture(clean[template.name])).astype(np.float32)
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    light = 1 - 0.3 * np.exp(-(((rows - height) / (0.1 * height)) ** 2) - ((columns - width / 2) / (0.3 * width)) ** 2)
    return saved(Image.fromarray((pixels * light[..., None]).astype(np.uint8)), folder / f"{EAN}.png")


def spots(clean, template, rule, folder):
    pixels = np.array(picture(clean[template.name]))
    pixels[24:30, 24:31] = (244, 240, 238)
    return saved(Image.fromarray(pixels), folder / f"{EAN}.png")


def stray_alpha(clean, template, rule, folder):
    image = picture(clean[template.name]).convert("RGBA")
    alpha = np.where(np.array(image)[..., :3].min(axis=2) < 250, 255, 0).astype(np.uint8)
    alpha[40:60, 40:80] = 9
    image.putalpha(Image.fromarray(alpha))
    return saved(image, folder / f"{EAN}.png")


def no_shadow(clean, template, rule, folder):
    return clean["portrait"]


def stripped(clean, template, rule, folder):
    return saved(picture(clean[template.name]), folder / f"{EAN}.jpg")


def as_it_is(clean, template, rule, folder):
    return clean[template.name]


SEEDS: dict[RuleKind, Seed] = {
    RuleKind.FORMAT: wrong_type,
    RuleKind.WIDTH: wrong_size,
    RuleKind.HEIGHT: wrong_size,
    RuleKind.LONG_SIDE: wrong_size,
    RuleKind.PIXELS: wrong_size,
    RuleKind.RATIO: wrong_size,
    RuleKind.BYTES: wrong_bytes,
    RuleKind.RESOLUTION: wrong_resolution,
    RuleKind.NAME: wrong_name,
    RuleKind.PROFILE: wrong_profile,
    RuleKind.BACKGROUND: off_white,
    RuleKind.FILL: too_small,
    RuleKind.EDGE: shadow_to_the_edge,
    RuleKind.RESIDUE: spots,
    RuleKind.ALPHA: stray_alpha,
    RuleKind.SHADOW: no_shadow,
    RuleKind.METADATA: stripped,
    RuleKind.MODEL: as_it_is,
    RuleKind.GHOST: as_it_is,
}


def test_a_garment_cut_by_the_frame_reaches_the_edge(clean, tmp_path):
    whole = picture(clean["square"])
    cut = saved(whole.crop((0, 0, whole.width, whole.height // 2)), tmp_path / "cut.png")
    assert verdict(cut, builtin()["square"], RuleKind.EDGE) is Verdict.BROKEN


def test_an_off_white_patch_amid_the_ground_is_found(clean, tmp_path):
    pixels = np.array(picture(clean["square"]))
    pixels[10:40, 10:40] = 253
    path = saved(Image.fromarray(pixels), tmp_path / "patch.png")
    assert verdict(path, builtin()["square"], RuleKind.RESIDUE) is Verdict.BROKEN


def test_a_fill_above_the_most_allowed_is_found(tmp_path):
    (fill,) = (rule for rule in builtin()["ajio"].rules if rule.kind is RuleKind.FILL)
    tight = replace(builtin()["ajio"], compose=ComposeStep(size=(640, 800), fill=0.95), rules=(fill,))
    made = made_for(tmp_path, shot(), tight)
    path = next(file.path for file in made.files if file.path.parent.name == "ajio")
    assert verdict(path, tight, RuleKind.FILL) is Verdict.BROKEN
    assert "_review" in path.parts
    assert made.review_reasons == ("The file for ajio breaks its rules: fill. The report has the remedies.",)


def test_a_file_too_large_for_its_channel_goes_to_review_and_is_no_reason_to_lose_the_others(tmp_path):
    limit = Rule(kind=RuleKind.BYTES, high=22_000)
    small, portrait = (at_least(builtin()[name]) for name in ("square", "portrait"))
    small = replace(small, name="small", rules=(limit,))
    made = made_for(tmp_path, shot(), small, portrait)
    paths = {file.path.parent.name: file.path for file in made.files}
    assert made.review_reasons == ("The file for small breaks its rules: bytes. The report has the remedies.",)
    assert verdict(paths["small"], small, RuleKind.BYTES) is Verdict.BROKEN
    assert verdict(paths["portrait"], portrait, RuleKind.FILL) is Verdict.KEPT


@pytest.mark.parametrize("kind", [Format.JPG, pytest.param(Format.WEBP, marks=pytest.mark.slow), Format.PNG])
def test_a_channel_may_want_another_ground_than_white(tmp_path, kind):
    rule = Rule(kind=RuleKind.BACKGROUND, high=0, words=("#E6E4E1",))
    output = replace(builtin()["square"].output, format=kind)
    others = tuple(each for each in builtin()["square"].rules if each.kind is not RuleKind.BACKGROUND)
    grey = replace(at_least(builtin()["square"]), name="grey", rules=(rule, *others), output=output)
    right = replace(grey, compose=replace(grey.compose, background="#e6e4e1"))
    made = made_for(tmp_path, shot(), right)
    path = next(file.path for file in made.files if file.path.parent.name == "grey")
    assert made.review_reasons == ()
    assert verdict(path, right, RuleKind.BACKGROUND) is Verdict.KEPT
    (white,) = check(path, replace(grey, rules=(replace(rule, words=("#e0e0e0",)),)), MADE)
    assert (white.verdict, white.remedy) == (Verdict.BROKEN, "Export it on the background #e0e0e0.")
    pixels = np.array(Image.open(path))
    pixels[:, :6] = (240, 238, 235)
    patched = saved(Image.fromarray(pixels), tmp_path / "patched.png")
    assert verdict(patched, right, RuleKind.BACKGROUND) is Verdict.BROKEN


def test_limits_are_written_out(tmp_path, clean):
    most = replace(builtin()["square"], rules=(Rule(kind=RuleKind.BYTES, high=2_000_000, low=1_000_000),))
    (found,) = check(clean["square"], most, MADE)
    assert "1000000 to 2000000 bytes" in found.remedy


def test_a_name_says_what_the_file_is(clean, tmp_path):
    path = tmp_path / f"{EAN}.jpg"
    buffer = io.BytesIO()
    picture(clean["square"]).save(buffer, "PNG")
    path.write_bytes(buffer.getvalue())
    assert verdict(path, builtin()["ajio"], RuleKind.FORMAT) is Verdict.BROKEN


def test_without_knowledge_of_how_it_was_made_missing_metadata_is_unknown_not_wrong(clean, tmp_path):
    path = stripped(clean, builtin()["square"], None, tmp_path)
    assert verdict(path, builtin()["square"], RuleKind.METADATA, Made()) is Verdict.UNKNOWN


def test_what_was_generated_must_say_so_to_google(clean):
    made = Made(source_type="compositeWithTrainedAlgorithmicMedia")
    assert verdict(clean["google-merchant"], builtin()["google-merchant"], RuleKind.METADATA, made) is Verdict.BROKEN


def test_a_model_in_the_picture_settles_the_doubts(clean):
    for name, kind in (("amazon-eu", RuleKind.MODEL), ("ajio", RuleKind.GHOST)):
        assert verdict(clean[name], builtin()[name], kind, Made(is_figure=True)) is Verdict.KEPT
