"""Remarks that were meant for colleagues, and words of a page that a mail has not: left, right, overleaf, underlined. Passages in, hits out.

A word of the layout is wrong only where the mail cannot keep it: what points into the item's own picture or table is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.checks.gather import found, gathered, lines, unquoted
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.remains import tells
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Severity

_OPEN = r"[★☆※＊*【（(\[〔＜<《◆◇■□▲△▼●!！#＃]"
_DO = r"(?:確認|修正|調整(?!中)|差し?替え?|さしかえ|検討|校正|校閲|相談|追記|加筆|訂正|推敲|問い?合わせ|照会|裏取り|チェック|許諾|リライト|短縮|翻訳|清書|更新|削除|連絡|転記)"
_WHO = (
    r"(?:課長|部長|局長|係長|主査|事務局長|所長|理事長|市長|町長|村長|知事|秘書課?|広報課?|担当課?|原課|主管課|先方|相手方|本人|講師|著者|執筆者|発信元|上司|会長|顧問|監修|翻訳者?|法務|デスク|編集長|[一-龠]{1,4}(?:課"
    r"|部|室|さん|氏|様|先生))"
)
_STATE = r"(?:確認|照会|調整|協議|相談|了解|了承|承認|承諾|決裁|合議|校閲|校正|監修|査読|許諾|回答|返事|返信|連絡|最終確認|内容確認|事実確認)(?:中|待ち|済み?|予定|依頼中|前|未了|未済|要)"
_MEMO = re.compile(
    rf"[（(【［\[〔<＜《][★☆◆■▲●〓][ 　]?(?!印|マーク|は|新規|初|おすすめ|注目|人気|NEW|[）)】\]])[^）)】\]]{{1,24}}[）)】］\]〕>＞》]"
    rf"|[（(【［\[〔<＜《][^（）()【】]{{0,8}}?{_WHO}(?:に|へ|が|で|の|より|から|にて|と)?{_STATE}[^（）()]{{0,8}}[）)】］\]〕>＞》]"
    r"|[（(【［\[〔<＜《](?:内容|数字|数値|日付|日程|名称|氏名|肩書き?|表記|事実(?:関係)?|本文|原稿|記事|掲載|最終|再)?(?:未定稿|未確定稿|未確認|要再?確認|決裁(?:中|待ち|前)|起案中|合議中|校正中|校閲中|未確定|推敲中"
    r"|執筆中|作成中|入稿前|差し?替え予定|確認待ち|許諾待ち|照会中|掲載可否確認中)[）)】］\]〕>＞》]"
    r"|未定稿(?!は|の(?:段階|資料)|を公表)|(?<=[ぁ-んァ-ヶー一-龠、。])[★☆]{1,2}(?:要|再|未)?(?:確認|調整|修正|照会)|〓{1,}"
    rf"|{_OPEN}[ 　]*(?:[^、。）)】\]]{{0,10}}?(?:は|を|の)?)?[要未再]{_DO}"
    rf"|[要未再](?:確認|修正|校正|校閲|差し?替え|加筆|追記|裏取り)(?:です|！|!|？|\?|→|⇒|←|」?[）)】\]]|。?$)"
    rf"|{_OPEN}[ 　]*(?:確認|校正|校閲|許諾|裏取り|差し?替え|入稿|修正|加筆|調整要|原稿|写真|文章)(?:済み?|中|待ち|前|予定|依頼中|未着)[ 　]*(?:[）)】\]〕＞>]|$)"
    rf"|(?:後|あと|のち)(?:で|ほど|日)(?:、|[ 　])?(?:要|再|必ず)?(?:差し?替え|さしかえ|入れ替え|書き換え|書き?直|書き?足|追記|書く|書きます|直す|直します|埋め|入れる|入れます|消す|消します|削除"
    rf"|調べ|聞く|聞きます|修正)"
    rf"|(?:後|あと)(?:で|ほど)(?:、|[ 　])?(?:要|再|必ず)?(?:確認|相談|検討|追加|更新)(?:する(?!と|こと)|します|のこと|すること|[）)】\]]|。|！|!|$)"
    rf"|{_OPEN}[ 　]*(?:後|あと)(?:で|ほど)[ 　、]?"
    r"|(?:後|あと)(?:で|日)、?[^。、）)]{1,8}を?(?:差し?替え|修正(?:する|し?ます|$)|追記|確認(?:する(?!と|こと)|します))"
    r"|(?:数字|数値|日付|日時|肩書き?|氏名|名前|金額|URL|リンク|出典|スペル|綴り|読み|曜日|人数|表記|事実関係?)(?:は|が|を|の|、)?"
    r"(?:要?確認|未確認|あやしい|怪しい|要?チェック)(?:中|する|して(?:ください|おく)|のこと|[）)。]|$)"
    rf"|{_OPEN}[ 　]*注[:：][^）)】]{{0,20}}(?:仮|要|未|確認)|は仮(?:です|[）)。]|$)|{_OPEN}[ 　]*仮の|{_OPEN}[ 　]*ここ(?:に|へ|から|まで|は|が|を|、)"
    r"|(?<![必重需主概])要(?:更新|調整|チェック|検討|追記|翻訳|見直し|連絡|修正|差し?替え)(?:[）)】!！]|$)|[←→⇒][ 　]*(?:ここ|要)"
    r"|(?:写真|原稿|見出し|本文|文章|段落|表記|掲載|数字|タイトル|題名|キャプション|リンク)[^。]{0,10}"
    r"(?:差し?替え|入れ替え|書き換え|修正し|削除し|追記し|訂正し|加筆し|調整し|トリミングし)て(?:ください|下さい|おいて|いただけ|ほしい)"
    r"|(?:不要|必要|要る|いる|OK|これ|合ってる|正しい|本当|確か|入れる|載せる|消す|削る|要らない|いらない)[?？](?:[）)】\]＊*★]|$)"
    r"|トルツメ|トルアキ|[（(【\[](?:トル|イキ|ツメ|アキ|改行|ママ|ママイキ|全角|半角)[）)】\]]|(?:見出し|タイトル|リード文?|件名|題名|キャプション)案(?:[0-9０-９①-⑨]|[:：]|は)"
    r"|[（(][^（）()\d０-９]{0,10}(?:追記|加筆)(?:しました|済み?)?[）)]|(?:長|さん|氏|課|市|担当|先方|本人|様)(?:に|、)?(?:確認|チェック|了解|了承|許諾|校閲|校正)済み?(?:[）)】]|$)"
    r"|^ここまで(?:確認|校正|修正|OK|済|編集|見た)|(?:赤字|朱書き|朱字)(?:で|は)?(?:修正|訂正|加筆|追記|変更)|(?:修正|変更|訂正|追記|加筆)(?:箇所|部分|点)は?(?:赤字|赤|黄色)"
    r"|(?:写真)?キャプション[:：]|写真説明[:：]|(?:許諾|返事|返信|回答|確認|原稿|写真|(?:転載|掲載|使用)の?許可)待ち"
    r"|(?:に|へ)(?:確認|照会|問い?合わせ)中"
    r"|[※★☆＊][^。）)]{0,15}(?:貼る|入れる|消す|直す|足す|聞く|調べる|確認する|載せる|書く|差し替える|外す|送る)(?:こと)?(?:[）)。！!]|$)"
    r"|ファクトチェック(?:要|中|前|する|お願い|待ち)|取り?扱い?注意|部外秘|社外秘|庁外秘|対外秘|内部限り|内部限定|オフレコ|関係者限り"
    r"|掲載(?:不可|NG|しないで)|㊙|マル秘"
    r"|(?:さん|先方|担当者?)(?:に|へ)(?:聞く|聞いて|きく|訊く|確かめる|お願いする|連絡する)(?:こと)?[。）)】\]！]?$"
    r"|編集(?:注|メモ|者注意|部宛|部あて|者へ|者宛)|(?:校正|校閲|編集|翻訳|訳|担当|デザイナ|入稿|制作|レイアウト|配信担当)(?:者|ー)?(?:さま|様|さん)?(?:へ|あて|宛)(?:[:：、）)】\] 　]|$)|編集部(?:の方|さま"
    r"|様|さん)?へ[:：）)】\]]"
    r"|(?:校正|校閲|入稿|内部|社内|庁内|自分|私)用?(?:メモ|注|コメント|指示|備忘)"
    rf"|(?:^|{_OPEN})[ 　]*(?:メモ|ﾒﾓ|memo|MEMO|Memo|備忘録?|自分用|下書き|草稿|たたき台|叩き台|仮置き|仮原稿|仮テキスト|作業中|執筆中|編集中|保留中?|ボツ|没)[ 　]*(?:[:：）)】\]〕]|$)"
    r"|仮置き|仮入れ|コピペ|〆(?!切|鯖|張|縄)"
    r"|(?:先方|原課|担当課|担当者|上司|課長|係長|部長|局長|事務局長|所長|発信元|著者|さん)(?:に|へ|の|から)[ 　]?(?:要)?(?:(?:確認|照会|許諾|返事|返信|了解|了承)(?:中|済み?"
    r"|待ち|のこと|予定|依頼中)|(?:確認|照会|問い?合わせ|相談)する(?:こと)?[。）)】\]！]?$)"
    r"|[→⇒←][ 　]*(?:[要未再][一-龠]{2}|[一-龠]{1,4}さん|後で|あとで|差し?替え|ここ(?:に|を))"
    r"|(?:ここ|この(?:あたり|へん|辺|位置|部分|段落|下|上|後|あと|前))(?:に|へ|は|を|で)、?[^。]{0,12}(?:写真|図|画像|表|リンク|URL|本文|グラフ|地図|バナー|引用|コメント|文章)?(?:を"
    r"|が)?(?:入れ(?:る|て|ます|たい)|入ります|入る予定|挿入|配置|貼り?付?け?る|貼る|差し込|追加する|書く|削る|カット|短く)"
    rf"|{_OPEN}[ 　]*(?:写真|図|画像|表|リンク|URL|本文|キャプション|グラフ|地図|バナー|ロゴ|文章|原稿|日付|日時|肩書き?|氏名|名前|金額|数字)[ 　]*(?:を|が|は|、)?[ 　]*(?:挿入|入る"
    rf"|入れる|入ります|配置|差し?替え|未着|待ち|後送|別送|後日|手配中|送付済み?|届き次第|来たら|未定稿|確認|不明|調べる|要)"
    r"|(?:写真|原稿|画像|図|ロゴ|文章)(?:は|、)?(?:後送|別送|別途送付|未着|後日(?:送|差|お送り|送付)|待ち|届き次第|差し?替え(?:予定|ます|る))"
    r"|文字数(?:オーバー|超過|調整|要調整|不足)|(?:長い|長すぎる)ので(?:、)?(?:削|カット|短)|カット(?:可|OK|してください|して(?:も)?(?:可|OK))|(?:削除|省略|掲載)(?:しても)?(?:可|OK"
    r"|して(?:も)?(?:よい|可))(?:[）)。】]|$)"
    r"|(?:で|これで|が)(?:よろしい|宜しい|良い|よい|いい|大丈夫|合って(?:い)?(?:ます|る)|あって(?:い)?ます|正しい|間違いない|問題ない)(?:です|でしょう)?か(?:な)?[？?）)]"
    r"|(?:でしたっけ|だっけ|だったか(?:な)?|かも)[？?]|[（(][？?]{1,3}[）)]|(?:たぶん|多分|おそらく|うろ覚え)[）)。]"
    r"|以下、?(?:略|省略|同文|カット|不要|削除|割愛)|(?:^|[（(])(?:後略|中略|下略|略)(?:[）)]|$)|^(?:ここ(?:から|まで)|以上)(?:本文|コピー|記事|引用|転載|掲載|修正)?$"
)


def memos(sheet: Sheet) -> Iterator[Hit]:
    """Notes of a writer or an editor to himself or a colleague: 【要確認】, あとで差し替え, メモ：."""
    yield from gathered(
        passage.hit(
            match.span(),
            f"「{_short(match[0])}」は、書いた人や編集者の覚え書きのようです。",
            "確かめることを済ませてから、この言葉を消してください。",
        )
        for passage, match in found(sheet.holding(_MEMO), _MEMO, unquoted)
        if not tells(passage, match.span())
    )


_TITLES = ("title", "subject", "lead_line")
_UNFINISHED = re.compile(
    r"[（(【\[〔＜<《](?:仮|仮題|仮タイトル|仮見出し|題名未定|タイトル未定|見出し未定|未定稿|未定|草案|下書き|修正版?|修正済み?|差し?替え版?|最終稿|最終(?!版)|校了|初校|再校|念校|清書|コピー|ボツ|没|旧|新"
    r"|要差し?替え|テスト|test|TEST|保留)[）)】\]〕＞>》]"
    r"|(?:^|[ 　])(?:仮題|仮タイトル|仮見出し|テスト配信|テスト送信)(?:[:：]|$)|[_＿](?:修正|最終|確定|校了|改訂?|清書|差し?替え?|完成|v|ver|rev|final|FIX|fix|コピー)[版稿]?[.\d０-９]*$"
    r"|[ 　_＿-][vV](?:er)?[.]?\d+(?:\.\d+)?$|のコピー$|[（(]\d[）)]\.(?:md|docx?)$|\.(?:md|docx?|txt|pptx?|xlsx?|pdf)$"
)
_PROVISIONAL = re.compile(r"[（(【\[]仮(?:題|タイトル)?[）)】\]]")
_FACTS = ("start", "end", "place", "deadline", "fee", "host", "apply", "contact", "department", "as_of", "next_report")


def provisional(sheet: Sheet) -> Iterator[Hit]:
    """A title that is marked as provisional, as a version of a file, or as a draft. （仮称） is a name's own."""
    yield from gathered(
        passage.hit(
            match.span(),
            f"「{match[0].strip()}」は、仮の題名や版の印が残ったもののようです。",
            "題名や内容を確定し、この印を消してください（先方の正式な「（仮称）」はそのままでかまいません）。",
        )
        for passage in sheet.prose
        for match in (
            _UNFINISHED.finditer(passage.text)
            if passage.key in _TITLES or passage.kind == "heading"
            else _PROVISIONAL.finditer(passage.text if passage.key in _FACTS else passage.unquoted)
        )
    )


