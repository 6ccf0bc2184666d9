"""What a server said in, what it means out: a dead address, one that cannot be reached now, a reader's own filter, or that we are refused. No I/O.

The codes are RFC 3463's; where Exchange, Gmail and the Japanese carriers use them in their own way, theirs is known here. In doubt it must never
say that an address is dead: whoever is struck off wrongly never hears of it.
"""

from __future__ import annotations

import re
from enum import Enum


class Cause(Enum):
    """Why a mail came back. FILTERED: by the reader's own settings. BLOCKED: because of who we are or what the mail looks like."""

    DEAD = "dead"
    SOFT = "soft"
    FILTERED = "filtered"
    BLOCKED = "blocked"


CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CARRIERS = re.compile(
    r"(?:@|\b[\w-]{1,40}\.)(?:docomo\.ne\.jp|ezweb\.ne\.jp|au\.com|uqmobile\.jp|softbank\.ne\.jp|i\.softbank\.jp|vodafone\.ne\.jp|disney\.ne\.jp|"
    r"y-?mobile1?\.ne\.jp|willcom\.com|pdx\.ne\.jp|emnet\.ne\.jp|emobile\.ne\.jp)(?![\w.-])",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"user unknown|unknown (?:user|recipient|mailbox|local[ -]part|e?-?mail ?address)|address (?:is )?unknown|recipient unknown|user not known"
    r"|no such (?:user|mailbox|recipient|address|account|person)|no (?:mailbox|account) (?:here )?by that name|no mailbox found"
    r"|(?:user|recipient|mailbox|account|address)\b.{0,80}?(?<!may )not (?:be )?(?:found|exist|known)\b|recipnotfound|recipient ?not ?found"
    r"|(?:user|recipient|mailbox|account|address)\b.{0,80}?(?:doesn't|doesn&#39;t) (?:exist|have an? .{1,40} account)|this user doesn't have an? "
    r"|not listed in (?:the )?(?:domino directory|public name)|ディレクトリ.{0,12}(?:見つかりません|ありません)"
    r"|invalid (?:recipient|mailbox|address)|(?:not a|isn't a) (?:known|valid) (?:user|recipient|mailbox|address)|not a valid user"
    r"|recipient address rejected: access denied|badrcptto|mailbox not present|mailbox invalid"
    r"|(?:宛先|送信先|あて先|メールアドレス|アドレス).{0,20}(?:見つかりません|存在しません|登録されていません)|ユーザーは?(?:登録されていません|存在しません)",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"mailbox (?:is )?(?:full|exceed)|over ?quota|quota (?:is )?exceeded|exceeded.{0,30}quota|too much mail data|insufficient (?:system )?storage"
    r"|out of storage|no space left|temporarily|try again|一杯|いっぱい|容量|too large|size (?:limit|exceed)",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"recipient preferences|user (?:rejects?|refuses)|due to user rules|blocked by the recipient|only accepting mail from|domain[ -]filter"
    r"|resolver\.rst\.(?:notauthorized|authrequired|restricted)|not authorized to send to the recipient|isn't (?:allowed|authorized) to send to"
    r"|受信(?:拒否|制限)|指定受信|because .{0,40}recipient.{0,40}(?:restrict|only accept)",
    re.IGNORECASE,
)
_NOWHERE = re.compile(
    r"(?:domain|host)(?: name)?(?: (?:is|was|does|could))? (?:not (?:be )?(?:found|exist)|unknown)|unknown (?:host|domain)|no such (?:host|domain)"
    r"|name service|host or domain name",
    re.IGNORECASE,
)
_SENDER = re.compile(
    r"sender (?:address|domain|verif|rejected|denied|unknown|not|ok\b)|relay(?:ing)? (?:access )?(?:denied|not)"
    r"|unable to relay|authentication required",
    re.IGNORECASE,
)
_GROUP = frozenset({"7.124", "7.133", "7.134", "7.136", "7.138"})  # Exchange: a group or a person that takes mail from some senders only
_BLOCKED = re.compile(
    r"spam|black ?list|block ?list|deny ?list|\brbl\b|dnsbl|\bblocked\b|banned|reputation|unsolicited|bulk mail|\bspf\b|\bdkim\b|\bdmarc\b"
    r"|unauthenticated|policy|access denied|message (?:was )?(?:rejected|refused)|content (?:rejected|filter)|virus",
    re.IGNORECASE,
)
_OUR_SIDE = frozenset({"1.7", "1.8"})  # the sender's address is at fault


def code_in(text: str) -> str:
    """The first enhanced status code in a text (``5.1.1``), "" if there is none."""
    match = CODE.search(text)
    return match[0] if match else ""


def cause_of(status: str, words: str, *, where: str = "", context: str = "") -> Cause:
    """What a refusal means: the report's ``status`` ("" if it has none), the server's ``words``.

    ``where``: the addresses and the server that refused, as far as known; ``context``: the text of the mail around the words.

    The server's own code goes before the report's, which may be a summary.
    """
    words, context = words[:2000], context[:8000]
    code = code_in(words) or status
    kind, _, detail = code.partition(".")
    if _CARRIERS.search(f"{where} {words}"):
        return _cause_at_carrier(detail, words, context)
    if detail in _GROUP or _FILTERED.search(words):
        return Cause.FILTERED
    if detail.startswith("7.") or detail in _OUR_SIDE or _SENDER.search(words):
        return Cause.BLOCKED
    if kind == "4" or _NOWHERE.search(words) or _FULL.search(words):
        return Cause.SOFT
    unknown = bool(_UNKNOWN.search(words)) and not _spoke_after_data(f"{words}\n{context}".lower())
    if detail in ("1.1", "1.10"):
        return Cause.BLOCKED if _BLOCKED.search(words) and not unknown else Cause.DEAD
    if unknown and (detail in ("", "0.0", "4.1", "3.0") or detail.startswith(("1.", "5."))):
        return Cause.DEAD
    return Cause.BLOCKED if _BLOCKED.search(words) else Cause.SOFT


def _spoke_after_data(text: str) -> bool:
    """Whether a server refused the mail when it had seen it, not the recipient: in Postfix's words, or in a transcript.

    In a pipelined transcript the answer to RCPT stands below DATA too; then the server goes on to say that it has no recipient left.
    """
    return "end of data" in text or bool(re.search(r">>> data\s*<<< 550", text) and not re.search(r"<<< 5(?:03|54)", text))


def _cause_at_carrier(detail: str, words: str, context: str) -> Cause:
    """The carriers docomo and au say "unknown user" also of a reader who takes mail from chosen domains only; the step at which they say it tells.

    An unknown address is refused at RCPT; a filter speaks after DATA, or (au) without the address. Where that cannot be seen it may be either.
    """
    everything = f"{words}\n{context}".lower()
    if detail == "2.0" or _spoke_after_data(everything) or re.search(r"550 :\s?user unknown", everything) or _FILTERED.search(everything):
        return Cause.FILTERED
    if _FULL.search(words):
        return Cause.SOFT
    if detail.startswith("7.") or (_BLOCKED.search(words) and not _UNKNOWN.search(words)):
        return Cause.BLOCKED
    at_rcpt = "reply to rcpt" in everything or ">>> rcpt to" in everything or "no valid recipient" in everything
    said = _UNKNOWN.search(words) or (not words and _UNKNOWN.search(context))
    return Cause.DEAD if said and (at_rcpt or detail in ("1.1", "1.10")) else Cause.SOFT
