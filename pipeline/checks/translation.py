"""Rules about a case study beside its source: an ``Article`` with an origin and the ``Original`` in, findings with both places out.

They warn and never fail: a good translation may say a thing in other words. Only full texts are compared; a summary leaves things out on purpose.
Terms and numbers are read in English sources, links in all.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

from pipeline.checks.quantities import ORDINALS, Quantity, english, readable
from pipeline.checks.quantities_ja import japanese
from pipeline.model import Article, Finding, Original, Place, Severity, Term

MOST = 2_000  # numbers of one source that are looked at: beyond that it is a data table
_OUR_OWN = re.compile(r"^#+\s*編集部から", re.MULTILINE)
_BRACKETED = re.compile(r"\s*\([^()]*\)")
_WORD_START = re.compile(r"\b\w")
_NOTES = re.compile(r"<!--.*?-->", re.DOTALL)
_ROLES = (("president", "会長"), ("mayor", "市長"), ("governor", "知事"), ("chair", "議長"), ("minister", "大臣"), ("director", "局長"))
_MONTHS = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_SPAN = re.compile(rf"(?<!\d)(\d{{1,2}})\s*(?:to|-|–|until|through)\s*(\d{{1,2}})(?=\s+{_MONTHS})")
_DAYS = re.compile(r"(?<![\d.〇一二三四五六七八九十])(?P<n>\d{1,2}|[一二三四五六七八九十])日間")
_PAIR = re.compile(rf"(?<!\d)\d{{1,2}} and \d{{1,2}}(?=\s+{_MONTHS})")
_ADDRESS = re.compile(  # in the target of a link any letters, elsewhere only those of an address: Japanese may follow at once
    r"(?i)(?:(?<=\]\()|(?<=\]\(<))https?://(?:[^\s<>()\\]|\\[!-/:-@\[-`{-~]|\([^\s()]*\))+"
    r"|https?://(?:[\w%:@!$&*+,;=~?.#/\[\]-]|\\[!-/:-@\[-`{-~]|\([\w%:@!$&*+,;=~?.#/-]*\))+",
    re.ASCII,
)


def terms(articles: Iterable[Article], originals: Mapping[str, Original], *, glossary: Iterable[Term], day: date) -> Iterator[Finding]:
    """GLO001: a term of the source none of whose accepted forms, as they hold on ``day``, stands in the Japanese."""
    for article, original in _pairs(articles, originals):
        said = _folded(f"{article.title}\n{article.summary}\n{article.body}")
        for term, found, line in terms_in(original, glossary, day=day):
            if not any(form in said for form in _forms(term)):
                message = f"「{article.title}」の訳文に、原文（{original.place.path} {line}行目）の「{found}」にあたる「{term.ja[0]}」がありません。"
                others = f"（ほかに使える表記：{'、'.join(term.ja[1:])}）" if term.ja[1:] else ""
                hint = f"用語集の表記「{term.ja[0]}」に合わせてください{others}。別の言い方でよければ、{term.place.path} を直します。"
                place = _counterpart(article, original, line)
                yield Finding(code="GLO001", severity=Severity.WARNING, message=message, hint=hint, place=place)


def numbers(articles: Iterable[Article], originals: Mapping[str, Original]) -> Iterator[Finding]:
    """NUM001: a number of the source that is not in the Japanese, in whatever scale or unit."""
    for article, original in _pairs(articles, originals):
        lost = lost_numbers(original.body, f"{article.title}\n{article.summary}\n{article.body}")
        text = readable(original.body) if lost else ""
        for quantity in {quantity.text: quantity for quantity in reversed(lost)}.values():
            line = original.place.line + text.count("\n", 0, quantity.start)
            message = (
                f"「{article.title}」の訳文に、原文（{original.place.path} {line}行目）の「{quantity.text}」にあたる数"
                f"「{quantity.wording}」がありません。"
            )
            hint = "けた（万・億）、単位、日付、時刻を原文と見比べてください。わざと省いたのなら、「ママ：NUM001、理由、氏名」と書けます。"
            place = _counterpart(article, original, line)
            yield Finding(code="NUM001", severity=Severity.WARNING, message=message, hint=hint, place=place)


def links(articles: Iterable[Article], originals: Mapping[str, Original]) -> Iterator[Finding]:
    """TRA003: addresses that the source links to and the Japanese does not, in one finding a case."""
    for article in articles:
        if article.origin and article.body.strip() and article.slug in originals:
            original = originals[article.slug]
            given = {key for key, _ in _addresses(f"{article.body}\n{article.link} \n{article.origin.url} ")}
            lost = {key: (address, line) for key, (address, line) in reversed(_addresses(original.body)) if key not in given}
            if lost:
                told = "、".join(f"{address}（{original.place.line + line}行目）" for address, line in reversed(lost.values()))
                message = f"「{article.title}」の訳文に、原文（{original.place.path}）のリンク{len(lost)}件がありません：{told}"
                hint = "訳文の同じ所に「[言葉](URL)」と書いてください。わざと省いたのなら、「ママ：TRA003、理由、氏名」と書けます。"
                place = Place(path=article.place.path, line=article.body_line)
                yield Finding(code="TRA003", severity=Severity.WARNING, message=message, hint=hint, place=place)


def _addresses(text: str) -> list[tuple[str, tuple[str, int]]]:
    """The addresses of a text in order: how each is compared, how it is written, and its line from 0."""
    text = _NOTES.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    found = []
    for match in _ADDRESS.finditer(text):
        address = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", unescape(match[0])).rstrip(".,;:!?*_~")
        key = unquote(re.sub(r"(?i)^https?://(?:www\.)?", "", address)).rstrip("/")
        found.append((key.casefold(), (address, text.count("\n", 0, match.start()))))
    return found


def terms_in(original: Original, glossary: Iterable[Term], *, day: date) -> Iterator[tuple[Term, str, int]]:
    """The terms of a source with the words they stand in and the line of the first: longer ones first, so that none is found within another."""
    text = _latin(original.body)
    starts = _word_starts(text)
    near = [term for term in glossary if _beginning(term.en) in text]  # most terms are in no text: their patterns are never made
    for term in sorted(near, key=lambda term: (-len(term.en), term.en)):
        spans = list(_spans(term.en, text, starts)) if term.holds_on(day) else []
        if spans:
            yield term, re.sub(r"\s+", " ", text[slice(*spans[0])]), original.place.line + text.count("\n", 0, spans[0][0])
            text = _without(spans, text)


def _word_starts(text: str) -> dict[str, list[int]]:
    """A letter → where words begin with it."""
    starts: dict[str, list[int]] = {}
    for match in _WORD_START.finditer(text):
        starts.setdefault(match[0], []).append(match.start())
    return starts


def _spans(en: str, text: str, starts: Mapping[str, Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Where a term stands; it is tried only at words with what all its forms begin with."""
    beginning, done = _beginning(en), 0
    for at in starts.get(beginning[0], ()) if beginning else range(len(text)):
        match = _pattern(en).match(text, at) if at >= done and text.startswith(beginning, at) else None
        if match:
            done = match.end()
            yield match.span()


