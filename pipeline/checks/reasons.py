"""Why each finding exists, in one sentence an editor can read: code in, reason out. ``docs/checks.md`` is made from it.

Here stand those that are found while files are read; a rule of the pre-flight brings its own reason.
"""

from __future__ import annotations

READING: dict[str, str] = {
    "CASE001": "号に載せる事例は、訳文のファイルがそろい、訳し終わっていなければなりません。",
    "CASE002": "海外事例は、訳した人とは別の目で校閲してから載せます。校閲の後で直した訳文も、もう一度校閲します。",
    "CASE003": "訳した後に原文が変わると、訳文が事実と違っているかもしれません。",
    "CASE004": "原題・出典・原文のURLがない翻訳は、著作者への礼を欠き、読者も確かめられません。",
    "CASE005": "掲載見送りや許諾待ちの事例を、気づかずに載せないためです。",
    "DATE003": "日付として読めないと、締切の一覧や曜日の点検に使えません。",
    "ENC001": "シフトJISで保存すると、é や – などの文字が「?」に変わることがあります。",
    "EVT002": "会合などの名前が報ごとに揺れると、読者には別のものに見えます。会議ごとの表記に合わせます。",
    "FILE001": "番号のない原稿は、並び順が決まりません。",
    "FILE002": "読み込まれないファイルに、載せるつもりの原稿が入っているかもしれません。",
    "FM001": "知らない項目は無視されるため、書いたつもりの内容が載りません。",
    "FM002": "同じ項目が二つあると、どちらが正しいか分かりません。",
    "FM003": "その項目がないと、記事や号として成り立ちません。",
    "FM004": "決まった値や形でないと、正しく表示できません。",
    "FM005": "項目欄の形でない行は読み取れず、書いた内容が失われます。",
    "GLO002": "読めない行の用語は、点検にも翻訳にも使えません。",
    "HOLD001": "保留にしたまま忘れないためです。",
    "PIC003": "整えていない写真には、位置情報が残り、大きすぎることがあります。",
    "PIC004": "ファイルのない写真は、読者に空白として届きます。",
    "PIC005": "差し替えた写真は、整え直さないとメールに入りません。",
    "SEC001": "欄の決まらない記事は、置き場所がありません。",
    "SEC002": "版によって、使える欄が違います。",
    "TRA001": "機械翻訳が壊した段落や受け付けなかった段落は、原文のまま残し、人が訳します。",
    "WAIV001": "要らなくなった「ママ」を残しておくと、次の間違いが隠れます。",
}


def reasons() -> dict[str, str]:
    """Code → reason of everything that ``enews`` can find."""
    from pipeline.checks import RULES

    return READING | {rule.code: rule.reason for rule in RULES}