_SIDE = r"(?:写真|図(?![書面鑑工案])|表(?![彰現面札通])|画像|グラフ|地図|イラスト|コラム|囲み|欄|QRコード|ＱＲコード|二次元コード|コード|バナー|ボタン|メニュー|リンク)"
_ALWAYS = re.compile(
    rf"(?<![一-龠])[左右](?:の|側の|横の|上の|下の|端の)?{_SIDE}|{_SIDE}[左右](?![折派翼]|から|側通行)|(?<![一-龠])[左右]記(?!号|念|者|録|事|述|入|憶)"
    rf"|(?<![一-龠])[左右](?:ページ|頁|段|欄)|[（(][上下左右][上下左右]?(?:部|側|端)?(?:を|も)?(?:ご)?(?:参照|覧)"
    r"|下線(?:部|を(?:引|付|つけ)|の(?:部分|箇所|とおり|項目|ある)|箇所|付き)|(?:赤|青|黄|緑|色)(?:字|文字|色)(?:の(?:部分|箇所|とおり|通り|項目|日|もの)|部分|箇所|で(?:示|表示|記載|書|強調))"
    r"|網掛け|網かけ|アミカケ|(?:蛍光)?マーカー(?:部分|箇所|の部分|を(?:引|付))|ハイライト(?:部分|箇所|した(?:部分|箇所))|色付き(?:の)?(?:部分|箇所|セル)|斜体(?:の)?(?:部分|箇所)"
    r"|次の?(?:ページ|頁)(?:に(?:続|つづ)|へ|を(?:ご)?(?:覧|参照)|参照|以降|の(?:図|表|写真|地図|とおり))|前の?(?:ページ|頁)(?!に戻)|次頁|前頁|(?:見開き|巻末|表紙|裏表紙"
    r"|折り?込み|本紙|紙面)(?:の)?(?:を(?:ご)?(?:覧|参照)|参照|に(?:掲載|記載)|の(?:とおり|図|表|地図|写真)|右|左|上段|下段|の都合)"
    r"|裏面(?:を(?:ご)?(?:覧|参照|確認)|に(?:続|つづ|記載|ある|申込|掲載|地図)|参照|の(?:申込|とおり|通り|地図|様式|記入|図|表))|(?:うら|ウラ)面"
    r"|(?<![のたる])(?:\d{1,3}|[０-９]{1,3})(?:ページ|頁)(?:を(?:ご)?(?:覧|参照)|(?:ご)?参照|に(?:続|つづ|掲載))"
    r"|(?<![A-Za-z])[pP]{1,2}\.?[ 　]?\d{1,3}(?:を|も|に)?(?:ご)?(?:参照|覧|続く)"
    r"|(?:クリック|タップ|押)(?:して|すると|で|し、)?(?:、)?(?:拡大|大きく(?:表示|なり)?|別画面|ダウンロード|再生|表示(?:され|し))|(?:写真|画像|図|バナー|地図|サムネイル|アイコン|ロゴ|ここ|下記"
    r"|こちら)(?:を|は)(?:クリック|タップ|押(?:す|し|下))"
    r"|(?:下|上|右|左|下部|右上|左上|右下|左下|末尾|下記)の?(?:の)?(?:ボタン|バナー|アイコン|QRコード|ＱＲコード|二次元コード|リンクボタン)|(?:QR|ＱＲ|二次元|２次元"
    r"|2次元)コード(?:から|より|を(?:読|ご|スキャン))"
)
_OF_FIGURE = re.compile(
    r"(?<![一-龠])(?:上|下|次|次の|上の|下の|中央の)(?:図(?![書面鑑工案])|グラフ|地図|イラスト)|(?<![一-龠])図[ 　]?[0-9０-９①-⑨]+(?=[のにをはが、）)参 　]|$)"
    r"|(?:図|地図|グラフ|イラスト)(?:を)?(?:ご)?(?:参照|覧)|(?<![一-龠年])[上中下]段(?:の|は|に|が|左|右|中央)"
)
_OF_TABLE = re.compile(
    r"(?<![一-龠])(?:上|下|次|上の|下の|次の|別)表(?=[のにをはが、）)参]|$)|(?<![一-龠発代公])表[ 　]?[0-9０-９①-⑨]+(?=[のにをはが、）)参]|$)|一覧表を(?:ご)?(?:覧|参照)"
)
_OUTSIDE = re.compile(r"Web版|WEB版|ウェブ|サイト|URL|報告書|資料|計画|白書|論文|ページ(?:から|で)|動画|公式|リンク先|冊子")


