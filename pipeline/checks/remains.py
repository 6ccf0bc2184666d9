"""Rules about what stands in for text, and about markup that readers would see: passages and the rendered mail in, findings out.

A bullet ○, a table's ○, （仮称） and 仮訳 are no placeholders; what Markdown has made of the draft is judged in the mail itself, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Manuscript, Place, Severity

_NUMERAL = "〇一二三四五六七八九十百千万億年零"
_MARKS = "○〇◯●◎△▲□■×✕＊"
_UNIT = (
    r"(?:％|%|パーセント|ポイント|人(?!々)|名|円|万|億|千|年|か月|カ月|ヶ月|週間|日間|時間|分間|回|件|か所|カ所|箇所|ヶ所|社|校|台|本|倍|割|世帯|団体|自治体|か国|カ国|都市|市町村|市|県|町|区|歳|トン|キロ|メートル"
    r"|kg|km|kW|MW|ha|t(?![A-Za-z])|階|号|部|課|氏|さん|様|席|組|枚|種|点)"
)
_BLANKS = re.compile(
    rf"(?<![A-Za-z0-9])(?:[xXｘＸ]{{2,}}+|[nNｎＮ]{{2}}|[?？]{{2,}}+|[＊]{{2,}}+|[#＃]{{2,}}+)[ 　]?(?=[,，]?(?:[xX0]{{3}})?{_UNIT})"
    rf"|(?<=[約計第])(?:[xXｘＸ○〇◯●△□?？＊*]{{1,4}}|…+|・{{2,}}|[-－―ー]{{2,}}|[ 　]+)(?={_UNIT})"
    r"|(?<![条予契節要規制公確解集盟密誓成倹特違先])約(?=(?:人|名|円|％|%|か所|世帯|トン|か国|自治体)(?:の|が|を|に|と|で|は|、|。|参))"
    r"|(?<=COP)[xXｘＸ○〇●]{2}|(?<![\d.,:：０-９\-－（(])0{2,}(?=(?:人|名|％|%|か所|件|世帯|団体|か国))"
    rf"|(?<![{_MARKS}{_NUMERAL}])(?P<mark>[{_MARKS}])(?P=mark){{1,5}}(?![{_MARKS}{_NUMERAL}])|(?<![A-Za-z0-9_])[_＿]{{2,}}(?=[^\s_＿])"
    rf"|(?<![A-Za-z0-9])[xX]{{3,}}(?![A-Za-z])|[ｘＸ]{{2,}}"
    rf"|(?<![A-Za-z0-9{_NUMERAL}])(?:[○〇◯●△□×ｘＸ＊xX*?？]{{1,4}})(?P<unit>年|月)(?:度)?[ 　]?(?:[○〇◯●△□×ｘＸ＊xX*?？0-9]{{1,2}})[月日]"
    rf"|\d{{1,4}}年[○〇◯●△□×＊xXｘＸ?？]{{1,2}}月|\d{{1,2}}月[○〇◯●△□×＊xX?？]{{1,2}}日"
    rf"|(?<=[^\s　。{_NUMERAL}{_MARKS}・■「])[○〇◯●△□](?=(?:市|県|町|村|区|人|名|円|回|号|％|%|部|課|氏|様|さん|時|分|か国|都市|自治体)(?:[^民営立街内場区]|$))"
)
_WORDS = re.compile(
    r"(?<![A-Za-z])(?:TODO|FIXME|TBD|TBC|XXX+|HOGE|hoge|foo|bar|Lorem ipsum|lorem ipsum|dolor sit amet|PLACEHOLDER|placeholder|asdf"
    r"|test test|N/A|#REF!|#N/A|#VALUE!|#NAME\?|#DIV/0!)(?![A-Za-z])"
    r"|ダミー(?:テキスト|文|画像|写真|原稿|データ|です|$|[）】」。])|[（【※]ダミー|(?:^|(?<=[：:、　 ]))ダミー(?=[　 、。（]|$)|サンプルテキスト|サンプル文|テスト(?:テスト|投稿です|文です|です。)"
    r"|ああああ+|あいうえお|ほげ(?:ほげ)?"
    r"|要確認|要修正|要差し?替え|要追記|要加筆|[（【※〔＜]仮置き|仮置きです|仮置き[）】〕。]|[（【※](?:後で|あとで|後日)?(?:確認中|追記|加筆|差し?替え|記入|挿入|作成中|執筆中|調整要)[^）】]{0,8}[）】]"
    r"|(?:後で|あとで|後ほど)(?:書く|追記する|差し替え|直す|入れる|記入|挿入)"
    r"|ここに.{0,12}(?:を)?(?:入力|記入|挿入|書く|入る|入れる|書いて)|(?:見出し|タイトル|本文|テキスト|文章|写真|画像|リンク|URL|日付|氏名)(?:を|が)(?:入力|挿入|入ります|ここに)|(?:見出し|タイトル"
    r"|本文|題名)(?:が)?入る|[（【]空欄[）】]|[（【]未記入[）】]|[（【](?:写真|図|画像|表|リンク|URL)[）】]"
)
_EMPTY = re.compile(r"【[ 　]*】|「[ 　]*」|『[ 　]*』|＜[ 　]*＞|（[ 　]*）(?![^。]*(?:選|記入|空欄))|\(\)")
_VALUE = re.compile(r"(?<![A-Za-z0-9_.])(?:None|nan|NaN|null|NULL|undefined|NoneType|Infinity)(?![A-Za-z0-9_])")
_NAMED = re.compile(r"[^「」『』]{0,8}[」』](?:のような|などの|といった|という形|の形|のように)")  # a form that is spoken of
_LATIN_NEXT = re.compile(r"[A-Za-z]")

_TAGS = (
    "br|p|b|i|u|s|a|div|span|strong|em|font|img|table|tbody|thead|tr|td|th|ul|ol|li|h[1-6]|hr|center|sup|sub|small|big|style|script|iframe"
    "|input|button|code|pre|blockquote|html|body|head|meta|link"
)
_MARKUP = re.compile(
    rf"(?P<太字の印>\*\*|＊＊(?!＊))|(?P<見出しの印>(?<![#\w])#{{2,6}}(?=[ 　]?\S)|＃{{2,}})"
    rf"|(?P<リンクの書きかけ>!?\[[^\]\n]{{0,80}}\][ 　]?[(（](?=https?:|www|/|#|[a-z]+\.)[^)）\n]*[)）]?|\]\(|!\["
    rf"|\[[^\[\]\n]{{1,60}}(?:\((?=https?:)|\]\[[^\]\n]*\]))"
    rf"|(?P<HTMLのタグ></?(?:{_TAGS})(?=[\s/>])[^<>\n]{{0,200}}>|＜/?(?:br|p|b|a|strong|div|span)[ ]?/?＞)|(?P<HTMLの文字参照>&(?:amp|nbsp|lt"
    rf"|gt|quot|apos|copy|reg|hellip|ensp|emsp|middot|#\d{{2,6}}|#x[0-9a-fA-F]{{2,6}});|&(?:nbsp|amp|lt|gt|quot)(?![a-zA-Z=]))"
    r"|(?P<差し込みの印>\{\{|\}\}|\{%|%\}|\{#|<%|%>|\$\{\w*\}?|\{[a-z_][a-z_0-9]*\}|\{[0-9]\}|(?<![0-9A-Za-z%])%[sd](?![A-Za-z])"
    r"|%\(\w+\)s|\*\|[A-Z_:]+\|\*|%%\w+%%)"
    r"|(?P<改行などの印>\\[nrt](?![a-zA-Z])|\\\\|`{1,3}[^`\n]*`{0,3}|~~[^~\n]+~~|<!--|-->)|(?P<表の罫線>\|[ ]?:?-{3,}|(?<=\S)[ ]?\|[ ][^"
    r"|\n]+[ ]\|)|(?P<斜体の印>(?<![*＊\w])\*[^\s*＊][^*\n]{0,40}[^\s*＊]\*(?![*＊])|(?<![_\w])__[^_\n]+__(?!\w))"
)
_INVISIBLE = re.compile(r"<!--.*?-->|<(style|script|title)\b.*?</\1>", re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|div|td|th|tr|h\d|li|ul|ol|table|br|hr|blockquote|body|pre|dd|dt)\b[^>]*>")
_ANY = re.compile(r"<[^<>]*>")


def placeholders(sheet: Sheet) -> Iterator[Hit]:
    """○○, 〇月〇日, TBD, ダミー, 要確認, 【】, None."""
    for passage in sheet.holding(_BLANKS, _WORDS, _EMPTY, _VALUE):
        if passage.key == "as_of":
            continue  # the hour that a skeleton leaves open has a rule of its own
        spans: list[tuple[int, int]] = []
        for pattern in (_BLANKS, _WORDS, _EMPTY):
            spans += [match.span() for match in pattern.finditer(passage.text) if _stands_for(passage, match)]
        spans += [match.span() for match in _VALUE.finditer(passage.text) if _is_value(passage.text, match)]
        end = -1
        for start, stop in sorted(spans):
            if start >= end:
                end = stop
                around = passage.raw[max(start - 4, 0) : stop + 4].strip(" 　|")
                message = f"「{around}」に、後で埋めるはずの「{passage.raw[start:stop]}」が残っています。"
                yield passage.hit((start, stop), message, "正しい内容に書き換えるか、消してください。")


def tells(passage: Passage, span: tuple[int, int]) -> bool:
    """Whether ``placeholders`` speaks of this stretch: then another rule need not say it again."""
    found = (match.span() for pattern in (_BLANKS, _WORDS, _EMPTY) for match in pattern.finditer(passage.text))
    return any(start < span[1] and span[0] < end for start, end in found)


def _stands_for(passage: Passage, match: re.Match[str]) -> bool:
    """Whether it stands for words: not an ornament, nor a ○ in a table's cell, nor an example of a form."""
    found = match[0]
    before, behind = passage.text[: match.start()], passage.text[match.end() :]
    if found[0] in _MARKS and not before.strip("| 　") and (not behind.strip("| 　") or behind[:1] in " 　"):
        return False
    if passage.kind == "row" and found.strip("|") and found[0] in _MARKS:
        cell = before.rpartition("|")[2] + found + behind.partition("|")[0]
        return bool(cell.strip(" 　").strip(_MARKS))
    return not _NAMED.match(behind)


