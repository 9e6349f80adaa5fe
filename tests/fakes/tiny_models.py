"""Tiny random networks of the real classes, saved in the layouts of the real files.

`build(folder)` makes a models' folder that the studio engine loads by the very code that loads the real ones: diffusers
folders in half-precision variant, a SAM `.pth`, an IP-Adapter `.safetensors`, spandrel keys, CLIP's tokenizer files, an
ONNX matte. What they paint is noise; what is around them is what is tested.
"""

import json
import struct
from pathlib import Path
from typing import Any

from studio.engine.models.catalog import OWN_CATALOG, Catalog, catalog_of
from studio.engine.models.store import ModelStore

SIDE = 64  # what the tiny SDXL calls its own size


def build(folder: Path) -> None:
    """Fill `folder` with every tiny model, its catalog, and the record that they were verified."""
    import torch

    torch.manual_seed(0)
    clip_config = _clip(folder / "clip-vit-l-14")
    unet = _sdxl(folder / "sdxl-base", 4, clip_config)
    _sdxl(folder / "sdxl-inpaint", 9, clip_config)
    _vae().save_pretrained(folder / "sdxl-vae-fp16")
    _controlnet().save_pretrained(folder / "controlnet-openpose-sdxl")
    _ip_adapter(folder / "ip-adapter-sdxl", unet)
    _sam(folder / "sam-vit-b")
    _sam2(folder / "sam2-hiera-large")
    _vitpose(folder / "vitpose-base")
    _esrgan(folder / "real-esrgan-x4plus")
    _face(folder / "restoreformer")
    _matte(folder / "birefnet-general-lite")
    _sd15(folder)
    register(folder)


def build_painters(folder: Path) -> None:
    """Fill `folder` with SDXL for figures and insides, one block deep: to compile it takes seconds, not ten times."""
    import torch

    torch.manual_seed(0)
    clip_config = _clip(folder / "clip-vit-l-14")
    unet = _sdxl(folder / "sdxl-base", 4, clip_config, _LEAST)
    _sdxl(folder / "sdxl-inpaint", 9, clip_config, _LEAST)
    _vae().save_pretrained(folder / "sdxl-vae-fp16")
    _controlnet(_LEAST).save_pretrained(folder / "controlnet-openpose-sdxl")
    _ip_adapter(folder / "ip-adapter-sdxl", unet)
    register(folder)


def register(folder: Path, like: Catalog | None = None) -> None:
    """Write a catalog of what lies in `folder`, and the record that it was verified.

    like: the catalog whose figures of memory hold for what it knows too; all else counts as next to nothing.
    """
    lines = []
    for model in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = [
            f'{{ path = "{path.relative_to(model).as_posix()}", bytes = {path.stat().st_size}, sha256 = "unpinned" }}'
            for path in sorted(model.rglob("*"))
            if path.is_file()
        ]
        lines.append(
            f'[{model.name}]\ntitle = "tiny {model.name}"\npurpose = "tests"\nrevision = "tiny"\nlicence = "CC0-1.0"\n'
            f'licence_url = "https://example.org"\ncommercial = "yes"\nmemory_mb = {_memory(model.name, like)}\n'
            f"sources = []\nfiles = [{', '.join(files)}]\n"
        )
    (folder / OWN_CATALOG).write_text("\n".join(lines))
    store, catalog = ModelStore(folder), catalog_of(folder)
    for model in sorted(path.name for path in folder.iterdir() if path.is_dir()):
        assert store.verify(catalog.find(model)) == ()


def _memory(model_id: str, like: Catalog | None) -> str:
    known = like.models.get(model_id) if like else None
    memory = known.memory_mb if known else {"fp16": 10, "fp32": 20}
    return f"{{ {', '.join(f'{precision} = {mb}' for precision, mb in memory.items())} }}"


def tokenizer(folder: Path) -> tuple[Any, int]:
    """CLIP's tokenizer over single bytes (each alone and at a word's end, and two special ones), and its words."""
    from transformers import CLIPTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    symbols = [chr(byte) for byte in printable] + [chr(256 + index) for index in range(len(others))]
    words = [*symbols, *(symbol + "</w>" for symbol in symbols), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: index for index, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    special = {"bos_token": words[-2], "eos_token": words[-1], "unk_token": words[-1], "pad_token": words[-1]}
    config = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, **special}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return CLIPTokenizer.from_pretrained(folder, local_files_only=True), len(words)


