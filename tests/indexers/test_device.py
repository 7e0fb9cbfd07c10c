import subprocess
import sys
from pathlib import Path

import pytest

from indexers import device
from search.errors import ModelError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("auto", ("auto", 0)),
        ("CPU", ("cpu", 0)),
        ("cuda", ("cuda", 0)),
        ("cuda:1", ("cuda", 1)),
        ("mps", ("mps", 0)),
    ],
)
def test_reads_what_a_person_writes(text: str, parsed: tuple[str, int]) -> None:
    assert device.parse(text) == parsed


@pytest.mark.parametrize("text", ["gpu", "cuda:", "cuda:x", "cpu:1", "", "cuda:-1"])
def test_refuses_what_is_no_device(text: str) -> None:
    with pytest.raises(ModelError, match=r"is no device\. Use auto"):
        device.parse(text)


def test_the_processor_is_always_there() -> None:
    assert device.for_torch("cpu") == "cpu"
    assert device.for_onnx("cpu") == ["CPUExecutionProvider"]


def test_auto_finds_something_that_is_there() -> None:
    assert device.for_torch(device.for_torch("auto")) == device.for_torch("auto")
    assert device.for_onnx("auto")[-1] == "CPUExecutionProvider"


def test_an_absent_device_is_one_sentence() -> None:
    with pytest.raises(ModelError, match=r"no CUDA device 99.*--device cpu"):
        device.for_torch("cuda:99")


def test_a_runtime_without_the_provider_is_one_sentence() -> None:
    import onnxruntime

    absent = "cuda" if "CUDAExecutionProvider" not in onnxruntime.get_available_providers() else "mps"
    with pytest.raises(ModelError, match=f"cannot use {absent}"):
        device.for_onnx(absent)


def test_onnx_never_loads_torch() -> None:
    code = "import sys; from indexers import device; device.for_onnx('auto'); print('torch' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


def test_a_model_that_does_not_fit_is_one_sentence():
    torch = pytest.importorskip("torch")
    with (
        pytest.raises(ModelError, match="cuda:0 has too little memory") as caught,
        device.enough_memory("cuda:0"),
    ):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
    assert caught.value.remedy == "Use --device cpu."
