"""The recipes of the studio engine from photo to files, on tiny networks."""

import functools
import gc
import json
import shutil
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from studio.engine import pipeline
from studio.engine.gpu import compiling, diffusion, readiness
from studio.engine.gpu import runtime as runtimes
from studio.engine.gpu.toolchain import Lack
from studio.engine.image import read_photo
from studio.engine.joint import band_width, core_of
from studio.engine.stage import Frame, StageContext
from studio.engine.stages import sharpen
from studio.engine.starter.arrays import Bytes
from studio.engine.starter.network import Network, Sight
from studio.errors import Cancelled, EngineError, RecipeError
from studio.model import (
    ComposeStep,
    Engine,
    EnhanceMethod,
    EnhanceStep,
    FigureStep,
    Format,
    Mode,
    OutputStep,
    Recipe,
    Shot,
)
from studio.recipes import BUILT_IN

SAMPLE = Path(__file__).parents[3] / "resources" / "samples" / "tee-checked.jpg"


@pytest.fixture(scope="module", autouse=True)
def _few_steps() -> Iterator[None]:
    """As many as one can be cancelled between."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diffusion, "Painting", functools.partial(diffusion.Painting, steps=6))
        yield


@pytest.fixture(scope="module", autouse=True)
def _each_photo_is_seen_once() -> Iterator[None]:
    """What the starter engine's network sees in a photo does not change, and takes longer than all tiny networks."""
    real, seen = Network.look, dict[bytes, Sight]()

    def look(eyes: Network, picture: Bytes) -> Sight:
        key = sha256(picture.tobytes()).digest()
        if key not in seen:
            seen[key] = real(eyes, picture)
            seen[key].classes.setflags(write=False)
        return seen[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Network, "look", look)
        yield


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample photo, small enough for quick work."""
    path = tmp_path_factory.mktemp("photo") / "tee.png"
    cv2.imwrite(str(path), cv2.resize(cv2.imread(str(SAMPLE)), (288, 384), interpolation=cv2.INTER_AREA))
    return path


@pytest.fixture
def make_context(tiny_folder: Path, tmp_path: Path):
    def make(recipe: Recipe, **changes: object) -> StageContext:
        context = StageContext(
            recipe=recipe,
            seed=7,
            destination=tmp_path / "out" / "tee",
            review_destination=tmp_path / "review" / "tee",
            models=tiny_folder,
            device="cpu",
        )
        return replace(context, **changes)

    return make


def human(candidates: int = 1, **changes: object) -> Recipe:
    return replace(BUILT_IN["human"], figure=FigureStep(candidates=candidates), **changes)


def report_of(frame: Frame) -> dict:
    path = next(file.path for file in frame.files if file.path.name.endswith("report.json"))
    return json.loads(path.read_text())


@pytest.fixture(scope="module")
def figure(tiny_folder: Path, photo: Path, tmp_path_factory: pytest.TempPathFactory) -> Frame:
    """One finished human result, with everything on."""
    folder = tmp_path_factory.mktemp("human")
    recipe = human(2, enhance=EnhanceStep(method=EnhanceMethod.REAL_ESRGAN))
    return pipeline.run(
        Shot(front=photo),
        StageContext(
            recipe=recipe,
            seed=7,
            destination=folder / "tee",
            review_destination=folder / "review" / "tee",
            models=tiny_folder,
            device="cpu",
        ),
    )


def test_a_human_result_leaves_the_garments_core_bit_exact(figure: Frame) -> None:
    assert figure.garment is not None
    assert figure.master is not None
    core = core_of(figure.garment, band_width(figure.garment.shape))
    assert core.sum() > 5000
    assert (figure.master[core][:, :3] == figure.photo.pixels[core]).all()
    assert report_of(figure)["fidelity"]["master_changed_pixels"] == 0


def test_a_human_result_is_opaque_and_painted_everywhere_else(figure: Frame) -> None:
    assert figure.master is not None
    assert figure.garment is not None
    assert (figure.master[..., 3] == 255).all()
    around = cv2.dilate(figure.garment, np.ones((31, 31), np.uint8)) == 0
    difference = np.abs(figure.master[around][:, :3].astype(int) - figure.photo.pixels[around]).mean()
    assert difference > 3


def test_a_human_report_names_models_seed_and_what_was_generated(figure: Frame) -> None:
    report = report_of(figure)
    names = {model["id"] for model in report["models"]}
    assert {"sam2-hiera-large", "clip-vit-l-14", "sdxl-base", "controlnet-openpose-sdxl", "ip-adapter-sdxl"} <= names
    assert "real-esrgan-x4plus" in names
    assert any("with seed" in sentence and "not chosen" in sentence for sentence in report["transforms"])
    assert report["regions"]["generated"] > report["regions"]["photographed"] > 0


def test_the_same_seed_gives_the_same_figure(figure: Frame, make_context, photo: Path) -> None:
    recipe = human(2, enhance=EnhanceStep(method=EnhanceMethod.REAL_ESRGAN))
    again = pipeline.run(Shot(front=photo), make_context(recipe))
    assert np.array_equal(again.master, figure.master)


def test_an_invisible_result_is_generated_only_inside_of_the_inner_mask(make_context, photo: Path) -> None:
    frame = pipeline.run(Shot(front=photo), make_context(BUILT_IN["invisible-generated"]))
    assert frame.interior_source == "generated"
    core = core_of(frame.garment, band_width(frame.garment.shape))
    assert (frame.master[core][:, :3] == frame.photo.pixels[core]).all()
    outside = (frame.garment == 0) & (cv2.dilate(frame.inner, np.ones((9, 9), np.uint8)) == 0)
    assert (frame.master[outside][:, 3] == 0).all()
    report = report_of(frame)
    assert "sdxl-inpaint" in {model["id"] for model in report["models"]}
    assert report["regions"]["generated"] > 0
    assert report["regions"]["synthesised"] == 0


@pytest.mark.parametrize(("engine", "background"), [(Engine.STARTER, "#ffffff"), (Engine.STUDIO, "transparent")])
def test_an_enlarged_result_leaves_the_master_alone_and_says_what_it_is(
    make_context, photo: Path, engine: Engine, background: str
) -> None:
    step = EnhanceStep(method=EnhanceMethod.REAL_ESRGAN, scale=2)
    place = ComposeStep(background=background, size=(72, 96))
    recipe = replace(BUILT_IN["cutout"], engine=engine, enhance=step, compose=place)
    device = "auto" if engine is Engine.STARTER else "cpu"  # the starter engine needs no card for it
    frame = pipeline.run(Shot(front=photo), make_context(recipe, device=device))
    assert frame.deliverable.pixels.shape == (192, 144, 3)
    core = core_of(frame.garment, band_width(frame.garment.shape))
    assert (frame.master[core][:, :3] == frame.photo.pixels[core]).all()
    report = report_of(frame)
    assert report["fidelity"]["master_changed_pixels"] == 0
    assert report["fidelity"]["deliverable_changed_pixels"] is None
    assert any("enlarged 2 times by real-esrgan-x4plus" in sentence for sentence in report["transforms"])
    assert report["provenance"]["digital_source_type"].endswith("algorithmicallyEnhanced")


def test_lanczos_enlarges_without_any_network(make_context, photo: Path, tmp_path: Path) -> None:
    step = EnhanceStep(method=EnhanceMethod.LANCZOS, scale=3)
    recipe = replace(BUILT_IN["cutout"], engine=Engine.STARTER, enhance=step)
    frame = pipeline.run(Shot(front=photo), make_context(recipe, models=tmp_path / "none"))
    assert frame.deliverable.pixels.shape == (3 * 384, 3 * 288, 3)
    assert not frame.enlarged_by


def test_cancelling_between_tiles_writes_nothing(make_context, photo: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    recipe = replace(
        BUILT_IN["cutout"], engine=Engine.STARTER, enhance=EnhanceStep(method=EnhanceMethod.REAL_ESRGAN, scale=4)
    )

    def watch(stage: str, fraction: float) -> None:
        if stage == "enlarge" and fraction > 0.7:
            stop.set()

    with pytest.raises(Cancelled):
        pipeline.run(Shot(front=photo), make_context(recipe, progress=watch, cancelled=stop.is_set))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("enhance", "changes"),
    [
        (EnhanceStep(scale=2), {}),
        (EnhanceStep(scale=2, method=EnhanceMethod.LANCZOS), {"output": OutputStep(format=Format.PSD)}),
        (EnhanceStep(scale=2, method=EnhanceMethod.LANCZOS), {"compose": ComposeStep(template="amazon")}),
    ],
)
def test_an_enlargement_that_cannot_be_is_refused_before_any_work(enhance: EnhanceStep, changes: dict) -> None:
    with pytest.raises(RecipeError, match=r"enhance\.scale above 1"):
        replace(BUILT_IN["cutout"], enhance=enhance, **changes).check()


def test_progress_never_leaves_its_bounds_and_names_every_stage(make_context, photo: Path) -> None:
    told: list[tuple[str, float]] = []
    context = make_context(human(), progress=lambda stage, fraction: told.append((stage, fraction)))
    pipeline.run(Shot(front=photo), context)
    assert all(0 <= fraction <= 1 for _, fraction in told)
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["extract", "correct", "pose", "figure", "enhance", "restore", "compose", "enlarge", "export"]


def test_cancelling_between_steps_writes_nothing_and_leaves_the_engine_usable(
    make_context, photo: Path, tmp_path: Path
) -> None:
    stop = threading.Event()

    def watch(stage: str, fraction: float) -> None:
        if stage == "figure" and fraction > 0.42:  # the third and fourth eighth are the pose's and the figure's
            stop.set()

    with pytest.raises(Cancelled):
        pipeline.run(Shot(front=photo), make_context(human(), progress=watch, cancelled=stop.is_set))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert pipeline.run(Shot(front=photo), make_context(human())).files


def test_out_of_memory_steps_down_for_this_job_and_says_so(
    make_context, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = diffusion.paint, iter([True, True])

    def scarce(*words: object) -> object:
        if next(failures, False):
            raise torch.OutOfMemoryError("forced")
        return real(*words)

    monkeypatch.setattr(diffusion, "paint", scarce)
    frame = pipeline.run(Shot(front=photo), make_context(human()))
    warnings = report_of(frame)["warnings"]
    assert [text for text in warnings if "ran out of memory" in text] == [
        "The graphics card ran out of memory: this picture was made with only the network at work on the card.",
    ]
    untroubled = pipeline.run(Shot(front=photo), make_context(human()))
    assert not any("ran out of memory" in text for text in report_of(untroubled)["warnings"])


@pytest.mark.slow
def test_a_report_says_whether_networks_were_compiled_and_once_why_they_cannot_be(
    make_context, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(compiling, "lack", lambda **_: Lack(what="No compiler.", remedy="Install one."))
    context = make_context(BUILT_IN["invisible-generated"], compiled=tmp_path / "compiled")
    reports = [report_of(pipeline.run(Shot(front=photo), context)) for _ in range(2)]
    said = [text for text in (*reports[0]["warnings"], *reports[1]["warnings"]) if "compiled" in text]
    assert said == ["Networks not compiled: No compiler. Install one."]
    assert [report["run"]["compiled"] for report in reports] == ["no: No compiler."] * 2
    runtimes.forget()


def test_extraction_gives_up_other_networks_when_memory_runs_out(
    make_context, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = sharpen.sam.propose, iter([True])

    def scarce(*words: object) -> object:
        if next(failures, False):
            raise torch.OutOfMemoryError("forced")
        return real(*words)

    monkeypatch.setattr(sharpen.sam, "propose", scarce)
    assert pipeline.run(Shot(front=photo), make_context(BUILT_IN["invisible-generated"])).files


def test_networks_that_extract_are_not_in_memory_together_where_the_budget_is_small(
    make_context, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = make_context(replace(BUILT_IN["cutout"], engine=Engine.STUDIO))
    runtime = runtimes.runtime_of(context)
    monkeypatch.setattr(runtime, "budget_mb", 20)  # the catalog's figure for any one of the tiny networks
    runtime.give_back()
    clips: list[weakref.ref] = []
    real_load, real_propose = sharpen.clip.load, sharpen.sam.propose

    def load(one: runtimes.Runtime) -> object:
        clips.append(weakref.ref(judge := real_load(one)))
        return judge

    def propose(*words: object) -> object:
        gc.collect()
        assert not [one for one in clips if one() is not None]
        return real_propose(*words)

    monkeypatch.setattr(sharpen.clip, "load", load)
    monkeypatch.setattr(sharpen.sam, "propose", propose)
    pipeline.run(Shot(front=photo), context)
    assert clips


def test_a_small_card_makes_figures_with_the_smaller_networks(
    make_context, photo: Path, tiny_folder: Path, tmp_path: Path
) -> None:
    small = tmp_path / "models"
    shutil.copytree(tiny_folder, small, ignore=shutil.ignore_patterns("sdxl-base"))
    context = make_context(human(), models=small)
    frame = pipeline.run(Shot(front=photo), context)
    core = core_of(frame.garment, band_width(frame.garment.shape))
    assert (frame.master[core][:, :3] == frame.photo.pixels[core]).all()
    names = {model["id"] for model in report_of(frame)["models"]}
    assert {"sd15", "controlnet-openpose-sd15", "ip-adapter-sd15"} <= names
    assert "controlnet-openpose-sdxl" not in names
    assert readiness.figure_models(small) == diffusion.SMALL_FIGURE_MODELS
    assert readiness.figure_models(tiny_folder) == diffusion.FIGURE_MODELS
    assert readiness.figure_models(tmp_path) == diffusion.FIGURE_MODELS
    runtimes.forget()


def test_without_models_the_error_says_how_to_get_them(make_context, photo: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="Model missing") as caught:
        pipeline.run(Shot(front=photo), make_context(human(), models=tmp_path / "none"))
    assert "modamoda models fetch" in caught.value.hint


def test_without_a_card_the_processor_is_not_taken_silently(make_context, photo: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("this computer has a card")
    with pytest.raises(EngineError, match="No graphics card") as caught:
        pipeline.run(Shot(front=photo), make_context(human(), device="auto"))
    assert "--engine starter" in caught.value.hint


def test_the_starter_engine_says_that_it_cannot_make_figures(make_context) -> None:
    with pytest.raises(EngineError, match="studio engine is needed"):
        pipeline.stages_for(make_context(human(engine=Engine.STARTER)))


def test_auto_takes_the_studio_engine_only_where_it_is_ready(make_context, tmp_path: Path) -> None:
    recipe = Recipe(engine=Engine.AUTO)
    assert pipeline.stages_for(make_context(recipe)) is pipeline.STUDIO_STAGES[Mode.INVISIBLE]
    assert pipeline.stages_for(make_context(recipe, models=tmp_path)) is pipeline.STAGES[Mode.INVISIBLE]
    assert pipeline.stages_for(make_context(recipe, models=None)) is pipeline.STAGES[Mode.INVISIBLE]


def test_a_sixteen_bit_photo_stays_sixteen_bit_under_the_figure(make_context, photo: Path, tmp_path: Path) -> None:
    deep = tmp_path / "deep.tif"
    eight = cv2.imread(str(photo)).astype(np.uint16)
    cv2.imwrite(str(deep), eight * 257 + 3)
    frame = pipeline.run(Shot(front=deep), make_context(human()))
    core = core_of(frame.garment, band_width(frame.garment.shape))
    assert frame.master.dtype == np.uint16
    assert (frame.master[core][:, :3] == read_photo(deep).pixels[core]).all()


@pytest.fixture(autouse=True, scope="module")
def _forget_runtimes():
    yield
    runtimes.forget()
