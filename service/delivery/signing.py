"""Standard Webhooks: keys and signatures, as standardwebhooks.com specifies them."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence

PREFIX = "whsec_"
KEY_BYTES = 32  # the specification asks for 24 to 64
OLD_SECRET_SIGNS = 24 * 3600.0  # seconds after a rotation


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def signed_headers(message: str, now: float, body: bytes, keys: Sequence[str]) -> Mapping[str, str]:
    """``keys`` as ``new_secret`` makes them; each gives a signature and a receiver needs one that fits.

    ``now`` is the moment of this attempt: receivers refuse what is more than minutes old.
    """
    moment = str(int(now))
    signatures = " ".join(signature(message, moment, body, key) for key in keys)
    return {"webhook-id": message, "webhook-timestamp": moment, "webhook-signature": signatures}


def signature(message: str, moment: str, body: bytes, key: str) -> str:
    signing = base64.b64decode(key.removeprefix(PREFIX))
    digest = hmac.new(signing, f"{message}.{moment}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
