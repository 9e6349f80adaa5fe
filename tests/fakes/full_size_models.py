"""SDXL, its ControlNet and IP-Adapter in full size with random weights, to be timed without a download (14 GB)."""

from pathlib import Path
from typing import Any

from tests.fakes import tiny_models

_UNET = {
    "block_out_channels": (320, 640, 1280),
    "layers_per_block": 2,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "attention_head_dim": (5, 10, 20),
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "transformer_layers_per_block": (1, 2, 10),
    "projection_class_embeddings_input_dim": 2816,
    "cross_attention_dim": 2048,
}


def build(folder: Path) -> None:
    """Fill `folder` with the models of a figure and the record that they were verified."""
    import torch

    torch.manual_seed(0)
    with torch.device("cuda"):
        unet = _sdxl(folder)
        _vae().half().save_pretrained(folder / "sdxl-vae-fp16")
        _controlnet().half().save_pretrained(folder / "controlnet-openpose-sdxl")
        _ip_adapter(folder / "ip-adapter-sdxl", unet)
    tiny_models.register(folder)


def _sdxl(folder: Path) -> Any:
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    tokenizer, words = tiny_models.tokenizer(folder / "clip-tokenizer")
    ups = ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D")
    unet = UNet2DConditionModel(in_channels=4, out_channels=4, sample_size=128, up_block_types=ups, **_UNET).half()
    pipeline = StableDiffusionXLPipeline(
        vae=_vae().half(),
        text_encoder=CLIPTextModel(_text_config(words, 768, 12, 3072, 768)).half(),
        text_encoder_2=CLIPTextModelWithProjection(_text_config(words, 1280, 32, 5120, 1280)).half(),
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


def _text_config(words: int, hidden: int, layers: int, middle: int, projection: int) -> Any:
    from transformers import CLIPTextConfig

    return CLIPTextConfig(
        bos_token_id=words - 2,
        eos_token_id=words - 1,
        pad_token_id=words - 1,
        hidden_size=hidden,
        intermediate_size=middle,
        num_attention_heads=hidden // 64,
        num_hidden_layers=layers,
        vocab_size=49408,
        projection_dim=projection,
    )


def _vae() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=[128, 256, 512, 512],
        down_block_types=["DownEncoderBlock2D"] * 4,
        up_block_types=["UpDecoderBlock2D"] * 4,
        layers_per_block=2,
        latent_channels=4,
        sample_size=1024,
        scaling_factor=0.13025,
        force_upcast=False,
    )


def _controlnet() -> Any:
    from diffusers import ControlNetModel

    return ControlNetModel(in_channels=4, **_UNET)


def _ip_adapter(folder: Path, unet: Any) -> None:
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    tiny_models.save_ip_adapter(folder, unet, 1024)
    config = CLIPVisionConfig(
        hidden_size=1280,
        intermediate_size=5120,
        num_hidden_layers=32,
        num_attention_heads=16,
        image_size=224,
        patch_size=14,
        projection_dim=1024,
    )
    CLIPVisionModelWithProjection(config).half().save_pretrained(folder / "image_encoder")