def layout_words(sheet: Sheet) -> Iterator[Hit]:
    """Words for places on a page: the mail has one column, no underline, no overleaf, and pictures may not show at all."""
    yield from gathered(
        passage.hit(
            span,
            f"「{_short(passage.text[span[0] : span[1]])}」は、メールの画面では指すものがありません。",
            "メールは一段組みで、ページも裏面も下線もなく、写真が表示されないこともあります。何を指すのかを言葉で書いてください。",
        )
        for passage in sheet.holding(_ALWAYS, _OF_FIGURE, _OF_TABLE)
        for span in _pointing(passage)
    )


def _pointing(passage: Passage) -> Iterator[tuple[int, int]]:
    if passage.key in ("alt", "credit"):
        return
    text = passage.unquoted
    yield from (match.span() for match in _ALWAYS.finditer(text))
    for pattern, there in ((_OF_FIGURE, _has_picture), (_OF_TABLE, _has_table)):
        if pattern.search(text) and not there(passage.article):
            yield from (match.span() for match in pattern.finditer(text) if not _OUTSIDE.search(_sentence(text, match.start())))


def _sentence(text: str, at: int) -> str:
    end = text.find("。", at)
    return text[text.rfind("。", 0, at) + 1 : end if end >= 0 else len(text)]


