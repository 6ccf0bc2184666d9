"""Rules about names that an issue itself decides: passages in, hits on one name in two spellings and on members that are none out.

Only names of bodies, meetings and programmes, and titles in quotation marks, are held against each other, one slip apart; numbers, and words
that are meant to differ (東と西, 市と県, two cities), are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from pipeline.checks.fixed import bodies_of, differ_by_a_slip, names_of, near_names
from pipeline.checks.gazetteer import find_municipalities, named
from pipeline.checks.names import body_doubts
from pipeline.checks.organisations import abbreviations
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Severity

_HEADS = (
    "会議|会合|協議会|連合|連盟|同盟|機構|機関|委員会|審議会|フォーラム|サミット|ネットワーク|イニシアティブ|イニシアチブ|センター|研究所|財団|協会|学会|大会|シンポジウム|セミナー"
    "|ワークショップ|プログラム|プロジェクト|パビリオン|条約|協定|宣言|枠組|計画|戦略|ビジョン|誓約|アライアンス|パートナーシップ|プラットフォーム|コンソーシアム|カフェ|ポジション|キャンペーン"
)
_HEAD = re.compile(_HEADS)
_NAME = re.compile(rf"[一-鿿々ァ-ヺー・A-Za-z0-9０-９＆&－-]{{5,60}}?(?:{_HEADS})(?![一-鿿々ァ-ヺー])")
_QUOTED = re.compile(f"[「『](?P<title>[^「」『』{BLANK}]{{10,60}})[」』]")
_LETTERS = re.compile(r"(?<![A-Za-z0-9/.@_\-])[A-Z]{3,8}(?![A-Za-z0-9/@_\-])")
_OTHERS = frozenset(("OEM", "ICC", "EPA", "PPP", "LCA", "IPC", "UNC", "CCA", "GBF", "ESA", "AIA"))
_EDGE = 4
_CLAIM = re.compile("(?:会員|加盟)(?:自治体|都市)?(?:である|からは、?|から、?|では、?|の|：|:)(?=[一-鿿々ぁ-ん])")
_LIST = re.compile("[、・]|と|及び|および|並びに")

Found = dict[str, list[tuple[Passage, int]]]


def wavering(sheet: Sheet) -> Iterator[Hit]:
    """ラムサール湿地都市ネットワーク市長会議 in the body, …首長会議 in the title; LGM beside LGMA."""
    names, known = _collected(sheet.prose), names_of(bodies_of(sheet))
    pairs = ((one, other) for one, other in _near_pairs(names) if not (near_names(one, known) or near_names(other, known)))  # NAME010
    yield from once(hit for one, other in pairs for hit in _told(names, one, other))
    yield from once(_lost_letters(sheet.prose))


def _collected(prose: Iterable[Passage]) -> Found:
    found: Found = {}
    for passage in prose:
        for match in _NAME.finditer(passage.text) if _HEAD.search(passage.text) else ():
            if len(match[0]) >= 8:
                found.setdefault(match[0], []).append((passage, match.start()))
        for match in _QUOTED.finditer(passage.text):
            if match["title"] not in found or (passage, match.start("title")) not in found[match["title"]]:
                found.setdefault(match["title"], []).append((passage, match.start("title")))
    return found


def _near_pairs(names: Found) -> Iterator[tuple[str, str]]:
    """Two names that begin or end alike and are one slip apart."""
    groups: dict[str, list[str]] = {}
    for name in names:
        for edge in {f"<{name[:_EDGE]}", f"{name[-_EDGE:]}>"}:
            groups.setdefault(edge, []).append(name)
    told: set[tuple[str, str]] = set()
    for group in groups.values():
        for pair in combinations(group, 2):
            if pair not in told and differ_by_a_slip(*pair) and _places(pair[0]) == _places(pair[1]):
                told.add(pair)
                yield pair


def _places(name: str) -> tuple[str, ...]:
    return tuple(mention.text for mention in find_municipalities(name))


def _told(names: Found, one: str, other: str) -> Iterator[Hit]:
    """The rarer of the two where it stands; both where they stand equally often."""
    few = min(len(names[one]), len(names[other]))
    for wrong, right in ((one, other), (other, one)):
        if len(names[wrong]) == few:
            passage, start = names[wrong][0]
            message = f"「{wrong}」は、この号のほかの所では「{right}」です。"
            yield passage.hit((start, start + len(wrong)), message, "正しい名称を確かめ、どちらかにそろえてください。")


def _lost_letters(prose: Iterable[Passage]) -> Iterator[Hit]:
    """LGM in an issue that speaks of LGMA."""
    found: Found = {}
    for passage in prose:
        doubted = {doubt.start for doubt in body_doubts(passage.text)}  # NAME007
        for match in (match for match in _LETTERS.finditer(passage.text) if match.start() not in doubted):
            found.setdefault(match[0], []).append((passage, match.start()))
    for letters, places in found.items():
        if letters not in abbreviations() and letters not in _OTHERS:
            whole = next((name for name in found if len(name) >= 4 and name in abbreviations() and _lacks_one(letters, name)), "")
            if whole:
                message = f"「{letters}」は、この号のほかの所では「{whole}」（{abbreviations()[whole]}）です。"
                for passage, start in places:
                    yield passage.hit((start, start + len(letters)), message, f"「{whole}」ではないかを確かめてください。")


def _lacks_one(short: str, long: str) -> bool:
    return len(short) == len(long) - 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def members(sheet: Sheet) -> Iterator[Hit]:
    """会員自治体の仙台市; an item of the members' section whose municipality is no member on the issue's day."""
    day = sheet.issue.date
    joined = {form for term in sheet.glossary if term.kind == "member" and term.holds_on(day) for form in term.ja}
    if not joined:
        return
    yield from once((*_claimed(sheet, joined), *_labelled(sheet, joined)))


def _claimed(sheet: Sheet, joined: set[str]) -> Iterator[Hit]:
    for passage in sheet.prose:
        for claim in _CLAIM.finditer(passage.text):
            at = claim.end()
            for mention in find_municipalities(passage.text[at : at + 200]):
                between = passage.text[at : claim.end() + mention.start]
                if between and not _LIST.fullmatch(between):
                    break
                start, at = claim.end() + mention.start, claim.end() + mention.end
                if mention.text not in joined:
                    yield passage.hit((start, at), *_not_joined(mention.text, sheet))


def _labelled(sheet: Sheet, joined: set[str]) -> Iterator[Hit]:
    """The entry 自治体 of items that stand under 会員自治体…; a name that is on no list is somebody's example."""
    ours = {id(article) for section in sheet.issue.sections if "会員" in section.title for article in section.articles}
    for passage in sheet.passages:
        if passage.key == "municipalities" and id(passage.article) in ours and not _has_prefix(passage.article):
            for match in re.finditer("[^、，,・]+", passage.text):
                name = match[0].strip(" 　")
                if name in named() and name not in joined and any(row.stands(sheet.issue.date) for row in named()[name]):
                    yield passage.hit(match.span(), *_not_joined(name, sheet))


