"""Where a feed is: a URL in, the parts of one request out, and whether a number belongs to the open internet. Pure: it looks nothing up.

It must never call an address public that leads into this machine, the office or the neighbourhood, however it is spelled.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from pipeline.errors import FeedError

_ODD_NUMBER = re.compile(r"(?i)(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?")  # 2130706433 and 0x7f.1 are 127.0.0.1 to a resolver
_QUERY = "/%:@!$&'()*+,;=~?[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One request, taken apart: ``host`` in ASCII, ``path`` with its query, quoted."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """What stands in ``Host:``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """The parts of a URL; ``FeedError`` for anything but a plain http(s) address."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except (ValueError, UnicodeError):
        host, port = "", 0
    disguised = _ODD_NUMBER.fullmatch(host) and not is_number(host)
    if not host or disguised or parts.scheme not in ("http", "https") or parts.username is not None:
        raise FeedError(f"「{url[:200]}」は使えないアドレスです。https:// で始まる URL を書いてください。")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (f"?{quote(parts.query, safe=_QUERY)}" if parts.query else "")
    return Target(secure=parts.scheme == "https", host=host, port=port, path=path)


def joined(base: str, address: str) -> str:
    """An address written relative to ``base``, whole; as it was written if it is none (``http://[x``), and then ``target_of`` refuses it."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet; addresses that carry an IPv4 one inside are judged by that."""
    number = ipaddress.ip_address(address)
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo or (None, None))[1]
        if inner is None and number in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        number = inner or number
    return number.is_global and not number.is_multicast


def anywhere(_address: str) -> bool:
    """The permission of a feed with ``allow_private = true``."""
    return True


def is_number(host: str) -> bool:
    """Whether a host is an IP address already and needs no look-up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
