"""A link as it arrived in: mail security and delivery services had it rewritten; the address it was made from out, as far as the link tells.

Nothing is asked on the web: a link that keeps its target to itself is called *tracked*, and nobody knows where it leads. Pure.

Sources: Proofpoint's "URL Defense decoder" (v1, v2, v3), Microsoft Learn "Safe Links in Microsoft Defender for Office 365".
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

_MOST = 6  # rewrites around one another
_QUERY = (  # who says it in the query: host, and the name of the value
    ("safelinks.protection.outlook.com", "url"),
    ("safelinks.protection.office365.us", "url"),
    ("safelinks.protection.partner.outlook.cn", "url"),
    ("urldefense.proofpoint.com/v1", "u"),
    ("linkprotect.cudasvc.com", "a"),
    ("trendmicro.com/wis/clicktime", "url"),
    ("fireeye.com", "u"),
    ("google.com/url", "q"),
    ("clicktime.symantec.com", "u"),
    ("sendgrid.net/ls/click", "url"),
)
_TRACKED = re.compile(
    r"(?:^|\.)(?:list-manage\d*\.com/track/click|mandrillapp\.com/track/click|sendgrid\.net/(?:ls|wf)/click|mimecast\.com/s/|mimecastprotect\.com/s/"
    r"|clicktime\.symantec\.com/|protection\.sophos\.com/|click\.mlsend\.com/|rs6\.net/tn)",
    re.IGNORECASE,
)
_MARKS = re.compile(r"utm_[a-z]+|mc_cid|mc_eid|_hsenc|_hsmi|fbclid|gclid")  # what services hang on the end of an address
_V3 = re.compile(r"urldefense\.(?:com|us|proofpoint\.com)/v3/__(?P<url>.+?)__;(?P<codes>[\w=-]*)!")
_V3_TOKEN = re.compile(r"\*(\*.)?")
_RUNS = {letter: n for n, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 2)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfolded:
    """``address`` is where the link leads as far as it tells; ``rewritten``: it came in another's clothes; ``tracked``: it does not tell."""

    address: str
    rewritten: bool = False
    tracked: bool = False


def unfold(address: str) -> Unfolded:
    """The address inside a rewritten one, however many rewrites are around it."""
    first = address
    for _ in range(_MOST):
        inner = _inner(address)
        if not inner or inner == address:
            break
        address = inner
    place = address.partition("://")[2]
    return Unfolded(address=address, rewritten=address != first, tracked=bool(_TRACKED.search(place.partition("?")[0])))


def _inner(address: str) -> str:
    """What one rewriter has put away; "" if there is none, or none that can be read."""
    try:
        found = _third(address) if _V3.search(address) else _in_query(address)
    except ValueError:
        return ""
    return found if re.match(r"https?://|mailto:", found, re.IGNORECASE) else ""


def _in_query(address: str) -> str:
    place = urlsplit(address)
    where, values = f"{(place.hostname or '').lower()}{place.path}", dict(parse_qsl(place.query))
    if where.startswith("urldefense.proofpoint.com/v2"):
        return unquote(values.get("u", "").replace("-", "%").replace("_", "/"))
    if where.startswith("secure-web.cisco.com/"):
        return unquote(place.path.rpartition("/")[2])
    key = next((name for host, name in _QUERY if _is_at(where, host)), "")
    return values.get(key, "") if key else _told(values) if _TRACKED.search(where) else ""


def _is_at(where: str, host: str) -> bool:
    name, slash, path = host.partition("/")
    there, _, rest = where.partition("/")
    return is_within(there, (name,)) and (not slash or rest.startswith(path))


def is_within(host: str, names: tuple[str, ...]) -> bool:
    """Whether a host is one of the names or lies in it: ``evil-google.com`` does not lie in ``google.com``."""
    return any(host == name or host.endswith(f".{name}") for name in names)


def _told(values: dict[str, str]) -> str:
    """A tracking link that gives its target away in one of its values."""
    return next((value for value in values.values() if re.match(r"https?://", value, re.IGNORECASE)), "")


def _third(address: str) -> str:
    """Proofpoint's v3: a ``*`` for each letter that was put aside, ``**`` and a letter for a run of them; the letters follow in base64."""
    match = _V3.search(address)
    if not match:
        return ""
    codes = match["codes"].rstrip("=")
    letters = list(urlsafe_b64decode(codes + "=" * (-len(codes) % 4)).decode("utf-8"))

    def back(token: re.Match[str]) -> str:
        count = _RUNS.get(token[1][1], 1) if token[1] else 1
        taken, letters[:count] = letters[:count], []
        return "".join(taken)

    url = _V3_TOKEN.sub(back, match["url"])
    return re.sub(r"^(https?):/+", r"\1://", url)


def plain_address(address: str, *, like: str = "") -> str:
    """An address to compare: host in lower case, encoded once, without the marks of services unless ``like`` (the approved one) has them."""
    try:
        parts = urlsplit(address.strip())
        kept = [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if f"{name}=" in like or not _MARKS.fullmatch(name)
        ]
    except ValueError:
        return address
    if parts.scheme.lower() not in ("http", "https"):
        return unquote(address.strip())
    return urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), unquote(parts.path) or "/", unquote(urlencode(kept)), unquote(parts.fragment))
    )
