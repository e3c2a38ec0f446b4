"""Where a webhook may lead: public https addresses, and the hosts that the operator lists. Standard library only.

An address is looked at twice: its letters when it is stored, and what its host resolves to at each connecting.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from checklists.said import said

URL_MAX = 500
HTTPS_PORT, HTTP_PORT = 443, 80
NEVER_GIVEN_OUT = ("example", "invalid")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_VISIBLE = re.compile(r"[!-~]+", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)

# What the registries of special-purpose addresses (IANA) list, and a little beyond: none of it is the public internet,
# or it leads to an address hidden within it.
_SPECIAL_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # shared by the customers of a provider
            "127.0.0.0/8",
            "168.63.129.16/32",  # the host below the virtual machines of a large cloud
            "169.254.0.0/16",  # link-local: the metadata of clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",
        ),
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocols: Teredo, benchmarking, ORCHID
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",
            "3fff::/20",
        ),
    )
)
_ISATAP = (0x00005EFE, 0x02005EFE)
# What even a listed name may not lead to: nobody's server answers there but a cloud's own.
_NEVER = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "169.254.0.0/16",
            "168.63.129.16/32",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "fe80::/10",
            "ff00::/8",
        ),
    )
)


class Forbidden(Exception):
    """An address that no webhook is sent to. The message says why, and what would do."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be stored. ``host`` is a name in small letters, or an address without brackets.

    ``listed``: the operator lists it, so it may be anywhere.
    """

    scheme: str
    host: str
    port: int
    path: str
    listed: bool

    @property
    def literal(self) -> Address | None:
        return _literal(self.host)

    @property
    def authority(self) -> str:
        """As the header ``Host`` spells it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = HTTPS_PORT if self.scheme == "https" else HTTP_PORT
        return host if self.port == usual else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The address without its path, which may hold a secret of the receiver's."""
        return f"{self.scheme}://{self.authority}"


def target_of(url: str, listed: Iterable[str] = ()) -> Target:
    """What an address means, if it may be stored; ``listed`` holds hosts such as ``hooks.lan`` or ``hooks.lan:8080``.

    Raises Forbidden.
    """
    if len(url) > URL_MAX:
        raise Forbidden(said("At most {most} characters.", most=URL_MAX))
    if not _VISIBLE.fullmatch(url) or set('\\"<>^`{|}') & set(url):
        raise Forbidden(said("Visible characters of ASCII only: names in other scripts are written xn--…"))
    try:
        parts = urlsplit(url)
        host, port_given = (parts.hostname or "").lower(), _port(parts.netloc)
    except ValueError:
        raise Forbidden(said("This is no address of the web.")) from None
    if parts.scheme not in ("https", "http") or not host:
        raise Forbidden(said("An address that begins with https://."))
    if "@" in parts.netloc or "#" in url:
        raise Forbidden(said("Without a user, a password or a # in it."))
    spelled = f"[{host}]" if parts.netloc.startswith("[") else host
    if parts.netloc.lower() not in (spelled, f"{spelled}:{port_given}"):
        raise Forbidden(said("This is no address of the web."))
    _check_host(host, bracketed=spelled != host)
    port = port_given or (HTTPS_PORT if parts.scheme == "https" else HTTP_PORT)
    in_list = bool({host, f"{host}:{port}", f"[{host}]", f"[{host}]:{port}"} & set(listed))
    found = Target(parts.scheme, host, port, _path(parts.path, parts.query), in_list)
    if not in_list:
        _check_public(found)
    return found


def _path(path: str, query: str) -> str:
    return (path or "/") + (f"?{query}" if query else "")


def _port(netloc: str) -> int | None:
    """The port as it is written, in plain digits. Raises ValueError."""
    rest = netloc.rpartition("@")[2]
    _, colon, written = rest.rpartition("]")[2].partition(":")
    if not colon:
        return None
    if not _PORT.fullmatch(written) or int(written) > 65535:
        raise ValueError(written)
    return int(written)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _check_host(host: str, *, bracketed: bool) -> None:
    """A name in plain letters, or an address in its one usual form. Raises Forbidden."""
    if bracketed:
        if "%" in host or not isinstance(_literal(host), ipaddress.IPv6Address):
            raise Forbidden(said("This is no address of the web."))
        return
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]) and not isinstance(_literal(host), ipaddress.IPv4Address):
        # Octal, hexadecimal, shortened: programs disagree on what they mean, so none of it is taken.
        raise Forbidden(said("An IP address in its usual form, such as 198.51.100.7."))
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Forbidden(said("This is no name of a host."))


def _check_public(found: Target) -> None:
    if found.scheme != "https":
        raise Forbidden(said("An address that begins with https://."))
    if found.port != HTTPS_PORT:
        raise Forbidden(said("At another port than 443 only where the operator lists the host."))
    literal = found.literal
    if literal is not None and not is_public(literal):
        raise Forbidden(said("{address} is no public address.", address=str(literal)))
    if literal is None and "." not in found.host:
        raise Forbidden(said("A public name has a dot, such as hooks.example.org."))


def is_public(address: Address) -> bool:
    """Whether it is an address of the public internet, by the registries and not by what Python knows of them."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _SPECIAL_V4)
    if address.scope_id or address not in _GLOBAL_V6:
        return False
    if any(address in network for network in _SPECIAL_V6):
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP


def is_made_up(host: str) -> bool:
    """Whether a name is reserved for examples (RFC 2606), so that no receiver has it: those of the demo are such."""
    return host.rpartition(".")[2] in NEVER_GIVEN_OUT


def checked(found: Target, resolved: Iterable[str]) -> list[Address]:
    """The addresses that a host resolves to, in their order, if each of them may be connected to. Raises Forbidden.

    One that may not condemns all: a name that leads to a public and a private address is a trap.
    """
    addresses = [ipaddress.ip_address(one) for one in resolved]
    if not addresses and is_made_up(found.host):
        raise Forbidden(
            said(
                "{host} is a made-up name, and no receiver has it. Enter the address of one of yours.",
                host=found.host,
            )
        )
    if not addresses:
        raise Forbidden(said("The name {host} leads nowhere.", host=found.host))
    for address in addresses:
        if not _may_be(found, address):
            raise Forbidden(
                said(
                    "{host} leads to {address}, which is no public address.",
                    host=found.host,
                    address=str(address),
                )
            )
    return addresses


def _may_be(found: Target, address: Address) -> bool:
    if not found.listed:
        return is_public(address)
    if found.literal == address:
        return True
    plain = getattr(address, "ipv4_mapped", None) or address
    return not any(plain in network for network in _NEVER if network.version == plain.version)
