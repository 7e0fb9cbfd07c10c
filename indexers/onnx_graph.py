"""One ONNX graph in ONNX Runtime: loaded when first run, its errors as sentences for a person."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from numpy.typing import NDArray

from indexers import device as devices
from indexers.on_demand import OnDemand
from search.errors import ModelError

AT_ONCE = 8
"""How many rows a processor is given at once: more are not quicker there, and take memory that is never given
back (a picture tower of 13 MB: 780 MB for 32 pictures, 180 MB for 8)."""

_SPINNING = "session.intra_op.allow_spinning"
"""Whether threads of a graph wait for each other at full speed: beside a decoder, that halves the model."""


class Graph:
    """Safe to run from many threads. `device` as the settings name it; `threads` 0 leaves the number to
    ONNX Runtime. Nothing is opened before `session` or `run`.
    """

    def __init__(self, file: Path, device: str = "auto", threads: int = 0) -> None:
        devices.parse(device)
        self.file = file
        self._session = OnDemand(lambda: _session(file, device, threads))

    @property
    def session(self) -> Any:
        """The loaded session. Raises `ModelError` when the file is missing or no graph."""
        return self._session.get()

    def run(self, outputs: Sequence[str], feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """Return the named outputs for these inputs. Raises `ModelError` when the graph refuses them."""
        session = self.session
        try:
            return cast("list[NDArray[Any]]", session.run(list(outputs), dict(feeds)))
        except _runtime_errors() as error:
            raise ModelError(f"{self.file.name} refuses what it is given: {error}.") from error

    @property
    def fixed_side(self) -> int | None:
        """The side of the only square picture that the first input takes; None when it takes others."""
        *_, height, width = self.session.get_inputs()[0].shape
        return height if isinstance(height, int) and height == width else None

    def at_once(self, rows: int) -> int:
        """Return how many of these rows to run together; at least one."""
        is_slow = self.session.get_providers() == ["CPUExecutionProvider"]
        return max(1, min(rows, AT_ONCE) if is_slow else rows)

    def close(self) -> None:
        """Free the session; a later `run` loads it again."""
        self._session.close()


def _session(file: Path, device: str, threads: int) -> Any:
    import onnxruntime

    if not file.is_file():
        raise ModelError(f"{file} is missing.", "Get the model again.")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    options.add_session_config_entry(_SPINNING, "0")
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=devices.for_onnx(device))
    except _runtime_errors() as error:
        raise ModelError(
            f"{file} cannot be loaded: {error}.", "Check it: crossfind models verify."
        ) from error


def load_errors() -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises for a bad file; its errors share no base of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    names = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoSuchFile", "NotImplemented")
    return (*(getattr(state, name) for name in names), state.RuntimeException)


def _runtime_errors() -> tuple[type[Exception], ...]:
    """The same, and what it raises for bad input."""
    return (*load_errors(), ValueError, RuntimeError)
