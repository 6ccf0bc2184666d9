"""What stands twice: an item, a paragraph or an address in one issue, an item or a greeting of an earlier one. Texts in, hits out.

Specials and monthlies that retell one story are no repeats, a calendar shows again what is still to come, standing texts stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from pipeline.checks.gather import gathered
from pipeline.checks.items import ran_before
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, EarlierIssue, Place, Severity

_DAY = re.compile(r"[（(][^（）()]*\d{1,2}月\d{1,2}日[^（）()]*[）)]")
_NO_LETTER = re.compile(r"[\W_]+")
ALIKE = 0.8  # of the pairs of letters in two titles
PARAGRAPH = 36  # letters of whole sentences: less may be said twice
MOSTLY = 0.6  # of a text that stands in another one


def _form(text: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text)).lower()


def _pairs(title: str) -> frozenset[str]:
    form = _form(_undated(title))
    return frozenset(form[n : n + 2] for n in range(len(form) - 1))


def _undated(title: str) -> str:
    """A title without the day in brackets behind it: （6月6日）."""
    return _DAY.sub("", title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An item as it is compared: the numbers and pairs of letters of its title, the sentences of its body."""

    numbers: tuple[str, ...]
    pairs: frozenset[str]
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, title: str, body: str) -> Look:
        """What a title and a body look like."""
        numbers = re.findall(r"\d+", unicodedata.normalize("NFKC", _undated(title)))
        return cls(numbers=tuple(numbers), pairs=_pairs(title), sentences=_sentences(body))


def alike(one: str, other: str) -> float:
    """How much two titles share, 0 to 1; different numbers (第1回, 第2回) make different titles."""
    return _likeness(Look.of(one, ""), Look.of(other, ""))


def _likeness(one: Look, other: Look) -> float:
    if one.numbers != other.numbers or not one.pairs or not other.pairs:
        return 0.0
    return 2 * len(one.pairs & other.pairs) / (len(one.pairs) + len(other.pairs))


@lru_cache(maxsize=1024)
def _sentences(text: str) -> tuple[str, ...]:
    """The sentences of a body, without markup, addresses and what is too short to be told from others."""
    plain = re.sub(r"!?\[[^\]]{0,300}\]\([^)]{0,500}\)|https?://[!-~]+", "", text)
    return tuple(form for part in re.split(r"[。\n|]", plain) if len(form := _form(part)) >= 12)


def stands_in(text: str, other: str) -> float:
    """The share of a text's sentences (by letters) that stand in another text; 0 for a text of less than 40 letters."""
    return _share(_sentences(text), frozenset(_sentences(other)))


def _share(sentences: tuple[str, ...], others: frozenset[str]) -> float:
    total = sum(map(len, sentences))
    return sum(len(sentence) for sentence in sentences if sentence in others) / total if total >= 40 else 0.0


def _events(sheet: Sheet) -> frozenset[str]:
    return frozenset(section.key for section in sheet.issue.sections if section.shows == "event")


def twice(sheet: Sheet) -> Iterator[Hit]:
    """Two items of one issue that are one: nearly the same title, or mostly the same text."""
    events = _events(sheet)
    looks = {article.place.path: Look.of(article.title, article.body) for article in sheet.issue.articles}
    for one, other in combinations(sheet.issue.articles, 2):
        pair = looks[one.place.path], looks[other.place.path]
        if (one.section in events) == (other.section in events) and _same(one, other, pair, calendar=one.section in events):
            message = f"「{other.title}」は、この号の「{one.title}」（{one.place.path}）と同じ記事のようです。"
            yield Hit(message=message, hint="どちらか一つにするか、違いが分かる見出しにしてください。", place=other.place)


def _same(one: Article, other: Article, looks: tuple[Look, Look], *, calendar: bool) -> bool:
    first, second = looks
    days = [article.start.first for article in (one, other) if article.start and article.start.first]
    if len(days) == 2 and days[0] != days[1]:
        return calendar and one.venue == other.venue and bool(one.venue) and _form(_undated(one.title)) == _form(_undated(other.title))
    if calendar and len(days) == 2 and first.pairs and second.pairs and sorted(first.numbers) == sorted(second.numbers):
        return len(first.pairs & second.pairs) / min(len(first.pairs), len(second.pairs)) >= ALIKE
    labels = bool(one.label and other.label and one.label != other.label)
    if not labels and _likeness(first, second) >= ALIKE:
        return True
    common = set(first.sentences) & set(second.sentences)
    return bool(common) and max(_share(first.sentences, frozenset(common)), _share(second.sentences, frozenset(common))) >= ALIKE


