"""Members of ZIP archives that are encrypted with AES, as WinZip, 7-Zip and macOS tools write them.

The form is WinZip's AE-1 and AE-2: salt, two bytes that tell a wrong password, the data in counter mode, and
ten bytes that tell whether anything was changed. `zipfile` reads only the old encryption.
"""

import bz2
import hmac
import struct
import zipfile
import zlib
from hashlib import pbkdf2_hmac

import numpy as np

AES = 99
"""The method of compression that stands for AES; the true one is in the extra field."""

_EXTRA = 0x9901
_ROUNDS, _MAC, _CHECK, _BLOCK = 1000, 10, 2, 16
_LOCAL = struct.Struct("<26xHH")


def is_aes(info: zipfile.ZipInfo) -> bool:
    """Whether a member is encrypted so."""
    return info.compress_type == AES


def opens(archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: str) -> bool:
    """Whether a password opens a member; one of 65,536 wrong ones seems to, too."""
    strength, _ = _said(info)
    raw = _raw(archive, info, 4 + 4 * strength + _CHECK)
    return _keys(raw, strength, password)[2]


def read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: str) -> bytes:
    """Return the bytes of a member. Raises `ValueError` for a wrong password and for changed bytes, and
    `NotImplementedError` for a method of compression that nobody uses here."""
    strength, method = _said(info)
    raw = _raw(archive, info, info.compress_size)
    key, proof, fits = _keys(raw, strength, password)
    data, told = raw[4 + 4 * strength + _CHECK : -_MAC], raw[-_MAC:]
    if not fits or not hmac.compare_digest(hmac.digest(proof, data, "sha1")[:_MAC], told):
        raise ValueError("the password is wrong, or the member was changed")
    return _unpacked(_counted(key, data), method, info.file_size)


def _said(info: zipfile.ZipInfo) -> tuple[int, int]:
    """Return the strength, 1 to 3 for keys of 16, 24 and 32 bytes, and the method of compression."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _EXTRA and size >= 7 and len(extra) >= 11:
            strength, method = struct.unpack_from("<BH", extra, 8)
            if 1 <= strength <= 3:
                return strength, method
        extra = extra[4 + size :]
    raise ValueError("a member is encrypted in an unknown way")


def _raw(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """Return the first bytes of a member as they lie in the archive."""
    file = archive.fp
    if file is None:
        raise ValueError("the archive is closed")
    file.seek(info.header_offset)
    name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    file.seek(name + extra, 1)
    return file.read(min(most, info.compress_size))


def _keys(raw: bytes, strength: int, password: str) -> tuple[bytes, bytes, bool]:
    """Return the key, that of the proof, and whether the password seems right."""
    salt, size = 4 + 4 * strength, 8 + 8 * strength
    made = pbkdf2_hmac("sha1", password.encode(), raw[:salt], _ROUNDS, 2 * size + _CHECK)
    return made[:size], made[size : 2 * size], made[2 * size :] == raw[salt : salt + _CHECK]


def _counted(key: bytes, data: bytes) -> bytes:
    """Decrypt in counter mode; the counter begins at 1, its lowest byte first."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    counters = np.zeros((-(-len(data) // _BLOCK), 2), "<u8")
    counters[:, 0] = np.arange(1, len(counters) + 1)
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    stream = np.frombuffer(cipher.update(counters.tobytes()), np.uint8)[: len(data)]
    return (np.frombuffer(data, np.uint8) ^ stream).tobytes()


def _unpacked(data: bytes, method: int, size: int) -> bytes:
    """Return at most `size` bytes."""
    match method:
        case zipfile.ZIP_STORED:
            return data[:size]
        case zipfile.ZIP_DEFLATED:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size)
        case zipfile.ZIP_BZIP2:
            return bz2.BZ2Decompressor().decompress(data, size)
        case _:
            raise NotImplementedError("this method of compression")
