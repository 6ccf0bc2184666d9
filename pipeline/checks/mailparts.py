"""The bones of a mail that came along with a news item: labels without their facts, quoted headers, signatures. Passages in, hits out.

Only whole lines count here: a sentence that speaks of 件名 or 宛先 is none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.checks.gather import gathered, lines, notes
from pipeline.checks.passages import Passage
from pipeline.checks.remains import tells
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One written line of a body, its marks of a list taken off; ``start`` leads into the passage."""

    passage: Passage
    start: int
    text: str


_BULLET = re.compile(r"^[ 　]*(?:[-*+](?=[ 　])|[・○●◯◇◆■□▼▽※]|\d{1,2}[.)])?[ 　]*(?:\*\*)?")
_LABELS = (
    r"日[ 　]*時|開催日時?|期[ 　]*[日間]|日[ 　]*程|時[ 　]*[間刻]|会[ 　]*場|場[ 　]*所|開催場所|開催地|参加費用?|費[ 　]*用|料[ 　]*金|定[ 　]*員|対[ 　]*象者?"
    r"|参加対象|応募資格|締[ 　]*切り?|(?:申込|応募|募集|提出|参加申込)(?:み)?(?:締切日?|期限|期間)|提出期限|受付期間|募集期間|申[ 　]*込み?|お?申し?込み?(?:方法|先|期限|フォーム)?"
    r"|応募方法|参加方法|提出方法|提出先|送付先|主[ 　]*催者?|共[ 　]*催|後[ 　]*援|協[ 　]*力|協[ 　]*賛|お?問い?合わ?せ先?|連[ 　]*絡[ 　]*先|担[ 　]*当(?:者|課|部署)?|電[ 　]*話(?:番号)?"
    r"|TEL|Tel|ＴＥＬ|FAX|Fax|ＦＡＸ|ファク(?:ス|シミリ)|E-?mail|e-?mail|メール(?:アドレス)?|URL|ＵＲＬ|HP|ホームページ|ウェブサイト|詳[ 　]*細|講[ 　]*師|登[ 　]*壇者?"
    r"|出[ 　]*典|住[ 　]*所|所在地|言[ 　]*語|持ち物|備[ 　]*考"
)
_LABEL = re.compile(rf"(?:【(?:{_LABELS})】|(?:{_LABELS})(?:\*\*)?[ 　]*[:：])(?:\*\*)?")
_NOTHING = re.compile(r"[ 　\-－―—–ー…・.．。、（）()\[\]「」]*(?:\*\*)?$")
_BLANK = re.compile(
    r"(?<![\d０-９一二三四五六七八九十○〇●◯\ue000])[ 　]{1,6}月[ 　]{1,6}日|[（(][ 　]+[）)]|(?:午前|午後)[ 　]+時(?!間)|[:：][ 　]+時[ 　]+分"
    r"|(?<![\d０-９])[ 　]{2,}(?:円|名|人|時|分)(?![一-龠])"
)


def empty_labels(sheet: Sheet) -> Iterator[Hit]:
    """日時： with nothing behind it, neither on its line nor below; a blank where a number belongs."""
    for texts in _bodies(sheet):
        yield from gathered([*_labels_alone(texts), *_rows_alone(texts), *_gaps(texts), *_blanks(texts)])
    for passage in sheet.prose:
        if passage.key in ("contact", "apply", "department", "place"):
            yield from _cut_off(passage)


def _bodies(sheet: Sheet) -> Iterator[list[Line]]:
    """The lines of each body, item by item."""
    of: dict[str, list[Line]] = {}
    for passage in sheet.prose:
        if passage.kind != "field":
            for start, end in lines(passage):
                text = passage.raw[start:end]
                skip = len(text) - len(_BULLET.sub("", text, count=1)) if passage.kind != "row" else 0
                of.setdefault(passage.path, []).append(Line(passage=passage, start=start + skip, text=text[skip:].rstrip()))
    yield from of.values()


def _labels_alone(texts: list[Line]) -> Iterator[Hit]:
    for n, line in enumerate(texts):
        found = [match for match in _LABEL.finditer(line.text) if match.start() == 0 or line.text[match.start() - 1] in " 　／/｜|、"]
        ends = [*(match.start() for match in found[1:]), len(line.text)]
        for match, end in zip(found, ends[: len(found)], strict=True):
            last = match is found[-1]
            if (
                line.passage.kind != "row"
                and _NOTHING.fullmatch(line.text[match.end() : end])
                and not (last and _goes_on(texts[n + 1 : n + 2]))
            ):
                yield _empty(line, match)


