"""SDXL pipelines out of local folders: inpainting, and inpainting held by a pose, both shown the garment by IP-Adapter.

Podell et al. 2023 (SDXL), Zhang et al. 2023 (ControlNet), Ye et al. 2023 (IP-Adapter).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.engine.gpu import libraries
from studio.engine.gpu.runtime import Placement, Runtime, Thrift

FIGURE_MODELS = ("sdxl-base", "sdxl-vae-fp16", "controlnet-openpose-sdxl", "ip-adapter-sdxl")
INTERIOR_MODELS = ("sdxl-inpaint", "sdxl-vae-fp16", "ip-adapter-sdxl")
_IP_WEIGHTS = "*.safetensors"


@dataclass(frozen=True, kw_only=True)
class Painting:
    """What to paint. All pictures have one size, its sides multiples of eight.

    picture: (h, w, 3) uint8 sRGB, kept where mask is 0. mask: (h, w) uint8, painted where 255. garment: any size, what
    the image prompt shows. skeleton: (h, w, 3) uint8, None = no pose is held. seed: same seed, same picture on one
    machine. strength 0..1: how little of the picture under the mask may remain. guidance: classifier-free, 1 = none.
    """

    picture: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    garment: NDArray[np.uint8]
    prompt: str
    negative: str
    seed: int
    skeleton: NDArray[np.uint8] | None = None
    steps: int = 30
    guidance: float = 6.0
    strength: float = 0.99
    garment_weight: float = 0.6
    pose_weight: float = 0.8


def load_figure(runtime: Runtime, thrift: Thrift) -> Any:
    """SDXL inpainting held by an OpenPose ControlNet, with IP-Adapter. Raises EngineError."""
    base, vae, control, adapter = (runtime.folder(model_id) for model_id in FIGURE_MODELS)

    def read(placement: Placement) -> Any:
        diffusers = libraries.diffusers()
        pipeline = diffusers.StableDiffusionXLControlNetInpaintPipeline.from_pretrained(
            base,
            vae=_part(diffusers.AutoencoderKL, vae, placement),
            controlnet=_part(diffusers.ControlNetModel, control, placement),
            **_loading(base, placement),
        )
        return _ready(pipeline, adapter, placement)

    return runtime.use(FIGURE_MODELS, read, thrift)


def load_interior(runtime: Runtime, thrift: Thrift) -> Any:
    """SDXL inpainting with IP-Adapter. Raises EngineError."""
    base, vae, adapter = (runtime.folder(model_id) for model_id in INTERIOR_MODELS)

    def read(placement: Placement) -> Any:
        diffusers = libraries.diffusers()
        pipeline = diffusers.StableDiffusionXLInpaintPipeline.from_pretrained(
            base, vae=_part(diffusers.AutoencoderKL, vae, placement), **_loading(base, placement)
        )
        return _ready(pipeline, adapter, placement)

    return runtime.use(INTERIOR_MODELS, read, thrift)


def paint(pipeline: Any, painting: Painting, on_step: Callable[[float], None]) -> NDArray[np.uint8]:
    """The painted picture (h, w, 3) uint8 sRGB; outside of the mask it is close to the given one, not equal to it.

    on_step: told the fraction 0..1 after each step; what it raises ends the painting at once and leaves the pipeline
    usable. Raises torch.OutOfMemoryError.
    """
    height, width = painting.mask.shape
    pipeline.set_ip_adapter_scale(painting.garment_weight)
    answer = pipeline(
        prompt=painting.prompt,
        negative_prompt=painting.negative,
        image=Image.fromarray(painting.picture),
        mask_image=Image.fromarray(painting.mask),
        ip_adapter_image=Image.fromarray(painting.garment),
        height=height,
        width=width,
        num_inference_steps=painting.steps,
        guidance_scale=painting.guidance,
        strength=painting.strength,
        # Noise is drawn on the processor, so that a seed means the same picture on any card and at any thrift.
        generator=libraries.torch().Generator("cpu").manual_seed(painting.seed),
        callback_on_step_end=_callback(on_step),
        output_type="np",
        **_pose(painting),
    )
    return np.rint(answer.images[0] * 255).astype(np.uint8)


def _pose(painting: Painting) -> dict[str, Any]:
    if painting.skeleton is None:
        return {}
    return {
        "control_image": Image.fromarray(painting.skeleton),
        "controlnet_conditioning_scale": painting.pose_weight,
    }


def _callback(on_step: Callable[[float], None]) -> Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]]:
    def after_step(pipeline: Any, index: int, _: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        # With a strength under 1 fewer steps run than were asked for; the pipeline knows how many.
        on_step((index + 1) / max(1, pipeline.num_timesteps))
        return tensors

    return after_step


def _loading(folder: Path, placement: Placement) -> dict[str, Any]:
    half = any(folder.rglob("*.fp16.safetensors"))
    return {
        "dtype": placement.dtype,
        "variant": "fp16" if half else None,
        "local_files_only": True,
        "add_watermarker": False,
    }


def _part(kind: Any, folder: Path, placement: Placement) -> Any:
    half = any(folder.glob("*.fp16.safetensors"))
    return kind.from_pretrained(folder, dtype=placement.dtype, variant="fp16" if half else None, local_files_only=True)


def _ready(pipeline: Any, adapter: Path, placement: Placement) -> Any:
    pipeline.set_progress_bar_config(disable=True)
    weights = next(iter(sorted(adapter.glob(_IP_WEIGHTS))))
    pipeline.load_ip_adapter(
        str(adapter),
        subfolder="",
        weight_name=weights.name,
        image_encoder_folder="image_encoder",
        local_files_only=True,
    )
    if placement.thrift >= Thrift.TILED:
        pipeline.vae.enable_tiling()
        pipeline.vae.enable_slicing()
    _place(pipeline, placement)
    return pipeline


def _place(pipeline: Any, placement: Placement) -> None:
    if not placement.device.is_cuda:
        pipeline.to(placement.device.name)
    elif placement.thrift < Thrift.OFFLOADED:
        pipeline.to(placement.device.name)
        # Tensor cores read channels-last convolutions without reordering them first.
        pipeline.unet.to(memory_format=libraries.torch().channels_last)
        pipeline.vae.to(memory_format=libraries.torch().channels_last)
    elif placement.thrift is Thrift.OFFLOADED:
        pipeline.enable_model_cpu_offload(device=placement.device.name)
    else:
        _stream(pipeline, placement)


def _stream(pipeline: Any, placement: Placement) -> None:
    """Layers come to the card while the ones before them compute."""
    torch = libraries.torch()
    pipeline.enable_group_offload(
        onload_device=torch.device(placement.device.name),
        offload_device=torch.device("cpu"),
        offload_type="leaf_level",
        use_stream=True,
    )


def side_of(pipeline: Any) -> int:
    """The side of the square that the network was trained on, in pixels: 1024 for SDXL."""
    return int(pipeline.unet.config.sample_size) * int(pipeline.vae_scale_factor)