def _has_picture(article: Article | None) -> bool:
    return bool(article and (article.pictures or (article.manuscript and _holds("![", article.manuscript.text))))


def _has_table(article: Article | None) -> bool:
    return bool(article and _holds(r"\|", article.body)) or _has_picture(article)


@lru_cache(maxsize=64)
def _holds(sign: str, text: str) -> bool:
    """Whether a text holds a picture ("![") or a line that begins with a sign; asked for every passage of it."""
    return "![" in text if sign == "![" else bool(re.search(rf"(?m)^[ 　]*{sign}", text))


_FOLLOWING = re.compile(
    r"(?:下記|以下)の?ページ|(?:下記|以下|次|左記)の?(?:とおり|通り|要領|内容|日程|日時|場所|会場|方法|項目|点|[0-9０-９一二三四五六七八九]+(?:つ|点|件|項目|名|団体|自治体)|フォーム|宛先|連絡先"
    r"|問合せ先)|下記(?!の|を転送)"
)
_ENUMERATED = re.compile(
    r"第[一1１]に|[1１一]つ目|一つは|まず、|①|[（(][1１][）)]|[:：]|https?://|@|(?:です|ます)、|「[^」]*」(?:、|と|及び|の|で)"
)


def nothing_follows(sheet: Sheet) -> Iterator[Hit]:
    """下記のとおり with nothing below: the list stayed in the sender's mail."""
    for article in sheet.issue.articles:
        mine = [passage for passage in sheet.passages if passage.article is article and passage.kind != "field"]
        hits = [hit for n, passage in enumerate(mine) if not _answered(article, mine[n + 1 :]) for hit in _dangling(passage)]
        yield from gathered(hits)


