"""How addresses are written in running text, and the words that stand for them: passages and addresses in, hits out.

A bare address ends before the first Japanese letter (the page does it so); what is wrong here breaks even then.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote, unquote_to_bytes

from pipeline.checks.addresses import Address, addresses
from pipeline.checks.contacts import wrong_address, wrong_telephone
from pipeline.checks.gather import gathered
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_HOST = r"(?=[ 　]?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/:?#]|$|[^\w.-]))"
_SCHEME = re.compile(
    rf"(?<![A-Za-z0-9/])(?P<scheme>[htpsHTPSo]{{2,7}})(?P<colon>[ 　]?[:;：.,]{{0,2}}[ 　]?)(?P<slashes>[/／\\]{{1,4}}"
    rf"|(?<=:)){_HOST}"
)
_TWICE = re.compile(r"(?<![/=?&%A-Za-z])https?:?/{1,3}https?:?/{1,3}|(?<=[a-z0-9/])(?<![/=?&%]/)(?<![=?&%/])https?://")
_BAD_HOST = re.compile(
    r"https?://(?:[A-Za-z0-9.-]{0,100}(?:\.\.|,|;|_\.|\.-)[A-Za-z0-9.-]{0,100}(?=[/ 　、。）]|$)"
    r"|(?:ww|wwww|wwe|wwv|vvww|wew)\.[\w.-]+|www[,。][\w.-]+|www(?!\.)[a-z]+\.(?:lg|go|or|co)\.jp|[\w.-]+\.(?:lg|go|or|co|ac"
    r"|ne)(?=[/ 　、。）]|$)"
    r"|[\w.-]+\.(?:lg|go|or|co|ac|ne|ed|gr)\.(?:jo|ip|jl|jb|jjp|jp0|jpo|jq|hp|pj)(?=[/ 　、。）:]|$)|[\w.-]+\.lg\.(?!jp)[a-z]{1,4}(?=[/ 　、。）:]|$)"
    r"|[\w.-]+\.(?:ord|og|rog|orgn|ocm|vom|xom|nte|nett|ip|jjp|jp0|jpo)(?=[/ 　、。）:]|$)"
    r"|[\w.-]+\.(?:1g|ig|gov|lgo|goo)\.jp|[\w.-]+\.(?:jpn|jpp|j|cmo|ogr|orgg|comm|con|lgjp|gojp|cojp)(?=[/ 　、。）]|$))"
)


def mistyped(sheet: Sheet) -> Iterator[Hit]:
    """htps://, https//, ttps://, https://https://, a host with two points or without its end: no browser opens it."""
    told: set[tuple[str, int]] = set()
    for passage in sheet.passages:
        if "/" in passage.raw and not passage.is_data:
            for hit in _mistyped(passage):
                told.add((hit.place.path, hit.place.line))
                yield hit
    for address in addresses(sheet):
        place = address.passage.place(address.span[0])
        if ((address.entry and _BAD_HOST.match(address.url)) or _damaged(address)) and (place.path, place.line) not in told:
            yield _wrong(address.passage, address.span, address.url)


_DAMAGED = re.compile(
    r"https?:/*$|%(?![0-9A-Fa-f]{2})|%25[0-9A-Fa-f]{2}%25|\.(?:htmI|htm1|hmtl|htlm|htnl|htmll|html?l?\.html?|pfd|pdff|phpp)(?=[?#]|$)"
    r"|//(?:[xX]{3,}|[○〇]+)|/(?:[xX]{3,}|\.{3,})(?:[/.?#]|$)"
)


def _damaged(address: Address) -> bool:
    """Whether letters are missing or doubled within an address: half a Japanese letter in %, two addresses in one, XXXX for a part of it."""
    url = address.url
    if not url.lower().startswith("http"):
        return False
    double = re.search(r"[^=?&%]/https?:/", url[8:]) and "archive" not in address.host and "validator" not in address.host
    return bool(double or _DAMAGED.search(url)) or any(_half(part) for part in re.split("[/?&=#]", url) if "%" in part)


def _half(part: str) -> bool:
    """Whether percent signs end within a letter of UTF-8; other encodings are left alone."""
    try:
        unquote_to_bytes(part).decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start > 0
    return False


def _mistyped(passage: Passage) -> Iterator[Hit]:
    raw, done = passage.raw, -1
    for pattern in (_TWICE, _SCHEME, _BAD_HOST):
        for match in pattern.finditer(raw):
            groups = match.groupdict()
            right = groups.get("scheme", "").lower() in ("http", "https") and groups.get("colon") == ":" and groups.get("slashes") == "//"
            if right or match.start() <= done < match.end() or _is_word(groups) or not match[0].isascii():
                continue
            done = match.end()
            yield _wrong(passage, match.span(), re.split(r"[ 　、。）)]", raw[match.start() :])[0])


