import pytest

from service.delivery.target import TargetError, masked, parse_target


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "begin with https"),
        ("gopher://example.com/", "begin with https"),
        ("example.com/hook", "begin with https"),
        ("https://user:pass@example.com/", "user information"),
        ("https://@example.com/", "user information"),
        ("http://example.com:0/", "port 0"),
        ("http://example.com:22/", "port 22"),
        ("http://example.com:99999/", "not a URL"),
        ("http://example.com:http/", "not a URL"),
        ("https:///hook", "no host"),
        ("https://exa mple.com/", "spaces"),
        ("https://example.com/\r\nx: y", "control characters"),
        ("https://example.com\\@127.0.0.1/", "backslashes"),
        ("https://[::1/", "not a URL"),
        ("https://[::g]/", "not a URL"),
        ("https://[fe80::1%25eth0]/", "IPv6"),
        ("https://300.1.1.1/", "IPv4"),
        ("https://0x100000000/", "IPv4"),
        ("https://-a.example.com/", "cannot be"),
        ("https://%31%32%37.0.0.1/", "cannot be"),
        ("https://bücher.example/", "xn--"),
        ("https://127。0。0。1/", "xn--"),
        ("https://example.com/ü", "percent-encoding"),
        ("https://example.com/" + "a" * 2000, "longer"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_with_the_reason(url: str, why: str) -> None:
    with pytest.raises(TargetError, match=why):
        parse_target(url)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.0.0.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("１２７.０.０.１", "127.0.0.1"),
        ("①②⑦.⓪.⓪.①", "127.0.0.1"),
        ("[0:0:0:0:0:ffff:127.0.0.1]", "::ffff:7f00:1"),
    ],
)
def test_every_way_to_write_an_address_becomes_the_address(host: str, address: str) -> None:
    assert parse_target(f"http://{host}/").host == address


def test_a_target_keeps_the_name_for_the_receiver_and_takes_the_address_for_the_connection() -> None:
    target = parse_target("https://Hooks.Example.com:8443/a?b=c#d")
    assert target.host_header == "hooks.example.com:8443"
    assert target.at("192.0.2.1") == "https://192.0.2.1:8443/a?b=c"
    assert target.at("2001:db8::1") == "https://[2001:db8::1]:8443/a?b=c"


def test_usual_ports_are_left_out_of_the_host_header() -> None:
    assert parse_target("https://example.com").host_header == "example.com"
    assert parse_target("http://[2606:4700::1]:80/").host_header == "[2606:4700::1]"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.slack.com/services/T0/B0/secret", "https://hooks.slack.com/…"),
        ("https://example.com:8443?token=secret", "https://example.com:8443/…"),
        ("https://example.com/", "https://example.com/"),
    ],
)
def test_a_masked_url_shows_nothing_from_its_path_on(url: str, shown: str) -> None:
    assert masked(url) == shown
