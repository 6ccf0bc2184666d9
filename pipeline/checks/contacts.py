"""Telephone numbers, postal codes, mail addresses and amounts that cannot be right as they are written. Passages in, hits out.

Whether a number is the right one only a telephone call can tell; here it is only counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.checks.gather import gathered
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_PLAIN = str.maketrans("０１２３４５６７８９－‐‑–―−（）：，．＠", "0123456789------():,.@")
_LABELLED = re.compile(
    r"(?:電話(?:番号)?|(?i:TEL)|ＴＥＬ|(?i:FAX)|ＦＡＸ|ファクス|ファックス|ファクシミリ|直通|代表|携帯|フリーダイヤル)[ 　]*(?:[/／・]?(?:FAX"
    r"|ＦＡＸ))?[:：)）]?[ 　]*(?P<number>[(]?\+?\d[\d()\- 　]{3,18}\d)"
)
_HYPHENED = re.compile(
    r"(?<![\d.,/%=_A-Za-z+-])(?P<number>0\d{1,4}-\d{1,5}-\d{2,5}|[(]0\d{1,4}[)] ?\d{1,4}-\d{2,5}"
    r"|0\d{1,4}[(]\d{1,4}[)]\d{2,5})(?![\d/-])"
)
_FREE = ("0120", "0800", "0570", "0990", "0180", "0170")
_MOBILE = ("050", "060", "070", "080", "090", "020")
_POSTAL = re.compile(r"〒[ 　]?(?P<code>\d[\d\- 　]*)")
_EXTENSION = re.compile(r"内線[ 　]?[:：]?[ 　]?\d{2,6}")
_NUMBER = re.compile(r"\d[\d() -]{6,}\d|\d{9,11}")


def numbers(sheet: Sheet) -> Iterator[Hit]:
    """Telephone and FAX numbers with too many or too few digits, postal codes that are none, an extension without its number."""
    yield from gathered(
        hit for passage in sheet.prose if "-" in passage.raw or re.search(r"\d|〒|[０-９]", passage.raw) for hit in _numbers(passage)
    )


def _numbers(passage: Passage) -> Iterator[Hit]:
    form = passage.text.translate(_PLAIN)
    seen: set[int] = set()
    for match in (*_LABELLED.finditer(form), *_HYPHENED.finditer(form)):
        wrong = "" if match.start("number") in seen else wrong_telephone(match["number"])
        seen.add(match.start("number"))
        if wrong:
            hint = "番号を発信元の資料と照らし合わせてください（固定電話は10桁、携帯電話と050は11桁）。"
            yield passage.hit(match.span("number"), f"電話番号「{match['number'].strip()}」は{wrong}。", hint, severity=Severity.ERROR)
    for match in _POSTAL.finditer(form):
        yield from _postal(passage, match)
    extension = _EXTENSION.search(form)
    if extension and not _NUMBER.search(form[: extension.start()] + form[extension.end() :] + _others(passage)):
        hint = "代表か直通の番号も書いてください（内線だけでは、庁外からかけられません）。"
        yield passage.hit(extension.span(), f"「{extension[0]}」だけで、電話番号がありません。", hint)


def _others(passage: Passage) -> str:
    """The body of the item, if the extension stands in it: there the number may be in another line."""
    return "" if passage.kind == "field" or passage.article is None else passage.article.body.translate(_PLAIN)


def wrong_telephone(written: str) -> str:
    """What is wrong with a Japanese telephone number, "" if nothing is; foreign numbers and short ones (110, 188) are not judged."""
    written = written.strip(" 　-")
    digits = re.sub(r"\D", "", written)
    if written.startswith("+") or not digits.startswith("0") or digits.startswith(("00", "010")) or len(digits) < 6:
        return ""
    if re.search(r"\d[ 　]+\d", written) and len(digits) > 11:
        return ""
    if digits.startswith(_FREE):
        wanted = (10, 11) if digits.startswith("0800") else (10,)
    else:
        wanted = (11,) if digits.startswith(_MOBILE) else (10,)
    if len(digits) not in wanted:
        return f"{len(digits)}桁です（正しくは{wanted[-1]}桁）"
    groups = [group for group in re.split(r"\D+", written) if group]
    if len(groups) == 3 and len(groups[-1]) != 4 and not digits.startswith(_FREE):
        return "区切りが違います（最後は4桁）"
    return ""


def _postal(passage: Passage, match: re.Match[str]) -> Iterator[Hit]:
    code = match["code"].strip(" 　-")
    span = (match.start("code"), match.start("code") + len(match["code"].rstrip(" 　-")))
    digits = re.sub(r"\D", "", code)
    if re.fullmatch(r"\d{3}-\d{4}", code) or re.match(r"\d{3}-\d{4}[ 　]", match["code"]):
        return
    if len(digits) == 7:
        right = f"{digits[:3]}-{digits[3:]}"
        yield passage.hit(span, f"郵便番号「{code}」の区切りが違います。", f"「〒{right}」と書いてください。", instead=right)
    else:
        hint = "郵便番号は「〒105-0003」のように7桁です。発信元の資料と照らし合わせてください。"
        yield passage.hit(span, f"郵便番号「{code}」は{len(digits)}桁です。", hint, severity=Severity.ERROR)


_LETTER = "A-Za-z0-9Ａ-Ｚａ-ｚ０-９"
_ADDRESS = re.compile(
    rf"(?<![\w.@＠/=%:?&-])[{_LETTER}][{_LETTER}_.+-]*[ 　]?[@＠]{{1,2}}[ 　]?[{_LETTER}]"
    rf"(?:[{_LETTER}_.．－-]|。(?=[A-Za-z])|,(?=(?:jp|com|org|net|lg|go|or|co|ac|ne)\b))*(?<![.-])"
    rf"|(?<![\w.@＠/=%:?&-])[{_LETTER}][{_LETTER}_.+-]*[@＠](?=[ 　、。）)]|$)",
    re.ASCII,
)
_RIGHT = re.compile(
    r"[\w+-]+(?:\.[\w+-]+)*@[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?)*\.[A-Za-z]{2,}", re.ASCII
)
_NO_END = re.compile(
    r"\.(?:co|lg|go|or|ac|ne|ed|gr|pref|city)$|\.(?:jo|ip|jpn|jpp|j|cmo|con|comm|coom|cpm|ogr|orgg|ner|nett|lgjp|gojp|cojp)$"
    r"|\.(?:1g|ig|ig|gov?)\.jp$"
)


def mail_addresses(sheet: Sheet) -> Iterator[Hit]:
    """A mail address to which no mail can be sent: full-width letters, a blank, a lost or mistyped end."""
    for passage in sheet.passages:
        if not passage.is_data or passage.key == "apply_url":
            yield from _wrong_addresses(passage)


def _wrong_addresses(passage: Passage) -> Iterator[Hit]:
    if "@" not in passage.raw and "＠" not in passage.raw:
        return
    for match in _ADDRESS.finditer(passage.raw):
        wrong = wrong_address(match[0])
        if wrong:
            hint = "発信元の資料から、半角の文字で書き写してください。"
            yield passage.hit(match.span(), f"メールアドレス「{match[0].strip()}」は{wrong}。", hint)


def wrong_address(written: str) -> str:
    """What is wrong with a mail address, "" if nothing is."""
    plain = unicodedata.normalize("NFKC", written)
    if plain != written and _RIGHT.fullmatch(plain):
        return "全角の文字を含みます"
    if re.search(r"[ 　]", written):
        return "途中に空白があります"
    if "," in plain or ".." in plain or "@@" in plain or "。" in plain or not _RIGHT.fullmatch(plain):
        return "形が正しくありません"
    return "末尾が正しくありません" if _NO_END.search(plain.lower()) else ""


_PERSONAL = re.compile(
    r"[\w.+-]+@(?:(?:gmail|googlemail|outlook|hotmail|live|msn|icloud|me|mac|aol|protonmail|proton|qq|163|126|ymail"
    r"|gmx)\.(?:com|jp|me|net)"
    r"|(?:yahoo|ybb|hotmail|live|outlook)\.(?:co|ne)\.jp|yahoo\.com|outlook\.jp|hotmail\.co\.jp"
    r"|(?:docomo|ezweb|softbank|i\.softbank|au|uqmobile|ymobile|vodafone|willcom|rakumail)\.(?:ne\.)?(?:jp|com))(?![\w.-])",
    re.ASCII | re.IGNORECASE,
)


def personal_addresses(sheet: Sheet) -> Iterator[Hit]:
    """A free or mobile provider's address as a contact: a person's own, or not to be told from one."""
    yield from gathered(
        passage.hit(
            match.span(),
            f"「{match[0]}」は、個人でも使えるサービスのアドレスです。",
            "発信元の公用の連絡先かどうかを確かめてください。",
        )
        for passage in sheet.passages
        if "@" in passage.raw
        for match in _PERSONAL.finditer(passage.raw)
    )


_POINTED = re.compile(r"(?<![\d,.])(?P<number>\d{1,3}(?:\.\d{3})+)(?=円)|(?<![\d,.])(?P<zero>0\d{2,}(?:,\d{3})*)(?=円)")
_TWICE = re.compile(r"[¥￥][ 　]?[\d,]+(?:万|億)?円|円円")


def amounts(sheet: Sheet) -> Iterator[Hit]:
    """Amounts with a point for a comma, a zero in front, or the mark of the yen twice; the groups of digits themselves are CNT007's."""
    yield from gathered(hit for passage in sheet.prose for hit in _amounts(passage))


