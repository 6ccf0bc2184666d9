"""Rules about letters that do not arrive or do not belong: passages in, findings on widths, lost and foreign letters and unseen marks out.

What a gateway of a city hall knows is Microsoft's table (CP932); some make text of the HTML, where nothing is mapped (é → e). It never
takes a person's name for a slip: 髙 and 﨑 are named once, as a note.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

from pipeline.checks.hanzi import COMPOUNDS, SIMPLIFIED
from pipeline.checks.passages import Passage
from pipeline.checks.repeated import more, once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_HALF_KANA = re.compile(r"[｡-ﾟ]+")
_ALNUM = r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]"
_FULL_WIDE = re.compile(r"[Ａ-Ｚａ-ｚ０-９]")
_RUN = re.compile(rf"{_ALNUM}+(?:[年月日時分:：/／.．]{_ALNUM}+)*")
_FULL_MARK = re.compile(r"(?<=[0-9])(?:．(?=[0-9])|，(?=[0-9]{3}(?![0-9])))")
_LATIN_STOP = re.compile(r"(?<=[ぁ-んァ-ヶー一-龯）」]),[ ]?(?=[ぁ-んァ-ヶ一-龯「（])|(?<=[ぁ-ん])\.(?=[ぁ-んァ-ヶ一-龯「（]|[ ]|$)")
_WIDE_COLON = re.compile(r"(?<=[0-9])：(?=[0-9]{2}(?![0-9]))")
_COLON = re.compile(r"(?<![0-9])[0-9]{1,2}:[0-9]{2}(?![0-9])")
_WIDE_COMMA = re.compile(r"(?<=[ぁ-んァ-ヶー一-龯）」])，")
_SIMPLE = re.compile(f"[{''.join(SIMPLIFIED)}]+")
_OLD = re.compile("|".join(COMPOUNDS))
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0"
    r"\ufff9-\ufffc\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
_IN_EMOJI = re.compile(r"(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])")
_VOICED = re.compile(r"[うか-とは-ほウカ-トハ-ホ][\u309b\u309c\u3099\u309aﾞﾟ]")
_GARBLED = re.compile(
    r"[縺繧繝][\u0020-\uffff]|[譁譛蟷蜷蛹邨荳][ｦ-ﾟ縲譁蟷域律]|[Ãã][\u00a0-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ]|â€[™œ\u009d“”¦˜]?|Â[\u00a0-\u00bf]|ï»¿|ï¼[\u0080-\u00bf]?"
    r"|=\?[A-Za-z0-9-]+\?[BbQq]\?|(?:=[0-9A-F]{2}){3,}|(?:%[0-9A-F]{2}){3,}|\\u[0-9a-fA-F]{4}|(?<![0-9A-Za-z])\$B[!-~]{2,}|〓+"
    r"|\?{3,}(?=[^\s?])|[\ufffd]+"
)
_LOST = re.compile(
    r"(?<![A-Za-z0-9?])[A-Za-z]*[A-Za-z]\?[a-z]+|(?<=[\s、（「・])\?[A-Za-z]{2,}|(?<![A-Za-z])CO\?(?![A-Za-z])|[一-龯]\?[一-龯]+"
    r"|(?<=[、。（「\s・：:])\?[一-龯]{1,3}"
    r"|\d\?\d+|\d\?(?=[CFm㎡%％])|(?<=\d)km\?|(?<=[A-Za-z])\?s(?![A-Za-z])"
)
_QUESTION = re.compile(r"\?")
_BORROWED = frozenset("－～∥―￠￡￢‖〜−")  # every Windows writes these


def half_width_kana(sheet: Sheet) -> Iterator[Hit]:
    """ｶﾀｶﾅ and ｡ ｢ ｣ ､: old systems split their marks off."""
    for passage in sheet.holding(_HALF_KANA):
        for match in _HALF_KANA.finditer(passage.text):
            right = unicodedata.normalize("NFKC", match[0])
            yield passage.hit(match.span(), f"半角カナ「{match[0]}」があります。", f"全角の「{right}」にしてください。", instead=right)


def widths(sheet: Sheet) -> Iterator[Hit]:
    """Full-width letters and figures among half-width ones."""
    yield from once(chain(_mixed(sheet), _signs(sheet)))
    wide = list(_wide(sheet))
    if wide:
        texts = "、".join(f"「{text}」" for text in list(dict.fromkeys(text for text, _ in wide))[:5])
        first, *others = [hit for _, hit in wide]
        message = f"全角の英数字があります（{texts}）。この号のほかの英数字は半角です。{more(first, others)}"
        fix = tuple(edit for _, hit in wide for edit in hit.fix)
        yield Hit(message=message, hint=first.hint, place=first.place, fix=fix)


def _mixed(sheet: Sheet) -> Iterator[Hit]:
    for passage in sheet.holding(_FULL_WIDE):
        for match in _RUN.finditer(passage.text):
            half = match[0].translate(_NARROW_ALNUM)
            if half != match[0] and re.search(r"[A-Za-z0-9]", match[0]):
                yield passage.hit(
                    match.span(), f"「{match[0]}」に全角と半角の英数字が混ざっています。", f"「{half}」にしてください。", instead=half
                )


def _wide(sheet: Sheet) -> Iterator[tuple[str, Hit]]:
    """Runs that are full-width throughout: two letters or more, or figures beside half-width ones in one passage."""
    for passage in sheet.holding(_FULL_WIDE):
        text = passage.unquoted
        figures = bool(re.search("[0-9]", text))
        for match in _RUN.finditer(text):
            if re.search(r"[A-Za-z0-9]", match[0]) or not _FULL_WIDE.search(match[0]):
                continue
            if len(match[0]) > 1 or (figures and match[0].isdigit()):
                half = match[0].translate(_NARROW)
                yield match[0], passage.hit(match.span(), "", "英数字は半角にそろえてください。", instead=half)


def _signs(sheet: Sheet) -> Iterator[Hit]:
    clock = any(_COLON.search(passage.text) for passage in sheet.holding(_COLON))
    for passage in sheet.holding(_FULL_MARK, _LATIN_STOP, _WIDE_COLON, _WIDE_COMMA):
        for match in _FULL_MARK.finditer(passage.text):
            half = match[0].translate(_NARROW)
            message = f"数字の間の「{match[0]}」が全角です。"
            yield passage.hit(match.span(), message, f"半角の「{half}」にしてください。", instead=half)
        for match in _LATIN_STOP.finditer(passage.text):
            right = "、" if match[0].startswith(",") else "。"
            yield passage.hit(
                match.span(), f"日本語の文に半角の「{match[0].strip()}」があります。", f"「{right}」にしてください。", instead=right
            )
        for match in _WIDE_COLON.finditer(passage.text) if clock else ():
            yield passage.hit(match.span(), "時刻の「：」が全角です（ほかの時刻は半角）。", "半角の「:」にしてください。", instead=":")
        for match in _WIDE_COMMA.finditer(passage.text):
            yield passage.hit(match.span(), "読点に全角のコンマ「，」があります。", "読点は「、」にそろえてください。", instead="、")


def beyond_gateways(sheet: Sheet) -> Iterator[Hit]:
    """What CP932 lacks: one warning for what stays in the text edition, one for what is mapped there only, a note for ①㈱髙."""
    seen: dict[str, tuple[Passage, int]] = {}
    known: set[str] = set()
    for passage in sheet.prose:
        new = {letter for letter in set(passage.text) - known if letter > "\x7f" and not _is_plain(letter)}
        known.update(passage.text)
        seen.update((letter, (passage, passage.text.index(letter))) for letter in sorted(new, key=passage.text.index))
    lost = [letter for letter in seen if not _encodes(letter, "cp932")]
    stays = [letter for letter in lost if letter in sheet.email.text]
    mapped = [letter for letter in lost if letter not in stays and not unicodedata.combining(letter)]
    rare = [letter for letter in seen if letter not in lost]
    for letters, severity, what in (
        (stays, Severity.WARNING, "は、古い庁内システム（CP932）では「?」になります"),
        (mapped, Severity.WARNING, "は、庁内システム（CP932）で「?」になります（テキスト版では近い文字に置き換えて送ります）"),
        (rare, Severity.NOTE, "は、機種依存文字です。古い携帯電話などで正しく出ないことがあります"),
    ):
        if letters:
            passage, at = seen[letters[0]]
            named = "、".join(f"「{letter}」" for letter in letters[:8]) + ("など" if len(letters) > 8 else "")
            hint = "ほかの文字で書けるか、確かめてください。人名・地名の字なら、そのままでかまいません。"
            yield passage.hit((at, at + 1), f"{named}{what}。", hint, severity=severity)


def chinese_forms(sheet: Sheet) -> Iterator[Hit]:
    """发, 东, 會議: forms of Chinese in Japanese words."""
    for passage in sheet.holding(_SIMPLE, _OLD):
        for match in _SIMPLE.finditer(passage.text):
            right = "".join(SIMPLIFIED[letter] for letter in match[0])
            message = f"「{_around(passage, match)}」の「{match[0]}」は中国の簡体字です。"
            yield passage.hit(match.span(), message, f"日本の漢字では「{right}」です。", instead=right)
        for match in _OLD.finditer(passage.unquoted):
            right = COMPOUNDS[match[0]]
            message = f"「{match[0]}」は、旧字体か中国の繁体字で書かれています。"
            yield passage.hit(
                match.span(), message, f"「{right}」にしてください（人名・団体名なら、そのままでかまいません）。", instead=right
            )


def unseen(sheet: Sheet) -> Iterator[Hit]:
    """Marks that nobody sees: they split words for search, for reading aloud and for some mail programs."""
    yield from once(_unseen(sheet))


def _unseen(sheet: Sheet) -> Iterator[Hit]:
    for passage in sheet.prose:
        fine = {match.start() for match in _IN_EMOJI.finditer(passage.raw)}
        for match in _UNSEEN.finditer(passage.raw):
            if match.start() not in fine:
                message = f"目に見えない文字（{_unseen_name(match[0])}）が入っています。"
                yield passage.hit(match.span(), message, "消してください（前後を選んで打ち直すと確実です）。", instead="")
        for match in _VOICED.finditer(passage.raw):
            right = unicodedata.normalize("NFC", match[0][0] + ("\u3099" if match[0][1] in "\u309b\u3099ﾞ" else "\u309a"))
            if len(right) == 1:
                yield passage.hit(
                    match.span(), f"「{match[0]}」は、濁点・半濁点が離れています。", f"「{right}」にしてください。", instead=right
                )


def garbled(sheet: Sheet) -> Iterator[Hit]:
    """Letters that were lost on the way: �, 縺, ã€, C?te d'Ivoire."""
    names = _names_with_a_gap(sheet)
    for passage in sheet.holding(_GARBLED, _QUESTION):
        spans = [match.span() for match in _GARBLED.finditer(passage.text)]
        if "?" in passage.text:
            spans += [match.span() for match in (*_LOST.finditer(passage.text), *(names.finditer(passage.text) if names else ()))]
        end = -1
        for start, stop in sorted(spans):
            if start >= end:
                end = stop
                found = passage.text[start:stop]
                severity = Severity.ERROR if "\ufffd" in found else None
                message = f"「{passage.raw[max(start - 4, 0) : stop + 4].strip()}」は文字化けか、失われた文字のようです。"
                yield passage.hit((start, stop), message, "元の原稿を見て、正しい文字に直してください。", severity=severity)


