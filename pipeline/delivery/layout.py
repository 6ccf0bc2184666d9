"""Which column of a list holds what: its first rows in, a layout out. By the words of a heading row, wherever it stands, else by what the cells hold.

It never takes a list for one of people who agreed when its columns say that they left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.delivery.cells import folded_word, parse_day, parse_language, parse_member, parse_segment
from pipeline.errors import ReaderError

LIST, UNSUBSCRIBED, CLEANED = "名簿", "配信停止リスト", "不達リスト"
MOST_COLUMNS = 60
_ADDRESS = re.compile(r"[^\s@＠]+[@＠][^\s@＠]+")
_WORDS = {
    "address": "メールアドレス メール アドレス eメール eメールアドレス 電子メール 電子メールアドレス email e-mail mail emailaddress e-mailaddress mailaddress address "
    "メアド mailaddr 連絡先メールアドレス 宛先",
    "name": "氏名 名前 お名前 ご氏名 御氏名 担当者 担当者名 ご担当者名 担当者氏名 name fullname 姓名 宛名",
    "family": "姓 名字 苗字 lastname familyname surname lname",
    "given": "名 firstname givenname fname",
    "organisation": "所属 団体 団体名 所属団体 所属先 所属機関 会社 会社名 組織 組織名 機関 機関名 勤務先 自治体名 法人名 学校名 organisation organization company "
    "companyname organisationname organizationname affiliation",
    "department": "部署 部署名 所属部署 部課名 課名 担当課 担当部署 部局 department division section",
    "segment": "区分 種別 分類 属性 カテゴリ カテゴリー 団体区分 所属区分 segment category type",
    "member": "会員 会員区分 会員種別 会員自治体 member membership",
    "language": "言語 使用言語 language lang",
    "on": "同意 同意日 同意した日 同意年月日 登録日 登録日時 申込日 consent consentdate consenton confirm_time",
    "on2": "optin_time",
    "how": "同意の経路 同意の方法 同意方法 経路 登録経路 取得経路 入手経路 申込方法 consenthow source",
    "by": "同意の記録者 記録者 登録者 記録した人 consentby recordedby",
    "stop_at": "停止の日時 停止日 停止日時 配信停止日 unsub_time clean_time",
    "stop_reason": "停止の理由",
    "stop_via": "停止の経路",
    "": "行 理由 番号 no no. member_rating optin_ip confirm_ip latitude longitude gmtoff dstoff timezone cc region last_changed leid euid notes tags "
    "unsub_campaign_title unsub_campaign_id unsub_reason unsub_reason_other clean_campaign_title clean_campaign_id",
}
_TARGETS = {word: target for target, row in _WORDS.items() for word in row.split()}
SHOWN = {
    "address": "メールアドレス",
    "name": "氏名",
    "family": "姓",
    "given": "名",
    "organisation": "所属",
    "department": "部署",
    "segment": "区分",
    "member": "会員",
    "language": "言語",
    "on": "同意の日",
    "on2": "同意の日",
    "how": "同意の経路",
    "by": "同意の記録者",
    "stop_at": "停止の日時",
    "stop_reason": "停止の理由",
    "stop_via": "停止の経路",
    "": "使わない",
}
_ORGANISATION = re.compile(
    "市$|町$|村$|県$|都$|府$|道$|市役所|県庁|大学|省$|庁$|会社|法人|協会|研究|機構|センター|財団|社団|組合|㈱|Inc|Ltd|Univ|Institute|City"
)
_DEPARTMENT = re.compile(r"(?:部|課|室|局|係|班|グループ|チーム|Division|Department|Office)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the columns are. ``targets``: a key of ``SHOWN``, or ``+`` and the name of an office's own column; ``first``: rows before the data."""

    header: tuple[str, ...]
    targets: tuple[str, ...]
    kind: str
    first: int
    mailchimp: bool = False

    def shown(self) -> tuple[tuple[str, str], ...]:
        """Each heading with what it was taken for, as screens say it."""
        words = (SHOWN[target] if target in SHOWN else f"独自の項目 {target[1:]}" for target in self.targets)
        return tuple(zip(self.header, words, strict=True))


