"""A mail that arrived and the frozen one in, where they differ out: subject, sender, visible text, links, pictures, the text edition. Pure.

What services and gateways do to every mail (wrap links, count openings, add a footer of their own, break lines elsewhere, swap － for −) is told
apart from what somebody changed. It must never call equal what reads otherwise, and never say where a tracked link leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from pipeline.delivery.difference import ALT, BODY, LINK, PICTURE, TEXT_EDITION, Change, aligned
from pipeline.delivery.frozen import Frozen
from pipeline.delivery.received import Received
from pipeline.delivery.rendered import Image, Line, Link, Page, key_of, page_of, paragraphs_of, shown
from pipeline.delivery.unfold import Unfolded, is_within, plain_address, unfold

_PLACE = "\ue000"  # a private character where a reader's own value stands
_SERVICE_FOOTERS = frozenset(("canspamBarWrapper", "canspamBar"))  # Mailchimp's, below a page that it finds no footer in
_SERVICE_WORDS = re.compile(
    r"this email was sent to|why did i get this|unsubscribe from this list|update subscription preferences|email marketing powered by|list-manage"
    r"|mailchimp",
    re.IGNORECASE,
)
_SERVICE_PAGES = ("list-manage.com", "mailchi.mp", "campaign-archive.com", "campaign-archive1.com", "campaign-archive2.com")
_SERVICE_PICTURES = ("mcusercontent.com", "gallery.mailchimp.com", "list-manage.com")
_TEST = re.compile(r"(?:\[test\]|\[テスト\]|【テスト】|test:)\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[!-~]+")
_DOUBLES = str.maketrans("〜−—‖¢£¬¦‐", "～－―∥￠￡￢￤-")  # one and the same letter in the two tables of Japanese charsets
_MOST_LINES = 4_000
_LEAST_WORDS = len("〔差し込み〕") + 1  # a line that is nothing but a reader's value would fit everywhere
_LEAST_LIKE = 0.4  # of the approved headings and bullets: with fewer of them the text edition is another one


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What came of it. ``changes``: where the mail differs (before: approved, after: received); ``notes``: what was allowed.

    ``tracked``: links that keep to themselves where they lead.
    """

    changes: tuple[Change, ...]
    tracked: tuple[Link, ...]
    notes: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether the mail says what was approved, as far as can be seen."""
        return not self.changes


def verify(frozen: Frozen, received: Received, *, web_url: str) -> Verified:
    """Hold a received mail against the frozen one. ``web_url``: the issue's web copy, for which a service may have a page of its own."""
    notes: list[str] = []
    changes = list(_heads(frozen, received, notes))
    tracked: list[Link] = []
    if received.html is None:
        changes.append(Change(part=BODY, label="", before="HTML版", after=""))
    else:
        ours, theirs = page_of(_marked(frozen, "html")), _their_page(received.html, notes)
        changes += _lines(ours.lines, theirs.lines, part=BODY)
        known = (web_url, *(link.address for link in page_of(frozen.html).links))
        changes += _links(ours, theirs, known, tracked, notes)
        changes += _images(ours.images, theirs.images, notes)
    changes += _text(frozen, received, notes)
    return Verified(changes=tuple(changes), tracked=tuple(tracked), notes=tuple(dict.fromkeys(notes)))


def _marked(frozen: Frozen, part: str) -> str:
    """A frozen text with the mark of a reader's value in each of its places."""
    text, done, last = getattr(frozen, part), [], 0
    for slot in frozen.slots:
        if slot.part == part:
            is_address = text[slot.start : slot.end].startswith(("https://", "http://"))
            done += [text[last : slot.start], f"https://{_PLACE}" if is_address else _PLACE]
            last = slot.end
    return "".join([*done, text[last:]])


def _folded(text: str) -> str:
    """Text to compare: no spaces, one form of letters that two tables know by two."""
    return key_of(text).translate(_DOUBLES)


def _fits(ours: str, theirs: str) -> bool:
    """Whether a received text is the approved one, with anything where a reader's value stands."""
    if _PLACE not in ours:
        return _folded(ours) == _folded(theirs)
    pattern = ".{0,200}".join(re.escape(piece) for piece in _folded(ours).split(_PLACE))
    return re.fullmatch(pattern, _folded(theirs), re.DOTALL) is not None


def _heads(frozen: Frozen, received: Received, notes: list[str]) -> Iterator[Change]:
    subject = received.subject
    if (test := _TEST.match(subject)) and not _fits(_marked(frozen, "subject"), subject):
        subject = subject[test.end() :]
        notes.append(f"件名の頭の「{test[0].strip()}」は、テスト配信の印です。")
    if not _fits(_marked(frozen, "subject"), subject):
        yield Change(part="件名", label="", before=frozen.subject, after=received.subject)
    name, address = _mailbox(frozen.sender)
    if not (_folded(name) == _folded(received.sender[0]) and address == received.sender[1]):
        yield Change(part="差出人", label="", before=frozen.sender, after=_told_mailbox(received.sender))
    reply_to = received.reply_to[1] or received.sender[1]
    if reply_to != _mailbox(frozen.reply_to)[1]:
        yield Change(part="返信先", label="", before=frozen.reply_to, after=reply_to)


