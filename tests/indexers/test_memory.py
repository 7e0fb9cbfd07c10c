"""Memory that was freed goes back to the system."""

import subprocess
import sys

import pytest

from indexers.memory import LARGE, Tidier, keep_little

FREED = """
import ctypes, sys
from indexers.memory import keep_little
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
for name in sys.argv[2:]:
    sys.modules[name] = sys
if sys.argv[1] == "little":
    assert keep_little()
size = {size}
libc.free(libc.malloc(16 * size))  # as the allocator sees that such pieces come and go, it keeps them
before = resident()
held = [libc.malloc(size) for _ in range(100)]
for one in held:
    ctypes.memset(one, 1, size)
for one in held[:-1]:  # the last one keeps all below it in the heap
    libc.free(one)
print(resident() - before)
"""


def kept(*arguments: str) -> int:
    """Bytes a new process keeps of 99 pieces that it has freed."""
    program = FREED.replace("{size}", str(2 * LARGE))
    told = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, check=True, text=True
    )
    return int(told.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc keeps what is freed")
def test_large_pieces_go_back_at_once() -> None:
    assert kept("as it is") > 50 * LARGE
    assert kept("little") < 10 * LARGE
    assert kept("little", "torch") > 50 * LARGE
    assert kept("little", "ctranslate2") > 50 * LARGE


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc keeps what is freed")
def test_what_is_free_is_given_back_but_not_all_the_time() -> None:
    assert Tidier(every_s=0.0).tidy()
    patient = Tidier(every_s=1000.0)
    assert not patient.tidy()


def test_a_system_that_does_so_by_itself_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not keep_little()
    assert not Tidier(every_s=0.0).tidy()