def _goes_on(after: list[Line]) -> bool:
    """Whether the next line may be what the label announces."""
    if not after:
        return False
    text, kind = after[0].text, after[0].passage.kind
    if _LABEL.match(text) or kind == "heading":
        return False
    return kind != "paragraph" or len(text) <= 40 or "http" in text or "。" not in text


def _rows_alone(texts: list[Line]) -> Iterator[Hit]:
    for line in texts:
        cells = [cell.strip() for cell in line.text.strip("|").split("|")]
        if line.passage.kind == "row" and len(cells) == 2 and re.fullmatch(_LABELS, cells[0]) and _NOTHING.fullmatch(cells[1]):
            yield _empty(line, None)


_HEAD = re.compile(r"(?P<head>[^：:。、|\s　][^：:。|]{0,19})[：:](?!//)[ 　]*(?P<rest>.*)")


def _gaps(texts: list[Line]) -> Iterator[Hit]:
    """南部： in a list of which every other line has something behind its colon; so in the last column of a table of two."""
    pairs = [_pair(line) for line in texts]
    for n, (line, pair) in enumerate(zip(texts, pairs, strict=True)):
        if pair is None or not _NOTHING.fullmatch(pair[1]) or re.fullmatch(_LABELS, pair[0]) or _deeper(line, texts[n + 1 : n + 2]):
            continue
        around = [pairs[m] for m in (n - 2, n - 1, n + 1, n + 2) if 0 <= m < len(texts) and texts[m].passage.kind == line.passage.kind]
        beside = [pairs[m] for m in (n - 1, n + 1) if 0 <= m < len(texts) and texts[m].passage.kind == line.passage.kind]
        filled = [other for other in around if other and not _NOTHING.fullmatch(other[1])]
        if any(other in filled for other in beside if other) and (line.passage.kind != "row" or len(filled) >= 2):
            yield _empty(line, re.compile(re.escape(pair[0])).search(line.text))


def _pair(line: Line) -> tuple[str, str] | None:
    """What stands before and behind the colon of a short line, or in a row's two cells."""
    if line.passage.kind == "row":
        cells = [cell.strip() for cell in line.text.strip().strip("|").split("|")]
        return (cells[0], cells[1]) if len(cells) == 2 and cells[0] and not re.fullmatch(r"[-: ]+", cells[0]) else None
    match = _HEAD.fullmatch(line.text) if line.passage.kind in ("item", "paragraph") else None
    return (match["head"], match["rest"]) if match else None


def _deeper(line: Line, after: list[Line]) -> bool:
    """Whether the next line belongs to this one: it is indented further, or is no line of the same kind with a colon."""
    if not after:
        return False
    here, there = line.passage.place(0).column, after[0].passage.place(after[0].start).column
    if after[0].passage.kind == "paragraph" and line.passage.kind == "item" and len(after[0].text) > 20:
        return True
    return after[0].passage.kind == "item" and (line.passage.kind != "item" or there > here + 2 or after[0].passage.place(0).column > here)


def _empty(line: Line, match: re.Match[str] | None) -> Hit:
    start, end = (line.start + match.start(), line.start + match.end()) if match else (line.start, line.start + len(line.text))
    label = line.passage.raw[start:end].strip(" 　:：*|【】")
    return line.passage.hit((start, end), f"「{label}」の中身がありません。", "内容を書くか、この行を消してください。")


def _blanks(texts: list[Line]) -> Iterator[Hit]:
    for line in texts:
        for match in _BLANK.finditer(line.text):
            if line.passage.kind != "row" and not tells(line.passage, (line.start + match.start(), line.start + match.end())):
                span = (line.start + match.start(), line.start + match.end())
                yield line.passage.hit(span, f"「{match[0].strip()}」が空欄のままです。", "日付や数を書き入れてください。")


_CUT_OFF = re.compile(
    r"(?:電話(?:番号)?|TEL|Tel|ＴＥＬ|FAX|Fax|ＦＡＸ|E-?mail|メール(?:アドレス)?)[ 　]*[:：]?[ 　]*(?=$|[、／/,](?=[^、]*$)|(?:FAX|Fax|メール"
    r"|E-?mail)[ 　]*[:：])"
)


