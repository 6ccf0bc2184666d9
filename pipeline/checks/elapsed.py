"""Years and issues that another place of the item counts: 南北接続から2年半, 100周年まで2年, 10年ぶり, 4年ごと…前回は2018年, 8月号から in August.

Passages in, hits out, for the rule about words that count from the day of sending. Only what an explicit year or day of the item denies.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator
from datetime import date

from pipeline.checks.dated import chains, dates_in, full
from pipeline.checks.facts import own
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.checks.tenses import tense_of
from pipeline.dates import read_years
from pipeline.dates.form import folded, number
from pipeline.model import Severity

_HINT = "配信する日から数えて、年数か年月日を直してください。"
_LEN = r"(?P<n>\d{1,3}|[一二三四五六七八九十]{1,2})(?:年(?:(?P<half>半)|(?P<more>\d{1,2})[かカヶケ箇]月)?|(?P<months>[かカヶケ箇]月(?P<mhalf>半)?))"
_AFTER = r"(?!間|代|度|前|後|以上|余|目|ごと|ぶり|計画|生)"
_SINCE = re.compile(
    rf"(?P<stem>[一-龥ァ-ヴー]{{2,10}})(?:から|以来|より|後)[、]?(?:約|ほぼ|丸|まる|満|ちょうど|早くも|今年で)?{_LEN}{_AFTER}"
)
_TOLD_SINCE = re.compile(
    rf"(?P<y>(?:19|20)\d\d)年(?P<m>1[0-2]|[1-9])月(?:\d{{1,2}}日)?(?:[(][^()]*[)])?(?:に|の)[^。\d]{{0,24}}?"
    rf"(?:から|以来)[、]?(?:約|ほぼ|丸|満|ちょうど)?{_LEN}(?!代|度|前|後|以上|余|目|ごと|計画|生)"
)
_WHEN = re.compile(r"(?P<y>(?:19|20)\d\d)年(?P<m>1[0-2]|[1-9])月")
_UNTIL = re.compile(rf"(?P<k>\d{{1,4}})(?P<unit>周年|年目|歳)まで(?:に|は)?[、]?(?:あと|残り|約)?{_LEN}{_AFTER}")
_AGAIN = re.compile(r"(?P<n>\d{1,3}|[一二三四五六七八九十]{1,2})年(?P<half>半)?ぶり")
_DONE_THEN = re.compile(
    r"^(?:に|から|の)[、]?[^。、\d]{0,10}?(?:定め|策定|制定|改定|改正|設け|作っ|作られ|作成|始ま|始め|開館|開業|開園|建て|整備|見直|開か|開催|実施|発行|設置|導入|以来)"
)
_EVERY = re.compile(r"(?P<n>[2-9二三四五六]|1[0-9])年(?:ごと|おき|に(?:一|1)[度回])|(?P<two>隔年)")
_TURN = re.compile(r"(?P<way>前回|次回)(?:の[^。、\d]{1,12})?(?:は|が)、?(?:[^。\d]{0,10})?(?P<y>20\d\d|19\d\d)年")
_ISSUE = re.compile(r"(?<!\d)(?P<m>1[0-2]|[1-9])月号(?P<how>から|より|で|に|へ)")
_BY_THEN = re.compile(r"変更|反映|お届け|新しい|切り替|掲載|ご?紹介|お載せ|お送り|載せ")


def elapsed(sheet: Sheet) -> Iterator[Hit]:
    """Every such count of an issue."""
    for article in (None, *sheet.issue.articles):
        if article and article.origin:
            continue
        passages = tuple(passage for passage in own(sheet, article) if passage.kind != "field" or passage.key in ("title", "summary"))
        whole = [folded(passage.text) for passage in passages]
        for passage, form in zip(passages, whole, strict=True):
            if "年" in form or "か月" in form:
                yield from _since(sheet, passage, form, whole)
                yield from _made(sheet, passage, form)
                yield from _until(sheet, passage, form, whole)
                yield from _again(sheet, passage, form)
                yield from _turns(sheet, passage, form, whole)
            if "月号" in form:
                yield from _next_issue(sheet, passage, form)
            if "の" in form and "年" in form:
                yield from _roles(sheet, passage, form)


def unbegun(sheet: Sheet) -> Iterator[Hit]:
    """Days ahead that are told as past, in items without a day of their own."""
    for article in (None, *sheet.issue.articles):
        if article is None or not (article.origin or article.start):
            for passage in own(sheet, article):
                if passage.kind == "paragraph" and "月" in passage.text:
                    yield from _not_yet(sheet, passage, folded(passage.text))


def _off(passage: Passage, span: tuple[int, int], why: str) -> Hit:
    return passage.hit(span, f"「{passage.text[slice(*span)]}」：{why}", _HINT, severity=Severity.WARNING)


def _months(match: re.Match[str]) -> tuple[int, int]:
    """How many months a length has, and by how many it may be off."""
    n = number(match["n"])
    if match["months"]:
        return n, 1
    if match["half"]:
        return n * 12 + 6, 4
    return (n * 12 + int(match["more"]), 1) if match["more"] else (n * 12, 11)


def _fits(match: re.Match[str], real: int) -> bool:
    told, slack = _months(match)
    below = 3 if slack == 11 else slack  # nearly three years are called three; more than three, too
    return told - below <= real + 1 and real - 1 <= told + slack


def _since(sheet: Sheet, passage: Passage, form: str, whole: list[str]) -> Iterator[Hit]:
    """南北接続から2年半 above 2020年3月21日に実現した…南北接続; 2021年10月に始まってから2年9か月."""
    today = sheet.issue.date
    for match in _TOLD_SINCE.finditer(form):
        real = (today.year - int(match["y"])) * 12 + today.month - int(match["m"])
        if real >= 0 and not _fits(match, real) and not re.search("当時|時点|昨年|(?:19|20)\\d\\d年[^。]*$", form[: match.start()][-24:]):
            yield _off(passage, match.span(), f"{match['y']}年{match['m']}月から発行の月までは{real // 12}年{real % 12}か月です。")
    for match in _SINCE.finditer(form):
        stem = match["stem"][-2:]
        if re.search(r"\d年[^。]{0,20}$|\d月[^。]{0,20}$", form[: match.start()]) or stem in ("それ", "これ") or stem.endswith("年"):
            continue
        found = {
            (int(when["y"]), int(when["m"]))
            for text in whole
            for sentence in text.split("。")
            if stem in sentence
            for when in _WHEN.finditer(sentence)
            if 0 <= sentence.find(stem) - when.end() <= 30
        }
        if len(found) == 1:
            year, month = found.copy().pop()
            real = (today.year - year) * 12 + today.month - month
            if real >= 0 and not _fits(match, real):
                yield _off(passage, match.span(), f"{year}年{month}月から発行の月までは{real // 12}年{real % 12}か月です。")


_MADE = re.compile(
    r"(?<!\d)(?P<y>(?:18|19|20)\d\d)年(?:度)?に[^。\d]{1,24}?[てで]から、?(?P<exact>ちょうど|丸|満)?(?:今年で)?(?P<n>\d{1,3})年(?!間|代|度|前|後|以上|余|目|ごと|[半\d])"
)
_LEAP = re.compile(r"(?P<y>20\d\d)年は[^。]{0,60}?36(?P<n>[56])日")


def _made(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """1994年に…できてから、ちょうど20年 in 2024; 2024年は…365日の年."""
    for match in _MADE.finditer(form):
        real = sheet.issue.date.year - int(match["y"])
        if abs(real - int(match["n"])) > (0 if match["exact"] else 1) and not re.search("当時|時点", form[: match.start()][-12:]):
            yield _off(passage, match.span(), f"{sheet.issue.date.year}年から数えると{real}年です。")
    for match in _LEAP.finditer(form):
        if int(match["n"]) != 5 + isleap(int(match["y"])):
            yield _off(passage, match.span(), f"{match['y']}年は36{5 + isleap(int(match['y']))}日です。")


_DAY_ALONE = re.compile(
    r"(?<![\d年~・、])(?P<m>1[0-2]|[1-9])月(?P<d>\d{1,2})日(?P<to>から(?:\d{1,2}月)?\d{1,2}日まで)?(?:に|、|には)(?![^。]{0,3}\d月)"
)
_EARLIER = re.compile(r"昨年|去年|前年|一昨年|年度|(?:19|20)\d\d年|令和|平成|当時|振り返|毎年|例年")


def _not_yet(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """8月27日、…述べました on 31 July: a day without a weekday that only another year could save."""
    today = sheet.issue.date
    for match in _DAY_ALONE.finditer(form):
        try:
            day = date(today.year, int(match["m"]), int(match["d"]))
        except ValueError:
            continue
        begin, end = form.rfind("。", 0, match.start()) + 1, form.find("。", match.end())
        sentence = form[begin : end + 1 if end >= 0 else len(form)]
        tense, said = tense_of(form[match.end() : begin + len(sentence)])
        if 0 < (day - today).days <= 100 and tense == "done" and said.endswith("ました") and not _EARLIER.search(form):
            why = f"発行日（{full(today)}）より後ですが、「{said[-10:]}」と済んだこととして書かれています。"
            yield _off(passage, match.span(), why)


def _until(sheet: Sheet, passage: Passage, form: str, whole: list[str]) -> Iterator[Hit]:
    """市制100周年まで2年 above 2024年7月1日に…100周年を迎えます in July 2023."""
    today = sheet.issue.date
    for match in _UNTIL.finditer(form):
        then = re.compile(
            rf"(?P<y>20\d\d)年(?:(?P<m>1[0-2]|[1-9])月)?(?:\d{{1,2}}日)?(?:に|で|は|が)[^。\d]{{0,14}}{match['k']}{match['unit']}"
        )
        found = {(int(one["y"]), int(one["m"] or 0)) for text in whole for one in then.finditer(text)}
        if len(found) == 1:
            year, month = found.copy().pop()
            real = (year - today.year) * 12 + (month - today.month if month else 0)
            told, slack = _months(match)
            if abs(real - told) > (slack if slack < 11 else 6 if month else 0):
                when = f"{year}年{f'{month}月' if month else ''}"
                yield _off(passage, match.span(), f"発行の月から{when}までは{real // 12}年{f'{real % 12}か月' if month else ''}です。")


def _again(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """平成23年度に定めた…を10年ぶりに改め in 2023."""
    today = sheet.issue.date
    for match in _AGAIN.finditer(form):
        begin = max(form.rfind("。", 0, match.start()) + 1, match.start() - 60)
        years = [year for year in read_years(form) if begin <= year.start and year.end <= match.start()]
        if len(years) != 1 or match["half"] or not _DONE_THEN.match(form[years[0].end :]):
            continue
        fiscal = years[0].unit == "年度"
        now = today.year - (fiscal and today.month < 4)
        real = now - years[0].value
        if number(match["n"]) not in ({real, real + 1} if fiscal else {real - 1, real, real + 1}):
            yield _off(passage, match.span(), f"{years[0].value}{years[0].unit}からは{real}年です。")


def _turns(sheet: Sheet, passage: Passage, form: str, whole: list[str]) -> Iterator[Hit]:
    """4年ごとに開かれ、前回は2018年 of a meeting in 2023."""
    for match in _TURN.finditer(form):
        before = whole[: whole.index(form) + 1]
        every = [one for text in before for one in _EVERY.finditer(text)]
        if len(every) != 1:
            continue
        steps = 2 if every[0]["two"] else number(every[0]["n"])
        held = {int(year) for text in whole for year in re.findall(r"(?<!\d)(20\d\d)年", text)} - {int(match["y"])}
        step = steps if match["way"] == "前回" else -steps
        wanted = {sheet.issue.date.year, sheet.issue.date.year + 1 if sheet.issue.date.month >= 10 else 0} | held
        on_beat = any((year - int(match["y"])) % steps == 0 for year in held)
        if not on_beat and int(match["y"]) + step not in wanted and abs(int(match["y"]) - sheet.issue.date.year) <= 12:
            why = f"{every[0][0]}なら、{sheet.issue.date.year}年の{match['way']}は{sheet.issue.date.year - step}年です。"
            yield _off(passage, match.span(), why)


def _next_issue(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """9月15日までにご連絡いただいた分は、8月号から: an issue that is out before the day."""
    today = sheet.issue.date
    for match in _ISSUE.finditer(form):
        begin, end = form.rfind("。", 0, match.start()) + 1, form.find("。", match.end())
        days = [one.day for one in dates_in(sheet, passage) if begin <= one.start < match.start() and one.is_certain and one.day]
        rest = form[match.end() : end if end >= 0 else len(form)]
        if not days or days[-1] < today or not _BY_THEN.search(rest[:16]) or re.search("ました|でした", rest):
            continue
        behind = (int(match["m"]) - days[-1].month) % 12
        if behind >= 9:
            yield _off(passage, match.span(), f"{full(days[-1])}より前に発行する号です。")


_ROLE = re.compile(
    r"(?<![一-龥])(?:(?P<word>一昨年|昨年|去年|今年|本年|来年|再来年)|(?<!\d)(?P<y>20\d\d)年)"
    r"(?:の(?P<what>議長国|開催国|開催地|開催都市|開催市|会場|主催国))?(?:は|が)、?(?P<who>[ァ-ヴー]{2,10})(?=[、。でとの])"
)
_BY_WORD = {"一昨年": -2, "昨年": -1, "去年": -1, "今年": 0, "本年": 0, "来年": 1, "再来年": 2}


def _roles(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """2022年がインドネシア … 昨年の議長国はブラジル in 2023: one year, two hosts."""
    told: dict[int, tuple[str, bool]] = {}
    if not re.search("議長国|開催国|開催地|開催都市|開催市|主催国|会場", form):
        return
    for match in _ROLE.finditer(form):
        year = int(match["y"]) if match["y"] else sheet.issue.date.year + _BY_WORD[match["word"]]
        who, word = told.setdefault(year, (match["who"], bool(match["word"])))
        if who != match["who"] and word != bool(match["word"]):
            yield _off(passage, match.span(), f"同じ{year}年が「{who}」とも書かれています。")


_STARTS = re.compile(
    r"(?P<said>(?:始め|開始し|始まり|スタートし|設け|開設し|実施し|開催し|開き|運行し|募集し|受け付け|展示し|公開し|開放し|行い|行って)(?P<tense>ました|ます))。(?:なお、)?"
    r"(?:実施|運行|開設|募集|受付|展示|開催|公開|実験|実証|調査|開放)?(?:の)?(?:期間|会期|日程|期日)は、?"
)
_OPENS = re.compile(r"(?:に|から|より|、)(?:の)?(?:開始|スタート|始動|実施|開設|運行|募集|受付|開催|始まる|始める|開く|開放|公開)")


def started(sheet: Sheet) -> Iterator[Hit]:
    """実証運行を始めました。期間は、9月4日から…, and under a title 9月4日に開始, in August."""
    today = sheet.issue.date
    for article in sheet.issue.articles:
        passages = own(sheet, article) if not article.origin else ()
        title = next((passage for passage in passages if passage.key == "title"), None)
        opens = _opens(sheet, title) if title else None
        for passage in passages:
            form = folded(passage.text)
            if passage.kind != "paragraph" or "。" not in form:
                continue
            for match in _STARTS.finditer(form):
                chain = next((one for one in chains(dates_in(sheet, passage)) if 0 <= one[0].start - match.end() <= 2), None)
                first, last = (chain[0].day, chain[-1].day) if chain and all(one.is_certain for one in chain) else (None, None)
                if first and match["tense"] == "ました" and first > today:
                    yield _wrong(passage, match, f"期間は{full(first)}から")
                elif last and match["tense"] == "ます" and last < today:
                    yield _wrong(passage, match, f"期間は{full(last)}まで")
            first_verb = re.match(r"[^。]*?(?P<said>(?:始め|開始し|始まり|スタートし|開設し)ました)。", form)
            told = first_verb and (_STARTS.search(form) or any(one.start < first_verb.end() for one in dates_in(sheet, passage)))
            if opens and opens > today and first_verb and not told and passage is next(p for p in passages if p.kind == "paragraph"):
                yield _wrong(passage, first_verb, f"見出しでは{full(opens)}から")


def _opens(sheet: Sheet, title: Passage) -> date | None:
    form = folded(title.text)
    found = (one.day for one in dates_in(sheet, title) if one.is_certain and one.day and _OPENS.match(form, one.end))
    return next(found, None)


def _wrong(passage: Passage, match: re.Match[str], what: str) -> Hit:
    tense = "済んだ" if match["said"].endswith("ました") else "先の"
    message = f"{what}ですが、「{match['said']}」と{tense}こととして書かれています。"
    return passage.hit(match.span("said"), message, "配信する日から見た言い方に直してください。", severity=Severity.WARNING)


_CLAUSE = re.compile(
    r"(?:(?P<will>開かれる|開催される|開催する|始まる|始める|行われる|行う|開く|迎える|予定される)|(?P<was>開かれた|開催された|開催した|始まった|始めた|行われた|行った|開いた|終わった|閉幕した|終えた))"
    r"[「『]?(?P<noun>[A-Za-z0-9一-龥ァ-ヴー・]{3,16})"
)


def led(sheet: Sheet) -> Iterator[Hit]:
    """インドで開かれるU20市長サミット in the greeting, of what the issue itself tells as over; 先月始まった会員研修 of what is to come."""
    today = sheet.issue.date
    places = [passage for passage in sheet.passages if passage.article is None or passage.key == "summary"]
    for passage in places:
        form = folded(passage.text)
        for match in _CLAUSE.finditer(form) if re.search("[るくうた]", form) else ():
            for noun in _names(match["noun"]):
                days = _days_of(sheet, noun, passage)
                if days is None:
                    continue
                first, last = days
                if (match["will"] and last < today) or (match["was"] and first > today):
                    tense = "先の" if match["will"] else "済んだ"
                    message = f"この号の記事では「{noun}」は{full(last if match['will'] else first)}ですが、「{match[0]}」と{tense}こととして書かれています。"
                    yield passage.hit(match.span(), message, "配信する日から見た言い方に直してください。", severity=Severity.WARNING)
                break


def _names(noun: str) -> Iterator[str]:
    """The noun and its beginnings that still name something."""
    yield noun
    for size in range(len(noun) - 1, 3, -1):
        yield noun[:size]
    if match := re.match(r"[A-Z][A-Za-z]*\d+", noun):
        yield match[0]


def _days_of(sheet: Sheet, noun: str, passage: Passage) -> tuple[date, date] | None:
    """The first and the last day of the one item that names it in its title, or whose first sentence does with its days."""
    found: list[tuple[date, date]] = []
    for article in sheet.issue.articles:
        if article is passage.article or article.origin:
            continue
        if noun in folded(article.title) and article.start and article.start.first:
            found.append((article.start.first, article.start.last or article.start.first))
            continue
        for other in own(sheet, article):
            form = folded(other.text)
            if other.kind != "paragraph" or noun not in form:
                continue
            begin, end = form.rfind("。", 0, form.find(noun)) + 1, form.find("。", form.find(noun))
            days = [one.day for one in dates_in(sheet, other) if begin <= one.start < end and one.is_certain and one.day]
            if days and re.search("開かれ|開催|始ま|行われ|開き|行い", form[begin:end]):
                found.append((min(days), max(days)))
            break
    return found[0] if len(found) == 1 else None
