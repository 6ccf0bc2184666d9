"""Rules about what a case study says of itself, and about passages that nobody has translated: a ``Sheet`` in, hits out.

How a case stands (reviewed, changed, waiting) is said while it is read; here is what its entries and its text contradict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from pipeline.checks import cities
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Place, Severity

_WORD = r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’.-]{0,60}"  # bounded: a draft may hold a word of a million letters
_RUN = re.compile(rf"{_WORD}(?:[,;:]?\s+(?:{_WORD}|[\d.,%$€&]+))+[.!?]?")
_JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
_HANGUL = re.compile("[가-힣]{2,}(?:[ ,]+[가-힣]+){2,}")
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
_REFERENCE = re.compile(r"^[\s\ue000]*(?:原題|原文|出典|参考|文献|引用|題名|タイトル|Source|Title|References?)[：:\s]")
_LANGUAGES = {
    "en": "英語",
    "es": "スペイン語",
    "de": "ドイツ語",
    "ko": "韓国語",
    "pt": "ポルトガル語",
    "fr": "フランス語",
    "zh": "中国語",
    "it": "イタリア語",
}
_CREDIT = {"url": "原文", "original_title": "原題", "publisher": "出典", "published": "公開日"}


def untranslated(sheet: Sheet) -> Iterator[Hit]:
    """A sentence in another language in the middle of Japanese; names and titles in capitals are none."""
    for passage in sheet.prose:
        if passage.key in ("summary", "title", "lead", "subject", "corrects") or not passage.key:
            text = _BRACKETED.sub(lambda match: "\ue000" * len(match[0]), passage.unquoted)
            original = sheet.originals.get(passage.article.slug) if passage.article else None
            if _REFERENCE.match(text) or (original and _stands_whole(passage.raw, original.body)):
                continue
            is_case = passage.article is not None and passage.article.origin is not None
            for match in (*_RUN.finditer(text), *_HANGUL.finditer(text)):
                if _is_title(passage, text, match):
                    continue
                if _is_sentence(match[0], alone=is_case and not _JAPANESE.search(text)):
                    shown = match[0] if len(match[0]) < 40 else match[0][:36] + "…"
                    message = f"「{shown}」が、外国語のまま残っています。"
                    yield passage.hit(match.span(), message, "日本語に訳してください。題名や言葉の引用なら「」で囲みます。")
                    break


def _is_title(passage: Passage, text: str, match: re.Match[str]) -> bool:
    """A line that holds a foreign title and, in brackets, what it is: How Toyama became a compact city（富山市、4月8日公開）."""
    around = text[: match.start()] + text[match.end() :]
    noted = passage.raw[match.end() :].lstrip()
    return (
        not re.search(r"[^\s\ue000・\-|:：、,.]", around)
        and bool(re.match(r"[（(][^（）()]*[ぁ-んァ-ヶ一-龠][^（）()]*[）)]\W*$", noted))
        and not match[0].endswith(".")
    )


def _stands_whole(raw: str, body: str) -> bool:
    """A whole paragraph of the source is already told while the case is read (TRA001)."""
    plain = re.sub(r"\s+", " ", raw.lstrip("#-* ")).strip()
    return plain in _blocks(body)


@lru_cache(maxsize=8)
def _blocks(body: str) -> frozenset[str]:
    """The blocks of a source without their marks; every passage of its translation is held against them."""
    return frozenset(re.sub(r"\s+", " ", block.strip().lstrip("#-* ")) for block in re.split(r"\n\s*\n|\n(?=[-*#])", body))


def _is_sentence(text: str, *, alone: bool) -> bool:
    """Whether words are no name: six or more, most of them small; a heading of a case that holds nothing else may be shorter."""
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)
    if re.match("[가-힣]", text):
        return len(words) > 2
    small = sum(word[0].islower() for word in words)
    return (len(words) >= 6 and small * 2 >= len(words)) or (alone and len(words) >= 3 and small >= 2)


def countries(sheet: Sheet) -> Iterator[Hit]:
    """A country or a city in the entries that is not the one of the text."""
    for article in sheet.issue.articles:
        if article.origin is None:
            continue
        passages = [passage for passage in sheet.passages if passage.article is article]
        country, city = (article.origin.country.strip(), article.origin.city.strip())
        codes = cities.country_at(country, 0)
        found = {code for name in re.split("[、・／/]", city) if (place := cities.city_at(name, 0)) for code in place.countries}
        found = found or _said_countries(passages, city)
        if codes and found and not set(codes.countries) & found and "、" not in country:
            right = "・".join(cities.country_name(code) for code in sorted(found))
            message = f"「国」は{country}ですが、{city}は{right}の都市です。"
            yield Hit(
                message=message, hint="「国」と「都市」を、原文で確かめてください。", place=_entry(passages, "country") or article.place
            )
        text = article.title + article.summary + article.body
        names = [name for name in re.split("[、・／/]", re.sub("(?<=.)[市町県州]$", "", city)) if name]
        if names and article.body and not any(name in text for name in names):
            message = f"「都市」は{city}ですが、見出し・要約・本文に{city}が出てきません。"
            yield Hit(
                message=message,
                hint="「都市」の書き間違いか、本文の表記との違いを確かめてください。",
                place=_entry(passages, "city") or article.place,
            )


def _said_countries(passages: list[Passage], city: str) -> set[str]:
    """The countries that the text itself puts before the city: 中国・東営市, 中国の東営市."""
    found: set[str] = set()
    for passage in passages:
        if city and not passage.is_data:
            for match in re.finditer(f"[・の]{re.escape(city)}", passage.text):
                place = cities.country_before(passage.text, match.start())
                found |= set(place.countries) if place else set()
    return found


def _entry(passages: list[Passage], key: str) -> Place | None:
    return next((passage.place(0) for passage in passages if passage.key == key), None)


def chronology(sheet: Sheet) -> Iterator[Hit]:
    """Published after the issue, or reviewed before it was published or after the issue went out."""
    for article in sheet.issue.articles:
        if article.origin is None:
            continue
        passages = [passage for passage in sheet.passages if passage.article is article]
        published, issued = article.origin.published, sheet.issue.date
        raw = next((passage.raw for passage in passages if passage.key == "reviewed_on"), "")
        reviewed = _day(raw)
        tests = (
            ("published", published and published > issued, f"公開日（{published}）が、この号の発行日（{issued}）より後です。"),
            ("reviewed_on", reviewed and reviewed > issued, f"校閲日（{reviewed}）が、この号の発行日（{issued}）より後です。"),
            (
                "reviewed_on",
                reviewed and published and reviewed < published,
                f"校閲日（{reviewed}）が、原文の公開日（{published}）より前です。",
            ),
        )
        for key, wrong, message in tests:
            if wrong:
                yield Hit(
                    message=message,
                    hint="年月日を、原文のページと校閲の記録で確かめてください。",
                    place=_entry(passages, key) or article.place,
                )


def _day(text: str) -> date | None:
    match = re.search(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def credits_kept(sheet: Sheet) -> Iterator[Hit]:
    """A translation whose file has lost a part of its credit: what prints is then what the source's file says, if that is still there."""
    for article in sheet.issue.articles:
        if article.origin is None or article.manuscript is None:
            continue
        has = {entry.key for entry in article.manuscript.entries if entry.end > entry.start}
        missing = [name for key, name in _CREDIT.items() if key not in has]
        if 0 < len(missing) < len(_CREDIT) and {"original_title", "url", "publisher"} & has:
            message = f"「{article.title}」の項目欄に、{'・'.join(f'「{name}」' for name in missing)}がありません。"
            yield Hit(message=message, hint="原文のファイル（.source.md）から写してください。出典の表示に要ります。", place=article.place)