def _cut_off(passage: Passage) -> Iterator[Hit]:
    """環境政策課　電話： in an entry: the number is missing. 電話またはメール is a way, not a label."""
    for match in _CUT_OFF.finditer(passage.raw):
        label = match[0].strip(" 　:：")
        if re.search("[:：]", match[0]) or (match.start() and passage.raw[match.start() - 1] in " 　"):
            yield passage.hit(
                match.span(), f"「{label}」の番号や宛先がありません。", "番号やメールアドレスを書くか、この言葉を消してください。"
            )


_HEADER = re.compile(
    r"(?:From|Sent|Reply-To|Return-Path|X-[A-Za-z-]+|差出人|送信者|送信元|送信日時|受信日時|送信日|Message-ID)[ 　]*[:：]"
    r"|(?:件名|Subject|題名|タイトル|標題)[ 　]*[:：][ 　]*(?:【[^】]*】)?[ 　]*(?:R[Ee]|F[Ww][Dd]?|返信|転送)[ 　]*[:：]"
    r"|(?:R[Ee]|F[Ww][Dd]?|返信|転送)[ 　]*[:：]|[-－―_=＝]{2,}[ 　]*(?:Original|Forwarded|元の|転送|オリジナル|返信|引用"
    r"|Begin forwarded)[^-－―_=＝]{0,24}[-－―_=＝]*"
    r"|(?:On[ 　].{4,60}wrote|.{4,60}(?:さんは|様は|が)?(?:以下のように)?書きました|.{4,60}<[^<>@\s]+@[^<>\s]+>(?:のメール)?)[:：]$|Begin forwarded message"
    r"|(?:To|Cc|CC|Bcc|BCC|宛先)[ 　]*[:：][ 　]*(?:[^、。]{0,40}@|.*[様殿]|undisclosed)|(?:Date|日付)[ 　]*[:：][ 　]*(?:Mon"
    r"|Tue|Wed|Thu|Fri|Sat|Sun),"
)
_QUOTED = re.compile(r"(?:[＞>|][ 　]*)*")
_REPLY = re.compile(
    r"(?:様|さん|殿|御中)$|お世話に|承知しました|了解しました|ありがとうございます|ございます。$|お願い(?:いた|致|し)|ください。?$|でしょうか[。？?]?$|いたします。?$"
)


def quoted_mail(sheet: Sheet) -> Iterator[Hit]:
    """Header lines of a forwarded or answered mail, and lines that an answer quotes with >."""
    for texts in _bodies(sheet):
        yield from gathered(_quoted(line) for line in texts if _is_quoted(line))


def _is_quoted(line: Line) -> bool:
    lead = _QUOTED.match(line.text)
    text = line.text[lead.end() if lead else 0 :].strip(" 　*")
    if _HEADER.match(text):
        return line.passage.kind != "heading"
    marked = line.passage.kind == "quote" or line.text.startswith(("＞", ">"))
    return marked and bool(_REPLY.search(text) or re.match(r"[＞>][ 　]*[＞>]", line.text))


def _quoted(line: Line) -> Hit:
    shown = line.text.strip()[:24]
    hint = "やり取りの見出しや引用の行を消し、知らせの本文だけを残してください。"
    return line.passage.hit(
        (line.start, line.start + len(line.text)), f"「{shown}」は、メールのやり取りの見出しや引用が残ったもののようです。", hint
    )


