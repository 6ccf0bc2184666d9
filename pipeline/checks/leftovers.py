"""What stays in an item from its sender's own mail: greetings, attachments, requests, notes to oneself. Passages in, hits out.

Every pattern is a habit of letter writing in Japanese offices, not a string; what stands in 「」 is somebody's speech and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.gather import found, gathered, lines, notes, unquoted
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_GREETING = re.compile(
    r"お世話に?(?:なって(?:お|い)ります|なります|なり(?:、|誠に|大変|まして|ありがと)|なっており)|お世話(?:様|さま)(?:です|に)|お疲れ(?:様|さま)です|お疲れ様でございます"
    r"|(?:^|。)(?:拝啓|謹啓|前略|冠省)(?:[、。　 ]|$)|(?:敬具|謹白|草々)[　 。]*$|時下(?:ますます|益々|、)"
    r"|(?:ご?連絡|ご?返信|お返事|メール|お電話|情報(?:の)?提供)(?:を)?(?:いただき|頂き)?、?(?:誠に)?ありがとうございます"
    r"|(?:^|。)(?:了解|承知)(?:しました|いたしました|です)|(?:ご|御)(?:清栄|清祥|隆盛|隆昌)|(?:ますます|益々|いよいよ)(?:ご|御)(?:健勝|発展)"
    r"|(?:初めて|はじめて|突然)(?:の)?(?:メール|ご連絡|お便り)(?:を)?(?:差し?上げ|さしあげ|いたし|致し|させて|失礼|で失礼|、?申し訳|にて)"
    r"|(?:取り?急ぎ|とり急ぎ|とりいそぎ)、?(?:ご(?:連絡|報告|案内|確認|共有|送付)|お(?:知らせ|願い|礼|送り)|御(?:礼|連絡|報告)|用件|メール|失礼|以上)"
    r"|まずは、?(?:お知らせ|ご?(?:報告|案内|連絡|通知)|御礼|お礼|用件)(?:のみ)?(?:まで|にて|申し上げ)"
    r"|(?:お忙しい|ご多忙|ご多用)(?:の)?(?:ところ|中|なか|折)(?:、)?(?:大変|誠に)?(?:恐れ入|恐縮|申し訳|失礼|お手数)"
)
_OPENING = re.compile(
    r"(?:^|。)(?:平素|日頃|日ごろ|常日頃|いつも)(?:より|は|から|の)?、?(?:[^。]{0,30}(?:に|へ|を|から|は))?、?(?:格別の|多大なる?|大変|いつも)?"
    r"(?:ご|御)(?:協力|理解|高配|支援|指導|尽力|愛顧|厚情|鞭撻|助力|厚誼)[^。]{0,25}(?:感謝|御?礼|ありがとう|有難う|賜り)"
    r"|^(?:先日|先般|過日|昨日|その節|このたび|この度|先ほど|先程)は、?(?:[^。]{0,20})(?:お世話になり|ありがとうござい|失礼いたし|お電話)"
    r"|^(?:以上です|以上、|何卒|どうか|どうぞ|引き続き|それでは、?)?、?(?:ご(?:確認|対応|検討|手配|高配)の(?:ほど|程)、?)?(?:何卒|どうぞ)?、?"
    r"(?:よろしく|宜しく)お(?:願い|ねがい)(?:し|いた|致|申し上げ)[^。]{0,8}[。！]?$"
    r"|^記$|^以上(?:です|となります|でございます|、ご(?:連絡|報告|案内)(?:いた|申|まで))"
)
_NAMING = re.compile(
    r"(?:^|。)(?:[^。、\sはがを]{0,25}(?:課|局|部|室|係|市|県|区|町|村|都|府|庁|所|会|機構|財団|大学|センター|事務局|担当|チーム))の?"
    r"[\s　]?(?![一-龠]*[長事]です)[一-龠々ヶ]{1,6}(?:です|と申します|でございます)。"
)
_OUR_THANKS = re.compile(r"イクレイ|ICLEI|e-News|本(?:誌|紙|ニュース)|会員自治体")


def greetings(sheet: Sheet) -> Iterator[Hit]:
    """The formulas with which a mail begins and ends. Our own thanks in the 巻頭言 and in 編集後記 are none."""
    own = notes(sheet)
    yield from gathered(_greeting(passage, match) for passage, match in _letters(sheet, own))


def _letters(sheet: Sheet, own: frozenset[str]) -> Iterator[tuple[Passage, re.Match[str]]]:
    for passage in sheet.holding(_GREETING, _OPENING, _NAMING):
        if passage.kind == "quote":
            continue  # an answer's own quotation is told as a whole
        text = passage.unquoted
        yield from ((passage, match) for match in _GREETING.finditer(text))
        if passage.path not in own and passage.kind in ("paragraph", "item"):
            openings = (match for match in _OPENING.finditer(text) if not _OUR_THANKS.search(match[0]))
            yield from ((passage, match) for match in (*openings, *_NAMING.finditer(text)) if not _GREETING.search(match[0]))


def _greeting(passage: Passage, match: re.Match[str]) -> Hit:
    message = f"「{_short(match[0])}」は、発信元からのメールの挨拶が残ったもののようです。"
    return passage.hit(_span(match), message, "読者に宛てた文だけを残し、挨拶と名乗りは消してください。")


_ADDRESSEE = re.compile(
    r"(?:[^、。：:]{0,30}(?:ご?担当者?|関係者|責任者|編集部|編集長|編集者|事務局|広報|会員|自治体)[\s　]?(?:の)?(?:様|さま|殿|各位|御中|の?皆様|の?皆さま)"
    r"|[^、。：:]{0,30}御中|(?:関係|会員|担当)?(?:者)?各位|(?:[^、。：:]{1,20}[\s　])?[一-龠々]{1,4}[\s　]?(?:様|殿)|[^、。：:]{1,25}(?:課長|部長|局長|係長|主査|主任"
    r"|先生)[\s　]?(?:様|殿))"
    r"(?:へ|宛|CC|（[^）]*）)?"
)
_NO_ADDRESSEE = re.compile(r"(?:多|同|仕|模|一|異|有|紋|神|王|客|皆|宮|殿|沈|御|神|貴)様$|(?:神|宮|御|本|拝|沈)殿$|の[課部局係]長$")


def addressees(sheet: Sheet) -> Iterator[Hit]:
    """A line that is nothing but the person or office whom the sender's mail was for."""
    own = notes(sheet)
    yield from gathered(
        passage.hit((start, end), f"「{passage.raw[start:end].strip()}」は、発信元のメールの宛名のようです。", "宛名の行を消してください。")
        for passage in sheet.holding(_ADDRESSEE)
        if passage.path not in own and passage.kind == "paragraph" and not passage.raw.startswith("＞")
        for start, end in lines(passage)
        if _addresses(passage.text[start:end].strip(" 　" + BLANK))
    )


