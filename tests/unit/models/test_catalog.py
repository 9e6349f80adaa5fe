"""The catalog that ships with the program, and the ones it refuses."""

from pathlib import Path

import pytest

from studio.engine.models.catalog import Commercial, Precision, builtin, read_catalog
from studio.errors import EngineError

WANTED = (
    "sam-vit-b sam-vit-l sam-vit-h sam2-hiera-large clip-vit-l-14 birefnet-general sdxl-base sdxl-inpaint "
    "sdxl-vae-fp16 controlnet-openpose-sdxl controlnet-openpose-sd15 ip-adapter-sdxl vitpose-base openpose "
    "real-esrgan-x4plus real-esrgan-general-x4v3 gfpgan-1.4 restoreformer u2netp blazepose"
)

ENTRY = """
[tiny]
title = "Tiny"
purpose = "tests"
revision = "1"
licence = "MIT"
licence_url = "https://example.org"
commercial = "yes"
memory_mb = { fp32 = 10 }
sources = []
files = [{ path = "FILE", bytes = 1, sha256 = "HASH" }]
"""


@pytest.mark.parametrize("model_id", WANTED.split())
def test_every_network_of_the_design_has_an_entry(model_id: str) -> None:
    entry = builtin().find(model_id)
    assert entry.files
    assert entry.sources
    assert entry.licence_url.startswith("https://")


def test_models_that_forbid_commercial_use_need_acceptance() -> None:
    needs = {entry.id for entry in builtin().models.values() if entry.needs_acceptance}
    assert needs == {"openpose", "gfpgan-1.4"}
    assert builtin().find("openpose").commercial is Commercial.NO


def test_no_pack_contains_a_model_that_needs_acceptance() -> None:
    for name in builtin().packs:
        assert not any(entry.needs_acceptance for entry in builtin().expand((name,))), name


def test_a_pack_and_its_members_expand_to_each_model_once() -> None:
    names = [entry.id for entry in builtin().expand(("human", "sam-vit-b"))]
    assert names.count("sam-vit-b") == 1
    assert "sdxl-base" in names


def test_an_unknown_name_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(EngineError, match="No model is called nothing") as caught:
        builtin().expand(("nothing",))
    assert "sdxl-base" in caught.value.hint


def test_memory_at_an_unlisted_precision_is_the_careful_figure() -> None:
    entry = builtin().find("birefnet-general")
    assert entry.memory_for(Precision.FP16) == entry.memory_mb[Precision.FP32]
    assert (
        builtin().find("sdxl-base").memory_for(Precision.BF16) == builtin().find("sdxl-base").memory_mb[Precision.FP16]
    )


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "a/../../b", "a//b"])
def test_a_path_that_leaves_the_models_folder_is_refused(tmp_path: Path, path: str) -> None:
    catalog = tmp_path / "catalog.toml"
    catalog.write_text(ENTRY.replace("FILE", path).replace("HASH", "unpinned"))
    with pytest.raises(EngineError, match="tiny"):
        read_catalog(catalog)


def test_a_hash_with_a_slip_of_the_pen_is_refused(tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.toml"
    catalog.write_text(ENTRY.replace("FILE", "w.bin").replace("HASH", "a" * 63))
    with pytest.raises(EngineError, match="sha256"):
        read_catalog(catalog)


def test_every_model_that_can_be_fetched_is_used_by_something() -> None:
    from studio.engine.gpu import clip, diffusion, faces, matte, openpose, posing, sam, upscale, vitpose

    used = {clip.MODEL, openpose.MODEL, vitpose.MODEL, posing.BLAZEPOSE, faces.DETECTOR}
    used |= {*sam.MODELS, *matte.MODELS, *upscale.MODELS, *faces.MODELS, *diffusion.INTERIOR_MODELS}
    used |= {*diffusion.FIGURE_MODELS, *diffusion.SMALL_FIGURE_MODELS}
    assert set(builtin().models) == used