def _answered(article: Article, rest: list[Passage]) -> bool:
    """Whether what comes after the words may be what they announce: fact lines, links, a list, a table, a picture, a label line."""
    facts = (article.start, article.deadline, article.venue, article.fee, article.apply, article.contact, article.link, article.host)
    if any(facts):
        return True
    return any(
        passage.kind != "paragraph" or _ENUMERATED.search(passage.raw) or "![" in passage.raw or len(passage.raw) < 40 for passage in rest
    )


def _dangling(passage: Passage) -> Iterator[Hit]:
    if passage.kind not in ("paragraph", "item"):
        return
    for match in _FOLLOWING.finditer(passage.unquoted):
        behind = passage.raw[match.end() :]
        if not _ENUMERATED.search(behind) and len(behind) < 120:
            hint = "続きの一覧や日時を書くか、「下記のとおり」などの言葉を消してください。"
            yield passage.hit(match.span(), f"「{match[0]}」とありますが、その後に示すものがありません。", hint)
            return


_WEB_PARTS = re.compile(
    r"(?:ここから)?本文(?:ここから|ここまで|へ(?:移動|スキップ|ジャンプ))|ここから本文|(?:新しい|別)(?:ウィンドウ|ウインドウ|タブ|画面)(?:で|が)(?:開|表示)"
    r"|^(?:最終)?更新日[:：]?[ 　]?(?:\d{4}年|令和|20\d\d|R\d)|^掲載日[:：]"
    r"|^(?:ページ|記事)(?:番号|ID)[:：]?[ 　]?\d|印刷用(?:ページ|画面)|(?:ページの?)?(?:先頭|トップ)(?:へ|に)戻る|^(?:前|一覧|トップ|元)(?:の(?:ページ|画面))?(?:へ"
    r"|に)(?:戻る|もどる)$|^(?:続きを(?:読む|見る)|もっと(?:見る|読む)|read more|Read more|…続き)[>＞»]*$"
    r"|^(?:ツイート|シェア(?:する)?|いいね！?|LINEで送る|印刷(?:する)?|文字サイズ(?:の変更)?|背景色|閉じる|メニュー|検索|サイトマップ|ログイン)$|このページに関する(?:お問い?合わ?せ|ご意見)"
    r"|PDF(?:ファイル)?(?:を(?:ご覧|閲覧|開く)(?:いただく|になる)?(?:に|場合|ため)は|閲覧(?:用)?ソフト)|(?:Adobe|アドビ)[ 　]?(?:Acrobat[ 　]?)?(?:Reader|リーダー)"
    r"|現在(?:地|位置)[:：]|^(?:ホーム|トップ(?:ページ)?|HOME|Home)[ 　]?[>＞›»]|Cookie(?:を|の)(?:使用|同意)|JavaScriptを有効|お使いのブラウザ"
)


