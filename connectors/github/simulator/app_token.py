"""Whether a GitHub App's JSON web token is what GitHub wants: RS256, ten minutes at most."""

import base64
import time

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_LONGEST = 600  # seconds


def is_signed(proof: str, public_key: bytes) -> bool:
    key = serialization.load_pem_public_key(public_key)
    try:
        head, body, signature = proof.split(".")
        if not isinstance(key, rsa.RSAPublicKey) or orjson.loads(_read(head))["alg"] != "RS256":
            return False
        key.verify(_read(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
        claims = orjson.loads(_read(body))
    except (ValueError, KeyError, InvalidSignature):
        return False
    now = time.time()
    return bool(claims["iss"]) and claims["iat"] <= now < claims["exp"] <= now + _LONGEST


def _read(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