def _addresses(line: str) -> bool:
    whole = _ADDRESSEE.fullmatch(line)
    return (
        bool(whole)
        and len(line) <= 40
        and not _NO_ADDRESSEE.search(line)
        and ("殿" not in line[:-1])
        and bool(re.search("[様殿中位]|さま", line[-6:]))
    )


_THING = r"(?:ファイル|資料|チラシ|ちらし|PDF|ＰＤＦ|データ|文書|要領|要項|案内|様式|申込書|申込用紙|写真|画像|原稿|図|表|地図|プログラム|フライヤー|エクセル|Excel|Word|ワード|一覧|リーフレット)"
_ATTACHED = re.compile(
    r"添付(?:の(?!うえ|上|際|場合|必要|方法|有無|ない|形|し方|可否|ほか)|いたし|致し|しました|しており|しています|します(?!と)|させて|した(?=ファイル|資料|チラシ|PDF|写真|データ|案内|開催)"
    r"|参照|にて|をご(?:覧|参照|確認|査収)|のとおり|[0-9０-９①-⑨]|（|："
    rf"|{_THING}(?:[0-9０-９①-⑨])?(?:の(?:とおり|通り)|を(?:ご|御)|もご|にて|に(?:記載|ある|て)|で(?:ご|お送り)|をお送りし|を?参照|[）)】]|から))"
    r"|[（(※]添付|別添(?!え)|(?<!特)別紙(?:の|を|に|にて|参照|様式|チラシ|[0-9０-９①-⑨]|（|）|のとおり)"
    r"|同封(?:の(?!うえ|上|場合|際)|いたし|致し|しました|します|しており|物|資料|チラシ)"
    r"|別(?:の)?(?:メール|便)(?:で|にて)(?:お送り|送付|送り|送信|ご)|(?:ギガファイル|宅ふぁいる|データ|ファイル転送)便|firestorage|ファイアストレージ"
    r"|パスワードは?(?:別(?:途|送|メール|便)|後(?:ほど|送))|解凍パスワード|先(?:ほど|程)の?メール"
)
_TO_ATTACH = re.compile(
    r"添付(?:し(?:て|、|た(?:うえ|上|もの|メール)|てください)|の(?:うえ|上)|する|でき|可|書類|ください|が必要|不要|は(?:不要|ご遠慮))|添付ファイルは(?:不要|ご遠慮|使)"
)


