"""Words that place a sentence in time, held against its predicate: 来年度は…重ねました, 昨年も…お伝えしてまいります, 次号でお伝えしました.

Passages in, hits out, for the rule about tense. Such a word counts where it stands alone in its clause (来年は, 先月、); a word that belongs
to a noun (昨年の成果) says nothing about the verb, unless that noun is an occasion (来年の会合では…). The first predicate decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.checks.dated import full, texts
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.dates.form import folded
from pipeline.model import Severity

_PAST = (
    "一昨年度|昨年度|前年度|一昨年|おととし|昨年|去年|先々月|先月|前月|先々週|先週|一昨日|おととい|昨日|昨晩|昨夜|今朝|昨秋|昨春|昨夏|昨冬|昨年末|"
    "先日|先ごろ|先頃|過日|前回|前々回|前の号|先月号|前月号|前号"
)
_NEXT = (
    "再来年度|来年度|次年度|翌年度|再来年|来年|明年|再来月|来月号|来月|再来週|来週|明後日|あさって|明日|来秋|来春|来夏|来冬|明春|"
    "次号|次の号|次回号|次回|今後|これから|間もなく|まもなく|近日中|近々|近いうち"
)
_SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 14)}
_QUICK = re.compile(
    "昨|去年|おととい|おととし|先[々月週日ご頃]|前[年月の回号々]|過日|今[朝春夏秋冬後]|来|次|明|再|あさって|これから|もなく|近[日々い]|年[度末頭始明]|[春夏秋冬]に|20"
)
_WORD = re.compile(
    rf"(?<![一-龥の])(?:(?P<past>{_PAST})|(?P<next>{_NEXT})|(?P<season>今春|今夏|今秋|今冬|(?<!な)(?:春|夏|秋|冬)(?=に))"
    r"|(?P<year>20\d\d)年(?P<fiscal>度)?|(?P<turn>年明け|年内|年末|年始))"
    r"(?P<part>(?<=年)(?:の?[春夏秋冬]|末|初め|前半|後半)|(?<=年度)(?:末|初め|当初|前半|後半)|(?<=月)(?:[上中下]旬|末|初め|半ば)|(?<=月)\d{1,2}日)?"
    r"(?:[(][^()]{1,14}[)])?(?P<how>は|も|には|にも|で(?=お伝え|お知らせ|ご?紹介|お届け|取り上げ)|では|に|早々に?、?|)(?P<comma>、|)"
)
_LOOSE = ("今後", "これから", "間もなく", "まもなく", "近日中", "近々", "近いうち", "年内", "年末", "年始", "前回", "前々回", "次回")
_NOT_ALONE = re.compile(
    "の|と(?!くに|りわけ)|や|から|まで|より|か(?:ら|つ|$)|[・/~～\\-（(）)「『」』]|比|並|以[降前来]|来|分|版|中|対|同|続|引き続|準じ|倣|ならい|加え|代わ|控え|備え|向け|"
    "当たる|あたる|生まれ|時点|現在|予算|当初|末|初頭|号|度|実施分|開始分|開催(?:の|予定|分)|を|が|へ|まで|際し|先立|限|、?\\d{1,2}[月日]"
)
_STEP = re.compile(
    r"(?P<done>(?:まし|でし)た(?!ら)|(?:[しれっいけせえべめきりちみじ]た|[んい]だ)(?=[一-龥ァ-ヴー「『A-Z。、(\d]|$|こと|ところ|もの|ばかり|の[はがをで])"
    r"|(?:開催|実施|発足|就任|策定|公表|発表|採択|設置|制定)(?:済み|後)?の)"
    r"|(?P<will>(?:開く|行う|開催する|実施する|始める)こと(?:と(?:され|し|なり)|に(?:なり|し))ま|てまいります|[てで]いきます|ます(?!が[、。]?$)|ましょう|[うくすつぶむるぐぬの]?予定(?:です|している|しています|である"
    r"|。|$|で、)|[うくすつぶむるぐぬの]?(?:見込み|見通し)(?:です|。|$|で、))"
    r"|(?P<link>(?:[てで]|[んい]で|[しきみりれいちえけせめべげぎびじね])、)"
    r"|(?P<open>[てで](?:い|お|き|か|も|は)|ない|ず(?=[、にと])|れば|たら|たい|よう|べき|ながら|つつ|(?:でき|ござい|あり|おり|なり|い)ます"
    r"|[うくすつぶむるぐぬ](?=[一-龥ァ-ヴー「『、。A-Z]|と|た(?:め|び)|の|よう|こと|も|場|には|予定|$))"
)
_OTHER = re.compile(
    rf"今年|本年|ことし|今月|今週|今回|今号|今度|このたび|この度|本日|今日|{_PAST}|{_NEXT}|今[春夏秋冬]|翌|当時|例年|毎[年月週]|ぶり|\d年(?!版|度版|間|後|目)|\d月|\d日(?!間)|かつて"
)
_STATE = re.compile(
    "でき|含|関係|言え|知られ|つなが|わた|基づ|分か|わか|見られ|感じ|思い|存じ|願|祈|数え|当た[りる]|あたり|によ[りる]|より|比べ|ご覧|ください|申し上げ|い?たします$"
)
_DECIDED = re.compile(
    "予定|計画|見込|見通し|内定|延期|変更|繰り|ととし|こととし|定員|向け|控え|備え|先立|迫|に合わせ|にあわせ|申し込|申込|予約|申請|招待|案内|告知|知らせし|約束|合意|調整|準備|提案|"
    "求め|想定|目指|めざ|試算|予測|任期|満了|掲げ|宣言|表明|招致|限|決め|決ま|決定し|内示|選ば|選出|指名|ことに|ことと|ように|企画|受け?付け?[がをも]|募集|発売|"
    "公募|始めま|作成|検討|着手|取りかか|呼びかけ|働きかけ|用意|依頼|開催[がを]|実施[がを]|での|への|見送|改め|設け|任命|就任が|なりました|となった|入りま|見据え|盛り込|打ち出"
)
_HELD = re.compile(
    "開催|開かれ|開きま|開いた|行い|行われ|行った|実施|開幕|閉幕|始まりま|始ま[っり]|終わりま|終了しま|完成しま|発表|公表|掲載|参加し|就任し|施行され|達成しま|オープンしま|開業しま|展示しま|公開しま|発行しま|募集しま|配信しま|植えま|載りま"
    "|お届けしま|お伝えしま"
)


_PLAIN = re.compile(
    r"(?:開く|行う|(?:開催|実施|予定)する|され?る|開かれる|行われる|始まる|始める|迎える|当たる|あたる|控える|なる|ある|いる)$|(?:する|こと|ため|よう)$"
)


def framed(sheet: Sheet) -> Iterator[Hit]:
    """Every sentence whose time word and predicate contradict each other."""
    today = sheet.issue.date
    for passage in texts(sheet):
        form = folded(passage.unquoted)
        if (passage.article and passage.article.origin) or passage.kind == "row" or not _QUICK.search(form):
            continue
        for match in _WORD.finditer(form):
            way = _way(match, today)
            if way and (said := _against(form, match, way)):
                yield _hit(passage, match, way, said, today)
                break


def _way(match: re.Match[str], today: date) -> int:
    """-1 for a word that means what is over, 1 for what is to come, 0 if it cannot be told."""
    if match["past"] or match["next"]:
        return -1 if match["past"] else 1
    if match["turn"]:
        return {"年明け": 1 if today.month >= 10 else -1 if today.month in (1, 2, 3) else 0}.get(match["turn"], 0)
    if match["year"]:
        now = today.year - (today.month < 4) if match["fiscal"] else today.year
        ahead = int(match["year"]) - now
        return (ahead > 0) - (ahead < 0) if abs(ahead) <= 3 else 0
    first, last = _SEASONS[match["season"][-1]]
    if match["season"].startswith("今"):
        return (first > today.month) - (today.month > last)
    since, until = today.month - last, first - today.month
    return -2 if 1 <= since <= 3 else 2 if 1 <= until <= 3 else 0  # 春に in June, and in January: only one of the tenses is possible


def _against(form: str, match: re.Match[str], way: int) -> str:
    """The words that contradict; "" if none do."""
    whole = re.split("[。\n]", form[match.end() : match.end() + 160])[0]
    before = re.split("[。\n]", form[: match.start()])[-1]
    bound = re.search(r"その$|[がも](?:既|すで)|(?:は|が|も)\d{4}年", before) or (match["year"] and re.search(r"\d月|\d日|年", before))
    is_day = (match["part"] or "").endswith("日") and not whole.startswith("の")  # whose tense another rule looks at
    if bound or is_day or len(whole) == 160:
        return ""
    rest = _LINKS.sub(_dots, whole)
    if rest.startswith("の"):
        return _occasion(rest, way)
    bare = not match["how"] and not match["comma"]
    if _NOT_ALONE.match(rest) or (bare and (match["year"] or match["turn"] or re.match("[一-龥ァ-ヴー]{2,8}の", rest))):
        return ""
    return _decided(match, rest, way)


def _decided(match: re.Match[str], rest: str, way: int) -> str:
    """The words up to the predicate that contradicts the word; links lead on, another time or a clause of its own ends the search."""
    loose = re.sub("[にはも、]+$", "", match[0]) in _LOOSE or bool(match["year"]) or abs(way) == 2
    topic = match["how"] in ("は", "も")
    for count, step in enumerate(_STEP.finditer(rest)):
        said = rest[: step.end()]
        leads_on = step["open"] and topic and not _PLAIN.search(said) and re.search("[うくすつぶむるぐぬ]$", said)
        leads_on = leads_on or (step["link"] and way > 0 and not re.search("(?:なり|当たり|あたり|迎え|控え|向け|備え)、$", said))
        if _OTHER.search(said) or count > 5 or not (leads_on or step["done"] or step["will"]):
            return ""
        if step["done"]:
            return said if way > 0 and _done(match, rest, step, loose=loose, first=count == 0) else ""
        if step["will"]:
            return said if way < 0 and not _STATE.search(said[: step.start()]) and (not loose or _HELD.search(said)) else ""
    return ""


_LINKS = re.compile(
    "に関する|に対する|による|における|にわたる|をめぐる|に向けた|に基づく|と[はい]った|といった|をはじめとする|にかかわる|に関わる"
)


def _dots(match: re.Match[str]) -> str:
    return "の" * len(match[0])


def ends_done(rest: str) -> str:
    """The sentence, if it ends by telling what has been held or done; "" if it names another time or speaks of a plan."""
    said = re.split("[。\n]", rest)[0]
    polite = re.search(r"(?:ました|でした)$", said)
    return said if polite and len(said) <= 120 and _HELD.search(said[-16:]) and not (_OTHER.search(said) or _DECIDED.search(said)) else ""


def _done(match: re.Match[str], rest: str, step: re.Match[str], *, loose: bool, first: bool) -> bool:
    said = rest[: step.end()].replace("閣議決定しま", "公表しま")
    polite = step[0].endswith("ました") or step[0] == "でした"
    if (loose or not first) and not polite:
        return False
    if not polite and match["how"] and match["how"] not in ("に", "は"):
        return False
    if _DECIDED.search(said) or rest[step.end() :].startswith(("が、", "ら", "場合", "方", "後")):
        return False
    return not loose or bool(_HELD.search(said))


_AT = re.compile(
    r"の[^。、「」]{1,24}?(?:では|でも|において|に(?=は)|には|で(?=お伝え|ご?紹介|お知らせ|お届け|ご?報告|取り上げ))[、]?(?P<rest>[^。]{0,60})"
)
_ORDINAL = re.compile(
    r"の?(?:最初|最後|第?[0-9一二三四五六七八九十]{1,2}(?:回目|度目|回))(?:の[^。]{1,40}?|とな[るり][^。]{0,30}?)?(?:を|は|が)[、]?(?P<rest>[^。]{0,60})"
)
_MET = re.compile(
    r"(?:参加|出席|登壇|開催|採択|議論|視察|披露|講演)(?:し|され|さ)?(?P<how>ました|ます|する予定)|(?:開き|開かれ|行い|行われ|話し合い|語り合い)(?P<how2>ました|ます)"
    r"|(?:お伝え|ご?紹介|お知らせ|お届け|ご?報告|取り上げ)(?:いた)?し?(?P<how3>ました|ます|た(?=とおり|通り|よう|、|が))"
)


def _occasion(rest: str, way: int) -> str:
    """来年の会合には、4自治体が参加しました; 昨年度最後のカフェを開きます."""
    ordinal = _ORDINAL.match(rest)
    match = ordinal or _AT.match(rest)
    met = _MET.search(match["rest"]) if match else None
    if not match or not met or abs(way) == 2:
        return ""
    inner = match["rest"][: met.start()]
    done = (met["how"] or met["how2"] or met["how3"]).endswith("た")
    if done != (way > 0) or _OTHER.search(inner) or (done and _DECIDED.search(inner)) or re.search("した|れた|った|する|れる", inner):
        return ""
    return rest[: match.start("rest") + met.end()]


def _hit(passage: Passage, match: re.Match[str], way: int, said: str, today: date) -> Hit:
    word = match[0].rstrip("、")
    tail = said[-14:]
    what = "済んだこと" if way > 0 else "先のこと"
    when = "これからのこと" if way == 1 else "過ぎたこと" if way == -1 else f"発行日（{full(today)}）から遠い時期"
    message = f"「{word}」は{when}ですが、「{tail}」と{what}として書かれています。"
    hint = "配信する日から見て、済んだことか、これからのことかを確かめてください。"
    return passage.hit((match.start(), match.start() + len(word)), message, hint, severity=Severity.WARNING)