def _amounts(passage: Passage) -> Iterator[Hit]:
    form = passage.text.translate(_PLAIN)
    for match in _POINTED.finditer(form):
        yield passage.hit(match.span(), f"「{match[0]}円」の桁区切りが違います。", "桁区切りには「,」を使い、頭に0を付けません。")
    for match in _TWICE.finditer(form):
        yield passage.hit(match.span(), f"「{match[0]}」は、円の印が二重です。", "「1,000円」のように、どちらか一つにしてください。")


_HEAD = "---\n見出し: セミナーを開催\n欄: イクレイ日本の活動\n{}\n---\n\nセミナーを開きます。"

RULES = (
    Rule(
        code="LEFT012",
        title="電話番号と郵便番号",
        severity=Severity.WARNING,
        reason="桁の足りない番号には、読者が問い合わせることができません。",
        source="電気通信番号規則、点検項目38",
        bad=_HEAD.format("問合せ先: 環境課　電話 03-0000-000"),
        good=_HEAD.format("問合せ先: 環境課　電話 03-0000-0000（内線1234）、フリーダイヤル 0120-000-000"),
        find=numbers,
    ),
    Rule(
        code="LEFT013",
        title="メールアドレスの形",
        severity=Severity.ERROR,
        reason="形の違うメールアドレスには、読者が問い合わせることができません。",
        source="RFC 5322、点検項目38",
        bad=_HEAD.format("問合せ先: 環境課　kankyo@city.example.lg"),
        good=_HEAD.format("問合せ先: 環境課　kankyo.1-a@city.example.lg.jp"),
        find=mail_addresses,
    ),
    Rule(
        code="LEFT014",
        title="個人用のメールアドレス",
        severity=Severity.NOTE,
        reason="個人のアドレスを約1,400名に知らせてしまうことのないよう、念のため示します。",
        source="個人情報の保護",
        bad=_HEAD.format("問合せ先: 環境課　mihon.taro@gmail.com"),
        good=_HEAD.format("問合せ先: 環境課　kankyo@example.jp"),
        find=personal_addresses,
    ),
    Rule(
        code="LEFT015",
        title="金額の書き方",
        severity=Severity.WARNING,
        reason="小数点や0で始まる金額は、けたを読み違えられます。",
        source="公用文作成の考え方（文化審議会建議、令和4年）、点検項目38",
        bad="参加費は1.000円です。",
        good="参加費は1,000円、電気は1kWh当たり26.5円です。",
        find=amounts,
    ),
)