def twice(sheet: Sheet) -> Iterator[Hit]:
    """One case, or two cases of one source, in one issue."""
    seen: dict[str, Article] = {}
    for article in sheet.issue.articles:
        if article.origin is None:
            continue
        first = seen.setdefault(article.slug, article)
        same = next((other for other in seen.values() if other is not article and other.origin and _same(other, article)), None)
        other = first if first is not article else same
        if other:
            message = f"「{article.title}」は、この号に二度載っています（{other.slug}）。"
            yield Hit(message=message, hint="issue.md の「事例」から、どちらかを消してください。", place=sheet.issue.place)


def _same(one: Article, other: Article) -> bool:
    return bool(one.origin and other.origin and one.origin.url and one.origin.url.rstrip("/") == other.origin.url.rstrip("/"))


def second_eye(sheet: Sheet) -> Iterator[Hit]:
    """Who reviewed is who translated."""
    for article in sheet.issue.articles:
        origin = article.origin
        if origin and origin.reviewer and origin.reviewer.replace(" ", "") == origin.translator.replace(" ", ""):
            message = f"「{article.title}」の訳者と校閲者が、どちらも{origin.reviewer}です。"
            passages = [passage for passage in sheet.passages if passage.article is article]
            yield Hit(
                message=message,
                hint="別の人が読み、enews review で校閲済にしてください。",
                place=_entry(passages, "reviewer") or article.place,
            )


