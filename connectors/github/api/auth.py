"""What proves to GitHub who we are: a token, or an App's installation token that is renewed in time."""

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from connectors.contract import SourceError
from connectors.github.options import AppAuth, TokenAuth

RENEW = 300.0  # seconds before an installation token ends

Fetch = Callable[[str, str], Awaitable[Any]]
"""(path, JSON web token) → GitHub's answer to asking for an installation token."""


class Credential(Protocol):
    async def token(self) -> str: ...

    async def renewed(self, refused: str) -> str | None:
        """Another token after ``refused`` was; None when there is none."""
        ...


class FixedToken:
    def __init__(self, auth: TokenAuth) -> None:
        self._token = auth.token.get_secret_value()

    async def token(self) -> str:
        return self._token

    async def renewed(self, refused: str) -> str | None:
        return None


class InstallationToken:
    """Whoever comes while it is being renewed waits for that one renewal."""

    def __init__(self, auth: AppAuth, fetch: Fetch) -> None:
        self._auth = auth
        self._fetch = fetch
        self._token = ""
        self._expires = 0.0
        self._renewing = asyncio.Lock()

    async def token(self) -> str:
        async with self._renewing:
            if time.time() > self._expires - RENEW:
                await self._renew()
            return self._token

    async def renewed(self, refused: str) -> str | None:
        async with self._renewing:
            if self._token == refused:
                await self._renew()
            return self._token

    async def _renew(self) -> None:
        path = f"/app/installations/{self._auth.installation_id}/access_tokens"
        answer = await self._fetch(path, app_jwt(self._auth, time.time()))
        try:
            expires = datetime.fromisoformat(answer["expires_at"]).timestamp()
            self._token, self._expires = str(answer["token"]), expires
        except (KeyError, TypeError, ValueError) as wrong:
            raise SourceError("answer", "GitHub's installation token cannot be read") from wrong


def app_jwt(auth: AppAuth, now: float) -> str:
    """RS256, good for nine minutes (GitHub allows ten), a minute early for clocks that differ."""
    try:
        key = serialization.load_pem_private_key(auth.private_key.get_secret_value().encode(), None)
    except (ValueError, TypeError) as wrong:
        raise SourceError("authentication", "the GitHub App's private_key is not a PEM key") from wrong
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SourceError("authentication", "the GitHub App's private_key is not an RSA key")
    claims = {"iat": int(now) - 60, "exp": int(now) + 540, "iss": str(auth.app_id)}
    signed = b".".join(_base64(orjson.dumps(part)) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
    return b".".join((signed, _base64(key.sign(signed, padding.PKCS1v15(), hashes.SHA256())))).decode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
