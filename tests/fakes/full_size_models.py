"""SDXL, its ControlNet and IP-Adapter with random weights in the real layouts, to be timed without a download.

`REAL` costs what the real networks cost (11 GB on disk); `MEDIUM` takes about a tenth of a processor's time and some
hundred megabytes; `TINY` is the same construction in seconds.
"""

import contextlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.engine.models.catalog import builtin
from tests.fakes import tiny_models


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """The numbers of the networks.

    widths, depth: channels and transformer layers of the three levels of UNet and ControlNet. words: hidden width and
    layers of the two text encoders. vae: its channels. eyes: width, layers and heads of the image encoder. eyes_side:
    the side of its picture; side: that of SDXL's own, in pixels.
    """

    widths: tuple[int, int, int]
    depth: tuple[int, int, int]
    words: tuple[tuple[int, int], tuple[int, int]]
    vae: tuple[int, int, int, int]
    eyes: tuple[int, int, int]
    eyes_side: int
    embedding: int
    side: int


REAL = Sizes(
    widths=(320, 640, 1280),
    depth=(1, 2, 10),
    words=((768, 12), (1280, 32)),
    vae=(128, 256, 512, 512),
    eyes=(1280, 32, 16),
    eyes_side=224,
    embedding=1024,
    side=1024,
)
MEDIUM = Sizes(
    widths=(96, 192, 384),
    depth=(1, 2, 6),
    words=((192, 4), (320, 6)),
    vae=(32, 64, 128, 128),
    eyes=(320, 8, 8),
    eyes_side=224,
    embedding=256,
    side=512,
)
TINY = Sizes(
    widths=(32, 64, 64),
    depth=(1, 1, 2),
    words=((64, 1), (64, 1)),
    vae=(32, 32, 32, 32),
    eyes=(32, 1, 2),
    eyes_side=28,
    embedding=32,
    side=64,
)


def build(folder: Path, sizes: Sizes = REAL, device: str = "cpu") -> None:
    """Fill `folder` with the models of a figure and the record that they were verified; made on `device`, saved half.

    Their memory is told as the program's own catalog tells it, so that a budget decides what it would decide.
    """
    import torch

    torch.manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    with torch.device(device), _in_half():
        unet = _sdxl(folder, sizes)
        _vae(sizes).save_pretrained(folder / "sdxl-vae-fp16")
        _controlnet(sizes).save_pretrained(folder / "controlnet-openpose-sdxl")
        _ip_adapter(folder / "ip-adapter-sdxl", unet, sizes)
    tiny_models.register(folder, like=builtin())


@contextlib.contextmanager
def _in_half() -> Generator[None]:
    """Networks come into being in half precision: in single, SDXL alone would not fit a card of 8 GB."""
    import torch

    torch.set_default_dtype(torch.float16)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


def _sdxl(folder: Path, sizes: Sizes) -> Any:
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    tokenizer, words = tiny_models.tokenizer(folder / "clip-tokenizer")
    ups = ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D")
    unet = UNet2DConditionModel(
        in_channels=4, out_channels=4, sample_size=sizes.side // 8, up_block_types=ups, **_unet(sizes)
    )
    pipeline = StableDiffusionXLPipeline(
        vae=_vae(sizes),
        text_encoder=CLIPTextModel(_text_config(words, *sizes.words[0])),
        text_encoder_2=CLIPTextModelWithProjection(_text_config(words, *sizes.words[1])),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=unet,
        scheduler=EulerDiscreteScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            steps_offset=1,
            timestep_spacing="leading",
        ),
        add_watermarker=False,
    )
    pipeline.save_pretrained(folder / "sdxl-base", variant="fp16")
    return unet


def _unet(sizes: Sizes) -> dict[str, Any]:
    return {
        "block_out_channels": sizes.widths,
        "layers_per_block": 2,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        # Called so, it is the number of heads: SDXL's are 64 wide.
        "attention_head_dim": tuple(max(1, width // 64) for width in sizes.widths),
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 256,
        "transformer_layers_per_block": sizes.depth,
        "projection_class_embeddings_input_dim": 6 * 256 + sizes.words[1][0],
        "cross_attention_dim": sizes.words[0][0] + sizes.words[1][0],
    }


def _text_config(words: int, hidden: int, layers: int) -> Any:
    from transformers import CLIPTextConfig

    return CLIPTextConfig(
        bos_token_id=words - 2,
        eos_token_id=words - 1,
        pad_token_id=words - 1,
        hidden_size=hidden,
        intermediate_size=4 * hidden,
        num_attention_heads=max(1, hidden // 64),
        # The pipeline takes what the last layer but one says.
        num_hidden_layers=max(2, layers),
        vocab_size=49408,
        projection_dim=hidden,
    )


def _vae(sizes: Sizes) -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=sizes.vae,
        down_block_types=["DownEncoderBlock2D"] * 4,
        up_block_types=["UpDecoderBlock2D"] * 4,
        layers_per_block=2,
        latent_channels=4,
        sample_size=sizes.side,
        scaling_factor=0.13025,
        force_upcast=False,
    )


def _controlnet(sizes: Sizes) -> Any:
    from diffusers import ControlNetModel

    return ControlNetModel(in_channels=4, **_unet(sizes))


def _ip_adapter(folder: Path, unet: Any, sizes: Sizes) -> None:
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    tiny_models.save_ip_adapter(folder, unet, sizes.embedding)
    width, layers, heads = sizes.eyes
    config = CLIPVisionConfig(
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        image_size=sizes.eyes_side,
        patch_size=14,
        projection_dim=sizes.embedding,
    )
    CLIPVisionModelWithProjection(config).save_pretrained(folder / "image_encoder")
