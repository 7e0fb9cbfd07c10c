"""How a running search process is found: a file that only this user can read."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from app import paths


@dataclass(frozen=True, slots=True)
class Contact:
    """Address and key (hex) of a running service, and which program it is (`app.launch.program`)."""

    address: str
    key: str
    pid: int
    version: str

    @staticmethod
    def file() -> Path:
        """Where a running service leaves its contact."""
        return paths.runtime_dir() / "service.json"

    @classmethod
    def read(cls) -> "Contact | None":
        """Return the contact of a service that may be running."""
        try:
            return cls(**json.loads(cls.file().read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self) -> None:
        """Leave the contact, complete or not at all."""
        beside = self.file().with_suffix(f".{os.getpid()}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(asdict(self), out)
        beside.replace(self.file())

    def withdraw(self) -> None:
        """Remove the contact unless another service has replaced it."""
        if self.read() == self:
            self.file().unlink(missing_ok=True)