def _is_word(groups: dict[str, str | None]) -> bool:
    """Whether what looks like a scheme is none: no colon and one slash (http/2.example), or nothing but points."""
    scheme, colon, slashes = (groups.get(name) or "" for name in ("scheme", "colon", "slashes"))
    return "scheme" in groups and (not re.search("t.*p|p.*t|tt", scheme.lower()) or (not colon.strip() and len(slashes) < 2))


def _wrong(passage: Passage, span: tuple[int, int], url: str) -> Hit:
    message = f"「{url[:60]}」は、URLの形が正しくありません。"
    return passage.hit(span, message, "発信元のページを開き、ブラウザに表示されたURLを写してください（https:// で始まります）。")


_WIDE = re.compile(
    r"(?:[hｈ][tｔ]{2}[pｐ][sｓ]?[ 　]?[:：][ 　]?[/／]{2}|(?<![\w.])[wｗ]{3}[.．])(?P<rest>[A-Za-z0-9Ａ-Ｚａ-ｚ０-９._~/?#=&%+:@．－＿／？＝＆％＃～：＠-]*)"
)


def wide(sheet: Sheet) -> Iterator[Hit]:
    """An address with full-width letters or marks in it."""
    for passage in sheet.passages:
        if re.search("[ｈｔｐｗ．：／Ａ-Ｚａ-ｚ０-９－＿？＝＆％＃～]", passage.raw):
            for match in _WIDE.finditer(passage.raw):
                written = re.sub("[：？．～／]+$", "", match[0])
                if not written.isascii() and "." in unicodedata.normalize("NFKC", written):
                    right = unicodedata.normalize("NFKC", written)
                    span = (match.start(), match.start() + len(written))
                    yield passage.hit(
                        span, f"「{written[:60]}」に全角の文字があります。", f"半角で「{right[:60]}」と書いてください。", instead=right
                    )


_SWALLOWED = re.compile(r"[\s　]|[、。，）〕】」』］＞〉》＊※]|(?:をご覧|はこちら|から$|まで$|です$|より$|へ$|をご)")
_TAIL = re.compile(r"[.,;:!?'\"*|>]+$")
_GLUED = re.compile(r"[.,;:!?)]*[ぁ-んァ-ヶー一-龠々]")
_BROKEN = re.compile(
    r"\]\(https?://[!-(*-~]{0,300}[）」』](?!\()|https?://[^\s\\、。）]{3,200}\\[A-Za-z]|https?://[!-~]{4,300}(?:…|・・・)|"
    r"https?://[A-Za-z0-9.-]*(?:\.[ 　]+|[ 　]+\.)(?:[A-Za-z0-9-]+\.)*(?:jp|com|org|net|int)\b"
    r"|https?://[!-~]{0,300}[/\-_=&?.%][ 　]+(?!https?:|www\.|[A-Za-z0-9.-]+@)[A-Za-z0-9_%=&?./-]*(?:\.(?:html?|php|pdf|aspx?|jsp|cgi"
    r"|xlsx?|docx?)\b|[?&=][A-Za-z0-9_%=&-]+)"
    r"|https?:[ 　]+//|https?:/[ 　]+/|https?://[ 　]+(?=[A-Za-z0-9-]+\.)|https?://[!-~]{0,300}[ 　]+[/_?=&#][A-Za-z0-9_%=&?./-]+"
)


def broken(sheet: Sheet) -> Iterator[Hit]:
    """A blank or a line break inside an address, a bracket or a 。 that it has swallowed."""
    for passage in sheet.passages:
        if "http" in passage.raw and not passage.is_data:
            for match in _BROKEN.finditer(passage.raw):
                yield _cut(passage, match.span(), match[0], "途中に空白か改行があり、切れています")
    for address in addresses(sheet):
        if (address.entry or address.marked) and not address.url.startswith(("mailto:", "tel:")) and address.url.strip():
            found = _SWALLOWED.search(address.url) or _TAIL.search(address.url) or (_unpaired(address.url) or None)
            if found:
                yield _cut(address.passage, address.span, address.url, "余分な文字か空白が入っています")


def _unpaired(url: str) -> bool:
    return url.endswith((")", "]")) and url.count(url[-1]) > url.count({")": "(", "]": "["}[url[-1]])


def _cut(passage: Passage, span: tuple[int, int], url: str, what: str) -> Hit:
    return passage.hit(span, f"「{url[:60]}」は、{what}。", "URLは、空白・改行・句読点・かっこを入れずに、一続きに書いてください。")


