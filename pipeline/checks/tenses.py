"""Tenses that the time of a sentence contradicts: months that are over beside 予定です, reports of what is to come, invitations told as the past.

Text in, hits out, for the rule about tense. The first predicate behind a time decides; decisions about a later day (…に決まりました) are no slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.checks.dated import full
from pipeline.checks.facts import own
from pipeline.checks.frames import ends_done
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.dates.form import GAP, folded, number
from pipeline.model import Article, Severity

_PREDICATE = re.compile(
    r"(?P<future>ます(?!が[、。]?$)|予定(?:です|しています|。|$|で、)|見込みです|見通しです|(?:する|される|かれる|われる|開く|行う|始まる|始める|迎える)(?=[一-龥ァ-ヴー「『A-Z]|こと|。|$))"
    r"|(?P<done>(?:まし|でし)た|(?:[しれっいけせえべめきりちみじ]た|[んい]だ)(?=[一-龥ァ-ヴー「『A-Z。（(]|$|こと|ところ))"
    r"|(?P<open>(?:て|[んい]で|[しきみりれいちえけせめべげぎ])、|[てで](?:い|お|き|か|も|は)|ない|ず|れば|たら|たい|よう|べき|ながら|つつ|[うくすつぶむる](?=[一-龥ァ-ヴー「『、。]|と|た|ため|の|よう))"
)
_DECIDED = (
    "向け|控え|備え|迫|合わせ|先立|間に合|決|延期|変更|設定|定め|予定|計画|見込|内定|選|指定|繰|なりました|なった|とし|発表|公表|招致|調整|合意|約束|"
    "案内|告知|知らせ|申し込|申込|予約|申請|招待|限|締切|締め切|掲げ|目指|宣言|表明|提案|求め|想定|確保|開催の|開催が|準備|任期|満了|目標|予測|試算"
)
_STATE = (
    "な[りっ]|当た|あた|あり|い$|い?ており|思|考え|申し上げ|でき|含|関係|言|残|知|ござい|まいり|つなが|わた|及び|基づ|分か|わか|示|見られ|感じ|願|祈|"
    "紹介|報告|伝え|届け|載|振り返|述べ|によ|毎年|例年|数え|過ぎ|経ち|たち|続|目標|まとめ"
)


_TELLS = re.compile("(?:を|は|で|に|、|が)(?:発表|公表|お知らせ|ご?案内)(?:し|され|いたし)(?:まし)?た$")
_NOMINAL = re.compile("開催|での|への|派遣|実施|開幕|就任|導入|予定|計画|延期|変更|決|設置|開設|開始|向け|控え|備え|迫")


_ACTS = re.compile("(?:す|開|行|始ま|始め|迎え|控え|な|あ|い|出|来|入|移|終わ|終え|閉じ|され|かれ|われ|向か|訪れ|立|発|渡)$")


def _describes(rest: str, match: re.Match[str]) -> bool:
    """Whether a verb only describes the noun behind it (測る指標); what begins, is held or comes may be what the day is of."""
    verb = rest[: match.end()]
    return bool(
        match["open"] and verb[-1] in "うくつぶむるぐぬ" and re.match("[一-龥ァ-ヴ]", rest[match.end() :]) and not _ACTS.search(verb[:-1])
    )


def tense_of(rest: str) -> tuple[str, str]:
    """Whether the first predicate in a clause is "done" or "future", and the words up to its end; both empty if it cannot be told."""
    match = next((one for one in _PREDICATE.finditer(rest[:80]) if not _describes(rest, one)), None)
    if not match or match["open"] or "。" in rest[: match.start()]:
        return "", ""
    said = rest[: match.end()]
    if match["done"] and (own := _TELLS.search(said)) and not _NOMINAL.search(said):
        return "done", said if own else ""
    if match["done"]:
        return ("", "") if re.search(_DECIDED, said) else ("done", said)
    return ("", "") if re.search(_STATE, rest[: match.start()]) else ("future", said)


def any_verb(particle: str, rest: str, first: date, last: date, today: date, *, sure: bool = False) -> str:
    """What is wrong about a day and the polite verb behind it, whatever the verb: 6月18日に…幕を開けました on 31 May."""
    tense, said = tense_of(rest)
    spans = re.search("まで|から|より", particle)
    if (
        re.search("(?<!に)は", particle)
        or "より" in particle
        or (spans and (first == last) != ("から" in particle) and tense == "done")
        or (spans and tense == "future" and ("から" in particle or first == last))
        or not said.endswith(("ました", "ます"))
    ):
        return ""
    if tense == "future" and last < today and (sure or (today - last).days <= 60):
        return f"{full(last)}は発行日（{full(today)}）より前ですが、「{said[-12:]}」と先のこととして書かれています。"
    if tense == "done" and first > today and (sure or (first - today).days <= 120):
        return f"{full(first)}は発行日（{full(today)}）より後ですが、「{said[-12:]}」と済んだこととして書かれています。"
    return ""


_YEARS = {"一昨年": -2, "おととし": -2, "昨年": -1, "去年": -1, "今年": 0, "本年": 0, "来年": 1, "再来年": 2}
_MONTH = re.compile(
    rf"(?:(?P<y>20\d\d)年|令和(?P<era>元|\d{{1,2}})年|(?<![一-龥])(?P<word>{'|'.join(_YEARS)}){GAP}の?{GAP}|(?<![\d.年]))(?P<m>1[0-2]|[1-9])月"
    r"(?P<part>上旬|初旬|初め|はじめ|中旬|半ば|下旬|末)?(?:頃|ごろ)?(?P<how>分の|には|にも|に|の(?:[1１一]か月間)?|からは|から|より|中に|以降に|以降|を(?:めど|目途|目処)に|も|、)?(?![号期分度~・\-]|(?<!から)\d)"
)
_PLANNED = re.compile(
    r"^(?P<gap>[^。、]{0,24}?)(?:(?:する|される|開く|行う|始まる|始める|開かれる|行われる)?(?:予定|見込み|見通し)(?:です|である|(?=[。）)])|$)|(?:を|に)?予定しています)"
)
_TO_DO = re.compile(r"^[^。、\d]{0,24}(?:開|再開|始|施行|公表|発足|導入|スタート|改定|策定|完成|設置|発効|参加|供用)[^。、ぁ-ん]{0,2}へ$")


def months(sheet: Sheet, passage: Passage) -> Iterator[Hit]:
    """2024年1月上旬の予定です in February 2024; 今年12月に中断した in July; 4月に開所へ in the title of a May issue."""
    today = sheet.issue.date
    form = folded(passage.text)
    if "月" not in form:
        return
    for match in _MONTH.finditer(form):
        year = _year(match, today)
        rest = re.split("[。\n]", form[match.end() :])[0]
        rest = f"{rest}。" if "。" in form[match.end() :] else rest
        ago = today.year * 12 + today.month - (year * 12 + int(match["m"])) if year else (today.month - int(match["m"])) % 12
        over = ago > 0 or (
            ago == 0 and bool(match["part"]) and today.day > {"上": 10, "初": 10, "は": 10, "中": 20, "半": 20}.get(match["part"][0], 31)
        )
        tense, said = _tense_behind(match, rest, year)
        what = match[0].rstrip("、")
        message = ""
        if tense and not year and _bare(form, match, sheet, passage, (tense, said, ago)):
            when = "過ぎた月" if tense == "future" else "これからの月"
            message = f"「{what}」は発行日（{full(today)}）から見て{when}ですが、「{said[-12:]}」とあります。"
        elif over and (year or ago <= 3) and _to_come(match, passage, rest, (tense, said, ago), year):
            message = f"「{what}」は発行日（{full(today)}）より前ですが、先のこととして書かれています。"
        elif year and ago < 0 and tense == "done":
            message = f"「{what}」は発行日（{full(today)}）より後ですが、「{said[-12:]}」と済んだこととして書かれています。"
        if message:
            yield passage.hit(match.span(), message, _HINT, severity=Severity.WARNING)


def _tense_behind(match: re.Match[str], rest: str, year: int) -> tuple[str, str]:
    """The tense behind a month; から and 以降 say nothing about what is still going on."""
    how = match["how"] or ""
    through = _THROUGH.match(rest) if how == "から" else None
    if through and (said := ends_done(rest[through.end() :])):
        return "done", said
    if how == "の" and _UP_TO.match(rest):
        return "", ""
    if not how or how == "より" or (how == "の" and not year):
        return "", ""
    tense, said = tense_of(rest)
    return ("", "") if how.startswith(("か", "以")) and (tense == "future") == bool(year) else (tense, said)


_UP_TO = re.compile("[^。、]{1,24}?(?:まで(?!に)|から|以降|以来|より(?!も)|を(?:踏まえ|受け|基に|もとに|題材|振り返|機に|契機))")


def _to_come(match: re.Match[str], passage: Passage, rest: str, told: tuple[str, str, int], year: int) -> bool:
    """Whether what follows speaks of a month as one still to come."""
    tense, said, ago = told
    planned = _PLANNED.match(rest)
    if (planned and not _VERBS.search(planned["gap"])) or (passage.key == "title" and bool(_TO_DO.match(rest))):
        return True
    if year and tense == "future" and said.endswith(("ます", "開かれる", "開催される", "開催する")):
        return True
    return bool(year and match["how"] == "に" and _TO_COME.match(rest) and (match["word"] or ago <= 18))


_THROUGH = re.compile(r"^(?:翌年?)?\d{1,2}月(?:上旬|中旬|下旬|末|初め)?(?:にかけて|まで(?:の[^、。]{1,8}間)?)、?")
_TO_COME = re.compile(
    r"^(?:[^。、]{0,12}(?:で|に|を|が|から))?(?:(?:発行|開催|実施|公表|公開|開始|刊行|完成|開業|施行|策定|改定|発足|導入|開館|着工|就任)(?:する|される)|開く|開かれる|行う|行われる|始まる|始める)"
    r"(?!こと|予定|計画|方針|はず|と|よう|ため|に|ので|など|まで|前|際|とき|時|か|の|、|。|た)[^。]*(?!.*(?:でした|ていました|れていた|かった))"
)


_ELSEWHERE = re.compile(
    r"\d年|昨年|去年|前年|一昨年|来年|翌年|毎年|例年|当時|かつて|年度|\d月|それまで|これまで|過去|今年|[昨来今]春|[昨来今]秋|年末|年始|年明け|予定で"
)


def _bare(form: str, match: re.Match[str], sheet: Sheet, passage: Passage, told: tuple[str, str, int]) -> bool:
    """1月に…開きます in February, 12月に…発表しました in June: a month without a year that only another year could save."""
    tense, said, ago = told
    if tense == "done" and not said.endswith("ました"):
        tense, more = tense_of(form[match.end() + len(said) :].split("。", maxsplit=1)[0] + "。")
        said += more
        if tense != "done":
            return False
    begin = form.rfind("。", 0, match.start()) + 1
    polite = said.endswith(("ました", "ます")) or (tense == "future" and "予定" in said)
    if not polite or _ELSEWHERE.search(form[begin : match.start()]) or _ELSEWHERE.search(said):
        return False
    if tense == "future":
        return 1 <= ago <= 2 and bool(_HAPPENS.search(said[-14:]))
    ahead = 12 - ago if ago else 0
    if _DECIDED_FIRST.search(said):
        return False
    whole = "".join(other.text for other in own(sheet, passage.article)) if 1 <= ahead <= 6 else ""
    return (
        1 <= ahead <= 6
        and bool(_HAPPENS.search(said[-14:]))
        and not re.search(r"昨年|去年|前年|一昨年|年度|(?:19|20)\d\d年|振り返", folded(whole))
    )


_DECIDED_FIRST = re.compile("始めま|用意|作りま|作成|検討|準備|設けま|まとめ|呼びかけま|働きかけ")
_HAPPENS = re.compile(
    "開催|開き|開かれ|開く|行い|行わ|行う|実施|始ま|始め|発表|公表|公開|掲載|参加|訪れ|呼びかけ|募集し|受け付け|展示|承り|切り替え|お届け|配り|配布|植え|就任|開業|開館|終え|終わ|紹介し|発行"
)
_VERBS = re.compile("した|れた|ます|する|れる|いた|った|して|され|ており|予定|当初|延期|変更")
_HINT = "年と月を確かめ、配信する日から見た言い方に直してください。"


def _year(match: re.Match[str], today: date) -> int:
    """The year of a month, 0 if it is not told."""
    if match["word"]:
        return today.year + _YEARS[match["word"]]
    return int(match["y"]) if match["y"] else 2018 + number(match["era"]) if match["era"] else 0


_OTHER_TIME = re.compile(
    r"次回|今後|来年|翌年|来月|来週|引き続|毎年|例年|今年(?!度最)|第[0-9０-９一二三四五六七八九十]+回|春|夏|秋|冬|また|別に|20\d\d年|\d月|\d日(?!間)|これから|近く|予定どおり"
)
_BEFORE_NOW = re.compile(
    r"前回|昨年|去年|一昨年|前年|先月|先週|昨日|先日|これまで|過去|既に|すでに|年度|\d年|\d月|\d日|会見|かつて|以前|このたび|この度|第[0-9０-９一二三四五六七八九十]+回|初日|同日|に続|を受け"
)
_WILL = re.compile(
    r"(?:を|が|に|へ)[^。、]{0,6}?(?P<said>(?:開く|開催する|開催される|開かれる|行う|行われる|実施する|実施される|参加する|出席する|登壇する|出展する)予定です"
    r"|(?:開催|実施)(?:し|され)ます|(?:開き|開かれ|行い|行われ)ます|(?:参加|出席|登壇|出展|訪問|視察)します)(?!が)"
)
_WAS = re.compile(
    r"(?P<said>(?:(?:ご|御)?説明|解説|登壇|講演|実演|開催|実施|生?配信|中継|上映|披露|体験|視察|交流|議論|表彰)(?:し|され|いたし)ました|(?:開き|開かれ|行い|行われ|学び|体験し)ました|相談に応じました|意見交換(?:を行い"
    r"|をし)?ました)"
)


def reports(sheet: Sheet) -> Iterator[Hit]:
    """「カフェを開きます」 in a report, 「御説明しました」 in an invitation: the whole item says whether it is over."""
    for article in sheet.issue.articles:
        if article.origin:
            continue
        start = article.start
        first, last = (start.first, start.last) if start else (None, None)
        is_over = last < sheet.issue.date if last else article.tag == "開催報告"
        to_come = first > sheet.issue.date if first else False
        if article.tag == "意見募集" and article.deadline and article.deadline.last and article.deadline.last > sheet.issue.date:
            yield from _asked(sheet, article, article.deadline.last)
        for passage in own(sheet, article) if is_over or to_come else ():
            if passage.kind == "paragraph" or passage.key == "title":
                yield from _told_wrong(article, passage, to_come=to_come, when=last or first)


_ASKED = re.compile("(?:意見|案|アイデア|提案)を[^。、]{0,8}?(?P<said>(?:募|募集し|受け付け|求め)(?:りました|ました))(?=。|$)")


def _asked(sheet: Sheet, article: Article, until: date) -> Iterator[Hit]:
    """意見を募りました, though one may still send one's own."""
    for passage in own(sheet, article):
        for match in _ASKED.finditer(passage.unquoted) if passage.kind == "paragraph" else ():
            if not _BEFORE_NOW.search(folded(passage.text[passage.text.rfind("。", 0, match.start()) + 1 : match.start()])):
                message = f"締切は{full(until)}ですが、「{match['said']}」と済んだこととして書かれています。"
                yield passage.hit(match.span("said"), message, "「募っています」のように直してください。", severity=Severity.WARNING)


def _told_wrong(article: Article, passage: Passage, *, to_come: bool, when: date | None) -> Iterator[Hit]:
    pattern, others = (_WAS, _BEFORE_NOW) if to_come else (_WILL, _OTHER_TIME)
    for match in pattern.finditer(passage.unquoted):
        begin = passage.text.rfind("。", 0, match.start()) + 1
        ends = re.match(r"[。\n（(]|$", passage.text[match.end() :])
        if others.search(folded(passage.text[begin : match.start()])) or (
            to_come and not (ends and (article.invites or passage.key == "title"))
        ):
            continue
        day = f"{full(when)}の催し" if when else "開催報告"
        message = f"{day}が、「{match['said']}」と{'済んだ' if to_come else '先の'}こととして書かれています。"
        hint = (
            "日時が正しければ、「開きます」のように直してください。"
            if to_come
            else "終わった後に届くことを考えて、「開きました」のように直してください。"
        )
        sure = not to_come and when is not None
        yield passage.hit(match.span("said"), message, hint, severity=None if sure else Severity.WARNING)