def _names_with_a_gap(sheet: Sheet) -> re.Pattern[str] | None:
    """The glossary's foreign names as they look when CP932 has taken their letters: Bogot?, S?o Paulo."""
    if not any("?" in passage.text for passage in sheet.prose):
        return None
    names = {form for term in sheet.glossary for form in (term.en, *term.ja) if not form.isascii()}
    gaps = {"".join(letter if _encodes(letter, "cp932") else "?" for letter in name) for name in names}
    wanted = sorted(re.escape(gap) for gap in gaps if "?" in gap)
    return re.compile("|".join(wanted)) if wanted else None


def _is_plain(letter: str) -> bool:
    return (
        letter in _BORROWED or letter in SIMPLIFIED or letter == "\ue000" or _encodes(letter, "iso2022_jp") or bool(_UNSEEN.match(letter))
    )


def _encodes(letter: str, table: str) -> bool:
    try:
        letter.encode(table)
    except UnicodeEncodeError:
        return False
    return True


def _unseen_name(letter: str) -> str:
    if "\ue000" <= letter <= "\uf8ff" or letter >= "\U000f0000":
        return "外字"
    names = {
        "\u200b": "ゼロ幅スペース",
        "\ufeff": "BOM",
        "\u00ad": "ソフトハイフン",
        "\u2028": "行区切り",
        "\u2029": "段落区切り",
        "\ufffc": "図の抜け跡",
    }
    return names.get(
        letter, "文字の向きの記号" if "\u200e" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069" else f"U+{ord(letter):04X}"
    )