def layout_of(rows: Sequence[Sequence[str]], *, columns: str = "", today: str = "") -> Layout:
    """The layout of a table by its first rows. ``columns`` are headings in the editor's words, for a table without them.

    ``ReaderError`` if there is nothing in it, or no column of addresses.
    """
    if not any(cell.strip() for row in rows for cell in row):
        raise ReaderError("中身がありません。")
    if columns:
        found = _told(tuple(cell.strip() for cell in re.split("[,、，]", columns)), rows)
    else:
        found = _by_heading(rows) or _by_content(rows, today)
    if found is None:
        raise ReaderError(
            "メールアドレスの列がわかりません。1行目に「メールアドレス」という見出しを付けるか、--columns メールアドレス,氏名,所属 のように列を指定してください。"
        )
    return found


def _by_heading(rows: Sequence[Sequence[str]]) -> Layout | None:
    """The first row that has a heading for addresses and no address; titles above it are passed over."""
    for number, row in enumerate(rows):
        if any(_ADDRESS.fullmatch(cell.strip()) for cell in row):
            return None
        targets = _targets(row)
        if "address" in targets:
            return _layout(row, targets, first=number + 1)
    return None


def _targets(row: Sequence[str]) -> tuple[str, ...]:
    """What each heading means; a second one of a meaning is a column of the office's own."""
    found: list[str] = []
    for cell in row[:MOST_COLUMNS]:
        word = folded_word(re.sub(r"[（(［\[【].*?[）)］\]】]|[*※＊:：]", "", cell)) or folded_word(cell)
        target = _TARGETS.get(word, _TARGETS.get(word.replace("_", "").replace("-", ""), "+"))
        if target in found and target:
            target = "+"
        found.append(f"+{own_name(cell)}" if target == "+" and cell.strip() else "" if target == "+" else target)
    return tuple(found)


def own_name(heading: str) -> str:
    """The name of an office's own column: as a merge field if it is plain ASCII (``[[job_title]]``), else as it is."""
    text = " ".join(heading.split())[:40]
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or text if text.isascii() else text


def _layout(row: Sequence[str], targets: tuple[str, ...], *, first: int) -> Layout:
    words = {folded_word(cell) for cell in row}
    kind = CLEANED if "clean_time" in words else UNSUBSCRIBED if "stop_at" in targets else LIST
    mailchimp = bool(words & {"leid", "euid", "optin_time", "unsub_time", "clean_time"})
    return Layout(header=tuple(row[: len(targets)]), targets=targets, kind=kind, first=first, mailchimp=mailchimp)


def _told(names: tuple[str, ...], rows: Sequence[Sequence[str]]) -> Layout | None:
    targets = _targets(names)
    if "address" not in targets:
        return None
    heading = _by_heading(rows)
    return _layout(names, targets, first=heading.first if heading else 0)


def _by_content(rows: Sequence[Sequence[str]], today: str) -> Layout | None:
    """Without headings: where the addresses are, then what the other cells can be."""
    rows = [row for row in rows if any(_ADDRESS.fullmatch(cell.strip()) for cell in row)]
    width = max((len(row) for row in rows), default=0)
    columns = [[row[n].strip() if n < len(row) else "" for row in rows] for n in range(min(width, MOST_COLUMNS))]
    counts = [sum(bool(_ADDRESS.fullmatch(cell)) for cell in column) for column in columns]
    if not counts:
        return None
    found: list[str] = []
    for number, column in enumerate(columns):
        guess = "address" if number == counts.index(max(counts)) else _guess([cell for cell in column if cell], today)
        found.append("" if guess in found else guess)
    targets = tuple(found)
    return Layout(header=tuple(f"{n}列目" for n in range(1, len(targets) + 1)), targets=targets, kind=LIST, first=0)


def _guess(cells: list[str], today: str) -> str:
    """What a column without a heading holds, "" if that is not plain."""
    if not cells:
        return ""
    for target, reads in (("segment", parse_segment), ("language", parse_language), ("member", parse_member)):
        if all(_reads(reads, cell) for cell in cells):
            return target
    if all(_reads(lambda cell: parse_day(cell, today), cell) for cell in cells):
        return "on"
    share = {kind: sum(bool(pattern.search(cell)) for cell in cells) for kind, pattern in _KINDS}
    best = max(share, key=lambda kind: share[kind])
    if share[best] * 2 >= len(cells):
        return best
    return "name" if all(len(cell) <= 20 and not re.search(r"\d", cell) for cell in cells) else ""


_KINDS = (("department", _DEPARTMENT), ("organisation", _ORGANISATION))


def _reads(parse: object, cell: str) -> bool:
    try:
        parse(cell)  # type: ignore[operator]
    except ReaderError:
        return False
    return True