def _is_value(text: str, match: re.Match[str]) -> bool:
    """A program's word for nothing: alone or beside Japanese, never in an English phrase."""
    before, behind = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    return not _LATIN_NEXT.match(before[-1:]) and not _LATIN_NEXT.match(behind[:1])


def markup(sheet: Sheet) -> Iterator[Hit]:
    """** or ## or &amp; or {{ }} that readers of the mail would see."""
    told: set[tuple[str, str]] = set()
    for text in (sheet.email.subject, sheet.email.lead_line, _visible(sheet.email.html)):
        for match in _MARKUP.finditer(text):
            place = _place(sheet, text, match)
            key = (str(match.lastgroup), f"{place.path}:{place.line}")
            if key not in told:
                told.add(key)
                around = text[max(match.start() - 6, 0) : match.end() + 6].replace("\n", " ").strip()
                message = f"{match.lastgroup}「{match[0][:20]}」が、読者にそのまま見えます（{around}）。"
                yield Hit(
                    message=message, hint="印を消すか、書き方を直してください（太字は **語** のように、語に付けて書きます）。", place=place
                )


def _visible(html: str) -> str:
    return unescape(_ANY.sub("", _BLOCK.sub("\n", _INVISIBLE.sub("", html))))


def _place(sheet: Sheet, text: str, match: re.Match[str]) -> Place:
    """Where the draft has it: looked for with what stands around it, then alone."""
    manuscripts = [
        manuscript for manuscript in (sheet.issue.manuscript, *(article.manuscript for article in sheet.issue.articles)) if manuscript
    ]
    sign = match[0]
    behind = re.match(r"[^\s]{0,6}", text[match.end() : match.end() + 6])
    before = re.search(r"[^\s]{0,6}$", text[max(match.start() - 6, 0) : match.start()])
    around = ((before[0] if before else "") + sign + (behind[0] if behind else ""), sign + (behind[0] if behind else ""), sign)
    for wanted in (*around, escape(sign, quote=False)):
        for manuscript in manuscripts:
            at = manuscript.text.find(wanted)
            if at >= 0:
                return _at(manuscript, at + max(wanted.find(sign), 0))
    return sheet.issue.place


def _at(manuscript: Manuscript, offset: int) -> Place:
    line_start = manuscript.text.rfind("\n", 0, offset) + 1
    return Place(path=manuscript.path, line=manuscript.text.count("\n", 0, offset) + 1, column=offset - line_start + 1)


RULES = (
    Rule(
        code="CHAR018",
        title="埋め忘れ",
        severity=Severity.WARNING,
        reason="仮に置いた記号や言葉は、そのまま読者に届きます。",
        source="点検一覧37",
        bad="講師は○○市の担当者です。締切は〇月〇日です。",
        good="○定員は40人です。（仮称）食と循環の会議、仮訳、除去土壌の仮置き場についてです。",
        find=placeholders,
    ),
    Rule(
        code="CHAR019",
        title="書式の印の残り",
        severity=Severity.WARNING,
        reason="原稿の書式の印がそのまま見えると、壊れたメールに見えます。",
        source="点検一覧37",
        bad="参加は** 無料**です。",
        good="参加は**無料**です。[要項](https://www.example.jp/)をご覧ください。#COP29",
        find=markup,
    ),
)
