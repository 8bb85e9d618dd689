"""Tokens and GitHub Apps, over a real socket."""

import asyncio
import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from connectors.contract import SourceError
from connectors.github.api.auth import app_jwt
from connectors.github.client import GitHub
from connectors.github.options import AppAuth
from connectors.github.simulator import Fault, GitHubHost
from connectors.github.simulator.app_token import is_signed
from tests.connectors.github.hosts import Opened, all_pages, host_of, native_ids

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
).decode()
PUBLIC = KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
OTHER = ec.generate_private_key(ec.SECP256R1()).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
APP = {"auth": {"app_id": 12, "installation_id": 34, "private_key": PRIVATE}}


def tokens_asked(host: GitHubHost) -> int:
    return sum(path.endswith("/access_tokens") for _, path in host.requests)


async def test_an_app_reads_with_one_installation_token(opened: Opened) -> None:
    host = host_of(130, app_key=PUBLIC)
    assert len(native_ids(await opened(host, all_pages, **APP))) == 130
    assert tokens_asked(host) == 1


@pytest.mark.parametrize("life", [0.0, 200.0, 299.0])
async def test_a_token_that_ends_within_five_minutes_is_renewed_before_it_is_used(
    opened: Opened, life: float
) -> None:
    host = host_of(app_key=PUBLIC, token_life=life)
    await opened(host, lambda connector: connector.probe(), **APP)
    assert tokens_asked(host) == len(host.requests) - tokens_asked(host)


async def test_whoever_comes_during_a_renewal_waits_for_it(opened: Opened) -> None:
    host = host_of(app_key=PUBLIC)

    async def use(connector: GitHub) -> None:
        await asyncio.gather(*(connector.probe() for _ in range(5)))

    await opened(host, use, **APP)
    assert tokens_asked(host) == 1


async def test_a_token_that_ended_early_is_renewed_once(opened: Opened) -> None:
    host = host_of(app_key=PUBLIC)

    async def use(connector: GitHub) -> None:
        await connector.probe()
        host.installation_tokens.clear()
        await asyncio.gather(*(connector.probe() for _ in range(4)))

    await opened(host, use, **APP)
    assert tokens_asked(host) == 2


async def test_a_new_token_that_is_refused_too_is_an_authentication_failure(opened: Opened) -> None:
    host = host_of(app_key=PUBLIC)
    host.faults.extend([Fault("status", 401, path="graphql")] * 2)
    with pytest.raises(SourceError) as raised:
        await opened(host, lambda connector: connector.probe(), **APP)
    assert raised.value.reason == "authentication"
    assert tokens_asked(host) == 2


async def test_an_app_with_another_key_is_an_authentication_failure(opened: Opened) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    pem = other.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    host = host_of(app_key=pem)
    with pytest.raises(SourceError) as raised:
        await opened(host, lambda connector: connector.probe(), **APP)
    assert (raised.value.reason, len(host.requests)) == ("authentication", 1)


async def test_an_app_that_is_not_installed_is_an_authentication_failure(opened: Opened) -> None:
    host = host_of(app_key=PUBLIC)
    host.faults.append(Fault("status", 404, path="access_tokens"))
    with pytest.raises(SourceError) as raised:
        await opened(host, lambda connector: connector.probe(), **APP)
    assert (raised.value.reason, len(host.requests)) == ("authentication", 1)


@pytest.mark.parametrize("key", ["no key", OTHER.decode()])
def test_a_key_that_cannot_sign_is_named_but_not_shown(key: str) -> None:
    auth = AppAuth.model_validate({"app_id": "a", "installation_id": 1, "private_key": key})
    with pytest.raises(SourceError) as raised:
        app_jwt(auth, 1_800_000_000)
    assert key not in str(raised.value)


def test_the_proof_is_what_github_wants() -> None:
    auth = AppAuth.model_validate(APP["auth"])
    assert is_signed(app_jwt(auth, time.time()), PUBLIC)
    assert not is_signed(app_jwt(auth, time.time() - 3600), PUBLIC)
    assert not is_signed("a.b.c", PUBLIC)


async def test_every_request_says_which_version_of_the_api_it_means(opened: Opened) -> None:
    host = host_of()
    await opened(host, lambda connector: connector.probe())
    assert host.headers["x-github-api-version"] == "2022-11-28"
    assert host.headers["user-agent"] == "attune"