def _around(passage: Passage, match: re.Match[str]) -> str:
    return passage.raw[max(match.start() - 3, 0) : match.end() + 3].strip()


_WIDE = "".join(map(chr, range(0xFF01, 0xFF5F)))
_NARROW = str.maketrans(_WIDE, "".join(chr(ord(letter) - 0xFEE0) for letter in _WIDE))
_NARROW_ALNUM = {code: narrow for code, narrow in _NARROW.items() if chr(narrow).isalnum()}

RULES = (
    Rule(
        code="CHAR010",
        title="半角カナ",
        severity=Severity.WARNING,
        reason="半角カナは、古いメールの仕組みで文字化けし、濁点が離れて見えます。",
        source="点検一覧33（半角カナ）、RFC 1468",
        bad="ｾﾐﾅｰを開催します。",
        good="セミナーを開催します。",
        find=half_width_kana,
    ),
    Rule(
        code="CHAR011",
        title="全角と半角の英数字",
        severity=Severity.WARNING,
        reason="全角と半角が混ざった英数字は、検索で見つからず、読み上げでも一字ずつになります。",
        source="公用文作成の考え方 Ⅰ-4（数字）",
        bad="ＣＯＰ29は2０24年に開かれました。",
        good="COP29は2024年に開かれました。Ｘ（旧Twitter）でもお知らせします。",
        find=widths,
    ),
    Rule(
        code="CHAR012",
        title="庁内システムで出ない文字",
        severity=Severity.WARNING,
        reason="メールを無害化する庁内システムの多くは、マイクロソフトの文字表にない字を「?」に変えます。",
        source="点検一覧33、メール無害化の実際（CP932）",
        bad="ご参加ありがとうございました🎉",
        good="～、－、「国連」―都市―です。",
        find=beyond_gateways,
    ),
    Rule(
        code="CHAR013",
        title="中国の字体",
        severity=Severity.WARNING,
        reason="中国語の資料から貼った字は、日本語の字と形が違い、庁内システムでは「?」になります。",
        source="常用漢字表",
        bad="東アジア地域の会议が开かれました。",
        good="高雄市と國學院大學、慶應義塾の會田さんが参加しました。",
        find=chinese_forms,
    ),
    Rule(
        code="CHAR014",
        title="目に見えない文字",
        severity=Severity.WARNING,
        reason="見えない文字は、語を割って検索や読み上げを妨げ、メールが途中で切れる原因にもなります。",
        source="点検一覧32",
        bad="持続可能\u200bな都市です。",
        good="持続可能な都市です。",
        find=unseen,
    ),
    Rule(
        code="CHAR015",
        title="文字化け",
        severity=Severity.WARNING,
        reason="一度失われた文字は、読者には直せません。",
        source="点検一覧32、表計算ソフトのCSV保存",
        bad="C?te d'Ivoireとサン?パウロ、縺薙ｌです。",
        good="参加しませんか?お待ちしています。",
        find=garbled,
    ),
)