def _mailbox(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"(?:(?P<name>.*?)\s*<)?(?P<address>[^<>\s]+)>?\s*", text.strip())
    return ((match["name"] or "").strip('" '), match["address"].lower()) if match else ("", text.strip().lower())


def _told_mailbox(mailbox: tuple[str, str]) -> str:
    return f"{mailbox[0]} <{mailbox[1]}>" if mailbox[0] else mailbox[1]


def _their_page(html: str, notes: list[str]) -> Page:
    """The received page without a service's own footer and its picture that counts openings."""
    page = page_of(html, leave_out=_SERVICE_FOOTERS)
    if any(f'id="{name}"' in html for name in _SERVICE_FOOTERS):
        notes.append("配信サービスが、いちばん下に自分の案内を足しています（比べていません）。")
    pixels = [image for image in page.images if _is_pixel(image)]
    if pixels:
        notes.append("開封を数えるための見えない画像が入っています。")
    images = tuple(image for image in page.images if image not in pixels)
    return Page(lines=page.lines[:_MOST_LINES], links=page.links[:_MOST_LINES], images=images[:_MOST_LINES])


def _is_pixel(image: Image) -> bool:
    return not image.alt and (image.width in ("0", "1") or "/track/open" in image.address)


def _lines(ours: Sequence[Line], theirs: Sequence[Line], *, part: str) -> Iterator[Change]:
    """Visible text that is not the same; lines that were only broken elsewhere are."""
    named = _named(ours, theirs)
    shown_as = {id(name): line for name, line in zip(named, theirs, strict=True)}
    stretch: list[tuple[Line | None, Line | None]] = []
    for pair in (*aligned([_as_key(line) for line in ours], named), None):
        if pair is not None and not (pair[0] and pair[1] and _fits(pair[0].text, pair[1].text)):
            stretch.append(pair)
            continue
        if not _same_letters(stretch):
            yield from (_change(old, shown_as[id(new)] if new else None, part) for old, new in stretch)
        stretch = []


def _same_letters(stretch: list[tuple[Line | None, Line | None]]) -> bool:
    """Whether two runs of lines say the same, each broken in its own way."""
    ours, theirs = ("".join(line.key for line in side if line) for side in zip(*stretch, strict=True)) if stretch else ("", "")
    return ours == theirs


def _change(old: Line | None, new: Line | None, part: str) -> Change:
    return Change(
        part=part, label=(old or new or Line(text="")).label, before=_readable(old.text) if old else "", after=new.text if new else ""
    )


def _readable(text: str) -> str:
    """An approved text with a word where a reader's value stands."""
    return text.replace(f"https://{_PLACE}", "〔差し込み〕").replace(_PLACE, "〔差し込み〕")


def _as_key(line: Line) -> Line:
    return replace(line, text=line.text.translate(_DOUBLES))


def _named(ours: Sequence[Line], theirs: Sequence[Line]) -> list[Line]:
    """Received lines to align: those that fit an approved line with places in it go by that line's name."""
    patterns = [line for line in ours if _PLACE in line.text and len(key_of(_readable(line.text))) > _LEAST_WORDS]
    known = {_folded(line.text) for line in ours}
    found = []
    for line in theirs:
        fit = next((one for one in patterns if _fits(one.text, line.text)), None) if _folded(line.text) not in known else None
        found.append(_as_key(fit or line))
    return found


def _links(ours: Page, theirs: Page, known: tuple[str, ...], tracked: list[Link], notes: list[str]) -> Iterator[Change]:
    """Links in their order: those with the same words are held against each other, the others came or went.

    ``known``: the web copy's address, and those that stand in the approved page, also where a reader's own will stand.
    """
    keys, found = ([_folded(link.text) for link in page.links] for page in (ours, theirs))
    for kind, first, last, start, end in SequenceMatcher(None, keys, found, autojunk=False).get_opcodes():
        for n in range(max(last - first, end - start)):
            old = ours.links[first + n] if first + n < last else None
            new = theirs.links[start + n] if start + n < end else None
            if old and new:
                verdict = _verdict(old, unfold(new.address), known, notes)
                if verdict == "tracked":
                    tracked.append(replace(new, text=old.text, label=old.label))
                elif verdict:
                    yield Change(part=LINK, label=old.label, before=f"「{old.text}」{_shown(old)}", after=f"「{new.text}」{verdict}")
            elif kind != "equal" and (one := old or new):
                told = f"「{one.text}」{_shown(one)}"
                yield Change(part=LINK, label=one.label, before=told if old else "", after=told if new else "")


def _shown(link: Link) -> str:
    return _readable(link.address)