def _text_config(words: int) -> Any:
    from transformers import CLIPTextConfig

    return CLIPTextConfig(
        bos_token_id=words - 2,
        eos_token_id=words - 1,
        pad_token_id=words - 1,
        hidden_size=32,
        intermediate_size=37,
        num_attention_heads=4,
        num_hidden_layers=2,
        vocab_size=words,
        projection_dim=32,
    )


def _vision_config() -> Any:
    from transformers import CLIPVisionConfig

    return CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=37,
        num_hidden_layers=2,
        num_attention_heads=4,
        image_size=32,
        patch_size=8,
        projection_dim=32,
    )


def _clip(folder: Path) -> Any:
    from transformers import CLIPConfig, CLIPModel

    _, words = tokenizer(folder)
    config = CLIPConfig(
        text_config=_text_config(words).to_dict(), vision_config=_vision_config().to_dict(), projection_dim=32
    )
    CLIPModel(config).save_pretrained(folder)
    return folder


def _sdxl(folder: Path, channels: int, clip_folder: Path, less: dict[str, Any] | None = None) -> Any:
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLInpaintPipeline, StableDiffusionXLPipeline
    from diffusers import UNet2DConditionModel as Unet
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    words_of, words = tokenizer(clip_folder)
    shape = _unet_shape() | {"up_block_types": _UP} | (less or {})
    unet = Unet(in_channels=channels, out_channels=4, sample_size=SIDE // 8, **shape)
    kind = StableDiffusionXLPipeline if channels == 4 else StableDiffusionXLInpaintPipeline
    pipeline = kind(
        vae=_vae(),
        text_encoder=CLIPTextModel(_text_config(words)),
        text_encoder_2=CLIPTextModelWithProjection(_text_config(words)),
        tokenizer=words_of,
        tokenizer_2=words_of,
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
    pipeline.save_pretrained(folder, variant="fp16")
    return unet


def _sd15(folder: Path) -> None:
    """SD 1.5 with its ControlNet and IP-Adapter; its pipeline's file names a safety checker that is not fetched."""
    from diffusers import ControlNetModel, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPVisionModelWithProjection

    words_of, words = tokenizer(folder / "clip-vit-l-14")
    shape = {name: value for name, value in _unet_shape().items() if not name.startswith(("addition", "projection"))}
    shape |= {"cross_attention_dim": 32, "attention_head_dim": 4, "use_linear_projection": False}
    unet = UNet2DConditionModel(in_channels=4, out_channels=4, sample_size=SIDE // 8, **shape, up_block_types=_UP)
    pipeline = StableDiffusionPipeline(
        vae=_vae(),
        text_encoder=CLIPTextModel(_text_config(words)),
        tokenizer=words_of,
        unet=unet,
        scheduler=PNDMScheduler(
            beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", skip_prk_steps=True, steps_offset=1
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder / "sd15", variant="fp16")
    index = folder / "sd15" / "model_index.json"
    checker = {"safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"]}
    checker |= {"feature_extractor": ["transformers", "CLIPImageProcessor"]}
    index.write_text(json.dumps(json.loads(index.read_text()) | checker))
    control = ControlNetModel(in_channels=4, conditioning_embedding_out_channels=(4, 4, 8, 8), **shape)
    control.save_pretrained(folder / "controlnet-openpose-sd15", variant="fp16")
    save_ip_adapter(folder / "ip-adapter-sd15", unet, 32, "ip-adapter_sd15.safetensors")
    CLIPVisionModelWithProjection(_vision_config()).save_pretrained(folder / "ip-adapter-sd15" / "image_encoder")


_UP = ("CrossAttnUpBlock2D", "UpBlock2D")
_LEAST = {
    "block_out_channels": (32,),
    "down_block_types": ("CrossAttnDownBlock2D",),
    "up_block_types": ("CrossAttnUpBlock2D",),
    "attention_head_dim": (2,),
    "transformer_layers_per_block": (1,),
}


def _unet_shape() -> dict[str, Any]:
    return {
        "block_out_channels": (32, 64),
        "layers_per_block": 1,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "attention_head_dim": (2, 4),
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "transformer_layers_per_block": (1, 2),
        "projection_class_embeddings_input_dim": 6 * 8 + 32,
        "cross_attention_dim": 64,
        "norm_num_groups": 8,
    }


def _vae() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=[8, 8, 16, 16],
        down_block_types=["DownEncoderBlock2D"] * 4,
        up_block_types=["UpDecoderBlock2D"] * 4,
        latent_channels=4,
        sample_size=SIDE,
        norm_num_groups=4,
        scaling_factor=0.13025,
        force_upcast=False,
    )


def _controlnet(less: dict[str, Any] | None = None) -> Any:
    from diffusers import ControlNetModel

    shape = {name: value for name, value in (_unet_shape() | (less or {})).items() if name != "up_block_types"}
    return ControlNetModel(in_channels=4, conditioning_embedding_out_channels=(4, 4, 8, 8), **shape)


def _ip_adapter(folder: Path, unet: Any) -> None:
    from transformers import CLIPVisionModelWithProjection

    save_ip_adapter(folder, unet, 32)
    CLIPVisionModelWithProjection(_vision_config()).save_pretrained(folder / "image_encoder")


def save_ip_adapter(folder: Path, unet: Any, embedding: int, file: str = "ip-adapter_sdxl_vit-h.safetensors") -> None:
    """Random IP-Adapter weights for `unet` and image embeddings of that length, in the layout of the real file."""
    import torch
    from safetensors.torch import save_file

    cross, state = unet.config.cross_attention_dim, {}
    widths = unet.config.block_out_channels
    names = [name for name in unet.attn_processors if not name.endswith("attn1.processor")]
    for index, name in enumerate(names):
        kind, number = name.split(".")[0], name.split(".")[1]
        hidden = {"mid_block": widths[-1]}.get(kind) or (
            widths[::-1][int(number)] if kind == "up_blocks" else widths[int(number)]
        )
        for part in ("to_k_ip", "to_v_ip"):
            state[f"ip_adapter.{2 * index + 1}.{part}.weight"] = torch.randn(hidden, cross) * 0.02
    state |= {
        "image_proj.proj.weight": torch.randn(4 * cross, embedding) * 0.02,
        "image_proj.proj.bias": torch.zeros(4 * cross),
        "image_proj.norm.weight": torch.ones(cross),
        "image_proj.norm.bias": torch.zeros(cross),
    }
    folder.mkdir()
    weights = {name: tensor.cpu().to(unet.dtype).contiguous() for name, tensor in state.items()}
    save_file(weights, folder / file)


def _sam(folder: Path) -> None:
    from functools import partial

    import torch
    from segment_anything.modeling import ImageEncoderViT, MaskDecoder, PromptEncoder, Sam, TwoWayTransformer

    side, channels = 128, 32
    encoder = ImageEncoderViT(
        depth=2,
        embed_dim=32,
        img_size=side,
        mlp_ratio=2,
        norm_layer=partial(torch.nn.LayerNorm, eps=1e-6),
        num_heads=2,
        patch_size=16,
        qkv_bias=True,
        use_rel_pos=True,
        global_attn_indexes=(1,),
        window_size=4,
        out_chans=channels,
    )
    prompts = PromptEncoder(
        embed_dim=channels, image_embedding_size=(8, 8), input_image_size=(side, side), mask_in_chans=16
    )
    decoder = MaskDecoder(
        num_multimask_outputs=3,
        transformer=TwoWayTransformer(depth=1, embedding_dim=channels, mlp_dim=64, num_heads=8),
        transformer_dim=channels,
        iou_head_depth=3,
        iou_head_hidden_dim=32,
    )
    folder.mkdir()
    torch.save(Sam(encoder, prompts, decoder).state_dict(), folder / "sam_vit_b_01ec64.pth")


def _sam2(folder: Path) -> None:
    """The network for films, as the published files hold it; the engine takes the part for pictures out of it."""
    from transformers import Sam2VideoConfig, Sam2VideoModel

    side, width = 128, 32
    backbone = {
        "model_type": "sam2_hiera_det_model",
        "image_size": [side, side],
        "hidden_size": 16,
        "blocks_per_stage": [1, 1, 2, 1],
        "embed_dim_per_stage": [16, 32, 64, 128],
        "num_attention_heads_per_stage": [1, 1, 2, 2],
        "window_size_per_stage": [8, 4, 4, 2],
        "global_attention_blocks": [3],
    }
    vision = {
        "model_type": "sam2_vision_model",
        "backbone_config": backbone,
        "backbone_channel_list": [128, 64, 32, 16],
        "backbone_feature_sizes": [[side // 4] * 2, [side // 8] * 2, [side // 16] * 2],
        "fpn_hidden_size": width,
    }
    config = Sam2VideoConfig(
        vision_config=vision,
        prompt_encoder_config={"hidden_size": width, "image_size": side},
        mask_decoder_config={"hidden_size": width, "mlp_dim": 64, "iou_head_hidden_dim": 32},
        image_size=side,
        memory_attention_hidden_size=width,
        memory_attention_num_layers=1,
        memory_attention_feed_forward_hidden_size=64,
        memory_attention_rope_feat_sizes=[8, 8],
        memory_encoder_hidden_size=width,
        memory_encoder_output_channels=16,
        mask_downsampler_embed_dim=width,
        memory_fuser_num_layers=1,
        memory_fuser_embed_dim=width,
        memory_fuser_intermediate_dim=64,
    )
    network = Sam2VideoModel(config)
    for weights in network.parameters():
        weights.data.normal_(std=0.15)  # as they come they are so small that all masks are alike
    network.save_pretrained(folder)


def _vitpose(folder: Path) -> None:
    from transformers import VitPoseBackboneConfig, VitPoseConfig, VitPoseForPoseEstimation

    backbone = VitPoseBackboneConfig(
        image_size=[64, 48], patch_size=[16, 16], hidden_size=32, num_hidden_layers=1, num_attention_heads=2
    )
    config = VitPoseConfig(
        backbone_config=backbone,
        num_labels=17,
        use_simple_decoder=True,
        id2label={index: str(index) for index in range(17)},
    )
    VitPoseForPoseEstimation(config).save_pretrained(folder)


def openpose_weights(width: int = 4) -> dict[str, Any]:
    """Random weights under the names of CMU's file, every layer that may be narrower as narrow as `width`."""
    import torch

    trunk = ("1_1", "1_2", "2_1", "2_2", "3_1", "3_2", "3_3", "3_4", "4_1", "4_2", "4_3_CPM", "4_4_CPM")
    layers = [(f"conv{name}", 3 if name == "1_1" else width, width, 3) for name in trunk]
    for branch, channels in ((1, 38), (2, 19)):
        for number, side in enumerate((3, 3, 3, 1, 1), start=1):
            layers.append((f"conv5_{number}_CPM_L{branch}", width, channels if number == 5 else width, side))
        for name, number in ((f"stage{stage}_L{branch}", number) for stage in range(2, 7) for number in range(1, 8)):
            given, made = 38 + 19 + width if number == 1 else width, channels if number == 7 else width
            layers.append((f"Mconv{number}_{name}", given, made, 7 if number < 6 else 1))
    state: dict[str, Any] = {}
    torch.manual_seed(0)
    for name, given, made, side in layers:
        state[f"{name}.weight"] = torch.randn(made, given, side, side) / (given * side * side) ** 0.5
        state[f"{name}.bias"] = torch.randn(made) * 0.1
    return state


def _esrgan(folder: Path) -> None:
    import torch
    from spandrel.architectures.ESRGAN.__arch.RRDB import RRDBNet

    folder.mkdir()
    network = RRDBNet(num_filters=16, num_blocks=2)
    torch.save({"params_ema": network.state_dict()}, folder / "RealESRGAN_x4plus.pth")


def _face(folder: Path) -> None:
    """A plain network that keeps the size stands for the face network, which has no small form."""
    import torch
    from spandrel.architectures.Compact.__arch.SRVGG import SRVGGNetCompact

    folder.mkdir()
    network = SRVGGNetCompact(num_feat=8, num_conv=2, upscale=1)
    torch.save({"params": network.state_dict()}, folder / "RestoreFormer.pth")


def _matte(folder: Path) -> None:
    """An ONNX file with one 1x1 convolution: what is darker than mid-grey is foreground."""
    side = 32
    weights = _field(8, b"weights") + _field(1, 1) + _field(1, 3) + _field(1, 1) + _field(1, 1) + _field(2, 1)
    weights += _field(9, struct.pack("<3f", -2.0, -2.0, -2.0))
    node = _field(1, b"pixels") + _field(1, b"weights") + _field(2, b"matte") + _field(4, b"Conv")
    graph = _field(1, node) + _field(2, b"matte") + _field(5, weights)
    graph += _field(11, _value(b"pixels", (1, 3, side, side))) + _field(12, _value(b"matte", (1, 1, side, side)))
    model = _field(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _field(2, 13))
    folder.mkdir()
    (folder / "BiRefNet-general-bb_swin_v1_tiny-epoch_232.onnx").write_bytes(model)


def _value(name: bytes, shape: tuple[int, ...]) -> bytes:
    dimensions = b"".join(_field(1, _field(1, length)) for length in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, dimensions)))


def _field(number: int, value: int | bytes) -> bytes:
    """A field of a protocol buffer: a number, or bytes with their length before them."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])
