"""SDXL pipelines out of local folders: inpainting, and inpainting held by a pose, both shown the garment by IP-Adapter.

Podell et al. 2023 (SDXL), Zhang et al. 2023 (ControlNet), Ye et al. 2023 (IP-Adapter). Figures on small cards are SD
1.5's (Rombach et al. 2022), a third as large.
"""

import contextlib
import platform
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.engine.gpu import compiling, libraries
from studio.engine.gpu.device import Device
from studio.engine.gpu.runtime import Placement, Runtime, Thrift
from studio.errors import EngineError

FIGURE_MODELS = ("sdxl-base", "sdxl-vae-fp16", "controlnet-openpose-sdxl", "ip-adapter-sdxl")
SMALL_FIGURE_MODELS = ("sd15", "controlnet-openpose-sd15", "ip-adapter-sd15")
INTERIOR_MODELS = ("sdxl-inpaint", "sdxl-vae-fp16", "ip-adapter-sdxl")
_IP_WEIGHTS = "*.safetensors"
_TILE_PX = 512  # what the VAE decodes at once when it is to save memory
_LAYERS = ("transformer_blocks", "resnets", "layers")  # what diffusers and transformers call lists of them


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


def figure_models(runtime: Runtime) -> tuple[str, ...]:
    """The networks that paint figures together: SDXL's, or SD 1.5's where those alone are complete."""
    is_here = [all(runtime.has(one) for one in models) for models in (FIGURE_MODELS, SMALL_FIGURE_MODELS)]
    return SMALL_FIGURE_MODELS if is_here == [False, True] else FIGURE_MODELS


def load_figure(runtime: Runtime, thrift: Thrift) -> Any:
    """Inpainting held by an OpenPose ControlNet, with IP-Adapter, of `figure_models`. Raises EngineError."""
    return (_load_small if figure_models(runtime) is SMALL_FIGURE_MODELS else _load_large)(runtime, thrift)


def _load_small(runtime: Runtime, thrift: Thrift) -> Any:
    base, control, adapter = (runtime.folder(model_id) for model_id in SMALL_FIGURE_MODELS)

    def read(placement: Placement) -> Any:
        diffusers = libraries.diffusers()
        loading = {name: value for name, value in _loading(base, placement).items() if name != "add_watermarker"}
        pipeline = diffusers.StableDiffusionControlNetInpaintPipeline.from_pretrained(
            base,
            controlnet=_part(diffusers.ControlNetModel, control, placement),
            # It blackens swimwear; SDXL comes without one.
            safety_checker=None,
            requires_safety_checker=False,
            feature_extractor=None,
            **loading,
        )
        return _ready(pipeline, adapter, placement)

    return runtime.use(SMALL_FIGURE_MODELS, read, thrift, compiles=True)


def _load_large(runtime: Runtime, thrift: Thrift) -> Any:
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

    return runtime.use(FIGURE_MODELS, read, thrift, compiles=True)


def load_interior(runtime: Runtime, thrift: Thrift) -> Any:
    """SDXL inpainting with IP-Adapter. Raises EngineError."""
    base, vae, adapter = (runtime.folder(model_id) for model_id in INTERIOR_MODELS)

    def read(placement: Placement) -> Any:
        diffusers = libraries.diffusers()
        pipeline = diffusers.StableDiffusionXLInpaintPipeline.from_pretrained(
            base, vae=_part(diffusers.AutoencoderKL, vae, placement), **_loading(base, placement)
        )
        return _ready(pipeline, adapter, placement, sizes_vary=True)

    return runtime.use(INTERIOR_MODELS, read, thrift, compiles=True)


def paint(
    pipeline: Any,
    painting: Painting,
    on_step: Callable[[float], None],
    checkpoint: Callable[[], None] = lambda: None,
) -> NDArray[np.uint8]:
    """The painted picture (h, w, 3) uint8 sRGB; outside of the mask it is close to the given one, not equal to it.

    on_step: told the fraction 0..1 after each step. checkpoint: called before each layer of the networks, and after
    each step of those that were compiled. What either raises ends the painting at once and leaves the pipeline usable.
    Raises EngineError where the card computed no picture, what torch raises when memory runs out, and one of
    `compiling.FAULTS` where compiling fails.
    """
    height, width = painting.mask.shape
    compiling.weigh(pipeline, painting.garment_weight)
    with _heeding(pipeline, checkpoint):
        answer = pipeline(
            prompt=painting.prompt,
            negative_prompt=painting.negative,
            image=Image.fromarray(painting.picture),
            mask_image=Image.fromarray(painting.mask),
            ip_adapter_image=Image.fromarray(squared(painting.garment)),
            height=height,
            width=width,
            num_inference_steps=painting.steps,
            guidance_scale=painting.guidance,
            strength=painting.strength,
            # Noise is drawn on the processor, so that a seed means the same picture on any card and at any thrift.
            generator=libraries.torch().Generator("cpu").manual_seed(painting.seed),
            callback_on_step_end=_callback(on_step, checkpoint),
            output_type="np",
            **_pose(painting),
        )
    return _finished(answer.images[0])