def _verdict(ours: Link, theirs: Unfolded, known: tuple[str, ...], notes: list[str]) -> str:
    """Where a link leads if that is not where it should; ``tracked`` if nobody knows; nothing for a good one."""
    if theirs.rewritten:
        notes.append("メールの安全対策などで書き換えられたリンクは、元のURLに戻して比べました。")
    host = _host(theirs.address)
    if _PLACE in ours.address:
        return _own_link(ours, theirs.address, known, notes)
    if plain_address(theirs.address, like=ours.address) == plain_address(ours.address, like=ours.address):
        if theirs.address.count("utm_") > ours.address.count("utm_"):
            notes.append("リンクに、配信サービスの計測の印（utm_…）が付いています。")
        return ""
    if theirs.tracked:
        return "tracked"
    if plain_address(ours.address) == plain_address(known[0]) and is_within(host, _SERVICE_PAGES):
        notes.append("「ブラウザで表示する」は、配信サービスのページを開きます。")
        return ""
    return theirs.address or "（行き先なし）"


def _own_link(ours: Link, address: str, known: tuple[str, ...], notes: list[str]) -> str:
    """A link of a reader's own, 配信停止 and the like: on a host of ours or a service's it is one; any other is for a person to judge."""
    if not re.match(r"(?:https?|mailto):", address) or "*|" in address:
        return f"{address or '（行き先なし）'}（差し込みが置き換わっていません。テスト配信先に、本番と同じ方法で送ってください）"
    host = _host(address)
    if not (host in {_host(one) for one in known} or is_within(host, _SERVICE_PAGES)):
        notes.append(f"「{ours.text}」は {host or address} を開きます。配信サービスのページかどうか、開いて確かめてください。")
    return ""


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _images(ours: Sequence[Image], theirs: Sequence[Image], notes: list[str]) -> Iterator[Change]:
    """Pictures in their order, by their addresses; what a service keeps for us cannot be looked at here."""
    for n in range(max(len(ours), len(theirs))):
        old, new = ours[n] if n < len(ours) else None, theirs[n] if n < len(theirs) else None
        if old is None or new is None:
            one = old or new or Image(address="", alt="")
            yield Change(part=PICTURE, label=one.label, before=old.address if old else "", after=new.address if new else "")
            continue
        address = unfold(new.address).address
        if plain_address(address) != plain_address(old.address):
            if not (is_within(_host(address), _SERVICE_PICTURES) or address.startswith("cid:")):
                yield Change(part=PICTURE, label=old.label, before=old.address, after=new.address or "（なし）")
            else:
                notes.append("写真は、配信サービスが預かった場所から表示されます（絵そのものは比べていません）。")
        if _folded(old.alt) != _folded(new.alt):
            yield Change(part=ALT, label=old.label, before=old.alt, after=new.alt)


def _text(frozen: Frozen, received: Received, notes: list[str]) -> Iterator[Change]:
    """The text edition: ours, one that the service has made from the HTML, or ours with changes."""
    if received.text is None:
        yield Change(part=TEXT_EDITION, label="", before="承認したテキスト版", after="")
        return
    whole, counted = _told_addresses(received.text)
    ours, theirs = paragraphs_of(_marked(frozen, "text")), list(paragraphs_of(whole))[:_MOST_LINES]
    if not _is_ours(ours, whole):
        hint = "配信サービスがHTMLから作ったもの（手順.txt の「テキスト版を貼り付ける」をしてください）"
        yield Change(part=TEXT_EDITION, label="", before="承認したテキスト版", after=hint)
        return
    if counted:
        hint = f"追跡リンク {counted}か所（「Track plain-text clicks」を外してください。URLを手で打ち込む方が開けません）"
        yield Change(part=TEXT_EDITION, label="", before="URL", after=hint)
    last = max((n for n, line in enumerate(theirs) if any(_fits(one.text, line.text) for one in ours[-3:])), default=len(theirs)) + 1
    added = theirs[last:]
    if added and any(_SERVICE_WORDS.search(line.text) for line in added):
        notes.append("配信サービスが、テキスト版のいちばん下に自分の案内を足しています（比べていません）。")
        theirs = theirs[:last]
    found = _lines(ours, theirs, part=TEXT_EDITION)
    yield from (change for change in found if not (counted and _is_address(change.before)))


def _is_ours(ours: Sequence[Line], whole: str) -> bool:
    """Whether a text is the text edition at all: its headings and bullets are there, which no service would make of the HTML."""
    there = _folded(whole)
    signs = [line for line in ours if line.text[0] in "■・【" and _PLACE not in line.text] or ours
    return sum(_folded(line.text) in there for line in signs) >= _LEAST_LIKE * len(signs)


def _told_addresses(text: str) -> tuple[str, int]:
    """A text with rewritten addresses put back, and how many of them do not tell where they lead."""
    counted = 0

    def back(match: re.Match[str]) -> str:
        nonlocal counted
        found = unfold(match[0])
        counted += found.tracked
        return found.address

    return _ADDRESS.sub(back, text), counted


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(shown(text)) is not None
