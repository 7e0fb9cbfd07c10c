"""Where models run: CUDA, Apple's MPS or the processor, decided at run time."""

import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from search.errors import ModelError

Kind = Literal["auto", "cpu", "cuda", "mps"]
Provider = str | tuple[str, dict[str, int]]
"""An ONNX Runtime execution provider, with options where there are any."""

_FORM = re.compile(r"(auto|cpu|mps)|cuda(?::(\d+))?")
_REMEDY = "Leave --device out, or use --device cpu."


def parse(device: str) -> tuple[Kind, int]:
    """Split `auto`, `cpu`, `mps`, `cuda` or `cuda:N` into its kind and number. Raises `ModelError`."""
    match = _FORM.fullmatch(device.strip().lower())
    if match is None:
        raise ModelError(f"{device!r} is no device.", "Use auto, cpu, cuda, cuda:1 or mps.")
    kind: Kind = match[1] or "cuda"  # type: ignore[assignment]  # the pattern lets only these through
    return kind, int(match[2] or 0)


def for_torch(device: str) -> str:
    """Return PyTorch's name of the device. Raises `ModelError` when it is not there."""
    kind, number = parse(device)
    if kind == "cpu":
        return "cpu"
    with warnings.catch_warnings():  # an old driver makes PyTorch warn; the answer is all that counts
        warnings.simplefilter("ignore")
        graphics_cards, mps = _seen_by_torch()
    if kind == "auto":
        return "cuda:0" if graphics_cards else "mps" if mps else "cpu"
    if kind == "mps":
        if not mps:
            raise ModelError("This machine has no Apple graphics (MPS) that PyTorch can use.", _REMEDY)
        return "mps"
    if number >= graphics_cards:
        raise ModelError(f"There is no CUDA device {number}; PyTorch sees {graphics_cards}.", _REMEDY)
    return f"cuda:{number}"


def give_back() -> None:
    """Give memory of graphics cards that nothing holds any more to other programs."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def _seen_by_torch() -> tuple[int, bool]:
    import torch

    cards = torch.cuda.device_count() if torch.cuda.is_available() else 0
    return cards, torch.backends.mps.is_available()


@contextmanager
def enough_memory(device: str) -> Iterator[None]:
    """Run a PyTorch model on a device of PyTorch's name; raises `ModelError` where it does not fit."""
    import torch

    try:
        yield
    except torch.OutOfMemoryError as error:
        raise ModelError(f"{device} has too little memory for this model.", "Use --device cpu.") from error


def for_onnx(device: str) -> list[Provider]:
    """Return ONNX Runtime's providers, the processor always last. Raises `ModelError`.

    `auto` uses CUDA where the installed runtime has it, never Core ML: it must be asked for as `mps`.
    """
    kind, number = parse(device)
    if kind == "cpu":
        return ["CPUExecutionProvider"]
    import onnxruntime

    present = onnxruntime.get_available_providers()
    wanted = "CoreMLExecutionProvider" if kind == "mps" else "CUDAExecutionProvider"
    if wanted not in present:
        if kind == "auto":
            return ["CPUExecutionProvider"]
        raise ModelError(f"The installed ONNX Runtime cannot use {kind} (it has no {wanted}).", _REMEDY)
    first: Provider = wanted if kind == "mps" else (wanted, {"device_id": number})
    return [first, "CPUExecutionProvider"]