_RULED = re.compile(r"[*＊=＝_＿~～+＋\-－―─━・…‥.･:：★☆◆◇■□●○◎♪♦※/／\\|｜<>＜＞･。,]{6,}")
_PARTS = (
    re.compile(r"〒|\d{3}-\d{4}[ 　]*[一-龠]{2,3}[都道府県市区]"),
    re.compile(r"(?i)(?:TEL|電話|Phone|直通|代表|内線|携帯)|(?<!\d)0\d{1,4}[-(]\d{1,4}[-)]\d{4}"),
    re.compile(r"(?i)FAX|ファク(?:ス|シミリ)"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    re.compile(r"https?://|www\."),
    re.compile(
        r"(?:課|係|部|局|室|担当|グループ|チーム|財団|機構|センター)[ 　][一-龠々ぁ-ん]{1,4}[ 　]?[一-龠々ぁ-ん]{0,4}(?:[ 　（(].*)?$"
    ),
)
_ANNOUNCED = re.compile(r"問い?合わ?せ|連絡先|申し?込|提出先|送付先|事務局|応募|担当課|宛先|あて先|まで[、。]?$|こちら")
_DEVICE = re.compile(
    r"(?:iPhone|iPad|Android|スマートフォン|携帯|Outlook|Gmail|Galaxy|Xperia|モバイル)(?:から|より|で)送信|Sent from (?:my|Mail|Outlook|Yahoo)"
    r"|Get Outlook for|Outlook for (?:iOS|Android)"
    r"|(?:この|本)(?:電子)?メール(?:及び|および|には?|は|の内容は?)[^。]{0,40}(?:機密|秘密|守秘|誤って(?:受信|受け取)|名宛人|受信者以外|意図しない)|This (?:e-?mail"
    r"|message)[^。]{0,40}confidential|ウイルス(?:チェック|スキャン)済|virus[- ]free|Avast"
    r"|^--$"
)


def signatures(sheet: Sheet) -> Iterator[Hit]:
    """The block with name, address and telephone that a mail program puts below every mail; and what it adds of its own."""
    own = notes(sheet)
    for texts in _bodies(sheet):
        hits = [_signature(line) for line in texts if _DEVICE.search(line.text)]
        if texts and texts[0].passage.path not in own:
            hits += [_signature(texts[n]) for n in _blocks(texts)]
        yield from gathered(sorted(hits, key=lambda hit: hit.place.line))


def _blocks(texts: list[Line]) -> Iterator[int]:
    """Where a signature begins: a ruled line with an address near it, or four parts of one that no 問合せ先 announces."""
    for n, line in enumerate(texts):
        if _RULED.fullmatch(line.text.strip()) and _parts(texts[n + 1 : n + 7]) >= 2:
            yield n
            return
    for n in range(len(texts)):
        before = " ".join(line.text for line in texts[max(0, n - 2) : n + 1])
        if _parts(texts[n : n + 1]) and _parts(texts[n : n + 5]) >= 4 and not _ANNOUNCED.search(before):
            yield n
            return


def _parts(texts: list[Line]) -> int:
    short = [line.text for line in texts if len(line.text) <= 60 and "。" not in line.text]
    return sum(1 for part in _PARTS if any(part.search(text) for text in short))


def _signature(line: Line) -> Hit:
    message = f"「{line.text.strip()[:24]}」から、発信元のメールの署名のようです。"
    hint = "署名を消してください。読者に示す連絡先は、項目欄の「問合せ先」に書きます。"
    return line.passage.hit((line.start, line.start + len(line.text)), message, hint)


RULES = (
    Rule(
        code="LEFT009",
        title="中身のない見出し語",
        severity=Severity.WARNING,
        reason="「日時：」の後に何もないと、読者は参加も問合せもできません。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="セミナーを開きます。\n\n日時：2月14日（金）\n\n問合せ先：",
        good="セミナーを開きます。\n\n申込方法：\n\n1. フォームに書きます\n2. 送信します",
        find=empty_labels,
    ),
    Rule(
        code="LEFT010",
        title="メールの引用",
        severity=Severity.ERROR,
        reason="やり取りの見出しや引用には、担当者の名前やアドレスが入っています。",
        source="実際に起きた残りもの、個人情報の保護",
        bad="From: 見本市環境課\n\n件名: RE: セミナーのお知らせ\n\nセミナーを開きます。",
        good="件名を「参加申込」とし、メールでお送りください。\n\n> 都市は、気候変動の最前線にあります。",
        find=quoted_mail,
    ),
    Rule(
        code="LEFT011",
        title="メールの署名",
        severity=Severity.WARNING,
        reason="署名には、読者に示すつもりのない担当者の連絡先が入っています。",
        source="実際に起きた残りもの、個人情報の保護",
        bad="セミナーを開きます。\n\n**********\n\n見本市 環境課 見本 太郎\n\n電話 03-0000-0000\n\nmihon@example.jp",
        good="セミナーを開きます。\n\n問合せ先：見本市環境課\n電話 03-0000-0000\nmihon@example.jp",
        find=signatures,
    ),
)
