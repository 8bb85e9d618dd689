import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from service.delivery.address import parse_networks
from service.delivery.guard import Guard
from service.delivery.sender import ANSWER_KEPT, Sender
from tests.support.receiver import Receiver, Reply, receiving

LOOPBACK = Guard(parse_networks(["127.0.0.0/8"]))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    async with Sender(LOOPBACK) as found:
        yield found


async def test_a_message_arrives_as_it_was_given(receiver: Receiver, sender: Sender) -> None:
    receiver.answers(202, body=b"thanks")
    outcome = await sender.send(receiver.url + "?a=b", b'{"a":1}', {"content-type": "application/json"})
    assert (outcome.status, outcome.answer, outcome.error) == (202, "thanks", None)
    assert outcome.duration > 0
    [received] = receiver.received
    assert (received.path, received.body) == ("/hook?a=b", b'{"a":1}')
    assert received.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert received.headers["user-agent"].startswith("attune/")


async def test_the_connection_goes_to_the_address_that_was_judged(receiver: Receiver) -> None:
    """DNS rebinding: the second answer of the resolver would lead elsewhere; it is never asked twice."""
    answers = iter([("127.0.0.1",), ("169.254.169.254",)])

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return next(answers)

    async with Sender(Guard(parse_networks(["127.0.0.0/8"]), resolve)) as sender:
        first = await sender.send(f"http://rebind.example:{receiver.port}/", b"", {})
        second = await sender.send(f"http://rebind.example:{receiver.port}/", b"", {})
    assert first.status == 204
    assert receiver.received[0].headers["host"] == f"rebind.example:{receiver.port}"
    assert second.status is None
    assert "169.254.169.254" in (second.error or "")
    assert receiver.connections == 1


async def test_an_address_that_does_not_answer_gives_way_to_the_next(receiver: Receiver) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ("127.0.0.2", "127.0.0.1")

    async with Sender(Guard(parse_networks(["127.0.0.0/8"]), resolve)) as sender:
        outcome = await sender.send(f"http://two.example:{receiver.port}/", b"", {})
    assert outcome.status == 204


async def test_a_private_address_is_refused_before_anything_is_sent(receiver: Receiver) -> None:
    async with Sender(Guard()) as sender:
        outcome = await sender.send(receiver.url, b"", {})
    assert outcome.status is None
    assert (outcome.error or "").startswith("refused")
    assert receiver.connections == 0


async def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver, sender: Sender) -> None:
    receiver.answers(302, {"location": f"http://127.0.0.1:{receiver.port}/elsewhere"})
    outcome = await sender.send(receiver.url, b"", {})
    assert (outcome.status, outcome.is_delivered) == (302, False)
    assert receiver.connections == 1


async def test_proxies_of_the_environment_are_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with Sender(LOOPBACK) as sender:
            outcome = await sender.send(receiver.url, b"", {})
    assert outcome.status == 204
    assert proxy.connections == 0


async def test_a_receiver_that_hangs_is_left_after_the_time_out(receiver: Receiver) -> None:
    receiver.reply = lambda _received: Reply(delay=60.0)
    async with Sender(LOOPBACK, patience=0.2) as sender:
        outcome = await sender.send(receiver.url, b"", {})
    assert outcome.error == "no answer within 0.2 seconds"
    assert outcome.duration < 5


async def test_only_the_beginning_of_an_answer_is_read(receiver: Receiver, sender: Sender) -> None:
    receiver.answers(500, {"content-length": "1000000000"}, b"x" * 100_000)
    outcome = await sender.send(receiver.url, b"", {})
    assert outcome.status == 500
    assert outcome.answer == "x" * ANSWER_KEPT


async def test_an_answer_a_database_cannot_take_is_made_text(receiver: Receiver, sender: Sender) -> None:
    receiver.answers(200, body=b"a\0\xff")
    outcome = await sender.send(receiver.url, b"", {})
    assert outcome.answer == "a\ufffd\ufffd"


async def test_a_receiver_that_is_not_there_is_an_outcome_too(receiver: Receiver, sender: Sender) -> None:
    outcome = await sender.send("http://127.0.0.1:1/", b"", {})
    assert outcome.status is None
    assert "Connect" in (outcome.error or "")


async def test_a_name_that_does_not_exist_is_an_outcome_too() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    async with Sender(Guard(resolve=resolve)) as sender:
        outcome = await sender.send("https://nowhere.example/", b"", {})
    assert outcome.error == "the name cannot be resolved: Name or service not known"


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("soon", None)])
async def test_retry_after_is_read(
    receiver: Receiver, sender: Sender, header: str, seconds: float | None
) -> None:
    receiver.answers(429, {"retry-after": header})
    assert (await sender.send(receiver.url, b"", {})).retry_after == seconds


def certificate_for(name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


async def test_tls_is_checked_against_the_name_although_an_address_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = certificate_for("secure.example", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    async with (
        receiving(server) as receiver,
        Sender(Guard(parse_networks(["127.0.0.0/8"]), resolve)) as sender,
    ):
        right = await sender.send(f"https://secure.example:{receiver.port}/", b"", {})
        wrong = await sender.send(f"https://other.example:{receiver.port}/", b"", {})
    assert (right.status, right.error) == (204, None)
    assert wrong.status is None
    assert "certificate" in (wrong.error or "")
