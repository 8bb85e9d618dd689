"""Values of the variables that a drafted file names: asked for unseen, and kept in ``.env``."""

import io
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from dotenv import dotenv_values

from service.errors import AttuneError

ENV_FILE = Path(".env")
_PLAIN = re.compile(r"[\w./+=@:~-]+", re.ASCII)


class UnkeptSecret(AttuneError):
    """``str()`` says which variable could not be kept and why, without its value."""


def keep(values: Mapping[str, str], path: Path = ENV_FILE) -> None:
    """Adds lines that only the file's owner can read; what stands there stays. Raises UnkeptSecret."""
    lines = [_line(name, value) for name, value in values.items()]
    if not lines:
        return
    try:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+b") as file:
            os.fchmod(file.fileno(), 0o600)
            before = file.read()
            gap = b"\n" if before and not before.endswith(b"\n") else b""
            file.write(gap + "".join(lines).encode())
    except OSError as error:
        raise UnkeptSecret(f"{path} cannot be written ({error.strerror})") from None


def _line(name: str, value: str) -> str:
    """As it will be read again: what cannot be written so is refused."""
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    line = f"{name}={value}\n" if _PLAIN.fullmatch(value) else f"{name}='{quoted}'\n"
    if dotenv_values(stream=io.StringIO(line)) != {name: value}:
        raise UnkeptSecret(f"the value of {name} cannot stand in .env; set it as an environment variable")
    return line


def without_secrets(text: str, secrets: Sequence[str]) -> str:
    """Whatever a tracker may have repeated of a credential is left out."""
    for secret in sorted((one for one in secrets if len(one) >= 8), key=len, reverse=True):
        text = text.replace(secret, "…")
    return text