def _has_prefix(article: Article | None) -> bool:
    return bool(article and article.prefix)


def _not_joined(name: str, sheet: Sheet) -> tuple[str, str]:
    term = next((term for term in sheet.glossary if term.kind == "member" and name in term.ja), None)
    since = f"（用語集では{term.since:%Y年%-m月%-d日}から）" if term and term.since else ""
    return f"{name}は、用語集の会員自治体にありません{since}。", "会員かどうかを確かめてください。新しい会員なら、用語集に加えます。"


RULES = (
    Rule(
        code="NAME009",
        title="名称の揺れ",
        severity=Severity.WARNING,
        reason="同じ会議や団体の名が一つの号の中で違うと、読者は別のものと思います。",
        source="同じ号の見出しと本文",
        bad="アジア湿地都市ネットワーク市長会議が開かれました。アジア湿地都市ネットワーク首長会議では、藤前干潟の保全が話題になりました。",
        good="アジア湿地都市ネットワーク市長会議と第2回アジア湿地都市ネットワーク市長会議、千葉市環境フォーラムと千葉県環境フォーラムが開かれました。",
        find=wavering,
    ),
    Rule(
        code="NAME012",
        title="会員でない自治体",
        severity=Severity.WARNING,
        reason="会員でない自治体を会員と紹介すると、双方にご迷惑がかかります。",
        source="用語集（kind が member の行）",
        bad="会員自治体の仙台市が登壇しました。",
        good="会員自治体の横浜市、川崎市が登壇しました。会員自治体のほか、仙台市も参加しました。",
        find=members,
    ),
)