def attachments(sheet: Sheet) -> Iterator[Hit]:
    """Things that came with the sender's mail and do not come with ours; what readers are asked to attach is no slip."""
    yield from gathered(
        passage.hit(
            _span(match),
            f"「{_short(match[0])}」とありますが、このメールには添付も別紙もありません。",
            "内容を本文に書くか、ファイルのあるページへのリンクに替えてください。",
        )
        for passage, match in found(sheet.holding(_ATTACHED), _ATTACHED, unquoted)
        if not _linked(passage, match.start()) and not _asked(passage.text, match.start())
    )


def _linked(passage: Passage, at: int) -> bool:
    """Whether the word is part of the text of a link: then it leads somewhere."""
    opening, closing = passage.raw.rfind("[", 0, at), passage.raw.rfind("]", 0, at)
    return opening > closing and "](" in passage.raw[at:]


def _asked(text: str, at: int) -> bool:
    start = max(text.rfind("。", 0, at), text.rfind(BLANK, 0, at)) + 1
    end = text.find("。", at)
    return bool(_TO_ATTACH.search(text[start : end if end > 0 else len(text)]))


_REQUEST = re.compile(
    r"(?:ご|御)掲載(?:(?:を)?(?:よろしく|宜しく|何卒)|の(?:ほど|程|お願い|可否|依頼)|いただけ|いただき(?:たく|ますよう)|(?:を)?お願い|(?:くだ|下)さい|願い|頂)"
    r"|掲載(?:の(?:お願い|ご検討|ご依頼)|を(?:お願い|ご検討|ご依頼|依頼|希望)(?:いた|し|申|致|くだ)|して(?:いただ|頂|くだ|下さ|ほし|欲し)|可能でしょうか|依頼です)"
    r"|(?:ご|御)(?:査収|高覧|教示)(?:の(?:ほど|程|うえ|上)|ください|下さい|いただ|願|を)"
    r"|(?:周知|ご周知|展開|ご展開)(?:の(?:ほど|程)|(?:を|に)?(?:ご)?(?:協力)?(?:を)?お願い(?:いた|し|申|致)|いただ(?:けます|けれ|きたく))"
    r"|(?<![でてらトジ])ご?確認(?:を)?お願い(?:いた|致|申|し)|(?:ご?紹介|記事に|配信|ご?周知|拡散|ご?案内)(?:して)?(?:いただけ|頂け|いただきたく)(?!ま?した)"
    r"|(?:先日|先ほど|前回|昨日)お送りした|(?:修正版|差し?替え版|最新版|確定版|正式版)(?:を|は|が)?、?[^。]{0,10}(?:お送り(?:し|いた|致)|送付(?:し|いた|致)|送ります)"
    r"|ご確認の(?:ほど|程|うえ、?ご(?:連絡|返信|回答))|(?:修正|訂正|変更|追記|差し?替え)(?:を|等)?(?:が(?:あり|ござい)ましたら|お願い(?:いた|し|申|致))"
    r"|(?<![旧疲宿語悪])弊(?:社(?!会)|課|所|市|庁|局(?!面)|団体|協会|会(?!社)|財団|部(?!分)|室|県|区|町|村|法人|センター|学)|小職|小生|当方(?:の?(?:原稿|担当|より|から|で|にて))"
    r"|貴(?:誌|紙|メルマガ|メールマガジン|ニュースレター|事務局|協議会|会(?:の|に|で|へ|が|、)|e-News|ニュース)|御誌|御会"
    r"|(?:原稿|文案|案文|掲載文|記事案|原稿案|掲載用(?:の)?(?:写真|画像|データ)?)(?:を|は|も|につき|について)?、?[^。]{0,14}(?:お送り(?:し|いた|致|申)|送付(?:し|いた|致)|送(?:り"
    r"|信し)ます|提出(?:し|いた|致)ます)"
    r"|以下(?:の|が)?(?:原稿|掲載文|文案|案文)(?:です|となります|になります|のとおり)"
    r"|(?<![担相該正])当(?:課|係|室(?![内温外]))|ので、?(?:ご)?共有(?:いたし|致し|し)ます|[（(【]再送[）)】]"
    r"|(?:以下|下記|上記)(?:を|、)?転送|転送(?:いたし|致し|し)ます|転送させて|【転送】|(?<![A-Za-z])FYI(?![A-Za-z])|ご参考まで(?:です|。|$|に?お送り|に共有)"
    r"|情報(?:を)?(?:共有|提供)(?:まで|です|いたします|致します|させて)|(?:ご|を)共有(?:いたし|致し|し)ます|共有させて(?:いただ|頂)"
    r"|リマインド(?:です|まで|(?:を)?(?:させて|いたし|致し|し(?:ます|て))|！|。|$)|【リマインド】|【再送】|再送(?:いたし|致し|し)ます|再送です|【(?:掲載依頼|依頼|相談|共有|照会|回答|情報提供|周知依頼)】"
    r"|(?:本メール|このメール)(?:を|は)(?:受け取|受信|関係|各|BCC|Bcc|転送|誤って)|[BC]CC?で(?:失礼|お送り)|Bccで"
)


