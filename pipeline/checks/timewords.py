"""Rules about words that count from the day of sending: 本日, 来月, 今年度 …, the tense beside a date, greetings of a season, the next issue.

A text written on the 10th goes out on the 31st. Only what an explicit date contradicts is an error; what merely grows old is a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.checks.countdown import distances
from pipeline.checks.dated import READ_ALREADY, chains, dates_in, full, texts, weekday, years_told
from pipeline.checks.elapsed import elapsed, led, started, unbegun
from pipeline.checks.facts import facts, own
from pipeline.checks.foreseen import foreseen
from pipeline.checks.frames import framed
from pipeline.checks.misfits import misfitted
from pipeline.checks.passages import Passage
from pipeline.checks.periods import misplaced
from pipeline.checks.pointers import pointed
from pipeline.checks.relatives import denied
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.seasons import greetings, solar
from pipeline.checks.tenses import any_verb, months, reports
from pipeline.dates import Written, read_years
from pipeline.dates.form import GAP, folded
from pipeline.model import Severity

_DAYS = {"一昨日": -2, "おととい": -2, "昨日": -1, "本日": 0, "今日": 0, "明日": 1, "明後日": 2, "あさって": 2}
_WEEKS = {"先々週": -2, "先週": -1, "今週": 0, "来週": 1, "再来週": 2}
_MONTHS = {"先々月": -2, "先月": -1, "今月": 0, "本月": 0, "来月": 1, "再来月": 2}
_YEARS = {"一昨年": -2, "おととし": -2, "昨年": -1, "去年": -1, "今年": 0, "本年": 0, "来年": 1, "明年": 1, "再来年": 2}
_FISCAL = {"一昨年度": -2, "昨年度": -1, "前年度": -1, "今年度": 0, "本年度": 0, "来年度": 1, "次年度": 1, "再来年度": 2}
_ALL = "|".join(sorted({*_DAYS, *_WEEKS, *_MONTHS, *_YEARS, *_FISCAL}, key=len, reverse=True))
_WORD = re.compile(rf"(?<![一-龥])(?P<word>{_ALL})(?P<of>(?:の)?(?P<weekday>[月火水木金土日])曜日?)?{GAP}(?:の|、|,|は|[(])?{GAP}")
_MONTH = re.compile(r"(?P<m>\d{1,2})月(?!号|刊|\d)")
_BESIDE = re.compile(rf"(?P<what>\d{{1,2}}月\d{{1,2}}日[^、。]{{0,6}}?|\d{{4}}年度?)[(](?P<word>{_ALL})[)]")


_LOOKS_BACK = re.compile(
    r"(?<![一-龥])(?:(?P<word>今年|本年|今年度|本年度|来年度?|来月|来週)(?:1年間?)?の[^。、]{0,16}を[、]?[^。、]{0,14}[、]?(?:振り返|ふり返|総括し)"
    r"|振り返る(?P<year>20\d\d)年|(?P<ago>昨年度?|一昨年|去年|先月|昨日)の[^。、]{0,14}を[、]?(?:展望|見通|占い|予測し))"
)
_THANKS = re.compile(
    r"(?P<word>来年度?|来月|昨年|一昨年|本年|今年)(?:中)?の[^。、]{0,6}(?:支援|協力|愛読|厚情|高配|愛顧|厚誼)に[、]?[^。]{0,12}(?:お礼|御礼|感謝)"
)


def contradicted(sheet: Sheet) -> Iterator[Hit]:
    """来月3月14日 in a January issue: a word that counts from the sending and a date beside it that it cannot be."""
    yield from distances(sheet)
    yield from misplaced(sheet)
    yield from elapsed(sheet)
    yield from pointed(sheet)
    today = sheet.issue.date
    for passage in texts(sheet):
        if passage.article and passage.article.origin:
            continue
        yield from _looks(passage, today)
        form = folded(passage.text)
        if not re.search("[昨去今本来先明前次再おあき]|の日[(の、]|デー", form):
            continue
        found = {written.start: written for written in dates_in(sheet, passage)}
        years = {year.start: (year.value, year.unit) for year in read_years(form)}
        for match in _WORD.finditer(form):
            yield from _against(passage, match, found.get(match.end()), years.get(match.end()), today)
            yield from _bare_month(passage, form, match, today)
            yield from _bare_day(sheet, passage, match, today)
        for span, why in denied(form, today):
            hint = f"書いた日ではなく、配信する日（{today.month}月{today.day}日）から数えて直すか、日付だけにしてください。"
            yield passage.hit(span, f"「{passage.text[slice(*span)]}」：{why}", hint)


def _looks(passage: Passage, today: date) -> Iterator[Hit]:
    """今年の会議を振り返り in January, 来年度の活動を振り返り, 昨年の動きを展望し, 昨年のご支援に感謝 in December."""
    if "振" not in passage.unquoted and "展望" not in passage.unquoted and "見通" not in passage.unquoted and "に" not in passage.unquoted:
        return
    form = folded(passage.unquoted)
    for match in _LOOKS_BACK.finditer(form):
        word = match["word"] or match["ago"] or match["year"]
        early = (word in ("今年", "本年") and today.month <= 2) or (word in ("今年度", "本年度") and today.month in (4, 5))
        if early or match["ago"] or word[0] == "来" or (match["year"] and int(word) * 12 + 2 > today.year * 12 + today.month - 1):
            message = f"「{word}」：発行日（{full(today)}）から見て、{'展望' if match['ago'] else '振り返る'}時期と合っていません。"
            yield passage.hit(match.span(), message, "いつのことかを確かめてください。", severity=Severity.WARNING)
    for match in _THANKS.finditer(form):
        word = match["word"]
        if word[0] == "来" or (word == "昨年" and today.month >= 4) or word == "一昨年" or (word in ("本年", "今年") and today.month <= 2):
            message = f"「{word}」：発行日（{full(today)}）から見て、お礼を述べる時期と合っていません。"
            yield passage.hit(match.span(), message, "いつのことかを確かめてください。", severity=Severity.WARNING)


def _against(passage: Passage, match: re.Match[str], written: Written | None, year: tuple[int, str] | None, today: date) -> Iterator[Hit]:
    word = match["word"]
    if year and word in (*_YEARS, *_FISCAL) and (year[1] == "年度") == (word in _FISCAL):
        right = _fiscal(today) + _FISCAL[word] if word in _FISCAL else today.year + _YEARS[word]
        if year[0] != right and word != "次年度":
            unit = "年度" if word in _FISCAL else "年"
            yield _hit(passage, match, match.end() + 4, f"発行日（{full(today)}）から見た「{word}」は{right}{unit}です。", today)
    elif written and written.candidates and not written.wrong_weekday and word not in (*_YEARS, *_FISCAL):
        first, last, name = _meant(word, today)
        if not any(first <= day <= last for day in written.candidates):
            yield _hit(passage, match, written.end, f"発行日（{full(today)}）から見た「{word}」は{name}です。", today)


def _meant(word: str, today: date) -> tuple[date, date, str]:
    """The days that a word means on the day of sending. A week may begin on Sunday or on Monday."""
    if word in _DAYS:
        day = today + timedelta(days=_DAYS[word])
        return day, day, full(day)
    if word in _WEEKS:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_WEEKS[word])
        return monday - timedelta(days=1), monday + timedelta(days=6), f"{full(monday)}からの週"
    number = today.year * 12 + today.month - 1 + _MONTHS[word]
    first = date(number // 12, number % 12 + 1, 1)
    following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    return first, following - timedelta(days=1), f"{first.month}月"


def _bare_month(passage: Passage, form: str, match: re.Match[str], today: date) -> Iterator[Hit]:
    """来月（3月） in a January issue."""
    month = _MONTH.match(form, match.end()) if match["word"] in _MONTHS else None
    if month and int(month["m"]) != (right := _meant(match["word"], today)[0].month):
        yield _hit(passage, match, month.end(), f"発行日（{full(today)}）から見た「{match['word']}」は{right}月です。", today)


def _bare_day(sheet: Sheet, passage: Passage, match: re.Match[str], today: date) -> Iterator[Hit]:
    """来月25日 in a report of the 25th of this month: the item's own date says which month is meant."""
    day = (
        re.compile(r"(?P<d>\d{1,2})日(?![間目])(?:\((?P<w>[月火水木金土日])[)・])?").match(match.string, match.end())
        if match["word"] in _MONTHS
        else None
    )
    if not day:
        return
    first, last, _ = _meant(match["word"], today)
    real = first + timedelta(days=int(day["d"]) - 1)
    if real > last or (day["w"] and weekday(real) != day["w"]):
        why = "という日はありません。" if real > last else f"{weekday(real)}曜日です（{full(real)}）。"
        yield _hit(passage, match, day.end(), f"発行日（{full(today)}）から見た「{match['word']}{day['d']}日」は{why}", today)
        return
    if passage.article is None:
        return
    own_days = [fact.first for fact in facts(sheet, passage.article) if fact.passage is not passage and fact.is_certain and fact.first]
    alike = [other for other in own_days if other.day == int(day["d"])]
    if alike and all((other.year, other.month) != (first.year, first.month) for other in alike):
        yield _hit(
            passage,
            match,
            day.end(),
            f"発行日（{full(today)}）から見た「{match['word']}」は{first.month}月ですが、記事の日付は{full(alike[0])}です。",
            today,
        )