def glued(sheet: Sheet) -> Iterator[Hit]:
    """A bare address with Japanese right behind it: where it ends, only its writer knows."""
    hits = []
    for address in addresses(sheet):
        raw, end = address.passage.raw, address.span[1]
        apart = end < len(raw) and address.passage.offsets[end] != address.passage.offsets[end - 1] + 1
        if not address.entry and not address.marked and not apart and _GLUED.match(raw, end):
            message = f"「{address.url[:50]}」のすぐ後に「{raw[end : end + 4]}」と続き、どこまでがURLか分かりません。"
            hits.append(address.passage.hit(address.span, message, "URLの後で改行するか、空白を入れてください。"))
    yield from gathered(hits, whole=True)


_EMPTY_WORDS = re.compile(
    r"(?:(?:詳細|詳しく|くわしく|お?申し?込み?|お問い?合わせ|登録|参加|応募|資料|動画|ダウンロード|リンク|回答|アンケート|イベント|プログラム|続き)(?:は|の)?[、]?)?"
    r"(?:こちら|コチラ|ここ|ココ|下記|以下)(?:から|へ|を?(?:クリック|ご覧(?:ください)?|参照|タップ|押す|チェック))?(?:ください)?(?:（[^）]{0,3}）)?"
    r"|詳細|詳しく|詳細(?:を見る|情報|ページ)?|続きを読む|もっと見る|もっと読む|見る|読む|開く|リンク先?|URL|ＵＲＬ|HP|ＨＰ|Web|WEB|ウェブ|ホームページ|ウェブサイト|サイト|ページ|資料|動画|PDF"
    r"|ファイル|クリック|申込|申込み|登録"
    r"|(?i:here|click here|link|read more|more|details?|this page|website|page|learn more|see more)"
    r"|[→⇒>＞»▶►・…]+",
)


def empty_words(sheet: Sheet) -> Iterator[Hit]:
    """こちら, ここ, 詳細 and bare addresses as the words of a link: heard alone they say nothing."""
    hits = []
    for address in addresses(sheet):
        label = address.label.strip("「」『』【】[]<>＜＞→⇒▶►»・ 　。、！!：:")
        if address.marked and (_EMPTY_WORDS.fullmatch(label) or not label or _is_address(label, address)):
            words = f"「{address.label}」" if label else "言葉のない"
            message = f"リンクの言葉が{words}だけです。" if label else "言葉のないリンクがあります（どこも押せません）。"
            hint = "「詳細（京都市）」「申込フォーム（鳥取県）」のように、行き先の分かる言葉にしてください。"
            hits.append(address.passage.hit(address.span, message, hint, severity=None if label else Severity.ERROR))
    yield from gathered(hits)


def _is_address(label: str, address: Address) -> bool:
    """Whether the link shows its own whole address: then no Markdown is needed."""
    return label == address.url


_POINTING = re.compile(
    r"(?:詳細|詳しく|くわしく|お?申し?込み?|お問い?合わせ|登録|参加|応募|資料|動画|様子|全文|結果|プログラム|アンケート|ご回答|案内)(?:について)?(?:は|の[^。、]{0,8}は)?、?(?:こちら"
    r"|コチラ)(?!の|も|に|側)(?:から|へ|まで|を(?:ご覧|クリック|参照))?"
    r"|(?:^|。)(?:こちら|コチラ)(?:から(?:ご覧|ご確認|お申|ダウンロード)|を(?:ご覧|クリック|参照))"
    r"|(?:以下|下記|次)の(?:URL|ＵＲＬ|リンク|アドレス|フォーム|サイト|ウェブサイト|ページ)(?:から|より|を|に|へ|で|まで|にて)"
)


def lost_target(sheet: Sheet) -> Iterator[Hit]:
    """こちら without a link: it stayed on the page that the news was copied from."""
    near = {id(address.passage) for address in addresses(sheet)}
    own = {address.passage.path for address in addresses(sheet) if address.entry}
    for n, passage in enumerate(sheet.passages):
        if passage.is_data or id(passage) in near or passage.path in own or "[[" in passage.raw:
            continue
        after = [other for other in sheet.passages[n + 1 : n + 4] if other.path == passage.path]
        if any(id(other) in near or "@" in other.raw for other in after) or "@" in passage.raw:
            continue
        for match in _POINTING.finditer(passage.unquoted):
            message = f"「{match[0].strip('。')}」とありますが、リンクもURLもありません。"
            yield passage.hit(match.span(), message, "行き先のURLを項目欄の「詳細」か本文に書くか、この言葉を消してください。")