def _without(spans: list[tuple[int, int]], text: str) -> str:
    """The text with these stretches blanked, their line ends kept."""
    ends = [0, *(end for _, end in spans)]
    kept = [text[end:start] + re.sub(r"[^\n]", "\0", text[start:stop]) for end, (start, stop) in zip(ends, spans, strict=False)]
    return "".join((*kept, text[ends[-1] :]))


def lost_numbers(source: str, translation: str) -> tuple[Quantity, ...]:
    """The quantities of the source that the translation does not give.

    A small number in words (three partners) may be said by a list or a pronoun: it counts as lost only where the translation has a small number
    that the source does not have.
    """
    wanted = _wanted(source)
    text = readable(translation)
    given = japanese(text)
    lost = [quantity for quantity in wanted if not any(_same(quantity, other) for other in given)]
    ours = _OUR_OWN.search(text)
    end = ours.start() if ours else len(text)
    strange = any(
        not other.weak and other.start < end and 1 < other.raw < 100 and not any(_same(quantity, other) for quantity in wanted)
        for other in given
    )
    return tuple(quantity for quantity in lost if strange or not quantity.weak)


@lru_cache(maxsize=64)
def _wanted(source: str) -> tuple[Quantity, ...]:
    return english(readable(source))[:MOST]


def strange_numbers(source: str, years: str, passage: str) -> tuple[Quantity, ...]:
    """The quantities of a Japanese passage that the source gives in no scale or unit: days, months, and figures from ten on.

    ``years``: those that may be said without the source saying them. Small ones are the translator's own words too (3日間 for 15 to 17 October),
    and what is converted into Japan's time is computed.
    """
    text = readable(passage)
    if not re.search(r"\d\d|\d[月日]|第\d", text) or "日本時間" in text:
        return ()
    known = _wanted(source)
    figures = {float(match[0].replace(",", "")) for match in re.finditer(r"\d[\d,]*(?:\.\d+)?", readable(source + years).replace(",", ""))}
    found = []
    for quantity in japanese(text):
        behind = text[quantity.start + len(quantity.text) :][:2]
        dated = re.match("月(?![間分])|日(?![間後前目])", behind)
        if _is_time(text, quantity) and quantity.raw not in (1, *_times(source)):
            found.append(quantity)
            continue
        if quantity.weak or not quantity.text[0].isdecimal() or (quantity.raw < 10 and not dated) or re.match("年度|日[間後前目]", behind):
            continue
        if quantity.raw not in figures and not any(_same(other, quantity) for other in known):
            found.append(quantity)
    return tuple(found)


