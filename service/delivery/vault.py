"""Secrets at rest: what the database holds of a webhook's address and key cannot be read without this."""

import base64
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from service.errors import AttuneError

KEY_FILE = "secret.key"


class VaultError(AttuneError):
    """What is stored was encrypted with another key."""


class Vault:
    """Encrypts and authenticates (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))

    @classmethod
    def open(cls, secret: str | None, beside: Path) -> "Vault":
        """With the secret that was set, else with one kept in the folder ``beside``, made when absent."""
        return cls(secret or _kept_secret(beside / KEY_FILE))

    def encrypt(self, plain: bytes) -> bytes:
        return self._fernet.encrypt(plain)

    def decrypt(self, sealed: bytes) -> bytes:
        """Raises VaultError for what another key sealed, or what was changed since."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise VaultError("a stored secret was encrypted with another ATTUNE_SECRET_KEY") from None

    def seal(self, text: str) -> bytes:
        return self.encrypt(text.encode())

    def unseal(self, sealed: bytes) -> str:
        return self.decrypt(sealed).decode()


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _create(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def _create(path: Path, secret: str) -> None:
    """Whole or not at all, for its owner only; of processes that start together, one writes it."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=KEY_FILE)  # mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        os.unlink(draft)