def pasted(sheet: Sheet) -> Iterator[Hit]:
    """A paragraph, a list line or a row that stands twice; a sentence twice in one item; a municipality twice in one list."""
    seen: dict[tuple[str, str, str], Passage] = {}
    told: dict[tuple[str, str], Passage] = {}
    listed: dict[str, Passage] = {}
    hits = []
    for passage in sheet.passages:
        hits += list(_named_twice(passage)) if not passage.is_data else []
        listed = listed if passage.kind == "item" else {}
        if passage.kind == "item" and (again := list(_listed_twice(passage, listed))):
            hits += again
            continue
        if passage.kind not in ("paragraph", "item", "row", "quote") and passage.key not in ("lead", "summary"):
            continue
        form = _form(passage.raw)
        across = len(form) >= 60 and passage.kind == "paragraph"
        key = (passage.kind, form, "" if across else passage.path)
        first = seen.setdefault(key, passage) if len(form) >= {"paragraph": 24, "row": 8}.get(passage.kind, 12) else passage
        if first is not passage:
            hits.append(_again(passage, (0, len(passage.raw)), first))
        else:
            hits += _doubled(passage, told)
    yield from gathered(hits)


def _doubled(passage: Passage, told: dict[tuple[str, str], Passage]) -> Iterator[Hit]:
    """A sentence that stands twice in one passage, or a long one that has stood in another paragraph of the file."""
    seen, start, before = set(), 0, ""
    for sentence in passage.raw.split("。")[:-1] if passage.kind != "row" else ():
        form, span = _form(sentence), (start, start + len(sentence) + 1)
        long = passage.kind in ("paragraph", "quote") and len(form) >= 20 and not _USUAL.search(sentence)
        first = told.setdefault((passage.path, form), passage) if long else passage
        if first is not passage or (form in seen and len(form) >= 8) or (len(form) >= 10 and before.endswith(form)):
            yield _again(passage, span, first)
        seen.add(form)
        before = form
        start = span[1]


_USUAL = re.compile("ください|下さい|お願い|ご覧|御覧|申し?込み|問い?合わ?せ|無料|詳しく|詳細")
_NAME = r"[一-龯々ァ-ヶーA-Za-z0-9Ａ-Ｚａ-ｚ０-９]{2,24}(?:さん|氏)?(?:[（(][^（）()]{1,24}[）)])?"
_TOWN = r"[^\s、。・はがをにでも（）()「」『』|：:\d]{1,6}?[都道府県市区町村](?:[（(][^（）()]{1,8}[）)])?"
_TOWNS = re.compile(rf"(?<![一-龠々ァ-ヶー])(?:{_TOWN}(?:、|・|及び|および|と)){{2,80}}{_TOWN}(?![一-龠])")
_HEAD_OF = re.compile("[一-龯々ァ-ヶーA-Za-z0-9]{2,24}")
_NAMES = re.compile(rf"(?<![一-龯々ァ-ヶーA-Za-z0-9])(?:{_NAME}[、，]){{2,80}}{_NAME}(?![一-龯々ァ-ヶー])")
_PARTED = re.compile("[、，]|・|及び|および|と")
_CLOCK = re.compile(r"^[\s　・*\-]*(?:\d{1,2}[.)]\s)?(?:[0-2]?\d[:：]\d\d[～〜~\-－]?(?:[0-2]?\d[:：]\d\d)?[\s　]*)?")
_BREAK = re.compile("休憩|質疑|昼食|昼休|移動|意見交換|写真撮影|同上|同左|未定|なし|無料|グループ|受付|解散|集合|入替")


def _named_twice(passage: Passage) -> Iterator[Hit]:
    """飯田市、京都市、飯田市; 環境省、外務省、環境省."""
    done = -1
    if passage.text.count("、") + passage.text.count("・") + passage.text.count("，") < 2:
        return
    parts = _PARTED.split(passage.text)
    heads = (match[0] for part in parts[1:] if (match := _HEAD_OF.match(part)))
    names = _NAMES.finditer(passage.text) if any(passage.text.count(head) > 1 for head in heads) else ()
    for match in sorted((*_TOWNS.finditer(passage.text), *names), key=lambda match: match.start()):
        seen, start = set(), match.start()
        for name in _PARTED.split(match[0]) if start >= done else ():
            start = passage.text.index(name, start)
            if name in seen and len(name) > 1:
                done = match.end()
                message = f"「{name}」が、一つの並びに二度あります。"
                yield passage.hit((start, start + len(name)), message, "余分な方を消すか、別の名の書き間違いでないか確かめてください。")
            seen.add(name)
            start += len(name)


