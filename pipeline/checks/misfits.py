"""Set phrases of time that contradict themselves or the year: 昨日まで募集しています, まもなく開幕した, COP30が開かれました before it opens, 2023年末までの目標.

Text in, hits out, for the rule about tense.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.checks.conferences import find_conferences, sittings
from pipeline.checks.dated import dates_in, full, texts
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.dates import read_years
from pipeline.dates.form import folded
from pipeline.model import Severity

_BACK = "一昨年度?|昨年度?|去年|先月|先週|昨日|一昨日|おととい"
_AHEAD = "来年度?|再来年度?|来月|再来月|来週|再来週|明日|明後日"
_MISFITS = re.compile(
    rf"(?<![一-龥])(?:(?:{_BACK})(?:中|末|いっぱい|の?[月火水木金土日]曜日?|\d{{1,2}}時)*(?:まで|中)に[、]?[^。、]{{0,14}}?(?:ください|予定です|見込みです|締め切ります)"
    rf"|(?:{_BACK})から[、]?[^。、]{{0,16}}?(?:始めます|始まります|(?:始める|始まる)予定|開始(?:し|され)ます|開始する予定|(?:実施|募集|配信)する予定)"
    rf"|(?:{_AHEAD})から[、]?[^。、]{{0,16}}?(?:始めました|始まりました|始めた(?=[一-龥])|始まった(?=[一-龥])|開始(?:し|され)ました)"
    rf"|(?:{_AHEAD})まで[、]?[^。、]{{0,12}}?(?:していました|されていました|開いていました|しました|でした)"
    rf"|(?:{_BACK})まで[、]?[^。、]{{0,12}}?(?:募集|受け付け|展示|開催|公開|実施)(?:し|され)?てい?ます"
    rf"|(?:{_BACK})に?(?:開催|実施|公表|公開|発行|掲載)(?:(?:される|する)?予定の|される(?=[一-龥])|する(?=[一-龥]))"
    r"|(?:先日|先ごろ|先頃|このほど)、?(?:開催|実施|公表|公開|発表|閣議決定)(?:(?:される|する)(?=[一-龥])|予定の|(?:され|し)ます)"
    r"|(?:先日|先ごろ|先頃|このほど)、?(?:開かれる|行われる|開く|行う)(?=[一-龥])"
    r"|(?<!その後)(?<!て)(?<!後、)(?:間もなく|まもなく|近日中に|近く|いよいよ|今後)、?(?:開催|開幕|実施|公表|公開|発表)(?:された|した)(?=[一-龥A-Z])"
    r"|(?:すでに|既に)、?[^。、]{0,12}?(?:締め切ります|開催する予定|開催される予定|開催します|終了します|始まる予定)"
    r"|これまで(?:に)?、?(?:計|延べ|のべ)?\d{1,3}回[^。、]{0,10}?(?:開催します|開きます|行います|実施します)"
    r"|これまで(?:に)?も、?[^。]{0,20}?てまいります|これからも、?[^。]{0,20}?てまいりました"
    r"|(?:次|次回|今後|今度)は、?(?:昨年|去年|先月|先週|昨日|一昨年)|(?<![一-龥])前回は、?(?:来年|来月|来週|明日|再来年)"
    r"|(?<![一-龥])(?:昨年|去年|先月|先週)度?(?:も|は)、?[^。]{0,12}よろしくお願い"
    r"|これまで(?:の)?\d{1,2}(?:年|か月|日)間、[^。]{0,24}(?:率い|務め|担い|担当し|取り組み|進め|続け|開催し|実施し|開き|行い)ます(?=。)|これから(?:の)?\d{1,2}(?:年|か月|日)間、[^。]{0,24}ました(?=。)"
    r"|(?:開催中|開催されている|実施中)の[^。、]{1,14}[はがを]、?[^。]{0,20}?(?:終わりました|閉幕しました|終了しました))"
)
_QUICK = re.compile(
    "昨|去年|先[月週日ごほ頃]|おととい|来[年月週]|明日|明後日|このほど|もなく|近[日く]|[次前]回?は|今後は|今度は|いよいよ|今後|すでに|既に|これま|これから|[催施]中|されている"
)
_HELD = re.compile(
    r"^[）)」』]*(?:は|が)、?(?P<gap>[^。]{0,44}?)(?:(?:開催|閉会|開会)(?:さ|し)?れ?(?P<a>ました|ます|る予定)|(?:開か|行わ)れ?(?P<b>ました|ます|る予定)"
    r"|(?:開幕|閉幕|終了)し(?P<c>ました|ます)|始まり(?P<d>ました|ます))"
)
_GOAL = re.compile(
    r"^末?(?:まで(?:に|の)|を(?:期限|目標年)と)[^。]{0,36}?(?:目標(?:と|に)(?:して|し|掲げて)|目指して|めざして|予定して|計画して|予定です|見込みです|目標です|する\ue000{2,}に向け)(?:い|お)?(?:ます|る)?"
)
_SEAT = re.compile(r"(?P<word>一昨年|昨年|今年|本年|来年|再来年)の(?:舞台|開催地|会場|開催国|開催都市)は、?(?P<where>[^。]{2,24})")
_YEARS = {"一昨年": -2, "昨年": -1, "今年": 0, "本年": 0, "来年": 1, "再来年": 2}
_TO_BE = r"[^。]*(?:ます|予定です|見込みです|見通しです|ください|ましょう)(?:。|$)"  # what a sentence ends with that speaks of later
_ENDED = (
    "(?:終え(?!る|ても|たら|れば|次第|てから|た(?:ら|後|場合|方))"
    "|過ぎ(?!る|ても|たら|れば|てから|て(?:届|到着|提出|応募)|た(?:ら|後|場合|方|とき|もの|申)))"
)
_OVER = re.compile(
    rf"^[)）]*(?:(?:を|も){_ENDED}|(?:の[^。、\d]{{0,10}})?(?:を|も)(?:{_ENDED}|経て)(?!{_TO_BE}))"
    r"|^[)）]*(?:が|も)(?:終わり(?:まし|、)|過ぎ(?:まし(?!たら)|、))"
)
_NEAR = re.compile(r"^[)）]*(?:の[^。、\d]{0,12})?(?:が|も)(?:近づ(?:いて|き)|迫って|間近)")
_HINT = "配信する日から見て、済んだことか、これからのことかを確かめてください。"


def misfitted(sheet: Sheet) -> Iterator[Hit]:
    """Every such phrase of the issue."""
    for passage in texts(sheet):
        if passage.article and passage.article.origin:
            continue
        form = folded(passage.unquoted)
        for match in _MISFITS.finditer(form) if _QUICK.search(form) else ():
            said = passage.text[match.start() : match.end()]
            yield passage.hit(match.span(), f"「{said}」は、言葉どうしの時が合っていません。", _HINT, severity=Severity.WARNING)
        yield from _conferences(sheet, passage, form)
        yield from _goals(sheet, passage, form)
        yield from _passed(sheet, passage, form)


def _conferences(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """COP30が開かれました before it opens, COP29が開かれます when it is over; 今年の舞台は、ベレン of next year's."""
    today = sheet.issue.date
    for cop in find_conferences(passage.text):
        known = [s for s in sittings() if s.number == cop.number and s.first and cop.treaty in ("", s.treaty)]
        held = _HELD.match(form[cop.end :])
        if (
            not held
            or not known
            or (not cop.treaty and cop.number < 21)
            or re.search(r"再開|準備|昨年の|した|れた|する|れる|まで", held["gap"])
        ):
            continue
        done = "ました" in (held["a"], held["b"], held["c"], held["d"])
        ahead = all(date.fromisoformat(s.first) > today for s in known)
        over = all(date.fromisoformat(s.last or s.first) < today for s in known)
        if (done and ahead) or (not done and over):
            when = full(date.fromisoformat(known[0].first))
            span = (cop.start, cop.end + held.end())
            message = f"「{passage.text[span[0] : span[1]][-20:]}」：{cop.text}の開幕は{when}です（発行日は{full(today)}）。"
            yield passage.hit(span, message, _HINT, severity=Severity.WARNING)
    for match in _SEAT.finditer(form):
        year = today.year + _YEARS[match["word"]]
        years = {s.year for s in sittings() if s.city and s.city in match["where"] and abs(s.year - today.year) <= 2}
        if years and year not in years:
            told = "・".join(f"{one}年" for one in sorted(years))
            message = f"「{passage.text[match.start() : match.end()]}」：そこで開かれるのは{told}です。"
            yield passage.hit(match.span(), message, "いつの会議のことかを確かめてください。", severity=Severity.WARNING)