def language(sheet: Sheet) -> Iterator[Hit]:
    """A note beside the link that names another language than the source's."""
    for article in sheet.issue.articles:
        spoken = _LANGUAGES.get(article.origin.language[:2].lower()) if article.origin else None
        named = [name for name in _LANGUAGES.values() if name in article.link_note]
        if spoken and named and spoken not in named:
            message = f"リンクの注は「{article.link_note}」ですが、原文は{spoken}です。"
            yield Hit(message=message, hint="「言語」か、リンクの注を直してください。", place=article.place)


def pathway(sheet: Sheet) -> Iterator[Hit]:
    """A case without one of the five pathways, in an issue whose other cases have theirs."""
    found = [article for article in sheet.issue.articles if article.origin]
    for article in found if any(article.pathway for article in found) else ():
        if not article.pathway:
            message = f"「{article.title}」に「分野」がありません。"
            yield Hit(message=message, hint="五つの発展的道筋のどれかを「分野」に書いてください。", place=article.place)


_ISSUE = "---\n版: cases\n発行日: 2025-01-31\n件名: 2025年1月号\n導入文: 今号：見本\n事例: {}\n---\n\n巻頭言です。\n"
_ONE, _TWO = "x/2025-01-06-a", "x/2025-01-07-b"
_HEAD = {
    "見出し": "東営市の湿地", "分野": "循環型発展", "国": "中国", "都市": "東営市", "翻訳": "イクレイ日本", "校閲": "編集部", "校閲日": "2025-01-17",
    "原文": "https://example.com/a", "原題": "A", "出典": "ICLEI Europe", "言語": "en", "公開日": "2025-01-06",
}  # fmt: skip


def _case(body: str = "東営市は湿地を守ります。", *, also: str = "", **entries: str) -> dict[str, str]:
    """The files of an issue with one case; an entry "" is left out."""
    lines = [f"{key}: {value}" for key, value in {**_HEAD, **entries}.items() if value]
    case = "\n".join(["---", *lines, "---", "", body, ""])
    files = {"issue.md": _ISSUE.format(f"{_ONE}、{also}" if also else _ONE), f"../cases/{_ONE}.md": case}
    return files | ({f"../cases/{_TWO}.md": case.replace("東営市の湿地", "湿地の東営市").replace("分野: 循環型発展\n", "")} if also else {})


RULES = (
    Rule(
        code="CASE008",
        title="外国語のまま残った文",
        severity=Severity.WARNING,
        reason="訳し残した文は、読者には校正していない印に見えます。",
        source="校閲の慣行",
        bad="サミットが開かれました。More than 1,500 representatives discussed the challenges at the summit.",
        good="「日本-IIASA City Governance Stakeholders' Workshop」と、Local Governments for Sustainability の会合が開かれました。",
        find=untranslated,
    ),
    Rule(
        code="CASE009",
        title="国と都市",
        severity=Severity.WARNING,
        reason="国や都市の取り違えは、相手の自治体に対して失礼です。",
        source="国と都市の一覧、本文との照合",
        bad=_case(国="台湾"),
        good=_case(),
        find=countries,
    ),
    Rule(
        code="CASE010",
        title="公開日・校閲日",
        severity=Severity.WARNING,
        reason="まだ来ていない日の公開や、公開より前の校閲は、年月日の書き間違いです。",
        source="日付の前後",
        bad=_case(公開日="2025-12-06"),
        good=_case(),
        find=chronology,
    ),
    Rule(
        code="CASE011",
        title="出典の控え",
        severity=Severity.WARNING,
        reason="原文のファイルを失うと、出典を示せなくなります。",
        source="著作物の引用・翻訳の慣行",
        bad=_case(原文=""),
        good=_case(),
        find=credits_kept,
    ),
    Rule(
        code="CASE012",
        title="事例の重なり",
        severity=Severity.ERROR,
        reason="同じ事例が二度届くと、読者はどちらかが古いと思います。",
        source="掲載の慣行",
        bad=_case(also=_TWO),
        good=_case(),
        find=twice,
    ),
    Rule(
        code="CASE013",
        title="校閲する人",
        severity=Severity.WARNING,
        reason="訳した人は、自分の読み違いに気づけません。",
        source="校閲の慣行（編集の手引き 4）",
        bad=_case(校閲="イクレイ日本"),
        good=_case(),
        find=second_eye,
    ),
    Rule(
        code="CASE014",
        title="分野",
        severity=Severity.WARNING,
        reason="分野のない事例は、分野で探す読者に見つけてもらえません。",
        source="イクレイの五つの発展的道筋",
        bad=_case(also=_TWO),
        good=_case(),
        find=pathway,
    ),
    Rule(
        code="CASE015",
        title="原文の言語",
        severity=Severity.WARNING,
        reason="言語の注を信じて開いた読者が、読めないページに着いてしまいます。",
        source="項目欄の照合",
        bad=_case(詳細の注記="スペイン語"),
        good=_case(),
        find=language,
    ),
)