def _listed_twice(passage: Passage, listed: dict[str, Passage]) -> Iterator[Hit]:
    """A line of a list that says what another line of it says, at another hour or not; breaks and questions come twice."""
    clock = _CLOCK.match(passage.raw)
    start = clock.end() if clock else 0
    form = _form(passage.raw[start:])
    if len(form) < (6 if re.search(r"\d[:：]\d", passage.raw[:start]) else 2) or _BREAK.search(passage.raw):
        return
    first, last = listed.get(form), next(reversed(listed), "")
    listed[form] = passage
    if first and (last == form or not re.search("[：:]", passage.raw[start:])):  # 会場：オンライン of another day
        yield _again(passage, (start, len(passage.raw)), first)


def _again(passage: Passage, span: tuple[int, int], first: Passage) -> Hit:
    shown = passage.raw[span[0] : span[1]].strip()
    where = f"{first.place(0).line}行目" if first.path == passage.path else str(first.place(0))
    message = f"「{shown[:24]}{'…' if len(shown) > 24 else ''}」が、{where}にもあります。"
    return passage.hit(span, message, "二度貼り付けたのなら、どちらかを消してください。")


def one_address(sheet: Sheet) -> Iterator[Hit]:
    """One page under two titles: the address of another item was left in."""
    events = _events(sheet)
    seen: dict[str, Article] = {}
    for article in sheet.issue.articles:
        urls = [_page(url) for url in dict.fromkeys((article.link, article.apply)) if url.startswith("http") and url.count("/") > 3]
        for url in (url for url in urls if url.rstrip("/").count("/") > 2 and article.section not in events):
            other = seen.setdefault(url, article)
            if other is not article and not _same_item(other, article):
                message = f"「{article.title}」のURLは、「{other.title}」と同じです（{url}）。"
                yield Hit(message=message, hint="どちらの記事のURLかを確かめてください。", place=_place(sheet, article, url))
                break


def _same_item(one: Article, other: Article) -> bool:
    """Whether the two are told already as one item."""
    return _same(one, other, (Look.of(one.title, one.body), Look.of(other.title, other.body)), calendar=False)


def _page(url: str) -> str:
    return re.sub(r"[?&]utm_[^#]*", "", url.strip()).rstrip("/")


def _place(sheet: Sheet, article: Article, url: str) -> Place:
    entries = (passage for passage in sheet.passages if passage.article is article and passage.key in ("link", "apply"))
    return next((passage.place(0) for passage in entries if _page(passage.raw) == url), article.place)


def retold(sheet: Sheet) -> Iterator[Hit]:
    """An item that an earlier issue of the edition ran under another title, or nearly the same one, without 再掲; a note or greeting pasted again."""
    told = {hit.place for hit in ran_before(sheet)}
    standing = {section.key for section in sheet.masthead.sections if section.standing}
    earlier = tuple(issue for issue in sheet.issue.earlier if issue.edition == sheet.issue.edition)
    sets = tuple((issue, frozenset(sentence for text in issue.texts for sentence in _sentences(text))) for issue in earlier)
    for article in sheet.issue.articles:
        mine = article.place.path.startswith((f"issues/{sheet.issue.slug}/", "issues/cases/"))
        if not mine or article.tag == "再掲" or article.place in told or article.section in standing | _events(sheet):
            continue
        last = next((issue for issue in earlier if _ran(article, issue)), None)
        if last:
            message = f"「{article.title}」は、{last.name}に載せた文とほとんど同じです。"
            hint = "前の号の文が残っていないかを確かめ、再び載せる記事には「タグ：再掲」を付けてください。"
            yield Hit(message=message, hint=hint, place=Place(path=article.place.path, line=article.body_line))
        else:
            yield from _paragraphs_again(sheet, article, sets)
    pasted_from = next((issue for issue in earlier if stands_in(sheet.issue.greeting, "\n".join(issue.texts[:1])) >= MOSTLY), None)
    if pasted_from:
        place = Place(path=sheet.issue.place.path, line=sheet.issue.greeting_line)
        message = f"巻頭言が、{pasted_from.name}とほとんど同じです。"
        yield Hit(message=message, hint="前の号の文が残っていないかを確かめてください。", place=place)
    else:
        yield from _paragraphs_again(sheet, None, sets)


