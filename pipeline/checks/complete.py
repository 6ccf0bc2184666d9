"""Rules about what is missing in an item that invites: a deadline, a way to apply, a date, a place.

Records in, findings out. 先着順, 随時, 申込不要 and 締切なし are answers; so is what stands in the body, a table or a list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.checks.dated import chains, dates_in
from pipeline.checks.facts import facts, is_asked, own
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.dates import read_clocks
from pipeline.model import INVITING_TAGS, Article, Place, Severity

_INVITES = re.compile(
    r"(?:を|の)?(?:募集(?!要項|結果|を?終了|定員|人数|状況|停止|中止)|公募(?!結果|を?終了)|パブリックコメント|申込受付中|エントリー受付)"
)
_OVER = re.compile(r"結果|終了|決定|ました|選定|採択|受賞|報告|予告|予定")
OPEN_END = re.compile(
    r"締め?切り?(?:は|日は)?(?:なし|ありません|設け(?:ません|ていません)|設定していません)|先着順?|随時|通年|いつでも|期限(?:は|を)?(?:なし|ありません|設け)|常時"
    r"|申し?込み?(?:は)?(?:不要|いりません|要りません)|事前申込み?(?:は)?不要|当日(?:直接|参加|受付|会場)|定員に(?:なり|達し)次第|なくなり次第|自由参加|参加自由|予約不要"
)
_LIMIT = re.compile(r"締め?切|〆切|期限|期間|まで|必着|消印|受付|申込")
_MEANS = r"(?:電子)?メール(?!アドレス|マガジン)|郵送|電話|ファクス|FAX|窓口|フォーム|持参|返信|QR|はがき|(?:問い?合わ?せ先|連絡先|応募先|申込先|事務局|編集部|担当|[課室係局所])(?:へ|まで|に直接|あて|宛)"
WAY = re.compile(_MEANS, re.IGNORECASE)
_LINKED = re.compile(rf"{_MEANS}|詳細|ページ|サイト|ウェブ|Web|リンク|URL|専用|要項", re.IGNORECASE)
ADDRESS = re.compile(r"https?://|www\.|[\w.+-]+@[\w-]+\.[\w.-]+|0\d{1,4}[-‐－(（]\d{1,4}[-‐－)）]\d{3,4}|〒")
_ONLINE = re.compile(
    r"オンライン|Zoom|ウェブ(?:会議|配信)|ウェビナー|Teams|YouTube|ライブ配信|対面|(?:会場|場所|ところ|集合(?:場所)?)(?:[:：|｜]|は)|於|にて"
    r"|(?:ホール|会館|[図博文物書]館|体育館|センター|庁舎|公園|大学|[小中高]?学校|ホテル|会議室|広場|海岸|[川浜山森]|市役所|県庁|区役所|役場|事務所|会場|現地|干潟|農園|プラザ|[市町村県都区]内|各地)"
    r"(?:[^。、]{0,12})?(?:で(?![はも])|に(?:集|て)|を会場)",
    re.IGNORECASE,
)
_BROKEN_MAIL = re.compile(r"(?<![\w.@+-])[\w.+-]+@(?:[\w-]*|[\w.-]*\.)(?![\w.@-])", re.ASCII)


def title_of(sheet: Sheet, article: Article) -> Passage | None:
    """The headline as it stands in the file."""
    return next((passage for passage in own(sheet, article) if passage.key == "title"), None)


def inviting(sheet: Sheet) -> Iterator[tuple[Article, Passage]]:
    """The items that ask readers to apply or to write: by their tag, or by a title that says so and takes nothing back."""
    standing = {section.key for section in sheet.issue.sections if section.shows in ("note", "case")}
    for article in sheet.issue.articles:
        title = title_of(sheet, article)
        if title is None or article.section in standing or article.origin or article.tag == "開催報告":
            continue
        asks = article.tag != "再掲" and _INVITES.search(article.title) and not _OVER.search(article.title)
        if article.tag in INVITING_TAGS or asks or article.apply:
            yield article, title


def body_of(sheet: Sheet, article: Article) -> str:
    """Everything that the item's text says, addresses included."""
    return "\n".join(passage.raw for passage in own(sheet, article) if passage.kind != "field" or passage.key in ("title", "summary"))


