"""Where a webhook may lead, by its letters and by what its host resolves to."""

import ipaddress

import pytest

from readiness.webhooks.addresses import Forbidden, checked, is_made_up, is_public, target_of
from tests.unit.webhooks_corpus import PRIVATE_V4, PRIVATE_V6, PUBLIC, REFUSED, TAKEN


def test_the_corpus_is_large_and_nothing_is_in_it_twice() -> None:
    assert len(set(REFUSED)) == len(REFUSED) >= 160


def test_each_address_of_the_corpus_is_refused_and_says_why() -> None:
    let_in = []
    for url in REFUSED:
        try:
            let_in.append((url, target_of(url)))
        except Forbidden as refused:
            assert str(refused)
    assert let_in == []


@pytest.mark.parametrize("url", TAKEN)
def test_public_https_addresses_are_taken(url: str) -> None:
    found = target_of(url)
    assert (found.scheme, found.port, found.listed) == ("https", 443, False)


def test_an_address_is_kept_apart_from_what_is_asked_of_it() -> None:
    found = target_of("https://Hooks.Example.org/a/b?c=d")
    assert (found.host, found.authority, found.path) == ("hooks.example.org", "hooks.example.org", "/a/b?c=d")
    assert target_of("https://example.org?x=1").path == "/?x=1"
    assert target_of("https://[2606:4700::1]/").authority == "[2606:4700::1]"


@pytest.mark.parametrize(
    ("url", "listed", "authority"),
    [
        ("http://hooks.lan/x", ("hooks.lan",), "hooks.lan"),
        ("http://hooks.lan:8080/x", ("hooks.lan",), "hooks.lan:8080"),
        ("http://hooks.lan:8080/x", ("other.lan", "hooks.lan:8080"), "hooks.lan:8080"),
        ("https://HOOKS.lan/x", ("hooks.lan:443",), "hooks.lan"),
        ("https://localhost:8443/", ("localhost",), "localhost:8443"),
        ("http://127.0.0.1:5000/", ("127.0.0.1:5000",), "127.0.0.1:5000"),
        ("http://[fd00::7]:8080/", ("[fd00::7]:8080",), "[fd00::7]:8080"),
        ("http://[fd00::7]/", ("[fd00::7]",), "[fd00::7]"),
    ],
)
def test_a_listed_host_may_be_anywhere(url: str, listed: tuple[str, ...], authority: str) -> None:
    found = target_of(url, listed)
    assert (found.listed, found.authority) == (True, authority)


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("http://hooks.lan:8081/x", "hooks.lan:8080"),
        ("http://a.hooks.lan/x", "hooks.lan"),
        ("http://hooks.lan.example.org/", "hooks.lan"),
        ("http://user@hooks.lan/", "hooks.lan"),
        ("ftp://hooks.lan/", "hooks.lan"),
        ("http://127.1/", "127.0.0.1"),
        ("http://hooks.lan\\@127.0.0.1/", "hooks.lan"),
    ],
)
def test_a_list_names_hosts_and_nothing_beside_them(url: str, listed: str) -> None:
    with pytest.raises(Forbidden):
        target_of(url, (listed,))


def test_every_special_address_is_known() -> None:
    assert [one for one in PUBLIC if not is_public(ipaddress.ip_address(one))] == []
    assert [one for one in (*PRIVATE_V4, *PRIVATE_V6) if is_public(ipaddress.ip_address(one))] == []


def test_nothing_that_python_knows_to_be_special_is_public() -> None:
    """An independent list: what is public here is global there, for the edges of every network of either."""
    edges = [
        one
        for version, width in ((4, 32), (6, 128))
        for prefix in range(1, 2**10)
        for base in (prefix << (width - 10),)
        for one in (ipaddress.ip_address(base - 1) if version == 4 else ipaddress.IPv6Address(base - 1),)
    ]
    wrong = [str(one) for one in edges if is_public(one) and not one.is_global]
    assert wrong == []


def test_one_private_address_condemns_the_whole_name() -> None:
    name = target_of("https://example.org/")
    assert [str(one) for one in checked(name, ["8.8.8.8", "2606:4700::1"])] == ["8.8.8.8", "2606:4700::1"]
    for trap in (*PRIVATE_V4, *PRIVATE_V6):
        with pytest.raises(Forbidden, match="no public address"):
            checked(name, ["8.8.8.8", trap])
    with pytest.raises(Forbidden, match="leads nowhere"):
        checked(name, [])


@pytest.mark.parametrize("host", ["hooks.alderfinch.example", "nowhere.invalid"])
def test_of_a_name_that_is_made_up_it_says_so(host: str) -> None:
    with pytest.raises(Forbidden, match=f"{host} is a made-up name.+Enter the address of one of yours"):
        checked(target_of(f"https://{host}/"), [])
    assert not is_made_up("example.org") and not is_made_up("example.com") and not is_made_up("hooks.lan")
    assert [str(one) for one in checked(target_of(f"http://{host}/", (host,)), ["10.0.0.1"])] == ["10.0.0.1"]


def test_a_listed_name_still_leads_to_no_metadata_of_a_cloud() -> None:
    name = target_of("http://hooks.lan/", ("hooks.lan",))
    assert [str(one) for one in checked(name, ["10.0.0.1", "fd00::1", "127.0.0.1"])]
    for trap in ("169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "0.0.0.9", "255.255.255.255"):
        with pytest.raises(Forbidden):
            checked(name, [trap])
    by_number = target_of("http://169.254.169.254/", ("169.254.169.254",))
    assert checked(by_number, ["169.254.169.254"])