def _hit(passage: Passage, match: re.Match[str], end: int, why: str, today: date) -> Hit:
    said = re.sub("[\ue000\\s]+", "", passage.text[match.start() : end])
    hint = f"書いた日ではなく、配信する日（{today.month}月{today.day}日）から数えて直すか、日付だけにしてください。"
    return passage.hit((match.start(), end), f"「{said}」：{why}", hint)


def _fiscal(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


_SOON = re.compile(r"(?<![一-龥])(?P<word>一昨日|昨日|明日|明後日|本日|先週|今週|来週)(?P<rest>[^。]{0,40})")
_HAPPENS = re.compile(r"開催|開か|開き|締め?切|〆切|行わ|行い|実施|公表|発表|始ま|閉幕|開幕|配信|まで(?:に|受|募|申)")


def growing_old(sheet: Sheet) -> Iterator[Hit]:
    """明日締切です against the item's own date; without a date to hold it against, a note."""
    for article in sheet.issue.articles:
        if article.origin:
            continue
        days = [fact.last for fact in facts(sheet, article) if fact.is_certain and fact.last]
        for passage in own(sheet, article):
            if passage.kind == "field" and passage.key not in ("title", "summary"):
                continue
            for match in _SOON.finditer(passage.unquoted):
                if _HAPPENS.search(match["rest"]) and not re.match(r"[^。]{0,8}\d{1,2}[月日/]", match["rest"]):
                    yield from _old(sheet, passage, match, days)


def _old(sheet: Sheet, passage: Passage, match: re.Match[str], days: list[date]) -> Iterator[Hit]:
    first, last, name = _meant(match["word"], sheet.issue.date)
    if days and any(first <= day <= last for day in days):
        return
    message = f"「{match['word']}」は、配信の日（{full(sheet.issue.date)}）から数えると{name}です。"
    hint = "読まれる日によって意味が変わります。日付（○月○日（○））で書いてください。"
    severity = Severity.WARNING if days or match["word"] in ("昨日", "一昨日", "明日", "明後日") else Severity.NOTE
    yield passage.hit((match.start(), match.start() + len(match["word"])), message, hint, severity=severity)


_VERB = r"開催|開き|開か|開く|行い|行わ|行う|実施|始ま|始め|開幕|開会|公表|公開|発表|配信|発足|就任|締結|締め切|閉幕|募集|受け付け|登壇|派遣|参加|訪問|出展|設立|オープン|発行|予定"
_FUTURE = re.compile(
    rf"^(?P<gap>[^。、]{{0,20}}?(?:、[^。、]{{0,30}}?){{0,2}}?)(?P<verb>{_VERB})(?:し|され|られ|れ|さ|す|り)?"
    r"(?P<tense>ます(?!が)|る予定(?!だった|でした)|予定(?:です|しています|。|$|の(?!ところ))|です|します(?!が)|されます|れます)"
)
_DONE = re.compile(
    rf"^(?P<gap>[^。、]{{0,20}}?(?:、[^。、]{{0,30}}?){{0,2}}?)(?P<verb>{_VERB})(?:し|され|られ|れ|さ|す|り)?(?P<tense>ました|れました|しました|されました)(?!ら)"
)
_ANY_VERB = re.compile("[しきみりれちえけせめべげぎて]、|した|れた|ます|する|れる|いた|った|して|され|ており|予定|開く|行う|始まる|始める")
_TOWARDS = re.compile("向け|控え|備え|先立|迫|近づ|合わせ|間に合")
_AT = re.compile(
    r"^[ \ue000]*(?:[(（][^（）()]{0,20}[)）])?(?:の(?=(?:午前|午後|朝|夜)?\d{1,2}[:：時]))?(?:午前|午後|朝|夜)?[\d:：時分半～~]*(?:(?<=[時分半])から(?:午後"
    r"|翌)?\d{1,2}[:：時][\d分半]*(?=まで))?(?:付け?で|までの\d{1,3}日間(?:にわた(?:って|り))?、?|に|で|、|から|より|まで|は|[ 　])*+(?!の)"
)


def wrong_tense(sheet: Sheet) -> Iterator[Hit]:
    """1月15日に開催します in an issue of 31 January; 2月20日に開催しました; a report that speaks of what is to come."""
    hits = tuple(_wrong_tense(sheet))
    yield from hits
    told = {(hit.place.path, hit.place.line) for hit in hits}
    yield from (hit for hit in unbegun(sheet) if (hit.place.path, hit.place.line) not in told)


def _wrong_tense(sheet: Sheet) -> Iterator[Hit]:
    yield from reports(sheet)
    plain = tuple(_word_and_tense(sheet))
    yield from plain
    told = {(hit.place.path, hit.place.line) for hit in plain}
    yield from (
        hit
        for hit in (*framed(sheet), *misfitted(sheet), *foreseen(sheet), *started(sheet), *led(sheet))
        if (hit.place.path, hit.place.line) not in told
    )
    today = sheet.issue.date
    for passage in texts(sheet):
        if passage.key in READ_ALREADY or (passage.article and passage.article.origin) or passage.kind == "row":
            continue
        yield from months(sheet, passage)
        for chain in chains(dates_in(sheet, passage)):
            behind = re.split("[。\n]", passage.text[chain[-1].end :])[0] + "。"
            if (at := _AT.match(behind)) and not _other_month(sheet, passage, chain[0]):
                yield from _tense(sheet, passage, chain, (at[0], behind[at.end() :]), today)


def _other_month(sheet: Sheet, passage: Passage, written: Written) -> bool:
    """Whether 来月25日 is none, because the item's own date says so: that is told by another rule."""
    match = _WORD.match(folded(passage.text), written.start)
    return bool(match and any(_bare_day(sheet, passage, match, sheet.issue.date)))


def _tense(sheet: Sheet, passage: Passage, chain: tuple[Written, ...], behind: tuple[str, str], today: date) -> Iterator[Hit]:
    particle, rest = behind
    fitting = [[day for day in written.candidates if written.weekday in ("", weekday(day))] for written in chain]
    days = [day for candidates in fitting for day in candidates]
    future, done = _FUTURE.match(rest), _DONE.match(rest)
    told = years_told(sheet, passage.article) if done and not chain[0].has_year else frozenset()
    sure = not {year for year in told if abs(year - today.year) <= 3} - {today.year}
    if (
        not days
        or _TOWARDS.match(rest)
        or any(one.wrong_weekday or not (one.is_certain or len(fits) == 1) for one, fits in zip(chain, fitting, strict=True))
    ):
        return
    if future and not _ANY_VERB.search(future["gap"]) and max(days) < today:
        ago = (today - max(days)).days
        if chain[0].has_year or ago <= (200 if chain[-1].weekday else 60):
            message = f"{full(max(days))}は発行日（{full(today)}）より前ですが、「{_said(future)}」と先のこととして書かれています。"
            yield _tense_hit(passage, chain, message, None if chain[0].has_year or ago <= 45 else Severity.WARNING)
    elif done and not _ANY_VERB.search(done["gap"]) and min(days) > today:
        ahead = (min(days) - today).days
        if chain[0].has_year or (ahead <= 120 and sure):
            message = f"{full(min(days))}は発行日（{full(today)}）より後ですが、「{_said(done)}」と済んだこととして書かれています。"
            yield _tense_hit(passage, chain, message, None if chain[0].has_year else Severity.WARNING)
    elif beside := _told_beside(rest, min(days), max(days), today):
        yield _tense_hit(passage, chain, beside, Severity.WARNING)
    elif message := any_verb(particle, rest, min(days), max(days), today, sure=chain[0].has_year):
        yield _tense_hit(passage, chain, message, Severity.WARNING)


_HELD_LATER = re.compile(
    r"^[^。、]{0,14}?(?:開かれる|開催される|行われる|開催する|開催予定の)(?!予定|見込|計画|方針|際|前)(?=[一-龥ァ-ヴーA-Z「『])"
)
_HELD_BEFORE = re.compile(
    r"^[^。、]{0,14}?(?:開かれた|開催された|行われた|開催した|開いた|退職した|就任した|着任した|発足した)(?=[一-龥ァ-ヴーA-Z「『])"
)


def _told_beside(rest: str, first: date, last: date, today: date) -> str:
    """9月18日に開かれるサミット in October, 5月31日付で退職した… in April."""
    later, before = _HELD_LATER.match(rest), _HELD_BEFORE.match(rest)
    if later and last < today and (today - last).days <= 120 and not re.search("前|予定だった|はず|まで", rest[: later.end() + 4]):
        return f"{full(last)}は発行日（{full(today)}）より前ですが、「{later[0][-12:]}」と先のこととして書かれています。"
    if before and first > today and (first - today).days <= 120:
        return f"{full(first)}は発行日（{full(today)}）より後ですが、「{before[0][-12:]}」と済んだこととして書かれています。"
    return ""


_NO_LINK = r"(?:に|は|も|、)?"
_PAST_WORD = re.compile(
    rf"(?<![一-龥])(?P<word>先月|先週|昨日|昨年|去年){_NO_LINK}(?P<gap>[^。、た今来\d]{{0,14}}?)"
    r"(?P<verb>(?:開催|実施|発表|公表)(?:し|され)ます|(?:開|行)(?:き|か|い|わ)(?:れ)?ます|(?:開催|実施)(?:する|される)?予定です)"
)
_NEXT_WORD = re.compile(
    rf"(?<![一-龥])(?P<word>来月|来週|来年|再来月|明日){_NO_LINK}(?P<gap>[^。、のにへ\d]{{0,14}}?)"
    r"(?P<verb>(?:開催|実施|発表|公表)(?:し|され)ました|(?:開|行)(?:き|か|い|わ)(?:れ)?ました)"
)


def _word_and_tense(sheet: Sheet) -> Iterator[Hit]:
    """先月開催します, 来月開催されました: the word itself contradicts the tense."""
    for passage in texts(sheet):
        if not (passage.article and passage.article.origin):
            for match in (*_PAST_WORD.finditer(passage.unquoted), *_NEXT_WORD.finditer(passage.unquoted)):
                message = f"「{match['word']}」と「{match['verb']}」が、時制として合っていません。"
                yield passage.hit(match.span(), message, "配信する日から見て、済んだことか、これからのことかを確かめてください。")


def _said(match: re.Match[str]) -> str:
    return match[0][len(match["gap"]) :].strip("。")


def _tense_hit(passage: Passage, chain: tuple[Written, ...], message: str, severity: Severity | None) -> Hit:
    hint = "日付（年・月・日）が正しければ、配信する日から見た言い方に直してください。"
    return passage.hit((chain[0].start, chain[-1].end), message, hint, severity=severity)


def season(sheet: Sheet) -> Iterator[Hit]:
    """A greeting of a season that it is not."""
    standing = {section.key for section in sheet.issue.sections if section.shows == "note"}
    months = {sheet.issue.date.month, (sheet.issue.date + timedelta(days=7)).month}
    for passage in sheet.prose:
        if (passage.article is None and passage.kind != "field") or (passage.article and passage.article.section in standing):
            for match, why in solar(passage.unquoted, sheet.issue.date):
                message = f"「{match[0]}」は、発行日（{full(sheet.issue.date)}）と合いません（{why}）。"
                yield passage.hit(match.span(), message, "前に書いた文を写したままになっていないか、季節を確かめてください。")
            for match, own_months in greetings(passage.unquoted):
                if not months & set(own_months):
                    when = f"{own_months[0]}月" + (f"～{own_months[-1]}月" if len(own_months) > 1 else "")
                    message = f"「{match[0]}」は{when}の言葉です（発行日は{full(sheet.issue.date)}）。"
                    yield passage.hit(match.span(), message, "前に書いた文を写したままになっていないか、季節を確かめてください。")


_HEAD = "---\n版: monthly\n発行日: 2025-01-31\n件名: イクレイ日本e-News 2025年1月号\n導入文: 今号：見本\n---\n\n{}\n"

RULES = (
    Rule(
        code="TIME001",
        title="配信する日から数える言葉と日付",
        severity=Severity.ERROR,
        reason="10日に書いた文は31日に届きます。「来月」や「今年度」は、配信する日から数えます。",
        source="編集の現場で起きる間違い（editor-facts）",
        bad="来月3月14日に開催します。",
        good="来月2月14日に開催します。今年度（2024年度）の事業で、昨年（2024年）に始まりました。",
        find=contradicted,
    ),
    Rule(
        code="TIME002",
        title="時制と日付",
        severity=Severity.ERROR,
        reason="終わった催しを「開催します」と書くと、読者は日付のほうを疑います。",
        source="編集の現場で起きる間違い（editor-facts）",
        bad="1月15日に開催します。",
        good="1月15日に開催しました。2月20日に開催します。",
        find=wrong_tense,
    ),
    Rule(
        code="TIME003",
        title="季節の言葉",
        severity=Severity.WARNING,
        reason="前の年の号から写した時候の挨拶は、季節が合いません。",
        source="時候の挨拶の慣行",
        bad={"issue.md": _HEAD.format("新緑の候、皆様いかがお過ごしでしょうか。")},
        good={"issue.md": _HEAD.format("厳寒の候、皆様いかがお過ごしでしょうか。")},
        find=season,
    ),
    Rule(
        code="TIME005",
        title="読まれる日で変わる言葉",
        severity=Severity.NOTE,
        reason="「明日」「来週」は、配信が遅れたり後から読まれたりすると、別の日になります。",
        source="編集の現場で起きる間違い（editor-facts）",
        bad="セミナーの申込みは、明日締め切ります。",
        good="セミナーの申込みは、2月14日（金）に締め切ります。明日からできる工夫です。",
        find=growing_old,
    ),
)