def web_parts(sheet: Sheet) -> Iterator[Hit]:
    """Furniture of a web page that was copied along with the news."""
    yield from gathered(
        passage.hit(
            (start + match.start(), start + match.end()),
            f"「{_short(match[0])}」は、ウェブページの部品が一緒に写されたもののようです。",
            "ページの案内の言葉を消し、知らせの本文だけを残してください。",
        )
        for passage in sheet.holding(_WEB_PARTS)
        if passage.kind != "field"
        for start, end in lines(passage)
        for match in _WEB_PARTS.finditer(passage.text[start:end].strip("・ 　"))
    )


def _short(text: str) -> str:
    text = text.replace(BLANK, "").strip(" 　。")
    return text if len(text) <= 24 else text[:24] + "…"


RULES = (
    Rule(
        code="LEFT005",
        title="覚え書き",
        severity=Severity.ERROR,
        reason="書いた人や編集者の覚え書きが、読者にそのまま届きます。",
        source="実際に起きた残りもの、点検項目37",
        bad="参加者は120人でした（※人数は見本市に確認中）。写真は後送します。",
        good="計画（仮称）を編集部で確認しました。参加には事前の申込みが必要です（要予約）。",
        find=memos,
    ),
    Rule(
        code="LEFT006",
        title="仮の題名",
        severity=Severity.WARNING,
        reason="仮の題名や版の印は、確定する前の原稿であることを示します。",
        source="実際に起きた残りもの（「仮称」「仮訳」を除く）",
        bad="---\n見出し: 見本セミナーを開催（仮）\n欄: イクレイ日本の活動\n---\n\n開催します。",
        good="---\n見出し: 計画（仮称）の案を公表\n欄: イクレイ日本の活動\n---\n\n仮訳を公表します。",
        find=provisional,
    ),
    Rule(
        code="LEFT007",
        title="紙面や画面の言葉",
        severity=Severity.WARNING,
        reason="メールは一段組みで、テキスト版には写真も下線もありません。左右や裏面では伝わりません。",
        source="実際に起きた残りもの、無害化の運用",
        bad="当日の様子は左の写真のとおりです。申込みは裏面をご覧ください。",
        good="左派と右派の対立が続きます。太陽電池の裏面でも発電します。",
        find=layout_words,
    ),
    Rule(
        code="LEFT008",
        title="続きのない「下記」",
        severity=Severity.WARNING,
        reason="「下記のとおり」の後に何もないと、読者は肝心の内容を知ることができません。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="見本会議を下記のとおり開催します。皆様のご参加をお待ちしています。",
        good="見本会議を次のとおり開催します。\n\n- 2月14日（金）見本会館",
        find=nothing_follows,
    ),
    Rule(
        code="LEFT016",
        title="ウェブページの部品",
        severity=Severity.WARNING,
        reason="「ここから本文」「先頭に戻る」などは、ウェブページの部品で、メールでは意味がありません。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="ここから本文です\n\n見本市は計画を公表しました。（新しいウィンドウで開きます）",
        good="計画の本文は、見本市のウェブサイトで公開しています。",
        find=web_parts,
    ),
)
