"""Distances counted from the day of sending: 開幕まであと18日, 新年度が始まって2か月, 今年も残すところ2か月, 戦後80年, 3年後に控えた2027年.

Passages in, hits out, for the rule about words that count from the day of sending. A distance is wrong only by more than any way of counting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.checks.dated import dates_in, full, texts
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.checks.schedule import REMAINING as LEFT
from pipeline.dates.form import folded, number
from pipeline.model import Moment, Severity

_N = r"(?P<n>\d{1,4}|[一二三四五六七八九十]{1,3}|ひと|ふた|半)"
_UNIT = r"(?P<unit>週間|日|[かカヶケ箇]?月|年)"
_UNTIL = re.compile(
    rf"まで(?:に|は)?[、]?(?:(?:残り|残す(?:ところ)?|残された(?:時間|日数)は|(?P<about>約|ほぼ|まだ|もう)|あと|後)[、]?){{1,3}}{_N}{_UNIT}(?P<more>余|足らず|弱|強|ほど)?"
)
_LEFT = re.compile(
    rf"(?P<of>今年度|本年度|(?:20\d\d|令和\d+)年度|年度|今年|本年|一年|今月)も[、]?(?:残り|残す(?:ところ|は)?|あと)[、]?(?:(?P<today>[今本]日|きょう)を(?P<with>含め|除い)て?)?[、]?(?:(?:あと|残り|約"
    rf"|わずか)[、]?)*{_N}{_UNIT}"
)
_LITTLE = re.compile(
    r"(?P<of>今年度|本年度|年度|今年|本年)も[、]?(?:いよいよ)?残(?:り|す(?:ところ|は)?)[、]?(?:あと)?(?:わずか|少し|少なく)"
)
_HALF = re.compile(r"(?P<of>今年度?|本年度?)も[、]?(?:早[いく](?:もので|も)|はや)?[、]?(?:半分|折り返し|前半)(?:が|を|に)")
_PASSED = re.compile(
    rf"(?:(?P<of>新年度|今年度|年度|新年|年)が(?:始ま|スタートし|明け|替わ|改ま|変わ)[っりて]?[てりたで]?(?:から)?|(?P<of2>新年度|新年)を?迎えて(?:から)?)[、]?(?:早くも|はや|もう|ほぼ|およそ|約|すでに|既に"
    rf"|丸)?[、]?{_N}{_UNIT}"
    r"(?P<more>余り|あまり|弱|近く|ほど)?(?:が|を|は)?(?:たち|経ち|経過|過ぎ|余り|経と|たと|となり|になり|。)"
)
_KNOWN = {
    "関東大震災": 1923,
    "戦後": 1945,
    "終戦": 1945,
    "被爆": 1945,
    "阪神・淡路大震災": 1995,
    "阪神淡路大震災": 1995,
    "東日本大震災": 2011,
    "熊本地震": 2016,
}
_KNOWN |= {"京都議定書の採択": 1997, "パリ協定の採択": 2015, "パリ協定採択": 2015, "SDGsの採択": 2015, "地球サミット": 1992}
_YEARS_ON = re.compile(
    rf"(?P<name>{'|'.join(_KNOWN)})(?:の?発生)?(?:から|後)?[、]?(?:ちょうど|今年で|丸)?(?P<n>\d{{1,3}})(?:周)?年(?!間|代|度|史|の\d)(?P<on>を?(?:迎える|迎えた|の)20\d\d)?"
)
_AHEAD = re.compile(r"(?P<y>20\d\d)(?:年)?(?:を|まで|の(?:開催|開幕|開館)を?)?[、]?(?:あと)?(?P<n>\d{1,2})年(?:後に(?:控え|迫|迎え))")
_QUICK = re.compile(
    "まで|も、?(?:いよいよ|早|はや|残|あと|半|折|前)|年度?が|迎え|戦後|終戦|被爆|震災|地震|議定書|協定|採択|地球サミット|控え"
)


def distances(sheet: Sheet) -> Iterator[Hit]:
    """Every distance that is not the one between its day and the day of sending."""
    for passage in texts(sheet):
        form = folded(passage.text)
        if not _QUICK.search(form) or (passage.article and passage.article.origin):
            continue
        yield from _until(sheet, passage, form)
        yield from _of_periods(sheet, passage, form)
        yield from _known_years(sheet, passage, form)


def _until(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    today = sheet.issue.date
    for match in _UNTIL.finditer(form):
        goals = tuple(_goals(sheet, passage, form, match.start()))
        if goals and all(not _fits(match, (goal - today).days) for goal in goals):
            right = (goals[0] - today).days
            message = f"「{passage.text[match.start() : match.end()]}」：発行日（{full(today)}）から{full(goals[0])}までは{right}日です。"
            yield passage.hit(match.span(), message, "配信する日から数えて直してください。", severity=Severity.WARNING)


_OCCASION = re.compile(r"(?:の?(?:開幕|開催|開会|当日|本番|会期|スタート|開始))?$")
_LINE = re.compile(r"(?:(?:応募|申し?込み?|募集|受付|提出|意見募集)の?)?(?:締め?切り?|〆切|終了|期限)(?:日)?$")


def _goals(sheet: Sheet, passage: Passage, form: str, at: int) -> Iterator[date]:
    """The day that stands before まで, in the sentence or in the item; the conference; the item of the issue that is named."""
    begin = form.rfind("。", 0, at) + 1
    before = form[max(begin, at - 40) : at]
    article = passage.article
    if any(re.search(rf"{re.escape(event.short)}の?(?:開幕|開催|開会|会期)$", before) for event in sheet.masthead.events) or LEFT.search(
        form[max(begin, at - 12) : at + 12]
    ):
        return  # told by the rules about conferences and about the item's deadline
    if any(event.short in before for event in sheet.masthead.events):
        yield from (event.start for event in sheet.masthead.events if event.short in before)
        return
    near = [written for written in dates_in(sheet, passage) if begin <= written.start and at - 14 <= written.end <= at]
    if near:
        yield from (near[-1].candidates if near[-1].is_certain else ())
    elif article and _LINE.search(before):
        yield from _day(article.deadline)
    elif article and article.start and before.endswith(("開幕", "開催", "開会", "当日", "本番", "催し", "開始")):
        yield from _day(article.start)
    else:
        occasion = _OCCASION.search(before)
        name = re.search(r"[一-龥ァ-ヴーA-Za-z0-9]{3,}$", before[: occasion.start() if occasion else None].rstrip("の"))
        named = [other for other in sheet.issue.articles if name and other.start and name[0] in folded(other.title)]
        yield from (other.start.first for other in named if other.start and other.start.first)
        yield from (event.start for event in sheet.masthead.events if name and name[0] in (event.city, event.name))


def _day(moment: Moment | None) -> Iterator[date]:
    if moment and moment.first:
        yield moment.first


def _fits(match: re.Match[str], days: int) -> bool:
    """Whether so many days may be called so; 約 and 余り are wider."""
    told = {"ひと": 1, "ふた": 2}.get(match["n"]) or number(match["n"]) or 0
    unit = {"日": 1, "週": 7, "年": 365}.get(match["unit"][0], 30.4)
    if match["n"] == "半":
        told, unit = 6, 30.4
    wide = bool(match.groupdict().get("about") or match.groupdict().get("more"))
    slack = {1: 1 + wide * max(5, told // 6), 7: 5 + 4 * wide, 365: 183}.get(int(unit), 17 + 5 * wide)
    return abs(days - told * unit) <= slack


def _of_periods(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """今年も残すところ2か月, 新年度が始まって1か月がたち."""
    today = sheet.issue.date
    for match in _LEFT.finditer(form):
        end = _end(match["of"], today)
        days = (end - today).days + (match["with"] == "含め")
        if not (_fits(match, days) or (match["unit"] == "日" and not match["with"] and _fits(match, days + 1))):
            yield _off(passage, match, f"発行日（{full(today)}）から{full(end)}までは{days}日です。")
    for match in _LITTLE.finditer(form):
        if (_end(match["of"], today) - today).days > 75:
            yield _off(passage, match, f"発行日は{full(today)}です。")
    for match in _HALF.finditer(form):
        if abs((_end(match["of"], today) - today).days - 183) > 50:
            yield _off(passage, match, f"発行日は{full(today)}です。")
    for match in _PASSED.finditer(form):
        of = match["of"] or match["of2"]
        start = date(today.year - ("度" in of and today.month < 4), 4 if "度" in of else 1, 1)
        if not _fits(match, (today - start).days):
            yield _off(passage, match, f"{full(start)}から発行日（{full(today)}）までは{(today - start).days}日です。")


def _end(period: str, today: date) -> date:
    if told := re.match(r"(20|令和)(\d+)年度", period):
        return date((2000 if told[1] == "20" else 2018) + int(told[2]) + 1, 3, 31)
    if "度" in period:
        return date(today.year + (today.month >= 4), 3, 31)
    if period == "今月":
        return date.fromordinal(date(today.year + today.month // 12, today.month % 12 + 1, 1).toordinal() - 1)
    return date(today.year, 12, 31)


def _off(passage: Passage, match: re.Match[str], why: str) -> Hit:
    message = f"「{passage.text[match.start() : match.end()]}」：{why}"
    return passage.hit(match.span(), message, "配信する日から数えて直してください。", severity=Severity.WARNING)


def _known_years(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """戦後70年 in 2025; GREEN×EXPO 2027を5年後に控えた in 2024."""
    year = sheet.issue.date.year
    for match in _YEARS_ON.finditer(form):
        now = int(match["on"][-4:]) if match["on"] else year
        real = now - _KNOWN[match["name"]]
        told_of = re.search(r"20\d\d年[^。]{0,12}$|当時[^。]{0,8}$", form[: match.start()])
        if abs(int(match["n"]) - real) > 1 and not told_of and int(match["n"]) > 4:
            yield _off(passage, match, f"{_KNOWN[match['name']]}年から数えると、{now}年で{real}年です。")
    if "年" in form:
        yield from _spans_of_years(passage, form, year)
    for match in _AHEAD.finditer(form):
        if abs(int(match["y"]) - year - int(match["n"])) > 0:
            yield _off(passage, match, f"{year}年から{match['y']}年までは{int(match['y']) - year}年です。")


_STEM = "登録|設立|創立|創設|開館|開園|開業|開通|接続|直通|合併|市制施行|加盟|制定|採択|発効|発足|認定|指定|宣言|開設|就任|完成|第一次|第1次|第1回|第一回|初回|開始|始ま|始め|スタート|導入|締結"
_SINCE_THEN = re.compile(
    rf"(?P<stem>{_STEM})[^。、\d]{{0,8}}(?:から|して|以来)[、]?(?P<word>今年で|来年で|昨年で|ちょうど|丸|まる|満|早くも)?[、]?(?P<n>\d{{1,3}})(?:周)?年(?!間|代|度|前|後|以上|余|目)"
)
_BY_NOW = re.compile(r"(?P<word>来年|昨年|去年|今年|本年)(?:で|に|が|は)[、]?[^。、\d]{0,12}?(?P<n>\d{1,3})(?P<unit>周年|年目)")
_BEGUN = re.compile(rf"(?<!\d)(?P<y>(?:18|19|20)\d\d)年(?:度)?(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?[^。\d]{{0,14}}?(?P<stem>{_STEM})")
_NAMED_THEN = re.compile(rf"(?P<stem>{_STEM})[^。\d]{{0,10}}?(?:は|が)、?(?P<y>(?:18|19|20)\d\d)年")
_SAME_DAY = re.compile(r"(?P<y>20\d\d)年(?P<d>\d{1,2}月\d{1,2}日)(?:で|に|は)[、]?(?:ちょうど|丸|まる|満)?(?P<n>\d{1,3})(?:周)?年")


def _spans_of_years(passage: Passage, form: str, year: int) -> Iterator[Hit]:
    """登録から11年 beside 登録されたのは、2002年 in 2023; 2025年3月21日で丸10年 beside 2020年3月21日; 来年で20周年 of what began in 2005."""
    begun = {(match["stem"], int(match["y"])) for pattern in (_BEGUN, _NAMED_THEN) for match in pattern.finditer(form)}
    for match in _SINCE_THEN.finditer(form) if begun else ():
        years = {then for stem, then in begun if stem == match["stem"]}
        now = year + {"来年で": 1, "昨年で": -1}.get(match["word"] or "", 0)
        other = re.search(r"20\d\d年[^。]{0,16}$", form[: match.start()])
        if re.search(r"\d{4}年[にの][^。、\d]{0,16}$", form[: match.start()]):
            continue  # told by the rule about lengths
        if len(years) == 1 and abs(now - min(years) - int(match["n"])) > 1 and not (other and int(other[0][:4]) != min(years)):
            yield _off(passage, match, f"{min(years)}年から数えると、{now}年で{now - min(years)}年です。")
    for match in _BY_NOW.finditer(form) if len({then for _, then in begun}) == 1 else ():
        then = next(then for _, then in begun)
        now = year + {"来": 1, "今": 0, "本": 0}.get(match["word"][0], -1)
        real = now - then + (match["unit"] == "年目")
        if match["word"][0] in "来昨去" and real != int(match["n"]):
            yield _off(passage, match, f"{then}年から数えると、{now}年は{real}{match['unit']}です。")
    for match in _SAME_DAY.finditer(form):
        others = [int(other[1]) for other in re.finditer(rf"(\d{{4}})年{match['d']}", form) if int(other[1]) < int(match["y"])]
        if len(others) == 1 and int(match["y"]) - others[0] != int(match["n"]):
            yield _off(passage, match, f"{others[0]}年から{match['y']}年までは{int(match['y']) - others[0]}年です。")