def no_deadline(sheet: Sheet) -> Iterator[Hit]:
    """An invitation that does not say until when."""
    for article, title in inviting(sheet):
        stated = [fact for fact in facts(sheet, article) if fact.kind == "deadline"]
        place = hollow(article, "deadline")
        limited = any(is_limited(sheet, passage) for passage in own(sheet, article) if passage.kind != "field")
        if not article.deadline and place and (stated or limited):
            hint = "項目欄の「締切」に、本文と同じ日を書いてください（項目欄の締切は、記事の下に表示されます）。"
            yield Hit(message="「締切：」の欄が空ですが、本文には締切があります。", hint=hint, place=place)
            continue
        if article.deadline or stated or OPEN_END.search(body_of(sheet, article)):
            continue
        if not limited:
            hint = "「締切：2025年2月14日（金）17:00」のように書くか、本文に「先着順」「随時」「申込不要」などと書いてください。"
            yield title.hit((0, len(title.text)), f"「{article.title}」に締切がありません。", hint)


def is_limited(sheet: Sheet, passage: Passage) -> bool:
    """Whether a sentence of it says until when readers may act."""
    return any(
        _LIMIT.search(sentence[0]) and is_asked(sentence[0], chain[-1].end - sentence.start())
        for chain in chains(dates_in(sheet, passage))
        for sentence in re.finditer("[^。]+", passage.text)
        if sentence.start() <= chain[0].start < sentence.end()
    )


def hollow(article: Article, key: str) -> Place | None:
    """Where the front matter has this entry with nothing behind it."""
    manuscript = article.manuscript
    entry = next((entry for entry in manuscript.entries if entry.key == key and entry.start >= entry.end), None) if manuscript else None
    if manuscript is None or entry is None:
        return None
    before = manuscript.text[: entry.start]
    return Place(path=manuscript.path, line=before.count("\n") + 1, column=entry.start - before.rfind("\n"))


def no_way(sheet: Sheet) -> Iterator[Hit]:
    """An invitation that does not say where to, or gives an address that is cut off; one without anybody to ask."""
    for article, title in inviting(sheet):
        body = body_of(sheet, article)
        told = bool(article.apply or ADDRESS.search(body) or (OPEN_END.search(body) and "不要" in body))
        if not told and not (article.contact and WAY.search(body)) and not (article.link and _LINKED.search(body)):
            hint = (
                "「申込：」にURLかメールアドレスを書くか、本文に申込みの方法を書いてください。申込みが要らなければ「申込不要」と書きます。"
            )
            yield title.hit((0, len(title.text)), f"「{article.title}」に、申込み・応募の方法がありません。", hint)
        elif article.contact and not ADDRESS.search(article.contact + body) and not article.apply and not article.link:
            hint = "電話番号かメールアドレスを「問合せ先：」に足してください。"
            yield title.hit((0, len(title.text)), f"「{article.title}」の問合せ先に、電話番号もメールアドレスもありません。", hint)
        elif not article.contact and (article.tag or not article.apply) and not re.search(r"問い?合(?:わ)?せ|連絡先|照会先|事務局", body):
            hint = "「問合せ先：担当課　電話番号かメールアドレス」を書いてください。"
            yield title.hit((0, len(title.text)), f"「{article.title}」に問合せ先がありません。", hint)


_PHONE = re.compile(r"(?:電話|☎|TEL|Tel|tel|FAX|Fax|ファクス|ファックス)[番号\s:：.．）)]{0,4}(?P<n>0[\d\-－‐–()（） ]{6,16}\d)")


def _broken_phones(sheet: Sheet) -> Iterator[Hit]:
    """A telephone number of Japan that has too few or too many figures."""
    for passage in sheet.passages:
        if not passage.is_data:
            for match in _PHONE.finditer(passage.raw):
                figures = re.sub(r"\D", "", unicodedata.normalize("NFKC", match["n"]))
                if (
                    len(figures) != (11 if figures[:3] in ("050", "070", "080", "090") else 10)
                    and "内線" not in passage.raw[match.end() :][:4]
                ):
                    message = f"電話番号「{match['n']}」は{len(figures)}けたです。"
                    yield passage.hit(
                        match.span("n"), message, "市外局番から数えて10けた（050・携帯は11けた）です。発信元のページで確かめてください。"
                    )