def requests(sheet: Sheet) -> Iterator[Hit]:
    """What the sender asked of the editors, and words in which he spoke of himself and of us."""
    yield from gathered(
        passage.hit(
            _span(match),
            f"「{_short(match[0])}」は、発信元から編集部に宛てた言葉のようです。",
            "読者には要らない一文です。消すか、編集部から読者に宛てた文に直してください。",
        )
        for passage, match in found(sheet.holding(_REQUEST), _REQUEST, unquoted)
        if passage.kind != "quote" and not (_is_ours(sheet, passage) and re.match("ご?確認", match[0]))
    )


def _is_ours(sheet: Sheet, passage: Passage) -> bool:
    """Whether the editors speak to their readers there: in 募集・お知らせ, in the opening."""
    return passage.article is None or passage.article.section in {section.key for section in sheet.masthead.sections if section.standing}


def _span(match: re.Match[str]) -> tuple[int, int]:
    lead = len(match[0]) - len(match[0].lstrip("。 　"))
    return match.start() + lead, match.end()


def _short(text: str) -> str:
    text = text.strip("。 　" + BLANK).replace(BLANK, "")
    return text if len(text) <= 24 else text[:24] + "…"


RULES = (
    Rule(
        code="LEFT001",
        title="メールの挨拶",
        severity=Severity.WARNING,
        reason="発信元から編集部に届いたメールの挨拶は、読者に宛てたものではありません。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="いつもお世話になっております。見本市環境課の見本です。セミナーを開きます。",
        good="視察では、見本市の皆様に大変お世話になりました。ご参加をお待ちしています。",
        find=greetings,
    ),
    Rule(
        code="LEFT002",
        title="宛名",
        severity=Severity.WARNING,
        reason="発信元のメールの宛名が残っていると、誰に宛てた記事か分からなくなります。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="イクレイ日本 ご担当者様\n\n見本市はセミナーを開きます。",
        good="都市の多様な取組を、会員自治体の皆様にご紹介します。",
        find=addressees,
    ),
    Rule(
        code="LEFT003",
        title="添付・別紙",
        severity=Severity.WARNING,
        reason="このメールに添付はなく、庁内のメールでは添付が外されます。",
        source="無害化の運用、点検項目30",
        bad="開催要領は添付ファイルをご覧ください。",
        good="申込書を添付して、メールでお送りください。",
        find=attachments,
    ),
    Rule(
        code="LEFT004",
        title="編集部への頼みごと",
        severity=Severity.WARNING,
        reason="編集部への頼みごとや、発信元の立場の言葉（弊課、貴誌）は、読者には意味が通りません。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="次号へのご掲載をお願いいたします。",
        good="「イクレイ通信」の掲載は隔月です。このメールは庁内で転送いただけます。",
        find=requests,
    ),
)