_ANYWHERE = re.compile(r"(?i)https?://|www\.|mailto:[^\s@]+@[^\s@]+$|tel:[+\d]|#[\d-]+$|\[\[\w+\]\]|https?:")


def _undeliverable(url: str) -> str:
    """What is wrong with a mailto: or tel: address, "" if nothing is."""
    kind, _, rest = url.partition(":")
    rest = rest.partition("?")[0]
    if kind.lower() == "mailto" and "," not in rest:
        return wrong_address(unquote(rest))
    return wrong_telephone(rest) if kind.lower() == "tel" else ""


def nowhere(sheet: Sheet) -> Iterator[Hit]:
    """A link that leads nowhere from a mail: a relative path, a fragment, an empty address, a mailto with blanks."""
    for address in addresses(sheet):
        wrong = _undeliverable(address.url.strip()) if address.marked and _ANYWHERE.match(address.url.strip()) else ""
        if wrong:
            message = f"リンク先「{address.url.strip()}」は{wrong}。"
            yield address.passage.hit(address.span, message, "発信元の資料と照らし合わせて、書き直してください。")
        if (
            address.marked
            and not _ANYWHERE.match(address.url.strip())
            and not re.match(r"(?i)file:|[a-z]:\\|\\\\|htt?p?s?[:/;]", address.url)
        ):
            shown = f"「{address.url.strip()}」" if address.url.strip() else "空"
            message = f"リンク先が{shown}で、メールからは開けません。"
            yield address.passage.hit(
                address.span, message, "https:// から始まるURL（メールは mailto:名前@例）を、空白を入れずに書いてください。"
            )


RULES = (
    Rule(
        code="LINK008",
        title="URLの打ち間違い",
        severity=Severity.ERROR,
        reason="一文字の打ち間違いで、リンクは開けなくなります。",
        source="RFC 3986、点検項目22",
        bad="詳しくは htps://www.example.jp/mihon/ に掲載しています。",
        good="詳しくは https://www.example.jp/mihon/ に掲載しています。HTTP/2にも対応します。",
        find=mistyped,
    ),
    Rule(
        code="LINK009",
        title="URLの全角文字",
        severity=Severity.ERROR,
        reason="全角の文字があると、リンクになりません。",
        source="RFC 3986",
        bad="詳しくは https://ｗｗｗ.example.jp/mihon/ に掲載しています。",
        good="詳しくは https://www.example.jp/mihon/ に掲載しています（全角のＡは使いません）。",
        find=wide,
    ),
    Rule(
        code="LINK010",
        title="途中で切れたURL",
        severity=Severity.ERROR,
        reason="空白や句読点の入ったURLは、途中で切れるか、違うページに行きます。",
        source="RFC 3986、点検項目28",
        bad="[計画（見本市）](https://www.example.jp/plan/。)",
        good="計画のページ（https://www.example.jp/plan/）。申込みは https://www.example.jp/form/ 2月14日まで。",
        find=broken,
    ),
    Rule(
        code="LINK014",
        title="リンクの言葉",
        severity=Severity.WARNING,
        reason="「こちら」だけのリンクは、読み上げやテキスト版では、どこへ行くのか分かりません。",
        source="WCAG 2.2 2.4.4、点検項目19",
        bad="詳しくは[こちら](https://www.example.jp/plan/)をご覧ください。",
        good="[詳細（京都市）](https://www.example.jp/plan/)",
        find=empty_words,
    ),
    Rule(
        code="LINK015",
        title="行き先のない「こちら」",
        severity=Severity.WARNING,
        reason="ページから写した文の「こちら」は、リンクが消えると行き先がなくなります。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="詳しくはこちらをご覧ください。",
        good="こちらの地域では、食と循環の取組が進みます。\n\n詳しくは次のページをご覧ください。\n\nhttps://www.example.jp/plan/",
        find=lost_target,
    ),
    Rule(
        code="LINK016",
        title="開けないリンク先",
        severity=Severity.ERROR,
        reason="サイトの中の道筋や空のリンク先は、メールからは開けません。",
        source="点検項目22",
        bad="[計画（見本市）](/kankyo/plan.html)",
        good="[計画（見本市）](https://www.example.jp/kankyo/plan/)と[環境課のメール](mailto:kankyo@example.jp)",
        find=nowhere,
    ),
    Rule(
        code="LINK017",
        title="URLに続く文字",
        severity=Severity.WARNING,
        reason="URLのすぐ後に日本語が続くと、メールソフトによっては違うリンク先になります。",
        source="RFC 3986、点検項目28",
        bad="詳しくはhttps://www.example.jp/plan/をご覧ください。",
        good="詳しくは市のページ（https://www.example.jp/plan/）をご覧ください。",
        find=glued,
    ),
)