def squared(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The whole picture amid a white square: the image encoder's own cut of the middle would lose collar and hem."""
    height, width = picture.shape[:2]
    side = max(height, width)
    square = np.full((side, side, 3), 255, np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = picture
    return square


def _finished(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    if not np.isfinite(picture).all():
        raise EngineError(
            "No picture came out",
            "The graphics card computed no numbers, which half precision does where values grow too large.",
            "Verify the models under Models (modamoda models verify), and update the NVIDIA driver.",
        )
    return np.rint(picture * 255).astype(np.uint8)


@contextlib.contextmanager
def _heeding(pipeline: Any, checkpoint: Callable[[], None]) -> Generator[None]:
    """Have `checkpoint` called before each layer: one step of all of them may take longer than a person waits.

    Compiled networks have no layers any more, only steps.
    """

    def before_layer(*_: Any) -> None:
        checkpoint()

    handles = [layer.register_forward_pre_hook(before_layer) for layer in _layers(pipeline)]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _layers(pipeline: Any) -> Iterator[Any]:
    torch = libraries.torch()
    for network in pipeline.components.values():
        if isinstance(network, torch.nn.Module) and not compiling.is_compiled(network):
            lists = (
                child for module in network.modules() for name, child in module.named_children() if name in _LAYERS
            )
            for layers in lists:
                yield from layers


def _pose(painting: Painting) -> dict[str, Any]:
    if painting.skeleton is None:
        return {}
    return {
        "control_image": Image.fromarray(painting.skeleton),
        "controlnet_conditioning_scale": painting.pose_weight,
    }


def _callback(
    on_step: Callable[[float], None], checkpoint: Callable[[], None]
) -> Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]]:
    def after_step(pipeline: Any, index: int, _: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        # With a strength under 1 fewer steps run than were asked for; the pipeline knows how many.
        on_step((index + 1) / max(1, pipeline.num_timesteps))
        checkpoint()
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


def _ready(pipeline: Any, adapter: Path, placement: Placement, *, sizes_vary: bool = False) -> Any:
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
        _tile(pipeline.vae)
    _place(pipeline, placement)
    if placement.backend:
        compiling.compile_parts(pipeline, backend=placement.backend, sizes_vary=sizes_vary)
    return pipeline


def _tile(vae: Any) -> None:
    """Tiles of a fixed size: the VAE's own is that of its training, which for some is the whole picture."""
    vae.enable_tiling()
    vae.tile_sample_min_size = min(vae.tile_sample_min_size, _TILE_PX)
    vae.tile_latent_min_size = vae.tile_sample_min_size // 2 ** (len(vae.config.block_out_channels) - 1)


def _place(pipeline: Any, placement: Placement) -> None:
    if not placement.device.is_cuda or placement.thrift < Thrift.OFFLOADED:
        pipeline.to(placement.device.name)
    # Tensor cores read channels-last convolutions without reordering them first.
    for name in ("unet", "controlnet", "vae"):
        if placement.device.is_cuda and name in pipeline.components:
            pipeline.components[name].to(memory_format=libraries.torch().channels_last)
    if placement.device.is_cuda and placement.thrift is Thrift.OFFLOADED:
        offload(pipeline, placement.device)
    elif placement.device.is_cuda and placement.thrift > Thrift.OFFLOADED:
        stream(pipeline, placement.device, pinned=placement.thrift is Thrift.STREAMED)


def offload(pipeline: Any, device: Device) -> None:
    """Networks come to the device one after the other, the ControlNet beside the UNet."""
    # The pipeline with a ControlNet leaves the image encoder, done before the first step, out of its own order: it
    # would lie on the card to the end.
    pipeline.model_cpu_offload_seq = "text_encoder->text_encoder_2->image_encoder->unet->vae"
    pipeline.enable_model_cpu_offload(device=device.name)


def stream(pipeline: Any, device: Device, *, pinned: bool = True) -> None:
    """Layers come to the device while the ones before them compute. pinned: all of them may be pinned at once."""
    torch = libraries.torch()
    pipeline.enable_group_offload(
        onload_device=torch.device(device.name),
        offload_device=torch.device("cpu"),
        offload_type="leaf_level",
        use_stream=device.is_cuda,
        # Pinned as a whole the networks take twice their size; pinned layer by layer they take a little longer.
        low_cpu_mem_usage=not (pinned and _may_be_pinned(pipeline)),
        # The order of layers is learnt from a first run that must not be in tiles, and each tile would bring all layers
        # anew. It is a hundredth of the whole.
        exclude_modules=["vae"],
    )


def _may_be_pinned(pipeline: Any) -> bool:
    """Whether the computer's free memory holds the networks of the pipeline once more, pinned.

    torch pins blocks of powers of two. Windows, and Linux inside it, allow little pinned memory, and a refusal may
    spoil the rest of the process.
    """
    import psutil

    if sys.platform == "win32" or "microsoft" in platform.release().lower():
        return False
    networks = [one for one in pipeline.components.values() if isinstance(one, libraries.torch().nn.Module)]
    sizes = [tensor.numel() * tensor.element_size() for one in networks for tensor in one.parameters()]
    return psutil.virtual_memory().available > 1.1 * sum(1 << max(0, size - 1).bit_length() for size in sizes)


def side_of(pipeline: Any) -> int:
    """The side of the square that the network was trained on, in pixels: 1024 for SDXL, 512 for SD 1.5."""
    return int(pipeline.unet.config.sample_size) * int(pipeline.vae_scale_factor)