@lru_cache(maxsize=64)
def _roles(source: str) -> tuple[tuple[str, str, bool], ...]:
    """(president, 会長, whether all are vice presidents) for each role of which a source has one kind only."""
    text, found = source.casefold(), []
    for role, ours in _ROLES:
        if role in text:
            deputies = len(re.findall(rf"(?:vice|deputy)[- ]{role}", text))
            heads = len(re.findall(rf"\b{role}", text)) - deputies
            if bool(deputies) != (heads > 0):
                found.append((role, ours, bool(deputies)))
    return tuple(found)


def wrong_roles(source: str, passage: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, why) of each 会長 for a vice president, and of each 副市長 for a mayor."""
    for role, ours, deputy in _roles(source) if "長" in passage or "知事" in passage or "大臣" in passage else ():
        if deputy:
            for match in re.finditer(rf"(?<![副市区町村])(?<!名誉){ours}(?!会)", passage):
                yield *match.span(), f"「{ours}」とありますが、原文は「副{ours}」（vice / deputy {role}）だけです。"
        else:
            for match in re.finditer(f"副{ours}", passage):
                yield *match.span(), f"「副{ours}」とありますが、原文に「vice」「deputy」はありません。"


@lru_cache(maxsize=64)
def _lengths(source: str) -> frozenset[int]:
    """The days from 15 to 17 October of a source that counts no days itself."""
    if re.search(r"(?i)\bdays?\b|\bweeks?\b", source):
        return frozenset()
    return frozenset({int(end) - int(start) + 1 for start, end in _SPAN.findall(source)} | {2 for _ in _PAIR.finditer(source)})


def wrong_days(source: str, passage: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, why) of each 4日間 where the source counts no days and has only 15 to 17 October."""
    lengths = _lengths(source) if "日間" in passage else ()
    for match in _DAYS.finditer(unicodedata.normalize("NFKC", passage)) if lengths else ():
        number = int(match["n"]) if match["n"].isdecimal() else "一二三四五六七八九十".index(match["n"]) + 1
        if number not in lengths:
            yield *match.span(), f"「{match[0]}」とありますが、原文の日付では{'・'.join(f'{n}日間' for n in sorted(lengths))}です。"


def _is_time(text: str, quantity: Quantity) -> bool:
    """第5回, 第5次: how often something has come round."""
    number = re.match(r"\d{1,3}", quantity.text)
    return (
        bool(number)
        and text[: quantity.start].endswith("第")
        and text[quantity.start + len(number[0] if number else "") :][:1] in ("回", "次")
    )


@lru_cache(maxsize=8)
def _times(source: str) -> tuple[float, ...]:
    """What a source counts so: fifth, 5th, INC5, session 5; and every number from ten on, for those are compared anyhow."""
    text = readable(source).casefold()
    told = [float(ORDINALS[word]) for word in re.findall(r"[a-z]+", text) if word in ORDINALS]
    tens = [
        ORDINALS[f"{tens[:-1]}ieth"] + ORDINALS[ones]
        for tens, ones in re.findall(r"([a-z]+ty)[- ]([a-z]+)", text)
        if ones in ORDINALS and f"{tens[:-1]}ieth" in ORDINALS
    ]
    figures = re.findall(
        r"(?<![\d.,])(\d+)(?:st|nd|rd|th)\b|(?:[a-z]-?|(?:session|round|edition|phase|part|number|no\.|meeting|vol\.) )(\d+)\b|(\d\d+)",
        text,
    )
    return (*told, *map(float, tens), *(float(one or two or three) for one, two, three in figures))