def _goals(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """2023年末までの合意を目標としています in 2024."""
    today = sheet.issue.date
    for year in read_years(form) if "まで" in form and "年" in form else ():
        goal = _GOAL.match(form[year.end :])
        last = date(year.value + 1, 3, 31) if year.unit.startswith("年度") else date(year.value, 12, 31)
        if goal and last < today and not re.search("した|いた|当初|かつて", goal[0]):
            span = (year.start, year.end + goal.end())
            message = f"「{passage.text[span[0] : span[1]]}」：{year.value}{year.unit}はもう過ぎています（発行日は{full(today)}）。"
            yield passage.hit(span, message, "年を確かめてください。", severity=Severity.WARNING)


def _passed(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """9月1日を終え on 29 August; 6月18日が近づいてきました on 28 June."""
    if not re.search("終え|過ぎ|経て|終わり|近づ|迫って|間近", form):
        return
    today = sheet.issue.date
    for written in dates_in(sheet, passage):
        behind = form[written.end :]
        over, near = _OVER.match(behind), _NEAR.match(behind)
        wrong = (over and all(day > today for day in written.candidates)) or (near and all(day < today for day in written.candidates))
        if wrong and written.candidates and written.is_certain and not written.wrong_weekday:
            span = (written.start, written.end + (over or near).end())  # type: ignore[union-attr]
            day = written.candidates[0]
            message = f"「{passage.text[span[0] : span[1]]}」：{full(day)}は発行日（{full(today)}）より{'後' if over else '前'}です。"
            yield passage.hit(span, message, _HINT, severity=Severity.WARNING)
