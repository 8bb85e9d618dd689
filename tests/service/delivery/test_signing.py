import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from service.delivery.signing import new_secret, signed_headers

BODY = b'{"type":"test","data":{}}'


def test_a_receiver_with_the_standard_library_accepts_the_signature() -> None:
    key = new_secret()
    headers = signed_headers("msg_1", time.time(), BODY, [key])
    assert Webhook(key).verify(BODY, dict(headers)) == {"type": "test", "data": {}}


def test_a_changed_body_or_another_key_is_not_accepted() -> None:
    key = new_secret()
    headers = dict(signed_headers("msg_1", time.time(), BODY, [key]))
    with pytest.raises(WebhookVerificationError):
        Webhook(key).verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, headers)


def test_with_two_keys_either_verifies() -> None:
    new, old = new_secret(), new_secret()
    headers = dict(signed_headers("msg_1", time.time(), BODY, [new, old]))
    Webhook(new).verify(BODY, headers)
    Webhook(old).verify(BODY, headers)