def _pairs(articles: Iterable[Article], originals: Mapping[str, Original]) -> Iterator[tuple[Article, Original]]:
    """Full translations from English with their sources."""
    for article in articles:
        if article.origin and article.body.strip() and article.slug in originals and article.origin.language.lower().startswith("en"):
            yield article, originals[article.slug]


def _counterpart(article: Article, original: Original, line: int) -> Place:
    """Where the Japanese of a line of the source stands: its block where both texts have as many, else where the text begins."""
    there, here = _block_lines(original.body), _block_lines(article.body)
    number = bisect_right(there, line - original.place.line) - 1
    at = here[max(number, 0)] if len(there) == len(here) else 0
    return Place(path=article.place.path, line=article.body_line + at)


@lru_cache(maxsize=8)
def _block_lines(body: str) -> tuple[int, ...]:
    """The lines, from 0, on which the blocks of a text begin; comments are none."""
    lines = re.sub(r"<!--.*?-->", lambda found: re.sub(r"[^\n]", " ", found[0]), body, flags=re.DOTALL).split("\n")
    return tuple(n for n, line in enumerate(lines) if line.strip() and (n == 0 or not lines[n - 1].strip()))


def _same(wanted: Quantity, given: Quantity) -> bool:
    """Whether the translation's number is the source's: in the same unit, or without any; where the source has no unit, in any."""
    for value, unit, slack in wanted.amounts:
        for other, measure, more in given.amounts:
            allowed = max(slack, more, 1e-6) * max(abs(value), 1.0 if unit != "°C" else 20.0)
            if unit == measure and abs(value - other) <= allowed:
                return True
            if not wanted.strict and not unit and abs(value - other) <= 1e-6 * max(1.0, abs(value)):
                return True
    bare = wanted.raw if wanted.raw >= 0 else None
    measures = ("",) if wanted.strict else ("", "数")
    return bare is not None and any(
        measure in measures and abs(bare - other) <= 1e-6 * max(1.0, bare) for other, measure, _ in given.amounts
    )


@lru_cache(maxsize=4096)
def _latin(text: str) -> str:
    """What is compared of a source: NFKC, small letters, no accents (Malmo is Malmö), plain hyphens."""
    plain = unicodedata.normalize("NFKD", readable(text)).casefold().replace("‑", "-").replace("’", "'")
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


@lru_cache(maxsize=4096)
def _beginning(en: str) -> str:
    """What every form of a term begins with: its first word without what may be spelt or inflected otherwise."""
    word = re.match(r"\w*", _latin(en))
    return word[0][:-1].partition("iz")[0] if word else ""


@lru_cache(maxsize=4096)
def _pattern(en: str) -> re.Pattern[str]:
    """The term in singular and plural, British or American, with or without what stands in brackets."""
    whole = _latin(en)
    variants = dict.fromkeys((whole, _BRACKETED.sub("", whole), re.sub(r"[()]", "", whole)))
    words = "|".join(_inflected(variant.strip()) for variant in variants if variant.strip())
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


def _inflected(words: str) -> str:
    stem, ending = (words[:-1], "s?") if words.endswith("s") else (words[:-1], "(?:y|ies)") if words.endswith("y") else (words, "(?:s|es)?")
    pattern = re.escape(stem).replace("iz", "i[sz]")
    return re.sub(r"(?:\\ )+", r"\\s+", pattern) + ending


@lru_cache(maxsize=4096)
def _forms(term: Term) -> tuple[str, ...]:
    """The accepted forms as they are searched, whole and without what stands in brackets."""
    found = [_folded(form) for form in term.ja]
    for form in tuple(found):
        bare = form
        while (shorter := _BRACKETED.sub("", bare)) != bare:
            bare = shorter
        found += [bare, re.sub(r"[()]", "", form)]
    return tuple(dict.fromkeys(form for form in found if form))


def _folded(text: str) -> str:
    return re.sub(r"[\s*_]", "", unicodedata.normalize("NFKC", text)).casefold()