def broken_mail(sheet: Sheet) -> Iterator[Hit]:
    """An address of which the end is missing: ondanka@example; a telephone number with a figure too few."""
    yield from _broken_phones(sheet)
    for passage in sheet.passages:
        if passage.kind != "field" or passage.key in ("apply", "contact", "host", "department"):
            for match in _BROKEN_MAIL.finditer(passage.raw):
                hint = "@ の後が途中で切れていないか、発信元のページで確かめてください。"
                yield passage.hit(match.span(), f"「{match[0]}」は、メールアドレスとして届きません。", hint)


def no_date(sheet: Sheet) -> Iterator[Hit]:
    """A calendar's item without a day; an event one applies for without day, hour or place."""
    calendars = {section.key for section in sheet.issue.sections if section.shows == "event"}
    for article in sheet.issue.articles:
        title = title_of(sheet, article)
        if title is None or article.origin:
            continue
        dated = article.start is not None or any(dates_in(sheet, passage) for passage in own(sheet, article))
        if article.section in calendars:
            if not dated and not re.search(r"\d{1,2}月|\d{4}年|未定|調整中", article.title + article.body):
                yield title.hit(
                    (0, len(title.text)),
                    f"「{article.title}」に日時がありません。",
                    "「日時：2025-03-14 13:30～16:00」のように書いてください。",
                )
        elif article.tag == "参加者募集" and _takes_place(sheet, article):
            yield from _event(sheet, article, title, dated=dated)
        elif (
            article.tag == "開催報告"
            and not dated
            and _HELD_THEN.search(article.title)
            and not _SOMEWHEN.search(article.title + article.body)
        ):
            hint = "「日時：2025-01-15」か、本文に開いた日を書いてください。"
            yield title.hit((0, len(title.text)), f"「{article.title}」に、いつ開いたのかがありません。", hint)


_HELD_THEN = re.compile("開催|実施|開きました|行いました")
_SOMEWHEN = re.compile(r"\d{1,2}月|\d日|\d{4}年|今月|先月|[昨今]年|[春夏秋冬]|先日|先週|今週|[上中下]旬|COP|世界大会")
_CALL = re.compile(
    r"(?:インターン|職員|スタッフ|ボランティア|サポーター|アンバサダー|委員|モニター|会員|隊員|研修生|派遣生|奨学生|講師|協力者|担い手|里親|写真|フォト|作文|作品|論文|俳句|川柳|標語|ポスター|絵画|絵日記|イラスト|愛称|名称|ロゴ(?:マーク)?"
    r"|キャラクター|動画|アイデア|提案|事例|取組|好事例|原稿|寄稿|エッセ[イー]|パートナー|協力(?:施設|店|事業者|企業)|実施団体|支援団体|協賛|出展(?:者|団体)?|出店(?:者)?|事業者|企業|施設|店舗|団体|自治体|都市|世帯|希望者"
    r"|コンテスト|コンクール|アワード|大賞|表彰)[」』（）()・、年度第期\d名人程件点0-9]{0,12}(?:の|を|、|に)?[^。、]{0,8}(?:募集|公募|募り|募って|募る|求め|大募集|推薦)"
    r"|(?:コンテスト|コンクール|アワード|大賞|表彰|補助金|助成金?|共同購入|共同調達|購入希望|協力店|登録(?:店|制度|受付)|登録を(?:始め|開始|受け付け|呼び掛け|呼びかけ))"
)
_HELD = re.compile(
    r"セミナー|シンポジウム|シンポ|フォーラム|ワークショップ|カフェ|ツアー|教室|祭り|まつり|フェス|フェア|ウェビナー|サミット|イベント|催し|講[座演習義]|研修|見学|ミーティング|キャンプ|スクール|マルシェ|大会|体験|観察|清掃|植樹|上映|ウォーク"
    r"|(?:説明|相談|報告|勉強|交流|学習|座談|懇談|研究|発表|集|会議|例|検討|意見交換|の)会(?!員|社|計|期|費|則|場)|会議|開催|開きます|開かれ|行います|実施します|参加者"
)


def _takes_place(sheet: Sheet, article: Article) -> bool:
    """Whether one goes somewhere at a certain hour; a call for people, pictures, partners or buyers is no event."""
    if article.start:
        return True
    if _CALL.search(article.title) and not re.search(r"参加者|聴講|受講", article.title):
        return False
    return bool(_HELD.search(article.title) or _HELD.search(body_of(sheet, article)))


