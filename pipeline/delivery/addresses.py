"""What somebody typed as an e-mail address in, the address as mail servers know it out, or a sentence that says what is wrong. Pure, no network.

email-validator decides. In front of it stand two regular expressions that accept a plain ASCII address by themselves, never one that the library
would refuse and never in another form; they take a fiftieth of the time. Carriers' old addresses, which no RFC allows, are the one exception.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from pipeline.delivery.misspelt import CARRIERS, meant
from pipeline.delivery.people import masked
from pipeline.errors import ReaderError

LONGEST = 254  # octets (RFC 5321 with erratum 1690)
_EDGES = " \t\r\n\v\f\0\x1c\x1d\x1e\x1f\x85\xa0\u00ad\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d"
_EDGES += "\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060\u3000\ufeff"
_ATOM = r"[A-Za-z0-9_!#$%&'*+\-/=?^`{|}~]"
_LABEL = (
    "(?!..--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"  # .. with two hyphens behind is punycode, or nothing: the library's business
)
_LOCAL = re.compile(rf"{_ATOM}+(?:\.{_ATOM}+)*")
_SEVERAL = re.compile(r"@[^@]*[\s,;、；，]+[^@]*@")


def tidied(text: str) -> str:
    """The text in NFKC (full-width letters become plain ones) without what cannot be seen at its ends."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip(_EDGES)


def parse_address(text: str, *, as_is: bool = False) -> str:
    """``ta.ro@city.example.lg.jp``: the domain in lower-case ASCII. ``as_is`` lets a domain pass that looks mistyped.

    ``ReaderError`` says what is wrong; it shows no more of the address than ``masked`` does.
    """
    local, _, domain = text.rpartition("@")
    host = _host(domain)
    if host and _LOCAL.fullmatch(local) and len(text) <= LONGEST and (local.islower() or local.lower() not in _roles()):
        return text if domain == host else f"{local}@{host}"  # as most are: nothing to tidy, nothing to ask
    address = tidied(text)
    if len(address) > LONGEST:  # the library refuses it too, but takes its time over a million characters
        raise ReaderError(_fault(address))
    local, host = _judged(address)
    right = "" if as_is else meant(host)
    if right:
        raise ReaderError(f"「{masked(f'{local}@{host}')}」の @ から後は「{right}」の打ち間違いではありませんか。")
    return f"{local}@{host}"


@lru_cache(maxsize=4096)
def _host(domain: str) -> str:
    """A plain domain in small letters; "" for one that the library must look at, or that looks mistyped."""
    host = domain.lower() if _plain().fullmatch(domain) else ""
    return "" if meant(host) else host


def _judged(address: str) -> tuple[str, str]:
    """What email-validator says of it: (local part, ASCII domain). Old addresses of carriers are judged as if their dots were in order."""
    from email_validator import EmailNotValidError, validate_email

    local, _, domain = address.rpartition("@")
    carrier = domain.lower() in CARRIERS and len(local) <= 64 and not local.startswith(".") and (".." in local or local.endswith("."))
    if carrier:
        address = f"{re.sub(r'[.]+', '.', local).strip('.')}@{domain}"
    try:
        found = validate_email(address, allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError:
        raise ReaderError(_fault(address)) from None
    if carrier:
        return local, found.ascii_domain
    return str(found.ascii_local_part), found.ascii_domain


@cache
def _plain() -> re.Pattern[str]:
    """A host name that needs no library: ends in a letter, and is none of the names that are reserved."""
    from email_validator import SPECIAL_USE_DOMAIN_NAMES

    reserved = "|".join(re.escape(name) for name in SPECIAL_USE_DOMAIN_NAMES)
    return re.compile(rf"(?:{_LABEL}\.)+(?!(?i:{reserved})\Z){_LABEL}(?<=[A-Za-z])")


@cache
def _roles() -> frozenset[str]:
    """Names that RFC 2142 has in any case: INFO@ is info@."""
    from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

    return frozenset(CASE_INSENSITIVE_MAILBOX_NAMES)


def _fault(address: str) -> str:
    """What is wrong with a refused address, as far as a person can see it."""
    if not address:
        return "メールアドレスが空欄です。"
    local, at, domain = address.rpartition("@")
    if not at:
        return f"メールアドレスに @ がありません（{address[:2]}***）。"
    shown = masked(f"{local[:40]}@{domain[:80]}") if domain.isprintable() else f"{local[:1]}***"
    faults = (
        (bool(_SEVERAL.search(address)), "一つの欄に、アドレスが二つ以上あります。1行に一つずつにしてください"),
        (address.count("@") > 1, "@ が二つ以上あります"),
        (not address.isprintable(), "目に見えない文字が入っています。打ち直してください"),
        (any(ch.isspace() for ch in address), "途中に空白があります"),
        (not (local and domain), "@ の前か後がありません"),
        ("<" in address or ">" in address, "名前や < > を除き、アドレスだけにしてください"),
        (not local.isascii(), "@ の前に、日本語などの文字は使えません"),
        (len(address) > LONGEST, f"長すぎます（{len(address)}字）"),
        ("," in domain, "@ から後のカンマを、点に直してください"),
        (local.startswith(".") or local.endswith(".") or ".." in local, "@ の前の点の位置が違います"),
        (domain.startswith(".") or domain.endswith(".") or ".." in domain, "@ から後の点の位置が違います"),
        ("." not in domain, "@ から後に点がありません"),
    )
    return f"{next((words for wrong, words in faults if wrong), 'メールアドレスとして読めません')}（{shown}）。"