def _paragraphs_again(sheet: Sheet, article: Article | None, sets: tuple[tuple[EarlierIssue, frozenset[str]], ...]) -> Iterator[Hit]:
    """A paragraph of an earlier issue under another title; what two earlier issues say is said on purpose in each."""
    for passage in sheet.passages if sets else ():
        if passage.article is article and passage.kind == "paragraph":
            mine = _sentences(passage.raw)
            for issue, theirs in sets:
                common = [one for one in mine if one in theirs and sum(one in others for _, others in sets) == 1]
                if sum(map(len, common)) >= PARAGRAPH:
                    message = f"「{passage.raw[:20]}…」の段落は、{issue.name}にもありました。"
                    hint = "前の号の文が残っていないかを確かめ、再び載せる記事には「タグ：再掲」を付けてください。"
                    yield passage.hit((0, len(passage.raw)), message, hint)
                    break


def _ran(article: Article, issue: EarlierIssue) -> bool:
    """Mostly the same text; or half of it under nearly the same title, unless one of the two is the report of the other."""
    share = max((stands_in(article.body, text) for text in issue.texts), default=0.0)
    if share >= MOSTLY or share < MOSTLY / 2 or article.tag == "開催報告":
        return share >= MOSTLY
    return any(alike(article.title, title) >= ALIKE for title, _ in issue.items if title)


_HEAD = "---\n見出し: {}\n欄: イクレイ日本の活動\n---\n\n{}\n"
_TEXT = "見本市は、家庭と飲食店から出る食品ロスを減らすため、自治体職員と事業者を対象にセミナーを開きます。市内の商店街と進めた運動の結果を報告します。"
_OTHER = "見本県は、温室効果ガスの削減と里山の保全を柱とする計画の案をまとめ、広く意見を募っています。"
_PAGE = "詳細: https://www.example.jp/mihon/page/\n---"
_LAST = "---\n版: monthly\n発行日: 2024-12-27\n---\n\n年末の号です。\n"

RULES = (
    Rule(
        code="RPT001",
        title="同じ記事が二つ",
        severity=Severity.WARNING,
        reason="二人が別々に書いた同じ知らせが、一つの号に並ぶことがあります。",
        source="点検項目40",
        bad={"10-a.md": _HEAD.format("見本市が食品ロスのセミナーを開催", _TEXT), "20-b.md": _HEAD.format("食べきるまちセミナー", _TEXT)},
        good={
            "10-a.md": _HEAD.format("見本市が食品ロスのセミナーを開催", _TEXT),
            "20-b.md": _HEAD.format("見本県が計画の案を公表", _OTHER),
        },
        find=twice,
    ),
    Rule(
        code="RPT002",
        title="二度貼られた文",
        severity=Severity.WARNING,
        reason="同じ段落が二度あると、読者は間違って貼り付けたものと気づきます。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad=f"{_TEXT}\n\n{_TEXT}",
        good=f"{_TEXT}\n\n{_OTHER}",
        find=pasted,
    ),
    Rule(
        code="RPT003",
        title="二つの記事に同じURL",
        severity=Severity.WARNING,
        reason="前の記事を写して書くと、URLだけが前のまま残ることがあります。",
        source="実際に起きた残りもの、点検項目40",
        bad={
            "10-a.md": _HEAD.format("見本市がセミナーを開催", _TEXT).replace("---\n\n", f"{_PAGE}\n\n"),
            "20-b.md": _HEAD.format("見本県が計画の案を公表", _OTHER).replace("---\n\n", f"{_PAGE}\n\n"),
        },
        good={
            "10-a.md": _HEAD.format("見本市がセミナーを開催", _TEXT).replace("---\n\n", f"{_PAGE}\n\n"),
            "20-b.md": _HEAD.format("見本県が計画の案を公表", _OTHER),
        },
        find=one_address,
    ),
    Rule(
        code="RPT004",
        title="前の号の文",
        severity=Severity.WARNING,
        reason="見出しだけ変えた記事や、前の号の編集後記が、そのまま残ることがあります。",
        source="同じ版の過去の号との比較、点検項目40",
        bad={
            "10-a.md": _HEAD.format("食べきるまちセミナー", _TEXT),
            "../2024-12/issue.md": _LAST,
            "../2024-12/10-a.md": _HEAD.format("催し", _TEXT),
        },
        good={
            "10-a.md": _HEAD.format("計画の案を公表", _OTHER),
            "../2024-12/issue.md": _LAST,
            "../2024-12/10-a.md": _HEAD.format("催し", _TEXT),
        },
        find=retold,
    ),
)