def _event(sheet: Sheet, article: Article, title: Passage, *, dated: bool) -> Iterator[Hit]:
    text = "\n".join(passage.text for passage in own(sheet, article) if passage.key not in ("deadline", "contact", "section"))
    named = any(fact.kind == "event" for fact in facts(sheet, article))
    clocks = any(read_clocks(passage.text) for passage in own(sheet, article) if passage.key != "deadline")
    missing = [
        word
        for word, there in (
            ("日時", dated and (named or bool(re.search(r"\d月\d{1,2}日|未定|調整中", text)))),
            ("始まる時刻", clocks or bool(re.search(r"終日|毎日|期間中|泊|時間未定|詳細は", text)) or _lasts(article)),
            ("会場", bool(article.venue or _ONLINE.search(text))),
            (
                "主催",
                bool(article.host or article.label or article.section == "members" or re.search("主催|共催|イクレイ日本[はがの]", text)),
            ),
        )
        if not there
    ]
    if missing:
        what = "・".join(missing)
        hint = "「日時：2025-03-14 13:30～16:00」「会場：市民会館」のように書いてください。決まっていなければ「未定」「調整中」と書きます。"
        yield title.hit((0, len(title.text)), f"「{article.title}」に{what}がありません。", hint)


def _lasts(article: Article) -> bool:
    """Whether it goes on for days: then the hour of its opening may be left to its page."""
    start = article.start
    return bool(start and start.first and start.last and start.last > start.first)


_WAITS = re.compile(
    r"(?:本人|保護者|被写体|撮影者|写っている(?:方|人)|提供者|作者|著作者)(?:の方|様|さん)?(?:の|から|に|より)?(?:承諾|許諾|同意|確認|了解|許可|使用許可|掲載許可)(?:の?返事|の?回答)?(?:が|は|を|も)?"
    r"[^。]{0,8}(?:次第|待ち|済んでい(?:ない|ませ)|取れてい(?:な|ま)|得られてい(?:な|ま)|届いてい(?:な|ま)|まだ|未|依頼中|照会中|これから|取(?:る|ります)予定|求めてい)"
)


def unfinished_permission(sheet: Sheet) -> Iterator[Hit]:
    """掲載許諾 of a picture that says itself that it has not come yet; of a case study it speaks of the text, which is CASE005's."""
    for passage in sheet.prose:
        for match in _WAITS.finditer(passage.unquoted):
            yield passage.hit(
                match.span(), f"「{match[0]}」とあり、許諾が済んでいません。", "許諾を得てから載せ、この一文は消してください。"
            )
    for passage in sheet.passages:
        of_case = passage.article is not None and passage.article.origin is not None
        if (
            passage.key == "permission"
            and not of_case
            and re.search(r"依頼中|照会中|確認中|未|申請中|待ち|不明|これから|予定|[?？]", passage.raw)
        ):
            message = f"掲載許諾が「{passage.raw}」のままです。"
            yield passage.hit((0, len(passage.raw)), message, "許諾を得てから載せてください。得られなければ、写真を外します。")


def unlabelled(sheet: Sheet) -> Iterator[Hit]:
    """An item of the members' news without the member it is from."""
    for article in sheet.issue.articles:
        if article.section in ("members", "member_actions") and not article.label and not article.origin:
            place = article.place if article.place.path else Place(path=sheet.issue.place.path)
            hint = "「自治体：京都市」か「冠：イクレイ会員4自治体」を書いてください（見出しの前に【】で出ます）。"
            yield Hit(message=f"「{article.title}」に、どの自治体かを示す【】がありません。", hint=hint, place=place)


def empty_correction(sheet: Sheet) -> Iterator[Hit]:
    """A correction whose two sides are the same: nothing is put right."""
    for passage in sheet.passages:
        cells = [cell.strip(" 　") for cell in re.split("[|｜]", passage.raw)]
        table = passage.kind == "row" and len(cells) >= 5 and BLANK * 2 in passage.text
        entry = (passage.key, len(cells)) in (("corrects", 3), ("errata", 4))
        if (table and re.search(r"\w", cells[-3]) and cells[-3] == cells[-2]) or (entry and cells[-2] == cells[-1]):
            hint = "前の号に書いたままの文字を「誤」に、正しい文字を「正」に書いてください。"
            yield passage.hit((0, len(passage.raw)), "訂正の「誤」と「正」が同じです。", hint)


