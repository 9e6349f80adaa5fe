"""The networks that come with the program: each an ONNX file in resources/models, beside a card that pins its sha256.

A session is made once in a process and shared by its threads (onnxruntime allows concurrent runs of one session).
"""

import functools
import importlib
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np

from studio.engine.starter.arrays import Bytes, Floats
from studio.errors import EngineError
from studio.files import sha256_of
from studio.model import ModelUsed

MODELS_FOLDER = Path(__file__).parents[3] / "resources" / "models"
_STEP = 32
_THREADS = 2
_loading = threading.Lock()


@functools.cache
def card(name: str) -> ModelUsed:
    """The network `name` as its card says it."""
    written = json.loads((MODELS_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return ModelUsed(id=written["id"], version=written["version"], sha256=written["sha256"])


def session(name: str) -> Any:
    """The onnxruntime session (untyped) of the network `name`. Raises EngineError if its file is not the right one."""
    with _loading:
        return _load(name)


def as_input(picture: Bytes) -> Floats:
    """`picture` (h, w, 3) as (1, 3, H, W) float32 0..1: its border pixels are repeated to whole steps of a network."""
    height, width = picture.shape[:2]
    padded = np.pad(picture, ((0, -height % _STEP), (0, -width % _STEP), (0, 0)), mode="edge")
    return np.ascontiguousarray(padded.transpose(2, 0, 1)[None], np.float32) / np.float32(255)


@functools.cache
def _load(name: str) -> Any:
    onnxruntime: Any = importlib.import_module("onnxruntime")
    path = _verified(name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    # A spinning pool would take the processor from the job in the other thread.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _verified(name: str) -> Path:
    path = MODELS_FOLDER / f"{name}.onnx"
    try:
        content = sha256_of(path)
    except OSError as error:
        raise _broken(f"{path.name} is missing from {path.parent}") from error
    if content != card(name).sha256:
        raise _broken(f"{path.name} is not the file that this version of the program came with")
    return path


def _broken(what: str) -> EngineError:
    return EngineError("The starter engine is incomplete", f"{what}.", "Install the program again.")