_ITEM = "---\n見出し: 食品ロスのセミナー\n欄: 会員自治体ニュース\n自治体: 京都市\nタグ: 参加者募集\n{}---\n\n本文です。{}\n"
_DATE, _PLACE, _END = "日時: 2025-02-27 14:00～16:00\n", "会場: 市民会館\n", "締切: 2025年2月14日（金）\n"
_APPLY, _ASK = "申込: https://www.example.jp/form/\n", "問合せ先: 環境課　a@example.jp\n"
_WHOLE = _ITEM.format(_DATE + _PLACE + _END + _APPLY + _ASK, "")

RULES = (
    Rule(
        code="COMP001",
        title="締切のない募集",
        severity=Severity.WARNING,
        reason="締切の分からない募集は、読んだ人が後回しにして、そのままになります。",
        source="校正の目録 33・35、記事の決まり（日時・会場・締切・申込・問合せ先）",
        bad=_ITEM.format(_DATE + _PLACE + _APPLY + _ASK, ""),
        good=_ITEM.format(_DATE + _PLACE + _APPLY + _ASK, "先着順に受け付けます。"),
        find=no_deadline,
    ),
    Rule(
        code="COMP002",
        title="申込み・問合せの方法",
        severity=Severity.WARNING,
        reason="どこへ申し込むのかが分からない募集には、応えようがありません。",
        source="記事の決まり（日時・会場・締切・申込・問合せ先）",
        bad=_ITEM.format(_DATE + _PLACE + _END + _ASK, ""),
        good=_WHOLE,
        find=no_way,
    ),
    Rule(
        code="COMP003",
        title="日時・会場のない催し",
        severity=Severity.WARNING,
        reason="いつ、どこで開くのかが分からない催しには、参加できません。",
        source="記事の決まり（日時・会場・締切・申込・問合せ先）",
        bad=_ITEM.format(_DATE + _END + _APPLY + _ASK, ""),
        good=_WHOLE,
        find=no_date,
    ),
    Rule(
        code="COMP004",
        title="許諾の済んでいない写真",
        severity=Severity.ERROR,
        reason="許諾を得ていない写真は、配信した後では取り返しがつきません。",
        source="著作権法 21条・23条",
        bad="---\n見出し: 催し\n欄: イクレイ日本の活動\n写真: images/a.jpg\n代替文: 会場で話す人\n写真提供: ©京都市\n掲載許諾: 依頼中\n---\n\n本文です。\n",
        good="---\n見出し: 催し\n欄: イクレイ日本の活動\n写真: images/a.jpg\n代替文: 会場で話す人\n写真提供: ©京都市\n掲載許諾: 1月20日に京都市から\n---\n\n本文です。\n",
        find=unfinished_permission,
    ),
    Rule(
        code="COMP006",
        title="自治体名のない会員ニュース",
        severity=Severity.WARNING,
        reason="会員自治体ニュースは、どの自治体の話かを【】で示す決まりです。",
        source="記事の決まり（【自治体名】見出し）",
        bad="---\n見出し: 計画を策定\n欄: 会員自治体ニュース\n---\n\n本文です。\n",
        good="---\n見出し: 計画を策定\n欄: 会員自治体ニュース\n自治体: 京都市\n---\n\n本文です。\n",
        find=unlabelled,
    ),
    Rule(
        code="COMP007",
        title="届かないアドレス・電話番号",
        severity=Severity.ERROR,
        reason="途中で切れたアドレスや、けたの足りない電話番号には、申込みも問合せも届きません。",
        source="RFC 5321、電気通信番号計画",
        bad="申込みは kankyo@example までお送りください。",
        good="申込みは kankyo@example.jp までお送りください。",
        find=broken_mail,
    ),
    Rule(
        code="COMP008",
        title="訂正の誤と正",
        severity=Severity.ERROR,
        reason="「誤」と「正」が同じでは、何を直したのかが読者に伝わりません。",
        source="前号の訂正の決まり",
        bad="| 箇所 | 誤 | 正 |\n|---|---|---|\n| 締切 | 2月14日（金） | 2月14日（金） |",
        good="| 箇所 | 誤 | 正 |\n|---|---|---|\n| 締切 | 2月14日（木） | 2月14日（金） |",
        find=empty_correction,
    ),
)
